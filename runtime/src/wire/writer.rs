//! Codec, writing: values come in one after the other, JSON text without whitespace goes out.
//!
//! Strings, numbers and free-form values are written by `serde_json`, so the text is what it would write. Invariant: nothing
//! here is generic over the values, and what is written is well-formed as long as starts and ends are paired.

use crate::{File, JsonValue};

use super::Encode;
use super::marker::EncodeAs;
use super::object::{EncodeAdditional, Presence};

/// Writes one JSON document.
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
#[derive(Debug, Default)]
pub struct Writer {
    out: Vec<u8>,
    redacts: bool,
    /// The files among the values, each with the place of the `null` that stands for it.
    files: Vec<(usize, File)>,
}

impl Writer {
    /// Writes a document.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes a document for people to read: secrets are written as `"[redacted]"`.
    #[must_use]
    pub fn redacting() -> Self {
        Self { redacts: true, ..Self::default() }
    }

    /// Whether secrets have to be hidden.
    #[must_use]
    pub fn redacts(&self) -> bool {
        self.redacts
    }

    /// The document.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.out
    }

    /// The document, and the files that it has no form for, each with the offset of the `null` that stands for it.
    pub(crate) fn into_parts(self) -> (Vec<u8>, Vec<(usize, File)>) {
        (self.out, self.files)
    }

    /// Writes `null` and keeps the file. That the place identifies it is why nothing can be mistaken for a file.
    pub(crate) fn file(&mut self, file: &File) {
        self.files.push((self.out.len(), file.clone()));
        self.null();
    }

    /// Only a bracket, a colon or nothing at all needs no comma after it. (A string's last byte is its quote.)
    #[inline]
    fn comma(&mut self) {
        if !matches!(self.out.last(), None | Some(b'{' | b'[' | b':')) {
            self.out.push(b',');
        }
    }

    /// Begins an object; properties follow, each a [`key`](Self::key) and a value.
    pub fn begin_object(&mut self) {
        self.out.push(b'{');
    }

    /// Begins a property; its value follows.
    pub fn key(&mut self, key: &str) {
        // Room for the name, its quotes, the comma and the colon at once.
        self.out.reserve(key.len() + 4);
        self.comma();
        self.str(key);
        self.out.push(b':');
    }

    /// Ends an object.
    pub fn end_object(&mut self) {
        self.out.push(b'}');
    }

    /// Begins an array; elements follow, each [announced](Self::element).
    pub fn begin_array(&mut self) {
        self.out.push(b'[');
    }

    /// Begins an element; its value follows.
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

    /// Writes the shortest number that is read back as `value`; `null` if it is not finite, for which JSON has no number.
    pub fn f64(&mut self, value: f64) {
        self.by_serde(&value);
    }

    /// Writes the shortest number that is read back as `value`; `null` if it is not finite, for which JSON has no number.
    pub fn f32(&mut self, value: f32) {
        self.by_serde(&value);
    }

    /// Writes a number with the digits that it has.
    pub fn number(&mut self, value: &crate::Decimal) {
        self.out.extend_from_slice(value.as_str().as_bytes());
    }

    /// Writes a string.
    pub fn str(&mut self, value: &str) {
        if !is_plain(value) {
            return self.by_serde(value);
        }
        self.out.reserve(value.len() + 2);
        self.out.push(b'"');
        self.out.extend_from_slice(value.as_bytes());
        self.out.push(b'"');
    }

    /// Writes any value.
    pub fn value(&mut self, value: &JsonValue) {
        self.by_serde(value);
    }

    /// Writes `json` as it is. It must be one JSON value without whitespace around it.
    pub(crate) fn raw(&mut self, json: &str) {
        self.out.extend_from_slice(json.as_bytes());
    }

    #[inline]
    fn by_serde<T: serde_core::Serialize + ?Sized>(&mut self, value: &T) {
        // Writing one of these to memory cannot fail.
        let _ = serde_json::to_writer(&mut self.out, value);
    }

    /// Writes a property, unless it is optional and absent. What the `object!` macros write per field.
    #[doc(hidden)]
    #[inline]
    pub fn field<M: EncodeAs<T>, P: Presence, T>(&mut self, key: &'static str, value: &T) {
        if !(P::OPTIONAL && M::is_absent(value)) {
            self.key(key);
            M::encode_as(value, self);
        }
    }

    /// Writes the map of additional properties.
    #[doc(hidden)]
    #[inline]
    pub fn additional<M: EncodeAdditional<T>, T>(&mut self, declared: &[&str], rest: &T) {
        M::encode_entries(rest, declared, self);
    }

    /// Writes one array out of values.
    pub(crate) fn array<'v, T: Encode + 'v>(&mut self, values: impl IntoIterator<Item = &'v T>) {
        self.begin_array();
        for value in values {
            self.element();
            value.encode(self);
        }
        self.end_array();
    }
}

/// Whether a string needs no escape. Without an early exit, so that the compiler can look at many bytes at a time.
fn is_plain(text: &str) -> bool {
    let special =
        text.bytes().fold(0, |special, byte| special | u8::from(byte < 0x20 || byte == b'"' || byte == b'\\'));
    special == 0
}
