//! Request bodies.

mod file;

use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;

pub use file::File;

#[cfg(feature = "client")]
use crate::lock::lock;

/// The largest body that is copied or searched before it is sent, in bytes.
#[cfg(feature = "client")]
const SMALL: u64 = 64 << 10;

/// A function that receives the number of bytes of a body that have been sent, and its length if it is known.
#[cfg(feature = "client")]
pub(crate) type OnProgress = Arc<dyn Fn(u64, Option<u64>) + Send + Sync>;

/// A request body: bytes in memory, the content of files, the output of readers, or any number of these in sequence.
///
/// Files and readers are streamed, so the memory that they need does not depend on their size. The length of a body is
/// fixed at its creation: a reader with other content is an error of the call, as is a file that changed. A reader can
/// be consumed only once. A request with a reader is not [retried](crate::RetryPolicy), not redirected with its body,
/// and answers no challenge. [`CallOptions::with_upload_progress`](crate::CallOptions::with_upload_progress) reports
/// what has been sent.
///
/// ```no_run
/// use clientwright_runtime::Body;
///
/// let text = Body::from("in memory");
/// let backup = Body::open("backup.tar")?;
/// # let _ = (text, backup);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Body {
    /// The first piece. Most bodies have no other.
    first: Option<Piece>,
    others: Vec<Piece>,
}

/// The source of a body.
#[cfg(feature = "client")]
pub(crate) type Reader = std::pin::Pin<Box<dyn tokio::io::AsyncRead + Send>>;

/// A piece of a body.
#[derive(Clone)]
pub(crate) enum Piece {
    Bytes(Bytes),
    #[cfg_attr(all(target_family = "wasm", target_os = "unknown"), expect(dead_code, reason = "there are no files"))]
    File {
        path: Arc<Path>,
        length: u64,
        modified: Option<SystemTime>,
    },
    #[cfg(feature = "client")]
    Reader {
        reader: Arc<std::sync::Mutex<Option<Reader>>>,
        /// `None` if it is unknown.
        length: Option<u64>,
    },
}

impl Body {
    /// Creates a body from the content of a file, which is read while it is sent. For bytes in memory, use
    /// `Body::from`.
    ///
    /// # Errors
    /// Returns an error if the file does not exist, is not accessible or is not a regular file.
    #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
    pub fn open(path: impl AsRef<Path>) -> std::io::Result<Self> {
        use std::io;

        let path = path.as_ref();
        let metadata = std::fs::metadata(path)?;
        if !metadata.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "expected a regular file"));
        }
        Ok(Piece::File { path: path.into(), length: metadata.len(), modified: metadata.modified().ok() }.into())
    }

    /// Returns the length of the body in bytes, or `None` if it has a [reader without
    /// length](Self::reader_without_length).
    #[must_use]
    pub fn length(&self) -> Option<u64> {
        self.pieces().try_fold(0_u64, |sum, piece| Some(sum.saturating_add(piece.length()?)))
    }

    /// Returns the length as text.
    pub(crate) fn size(&self) -> String {
        self.length().map_or_else(|| "unknown length".to_owned(), |length| format!("{length} bytes"))
    }

    fn pieces(&self) -> impl Iterator<Item = &Piece> {
        self.first.iter().chain(&self.others)
    }
}

/// Methods that only the client needs.
#[cfg(feature = "client")]
impl Body {
    /// Creates a body of `length` bytes from a reader, which can be sent once. The reader has to end after that length:
    /// use `take` of a longer one.
    pub fn reader(reader: impl tokio::io::AsyncRead + Send + 'static, length: u64) -> Self {
        Piece::reader(reader, Some(length)).into()
    }

    /// Creates a body from a reader of unknown length, which can be sent once. HTTP/1.1 sends it in chunks (RFC 9112
    /// §7.1), which some servers reject.
    pub fn reader_without_length(reader: impl tokio::io::AsyncRead + Send + 'static) -> Self {
        Piece::reader(reader, None).into()
    }

    /// Returns the bytes of the body, if it is one piece in memory.
    pub(crate) fn bytes(&self) -> Option<Bytes> {
        match &self.first {
            None => Some(Bytes::new()),
            Some(Piece::Bytes(bytes)) if self.others.is_empty() => Some(bytes.clone()),
            Some(_) => None,
        }
    }

    /// Appends another body.
    pub(crate) fn push(&mut self, other: &Self) {
        let mut pieces = other.pieces().cloned();
        if self.first.is_none() {
            self.first = pieces.next();
        }
        self.others.extend(pieces);
    }

    /// Returns the body as one piece, if it is small and in memory.
    pub(crate) fn joined(&self) -> Self {
        let mut joined = Vec::new();
        for piece in self.pieces() {
            match piece {
                Piece::Bytes(bytes) if self.is_small() => joined.extend_from_slice(bytes),
                _ => return self.clone(),
            }
        }
        joined.into()
    }

    /// Returns `true` if the body is short enough to be read before it is sent.
    pub(crate) fn is_small(&self) -> bool {
        self.length().is_some_and(|length| length <= SMALL)
    }

    pub(crate) fn into_pieces(self) -> impl Iterator<Item = Piece> {
        self.first.into_iter().chain(self.others)
    }

    /// Returns `true` if the body can be sent now: a consumed reader cannot.
    pub(crate) fn can_be_sent(&self) -> bool {
        self.pieces().all(|piece| match piece {
            Piece::Bytes(_) | Piece::File { .. } => true,
            Piece::Reader { reader, .. } => lock(reader).is_some(),
        })
    }
}

impl Piece {
    #[cfg(feature = "client")]
    fn reader(reader: impl tokio::io::AsyncRead + Send + 'static, length: Option<u64>) -> Self {
        Self::Reader { reader: Arc::new(std::sync::Mutex::new(Some(Box::pin(reader)))), length }
    }

    fn length(&self) -> Option<u64> {
        match self {
            Self::Bytes(bytes) => Some(bytes.len() as u64),
            Self::File { length, .. } => Some(*length),
            #[cfg(feature = "client")]
            Self::Reader { length, .. } => *length,
        }
    }
}

impl PartialEq for Piece {
    /// Files are equal if their paths and times of modification are, and readers if they are identical.
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Bytes(one), Self::Bytes(other)) => one == other,
            (Self::File { path, modified, .. }, Self::File { path: other, modified: at, .. }) => {
                (path, modified) == (other, at)
            }
            #[cfg(feature = "client")]
            (Self::Reader { reader: one, .. }, Self::Reader { reader: other, .. }) => Arc::ptr_eq(one, other),
            _ => false,
        }
    }
}

impl Eq for Piece {}

from! {
    piece: Piece => Body { Self { first: Some(piece), others: Vec::new() } }
    bytes: Bytes => Body { Piece::Bytes(bytes).into() }
    content: Vec<u8>, String, Box<[u8]> => Body { Bytes::from(content).into() }
    content: &[u8] => Body { Bytes::copy_from_slice(content).into() }
    content: &str => Body { content.as_bytes().into() }
}

from!(content: &[u8; N] => Body { content.as_slice().into() }, for const N: usize);

fmt! {
    /// Shows only the length: content and path may be private.
    Debug for Body: self, f => write!(f, "Body({})", self.size())
}
