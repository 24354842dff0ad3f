//! Sending a body piece by piece.
//!
//! In: a [`Body`]. Out: a body of the HTTP client with exactly the announced length. Invariant: files and readers are
//! never held in memory as a whole.

use std::future::Future;
use std::io;
use std::path::Path;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use tokio::io::ReadBuf;

use crate::body::reader::Reader;
use crate::body::{Body, Piece};
use crate::platform;

/// The size of reads, and of the pieces that are sent from memory, in bytes.
const CHUNK: usize = 64 << 10;

/// The number of chunks that the HTTP client has taken, which shows that sending makes progress.
#[derive(Clone, Default)]
pub(super) struct Progress(Arc<AtomicU64>);

impl Progress {
    pub(super) fn chunks(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// The body for the HTTP client, and the progress of sending it. A small body is one piece and has no progress.
pub(super) fn upload(body: &Body) -> (platform::Body, Option<Progress>) {
    match body.bytes() {
        Some(bytes) if bytes.len() <= CHUNK => (bytes.into(), None),
        _ => {
            let progress = Progress::default();
            (platform::Body::wrap(Upload::new(body.clone(), progress.clone())), Some(progress))
        }
    }
}

struct Upload {
    /// The number of bytes that are not sent yet.
    left: u64,
    progress: Progress,
    /// Never locked: it makes a reader `Sync`, which the HTTP client requires.
    state: Mutex<State>,
}

struct State {
    pieces: Box<dyn Iterator<Item = Piece> + Send>,
    current: Current,
}

enum Current {
    None,
    Bytes(Bytes),
    Opening(Pin<Box<dyn Future<Output = io::Result<Reader>> + Send>>, u64),
    /// A reader, and the number of bytes to send.
    Reading(Reader, u64),
}

impl Upload {
    fn new(body: Body, progress: Progress) -> Self {
        let left = body.length();
        let state = State { pieces: Box::new(body.into_pieces()), current: Current::None };
        Self { left, progress, state: Mutex::new(state) }
    }
}

impl State {
    fn poll_chunk(&mut self, context: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        loop {
            match &mut self.current {
                Current::Bytes(bytes) if !bytes.is_empty() => {
                    return Poll::Ready(Some(Ok(bytes.split_to(bytes.len().min(CHUNK)))));
                }
                Current::Opening(opening, length) => {
                    let length = *length;
                    match ready!(opening.as_mut().poll(context)) {
                        Ok(file) => self.current = Current::Reading(file, length),
                        Err(error) => return Poll::Ready(Some(Err(error))),
                    }
                }
                Current::Reading(reader, left) if *left > 0 => {
                    let chunk = ready!(poll_read(reader, left, context));
                    return Poll::Ready(Some(chunk));
                }
                Current::None | Current::Bytes(_) | Current::Reading(..) => match self.pieces.next() {
                    None => return Poll::Ready(None),
                    Some(piece) => match begin(piece) {
                        Ok(current) => self.current = current,
                        Err(error) => return Poll::Ready(Some(Err(error))),
                    },
                },
            }
        }
    }
}

fn begin(piece: Piece) -> io::Result<Current> {
    Ok(match piece {
        Piece::Bytes(bytes) => Current::Bytes(bytes),
        Piece::File { path, length } => Current::Opening(Box::pin(opened(path)), length),
        Piece::Reader { reader, length } => {
            let reader =
                reader.take().ok_or_else(|| io::Error::other("the reader of the body has already been read"))?;
            Current::Reading(reader, length)
        }
    })
}

async fn opened(path: Arc<Path>) -> io::Result<Reader> {
    Ok(Box::pin(platform::open(path).await?))
}

fn poll_read(reader: &mut Reader, left: &mut u64, context: &mut Context<'_>) -> Poll<io::Result<Bytes>> {
    let mut buffer = vec![0; usize::try_from(*left).unwrap_or(CHUNK).min(CHUNK)];
    let mut read = ReadBuf::new(&mut buffer);
    ready!(reader.as_mut().poll_read(context, &mut read))?;
    let length = read.filled().len();
    if length == 0 {
        let message = "the body is shorter than its announced length";
        return Poll::Ready(Err(io::Error::new(io::ErrorKind::UnexpectedEof, message)));
    }
    *left = left.saturating_sub(length as u64);
    buffer.truncate(length);
    Poll::Ready(Ok(buffer.into()))
}

impl http_body::Body for Upload {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let state = self.state.get_mut().unwrap_or_else(PoisonError::into_inner);
        let chunk = ready!(state.poll_chunk(context));
        if let Some(Ok(chunk)) = &chunk {
            self.left = self.left.saturating_sub(chunk.len() as u64);
            self.progress.0.fetch_add(1, Ordering::Relaxed);
        }
        Poll::Ready(chunk.map(|chunk| chunk.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
