//! Values of open enums that the API document does not list.
//!
//! Invariants: the content is private, so that an unknown variant never contains a listed value. It is written as it
//! was read.

use crate::wire::{self, Decode, DecodeError};
use serde_json::Value as JsonValue;

/// A string that the enumeration in the API document does not list. The enum's `From<&str>` creates it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UnknownString(Box<str>);

impl UnknownString {
    /// Creates a value. For `string_enum!`, which has checked that the string is not listed.
    #[doc(hidden)]
    #[must_use]
    pub fn __new(text: &str) -> Self {
        Self(text.into())
    }

    /// Returns the string as in JSON.
    #[inline]
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fmt!(Display for UnknownString: self, f => f.pad(&self.0));

/// An integer that the enumeration in the API document does not list. The enum's `From<i64>` creates it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UnknownInteger(i64);

impl UnknownInteger {
    /// Creates a value. For `integer_enum!`, which has checked that the integer is not listed.
    #[doc(hidden)]
    #[inline]
    #[must_use]
    pub fn __new(number: i64) -> Self {
        Self(number)
    }

    /// Returns the integer as in JSON.
    #[inline]
    #[must_use]
    pub fn as_i64(&self) -> i64 {
        self.0
    }
}

fmt!(Display for UnknownInteger: self, f => self.0.fmt(f));

/// JSON that matches no variant of a union, or no listed value of several types, as it was read.
///
/// ```
/// use clientwright_runtime::{UnknownJson, wire};
///
/// let unknown: UnknownJson = wire::from_slice(br#"{"shape": "torus", "radius": 2}"#)?;
/// assert_eq!(unknown.as_str(), r#"{"shape": "torus", "radius": 2}"#);
/// assert_eq!(unknown.to_value()?["radius"], 2);
/// # Ok::<(), wire::DecodeError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnknownJson(Box<str>);

impl UnknownJson {
    /// Creates a value. For `mixed_enum!`, which has checked that the value is not listed.
    #[doc(hidden)]
    #[must_use]
    pub fn __new(json: &str) -> Self {
        Self(json.into())
    }

    /// Returns the JSON text.
    #[inline]
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Parses the JSON.
    ///
    /// # Errors
    /// Returns an error if the JSON is nested too deeply, or has a number or an escape that cannot be represented.
    pub fn to_value(&self) -> Result<JsonValue, DecodeError> {
        self.decode()
    }

    /// Decodes the JSON as another type.
    ///
    /// # Errors
    /// Returns an error if the JSON is not a `T`.
    pub fn decode<T: Decode>(&self) -> Result<T, DecodeError> {
        wire::from_slice(self.0.as_bytes())
    }
}

from! {
    /// Creates a value that the API document does not list, to send it.
    value: JsonValue => UnknownJson { Self(wire::to_string(&value).into()) }
}

codec! {
    UnknownJson: self, writer => writer.raw(&self.0), reader => reader.raw().map(|json| Self(json.into()));
}

crate::__serialize!(UnknownJson);
crate::__deserialize!(UnknownJson);
