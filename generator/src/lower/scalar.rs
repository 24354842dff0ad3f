//! Part of `lower`: strings and numbers.
//!
//! In: a [`MergedSchema`] of a scalar type. Out: its shape.
//!
//! Invariant: an unknown format has no effect.

use serde_json::Value;

use super::merged_schema::MergedSchema;
use crate::ir::{Integer, Shape, Text};

/// Returns the shape of a number with this format.
pub(super) fn number(format: Option<&str>) -> Shape {
    match format {
        Some("decimal" | "decimal128" | "bigdecimal" | "big-decimal") => Shape::Decimal,
        _ => Shape::Number,
    }
}

/// Returns the shape of a string with this format, which may be a quoted integer.
pub(super) fn string(format: Option<&str>) -> Shape {
    match format {
        Some("int64") => Shape::Integer(Integer::QuotedI64),
        Some("uint64") => Shape::Integer(Integer::QuotedU64),
        _ => Shape::Text(text(format)),
    }
}

/// Returns an integer, or a decimal if 64 bits are not enough.
pub(super) fn integer(merged: &MergedSchema<'_>) -> Shape {
    width(merged).map_or(Shape::Decimal, Shape::Integer)
}

/// Returns the string format.
pub(super) fn text(format: Option<&str>) -> Text {
    match format {
        Some("date-time") => Text::DateTime,
        Some("date") => Text::Date,
        Some("time") => Text::Time,
        Some("duration") => Text::Duration,
        Some("decimal" | "decimal128") => Text::Decimal,
        Some("uuid") => Text::Uuid,
        Some("byte") => Text::Base64,
        _ => Text::Plain,
    }
}

/// Returns the narrowest width for the format, bounds and listed values. `None` if 64 bits are not enough.
fn width(merged: &MergedSchema<'_>) -> Option<Integer> {
    let bounds = [&merged.bounds.minimum, &merged.bounds.maximum].into_iter().flatten().map(|(number, _)| number);
    let listed = merged.values.iter().flatten().filter_map(|value| match value {
        Value::Number(number) => Some(number),
        _ => None,
    });
    let stated: Vec<i128> = bounds.chain(listed).filter_map(whole).collect();
    let holds_all = |width: &Integer| stated.iter().all(|number| width.range().contains(number));
    let narrow = match merged.format.as_deref() {
        Some("int128" | "uint128" | "bigint" | "biginteger" | "big-integer") => return None,
        Some("int8") => Integer::I8,
        Some("int16") => Integer::I16,
        Some("int32") => Integer::I32,
        Some("uint8") => Integer::U8,
        Some("uint16") => Integer::U16,
        Some("uint32") => Integer::U32,
        Some("uint64" | "uint") => Integer::U64,
        _ => Integer::I64,
    };
    [narrow, Integer::I64, Integer::U64].into_iter().find(holds_all)
}

/// Returns an integer bound, which is a float if it exceeds 64 signed bits.
fn whole(number: &serde_json::Number) -> Option<i128> {
    let float = || number.as_f64().filter(|number| number.fract() == 0.0).map(|number| number as i128);
    // The nearest float to the maximum of a width is one larger.
    let limit = |number: i128| if [1 << 63, 1 << 64].contains(&number) { number - 1 } else { number };
    number.as_i128().or_else(|| float().map(limit))
}
