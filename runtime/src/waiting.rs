//! Waiting for a server.
//!
//! In: limits of time, and a future of what the server sends next. Out: what it sends, or the limit that has passed. Invariant: what has
//! arrived needs no timer, and a limit that is none reads no clock.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use crate::failure::TransportFailure;
use crate::platform::timer::Sleep;
use crate::platform::{self, Instant};

/// How long a call waits for the answer to one of its requests.
#[derive(Clone, Copy, Default)]
pub(crate) struct Waiting {
    /// How long the server may send nothing.
    pub(crate) idle: Option<Duration>,
    /// When the time of the call has passed.
    pub(crate) call: Option<Instant>,
    /// When the time of the attempt has passed.
    pub(crate) attempt: Option<Instant>,
}

impl Waiting {
    /// Awaits what the server sends next. What is there already comes, even if a limit has passed.
    pub(crate) async fn within<T, E: Into<TransportFailure>>(
        &self,
        next: impl Future<Output = Result<T, E>>,
    ) -> Result<T, TransportFailure> {
        let (mut next, mut timer) = (pin!(next), pin!(None));
        poll_fn(|context| match next.as_mut().poll(context) {
            Poll::Ready(next) => Poll::Ready(next.map_err(Into::into)),
            Poll::Pending => self.poll_limit(timer.as_mut(), context).map(Err),
        })
        .await
    }

    /// Awaits the first limit that passes. The timer is set when there is none.
    pub(crate) fn poll_limit(
        &self,
        mut timer: Pin<&mut Option<Sleep>>,
        context: &mut Context<'_>,
    ) -> Poll<TransportFailure> {
        if timer.is_none() {
            // A limit that is too long for a point in time is none.
            let silence = self.idle.and_then(|idle| Instant::now().checked_add(idle));
            timer.set([silence, self.call, self.attempt].into_iter().flatten().min().map(platform::sleep_until));
        }
        let Some(timer) = timer.as_pin_mut() else { return Poll::Pending };
        let failure = |()| self.passed().unwrap_or(TransportFailure::Silence(self.idle.unwrap_or_default()));
        timer.poll(context).map(failure)
    }

    /// The failure if the time of the call or of the attempt has passed.
    pub(crate) fn passed(&self) -> Option<TransportFailure> {
        if self.call.is_none() && self.attempt.is_none() {
            return None;
        }
        let now = Instant::now();
        let has_passed = |end: &Instant| *end <= now;
        let call = self.call.filter(has_passed).map(|_| TransportFailure::Timeout("timeout"));
        call.or_else(|| self.attempt.filter(has_passed).map(|_| TransportFailure::Timeout("attempt_timeout")))
    }
}
