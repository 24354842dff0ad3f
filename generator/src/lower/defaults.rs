//! Pass of `lower`: what is read for properties that are absent.
//!
//! In: types whose directions are known and whose defaults are checked. Out: the same, with [`ReadDefault`]s.
//!
//! Invariant: only properties of types that are read and never sent have one. In a request, an absent property is not the
//! same as its default.

use serde_json::Value;

use crate::ir::{Field, Integer, Number, ReadDefault, Shape, Text, Type, TypeId, TypeRef, Types};

/// Sets [`Field::read_default`] of every optional property whose default is a plain value, and clears that of all others.
pub fn fill_in(types: &mut Types) {
    let ids: Vec<TypeId> = types.iter().map(|(id, _)| id).collect();
    for id in ids {
        let Some(Type { shape: Shape::Object(object), read, sent, .. }) = types.get(id) else { continue };
        let only_read = *read && !*sent;
        let defaults: Vec<_> =
            object.fields.iter().map(|field| read_default(types, field).filter(|_| only_read)).collect();
        if let Some(Type { shape: Shape::Object(object), .. }) = types.get_mut(id) {
            for (field, read_default) in object.fields.iter_mut().zip(defaults) {
                field.read_default = read_default;
            }
        }
    }
}

fn read_default(types: &Types, field: &Field) -> Option<ReadDefault> {
    if field.required_when_read || field.ty.boxed || field.ty.secret {
        return None;
    }
    let own = types.get(field.ty.ty)?;
    let ty = types.resolved(field.ty.ty)?;
    let default = field.default.as_ref().or(own.default.as_ref())?;
    Some(match (&ty.shape, default) {
        // Their codec is one of the value, not of a value that may be left out.
        (Shape::Integer(Integer::QuotedI64 | Integer::QuotedU64), _) => return None,
        (Shape::Array(elements) | Shape::Map(elements), _) if !plain(types, *elements) => return None,
        (Shape::Boolean, Value::Bool(value)) => ReadDefault::Boolean(*value),
        (Shape::Integer(_), Value::Number(value)) => ReadDefault::Integer(value.as_i64()?),
        (Shape::Number(Number::Decimal), Value::Number(value)) => ReadDefault::Decimal(value.as_i64()?),
        (Shape::Number(width), Value::Number(value)) => number(*width, value)?,
        (Shape::Text(Text::Plain), Value::String(text)) => ReadDefault::Text(text.clone()),
        (Shape::TextEnum(_), Value::String(text)) => ReadDefault::TextEnum(text.clone()),
        (Shape::IntegerEnum(_), Value::Number(value)) => ReadDefault::IntegerEnum(value.as_i64()?),
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
    let end = types.resolved(elements.ty).map(|ty| &ty.shape);
    !matches!(
        end,
        None | Some(
            Shape::Any | Shape::Array(_) | Shape::Map(_) | Shape::Integer(Integer::QuotedI64 | Integer::QuotedU64)
        )
    )
}
