//! A response body that is being received.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::Body as _;

use crate::failure::TransportFailure;
use crate::platform;
use crate::platform::timer::Sleep;
use crate::waiting::Waiting;

/// A body that is being received.
pub(crate) struct Incoming {
    body: platform::Body,
    /// The time limits for the rest of the body.
    pub(crate) waiting: Waiting,
    /// The timer of the idle limit, which runs while no data arrives.
    timer: Pin<Box<Option<Sleep>>>,
    /// The largest item, in bytes.
    pub(crate) limit: usize,
}

/// A body that can be taken once.
#[derive(Clone, Default)]
pub(crate) struct TakeOnce(Option<Arc<Mutex<Option<Incoming>>>>);

impl TakeOnce {
    pub(crate) fn new(incoming: Incoming) -> Self {
        Self(Some(Arc::new(Mutex::new(Some(incoming)))))
    }

    pub(crate) fn take(&self) -> Option<Incoming> {
        self.0.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Incoming {
    /// Closes the body, and with it the connection.
    pub(crate) fn close(&mut self) {
        self.body = platform::Body::default();
        self.waiting = Waiting::default();
    }

    pub(crate) fn new(response: platform::Response, waiting: Waiting, limit: usize) -> Self {
        Self { body: response.into(), waiting, timer: Box::pin(None), limit }
    }

    pub(crate) fn poll_piece(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, TransportFailure>>> {
        // Checked first, since a server may never be idle.
        if let Some(failure) = self.waiting.passed() {
            return Poll::Ready(Some(Err(failure)));
        }
        loop {
            let frame = match Pin::new(&mut self.body).poll_frame(context) {
                Poll::Ready(frame) => frame,
                Poll::Pending => {
                    return self.waiting.poll_limit(self.timer.as_mut(), context).map(|failure| Some(Err(failure)));
                }
            };
            self.timer.set(None);
            match frame {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(error.into()))),
                // A frame without data is a trailer.
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) if !data.is_empty() => return Poll::Ready(Some(Ok(data))),
                    _ => {}
                },
            }
        }
    }
}
