//! Errors for tests. Feature `test`.

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use super::{Error, OperationName, StatusError, TransportError};
use crate::failure::{Simulation, TransportFailure};
use crate::response::RawResponse;

impl<E> Error<E> {
    /// Creates the error of a response with a status other than 2xx, for tests of error handling without a client.
    /// `documented` is the decoded error body, if there is one; the message is found in the raw body.
    #[must_use]
    pub fn from_parts(
        operation: &str,
        status: StatusCode,
        headers: HeaderMap,
        raw_body: impl Into<Bytes>,
        documented: Option<E>,
    ) -> Self {
        let operation = OperationName::of(operation.to_owned());
        let response = RawResponse { operation, ..RawResponse::new(status, headers, raw_body.into()) };
        Self::Status(Box::new(StatusError::new(response, documented)))
    }

    /// Creates the error of a call that exceeded its time limit, for tests.
    #[must_use]
    pub fn from_timeout(operation: &str) -> Self {
        Self::from_failure(operation, Simulation::Timeout)
    }

    /// Creates the error of a call without a connection to the server, for tests.
    #[must_use]
    pub fn from_no_connection(operation: &str) -> Self {
        Self::from_failure(operation, Simulation::NoConnection)
    }

    fn from_failure(operation: &str, failure: Simulation) -> Self {
        Self::Transport(TransportError::new(
            OperationName::of(operation.to_owned()),
            TransportFailure::Simulated(failure),
        ))
    }
}
