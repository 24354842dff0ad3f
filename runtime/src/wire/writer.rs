//! Codec, writing. In: values in sequence. Out: JSON without whitespace.
//!
//! `serde_json` writes numbers and values of any type. Invariants: the JSON is the output of `serde_json`, except that
//! an integral float is written without a fraction. It is well-formed if each begin has its end.

use serde_json::Value as JsonValue;

use super::scan::{is_plain, plain_length};
use crate::body::File;

/// The reason why a value cannot be sent.
pub(crate) type Reason = &'static str;

/// The initial capacity, enough for a small document, in bytes.
const ROOM: usize = 128;

/// A writer of a JSON document.
///
/// ```
/// use clientwright_runtime::wire::Writer;
///
/// let mut writer = Writer::new();
/// writer.begin_object();
/// writer.key("sizes");
/// writer.begin_array();
/// writer.element();
/// writer.u64(3);
/// writer.element();
/// writer.null();
/// writer.end_array();
/// writer.end_object();
/// assert_eq!(writer.into_bytes(), br#"{"sizes":[3,null]}"#);
/// ```
#[derive(Debug)]
pub struct Writer {
    out: Vec<u8>,
    redacts: bool,
    /// The files, each with the offset of the `null` that represents it.
    files: Vec<(usize, File)>,
    /// The JSON of each value of a [`Secret`](crate::Secret), which must not be shown.
    pub(crate) secrets: Vec<String>,
    /// The reason why the document must not be sent: the first value that is not valid in JSON or in its type.
    pub(crate) problem: Option<Reason>,
}

impl Default for Writer {
    fn default() -> Self {
        Self::new()
    }
}

impl Writer {
    /// Creates an empty writer.
    #[must_use]
    pub fn new() -> Self {
        Self::reusing(String::new())
    }

    /// Creates an empty writer that uses the memory of a text.
    pub(crate) fn reusing(text: String) -> Self {
        let mut out = text.into_bytes();
        out.clear();
        out.reserve(ROOM);
        Self { out, redacts: false, files: Vec::new(), secrets: Vec::new(), problem: None }
    }

    /// Creates an empty writer for `Debug`, which writes secrets as `"[redacted]"`.
    #[must_use]
    pub fn redacting() -> Self {
        Self { redacts: true, ..Self::new() }
    }

    /// Returns `true` if secrets must be hidden.
    #[must_use]
    pub fn redacts(&self) -> bool {
        self.redacts
    }

    /// Returns the document.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.out
    }

    /// Stores the text from `start` on, and the texts of its files, so that they are not shown if a server repeats them.
    pub(crate) fn remember(&mut self, start: usize) {
        let json = std::str::from_utf8(self.written(start)).ok().map(str::to_owned);
        self.secrets.extend(json);
        #[cfg(feature = "client")]
        for (_, file) in self.files.iter().filter(|(at, _)| *at >= start) {
            let content = file.content.bytes().unwrap_or_default();
            self.secrets.extend(std::str::from_utf8(&content).ok().map(|text| super::traits::to_string(&text)));
        }
    }

    /// Writes the output of `write` as a JSON string.
    pub(crate) fn contained(&mut self, write: impl FnOnce(&mut Self)) {
        let mut inner = Self { redacts: self.redacts, ..Self::new() };
        write(&mut inner);
        self.secrets.append(&mut inner.secrets);
        self.problem = self.problem.or(inner.problem);
        self.str(&inner.into_parts().0);
    }

    /// Stores the reason why the document must not be sent, unless there already is one.
    pub(crate) fn refuse(&mut self, reason: Reason) {
        self.problem.get_or_insert(reason);
    }

    /// Returns the text from `start` on.
    pub(crate) fn written(&self, start: usize) -> &[u8] {
        self.out.get(start..).unwrap_or_default()
    }

    /// Returns the position of the next value.
    pub(crate) fn position(&self) -> usize {
        self.out.len()
    }

    /// Inserts the first property of the object that begins at `start`.
    pub(crate) fn insert_property(&mut self, start: usize, name: &str, value: impl FnOnce(&mut Self)) {
        let is_empty = self.out.get(start + 1) == Some(&b'}');
        let mut inserted = Self::new();
        inserted.key(name);
        value(&mut inserted);
        if !is_empty {
            inserted.out.push(b',');
        }
        let length = inserted.out.len();
        self.out.splice(start + 1..=start, inserted.out);
        self.files.iter_mut().filter(|(at, _)| *at > start).for_each(|(at, _)| *at += length);
    }

    /// Returns the document and its files, each with the offset of the `null` that represents it.
    pub(crate) fn into_parts(self) -> (String, Vec<(usize, File)>) {
        let json = String::from_utf8(self.out);
        debug_assert!(json.is_ok(), "only UTF-8 is written");
        (json.unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()), self.files)
    }

    /// Writes `null` and stores the file. Its offset identifies it, so no other value can be mistaken for a file.
    pub(crate) fn file(&mut self, file: &File) {
        self.files.push((self.out.len(), file.clone()));
        self.null();
    }

    /// Writes a comma, except at the beginning and after a bracket or a colon. (The last byte of a string is its
    /// quote.)
    #[inline]
    fn comma(&mut self) {
        if !matches!(self.out.last(), None | Some(b'{' | b'[' | b':')) {
            self.out.push(b',');
        }
    }

    /// Starts an object. Properties follow: a [`key`](Self::key) and a value each.
    pub fn begin_object(&mut self) {
        self.out.push(b'{');
    }

    /// Starts a property. Its value follows.
    pub fn key(&mut self, key: &str) {
        self.comma();
        if !is_plain(key.as_bytes()) {
            self.escaped(key.as_bytes());
            return self.out.push(b':');
        }
        self.out.push(b'"');
        self.out.extend_from_slice(key.as_bytes());
        self.out.extend_from_slice(b"\":");
    }

    /// Ends an object.
    pub fn end_object(&mut self) {
        self.out.push(b'}');
    }

    /// Starts an array. Elements follow: [`element`](Self::element) and a value each.
    pub fn begin_array(&mut self) {
        self.out.push(b'[');
    }

    /// Starts an element. Its value follows.
    pub fn element(&mut self) {
        self.comma();
    }

    /// Ends an array.
    pub fn end_array(&mut self) {
        self.out.push(b']');
    }

    /// Writes `null`.
    pub fn null(&mut self) {
        self.out.extend_from_slice(b"null");
    }

    /// Writes `true` or `false`.
    pub fn bool(&mut self, value: bool) {
        self.out.extend_from_slice(if value { b"true" } else { b"false" });
    }

    /// Writes a signed integer.
    pub fn i64(&mut self, value: i64) {
        self.by_serde(&value);
    }

    /// Writes an unsigned integer.
    pub fn u64(&mut self, value: u64) {
        self.by_serde(&value);
    }

    /// Writes the shortest number that is parsed as `value`: `10` instead of `10.0`, which some servers do not accept
    /// as an integer. A value that is not finite is written as `null`, and must not be sent.
    pub fn f64(&mut self, value: f64) {
        match whole(value) {
            Some(integer) => self.i64(integer),
            None => {
                if !value.is_finite() {
                    self.refuse("has a number that is not finite");
                }
                self.by_serde(&value);
            }
        }
    }

    /// Writes a number like [`f64`](Self::f64).
    pub fn f32(&mut self, value: f32) {
        match whole(f64::from(value)) {
            Some(integer) => self.i64(integer),
            None if value.is_finite() => self.by_serde(&value),
            None => self.f64(f64::from(value)),
        }
    }

    /// Writes a string.
    pub fn str(&mut self, value: &str) {
        if !is_plain(value.as_bytes()) {
            return self.escaped(value.as_bytes());
        }
        self.out.push(b'"');
        self.out.extend_from_slice(value.as_bytes());
        self.out.push(b'"');
    }

    /// Writes a string that has escapes.
    #[inline(never)]
    fn escaped(&mut self, mut text: &[u8]) {
        self.out.push(b'"');
        while let (plain, [special, rest @ ..]) = text.split_at(plain_length(text)) {
            self.out.extend_from_slice(plain);
            match special {
                b'"' => self.out.extend_from_slice(b"\\\""),
                b'\\' => self.out.extend_from_slice(b"\\\\"),
                b'\n' => self.out.extend_from_slice(b"\\n"),
                b'\r' => self.out.extend_from_slice(b"\\r"),
                b'\t' => self.out.extend_from_slice(b"\\t"),
                0x08 => self.out.extend_from_slice(b"\\b"),
                0x0c => self.out.extend_from_slice(b"\\f"),
                _ => {
                    let digit = |half: u8| if half < 10 { b'0' + half } else { b'a' + half - 10 };
                    self.out.extend_from_slice(b"\\u00");
                    self.out.extend([digit(special >> 4), digit(special & 0x0f)]);
                }
            }
            text = rest;
        }
        self.out.extend_from_slice(text);
        self.out.push(b'"');
    }

    /// Writes any value.
    pub fn value(&mut self, value: &JsonValue) {
        self.by_serde(value);
    }

    /// Writes a JSON value verbatim. It must not have whitespace around it.
    pub(crate) fn raw(&mut self, json: &str) {
        self.out.extend_from_slice(json.as_bytes());
    }

    /// Writes a value with `serde_json`, which writes a float with a fraction.
    #[inline]
    pub(super) fn by_serde<T: serde_core::Serialize + ?Sized>(&mut self, value: &T) {
        let written = serde_json::to_writer(&mut self.out, value);
        debug_assert!(written.is_ok(), "writing these to memory cannot fail");
    }
}

/// Returns the integer value of a float, if each integer of its size is a float. Returns `None` for `-0.0`.
#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, clippy::float_cmp, reason = "it is compared")]
fn whole(value: f64) -> Option<i64> {
    let integer = value as i64;
    let is_exact = integer as f64 == value && integer.unsigned_abs() < 1 << f64::MANTISSA_DIGITS;
    (is_exact && (integer != 0 || value.is_sign_positive())).then_some(integer)
}
