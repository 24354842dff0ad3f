//! Beside the stages: how much of a document became types.
//!
//! In: an API. Out: the places that it describes and that are generated as any JSON value all the same.
//!
//! Invariant: what a document leaves open (`{}`, `type: object` without properties, a required property that nothing
//! describes) is no such place: there, any JSON value is what the document says.

use std::collections::BTreeSet;

pub use crate::ir::Untyped;
use crate::ir::{Api, Shape};
use crate::pointer::Pointer;

/// The places that a document describes and that are generated as any JSON value, in the document's order of types.
#[must_use]
pub fn untyped(api: &Api) -> Vec<Untyped> {
    // What nothing uses was dropped, and is no place of the generated code.
    let any: BTreeSet<&Pointer> =
        api.types.iter().filter(|(_, ty)| ty.shape == Shape::Any).map(|(_, ty)| &ty.origin).collect();
    api.untyped.iter().filter(|place| any.contains(&place.pointer)).cloned().collect()
}
