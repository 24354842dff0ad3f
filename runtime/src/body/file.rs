//! A file in a `multipart` body.

use std::fmt;

use bytes::Bytes;

use super::Body;

/// A file in a `multipart` body: content, name and media type. The content need not be in memory.
///
/// JSON cannot contain files: serde serializes a file as `null`, and `Debug` shows its size.
///
/// ```
/// use clientwright_runtime::File;
///
/// let logo = File::from(vec![0x89, b'P', b'N', b'G']).name("logo.png").content_type("image/png");
/// assert_eq!(format!("{logo:?}"), "File(4 bytes)");
/// ```
#[derive(Clone, PartialEq, Eq, Default)]
pub struct File {
    pub(crate) content: Body,
    pub(crate) name: Option<String>,
    pub(crate) content_type: Option<String>,
}

impl File {
    /// Creates a file from bytes or any other [`Body`].
    #[inline]
    #[must_use]
    pub fn new(content: impl Into<Body>) -> Self {
        Self { content: content.into(), name: None, content_type: None }
    }

    /// Creates a file from a path, whose last part is the name of the file. The content is read while it is sent.
    ///
    /// # Errors
    /// Returns an error if the file does not exist, is not accessible or is not a regular file.
    #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
    pub fn open(path: impl AsRef<std::path::Path>) -> std::io::Result<Self> {
        let path = path.as_ref();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        Ok(Self { name, ..Self::new(Body::open(path)?) })
    }

    /// Sets the name of the file. Defaults to the name of the part, because servers read a part without a file name as
    /// text.
    #[inline]
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets the media type of the content. Defaults to the media type of the API document, or
    /// `application/octet-stream`.
    #[inline]
    #[must_use]
    pub fn content_type(mut self, media_type: impl Into<String>) -> Self {
        self.content_type = Some(media_type.into());
        self
    }
}

/// Implements `From` for types that convert into bytes.
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

from!(Body, Bytes, Vec<u8>, String);

impl From<&[u8]> for File {
    #[inline]
    fn from(content: &[u8]) -> Self {
        Self::new(content)
    }
}

impl<const N: usize> From<&[u8; N]> for File {
    #[inline]
    fn from(content: &[u8; N]) -> Self {
        Self::new(content)
    }
}

impl From<&str> for File {
    #[inline]
    fn from(content: &str) -> Self {
        Self::new(content)
    }
}

impl fmt::Debug for File {
    /// Shows only the size: content and name may be private.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "File({} bytes)", self.content.length())
    }
}
