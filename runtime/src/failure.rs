//! Why nothing was sent, or nothing received.
//!
//! In: errors of the HTTP client, and time limits that have passed. Invariant: no URL is shown, because its query may contain an API key.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use crate::platform;

/// What went wrong.
#[derive(Debug)]
pub(crate) enum TransportFailure {
    Http(platform::Error),
    /// The server sent nothing for as long as the limit allows.
    Silence(Duration),
    /// The limit of this name has passed.
    Timeout(&'static str),
    /// The provider of a credential gave no token in the time of the call.
    NoToken,
    /// A mock answers so.
    #[cfg(feature = "test")]
    Simulated(Simulation),
}

/// A failure that a mock answers.
#[cfg(feature = "test")]
#[derive(Debug)]
pub(crate) enum Simulation {
    Timeout,
    NoConnection,
    /// The mock is used wrongly, in words.
    Mistake(String),
}

#[cfg(feature = "test")]
impl TransportFailure {
    pub(crate) fn simulated_timeout() -> Self {
        Self::Simulated(Simulation::Timeout)
    }

    pub(crate) fn simulated_connect() -> Self {
        Self::Simulated(Simulation::NoConnection)
    }

    pub(crate) fn simulated(mistake: String) -> Self {
        Self::Simulated(Simulation::Mistake(mistake))
    }
}

impl From<platform::Error> for TransportFailure {
    fn from(error: platform::Error) -> Self {
        Self::Http(error.without_url())
    }
}

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
            Self::Silence(_) | Self::Timeout(_) | Self::NoToken => false,
            #[cfg(feature = "test")]
            Self::Simulated(simulation) => matches!(simulation, Simulation::NoConnection),
        }
    }

    /// Whether nothing was done: there was no connection, or the server refused the request.
    pub(crate) fn has_done_nothing(&self) -> bool {
        self.is_connect() || matches!(self, Self::Http(error) if platform::is_refused(error))
    }

    /// Whether the HTTP client has met a redirect that it must not follow, and of which it says no more.
    pub(crate) fn is_redirect(&self) -> bool {
        matches!(self, Self::Http(error) if error.is_redirect())
    }

    pub(crate) fn is_body(&self) -> bool {
        matches!(self, Self::Http(error) if error.is_body() || error.is_decode())
    }
}

impl fmt::Display for TransportFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Http(error) => error.fmt(f),
            Self::Silence(limit) => write!(f, "the server sent nothing for {limit:?}, the limit of `idle_timeout`"),
            Self::Timeout(limit) => write!(f, "the limit of `{limit}` has passed"),
            Self::NoToken => f.write_str("the provider of a credential gave no token in time"),
            #[cfg(feature = "test")]
            Self::Simulated(Simulation::Mistake(mistake)) => f.write_str(mistake),
            #[cfg(feature = "test")]
            Self::Simulated(_) => f.write_str("a mock answers so"),
        }
    }
}

impl StdError for TransportFailure {}
