//! Retries after transient failures.
//!
//! In: the [`RetryPolicy`] of a client or a call, and the result of an attempt. Out: whether and when to retry. This module sends no
//! requests. A pause is calculated from the remaining time and a random number, so that tests need no clock. Invariant: there are never
//! more attempts than the policy allows, and no pause exceeds the deadline of the call.

use std::time::Duration;

use http::{HeaderMap, Method, StatusCode};

use crate::header;
use crate::platform::{Instant, timer};

/// A retry policy for transient failures: exponential backoff with full jitter.
///
/// A request is retried only if its body is replayable and it cannot take effect twice. The latter holds if its method
/// is idempotent (RFC 9110 §9.2.2), the operation is declared idempotent, or the request has an idempotency key. Such a
/// request is retried after:
///
/// - the statuses 408, 420, 425, 429, 500, 502, 503 and 504, or [others](Self::with_condition);
/// - a connection that broke before the response;
/// - an exceeded limit of idle time or of one attempt;
/// - an incomplete response body, if the method is safe (RFC 9110 §9.2.1).
///
/// Any request is retried if no connection could be established, or if the server reports that it had no effect
/// (HTTP/2, RFC 9113 §8.7). Requests after a redirect are excepted. A server whose certificate is invalid is not called
/// again.
///
/// The pause before attempt `n + 1` has a random length of up to `first * 2^(n - 1)`, at most `longest`. A
/// `Retry-After` header (RFC 9110 §10.2.3) sets a minimum. If the pause would exceed [a
/// limit](Self::with_longest_retry_after) or the [time limit of the call](crate::ClientBuilder::timeout), the failure is
/// returned immediately.
///
/// ```
/// use std::time::Duration;
/// use clientwright_runtime::{CallOptions, Client, RetryPolicy};
///
/// let client = Client::builder("https://api.example.com")
///     .retries(RetryPolicy::new().with_attempts(5).with_backoff(Duration::from_millis(100), Duration::from_secs(5)))
///     .build()?;
/// let once = CallOptions::new().with_retries(RetryPolicy::never());
/// # let _ = (client, once);
/// # Ok::<(), clientwright_runtime::BuildError>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use = "a policy has no effect until passed to a client or a call"]
pub struct RetryPolicy {
    attempts: u32,
    first: Duration,
    longest: Duration,
    /// `None` ignores the server's request.
    longest_retry_after: Option<Duration>,
    condition: fn(StatusCode, &HeaderMap) -> bool,
}

impl RetryPolicy {
    /// Creates the default policy: 3 attempts, pauses of up to 0.2 s and then 0.4 s, and a `Retry-After` of up to 30 s.
    pub const fn new() -> Self {
        Self {
            attempts: 3,
            first: Duration::from_millis(200),
            longest: Duration::from_secs(10),
            longest_retry_after: Some(Duration::from_secs(30)),
            condition: |status, _| Self::is_transient(status),
        }
    }

    /// Creates a policy without retries. Rejected tokens and challenges are still answered.
    pub const fn never() -> Self {
        Self::new().with_attempts(1)
    }

    /// Sets the longest pause before the second attempt, which doubles with each further attempt, and the upper limit
    /// of all pauses.
    pub const fn with_backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.first = first;
        self.longest = longest;
        self
    }

    setters! { [pub const]
        /// Sets the number of attempts, including the first; 0 means 1.
        with_attempts(attempts: u32) => attempts = attempts;

        /// Sets the longest pause that a server can request with `Retry-After`. If it requests a longer one, the
        /// failure is returned immediately.
        with_longest_retry_after(longest: Duration) => longest_retry_after = Some(longest);

        /// Sets which failed responses are retried, by status and headers, instead of those with a [transient
        /// status](Self::is_transient). The other conditions of a retry still apply.
        ///
        /// ```
        /// use clientwright_runtime::RetryPolicy;
        ///
        /// let policy = RetryPolicy::new().with_condition(|status, headers| {
        ///     RetryPolicy::is_transient(status) && !headers.contains_key("x-quota-exhausted") || status == 409
        /// });
        /// # let _ = policy;
        /// ```
        with_condition(condition: fn(StatusCode, &HeaderMap) -> bool) => condition = condition;
    }

    /// Returns `true` if a status is retried by default: 408, 420, 425, 429, 500, 502, 503 or 504 (RFC 9110 §15, RFC 8470
    /// §5.2, RFC 6585 §4; some servers send 420 instead of 429).
    #[must_use]
    pub fn is_transient(status: StatusCode) -> bool {
        matches!(status.as_u16(), 408 | 420 | 425 | 429 | 500 | 502 | 503 | 504)
    }

    /// Returns a policy with the same number of attempts, without pauses.
    pub(crate) fn without_pauses(self) -> Self {
        Self { longest_retry_after: None, ..self.with_backoff(Duration::ZERO, Duration::ZERO) }
    }

    /// Returns the upper limit of the pause after an attempt; the first attempt is 1.
    fn ceiling(&self, attempt: u32) -> Duration {
        let factor = 2_u32.saturating_pow(attempt.saturating_sub(1));
        self.first.saturating_mul(factor).min(self.longest)
    }

    /// Returns the pause after an attempt, by the pause that the server requests, the remaining time, and a random
    /// number in `0.0..1.0`. `None` if the attempt is the last one.
    fn pause(
        &self,
        attempt: u32,
        requested: Option<Duration>,
        left: Option<Duration>,
        random: f64,
    ) -> Option<Duration> {
        let requested = requested.filter(|_| self.longest_retry_after.is_some()).unwrap_or_default();
        let is_too_long = self.longest_retry_after.is_some_and(|longest| requested > longest);
        let pause = requested.max(self.ceiling(attempt).mul_f64(random));
        let may_repeat = attempt < self.attempts && !is_too_long && left.is_none_or(|left| pause < left);
        may_repeat.then_some(pause)
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self::new()
    }
}

/// An attempt that may be retried.
pub(crate) struct Turn {
    policy: RetryPolicy,
    deadline: Option<Instant>,
    /// The number of the attempt; the first is 1.
    pub(crate) attempt: u32,
}

impl Turn {
    /// Returns the first attempt.
    pub(crate) fn first(policy: RetryPolicy, deadline: Option<Instant>) -> Self {
        Self { policy, deadline, attempt: 1 }
    }

    /// Returns the pause after a failed response with this status; `None` if it is not retried.
    pub(crate) fn pause_after(&self, status: StatusCode, headers: &HeaderMap) -> Option<Duration> {
        if (self.policy.condition)(status, headers) { self.pause(header::retry_after(headers)) } else { None }
    }

    /// Returns the pause before the next attempt; `requested` is the pause that the server requests. `None` if this attempt is the last
    /// one.
    pub(crate) fn pause(&self, requested: Option<Duration>) -> Option<Duration> {
        let left = self.deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        self.policy.pause(self.attempt, requested, left, fraction())
    }

    /// Waits for the next attempt.
    pub(crate) async fn next(&mut self, pause: Duration) {
        if !pause.is_zero() {
            timer::sleep(pause).await;
        }
        self.attempt += 1;
    }
}

/// Returns a random number in `0.0..1.0`. Without random numbers the pause is the shortest.
fn fraction() -> f64 {
    f64::from(getrandom::u32().unwrap_or_default()) / 4_294_967_296.0
}

/// Returns `true` if a method is safe (RFC 9110 §9.2.1). QUERY is defined as safe (OpenAPI 3.2.0 §4.10).
pub(crate) fn is_safe(method: &Method) -> bool {
    method.is_safe() || method.as_str() == "QUERY"
}

/// Returns `true` if a method is idempotent (RFC 9110 §9.2.2).
pub(crate) fn is_idempotent(method: &Method) -> bool {
    method.is_idempotent() || is_safe(method)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// Fails a number of times, each time with the pause that a server requests.
    struct Failing(u32, Option<Duration>);

    fn run(
        policy: RetryPolicy,
        limit: Option<Duration>,
        Failing(times, requested): Failing,
    ) -> (Result<u32, u32>, Vec<u128>) {
        let mut pauses: Vec<Duration> = Vec::new();
        let mut attempt = 1;
        let result = loop {
            if attempt > times {
                break Ok(attempt);
            }
            let left = limit.map(|limit| limit.saturating_sub(pauses.iter().sum()));
            match policy.pause(attempt, requested, left, 0.5) {
                Some(pause) => pauses.push(pause),
                None => break Err(attempt),
            }
            attempt += 1;
        };
        (result, pauses.iter().map(Duration::as_millis).collect())
    }

    #[test]
    fn pauses_double_up_to_the_longest() {
        let policy = RetryPolicy::new().with_attempts(6).with_backoff(SECOND, 5 * SECOND);
        assert_eq!(run(policy, None, Failing(9, None)), (Err(6), vec![500, 1000, 2000, 2500, 2500]));
        assert_eq!(run(policy, None, Failing(2, None)), (Ok(3), vec![500, 1000]));
        assert_eq!(run(policy, None, Failing(0, None)), (Ok(1), vec![]));
        for policy in [RetryPolicy::never(), RetryPolicy::new().with_attempts(0)] {
            assert_eq!(run(policy, None, Failing(9, None)), (Err(1), vec![]));
        }
        let endless = RetryPolicy::new().with_attempts(u32::MAX).with_backoff(Duration::MAX, Duration::MAX);
        assert_eq!(endless.ceiling(u32::MAX), Duration::MAX);
    }

    #[test]
    fn what_the_server_asks_for_is_waited_up_to_the_limit() {
        let policy = RetryPolicy::new().with_longest_retry_after(5 * SECOND);
        let asking = |seconds| Failing(9, Some(seconds * SECOND));
        assert_eq!(run(policy, None, asking(2)), (Err(3), vec![2000, 2000]));
        assert_eq!(run(policy, None, asking(1000)), (Err(1), vec![]));
        assert_eq!(run(policy.without_pauses(), None, asking(1000)), (Err(3), vec![0, 0]));
        assert_eq!(run(policy, None, asking(0)), (Err(3), vec![100, 200]));
    }

    #[test]
    fn no_pause_goes_beyond_the_deadline() {
        let policy = RetryPolicy::new().with_attempts(9).with_backoff(2 * SECOND, 2 * SECOND);
        assert_eq!(run(policy, Some(3 * SECOND), Failing(9, None)), (Err(3), vec![1000, 1000]));
        assert_eq!(run(policy, Some(SECOND), Failing(9, None)), (Err(1), vec![]));
        assert_eq!(run(policy, Some(SECOND), Failing(9, Some(9 * SECOND))), (Err(1), vec![]));
    }

    #[test]
    fn jitter_is_full() {
        for (fraction, expected) in [(0.0, 0), (0.25, 50), (0.999, 199)] {
            let pause = RetryPolicy::new().pause(1, None, None, fraction);
            assert_eq!(pause.unwrap().as_millis(), expected);
        }
        let fractions: Vec<f64> = (0..100).map(|_| fraction()).collect();
        assert!(fractions.iter().all(|fraction| (0.0..1.0).contains(fraction)));
        assert!(fractions.windows(2).any(|pair| pair.first() != pair.last()));
    }

    #[test]
    fn only_what_may_pass_and_does_nothing_twice() {
        let passing: Vec<u16> =
            (100..600).filter(|code| RetryPolicy::is_transient(StatusCode::from_u16(*code).unwrap())).collect();
        assert_eq!(passing, [408, 420, 425, 429, 500, 502, 503, 504]);
        let idempotent = |text: &str| is_idempotent(&Method::from_bytes(text.as_bytes()).unwrap());
        for method in ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "QUERY"] {
            assert!(idempotent(method), "{method}");
        }
        for method in ["POST", "PATCH", "CONNECT", "PURGE"] {
            assert!(!idempotent(method), "{method}");
        }
    }
}
