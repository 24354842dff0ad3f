//! Pass of `lower`: properties of request bodies that select between a reply and a stream.
//!
//! In: operations and types, with their constants. Out: the same, with the `switch` of properties set.
//!
//! Invariant: a switch is a boolean without a constant, in the body of an operation that can succeed with a stream.

use std::collections::BTreeSet;

use crate::ir::{Api, Shape, TypeId};

/// Marks the property `stream` of bodies, and of the variants of a union.
pub(super) fn mark(api: &mut Api) {
    let types = &api.types;
    let streamed = api.operations.iter().filter(|operation| operation.has_stream());
    let objects: BTreeSet<TypeId> = streamed.flat_map(|operation| operation.sent_types(types)).collect();
    api.types.update_fields(
        |types, id, field| {
            let is_boolean = || field.constant.is_none() && *types.shape(field.ty) == Shape::Boolean;
            field.wire_name == "stream" && objects.contains(&id) && is_boolean()
        },
        |field, is_switch| field.switch = is_switch,
    );
}
