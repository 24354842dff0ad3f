//! Streamed response bodies.
//!
//! In: a success with unread body. Out: its bytes, or its items. Invariants: only one piece is in memory, or one item
//! up to [the limit](crate::ClientBuilder::body_limit) of bodies; a stream ends after its first receive error.

mod call;
pub(crate) mod decode;
mod events;
mod items;
#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
pub(crate) mod save;
mod sse;

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use tokio::io::{AsyncRead, ReadBuf};

use crate::clipped::Clipped;
use crate::error::{Error, TooLargeError, TransportError};
use crate::failure::TransportFailure;
use crate::response::{DecodeFailure, Decoder, Incoming, RawResponse, TakeOnce};

pub use events::{Event, EventStream};
pub use items::ItemStream;

/// A response body as a stream of pieces. [`Call::stream`](crate::Call::stream) returns it.
///
/// It is read by [`next`](Self::next), as a `Stream` of the crate `futures-core`, or as `AsyncRead` of `tokio`. Its
/// size is not limited. [Idle time](crate::ClientBuilder::idle_timeout) and [the time of the
/// call](crate::ClientBuilder::timeout) are limited as for any response. Dropping it closes the connection.
///
/// [`text_events`](Self::text_events), [`events`](Self::events), [`json_lines`](Self::json_lines) and
/// [`json_sequence`](Self::json_sequence) decode the content of the stream, for operations whose document does not
/// describe it. These streams have the same limits and end conditions as documented streams.
///
/// ```no_run
/// # async fn save(call: clientwright_runtime::Call<()>) -> Result<(), Box<dyn std::error::Error>> {
/// let mut body = call.stream().await?.into_inner();
/// let mut size = 0;
/// while let Some(piece) = body.next().await {
///     size += piece?.len();
/// }
/// # drop(size);
/// # Ok(())
/// # }
/// ```
#[must_use = "a stream does nothing unless it is read"]
pub struct ByteStream {
    /// Status and headers of the response; the body is empty.
    pub(super) head: RawResponse,
    pub(super) incoming: Incoming,
    /// The bytes that `AsyncRead` has not returned yet.
    rest: Bytes,
}

impl ByteStream {
    /// Takes the body of a response, or an empty body for a response without one.
    pub(crate) fn of(response: &RawResponse) -> Result<Self, DecodeFailure> {
        response.check_encoding()?;
        let head = RawResponse { incoming: TakeOnce::default(), item: Some("item"), ..response.clone() };
        Ok(Self { head, incoming: response.incoming.take(), rest: Bytes::new() })
    }

    /// Returns the stream with another kind of item for error messages.
    pub(super) fn items_are(mut self, item: &'static str) -> Self {
        self.head.item = Some(item);
        self
    }

    /// Decodes an item as a body: an event of this type, or any other item.
    pub(super) fn decode<T>(&mut self, item: Bytes, event: Option<&str>, decoder: Decoder<T>) -> Result<T, Error> {
        self.head.body = item;
        let decoded = decoder(&self.head).map_err(|reason| self.unexpected(event, reason));
        self.head.body = Bytes::new();
        decoded
    }

    #[cold]
    fn unexpected(&self, event: Option<&str>, mut reason: DecodeFailure) -> Error {
        if let Some(event) = event {
            reason.message = format!("event `{}`: {}", Clipped(event), reason.message);
        }
        if event == Some("error") {
            return Error::described(self.head.clone(), &reason, crate::decode::empty);
        }
        Error::unexpected(self.head.clone(), reason, crate::decode::empty)
    }

    /// Closes the stream because of an item that is larger than the limit.
    #[cold]
    pub(super) fn too_large(&mut self) -> Error {
        self.incoming.close();
        let RawResponse { operation, status, headers, attempts, .. } = self.head.clone();
        let limit = self.incoming.limit;
        Error::TooLarge(Box::new(TooLargeError { operation, status, headers, limit, announced: None, attempts }))
    }

    pub(super) fn poll_piece(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Error>>> {
        if !self.rest.is_empty() {
            return Poll::Ready(Some(Ok(std::mem::take(&mut self.rest))));
        }
        let piece = ready!(self.incoming.poll_piece(context));
        if !matches!(piece, Some(Ok(_))) {
            self.incoming.close();
        }
        Poll::Ready(piece.map(|piece| piece.map_err(|failure| self.failed(failure))))
    }

    #[cold]
    fn failed(&self, failure: TransportFailure) -> Error {
        let RawResponse { operation, status, headers, attempts, .. } = &self.head;
        let mut error = TransportError::new(operation.clone(), failure).received(*status, headers.clone());
        error.attempts = *attempts;
        Error::Transport(error)
    }
}

stream! {
    /// Returns the next piece, of any size, or `None` at the end of the body and after an error.
    ByteStream: Result<Bytes, Error>, poll_piece
}

impl AsyncRead for ByteStream {
    /// Reads the available bytes. A failure is an [`io::Error`] with an [`Error`] inside.
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.rest.is_empty() {
            match ready!(self.poll_piece(context)) {
                None => return Poll::Ready(Ok(())),
                Some(Err(error)) => return Poll::Ready(Err(io::Error::other(error))),
                Some(Ok(piece)) => self.rest = piece,
            }
        }
        let length = self.rest.len().min(buffer.remaining());
        buffer.put_slice(&self.rest.split_to(length));
        Poll::Ready(Ok(()))
    }
}

debug!(ByteStream: self { response: self.head, .. });
