//! Codec, the traits of types that can be written and read.

use super::error::DecodeError;
use super::reader::Reader;
use super::writer::Writer;

/// A type that is written as JSON.
pub trait Encode {
    /// Writes the value.
    fn encode(&self, writer: &mut Writer);

    /// Returns `true` if an optional property with this value is omitted, like `Option::None` and
    /// [`Maybe::Absent`](crate::Maybe::Absent).
    #[inline]
    fn is_absent(&self) -> bool {
        false
    }
}

/// A type that is read from JSON.
pub trait Decode: Sized {
    /// Reads one value.
    ///
    /// # Errors
    /// Returns an error if the value is not JSON, or does not have this type.
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError>;

    /// Returns the value for `null`, if the type has one. An `Option` of such a type is `None` only if the property is
    /// absent.
    #[inline]
    #[must_use]
    fn null() -> Option<Self> {
        None
    }

    /// Returns the value of a required property that a server has omitted: the value for `null`, unless that is not
    /// allowed.
    #[inline]
    #[must_use]
    fn absent() -> Option<Self> {
        Self::null()
    }

    /// Returns `true` if the type accepts any string.
    #[inline]
    #[must_use]
    fn is_text() -> bool {
        false
    }
}

impl Writer {
    /// Writes a value that must not be shown: `Debug` shows only that it exists.
    pub(crate) fn secret<T: Encode>(&mut self, value: &T) {
        if self.redacts() {
            return self.str("[redacted]");
        }
        let start = self.position();
        value.encode(self);
        self.remember(start);
    }
}

/// Writes a value as JSON, in UTF-8.
#[must_use]
pub fn to_vec(value: &dyn Encode) -> Vec<u8> {
    let mut writer = Writer::new();
    value.encode(&mut writer);
    writer.into_bytes()
}

/// Writes a value as JSON.
#[must_use]
pub fn to_string(value: &dyn Encode) -> String {
    let mut writer = Writer::new();
    value.encode(&mut writer);
    writer.into_parts().0
}

/// Returns a value as an inspectable JSON value.
#[cfg(feature = "client")]
pub(crate) fn json_value(value: &dyn Encode) -> serde_json::Value {
    serde_json::from_str(&to_string(value)).unwrap_or_default()
}

/// Reads a value from JSON. Only whitespace may follow it.
///
/// # Errors
/// Returns an error if the value is not JSON, or does not have this type.
#[inline]
pub fn from_slice<T: Decode>(json: &[u8]) -> Result<T, DecodeError> {
    let mut reader = Reader::new(json);
    let value = T::decode(&mut reader)?;
    reader.finish()?;
    Ok(value)
}
