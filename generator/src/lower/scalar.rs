//! Part of `lower`: texts, numbers and booleans.
//!
//! In: a [`View`] of a scalar type. Out: its shape.
//!
//! Invariant: a format that is not known changes nothing.

use super::keywords::Kind;
use super::merge::View;
use crate::ir::{Integer, Number, Shape, Text};

/// The shape of a scalar.
pub(super) fn shape(kind: Kind, view: &View<'_>) -> Shape {
    let format = view.format.as_deref();
    match kind {
        Kind::Boolean => Shape::Boolean,
        Kind::Integer => Shape::Integer(integer(format)),
        Kind::Number => Shape::Number(if format == Some("float") { Number::F32 } else { Number::F64 }),
        Kind::String => match format {
            Some("date-time") => Shape::Text(Text::DateTime),
            Some("uuid") => Shape::Text(Text::Uuid),
            Some("int64") => Shape::Integer(Integer::QuotedI64),
            Some("uint64") => Shape::Integer(Integer::QuotedU64),
            _ => Shape::Text(Text::Plain),
        },
        Kind::Array | Kind::Object => Shape::Any,
    }
}

fn integer(format: Option<&str>) -> Integer {
    match format {
        Some("int32") => Integer::I32,
        Some("uint32") => Integer::U32,
        Some("uint64") => Integer::U64,
        _ => Integer::I64,
    }
}
