//! The client: where requests go, and what all of them have in common.
//!
//! In come a base URL, credentials and settings, out goes a [`Client`] that is cheap to clone. Invariant: a client that was built can send: its base URL,
//! its credentials and its default headers have been checked.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderName, HeaderValue, Method};
use reqwest::Url;

use crate::auth::Credential;
use crate::error::BuildError;
use crate::request::{Operation, Request, header_value};

/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(10);
/// How long a connection may be silent while an answer is awaited, unless the builder says otherwise: long enough for a
/// slow query, and not forever.
const IDLE: Duration = Duration::from_secs(300);
/// Who is calling, unless the transport says otherwise.
const USER_AGENT: &str = concat!("clientwright-runtime/", env!("CARGO_PKG_VERSION"));

/// Where requests go and with what credentials. Cloning is cheap; clones share connections.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    http: reqwest::Client,
    base: Base,
    /// What stands in for servers of single operations, by their URL as the document has it.
    servers: Vec<(String, Base)>,
    credentials: Vec<Credential>,
    default_headers: Vec<(HeaderName, HeaderValue)>,
    timeout: Option<Duration>,
}

/// A checked base URL.
#[derive(Clone)]
pub(crate) struct Base {
    /// Scheme, host and port.
    pub(crate) origin: String,
    /// Path without a slash at its end, so that a template can be appended.
    pub(crate) path: String,
}

impl Client {
    /// Starts a client for the server at `base_url`, for instance `https://api.example.com/v1`.
    pub fn builder(base_url: &str) -> ClientBuilder {
        ClientBuilder {
            base_url: base_url.to_owned(),
            servers: Vec::new(),
            credentials: Vec::new(),
            default_headers: Vec::new(),
            timeout: None,
            idle_timeout: None,
            transport: None,
        }
    }

    /// Starts a request of `operation`.
    #[must_use]
    pub fn request(&self, operation: &Operation) -> Request {
        Request::new(self.clone(), operation)
    }

    /// Starts a request that no operation describes, to `path_and_query` below the base URL, which is sent as it is. It carries no credentials unless
    /// [`Request::security`] demands some.
    #[must_use]
    pub fn request_raw(&self, method: Method, path_and_query: &str) -> Request {
        Request::raw(self.clone(), method, path_and_query)
    }

    pub(crate) fn http(&self) -> &reqwest::Client {
        &self.inner.http
    }

    pub(crate) fn base(&self) -> &Base {
        &self.inner.base
    }

    /// The server of an operation that has its own: what was set in its place, else the one that the document names.
    pub(crate) fn server(&self, documented: &str) -> Result<Base, &'static str> {
        if let Some((_, base)) = self.inner.servers.iter().find(|(known, _)| known == documented) {
            return Ok(base.clone());
        }
        let base = self.base();
        let url = Url::parse(&format!("{}{}", base.origin, base.path)).and_then(|base| base.join(documented));
        checked(&url.map_err(|_| "is not a URL")?)
    }

    pub(crate) fn credentials(&self) -> &[Credential] {
        &self.inner.credentials
    }

    pub(crate) fn default_header(&self, name: &HeaderName) -> Option<&HeaderValue> {
        self.inner.default_headers.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    pub(crate) fn timeout(&self) -> Option<Duration> {
        self.inner.timeout
    }
}

impl fmt::Debug for Client {
    /// Shows the base URL and the names of the schemes that there are credentials for.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &format_args!("{}{}", self.inner.base.origin, self.inner.base.path))
            .field("credentials", &self.inner.credentials)
            .finish_non_exhaustive()
    }
}

/// Settings of a client.
#[must_use = "a client is made by `build`"]
pub struct ClientBuilder {
    base_url: String,
    servers: Vec<(String, String)>,
    credentials: Vec<Credential>,
    default_headers: Vec<(String, String)>,
    timeout: Option<Duration>,
    idle_timeout: Option<Duration>,
    transport: Option<reqwest::ClientBuilder>,
}

impl ClientBuilder {
    /// Sends operations that have the server `documented`, exactly as the document names it, to the one at `actual` instead: a proxy, or a test's.
    /// Operations without a server of their own go to the base URL.
    pub fn server(mut self, documented: &str, actual: &str) -> Self {
        self.servers.retain(|(known, _)| known != documented);
        self.servers.push((documented.to_owned(), actual.to_owned()));
        self
    }

    /// Adds a credential. One for the same security scheme replaces the earlier one.
    pub fn auth(mut self, credential: Credential) -> Self {
        self.credentials.retain(|known| known.scheme() != credential.scheme());
        self.credentials.push(credential);
        self
    }

    /// Sets the value that operations which declare the header parameter `name` send unless a call sets its own.
    pub fn default_header(mut self, name: &str, value: &str) -> Self {
        self.default_headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Limits the time of every call, from sending the request to having received the whole answer. Without it only connecting (10 s) and silence on
    /// the connection ([`idle_timeout`](Self::idle_timeout)) are limited.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Limits how long a connection may be silent while an answer is awaited: 300 s without this. A server that works on an
    /// answer for longer than that, such as one that runs a query, needs more.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.idle_timeout = Some(timeout);
        self
    }

    /// Sends requests with an HTTP client of your own settings, such as a proxy, a root certificate or other time limits.
    /// Only its redirect policy is replaced: this crate follows redirects itself, because credentials must not follow them.
    #[cfg(feature = "reqwest-013")]
    pub fn transport(mut self, transport: reqwest::ClientBuilder) -> Self {
        self.transport = Some(transport);
        self
    }

    /// Builds the client.
    ///
    /// # Errors
    /// The base URL is not an absolute http or https URL or has a server variable, a user name, a query or a fragment; a credential or a default header cannot be sent; or
    /// TLS cannot be set up.
    pub fn build(self) -> Result<Client, BuildError> {
        let base = base(&self.base_url).map_err(|reason| BuildError::BaseUrl { reason })?;
        let mut servers = Vec::with_capacity(self.servers.len());
        for (documented, actual) in self.servers {
            match self::base(&actual) {
                Ok(actual) => servers.push((documented, actual)),
                Err(reason) => return Err(BuildError::Server { documented, reason }),
            }
        }
        for credential in &self.credentials {
            if let Some(reason) = credential.fault() {
                return Err(BuildError::Credential { scheme: credential.scheme().to_owned(), reason });
            }
        }
        let default_headers = default_headers(&self.default_headers)?;
        let mut transport = self.transport.unwrap_or_else(|| {
            reqwest::Client::builder().user_agent(USER_AGENT).connect_timeout(CONNECT).read_timeout(IDLE)
        });
        if let Some(timeout) = self.idle_timeout {
            transport = transport.read_timeout(timeout);
        }
        let http = transport
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| BuildError::Transport(Box::new(error.without_url())))?;
        let inner =
            Inner { http, base, servers, credentials: self.credentials, default_headers, timeout: self.timeout };
        Ok(Client { inner: Arc::new(inner) })
    }
}

impl fmt::Debug for ClientBuilder {
    /// Shows neither the base URL, which has not been checked for a password yet, nor a value.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("credentials", &self.credentials)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

fn base(text: &str) -> Result<Base, &'static str> {
    if text.contains(['{', '}']) {
        return Err("has a server variable in braces, which must be filled in");
    }
    // Not quoted: a password could be in it.
    checked(&Url::parse(text).map_err(|_| "is not an absolute URL")?)
}

fn checked(url: &Url) -> Result<Base, &'static str> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err("does not start with http:// or https://");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("holds a user name or a password; credentials are given to `auth`");
    }
    if url.query().is_some() {
        return Err("has a query");
    }
    if url.fragment().is_some() {
        return Err("has a fragment");
    }
    Ok(Base { origin: url.origin().ascii_serialization(), path: url.path().trim_end_matches('/').to_owned() })
}

fn default_headers(given: &[(String, String)]) -> Result<Vec<(HeaderName, HeaderValue)>, BuildError> {
    let mut headers: Vec<(HeaderName, HeaderValue)> = Vec::with_capacity(given.len());
    for (text, value) in given {
        let refused = |reason| BuildError::Header { name: text.clone(), reason };
        let name =
            HeaderName::from_bytes(text.as_bytes()).map_err(|_| refused("has a name that is not a header's name"))?;
        let value = header_value(&name, value).map_err(refused)?;
        headers.retain(|(known, _)| *known != name);
        headers.push((name, value));
    }
    Ok(headers)
}

/// Defines the client of one API: newtypes of [`Client`](crate::Client), [`ClientBuilder`](crate::ClientBuilder) and [`Credential`](crate::Credential), to
/// which the module that calls this adds the API's own functions.
///
/// ```
/// use clientwright_runtime::{Credential, codegen};
///
/// codegen::client!(Client, ClientBuilder, Auth);
///
/// impl Auth {
///     /// The API key.
///     #[inline]
///     pub fn api_key(key: impl Into<String>) -> Self {
///         Self(Credential::header("api_key", "X-Api-Key", key.into()))
///     }
/// }
///
/// let client = Client::builder("https://api.example.com/v1").auth(Auth::api_key("secret")).build()?;
/// assert!(!format!("{client:?}").contains("secret"));
/// # Ok::<(), clientwright_runtime::BuildError>(())
/// ```
#[macro_export]
#[doc(hidden)]
macro_rules! __client {
    ($client:ident, $builder:ident, $auth:ident) => {
        $crate::__client!($client, $builder);

        /// What proves who is calling: one constructor per security scheme of the document.
        #[derive(Clone, Debug)]
        pub struct $auth($crate::Credential);

        impl $builder {
            /// Adds a credential. One for the same security scheme replaces the earlier one; each operation uses those that it demands.
            #[inline]
            pub fn auth(mut self, auth: $auth) -> Self {
                self.core = self.core.auth(auth.0);
                self
            }
        }
    };
    ($client:ident, $builder:ident) => {
        /// The client of this API. Cloning is cheap; clones share connections.
        #[derive(Clone)]
        pub struct $client {
            core: $crate::Client,
        }

        impl $client {
            /// Starts a client for the server at `base_url`, an absolute http or https URL.
            #[inline]
            pub fn builder(base_url: &str) -> $builder {
                $builder { core: $crate::Client::builder(base_url) }
            }

            /// The client underneath, for requests that the document does not describe.
            #[inline]
            #[must_use]
            pub fn raw(&self) -> &$crate::Client {
                &self.core
            }
        }

        impl ::core::fmt::Debug for $client {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Debug::fmt(&self.core, f)
            }
        }

        /// Settings of a client.
        #[derive(Debug)]
        #[must_use = "a client is made by `build`"]
        pub struct $builder {
            core: $crate::ClientBuilder,
        }

        impl $builder {
            /// Sends operations that have a server of their own, `documented` as the document names it, to the one at `actual` instead.
            #[inline]
            pub fn server(mut self, documented: &str, actual: &str) -> Self {
                self.core = self.core.server(documented, actual);
                self
            }

            /// Limits the time of every call, from sending the request to having received the whole answer. Without it only connecting and silence
            /// on the connection are limited.
            #[inline]
            pub fn timeout(mut self, timeout: ::core::time::Duration) -> Self {
                self.core = self.core.timeout(timeout);
                self
            }

            /// Limits how long a connection may be silent while an answer is awaited: 300 s without this.
            #[inline]
            pub fn idle_timeout(mut self, timeout: ::core::time::Duration) -> Self {
                self.core = self.core.idle_timeout(timeout);
                self
            }

            /// Builds the client.
            ///
            /// # Errors
            /// The base URL, a credential or a default header cannot be used, or TLS cannot be set up.
            #[inline]
            pub fn build(self) -> ::core::result::Result<$client, $crate::BuildError> {
                ::core::result::Result::Ok($client { core: self.core.build()? })
            }
        }
        $crate::__client_transport!($builder);
    };
}

// The feature is the runtime's, so it is tested here and not in the expansion, where it would be the caller's.
#[cfg(feature = "reqwest-013")]
#[macro_export]
#[doc(hidden)]
macro_rules! __client_transport {
    ($builder:ident) => {
        impl $builder {
            /// Sends requests with an HTTP client of your own settings, such as a proxy or a root certificate. Its redirect
            /// policy is replaced.
            #[inline]
            pub fn transport(mut self, transport: $crate::reqwest::ClientBuilder) -> Self {
                self.core = self.core.transport(transport);
                self
            }
        }
    };
}

#[cfg(not(feature = "reqwest-013"))]
#[macro_export]
#[doc(hidden)]
macro_rules! __client_transport {
    ($builder:ident) => {};
}
