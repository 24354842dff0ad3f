//! Part of `lower`: the directions of types.
//!
//! In: an API. Out: the same, with the directions of types set.
//!
//! Invariant: only this module computes directions; [`input_types`](super::input_types) changes the directions of the types
//! that it splits.

use super::uses::{reachable, uses};
use crate::ir::{Api, FormKind, Owner, Type, Types};

/// Marks the types that some operation receives or sends.
pub(super) fn mark(api: &mut Api) {
    let (mut read, mut sent) = (Vec::new(), Vec::new());
    for used in uses(api) {
        if used.is_sent { &mut sent } else { &mut read }.push(used.ty.ty);
    }
    // The original of a received form counts as read, too.
    read.extend(api.types.iter().filter_map(|(_, ty)| match ty.owner {
        Owner::Form(of, FormKind::Received) => Some(of),
        _ => None,
    }));
    let [read, sent] = [read, sent].map(|roots| reachable(&api.types, roots));
    for id in api.types.ids() {
        (api.types[id].read, api.types[id].sent) = (read.contains(&id), sent.contains(&id));
    }
}

/// Marks components that no operation reaches, and their parts, for both directions, because a later operation may use them in
/// either.
pub(super) fn mark_unused(types: &mut Types) {
    let is_unused = |ty: &Type| ty.is_component() && !ty.read && !ty.sent;
    let unused = types.ids().filter(|id| is_unused(&types[*id]));
    for id in reachable(types, unused) {
        (types[id].read, types[id].sent) = (true, true);
    }
}
