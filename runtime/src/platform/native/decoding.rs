//! Decompression of bodies as they are read.
//!
//! In: a body, and the feature that decodes it. Out: the decoded body. Invariants: the body is read to its end with all
//! its members, or it is an error; an empty body stays empty; only one piece is in memory; a long body with little
//! content yields to other tasks.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

#[cfg(feature = "brotli")]
use async_compression::tokio::bufread::BrotliDecoder;
#[cfg(feature = "gzip")]
use async_compression::tokio::bufread::GzipDecoder;
#[cfg(feature = "deflate")]
use async_compression::tokio::bufread::{DeflateDecoder, ZlibDecoder};
#[cfg(feature = "zstd")]
use async_compression::{tokio::bufread::ZstdDecoder, zstd::DParameter};
use bytes::{Buf as _, Bytes};
use http_body::{Body as _, Frame};
use reqwest::Body;
use tokio::io::{AsyncBufRead, AsyncRead, ReadBuf};

/// The size of decoded pieces, in bytes.
const PIECE: usize = 16 << 10;
/// The number of compressed pieces after which other tasks can run.
const PIECES: u32 = 32;
/// The maximum window of Zstandard, as a power of 2: RFC 9659 §3.
#[cfg(feature = "zstd")]
const WINDOW: u32 = 23;

/// A body during decompression.
pub(super) struct Decoding {
    feature: &'static str,
    /// The compressed body, until its first byte has arrived.
    input: Option<Input>,
    /// The decoder after the first byte, until the end.
    decoder: Option<Decoder>,
    buffer: Box<[u8]>,
}

type Decoder = Pin<Box<dyn AsyncRead + Send + Sync>>;

/// The compressed body.
struct Input {
    body: Body,
    /// The received piece that has not been read.
    piece: Bytes,
    /// The number of pieces since other tasks could run.
    pieces: u32,
}

impl Decoding {
    pub(super) fn new(body: Body, feature: &'static str) -> Self {
        let input = Input { body, piece: Bytes::new(), pieces: 0 };
        Self { feature, input: Some(input), decoder: None, buffer: vec![0; PIECE].into() }
    }

    fn poll_piece(&mut self, context: &mut Context<'_>) -> Poll<io::Result<Bytes>> {
        if let Some(input) = &mut self.input {
            let first = ready!(Pin::new(input).poll_fill_buf(context))?.first().copied();
            let begun = first.zip(self.input.take());
            self.decoder = begun.map(|(first, input)| decoder(self.feature, first, input)).transpose()?;
        }
        let Some(decoder) = &mut self.decoder else { return Poll::Ready(Ok(Bytes::new())) };
        let mut read = ReadBuf::new(&mut self.buffer);
        ready!(decoder.as_mut().poll_read(context, &mut read))?;
        Poll::Ready(Ok(Bytes::copy_from_slice(read.filled())))
    }
}

impl http_body::Body for Decoding {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let piece = ready!(self.poll_piece(context));
        if !piece.as_ref().is_ok_and(|piece| !piece.is_empty()) {
            (self.input, self.decoder) = (None, None);
        }
        let piece = piece.map(|piece| (!piece.is_empty()).then(|| Frame::data(piece)));
        Poll::Ready(piece.transpose())
    }
}

/// Returns the decoder of a body that begins with this byte. Content after the end of the compressed data is read as
/// another member, so that no content is dropped silently.
fn decoder(feature: &str, _first: u8, input: Input) -> io::Result<Decoder> {
    macro_rules! whole {
        ($decoder:expr) => {{
            let mut decoder = $decoder;
            decoder.multiple_members(true);
            Box::pin(decoder)
        }};
    }
    Ok(match feature {
        #[cfg(feature = "gzip")]
        "gzip" => whole!(GzipDecoder::new(input)),
        // The name denotes the format of RFC 1950, but some servers send the format of RFC 1951, which begins
        // differently.
        #[cfg(feature = "deflate")]
        "deflate" if _first & 0x0F == 8 => whole!(ZlibDecoder::new(input)),
        #[cfg(feature = "deflate")]
        "deflate" => whole!(DeflateDecoder::new(input)),
        #[cfg(feature = "brotli")]
        "brotli" => whole!(BrotliDecoder::new(input)),
        #[cfg(feature = "zstd")]
        "zstd" => whole!(ZstdDecoder::with_params(input, &[DParameter::window_log_max(WINDOW)])),
        _ => return Err(io::ErrorKind::Unsupported.into()),
    })
}

impl AsyncBufRead for Input {
    fn poll_fill_buf(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<&[u8]>> {
        let input = self.get_mut();
        while input.piece.is_empty() {
            if input.pieces >= PIECES {
                input.pieces = 0;
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
            let Some(frame) = ready!(Pin::new(&mut input.body).poll_frame(context)) else { break };
            // A frame without data is a trailer.
            input.piece = frame.map_err(io::Error::other)?.into_data().unwrap_or_default();
            input.pieces += 1;
        }
        Poll::Ready(Ok(&input.piece))
    }

    fn consume(mut self: Pin<&mut Self>, length: usize) {
        self.piece.advance(length);
    }
}

impl AsyncRead for Input {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let filled = ready!(self.as_mut().poll_fill_buf(context))?.len();
        let length = filled.min(buffer.remaining());
        buffer.put_slice(&self.piece.split_to(length));
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    /// Pieces that are always ready.
    struct Ready(u32, &'static [u8]);

    impl http_body::Body for Ready {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            let Some(left) = self.0.checked_sub(1) else { return Poll::Ready(None) };
            self.0 = left;
            Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(self.1)))))
        }
    }

    #[cfg(feature = "deflate")]
    #[tokio::test]
    async fn a_body_that_says_nothing_lets_others_run() {
        // Blocks without content (RFC 1951 §3.2.4).
        let mut body = Box::pin(Decoding::new(Body::wrap(Ready(10_000, &[0, 0, 0, 0xFF, 0xFF])), "deflate"));
        let mut polls = 0;
        let end = std::future::poll_fn(|context| {
            polls += 1;
            body.as_mut().poll_frame(context)
        });
        assert!(end.await.unwrap().is_err(), "it has no end");
        assert_eq!(polls, 10_000 / PIECES + 1);
    }
}
