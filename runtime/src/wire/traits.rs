//! Codec, the traits of types that are written and read.

use super::error::DecodeError;
use super::reader::Reader;
use super::writer::Writer;

/// A type that is written as JSON.
pub trait Encode {
    /// Writes the value.
    fn encode(&self, writer: &mut Writer);

    /// Whether an optional property with this value is left out, as `Option::None` and [`Maybe::Absent`](crate::Maybe::Absent) are.
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
    /// If it is not JSON, or not of this type.
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError>;

    /// The value for `null`, if the type has one. An `Option` of such a type is `None` only if the property is absent.
    #[inline]
    #[must_use]
    fn null() -> Option<Self> {
        None
    }

    /// The value of a required property that a server has left out: what `null` would be, if it may be that.
    #[inline]
    #[must_use]
    fn absent() -> Option<Self> {
        Self::null()
    }

    /// Whether it is a string, and any string.
    #[inline]
    #[must_use]
    fn is_text() -> bool {
        false
    }
}

impl Writer {
    /// Writes a value that must not be shown: for `Debug` only that there is one.
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

/// A value as JSON that can be looked at.
#[cfg(feature = "client")]
pub(crate) fn json_value(value: &dyn Encode) -> serde_json::Value {
    serde_json::from_str(&to_string(value)).unwrap_or_default()
}

/// Reads a value from JSON. Only whitespace may follow it.
///
/// # Errors
/// If it is not JSON, or not of this type.
#[inline]
pub fn from_slice<T: Decode>(json: &[u8]) -> Result<T, DecodeError> {
    let mut reader = Reader::new(json);
    let value = T::decode(&mut reader)?;
    reader.finish()?;
    Ok(value)
}
