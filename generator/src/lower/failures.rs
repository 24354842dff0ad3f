//! Pass of `lower`: the inline body that all failures of an operation share.
//!
//! In: responses whose equal bodies share a type (`dedup::unify`). Out: the same; such a type belongs to all failures
//! together instead of the first status that lists it.
//!
//! Invariant: the first status and the inline types in its body keep their names, as aliases. So adding a status renames nothing.

use std::collections::BTreeMap;

use crate::ir::{Api, Operation, Owner, Role, Shape, Type, TypeId, TypeRef, Types, failures, successes};

/// Gives the failures of each operation their shared body.
pub(super) fn share(api: &mut Api) {
    let Api { types, operations, .. } = api;
    for operation in operations {
        if let Some(shared) = shared(types, operation) {
            let owner = Owner::Operation(operation.id.clone(), Role::Failure);
            let first = std::mem::replace(&mut types[shared].owner, owner);
            add_aliases(types, shared, first);
        }
    }
}

/// Returns the type of all failure bodies, if there are several, and if it was written at a failure.
fn shared(types: &Types, operation: &Operation) -> Option<TypeId> {
    let failures = failures(&operation.responses);
    let with_body: Vec<_> = failures.iter().filter(|response| !response.media_types.is_empty()).collect();
    let mut used = with_body.iter().flat_map(|response| &response.media_types).map(|media_type| media_type.ty);
    let one = used.next().filter(|first| used.all(|other| other == *first))?;
    let is_of_failure = |owner: &Owner| match owner {
        Owner::Operation(_, Role::Response(status, _)) => failures.iter().any(|response| response.status == *status),
        _ => false,
    };
    let mut succeeds = successes(&operation.responses).into_iter().flat_map(|response| &response.media_types);
    let is_only_failure = !succeeds.any(|media_type| media_type.ty.ty == one.ty);
    let ty = &types[one.ty];
    let is_shared = with_body.len() > 1 && is_only_failure && is_of_failure(&ty.owner) && ty.shape.has_members();
    is_shared.then_some(one.ty)
}

/// Adds an alias of a type at a place, and of each inline type in it.
fn add_aliases(types: &mut Types, of: TypeId, place: Owner) {
    let mut copies = BTreeMap::new();
    let mut waiting = vec![(of, place)];
    while let Some((id, owner)) = waiting.pop() {
        let Type { shape, .. } = &types[id];
        // Arrays and similar types have no name, only the inline types in them.
        let shape = if shape.has_members() { Shape::Alias(TypeRef::of(id)) } else { shape.clone() };
        let parts = types[id].shape.type_refs();
        let copy = types.push(Type { owner, shape, ..types[id].clone() });
        copies.insert(id, copy);
        let inline = |part: TypeRef| {
            let mut owner = types[part.ty].owner.clone();
            let parent = owner.parent_mut().filter(|of| **of == id)?;
            *parent = copy;
            Some((part.ty, owner))
        };
        waiting.extend(parts.into_iter().filter_map(inline));
    }
    for copy in copies.values() {
        let shape = &mut types[*copy].shape;
        if !matches!(shape, Shape::Alias(_)) {
            let parts = shape.type_refs_mut().into_iter();
            parts.for_each(|part| part.ty = copies.get(&part.ty).copied().unwrap_or(part.ty));
        }
    }
}
