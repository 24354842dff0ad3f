//! Part of `normalize`: overlays (OpenAPI Overlay Specification 1.0 and 1.1).
//!
//! In: the vendor's document and an overlay. Out: the document with the overlay's actions applied one after the other, and
//! which node comes from the overlay. Invariant: an action that finds nothing to act on is a fault unless it says
//! `x-optional: true`; one that changes nothing is named in the ledger.
//!
//! More careful than the specification: what an array holds already is not added to it again, so that an action that the
//! vendor has caught up with does nothing.

mod apply;
mod read;

use serde_json::Value;

use super::files::Files;
use super::pass::Passed;
use super::trail::{SourceLocation, Trail};
use crate::diagnostic::Diagnostic;

/// Applies the overlay that is file `index`; `trail` leads from the document back to its files.
pub(super) fn overlay(
    value: Value,
    files: &Files,
    index: usize,
    trail: &Trail,
) -> Result<Passed<SourceLocation>, Vec<Diagnostic>> {
    let shown = files.shown(index);
    let actions = read::actions(shown, files.value(index))?;
    let passed = Passed { value, ..Passed::default() };
    let mut run = apply::Run { shown, file: index, trail, passed, faults: Vec::new() };
    actions.iter().for_each(|action| run.action(action));
    if run.faults.is_empty() { Ok(run.passed) } else { Err(run.faults) }
}

#[cfg(test)]
mod tests;
