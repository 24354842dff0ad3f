//! Part of `normalize`: overlays (OpenAPI Overlay Specification 1.0 and 1.1).
//!
//! In: the vendor's document and an overlay. Out: the document with the overlay's actions applied one after the other, and
//! which node comes from the overlay. Invariant: an action that finds nothing to act on is a fault unless it says
//! `x-optional: true`; one that changes nothing is named in the ledger.
//!
//! Where this is more careful than the specification: an element that a list holds already is not added to it again, so that
//! an action that the vendor has caught up with does nothing rather than something twice.

mod apply;
mod read;

use serde_json::Value;

use super::files::Files;
use super::ledger::LedgerNote;
use super::trail::Moves;
use crate::diagnostic::Diagnostic;

/// The document after an overlay.
pub(super) struct Overlaid {
    pub(super) value: Value,
    pub(super) layer: Moves,
    pub(super) entries: Vec<LedgerNote>,
}

/// Applies the overlay that is file `index`; `place` tells where a node of the document comes from.
pub(super) fn overlay(
    value: Value,
    files: &Files,
    index: usize,
    place: &dyn Fn(&crate::pointer::Pointer) -> super::trail::SourceLocation,
) -> Result<Overlaid, Vec<Diagnostic>> {
    let actions = read::actions(files.shown(index), files.value(index))?;
    apply::apply(value, &actions, &apply::Source { shown: files.shown(index), file: index, place })
}

#[cfg(test)]
mod tests;
