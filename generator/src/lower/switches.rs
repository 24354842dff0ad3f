//! Pass of `lower`: properties of request bodies that select between a reply and a stream.
//!
//! In: operations and types, with their constants. Out: the same, with the `switch` of properties set.
//!
//! Invariant: a switch is a boolean without a constant, in the body of an operation that can succeed with a stream.

use crate::ir::{Api, Field, Shape, TypeId};

/// Marks the property `stream` of bodies, and of the variants of a union.
pub(super) fn mark(api: &mut Api) {
    let types = &api.types;
    let is_switch = |field: &Field| {
        field.wire_name == "stream" && field.constant.is_none() && *types.shape(field.ty.ty) == Shape::Boolean
    };
    let bodies = api.operations.iter().filter(|operation| operation.has_stream()).flat_map(|operation| &operation.body);
    let bodies = bodies.flat_map(|body| &body.media_types).map(|media_type| media_type.ty);
    let objects = bodies
        .flat_map(|body| types.shape(body.ty).variants().iter().map(|variant| variant.ty).chain([body]))
        .map(|object| types.end(object.ty));
    let switches: Vec<(TypeId, usize)> =
        objects.filter_map(|id| Some((id, types[id].shape.fields().iter().position(is_switch)?))).collect();
    for (id, index) in switches {
        if let Some(field) = api.types[id].shape.fields_mut().get_mut(index) {
            field.switch = true;
        }
    }
}
