//! Codec, decode errors: a problem, where it is in the text, and the path of the value that has it.
//!
//! Everything here is `#[cold]`: a document that decodes never comes by. An error never repeats text of the document
//! other than property names on the path, so a secret value cannot get out through it.

use std::borrow::Cow;
use std::fmt;

use jiter::{JiterError, LinePosition};

/// Longest property name that is repeated in a path, in characters; longer ones are cut.
const LONGEST_KEY: usize = 64;

/// Why a JSON document could not be decoded, and where.
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
    /// From the innermost value outwards: the order in which decoding unwinds.
    path: Vec<Step>,
}

#[derive(Clone, PartialEq, Eq)]
enum Step {
    Key(String),
    Index(usize),
}

impl DecodeError {
    /// An error at a byte of the document.
    #[cold]
    pub(crate) fn new(json: &[u8], offset: usize, message: impl Into<Cow<'static, str>>) -> Self {
        let LinePosition { line, column } = LinePosition::find(json, offset);
        Self::at_line(line, column, message.into())
    }

    /// An error at a line and column that are known already.
    #[cold]
    pub(crate) fn at_line(line: usize, column: usize, message: Cow<'static, str>) -> Self {
        let path = Vec::new();
        Self(Box::new(Inner { message, line, column, path }))
    }

    /// An error of the JSON grammar. `base` is where the parser's text begins within `json`.
    #[cold]
    pub(crate) fn syntax(json: &[u8], base: usize, error: &JiterError) -> Self {
        Self::new(json, base.saturating_add(error.index), error.error_type.to_string())
    }

    /// The error, seen from the object that has the failing value under `key`.
    #[cold]
    #[must_use]
    pub fn in_key(mut self, key: &str) -> Self {
        let cut = key.char_indices().nth(LONGEST_KEY);
        let key = match cut.and_then(|(end, _)| key.get(..end)) {
            Some(start) => format!("{start}…"),
            None => key.to_owned(),
        };
        self.0.path.push(Step::Key(key));
        self
    }

    /// The error, seen from the array that has the failing value as its element `index`.
    #[cold]
    #[must_use]
    pub fn in_index(mut self, index: usize) -> Self {
        self.0.path.push(Step::Index(index));
        self
    }

    /// What is wrong, without the place: `expected string, found number`.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Path of the value that is wrong, from the root: `data[3].state`. Empty for the root itself.
    #[must_use]
    pub fn path(&self) -> String {
        let mut path = String::new();
        for step in self.0.path.iter().rev() {
            match step {
                Step::Index(index) => path.push_str(&format!("[{index}]")),
                Step::Key(key) if !is_plain(key) => path.push_str(&format!("[{key:?}]")),
                Step::Key(key) => {
                    if !path.is_empty() {
                        path.push('.');
                    }
                    path.push_str(key);
                }
            }
        }
        path
    }

    /// Line of the document, counted from 1.
    #[must_use]
    pub fn line(&self) -> usize {
        self.0.line
    }

    /// Column within the line, counted in bytes from 1.
    #[must_use]
    pub fn column(&self) -> usize {
        self.0.column
    }
}

/// Whether a property name can stand in a path without quotes.
fn is_plain(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '@' | '$' | '…'))
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { message, line, column, path } = &*self.0;
        if !path.is_empty() {
            write!(f, "{}: ", self.path())?;
        }
        write!(f, "{message} at line {line} column {column}")
    }
}

impl fmt::Debug for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DecodeError({:?})", self.to_string())
    }
}

impl std::error::Error for DecodeError {}
