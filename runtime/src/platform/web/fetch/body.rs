//! Request and response bodies.
//!
//! Invariant: only one piece of a received body is in memory. A sent body is in memory as a whole, since some hosts
//! support no other body.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::Frame;
use tokio::sync::mpsc;

use super::error::Error;

/// A body.
#[derive(Default)]
pub(crate) struct Body(Content);

#[derive(Default)]
enum Content {
    #[default]
    Nothing,
    Bytes(Bytes),
    Wrapped(Pin<Box<dyn http_body::Body<Data = Bytes, Error = io::Error> + Send>>),
    Arriving(mpsc::Receiver<Result<Bytes, Error>>),
}

impl Body {
    /// Returns a body in pieces.
    pub(crate) fn wrap(body: impl http_body::Body<Data = Bytes, Error = io::Error> + Send + 'static) -> Self {
        Self(Content::Wrapped(Box::pin(body)))
    }

    /// Returns a body that is received in pieces.
    pub(super) fn arriving(pieces: mpsc::Receiver<Result<Bytes, Error>>) -> Self {
        Self(Content::Arriving(pieces))
    }

    /// Returns the whole body.
    pub(super) async fn collect(mut self) -> Result<Bytes, Error> {
        if let Content::Bytes(bytes) = self.0 {
            return Ok(bytes);
        }
        let mut whole = Vec::new();
        while let Some(piece) = self.next().await {
            whole.extend_from_slice(&piece?);
        }
        Ok(whole.into())
    }

    /// Returns the next piece. Trailers are an empty piece.
    pub(super) async fn next(&mut self) -> Option<Result<Bytes, Error>> {
        std::future::poll_fn(|context| self.poll_piece(context)).await
    }

    fn poll_piece(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Error>>> {
        match &mut self.0 {
            Content::Nothing => Poll::Ready(None),
            Content::Bytes(bytes) => {
                let bytes = std::mem::take(bytes);
                Poll::Ready((!bytes.is_empty()).then_some(Ok(bytes)))
            }
            Content::Wrapped(body) => body.as_mut().poll_frame(context).map(|frame| {
                let data = |frame: Frame<Bytes>| frame.into_data().unwrap_or_default();
                frame.map(|frame| frame.map(data).map_err(|error| Error::Body(error.to_string())))
            }),
            Content::Arriving(pieces) => pieces.poll_recv(context),
        }
    }
}

from!(bytes: Bytes => Body { Self(Content::Bytes(bytes)) });

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        self.poll_piece(context).map(|piece| piece.map(|piece| piece.map(Frame::data)))
    }
}
