//! The JSON codec: models to JSON and back.
//!
//! Models have [`Encode`] and [`Decode`] instead of serde's traits, because deriving serde is most of what a large client costs to
//! compile. [`Writer`] and [`Reader`] are not generic, and the macros of [`codegen`](crate::codegen) write the impls from one line
//! per property. Invariants: a document is accepted, with the same value, exactly if `serde_json` with derived types accepts it; only
//! responses are read more leniently. No input makes the codec panic or overflow the stack. No error and no `Debug` shows a secret.
//!
//! ```
//! use clientwright_runtime::{DateTime, codegen, wire};
//!
//! #[derive(Clone, PartialEq)]
//! struct ImportStatus {
//!     completed: bool,
//!     update_time: DateTime,
//!     ingested_objects: Option<i64>,
//! }
//! codegen::object!(ImportStatus {
//!     "completed" => completed,
//!     "update_time" => update_time,
//!     "ingested_objects" => ingested_objects?,
//! });
//!
//! let text = r#"{"completed":true,"update_time":"2024-05-01T12:00:00Z"}"#;
//! let status: ImportStatus = wire::from_slice(text.as_bytes())?;
//! assert!(status.completed && status.ingested_objects.is_none());
//! assert_eq!(wire::to_string(&status), text);
//! assert_eq!(format!("{status:?}"), format!("ImportStatus {text}"));
//!
//! let error = wire::from_slice::<ImportStatus>(br#"{"completed": "yes"}"#).unwrap_err();
//! assert_eq!(error.to_string(), "completed: expected boolean, found string at line 1 column 15");
//! # Ok::<(), wire::DecodeError>(())
//! ```
//!
pub(crate) mod debug;
pub(crate) mod enumeration;
mod error;
pub(crate) mod fit;
mod impls;
#[cfg(feature = "serde")]
pub(crate) mod interop;
mod json_type;
mod macros;
pub(crate) mod marker;
pub(crate) mod object;
pub(crate) mod reader;
mod tuple;
pub(crate) mod union;
mod writer;

pub use error::DecodeError;
pub use json_type::JsonType;
pub use reader::Reader;
pub use writer::Writer;

/// Why a value cannot be sent.
pub(crate) type Reason = &'static str;

/// How many arrays and objects may be open at once while JSON is read. The limit of `serde_json`.
pub const DEPTH_LIMIT: u32 = 127;

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
pub(crate) fn json_value(value: &dyn Encode) -> crate::JsonValue {
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
