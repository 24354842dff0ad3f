//! Part of `lower`: types that have a second form for one way that they go.
//!
//! In: types, and which of them have one. Out: where the forms are, and what they are before the pass that asks changes them.
//!
//! Invariant: what is inline in a type that has a form, and has one itself, belongs to that form.

use std::collections::{BTreeMap, BTreeSet};

use super::uses::closure;
use crate::ir::{Owner, TypeId, TypeRef, Types};

/// The second forms of types, by what they are forms of.
pub(super) struct Forms(BTreeMap<TypeId, TypeId>);

impl Forms {
    /// Adds an equal form of each type, which `owner` tells whom it belongs to where the type is not inline in one of them.
    pub(super) fn add(
        types: &mut Types,
        of: impl IntoIterator<Item = TypeId>,
        owner: impl Fn(TypeId) -> Owner,
    ) -> Self {
        let of: BTreeSet<TypeId> = of.into_iter().collect();
        let forms = Self(of.into_iter().zip((types.len()..).map(TypeId)).collect());
        for id in forms.0.keys() {
            let mut form = types[*id].clone();
            match form.owner.parent_mut().and_then(|parent| Some((forms.0.get(parent).copied()?, parent))) {
                Some((form, parent)) => *parent = form,
                None => form.owner = owner(*id),
            }
            types.push(form);
        }
        forms
    }

    /// All types that have a form, with it.
    pub(super) fn iter(&self) -> impl Iterator<Item = (TypeId, TypeId)> {
        self.0.iter().map(|(id, form)| (*id, *form))
    }

    /// The form of a type; the type itself if it has none.
    pub(super) fn of(&self, id: TypeId) -> TypeId {
        self.0.get(&id).copied().unwrap_or(id)
    }

    /// Makes a use of a type one of its form.
    pub(super) fn redirect(&self, used: &mut TypeRef) {
        used.ty = self.of(used.ty);
    }
}

/// Some types and those of `holders` that hold them.
pub(super) fn held_by(
    types: &Types,
    from: impl IntoIterator<Item = TypeId>,
    holders: impl IntoIterator<Item = TypeId>,
) -> BTreeSet<TypeId> {
    let mut by_part: BTreeMap<TypeId, Vec<TypeId>> = BTreeMap::new();
    for id in holders {
        for part in types[id].shape.type_refs() {
            by_part.entry(part.ty).or_default().push(id);
        }
    }
    closure(from, |id| by_part.get(&id).cloned().unwrap_or_default())
}
