//! Part of `lower`: where types are used; with that, the pass that finds out which types are read and which are sent.
//!
//! Invariant: what asks for all uses of types outside of types asks [`uses`]. A request of the client is sent and its responses are read; a
//! request that the server makes is read and its responses are sent. What a type is made of goes where the type goes.

use std::collections::{BTreeMap, BTreeSet};

use super::{failures, received};
use crate::ir::{Api, Body, MediaKind, Owner, Response, Type, TypeId, TypeRef, Types};

/// Which way a value goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Sent,
    Read,
}

/// A use of a type outside of types.
pub(super) struct Use<'a> {
    pub(super) direction: Direction,
    /// What the bytes are, where it is a body.
    pub(super) kind: Option<MediaKind>,
    pub(super) ty: &'a mut TypeRef,
}

/// Every use of a type outside of types.
pub(super) fn uses(api: &mut Api) -> impl Iterator<Item = Use<'_>> {
    let of_operations = api.operations.iter_mut().flat_map(|operation| {
        let parameters = operation.parameters.iter_mut().map(|parameter| sent_parameter(&mut parameter.ty));
        let answers = of_responses(Direction::Read, &mut operation.responses);
        parameters.chain(of_body(Direction::Sent, &mut operation.body)).chain(answers)
    });
    let of_incoming = api.incoming.iter_mut().flat_map(|incoming| {
        let answers = of_responses(Direction::Sent, &mut incoming.responses);
        of_body(Direction::Read, &mut incoming.body).chain(answers)
    });
    let of_client = api.client_parameters.iter_mut().map(|parameter| sent_parameter(&mut parameter.ty));
    of_operations.chain(of_incoming).chain(of_client)
}

fn sent_parameter(ty: &mut TypeRef) -> Use<'_> {
    Use { direction: Direction::Sent, kind: None, ty }
}

/// The uses in a request body.
pub(super) fn of_body(direction: Direction, body: &mut Option<Body>) -> impl Iterator<Item = Use<'_>> {
    let media_types = body.iter_mut().flat_map(|body| &mut body.media_types);
    media_types.map(move |one| Use { direction, kind: Some(one.kind), ty: &mut one.ty })
}

fn of_responses(direction: Direction, responses: &mut [Response]) -> impl Iterator<Item = Use<'_>> {
    let media_types = responses.iter_mut().flat_map(|response| &mut response.media_types);
    media_types.map(move |one| Use { direction, kind: Some(one.kind), ty: &mut one.ty })
}

/// Makes every use of a type, in types and elsewhere, a use of another one.
pub(super) fn redirect(api: &mut Api, target: impl Fn(TypeId) -> TypeId) {
    api.types.iter_mut().flat_map(|ty| ty.shape.type_refs_mut()).for_each(|used| used.ty = target(used.ty));
    uses(api).for_each(|used| used.ty.ty = target(used.ty.ty));
}

/// Some things and all that they lead to. `next` says where one leads in one step.
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

/// Some types and all that they are made of; of an inline alias also the inline types that belong to it.
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
        let used = uses(api).filter(|used| used.direction == direction).map(|used| used.ty.ty);
        let mut used: Vec<TypeId> = used.collect();
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
