//! Models: the codec of the types of an API.
//!
//! In: the macros that generated code calls, one per type. Out: impls of [`Encode`](crate::wire::Encode) and
//! [`Decode`](crate::wire::Decode). Code that need not be expanded for each type is in functions here.

pub(crate) mod constant;
pub(crate) mod debug;
pub(crate) mod enumeration;
pub(crate) mod fit;
mod macros;
pub(crate) mod object;
pub(crate) mod union;
