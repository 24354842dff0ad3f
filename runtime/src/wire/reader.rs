//! Codec, reading: JSON text comes in, values are pulled out of it one after the other.
//!
//! Numbers and strings with escapes are `jiter`'s, skipping is `serde_json`'s. What is done here is what lies between them:
//! brackets, commas, plain strings, depth, and places for errors. Invariant: nothing here is generic over the values, so it is
//! compiled once, and no input makes it panic or recurse deeper than [`DEPTH_LIMIT`].

use std::borrow::Cow;
use std::mem;

use jiter::{Jiter, JiterResult, NumberInt, Peek};
use serde_core::de::IgnoredAny;

use super::DEPTH_LIMIT;
use super::error::DecodeError;
use super::json_type::JsonType;
use crate::{JsonObject, JsonValue};

// Wording as in serde_json and jiter, which find the other errors.
const END_OF_VALUE: &str = "EOF while parsing a value";
const END_OF_ARRAY: &str = "EOF while parsing a list";
const END_OF_OBJECT: &str = "EOF while parsing an object";
const TRAILING_COMMA: &str = "trailing comma";

/// A pull parser over one JSON document.
///
/// Every method eats the whitespace before the value that it reads. After an error the reader is of no further use.
///
/// ```
/// use clientwright_runtime::wire::Reader;
///
/// let mut reader = Reader::new(br#"{"name": "Ada", "born": 1815}"#);
/// let mut key = reader.object_start()?;
/// while let Some(name) = key {
///     match &*name {
///         "name" => assert_eq!(reader.str()?, "Ada"),
///         _ => reader.skip()?,
///     }
///     key = reader.object_next()?;
/// }
/// reader.finish()?;
/// # Ok::<(), clientwright_runtime::wire::DecodeError>(())
/// ```
#[derive(Debug)]
pub struct Reader<'j> {
    json: &'j [u8],
    /// How far `json` has been read.
    at: usize,
    depth: u32,
    /// The last string that had escapes.
    unescaped: String,
    /// Where jiter unescapes strings; kept for its capacity.
    tape: Vec<u8>,
}

impl<'j> Reader<'j> {
    /// Reads one document.
    #[must_use]
    pub fn new(json: &'j [u8]) -> Self {
        Self { json, at: 0, depth: 0, unescaped: String::new(), tape: Vec::new() }
    }

    /// A second reader that stands where this one does, to look ahead.
    pub(crate) fn ahead(&self) -> Self {
        Self { at: self.at, depth: self.depth, ..Self::new(self.json) }
    }

    /// How many bytes have been read.
    #[must_use]
    pub fn position(&self) -> usize {
        self.at
    }

    /// An error at the place that the reader has reached.
    #[cold]
    pub fn error(&self, message: impl Into<Cow<'static, str>>) -> DecodeError {
        self.error_at(self.at, message)
    }

    /// An error at a place that the reader has passed.
    #[cold]
    pub(crate) fn error_at(&self, position: usize, message: impl Into<Cow<'static, str>>) -> DecodeError {
        DecodeError::new(self.json, position, message)
    }

    #[inline]
    fn rest(&self) -> &'j [u8] {
        self.json.get(self.at..).unwrap_or_default()
    }

    /// The first byte of the next token.
    #[inline]
    fn token(&mut self) -> Option<u8> {
        loop {
            match self.json.get(self.at) {
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.at += 1,
                byte => return byte.copied(),
            }
        }
    }

    /// The first byte of the next value.
    #[inline]
    fn peek(&mut self) -> Result<u8, DecodeError> {
        match self.token() {
            Some(byte) => Ok(byte),
            None => Err(self.error(END_OF_VALUE)),
        }
    }

    /// What kind of value comes next; it is not consumed, nor is it known to be well-formed.
    ///
    /// # Errors
    /// If the text ends, or what comes next cannot begin a value.
    pub fn peek_type(&mut self) -> Result<JsonType, DecodeError> {
        Ok(match self.peek()? {
            b'n' => JsonType::Null,
            b't' | b'f' => JsonType::Boolean,
            b'"' => JsonType::String,
            b'[' => JsonType::Array,
            b'{' => JsonType::Object,
            b'-' | b'0'..=b'9' => self.number_type(),
            _ => return Err(self.error("expected value")),
        })
    }

    /// A number written without fraction and exponent is an integer.
    fn number_type(&self) -> JsonType {
        let end = self.rest().iter().find(|byte| !matches!(byte, b'-' | b'0'..=b'9'));
        if matches!(end, Some(b'.' | b'e' | b'E')) { JsonType::Number } else { JsonType::Integer }
    }

    /// The next value is of another kind than the type allows.
    #[cold]
    pub fn mismatch(&mut self, expected: &'static str) -> DecodeError {
        match self.peek_type() {
            Ok(JsonType::Integer) => self.error(format!("expected {expected}, found number")),
            Ok(found) => self.error(format!("expected {expected}, found {found}")),
            Err(error) => error,
        }
    }

    /// Ends the document.
    ///
    /// # Errors
    /// If anything but whitespace follows.
    pub fn finish(&mut self) -> Result<(), DecodeError> {
        match self.token() {
            None => Ok(()),
            Some(_) => Err(self.error("trailing characters")),
        }
    }

    #[inline]
    fn literal(&mut self, literal: &'static str) -> Result<(), DecodeError> {
        if !self.rest().starts_with(literal.as_bytes()) {
            return Err(self.error(format!("expected {literal}")));
        }
        self.at += literal.len();
        Ok(())
    }

    /// Consumes `null` if that is what comes next.
    ///
    /// # Errors
    /// If the text is not JSON.
    #[inline]
    pub fn null(&mut self) -> Result<bool, DecodeError> {
        if self.peek()? != b'n' {
            return Ok(false);
        }
        self.literal("null")?;
        Ok(true)
    }

    /// Reads `true` or `false`.
    ///
    /// # Errors
    /// If the next value is something else.
    pub fn bool(&mut self) -> Result<bool, DecodeError> {
        match self.peek()? {
            b't' => self.literal("true").map(|()| true),
            b'f' => self.literal("false").map(|()| false),
            _ => Err(self.mismatch("boolean")),
        }
    }

    /// Reads a string, unescaped.
    ///
    /// # Errors
    /// If the next value is something else, or the string is not valid UTF-8.
    pub fn str(&mut self) -> Result<&str, DecodeError> {
        if self.peek()? != b'"' {
            return Err(self.mismatch("string"));
        }
        match self.plain_str()? {
            Some(text) => Ok(text),
            None => self.escaped_str(),
        }
    }

    /// The string at the opening quote, if it has no escapes.
    #[inline]
    fn plain_str(&mut self) -> Result<Option<&'j str>, DecodeError> {
        let start = self.at + 1;
        let end = start + plain_length(self.json.get(start..).unwrap_or_default());
        if self.json.get(end) != Some(&b'"') {
            return Ok(None);
        }
        match std::str::from_utf8(self.json.get(start..end).unwrap_or_default()) {
            Ok(text) => {
                self.at = end + 1;
                Ok(Some(text))
            }
            Err(error) => Err(self.error_at(start + error.valid_up_to(), "invalid unicode code point")),
        }
    }

    /// The string at the opening quote, which has escapes or is wrong.
    fn escaped_str(&mut self) -> Result<&str, DecodeError> {
        let mut jiter = Jiter::with_tape(self.rest(), mem::take(&mut self.tape));
        self.unescaped.clear();
        match jiter.next_str() {
            Ok(text) => self.unescaped.push_str(text),
            Err(error) => return Err(DecodeError::syntax(self.json, self.at, &error)),
        }
        self.at += jiter.current_index();
        self.tape = jiter.into_tape();
        Ok(&self.unescaped)
    }

    /// Reads a string with `parse`. The error points at the string, and does not repeat it.
    ///
    /// # Errors
    /// If the next value is not a string, or `parse` finds nothing in it: `expected` says what it should have been.
    pub fn parse<T>(
        &mut self,
        expected: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, DecodeError> {
        if self.peek()? != b'"' {
            return Err(self.mismatch(expected));
        }
        let start = self.at;
        let parsed = parse(self.str()?);
        parsed.ok_or_else(|| self.error_at(start, format!("expected {expected}, found other text")))
    }

    /// Reads a signed integer. A number with fraction or exponent is none (nor is `-0`, as with `serde_json`).
    ///
    /// # Errors
    /// If the next value is something else or does not fit.
    pub fn i64(&mut self) -> Result<i64, DecodeError> {
        let first = self.peek_number("integer")?;
        let start = self.at;
        match self.by_jiter(|jiter| jiter.known_int(Peek::new(first))) {
            Some(NumberInt::Int(0)) if first == b'-' => Err(self.not_an_integer(start)),
            Some(NumberInt::Int(value)) => Ok(value),
            _ => {
                self.at = start;
                let wide = self.wide_integer(first)?;
                i64::try_from(wide).map_err(|_| self.out_of_range(start))
            }
        }
    }

    /// Reads an unsigned integer, as [`Reader::i64`] does a signed one.
    ///
    /// # Errors
    /// If the next value is something else or does not fit.
    pub fn u64(&mut self) -> Result<u64, DecodeError> {
        let first = self.peek_number("integer")?;
        let start = self.at;
        let wide = match self.by_jiter(|jiter| jiter.known_int(Peek::new(first))) {
            Some(NumberInt::Int(0)) if first == b'-' => return Err(self.not_an_integer(start)),
            Some(NumberInt::Int(value)) => i128::from(value),
            _ => {
                self.at = start;
                self.wide_integer(first)?
            }
        };
        u64::try_from(wide).map_err(|_| self.out_of_range(start))
    }

    /// Reads a number as the nearest `f64`.
    ///
    /// # Errors
    /// If the next value is something else or is beyond the range of the type.
    pub fn f64(&mut self) -> Result<f64, DecodeError> {
        let first = self.peek_number("number")?;
        let start = self.at;
        match self.number_text(first)?.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(value),
            _ => Err(self.out_of_range(start)),
        }
    }

    /// Reads a number as the nearest `f32`.
    ///
    /// # Errors
    /// If the next value is something else or is beyond the range of the type.
    pub fn f32(&mut self) -> Result<f32, DecodeError> {
        let first = self.peek_number("number")?;
        let start = self.at;
        match self.number_text(first)?.parse::<f32>() {
            Ok(value) if value.is_finite() => Ok(value),
            _ => Err(self.out_of_range(start)),
        }
    }

    /// Reads a number as it is written.
    ///
    /// # Errors
    /// If the next value is something else.
    pub fn number(&mut self) -> Result<&'j str, DecodeError> {
        let first = self.peek_number("number")?;
        self.number_text(first)
    }

    /// Reads a number with jiter. Leaves it unread if jiter cannot.
    #[inline]
    fn by_jiter<T>(&mut self, read: impl FnOnce(&mut Jiter<'j>) -> JiterResult<T>) -> Option<T> {
        let mut jiter = Jiter::new(self.rest());
        let value = read(&mut jiter).ok()?;
        self.at += jiter.current_index();
        Some(value)
    }

    #[inline]
    fn peek_number(&mut self, expected: &'static str) -> Result<u8, DecodeError> {
        match self.peek()? {
            first @ (b'-' | b'0'..=b'9') => Ok(first),
            _ => Err(self.mismatch(expected)),
        }
    }

    /// The number here, as it is written.
    fn number_text(&mut self, first: u8) -> Result<&'j str, DecodeError> {
        let start = self.at;
        if self.by_jiter(|jiter| jiter.known_number_bytes(Peek::new(first)).map(drop)).is_none() {
            // It is wrong, or has more digits than jiter takes.
            self.skip_by_serde()?;
        }
        let text = self.json.get(start..self.at).unwrap_or_default();
        std::str::from_utf8(text).map_err(|_| self.error_at(start, "invalid number"))
    }

    /// The integer here, which jiter cannot hold in an `i64`.
    #[cold]
    fn wide_integer(&mut self, first: u8) -> Result<i128, DecodeError> {
        let start = self.at;
        let text = self.number_text(first)?;
        if text.contains(['.', 'e', 'E']) {
            return Err(self.not_an_integer(start));
        }
        text.parse().map_err(|_| self.out_of_range(start))
    }

    #[cold]
    fn not_an_integer(&self, start: usize) -> DecodeError {
        self.error_at(start, "expected integer, found floating-point number")
    }

    /// A number at `start` does not fit its type.
    #[cold]
    pub(crate) fn out_of_range(&self, start: usize) -> DecodeError {
        self.error_at(start, "number out of range")
    }

    #[inline]
    fn enter(&mut self) -> Result<(), DecodeError> {
        if self.depth >= DEPTH_LIMIT {
            return Err(self.error("recursion limit exceeded"));
        }
        self.depth += 1;
        self.at += 1;
        Ok(())
    }

    #[inline]
    fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        self.at += 1;
    }

    /// Enters an array. `true` if it has a first element, which is read next; `false` if it was empty and is left again.
    ///
    /// # Errors
    /// If the next value is something else, or too many arrays and objects are open.
    pub fn array_start(&mut self) -> Result<bool, DecodeError> {
        if self.peek()? != b'[' {
            return Err(self.mismatch("array"));
        }
        self.enter()?;
        match self.token() {
            Some(b']') => {
                self.leave();
                Ok(false)
            }
            Some(_) => Ok(true),
            None => Err(self.error(END_OF_ARRAY)),
        }
    }

    /// Goes on to the next element. `false` if there is none: the array has been left.
    ///
    /// # Errors
    /// If neither a comma nor the end of the array follows.
    pub fn array_next(&mut self) -> Result<bool, DecodeError> {
        match self.token() {
            Some(b',') => {
                self.at += 1;
                if self.token() == Some(b']') { Err(self.error(TRAILING_COMMA)) } else { Ok(true) }
            }
            Some(b']') => {
                self.leave();
                Ok(false)
            }
            Some(_) => Err(self.error("expected `,` or `]`")),
            None => Err(self.error(END_OF_ARRAY)),
        }
    }

    /// Enters an object. Gives the first property's name, whose value is read next; `None` if it was empty and is left again.
    ///
    /// # Errors
    /// If the next value is something else, or too many arrays and objects are open.
    pub fn object_start(&mut self) -> Result<Option<Cow<'j, str>>, DecodeError> {
        if self.peek()? != b'{' {
            return Err(self.mismatch("object"));
        }
        self.enter()?;
        if self.token() == Some(b'}') {
            self.leave();
            return Ok(None);
        }
        self.key().map(Some)
    }

    /// Goes on to the next property's name. `None` if there is none: the object has been left.
    ///
    /// # Errors
    /// If neither a comma and a name nor the end of the object follows.
    pub fn object_next(&mut self) -> Result<Option<Cow<'j, str>>, DecodeError> {
        match self.token() {
            Some(b',') => {
                self.at += 1;
                self.key().map(Some)
            }
            Some(b'}') => {
                self.leave();
                Ok(None)
            }
            Some(_) => Err(self.error("expected `,` or `}`")),
            None => Err(self.error(END_OF_OBJECT)),
        }
    }

    /// A name and its colon.
    #[inline]
    fn key(&mut self) -> Result<Cow<'j, str>, DecodeError> {
        if self.token() != Some(b'"') {
            return Err(self.no_key());
        }
        let key = match self.plain_str()? {
            Some(key) => Cow::Borrowed(key),
            None => Cow::Owned(self.escaped_str()?.to_owned()),
        };
        match self.token() {
            Some(b':') => self.at += 1,
            Some(_) => return Err(self.error("expected `:`")),
            None => return Err(self.error(END_OF_OBJECT)),
        }
        Ok(key)
    }

    #[cold]
    fn no_key(&mut self) -> DecodeError {
        match self.token() {
            Some(b'}') => self.error(TRAILING_COMMA),
            Some(_) => self.error("key must be a string"),
            None => self.error(END_OF_OBJECT),
        }
    }

    /// Skips one value, however deep it is.
    ///
    /// # Errors
    /// If it is not well-formed. The characters of strings are not looked at, as with `serde_json`.
    pub fn skip(&mut self) -> Result<(), DecodeError> {
        if self.peek()? == b'"' {
            let start = self.at + 1;
            let end = start + plain_length(self.json.get(start..).unwrap_or_default());
            if self.json.get(end) == Some(&b'"') {
                self.at = end + 1;
                return Ok(());
            }
        }
        self.skip_by_serde()
    }

    /// `serde_json` skips without recursion, and is not particular about what it skips.
    fn skip_by_serde(&mut self) -> Result<(), DecodeError> {
        let mut values = serde_json::Deserializer::from_slice(self.rest()).into_iter::<IgnoredAny>();
        match values.next() {
            Some(Ok(IgnoredAny)) => {
                self.at += values.byte_offset();
                Ok(())
            }
            Some(Err(error)) => Err(self.skip_error(&error)),
            None => Err(self.error(END_OF_VALUE)),
        }
    }

    /// Translates a place that `serde_json` counted from here.
    #[cold]
    fn skip_error(&self, error: &serde_json::Error) -> DecodeError {
        let lines = self.rest().split_inclusive(|byte| *byte == b'\n');
        let before: usize = lines.take(error.line().saturating_sub(1)).map(<[u8]>::len).sum();
        let offset = self.at + before + error.column().saturating_sub(1);
        let text = error.to_string();
        let message = text.rsplit_once(" at line ").map_or(text.as_str(), |(message, _)| message);
        self.error_at(offset, message.to_owned())
    }

    /// Skips one value and gives its text.
    ///
    /// # Errors
    /// If it is not well-formed, or is not valid UTF-8.
    pub fn raw(&mut self) -> Result<&'j str, DecodeError> {
        self.peek()?;
        let start = self.at;
        self.skip()?;
        let raw = self.json.get(start..self.at).unwrap_or_default();
        std::str::from_utf8(raw)
            .map_err(|error| self.error_at(start + error.valid_up_to(), "invalid unicode code point"))
    }

    /// Reads any value.
    ///
    /// # Errors
    /// If it is not well-formed, or too many arrays and objects are open.
    pub fn value(&mut self) -> Result<JsonValue, DecodeError> {
        Ok(match self.peek_type()? {
            JsonType::Null => {
                self.null()?;
                JsonValue::Null
            }
            JsonType::Boolean => JsonValue::Bool(self.bool()?),
            JsonType::String => JsonValue::String(self.str()?.to_owned()),
            JsonType::Integer | JsonType::Number => JsonValue::Number(self.json_number()?),
            JsonType::Object => JsonValue::Object(self.object()?),
            JsonType::Array => {
                let mut elements = Vec::new();
                let mut more = self.array_start()?;
                while more {
                    let element = self.value().map_err(|error| error.in_index(elements.len()))?;
                    elements.push(element);
                    more = self.array_next()?;
                }
                JsonValue::Array(elements)
            }
        })
    }

    /// Reads an object whose properties may be anything.
    ///
    /// # Errors
    /// If the next value is something else, or too many arrays and objects are open.
    pub fn object(&mut self) -> Result<JsonObject, DecodeError> {
        let mut object = JsonObject::new();
        let mut key = self.object_start()?;
        while let Some(name) = key {
            let value = self.value().map_err(|error| error.in_key(&name))?;
            object.insert(name.into_owned(), value);
            key = self.object_next()?;
        }
        Ok(object)
    }

    fn json_number(&mut self) -> Result<serde_json::Number, DecodeError> {
        let start = self.at;
        // serde_json's own parser, so that both agree on every digit and on `arbitrary_precision`.
        self.number()?.parse().map_err(|_| self.out_of_range(start))
    }
}

/// How many bytes at the start of a string's content are neither escapes, quotes nor control characters. Sixteen at a time,
/// without an early exit within them, so that the compiler can look at them all at once.
#[inline]
fn plain_length(text: &[u8]) -> usize {
    let is_special = |byte: &u8| *byte < 0x20 || *byte == b'"' || *byte == b'\\';
    let mut length = 0;
    for chunk in text.chunks_exact(16) {
        if chunk.iter().fold(false, |special, byte| special | is_special(byte)) {
            break;
        }
        length += 16;
    }
    let rest = text.get(length..).unwrap_or_default();
    length + rest.iter().position(is_special).unwrap_or(rest.len())
}
