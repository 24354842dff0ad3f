//! Passes of `lower`: deduplicate equal bodies of one operation, and equal inline types of several places.
//!
//! In: types and their uses. Out: the same; of equal types, one remains and the others become aliases of it.
//!
//! Invariant: bodies of one operation share a type if they are equal on the wire. Types of several places are merged only if they look
//! equal in Rust: values, docs and facts of members, and, except for constants, the name of the property or parameter. Components, bodies
//! and responses keep their own types, because their names are meaningful; `failures` merges bodies of failures. Of components, only twins
//! such as `User`, `NullableUser` and `User1` are merged. Every place keeps its own type, which is an alias if another place has the
//! contents, so nothing is renamed when a place is added or removed. The contents stay at the shortest path in a component, or otherwise at
//! the first place.

use std::collections::BTreeSet;
use std::hash::Hash;

use foldhash::{HashMap, HashSet};
use indexmap::IndexMap;

use super::files;
use crate::ir::{
    Api, Docs, MediaKind, MediaType, Owner, Place, Role, Section, Shape, Type, TypeId, TypeRef, Types, keep_equal,
    outline, parts,
};
use clientwright_normalizer::spelling::squashed;

/// Gives equal bodies one type.
pub(super) fn unify(api: &mut Api) {
    let Api { types, operations, incoming, .. } = api;
    let of_operations = operations.iter_mut().map(|operation| (&mut operation.body, &mut operation.responses));
    let of_incoming = incoming.iter_mut().map(|incoming| (&mut incoming.body, &mut incoming.responses));
    for (body, responses) in of_operations.chain(of_incoming) {
        unify_all(types, responses.iter_mut().flat_map(|response| &mut response.media_types));
        unify_all(types, body.iter_mut().flat_map(|body| &mut body.media_types));
    }
}

/// Gives equal bodies one type. Parts of `multipart` bodies may become files, so `multipart` bodies with bytes keep their own type.
fn unify_all<'m>(types: &Types, media_types: impl Iterator<Item = &'m mut MediaType>) {
    let mut firsts: Vec<TypeRef> = Vec::new();
    let is_typed = |media_type: &&mut MediaType| match media_type.kind {
        MediaKind::Json | MediaKind::Form | MediaKind::Xml | MediaKind::Text | MediaKind::Stream(_) => true,
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

/// Returns `true` if two uses are equal on the wire. A component equals only itself, because its name is meaningful.
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
        let have_same_facts =
            (&one.format, &one.values, one.open, &one.xml) == (&other.format, &other.values, other.open, &other.xml);
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

/// Merges equal types. All but one become aliases.
pub(super) fn merge(api: &mut Api) {
    let types = &mut api.types;
    let twins = twins(types);
    let is_unnamed = |owner: &Owner| matches!(owner, Owner::Part(..)) || is_documented_at_use(owner);
    let is_free = |id: &TypeId| is_unnamed(&types[*id].owner) || twins.contains(id);
    let unnamed: Vec<TypeId> = types.ids().filter(is_free).collect();
    for group in groups(types, &unnamed, false) {
        let docs = docs(types, &group);
        let length = |id: &TypeId| path_length(types, *id).unwrap_or(usize::MAX);
        let Some(kept) = group.iter().copied().min_by_key(length) else { continue };
        types[kept].docs = docs;
        for id in group.into_iter().filter(|id| *id != kept) {
            types[id].shape = Shape::Alias(TypeRef::of(kept));
        }
    }
}

/// Returns the components whose names differ from another component's only in the word `nullable` or a number.
fn twins(types: &Types) -> HashSet<TypeId> {
    let mut families: HashMap<String, Vec<(TypeId, &str)>> = HashMap::default();
    for (id, name) in types.components() {
        families.entry(base_name(name)).or_default().push((id, name));
    }
    let has_base = |base: &str, family: &[(TypeId, &str)]| family.iter().any(|(_, name)| squashed(name) == base);
    families.retain(|base, family| !base.is_empty() && family.len() > 1 && has_base(base, family));
    families.into_values().flatten().map(|(id, _)| id).collect()
}

/// Returns `simpleuser` for `nullable-simple-user`, `SimpleUserNullable` and `SimpleUser1`.
fn base_name(component: &str) -> String {
    let words = squashed(component);
    let word = words.strip_prefix("nullable").or_else(|| words.strip_suffix("nullable")).unwrap_or(&words);
    word.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned()
}

/// Returns the length of the path to an inline type, in characters, if it is in a component.
fn path_length(types: &Types, id: TypeId) -> Option<usize> {
    let places: Vec<&Owner> = types.owners(id).map(|id| &types[id].owner).collect();
    let Some(Owner::Component(component)) = places.last() else { return None };
    let words = places.iter().map(|place| match place {
        Owner::Part(_, Place::Property(wire_name)) => wire_name.len(),
        // `Item`, `Item1`, `Value`, `Variant1`
        Owner::Part(..) => 5,
        _ => 0,
    });
    Some(component.len() + words.sum::<usize>())
}

/// Returns the common documentation of a group. Where types differ, each place is documented separately.
fn docs(types: &Types, group: &[TypeId]) -> Docs {
    let all = || group.iter().map(|id| &types[*id]);
    let one = all().find(|ty| !is_documented_at_use(&ty.owner)).or(all().next());
    let common = one.filter(|one| !is_documented_at_use(&one.owner) || all().all(|other| other.docs == one.docs));
    common.map(|one| one.docs.clone()).unwrap_or_default()
}

/// Partitions types into groups of equal types. Starts with local features, and splits groups whose members refer to different groups,
/// until nothing changes. After a split, only types that refer to the smaller parts are compared again. All types outside of `ids` differ.
/// With `within_failures`, names and documentation are ignored.
pub(super) fn groups(
    types: &Types,
    ids: &[TypeId],
    within_failures: bool,
) -> impl Iterator<Item = Vec<TypeId>> + use<> {
    let class_in = |classes: &HashMap<TypeId, usize>, id: TypeId| classes.get(&id).copied().unwrap_or(id.0);
    let (mut classes, mut sizes, mut users) =
        (HashMap::default(), HashMap::<_, usize>::default(), HashMap::<_, Vec<_>>::default());
    for (id, class) in ids.iter().zip(local_features(types, ids, within_failures)) {
        classes.insert(*id, class);
        *sizes.entry(class).or_default() += 1;
        types[*id].shape.type_refs().iter().for_each(|used| users.entry(used.ty).or_default().push(*id));
    }
    // Class numbers beyond the ids of types, which are also class numbers.
    let mut fresh = types.len();
    let mut changed: BTreeSet<TypeId> = ids.iter().copied().collect();
    while !changed.is_empty() {
        let mut splits: HashMap<usize, HashMap<Vec<usize>, Vec<TypeId>>> = HashMap::default();
        let class = |id| class_in(&classes, id);
        for id in std::mem::take(&mut changed) {
            let members = types[id].shape.type_refs().into_iter().map(|used| class(used.ty)).collect();
            splits.entry(class(id)).or_default().entry(members).or_default().push(id);
        }
        for (class, parts) in splits {
            let mut parts: Vec<_> = parts.into_values().collect();
            parts.sort_by_key(|part| std::cmp::Reverse(part.len()));
            // Types that are not compared in this round keep the class; without such types, the largest part keeps it.
            let has_others = sizes.get(&class) > Some(&parts.iter().map(Vec::len).sum());
            for part in parts.into_iter().skip(usize::from(!has_others)) {
                *sizes.entry(class).or_default() -= part.len();
                sizes.insert(fresh, part.len());
                changed.extend(part.iter().filter_map(|id| users.get(id)).flatten());
                classes.extend(part.into_iter().map(|id| (id, fresh)));
                fresh += 1;
            }
        }
    }
    let mut groups: IndexMap<(usize, Option<TypeId>), Vec<TypeId>> = IndexMap::new();
    for id in ids {
        // A type that is not a named item has no cost, and keeps its place in the document.
        let alone = (!types[*id].shape.has_members() && !within_failures).then_some(*id);
        groups.entry((class_in(&classes, *id), alone)).or_default().push(*id);
    }
    groups.into_values()
}

/// Returns a class number for each type, equal for types that differ only in their member types. Types that are documented at their use may
/// also differ in documentation.
fn local_features(types: &Types, ids: &[TypeId], within_failures: bool) -> Vec<usize> {
    let mut known: HashMap<_, HashMap<Option<&Docs>, usize>> = HashMap::default();
    let class = |id: &TypeId| {
        let ty = &types[*id];
        let is_named = ty.shape.has_members() && !is_constant(ty);
        let document_name = if is_named { document_name(types, *id) } else { String::new() };
        let classes = known.entry((document_name, features(ty, within_failures))).or_default();
        let told_at_use = (within_failures || is_documented_at_use(&ty.owner)).then_some(None);
        let docs = || told_at_use.into_iter().chain([Some(&ty.docs)]);
        // The first class has the smallest number.
        let first = docs().filter_map(|docs| classes.get(&docs)).min().copied();
        if first.is_none() {
            classes.extend(docs().map(|docs| (docs, id.0)));
        }
        first.unwrap_or(id.0)
    };
    ids.iter().map(class).collect()
}

/// Returns `true` if a type has one value, which determines it completely.
fn is_constant(ty: &Type) -> bool {
    ty.shape.is_enumeration() && ty.shape.members() == 1 && !ty.open
}

/// Returns the type's name in the document: the base name of a component; for an inline type, its property or parameter with its place
/// there.
fn document_name(types: &Types, id: TypeId) -> String {
    let mut words = String::new();
    if let Owner::Component(name) = &types[id].owner {
        return base_name(name);
    }
    for owner in types.owners(id).map(|id| &types[id].owner) {
        match owner {
            Owner::Part(_, Place::Item) => words.push_str("[]"),
            Owner::Part(_, Place::Element(index)) => words.push_str(&format!("[{index}]")),
            Owner::Part(_, Place::Value) => words.push_str("{}"),
            Owner::Part(_, Place::Variant { index, .. }) => words.push_str(&format!("({index})")),
            owner => {
                words.push_str(context_name(owner).unwrap_or(""));
                break;
            }
        }
    }
    words
}

/// Returns the common features of equal types, except their documentation and member types; with `without_docs`, also without examples and
/// documentation of members.
fn features(ty: &Type, without_docs: bool) -> impl Eq + Hash {
    let Type {
        origin: _,
        owner: _,
        docs,
        shape,
        format,
        values,
        open,
        bounds,
        default,
        example,
        xml,
        read: _,
        sent: _,
    } = ty;
    let fields = shape.fields().iter().map(|one| (&one.default, (!without_docs).then_some((&one.docs, &one.example))));
    let fields: Vec<_> = fields.collect();
    let example = (!without_docs).then_some(example);
    (outline(shape), fields, example, (&docs.rust_name, format, values, open, bounds, default, xml))
}

/// Returns `true` if the documentation of a type is repeated at its use.
fn is_documented_at_use(owner: &Owner) -> bool {
    context_name(owner).is_some()
}

/// Returns the name of the property or parameter of a type.
fn context_name(owner: &Owner) -> Option<&str> {
    match owner {
        Owner::Part(_, Place::Property(name))
        | Owner::Operation(_, Role::Parameter(name))
        | Owner::Shared(Section::Parameters, name) => Some(name),
        _ => None,
    }
}

/// Keeps the documentation of a type, its members and inline parts only where an equal type has the same.
pub(super) fn keep_common_docs(types: &mut Types, id: TypeId, other: TypeId) {
    let mut waiting = vec![(id, other)];
    while let Some((id, other)) = waiting.pop() {
        let Type { docs, example, shape, .. } = types[other].clone();
        let ty = &mut types[id];
        keep_equal(&mut ty.docs, &docs);
        keep_equal(&mut ty.example, &example);
        for (field, other) in ty.shape.fields_mut().iter_mut().zip(shape.fields()) {
            keep_equal(&mut field.docs, &other.docs);
            keep_equal(&mut field.example, &other.example);
        }
        let pairs =
            parts(&types[id].shape, &shape).unwrap_or_default().into_iter().map(|(one, other)| (one.ty, other.ty));
        waiting.extend(pairs.filter(|(one, other)| one != other && types[*one].owner.parent() == Some(id)));
    }
}
