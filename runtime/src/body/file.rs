//! A file in a `multipart` body.

use bytes::Bytes;

use super::Body;

/// A part of a `multipart` body that is a file, or a text other than JSON: content, name, media type and headers. The
/// content need not be in memory.
///
/// JSON cannot contain files: serde serializes a file as `null`, and `Debug` shows its size.
///
/// ```
/// use clientwright_runtime::File;
///
/// let logo = File::from(vec![0x89, b'P', b'N', b'G']).name("logo.png").content_type("image/png");
/// assert_eq!(format!("{logo:?}"), "File(4 bytes)");
/// // For a part that may be a file or a URL:
/// let link = File::text("https://example.com/logo.png");
/// # let _ = link;
/// ```
#[derive(Clone, PartialEq, Eq, Default)]
#[must_use = "a file has no effect until it is sent"]
pub struct File {
    pub(crate) content: Body,
    pub(crate) name: Option<String>,
    pub(crate) content_type: Option<String>,
    pub(crate) headers: Vec<(String, String)>,
    /// Whether it is a text, which has no name and no media type by default.
    pub(crate) is_text: bool,
}

impl File {
    /// Creates a file from bytes or any other [`Body`].
    #[inline]
    pub fn new(content: impl Into<Body>) -> Self {
        Self { content: content.into(), ..Self::default() }
    }

    /// Creates a part from a text, such as a URL or an XML document. It has no file name. The media type defaults to
    /// that of the API document; without one, the part is plain text (RFC 7578 §4.4).
    #[inline]
    pub fn text(text: impl Into<String>) -> Self {
        Self { is_text: true, ..Self::new(text.into()) }
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

    setters! { [#[inline] pub]
        /// Sets the name of the file. Defaults to the name of the part, because servers read a part without a file name
        /// as text. A [`text`](Self::text) has no name by default.
        name(name: impl Into<String>) => name = Some(name.into());

        /// Sets the media type of the content. Defaults to the media type of the API document, or
        /// `application/octet-stream`.
        content_type(media_type: impl Into<String>) => content_type = Some(media_type.into());
    }

    /// Sets a header of the part. It replaces a documented value of the header. The call returns an error if the name
    /// or the value cannot be sent, or if the name is `Content-Type` or `Content-Disposition`.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let name = name.into();
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(&name));
        self.headers.push((name, value.into()));
        self
    }
}

from!(content: Body, Bytes, Vec<u8>, String, &[u8], &str => File { Self::new(content) });

from!(content: &[u8; N] => File { Self::new(content) }, for const N: usize);

fmt! {
    /// Shows only the size: content and name may be private.
    Debug for File: self, f => write!(f, "File({})", self.content.size())
}
