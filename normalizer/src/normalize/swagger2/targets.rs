//! Part of `swagger2`: lookup in the old document.
//!
//! In: the old document and a reference or a value of it. Out: the target or the texts. Invariant: nothing is changed.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::json::{items, members};
use crate::normalize::reference::{self, decoded};
use crate::pointer::Pointer;

/// Returns the target of a reference within the old document, without following further references.
///
/// Percent-escapes are decoded; a name that only looks escaped is also found. A missing slash after `#` is added.
pub(super) fn target<'d>(document: &'d Value, reference: &str) -> Option<(Pointer, &'d Value)> {
    let fragment = reference.strip_prefix('#')?;
    let decoded = decoded(fragment);
    let slashed = format!("/{decoded}");
    [decoded.as_str(), fragment, &slashed].into_iter().find_map(|text| {
        let pointer = Pointer::parse(text)?;
        document.pointer(text).map(|value| (pointer, value))
    })
}

/// Returns the target of a reference in the old document, after following all further references.
pub(super) fn end<'d>(document: &'d Value, reference: &str) -> Option<(Pointer, &'d Value)> {
    reference::end(target(document, reference)?, reference::text, |text| target(document, text))
}

/// Returns the name of the member of a section such as `/parameters` that a pointer leads to.
pub(super) fn member_of(section: &str, pointer: &Pointer) -> Option<String> {
    pointer.last().filter(|name| *pointer == Pointer::top(section).key(name))
}

/// Returns an array of strings; `None` for any other value.
pub(super) fn list(value: Option<&Value>) -> Option<Vec<String>> {
    let items = value?.as_array()?;
    items.iter().map(|item| item.as_str().map(str::to_owned)).collect()
}

/// The definitions that extend each definition through `allOf`.
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

    /// Returns all definitions that extend `base`, directly or indirectly, in the order found.
    pub(super) fn below(&self, base: &str) -> Vec<String> {
        let mut found = Vec::new();
        let mut seen = BTreeSet::from([base]);
        let mut waiting = vec![base];
        while let Some(next) = waiting.pop() {
            for name in self.0.get(next).into_iter().flatten() {
                if seen.insert(name) {
                    found.push(name.clone());
                    waiting.push(name);
                }
            }
        }
        found
    }
}
