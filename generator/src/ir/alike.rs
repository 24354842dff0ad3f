//! Compares two shapes, ignoring the types that they consist of.
//!
//! In: two shapes. Out: the uses in them that must be equal as well.

use std::mem::discriminant;

use serde_json::Value;

use super::{Field, Shape, Test, TypeRef, Variant};

/// Returns the uses that must be equal for two shapes to be equal; `None` if the shapes differ.
pub(crate) fn parts(one: &Shape, other: &Shape) -> Option<Vec<(TypeRef, TypeRef)>> {
    let are_alike = match (one, other) {
        (Shape::Array(_) | Shape::Map(_) | Shape::Contained(_) | Shape::Alias(_), _) => {
            discriminant(one) == discriminant(other)
        }
        (Shape::Tuple(one), Shape::Tuple(other)) => one.len() == other.len(),
        (Shape::Object(one), Shape::Object(other)) => {
            one.additional.is_some() == other.additional.is_some()
                && one.fields.iter().map(field).eq(other.fields.iter().map(field))
        }
        (Shape::Union(one), Shape::Union(other)) => {
            one.rule == other.rule && one.variants.iter().map(variant).eq(other.variants.iter().map(variant))
        }
        _ => one == other,
    };
    are_alike.then(|| one.type_refs().into_iter().zip(other.type_refs()).collect())
}

/// Returns the facts that properties must share.
fn field(field: &Field) -> (&str, [bool; 4], &Value) {
    let Field { wire_name, required_when_read, required_when_sent, read_only, write_only, xml, .. } = field;
    (wire_name, [*required_when_read, *required_when_sent, *read_only, *write_only], xml)
}

/// Returns the facts that branches must share.
fn variant(variant: &Variant) -> (&[String], bool, &Test) {
    (&variant.tags, variant.is_default, &variant.test)
}
