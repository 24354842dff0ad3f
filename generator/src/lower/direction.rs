//! Pass of `lower`: which types are read and which are sent.
//!
//! In: types and what uses them. Out: types with `read` and `sent`.
//!
//! Invariant: whatever a type that is read is made of is read as well; likewise for what is sent. A component that no
//! operation reaches may be meant for either direction, and has both.

use super::uses::{Direction, reachable, used};
use crate::ir::{Api, Owner, Shape, Text, Type, TypeId, Types};

/// Marks every type that an operation reaches, and no other.
pub(super) fn mark(api: &mut Api) {
    let (read, sent) = (used(api, Direction::Read), used(api, Direction::Sent));
    let (read, sent) = (reachable(&api.types, read), reachable(&api.types, sent));
    for (index, ty) in api.types.iter_mut().enumerate() {
        (ty.read, ty.sent) = (read.contains(&TypeId(index)), sent.contains(&TypeId(index)));
    }
}

/// Marks the components that no operation reaches.
pub(super) fn mark_unused(types: &mut Types) {
    let is_unused = |ty: &Type| !ty.read && !ty.sent && matches!(ty.owner, Owner::Component(_));
    let unused: Vec<_> = types.iter().filter(|(_, ty)| is_unused(ty)).map(|(id, _)| id).collect();
    for id in reachable(types, unused) {
        if let Some(ty) = types.get_mut(id) {
            (ty.read, ty.sent) = (true, true);
        }
    }
}

/// Marks every type that is read or sent as both, so that each can be tried both ways. A file becomes a string, because
/// JSON has no form for files.
pub fn both_ways(api: &mut Api) {
    for ty in api.types.iter_mut().filter(|ty| ty.read || ty.sent) {
        (ty.read, ty.sent) = (true, true);
        if ty.shape == Shape::Text(Text::File) {
            ty.shape = Shape::Text(Text::Plain);
        }
    }
}
