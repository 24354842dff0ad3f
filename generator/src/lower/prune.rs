//! Pass of `lower`: drops the types that nothing uses.
//!
//! In: types as they were met. Out: those that an operation reaches, components, and the types that these take their names
//! from, with new ids in the same order.
//!
//! Invariant: every id in the IR is that of a type.

use super::uses::{self, TypeUsers};
use crate::ir::{Owner, TypeId, Types};

/// Drops what is not needed and renumbers the rest.
pub(super) fn prune(types: Types, users: &mut TypeUsers) -> Types {
    let needed = needed(&types, users);
    let mut ids = Vec::with_capacity(needed.len());
    let mut next = 0;
    for needed in &needed {
        ids.push(TypeId(next));
        next += usize::from(*needed);
    }
    let renumbered = |id: TypeId| ids.get(id.0).copied().unwrap_or(id);
    let mut kept: Types = types.into_iter().zip(&needed).filter_map(|(ty, needed)| needed.then_some(ty)).collect();
    for of in kept.iter_mut().filter_map(|ty| ty.owner.parent_mut()) {
        *of = renumbered(*of);
    }
    uses::redirect(&mut kept, users, renumbered);
    kept
}

fn needed(types: &Types, users: &TypeUsers) -> Vec<bool> {
    let components = types.iter().filter(|(_, ty)| matches!(ty.owner, Owner::Component(_))).map(|(id, _)| id);
    let mut waiting: Vec<_> = components.chain(users.sent()).chain(users.read()).collect();
    let mut needed = vec![false; types.len()];
    while let Some(id) = waiting.pop() {
        let (Some(mark), Some(ty)) = (needed.get_mut(id.0), types.get(id)) else { continue };
        if !std::mem::replace(mark, true) {
            waiting.extend(ty.shape.type_refs().into_iter().map(|inner| inner.ty));
            waiting.extend(ty.owner.parent());
        }
    }
    needed
}
