//! Pass of `lower`: types that contain themselves.
//!
//! In: types. Out: the same, with those uses boxed that would make a type infinitely large.
//!
//! Invariant: the uses that hold their type by value (properties and branches, aliases followed) form no cycle unless one
//! of them is boxed. Lists and maps hold their types elsewhere and need no box. Aliases are never boxed themselves.

use crate::ir::{Object, Shape, TypeId, TypeRef, Types};

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Open,
    Done,
}

/// Boxes every use that closes a cycle, met in the order of the types and of their uses.
pub(super) fn mark(types: &mut Types) {
    let edges: Vec<Vec<TypeId>> = types.iter().map(|(_, ty)| by_value(types, &ty.shape)).collect();
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
            && let Some(inner) = held(&mut ty.shape).into_iter().nth(index)
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

/// The types that a shape holds by value, aliases followed, in the order of [`held`].
fn by_value(types: &Types, shape: &Shape) -> Vec<TypeId> {
    let uses: Vec<TypeRef> = match shape {
        Shape::Object(object) => object.fields.iter().map(|field| field.ty).collect(),
        Shape::Union(union) => union.variants.iter().map(|variant| variant.ty).collect(),
        _ => Vec::new(),
    };
    uses.into_iter().map(|inner| types.end(inner.ty)).collect()
}

/// The uses that a shape holds by value.
fn held(shape: &mut Shape) -> Vec<&mut TypeRef> {
    match shape {
        Shape::Object(Object { fields, additional: _ }) => fields.iter_mut().map(|field| &mut field.ty).collect(),
        Shape::Union(union) => union.variants.iter_mut().map(|variant| &mut variant.ty).collect(),
        _ => Vec::new(),
    }
}
