//! Passes of `lower`: resolve alias cycles and remove unneeded aliases.
//!
//! In: types some of which only name another. Out: types whose aliases all lead to contents, and are all components.
//!
//! Invariant: after [`break_cycles`], following aliases ends. After [`collapse`], only components are aliases.

use std::collections::BTreeSet;

use super::draft::Draft;
use super::uses;
use crate::ir::{Api, Shape, TypeId};
use clientwright_normalizer::diagnostic::{Diagnostic, codes};

/// Breaks chains of aliases that lead back to themselves, and reports them.
pub(super) fn break_cycles(draft: &mut Draft, file: &str) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let mut followed: BTreeSet<TypeId> = BTreeSet::new();
    for start in (0..draft.types.len()).map(TypeId) {
        let mut id = start;
        let mut chain = BTreeSet::new();
        while let Shape::Alias(next) = draft.types[id].shape
            && !followed.contains(&id)
            && chain.insert(id)
        {
            id = next.ty;
        }
        if chain.contains(&id)
            && let Some(ty) = draft.types.get_mut(id)
        {
            let message = "the schema refers only to itself";
            diagnostics.push(Diagnostic::invalid(codes::CYCLIC_REFERENCE, file, ty.origin.clone(), message));
            ty.shape = Shape::Any;
        }
        followed.extend(chain);
    }
    diagnostics
}

/// Puts the target of each alias that is not a component in its place: a component, or what belongs to one.
pub(super) fn collapse(api: &mut Api) {
    let stops = |id| api.types[id].is_component();
    let targets: Vec<TypeId> = api.types.iter().map(|(id, _)| api.types.follow(id, stops)).collect();
    uses::redirect(api, |id| targets.get(id.0).copied().unwrap_or(id));
    // What is left of the others is that they own types.
    let unused = api.types.iter_mut().filter(|ty| matches!(ty.shape, Shape::Alias(_)) && !ty.is_component());
    unused.for_each(|ty| ty.shape = Shape::Any);
}
