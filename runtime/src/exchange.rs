//! A call on the wire: attempts, and reading the last response. Nothing else sends.
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
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, ACCEPT_ENCODING};
use http::{Method, StatusCode};

use crate::error::{CoreError, TooLargeError};
use crate::limits::EXCERPT;
use crate::observe::{self, RequestStage, Tally};
use crate::platform::Instant;
use crate::request::{Redirects, Request};
use crate::response::{Incoming, RawResponse, TakeOnce, has_no_content};
use crate::retry::{self, Clock, Outcome, Real, Turn};
use crate::waiting::Waiting;
use crate::wire::reader::Leniency;
use answer::{Answer, Received};
pub use future::ResponseFuture;
use prepare::{has_header, prepare};
pub(crate) use state::SentRequest;
use state::{Budget, Exchange};

/// The future of the non-generic part of a call.
pub(crate) type ExchangeFuture = Pin<Box<dyn Future<Output = Result<Box<RawResponse>, CoreError>> + Send>>;

/// Sends a request, including retries, and reads the body of the last response. `has_error_body` is whether the
/// operation's error holds a body.
pub(crate) fn exchange(request: Request, has_error_body: bool) -> ExchangeFuture {
    // Outside of the future, so that the future does not hold the request as well.
    let mut exchange = match prepare(request.parts) {
        Ok(exchange) => exchange,
        Err(error) => return Box::pin(ready(Err(error))),
    };
    Box::pin(async move {
        let span = exchange.span();
        let mut response = observe::in_span(span, exchange.run(has_error_body)).await?;
        response.sent = Some(Arc::new(exchange.into_sent()));
        Ok(response)
    })
}

/// The note about the body of a failure that was truncated or exceeds the limit.
fn cut(length: usize, is_whole: bool, limit: Option<usize>) -> Option<String> {
    let read = (!is_whole).then(|| format!("only the first {length} bytes of the body were read"));
    let Some(limit) = limit else { return read };
    let why = format!("it is longer than {limit} bytes, so it was not decoded as documented");
    Some(read.map_or_else(|| why.replacen("it", "the body", 1), |read| format!("{read}; {why}")))
}

/// The attempts of a call, and what they share.
struct Attempts<'e> {
    exchange: &'e mut Exchange,
    has_error_body: bool,
    budget: Budget,
    tally: Tally,
}

impl<C: Clock> retry::Attempts<C> for Attempts<'_> {
    type Output = Result<Box<RawResponse>, CoreError>;

    async fn attempt(&mut self, turn: &Turn<'_, C>) -> Outcome<Self::Output> {
        self.tally.attempt = turn.attempt;
        let outcome = self.once(turn).await;
        if let Outcome::Again(pause) = outcome {
            let exchange = &*self.exchange;
            exchange.notify(&self.tally, &exchange.first, || RequestStage::Retrying { pause });
        }
        outcome
    }
}

impl Attempts<'_> {
    async fn once<C: Clock>(&mut self, turn: &Turn<'_, C>) -> Outcome<Result<Box<RawResponse>, CoreError>> {
        let exchange = &mut *self.exchange;
        let sent_before = self.tally.request;
        // Boxed, so that calls without providers do not carry its state.
        if !exchange.provided.is_empty()
            && let Err(failure) = Box::pin(tokens::obtain(exchange, false)).await
        {
            // The provider counts the attempts of its own requests.
            return Outcome::Final(Err(failure.after(turn.attempt - 1)));
        }
        let (mut answer, redirected) = match redirects::open(exchange, &mut self.budget, &mut self.tally).await {
            Ok(opened) => opened,
            Err(failure) => return exchange.judge(failure, self.tally.request - sent_before, turn),
        };
        if let Some(pause) = exchange.pause_after(&answer, turn) {
            // Discarding is part of the pause, which ends before the deadline of the call.
            let begin = Instant::now();
            answer.discard_within(pause).await;
            return Outcome::Again(pause.saturating_sub(begin.elapsed()));
        }
        exchange.authorization = answer.authorization.take();
        let hop = redirected.as_deref().unwrap_or(&exchange.first);
        let is_empty = hop.method == Method::HEAD || has_no_content(answer.status);
        if !is_empty {
            encoding::decode(&mut answer);
        }
        let received = if exchange.request.described.is_streamed && !is_empty && exchange.is_success(answer.status) {
            Ok(exchange.stream(answer))
        } else {
            exchange.receive(&mut answer, is_empty, self.has_error_body).await
        };
        match received {
            Ok(mut response) => {
                response.attempts = turn.attempt;
                Outcome::Final(Ok(response))
            }
            Err(failure) => {
                if let CoreError::Transport(error) = &failure {
                    let duration = self.tally.duration();
                    exchange.notify(&self.tally, hop, || RequestStage::Failed { error, duration });
                }
                exchange.judge(failure, self.tally.request - sent_before, turn)
            }
        }
    }
}

impl Exchange {
    /// Runs all attempts.
    async fn run(&mut self, has_error_body: bool) -> Result<Box<RawResponse>, CoreError> {
        self.deadline = self.limits.overall.and_then(|overall| Instant::now().checked_add(overall));
        let (retries, deadline) = (self.request.shared.settings.retries(self.request.options.retries), self.deadline);
        let mut attempts = Attempts { exchange: self, has_error_body, budget: Budget::new(), tally: Tally::new() };
        retry::repeat(&retries, deadline, &Real, &mut attempts).await
    }

    /// The pause before a retry, if a failed response is retried.
    fn pause_after<C: Clock>(&self, answer: &Answer, turn: &Turn<'_, C>) -> Option<Duration> {
        let may_be_repeated = self.is_idempotent && self.can_be_sent() && !self.is_success(answer.status);
        may_be_repeated.then(|| turn.pause_after(answer.status, &answer.headers)).flatten()
    }

    /// Decides about a retry after a failed attempt of `requests` requests. If the first request had no effect, neither
    /// had the attempt. If the request after a redirect had no effect, the redirecting server may still have acted.
    #[cold]
    fn judge<T, C: Clock>(
        &self,
        failure: CoreError,
        requests: u32,
        turn: &Turn<'_, C>,
    ) -> Outcome<Result<T, CoreError>> {
        let failure = failure.after(turn.attempt);
        if let CoreError::Transport(error) = &failure {
            let may_repeat = match error.received {
                Some(_) => retry::is_safe(&self.first.method),
                None => {
                    !error.failure.is_redirect()
                        && (self.is_idempotent || requests <= 1 && error.failure.had_no_effect())
                }
            };
            let may_repeat = may_repeat && self.can_be_sent();
            if let Some(pause) = may_repeat.then(|| turn.pause(None)).flatten() {
                return Outcome::Again(pause);
            }
        }
        Outcome::Final(Err(failure))
    }

    /// Whether a status is that of one of the operation's success responses.
    fn is_success(&self, status: StatusCode) -> bool {
        status.is_success() || self.request.redirects() == Redirects::Success && status.is_redirection()
    }

    /// Reads the body of the last response: a success completely or not at all, and a failure up to the part that is
    /// searched for a message.
    async fn receive(
        &self,
        answer: &mut Answer,
        is_empty: bool,
        has_error_body: bool,
    ) -> Result<Box<RawResponse>, CoreError> {
        let status = answer.status;
        let success = self.is_success(status);
        let is_listed = |listed: &u16| *listed == status.as_u16() || *listed == status.as_u16() / 100;
        let failures = self.request.described.failures;
        let documented = failures.is_empty() || failures.iter().any(is_listed);
        let limit = self.limits.body.unwrap_or(usize::MAX).min(if success { usize::MAX } else { EXCERPT });
        if success && !is_empty && answer.announced().is_some_and(|length| length > limit as u64) {
            return Err(self.too_large(answer, limit));
        }
        let most = if success { limit } else { EXCERPT };
        let received = if is_empty { Ok(Received::nothing()) } else { answer.read(most).await };
        let Received { body, is_whole } = match received {
            Ok(received) => received,
            Err(failure) => {
                let headers = take(&mut answer.headers);
                return Err(CoreError::Transport(Box::new(self.failed(failure).received(status, headers))));
            }
        };
        if success && !is_whole {
            return Err(self.too_large(answer, limit));
        }
        let is_too_long = documented && has_error_body && !success && (!is_whole || body.len() > limit);
        let leniency = self.request.shared.settings.leniency;
        // Empty content is not compressed.
        let undecoded = self.undecoded(answer).filter(|_| !body.is_empty());
        let is_plain = || leniency > Leniency::Exact && encoding::is_readable(&answer.headers, &body);
        let undecoded = undecoded.filter(|_| !is_plain());
        let note = answer.note.take().or_else(|| undecoded.clone().map(Into::into));
        Ok(Box::new(RawResponse {
            operation: self.request.operation.clone(),
            success,
            documented: documented && !is_too_long,
            leniency,
            excluded: if success { self.excluded() } else { &[] },
            note: note.or_else(|| cut(body.len(), is_whole, is_too_long.then_some(limit)).map(Into::into)),
            undecoded,
            ..RawResponse::new(status, take(&mut answer.headers), body)
        }))
    }

    /// The response with its unread body.
    fn stream(&self, mut answer: Box<Answer>) -> Box<RawResponse> {
        let undecoded = self.undecoded(&mut answer);
        let Answer { response, status, headers, waiting, note, .. } = *answer;
        // The attempt ends when its stream begins: after that there is no retry.
        let waiting = Waiting { attempt: None, ..waiting };
        let limit = self.limits.body.unwrap_or(usize::MAX);
        Box::new(RawResponse {
            operation: self.request.operation.clone(),
            success: true,
            leniency: self.request.shared.settings.leniency,
            undecoded,
            note,
            incoming: TakeOnce::new(Incoming::new(response, waiting, limit)),
            ..RawResponse::new(status, headers, Bytes::new())
        })
    }

    /// The media types that the call does not decode. A call that sets `Accept` gets any.
    fn excluded(&self) -> &'static [&'static str] {
        let accepts_any = self.request.overrides.iter().any(|(name, _)| *name == ACCEPT);
        if accepts_any { &[] } else { self.request.described.excluded }
    }

    /// Why the body cannot be read, if it is compressed. A call that sets `Accept-Encoding` gets the body unchanged.
    fn undecoded(&self, answer: &mut Answer) -> Option<String> {
        answer.undecoded.take().filter(|_| !has_header(&self.request, &ACCEPT_ENCODING))
    }

    #[cold]
    fn too_large(&self, answer: &mut Answer, limit: usize) -> CoreError {
        let announced = answer.announced();
        let (operation, status, headers) = (self.request.operation.clone(), answer.status, take(&mut answer.headers));
        CoreError::TooLarge(Box::new(TooLargeError { operation, status, headers, limit, announced, attempts: 1 }))
    }
}
