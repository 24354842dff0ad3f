//! Normalizes API documents into canonical OpenAPI 3.0.3.
//!
//! In: a document of any version, in one file or many, and overlays. Out: one OpenAPI 3.0.3 document, and a ledger of the
//! steps that interpreted or lost something; or diagnostics, each located in the file that it is about.

pub mod diagnostic;
pub mod json;
pub mod load;
pub mod normalize;
pub mod pointer;
mod source;
pub mod spans;
pub mod structure;

pub use source::Source;
