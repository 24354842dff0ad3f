//! Functions that change requests before they are sent.
//!
//! In: a request with all headers and credentials. Out: the request with the changes of the client's functions.
//! Invariant: the functions see only requests to the origin of an operation's server.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, Method};

use crate::body::Body;
use crate::platform::Url;

/// A request that is about to be sent, for [`ClientBuilder::before_send`](crate::ClientBuilder::before_send). `Debug`
/// shows only the method.
pub struct OutgoingRequest<'r> {
    pub(crate) operation: Option<&'r str>,
    pub(crate) method: &'r Method,
    pub(crate) url: &'r Url,
    pub(crate) headers: &'r mut HeaderMap,
    pub(crate) body: Option<&'r Body>,
}

impl OutgoingRequest<'_> {
    getters! {
        /// Returns the `operationId`, or `None` for a request outside of the API document.
        operation: Option<&str>;

        /// Returns the method. A redirect can change it.
        method: &Method;
    }

    /// Returns the URL with its query, as it is sent.
    #[must_use]
    pub fn url(&self) -> &str {
        self.url.as_str()
    }

    getters! {
        /// Returns the headers, including credentials. `Host` and the length of the body are added later.
        headers: &HeaderMap;
    }

    /// Returns the headers, to add and change some. New values of headers with secret names, such as `Authorization`,
    /// are not shown in errors.
    pub fn headers_mut(&mut self) -> &mut HeaderMap {
        self.headers
    }

    /// Returns the body, which may be empty; `None` if it is not in memory as one piece: a file or a reader.
    #[must_use]
    pub fn body(&self) -> Option<Bytes> {
        self.body.map_or_else(|| Some(Bytes::new()), Body::bytes)
    }
}

debug!(OutgoingRequest<'r>: self { method: self.method, .. });

/// A function of the caller that changes requests.
pub(crate) type Change = Arc<dyn Fn(&mut OutgoingRequest<'_>) -> Result<(), String> + Send + Sync>;
