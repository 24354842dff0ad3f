//! Part of `repair`: path items that refer to another one (OpenAPI 3.0.3 §4.7.9).
//!
//! In: the map of paths. Out: path items with operations of their own. Invariant: what a reference leads to is written out
//! as it is, so that the operations of both paths can be told apart by name; a reference that leads to no path of the
//! document stays, for later stages to name.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::Repairer;
use crate::normalize::pass::Weight;
use crate::normalize::reference;
use crate::pointer::Pointer;

impl Repairer<'_> {
    /// Writes out what path items refer to. One that refers to a further reference is written out in the next round.
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
}

/// The path whose item this one refers to.
fn target(item: &Value) -> Option<String> {
    let pointer = reference::target(item.get("$ref")?.as_str()?)?;
    let [paths, path] = pointer.segments().collect::<Vec<_>>().try_into().ok()?;
    (paths == "paths").then_some(path)
}
