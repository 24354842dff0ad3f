//! Responses of successful calls.
//!
//! Invariant: a [`Response`] has a 2xx status, or a redirect status if the operation has no other success response, and
//! a decoded body.

mod incoming;
mod raw;

use std::str::FromStr;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::header::{HeaderNames, parsed};
pub(crate) use incoming::{Incoming, TakeOnce};
pub(crate) use raw::Sent;
pub(crate) use raw::has_no_content;
pub use raw::{DecodeFailure, Decoder, RawResponse};

/// The response of a successful call.
#[derive(Clone)]
pub struct Response<T> {
    status: StatusCode,
    headers: HeaderMap,
    raw_body: Bytes,
    /// Whether it was received after a redirect to another origin.
    pub(crate) is_foreign: bool,
    pub(crate) body: T,
}

/// Dereferences to the body: `response.id` is `response.body().id`.
///
/// ```
/// # fn first(pets: &clientwright_runtime::Response<Vec<String>>) -> Option<&String> {
/// pets.first()
/// # }
/// ```
impl<T> std::ops::Deref for Response<T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        &self.body
    }
}

impl<T> std::ops::DerefMut for Response<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        &mut self.body
    }
}

/// Iterates over the items of a body that is an array: `for pet in client.list_pets().await?`.
impl<T: IntoIterator> IntoIterator for Response<T> {
    type Item = T::Item;
    type IntoIter = T::IntoIter;

    #[inline]
    fn into_iter(self) -> T::IntoIter {
        self.body.into_iter()
    }
}

impl<'r, T> IntoIterator for &'r Response<T>
where
    &'r T: IntoIterator,
{
    type Item = <&'r T as IntoIterator>::Item;
    type IntoIter = <&'r T as IntoIterator>::IntoIter;

    #[inline]
    fn into_iter(self) -> Self::IntoIter {
        self.body.into_iter()
    }
}

impl<T> Response<T> {
    pub(crate) fn new(response: RawResponse, body: T) -> Self {
        let RawResponse { status, headers, body: raw_body, is_foreign, .. } = response;
        Self { status, headers, raw_body, is_foreign, body }
    }

    /// Creates a response, for tests of functions that take one. Its raw body is empty.
    #[cfg(feature = "test")]
    #[must_use]
    pub fn from_parts(status: StatusCode, headers: HeaderMap, body: T) -> Self {
        Self { status, headers, raw_body: Bytes::new(), is_foreign: false, body }
    }

    getters! {
        /// Returns the status: 2xx, or 3xx if the operation has no other success response.
        status: StatusCode;

        /// Returns the headers.
        &headers: HeaderMap;
    }

    /// Parses the value of a header as a `V`. Returns `None` if the header is missing or its value is not a `V`.
    /// Several lines of the header are one value (RFC 9110 §5.3). The dates of HTTP, as in `Last-Modified`, are no
    /// [`DateTime`](crate::DateTime); the crate `httpdate` has a type for them.
    ///
    /// ```no_run
    /// # fn left(page: clientwright_runtime::Response<()>) -> Option<u32> {
    /// page.header::<u32>("x-rate-limit-remaining")
    /// # }
    /// ```
    #[must_use]
    pub fn header<V: FromStr>(&self, name: &str) -> Option<V> {
        parsed(&self.headers, name)
    }

    getters! {
        /// Returns the decoded body.
        &body: T;

        /// Returns the body as it was received, even if the API document describes none.
        &raw_body: Bytes;
    }

    /// Converts the response into its body.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.body
    }

    /// Converts the response into status, headers and body.
    #[must_use]
    pub fn into_parts(self) -> (StatusCode, HeaderMap, T) {
        (self.status, self.headers, self.body)
    }
}

debug! {
    /// Shows only the names of headers: a value may be a session cookie.
    Response<T: Debug>: self { status, headers: HeaderNames(&self.headers), body }
}
