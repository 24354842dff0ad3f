//! Types of properties and parameters that Rust's library lacks. The [codec](crate::wire) reads and writes them.

mod base64;
mod date_time;
mod decimal;
mod file;
mod maybe;
mod secret;
mod unknown;

pub use base64::{Base64, InvalidBase64};
pub use date_time::{DateTime, InvalidDateTime};
pub use decimal::{Decimal, InvalidDecimal};
pub use file::File;
pub use maybe::Maybe;
pub use secret::Secret;
pub use unknown::{UnknownInteger, UnknownJson, UnknownString};
