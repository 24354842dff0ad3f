//! Building a client.

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderName, HeaderValue};

use super::Client;
use crate::auth::Credential;
use crate::by_name::{ByName, replace};
use crate::error::BuildError;
use crate::header::{header_name, header_value};
use crate::limits::{self, Limits};
use crate::network::Network;
use crate::observe::{Observers, RequestEvent};
use crate::outgoing::{Change, OutgoingRequest};
use crate::platform;
use crate::retry::RetryPolicy;
use crate::shared::base::base;
use crate::shared::{Settings, Shared};
use crate::transport::{Responder, Transport};
use crate::wire::Leniency;

/// The reason why an https URL cannot be used.
const NO_TLS: &str = "uses https, but this program was built without TLS: enable the feature `rustls`, `rustls-ring` or `native-tls` of the crate \
                      `clientwright-runtime`";

/// A builder of a [`Client`].
#[must_use = "a builder does nothing until `build` is called"]
pub struct ClientBuilder {
    pub(super) base_url: String,
    servers: ByName<String, String>,
    pub(super) credentials: Vec<Credential>,
    default_headers: Vec<(String, String)>,
    default_query: Vec<(String, String)>,
    headers: Vec<(String, String)>,
    limits: Limits,
    retries: RetryPolicy,
    network: Network,
    observers: Observers,
    changes: Vec<Change>,
    leniency: Leniency,
    pub(crate) transport: Transport,
    pub(super) interceptor: Option<Responder>,
}

impl ClientBuilder {
    pub(super) fn new(base_url: String) -> Self {
        Self {
            base_url,
            servers: ByName::new(),
            credentials: Vec::new(),
            default_headers: Vec::new(),
            default_query: Vec::new(),
            headers: Vec::new(),
            limits: Limits::default(),
            retries: RetryPolicy::new(),
            network: Network::default(),
            observers: Observers::default(),
            changes: Vec::new(),
            leniency: Leniency::Usual,
            transport: Transport::default(),
            interceptor: None,
        }
    }

    /// Replaces the server of individual operations, for example with a proxy or a test server.
    ///
    /// `documented` is the server exactly as in the API document, and `actual` is the base URL to use instead.
    /// Operations without a server of their own use the client's base URL.
    pub fn server(mut self, documented: &str, actual: &str) -> Self {
        replace(&mut self.servers, documented.to_owned(), Some(actual.to_owned()));
        self
    }

    /// Adds a credential. It replaces a previous one for the same security scheme.
    ///
    /// If the client does not have the credentials of an operation, the operation is called without credentials: many
    /// servers run with authentication disabled.
    pub fn auth(mut self, credential: Credential) -> Self {
        self.credentials.retain(|known| known.scheme() != credential.scheme());
        self.credentials.push(credential);
        self
    }

    /// Adds a credential for every request, regardless of the operation's security requirements. Other credentials are
    /// then sent only if they occupy another part of the request.
    pub fn auth_everywhere(self, credential: Credential) -> Self {
        self.auth(credential.everywhere())
    }

    /// Adds a header to every request to the server, except redirects to other origins. It replaces a credential in
    /// that header. It is replaced by a header parameter, a header of the call, and the operation's `Accept` and
    /// `Content-Type`. `Debug` does not show its value.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sets the default of the header parameter `name` for all operations that have it. A call can set another value.
    pub fn default_header(mut self, name: &str, value: &str) -> Self {
        self.default_headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sets the default of the query parameter `name` for all operations that have it. A call can set another value.
    pub fn default_query(mut self, name: &str, value: &str) -> Self {
        self.default_query.retain(|(known, _)| known != name);
        self.default_query.push((name.to_owned(), value.to_owned()));
        self
    }

    setters! { [pub]
        /// Decodes responses only if they match the API document exactly. By default, common server deviations are
        /// tolerated, for example `null` in place of an empty array.
        strict() => leniency = Leniency::Exact;

        /// Sets the time limit of each call, from sending the request to the end of the response body, including
        /// redirects. Defaults to no limit, apart from [`connect_timeout`](Self::connect_timeout) and
        /// [`idle_timeout`](Self::idle_timeout). `Duration::MAX` means no limit. `with_timeout` of a call takes
        /// precedence.
        timeout(timeout: Duration) => limits.overall = Some(timeout);

        /// Sets the time limit of each request of a call: of each attempt and each redirect, to the end of the response
        /// body. It does not limit a stream once the stream has begun. A request that exceeds the limit may be
        /// [retried](RetryPolicy). Defaults to no limit; `Duration::MAX` means no limit.
        attempt_timeout(timeout: Duration) => limits.attempt = Some(timeout);

        /// Sets the retry policy for transient failures. Defaults to [`RetryPolicy::new`]; [`RetryPolicy::never`]
        /// disables retries. [`CallOptions::with_retries`](crate::CallOptions::with_retries) takes precedence.
        retries(policy: RetryPolicy) => retries = policy;

        /// Sets how long the connection may be idle while a response is awaited. Defaults to 300 s; increase it for a
        /// server that takes longer to respond. `Duration::MAX` means no limit.
        /// [`CallOptions::with_idle_timeout`](crate::CallOptions::with_idle_timeout) takes precedence.
        idle_timeout(timeout: Duration) => limits.idle = Some(timeout);

        /// Sets the size limit of decoded response bodies, in bytes after decompression. Defaults to 32 MiB; `None`
        /// means no limit. A larger success is an [`Error::TooLarge`](crate::Error::TooLarge). A larger failure is a
        /// regular [`Error::Status`](crate::Error::Status) with the beginning of its body.
        /// [`CallOptions::with_body_limit`](crate::CallOptions::with_body_limit) takes precedence.
        ///
        /// ```
        /// # use clientwright_runtime::Client;
        /// let client = Client::builder("http://localhost").body_limit(Some(256 << 20)).build()?;
        /// # let _ = client;
        /// # Ok::<(), clientwright_runtime::BuildError>(())
        /// ```
        body_limit(bytes: Option<usize>) => limits.body = Some(bytes.unwrap_or(usize::MAX));
    }

    /// Adds an observer, which is called before and after each request, for logs and metrics. Several observers can be
    /// added. They run in the task that awaits the call and should not block. A panic in an observer ends its call
    /// only.
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
        self.observers.0.push(Arc::new(observer));
        self
    }

    /// Adds a function that changes each request to the server before it is sent, including each attempt, for example
    /// to sign it or to add trace headers. Several functions are called in their order, in the task that awaits the
    /// call. If one returns an error, the call fails with this reason. Redirects to other origins and token requests
    /// (OAuth 2.0) are sent without it.
    ///
    /// ```
    /// use clientwright_runtime::Client;
    ///
    /// let client = Client::builder("https://api.example.com").before_send(|request| {
    ///     let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".parse();
    ///     request.headers_mut().insert("traceparent", trace.map_err(|_| "has an invalid trace")?);
    ///     Ok(())
    /// });
    /// # let _ = client;
    /// ```
    pub fn before_send(
        mut self,
        change: impl Fn(&mut OutgoingRequest<'_>) -> Result<(), String> + Send + Sync + 'static,
    ) -> Self {
        self.changes.push(Arc::new(change));
        self
    }

    /// Builds the client.
    ///
    /// # Errors
    /// Returns an error if:
    ///
    /// - the base URL is not an absolute http or https URL, or has a server variable, a user name, a query or a
    ///   fragment;
    /// - the base URL would be sent in another form, for example without a segment `..` or with a percent-encoded
    ///   character;
    /// - a credential or a default header cannot be sent;
    /// - the proxy or a certificate is invalid, or TLS cannot be set up.
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
        if !platform::HAS_TLS && matches!(self.transport, Transport::Usual) {
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
        let http = self.transport.build(&self.network, self.interceptor)?;
        let settings = Settings {
            http,
            base: at,
            servers,
            default_headers,
            default_query: self.default_query,
            headers,
            limits,
            retries: self.retries,
            observers: self.observers,
            changes: self.changes,
            leniency: self.leniency,
        };
        Ok(Client(Shared { settings: Arc::new(settings), credentials: self.credentials.into() }))
    }
}

/// Settings that hosts of WebAssembly have themselves.
#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
impl ClientBuilder {
    setters! { [pub]
        /// Sets the time limit for connecting, including name resolution, TCP and TLS. Defaults to 10 s;
        /// `Duration::MAX` means no limit. There is no such limit for a single call, because calls share connections.
        connect_timeout(timeout: Duration) => network.connect = Some(timeout);

        /// Sets the proxy of all requests, in place of those that the environment sets (`HTTPS_PROXY` and others): an
        /// http or https URL, which may have a user name and a password.
        proxy(url: &str) => network.proxy = Some(url.to_owned());
    }

    /// Adds certificates of authorities, in PEM, to those of the system.
    ///
    /// ```no_run
    /// # use clientwright_runtime::Client;
    /// let pem = std::fs::read("company-ca.pem")?;
    /// let client = Client::builder("https://api.example.com").certificate_authority(pem).build()?;
    /// # let _ = client;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn certificate_authority(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.network.authorities.push(pem.into());
        self
    }
}

debug! {
    /// Does not show the base URL, which may contain a password until it has been checked.
    ClientBuilder: self { credentials, timeout: self.limits.overall, .. }
}

/// Checks that a credential can be sent.
pub(super) fn check(credential: &Credential) -> Result<(), BuildError> {
    match credential.problem() {
        Some(reason) => Err(BuildError::Credential { scheme: credential.scheme().to_owned(), reason }),
        None => Ok(()),
    }
}

fn checked_headers(given: &[(String, String)]) -> Result<ByName<HeaderName, HeaderValue>, BuildError> {
    let mut headers = ByName::with_capacity(given.len());
    for (text, value) in given {
        let refused = |reason| BuildError::Header { name: text.clone(), reason };
        let name = header_name(text).map_err(refused)?;
        let mut value = header_value(&name, value).map_err(refused)?;
        value.set_sensitive(true);
        replace(&mut headers, name, Some(value));
    }
    Ok(headers)
}
