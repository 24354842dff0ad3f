//! The requests of a mock.

use std::future::poll_fn;
use std::pin::Pin;

use bytes::Bytes;
use http::{HeaderMap, Method};
use http_body::Body as _;

use crate::failure::TransportFailure;
use crate::header::HeaderNames;
use crate::macros::debug;
use crate::platform::{Request, Url};
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
        if let Some(mut body) = request.body_mut().take() {
            while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
                if let Ok(piece) = frame?.into_data() {
                    whole.extend_from_slice(&piece);
                }
            }
        }
        Ok(Self {
            operation: operation.to_owned(),
            method: request.method().clone(),
            url: request.url().clone(),
            headers: std::mem::take(request.headers_mut()),
            body: whole.into(),
        })
    }

    /// Returns the `operationId`, or method and path for a request outside of the API document: `GET /status`.
    #[must_use]
    pub fn operation(&self) -> &str {
        &self.operation
    }

    /// Returns the method.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.method
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

    /// Returns all headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the body, which is empty for a request without one.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
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
