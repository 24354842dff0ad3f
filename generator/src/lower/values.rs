//! Part of `lower`: tests whether a JSON value is a value of a type.
//!
//! In: a value and a type. Out: whether the value can be a default or a constant of the type.

use serde_json::Value;

use crate::ir::{Integer, Shape, Text, TypeRef, Types};

/// The maximum depth of an examined value.
const DEPTH: usize = 16;

/// The purpose of a value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// A default, which may omit properties. A value that is too deep counts as valid.
    Default,
    /// A constant: a scalar value or an object without properties, but neither a union nor a string with a format.
    Constant,
}

/// Returns `true` if a value is a value of a type.
pub(super) fn fits(types: &Types, value: &Value, ty: TypeRef, purpose: Purpose) -> bool {
    fits_within(types, value, ty, purpose, DEPTH)
}

fn fits_within(types: &Types, value: &Value, ty: TypeRef, purpose: Purpose, depth: usize) -> bool {
    let is_default = purpose == Purpose::Default;
    let Some(depth) = depth.checked_sub(1) else { return is_default };
    let fits = |value: &Value, ty: TypeRef| fits_within(types, value, ty, purpose, depth);
    if value.is_null() && ty.nullable {
        return true;
    }
    match (types.shape(ty), value) {
        (Shape::Any, Value::Array(_) | Value::Object(_)) => is_default,
        (Shape::Any | Shape::Alias(_), _) => true,
        (Shape::Null, value) => value.is_null(),
        (Shape::Boolean, value) => value.is_boolean(),
        (Shape::Integer(width), value) => {
            let is_quoted = matches!(width, Integer::QuotedI64 | Integer::QuotedU64);
            let number = if is_quoted && is_default {
                value.as_str().and_then(|text| text.parse().ok())
            } else {
                value.as_number().and_then(serde_json::Number::as_i128)
            };
            number.is_some_and(|number| width.range().contains(&number))
        }
        (Shape::Number | Shape::Decimal, value) => value.is_number(),
        (Shape::Text(text), value) => value.is_string() && (is_default || *text == Text::Plain),
        (Shape::Contained(_), value) => value.is_string() && is_default,
        (Shape::TextEnum(_), value) if is_default && types.resolved(ty).open => value.is_string(),
        (Shape::Array(item), Value::Array(items)) if is_default => items.iter().all(|value| fits(value, *item)),
        (Shape::Tuple(elements), Value::Array(items)) if is_default => {
            let mut pairs = elements.iter().zip(items);
            elements.len() == items.len() && pairs.all(|(element, value)| fits(value, *element))
        }
        (Shape::Map(item), Value::Object(entries)) if is_default => entries.values().all(|value| fits(value, *item)),
        (Shape::Object(object), Value::Object(entries)) if is_default => {
            object.fields.iter().all(|field| entries.get(&field.wire_name).is_none_or(|value| fits(value, field.ty)))
        }
        (Shape::Object(object), Value::Object(entries)) => object.fields.is_empty() && entries.is_empty(),
        (Shape::Union(union), value) => is_default && union.variants.iter().any(|variant| fits(value, variant.ty)),
        (shape, value) => shape.enum_values().iter().any(|listed| listed.wire == *value),
    }
}
