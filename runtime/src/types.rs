//! Types of properties and parameters that the standard library lacks. The [codec](crate::wire) reads and writes them.

#[macro_use]
mod text;

mod base64;
mod cursor;
mod date;
mod date_time;
mod decimal;
mod duration;
mod maybe;
mod secret;
mod time;
mod unknown;

pub use base64::{Base64, InvalidBase64};
pub use date::{Date, InvalidDate};
pub use date_time::{DateTime, InvalidDateTime};
pub use decimal::{Decimal, InvalidDecimal};
pub use duration::{Duration, InvalidDuration};
pub use maybe::{IntoMaybe, Maybe};
pub use secret::Secret;
pub use time::{InvalidTime, Time};
pub use unknown::{UnknownInteger, UnknownJson, UnknownString};
