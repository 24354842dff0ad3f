//! Part of `lower`: second forms of types for one direction.
//!
//! In: types, and those that need a second form. Out: the forms, equal to their types until the calling pass changes them.
//!
//! Invariant: an inline type with a form belongs to the form of its owner, if the owner has a form.

use std::collections::{BTreeMap, BTreeSet};

use crate::ir::{FormKind, Owner, Rule, TypeId, TypeRef, Types};

/// The second forms of types, by type.
pub(super) struct Forms(BTreeMap<TypeId, TypeId>);

impl Forms {
    /// Adds an equal form of each type. Its owner is the type itself, or the owner's form for inline types.
    pub(super) fn add(types: &mut Types, of: impl IntoIterator<Item = TypeId>, kind: FormKind) -> Self {
        let of: BTreeSet<TypeId> = of.into_iter().collect();
        let forms = Self(of.into_iter().zip((types.len()..).map(TypeId)).collect());
        for id in forms.0.keys() {
            let mut form = types[*id].clone();
            match form.owner.parent_mut().and_then(|parent| Some((forms.0.get(parent).copied()?, parent))) {
                Some((form, parent)) => *parent = form,
                None => form.owner = Owner::Form(*id, kind),
            }
            types.push(form);
        }
        forms
    }

    /// Returns all types that have a form, with the form.
    pub(super) fn iter(&self) -> impl Iterator<Item = (TypeId, TypeId)> {
        self.0.iter().map(|(id, form)| (*id, *form))
    }

    /// Returns the form of a type; the type itself if it has none.
    pub(super) fn of(&self, id: TypeId) -> TypeId {
        self.0.get(&id).copied().unwrap_or(id)
    }

    /// Replaces a used type with its form.
    pub(super) fn redirect(&self, used: &mut TypeRef) {
        used.ty = self.of(used.ty);
    }
}

/// Returns the properties that select the branches of unions.
pub(super) fn tag_properties(types: &Types) -> BTreeSet<String> {
    let unions = types.iter().filter_map(|(_, ty)| ty.shape.union());
    unions
        .filter_map(|union| if let Rule::Tag(property) = &union.rule { Some(property.clone()) } else { None })
        .collect()
}

/// Returns `true` for a component or a part of one, which a future operation may read. A multipart type is only sent.
pub(super) fn is_in_component(types: &Types, id: TypeId) -> bool {
    let mut owners = types.owners(id).map(|id| &types[id].owner);
    let last = owners.find(|owner| matches!(owner, Owner::Component(_) | Owner::Form(_, FormKind::Multipart)));
    matches!(last, Some(Owner::Component(_)))
}
