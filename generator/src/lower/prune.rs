//! Pass of `lower`: types that nothing leads to are dropped.
//!
//! In: types as they were met. Out: those that an operation reaches or that are components, and those that they take
//! their names from, numbered anew in the same order.
//!
//! Invariant: every id in the IR is one of a type that is there.

use super::uses;
use crate::ir::{ClientHeader, Operation, Owner, TypeId, TypeRef, Types};

/// Drops what is not needed and renumbers the rest.
pub(super) fn prune(types: Types, operations: &mut [Operation], headers: &mut [ClientHeader]) -> Types {
    let needed = needed(&types, operations, headers);
    let mut ids = Vec::with_capacity(needed.len());
    let mut next = 0;
    for needed in &needed {
        ids.push(TypeId(next));
        next += usize::from(*needed);
    }
    let mut renumber = |ty: &mut TypeRef| ty.ty = ids.get(ty.ty.0).copied().unwrap_or(ty.ty);
    let kept = types.into_iter().zip(&needed).filter_map(|(ty, needed)| needed.then_some(ty));
    let renumbered = kept.map(|mut ty| {
        uses::change(&mut ty.shape, &mut renumber);
        if let Some(of) = ty.owner.parent_mut() {
            *of = ids.get(of.0).copied().unwrap_or(*of);
        }
        ty
    });
    let kept: Types = renumbered.collect();
    for operation in operations {
        uses::change_operation(operation, &mut renumber);
    }
    for header in headers {
        renumber(&mut header.ty);
    }
    kept
}

fn needed(types: &Types, operations: &[Operation], headers: &[ClientHeader]) -> Vec<bool> {
    let components = types.iter().filter(|(_, ty)| matches!(ty.owner, Owner::Component(_))).map(|(id, _)| id);
    let mut waiting: Vec<_> = components.collect();
    waiting.extend(operations.iter().flat_map(uses::sent));
    waiting.extend(operations.iter().flat_map(uses::read));
    waiting.extend(headers.iter().map(|header| header.ty.ty));
    let mut needed = vec![false; types.len()];
    while let Some(id) = waiting.pop() {
        let (Some(mark), Some(ty)) = (needed.get_mut(id.0), types.get(id)) else { continue };
        if !std::mem::replace(mark, true) {
            waiting.extend(uses::of(&ty.shape).into_iter().map(|inner| inner.ty));
            waiting.extend(ty.owner.parent());
        }
    }
    needed
}
