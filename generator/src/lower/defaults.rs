//! Passes of `lower`: defaults that do not match their schema, and what is read for properties that are absent.
//!
//! In: types, properties and parameters. Out: the same without defaults that do not match; later with [`ReadDefault`]s.
//!
//! Invariant: a default in the IR is a value of its type. Only properties of types that are read and never sent have a
//! [`ReadDefault`]: in a request, an absent property is not the same as its default.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::aliases;
use crate::ir::{Api, Constant, Field, Integer, Number, ReadDefault, Shape, Text, TypeId, TypeRef, Types};
use clientwright_normalizer::diagnostic::{Diagnostic, codes, shortened};
use clientwright_normalizer::pointer::Pointer;

/// How deep a default is looked into.
const DEPTH: usize = 16;

/// Drops the defaults that contradict their type, and reports them where they stand: `places` leads there from origins.
pub(super) fn check(
    api: &mut Api,
    nullable: &BTreeSet<TypeId>,
    places: &BTreeMap<Pointer, Pointer>,
) -> Vec<Diagnostic> {
    let mut types = api.types.clone();
    aliases::shorten(&mut types);
    let mut dropped: Vec<(Pointer, Value)> = Vec::new();
    let mut check = |default: &mut Option<Value>, ty: TypeRef, at: &Pointer| {
        dropped.extend(default.take_if(|default| !fits(&types, default, ty, DEPTH)).map(|value| (at.clone(), value)));
    };
    for (index, ty) in api.types.iter_mut().enumerate() {
        let own = TypeRef { nullable: nullable.contains(&TypeId(index)), ..TypeRef::of(TypeId(index)) };
        check(&mut ty.default, own, &ty.origin);
        if let Shape::Object(object) = &mut ty.shape {
            object.fields.iter_mut().for_each(|field| check(&mut field.default, field.ty, &field.origin));
        }
    }
    for parameter in api.operations.iter_mut().flat_map(|operation| &mut operation.parameters) {
        check(&mut parameter.default, parameter.ty, &parameter.origin);
    }
    let place = |(at, default)| (places.get(&at).cloned().unwrap_or(at), default);
    let mut seen = BTreeSet::new();
    let first = dropped.into_iter().map(place).filter(|(at, _)| seen.insert(at.clone()));
    let report = |(at, default): (Pointer, Value)| {
        let shown = shortened(&default.to_string(), 60);
        let message = format!("the default `{shown}` does not match its schema; it is ignored");
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
    match types.shape(ty.ty) {
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
        Shape::Text(_) | Shape::Contained(_) => value.is_string(),
        Shape::TextEnum(_) if types.resolved(ty.ty).open => value.is_string(),
        shape @ (Shape::TextEnum(_) | Shape::IntegerEnum(_) | Shape::MixedEnum(_)) => shape.listed().contains(value),
        Shape::Array(items) => {
            value.as_array().is_some_and(|all| all.iter().all(|item| fits(types, item, *items, depth)))
        }
        Shape::Tuple(elements) => value.as_array().is_some_and(|all| {
            all.len() == elements.len() && all.iter().zip(elements).all(|(item, ty)| fits(types, item, *ty, depth))
        }),
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

/// Sets [`Field::read_default`] of every optional property whose default is a plain value.
pub(super) fn fill_in(types: &mut Types) {
    let all = types.clone();
    for ty in types.iter_mut() {
        if let Shape::Object(object) = &mut ty.shape
            && ty.read
            && !ty.sent
        {
            object.fields.iter_mut().for_each(|field| field.read_default = read_default(&all, field));
        }
    }
}

fn read_default(types: &Types, field: &Field) -> Option<ReadDefault> {
    if field.required_when_read || field.ty.boxed || field.ty.secret {
        return None;
    }
    let default = field.default.as_ref().or(types[field.ty.ty].default.as_ref())?;
    Some(match (types.shape(field.ty.ty), default) {
        // Their codec is one of the value, not of a value that may be left out.
        (Shape::Integer(Integer::QuotedI64 | Integer::QuotedU64), _) => return None,
        (Shape::Array(elements) | Shape::Map(elements), _) if !plain(types, *elements) => return None,
        (Shape::Boolean | Shape::Integer(_) | Shape::Text(Text::Plain), value) => {
            ReadDefault::Plain(Constant::of(value)?)
        }
        (Shape::Number(Number::Decimal), Value::Number(value)) => ReadDefault::Decimal(value.as_i64()?),
        (Shape::Number(width), Value::Number(value)) => number(*width, value)?,
        (Shape::Text(format @ (Text::Date | Text::Time | Text::Duration)), Value::String(text)) => {
            ReadDefault::Format(*format, text.clone())
        }
        (shape, value) if shape.is_enumeration() => ReadDefault::Listed(Constant::of(value)?),
        (Shape::Array(_), Value::Array(items)) if items.is_empty() => ReadDefault::Empty,
        (Shape::Map(_), Value::Object(entries)) if entries.is_empty() => ReadDefault::Empty,
        _ => return None,
    })
}

/// Numbers of few digits, which a reader of the code takes for what they are.
fn number(width: Number, value: &serde_json::Number) -> Option<ReadDefault> {
    let number = value.as_f64()?;
    let text = number.abs().to_string();
    let short = match (number.fract() == 0.0, width) {
        (true, _) => text.len() <= 6,
        // A linter takes these two for mathematical constants, and more digits for others.
        (false, Number::F64) => text.len() <= 4 && !matches!(text.as_str(), "3.14" | "6.28"),
        (false, Number::F32 | Number::Decimal) => false,
    };
    short.then_some(ReadDefault::Number(number))
}

/// Whether the elements of a list or map are written as their type is, and are of some type.
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
