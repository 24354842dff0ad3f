//! Pass of `lower`: defaults that do not match their schema.
//!
//! In: types, properties and parameters with defaults. Out: the same without the defaults that do not match, and diagnostics.
//!
//! Invariant: a default in the IR is a value of its type.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::ir::{Api, Integer, Shape, TypeId, TypeRef, Types};
use clientwright_normalizer::diagnostic::{Diagnostic, codes};
use clientwright_normalizer::pointer::Pointer;

/// How deep a default is looked into.
const DEPTH: usize = 16;

/// Drops the defaults that contradict their type, and reports them.
pub(super) fn check(api: &mut Api, nullable: &BTreeSet<TypeId>) -> Vec<Diagnostic> {
    let contradicts = |types: &Types, default: Option<&Value>, ty: TypeRef| {
        default.is_some_and(|default| !fits(types, default, ty, DEPTH))
    };
    let mut dropped: Vec<(Pointer, Option<Value>)> = Vec::new();
    for id in (0..api.types.len()).map(TypeId) {
        let Some(ty) = api.types.get(id) else { continue };
        let own = TypeRef { nullable: nullable.contains(&id), ..TypeRef::of(id) };
        let own = contradicts(&api.types, ty.default.as_ref(), own);
        let fields: Vec<bool> = match &ty.shape {
            Shape::Object(object) => {
                let fields = object.fields.iter();
                fields.map(|field| contradicts(&api.types, field.default.as_ref(), field.ty)).collect()
            }
            _ => Vec::new(),
        };
        let Some(ty) = api.types.get_mut(id) else { continue };
        if own {
            dropped.push((ty.origin.clone(), ty.default.take()));
        }
        if let Shape::Object(object) = &mut ty.shape {
            let contradicting = object.fields.iter_mut().zip(fields).filter(|(_, contradicts)| *contradicts);
            dropped.extend(contradicting.map(|(field, _)| (field.origin.clone(), field.default.take())));
        }
    }
    for parameter in api.operations.iter_mut().flat_map(|operation| &mut operation.parameters) {
        if contradicts(&api.types, parameter.default.as_ref(), parameter.ty) {
            dropped.push((parameter.origin.key("schema"), parameter.default.take()));
        }
    }
    let mut seen = BTreeSet::new();
    let first = dropped.into_iter().filter(|(at, _)| seen.insert(at.clone()));
    let report = |(at, default): (Pointer, Option<Value>)| {
        let message =
            format!("the default `{}` does not match its schema; it is ignored", shorten(&default.unwrap_or_default()));
        Diagnostic::unsupported(codes::DEFAULT_CONTRADICTS_SCHEMA, &api.file, at.key("default"), message)
    };
    first.map(report).collect()
}

/// Whether a value could be of a type. What is too deep to look at is taken to fit.
fn fits(types: &Types, value: &Value, ty: TypeRef, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return true };
    if value.is_null() && ty.nullable {
        return true;
    }
    let Some(ty) = types.resolved(ty.ty) else { return true };
    match &ty.shape {
        Shape::Any | Shape::Alias(_) => true,
        Shape::Null => value.is_null(),
        Shape::Boolean => value.is_boolean(),
        Shape::Integer(width) => {
            let quoted = matches!(width, Integer::QuotedI64 | Integer::QuotedU64);
            let whole = || value.as_i64().map(i128::from).or_else(|| value.as_u64().map(i128::from));
            let number = if quoted { value.as_str().and_then(|text| text.parse().ok()) } else { whole() };
            number.is_some_and(|number| width.range().contains(&number))
        }
        Shape::Number(_) => value.is_number(),
        Shape::Text(_) => value.is_string(),
        Shape::TextEnum(values) => value.as_str().is_some_and(|text| values.iter().any(|known| known.wire == text)),
        Shape::IntegerEnum(values) => {
            value.as_i64().is_some_and(|number| values.iter().any(|known| known.wire == number))
        }
        Shape::Array(items) => {
            value.as_array().is_some_and(|all| all.iter().all(|item| fits(types, item, *items, depth)))
        }
        Shape::Map(values) => {
            value.as_object().is_some_and(|all| all.values().all(|value| fits(types, value, *values, depth)))
        }
        Shape::Object(object) => value.as_object().is_some_and(|all| {
            object.fields.iter().all(|field| match all.get(&field.wire_name) {
                Some(value) => fits(types, value, field.ty, depth),
                None => true, // a default may leave out what the server fills in
            })
        }),
        Shape::Union(union) => union.variants.iter().any(|variant| fits(types, value, variant.ty, depth)),
    }
}

fn shorten(value: &Value) -> String {
    const LONGEST: usize = 60;
    let text = value.to_string();
    if text.chars().count() <= LONGEST {
        return text;
    }
    let start: String = text.chars().take(LONGEST).collect();
    format!("{start}…")
}
