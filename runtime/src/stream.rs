//! Bodies of responses in pieces, as they arrive.
//!
//! In: a success whose body has not been read. Out: its bytes, or its items. Invariants: no more is held than one piece, or one item up
//! to [the limit](crate::ClientBuilder::body_limit) of bodies; a stream ends after its first failure of receiving.

pub(crate) mod events;
pub(crate) mod items;
mod sse;

use std::fmt;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::{Buf as _, Bytes};
use futures_core::Stream;
use http_body::Body as _;
use tokio::io::{AsyncRead, ReadBuf};

use crate::codegen::decode::{self, DecodeFailure, Decoder, RawResponse};
use crate::error::{Error, TooLargeError, TransportError, TransportFailure};
use crate::platform;
use crate::platform::timer::Sleep;
use crate::request::Request;
use crate::waiting::Waiting;
use crate::wire::Decode;
use events::{Decoded, EventStream};
use items::ItemStream;

/// The body of a response in pieces, as they arrive. [`Call::stream`](crate::Call::stream) asks for it.
///
/// It is read by [`next`](Self::next), as a `Stream` of the crate `futures-core`, or as `AsyncRead` of `tokio`. It has no limit of size.
/// [Silence](crate::ClientBuilder::idle_timeout) and [the time of the call](crate::ClientBuilder::timeout) are limited as for any
/// response. Dropping it ends the connection.
///
/// [`text_events`](Self::text_events), [`events`](Self::events), [`json_lines`](Self::json_lines) and
/// [`json_sequence`](Self::json_sequence) read what is in it, although the document does not say so. These streams are as those of
/// documents that do, with their limits and their ends.
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
    /// The response's status and headers; the body is empty.
    head: RawResponse,
    /// `None` if the response has no body.
    incoming: Option<Incoming>,
    /// What `AsyncRead` has not handed out.
    rest: Bytes,
}

/// A body that arrives.
pub(crate) struct Incoming {
    body: platform::Body,
    /// How long more of it is awaited.
    waiting: Waiting,
    /// Runs while nothing has arrived.
    timer: Pin<Box<Option<Sleep>>>,
    /// The largest item, in bytes.
    limit: usize,
    request: Request,
}

/// A body, until it is taken.
#[derive(Clone, Default)]
pub(crate) struct Untaken(Option<Arc<Mutex<Option<Incoming>>>>);

impl Untaken {
    pub(crate) fn new(incoming: Incoming) -> Self {
        Self(Some(Arc::new(Mutex::new(Some(incoming)))))
    }

    fn take(&self) -> Option<Incoming> {
        self.0.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Incoming {
    pub(crate) fn new(response: platform::Response, waiting: Waiting, limit: usize, request: Request) -> Self {
        Self { body: response.into(), waiting, timer: Box::pin(None), limit, request }
    }

    fn poll_piece(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, TransportFailure>>> {
        // First of all, since a server may never fall silent.
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

impl ByteStream {
    /// Takes the body of a response, or an empty one if it has none.
    pub(crate) fn of(response: &RawResponse) -> Result<Self, DecodeFailure> {
        response.check_encoding()?;
        let head = RawResponse { incoming: Untaken::default(), is_item: true, ..response.clone() };
        Ok(Self { head, incoming: response.incoming.take(), rest: Bytes::new() })
    }

    /// The next piece, of any size. `None` at the end of the body, and after a failure.
    pub async fn next(&mut self) -> Option<Result<Bytes, Error>> {
        poll_fn(|context| self.poll_piece(context)).await
    }

    /// The body as server-sent events with text in their data (WHATWG HTML §9.2), although the document does not say so.
    ///
    /// ```no_run
    /// # async fn example(call: clientwright_runtime::Call<String>) -> Result<(), Box<dyn std::error::Error>> {
    /// let mut events = call.stream().await?.into_inner().text_events();
    /// while let Some(event) = events.next().await {
    ///     let event = event?;
    ///     println!("{} {:?}: {}", event.event, event.id, event.data);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn text_events(self) -> EventStream<String> {
        EventStream::new(self, decode::text, Decoded::Data)
    }

    /// The body as server-sent events with JSON in their data.
    #[inline]
    pub fn events<T: Decode>(self) -> EventStream<T> {
        EventStream::new(self, decode::json, Decoded::Data)
    }

    /// The body as JSON Lines: one JSON value in each line.
    ///
    /// ```no_run
    /// # async fn example(call: clientwright_runtime::Call<String>) -> Result<(), Box<dyn std::error::Error>> {
    /// use clientwright_runtime::JsonValue;
    ///
    /// let mut lines = call.stream().await?.into_inner().json_lines::<JsonValue>();
    /// while let Some(line) = lines.next().await {
    ///     println!("{}", line?["name"]);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn json_lines<T: Decode>(self) -> ItemStream<T> {
        ItemStream::new(self, b'\n', decode::json)
    }

    /// The body as a JSON text sequence (RFC 7464): one JSON value after each record separator.
    #[inline]
    pub fn json_sequence<T: Decode>(self) -> ItemStream<T> {
        ItemStream::new(self, b'\x1e', decode::json)
    }

    /// The largest item, in bytes.
    fn limit(&self) -> usize {
        self.incoming.as_ref().map_or(usize::MAX, |incoming| incoming.limit)
    }

    /// Ends the stream, and with it the connection.
    fn close(&mut self) {
        if let Some(incoming) = &mut self.incoming {
            incoming.body = platform::Body::default();
            incoming.waiting = Waiting::default();
        }
    }

    /// Decodes an item as if it were a body.
    fn decode<T>(&mut self, item: Bytes, decoder: Decoder<T>) -> Result<T, Error> {
        self.head.body = item;
        let decoded = decoder(&self.head).map_err(|failure| Error::undecodable(self.head.clone(), failure));
        self.head.body = Bytes::new();
        decoded
    }

    /// Ends the stream because of an item that is larger than the limit.
    #[cold]
    fn too_large(&mut self) -> Error {
        self.close();
        let RawResponse { operation, status, headers, attempts, .. } = self.head.clone();
        let error = TooLargeError { operation, status, headers, limit: self.limit(), announced: None, attempts };
        Error::TooLarge(Box::new(error))
    }

    fn poll_piece(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Error>>> {
        if !self.rest.is_empty() {
            return Poll::Ready(Some(Ok(std::mem::take(&mut self.rest))));
        }
        let Some(incoming) = &mut self.incoming else { return Poll::Ready(None) };
        let piece = ready!(incoming.poll_piece(context));
        if !matches!(piece, Some(Ok(_))) {
            self.close();
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

impl Stream for ByteStream {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_piece(context)
    }
}

impl AsyncRead for ByteStream {
    /// Reads what has arrived. A failure is an [`io::Error`] with an [`Error`] inside.
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
        buffer.put_slice(self.rest.get(..length).unwrap_or_default());
        self.rest.advance(length);
        Poll::Ready(Ok(()))
    }
}

impl fmt::Debug for ByteStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ByteStream").field("response", &self.head).finish_non_exhaustive()
    }
}
