//! The HTTP clients under a client.
//!
//! In: what the caller says of the HTTP client. Out: [`Http`], which sends requests. Invariant: what the caller set, such as default headers,
//! is only for the origin of an operation's server.

#[cfg(feature = "test")]
use std::pin::Pin;
#[cfg(feature = "test")]
use std::sync::Arc;
use std::time::Duration;

use crate::error::BuildError;
#[cfg(feature = "test")]
use crate::failure::TransportFailure;
use crate::platform;

/// What the caller says of the HTTP client.
#[derive(Default)]
pub(crate) enum Transport {
    /// Nothing.
    #[default]
    Usual,
    /// The defaults, and what the caller changed of them.
    #[cfg(all(feature = "reqwest-013", not(all(target_family = "wasm", target_os = "unknown"))))]
    Changed(Box<reqwest::ClientBuilder>),
    /// A client that the caller has built.
    #[cfg(all(feature = "reqwest-013", not(all(target_family = "wasm", target_os = "unknown"))))]
    Ready(platform::Client),
    /// No requests are sent.
    #[cfg(feature = "test")]
    Mock(Arc<dyn Responder>),
}

/// What answers requests instead of a server.
#[cfg(feature = "test")]
pub(crate) trait Responder: Send + Sync {
    /// Answers a request of an operation.
    fn respond<'r>(
        &'r self,
        operation: &'r str,
        request: platform::Request,
    ) -> Pin<Box<dyn Future<Output = Result<platform::Response, TransportFailure>> + Send + 'r>>;
}

/// The HTTP clients of a client.
#[derive(Clone)]
pub(crate) struct Http {
    own: platform::Client,
    /// What follows redirects to other origins, if `own` has settings of the caller's.
    other_origins: Option<platform::Client>,
    /// What answers instead.
    #[cfg(feature = "test")]
    mock: Option<Arc<dyn Responder>>,
}

/// What sending a request gives.
#[cfg(not(feature = "test"))]
pub(crate) type Executed = Result<platform::Response, platform::Error>;
#[cfg(feature = "test")]
pub(crate) type Executed = Result<platform::Response, TransportFailure>;

impl Http {
    fn new(own: platform::Client, other_origins: Option<platform::Client>) -> Self {
        Self {
            own,
            other_origins,
            #[cfg(feature = "test")]
            mock: None,
        }
    }

    /// The HTTP client for the origin of an operation's server, or for one that a redirect leads to.
    fn to(&self, same_origin: bool) -> &platform::Client {
        self.other_origins.as_ref().filter(|_| !same_origin).unwrap_or(&self.own)
    }

    /// The answer of the server.
    #[cfg(not(feature = "test"))]
    pub(crate) fn execute<'h>(
        &'h self,
        _operation: &'h str,
        request: platform::Request,
        same_origin: bool,
    ) -> impl Future<Output = Executed> + Send + use<'h> {
        self.to(same_origin).execute(request)
    }

    /// The answer of the server, or of the mock that stands in for it.
    #[cfg(feature = "test")]
    pub(crate) async fn execute(&self, operation: &str, request: platform::Request, same_origin: bool) -> Executed {
        match &self.mock {
            Some(mock) => mock.respond(operation, request).await,
            None => Ok(self.to(same_origin).execute(request).await?),
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
    /// Whether the caller says nothing.
    pub(crate) fn is_usual(&self) -> bool {
        matches!(self, Self::Usual)
    }

    /// Builds the HTTP clients. `connect` is the limit for connecting, if the caller says so.
    pub(crate) fn build(self, connect: Option<Duration>) -> Result<Http, BuildError> {
        let failed = |error: platform::Error| BuildError::Transport(Box::new(error.without_url()));
        let usual = || platform::usual_client(connect).map_err(failed);
        match self {
            Self::Usual => Ok(Http::new(usual()?, None)),
            #[cfg(all(feature = "reqwest-013", not(all(target_family = "wasm", target_os = "unknown"))))]
            Self::Changed(builder) => {
                Ok(Http::new(platform::built(*builder, connect).map_err(failed)?, Some(usual()?)))
            }
            #[cfg(all(feature = "reqwest-013", not(all(target_family = "wasm", target_os = "unknown"))))]
            Self::Ready(client) if platform::follows_redirects(&client) => {
                Err(BuildError::HttpClient { reason: FOLLOWS })
            }
            #[cfg(all(feature = "reqwest-013", not(all(target_family = "wasm", target_os = "unknown"))))]
            Self::Ready(own) => Ok(Http::new(own, Some(usual()?))),
            #[cfg(feature = "test")]
            Self::Mock(mock) => Ok(Http { mock: Some(mock), ..Http::new(usual()?, None) }),
        }
    }
}

/// Why a ready client is refused.
#[cfg(all(feature = "reqwest-013", not(all(target_family = "wasm", target_os = "unknown"))))]
const FOLLOWS: &str = "follows redirects by itself, and credentials would go with them; build it with \
                       `redirect(reqwest::redirect::Policy::none())`: this crate follows them without credentials";
