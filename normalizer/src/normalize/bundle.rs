//! Part of `normalize`: many files → one document.
//!
//! In: the input and the files that its references lead to. Out: one document, and which node comes from which file.
//! Invariant: no reference to another file is left, nothing is fetched, and a document without such references is not
//! touched. References within the input are left to the pass for its version.

mod emit;
mod plan;

use serde_json::Value;

use super::files::Files;
use super::pass::Passed;
use super::reference;
use crate::pointer::Pointer;
use crate::structure::grammar::Kind;
use crate::structure::slots::{Slot, Versions};
use emit::Emission;
use plan::{Fault, Plan};

/// Brings together what the input refers to.
pub(super) fn bundle(files: &mut Files) -> Result<Passed, Vec<Fault>> {
    let is_swagger = files.get(0).value.get("swagger").is_some();
    let mut plan = Plan::new(files, is_swagger);
    if !plan.faults.is_empty() {
        return Err(plan.faults);
    }
    if !plan.is_changed {
        return Ok(Passed { value: files.take_input(), ..Passed::default() });
    }
    let written = Emission::new(&mut plan).document();
    written.map_err(|faults| faults.into_iter().map(|fault| (fault, Slot::Data)).collect())
}

/// References of a 3.0.3 document that lead to no component, each with its text.
pub(super) fn dangling(document: &Value) -> Vec<(Pointer, String)> {
    let mut found = Vec::new();
    Slot::DOCUMENT.walk(document, &mut Pointer::root(), Versions::All, &mut |node, slot, at| {
        if let Some(text) = reference::text(node)
            && !leads_somewhere(document, text, slot)
        {
            found.push((at.key("$ref"), text.to_owned()));
        }
        true
    });
    found
}

/// Whether a reference leads to a component of its kind, or one to a path item to whatever there is.
fn leads_somewhere(document: &Value, text: &str, slot: Slot) -> bool {
    let is_good = |pointer: &str| {
        let below = slot.object().and_then(|kind| reference::in_section(kind, pointer));
        let is_allowed = match slot.object() {
            Some(Kind::PathItem) => true,
            // Schemas can be referred to within each other.
            Some(Kind::Schema) => below.is_some(),
            _ => below.is_some_and(|name| !name.contains('/')),
        };
        is_allowed && document.pointer(pointer).is_some_and(Value::is_object)
    };
    // Nearly all are plain.
    text.strip_prefix('#').is_some_and(is_good)
        || reference::target(text).is_some_and(|pointer| is_good(pointer.as_str()))
}

#[cfg(test)]
mod tests;
