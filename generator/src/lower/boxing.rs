//! Pass of `lower`: types that contain themselves.
//!
//! In: types. Out: the same, with those uses boxed that would make a type infinitely large.
//!
//! Invariant: properties, branches and elements of tuples hold their types by value; followed through aliases, they form no cycle without a
//! box. Arrays and maps hold their types on the heap and need no box. Aliases are never boxed themselves.

use std::collections::BTreeSet;

use crate::ir::{Shape, TypeId, Types};

/// Boxes every use that closes a cycle, met in the order of the types and of their uses.
pub(super) fn mark(types: &mut Types) {
    let mut boxed: Vec<(TypeId, usize)> = Vec::new();
    let (mut open, mut done) = (BTreeSet::new(), BTreeSet::new());
    for start in (0..types.len()).map(TypeId) {
        // The types that are being walked, each with the rest of what it holds.
        let mut path = Vec::new();
        if !done.contains(&start) {
            open.insert(start);
            path.push((start, held(types, start)));
        }
        while let Some((id, rest)) = path.last_mut() {
            match rest.next() {
                Some((index, target)) if open.contains(&target) => boxed.push((*id, index)),
                Some((_, target)) if done.contains(&target) => {}
                Some((_, target)) => {
                    open.insert(target);
                    path.push((target, held(types, target)));
                }
                None => {
                    open.remove(id);
                    done.insert(*id);
                    path.pop();
                }
            }
        }
    }
    for (id, index) in boxed {
        if let Some(ty) = types.get_mut(id)
            && let Some(inner) = ty.shape.type_refs_mut().into_iter().nth(index)
        {
            inner.boxed = true;
        }
    }
}

/// The types that a type holds by value, with their places in [`Shape::type_refs`]; additional properties are in a map.
fn held(types: &Types, id: TypeId) -> impl Iterator<Item = (usize, TypeId)> + use<> {
    let shape = &types[id].shape;
    let by_value = if let Shape::Contained(_) = shape { 1 } else { shape.members() };
    let held = shape.type_refs().into_iter().take(by_value);
    held.map(|used| types.end(used.ty)).collect::<Vec<_>>().into_iter().enumerate()
}
