//! Part of `lower`: compares two shapes, ignoring the types that they consist of.
//!
//! In: two shapes. Out: the uses in them that must be equal as well.

use crate::ir::{Field, Object, Shape, TypeRef, Union};

/// Returns the uses that must be equal for two shapes to be equal; `None` if the shapes differ.
pub(super) fn parts(one: &Shape, other: &Shape) -> Option<Vec<(TypeRef, TypeRef)>> {
    match (one, other) {
        (Shape::Array(one), Shape::Array(other))
        | (Shape::Map(one), Shape::Map(other))
        | (Shape::Contained(one), Shape::Contained(other))
        | (Shape::Alias(one), Shape::Alias(other)) => Some(vec![(*one, *other)]),
        (Shape::Tuple(one), Shape::Tuple(other)) if one.len() == other.len() => {
            Some(one.iter().copied().zip(other.iter().copied()).collect())
        }
        (Shape::Object(one), Shape::Object(other)) => fields(one, other),
        (Shape::Union(one), Shape::Union(other)) => variants(one, other),
        _ => (one == other).then(Vec::new),
    }
}

fn fields(one: &Object, other: &Object) -> Option<Vec<(TypeRef, TypeRef)>> {
    if one.fields.len() != other.fields.len() || one.additional.is_some() != other.additional.is_some() {
        return None;
    }
    let alike = one.fields.iter().zip(&other.fields).all(|(one, other)| {
        let facts =
            |field: &Field| (field.required_when_read, field.required_when_sent, field.read_only, field.write_only);
        one.wire_name == other.wire_name && facts(one) == facts(other)
    });
    let fields = one.fields.iter().zip(&other.fields).map(|(one, other)| (one.ty, other.ty));
    alike.then(|| fields.chain(one.additional.zip(other.additional)).collect())
}

fn variants(one: &Union, other: &Union) -> Option<Vec<(TypeRef, TypeRef)>> {
    if one.rule != other.rule || one.variants.len() != other.variants.len() {
        return None;
    }
    let variants = one.variants.iter().zip(&other.variants);
    let alike = variants
        .clone()
        .all(|(one, other)| (&one.tags, one.is_default, &one.test) == (&other.tags, other.is_default, &other.test));
    alike.then(|| variants.map(|(one, other)| (one.ty, other.ty)).collect())
}
