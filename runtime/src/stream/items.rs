//! Items of JSON: JSON Lines, and JSON text sequences (RFC 7464).
//!
//! In: a [`ByteStream`]. Out: decoded items, each as soon as it has arrived.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf as _, Bytes};

use super::ByteStream;
use crate::error::Error;
use crate::response::Decoder;

/// The items of a streamed response, as they arrive.
///
/// They are read by [`next`](Self::next), or as a `Stream` of the crate `futures-core`. An item that cannot be decoded
/// is an error, after which the stream continues.
///
/// ```no_run
/// # async fn example(call: clientwright_runtime::Call<clientwright_runtime::ItemStream<i64>>)
/// #     -> Result<(), Box<dyn std::error::Error>> {
/// let mut items = call.await?.into_inner();
/// while let Some(item) = items.next().await {
///     println!("{}", item?);
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "a stream does nothing unless it is read"]
pub struct ItemStream<T> {
    bytes: ByteStream,
    piece: Bytes,
    /// The beginning of an incomplete item.
    partial: Vec<u8>,
    separator: u8,
    decoder: Decoder<T>,
}

impl<T> ItemStream<T> {
    /// Reads items between separators: line feeds, or record separators (RFC 7464 §2).
    pub(crate) fn new(bytes: ByteStream, separator: u8, decoder: Decoder<T>) -> Self {
        let bytes = bytes.items_are(if separator == b'\n' { "line" } else { "record" });
        Self { bytes, piece: Bytes::new(), partial: Vec::new(), separator, decoder }
    }

    fn poll_item(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<T, Error>>> {
        loop {
            let end = self.piece.iter().position(|byte| *byte == self.separator);
            let part = self.piece.split_to(end.unwrap_or(self.piece.len()));
            if self.partial.len().saturating_add(part.len()) > self.bytes.incoming.limit {
                let error = self.bytes.too_large();
                return Poll::Ready(Some(Err(self.broken(error))));
            }
            self.partial.extend_from_slice(&part);
            if end.is_some() {
                self.piece.advance(1);
                if let Some(item) = self.item() {
                    return Poll::Ready(Some(item));
                }
                continue;
            }
            match ready!(self.bytes.poll_piece(context)) {
                Some(Ok(piece)) => self.piece = piece,
                Some(Err(error)) => return Poll::Ready(Some(Err(self.broken(error)))),
                // The last item needs no separator.
                None => return Poll::Ready(self.item()),
            }
        }
    }

    /// Ends the stream and drops an incomplete item.
    fn broken(&mut self, error: Error) -> Error {
        (self.piece, self.partial) = (Bytes::new(), Vec::new());
        error
    }

    /// Returns the data read so far as an item, unless it is only white space.
    fn item(&mut self) -> Option<Result<T, Error>> {
        let item = std::mem::take(&mut self.partial);
        let is_blank = item.iter().all(u8::is_ascii_whitespace);
        (!is_blank).then(|| self.bytes.decode(item.into(), None, self.decoder))
    }
}

stream! {
    /// Returns the next item, or `None` at the end.
    ItemStream<T>: Result<T, Error>, poll_item, for T
}

fmt!(Debug for ItemStream<T>: self, f => f.debug_tuple("ItemStream").field(&self.bytes).finish(), for T);
