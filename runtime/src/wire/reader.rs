//! Codec, reading. In: JSON. Out: its values in sequence.
//!
//! `serde_json` reads strings with escapes and skips values. The rest is here: brackets, commas, numbers, strings
//! without escapes, depth, and positions of errors. Invariants: this module is not generic over the values, so
//! it is compiled once. No input makes it panic or recurse deeper than [`DEPTH_LIMIT`].

#![expect(clippy::redundant_closure_for_method_calls, reason = "a path to a method is for readers of one lifetime")]

mod escape;
mod lenient;

use std::borrow::Cow;
use std::str::{FromStr, Utf8Error};

use serde_core::de::IgnoredAny;
use serde_json::Value as JsonValue;

use super::error::DecodeError;
use super::json_type::{JsonObject, JsonType};
use super::number::{self, Integer};
use super::scan::plain_length;

pub(crate) use lenient::Leniency;

/// The maximum number of open arrays and objects while JSON is read. The limit of `serde_json`.
pub const DEPTH_LIMIT: u32 = 127;

// The wording of serde_json, which reports the other errors.
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
    /// The part of the document before the first invalid UTF-8: normally all of it. Checking it once is faster than checking each string.
    text: &'j str,
    /// The number of bytes that have been read.
    at: usize,
    depth: u32,
    pub(crate) leniency: Leniency,
    /// The last string that had escapes.
    unescaped: String,
}

impl<'j> Reader<'j> {
    /// Creates a reader of a document.
    #[must_use]
    pub fn new(json: &'j [u8]) -> Self {
        let text = std::str::from_utf8(json).unwrap_or_else(|error| valid(json, error));
        Self { json, text, at: 0, depth: 0, leniency: Leniency::Exact, unescaped: String::new() }
    }

    /// Creates a reader of a response.
    pub(crate) fn lenient(json: &'j [u8], leniency: Leniency) -> Self {
        Self { leniency, ..Self::new(json) }
    }

    /// Returns a second reader at the same position, to read ahead.
    pub(crate) fn ahead(&self) -> Self {
        Self { unescaped: String::new(), ..*self }
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

    /// Returns the bytes between two positions in the document.
    #[inline]
    pub(crate) fn between(&self, start: usize, end: usize) -> &'j [u8] {
        debug_assert!(start <= end && end <= self.json.len(), "{start}..{end} is not in the document");
        self.json.get(start..end).unwrap_or_default()
    }

    /// Returns the text between two positions in the document.
    #[inline]
    fn text_between(&self, start: usize, end: usize) -> Result<&'j str, DecodeError> {
        match self.text.get(start..end) {
            Some(text) => Ok(text),
            None => std::str::from_utf8(self.between(start, end))
                .map_err(|error| self.error_at(start + error.valid_up_to(), "invalid unicode code point")),
        }
    }

    /// Returns the first byte of the next token.
    #[inline]
    fn token(&mut self) -> Option<u8> {
        loop {
            match self.json.get(self.at) {
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.at += 1,
                byte => return byte.copied(),
            }
        }
    }

    /// Returns the first byte of the next value.
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

    /// Returns the type of a number. An integral number of 64 bits is an integer in any notation (JSON Schema 2020-12
    /// §6.1.1).
    fn number_type(&self) -> JsonType {
        let is_integer = match number::integer(self.rest()) {
            Some(Integer { is_negative, magnitude, .. }) => !is_negative || magnitude <= i64::MIN.unsigned_abs(),
            None => self.is_whole(),
        };
        if is_integer { JsonType::Integer } else { JsonType::Number }
    }

    #[cold]
    fn is_whole(&self) -> bool {
        let text = number::length(self.rest()).and_then(|length| self.text.get(self.at..self.at + length));
        let range = i128::from(i64::MIN)..=i128::from(u64::MAX);
        text.and_then(number::whole).is_some_and(|value| range.contains(&value))
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
        let text = self.text_between(start, end)?;
        self.at = end + 1;
        Ok(Some(text))
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

    /// Returns `true` if the next value is a number.
    #[inline]
    fn is_number(&mut self) -> Result<bool, DecodeError> {
        Ok(matches!(self.peek()?, b'-' | b'0'..=b'9'))
    }

    /// Reads a signed integer. `5.0`, `1e3` and `-0` are also integers (JSON Schema 2020-12 §6.1.1). In a response, the
    /// number may be in quotes.
    ///
    /// # Errors
    /// Returns an error if the next value has another type or is out of range.
    pub fn i64(&mut self) -> Result<i64, DecodeError> {
        if !self.is_number()? {
            return self.quoted("integer", |reader| reader.i64());
        }
        let start = self.at;
        let value = match self.integer() {
            Some(Integer { is_negative: false, magnitude, .. }) => i64::try_from(magnitude).ok(),
            Some(Integer { magnitude, .. }) => 0_i64.checked_sub_unsigned(magnitude),
            None => i64::try_from(self.wide_integer()?).ok(),
        };
        value.ok_or_else(|| self.out_of_range(start))
    }

    /// Reads an unsigned integer, see [`Reader::i64`].
    ///
    /// # Errors
    /// Returns an error if the next value has another type or is out of range.
    pub fn u64(&mut self) -> Result<u64, DecodeError> {
        if !self.is_number()? {
            return self.quoted("integer", |reader| reader.u64());
        }
        let start = self.at;
        let value = match self.integer() {
            Some(Integer { is_negative, magnitude, .. }) => (!is_negative).then_some(magnitude),
            None => u64::try_from(self.wide_integer()?).ok(),
        };
        value.ok_or_else(|| self.out_of_range(start))
    }

    /// Reads a number as the nearest `f64`. In a response, it may be in quotes.
    ///
    /// # Errors
    /// Returns an error if the next value has another type or is out of range.
    pub fn f64(&mut self) -> Result<f64, DecodeError> {
        self.float()
    }

    /// Reads a number as the nearest `f32`, see [`Reader::f64`].
    ///
    /// # Errors
    /// Returns an error if the next value has another type or is out of range.
    pub fn f32(&mut self) -> Result<f32, DecodeError> {
        self.float()
    }

    #[inline]
    fn float<F: FromStr + Into<f64> + Copy>(&mut self) -> Result<F, DecodeError> {
        if !self.is_number()? {
            return self.quoted("number", |reader| reader.float());
        }
        let start = self.at;
        let value = self.number_text()?.parse().ok();
        value.filter(|value: &F| (*value).into().is_finite()).ok_or_else(|| self.out_of_range(start))
    }

    /// Reads a number with all of its digits.
    ///
    /// # Errors
    /// Returns an error if the next value has another type.
    pub fn number(&mut self) -> Result<&'j str, DecodeError> {
        if self.is_number()? { self.number_text() } else { Err(self.mismatch("number")) }
    }

    /// Reads the integer here, if it has few digits. Otherwise the reader does not move.
    #[inline]
    fn integer(&mut self) -> Option<Integer> {
        let integer = number::integer(self.rest())?;
        self.at += integer.length;
        Some(integer)
    }

    /// Reads the number here with all of its digits.
    fn number_text(&mut self) -> Result<&'j str, DecodeError> {
        let start = self.at;
        match number::length(self.rest()) {
            Some(length) => self.at += length,
            // Its error has the reason.
            None => self.skip_by_serde()?,
        }
        self.text_between(start, self.at)
    }

    /// Reads the integer here, which has another notation or many digits.
    #[cold]
    fn wide_integer(&mut self) -> Result<i128, DecodeError> {
        let start = self.at;
        let text = self.number_text()?;
        if !text.contains(['.', 'e', 'E']) {
            return text.parse().map_err(|_| self.out_of_range(start));
        }
        number::whole(text).ok_or_else(|| self.error_at(start, "expected integer, found floating-point number"))
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
        if self.object_begin()? { self.key().map(Some) } else { Ok(None) }
    }

    /// Starts an object as [`object_start`](Self::object_start) does, with any properties. In a response, `null` is read as
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
        if self.object_continue()? { self.key().map(Some) } else { Ok(None) }
    }

    /// Starts an object as [`object_start`](Self::object_start) does, without reading the name. Returns `true` if there is a property.
    pub(crate) fn object_begin(&mut self) -> Result<bool, DecodeError> {
        if self.peek()? != b'{' {
            return if self.is_empty_between(b'[', b']') { Ok(false) } else { Err(self.mismatch("object")) };
        }
        self.enter()?;
        if self.token() == Some(b'}') {
            self.leave();
            return Ok(false);
        }
        Ok(true)
    }

    /// Continues as [`object_next`](Self::object_next) does, without reading the name. Returns `true` if a property follows.
    pub(crate) fn object_continue(&mut self) -> Result<bool, DecodeError> {
        match self.token() {
            Some(b',') => {
                self.at += 1;
                self.token();
                Ok(true)
            }
            Some(b'}') => {
                self.leave();
                Ok(false)
            }
            Some(_) => Err(self.error("expected `,` or `}`")),
            None => Err(self.error(END_OF_OBJECT)),
        }
    }

    /// Reads a name and its colon.
    #[inline]
    fn key(&mut self) -> Result<Cow<'j, str>, DecodeError> {
        let name = self.name()?;
        self.colon().map(|()| name)
    }

    /// Reads a name, or the string here. It is owned if it has escapes.
    pub(crate) fn name(&mut self) -> Result<Cow<'j, str>, DecodeError> {
        if self.token() != Some(b'"') {
            return Err(self.no_key());
        }
        Ok(match self.plain_str()? {
            Some(name) => Cow::Borrowed(name),
            None => Cow::Owned(self.escaped_str()?.to_owned()),
        })
    }

    /// Reads this name, if it is next and has no escapes.
    #[inline]
    pub(crate) fn eat_name(&mut self, name: &str) -> bool {
        let rest = self.rest().strip_prefix(b"\"").and_then(|rest| rest.strip_prefix(name.as_bytes()));
        let is_next = rest.is_some_and(|rest| rest.starts_with(b"\""));
        if is_next {
            self.at += name.len() + 2;
        }
        is_next
    }

    /// Reads the colon after a name.
    #[inline]
    pub(crate) fn colon(&mut self) -> Result<(), DecodeError> {
        match self.token() {
            Some(b':') => {
                self.at += 1;
                Ok(())
            }
            Some(_) => Err(self.error("expected `:`")),
            None => Err(self.error(END_OF_OBJECT)),
        }
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
            Some(Err(error)) => Err(self.serde_error(&error)),
            None => Err(self.error(END_OF_VALUE)),
        }
    }

    /// Converts an error of `serde_json`, which counts lines from here.
    #[cold]
    fn serde_error(&self, error: &serde_json::Error) -> DecodeError {
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
        self.text_between(start, self.at)
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

/// Returns the part of the document before the first byte that is not UTF-8.
#[cold]
fn valid(json: &[u8], error: Utf8Error) -> &str {
    let valid = json.get(..error.valid_up_to()).unwrap_or_default();
    std::str::from_utf8(valid).unwrap_or_default()
}
