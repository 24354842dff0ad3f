#![doc = include_str!("../README.md")]
//!
//! # Public API
//!
//! [`normalize`] with its arguments and results: [`Source`], [`diagnostic`], [`mod@pointer`]. The other modules are for the crate
//! `clientwright` and change without notice.

mod certain;
pub mod diagnostic;
#[doc(hidden)]
pub mod hidden;
#[doc(hidden)]
pub mod json;
#[doc(hidden)]
pub mod limits;
#[doc(hidden)]
pub mod load;
#[doc(hidden)]
pub mod normalize;
pub mod pointer;
#[doc(hidden)]
pub mod reference;
#[doc(hidden)]
pub mod repetition;
mod source;
mod spans;
#[doc(hidden)]
pub mod spelling;
#[doc(hidden)]
pub mod structure;
#[doc(hidden)]
pub mod words;
mod yaml;

pub use source::Source;
