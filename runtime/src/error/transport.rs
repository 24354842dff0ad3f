//! Failures of sending and receiving.
//!
//! In: errors of the HTTP client, and exceeded time limits. Out: a [`TransportError`]. Invariant: no URL is shown,
//! because its query may contain an API key.

use http::{HeaderMap, StatusCode};

use super::parts::Attempts;
use crate::failure::TransportFailure;
use crate::operation_name::OperationName;

/// The request could not be sent, or the response could not be received. If the response body is incomplete,
/// [`Error::status`] and [`Error::headers`] still have the received values.
///
/// [`source()`](std::error::Error::source) is the error of the HTTP client, or names the exceeded time limit. Its type
/// is not part of this crate's API.
///
/// [`Error::status`]: crate::Error::status
/// [`Error::headers`]: crate::Error::headers
pub struct TransportError {
    pub(super) operation: OperationName,
    pub(crate) failure: TransportFailure,
    /// Status and headers of a response with an incomplete body.
    pub(crate) received: Option<Box<(StatusCode, HeaderMap)>>,
    /// Whether the failed request was sent to another origin after a redirect.
    pub(crate) is_foreign: bool,
    /// The number of attempts.
    pub(crate) attempts: u32,
}

impl TransportError {
    pub(crate) fn new(operation: OperationName, failure: TransportFailure) -> Self {
        Self { operation, failure, received: None, is_foreign: false, attempts: 1 }
    }

    /// Returns `true` if a time limit was exceeded.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.failure.is_timeout()
    }

    /// Returns `true` if no connection could be made.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        self.failure.is_connect()
    }

    /// Returns the error after status and headers were received.
    pub(crate) fn received(self, status: StatusCode, headers: HeaderMap) -> Self {
        Self { received: Some(Box::new((status, headers))), ..self }
    }
}

fmt!(Display for TransportError: self, f => {
    let what = if self.failure.is_timeout() {
        "time limit exceeded"
    } else if self.failure.is_connect() && self.failure.is_permanent() {
        "no connection to the server, whose certificate or part of TLS is invalid"
    } else if self.failure.is_connect() {
        "no connection to the server"
    } else if self.failure.is_body() {
        "the body of the response could not be received"
    } else {
        "no response could be received"
    };
    let after = if self.is_foreign { " after a redirect to another origin" } else { "" };
    write!(f, "{}: {what}{after}{}", self.operation, Attempts(self.attempts))
});

debug!(TransportError: self {
    operation,
    source: self.failure,
    status: self.received.as_ref().map(|received| received.0),
    ..
});

source!(TransportError: self => Some(match &self.failure {
    TransportFailure::Http(error) => error,
    other => other,
}));
