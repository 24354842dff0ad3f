//! Passes of `lower`: aliases that lead nowhere, and aliases that nobody needs.
//!
//! In: types some of which only name another. Out: types whose aliases all lead to contents, and are all components.
//!
//! Invariant: after [`collapse`], no [`TypeRef`] leads to an alias that is not a component.

use std::collections::BTreeSet;

use super::context::Draft;
use super::uses;
use crate::ir::{ClientHeader, Operation, Owner, Shape, Type, TypeId, TypeRef, Types};
use clientwright_normalizer::diagnostic::{Diagnostic, codes};

/// Breaks chains of aliases that lead back to themselves, and reports them.
pub(super) fn break_cycles(draft: &mut Draft, file: &str) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let mut ends: BTreeSet<TypeId> = BTreeSet::new();
    for index in 0..draft.types.len() {
        let mut id = TypeId(index);
        let mut chain = BTreeSet::new();
        while let Some(Shape::Alias(next)) = draft.types.get(id).map(|ty| &ty.shape) {
            if ends.contains(&id) || !chain.insert(id) {
                break;
            }
            id = next.ty;
        }
        if chain.contains(&id)
            && let Some(ty) = draft.types.get_mut(id)
            && matches!(ty.shape, Shape::Alias(_))
            && !ends.contains(&id)
        {
            let message = "the schema is a reference that leads back to itself and never to a schema";
            diagnostics.push(Diagnostic::invalid(codes::CYCLIC_REFERENCE, file, ty.origin.clone(), message));
            ty.shape = Shape::Any;
        }
        ends.extend(chain);
    }
    diagnostics
}

/// Puts the target of each alias that is not a component in its place.
///
/// What such an alias names is a component or belongs to one. Whether `null` is among its values has been lifted to its
/// uses before.
pub(super) fn collapse(types: &mut Types, operations: &mut [Operation], headers: &mut [ClientHeader]) {
    let targets: Vec<TypeId> = types.iter().map(|(id, _)| target(types, id)).collect();
    let mut change = |ty: &mut TypeRef| ty.ty = targets.get(ty.ty.0).copied().unwrap_or(ty.ty);
    uses::change_types(types, &mut change);
    for operation in operations {
        uses::change_operation(operation, &mut change);
    }
    for header in headers {
        change(&mut header.ty);
    }
}

/// Where an alias that is not a component leads, up to the next component or contents.
fn target(types: &Types, mut id: TypeId) -> TypeId {
    for _ in 0..=types.len() {
        match types.get(id) {
            Some(Type { owner: Owner::Component(_), .. }) => break,
            Some(Type { shape: Shape::Alias(next), .. }) => id = next.ty,
            _ => break,
        }
    }
    id
}
