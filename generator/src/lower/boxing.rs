//! Pass of `lower`: boxes.
//!
//! In: types. Out: the same, with boxes for objects and tuples in unions, and for uses that would make a type infinitely large.
//!
//! Invariant: properties, branches and elements of tuples hold their types by value; followed through aliases, they form no cycle without a
//! box. Arrays and maps hold their types on the heap and need no box. Aliases are never boxed. Boxing does not depend on sizes, so adding a
//! field never adds a box.

use std::collections::BTreeSet;

use crate::ir::{Shape, TypeId, Types};

/// Boxes the branches of unions, and every other use that closes a cycle.
pub(super) fn mark(types: &mut Types) {
    box_branches(types);
    box_cycles(types);
}

/// Boxes objects and tuples in unions, because a large variant would make every value large.
fn box_branches(types: &mut Types) {
    let large: BTreeSet<TypeId> = types.ids().filter(|id| types.shape(*id).is_large()).collect();
    for ty in types.iter_mut() {
        let Shape::Union(union) = &mut ty.shape else { continue };
        union.variants.iter_mut().for_each(|variant| variant.ty.boxed = large.contains(&variant.ty.ty));
    }
}

/// Boxes every use that closes a cycle, in the order of the types and of their uses.
fn box_cycles(types: &mut Types) {
    let mut boxed: Vec<(TypeId, usize)> = Vec::new();
    let (mut open, mut done) = (BTreeSet::new(), BTreeSet::new());
    for start in types.ids() {
        // The types on the current path, each with its remaining uses.
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
        types[id].shape.type_refs_mut().into_iter().skip(index).take(1).for_each(|inner| inner.boxed = true);
    }
}

/// Returns the types that a type holds by value, with their indexes in [`Shape::type_refs`]; additional properties are in a map.
fn held(types: &Types, id: TypeId) -> impl Iterator<Item = (usize, TypeId)> + use<> {
    let shape = &types[id].shape;
    let by_value = if let Shape::Contained(_) = shape { 1 } else { shape.members() };
    let held = shape.type_refs().into_iter().take(by_value).enumerate().filter(|(_, used)| !used.boxed);
    held.map(|(index, used)| (index, types.end(used))).collect::<Vec<_>>().into_iter()
}
