//! Part of `repair`: links to operations whose path was repaired.
//!
//! In: the document, its paths repaired. Out: an `operationRef` (OpenAPI 3.0.3 §4.7.20) leads to the place where its operation is
//! now. Invariant: only what led to an operation before is changed; all others stay, for whoever follows links to judge.

use std::collections::HashMap;

use serde_json::Value;

use super::Repairer;
use crate::normalize::pass::Weight;
use crate::normalize::{reference, trail};
use crate::pointer::Pointer;
use crate::structure::grammar::Kind;
use crate::structure::slots::{Slot, Versions};

impl Repairer<'_> {
    pub(super) fn links(&mut self, document: &mut Value) {
        let is_path = |pointer: &Pointer| pointer.as_str().starts_with("/paths/");
        let moved = self.moves.iter().filter(|(before, after)| is_path(after) && is_path(before));
        let moved: HashMap<Pointer, Pointer> = moved.map(|(before, after)| (before.clone(), after.clone())).collect();
        if moved.is_empty() {
            return;
        }
        let mut found = Vec::new();
        find(document, Slot::DOCUMENT, &Pointer::root(), &mut found);
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

/// The places of all links below a node.
fn find(node: &Value, slot: Slot, at: &Pointer, found: &mut Vec<Pointer>) {
    if slot == Slot::One(Kind::Link) {
        found.push(at.clone());
    }
    slot.each_part(node, Versions::OpenApi3, |key, part, slot| find(part, slot, &at.key(key), found));
}
