//! Successes with a body that is larger than the limit.

use std::error::Error as StdError;

use http::{HeaderMap, StatusCode};

use super::parts::Status;
use crate::header::HeaderNames;
use crate::operation_name::OperationName;

/// The server returned a success whose body is larger than the limit. The received part is discarded. The server may
/// have processed the request.
///
/// The limit protects against servers that exhaust the memory. Raise it with
/// [`ClientBuilder::body_limit`](crate::ClientBuilder::body_limit) for a client, or with
/// [`CallOptions::with_body_limit`](crate::CallOptions::with_body_limit) for a call.
pub struct TooLargeError {
    pub(crate) operation: OperationName,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) limit: usize,
    pub(crate) announced: Option<u64>,
    /// The number of attempts.
    pub(crate) attempts: u32,
}

impl TooLargeError {
    getters! {
        /// Returns the status, which is one of the operation's success statuses.
        status: StatusCode;

        /// Returns the headers.
        &headers: HeaderMap;

        /// Returns the limit in bytes.
        limit: usize;

        /// Returns the length of the body in bytes, if the server announced it (`Content-Length`). A compressed body is
        /// longer.
        announced: Option<u64>;
    }
}

fmt!(Display for TooLargeError: self, f => {
    let Self { operation, limit, .. } = self;
    write!(f, "{operation}: {}, but the body is larger than the limit of {limit} bytes", Status(self.status))?;
    if let Some(announced) = self.announced {
        write!(f, " (announced: {announced} bytes)")?;
    }
    f.write_str("; raise it with `ClientBuilder::body_limit` or `CallOptions::with_body_limit`")
});

debug!(TooLargeError: self { operation, status, headers: HeaderNames(&self.headers), limit, announced });

impl StdError for TooLargeError {}
