//! Compares two shapes, ignoring their member types.
//!
//! In: two shapes. Out: the pairs of uses that must be equal, too.

use std::hash::Hash;
use std::mem::discriminant;

use serde_json::Value;

use super::{Field, Pattern, Rule, Shape, TypeRef, Variant};

/// Returns the pairs of uses that must be equal for two shapes to be equal; `None` if the shapes differ.
pub(crate) fn parts(one: &Shape, other: &Shape) -> Option<Vec<(TypeRef, TypeRef)>> {
    let are_alike = discriminant(one) == discriminant(other)
        && one.fields().iter().map(field).eq(other.fields().iter().map(field))
        && one.variants().iter().map(variant).eq(other.variants().iter().map(variant))
        && rule(one) == rule(other);
    let (uses, others) = are_alike.then(|| (one.type_refs(), other.type_refs()))?;
    let are_equal = uses.len() == others.len() && (!uses.is_empty() || one == other);
    are_equal.then(|| uses.into_iter().zip(others).collect())
}

/// Returns the hashable part of a shape that equal shapes share: everything except member types.
pub(crate) fn outline(shape: &Shape) -> impl Eq + Hash {
    let uses: Vec<_> = shape.type_refs().iter().map(|used| (used.nullable, used.secret)).collect();
    let fields: Vec<_> = shape.fields().iter().map(field).collect();
    let variants: Vec<_> = shape.variants().iter().map(variant).collect();
    let without_types = uses.is_empty().then_some(shape);
    (discriminant(shape), uses, fields, variants, rule(shape), without_types)
}

/// Returns the rule of a union.
fn rule(shape: &Shape) -> Option<&Rule> {
    shape.union().map(|union| &union.rule)
}

/// Returns the facts that equal properties share.
fn field(field: &Field) -> (&str, [bool; 4], &Value) {
    let Field { wire_name, required_when_read, required_when_sent, read_only, write_only, xml, .. } = field;
    (wire_name, [*required_when_read, *required_when_sent, *read_only, *write_only], xml)
}

/// Returns the facts that equal branches share.
fn variant(variant: &Variant) -> (&[String], bool, &Pattern) {
    (&variant.tags, variant.is_default, &variant.test)
}
