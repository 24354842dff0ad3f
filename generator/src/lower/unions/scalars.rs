//! Part of the union pass: joins branches that are scalars of one JSON type.
//!
//! In: the branches of a union. Out: the same, with at most one boolean, one number and one string. An enumeration of several JSON types
//! stays a separate branch.
//!
//! Invariant: the joined branch accepts every value that one of the original branches accepted.

use super::{expect, json_type};
use crate::ir::{EnumValue, Expect, Integer, Owner, Place, Shape, Text, TypeId, TypeRef};
use crate::lower::draft::Draft;

/// Joins the scalars of one JSON type among the branches; the joined one takes the place of the first.
pub(super) fn join(draft: &mut Draft, union: TypeId, mut branches: Vec<TypeRef>) -> Vec<TypeRef> {
    for class in [Expect::Boolean, Expect::Number, Expect::String] {
        let is_member = |ty: &TypeRef| class_of(draft, *ty) == Some(class);
        let members: Vec<TypeRef> = branches.iter().copied().filter(is_member).collect();
        if let Some(first) = branches.iter().position(is_member).filter(|_| members.len() > 1) {
            branches.retain(|ty| !members.contains(ty));
            branches.insert(first, one(draft, (union, first), class, &members));
        }
    }
    branches
}

/// Returns the JSON type of a scalar; an integer is a number.
fn class_of(draft: &Draft, ty: TypeRef) -> Option<Expect> {
    match json_type(expect(draft.shape(ty)?)?) {
        Expect::Integer | Expect::Number => Some(Expect::Number),
        scalar @ (Expect::Boolean | Expect::String) => Some(scalar),
        _ => None,
    }
}

/// Returns a type that accepts all values of all members: one of the members if possible, otherwise a new type in the union.
fn one(draft: &mut Draft, (union, index): (TypeId, usize), class: Expect, members: &[TypeRef]) -> TypeRef {
    let shapes: Vec<_> = members.iter().filter_map(|ty| draft.shape(*ty).cloned()).collect();
    let open = shapes.contains(&Shape::Text(Text::Plain)) || members.iter().any(|ty| draft.resolved(*ty).open);
    let is_binary = |ty: TypeRef| draft.resolved(ty).is_binary();
    let shape = match class {
        // In a `multipart` body, bytes and any other string are a file.
        Expect::String if members.iter().any(|ty| is_binary(*ty)) => Shape::Text(Text::Plain),
        Expect::Boolean => Shape::Boolean,
        Expect::Number => number(&shapes),
        _ => text(&shapes),
    };
    let open = open && matches!(shape, Shape::TextEnum(_));
    // A boolean may have listed values, which its shape does not show. A component with a single listed value stays closed elsewhere.
    let takes_any = |ty: TypeRef| match draft.resolved(ty) {
        known if class == Expect::Boolean => known.values.is_empty(),
        known => known.open || !open || known.shape.members() > 1 || !known.is_component(),
    };
    let known = members.iter().zip(&shapes).filter(|(ty, candidate)| **candidate == shape && takes_any(**ty));
    let known = known.map(|(ty, _)| *ty).min_by_key(|ty| !is_binary(*ty));
    let ty = known.unwrap_or_else(|| {
        let owner = Owner::Part(union, Place::Variant { index, components: Vec::new() });
        draft.add(draft.types[union].origin.clone(), owner, shape)
    });
    let own = &mut draft.types[ty.ty];
    own.open |= open && !own.is_component();
    draft.with_facts_of(ty, members)
}

fn number(shapes: &[Shape]) -> Shape {
    let is_number = |shape: &Shape| matches!(shape, Shape::Number | Shape::Decimal);
    if shapes.iter().any(is_number) {
        // A float would round integers and serialize them as `7.0`.
        return if shapes.iter().all(|shape| *shape == Shape::Number) { Shape::Number } else { Shape::Decimal };
    }
    let values = joined(shapes);
    let is_open = shapes.iter().any(|shape| !matches!(shape, Shape::IntegerEnum(_)));
    if values.len() > usize::from(is_open) {
        return Shape::IntegerEnum(values);
    }
    let unsigned =
        |shape: &Shape| matches!(shape, Shape::Integer(Integer::U8 | Integer::U16 | Integer::U32 | Integer::U64));
    Shape::Integer(if shapes.iter().all(unsigned) { Integer::U64 } else { Integer::I64 })
}

/// Joins strings. Enumerations are open, so listed strings as an alternative to any string are still an enumeration. The empty string
/// alone is not an enumeration: it represents an absent value and has no name.
fn text(shapes: &[Shape]) -> Shape {
    if let Some(only) = shapes.first().filter(|first| shapes.iter().all(|shape| shape == *first)) {
        return only.clone();
    }
    if !shapes.iter().all(|shape| matches!(shape, Shape::TextEnum(_) | Shape::Text(Text::Plain))) {
        return Shape::Text(Text::Plain);
    }
    let values = joined(shapes);
    let is_open = shapes.contains(&Shape::Text(Text::Plain));
    let is_named = !is_open || values.iter().any(|value| value.wire != "");
    if is_named { Shape::TextEnum(values) } else { Shape::Text(Text::Plain) }
}

/// Returns the distinct values of all enumerations.
fn joined(shapes: &[Shape]) -> Vec<EnumValue> {
    let mut values: Vec<EnumValue> = Vec::new();
    for value in shapes.iter().flat_map(Shape::enum_values) {
        if values.iter().all(|known| known.wire != value.wire) {
            values.push(value.clone());
        }
    }
    values
}
