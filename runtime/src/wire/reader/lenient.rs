//! Codec, reading: values of a response that are accepted although they do not have the requested type.
//!
//! In: a reader at a value that the regular methods reject. Out: the unambiguous meaning of the value, or `None`, in
//! which case the reader has not moved. Invariant: only a single requested type is read leniently; a union selects its
//! variant before that.

use super::Reader;
use crate::wire::error::DecodeError;
use crate::wire::json_type::JsonType;

/// The tolerance of a reader for values of other types than the requested one. Each level includes the previous one.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub(crate) enum Leniency {
    /// Nothing.
    #[default]
    Exact,
    /// `null` is an empty array or map, and a number may be in quotes. For a value that is decoded as several types in
    /// sequence.
    Fitting,
    /// `[]` is an empty object and `{}` an empty array; 1 and 0 are booleans, which may be in quotes. Any value except
    /// `null` is a string. For a value of one type.
    Usual,
}

impl<'j> Reader<'j> {
    /// Returns `true` if common server deviations are accepted.
    pub(crate) fn is_lenient(&self) -> bool {
        self.leniency >= Leniency::Fitting
    }

    /// Reads `null`, if it is the next value and is accepted in place of an empty array or map.
    #[inline]
    pub(super) fn is_empty_by_null(&mut self) -> Result<bool, DecodeError> {
        if self.is_lenient() { self.null() } else { Ok(false) }
    }

    /// Reads an array or object, if it is empty and is accepted in place of the other.
    #[cold]
    pub(super) fn is_empty_between(&mut self, start: u8, end: u8) -> bool {
        let begin = self.at;
        if self.leniency < Leniency::Usual || self.token() != Some(start) {
            return false;
        }
        self.at += 1;
        let is_empty = self.token() == Some(end);
        self.at = if is_empty { self.at + 1 } else { begin };
        is_empty
    }

    /// Reads an alternative notation of a boolean: 1 or 0, or a boolean in quotes.
    #[cold]
    pub(super) fn flag(&mut self) -> Option<bool> {
        if self.leniency < Leniency::Usual {
            return None;
        }
        let begin = self.at;
        let text = if self.token() == Some(b'"') { self.str() } else { self.number() };
        let flag = match text {
            Ok("1" | "true") => Some(true),
            Ok("0" | "false") => Some(false),
            _ => None,
        };
        if flag.is_none() {
            self.at = begin;
        }
        flag
    }

    /// Reads any value except `null` as its text, where a string is requested. Only the response can determine whether
    /// an object or array that is a whole body is intended as text.
    #[cold]
    pub(super) fn unquoted(&mut self) -> Result<&'j str, DecodeError> {
        let is_text = match self.peek_type()? {
            JsonType::Null => false,
            JsonType::Object | JsonType::Array => self.depth > 0,
            _ => true,
        };
        if is_text && self.leniency >= Leniency::Usual { self.raw() } else { Err(self.mismatch("string")) }
    }

    /// Reads a value of one type. If that fails, an empty string at its position is accepted as no value.
    #[inline]
    pub(crate) fn unless_blank<T>(
        &mut self,
        read: fn(&mut Reader<'_>) -> Result<T, DecodeError>,
    ) -> Result<Option<T>, DecodeError> {
        let start = self.at;
        match read(self) {
            Ok(value) => Ok(Some(value)),
            Err(error) => self.is_blank(start).then_some(None).ok_or(error),
        }
    }

    /// Moves after the empty string at `start`, if a response has one there.
    #[cold]
    fn is_blank(&mut self, start: usize) -> bool {
        let end = start.saturating_add(2);
        let is_blank = self.leniency >= Leniency::Usual && self.json.get(start..end) == Some(b"\"\"");
        if is_blank {
            self.at = end;
        }
        is_blank
    }

    /// Reads the number that is the whole string here.
    #[cold]
    pub(super) fn quoted<T>(
        &mut self,
        expected: &'static str,
        read: fn(&mut Reader<'_>) -> Result<T, DecodeError>,
    ) -> Result<T, DecodeError> {
        if self.is_lenient() && self.token() == Some(b'"') {
            let start = self.at;
            let text = self.str()?;
            // Without surrounding white space, and without another string in it.
            let is_alone = text.starts_with(|first: char| first == '-' || first.is_ascii_digit())
                && text.ends_with(|last: char| last.is_ascii_digit());
            let mut number = Reader::lenient(text.as_bytes(), Leniency::Fitting);
            let value = read(&mut number).and_then(|value| number.finish().map(|()| value));
            if let (true, Ok(value)) = (is_alone, value) {
                return Ok(value);
            }
            self.at = start;
        }
        Err(self.mismatch(expected))
    }
}
