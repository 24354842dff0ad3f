//! Part of `emit`: components that are an array, a map or a tuple and cannot be an alias in Rust.
//!
//! In: types. Out: which components are a struct around their contents. Invariant: each type is looked at a bounded number of times,
//! however long the chains are that lead through it.

use std::collections::{BTreeMap, BTreeSet};

use crate::ir::{Api, Shape, TypeId};

/// How many arrays and maps within each other are written out as one type: more are too complex for clippy.
pub(super) const LEVELS: usize = 5;

/// Which types each type leads to.
type Graph = BTreeMap<TypeId, Vec<TypeId>>;

/// Components that are an array, a map or a tuple and cannot be an alias in Rust: they contain themselves, or too many levels of others.
/// A tuple of tuples is one of them as well: written out, each level would repeat what is inside it.
pub(super) fn newtypes(api: &Api) -> BTreeSet<TypeId> {
    let parts: Graph = api.types.iter().map(|(id, _)| (id, parts(api, id))).collect();
    let mut users = Graph::new();
    for (id, parts) in &parts {
        parts.iter().for_each(|part| users.entry(*part).or_default().push(*id));
    }
    let mut newtypes = in_circles(&parts, &users);
    newtypes.extend(tuples_of_tuples(api, &parts, &users));
    for start in api.types.iter().map(|(id, _)| id) {
        let chain = std::iter::once(start).chain(within(api, start));
        let chain: Vec<TypeId> = chain.take_while(|id| !newtypes.contains(id)).collect();
        for id in chain.into_iter().rev() {
            if api.types[id].is_component() && levels(api, &newtypes, id) >= LEVELS {
                newtypes.insert(id);
            }
        }
    }
    newtypes
}

/// What an array, a map or a tuple consists of, behind aliases.
fn parts(api: &Api, id: TypeId) -> Vec<TypeId> {
    match &api.types[id].shape {
        Shape::Tuple(elements) => elements.iter().map(|element| api.types.end(element.ty)).collect(),
        _ => contained(api, id).into_iter().collect(),
    }
}

fn next(graph: &Graph, id: TypeId) -> impl Iterator<Item = TypeId> {
    graph.get(&id).into_iter().flatten().copied()
}

/// The arrays, maps and tuples that contain themselves, with nothing but these in between (Kosaraju's algorithm).
fn in_circles(parts: &Graph, users: &Graph) -> BTreeSet<TypeId> {
    let (mut met, mut left) = (BTreeSet::new(), Vec::new());
    let mut waiting: Vec<(TypeId, bool)> = parts.keys().map(|id| (*id, false)).collect();
    while let Some((id, is_done)) = waiting.pop() {
        if is_done {
            left.push(id);
        } else if met.insert(id) {
            waiting.push((id, true));
            waiting.extend(next(parts, id).map(|part| (part, false)));
        }
    }
    let mut found = BTreeSet::new();
    for id in left.into_iter().rev() {
        let circle = taken(&mut met, users, [id]);
        if circle.len() > 1 || next(parts, id).any(|part| part == id) {
            found.extend(circle);
        }
    }
    found
}

/// Takes from `among` what is there of some types, of what leads to them, and so on.
fn taken(among: &mut BTreeSet<TypeId>, users: &Graph, from: impl IntoIterator<Item = TypeId>) -> Vec<TypeId> {
    let (mut waiting, mut taken): (Vec<TypeId>, Vec<TypeId>) = (from.into_iter().collect(), Vec::new());
    while let Some(id) = waiting.pop() {
        if among.remove(&id) {
            taken.push(id);
            waiting.extend(next(users, id));
        }
    }
    taken
}

/// The components that are a tuple and contain another such component, with nothing but arrays, maps and tuples in between.
fn tuples_of_tuples(api: &Api, parts: &Graph, users: &Graph) -> BTreeSet<TypeId> {
    let is_tuple = |id: &TypeId| api.types[*id].is_component() && matches!(api.types[*id].shape, Shape::Tuple(_));
    let mut others: BTreeSet<TypeId> = parts.keys().copied().collect();
    taken(&mut others, users, parts.keys().copied().filter(is_tuple));
    parts.keys().copied().filter(is_tuple).filter(|id| next(parts, *id).any(|part| !others.contains(&part))).collect()
}

/// How many arrays and maps within each other a type is made of, up to the first newtype.
pub(super) fn levels(api: &Api, newtypes: &BTreeSet<TypeId>, id: TypeId) -> usize {
    within(api, id).take_while(|id| !newtypes.contains(id)).count()
}

/// What an array or a map consists of, what that consists of, and so on.
fn within(api: &Api, id: TypeId) -> impl Iterator<Item = TypeId> {
    std::iter::successors(contained(api, id), |id| contained(api, *id))
}

/// What an array or a map consists of, behind aliases.
fn contained(api: &Api, id: TypeId) -> Option<TypeId> {
    match api.types[id].shape {
        Shape::Array(inner) | Shape::Map(inner) => Some(api.types.end(inner.ty)),
        _ => None,
    }
}
