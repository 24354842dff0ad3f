//! Part of `v31`: the state of a conversion, and the record of what rules do.
//!
//! In: an address in the intermediate document. Out: entries. Invariant: rules say what they do through here.

use std::collections::BTreeSet;

use super::hoist::Copies;
use super::track::Track;
use crate::normalize::pass::{Equivalent, Rule};
use crate::normalize::version::Version;
use crate::pointer::Pointer;

/// The walk through the intermediate document.
#[derive(Default)]
pub(super) struct Convert {
    pub(super) version: Version,
    /// The address in the intermediate document.
    pub(super) path: Pointer,
    pub(super) depth: usize,
    pub(super) track: Track,
    pub(super) copies: Copies,
    /// The addresses of the copies around this place.
    pub(super) copying: Vec<Pointer>,
    /// How many nodes have been copied.
    pub(super) copied: usize,
    /// Whether what was defined inside of schemas has become components.
    pub(super) hoists: bool,
    /// The schemas that turned out to say nothing but `null`.
    pub(super) nulls: BTreeSet<Pointer>,
}

impl Convert {
    /// Whether schemas are those of JSON Schema 2020-12.
    pub(super) fn is_modern(&self) -> bool {
        self.version >= Version::V3_1
    }

    /// The address of a member of this object; of the object itself if there is no key.
    pub(super) fn at(&self, key: &str) -> Pointer {
        self.path.key_or_self(key)
    }

    /// An entry for a member of this object.
    pub(super) fn note(&mut self, rule: Rule, key: &str, text: impl Into<String>) {
        self.track.record.note(rule, self.at(key), text);
    }

    /// One of possibly many places where the same was done.
    pub(super) fn count(&mut self, rule: Rule, key: &str, text: &'static str) {
        self.track.record.count(rule, self.at(key), text);
    }

    /// As [`Convert::count`], for an equivalent rewrite.
    pub(super) fn same(&mut self, rule: &'static str, key: &str, text: &'static str) {
        self.count((rule, Equivalent), key, text);
    }
}
