//! Failures without a complete response.
//!
//! In: errors of the HTTP client, and exceeded time limits. Invariant: no URL is shown, because its query may contain
//! an API key.

use std::error::Error as StdError;
use std::time::Duration;

use crate::platform;

/// The cause of a failure.
#[derive(Debug)]
pub(crate) enum TransportFailure {
    Http(platform::Error),
    /// The connection was idle for longer than the limit.
    Silence(Duration),
    /// The limit of this name was exceeded.
    Timeout(&'static str),
    /// The provider of a credential returned no token within the time limit of the call.
    NoToken,
    /// A simulated failure of a mock.
    #[cfg(feature = "test")]
    Simulated(Simulation),
}

/// A simulated failure of a mock.
#[cfg(feature = "test")]
#[derive(Clone, Debug)]
pub(crate) enum Simulation {
    Timeout,
    NoConnection,
    /// The mock was used incorrectly, for this reason.
    Mistake(String),
}

from!(error: platform::Error => TransportFailure { Self::Http(error.without_url()) });

impl TransportFailure {
    pub(crate) fn is_timeout(&self) -> bool {
        match self {
            Self::Http(error) => error.is_timeout(),
            Self::Silence(_) | Self::Timeout(_) | Self::NoToken => true,
            #[cfg(feature = "test")]
            Self::Simulated(simulation) => matches!(simulation, Simulation::Timeout),
        }
    }

    pub(crate) fn is_connect(&self) -> bool {
        match self {
            Self::Http(error) => error.is_connect(),
            #[cfg(feature = "test")]
            Self::Simulated(Simulation::NoConnection) => true,
            _ => false,
        }
    }

    /// Returns `true` if the request had no effect: there was no connection, or the server refused the request.
    pub(crate) fn had_no_effect(&self) -> bool {
        self.is_connect() || matches!(self, Self::Http(error) if platform::is_refused(error))
    }

    /// Returns `true` if another attempt would also fail: the server's certificate is invalid, a mock was used
    /// incorrectly, or the HTTP client received a redirect that it neither follows nor reveals.
    pub(crate) fn is_permanent(&self) -> bool {
        match self {
            Self::Http(error) => error.is_redirect() || platform::is_untrusted(error),
            #[cfg(feature = "test")]
            Self::Simulated(Simulation::Mistake(_)) => true,
            _ => false,
        }
    }

    pub(crate) fn is_body(&self) -> bool {
        matches!(self, Self::Http(error) if error.is_body() || error.is_decode())
    }
}

fmt!(Display for TransportFailure: self, f => match self {
    Self::Http(error) => error.fmt(f),
    Self::Silence(limit) => write!(f, "the server sent nothing for {limit:?}, the limit of `idle_timeout`"),
    Self::Timeout(limit) => write!(f, "the limit of `{limit}` has passed"),
    Self::NoToken => f.write_str("the provider of a credential returned no token in time"),
    #[cfg(feature = "test")]
    Self::Simulated(Simulation::Mistake(mistake)) => f.write_str(mistake),
    #[cfg(feature = "test")]
    Self::Simulated(_) => f.write_str("simulated by a mock"),
});

impl StdError for TransportFailure {}
