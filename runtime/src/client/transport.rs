//! Settings of the HTTP client under a client. Feature `reqwest-013`.

use super::builder::ClientBuilder;
use crate::platform::usual;
use crate::transport::Transport;

impl ClientBuilder {
    /// Changes the settings of the HTTP client that sends requests, for example its proxy or root certificates. It is given the defaults;
    /// what it does not change stays. The limits of time that this builder sets replace its own or count beside it.
    ///
    /// Only its redirect policy is replaced: this crate follows redirects itself, because credentials must not follow them. A
    /// redirect to another origin is followed without these settings, since they may add headers that only the server may see. Requests
    /// for tokens (OAuth 2.0) have them, whatever the origin of the token server: headers that only the API may see belong in
    /// [`header`](Self::header), not in `default_headers`. Bodies are decompressed by the features of this crate, whatever these settings
    /// say.
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

    /// Sends requests with an HTTP client that is ready, so that several parts of a program share its connections. It has its own user
    /// agent, limit for connecting, compression and cookies; the other limits of this builder count beside its own. It replaces what
    /// [`transport`](Self::transport) set before. What it decompresses itself it may not read to the end: of gzip with several members
    /// `reqwest` reads the first.
    ///
    /// It has to be built with `redirect(Policy::none())`; [`build`](Self::build) refuses any other. This crate follows redirects
    /// itself, because credentials must not follow them, and those to another origin without this HTTP client. Requests for tokens
    /// (OAuth 2.0) are sent by it, whatever the origin of the token server, with its default headers.
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
}
