//! What a successful call hands out: status, headers and the decoded body.
//!
//! Invariant: a [`Response`] has a 2xx status, or that of a redirect where the document has no other success, and a body that was decoded whole.

use std::fmt;
use std::str::FromStr;

use http::{HeaderMap, StatusCode};

/// A success answer: its status, its headers and its decoded body.
#[derive(Clone)]
pub struct Response<T> {
    status: StatusCode,
    headers: HeaderMap,
    body: T,
}

impl<T> Response<T> {
    pub(crate) fn new(status: StatusCode, headers: HeaderMap, body: T) -> Self {
        Self { status, headers, body }
    }

    /// The status: 2xx, or 3xx where the document has no other success.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers of the answer.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The value of the header `name`, if it is there and is a `T`.
    ///
    /// ```no_run
    /// # fn left(page: clientwright_runtime::Response<()>) -> Option<u32> {
    /// page.header::<u32>("x-rate-limit-remaining")
    /// # }
    /// ```
    #[must_use]
    pub fn header<V: FromStr>(&self, name: &str) -> Option<V> {
        header(&self.headers, name)
    }

    /// The decoded body.
    #[must_use]
    pub fn body(&self) -> &T {
        &self.body
    }

    /// The decoded body, without status and headers.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.body
    }

    /// Status, headers and body.
    #[must_use]
    pub fn into_parts(self) -> (StatusCode, HeaderMap, T) {
        (self.status, self.headers, self.body)
    }
}

impl<T: fmt::Debug> fmt::Debug for Response<T> {
    /// Shows the names of the headers only: a value may be a session cookie.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("headers", &HeaderNames(&self.headers))
            .field("body", &self.body)
            .finish()
    }
}

/// The value of a header as a `V`; the first one, should there be several.
pub(crate) fn header<V: FromStr>(headers: &HeaderMap, name: &str) -> Option<V> {
    headers.get(name)?.to_str().ok()?.trim().parse().ok()
}

/// The names in a header map, for `Debug`.
pub(crate) struct HeaderNames<'a>(pub(crate) &'a HeaderMap);

impl fmt::Debug for HeaderNames<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.keys().map(http::HeaderName::as_str)).finish()
    }
}
