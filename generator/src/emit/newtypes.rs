//! Part of `emit`: arrays, maps and tuples that cannot be aliases in Rust.
//!
//! In: types. Out: the components that become newtypes. Invariant: each type is visited a bounded number of times, regardless of the
//! length of chains through it.

use std::collections::{BTreeMap, BTreeSet};

use crate::ir::{Shape, TypeId, Types};

/// The maximum depth of arrays and maps in one type: clippy rejects more as too complex.
pub(super) const LEVELS: usize = 5;

/// The types that each type refers to.
type Graph = BTreeMap<TypeId, Vec<TypeId>>;

/// Returns the components that are arrays, maps or tuples and cannot be aliases: recursive ones, and those with too many levels.
/// This includes tuples of tuples, because each level would repeat its contents inline.
pub(super) fn newtypes(types: &Types) -> BTreeSet<TypeId> {
    let parts: Graph = types.ids().map(|id| (id, parts(types, id))).collect();
    let mut users = Graph::new();
    for (id, parts) in &parts {
        parts.iter().for_each(|part| users.entry(*part).or_default().push(*id));
    }
    let mut newtypes = recursive(&parts, &users);
    newtypes.extend(tuples_of_tuples(types, &parts, &users));
    for start in types.ids() {
        let chain: Vec<TypeId> = nested(types, start).take_while(|id| !newtypes.contains(id)).collect();
        for id in chain.into_iter().rev() {
            if types[id].is_component() && levels(types, &newtypes, id) >= LEVELS {
                newtypes.insert(id);
            }
        }
    }
    newtypes
}

/// Returns the parts of an array, a map or a tuple, behind aliases.
fn parts(types: &Types, id: TypeId) -> Vec<TypeId> {
    match &types[id].shape {
        Shape::Tuple(elements) => elements.iter().map(|element| types.end(*element)).collect(),
        _ => contained(types, id).into_iter().collect(),
    }
}

fn next(graph: &Graph, id: TypeId) -> impl Iterator<Item = TypeId> {
    graph.get(&id).into_iter().flatten().copied()
}

/// Returns the arrays, maps and tuples that contain themselves through a chain of such types (Kosaraju's algorithm).
fn recursive(parts: &Graph, users: &Graph) -> BTreeSet<TypeId> {
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
        let component = remove_users(&mut met, users, [id]);
        if component.len() > 1 || next(parts, id).any(|part| part == id) {
            found.extend(component);
        }
    }
    found
}

/// Removes the given types and all their users from `among`, and returns the removed ones.
fn remove_users(among: &mut BTreeSet<TypeId>, users: &Graph, from: impl IntoIterator<Item = TypeId>) -> Vec<TypeId> {
    let (mut waiting, mut removed): (Vec<TypeId>, Vec<TypeId>) = (from.into_iter().collect(), Vec::new());
    while let Some(id) = waiting.pop() {
        if among.remove(&id) {
            removed.push(id);
            waiting.extend(next(users, id));
        }
    }
    removed
}

/// Returns the tuple components that contain another one through arrays, maps and tuples only.
fn tuples_of_tuples(types: &Types, parts: &Graph, users: &Graph) -> BTreeSet<TypeId> {
    let is_tuple = |id: &TypeId| types[*id].is_component() && matches!(types[*id].shape, Shape::Tuple(_));
    let tuples = || parts.keys().copied().filter(is_tuple);
    let mut others: BTreeSet<TypeId> = parts.keys().copied().collect();
    remove_users(&mut others, users, tuples());
    tuples().filter(|id| next(parts, *id).any(|part| !others.contains(&part))).collect()
}

/// Returns the depth of arrays and maps of a type, up to the first newtype.
pub(super) fn levels(types: &Types, newtypes: &BTreeSet<TypeId>, id: TypeId) -> usize {
    nested(types, id).skip(1).take_while(|id| !newtypes.contains(id)).count()
}

/// Returns a type and the successive contents of nested arrays and maps.
fn nested(types: &Types, id: TypeId) -> impl Iterator<Item = TypeId> {
    std::iter::successors(Some(id), |id| contained(types, *id))
}

/// Returns the contents of an array or a map, behind aliases.
fn contained(types: &Types, id: TypeId) -> Option<TypeId> {
    match types[id].shape {
        Shape::Array(inner) | Shape::Map(inner) => Some(types.end(inner)),
        _ => None,
    }
}
