//! Pass of `lower`: defaults that do not match their schema.
//!
//! In: types, properties and parameters with defaults. Out: the same without the defaults that do not match, and diagnostics.
//!
//! Invariant: a default in the IR is a value of its type.

use std::collections::BTreeSet;

use serde_json::Value;

use super::uses::TypeUsers;
use crate::ir::{Integer, Shape, TypeId, TypeRef, Types};
use clientwright_normalizer::diagnostic::{Diagnostic, codes};
use clientwright_normalizer::pointer::Pointer;

/// How deep a default is looked into.
const DEPTH: usize = 16;

/// Drops the defaults that contradict their type, and reports them.
pub(super) fn check(
    types: &mut Types,
    users: &mut TypeUsers,
    nullable: &BTreeSet<TypeId>,
    file: &str,
) -> Vec<Diagnostic> {
    let mut findings: Vec<(Pointer, Value)> = Vec::new();
    let mut note = |at: &Pointer, default: &Value| {
        if findings.iter().all(|(known, _)| known != at) {
            findings.push((at.clone(), default.clone()));
        }
    };
    for index in 0..types.len() {
        let id = TypeId(index);
        let Some(ty) = types.get(id) else { continue };
        let own = TypeRef { nullable: nullable.contains(&id), ..TypeRef::of(id) };
        let own_fits = ty.default.as_ref().is_none_or(|default| fits(types, default, own, DEPTH));
        let field_fits: Vec<bool> = match &ty.shape {
            Shape::Object(object) => object
                .fields
                .iter()
                .map(|field| field.default.as_ref().is_none_or(|default| fits(types, default, field.ty, DEPTH)))
                .collect(),
            _ => Vec::new(),
        };
        let Some(ty) = types.get_mut(id) else { continue };
        if !own_fits && let Some(default) = ty.default.take() {
            note(&ty.origin, &default);
        }
        if let Shape::Object(object) = &mut ty.shape {
            for (field, fits) in object.fields.iter_mut().zip(field_fits) {
                if !fits && let Some(default) = field.default.take() {
                    note(&field.origin, &default);
                }
            }
        }
    }
    for parameter in users.operations.iter_mut().flat_map(|operation| &mut operation.parameters) {
        let fits = parameter.default.as_ref().is_none_or(|default| fits(types, default, parameter.ty, DEPTH));
        if !fits && let Some(default) = parameter.default.take() {
            note(&parameter.origin.key("schema"), &default);
        }
    }
    let report = |(at, default): (Pointer, Value)| {
        let message = format!("the default `{}` does not match its schema; it is ignored", shorten(&default));
        Diagnostic::unsupported(codes::DEFAULT_CONTRADICTS_SCHEMA, file, at.key("default"), message)
    };
    findings.into_iter().map(report).collect()
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
