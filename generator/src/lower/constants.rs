//! Passes of `lower`: required parameters and properties with only one possible value.
//!
//! In: types with their unions, and operations. Out: the same, with the `constant` of properties and parameters set.
//!
//! Invariant: a constant is a value of its property's type. Arrays, and objects with properties, are not constants.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::values::{Purpose, fits};
use crate::ir::{
    Api, Field, FormKind, Integer, Object, Owner, Role, Rule, Shape, Text, Type, TypeId, TypeRef, Types, Union,
};

/// The discriminator values that select each object in unions, by the discriminator's name.
type Tags = BTreeMap<(TypeId, String), BTreeSet<String>>;

/// Marks the properties whose type has one value, and discriminators of objects with one selecting value.
pub(super) fn mark(types: &mut Types) {
    let tags = tags(types);
    types.update_fields(
        |types, id, field| constant(types, field.ty, tags.get(&(id, field.wire_name.clone()))),
        |field, constant| field.constant = constant,
    );
}

/// The maximum number of examined constants of an object. Usually there is one.
const EXAMINED: usize = 16;

/// Marks the optional constants that distinguish branches of unions without a discriminator. If they were not sent, the server could
/// confuse branches.
pub(super) fn mark_distinguishing(types: &mut Types) {
    let mut marked: BTreeSet<(TypeId, usize)> = BTreeSet::new();
    for (_, ty) in types.iter() {
        let Shape::Union(Union { rule: Rule::FirstMatch | Rule::BestFit(_), variants }) = &ty.shape else { continue };
        let mut by_name: BTreeMap<&str, Vec<(TypeId, usize, &Field)>> = BTreeMap::new();
        for id in variants.iter().map(|variant| types.end(variant.ty)) {
            let fields = types[id].shape.fields().iter().enumerate();
            for (index, field) in fields.filter(|(_, field)| field.constant.is_some()).take(EXAMINED) {
                by_name.entry(&field.wire_name).or_default().push((id, index, field));
            }
        }
        by_name
            .retain(|_, all| all.iter().any(|one| all.first().is_some_and(|first| one.2.constant != first.2.constant)));
        let optional = by_name.into_values().flatten().filter(|(id, _, field)| !types[*id].requires(field));
        marked.extend(optional.map(|(id, index, _)| (id, index)));
    }
    for (id, index) in marked {
        if let Some(field) = types[id].shape.fields_mut().get_mut(index) {
            field.distinguishes = true;
        }
    }
}

/// Marks the required parameters with only one possible value. They get a plain type, so that no enumeration is generated.
pub(super) fn mark_parameters(api: &mut Api) {
    let Api { types, operations, .. } = api;
    for operation in operations {
        for parameter in &mut operation.parameters {
            if !parameter.required || parameter.ty.secret {
                continue;
            }
            let constant = constant(types, parameter.ty, None).filter(|value| !value.is_object());
            let Some(constant) = constant else { continue };
            if let Some(shape) = plain(types.shape(parameter.ty)) {
                let owner = Owner::Operation(operation.id.clone(), Role::Parameter(parameter.wire_name.clone()));
                parameter.ty = TypeRef::of(types.push(Type::new(parameter.origin.clone(), owner, shape)));
            }
            parameter.constant = Some(constant);
        }
    }
}

fn tags(types: &Types) -> Tags {
    let mut tags = Tags::new();
    for (_, ty) in types.iter() {
        let Shape::Union(Union { rule: Rule::Tag(property), variants }) = &ty.shape else { continue };
        for variant in variants {
            let of = tags.entry((types.end(variant.ty), property.clone())).or_default();
            of.extend(variant.tags.iter().cloned());
        }
    }
    tags
}

/// Returns the type of an enumeration's values.
fn plain(shape: &Shape) -> Option<Shape> {
    match shape {
        Shape::TextEnum(_) => Some(Shape::Text(Text::Plain)),
        Shape::IntegerEnum(_) => Some(Shape::Integer(Integer::I64)),
        _ => None,
    }
}

/// Returns the only value of a type. For a discriminator, `tags` are the values that select its object.
fn constant(types: &Types, used: TypeRef, tags: Option<&BTreeSet<String>>) -> Option<Value> {
    if used.boxed {
        return None;
    }
    let ty = types.resolved(used);
    let candidates = match listed(ty, used.nullable).as_slice() {
        [only] if !ty.open => vec![only.clone()],
        [] => tag(tags),
        several => tag(tags).into_iter().filter(|tag| several.contains(tag)).collect(),
    };
    candidates.into_iter().find(|value| fits(types, value, used, Purpose::Constant))
}

/// Returns all values of a type; empty if they are not listed. The document may allow `null` without listing it.
fn listed(ty: &Type, nullable: bool) -> Vec<Value> {
    let mut values = match &ty.shape {
        shape if shape.is_enumeration() => shape.listed(),
        // An input type may be empty only because its property is read-only.
        Shape::Object(Object { fields, additional: None })
            if fields.is_empty() && !matches!(ty.owner, Owner::Form(_, FormKind::Input)) =>
        {
            vec![json!({})]
        }
        _ => ty.values.clone(),
    };
    if nullable && !values.is_empty() && !values.contains(&Value::Null) {
        values.push(Value::Null);
    }
    values
}

/// Returns the only discriminator value that selects an object: as a string, and as the number or boolean that it may represent.
fn tag(tags: Option<&BTreeSet<String>>) -> Vec<Value> {
    let only = tags.filter(|tags| tags.len() == 1).and_then(BTreeSet::first);
    let unquoted =
        |tag: &String| serde_json::from_str(tag).ok().filter(|value: &Value| value.is_number() || value.is_boolean());
    only.into_iter().flat_map(|tag| std::iter::once(Value::from(tag.as_str())).chain(unquoted(tag))).collect()
}
