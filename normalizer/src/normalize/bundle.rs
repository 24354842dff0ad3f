//! Part of `normalize`: many files → one document.
//!
//! In: the input and the files that its references lead to. Out: one document whose references all lead into itself, and
//! which node comes from which file. Invariant: after this step there is no reference to another file; nothing is fetched,
//! and a document without such references is not touched. References within the input are the matter of the pass for its
//! version, which knows what can be referred to.

mod emit;
mod kinds;
mod names;
mod plan;
mod reference;

use serde_json::Value;

use super::files::Files;
use super::ledger::LedgerNote;
use super::trail::Layer;
use crate::diagnostic::Diagnostic;
use crate::pointer::Pointer;
use emit::Emission;
use kinds::ComponentKind;
use plan::Plan;

/// The one document.
pub(super) struct Bundled {
    pub(super) value: Value,
    pub(super) layer: Layer,
    pub(super) entries: Vec<LedgerNote>,
}

/// Brings together what the input refers to.
pub(super) fn bundle(files: &mut Files) -> Result<Bundled, Vec<Diagnostic>> {
    let is_swagger = files.value(0).get("swagger").is_some();
    let mut plan = Plan::new(files, is_swagger);
    if !plan.faults.is_empty() {
        return Err(plan.faults);
    }
    if !plan.is_changed {
        drop(plan);
        return Ok(Bundled { value: files.take_value(0), layer: Layer::default(), entries: Vec::new() });
    }
    let mut emission = Emission::new(&mut plan);
    let value = emission.document();
    if emission.faults.is_empty() {
        Ok(Bundled { value, layer: emission.layer, entries: emission.entries })
    } else {
        Err(emission.faults)
    }
}

/// A reference to the node at `pointer` of the document itself.
pub(super) fn local(pointer: &str) -> String {
    Pointer::parse(pointer).map_or_else(|| format!("#{pointer}"), |pointer| reference::local(&pointer))
}

/// References of a 3.0.3 document that lead to no component, each with its text.
pub(super) fn dangling(document: &Value) -> Vec<(Pointer, String)> {
    let mut found = Vec::new();
    search(document, document, ComponentKind::Document, &mut Pointer::root(), &mut found);
    found
}

fn search(document: &Value, node: &Value, kind: ComponentKind, at: &mut Pointer, found: &mut Vec<(Pointer, String)>) {
    let length = at.as_str().len();
    match node {
        Value::Object(members) if kind != ComponentKind::Opaque => {
            if let Some(Value::String(text)) = members.get("$ref")
                && !leads_somewhere(document, text, kind)
            {
                found.push((at.key("$ref"), text.clone()));
            }
            for (key, value) in members {
                let kind = kind.member(key, value);
                if kind != ComponentKind::Opaque {
                    at.push(key);
                    search(document, value, kind, at, found);
                    at.truncate(length);
                }
            }
        }
        Value::Array(items) if kind.item() != ComponentKind::Opaque => {
            for (index, item) in items.iter().enumerate() {
                at.push(&index.to_string());
                search(document, item, kind.item(), at, found);
                at.truncate(length);
            }
        }
        _ => {}
    }
}

/// Whether a reference leads to a component, or one to a path item to whatever there is: all others have been dealt with.
fn leads_somewhere(document: &Value, text: &str, kind: ComponentKind) -> bool {
    let Some(fragment) = text.strip_prefix('#') else { return false };
    let is_good = |pointer: &str| {
        let is_component = pointer.starts_with("/components/") && pointer.matches('/').count() == 3;
        // Schemas can be referred to within each other.
        let is_good = match kind {
            ComponentKind::Schema => is_component || pointer.starts_with("/components/schemas/"),
            ComponentKind::PathItem => true,
            _ => is_component,
        };
        is_good && document.pointer(pointer).is_some_and(Value::is_object)
    };
    // Nearly all are plain.
    if is_good(fragment) {
        return true;
    }
    match reference::parse(text, "") {
        Ok(reference::Reference { node: reference::Node::At(pointer), .. }) => is_good(pointer.as_str()),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
