//! What an open enum keeps of a value that the API document does not list. Invariant: the content is private, so that a listed
//! value cannot hide in an unknown variant, and it is written back unchanged.

use std::fmt;

use crate::JsonValue;
use crate::wire::{self, Decode, DecodeError, Encode, Reader, Writer};

/// Text of an enumeration's value that is not listed. It comes into being only by the enum's `From<&str>` and its kin.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UnknownString(Box<str>);

impl UnknownString {
    /// For `string_enum!`, after it has seen that the text is not listed.
    #[doc(hidden)]
    #[must_use]
    pub fn __new(text: &str) -> Self {
        Self(text.into())
    }

    /// The text as it stands on the wire.
    #[inline]
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UnknownString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Number of an enumeration's value that is not listed. It comes into being only by the enum's `From<i64>` and by decoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UnknownInteger(i64);

impl UnknownInteger {
    /// For `integer_enum!`, after it has seen that the number is not listed.
    #[doc(hidden)]
    #[inline]
    #[must_use]
    pub fn __new(number: i64) -> Self {
        Self(number)
    }

    /// The number as it stands on the wire.
    #[inline]
    #[must_use]
    pub fn as_i64(&self) -> i64 {
        self.0
    }
}

impl fmt::Display for UnknownInteger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// JSON of a union's value that fits no listed variant, as it was written.
///
/// ```
/// use clientwright_runtime::{UnknownJson, wire};
///
/// let unknown: UnknownJson = wire::from_slice(br#"{"shape": "torus", "radius": 2}"#)?;
/// assert_eq!(unknown.as_str(), r#"{"shape": "torus", "radius": 2}"#);
/// assert_eq!(unknown.to_value()?["radius"], 2);
/// # Ok::<(), wire::DecodeError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct UnknownJson(Box<str>);

impl UnknownJson {
    /// The JSON text, as it was written.
    #[inline]
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The JSON as a tree.
    ///
    /// # Errors
    /// If it is nested too deeply, or has a number or an escape that cannot be represented.
    pub fn to_value(&self) -> Result<JsonValue, DecodeError> {
        self.decode()
    }

    /// The JSON as another type.
    ///
    /// # Errors
    /// If it does not fit.
    pub fn decode<T: Decode>(&self) -> Result<T, DecodeError> {
        wire::from_slice(self.0.as_bytes())
    }
}

/// To send a variant that the API document does not list.
impl From<JsonValue> for UnknownJson {
    fn from(value: JsonValue) -> Self {
        Self(wire::to_string(&value).into())
    }
}

impl Encode for UnknownJson {
    fn encode(&self, writer: &mut Writer) {
        writer.raw(&self.0);
    }
}

impl Decode for UnknownJson {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.raw().map(|json| Self(json.into()))
    }
}

crate::__serialize!(UnknownJson);
crate::__deserialize!(UnknownJson);
