//! A response body that is being received.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::Body as _;

use crate::failure::TransportFailure;
use crate::lock::lock;
use crate::platform::{self, timer::Sleep};
use crate::waiting::Waiting;

/// The maximum number of pieces before other tasks can run: many pieces of a compressed body may be available at once.
const TURN: u32 = 32;

/// A response body during receiving.
pub(crate) struct Incoming {
    body: platform::Body,
    /// The time limits for the rest of the body.
    pub(crate) waiting: Waiting,
    /// The timer of the idle limit, which runs while no data arrives.
    timer: Pin<Box<Option<Sleep>>>,
    /// The number of pieces since other tasks could run.
    pieces: u32,
    /// The maximum size of an item, in bytes.
    pub(crate) limit: usize,
}

/// A body that can be taken once.
#[derive(Clone, Default)]
pub(crate) struct TakeOnce(Option<Arc<Mutex<Option<Incoming>>>>);

impl TakeOnce {
    pub(crate) fn new(incoming: Incoming) -> Self {
        Self(Some(Arc::new(Mutex::new(Some(incoming)))))
    }

    /// Returns the body. Empty if the response has no body, or if it was already taken.
    pub(crate) fn take(&self) -> Incoming {
        let incoming = self.0.as_ref().and_then(|incoming| lock(incoming).take());
        incoming.unwrap_or_else(|| Incoming::new(platform::Body::default(), Waiting::default(), usize::MAX))
    }
}

impl Incoming {
    /// Closes the body, and with it the connection.
    pub(crate) fn close(&mut self) {
        self.body = platform::Body::default();
        self.waiting = Waiting::default();
    }

    pub(crate) fn new(body: impl Into<platform::Body>, waiting: Waiting, limit: usize) -> Self {
        Self { body: body.into(), waiting, timer: Box::pin(None), pieces: 0, limit }
    }

    pub(crate) fn poll_piece(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, TransportFailure>>> {
        // Checked first, since a server may never be idle.
        self.waiting.check()?;
        self.pieces += 1;
        if self.pieces > TURN {
            self.pieces = 0;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        loop {
            let frame = match Pin::new(&mut self.body).poll_frame(context) {
                Poll::Ready(frame) => frame,
                Poll::Pending => {
                    self.pieces = 0;
                    return self.waiting.poll_limit(self.timer.as_mut(), context).map(|failure| Some(Err(failure)));
                }
            };
            self.timer.set(None);
            let Some(frame) = frame.transpose()? else { return Poll::Ready(None) };
            // A frame without data is a trailer.
            let data = frame.into_data().unwrap_or_default();
            if !data.is_empty() {
                return Poll::Ready(Some(Ok(data)));
            }
        }
    }
}

#[cfg(all(test, not(target_family = "wasm")))]
mod tests {
    use std::convert::Infallible;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::task::{Wake, Waker};

    use http_body::Frame;

    use super::*;

    /// A body whose pieces have all arrived.
    struct Arrived(u32);

    impl http_body::Body for Arrived {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            self.0 = self.0.saturating_sub(1);
            Poll::Ready((self.0 > 0).then(|| Ok(Frame::data(Bytes::from_static(b"\n")))))
        }
    }

    #[derive(Default)]
    struct Wakes(AtomicU32);

    impl Wake for Wakes {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[test]
    fn a_body_that_is_always_ready_lets_other_tasks_run() {
        let response = http::Response::new(platform::Body::wrap(Arrived(1000)));
        let mut incoming = Incoming::new(platform::Response::from(response), Waiting::default(), 1000);
        let wakes = Arc::new(Wakes::default());
        let waker = Waker::from(Arc::clone(&wakes));
        let mut context = Context::from_waker(&waker);
        let (mut pieces, mut pauses) = (0, 0);
        loop {
            match incoming.poll_piece(&mut context) {
                Poll::Ready(None) => break,
                Poll::Ready(Some(piece)) => pieces += piece.unwrap().len(),
                Poll::Pending => pauses += 1,
            }
        }
        assert_eq!((pieces, pauses, wakes.0.load(Ordering::Relaxed)), (999, 31, 31));
    }
}
