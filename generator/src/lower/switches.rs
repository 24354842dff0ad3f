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
    let bodies = api.operations.iter().filter(|operation| operation.has_stream()).flat_map(|operation| &operation.body);
    let bodies = bodies.flat_map(|body| &body.media_types).map(|media_type| media_type.ty);
    let objects = bodies
        .flat_map(|body| types.shape(body).variants().iter().map(|variant| variant.ty).chain([body]))
        .map(|object| types.end(object));
    let objects: BTreeSet<TypeId> = objects.collect();
    api.types.update_fields(
        |types, id, field| {
            let is_boolean = || field.constant.is_none() && *types.shape(field.ty) == Shape::Boolean;
            field.wire_name == "stream" && objects.contains(&id) && is_boolean()
        },
        |field, is_switch| field.switch = is_switch,
    );
}
