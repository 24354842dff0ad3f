//! Pass of `lower`: properties of request bodies that select between a reply and a stream.
//!
//! In: operations and types, with their constants. Out: the same, with the `switch` of properties set.
//!
//! Invariant: a switch is a boolean without a constant, in the body of an operation that can succeed with a stream.

use crate::ir::{Api, Shape};

/// Marks the property `stream` of bodies, and of the variants of a union.
pub(super) fn mark(api: &mut Api) {
    let all = api.types.clone();
    let bodies = api.operations.iter().filter(|operation| operation.has_stream()).flat_map(|operation| &operation.body);
    for body in bodies.flat_map(|body| &body.media_types).map(|media_type| media_type.ty) {
        for object in all.shape(body.ty).variants().iter().map(|variant| variant.ty).chain([body]) {
            for field in api.types[all.end(object.ty)].shape.fields_mut() {
                let is_boolean = *all.shape(field.ty.ty) == Shape::Boolean;
                field.switch = is_boolean && field.wire_name == "stream" && field.constant.is_none();
            }
        }
    }
}
