//! Part of `normalize`: overlays (OpenAPI Overlay Specification 1.0 and 1.1).
//!
//! In: the vendor's document and an overlay. Out: the document with the actions applied, and the nodes that come from the overlay.
//! Invariants: an action that matches nothing is a fault unless it has `x-optional: true`; values are merged according to Overlay 1.1
//! §4.4.3.
//!
//! Deviation from the specification: an item that an array already contains is not added again.

use std::cmp::Reverse;

use foldhash::HashSet;
use serde_json::Value;
use serde_json_path::JsonPath;

use super::files::Files;
use super::pass::{Entry, Equivalent, Interpreted, Record, Rule};
use super::trail::{Origin, Provenance, SourceLocation};
use crate::certain::Certain;
use crate::diagnostic::{Code, Diagnostic, codes};
use crate::json::{Members, is_primitive, is_true, items, text, type_name};
use crate::pointer::Pointer;
use crate::structure::examine_part;
use crate::structure::grammar::{Form, Kind};
use crate::structure::rules::{is_version, query};

/// Applies the overlay in file `index`. Its faults are the faults of the overlay itself or, if it is valid, the actions that cannot be
/// applied.
pub(super) fn overlay(value: &mut Value, record: &mut Record, files: &Files, index: usize) {
    let (shown, overlay) = (files.shown(index), &files.get(index).value);
    record.faults = examine_part(shown, overlay, &Form::Is(Kind::Overlay), &Pointer::root());
    if !record.faults.is_empty() {
        return;
    }
    let takes_primitives = overlay.as_object().is_some_and(|members| is_version(members, "1.1"));
    let mut run = Run { shown, file: index, takes_primitives, value, record };
    for (index, members) in items(&overlay["actions"]).filter_map(Value::as_object).enumerate() {
        let at = Pointer::top("actions").index(index);
        if let Some(target) = query(members, "target") {
            run.action(&Action { at, target, members });
        }
    }
}

/// A valid action.
struct Action<'o> {
    /// The pointer to the action in the overlay.
    at: Pointer,
    target: JsonPath,
    members: &'o Members,
}

/// A document, and the changes to it.
struct Run<'r> {
    /// The overlay's display name.
    shown: &'r str,
    /// The overlay's file.
    file: usize,
    /// Whether primitive values can be targets, as since 1.1.
    takes_primitives: bool,
    value: &'r mut Value,
    record: &'r mut Record,
}

impl Run<'_> {
    fn action(&mut self, action: &Action<'_>) {
        let targets = self.found(&action.target);
        if targets.is_empty() {
            if is_true(action.members, "x-optional") {
                let text = format!("{}: matches nothing, which `x-optional` allows", named(action));
                return self.note(("overlay-optional", Equivalent), action, Pointer::root(), text);
            }
            let message = format!("`{}` matches nothing in the document", action.target);
            let help = "remove the action if the vendor has fixed the document, or add `x-optional: true`";
            self.fault(codes::OVERLAY_TARGET, action, "target", message, Some(help));
        } else if is_true(action.members, "remove") {
            self.remove(action, targets);
        } else if let Some(update) = action.members.get("update") {
            let origin = SourceLocation { file: self.file, pointer: action.at.key("update") };
            self.update(action, &targets, update, &origin.into());
        } else if let Some(path) = query(action.members, "copy") {
            let sources = self.found(&path);
            let node = sources.first().and_then(|pointer| pointer.get(self.value));
            let ([pointer], Some(node)) = (sources.as_slice(), node) else {
                let message = format!("`copy` must match one node, found {}", sources.len());
                return self.fault(codes::OVERLAY_TARGET, action, "copy", message, None);
            };
            self.update(action, &targets, &node.clone(), &self.record.provenance.origin(pointer));
        }
    }

    /// Returns the nodes that a query selects, in its order, each once.
    fn found(&self, path: &JsonPath) -> Vec<Pointer> {
        let mut seen = HashSet::default();
        let nodes = path.query_located(self.value);
        let pointers = nodes.locations().filter_map(|location| Pointer::parse(&location.to_json_pointer()));
        pointers.filter(|pointer| seen.insert(pointer.clone())).collect()
    }

    fn update(&mut self, action: &Action<'_>, targets: &[Pointer], update: &Value, origin: &Origin) {
        let (key, rule) = match action.members.get("update") {
            Some(_) => ("update", ("overlay-update", Interpreted)),
            None => ("copy", ("overlay-copy", Interpreted)),
        };
        let mut changed = 0;
        for target in targets {
            let Some(node) = target.get_mut(self.value) else { continue };
            if !self.takes_primitives && is_primitive(node) {
                let message =
                    format!("`{}` selects {}, which version 1.0 cannot update", action.target, type_name(node));
                let help = "write `overlay: 1.1.0`, or select the object around it";
                return self.fault(codes::OVERLAY_TARGET, action, "target", message, Some(help));
            }
            let before = node.clone();
            let provenance = &mut self.record.provenance;
            let updated = match &mut *node {
                // Overlay 1.1 §4.4.3: the update may be an item to append to an array.
                Value::Array(items) if !update.is_array() => {
                    append(items, std::slice::from_ref(update), target, |_| origin.clone(), provenance);
                    Ok(())
                }
                node => merge(node, update, target, origin, provenance),
            };
            if let Err(message) = updated {
                let help = "an object merges only into an object, a value only replaces a value; remove the node first";
                return self.fault(codes::OVERLAY_UPDATE, action, key, message, Some(help));
            }
            changed += usize::from(*node != before);
        }
        let first = targets.first().cloned().certain("an action without targets has ended");
        if changed == 0 {
            let text = format!("{}: redundant, the document already says so", named(action));
            return self.note(("overlay-redundant", Interpreted), action, first, text);
        }
        let places = if changed == 1 { String::new() } else { format!(" ({changed} places)") };
        self.note(rule, action, first, format!("{}{places}", named(action)));
    }

    /// Removes the targets, the last item of an array first, so that the other indices stay valid.
    fn remove(&mut self, action: &Action<'_>, mut targets: Vec<Pointer>) {
        // Indices are sorted numerically, before keys.
        let step = |segment: String| segment.parse::<usize>().map_err(|_| segment);
        targets.sort_by_cached_key(|pointer| Reverse(pointer.segments().map(step).collect::<Vec<_>>()));
        let mut removed = Vec::new();
        for target in targets {
            let Some(parent) = target.parent() else {
                let message = "the document itself cannot be removed".to_owned();
                return self.fault(codes::OVERLAY_TARGET, action, "target", message, None);
            };
            let node = |pointer: &Pointer| pointer.get(self.value);
            let is_member = node(&parent).is_some_and(Value::is_object);
            if is_member && node(&target).is_some_and(is_primitive) && !self.takes_primitives {
                let message = format!("`{}` selects a value that version 1.0 cannot remove", action.target);
                let help = Some("write `overlay: 1.1.0`");
                return self.fault(codes::OVERLAY_TARGET, action, "target", message, help);
            }
            let origin = self.record.provenance.origin(&target);
            if !self.record.provenance.remove(self.value, &target) {
                continue;
            }
            let text = format!("removed: {}", named(action));
            removed.push(Entry::new(("overlay-remove", Interpreted), origin, parent, text));
        }
        removed.into_iter().rev().for_each(|entry| self.record.add(entry));
    }

    fn note(&mut self, rule: Rule, action: &Action<'_>, after: Pointer, text: String) {
        let before = SourceLocation { file: self.file, pointer: action.at.clone() };
        self.record.add(Entry::new(rule, before, after, text));
    }

    fn fault(&mut self, code: Code, action: &Action<'_>, key: &str, message: String, help: Option<&str>) {
        let fault = Diagnostic::invalid(code, self.shown, action.at.key(key), message);
        self.record.faults.push(fault.with_help_if(help));
    }
}

/// Returns a short description of an action: the first line of its description, or its target.
fn named(action: &Action<'_>) -> String {
    let description = text(action.members, "description").unwrap_or_default().trim();
    description.lines().next().map_or_else(|| format!("`{}`", action.target), |line| line.trim_end().to_owned())
}

/// Merges an update into the node at `at` (Overlay 1.1 §4.4.3). Returns an error if the two values are incompatible.
fn merge(
    node: &mut Value,
    update: &Value,
    at: &Pointer,
    origin: &Origin,
    provenance: &mut Provenance,
) -> Result<(), String> {
    match (node, update) {
        (Value::Object(members), Value::Object(update)) => {
            for (key, value) in update {
                let (at, origin) = (at.key(key), origin.below(|above| above.key(key)));
                if let Some(node) = members.get_mut(key) {
                    merge(node, value, &at, &origin, provenance)?;
                } else {
                    members.insert(key.clone(), value.clone());
                    provenance.bring(at, origin);
                }
            }
        }
        (Value::Array(items), Value::Array(update)) => {
            append(items, update, at, |index| origin.below(|above| above.index(index)), provenance);
        }
        (node, update) if is_primitive(node) && is_primitive(update) => {
            if node != update {
                node.clone_from(update);
                provenance.bring(at.clone(), origin.clone());
            }
        }
        (node, update) => return Err(format!("cannot merge {} into {} at `{at}`", type_name(update), type_name(node))),
    }
    Ok(())
}

/// Adds the items that the array does not contain yet.
fn append(
    items: &mut Vec<Value>,
    update: &[Value],
    at: &Pointer,
    origin: impl Fn(usize) -> Origin,
    provenance: &mut Provenance,
) {
    let had = items.len();
    for (index, entry) in update.iter().enumerate() {
        if !items.iter().take(had).any(|item| item == entry) {
            provenance.bring(at.index(items.len()), origin(index));
            items.push(entry.clone());
        }
    }
}

#[cfg(test)]
mod tests;
