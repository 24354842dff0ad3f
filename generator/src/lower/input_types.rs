//! Pass of `lower`: types whose properties differ between responses and requests.
//!
//! In: types and their directions. Out: the same, with some types split: the type itself is read, and its input type is sent. A type for
//! both directions is split if it has a property in one direction (`readOnly`, `writeOnly`; OpenAPI 3.0.3 §4.7.24.1), or is nullable only
//! when read (`x-null-anywhere`). A component that would be split, but is only sent, has an alias for its input type. So the first
//! operation that reads it does not rename the type that callers send. A type that is only read keeps `writeOnly` properties as optional
//! ones, because a server may still return them.
//!
//! Invariant: no type that is sent or split has properties of the other direction, except those that select the branch of a union. A type
//! for both directions that contains such a type also has an input type; all other types stay unsplit.

use std::collections::BTreeSet;

use super::forms::{Forms, is_in_component, tag_properties};
use super::nullability::is_strict;
use super::unions::drop_read_only_tests;
use super::uses::{holders_of, uses};
use crate::ir::{Api, Field, FormKind, Shape, Type, TypeId, TypeRef, Types};

/// Creates input types for types that differ by direction.
pub(super) fn separate(api: &mut Api) {
    let types = &mut api.types;
    let tags = tag_properties(types);
    let inputs = Forms::add(types, differing(types, &tags, api.null_anywhere), FormKind::Input);
    for (id, input) in inputs.iter() {
        types[input].read = false;
        types[id].sent = !types[id].read && types[id].shape.has_members();
    }
    let sent = types.iter_mut().filter(|ty| ty.sent);
    sent.flat_map(|ty| ty.shape.type_refs_mut()).for_each(|used| inputs.redirect(used));
    for (id, input) in inputs.iter() {
        if types[id].sent {
            types[input].shape = Shape::Alias(TypeRef::of(id));
        }
    }
    // A later operation may read a type that is only sent.
    let only_sent: Vec<TypeId> = types.ids().filter(|id| types[*id].sent && !types[*id].read).collect();
    drop_read_only_tests(types, only_sent);
    drop_other_direction(types, &inputs, &tags);
    uses(api).filter(|used| used.is_sent).for_each(|used| inputs.redirect(used.ty));
}

/// Removes the properties of the other direction.
fn drop_other_direction(types: &mut Types, inputs: &Forms, tags: &BTreeSet<String>) {
    for id in types.ids() {
        let Type { read, sent, shape: Shape::Object(object), .. } = &mut types[id] else { continue };
        let is_left_out: fn(&Field) -> bool = match (read, sent) {
            (true, false) if inputs.of(id) != id => |field| field.write_only,
            (false, true) => |field| field.read_only,
            _ => continue,
        };
        object.fields.retain(|field| !is_left_out(field) || tags.contains(&field.wire_name));
    }
}

/// Returns the types that need an input type: those with a property in one direction only, and their containers with both directions.
fn differing(types: &Types, tags: &BTreeSet<String>, null_anywhere: bool) -> BTreeSet<TypeId> {
    let is_read = |id: &TypeId| types[*id].read || is_in_component(types, *id);
    let may_go_both_ways: Vec<TypeId> = types.ids().filter(|id| types[*id].sent && is_read(id)).collect();
    let one_way = |field: &Field| (field.read_only || field.write_only) && !tags.contains(&field.wire_name);
    let differs = |field: &Field| null_anywhere && is_strict(types, field) || one_way(field);
    let differing = may_go_both_ways.iter().copied().filter(|id| types[*id].shape.fields().iter().any(differs));
    holders_of(types, differing, may_go_both_ways.iter().copied())
}
