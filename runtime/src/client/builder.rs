//! Building a client.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderName, HeaderValue};

use super::Client;
use crate::auth::Credential;
use crate::error::BuildError;
use crate::header::{header_name, header_value};
use crate::limits::{self, Limits};
use crate::observe::{Observers, RequestEvent};
use crate::platform;
use crate::retry::RetryPolicy;
use crate::shared::base::base;
use crate::shared::{Settings, Shared};
use crate::transport::Transport;
use crate::wire::reader::Leniency;

/// Why an https URL cannot be used.
const NO_TLS: &str = "is https, and this program was built without TLS: enable the feature `rustls` or `native-tls` of the crate \
                      `clientwright-runtime`";

/// Builds a [`Client`].
#[must_use = "a client is made by `build`"]
pub struct ClientBuilder {
    pub(super) base_url: String,
    servers: Vec<(String, String)>,
    pub(super) credentials: Vec<Credential>,
    default_headers: Vec<(String, String)>,
    default_query: Vec<(String, String)>,
    headers: Vec<(String, String)>,
    limits: Limits,
    retries: RetryPolicy,
    connect_timeout: Option<Duration>,
    observers: Observers,
    leniency: Leniency,
    pub(crate) transport: Transport,
}

impl ClientBuilder {
    pub(super) fn new(base_url: String) -> Self {
        Self {
            base_url,
            servers: Vec::new(),
            credentials: Vec::new(),
            default_headers: Vec::new(),
            default_query: Vec::new(),
            headers: Vec::new(),
            limits: Limits::default(),
            retries: RetryPolicy::new(),
            connect_timeout: None,
            observers: Observers::default(),
            leniency: Leniency::Usual,
            transport: Transport::default(),
        }
    }

    /// Replaces the server of single operations, for example by a proxy or a test server.
    ///
    /// `documented` is the server exactly as the API document names it, `actual` the base URL to use instead. Operations without a
    /// server of their own use the client's base URL.
    pub fn server(mut self, documented: &str, actual: &str) -> Self {
        self.servers.retain(|(known, _)| known != documented);
        self.servers.push((documented.to_owned(), actual.to_owned()));
        self
    }

    /// Adds a credential. It replaces an earlier one for the same security scheme.
    ///
    /// An operation whose credentials the client does not have is called without any: many servers run with authentication off.
    pub fn auth(mut self, credential: Credential) -> Self {
        self.credentials.retain(|known| known.scheme() != credential.scheme());
        self.credentials.push(credential);
        self
    }

    /// Adds a credential that every request is sent with, whatever its operation requires. Credentials for security schemes are then
    /// sent only where they have another place in the request.
    pub fn auth_everywhere(self, credential: Credential) -> Self {
        self.auth(credential.everywhere())
    }

    /// Sends a header with every request to the server, not with redirects to other origins. A header parameter of that name, a header
    /// of the call, and the `Accept` and `Content-Type` of an operation replace it. It replaces a credential in that header. `Debug`
    /// does not show its value.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Decodes responses only if they are exactly what the API document says. Without this, the usual deviations of servers are read
    /// as what they plainly mean, for example `null` as an empty array.
    pub fn strict(mut self) -> Self {
        self.leniency = Leniency::Exact;
        self
    }

    /// Sets a header for all operations that have a header parameter `name`. A call can set another value.
    pub fn default_header(mut self, name: &str, value: &str) -> Self {
        self.default_headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sets a query parameter for all operations that have one called `name`. A call can set another value.
    pub fn default_query(mut self, name: &str, value: &str) -> Self {
        self.default_query.retain(|(known, _)| known != name);
        self.default_query.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Limits the time of each call, from sending the request to the end of the response body, including redirects. There is no limit
    /// by default, except for [connecting](Self::connect_timeout) and for [silence](Self::idle_timeout). `Duration::MAX` means no limit.
    /// `with_timeout` of a call replaces it.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.limits.overall = Some(timeout);
        self
    }

    /// Limits the time of each request of a call: of each attempt, and of each redirect, to the end of the response body. A stream may
    /// take longer once it has begun. There is no limit by default. When it has passed, there may be [another attempt](RetryPolicy).
    /// `Duration::MAX` means no limit.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.limits.attempt = Some(timeout);
        self
    }

    /// Sets how often and when a request is sent again after a failure that may pass. The default is [`RetryPolicy::new`];
    /// [`RetryPolicy::never`] sends each request once. [`CallOptions::with_retries`](crate::CallOptions::with_retries) replaces it.
    pub fn retries(mut self, policy: RetryPolicy) -> Self {
        self.retries = policy;
        self
    }

    /// Limits the time for connecting: finding the address, TCP and TLS. The default is 10 s; `Duration::MAX` means no limit. Calls share
    /// connections, so a call has no such limit of its own.
    #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = Some(timeout);
        self
    }

    /// Limits how long the server may send nothing while a response is awaited. The default is 300 s; set more for a server that
    /// works longer before it responds. `Duration::MAX` means no limit.
    /// [`CallOptions::with_idle_timeout`](crate::CallOptions::with_idle_timeout) replaces it.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.limits.idle = Some(timeout);
        self
    }

    /// Limits the body of a response that is decoded, in bytes after decompression. The default is 32 MiB; `None` means no limit. A larger
    /// success is [`Error::TooLarge`](crate::Error::TooLarge). A larger failure is [`Error::Status`](crate::Error::Status) as any other,
    /// with the beginning of its body. [`CallOptions::with_body_limit`](crate::CallOptions::with_body_limit) replaces it.
    ///
    /// ```
    /// # use clientwright_runtime::Client;
    /// let client = Client::builder("http://localhost").body_limit(Some(256 << 20)).build()?;
    /// # let _ = client;
    /// # Ok::<(), clientwright_runtime::BuildError>(())
    /// ```
    pub fn body_limit(mut self, bytes: Option<usize>) -> Self {
        self.limits.body = Some(limits::body_limit(bytes));
        self
    }

    /// Calls a function before and after each request that is sent, for logs and metrics. There can be several. They run where the call
    /// is awaited, so they should not block; one that panics ends its call and nothing else.
    ///
    /// ```
    /// use clientwright_runtime::{Client, RequestStage};
    ///
    /// let client = Client::builder("https://api.example.com").observe(|event| {
    ///     if let RequestStage::Received { status, duration, request_id, .. } = event.stage {
    ///         println!("{:?} {status} in {duration:?}, request {request_id:?}", event.operation);
    ///     }
    /// });
    /// # let _ = client;
    /// ```
    pub fn observe(mut self, observer: impl Fn(&RequestEvent<'_>) + Send + Sync + 'static) -> Self {
        self.observers.add(observer);
        self
    }

    /// Builds the client.
    ///
    /// # Errors
    /// If the base URL is not an absolute http or https URL, or has a server variable, a user name, a query or a fragment; if it would be
    /// sent in another form than it is written in, for example without a segment `..` or with a percent-encoded character; if a
    /// credential or a default header cannot be sent; or if TLS cannot be set up.
    pub fn build(self) -> Result<Client, BuildError> {
        let at = base(&self.base_url).map_err(|reason| BuildError::BaseUrl { reason })?;
        let mut servers = Vec::with_capacity(self.servers.len());
        for (documented, actual) in self.servers {
            match base(&actual) {
                Ok(actual) => servers.push((documented, actual)),
                Err(reason) => return Err(BuildError::Server { documented, reason }),
            }
        }
        self.credentials.iter().try_for_each(check)?;
        if !platform::HAS_TLS && self.transport.is_usual() {
            let all = std::iter::once(&at).chain(servers.iter().map(|(_, base)| base));
            if all.into_iter().any(|base| base.url.scheme() == "https") {
                return Err(BuildError::BaseUrl { reason: NO_TLS });
            }
        }
        let default_headers = checked_headers(&self.default_headers)?;
        let headers = checked_headers(&self.headers)?;
        let limits = Limits {
            idle: self.limits.idle.or(Some(limits::IDLE)),
            body: self.limits.body.or(Some(limits::BODY)),
            ..self.limits
        };
        let settings = Settings {
            http: self.transport.build(self.connect_timeout)?,
            base: at,
            servers,
            default_headers,
            default_query: self.default_query,
            headers,
            limits,
            retries: self.retries,
            observers: self.observers,
            leniency: self.leniency,
        };
        Ok(Client(Shared { settings: Arc::new(settings), credentials: self.credentials.into() }))
    }
}

impl fmt::Debug for ClientBuilder {
    /// Does not show the base URL, which may contain a password until it has been checked.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("credentials", &self.credentials)
            .field("timeout", &self.limits.overall)
            .finish_non_exhaustive()
    }
}

/// Checks that a credential can be sent.
pub(super) fn check(credential: &Credential) -> Result<(), BuildError> {
    match credential.problem() {
        Some(reason) => Err(BuildError::Credential { scheme: credential.scheme().to_owned(), reason }),
        None => Ok(()),
    }
}

fn checked_headers(given: &[(String, String)]) -> Result<Vec<(HeaderName, HeaderValue)>, BuildError> {
    let mut headers: Vec<(HeaderName, HeaderValue)> = Vec::with_capacity(given.len());
    for (text, value) in given {
        let refused = |reason| BuildError::Header { name: text.clone(), reason };
        let name = header_name(text).map_err(refused)?;
        let mut value = header_value(&name, value).map_err(refused)?;
        value.set_sensitive(true);
        headers.retain(|(known, _)| *known != name);
        headers.push((name, value));
    }
    Ok(headers)
}
