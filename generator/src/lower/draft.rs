//! Part of `lower`: types while the document is being read.
//!
//! In: ids, then contents, as the passes over the document find them. Out: the IR's types, and facts for later passes.
//!
//! Invariant: a union with an undecided rule is in `pending`; no pass reads the shape of its type until then.

use std::collections::{BTreeMap, BTreeSet};

use crate::ir::{Owner, Place, Shape, Type, TypeId, TypeRef, Types, Untyped};
use clientwright_normalizer::pointer::Pointer;

/// The types under construction.
#[derive(Default)]
pub(super) struct Draft {
    /// The types; a type with unknown contents is any JSON value.
    pub(super) types: Types,
    /// The target at the end of each chain of aliases.
    pub(super) ends: BTreeMap<TypeId, TypeId>,
    /// The unions whose rule is decided when all types have been read.
    pub(super) pending: BTreeMap<TypeId, PendingUnion>,
    /// Nullable types.
    pub(super) nullable: BTreeSet<TypeId>,
    /// Secret types.
    pub(super) secret: BTreeSet<TypeId>,
    /// Branches of an `anyOf` whose values may have properties of other branches.
    pub(super) partial: BTreeSet<TypeId>,
    /// The location of a default's schema, by the origin of the type or property.
    pub(super) default_places: BTreeMap<Pointer, Pointer>,
    /// Types that are any JSON value although the schema is more precise, with the reasons.
    pub(super) untyped: BTreeMap<TypeId, &'static str>,
}

/// A union whose rule has not been decided yet.
#[derive(Clone)]
pub(super) struct PendingUnion {
    /// The location of `oneOf` or `anyOf`.
    pub(super) at: Pointer,
    /// The branches, in document order.
    pub(super) branches: Vec<TypeRef>,
    /// The discriminator, if any.
    pub(super) tags: Option<BranchTags>,
}

/// The mapping of a discriminator to the branches of a union (OpenAPI 3.0.3 §4.7.25).
#[derive(Clone)]
pub(super) struct BranchTags {
    /// The discriminator's property.
    pub(super) property: String,
    /// The values that select each branch.
    pub(super) values: Vec<Vec<String>>,
    /// The branch for unmatched and missing values.
    pub(super) default: Option<usize>,
}

impl BranchTags {
    /// Returns `true` if the discriminator selects every branch, and every value selects at most one.
    pub(super) fn decide(&self) -> bool {
        let mut seen = BTreeSet::new();
        let is_selected = |(index, values): (usize, &Vec<String>)| !values.is_empty() || self.default == Some(index);
        !self.values.is_empty()
            && self.values.iter().enumerate().all(is_selected)
            && self.values.iter().flatten().all(|value| seen.insert(value))
    }
}

impl Draft {
    /// Adds a type and returns a use of it.
    pub(super) fn add(&mut self, origin: Pointer, owner: Owner, shape: Shape) -> TypeRef {
        TypeRef::of(self.types.push(Type::new(origin, owner, shape)))
    }

    /// Lets [`partial`](Self::partial) objects keep undeclared properties.
    pub(super) fn keep_unknown(&mut self) {
        for id in std::mem::take(&mut self.partial) {
            let id = self.end(id);
            let at = self.types[id].origin.key("additionalProperties");
            let values = self.add(at, Owner::Part(id, Place::Value), Shape::Any);
            if let Shape::Object(object) = &mut self.types[id].shape {
                object.additional.get_or_insert(values);
            }
        }
    }

    /// Returns the id behind all aliases.
    pub(super) fn end(&self, id: impl Into<TypeId>) -> TypeId {
        let id = id.into();
        // A union may have become an alias in the meantime.
        self.types.end(self.ends.get(&id).copied().unwrap_or(id))
    }

    /// Returns `true` if a use or its type is nullable.
    pub(super) fn is_nullable(&self, used: TypeRef) -> bool {
        used.nullable || self.nullable.contains(&used.ty)
    }

    /// Returns the use as nullable or secret if one of the others is, or the type of one.
    pub(super) fn with_facts_of(&self, used: TypeRef, others: &[TypeRef]) -> TypeRef {
        let nullable = used.nullable || others.iter().any(|other| self.is_nullable(*other));
        let secret = used.secret || others.iter().any(|other| other.secret || self.secret.contains(&other.ty));
        TypeRef { nullable, secret, ..used }
    }

    /// Returns the type behind all aliases.
    pub(super) fn resolved(&self, ty: impl Into<TypeId>) -> &Type {
        &self.types[self.end(ty)]
    }

    /// Returns the shape behind all aliases, if it is decided.
    pub(super) fn shape(&self, ty: TypeRef) -> Option<&Shape> {
        let id = self.end(ty);
        (!self.pending.contains_key(&id)).then(|| &self.types[id].shape)
    }

    /// Returns the branches of a union, even if its rule is not decided.
    pub(super) fn branches(&self, id: TypeId) -> Option<Vec<TypeRef>> {
        match (self.pending.get(&id), &self.types[id].shape) {
            (Some(pending), _) => Some(pending.branches.clone()),
            (None, union @ Shape::Union(_)) => Some(union.type_refs()),
            _ => None,
        }
    }

    /// Returns the types that are any JSON value although the schema is more precise, by location.
    pub(super) fn untyped(&self) -> Vec<Untyped> {
        let untyped = self.untyped.iter();
        untyped.map(|(id, reason)| Untyped { pointer: self.types[*id].origin.clone(), reason }).collect()
    }
}
