//! Settings of the underlying HTTP client. Feature `reqwest-013`.

use std::sync::Arc;

use super::builder::ClientBuilder;
use crate::platform::usual;
use crate::transport::Transport;

impl ClientBuilder {
    /// Changes the settings of the underlying HTTP client, for example its DNS resolver. `change`
    /// receives a builder with the defaults. The time limits of this builder replace those of the HTTP client or apply
    /// in addition.
    ///
    /// Only the redirect policy is replaced: this crate follows redirects, because credentials must not follow them. A
    /// redirect to another origin is followed without these settings, since they may add headers that only the server
    /// may see. Token requests (OAuth 2.0) use these settings, whatever the origin of the token server. Headers that
    /// only the API may see belong in [`header`](Self::header), not in `default_headers`. Bodies are decompressed by
    /// the features of this crate, regardless of these settings.
    ///
    /// ```
    /// use clientwright_runtime::{Client, reqwest::Proxy};
    ///
    /// let proxy = Proxy::https("http://proxy.example.com:3128")?;
    /// let client = Client::builder("https://api.example.com").transport(|defaults| defaults.proxy(proxy)).build()?;
    /// # let _ = client;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn transport(mut self, change: impl FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder) -> Self {
        let builder = match std::mem::take(&mut self.transport) {
            Transport::Changed(builder) => *builder,
            _ => usual(),
        };
        self.transport = Transport::Changed(Box::new(change(builder)));
        self
    }

    /// Sets the underlying HTTP client, so that several parts of a program can share its connections. It keeps its own
    /// user agent, proxy, certificates, connection limit, compression and cookies. The other limits of this builder apply in addition. It
    /// replaces the settings of [`transport`](Self::transport). If it decompresses bodies, they may be incomplete: of
    /// gzip with several members, `reqwest` reads only the first.
    ///
    /// The HTTP client must be built with `redirect(Policy::none())`; [`build`](Self::build) rejects any other. This
    /// crate follows redirects, because credentials must not follow them. Redirects to another origin are followed
    /// without this HTTP client. Token requests (OAuth 2.0) use it with its default headers, whatever the origin of the
    /// token server.
    ///
    /// ```
    /// use clientwright_runtime::{Client, reqwest::{self, redirect::Policy}};
    ///
    /// let shared = reqwest::Client::builder().redirect(Policy::none()).build()?;
    /// let client = Client::builder("https://api.example.com").http_client(shared).build()?;
    /// # let _ = client;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.transport = Transport::Ready(client);
        self
    }

    /// Sets a function that sends each request to the origin of an operation's server. It receives the HTTP client and
    /// the request with its credentials. It can send the request more than once, replace the response, or answer from a
    /// cache without sending anything. A status that it returns is treated like one of the server, retries included.
    ///
    /// Redirects to another origin and token requests (OAuth 2.0) are sent without it. It replaces an earlier function.
    ///
    /// ```
    /// use clientwright_runtime::Client;
    ///
    /// let client = Client::builder("https://api.example.com")
    ///     .intercept(|http, request| async move {
    ///         let again = request.try_clone();
    ///         let response = http.execute(request).await?;
    ///         match again {
    ///             // The server is still preparing the resource.
    ///             Some(again) if response.status() == 202 => http.execute(again).await,
    ///             _ => Ok(response),
    ///         }
    ///     })
    ///     .build()?;
    /// # let _ = client;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn intercept<F, R>(mut self, send: F) -> Self
    where
        F: Fn(reqwest::Client, reqwest::Request) -> R + Send + Sync + 'static,
        R: Future<Output = Result<reqwest::Response, reqwest::Error>> + Send + 'static,
    {
        let send = Arc::new(send);
        self.interceptor = Some(Arc::new(move |client, _, request| {
            let (send, client) = (Arc::clone(&send), client.clone());
            Box::pin(async move { Ok(send(client, request).await?) })
        }));
        self
    }
}
