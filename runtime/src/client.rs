//! The client: base URL, credentials and settings that all requests share.
//!
//! In: the settings of a [`ClientBuilder`]. Out: a [`Client`]. Invariant: base URL, credentials and default headers of a client have
//! been checked, so they can be sent.

mod base;
mod environment;
mod macros;
mod mocked;
#[cfg_attr(all(target_family = "wasm", target_os = "unknown"), path = "client/web_transport.rs")]
mod transport;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use http::{HeaderName, HeaderValue, Method};

use crate::auth::Credential;
use crate::error::BuildError;
use crate::limits::{self, Limits};
use crate::observe::{Observers, RequestEvent};
use crate::platform::{self, Url};
use crate::request::{Operation, Request, header_value};
use crate::retry::RetryPolicy;
pub(crate) use base::Base;
use base::{base, checked};
pub use environment::Environment;
use transport::{Http, Transport};

/// Why an https URL cannot be used.
const NO_TLS: &str = "is https, and this program was built without TLS: enable the feature `rustls` or `native-tls` of the crate \
                      `clientwright-runtime`";

/// An HTTP client for one base URL, with its credentials.
///
/// Cloning is cheap. Clones share connections.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use clientwright_runtime::{Client, Credential, http::Method};
///
/// let client = Client::builder("https://api.example.com/v1")
///     .auth(Credential::bearer("token", std::env::var("TOKEN")?))
///     .build()?;
/// let request = client.request_raw(Method::GET, "/status").security(&[&["token"]]);
/// let body = request.send().await?.into_inner();
/// # drop(body);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
    credentials: Arc<[Credential]>,
}

/// What clients with different credentials share.
#[derive(Clone)]
struct Shared {
    http: Http,
    base: Base,
    /// Replacements for servers of single operations, by the URL in the document.
    servers: Vec<(String, Base)>,
    default_headers: Vec<(HeaderName, HeaderValue)>,
    default_query: Vec<(String, String)>,
    headers: Vec<(HeaderName, HeaderValue)>,
    limits: Limits,
    retries: RetryPolicy,
    observers: Observers,
    is_strict: bool,
}

impl Client {
    /// Starts building a client for a base URL such as `https://api.example.com/v1`. A slash at its end makes no difference. It is used
    /// as it is written; one that would be sent in another form is refused by [`build`](ClientBuilder::build).
    pub fn builder(base_url: &str) -> ClientBuilder {
        ClientBuilder {
            base_url: base_url.to_owned(),
            servers: Vec::new(),
            credentials: Vec::new(),
            default_headers: Vec::new(),
            default_query: Vec::new(),
            headers: Vec::new(),
            limits: Limits::default(),
            retries: RetryPolicy::new(),
            connect_timeout: None,
            observers: Observers::default(),
            is_strict: false,
            transport: Transport::default(),
        }
    }

    /// A client with another credential that shares connections, limits and headers with this one: for the next user or tenant. The
    /// credential replaces that of the same security scheme, and is sent where that was sent: with operations that require it, or
    /// [everywhere](ClientBuilder::auth_everywhere).
    ///
    /// ```
    /// # use clientwright_runtime::{Client, Credential};
    /// let client = Client::builder("https://api.example.com").build()?;
    /// let of_user = client.with_auth(Credential::bearer("token", "token of a user".to_owned()))?;
    /// # let _ = of_user;
    /// # Ok::<(), clientwright_runtime::BuildError>(())
    /// ```
    ///
    /// # Errors
    /// If the credential cannot be sent.
    pub fn with_auth(&self, credential: Credential) -> Result<Self, BuildError> {
        check(&credential)?;
        let mut credentials = self.credentials.to_vec();
        match credentials.iter_mut().find(|known| known.scheme() == credential.scheme()) {
            Some(known) if known.is_everywhere() => *known = credential.everywhere(),
            Some(known) => *known = credential,
            None => credentials.push(credential),
        }
        Ok(Self { shared: Arc::clone(&self.shared), credentials: credentials.into() })
    }

    /// Starts a request of an operation. For generated code.
    #[must_use]
    pub fn request(&self, operation: &Operation) -> Request {
        Request::new(self.clone(), operation)
    }

    /// Starts a request that no operation describes, with a path and query below the base URL that are sent as they are; what a URL
    /// cannot contain is percent-encoded (RFC 3986 §2.1). Control characters, a fragment and segments `.` and `..` make sending fail.
    ///
    /// It is sent without credentials, unless [`Request::security`] requires some or they are sent [everywhere](ClientBuilder::auth_everywhere).
    #[must_use]
    pub fn request_raw(&self, method: Method, path_and_query: &str) -> Request {
        Request::raw(self.clone(), method, path_and_query)
    }

    /// The HTTP client for the origin of an operation's server, or for one that a redirect leads to.
    pub(crate) fn http(&self, same_origin: bool) -> &platform::Client {
        self.shared.http.to(same_origin)
    }

    /// What answers instead of a server.
    #[cfg(feature = "test")]
    pub(crate) fn mock(&self) -> Option<&crate::testing::Mock> {
        self.shared.http.mock.as_ref()
    }

    pub(crate) fn base(&self) -> &Base {
        &self.shared.base
    }

    /// The server of an operation that has its own: its replacement, if one was set, or the server in the document.
    pub(crate) fn server(&self, documented: &str) -> Result<Base, &'static str> {
        if let Some((_, base)) = self.shared.servers.iter().find(|(known, _)| known == documented) {
            return Ok(base.clone());
        }
        checked(&base::joined(self.base(), documented)?)
    }

    /// A URL of the API document, or why it is none: its [replacement](ClientBuilder::server), if one was set; a relative one is resolved
    /// against the base URL.
    pub(crate) fn resolved(&self, documented: &str) -> Result<Url, &'static str> {
        let replaced = self.shared.servers.iter().find(|(known, _)| known == documented).map(|(_, base)| base);
        let base = replaced.unwrap_or(self.base());
        base::address(base, if replaced.is_some() { "" } else { documented })
    }

    /// A client for another origin, to which nothing is sent that is meant for the API's server. Its answers are short, and many calls
    /// may wait for one, so all of its limits are set.
    pub(crate) fn at_origin(&self, url: &Url, credential: Option<Credential>) -> Self {
        let shared = Shared {
            base: Base::root(url),
            servers: Vec::new(),
            default_headers: Vec::new(),
            default_query: Vec::new(),
            headers: Vec::new(),
            limits: Limits { body: Some(limits::EXCERPT), ..self.shared.limits.or(limits::ALL) },
            ..(*self.shared).clone()
        };
        Self { shared: Arc::new(shared), credentials: credential.into_iter().collect() }
    }

    pub(crate) fn credentials(&self) -> &[Credential] {
        &self.credentials
    }

    pub(crate) fn default_header(&self, name: &HeaderName) -> Option<&HeaderValue> {
        self.shared.default_headers.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// The values that stand for query parameters, by name.
    pub(crate) fn default_query(&self) -> &[(String, String)] {
        &self.shared.default_query
    }

    /// The headers of all requests.
    pub(crate) fn headers(&self) -> &[(HeaderName, HeaderValue)] {
        &self.shared.headers
    }

    /// The limits of calls that do not say otherwise.
    pub(crate) fn limits(&self) -> Limits {
        self.shared.limits
    }

    /// The retry policy of a call: its own, else the client's. Calls to a mock do not wait between attempts.
    pub(crate) fn retries(&self, of_call: Option<RetryPolicy>) -> RetryPolicy {
        let policy = of_call.unwrap_or(self.shared.retries);
        #[cfg(feature = "test")]
        if self.mock().is_some() {
            return policy.without_pauses();
        }
        policy
    }

    pub(crate) fn observers(&self) -> &Observers {
        &self.shared.observers
    }

    /// The headers that stand for header parameters.
    pub(crate) fn default_headers(&self) -> &[(HeaderName, HeaderValue)] {
        &self.shared.default_headers
    }

    pub(crate) fn is_strict(&self) -> bool {
        self.shared.is_strict
    }
}

impl fmt::Debug for Client {
    /// Shows the base URL and the security schemes of the credentials.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &format_args!("{}", self.shared.base.as_str()))
            .field("credentials", &self.credentials)
            .finish_non_exhaustive()
    }
}

/// Builds a [`Client`].
#[must_use = "a client is made by `build`"]
pub struct ClientBuilder {
    base_url: String,
    servers: Vec<(String, String)>,
    credentials: Vec<Credential>,
    default_headers: Vec<(String, String)>,
    default_query: Vec<(String, String)>,
    headers: Vec<(String, String)>,
    limits: Limits,
    retries: RetryPolicy,
    connect_timeout: Option<Duration>,
    observers: Observers,
    is_strict: bool,
    transport: Transport,
}

impl ClientBuilder {
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
        self.is_strict = true;
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
        let base = base(&self.base_url).map_err(|reason| BuildError::BaseUrl { reason })?;
        let mut servers = Vec::with_capacity(self.servers.len());
        for (documented, actual) in self.servers {
            match self::base(&actual) {
                Ok(actual) => servers.push((documented, actual)),
                Err(reason) => return Err(BuildError::Server { documented, reason }),
            }
        }
        self.credentials.iter().try_for_each(check)?;
        if !platform::HAS_TLS && self.transport.is_usual() {
            let all = std::iter::once(&base).chain(servers.iter().map(|(_, base)| base));
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
        let shared = Shared {
            http: self.transport.build(self.connect_timeout)?,
            base,
            servers,
            default_headers,
            default_query: self.default_query,
            headers,
            limits,
            retries: self.retries,
            observers: self.observers,
            is_strict: self.is_strict,
        };
        Ok(Client { shared: Arc::new(shared), credentials: self.credentials.into() })
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
fn check(credential: &Credential) -> Result<(), BuildError> {
    match credential.problem() {
        Some(reason) => Err(BuildError::Credential { scheme: credential.scheme().to_owned(), reason }),
        None => Ok(()),
    }
}

fn checked_headers(given: &[(String, String)]) -> Result<Vec<(HeaderName, HeaderValue)>, BuildError> {
    let mut headers: Vec<(HeaderName, HeaderValue)> = Vec::with_capacity(given.len());
    for (text, value) in given {
        let refused = |reason| BuildError::Header { name: text.clone(), reason };
        let name = HeaderName::from_bytes(text.as_bytes()).map_err(|_| refused("has an invalid name"))?;
        if name == CONTENT_LENGTH || name == TRANSFER_ENCODING {
            return Err(refused("cannot be set: it follows from the body"));
        }
        let mut value = header_value(&name, value).map_err(refused)?;
        value.set_sensitive(true);
        headers.retain(|(known, _)| *known != name);
        headers.push((name, value));
    }
    Ok(headers)
}
