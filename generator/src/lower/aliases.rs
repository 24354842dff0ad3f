//! Passes of `lower`: resolve alias cycles, and remove unneeded aliases and chains of them.
//!
//! In: types some of which only name another. Out: types whose aliases all lead to contents.
//!
//! Invariant: after [`break_cycles`], following aliases ends. After [`collapse`], only components are aliases. After [`shorten`], it
//! takes few steps to the end of any alias: a document may refer from component to component a hundred thousand times.

use std::collections::BTreeSet;

use super::draft::Draft;
use super::uses;
use crate::ir::{Api, Shape, TypeId, Types};
use crate::never::never;
use clientwright_normalizer::diagnostic::{Diagnostic, codes};

/// Breaks chains of aliases that lead back to themselves, and reports them. Notes where all others end.
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

/// Puts the target of each alias that is not a component in its place: a component, or what belongs to one.
pub(super) fn collapse(api: &mut Api) {
    let stops = |id| api.types[id].is_component();
    let targets: Vec<TypeId> = api.types.iter().map(|(id, _)| api.types.follow(id, stops)).collect();
    uses::redirect(api, |id| targets.get(id.0).copied().unwrap_or_else(|| never!(id, "{id:?} is unknown")));
    // What is left of the others is that they own types.
    let unused = api.types.iter_mut().filter(|ty| matches!(ty.shape, Shape::Alias(_)) && !ty.is_component());
    unused.for_each(|ty| ty.shape = Shape::Any);
}

/// Makes components that are aliases of each other aliases of what is behind them all.
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
