//! Failures of sending and receiving.
//!
//! In: errors of the HTTP client, and time limits that have passed. Out: a [`TransportError`]. Invariant: no URL is shown, because its
//! query may contain an API key.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use http::{HeaderMap, StatusCode};

use super::Attempts;
use crate::platform;

/// The request could not be sent, or the response could not be received. If its body broke off, [`Error::status`] and
/// [`Error::headers`] still have what arrived.
///
/// [`source()`](StdError::source) is the error of the HTTP client, or names the limit of time that was exceeded. Its type is not part of
/// this crate's API.
///
/// [`Error::status`]: crate::Error::status
/// [`Error::headers`]: crate::Error::headers
pub struct TransportError {
    pub(super) operation: Cow<'static, str>,
    pub(crate) failure: TransportFailure,
    /// Status and headers of the response whose body broke off.
    pub(crate) received: Option<Box<(StatusCode, HeaderMap)>>,
    /// How often the request was sent.
    pub(crate) attempts: u32,
}

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
    pub(super) fn is_timeout(&self) -> bool {
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

    fn is_body(&self) -> bool {
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

impl TransportError {
    pub(crate) fn new(operation: Cow<'static, str>, failure: TransportFailure) -> Self {
        Self { operation, failure, received: None, attempts: 1 }
    }

    /// Whether a time limit was exceeded.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.failure.is_timeout()
    }

    /// Whether no connection could be made.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        self.failure.is_connect()
    }

    /// The same error after status and headers had arrived.
    pub(crate) fn received(self, status: StatusCode, headers: HeaderMap) -> Self {
        Self { received: Some(Box::new((status, headers))), ..self }
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = if self.failure.is_timeout() {
            "time limit exceeded"
        } else if self.failure.is_connect() {
            "no connection to the server"
        } else if self.failure.is_body() {
            "the body of the response could not be received"
        } else {
            "no response could be received"
        };
        write!(f, "{}: {what}{}", self.operation, Attempts(self.attempts))
    }
}

impl fmt::Debug for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransportError")
            .field("operation", &self.operation)
            .field("source", &self.failure)
            .field("status", &self.received.as_ref().map(|received| received.0))
            .finish_non_exhaustive()
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(match &self.failure {
            TransportFailure::Http(error) => error,
            other => other,
        })
    }
}
