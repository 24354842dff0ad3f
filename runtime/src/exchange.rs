//! A call on the wire: attempts, and reading the last response. No other module sends requests.
//!
//! In: a [`Request`]. Out: the [`RawResponse`] after redirects, challenges and retries, with any status. Nothing here
//! is generic, so it is compiled once. `prepare` builds an [`Exchange`], `redirects` makes one attempt, `retry` decides
//! about the next.

mod answer;
mod challenges;
mod encoding;
mod future;
mod prepare;
mod redirects;
mod sending;
mod state;
mod token_client;
mod tokens;
mod upload;

use std::future::ready;
use std::mem::take;
use std::ops::ControlFlow::{self, Break, Continue};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, ACCEPT_ENCODING};
use http::{Method, StatusCode};

use crate::error::{CoreError, TooLargeError};
use crate::limits::EXCERPT;
use crate::lock::lock;
use crate::observe::{self, RequestStage};
use crate::platform::{Instant, timer};
use crate::request::Request;
use crate::response::{Incoming, RawResponse, TakeOnce, has_no_content};
use crate::retry::{self, Turn};
use crate::waiting::Waiting;
use crate::wire::Leniency;
use answer::Answer;
pub use future::ResponseFuture;
pub(crate) use prepare::url;
use prepare::{has_header, prepare};
pub(crate) use state::Exchange;
use state::Tally;

/// The time limit for waiting until a server whose program failed closes the connection.
const CLOSING: Duration = Duration::from_millis(10);

/// The future of the non-generic part of a call.
pub(crate) type ExchangeFuture = Pin<Box<dyn Future<Output = Result<Box<RawResponse>, CoreError>> + Send>>;

/// Sends a request, including retries, and reads the body of the last response. `has_error_body` states whether the
/// operation's error contains a body.
pub(crate) fn exchange(request: Request, has_error_body: bool) -> ExchangeFuture {
    // Outside of the future, so that the future does not contain the request as well.
    let mut exchange = match prepare(request.parts, has_error_body) {
        Ok(exchange) => Arc::new(exchange),
        Err(error) => return Box::pin(ready(Err(error))),
    };
    Box::pin(async move {
        let Some(state) = Arc::get_mut(&mut exchange) else { unreachable!("it is shared when it is over") };
        let span = state.span();
        let mut response = observe::in_span(span, state.run()).await?;
        state.end();
        response.sent = Some(exchange);
        Ok(response)
    })
}

/// Returns the note about the body of a failure that was truncated or exceeds the limit.
fn cut(length: usize, is_whole: bool, limit: Option<usize>) -> Option<String> {
    let read = (!is_whole).then(|| format!("only the first {length} bytes of the body were read"));
    let Some(limit) = limit else { return read };
    let why = format!("it is longer than {limit} bytes, so it was not decoded as documented");
    Some(read.map_or_else(|| why.replacen("it", "the body", 1), |read| format!("{read}; {why}")))
}

impl Exchange {
    /// Makes attempts until one is final.
    async fn run(&mut self) -> Result<Box<RawResponse>, CoreError> {
        self.deadline = self.limits.overall.and_then(|overall| Instant::now().checked_add(overall));
        let mut turn = Turn::first(self.request.shared.settings.retries(self.request.options.retries), self.deadline);
        let mut tally = Tally::new();
        loop {
            // Boxed, so that calls without providers do not carry its state.
            if !self.provided.is_empty()
                && let Err(failure) = Box::pin(tokens::obtain(self, false)).await
            {
                // The provider counts the attempts of its own requests.
                return Err(failure.after(turn.attempt - 1));
            }
            tally.attempt = turn.attempt;
            let sent_before = tally.request;
            let pause = match self.attempt(&turn, &mut tally).await {
                Ok(Break(response)) => return Ok(response),
                Ok(Continue(pause)) => pause,
                Err(failure) => self.judge(failure, tally.request - sent_before, &turn)?,
            };
            self.notify(&tally, &self.first, || RequestStage::Retrying { pause });
            turn.next(pause).await;
            lock(&self.added).clear();
        }
    }

    /// Makes an attempt; returns the response, or the pause before the next attempt.
    async fn attempt(
        &mut self,
        turn: &Turn,
        tally: &mut Tally,
    ) -> Result<ControlFlow<Box<RawResponse>, Duration>, CoreError> {
        let (mut answer, redirected) = redirects::open(self, tally).await?;
        if let Some(pause) = self.pause_after(&answer, turn) {
            // Discarding is part of the pause, which ends before the deadline of the call.
            let begin = Instant::now();
            // Boxed, because it is rare.
            Box::pin(answer.discard_within(pause)).await;
            return Ok(Continue(pause.saturating_sub(begin.elapsed())));
        }
        let hop = redirected.as_deref().unwrap_or(&self.first);
        let is_empty = hop.method == Method::HEAD || has_no_content(answer.status);
        let undecoded = if is_empty { None } else { encoding::decode(&mut answer) };
        // A call that sets `Accept-Encoding` gets the body unchanged.
        let undecoded = undecoded.filter(|_| !has_header(&self.request, &ACCEPT_ENCODING));
        let received = if self.request.is_streamed && !is_empty && self.is_success(answer.status) {
            Ok(self.stream(answer, undecoded))
        } else {
            self.receive(&mut answer, undecoded, is_empty).await
        };
        if let Err(CoreError::Transport(error)) = &received {
            let duration = tally.duration();
            self.notify(tally, hop, || RequestStage::Failed { error, duration });
        }
        let mut response = received?;
        response.operation = self.request.operation.clone();
        response.success = self.is_success(response.status);
        response.leniency = self.request.shared.settings.leniency;
        response.attempts = turn.attempt;
        if hop.url != self.first.url {
            // The path on another server may be private.
            let place = if hop.same_origin { hop.url.path() } else { "another origin" };
            response.note.get_or_insert_with(|| format!("after a redirect to {place}").into());
            response.is_foreign = !hop.same_origin;
            response.was_sent_as_get = hop.method != self.first.method;
        }
        Ok(Break(response))
    }

    /// Returns the pause before a retry, if a failed response is retried.
    fn pause_after(&self, answer: &Answer, turn: &Turn) -> Option<Duration> {
        let may_be_repeated = self.is_idempotent && self.can_be_sent() && !self.is_success(answer.status);
        may_be_repeated.then(|| turn.pause_after(answer.status, &answer.headers)).flatten()
    }

    /// Returns the pause before a retry after a failed attempt of `requests` requests. If the first request had no
    /// effect, neither had the attempt. If the request after a redirect had no effect, the redirecting server may still
    /// have acted.
    #[cold]
    fn judge(&self, failure: CoreError, requests: u32, turn: &Turn) -> Result<Duration, CoreError> {
        let may_repeat = match &failure {
            CoreError::Transport(error) if error.received.is_some() => retry::is_safe(&self.first.method),
            CoreError::Transport(error) => {
                !error.failure.is_permanent() && (self.is_idempotent || requests <= 1 && error.failure.had_no_effect())
            }
            _ => false,
        };
        let pause = (may_repeat && self.can_be_sent()).then(|| turn.pause(None)).flatten();
        pause.ok_or_else(|| failure.after(turn.attempt))
    }

    /// Returns `true` if a status is one of the operation's success responses.
    fn is_success(&self, status: StatusCode) -> bool {
        status.is_success() || self.request.described.redirect_is_success && status.is_redirection()
    }

    /// Reads the body of the last response: a success completely or not at all, and a failure up to the length that is
    /// searched for a message.
    async fn receive(
        &self,
        answer: &mut Answer,
        undecoded: Option<String>,
        is_empty: bool,
    ) -> Result<Box<RawResponse>, CoreError> {
        let status = answer.status;
        let success = self.is_success(status);
        let documented = self.request.described.documents(status);
        let limit = self.limits.body.unwrap_or(usize::MAX).min(if success { usize::MAX } else { EXCERPT });
        if success && !is_empty && answer.announced().is_some_and(|length| length > limit as u64) {
            return Err(self.too_large(answer, limit));
        }
        let most = if success { limit } else { EXCERPT };
        let as_json = success && self.request.described.accept.is_some_and(accepts_only_json);
        let received = if is_empty { Ok((Bytes::new(), true)) } else { answer.read(most, as_json).await };
        let (body, is_whole) = match received {
            Ok(received) => received,
            Err(failure) => {
                let headers = take(&mut answer.headers);
                return Err(CoreError::Transport(Box::new(self.failed(failure).received(status, headers))));
            }
        };
        if success && !is_whole {
            return Err(self.too_large(answer, limit));
        }
        if status == StatusCode::INTERNAL_SERVER_ERROR && !self.request.shared.settings.http.is_mocked {
            // Boxed, because it is rare.
            Box::pin(self.outlive_connection()).await;
        }
        let is_too_long = documented && self.has_error_body && !success && (!is_whole || body.len() > limit);
        let leniency = self.request.shared.settings.leniency;
        // Empty content is not compressed.
        let is_plain = || leniency > Leniency::Exact && encoding::is_readable(&answer.headers, &body);
        let undecoded = undecoded.filter(|_| !body.is_empty() && !is_plain());
        let note = answer.note.take().or_else(|| undecoded.clone().map(Into::into));
        Ok(Box::new(RawResponse {
            documented: documented && !is_too_long,
            excluded: if success { self.excluded() } else { &[] },
            note: note.or_else(|| cut(body.len(), is_whole, is_too_long.then_some(limit)).map(Into::into)),
            undecoded,
            ..RawResponse::new(status, take(&mut answer.headers), body)
        }))
    }

    /// Waits until a server whose program failed has closed the connection. Some close it without an announcement, and a request that is
    /// sent on the connection before that would be lost.
    async fn outlive_connection(&self) {
        let end = Instant::now() + CLOSING;
        timer::sleep_until(self.deadline.map_or(end, |deadline| deadline.min(end))).await;
    }

    /// Returns the response with its unread body.
    fn stream(&self, answer: Box<Answer>, undecoded: Option<String>) -> Box<RawResponse> {
        let Answer { response, status, headers, waiting, note, .. } = *answer;
        // The attempt ends when its stream begins: after that there is no retry.
        let waiting = Waiting { attempt: None, ..waiting };
        let limit = self.limits.body.unwrap_or(usize::MAX);
        Box::new(RawResponse {
            undecoded,
            note,
            incoming: TakeOnce::new(Incoming::new(response, waiting, limit)),
            ..RawResponse::new(status, headers, Bytes::new())
        })
    }

    /// Returns the media types that the call does not decode. A call that sets `Accept` gets any.
    fn excluded(&self) -> &'static [&'static str] {
        let accepts_any = self.request.overrides.iter().any(|(name, _)| *name == ACCEPT);
        if accepts_any { &[] } else { self.request.described.excluded }
    }

    #[cold]
    fn too_large(&self, answer: &mut Answer, limit: usize) -> CoreError {
        let announced = answer.announced();
        let (operation, status, headers) = (self.request.operation.clone(), answer.status, take(&mut answer.headers));
        CoreError::TooLarge(Box::new(TooLargeError { operation, status, headers, limit, announced, attempts: 1 }))
    }
}

/// Returns `true` if all accepted media types are JSON.
fn accepts_only_json(accept: &str) -> bool {
    accept.split(',').all(|media_type| media_type.contains("json"))
}
