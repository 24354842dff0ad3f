//! Part of `lower`: texts, numbers, booleans and their enumerations.
//!
//! In: a [`View`] of a scalar type. Out: its shape.
//!
//! Invariant: enumerations of texts and of integers are typed; all others keep the plain type and are named.

use std::collections::BTreeSet;

use serde_json::Value;

use super::context::Context;
use super::keywords::Kind;
use super::merge::View;
use crate::diagnostic::codes;
use crate::ir::{Docs, EnumValue, Integer, Number, Shape, Text};
use crate::pointer::Pointer;

/// The shape of a scalar.
pub(super) fn shape(context: &mut Context<'_>, kind: Kind, view: &View<'_>) -> Shape {
    let values = view.values.as_deref().unwrap_or_default();
    let at = &view.values_at;
    if !values.is_empty() {
        if let Some(shape) = enumeration(context, at, kind, values) {
            return shape;
        }
        let message = format!(
            "an `enum` of `{}` values is not typed as an enumeration; any value of the type is taken",
            kind.text()
        );
        context.unsupported(codes::OPEN_ENUM_NOT_TYPED, at, message);
    }
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

fn enumeration(context: &mut Context<'_>, at: &Pointer, kind: Kind, values: &[Value]) -> Option<Shape> {
    match kind {
        Kind::String => {
            let texts: Option<Vec<_>> = values.iter().map(|value| value.as_str().map(str::to_owned)).collect();
            texts.map(|texts| Shape::TextEnum(distinct(context, at, texts)))
        }
        Kind::Integer => {
            let integers: Option<Vec<_>> = values.iter().map(Value::as_i64).collect();
            integers.map(|integers| Shape::IntegerEnum(distinct(context, at, integers)))
        }
        Kind::Boolean | Kind::Number | Kind::Array | Kind::Object => None,
    }
}

fn distinct<T: Clone + Ord + std::fmt::Display>(
    context: &mut Context<'_>,
    at: &Pointer,
    values: Vec<T>,
) -> Vec<EnumValue<T>> {
    let mut seen = BTreeSet::new();
    let mut kept = Vec::new();
    for wire in values {
        if seen.insert(wire.clone()) {
            kept.push(EnumValue { wire, docs: Docs::default() });
        } else {
            let message = format!("the value `{wire}` is listed twice");
            context.unsupported(codes::DUPLICATE_ENUM_VALUE, at, message);
        }
    }
    kept
}
