//! The JSON codec: model values in, JSON text out, and back.
//!
//! Generated types do not derive serde's traits, because instantiating those is most of what a generated client costs to
//! compile. They have [`Encode`] and [`Decode`] over a [`Writer`] and a [`Reader`] that are not generic, written by the macros
//! of this module from one line per property. Invariants: what is accepted, and as what value, is what `serde_json` with
//! derived types accepts; no input makes the codec panic or overflow the stack; secrets are in no error and no `Debug`.
//!
//! ```
//! use clientwright_runtime::{DateTime, wire};
//!
//! #[derive(Clone, PartialEq)]
//! struct ImportStatus {
//!     completed: bool,
//!     update_time: DateTime,
//!     ingested_objects: Option<i64>,
//! }
//! wire::object!(ImportStatus {
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
//! | macro | for |
//! |---|---|
//! | [`object!`](crate::wire::object), [`sent_object!`](crate::wire::sent_object) | a struct with named fields: a JSON object |
//! | [`newtype!`](crate::wire::newtype), [`sent_newtype!`](crate::wire::sent_newtype) | a struct around one value, which is all that is written |
//! | [`string_enum!`](crate::wire::string_enum), [`integer_enum!`](crate::wire::integer_enum) | an open enumeration |
//! | [`tagged_union!`](crate::wire::tagged_union), [`sent_tagged_union!`](crate::wire::sent_tagged_union) | one of several objects, by a property |
//! | [`union!`](crate::wire::union), [`sent_union!`](crate::wire::sent_union) | one of several values, by a ladder of tests |
//! | [`fitted_union!`](crate::wire::fitted_union) | one of several values, the one that fits best |
//!
//! All of them implement `Debug` (JSON with secrets redacted) and, with feature `serde`, `serde::Serialize` and
//! `serde::Deserialize`; the `sent_` ones only write.

mod debug;
mod error;
mod fit;
mod impls;
#[cfg(feature = "serde")]
mod interop;
mod json_type;
mod macros;
mod marker;
mod object;
mod reader;
mod union;
mod writer;

pub use debug::debug;
pub use error::DecodeError;
#[doc(hidden)]
pub use fit::{BestFit, Constant, Expect, Key, Pattern, best_branch, best_fit, expect};
#[cfg(feature = "serde")]
#[doc(hidden)]
pub use interop::{deserialize, serialize};
pub use json_type::JsonType;
pub use marker::{DecodeAs, EncodeAs, Quoted, With};
#[doc(hidden)]
pub use object::{Absent, DecodeAdditional, Defaulted, EncodeAdditional, Fields, Fill, Optional, Presence, fill};
pub use reader::{DEPTH_LIMIT, Reader};
#[doc(hidden)]
pub use union::{Preview, discriminator, is};
pub use writer::Writer;

#[doc(inline)]
pub use crate::{
    __fitted_union as fitted_union, __integer_enum as integer_enum, __newtype as newtype, __object as object,
    __sent_newtype as sent_newtype, __sent_object as sent_object, __sent_tagged_union as sent_tagged_union,
    __sent_union as sent_union, __string_enum as string_enum, __tagged_union as tagged_union, __union as union,
};

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

/// A value that is written in the form that the marker `M` stands for, where no object or newtype can say so.
///
/// ```
/// use clientwright_runtime::wire::{self, Quoted};
///
/// assert_eq!(wire::to_string(&wire::with::<Quoted, _>(&7_u64)), "\"7\"");
/// ```
#[inline]
#[must_use]
pub fn with<M: EncodeAs<T>, T: ?Sized>(value: &T) -> With<'_, M, T> {
    With::new(value)
}

/// Reads a document in the form that the marker `M` stands for, of which nothing but whitespace may be left over.
///
/// # Errors
/// If the text is not JSON, or the value does not fit.
#[inline]
pub fn from_slice_as<T, M: DecodeAs<T>>(json: &[u8]) -> Result<T, DecodeError> {
    let mut reader = Reader::new(json);
    let value = M::decode_as(&mut reader)?;
    reader.finish()?;
    Ok(value)
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
