//! The JSON codec: models to JSON and back.
//!
//! Models implement [`Encode`] and [`Decode`] instead of serde's traits, because deriving serde dominates the compile
//! time of a large client. [`Writer`] and [`Reader`] are not generic, and the macros of [`codegen`](crate::codegen)
//! write the impls from one line per property. Invariants: a document is accepted, with the same value, exactly if
//! `serde_json` with derived types accepts it; only responses are read more leniently. No input makes the codec panic
//! or overflow the stack. No error and no `Debug` shows a secret.
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

#[macro_use]
mod macros;

mod error;
mod impls;
#[cfg(feature = "serde")]
pub(crate) mod interop;
pub(crate) mod json_type;
pub(crate) mod marker;
mod number;
mod reader;
mod scan;
mod traits;
mod tuple;
mod writer;

pub use error::DecodeError;
pub use json_type::JsonType;
pub use reader::{DEPTH_LIMIT, Reader};
pub use traits::{Decode, Encode, from_slice, to_string, to_vec};
pub use writer::Writer;

pub(crate) use {
    json_type::JsonObject,
    marker::{DecodeAs, EncodeAs, Quoted, with},
    reader::Leniency,
};
#[cfg(feature = "client")]
pub(crate) use {marker::read_as, traits::json_value, writer::Reason};
