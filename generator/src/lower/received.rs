//! Pass of `lower`: bodies of requests that the server makes.
//!
//! In: types as responses and the client's requests have them. Out: the same; what a webhook or a callback brings is a request
//! (OpenAPI 3.0.3 §4.7.24.1), so `writeOnly` properties are read there, and `readOnly` ones are not required. A component that differs by
//! that, or has a part that does, has a second form for it, even if nothing else uses it: so the first operation that reads it renames
//! nothing.
//!
//! Invariant: no type that an operation reads or sends is changed.

use std::collections::BTreeSet;

use super::forms::{Forms, is_in_component, tag_properties};
use super::unions::ask_less;
use super::uses::{Direction, held_by, of_body, reachable};
use crate::ir::{Api, Field, FormKind, Incoming, Shape, TypeId, TypeRef, Types};

/// Gives types that differ in requests of the server a form of their own.
pub(super) fn separate(api: &mut Api) {
    let brought: Vec<TypeId> = api.incoming.iter_mut().flat_map(bodies).map(|used| used.ty).collect();
    let types = &mut api.types;
    let tags = tag_properties(types);
    let differing = differing(types, &reachable(types, brought), &tags);
    // What is inline in a body belongs to it alone.
    let in_components: Vec<TypeId> = differing.iter().copied().filter(|id| is_in_component(types, *id)).collect();
    let forms = Forms::add(types, in_components, FormKind::Received);
    let received: Vec<TypeId> = differing.into_iter().map(|id| forms.of(id)).collect();
    ask_less(types, received.iter().copied());
    for id in received {
        let shape = &mut types[id].shape;
        shape.type_refs_mut().into_iter().for_each(|part| forms.redirect(part));
        if let Shape::Object(object) = shape {
            object.fields.iter_mut().filter(|field| differs(field, &tags)).for_each(as_received);
        }
    }
    api.incoming.iter_mut().flat_map(bodies).for_each(|used| forms.redirect(used));
}

fn bodies(incoming: &mut Incoming) -> impl Iterator<Item = &mut TypeRef> {
    of_body(Direction::Read, &mut incoming.body).map(|used| used.ty)
}

/// The types of some that have a property which differs, and what holds them.
fn differing(types: &Types, reached: &BTreeSet<TypeId>, tags: &BTreeSet<String>) -> BTreeSet<TypeId> {
    let has_any = |id: &TypeId| match &types[*id].shape {
        Shape::Object(object) => object.fields.iter().any(|field| differs(field, tags)),
        _ => false,
    };
    held_by(types, reached.iter().copied().filter(has_any), reached.iter().copied())
}

/// Whether a property differs between a response and a request. What selects the branch of a union is always there.
fn differs(field: &Field, tags: &BTreeSet<String>) -> bool {
    (field.read_only && field.required_when_read || field.write_only) && !tags.contains(&field.wire_name)
}

/// Makes of a property what it is in a request.
fn as_received(field: &mut Field) {
    field.required_when_read = field.required_when_sent;
    (field.read_only, field.write_only) = (false, false);
}
