//! Spans and events of the crate `tracing`, with the names of OpenTelemetry's semantic conventions for HTTP clients.
//!
//! In: the events of observers. Out: a span `call` at level INFO for each call, in which each request is an event.
//! Sending and receiving are at level DEBUG; failures and retries, which the caller may not notice, at level WARN.

use http::Method;
pub(crate) use tracing::Span;
use tracing::field::Empty;
use tracing::{Instrument as _, Level};

use super::{RequestEvent, RequestStage};
use crate::error::{CoreError, TransportError};
use crate::platform::Url;
use crate::response::RawResponse;

/// The target of all spans and events, for filters.
const TARGET: &str = "clientwright";

/// Returns `true` if a subscriber may want any event.
pub(super) fn listen() -> bool {
    tracing::enabled!(target: TARGET, Level::WARN)
}

/// Awaits the response of a call in its span.
pub(crate) async fn in_span(
    span: Span,
    response: impl Future<Output = Result<Box<RawResponse>, CoreError>>,
) -> Result<Box<RawResponse>, CoreError> {
    let result = response.instrument(span.clone()).await;
    match &result {
        Ok(response) => {
            span.record("http.response.status_code", response.status.as_u16());
            if !response.success {
                span.record("error.type", response.status.as_str());
            }
        }
        Err(error) => {
            span.record("error.type", kind(error));
        }
    }
    result
}

/// Returns the span of a call. An operation has a name and a path template.
pub(crate) fn span(method: &Method, url: &Url, operation: Option<(&str, &'static str)>) -> Span {
    let method = method.as_str();
    let template = operation.map(|(_, template)| template);
    let span = tracing::info_span!(
        target: TARGET,
        "call",
        otel.kind = "client",
        otel.name = Empty,
        operation = operation.map(|(name, _)| name),
        http.request.method = method,
        url.template = template,
        server.address = url.host_str(),
        server.port = url.port_or_known_default(),
        http.response.status_code = Empty,
        "error.type" = Empty,
    );
    if span.is_disabled() {
        return span;
    }
    match template {
        Some(template) => span.record("otel.name", format_args!("{method} {template}").to_string()),
        None => span.record("otel.name", method),
    };
    span
}

/// Returns the kind of a failure without a response: a low-cardinality value.
fn kind(error: &CoreError) -> &'static str {
    match error {
        CoreError::Request(_) => "request",
        CoreError::Credentials(_) => "credentials",
        CoreError::Transport(error) => transport_kind(error),
        CoreError::TooLarge(_) => "too_large",
    }
}

fn transport_kind(error: &TransportError) -> &'static str {
    if error.is_timeout() {
        "timeout"
    } else if error.is_connect() {
        "connect"
    } else {
        "transport"
    }
}

pub(super) fn notify(event: &RequestEvent<'_>) {
    let RequestEvent { origin, attempt, .. } = *event;
    let resends = event.request.saturating_sub(1);
    match event.stage {
        RequestStage::Sending => tracing::event!(
            target: TARGET,
            Level::DEBUG,
            http.request.method = event.method.as_str(),
            http.request.resend_count = resends,
            origin,
            attempt,
            "sending"
        ),
        RequestStage::Received { status, duration, request_id } => tracing::event!(
            target: TARGET,
            Level::DEBUG,
            http.response.status_code = status.as_u16(),
            http.request.resend_count = resends,
            origin,
            attempt,
            duration = duration.as_secs_f64(),
            request_id,
            "received"
        ),
        RequestStage::Failed { error, duration } => tracing::event!(
            target: TARGET,
            Level::WARN,
            http.request.resend_count = resends,
            "error.type" = transport_kind(error),
            origin,
            attempt,
            duration = duration.as_secs_f64(),
            "failed"
        ),
        RequestStage::Retrying { pause } => {
            tracing::warn!(target: TARGET, attempt, pause = pause.as_secs_f64(), "retrying");
        }
    }
}
