//! Passes of `lower`: remove defaults that do not match their schema, and set defaults for decoding absent properties.
//!
//! In: types, properties and parameters. Out: the same without invalid defaults; later with the defaults of absent properties.
//!
//! Invariant: a default in the IR is a value of its type. Only properties that are read and never sent, in any type, have a
//! [`Field::read_default`]: a request with a value that the server omitted would set it.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::HashSet;
use serde_json::Value;

use super::aliases;
use super::values::{Purpose, fits};
use crate::ir::{Api, Field, Integer, Shape, Text, Type, TypeId, TypeRef, Types, float, is_constant};
use clientwright_normalizer::diagnostic::{Diagnostic, codes, shortened};
use clientwright_normalizer::pointer::Pointer;

/// Drops the defaults that contradict their type, and reports them at their location, which `places` has by origin.
pub(super) fn check(
    api: &mut Api,
    nullable: &BTreeSet<TypeId>,
    places: &BTreeMap<Pointer, Pointer>,
) -> Vec<Diagnostic> {
    aliases::shorten(&mut api.types);
    let types = &mut api.types;
    let is_wrong = |types: &Types, default: &Option<Value>, ty| {
        default.as_ref().is_some_and(|default| !fits(types, default, ty, Purpose::Default))
    };
    let mut dropped: BTreeMap<Pointer, Value> = BTreeMap::new();
    let mut drop = |default: &mut Option<Value>, origin: &Pointer| {
        if let Some(value) = default.take() {
            dropped.entry(places.get(origin).unwrap_or(origin).clone()).or_insert(value);
        }
    };
    for id in types.ids() {
        let own = TypeRef { nullable: nullable.contains(&id), ..TypeRef::of(id) };
        if is_wrong(types, &types[id].default, own) {
            let Type { default, origin, .. } = &mut types[id];
            drop(default, origin);
        }
    }
    types.update_fields(
        |types, _, field| is_wrong(types, &field.default, field.ty),
        |field, is_wrong| {
            if is_wrong {
                drop(&mut field.default, &field.origin);
            }
        },
    );
    for parameter in api.operations.iter_mut().flat_map(|operation| &mut operation.parameters) {
        if is_wrong(types, &parameter.default, parameter.ty) {
            drop(&mut parameter.default, &parameter.origin);
        }
    }
    let report = |(at, default): (Pointer, Value)| {
        let shown = shortened(&default.to_string(), 60);
        let message = format!("the default `{shown}` does not match its schema and is ignored");
        Diagnostic::unsupported(codes::DEFAULT_CONTRADICTS_SCHEMA, &api.file, at.key("default"), message)
    };
    dropped.into_iter().map(report).collect()
}

/// Sets [`Field::read_default`] of every optional property whose default is a plain value. If servers may omit required properties
/// (`x-null-anywhere`), required arrays and maps default to empty.
pub(super) fn fill_in(types: &mut Types, null_anywhere: bool) {
    // An input form, or a type with the same base, has a property of the same origin.
    let sent = types.iter().filter(|(_, ty)| ty.sent).flat_map(|(_, ty)| ty.shape.fields());
    let sent: HashSet<Pointer> = sent.map(|field| field.origin.clone()).collect();
    types.update_fields(
        |types, id, field| match &types[id] {
            ty if ty.read && null_anywhere && ty.requires(field) => empty(types, field),
            ty if ty.read && !sent.contains(&field.origin) => read_default(types, field),
            _ => None,
        },
        |field, default| field.read_default = default,
    );
}

/// Returns an empty array or object, if the value needs no codec.
fn empty(types: &Types, field: &Field) -> Option<Value> {
    match types.shape(field.ty) {
        _ if field.ty.nullable || field.ty.boxed || field.ty.secret => None,
        Shape::Array(elements) if plain(types, *elements) => Some(Value::Array(Vec::new())),
        Shape::Map(elements) if plain(types, *elements) => Some(Value::Object(serde_json::Map::new())),
        _ => None,
    }
}

fn read_default(types: &Types, field: &Field) -> Option<Value> {
    if field.required_when_read || field.ty.boxed || field.ty.secret {
        return None;
    }
    let default = field.default.as_ref().or(types[field.ty.ty].default.as_ref())?;
    let is_plain = match (types.shape(field.ty), default) {
        // Their codec does not support optional values.
        (Shape::Integer(Integer::QuotedI64 | Integer::QuotedU64), _) => false,
        (Shape::Boolean | Shape::Integer(_) | Shape::Text(Text::Plain), value) => is_constant(value),
        (Shape::Decimal, value) => value.is_i64(),
        (Shape::Number, Value::Number(value)) => is_short(float(value)),
        (Shape::Text(Text::Date | Text::Time | Text::Duration), value) => value.is_string(),
        (Shape::Array(elements), Value::Array(items)) => items.is_empty() && plain(types, *elements),
        (Shape::Map(elements), Value::Object(entries)) => entries.is_empty() && plain(types, *elements),
        (shape, value) => shape.is_enumeration() && is_constant(value),
    };
    is_plain.then(|| default.clone())
}

/// Returns `true` for numbers with few digits, which literals represent exactly.
fn is_short(number: f64) -> bool {
    let text = number.abs().to_string();
    if number.fract() == 0.0 {
        text.len() <= 6
    } else {
        // Clippy mistakes these two, and longer numbers, for mathematical constants.
        text.len() <= 4 && !matches!(text.as_str(), "3.14" | "6.28")
    }
}

/// Returns `true` if the elements of a list or map have no codec and no elements that may have one.
fn plain(types: &Types, elements: TypeRef) -> bool {
    !matches!(
        types.shape(elements),
        Shape::Array(_)
            | Shape::Map(_)
            | Shape::Integer(Integer::QuotedI64 | Integer::QuotedU64)
            | Shape::Text(Text::Decimal)
    )
}
