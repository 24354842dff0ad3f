//! Codec, reading. In: JSON. Out: its values in sequence.
//!
//! `jiter` reads numbers and strings with escapes, `serde_json` skips values. The rest is here: brackets, commas,
//! strings without escapes, depth, and positions of errors. Invariants: this module is not generic over the values, so
//! it is compiled once. No input makes it panic or recurse deeper than [`DEPTH_LIMIT`].

#![expect(clippy::redundant_closure_for_method_calls, reason = "a path to a method is for readers of one lifetime")]

mod lenient;

use std::borrow::Cow;
use std::mem;

use jiter::{Jiter, JiterResult, NumberInt, Peek};
use serde_core::de::IgnoredAny;
use serde_json::Value as JsonValue;

use super::error::DecodeError;
use super::json_type::{JsonObject, JsonType};

pub(crate) use lenient::Leniency;

/// The maximum number of open arrays and objects while JSON is read. The limit of `serde_json`.
pub const DEPTH_LIMIT: u32 = 127;

// The wording of serde_json and jiter, which find the other errors.
const END_OF_VALUE: &str = "EOF while parsing a value";
const END_OF_ARRAY: &str = "EOF while parsing a list";
const END_OF_OBJECT: &str = "EOF while parsing an object";
const TRAILING_COMMA: &str = "trailing comma";

/// A reader of a JSON document, value by value.
///
/// Each method skips the whitespace before the value. After an error the reader must not be used any more.
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
    /// The number of bytes that have been read.
    at: usize,
    depth: u32,
    leniency: Leniency,
    /// The last string that had escapes.
    unescaped: String,
    /// The buffer in which jiter unescapes strings.
    tape: Vec<u8>,
}

impl<'j> Reader<'j> {
    /// Creates a reader of a document.
    #[must_use]
    pub fn new(json: &'j [u8]) -> Self {
        Self { json, at: 0, depth: 0, leniency: Leniency::Exact, unescaped: String::new(), tape: Vec::new() }
    }

    /// Creates a reader of a response.
    pub(crate) fn lenient(json: &'j [u8], leniency: Leniency) -> Self {
        Self { leniency, ..Self::new(json) }
    }

    /// The leniency of the reader.
    pub(crate) fn leniency(&self) -> Leniency {
        self.leniency
    }

    /// A second reader at the same position, to read ahead.
    pub(crate) fn ahead(&self) -> Self {
        Self { at: self.at, depth: self.depth, ..Self::lenient(self.json, self.leniency) }
    }

    /// Returns the number of bytes that have been read.
    #[must_use]
    pub fn position(&self) -> usize {
        self.at
    }

    /// Creates an error at the position of the reader.
    #[cold]
    pub fn error(&self, message: impl Into<Cow<'static, str>>) -> DecodeError {
        self.error_at(self.at, message)
    }

    /// Creates an error at an earlier position.
    #[cold]
    pub(crate) fn error_at(&self, position: usize, message: impl Into<Cow<'static, str>>) -> DecodeError {
        DecodeError::new(self.json, position, message)
    }

    #[inline]
    fn rest(&self) -> &'j [u8] {
        self.between(self.at, self.json.len())
    }

    /// The bytes between two positions in the document.
    #[inline]
    fn between(&self, start: usize, end: usize) -> &'j [u8] {
        debug_assert!(start <= end && end <= self.json.len(), "{start}..{end} is not in the document");
        self.json.get(start..end).unwrap_or_default()
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

    /// Returns the type of the next value, without reading or validating it.
    ///
    /// # Errors
    /// Returns an error if the document ends, or no value begins here.
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

    /// A number without a fraction and an exponent is an integer.
    fn number_type(&self) -> JsonType {
        let end = self.rest().iter().find(|byte| !matches!(byte, b'-' | b'0'..=b'9'));
        if matches!(end, Some(b'.' | b'e' | b'E')) { JsonType::Number } else { JsonType::Integer }
    }

    /// Creates the error for a next value of another type than expected.
    #[cold]
    pub fn mismatch(&mut self, expected: &'static str) -> DecodeError {
        match self.peek_type() {
            Ok(JsonType::Integer) => self.error(format!("expected {expected}, found number")),
            Ok(found) => self.error(format!("expected {expected}, found {found}")),
            Err(error) => error,
        }
    }

    /// Checks that the document ends here.
    ///
    /// # Errors
    /// Returns an error if anything except whitespace follows.
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

    /// Reads `null`, if it is the next value. Returns `true` if it was.
    ///
    /// # Errors
    /// Returns an error if the next value is not JSON.
    #[inline]
    pub fn null(&mut self) -> Result<bool, DecodeError> {
        if self.peek()? != b'n' {
            return Ok(false);
        }
        self.literal("null")?;
        Ok(true)
    }

    /// Reads `true` or `false`. In a response, 1 and 0 are accepted, and quotes around any of these.
    ///
    /// # Errors
    /// Returns an error if the next value has another type.
    pub fn bool(&mut self) -> Result<bool, DecodeError> {
        match self.peek()? {
            b't' => self.literal("true").map(|()| true),
            b'f' => self.literal("false").map(|()| false),
            _ => self.flag().ok_or_else(|| self.mismatch("boolean")),
        }
    }

    /// Reads a string, unescaped.
    ///
    /// # Errors
    /// Returns an error if the next value has another type, or is not valid UTF-8.
    pub fn str(&mut self) -> Result<&str, DecodeError> {
        if self.peek()? != b'"' {
            return Err(self.mismatch("string"));
        }
        match self.plain_str()? {
            Some(text) => Ok(text),
            None => self.escaped_str(),
        }
    }

    /// Reads a string, unescaped. In a response, it may be the text of another value.
    ///
    /// # Errors
    /// Returns an error if the next value has another type, or is not valid UTF-8.
    pub fn text(&mut self) -> Result<&str, DecodeError> {
        if self.peek()? == b'"' { self.str() } else { self.unquoted() }
    }

    /// Reads the string at the opening quote, if it has no escapes.
    #[inline]
    fn plain_str(&mut self) -> Result<Option<&'j str>, DecodeError> {
        let start = self.at + 1;
        let end = start + plain_length(self.between(start, self.json.len()));
        if self.json.get(end) != Some(&b'"') {
            return Ok(None);
        }
        match std::str::from_utf8(self.between(start, end)) {
            Ok(text) => {
                self.at = end + 1;
                Ok(Some(text))
            }
            Err(error) => Err(self.error_at(start + error.valid_up_to(), "invalid unicode code point")),
        }
    }

    /// Reads the string at the opening quote, which has escapes or is not well-formed.
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

    /// Reads a string and parses it. The error has the position of the string, but not its content. `expected` names
    /// the expected format.
    ///
    /// # Errors
    /// Returns an error if the next value is not a string, or `parse` returns `None`.
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
        parsed.ok_or_else(|| self.error_at(start, format!("expected {expected}, found another string")))
    }

    /// The first byte of the number here. `None` if no number begins here.
    #[inline]
    fn number_start(&mut self) -> Result<Option<u8>, DecodeError> {
        let first = self.peek()?;
        Ok(matches!(first, b'-' | b'0'..=b'9').then_some(first))
    }

    /// Reads a signed integer. A number with a fraction or an exponent is not an integer, nor is `-0`, as in
    /// `serde_json`. In a response, a zero fraction and quotes are accepted.
    ///
    /// # Errors
    /// Returns an error if the next value has another type or is out of range.
    pub fn i64(&mut self) -> Result<i64, DecodeError> {
        let Some(first) = self.number_start()? else { return self.quoted("integer", |reader| reader.i64()) };
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

    /// Reads an unsigned integer, see [`Reader::i64`].
    ///
    /// # Errors
    /// Returns an error if the next value has another type or is out of range.
    pub fn u64(&mut self) -> Result<u64, DecodeError> {
        let Some(first) = self.number_start()? else { return self.quoted("integer", |reader| reader.u64()) };
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

    /// Reads a number as the nearest `f64`. In a response, it may be in quotes.
    ///
    /// # Errors
    /// Returns an error if the next value has another type or is out of range.
    pub fn f64(&mut self) -> Result<f64, DecodeError> {
        let Some(first) = self.number_start()? else { return self.quoted("number", |reader| reader.f64()) };
        let start = self.at;
        match self.number_text(first)?.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(value),
            _ => Err(self.out_of_range(start)),
        }
    }

    /// Reads a number as the nearest `f32`, see [`Reader::f64`].
    ///
    /// # Errors
    /// Returns an error if the next value has another type or is out of range.
    pub fn f32(&mut self) -> Result<f32, DecodeError> {
        let Some(first) = self.number_start()? else { return self.quoted("number", |reader| reader.f32()) };
        let start = self.at;
        match self.number_text(first)?.parse::<f32>() {
            Ok(value) if value.is_finite() => Ok(value),
            _ => Err(self.out_of_range(start)),
        }
    }

    /// Reads a number with all of its digits.
    ///
    /// # Errors
    /// Returns an error if the next value has another type.
    pub fn number(&mut self) -> Result<&'j str, DecodeError> {
        match self.number_start()? {
            Some(first) => self.number_text(first),
            None => Err(self.mismatch("number")),
        }
    }

    /// Reads a number with jiter. If jiter cannot read it, the reader does not move.
    #[inline]
    fn by_jiter<T>(&mut self, read: impl FnOnce(&mut Jiter<'j>) -> JiterResult<T>) -> Option<T> {
        let mut jiter = Jiter::new(self.rest());
        let value = read(&mut jiter).ok()?;
        self.at += jiter.current_index();
        Some(value)
    }

    /// Reads the number here with all of its digits.
    fn number_text(&mut self, first: u8) -> Result<&'j str, DecodeError> {
        let start = self.at;
        if self.by_jiter(|jiter| jiter.known_number_bytes(Peek::new(first)).map(drop)).is_none() {
            // The number is malformed, or has more digits than jiter accepts.
            self.skip_by_serde()?;
        }
        let text = self.between(start, self.at);
        std::str::from_utf8(text).map_err(|_| self.error_at(start, "invalid number"))
    }

    /// Reads the integer here, which is not an `i64`.
    #[cold]
    fn wide_integer(&mut self, first: u8) -> Result<i128, DecodeError> {
        let start = self.at;
        let text = self.number_text(first)?;
        if !text.contains(['.', 'e', 'E']) {
            return text.parse().map_err(|_| self.out_of_range(start));
        }
        let whole = self.is_lenient().then(|| lenient::whole(text)).flatten();
        whole.ok_or_else(|| self.not_an_integer(start))
    }

    #[cold]
    fn not_an_integer(&self, start: usize) -> DecodeError {
        self.error_at(start, "expected integer, found floating-point number")
    }

    /// Creates the error for a number beyond the range of its type.
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

    /// Starts reading an array. Returns `true` if it has a first element, which is the next value, and `false` if the
    /// array is empty and has been read. In a response, `null` and an empty object are read as an empty array.
    ///
    /// # Errors
    /// Returns an error if the next value has another type, or is nested too deeply.
    pub fn array_start(&mut self) -> Result<bool, DecodeError> {
        if self.peek()? != b'[' {
            let is_empty = self.is_empty_by_null()? || self.is_empty_between(b'{', b'}');
            return if is_empty { Ok(false) } else { Err(self.mismatch("array")) };
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

    /// Moves to the next element. Returns `false` at the end of the array.
    ///
    /// # Errors
    /// Returns an error if neither a comma nor the end of the array follows.
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

    /// Starts reading an object. Returns the name of the first property, whose value is the next value, or `None` if
    /// the object is empty and has been read. In a response, an empty array is read as an empty object.
    ///
    /// # Errors
    /// Returns an error if the next value has another type, or is nested too deeply.
    pub fn object_start(&mut self) -> Result<Option<Cow<'j, str>>, DecodeError> {
        if self.peek()? != b'{' {
            return if self.is_empty_between(b'[', b']') { Ok(None) } else { Err(self.mismatch("object")) };
        }
        self.enter()?;
        if self.token() == Some(b'}') {
            self.leave();
            return Ok(None);
        }
        self.key().map(Some)
    }

    /// Like [`object_start`](Self::object_start), for an object with any properties. In a response, `null` is read as
    /// an empty object.
    ///
    /// # Errors
    /// Returns an error if the next value has another type, or is nested too deeply.
    pub(crate) fn map_start(&mut self) -> Result<Option<Cow<'j, str>>, DecodeError> {
        if self.is_empty_by_null()? { Ok(None) } else { self.object_start() }
    }

    /// Moves to the next property. Returns its name, or `None` at the end of the object.
    ///
    /// # Errors
    /// Returns an error if neither a comma and a name nor the end of the object follows.
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

    /// Reads a name and its colon.
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

    /// Skips a value of any depth.
    ///
    /// # Errors
    /// Returns an error if the value is malformed. As in `serde_json`, the content of strings is not checked.
    pub fn skip(&mut self) -> Result<(), DecodeError> {
        if self.peek()? == b'"' {
            let start = self.at + 1;
            let end = start + plain_length(self.between(start, self.json.len()));
            if self.json.get(end) == Some(&b'"') {
                self.at = end + 1;
                return Ok(());
            }
        }
        self.skip_by_serde()
    }

    /// Skips a value with `serde_json`, which does not recurse.
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

    /// Converts an error of `serde_json`, which counts lines from here.
    #[cold]
    fn skip_error(&self, error: &serde_json::Error) -> DecodeError {
        let lines = self.rest().split_inclusive(|byte| *byte == b'\n');
        let before: usize = lines.take(error.line().saturating_sub(1)).map(<[u8]>::len).sum();
        let offset = self.at + before + error.column().saturating_sub(1);
        let text = error.to_string();
        let message = text.rsplit_once(" at line ").map_or(text.as_str(), |(message, _)| message);
        self.error_at(offset, message.to_owned())
    }

    /// Skips a value and returns its JSON.
    ///
    /// # Errors
    /// Returns an error if the value is malformed or not valid UTF-8.
    pub fn raw(&mut self) -> Result<&'j str, DecodeError> {
        self.peek()?;
        let start = self.at;
        self.skip()?;
        let raw = self.between(start, self.at);
        std::str::from_utf8(raw)
            .map_err(|error| self.error_at(start + error.valid_up_to(), "invalid unicode code point"))
    }

    /// Reads a value of any type.
    ///
    /// # Errors
    /// Returns an error if the value is malformed or nested too deeply.
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

    /// Reads an object with any properties.
    ///
    /// # Errors
    /// Returns an error if the next value has another type, or is nested too deeply.
    pub fn object(&mut self) -> Result<JsonObject, DecodeError> {
        let mut object = JsonObject::new();
        let mut key = self.map_start()?;
        while let Some(name) = key {
            let value = self.value().map_err(|error| error.in_key(&name))?;
            object.insert(name.into_owned(), value);
            key = self.object_next()?;
        }
        Ok(object)
    }

    fn json_number(&mut self) -> Result<serde_json::Number, DecodeError> {
        let start = self.at;
        // The parser of serde_json, so that both agree on every digit and on `arbitrary_precision`.
        self.number()?.parse().map_err(|_| self.out_of_range(start))
    }
}

/// The number of bytes before the first escape, quote or control character in the content of a string. It tests sixteen
/// bytes without an early exit, so that the compiler can vectorize the test.
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
