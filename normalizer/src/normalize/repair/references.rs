//! Part of `repair`: references to paths, from path items (OpenAPI 3.0.3 §4.7.9) and from links (§4.7.20).
//!
//! In: the whole document. Out: path items with operations of their own, and an `operationRef` that leads to where its
//! operation is after the repair of its path. Invariant: a reference that leads to no path stays, for later stages to name.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value};

use super::Repairer;
use crate::normalize::pass::Weight;
use crate::normalize::{reference, trail};
use crate::pointer::Pointer;
use crate::structure::grammar::Kind;
use crate::structure::slots::{Slot, Versions};

impl Repairer<'_> {
    /// Writes out what path items refer to; one that refers to a further reference follows in the next round.
    pub(super) fn path_items(&mut self, document: &mut Value) {
        let Some(Value::Object(paths)) = document.get_mut("paths") else { return };
        let targets: BTreeMap<String, Map<String, Value>> = paths
            .values()
            .filter_map(target)
            .filter_map(|path| Some((path.clone(), paths.get(&path)?.as_object()?.clone())))
            .filter(|(_, item)| !item.contains_key("$ref"))
            .collect();
        for (path, item) in paths {
            let Some((of, found)) = target(item).and_then(|of| Some((of.clone(), targets.get(&of)?))) else { continue };
            let Value::Object(members) = item else { continue };
            members.shift_remove("$ref");
            for (key, value) in found {
                members.entry(key.clone()).or_insert_with(|| value.clone());
            }
            let text = format!("the path item is a reference to `{of}`: what it leads to stands in its place");
            self.note_at("reference-inlined", Pointer::root().key("paths").key(path), Weight::Same, text);
        }
    }

    /// Changes the links to operations whose path was repaired.
    pub(super) fn links(&mut self, document: &mut Value) {
        let is_path = |pointer: &Pointer| pointer.as_str().starts_with("/paths/");
        let moved = self.moves.iter().filter(|(before, after)| is_path(after) && is_path(before));
        let moved: HashMap<Pointer, Pointer> = moved.map(|(before, after)| (before.clone(), after.clone())).collect();
        if moved.is_empty() {
            return;
        }
        let mut found = Vec::new();
        Slot::DOCUMENT.walk(document, &mut Pointer::root(), Versions::OpenApi3, &mut |_, slot, at| {
            found.extend((slot == Slot::One(Kind::Link)).then(|| at.clone()));
            true
        });
        for at in found {
            self.link(document, &moved, &at);
        }
    }

    fn link(&mut self, document: &mut Value, moved: &HashMap<Pointer, Pointer>, at: &Pointer) {
        let at = at.key("operationRef");
        let Some(Value::String(text)) = document.pointer(at.as_str()) else { return };
        let Some(before) = reference::target(text) else { return };
        let Some(after) = trail::moved(&before, |prefix| moved.get(prefix)) else { return };
        if !document.pointer(after.as_str()).is_some_and(Value::is_object) {
            return;
        }
        let new = reference::local(after.as_str());
        let text = format!("the operation that `{text}` leads to is at `{new}` now");
        if let Some(reference) = document.pointer_mut(at.as_str()) {
            *reference = Value::String(new);
            self.note_at("link", at, Weight::Same, text);
        }
    }
}

/// The path whose item this one refers to.
fn target(item: &Value) -> Option<String> {
    let pointer = reference::target(reference::text(item)?)?;
    let [paths, path] = pointer.segments().collect::<Vec<_>>().try_into().ok()?;
    (paths == "paths").then_some(path)
}
