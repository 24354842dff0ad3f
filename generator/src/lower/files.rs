//! Pass of `lower`: strings that are files.
//!
//! In: operations and types. Out: types; a string of `format: binary` is a file in a part of a body.
//!
//! Invariant: a file is never read, and is sent only as a separate part. A type that is also used in JSON keeps the string there, and has a
//! separate multipart type.

use std::collections::{BTreeMap, BTreeSet};

use super::uses::{Use, closure, reachable, uses};
use crate::ir::{Api, FormKind, MediaKind, Owner, Shape, Text, Type, TypeId, Types};

/// Marks files.
pub(super) fn mark(api: &mut Api) {
    // Only requests of the client are `multipart`.
    let is_multipart = |used: &Use<'_>| used.kind == Some(MediaKind::Multipart);
    let (multipart, others): (Vec<_>, Vec<_>) = uses(api).partition(is_multipart);
    let ids = |uses: Vec<Use<'_>>| uses.into_iter().map(|used| used.ty.ty).collect::<Vec<TypeId>>();
    let (multipart, mut elsewhere) = (ids(multipart), ids(others));
    if multipart.is_empty() {
        return;
    }
    let types = &mut api.types;
    let parts = parts(types, &multipart);
    elsewhere.extend(parts.elsewhere());
    // A component that no operation reaches may be for any purpose.
    let reached_by_operations = reachable(types, elsewhere.iter().copied().chain(multipart));
    let is_unused = |id: &TypeId| !reached_by_operations.contains(id);
    let components = types.iter().filter(|(_, ty)| ty.is_component()).map(|(id, _)| id);
    elsewhere.extend(components.filter(is_unused));
    let elsewhere = reachable(types, elsewhere);
    let copies = separate(types, &parts, &elsewhere);
    for part in parts.files {
        types[copies.of(part)].shape = Shape::Text(Text::File);
    }
    for Use { ty: used, .. } in uses(api).filter(is_multipart) {
        used.ty = copies.of((used.ty, Level::Body));
    }
}

/// The multipart types of types that are also used elsewhere.
struct MultipartTypes(BTreeMap<PartType, TypeId>);

impl MultipartTypes {
    /// Returns the multipart type of a type; the type itself if it has none.
    fn of(&self, part: PartType) -> TypeId {
        self.0.get(&part).copied().unwrap_or(part.0)
    }
}

/// Creates multipart types for types that contain a file in a `multipart` body and are also used elsewhere.
fn separate(types: &mut Types, parts: &Parts, elsewhere: &BTreeSet<TypeId>) -> MultipartTypes {
    let mut holders: BTreeMap<PartType, Vec<PartType>> = BTreeMap::new();
    for (holder, below) in &parts.holders {
        for used in types[holder.0].shape.type_refs() {
            holders.entry((used.ty, *below)).or_default().push(*holder);
        }
    }
    let shared = parts.files.iter().copied().filter(|(id, _)| elsewhere.contains(id));
    let way = closure(shared, |part| holders.get(&part).into_iter().flatten().copied());
    let copied = way.iter().filter(|(id, _)| elsewhere.contains(id)).enumerate();
    let copies = MultipartTypes(copied.map(|(index, part)| (*part, TypeId(types.len() + index))).collect());
    for (id, _) in copies.0.keys() {
        let owner = Owner::Form(*id, FormKind::Multipart);
        types.push(Type { owner, ..types[*id].clone() });
    }
    for part in way {
        let Some(below) = parts.holders.get(&part) else { continue };
        for used in types[copies.of(part)].shape.type_refs_mut() {
            used.ty = copies.of((used.ty, *below));
        }
    }
    copies
}

/// A type at a level of a `multipart` body.
type PartType = (TypeId, Level);

/// The level of a type in a `multipart` body.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    /// The whole body, whose properties are parts.
    Body,
    /// A part, or an array whose items are parts.
    Part,
    /// An item that is a part.
    Item,
}

/// Returns `true` if a `multipart` body of this type has a part that may be a file.
pub(super) fn may_be_in(types: &Types, body: TypeId) -> bool {
    !parts(types, &[body]).files.is_empty()
}

/// The types in `multipart` bodies.
#[derive(Default)]
struct Parts {
    /// Possible files.
    files: BTreeSet<PartType>,
    /// JSON types.
    structured: Vec<TypeId>,
    /// The containers of both, and their levels.
    holders: BTreeMap<PartType, Level>,
}

impl Parts {
    /// Returns the types that must stay unchanged: JSON, and types at several levels.
    fn elsewhere(&self) -> impl Iterator<Item = TypeId> {
        let at_two = self.holders.keys().zip(self.holders.keys().skip(1)).filter(|(one, next)| one.0 == next.0);
        self.structured.iter().copied().chain(at_two.map(|(one, _)| one.0))
    }
}

/// Returns the parts of all `multipart` bodies.
fn parts(types: &Types, bodies: &[TypeId]) -> Parts {
    let mut parts = Parts::default();
    let mut waiting: Vec<PartType> = bodies.iter().map(|id| (*id, Level::Body)).collect();
    let mut seen = BTreeSet::new();
    while let Some((id, level)) = waiting.pop() {
        if !seen.insert((id, level)) {
            continue;
        }
        let ty = &types[id];
        let below = match (&ty.shape, level) {
            (Shape::Alias(_) | Shape::Union(_), level) => level,
            (Shape::Object(_) | Shape::Map(_), Level::Body) => Level::Part,
            (Shape::Array(_), Level::Part) => Level::Item,
            (Shape::Text(Text::Plain), Level::Part | Level::Item) if ty.format.as_deref() == Some("binary") => {
                parts.files.insert((id, level));
                continue;
            }
            _ => {
                parts.structured.push(id);
                continue;
            }
        };
        parts.holders.insert((id, level), below);
        waiting.extend(ty.shape.type_refs().into_iter().map(|used| (used.ty, below)));
    }
    parts
}
