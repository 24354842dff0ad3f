//! Passes of `lower`: break alias cycles, and remove unneeded aliases and chains of aliases.
//!
//! In: types, some of which only refer to another. Out: types whose aliases all lead to contents.
//!
//! Invariant: after [`break_cycles`], following aliases terminates. After [`collapse`], only components are aliases. After [`shorten`],
//! the end of any alias is a few steps away: a document may have chains of a hundred thousand components.

use std::collections::BTreeSet;

use super::draft::Draft;
use super::uses;
use crate::ir::{Api, Shape, TypeId, Types};
use crate::never::never;
use clientwright_normalizer::diagnostic::{Diagnostic, codes};

/// Breaks cycles of aliases and reports them. Records the targets of all other aliases.
pub(super) fn break_cycles(draft: &mut Draft, file: &str) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for start in draft.types.ids() {
        let mut id = start;
        let mut chain = BTreeSet::new();
        while let Shape::Alias(next) = draft.types[id].shape
            && !draft.ends.contains_key(&id)
            && chain.insert(id)
        {
            id = next.ty;
        }
        if chain.contains(&id) {
            let (ty, message) = (&mut draft.types[id], "the schema refers only to itself");
            diagnostics.push(Diagnostic::invalid(codes::CYCLIC_REFERENCE, file, ty.origin.clone(), message));
            ty.shape = Shape::Any;
        }
        let end = draft.end(id);
        draft.ends.extend(chain.into_iter().map(|alias| (alias, end)));
    }
    diagnostics
}

/// Replaces each alias that is not a component with its target: a component, or a part of one.
pub(super) fn collapse(api: &mut Api) {
    let types = &api.types;
    let ends: Vec<TypeId> = types.ids().map(|id| types.follow(id, |id| types[id].is_component())).collect();
    uses::redirect(api, |id| ends.get(id.0).copied().unwrap_or_else(|| never!(id, "{id:?} is unknown")));
    // The replaced aliases remain only as owners of types.
    let unused = api.types.iter_mut().filter(|ty| matches!(ty.shape, Shape::Alias(_)) && !ty.is_component());
    unused.for_each(|ty| ty.shape = Shape::Any);
}

/// Turns chains of component aliases into direct aliases.
pub(super) fn shorten(types: &mut Types) {
    for start in types.ids() {
        let (mut id, end) = (start, types.place(start));
        while id != end
            && let Shape::Alias(next) = &mut types[id].shape
        {
            id = std::mem::replace(&mut next.ty, end);
        }
    }
}
