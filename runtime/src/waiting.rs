//! Waiting for a server.
//!
//! In: time limits, and a future of the next data from the server. Out: the data, or the exceeded limit. Invariant:
//! available data needs no timer, and an unlimited wait reads no clock.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use crate::failure::TransportFailure;
use crate::platform::timer::{Instant, Sleep, sleep_until};

/// The time limits of a call for the response to one of its requests.
#[derive(Clone, Copy, Default)]
pub(crate) struct Waiting {
    /// The time that the connection may be idle.
    pub(crate) idle: Option<Duration>,
    /// The deadline of the call.
    pub(crate) call: Option<Instant>,
    /// The deadline of the attempt.
    pub(crate) attempt: Option<Instant>,
}

impl Waiting {
    /// Awaits the next data from the server. Available data is returned even if a limit was exceeded.
    pub(crate) async fn within<T>(&self, next: impl Future<Output = T>) -> Result<T, TransportFailure> {
        let (mut next, mut timer) = (pin!(next), pin!(None));
        poll_fn(|context| match next.as_mut().poll(context) {
            Poll::Ready(next) => Poll::Ready(Ok(next)),
            Poll::Pending => self.poll_limit(timer.as_mut(), context).map(Err),
        })
        .await
    }

    /// Awaits the first limit to be exceeded. Sets the timer if it is not set yet.
    pub(crate) fn poll_limit(
        &self,
        mut timer: Pin<&mut Option<Sleep>>,
        context: &mut Context<'_>,
    ) -> Poll<TransportFailure> {
        if timer.is_none() {
            // A limit beyond the range of `Instant` means no limit.
            let silence = self.idle.and_then(|idle| Instant::now().checked_add(idle));
            timer.set([silence, self.call, self.attempt].into_iter().flatten().min().map(sleep_until));
        }
        let Some(timer) = timer.as_pin_mut() else { return Poll::Pending };
        let silence = TransportFailure::Silence(self.idle.unwrap_or_default());
        timer.poll(context).map(|()| self.check().err().unwrap_or(silence))
    }

    /// Checks that neither the deadline of the call nor the deadline of the attempt has passed.
    pub(crate) fn check(&self) -> Result<(), TransportFailure> {
        let has_passed = |end| end <= Instant::now();
        if self.call.is_some_and(has_passed) {
            Err(TransportFailure::Timeout("timeout"))
        } else if self.attempt.is_some_and(has_passed) {
            Err(TransportFailure::Timeout("attempt_timeout"))
        } else {
            Ok(())
        }
    }
}
