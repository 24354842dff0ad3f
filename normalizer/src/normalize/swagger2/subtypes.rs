//! Part of `swagger2`: which definitions extend which.
//!
//! In: a document. Out: the subtypes of each definition. Invariant: a cycle of definitions ends.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::targets::{end, member_of};
use crate::json::{items, members};
use crate::normalize::reference;

/// Which definitions extend which, through `allOf`.
#[derive(Default)]
pub(super) struct Subtypes(BTreeMap<String, Vec<String>>);

impl Subtypes {
    pub(super) fn of(document: &Value) -> Self {
        let mut subtypes = Self::default();
        for (name, definition) in members(document.get("definitions")) {
            let base = |part| member_of("definitions", &end(document, reference::text(part)?)?.0);
            for base in items(&definition["allOf"]).filter_map(base) {
                subtypes.0.entry(base).or_default().push(name.clone());
            }
        }
        subtypes
    }

    /// All definitions that extend `base`, directly or indirectly, in the order found.
    pub(super) fn below(&self, base: &str) -> Vec<&str> {
        let mut found = Vec::new();
        let mut seen = BTreeSet::from([base]);
        let mut waiting = vec![base];
        while let Some(next) = waiting.pop() {
            for name in self.0.get(next).into_iter().flatten() {
                if seen.insert(name) {
                    found.push(name.as_str());
                    waiting.push(name);
                }
            }
        }
        found
    }
}
