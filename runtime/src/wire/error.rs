//! Codec, decode errors: message, line, column, and the path of the value.
//!
//! Functions here are `#[cold]`. Invariant: the only parts of the document in an error are names of properties in the
//! path, so it cannot show a secret value.

use std::borrow::Cow;

/// The maximum number of characters of a property name in a path.
const LONGEST_KEY: usize = 64;

/// An error in decoding a JSON document, with its position.
///
/// ```
/// use clientwright_runtime::wire;
///
/// let error = wire::from_slice::<Vec<Option<String>>>(b"[\"a\", null, 3]").unwrap_err();
/// assert_eq!(error.to_string(), "[2]: expected string, found number at line 1 column 13");
/// assert_eq!((error.path().as_str(), error.line(), error.column()), ("[2]", 1, 13));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct DecodeError(Box<Inner>);

#[derive(Clone, PartialEq, Eq)]
struct Inner {
    message: Cow<'static, str>,
    line: usize,
    column: usize,
    /// The path, from the innermost value to the root.
    path: Vec<Segment>,
}

#[derive(Clone, PartialEq, Eq)]
enum Segment {
    Key(String),
    Index(usize),
}

impl DecodeError {
    /// Creates an error at a byte of the document.
    #[cold]
    pub(crate) fn new(json: &[u8], offset: usize, message: impl Into<Cow<'static, str>>) -> Self {
        let before = json.get(..=offset).unwrap_or(json);
        let line = before.split(|byte| *byte == b'\n').count();
        let column = before.rsplit(|byte| *byte == b'\n').next().map_or(0, <[u8]>::len);
        Self(Box::new(Inner { message: message.into(), line, column, path: Vec::new() }))
    }

    /// Adds the property that contains the invalid value to the path.
    #[cold]
    #[must_use]
    pub fn in_key(mut self, key: &str) -> Self {
        let mut shown: String = key.chars().take(LONGEST_KEY).collect();
        if shown.len() < key.len() {
            shown.push('…');
        }
        self.0.path.push(Segment::Key(shown));
        self
    }

    /// Adds the array element that contains the invalid value to the path.
    #[cold]
    #[must_use]
    pub fn in_index(mut self, index: usize) -> Self {
        self.0.path.push(Segment::Index(index));
        self
    }

    /// Returns the message, without path and position: `expected string, found number`.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Returns the path of the invalid value: `data[3].state`. Empty for the root.
    #[must_use]
    pub fn path(&self) -> String {
        let mut path = String::new();
        for segment in self.0.path.iter().rev() {
            match segment {
                Segment::Index(index) => path.push_str(&format!("[{index}]")),
                Segment::Key(key) if !is_plain(key) => path.push_str(&format!("[{key:?}]")),
                Segment::Key(key) if path.is_empty() => path.push_str(key),
                Segment::Key(key) => path.push_str(&format!(".{key}")),
            }
        }
        path
    }

    /// Returns the line of the document, counted from 1.
    #[must_use]
    pub fn line(&self) -> usize {
        self.0.line
    }

    /// Returns the column in the line, in bytes, counted from 1.
    #[must_use]
    pub fn column(&self) -> usize {
        self.0.column
    }
}

/// Returns `true` if a property name needs no quotes in a path.
fn is_plain(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '@' | '$' | '…'))
}

fmt!(Display for DecodeError: self, f => {
    let Inner { message, line, column, path } = &*self.0;
    if !path.is_empty() {
        write!(f, "{}: ", self.path())?;
    }
    write!(f, "{message} at line {line} column {column}")
});

fmt!(Debug for DecodeError: self, f => write!(f, "DecodeError({:?})", self.to_string()));

impl std::error::Error for DecodeError {}
