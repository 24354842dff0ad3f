//! Part of `lower`: types while the document is read.
//!
//! In: ids, then contents, as the passes over the document find them. Out: the IR's types, and facts that are not in them yet.
//!
//! Invariant: a union whose rule is not decided is in `pending`; nobody takes it for the shape that its type has until then.

use std::collections::{BTreeMap, BTreeSet};

use crate::ir::{Owner, Shape, Type, TypeId, TypeRef, Types, Untyped};
use clientwright_normalizer::pointer::Pointer;

/// The types while they are being made.
#[derive(Debug, Default)]
pub(super) struct Draft {
    /// The types; one whose contents are not known yet is any JSON value.
    pub(super) types: Types,
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

/// A union whose rule is still to be decided.
#[derive(Clone, Debug)]
pub(super) struct PendingUnion {
    /// Where `oneOf` or `anyOf` is.
    pub(super) at: Pointer,
    /// The branches, in the document's order.
    pub(super) branches: Vec<TypeRef>,
    /// The discriminator's property, and for each branch the values that select it, if any do.
    pub(super) tags: Option<(String, Vec<Vec<String>>)>,
}

impl Draft {
    /// Adds a type and returns its id.
    pub(super) fn add(&mut self, origin: Pointer, owner: Owner, shape: Shape) -> TypeId {
        self.types.push(Type::new(origin, owner, shape))
    }

    /// The shape behind all aliases, if it is decided.
    pub(super) fn shape(&self, ty: TypeRef) -> Option<&Shape> {
        let id = self.types.end(ty.ty);
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
