//! Pass of `lower`: types that contain themselves.
//!
//! In: types. Out: the same, with those uses boxed that would make a type infinitely large.
//!
//! Invariant: properties and branches hold their types by value; followed through aliases, they form no cycle without a
//! box. Arrays and maps hold their types on the heap and need no box. Aliases are never boxed themselves.

use crate::ir::{Shape, TypeId, Types};

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Open,
    Done,
}

/// Boxes every use that closes a cycle, met in the order of the types and of their uses.
pub(super) fn mark(types: &mut Types) {
    let by_value = |shape: &Shape| -> Vec<TypeId> {
        shape.type_refs().into_iter().take(held(shape)).map(|inner| types.end(inner.ty)).collect()
    };
    let edges: Vec<Vec<TypeId>> = types.iter().map(|(_, ty)| by_value(&ty.shape)).collect();
    let mut states = vec![State::New; types.len()];
    let mut boxed: Vec<(TypeId, usize)> = Vec::new();
    for start in 0..edges.len() {
        // Each entry: a type that is being walked, and the next of its edges.
        let mut path = vec![(start, 0_usize)];
        if states.get(start) != Some(&State::New) {
            continue;
        }
        set(&mut states, start, State::Open);
        while let Some((id, edge)) = path.last_mut() {
            let Some(target) = edges.get(*id).and_then(|edges| edges.get(*edge)) else {
                set(&mut states, *id, State::Done);
                path.pop();
                continue;
            };
            let (from, index) = (*id, *edge);
            *edge += 1;
            match states.get(target.0) {
                Some(State::New) => {
                    set(&mut states, target.0, State::Open);
                    path.push((target.0, 0));
                }
                Some(State::Open) => boxed.push((TypeId(from), index)),
                _ => {}
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

fn set(states: &mut [State], index: usize, state: State) {
    if let Some(known) = states.get_mut(index) {
        *known = state;
    }
}

/// How many of [`Shape::type_refs`] a shape holds by value: additional properties, which come last, live in a map.
fn held(shape: &Shape) -> usize {
    match shape {
        Shape::Object(object) => object.fields.len(),
        Shape::Union(union) => union.variants.len(),
        _ => 0,
    }
}
