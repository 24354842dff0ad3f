//! The codec: JSON to values and back, with and without `serde`.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what a test does when it fails is to panic"
)]

mod dates;
mod decode_all;
mod enumerations;
mod errors;
mod fit;
mod interop;
mod like_serde;
mod macros;
mod tuples;
mod types;
mod unions;
