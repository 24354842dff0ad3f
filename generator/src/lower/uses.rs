//! Part of `lower`: uses of types, and reachability.
//!
//! Invariant: passes find all uses of types outside of types with [`uses`]. A request of the client is sent and its responses are read; a
//! webhook or callback is read and its responses are sent. The parts of a type have the type's directions.

use std::collections::{BTreeMap, BTreeSet};

use crate::ir::{Api, Body, FormKind, MediaKind, Owner, Response, TypeId, TypeRef, Types};

/// A use of a type outside of types.
pub(super) struct Use<'a> {
    /// Whether the value is sent; otherwise it is read.
    pub(super) is_sent: bool,
    /// The kind of the bytes, if the use is a body.
    pub(super) kind: Option<MediaKind>,
    pub(super) ty: &'a mut TypeRef,
}

/// Returns every use of a type outside of types.
pub(super) fn uses(api: &mut Api) -> impl Iterator<Item = Use<'_>> {
    let of_operations = api.operations.iter_mut().flat_map(|operation| {
        let parameters = operation.parameters.iter_mut().map(|parameter| sent_parameter(&mut parameter.ty));
        parameters.chain(of_bodies(true, &mut operation.body, &mut operation.responses))
    });
    let of_incoming = api.incoming.iter_mut();
    let of_incoming = of_incoming.flat_map(|incoming| of_bodies(false, &mut incoming.body, &mut incoming.responses));
    let of_client = api.client_parameters.iter_mut().map(|parameter| sent_parameter(&mut parameter.ty));
    of_operations.chain(of_incoming).chain(of_client)
}

fn sent_parameter(ty: &mut TypeRef) -> Use<'_> {
    Use { is_sent: true, kind: None, ty }
}

/// Returns the uses in a request body, and in its responses, which have the opposite direction.
fn of_bodies<'a>(
    is_sent: bool,
    body: &'a mut Option<Body>,
    responses: &'a mut [Response],
) -> impl Iterator<Item = Use<'a>> {
    let requested = body.iter_mut().flat_map(|body| &mut body.media_types).map(move |one| (is_sent, one));
    let returned = responses.iter_mut().flat_map(|response| &mut response.media_types).map(move |one| (!is_sent, one));
    requested.chain(returned).map(|(is_sent, one)| Use { is_sent, kind: Some(one.kind), ty: &mut one.ty })
}

/// Replaces every use of a type, in types and elsewhere.
pub(super) fn redirect(api: &mut Api, target: impl Fn(TypeId) -> TypeId) {
    api.types.iter_mut().flat_map(|ty| ty.shape.type_refs_mut()).for_each(|used| used.ty = target(used.ty));
    uses(api).for_each(|used| used.ty.ty = target(used.ty.ty));
}

/// Returns items and everything reachable from them. `next` returns the items reachable in one step.
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

/// Returns types and all their parts; for an inline alias, also its inline types.
pub(super) fn reachable(types: &Types, from: impl IntoIterator<Item = TypeId>) -> BTreeSet<TypeId> {
    closure(from, parts_and_inline(types))
}

/// Returns a function from a type to its parts and, for an inline alias, its inline types, which have names but no uses.
pub(super) fn parts_and_inline(types: &Types) -> impl Fn(TypeId) -> Vec<TypeId> {
    let mut inline: BTreeMap<TypeId, Vec<TypeId>> = BTreeMap::new();
    for (id, ty) in types.iter().filter(|(_, ty)| !matches!(ty.owner, Owner::Form(_, FormKind::Input))) {
        if let Some(of) = ty.owner.parent().filter(|of| types.is_inline_alias(*of)) {
            inline.entry(of).or_default().push(id);
        }
    }
    move |id| parts_of(types, id).chain(inline.get(&id).into_iter().flatten().copied()).collect()
}

/// Returns the types that a type directly consists of.
pub(super) fn parts_of(types: &Types, id: TypeId) -> impl Iterator<Item = TypeId> + use<> {
    types[id].shape.type_refs().into_iter().map(|used| used.ty)
}

/// Returns types and those of the `holders` that contain them.
pub(super) fn holders_of(
    types: &Types,
    from: impl IntoIterator<Item = TypeId>,
    holders: impl IntoIterator<Item = TypeId>,
) -> BTreeSet<TypeId> {
    let mut by_part: BTreeMap<TypeId, Vec<TypeId>> = BTreeMap::new();
    for id in holders {
        for part in types[id].shape.type_refs() {
            by_part.entry(part.ty).or_default().push(id);
        }
    }
    closure(from, |id| by_part.get(&id).into_iter().flatten().copied())
}
