//! A file of a `multipart` body: bytes, which JSON has no form for.

use std::fmt;

use bytes::Bytes;

use crate::wire::{Encode, Writer};

/// The content of a part of a `multipart` body, with the name and media type that it is sent with.
///
/// Bodies of any other kind have no place for bytes: in JSON, which is also what `Debug` and serde see, a file is `null` or
/// how large it is.
///
/// ```
/// use clientwright_runtime::File;
///
/// let logo = File::from(vec![0x89, b'P', b'N', b'G']).name("logo.png").content_type("image/png");
/// assert_eq!(format!("{logo:?}"), "File(4 bytes)");
/// ```
#[derive(Clone, PartialEq, Eq, Default)]
pub struct File {
    pub(crate) content: Bytes,
    pub(crate) name: Option<String>,
    pub(crate) content_type: Option<String>,
}

impl File {
    /// A file with this content.
    #[inline]
    #[must_use]
    pub fn new(content: impl Into<Bytes>) -> Self {
        Self { content: content.into(), name: None, content_type: None }
    }

    /// The file's name. Without one the name of the part is sent: servers take a part without a file name for a text.
    #[inline]
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// The media type of the content. Without one it is what the document says, or `application/octet-stream`.
    #[inline]
    #[must_use]
    pub fn content_type(mut self, media_type: impl Into<String>) -> Self {
        self.content_type = Some(media_type.into());
        self
    }
}

/// `From` for what turns into bytes.
macro_rules! from {
    ($($type:ty),*) => {$(
        impl From<$type> for File {
            #[inline]
            fn from(content: $type) -> Self {
                Self::new(content)
            }
        }
    )*};
}

from!(Bytes, Vec<u8>, String);

impl From<&[u8]> for File {
    #[inline]
    fn from(content: &[u8]) -> Self {
        Self::new(content.to_vec())
    }
}

impl<const N: usize> From<&[u8; N]> for File {
    #[inline]
    fn from(content: &[u8; N]) -> Self {
        Self::new(content.to_vec())
    }
}

impl From<&str> for File {
    #[inline]
    fn from(content: &str) -> Self {
        Self::new(content.to_owned())
    }
}

impl fmt::Debug for File {
    /// Shows how large it is: a file's content, and its name, are none of a log's business.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "File({} bytes)", self.content.len())
    }
}

impl Encode for File {
    fn encode(&self, writer: &mut Writer) {
        if writer.redacts() {
            writer.str(&format!("[{} bytes]", self.content.len()));
        } else {
            writer.file(self);
        }
    }
}
