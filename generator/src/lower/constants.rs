//! Passes of `lower`: required parameters, and properties, that can have one value only.
//!
//! In: types with their unions, and operations. Out: the same, with the `constant` of properties and parameters set.
//!
//! Invariant: a constant is a value of its property's type: a value of an enumeration, a string, a number, a boolean or `null`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::ir::{Api, Integer, Location, Number, Owner, Rule, Shape, Text, Type, TypeId, TypeRef, Types};

/// The tags that select each object in unions, by the discriminator's name.
type Tags = BTreeMap<(TypeId, String), BTreeSet<String>>;

/// Marks the properties whose type has one value, and the discriminators of objects that one tag selects.
pub(super) fn mark(types: &mut Types) {
    let (all, tags) = (types.clone(), tags(types));
    for (index, ty) in types.iter_mut().enumerate() {
        if let Shape::Object(object) = &mut ty.shape {
            for field in &mut object.fields {
                let tags = tags.get(&(TypeId(index), field.wire_name.clone()));
                field.constant = constant(&all, field.ty, tags);
            }
        }
    }
}

/// Marks the required parameters that can have one value. Such a parameter is of a plain type then, so that no enumeration is generated for
/// it. One in a path stays: its value says which path it is.
pub(super) fn mark_parameters(api: &mut Api) {
    let Api { types, operations, .. } = api;
    for operation in operations {
        for parameter in &mut operation.parameters {
            if !parameter.required || parameter.location == Location::Path {
                continue;
            }
            let Some(constant) = constant(types, parameter.ty, None) else { continue };
            if let Some(shape) = plain(types.shape(parameter.ty.ty)) {
                let owner =
                    Owner::Parameter { operation: operation.id.clone(), wire_name: parameter.wire_name.clone() };
                parameter.ty = TypeRef::of(types.push(Type::new(parameter.origin.clone(), owner, shape)));
            }
            parameter.constant = Some(constant);
        }
    }
}

fn tags(types: &Types) -> Tags {
    let mut tags = Tags::new();
    for (_, ty) in types.iter() {
        let Shape::Union(union) = &ty.shape else { continue };
        let Rule::Tag(property) = &union.rule else { continue };
        for variant in &union.variants {
            let of = tags.entry((types.end(variant.ty.ty), property.clone())).or_default();
            of.extend(variant.tags.iter().cloned());
        }
    }
    tags
}

/// The type of an enumeration's values.
fn plain(shape: &Shape) -> Option<Shape> {
    match shape {
        Shape::TextEnum(_) => Some(Shape::Text(Text::Plain)),
        Shape::IntegerEnum(_) => Some(Shape::Integer(Integer::I64)),
        _ => None,
    }
}

/// The only value of a type; `tags` are those that select the object whose discriminator it is.
fn constant(types: &Types, used: TypeRef, tags: Option<&BTreeSet<String>>) -> Option<Value> {
    if used.nullable || used.secret || used.boxed {
        return None;
    }
    let ty = types.resolved(used.ty);
    let tag = || match tags?.iter().collect::<Vec<_>>().as_slice() {
        [only] => Some(only.as_str()),
        _ => None,
    };
    let unquoted = || serde_json::from_str::<Value>(tag()?).ok();
    match &ty.shape {
        Shape::Null => Some(Value::Null),
        Shape::TextEnum(values) => match values.as_slice() {
            [only] if !ty.open => Some(only.wire.as_str().into()),
            several => tag().filter(|tag| several.iter().any(|value| value.wire == *tag)).map(Value::from),
        },
        Shape::IntegerEnum(values) => match values.as_slice() {
            [only] => Some(only.wire.into()),
            several => unquoted().filter(|tag| several.iter().any(|value| tag.as_i64() == Some(value.wire))),
        },
        Shape::Integer(width) => only(ty, Value::is_number)
            .or_else(|| unquoted().filter(Value::is_number))
            .filter(|tag| integer(tag).is_some_and(|number| width.range().contains(&number))),
        Shape::Number(Number::F32) => {
            only(ty, |value| value.as_f64().is_some_and(|number| (number as f32).is_finite()))
        }
        Shape::Number(_) => only(ty, Value::is_number),
        Shape::Boolean => only(ty, Value::is_boolean).or_else(|| unquoted().filter(Value::is_boolean)),
        Shape::Text(Text::Plain) => tag().map(Value::from),
        _ => None,
    }
}

/// The value that the type lists, if it is the only one and such a one.
fn only(ty: &Type, is_such: impl Fn(&Value) -> bool) -> Option<Value> {
    match ty.values.as_slice() {
        [only] => Some(only).filter(|value| is_such(value)).cloned(),
        _ => None,
    }
}

fn integer(value: &Value) -> Option<i128> {
    value.as_i64().map(i128::from).or_else(|| value.as_u64().map(i128::from))
}
