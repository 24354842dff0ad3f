//! Sending a body piece by piece.
//!
//! In: a [`Body`]. Out: a body of the HTTP client with exactly the announced length, if there is one. Invariant: files
//! and readers are never in memory as a whole.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use tokio::io::ReadBuf;

use crate::body::{Body, OnProgress, Piece, Reader};
use crate::lock::lock;
use crate::platform;

/// The size of reads, and of the pieces that are sent from memory, in bytes.
const CHUNK: usize = 64 << 10;

/// The progress of sending a body, measured by the pieces that the HTTP client reads.
pub(super) struct Progress {
    sent: AtomicU64,
    total: Option<u64>,
    listener: Option<OnProgress>,
    /// The reason why the body could not be sent as a whole.
    failure: OnceLock<String>,
}

impl Progress {
    /// Returns the number of bytes that have been sent.
    pub(super) fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    pub(super) fn failure(&self) -> Option<&str> {
        self.failure.get().map(String::as_str)
    }

    fn add(&self, bytes: u64) {
        let sent = self.sent.fetch_add(bytes, Ordering::Relaxed) + bytes;
        if let Some(listener) = &self.listener {
            listener(sent, self.total);
        }
    }

    fn fail(&self, error: &io::Error) {
        self.failure.get_or_init(|| format!("the body cannot be sent: {error}"));
    }
}

/// Returns the body for the HTTP client, and the progress of sending it. A small body is one piece, and has no progress unless there is a
/// listener.
pub(super) fn upload(body: &Body, listener: Option<OnProgress>) -> (platform::Body, Option<Arc<Progress>>) {
    match body.bytes() {
        Some(bytes) if bytes.len() <= CHUNK && listener.is_none() => (bytes.into(), None),
        _ => {
            let (sent, total, failure) = (AtomicU64::default(), body.length(), OnceLock::new());
            let progress = Arc::new(Progress { sent, total, listener, failure });
            let state = State { pieces: Box::new(body.clone().into_pieces()), current: Current::None };
            let upload = Upload { progress: Arc::clone(&progress), state: Mutex::new(state) };
            (platform::Body::wrap(upload), Some(progress))
        }
    }
}

struct Upload {
    progress: Arc<Progress>,
    /// Never locked: the mutex makes a reader `Sync`, which the HTTP client requires.
    state: Mutex<State>,
}

struct State {
    pieces: Box<dyn Iterator<Item = Piece> + Send>,
    current: Current,
}

enum Current {
    None,
    Bytes(Bytes),
    Opening(Pin<Box<dyn Future<Output = io::Result<Source>> + Send>>),
    Reading(Source),
}

/// A reader of a known or unknown length.
struct Source {
    reader: Reader,
    /// The number of bytes to read.
    left: Option<u64>,
    /// The last bytes, until the reader has ended.
    last: Option<Bytes>,
}

impl Upload {
    /// Returns the number of bytes that are not sent yet.
    fn left(&self) -> Option<u64> {
        Some(self.progress.total?.saturating_sub(self.progress.sent()))
    }
}

impl State {
    fn poll_chunk(&mut self, context: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        loop {
            match &mut self.current {
                Current::Bytes(bytes) if !bytes.is_empty() => {
                    return Poll::Ready(Some(Ok(bytes.split_to(bytes.len().min(CHUNK)))));
                }
                Current::Opening(opening) => self.current = Current::Reading(ready!(opening.as_mut().poll(context))?),
                Current::Reading(source) => match ready!(source.poll_chunk(context)?) {
                    Some(chunk) => return Poll::Ready(Some(Ok(chunk))),
                    None => self.current = Current::None,
                },
                Current::None | Current::Bytes(_) => match self.pieces.next() {
                    None => return Poll::Ready(None),
                    Some(piece) => self.current = begin(piece)?,
                },
            }
        }
    }
}

fn begin(piece: Piece) -> io::Result<Current> {
    Ok(match piece {
        Piece::Bytes(bytes) => Current::Bytes(bytes),
        Piece::File { path, length, modified } => Current::Opening(Box::pin(async move {
            let reader = Box::pin(platform::open(path, length, modified).await?);
            Ok(Source { reader, left: Some(length), last: None })
        })),
        Piece::Reader { reader, length } => {
            let reader = lock(&reader).take().ok_or_else(|| io::Error::other("its reader has already been read"))?;
            Current::Reading(Source { reader, left: length, last: None })
        }
    })
}

impl Source {
    /// Returns the next bytes. The last bytes follow when the reader has ended, so that a longer reader is noticed before the body is
    /// complete.
    fn poll_chunk(&mut self, context: &mut Context<'_>) -> Poll<io::Result<Option<Bytes>>> {
        let failed = |reason| Poll::Ready(Err(io::Error::other(reason)));
        loop {
            let most = self.left.and_then(|left| usize::try_from(left).ok()).unwrap_or(CHUNK).clamp(1, CHUNK);
            let chunk = ready!(poll_read(&mut self.reader, most, context))?;
            match (chunk.is_empty(), self.left) {
                (true, None | Some(0)) => return Poll::Ready(Ok(self.last.take())),
                (true, _) => return failed("it is shorter than its announced length"),
                (false, Some(0)) => return failed("it is longer than its announced length"),
                (false, _) => {}
            }
            self.left = self.left.map(|left| left.saturating_sub(chunk.len() as u64));
            if self.left != Some(0) {
                return Poll::Ready(Ok(Some(chunk)));
            }
            self.last = Some(chunk);
        }
    }
}

/// Reads up to `most` bytes; an empty result is the end.
fn poll_read(reader: &mut Reader, most: usize, context: &mut Context<'_>) -> Poll<io::Result<Bytes>> {
    let mut buffer = vec![0; most];
    let mut read = ReadBuf::new(&mut buffer);
    ready!(reader.as_mut().poll_read(context, &mut read))?;
    let length = read.filled().len();
    buffer.truncate(length);
    Poll::Ready(Ok(buffer.into()))
}

impl http_body::Body for Upload {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let chunk = ready!(lock(&self.state).poll_chunk(context));
        match &chunk {
            Some(Ok(chunk)) => self.progress.add(chunk.len() as u64),
            Some(Err(error)) => self.progress.fail(error),
            None => {}
        }
        Poll::Ready(chunk.map(|chunk| chunk.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.left() == Some(0)
    }

    fn size_hint(&self) -> SizeHint {
        self.left().map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}
