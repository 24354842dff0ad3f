//! Types that models are made of beside Rust's own: they come in and go out through the [codec](crate::wire).

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
