//! The HTTP clients inside a client.
//!
//! In: the caller's settings of the HTTP client. Out: [`Http`], which sends requests. Invariant: settings such as
//! default headers apply only to the origin of an operation's server.

#[cfg(any(
    feature = "test",
    all(feature = "reqwest-013", not(all(target_family = "wasm", target_os = "unknown")))
))]
use std::pin::Pin;
#[cfg(any(
    feature = "test",
    all(feature = "reqwest-013", not(all(target_family = "wasm", target_os = "unknown")))
))]
use std::sync::Arc;

use crate::error::BuildError;
#[cfg(feature = "test")]
use crate::failure::TransportFailure;
use crate::network::Network;
use crate::platform;

/// The caller's choice of the HTTP client.
#[derive(Default)]
pub(crate) enum Transport {
    /// The defaults.
    #[default]
    Usual,
    /// The defaults with the caller's changes.
    #[cfg(all(feature = "reqwest-013", not(all(target_family = "wasm", target_os = "unknown"))))]
    Changed(Box<reqwest::ClientBuilder>),
    /// A client that the caller has built.
    #[cfg(all(feature = "reqwest-013", not(all(target_family = "wasm", target_os = "unknown"))))]
    Ready(platform::Client),
    /// No requests are sent.
    #[cfg(feature = "test")]
    Mock(Arc<dyn Responder>),
}

/// A replacement for a server.
#[cfg(feature = "test")]
pub(crate) trait Responder: Send + Sync {
    /// Replies to a request of an operation.
    fn respond<'r>(
        &'r self,
        operation: &'r str,
        request: platform::Request,
    ) -> Pin<Box<dyn Future<Output = Result<platform::Response, TransportFailure>> + Send + 'r>>;
}

/// A function of the caller that sends requests.
#[cfg(all(feature = "reqwest-013", not(all(target_family = "wasm", target_os = "unknown"))))]
pub(crate) type Interceptor = Arc<
    dyn Fn(
            platform::Client,
            platform::Request,
        ) -> Pin<Box<dyn Future<Output = Result<platform::Response, platform::Error>> + Send>>
        + Send
        + Sync,
>;

/// The HTTP clients of a client.
#[derive(Clone)]
pub(crate) struct Http {
    own: platform::Client,
    /// The client for redirects to other origins, if `own` has settings of the caller.
    other_origins: Option<platform::Client>,
    #[cfg(all(feature = "reqwest-013", not(all(target_family = "wasm", target_os = "unknown"))))]
    interceptor: Option<Interceptor>,
    /// The mock that replaces the server.
    #[cfg(feature = "test")]
    mock: Option<Arc<dyn Responder>>,
}

/// The result of sending a request.
#[cfg(not(feature = "test"))]
pub(crate) type Executed = Result<platform::Response, platform::Error>;
#[cfg(feature = "test")]
pub(crate) type Executed = Result<platform::Response, TransportFailure>;

impl Http {
    fn new(own: platform::Client, other_origins: Option<platform::Client>) -> Self {
        Self {
            own,
            other_origins,
            #[cfg(all(feature = "reqwest-013", not(all(target_family = "wasm", target_os = "unknown"))))]
            interceptor: None,
            #[cfg(feature = "test")]
            mock: None,
        }
    }

    #[cfg(all(feature = "reqwest-013", not(all(target_family = "wasm", target_os = "unknown"))))]
    pub(crate) fn intercepted(self, interceptor: Option<Interceptor>) -> Self {
        Self { interceptor, ..self }
    }

    /// The HTTP client for the origin of an operation's server, or for the target of a redirect.
    fn to(&self, same_origin: bool) -> &platform::Client {
        self.other_origins.as_ref().filter(|_| !same_origin).unwrap_or(&self.own)
    }

    /// The response of the server.
    #[cfg(not(feature = "test"))]
    pub(crate) fn execute<'h>(
        &'h self,
        _operation: &'h str,
        request: platform::Request,
        same_origin: bool,
    ) -> impl Future<Output = Executed> + Send + use<'h> {
        self.send(request, same_origin)
    }

    #[cfg(not(all(feature = "reqwest-013", not(all(target_family = "wasm", target_os = "unknown")))))]
    fn send(
        &self,
        request: platform::Request,
        same_origin: bool,
    ) -> impl Future<Output = Result<platform::Response, platform::Error>> + Send + use<'_> {
        self.to(same_origin).execute(request)
    }

    #[cfg(all(feature = "reqwest-013", not(all(target_family = "wasm", target_os = "unknown"))))]
    async fn send(&self, request: platform::Request, same_origin: bool) -> Result<platform::Response, platform::Error> {
        match &self.interceptor {
            Some(interceptor) if same_origin => interceptor(self.own.clone(), request).await,
            _ => self.to(same_origin).execute(request).await,
        }
    }

    /// The response of the server, or of the mock that replaces it.
    #[cfg(feature = "test")]
    pub(crate) async fn execute(&self, operation: &str, request: platform::Request, same_origin: bool) -> Executed {
        match &self.mock {
            Some(mock) => mock.respond(operation, request).await,
            None => Ok(self.send(request, same_origin).await?),
        }
    }

    /// Whether a mock answers.
    pub(crate) fn is_mocked(&self) -> bool {
        #[cfg(feature = "test")]
        return self.mock.is_some();
        #[cfg(not(feature = "test"))]
        false
    }
}

impl Transport {
    /// Whether the defaults are used.
    pub(crate) fn is_usual(&self) -> bool {
        matches!(self, Self::Usual)
    }

    /// Builds the HTTP clients.
    pub(crate) fn build(self, network: &Network) -> Result<Http, BuildError> {
        let failed = |error: platform::Error| BuildError::Transport(Box::new(error.without_url()));
        let usual = || platform::usual_client(network).map_err(failed);
        match self {
            Self::Usual => Ok(Http::new(usual()?, None)),
            #[cfg(all(feature = "reqwest-013", not(all(target_family = "wasm", target_os = "unknown"))))]
            Self::Changed(builder) => {
                Ok(Http::new(platform::built(*builder, network).map_err(failed)?, Some(usual()?)))
            }
            #[cfg(all(feature = "reqwest-013", not(all(target_family = "wasm", target_os = "unknown"))))]
            Self::Ready(client) if platform::follows_redirects(&client) => {
                Err(BuildError::HttpClient { reason: FOLLOWS_REDIRECTS })
            }
            #[cfg(all(feature = "reqwest-013", not(all(target_family = "wasm", target_os = "unknown"))))]
            Self::Ready(own) => Ok(Http::new(own, Some(usual()?))),
            #[cfg(feature = "test")]
            Self::Mock(mock) => Ok(Http { mock: Some(mock), ..Http::new(usual()?, None) }),
        }
    }
}

/// The reason why an HTTP client is refused.
#[cfg(all(feature = "reqwest-013", not(all(target_family = "wasm", target_os = "unknown"))))]
const FOLLOWS_REDIRECTS: &str = "follows redirects, which would forward credentials; build it with \
                       `redirect(reqwest::redirect::Policy::none())`: this crate follows them without credentials";
