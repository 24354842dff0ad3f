//! Passes of `lower`: equal bodies of one operation, and inline types that are written out alike in several places.
//!
//! In: types, and what uses them. Out: the same; of types that are alike one is left, and the others are aliases of it.
//!
//! Invariant: bodies of one operation share a type if they are equal on the wire. Types of several places become one
//! only if they read the same in Rust: values, docs and facts of members, and the name of the property or parameter
//! (but for constants). Components, bodies and responses keep their own types, because their names mean something. Every
//! place keeps a type of its own, which is an alias if another place has the contents: so nothing is renamed when a place
//! comes or goes. The contents stay at the shortest path in a component, or else at the first place.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::files;
use crate::ir::{Api, Docs, Field, MediaKind, MediaType, Object, Owner, Shape, Type, TypeId, TypeRef, Types, Union};

/// Gives bodies that are alike one type.
pub(super) fn unify(api: &mut Api) {
    let Api { types, operations, incoming, .. } = api;
    let of_operations = operations.iter_mut().map(|operation| (&mut operation.body, &mut operation.responses));
    let of_incoming = incoming.iter_mut().map(|incoming| (&mut incoming.body, &mut incoming.responses));
    for (body, responses) in of_operations.chain(of_incoming) {
        unify_all(types, responses.iter_mut().flat_map(|response| &mut response.media_types));
        unify_all(types, body.iter_mut().flat_map(|body| &mut body.media_types));
    }
}

/// Parts of `multipart` bodies may become files, which is why those with bytes keep a type of their own.
fn unify_all<'m>(types: &Types, media_types: impl Iterator<Item = &'m mut MediaType>) {
    let mut firsts: Vec<TypeRef> = Vec::new();
    let is_typed = |media_type: &&mut MediaType| match media_type.kind {
        MediaKind::Json | MediaKind::Form | MediaKind::Text | MediaKind::Stream(_) => true,
        MediaKind::Multipart => media_type.encodings.is_empty() && !files::may_be_in(types, media_type.ty.ty),
        MediaKind::Binary => false,
    };
    for media_type in media_types.filter(is_typed) {
        match firsts.iter().find(|first| same(types, **first, media_type.ty)) {
            Some(first) => media_type.ty = *first,
            None => firsts.push(media_type.ty),
        }
    }
}

/// Whether two uses are the same on the wire. A component is the same as itself alone: its name tells people something.
fn same(types: &Types, one: TypeRef, other: TypeRef) -> bool {
    let mut waiting = vec![(one, other)];
    let mut seen = BTreeSet::new();
    while let Some((one, other)) = waiting.pop() {
        if (one.nullable, one.secret) != (other.nullable, other.secret) {
            return false;
        }
        if one.ty == other.ty || !seen.insert((one.ty, other.ty)) {
            continue;
        }
        let (one, other) = (&types[one.ty], &types[other.ty]);
        let have_same_facts = (&one.format, &one.values, one.open) == (&other.format, &other.values, other.open);
        if one.is_component() || other.is_component() || !have_same_facts {
            return false;
        }
        match parts(&one.shape, &other.shape) {
            Some(parts) => waiting.extend(parts),
            None => return false,
        }
    }
    true
}

/// What has to be the same for two shapes to be; `None` if they are not.
pub(super) fn parts(one: &Shape, other: &Shape) -> Option<Vec<(TypeRef, TypeRef)>> {
    match (one, other) {
        (Shape::Array(one), Shape::Array(other))
        | (Shape::Map(one), Shape::Map(other))
        | (Shape::Contained(one), Shape::Contained(other))
        | (Shape::Alias(one), Shape::Alias(other)) => Some(vec![(*one, *other)]),
        (Shape::Tuple(one), Shape::Tuple(other)) if one.len() == other.len() => {
            Some(one.iter().copied().zip(other.iter().copied()).collect())
        }
        (Shape::Object(one), Shape::Object(other)) => fields(one, other),
        (Shape::Union(one), Shape::Union(other)) => variants(one, other),
        _ => (one == other).then(Vec::new),
    }
}

fn fields(one: &Object, other: &Object) -> Option<Vec<(TypeRef, TypeRef)>> {
    if one.fields.len() != other.fields.len() || one.additional.is_some() != other.additional.is_some() {
        return None;
    }
    let alike = one.fields.iter().zip(&other.fields).all(|(one, other)| {
        let facts =
            |field: &Field| (field.required_when_read, field.required_when_sent, field.read_only, field.write_only);
        one.wire_name == other.wire_name && facts(one) == facts(other)
    });
    let fields = one.fields.iter().zip(&other.fields).map(|(one, other)| (one.ty, other.ty));
    alike.then(|| fields.chain(one.additional.zip(other.additional)).collect())
}

fn variants(one: &Union, other: &Union) -> Option<Vec<(TypeRef, TypeRef)>> {
    if one.rule != other.rule || one.variants.len() != other.variants.len() {
        return None;
    }
    let variants = one.variants.iter().zip(&other.variants);
    let alike = variants
        .clone()
        .all(|(one, other)| (&one.tags, one.is_default, &one.test) == (&other.tags, other.is_default, &other.test));
    alike.then(|| variants.map(|(one, other)| (one.ty, other.ty)).collect())
}

/// Merges equal types. All but one become aliases.
pub(super) fn merge(api: &mut Api) {
    let types = &mut api.types;
    let groups: Vec<_> = groups(types).into_iter().filter(|group| group.len() > 1).collect();
    let mut chosen: BTreeMap<TypeId, TypeId> = BTreeMap::new();
    for group in &groups {
        let one = chosen_of(types, group);
        chosen.extend(group.iter().flat_map(|id| Some((*id, one?))));
    }
    for group in &groups {
        let docs = docs(types, group);
        if let Some(kept) = group.first().and_then(|id| types.get_mut(*chosen.get(id)?)) {
            kept.docs = docs;
        }
    }
    for (id, kept) in chosen.iter().filter(|(id, kept)| id != kept) {
        if let Some(ty) = types.get_mut(*id) {
            ty.shape = Shape::Alias(TypeRef::of(*kept));
        }
    }
}

/// The type of a group that is kept.
fn chosen_of(types: &Types, group: &[TypeId]) -> Option<TypeId> {
    group.iter().copied().min_by_key(|id| match letters(types, *id) {
        Some(letters) => (false, letters, *id),
        None => (true, 0, *id),
    })
}

/// The length of the path to an inline type, in letters, if it is in a component.
fn letters(types: &Types, id: TypeId) -> Option<usize> {
    let places: Vec<&Owner> = types.owners(id).map(|id| &types[id].owner).collect();
    let Some(Owner::Component(component)) = places.last() else { return None };
    let words = places.iter().map(|place| match place {
        Owner::Property { wire_name, .. } => wire_name.len(),
        // `Item`, `Item1`, `Value`, `Variant1`
        Owner::Item { .. } | Owner::Element { .. } | Owner::Value { .. } | Owner::Variant { .. } => 5,
        _ => 0,
    });
    Some(component.len() + words.sum::<usize>())
}

/// The documentation of a group: what all its types say. Where they differ, each place says it itself.
fn docs(types: &Types, group: &[TypeId]) -> Docs {
    let all = || group.iter().map(|id| &types[*id]);
    let Some(one) = all().find(|ty| !is_told_at_place(&ty.owner)).or(all().next()) else { return Docs::default() };
    let is_common = !is_told_at_place(&one.owner) || all().all(|other| other.docs == one.docs);
    if is_common { one.docs.clone() } else { Docs::default() }
}

/// Groups of types that are alike; a type that is not an item in Rust is a group of its own. Starts with what types look like
/// from outside and tells apart what leads to different types, until nothing changes.
fn groups(types: &Types) -> Vec<Vec<TypeId>> {
    let mut classes = from_outside(types);
    let mut count = 0;
    loop {
        let mut finer: HashMap<(usize, Vec<usize>), usize> = HashMap::new();
        let next = types.iter().zip(&classes).map(|((_, ty), class)| {
            let members = ty.shape.type_refs().into_iter();
            let members = members.map(|used| classes.get(used.ty.0).copied().unwrap_or_default()).collect();
            let fresh = finer.len();
            *finer.entry((*class, members)).or_insert(fresh)
        });
        classes = next.collect();
        if finer.len() == count {
            break;
        }
        count = finer.len();
    }
    let mut groups: BTreeMap<(usize, Option<TypeId>), Vec<TypeId>> = BTreeMap::new();
    for ((id, ty), class) in types.iter().zip(classes) {
        // What needs no item costs nothing, and keeps its place in the document.
        let alone = (!ty.shape.has_members()).then_some(id);
        groups.entry((class, alone)).or_default().push(id);
    }
    groups.into_values().collect()
}

/// A number for each type, the same for those that differ in nothing but what their members are.
fn from_outside<'t>(types: &'t Types) -> Vec<usize> {
    let mut known: HashMap<(String, Sketch<'t>), Vec<(&'t Type, usize)>> = HashMap::new();
    let class = |(id, ty): (TypeId, &'t Type)| {
        if has_name(&ty.owner) {
            return id.0;
        }
        let called = if ty.shape.has_members() && !is_constant(ty) { called(types, id) } else { String::new() };
        let known = known.entry((called, sketch(&ty.shape))).or_default();
        if let Some((_, class)) = known.iter().find(|(other, _)| are_alike(other, ty)) {
            return *class;
        }
        known.push((ty, id.0));
        id.0
    };
    types.iter().map(class).collect()
}

/// Whether a type has one value, which says all that there is to it.
fn is_constant(ty: &Type) -> bool {
    ty.shape.is_enumeration() && ty.shape.members() == 1 && !ty.open
}

/// What a document calls an inline type: the property or parameter that it is in, and its place there.
fn called(types: &Types, id: TypeId) -> String {
    let mut words = String::new();
    for owner in types.owners(id).map(|id| &types[id].owner) {
        match owner {
            Owner::Property { wire_name: name, .. }
            | Owner::Parameter { wire_name: name, .. }
            | Owner::SharedParameter(name) => {
                words.push_str(name);
                break;
            }
            Owner::Item { .. } => words.push_str("[]"),
            Owner::Element { index, .. } => words.push_str(&format!("[{index}]")),
            Owner::Value { .. } => words.push_str("{}"),
            Owner::Variant { index, .. } => words.push_str(&format!("({index})")),
            _ => break,
        }
    }
    words
}

/// Whether a type's name tells something that its content does not.
fn has_name(owner: &Owner) -> bool {
    matches!(
        owner,
        Owner::Component(_)
            | Owner::RequestBody { .. }
            | Owner::SharedRequestBody(_)
            | Owner::Response { .. }
            | Owner::Failure { .. }
            | Owner::SharedResponse(_)
            | Owner::Input { .. }
            | Owner::Received { .. }
            | Owner::Multipart { .. }
    )
}

/// What types must agree on to be compared at all: kind, number of members, name of the first member.
type Sketch<'t> = (std::mem::Discriminant<Shape>, usize, &'t str);

fn sketch(shape: &Shape) -> Sketch<'_> {
    let first = match shape {
        Shape::Object(object) => object.fields.first().map(|field| field.wire_name.as_str()),
        Shape::TextEnum(values) => values.first().map(|value| value.wire.as_str()),
        _ => None,
    };
    (std::mem::discriminant(shape), shape.members(), first.unwrap_or_default())
}

/// Whether two types differ in nothing but what their members are.
fn are_alike(one: &Type, other: &Type) -> bool {
    let Type { origin: _, owner, docs, shape, format, values, open, bounds, default, example, read: _, sent: _ } = one;
    let told_at_place = is_told_at_place(owner) && is_told_at_place(&other.owner);
    (format, values, open, bounds) == (&other.format, &other.values, &other.open, &other.bounds)
        && (default, example) == (&other.default, &other.example)
        && (told_at_place || *docs == other.docs)
        && have_same_words(shape, &other.shape)
        && parts(shape, &other.shape).is_some_and(|parts| {
            let facts = |used: &TypeRef| (used.nullable, used.secret);
            parts.iter().all(|(one, other)| facts(one) == facts(other))
        })
}

/// Whether what is written about a type stands at the place that uses it, too.
fn is_told_at_place(owner: &Owner) -> bool {
    matches!(owner, Owner::Property { .. } | Owner::Parameter { .. } | Owner::SharedParameter(_))
}

/// Whether the same is written about all members. Values of enumerations are compared as a whole elsewhere.
fn have_same_words(one: &Shape, other: &Shape) -> bool {
    let (Shape::Object(one), Shape::Object(other)) = (one, other) else { return true };
    let mut fields = one.fields.iter().zip(&other.fields);
    fields.all(|(one, other)| (&one.docs, &one.default, &one.example) == (&other.docs, &other.default, &other.example))
}
