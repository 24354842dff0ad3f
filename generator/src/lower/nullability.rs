//! Pass of `lower`: `null` and secrecy become facts of each use.
//!
//! In: types that are known to have `null` among their values, or never to be printed. Out: uses that say so.
//!
//! Invariant: after it, only a [`TypeRef`] is nullable or secret. A union or an alias never holds a nullable use: `null` is
//! then a value of the union or alias, which its own users say.

use super::context::Draft;
use super::uses;
use crate::ir::{ClientHeader, Operation, Shape, TypeId, TypeRef};

/// Lifts both facts from types to their uses.
pub(super) fn lift(draft: &mut Draft, operations: &mut [Operation], headers: &mut [ClientHeader]) {
    spread(draft);
    let Draft { types, nullable, secret, .. } = draft;
    // Where any JSON value or nothing but `null` is meant, `null` is a value like others.
    let own: Vec<bool> = types.iter().map(|(id, _)| has_null(types, id)).collect();
    let mut lift = |ty: &mut TypeRef| {
        ty.nullable |= nullable.contains(&ty.ty);
        ty.nullable &= !own.get(ty.ty.0).copied().unwrap_or(false);
        ty.secret |= secret.contains(&ty.ty);
    };
    for index in 0..types.len() {
        let Some(ty) = types.get_mut(TypeId(index)) else { continue };
        match &mut ty.shape {
            Shape::Alias(inner) => (inner.nullable, inner.secret) = (false, false),
            Shape::Union(union) => {
                for variant in &mut union.variants {
                    lift(&mut variant.ty);
                    variant.ty.nullable = false;
                }
            }
            shape => uses::change(shape, &mut lift),
        }
    }
    for operation in operations {
        uses::change_operation(operation, &mut lift);
    }
    for header in headers {
        lift(&mut header.ty);
    }
}

fn has_null(types: &crate::ir::Types, id: TypeId) -> bool {
    matches!(types.get(uses::end(types, id)).map(|ty| &ty.shape), Some(Shape::Any | Shape::Null))
}

/// An alias of a nullable type is nullable, and so is a union with a nullable branch; likewise for secrecy of aliases.
fn spread(draft: &mut Draft) {
    // Who is affected when a type turns out nullable or secret.
    let mut users: Vec<Vec<(TypeId, bool)>> = vec![Vec::new(); draft.types.len()];
    let mut nullable = Vec::new();
    let mut secret = Vec::new();
    for (id, ty) in draft.types.iter() {
        let is_alias = matches!(ty.shape, Shape::Alias(_));
        if !is_alias && !matches!(ty.shape, Shape::Union(_)) {
            continue;
        }
        for inner in uses::of(&ty.shape) {
            if inner.nullable {
                nullable.push(id);
            }
            if inner.secret && is_alias {
                secret.push(id);
            }
            if let Some(users) = users.get_mut(inner.ty.0) {
                users.push((id, is_alias));
            }
        }
    }
    nullable.extend(draft.nullable.iter().copied());
    secret.extend(draft.secret.iter().copied());
    draft.nullable.clear();
    draft.secret.clear();
    while let Some(id) = nullable.pop() {
        if draft.nullable.insert(id) {
            nullable.extend(users.get(id.0).into_iter().flatten().map(|(user, _)| *user));
        }
    }
    while let Some(id) = secret.pop() {
        if draft.secret.insert(id) {
            secret.extend(users.get(id.0).into_iter().flatten().filter(|(_, alias)| *alias).map(|(user, _)| *user));
        }
    }
}
