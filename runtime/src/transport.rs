//! The HTTP clients inside a client.
//!
//! In: the caller's settings of the HTTP client. Out: [`Http`], which sends requests. Invariant: settings such as
//! default headers apply only to the origin of an operation's server.

use std::pin::Pin;
use std::sync::Arc;

use crate::error::BuildError;
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
    Mock(Responder),
}

/// A function that is called instead of the HTTP client, with the client, the operation and the request: a mock, or a
/// function of the caller.
pub(crate) type Responder = Arc<dyn Fn(&platform::Client, &str, platform::Request) -> Responding + Send + Sync>;

/// A response of a [`Responder`].
pub(crate) type Responding = Pin<Box<dyn Future<Output = Executed> + Send>>;

/// The result of sending a request.
pub(crate) type Executed = Result<platform::Response, TransportFailure>;

/// The HTTP clients of a client.
#[derive(Clone)]
pub(crate) struct Http {
    own: platform::Client,
    /// The client for redirects to other origins, if `own` has settings of the caller.
    other_origins: Option<platform::Client>,
    /// The function that is called instead of `own` and, if it is a mock, instead of `other_origins`.
    responder: Option<Responder>,
    /// Whether a mock replies.
    pub(crate) is_mocked: bool,
}

impl Http {
    /// Returns the response of the server, or of its replacement. Another origin is the target of a redirect.
    pub(crate) fn execute<'h>(
        &'h self,
        operation: &str,
        request: platform::Request,
        same_origin: bool,
    ) -> impl Future<Output = Executed> + Send + use<'h> {
        let sending = match &self.responder {
            Some(respond) if same_origin || self.is_mocked => Err(respond(&self.own, operation, request)),
            _ => Ok(self.other_origins.as_ref().filter(|_| !same_origin).unwrap_or(&self.own).execute(request)),
        };
        async move {
            match sending {
                Ok(sending) => Ok(sending.await?),
                Err(responding) => responding.await,
            }
        }
    }
}

impl Transport {
    /// Builds the HTTP clients. `interceptor` replaces the client that sends requests to the operation's server.
    pub(crate) fn build(self, network: &Network, interceptor: Option<Responder>) -> Result<Http, BuildError> {
        let failed = |error: platform::Error| BuildError::Transport(Box::new(error.without_url()));
        let usual = || platform::usual_client(network).map_err(failed);
        let (own, other_origins, responder, is_mocked) = match self {
            Self::Usual => (usual()?, None, interceptor, false),
            #[cfg(all(feature = "reqwest-013", not(all(target_family = "wasm", target_os = "unknown"))))]
            Self::Changed(builder) => {
                (platform::built(*builder, network).map_err(failed)?, Some(usual()?), interceptor, false)
            }
            #[cfg(all(feature = "reqwest-013", not(all(target_family = "wasm", target_os = "unknown"))))]
            Self::Ready(own) => {
                if platform::follows_redirects(&own) {
                    let reason = "follows redirects, which would forward credentials; build it with \
                        `redirect(reqwest::redirect::Policy::none())`: this crate follows them without credentials";
                    return Err(BuildError::HttpClient { reason });
                }
                (own, Some(usual()?), interceptor, false)
            }
            #[cfg(feature = "test")]
            Self::Mock(mock) => (usual()?, None, Some(mock), true),
        };
        Ok(Http { own, other_origins, responder, is_mocked })
    }
}
