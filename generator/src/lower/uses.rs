//! Part of `lower`: where types are used; with that, the pass that finds out which types are read and which are sent.
//!
//! Invariant: the only module that knows whether a place is sent or read. A request of the client is sent and its responses are
//! read; a request that the server makes is read and its responses are sent. What a type is made of goes where the type goes.

use std::collections::{BTreeMap, BTreeSet};

use super::{failures, received};
use crate::ir::{Api, Operation, Owner, Shape, Text, Type, TypeId, TypeRef, Types};

/// Which way a value goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Sent,
    Read,
}

/// Every use of a type outside of types.
pub(super) fn uses(api: &mut Api) -> impl Iterator<Item = (Direction, &mut TypeRef)> {
    let operations = api.operations.iter_mut().flat_map(|operation| of_operation(operation, Direction::Sent));
    let incoming = api.incoming.iter_mut().flat_map(|one| of_operation(&mut one.operation, Direction::Read));
    let of_client = api.client_parameters.iter_mut().map(|parameter| (Direction::Sent, &mut parameter.ty));
    operations.chain(incoming).chain(of_client)
}

/// The uses in an operation whose request goes one way, and whose responses go the other.
fn of_operation(operation: &mut Operation, request: Direction) -> impl Iterator<Item = (Direction, &mut TypeRef)> {
    let response = if request == Direction::Sent { Direction::Read } else { Direction::Sent };
    let parameters = operation.parameters.iter_mut().map(|parameter| &mut parameter.ty);
    let bodies = operation.body.iter_mut().flat_map(|body| &mut body.media_types).map(|media_type| &mut media_type.ty);
    let responses = operation.responses.iter_mut().flat_map(|response| &mut response.media_types);
    let responses = responses.map(move |media_type| (response, &mut media_type.ty));
    parameters.chain(bodies).map(move |used| (request, used)).chain(responses)
}

/// Makes every use of a type, in types and elsewhere, a use of another one.
pub(super) fn redirect(api: &mut Api, target: impl Fn(TypeId) -> TypeId) {
    api.types.iter_mut().flat_map(|ty| ty.shape.type_refs_mut()).for_each(|used| used.ty = target(used.ty));
    uses(api).for_each(|(_, used)| used.ty = target(used.ty));
}

/// Some things and all that they lead to, by what each leads to.
pub(super) fn closure<T: Copy + Ord, I: IntoIterator<Item = T>>(
    from: impl IntoIterator<Item = T>,
    next: impl Fn(T) -> I,
) -> BTreeSet<T> {
    let mut waiting: Vec<T> = from.into_iter().collect();
    let mut reached = BTreeSet::new();
    while let Some(one) = waiting.pop() {
        if reached.insert(one) {
            waiting.extend(next(one));
        }
    }
    reached
}

/// Everything that some types are made of, themselves included; and what an inline alias would be made of, were it none.
pub(super) fn reachable(types: &Types, from: impl IntoIterator<Item = TypeId>) -> BTreeSet<TypeId> {
    let parts = alias_parts(types);
    closure(from, |id| made_of(types, id).chain(parts.get(&id).into_iter().flatten().copied()))
}

/// The inline types that belong to inline aliases, by the alias: they have names of their own, though nothing uses them.
pub(super) fn alias_parts(types: &Types) -> BTreeMap<TypeId, Vec<TypeId>> {
    let mut parts: BTreeMap<TypeId, Vec<TypeId>> = BTreeMap::new();
    for (id, ty) in types.iter().filter(|(_, ty)| !matches!(ty.owner, Owner::Input { .. })) {
        if let Some(of) = ty.owner.parent().filter(|of| types.is_inline_alias(*of)) {
            parts.entry(of).or_default().push(id);
        }
    }
    parts
}

/// The types that a type is made of.
pub(super) fn made_of(types: &Types, id: TypeId) -> impl Iterator<Item = TypeId> + use<> {
    types[id].shape.type_refs().into_iter().map(|used| used.ty)
}

/// Marks every type that an operation reaches, and no other.
pub(super) fn mark_directions(api: &mut Api) {
    let mut reached = |direction| {
        let mut used: Vec<TypeId> = uses(api).filter(|(way, _)| *way == direction).map(|(_, used)| used.ty).collect();
        if direction == Direction::Read {
            used.extend(failures::aliases(&api.types));
            used.extend(received::originals(&api.types));
        }
        reachable(&api.types, used)
    };
    let (read, sent) = (reached(Direction::Read), reached(Direction::Sent));
    for (index, ty) in api.types.iter_mut().enumerate() {
        (ty.read, ty.sent) = (read.contains(&TypeId(index)), sent.contains(&TypeId(index)));
    }
}

/// Marks the components that no operation reaches: they may be meant for either direction.
pub(super) fn mark_unused(types: &mut Types) {
    let is_unused = |ty: &Type| !ty.read && !ty.sent && ty.is_component();
    let unused: Vec<_> = types.iter().filter(|(_, ty)| is_unused(ty)).map(|(id, _)| id).collect();
    for id in reachable(types, unused) {
        if let Some(ty) = types.get_mut(id) {
            (ty.read, ty.sent) = (true, true);
        }
    }
}

/// Marks every type in use as read and sent. A file becomes a string, as JSON has no files.
pub(super) fn mark_both_ways(types: &mut Types) {
    for ty in types.iter_mut().filter(|ty| ty.read || ty.sent) {
        (ty.read, ty.sent) = (true, true);
        if ty.shape == Shape::Text(Text::File) {
            ty.shape = Shape::Text(Text::Plain);
        }
    }
}
