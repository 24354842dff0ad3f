//! Part of `lower`: types while the document is read.
//!
//! In: ids, then contents, as the passes over the document find them. Out: the IR's types, made from finished values only.
//!
//! Invariant: a union whose rule is not decided exists here alone, never in the IR.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::ir::{Bounds, Docs, Owner, Shape, Type, TypeId, TypeRef, Types, Untyped};
use clientwright_normalizer::pointer::Pointer;

/// The types while they are being made.
#[derive(Debug, Default)]
pub(super) struct Draft {
    types: Vec<DraftType>,
    /// Types that have `null` among their values.
    pub(super) nullable: BTreeSet<TypeId>,
    /// Types whose values are never printed.
    pub(super) secret: BTreeSet<TypeId>,
    /// Types that are any JSON value although the document says more, each with the reason.
    pub(super) untyped: BTreeMap<TypeId, &'static str>,
}

/// A type while it is being made. The fields mean what those of [`Type`] do.
#[derive(Debug)]
pub(super) struct DraftType {
    pub(super) origin: Pointer,
    pub(super) owner: Owner,
    pub(super) docs: Docs,
    pub(super) shape: DraftShape,
    pub(super) format: Option<String>,
    pub(super) values: Vec<Value>,
    pub(super) bounds: Bounds,
    pub(super) default: Option<Value>,
    pub(super) example: Option<Value>,
}

/// What is known about the shape of a type.
#[derive(Clone, Debug)]
pub(super) enum DraftShape {
    /// Its schema has not been read yet.
    Unread,
    /// It is a union; how its branches are told apart is decided when all types have been read.
    Union(PendingUnion),
    /// It is decided.
    Decided(Shape),
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

impl From<Shape> for DraftShape {
    fn from(shape: Shape) -> Self {
        Self::Decided(shape)
    }
}

impl DraftType {
    /// The shape, if it is decided.
    pub(super) fn decided(&self) -> Option<&Shape> {
        match &self.shape {
            DraftShape::Decided(shape) => Some(shape),
            DraftShape::Unread | DraftShape::Union(_) => None,
        }
    }
}

impl Draft {
    /// Makes room for a type and returns its id.
    pub(super) fn add(&mut self, origin: Pointer, owner: Owner, shape: DraftShape) -> TypeId {
        self.types.push(DraftType {
            origin,
            owner,
            docs: Docs::default(),
            shape,
            format: None,
            values: Vec::new(),
            bounds: Bounds::default(),
            default: None,
            example: None,
        });
        TypeId(self.types.len() - 1)
    }

    pub(super) fn get(&self, id: TypeId) -> Option<&DraftType> {
        self.types.get(id.0)
    }

    pub(super) fn get_mut(&mut self, id: TypeId) -> Option<&mut DraftType> {
        self.types.get_mut(id.0)
    }

    /// The ids of all types that there are now.
    pub(super) fn ids(&self) -> impl Iterator<Item = TypeId> + use<> {
        (0..self.types.len()).map(TypeId)
    }

    /// The union with that id, if its rule is not decided.
    pub(super) fn pending(&self, id: TypeId) -> Option<&PendingUnion> {
        match &self.get(id)?.shape {
            DraftShape::Union(pending) => Some(pending),
            DraftShape::Unread | DraftShape::Decided(_) => None,
        }
    }

    /// What an alias names, if the type is one.
    pub(super) fn alias(&self, id: TypeId) -> Option<TypeId> {
        match self.get(id)?.decided()? {
            Shape::Alias(target) => Some(target.ty),
            _ => None,
        }
    }

    /// The id behind all aliases. Cycles of aliases are broken before anyone asks; the bound is for safety.
    pub(super) fn end(&self, mut id: TypeId) -> TypeId {
        for _ in 0..self.types.len() {
            match self.alias(id) {
                Some(next) => id = next,
                None => break,
            }
        }
        id
    }

    /// The type behind all aliases.
    pub(super) fn resolved(&self, ty: TypeRef) -> Option<&DraftType> {
        self.get(self.end(ty.ty))
    }

    /// The shape behind all aliases, if it is decided.
    pub(super) fn shape(&self, ty: TypeRef) -> Option<&Shape> {
        self.resolved(ty)?.decided()
    }

    /// The types that are any JSON value although the document says more, by their places.
    pub(super) fn untyped(&self) -> Vec<Untyped> {
        let place = |(id, reason): (&TypeId, &&'static str)| {
            self.get(*id).map(|ty| Untyped { pointer: ty.origin.clone(), reason })
        };
        self.untyped.iter().filter_map(place).collect()
    }
}

/// The types of the IR, once every union is decided.
pub(super) fn finish(types: Draft) -> Types {
    types.types.into_iter().map(DraftType::finish).collect()
}

impl DraftType {
    fn finish(self) -> Type {
        let Self { origin, owner, docs, shape, format, values, bounds, default, example } = self;
        let shape = match shape {
            DraftShape::Decided(shape) => shape,
            DraftShape::Unread | DraftShape::Union(_) => Shape::Any,
        };
        Type { docs, format, values, bounds, default, example, ..Type::new(origin, owner, shape) }
    }
}
