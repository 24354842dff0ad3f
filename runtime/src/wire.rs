//! The JSON codec: model values in, JSON text out, and back.
//!
//! Generated types do not derive serde's traits, because instantiating those is most of what a generated client costs to
//! compile. They have [`Encode`] and [`Decode`] over a [`Writer`] and a [`Reader`] that are not generic, written by the macros
//! of this module from one line per property. Invariants: what is accepted, and as what value, is what `serde_json` with
//! derived types accepts; no input makes the codec panic or overflow the stack; secrets are in no error and no `Debug`.
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
//! The impls are written by the macros of [`codegen`](crate::codegen), from one line per property.

pub(crate) mod debug;
mod error;
pub(crate) mod fit;
mod impls;
#[cfg(feature = "serde")]
pub(crate) mod interop;
mod json_type;
mod macros;
pub(crate) mod marker;
pub(crate) mod object;
mod reader;
pub(crate) mod union;
mod writer;

pub use error::DecodeError;
pub use json_type::JsonType;
pub use reader::Reader;
pub use writer::Writer;

/// How many arrays and objects may be open at once while JSON is read. The limit of `serde_json`.
pub const DEPTH_LIMIT: u32 = 127;

/// A value that can be written as JSON.
pub trait Encode {
    /// Writes the value.
    fn encode(&self, writer: &mut Writer);

    /// Whether an optional property with this value is left out. `Option::None` and [`Maybe::Absent`](crate::Maybe::Absent) are.
    #[inline]
    fn is_absent(&self) -> bool {
        false
    }
}

/// A value that can be read from JSON.
pub trait Decode: Sized {
    /// Reads one value.
    ///
    /// # Errors
    /// If the text is not JSON, or the value does not fit.
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError>;

    /// The value that `null` is, for types that have one: an `Option` of such a type is `None` only where nothing is.
    #[inline]
    #[must_use]
    fn null() -> Option<Self> {
        None
    }
}

/// Writes a document.
#[must_use]
pub fn to_vec(value: &dyn Encode) -> Vec<u8> {
    let mut writer = Writer::new();
    value.encode(&mut writer);
    writer.into_bytes()
}

/// Writes a document.
#[must_use]
pub fn to_string(value: &dyn Encode) -> String {
    // The writer writes UTF-8 only, so nothing is ever replaced.
    String::from_utf8(to_vec(value)).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// Reads a document, of which nothing but whitespace may be left over.
///
/// # Errors
/// If the text is not JSON, or the value does not fit.
#[inline]
pub fn from_slice<T: Decode>(json: &[u8]) -> Result<T, DecodeError> {
    let mut reader = Reader::new(json);
    let value = T::decode(&mut reader)?;
    reader.finish()?;
    Ok(value)
}
