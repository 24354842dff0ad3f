//! The requests of a mock.

use bytes::Bytes;
use http::{HeaderMap, Method};

use crate::failure::TransportFailure;
use crate::header::HeaderNames;
use crate::platform::{Request, Response, Url};
use crate::wire::{self, Decode, DecodeError};

/// A request that a client with a [`Mock`](super::Mock) sent, without the headers of lower layers such as `Host` and
/// `User-Agent`.
#[derive(Clone)]
pub struct SentRequest {
    operation: String,
    method: Method,
    url: Url,
    headers: HeaderMap,
    body: Bytes,
}

impl SentRequest {
    pub(super) async fn of(operation: &str, mut request: Request) -> Result<Self, TransportFailure> {
        let mut whole = Vec::new();
        let mut body = Response::from(http::Response::new(request.body_mut().take().unwrap_or_default()));
        while let Some(piece) = body.chunk().await? {
            whole.extend_from_slice(&piece);
        }
        Ok(Self {
            operation: operation.to_owned(),
            method: request.method().clone(),
            url: request.url().clone(),
            headers: std::mem::take(request.headers_mut()),
            body: whole.into(),
        })
    }

    getters! {
        /// Returns the `operationId`, or method and path for a request outside of the API document: `GET /status`.
        &operation: str;

        /// Returns the method.
        &method: Method;
    }

    /// Returns the path, including that of the base URL, percent-encoded as sent.
    #[must_use]
    pub fn path(&self) -> &str {
        self.url.path()
    }

    /// Returns scheme, host, port, path and query, percent-encoded as sent.
    #[must_use]
    pub fn url(&self) -> &str {
        self.url.as_str()
    }

    /// Returns the decoded value of a query parameter, the first if there are several.
    #[must_use]
    pub fn query(&self, name: &str) -> Option<String> {
        self.queries(name).into_iter().next()
    }

    /// Returns all decoded values of a query parameter.
    #[must_use]
    pub fn queries(&self, name: &str) -> Vec<String> {
        self.url.query_pairs().filter(|(known, _)| known == name).map(|(_, value)| value.into_owned()).collect()
    }

    /// Returns the value of a header, if it is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    getters! {
        /// Returns all headers.
        &headers: HeaderMap;

        /// Returns the body, which is empty for a request without one.
        &body: Bytes;
    }

    /// Decodes the JSON body as a `T`, for example a `JsonValue`.
    ///
    /// # Errors
    /// Returns an error if the body is not JSON or does not have that type.
    pub fn json<T: Decode>(&self) -> Result<T, DecodeError> {
        wire::from_slice(&self.body)
    }
}

debug! {
    /// Shows only names of query parameters and headers: a value may be a credential.
    SentRequest: self {
        operation,
        method,
        path: self.path(),
        query: self.url.query_pairs().map(|(name, _)| name).collect::<Vec<_>>(),
        headers: HeaderNames(&self.headers),
        body: format_args!("{} bytes", self.body.len()),
    }
}
