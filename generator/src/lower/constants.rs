//! Passes of `lower`: required parameters, and properties, that can have one value only.
//!
//! In: types with their unions, and operations. Out: the same, with the `constant` of properties and parameters set.
//!
//! Invariant: a constant is a value of its property's type: a value of an enumeration, a boolean or a string.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::ir::{Api, Constant, Integer, Location, Owner, Rule, Shape, Text, Type, TypeId, TypeRef, Types};

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
            let shape = match constant {
                Constant::Text(_) => Shape::Text(Text::Plain),
                Constant::Integer(_) => Shape::Integer(Integer::I64),
                Constant::Boolean(_) => Shape::Boolean,
            };
            let owner = Owner::Parameter { operation: operation.id.clone(), wire_name: parameter.wire_name.clone() };
            parameter.ty = TypeRef::of(types.push(Type::new(parameter.origin.clone(), owner, shape)));
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

fn constant(types: &Types, used: TypeRef, tags: Option<&BTreeSet<String>>) -> Option<Constant> {
    if used.nullable || used.secret || used.boxed {
        return None;
    }
    let ty = types.resolved(used.ty);
    let tag = || match tags?.iter().collect::<Vec<_>>().as_slice() {
        [only] => Some((*only).clone()),
        _ => None,
    };
    match &ty.shape {
        Shape::TextEnum(values) => match values.as_slice() {
            [only] if !ty.open => Some(Constant::Text(only.wire.clone())),
            several => tag().filter(|tag| several.iter().any(|value| value.wire == *tag)).map(Constant::Text),
        },
        Shape::IntegerEnum(values) => match values.as_slice() {
            [only] => Some(Constant::Integer(only.wire)),
            several => {
                let tag = Constant::unquoted(&tag()?)?;
                several.iter().any(|value| Constant::Integer(value.wire) == tag).then_some(tag)
            }
        },
        Shape::Integer(width) => Constant::unquoted(&tag()?).filter(|tag| match tag {
            Constant::Integer(number) => width.range().contains(&i128::from(*number)),
            _ => false,
        }),
        Shape::Boolean => match ty.values.as_slice() {
            [Value::Bool(only)] => Some(Constant::Boolean(*only)),
            _ => Constant::unquoted(&tag()?).filter(|tag| matches!(tag, Constant::Boolean(_))),
        },
        Shape::Text(Text::Plain) => tag().map(Constant::Text),
        _ => None,
    }
}
