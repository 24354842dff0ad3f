//! Notification of observers.
//!
//! In: the requests and responses of a call. Out: [`RequestEvent`]s for the client's observers and, with the feature
//! `tracing`, spans and events. Invariants: no event has a secret, the value of a parameter, a header or a body, except
//! the server's request ID; without observers, events cost nothing.

#[cfg(feature = "tracing")]
mod traces;

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderName, Method, StatusCode};

use crate::error::TransportError;

/// Headers with a request ID, the most common first. They are not standardized.
const REQUEST_IDS: [&str; 8] = [
    "x-request-id", "request-id", "x-amzn-requestid", "x-amz-request-id", "x-ms-request-id", "x-correlation-id",
    "x-trace-id", "cf-ray",
];
/// The maximum length of a reported request ID, in bytes. A server may send anything.
const LONGEST: usize = 128;

/// An event of a request, for [`ClientBuilder::observe`](crate::ClientBuilder::observe).
///
/// A call sends one request, and another one for each redirect, each answered challenge and each
/// [retry](crate::RetryPolicy). The first stage of each is [`Sending`](RequestStage::Sending).
/// [`Received`](RequestStage::Received), [`Failed`](RequestStage::Failed) or both follow. An event has no secrets:
/// neither credentials nor values of parameters, headers or bodies.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct RequestEvent<'e> {
    /// The `operationId`, or `None` for a request outside of the API document.
    pub operation: Option<&'e str>,
    /// The method. A redirect can change it.
    pub method: &'e Method,
    /// The path in the API document: `/users/{id}`. `None` for a request outside of the API document, whose path may
    /// contain anything.
    pub path_template: Option<&'e str>,
    /// Scheme, host and port of the request: `https://api.example.com`.
    pub origin: &'e str,
    /// The number of the attempt. The first is 1.
    pub attempt: u32,
    /// The number of the request in its call. The first is 1.
    pub request: u32,
    /// The stage of the request.
    pub stage: RequestStage<'e>,
}

/// A stage of a request.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum RequestStage<'e> {
    /// The request is about to be sent.
    #[non_exhaustive]
    Sending,
    /// Status and headers of the response have arrived.
    #[non_exhaustive]
    Received {
        /// The status.
        status: StatusCode,
        /// The time since the request was sent.
        duration: Duration,
        /// The server's request ID, from `X-Request-Id` or another common header: at most 128 bytes.
        request_id: Option<&'e str>,
    },
    /// The request could not be sent, or its response could not be received. After [`Received`](Self::Received), the
    /// body was incomplete. Errors in a streamed body are not reported to observers, but returned by the stream.
    #[non_exhaustive]
    Failed {
        /// The error.
        error: &'e TransportError,
        /// The time since the request was sent.
        duration: Duration,
    },
    /// The call is about to be retried.
    #[non_exhaustive]
    Retrying {
        /// The pause before the retry.
        pause: Duration,
    },
}

type Observer = Arc<dyn Fn(&RequestEvent<'_>) + Send + Sync>;

/// The observers of a client.
#[derive(Clone, Default)]
pub(crate) struct Observers(pub(crate) Vec<Observer>);

impl Observers {
    /// Returns `true` if there are observers.
    pub(crate) fn listen(&self) -> bool {
        !self.0.is_empty() || traces::listen()
    }

    pub(crate) fn notify(&self, event: &RequestEvent<'_>) {
        traces::notify(event);
        for observer in &self.0 {
            observer(event);
        }
    }
}

/// Returns the server's request ID.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    // A response has fewer headers than the number of names to look up.
    let place = |name: &HeaderName| REQUEST_IDS.iter().position(|known| *known == name.as_str());
    let known = headers.iter().filter_map(|(name, value)| Some((place(name)?, value)));
    let (_, value) = known.min_by_key(|(place, _)| *place)?;
    let text = value.to_str().ok()?.trim();
    // Visible ASCII characters only, so that the text can be cut anywhere.
    text.get(..text.len().min(LONGEST)).filter(|text| !text.is_empty())
}

pub(crate) use traces::{Span, in_span, span};

/// Without the feature `tracing`, calls are not traced.
#[cfg(not(feature = "tracing"))]
mod traces {
    use super::RequestEvent;
    use crate::platform::Url;

    pub(super) fn listen() -> bool {
        false
    }

    pub(super) fn notify(_: &RequestEvent<'_>) {}

    /// A placeholder for a span.
    pub(crate) struct Span;

    pub(crate) fn span(_: &http::Method, _: &Url, _: Option<(&str, &'static str)>) -> Span {
        Span
    }

    pub(crate) fn in_span<F: Future>(_: Span, response: F) -> F {
        response
    }
}
