//! Pass of `lower`: failures with equal inline bodies share a type, across operations and statuses.
//!
//! In: responses whose equal bodies share a type within each operation (`dedup::unify`). Out: the same; a type of several failures is owned
//! by all of them together, instead of the first one.
//!
//! Invariant: a type that is a component of `schemas`, or is used elsewhere, keeps its name.

use std::collections::{BTreeMap, BTreeSet};

use super::dedup;
use super::uses;
use crate::ir::{
    Api, Operation, Owner, Response, Role, Section, StatusMatch, TypeId, Types, failures, is_success, successes,
};
use clientwright_normalizer::spelling::squashed;

/// The failures with a type as their body: statuses and operations.
#[derive(Default)]
struct Failures {
    statuses: BTreeSet<StatusMatch>,
    /// The indices of the operations.
    operations: BTreeSet<usize>,
}

/// Gives equal bodies of failures one type, and each such type an owner that represents its failures.
pub(super) fn share(api: &mut Api) {
    let bodies = bodies(api);
    let is_part = |of: TypeId, part: &TypeId| api.types[*part].owner.parent() == Some(of);
    let parts = |of: TypeId| uses::parts_of(&api.types, of).filter(move |part| is_part(of, part));
    let within: Vec<TypeId> = uses::closure(bodies.keys().copied(), parts).into_iter().collect();
    let mut targets = BTreeMap::new();
    for group in dedup::groups(&api.types, &within, true) {
        let Some((kept, others)) = group.split_first().filter(|(first, _)| bodies.contains_key(first)) else {
            continue;
        };
        let mut all = Failures::default();
        for of in group.iter().filter_map(|id| bodies.get(id)) {
            all.statuses.extend(&of.statuses);
            all.operations.extend(&of.operations);
        }
        if let Some(owner) = owner(&api.types[*kept].owner, &all, others) {
            api.types[*kept].owner = owner;
        }
        for other in others {
            dedup::keep_common_docs(&mut api.types, *kept, *other);
            targets.insert(*other, *kept);
        }
    }
    uses::redirect(api, |id| targets.get(&id).copied().unwrap_or(id));
}

/// Returns the new owner of a type; `None` if the present one suffices: one operation and status, or a component not named after a status.
fn owner(present: &Owner, all: &Failures, others: &[TypeId]) -> Option<Owner> {
    let mut statuses = all.statuses.iter();
    let only = statuses.next().filter(|_| statuses.next().is_none()).copied();
    match present {
        Owner::Shared(_, name) if others.is_empty() => {
            (only.is_none() && is_status(name)).then_some(Owner::Failures(None))
        }
        _ if all.operations.len() > 1 => Some(Owner::Failures(only.filter(|status| *status != StatusMatch::Default))),
        Owner::Operation(id, _) if only.is_none() => Some(Owner::Operation(id.clone(), Role::Failure)),
        _ => None,
    }
}

/// Returns `true` if the name of a component is a status: `404`, `NotFound`, `NotFoundError`.
fn is_status(name: &str) -> bool {
    let name = squashed(name);
    let name = name.trim_end_matches("response").trim_end_matches("error");
    let mut known = (400..600).filter_map(|code| http::StatusCode::from_u16(code).ok());
    known
        .any(|status| name == status.as_str() || status.canonical_reason().is_some_and(|words| squashed(words) == name))
}

/// Returns the inline types that are bodies of failures only.
fn bodies(api: &Api) -> BTreeMap<TypeId, Failures> {
    let mut bodies: BTreeMap<TypeId, Failures> = BTreeMap::new();
    for (index, operation) in api.operations.iter().enumerate() {
        for response in failures(&operation.responses) {
            for id in types_of(response).filter(|id| is_inline(&api.types, operation, *id)) {
                let of = bodies.entry(id).or_default();
                of.statuses.insert(response.status);
                of.operations.insert(index);
            }
        }
    }
    let successes = api.operations.iter().flat_map(|operation| successes(&operation.responses));
    let incoming = api.incoming.iter().flat_map(|incoming| &*incoming.responses);
    for id in successes.chain(incoming).flat_map(types_of) {
        bodies.remove(&id);
    }
    bodies
}

fn types_of(response: &Response) -> impl Iterator<Item = TypeId> {
    response.media_types.iter().map(|media_type| media_type.ty.ty)
}

/// Returns `true` for an inline type of a failure.
fn is_inline(types: &Types, operation: &Operation, id: TypeId) -> bool {
    match &types[id].owner {
        Owner::Operation(_, Role::Response(status, _)) => !is_success(&operation.responses, *status),
        Owner::Shared(section, _) => *section == Section::Responses,
        _ => false,
    }
}
