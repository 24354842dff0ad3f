//! Part of `normalize`: overlays (OpenAPI Overlay Specification 1.0 and 1.1).
//!
//! In: the vendor's document and an overlay. Out: the document with the actions applied, and which node comes from the
//! overlay. Invariant: an action that matches nothing is a fault unless it says `x-optional: true`.
//!
//! Unlike the specification: an item that an array already holds is not added again.

mod apply;

use serde_json::Value;

use super::files::Files;
use super::pass::Passed;
use super::trail::{SourceLocation, Trail};
use crate::diagnostic::Diagnostic;
use crate::pointer::Pointer;
use crate::structure::examine_as;
use crate::structure::grammar::Kind;
use crate::structure::rules::{is_version, query};

/// Applies the overlay that is file `index`; `trail` leads from the document back to its files.
///
/// # Errors
/// Everything that is wrong with the overlay itself; if that is nothing, the actions that cannot be applied.
pub(super) fn overlay(
    value: Value,
    files: &Files,
    index: usize,
    trail: &Trail,
) -> Result<Passed<SourceLocation>, Vec<Diagnostic>> {
    let (shown, overlay) = (files.shown(index), &files.get(index).value);
    let faults = examine_as(shown, overlay, Kind::Overlay).found;
    if !faults.is_empty() {
        return Err(faults);
    }
    let takes_primitives = overlay.as_object().is_some_and(|members| is_version(members, "1.1"));
    let passed = Passed { value, ..Passed::default() };
    let mut run = apply::Run { shown, file: index, takes_primitives, trail, passed, faults };
    let actions = overlay.get("actions").and_then(Value::as_array);
    for (index, members) in actions.into_iter().flatten().filter_map(Value::as_object).enumerate() {
        let at = Pointer::root().key("actions").index(index);
        if let Some(target) = query(members, "target") {
            run.action(&apply::Action { at, target, members });
        }
    }
    if run.faults.is_empty() { Ok(run.passed) } else { Err(run.faults) }
}

#[cfg(test)]
mod tests;
