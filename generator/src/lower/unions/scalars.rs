//! Part of the union pass: branches that are scalars of one JSON type become one branch.
//!
//! In: the branches of a union. Out: the same, with at most one boolean, one number and one string among them.
//!
//! Invariant: the joined branch takes every value that one of the joined branches took.

use super::{expect, json_type};
use crate::ir::{EnumValue, Expect, Integer, Number, Owner, Shape, Text, TypeId, TypeRef};
use crate::lower::draft::Draft;

/// Joins the scalars among the branches; the joined one takes the place of the first.
pub(super) fn join(draft: &mut Draft, union: TypeId, mut branches: Vec<TypeRef>) -> Vec<TypeRef> {
    for class in [Expect::Boolean, Expect::Number, Expect::String] {
        let is_member = |ty: &TypeRef| class_of(draft, *ty) == Some(class);
        let (first, members) = (branches.iter().position(is_member), branches.iter().copied().filter(is_member));
        let members: Vec<TypeRef> = members.collect();
        if let Some(first) = first.filter(|_| members.len() > 1) {
            branches.retain(|ty| !members.contains(ty));
            branches.insert(
                first,
                one(draft, Owner::Variant { of: union, index: first, component: None }, class, &members),
            );
        }
    }
    branches
}

/// The JSON type of a scalar, where an integer is a number.
fn class_of(draft: &Draft, ty: TypeRef) -> Option<Expect> {
    match json_type(expect(draft.shape(ty)?)?) {
        Expect::Integer | Expect::Number => Some(Expect::Number),
        scalar @ (Expect::Boolean | Expect::String) => Some(scalar),
        _ => None,
    }
}

/// The one type that takes what all members take: one of them if it does, otherwise a new one.
fn one(draft: &mut Draft, owner: Owner, class: Expect, members: &[TypeRef]) -> TypeRef {
    let shapes: Vec<_> = members.iter().filter_map(|ty| draft.shape(*ty).cloned()).collect();
    let shape = match class {
        Expect::Boolean => Shape::Boolean,
        Expect::Number => number(&shapes),
        _ => text(&shapes),
    };
    let nullable = members.iter().any(|ty| ty.nullable || draft.nullable.contains(&ty.ty));
    let secret = members.iter().any(|ty| ty.secret || draft.secret.contains(&ty.ty));
    let known = members.iter().zip(&shapes).find(|(_, candidate)| **candidate == shape).map(|(ty, _)| *ty);
    let mut ty = known.unwrap_or_else(|| {
        let union = owner.parent().and_then(|union| draft.types.get(union));
        let origin = union.map(|ty| ty.origin.clone()).unwrap_or_default();
        TypeRef::of(draft.add(origin, owner, shape))
    });
    ty.nullable |= nullable;
    ty.secret |= secret;
    ty
}

fn number(shapes: &[Shape]) -> Shape {
    let is_number = |shape: &Shape| matches!(shape, Shape::Number(_));
    if shapes.iter().any(is_number) {
        // A float would round integers and write them as `7.0`.
        let is_float = shapes.iter().all(|shape| is_number(shape) && *shape != Shape::Number(Number::Decimal));
        return Shape::Number(if is_float { Number::F64 } else { Number::Decimal });
    }
    let mut values: Vec<EnumValue<i64>> = Vec::new();
    for shape in shapes {
        if let Shape::IntegerEnum(more) = shape {
            add(&mut values, more);
        }
    }
    if !values.is_empty() {
        return Shape::IntegerEnum(values);
    }
    let unsigned =
        |shape: &Shape| matches!(shape, Shape::Integer(Integer::U8 | Integer::U16 | Integer::U32 | Integer::U64));
    Shape::Integer(if shapes.iter().all(unsigned) { Integer::U64 } else { Integer::I64 })
}

/// Enumerations are open, so a list of strings beside any string is still that list.
fn text(shapes: &[Shape]) -> Shape {
    if let Some(only) = shapes.first().filter(|first| shapes.iter().all(|shape| shape == *first)) {
        return only.clone();
    }
    let mut values: Vec<EnumValue<String>> = Vec::new();
    for shape in shapes {
        match shape {
            Shape::TextEnum(more) => add(&mut values, more),
            Shape::Text(Text::Plain) => {}
            _ => return Shape::Text(Text::Plain),
        }
    }
    if values.is_empty() { Shape::Text(Text::Plain) } else { Shape::TextEnum(values) }
}

fn add<T: Clone + PartialEq>(values: &mut Vec<EnumValue<T>>, more: &[EnumValue<T>]) {
    for value in more {
        if values.iter().all(|known| known.wire != value.wire) {
            values.push(value.clone());
        }
    }
}
