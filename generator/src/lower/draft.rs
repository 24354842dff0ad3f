//! Part of `lower`: types while the document is read.
//!
//! In: ids, then contents, as the passes over the document find them. Out: the IR's types, and facts that are not in them yet.
//!
//! Invariant: a union whose rule is not decided is in `pending`; no pass asks for the shape of its type until then.

use std::collections::{BTreeMap, BTreeSet};

use crate::ir::{Owner, Shape, Type, TypeId, TypeRef, Types, Untyped};
use clientwright_normalizer::pointer::Pointer;

/// The types while they are being made.
#[derive(Debug, Default)]
pub(super) struct Draft {
    /// The types; one whose contents are not known yet is any JSON value.
    pub(super) types: Types,
    /// What is behind each alias, however many there are between.
    pub(super) ends: BTreeMap<TypeId, TypeId>,
    /// The unions whose rule is decided when all types have been read.
    pub(super) pending: BTreeMap<TypeId, PendingUnion>,
    /// Types that have `null` among their values.
    pub(super) nullable: BTreeSet<TypeId>,
    /// Types whose values are never printed.
    pub(super) secret: BTreeSet<TypeId>,
    /// Where the schema of a default is, by the origin of the type or property.
    pub(super) default_places: BTreeMap<Pointer, Pointer>,
    /// Types that are any JSON value although the document says more, each with the reason.
    pub(super) untyped: BTreeMap<TypeId, &'static str>,
}

/// What the contents of a schema are.
#[derive(Debug)]
pub(super) enum Contents {
    /// A shape.
    Shape(Shape),
    /// A choice.
    Union(PendingUnion),
}

/// A union whose rule is still to be decided.
#[derive(Clone, Debug)]
pub(super) struct PendingUnion {
    /// Where `oneOf` or `anyOf` is.
    pub(super) at: Pointer,
    /// The branches, in the document's order.
    pub(super) branches: Vec<TypeRef>,
    /// What its discriminator says, if it has one.
    pub(super) tags: Option<BranchTags>,
}

/// How a discriminator selects the branches of a union (OpenAPI 3.0.3 §4.7.25).
#[derive(Clone, Debug, Default)]
pub(super) struct BranchTags {
    /// The property that it looks at.
    pub(super) property: String,
    /// For each branch the values that select it, if any do.
    pub(super) values: Vec<Vec<String>>,
    /// The branch that any other value selects, and none.
    pub(super) default: Option<usize>,
}

impl BranchTags {
    /// Whether it selects every branch, and none of its values selects two.
    pub(super) fn decide(&self) -> bool {
        let mut seen = BTreeSet::new();
        let is_selected = |(index, values): (usize, &Vec<String>)| !values.is_empty() || self.default == Some(index);
        !self.values.is_empty()
            && self.values.iter().enumerate().all(is_selected)
            && self.values.iter().flatten().all(|value| seen.insert(value))
    }
}

impl Draft {
    /// Adds a type and returns its id.
    pub(super) fn add(&mut self, origin: Pointer, owner: Owner, shape: Shape) -> TypeId {
        self.types.push(Type::new(origin, owner, shape))
    }

    /// The id behind all aliases.
    pub(super) fn end(&self, id: TypeId) -> TypeId {
        // A union may have become an alias by now.
        self.types.end(self.ends.get(&id).copied().unwrap_or(id))
    }

    /// The type behind all aliases.
    pub(super) fn resolved(&self, ty: TypeRef) -> &Type {
        &self.types[self.end(ty.ty)]
    }

    /// The shape behind all aliases, if it is decided.
    pub(super) fn shape(&self, ty: TypeRef) -> Option<&Shape> {
        let id = self.end(ty.ty);
        (!self.pending.contains_key(&id)).then(|| &self.types[id].shape)
    }

    /// The branches of a union, whether or not its rule is decided.
    pub(super) fn branches(&self, id: TypeId) -> Option<Vec<TypeRef>> {
        match (self.pending.get(&id), &self.types[id].shape) {
            (Some(pending), _) => Some(pending.branches.clone()),
            (None, Shape::Union(union)) => Some(union.variants.iter().map(|variant| variant.ty).collect()),
            _ => None,
        }
    }

    /// The types that are any JSON value although the document says more, by their places.
    pub(super) fn untyped(&self) -> Vec<Untyped> {
        let untyped = self.untyped.iter();
        untyped.map(|(id, reason)| Untyped { pointer: self.types[*id].origin.clone(), reason }).collect()
    }
}
