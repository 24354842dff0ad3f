//! Passes of `lower`: remove defaults that do not match their schema, and set defaults for decoding absent properties.
//!
//! In: types, properties and parameters. Out: the same without invalid defaults; later with the defaults of absent properties.
//!
//! Invariant: a default in the IR is a value of its type. Only properties of types that are read and never sent have a
//! [`Field::read_default`]: in a request, an absent property differs from its default.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::aliases;
use super::values::{Purpose, fits};
use crate::ir::{Api, Field, Integer, Number, Shape, Text, TypeId, TypeRef, Types, float, is_constant};
use clientwright_normalizer::diagnostic::{Diagnostic, codes, shortened};
use clientwright_normalizer::pointer::Pointer;

/// Drops the defaults that contradict their type, and reports them at their location: `places` maps origins to it.
pub(super) fn check(
    api: &mut Api,
    nullable: &BTreeSet<TypeId>,
    places: &BTreeMap<Pointer, Pointer>,
) -> Vec<Diagnostic> {
    let mut types = api.types.clone();
    aliases::shorten(&mut types);
    let mut dropped: BTreeMap<Pointer, Value> = BTreeMap::new();
    let mut check = |default: &mut Option<Value>, ty: TypeRef, origin: &Pointer| {
        if let Some(value) = default.take_if(|default| !fits(&types, default, ty, Purpose::Default)) {
            dropped.entry(places.get(origin).unwrap_or(origin).clone()).or_insert(value);
        }
    };
    for (index, ty) in api.types.iter_mut().enumerate() {
        let own = TypeRef { nullable: nullable.contains(&TypeId(index)), ..TypeRef::of(TypeId(index)) };
        check(&mut ty.default, own, &ty.origin);
        ty.shape.fields_mut().iter_mut().for_each(|field| check(&mut field.default, field.ty, &field.origin));
    }
    for parameter in api.operations.iter_mut().flat_map(|operation| &mut operation.parameters) {
        check(&mut parameter.default, parameter.ty, &parameter.origin);
    }
    let report = |(at, default): (Pointer, Value)| {
        let shown = shortened(&default.to_string(), 60);
        let message = format!("the default `{shown}` does not match its schema and is ignored");
        Diagnostic::unsupported(codes::DEFAULT_CONTRADICTS_SCHEMA, &api.file, at.key("default"), message)
    };
    dropped.into_iter().map(report).collect()
}

/// Sets [`Field::read_default`] of every optional property whose default is a plain value.
pub(super) fn fill_in(types: &mut Types) {
    let all = types.clone();
    for ty in types.iter_mut().filter(|ty| ty.read && !ty.sent) {
        ty.shape.fields_mut().iter_mut().for_each(|field| field.read_default = read_default(&all, field));
    }
}

fn read_default(types: &Types, field: &Field) -> Option<Value> {
    if field.required_when_read || field.ty.boxed || field.ty.secret {
        return None;
    }
    let default = field.default.as_ref().or(types[field.ty.ty].default.as_ref())?;
    let is_plain = match (types.shape(field.ty.ty), default) {
        // Their codec is for a value, not for an optional value.
        (Shape::Integer(Integer::QuotedI64 | Integer::QuotedU64), _) => false,
        (Shape::Boolean | Shape::Integer(_) | Shape::Text(Text::Plain), value) => is_constant(value),
        (Shape::Number(Number::Decimal), value) => value.is_i64(),
        (Shape::Number(width), Value::Number(value)) => is_short(*width, float(value)),
        (Shape::Text(Text::Date | Text::Time | Text::Duration), value) => value.is_string(),
        (Shape::Array(elements), Value::Array(items)) => items.is_empty() && plain(types, *elements),
        (Shape::Map(elements), Value::Object(entries)) => entries.is_empty() && plain(types, *elements),
        (shape, value) => shape.is_enumeration() && is_constant(value),
    };
    is_plain.then(|| default.clone())
}

/// Returns `true` for numbers of few digits, whose literals have no surprises.
fn is_short(width: Number, number: f64) -> bool {
    let text = number.abs().to_string();
    match (number.fract() == 0.0, width) {
        (true, _) => text.len() <= 6,
        // Clippy takes these two for mathematical constants, and longer ones for others.
        (false, Number::F64) => text.len() <= 4 && !matches!(text.as_str(), "3.14" | "6.28"),
        (false, Number::F32 | Number::Decimal) => false,
    }
}

/// Returns `true` if the elements of a list or map have no codec and a known type.
fn plain(types: &Types, elements: TypeRef) -> bool {
    !matches!(
        types.shape(elements.ty),
        Shape::Any
            | Shape::Array(_)
            | Shape::Map(_)
            | Shape::Integer(Integer::QuotedI64 | Integer::QuotedU64)
            | Shape::Text(Text::Decimal)
    )
}
