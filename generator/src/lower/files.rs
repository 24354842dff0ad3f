//! Pass of `lower`: parts that are files.
//!
//! In: operations and types. Out: the types, with their files. In a part of a body, a file is a string of `format: binary`, a value without
//! a schema, or one with a documented media type that is neither JSON nor text.
//!
//! Invariant: a file is never read, and is sent only as a separate part. A type that is also used in JSON keeps its shape there, and has a
//! separate multipart type.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexSet;

use super::uses::{Use, closure, reachable, uses};
use crate::ir::{
    Api, Encoding, Field, FormKind, MediaKind, MediaType, Operation, Owner, Shape, Text, Type, TypeId, TypeRef, Types,
    Variant, Writing,
};
use clientwright_normalizer::pointer::Pointer;
use clientwright_normalizer::structure::media::{essence, is_json};

/// Marks files.
pub(super) fn mark(api: &mut Api) {
    let mut encoded = IndexSet::new();
    let untyped: BTreeSet<&Pointer> = api.untyped.iter().map(|untyped| &untyped.pointer).collect();
    let sent = api.operations.iter().filter_map(|operation| operation.body.as_ref()).flat_map(|body| &body.media_types);
    let in_json: BTreeSet<TypeId> =
        sent.filter(|media_type| media_type.kind == MediaKind::Json).map(|media_type| media_type.ty.ty).collect();
    let mut level = |media_type: &MediaType| {
        let (body, known) = (media_type.ty.ty, levels(&media_type.encodings).into_iter());
        // Frameworks document a body of JSON values as each media type.
        let is_json = media_type.encodings.is_empty() && in_json.contains(&body);
        let unsaid = without_schema(&api.types, body, &untyped).into_iter().filter(|_| !is_json);
        Level::Body(encoded.insert_full(unsaid.map(|property| (property, Level::Bytes)).chain(known).collect()).0)
    };
    let multipart: Vec<PartType> =
        bodies(&mut api.operations).map(|media_type| (media_type.ty.ty, level(media_type))).collect();
    if multipart.is_empty() {
        return;
    }
    let is_other = |used: &Use<'_>| used.kind != Some(MediaKind::Multipart);
    let mut elsewhere: Vec<TypeId> = uses(api).filter(is_other).map(|used| used.ty.ty).collect();
    let parts = Parts::of(&api.types, &multipart, &encoded);
    name_entries(api, &parts, &multipart);
    let types = &mut api.types;
    elsewhere.extend(parts.elsewhere());
    // A component that no operation reaches may have any purpose.
    let in_bodies = multipart.iter().map(|(id, _)| *id);
    let reached_by_operations = reachable(types, elsewhere.iter().copied().chain(in_bodies));
    let is_unused = |id: &TypeId| types[*id].is_component() && !reached_by_operations.contains(id);
    elsewhere.extend(types.ids().filter(is_unused));
    let elsewhere = reachable(types, elsewhere);
    let multipart_type = separate(types, &parts, &elsewhere);
    for part in parts.files() {
        types[multipart_type(part)].shape = Shape::Text(Text::File);
    }
    for (media_type, body) in bodies(&mut api.operations).zip(multipart) {
        media_type.ty.ty = multipart_type(body);
    }
}

/// Returns the `multipart` bodies; only requests of the client have them.
fn bodies(operations: &mut [Operation]) -> impl Iterator<Item = &mut MediaType> {
    let bodies = operations.iter_mut().flat_map(|operation| &mut operation.body);
    bodies.flat_map(|body| &mut body.media_types).filter(|media_type| media_type.kind == MediaKind::Multipart)
}

/// Creates multipart types for types that contain a file in a `multipart` body and are also used elsewhere. Returns a function from a type
/// to its multipart type, or the type itself.
fn separate(types: &mut Types, parts: &Parts, elsewhere: &BTreeSet<TypeId>) -> impl Fn(PartType) -> TypeId + use<> {
    let way = parts.leading_to(parts.files().filter(|(id, _)| elsewhere.contains(id)));
    let mut copies = BTreeMap::new();
    for (id, level) in way.iter().copied().filter(|(id, _)| elsewhere.contains(id)) {
        let owner = Owner::Form(id, FormKind::Multipart);
        copies.insert((id, level), types.push(Type { owner, ..types[id].clone() }));
    }
    let multipart_type = move |part: PartType| copies.get(&part).copied().unwrap_or(part.0);
    for part in way {
        let inner = parts.inner(part).iter();
        for (used, inner) in types[multipart_type(part)].shape.type_refs_mut().into_iter().zip(inner) {
            used.ty = multipart_type(*inner);
        }
    }
    multipart_type
}

/// Sends entries of maps with files in the style `deepObject`, so that an empty map sends no part.
fn name_entries(api: &mut Api, parts: &Parts, multipart: &[PartType]) {
    let entries = parts.leading_to(parts.files().filter(|(_, level)| *level == Level::Entry));
    let Api { operations, types, .. } = api;
    for (media_type, body) in bodies(operations).zip(multipart) {
        let is_body = |(_, level): &PartType| matches!(level, Level::Body(_));
        let objects = closure([*body], |part| parts.inner(part).iter().copied().filter(is_body));
        let fields = objects.iter().flat_map(|(id, _)| types[*id].shape.fields());
        let named = fields.filter(|field| entries.contains(&(field.ty.ty, Level::Part)));
        for property in named.map(|field| &field.wire_name).collect::<BTreeSet<_>>() {
            let deep_object = Writing::Part { content_type: None, headers: Vec::new(), deep_object: true };
            match media_type.encodings.iter_mut().find(|encoding| encoding.property == *property) {
                Some(Encoding { writing: Writing::Part { deep_object, .. }, .. }) => *deep_object = true,
                _ => media_type.encodings.push(Encoding { property: property.clone(), writing: deep_object }),
            }
        }
    }
}

/// A type at a level of a `multipart` body.
type PartType = (TypeId, Level);

/// The level of a type in a `multipart` body.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Level {
    /// The whole body, whose properties are parts; with the index of their levels.
    Body(usize),
    /// A part, an array whose items are parts, or a map whose entries are parts.
    Part,
    /// An item that is a part.
    Item,
    /// An entry of a map, or an inner array.
    Entry,
    /// Like [`Entry`](Self::Entry), in a property of the style `deepObject`, where properties of objects are parts, too.
    Deep,
    /// A part whose documented media type is text.
    Text,
    /// A part whose documented media type is neither JSON nor text.
    Bytes,
}

/// Returns the levels that encodings determine, by property.
fn levels(encodings: &[Encoding]) -> BTreeMap<String, Level> {
    let level = |encoding: &Encoding| match &encoding.writing {
        Writing::Part { deep_object: true, .. } => Some(Level::Deep),
        Writing::Part { content_type: Some(list), .. } => content_level(list),
        _ => None,
    };
    encodings.iter().filter_map(|encoding| Some((encoding.property.clone(), level(encoding)?))).collect()
}

/// Returns the properties of a body whose value or items have no schema, which are bytes by default (OpenAPI 3.1.1 §4.8.15.1).
fn without_schema(types: &Types, body: TypeId, untyped: &BTreeSet<&Pointer>) -> Vec<String> {
    let may_be_anything = |used: &TypeRef| {
        let ty = types.resolved(*used);
        ty.shape == Shape::Any && ty.values.is_empty() && !untyped.contains(&ty.origin)
    };
    let is_unsaid = |field: &&Field| match types.shape(field.ty) {
        Shape::Array(items) => may_be_anything(items),
        _ => may_be_anything(&field.ty),
    };
    types.shape(body).fields().iter().filter(is_unsaid).map(|field| field.wire_name.clone()).collect()
}

/// Returns the level of a part with one of the listed media types. `None` if the first one that is not a range is JSON.
fn content_level(list: &str) -> Option<Level> {
    let names = || list.split(',').map(essence).filter(|name| !name.is_empty());
    let first = names().find(|name| !name.contains('*')).or_else(|| names().next())?;
    let is_text = || names().all(|name| name.starts_with("text/"));
    (!is_json(&first)).then(|| if is_text() { Level::Text } else { Level::Bytes })
}

/// Returns `true` if a `multipart` body of this type, without encodings, has a part that may be a file.
pub(super) fn may_be_in(types: &Types, body: TypeId) -> bool {
    Parts::of(types, &[(body, Level::Body(0))], &IndexSet::new()).files().next().is_some()
}

/// The types in `multipart` bodies.
#[derive(Default)]
struct Parts {
    /// Containers of files and JSON types with their contents, and possible files without.
    contents: BTreeMap<PartType, Option<Vec<PartType>>>,
    /// JSON types.
    structured: Vec<TypeId>,
}

impl Parts {
    /// Returns the parts of all `multipart` bodies.
    fn of(types: &Types, bodies: &[PartType], encoded: &IndexSet<BTreeMap<String, Level>>) -> Self {
        let mut parts = Self::default();
        let mut waiting = bodies.to_vec();
        let mut seen = BTreeSet::new();
        while let Some(part) = waiting.pop() {
            if !seen.insert(part) {
                continue;
            }
            let (id, level) = part;
            let inner = match inner_level(types, part) {
                Inner::Json => {
                    parts.structured.push(id);
                    continue;
                }
                Inner::File => None,
                Inner::Parts(others) => {
                    let known = if let Level::Body(index) = level { encoded.get_index(index) } else { None };
                    Some(with_levels(&types[id].shape, known, others))
                }
            };
            waiting.extend(inner.iter().flatten());
            parts.contents.insert(part, inner);
        }
        parts
    }

    /// Returns the possible files.
    fn files(&self) -> impl Iterator<Item = PartType> {
        self.contents.iter().filter(|(_, inner)| inner.is_none()).map(|(part, _)| *part)
    }

    /// Returns the contents of a container; empty for a file.
    fn inner(&self, part: PartType) -> &[PartType] {
        self.contents.get(&part).and_then(Option::as_deref).unwrap_or_default()
    }

    /// Returns types and all their containers.
    fn leading_to(&self, from: impl IntoIterator<Item = PartType>) -> BTreeSet<PartType> {
        let mut containers: BTreeMap<PartType, Vec<PartType>> = BTreeMap::new();
        for (container, inner) in &self.contents {
            for part in inner.iter().flatten() {
                containers.entry(*part).or_default().push(*container);
            }
        }
        closure(from, |part| containers.get(&part).into_iter().flatten().copied())
    }

    /// Returns the types that must stay unchanged: JSON, and types that differ between levels.
    fn elsewhere(&self) -> impl Iterator<Item = TypeId> {
        let pairs = self.contents.iter().zip(self.contents.iter().skip(1));
        let differ = pairs.filter(|((one, inner), (next, other))| one.0 == next.0 && inner != other);
        self.structured.iter().copied().chain(differ.map(|((one, _), _)| one.0))
    }
}

/// The role of a type at a level.
enum Inner {
    /// A file.
    File,
    /// JSON, or text.
    Json,
    /// A container of parts at this level.
    Parts(Level),
}

/// Returns the role of a type at a level.
fn inner_level(types: &Types, (id, level): PartType) -> Inner {
    let ty = &types[id];
    let is_text_or_list =
        |variant: &Variant| matches!(types.shape(variant.ty), Shape::Text(Text::Plain) | Shape::Array(_));
    match (level, &ty.shape) {
        (_, Shape::Alias(_)) | (Level::Deep, Shape::Object(_)) => Inner::Parts(level),
        (Level::Body(_), Shape::Object(_) | Shape::Map(_)) => Inner::Parts(Level::Part),
        (Level::Body(_), Shape::Union(_)) => Inner::Parts(level),
        (Level::Body(_), _) => Inner::Json,
        (Level::Part, Shape::Array(_)) => Inner::Parts(Level::Item),
        (Level::Part | Level::Item, Shape::Array(_) | Shape::Map(_)) => Inner::Parts(Level::Entry),
        (Level::Entry | Level::Deep, Shape::Map(_)) | (_, Shape::Array(_)) => Inner::Parts(level),
        (Level::Text | Level::Bytes, Shape::Union(union)) if !union.variants.iter().all(is_text_or_list) => Inner::File,
        (_, Shape::Union(_)) => Inner::Parts(level),
        (Level::Text | Level::Bytes, Shape::Object(_) | Shape::Map(_) | Shape::Tuple(_)) => Inner::File,
        (Level::Bytes, Shape::Text(Text::Plain) | Shape::Any) => Inner::File,
        (_, Shape::Text(Text::Plain)) if ty.is_binary() => Inner::File,
        _ => Inner::Json,
    }
}

/// Returns the types in a container with their levels: those of the `known` properties, and `others`.
fn with_levels(shape: &Shape, known: Option<&BTreeMap<String, Level>>, others: Level) -> Vec<PartType> {
    let of_fields = shape.fields().iter().map(|field| known.and_then(|known| known.get(&field.wire_name)));
    let levels = of_fields.chain(std::iter::repeat(None)).map(|level| level.copied().unwrap_or(others));
    shape.type_refs().into_iter().map(|used| used.ty).zip(levels).collect()
}
