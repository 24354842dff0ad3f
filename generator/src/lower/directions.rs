//! Part of `lower`: the directions of types.
//!
//! In: an API. Out: the types that are read and those that are sent.
//!
//! Invariant: directions are only computed here, and passed to the passes that need them.

use std::collections::BTreeSet;

use super::uses::{reachable, uses};
use crate::ir::{Api, FormKind, Owner, TypeId, Types};

/// The types that are read and those that are sent.
pub(super) struct Directions {
    /// The types that some operation receives.
    pub(super) read: BTreeSet<TypeId>,
    /// The types that some operation sends.
    pub(super) sent: BTreeSet<TypeId>,
}

impl Directions {
    /// Returns the directions of all types that an operation reaches.
    pub(super) fn of(api: &mut Api) -> Self {
        let (sent, read): (Vec<_>, Vec<_>) = uses(api).partition(|used| used.is_sent);
        let [mut read, sent] = [read, sent].map(|uses| uses.into_iter().map(|used| used.ty.ty).collect::<Vec<_>>());
        // They are read where their form is, if nowhere else.
        read.extend(api.types.iter().filter_map(|(_, ty)| match ty.owner {
            Owner::Form(of, FormKind::Received) => Some(of),
            _ => None,
        }));
        Self { read: reachable(&api.types, read), sent: reachable(&api.types, sent) }
    }

    /// Returns the types that are only read.
    pub(super) fn only_read(&self) -> Vec<TypeId> {
        self.read.difference(&self.sent).copied().collect()
    }

    /// Returns the types that are only sent.
    pub(super) fn only_sent(&self) -> Vec<TypeId> {
        self.sent.difference(&self.read).copied().collect()
    }

    /// Sets the directions of each type. Components that no operation reaches, and their parts, may be for either direction.
    pub(super) fn mark(mut self, types: &mut Types) {
        let is_reached = |id: &TypeId| self.read.contains(id) || self.sent.contains(id);
        let unused = types.ids().filter(|id| types[*id].is_component() && !is_reached(id));
        let either = reachable(types, unused);
        self.read.extend(&either);
        self.sent.extend(&either);
        for id in types.ids() {
            (types[id].read, types[id].sent) = (self.read.contains(&id), self.sent.contains(&id));
        }
    }
}
