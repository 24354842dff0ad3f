//! Telling observers of each request.
//!
//! In: what a call sends and receives. Out: [`RequestEvent`]s for the functions that the client was given and, with the feature
//! `tracing`, its spans and events. Invariants: no event has a secret, the value of a parameter, a header or a body, but for the
//! server's identifier of the request; without observers nothing is computed.

#[cfg(feature = "tracing")]
mod traces;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderName, Method, StatusCode};

use crate::error::TransportError;
use crate::platform::Instant;

/// Headers that name a request, the usual one first. No standard has one.
static REQUEST_IDS: [HeaderName; 8] = [
    HeaderName::from_static("x-request-id"),
    HeaderName::from_static("request-id"),
    HeaderName::from_static("x-amzn-requestid"),
    HeaderName::from_static("x-amz-request-id"),
    HeaderName::from_static("x-ms-request-id"),
    HeaderName::from_static("x-correlation-id"),
    HeaderName::from_static("x-trace-id"),
    HeaderName::from_static("cf-ray"),
];
/// The longest request id that is told, in bytes. A server may send anything.
const LONGEST: usize = 128;

/// What happens to a request of a call, for [`ClientBuilder::observe`](crate::ClientBuilder::observe).
///
/// A call sends one request, and another one for each redirect that it follows, each challenge that it answers and each
/// [attempt](crate::RetryPolicy) after the first. Each of them is [`Sending`](RequestStage::Sending) first, and then
/// [`Received`](RequestStage::Received) or [`Failed`](RequestStage::Failed), or one after the other. An event has no secrets: neither
/// credentials nor values of parameters, headers or bodies.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct RequestEvent<'e> {
    /// The `operationId`. `None` for a request that no operation describes.
    pub operation: Option<&'e str>,
    /// The method. A redirect can change it.
    pub method: &'e Method,
    /// The path as the API document has it: `/users/{id}`. `None` for a request that no operation describes, whose path may hold
    /// anything.
    pub path_template: Option<&'e str>,
    /// Scheme, host and port that the request goes to: `https://api.example.com`.
    pub origin: &'e str,
    /// The number of the attempt. The first is 1.
    pub attempt: u32,
    /// The number of the request in its call. The first is 1.
    pub request: u32,
    /// What happens to it.
    pub stage: RequestStage<'e>,
}

/// What happens to a request.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum RequestStage<'e> {
    /// It is about to be sent.
    #[non_exhaustive]
    Sending,
    /// Status and headers of its response have arrived.
    #[non_exhaustive]
    Received {
        /// The status.
        status: StatusCode,
        /// The time since sending.
        duration: Duration,
        /// The server's identifier of the request, from `X-Request-Id` or another usual header: at most 128 bytes.
        request_id: Option<&'e str>,
    },
    /// It could not be sent, or its response not be received. After [`Received`](Self::Received) the body broke off, unless it is read
    /// as a stream: of that nothing is told after its head, and its own errors say what becomes of it.
    #[non_exhaustive]
    Failed {
        /// Why.
        error: &'e TransportError,
        /// The time since sending.
        duration: Duration,
    },
    /// The call makes another attempt.
    #[non_exhaustive]
    Retrying {
        /// The time before it.
        pause: Duration,
    },
}

/// What a call has sent.
pub(crate) struct Tally {
    /// The number of the attempt.
    pub(crate) attempt: u32,
    /// The number of the request.
    pub(crate) request: u32,
    /// When it was sent, if anybody wants to know.
    since: Option<Instant>,
}

impl Tally {
    pub(crate) fn new() -> Self {
        Self { attempt: 1, request: 0, since: None }
    }

    /// Another request is about to be sent.
    pub(crate) fn send(&mut self, observers: &Observers) {
        self.request = self.request.saturating_add(1);
        self.since = observers.listen().then(Instant::now);
    }

    /// The time since the request was sent.
    pub(crate) fn duration(&self) -> Duration {
        self.since.map(|since| since.elapsed()).unwrap_or_default()
    }
}

type Observer = Arc<dyn Fn(&RequestEvent<'_>) + Send + Sync>;

/// The observers of a client.
#[derive(Clone, Default)]
pub(crate) struct Observers(Vec<Observer>);

impl Observers {
    pub(crate) fn add(&mut self, observer: impl Fn(&RequestEvent<'_>) + Send + Sync + 'static) {
        self.0.push(Arc::new(observer));
    }

    /// Whether anybody listens.
    pub(crate) fn listen(&self) -> bool {
        !self.0.is_empty() || traces::listen()
    }

    pub(crate) fn tell(&self, event: &RequestEvent<'_>) {
        traces::tell(event);
        for observer in &self.0 {
            observer(event);
        }
    }
}

impl fmt::Debug for Observers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} observers", self.0.len())
    }
}

/// The server's identifier of a request.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    // A response has fewer headers than it takes to look up each name.
    let place = |name: &HeaderName| REQUEST_IDS.iter().position(|known| known == name);
    let known = headers.iter().filter_map(|(name, value)| Some((place(name)?, value)));
    let (_, value) = known.min_by_key(|(place, _)| *place)?;
    let text = value.to_str().ok()?.trim();
    // Visible characters of ASCII only, so that it can be cut anywhere.
    text.get(..text.len().min(LONGEST)).filter(|text| !text.is_empty())
}

pub(crate) use traces::{Span, in_span, span};

/// Without the feature `tracing` nothing is traced.
#[cfg(not(feature = "tracing"))]
mod traces {
    use super::RequestEvent;
    use crate::platform::Url;

    pub(super) fn listen() -> bool {
        false
    }

    pub(super) fn tell(_: &RequestEvent<'_>) {}

    /// Stands for a span.
    pub(crate) struct Span;

    pub(crate) fn span(_: &http::Method, _: &Url, _: Option<(&str, &'static str)>) -> Span {
        Span
    }

    pub(crate) fn in_span<F: Future>(_: Span, response: F) -> F {
        response
    }
}
