//! Pass of `lower`: bodies of webhooks and callbacks.
//!
//! In: types as in responses and the client's requests. Out: the same, with second forms for bodies of webhooks and callbacks. Such a body
//! is a request (OpenAPI 3.0.3 §4.7.24.1): `writeOnly` properties are read there, and `readOnly` ones are not required. A component that
//! differs, or contains a part that does, has a second form. An otherwise unused component has one, too, so that the first operation that
//! reads it renames nothing.
//!
//! Invariant: no type that an operation reads or sends is changed.

use std::collections::BTreeSet;

use super::forms::{Forms, is_in_component, tag_properties};
use super::unions::drop_read_only_tests;
use super::uses::{holders_of, reachable};
use crate::ir::{Api, Field, FormKind, Incoming, TypeId, TypeRef, Types};

/// Creates a second form of types that differ in webhooks and callbacks.
pub(super) fn separate(api: &mut Api) {
    let Api { types, incoming, .. } = api;
    let tags = tag_properties(types);
    let reached = reachable(types, incoming.iter_mut().flat_map(bodies).map(|used| used.ty));
    let differing = differing(types, &reached, &tags);
    // An inline type of a body is not used elsewhere.
    let in_components: Vec<TypeId> = differing.iter().copied().filter(|id| is_in_component(types, *id)).collect();
    let forms = Forms::add(types, in_components, FormKind::Received);
    let received: Vec<TypeId> = differing.into_iter().map(|id| forms.of(id)).collect();
    drop_read_only_tests(types, received.iter().copied());
    for id in received {
        let shape = &mut types[id].shape;
        shape.type_refs_mut().into_iter().for_each(|part| forms.redirect(part));
        for field in shape.fields_mut().iter_mut().filter(|field| differs(field, &tags)) {
            field.required_when_read = field.required_when_sent;
            (field.read_only, field.write_only) = (false, false);
        }
    }
    incoming.iter_mut().flat_map(bodies).for_each(|used| forms.redirect(used));
}

fn bodies(incoming: &mut Incoming) -> impl Iterator<Item = &mut TypeRef> {
    incoming.body.iter_mut().flat_map(|body| &mut body.media_types).map(|media_type| &mut media_type.ty)
}

/// Returns the types with differing properties, and their containers.
fn differing(types: &Types, reached: &BTreeSet<TypeId>, tags: &BTreeSet<String>) -> BTreeSet<TypeId> {
    let has_any = |id: &TypeId| types[*id].shape.fields().iter().any(|field| differs(field, tags));
    holders_of(types, reached.iter().copied().filter(has_any), reached.iter().copied())
}

/// Returns `true` if a property differs between a response and a request. A property that selects the branch of a union is always present.
fn differs(field: &Field, tags: &BTreeSet<String>) -> bool {
    (field.read_only && field.required_when_read || field.write_only) && !tags.contains(&field.wire_name)
}
