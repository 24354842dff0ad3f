//! Part of `repair`: links to operations whose path was repaired.
//!
//! In: the document, its paths repaired. Out: an `operationRef` (OpenAPI 3.0.3 §4.7.20) leads to the place where its operation is
//! now. Invariant: only what led to an operation before is changed; all others stay, for whoever follows links to judge.

use std::collections::HashMap;

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::Repairer;
use crate::normalize::bundle;
use crate::normalize::pass::Weight;
use crate::normalize::trail;
use crate::pointer::Pointer;
use crate::structure::grammar::METHODS;

impl Repairer<'_> {
    pub(super) fn links(&mut self, document: &mut Value) {
        let is_path = |pointer: &Pointer| pointer.as_str().starts_with("/paths/");
        let moved = self.moves.iter().filter(|(before, after)| is_path(after) && is_path(before));
        let moved: HashMap<Pointer, Pointer> = moved.map(|(before, after)| (before.clone(), after.clone())).collect();
        if moved.is_empty() {
            return;
        }
        for holder in holders(document) {
            let Some(Value::Object(links)) = document.pointer(holder.as_str()) else { continue };
            for name in links.keys().cloned().collect::<Vec<_>>() {
                self.link(document, &moved, &holder.key(&name));
            }
        }
    }

    fn link(&mut self, document: &mut Value, moved: &HashMap<Pointer, Pointer>, at: &Pointer) {
        let at = at.key("operationRef");
        let Some(Value::String(text)) = document.pointer(at.as_str()) else { return };
        let decoded = text.strip_prefix('#').map(|fragment| percent_decode_str(fragment).decode_utf8_lossy());
        let Some(before) = decoded.and_then(|pointer| Pointer::parse(&pointer)) else { return };
        let Some(after) = trail::moved(&before, |prefix| moved.get(prefix)) else { return };
        if !document.pointer(after.as_str()).is_some_and(Value::is_object) {
            return;
        }
        let new = bundle::local(after.as_str());
        let text = format!("the operation that `{text}` leads to is at `{new}` now");
        if let Some(reference) = document.pointer_mut(at.as_str()) {
            *reference = Value::String(new);
            self.note_at("link", at, Weight::Same, text);
        }
    }
}

/// The places of all maps of links.
fn holders(document: &Value) -> Vec<Pointer> {
    let components = Pointer::root().key("components");
    let mut found = vec![components.key("links")];
    let mut add = |responses: Option<&Value>, at: &Pointer| {
        for (name, _) in members(responses) {
            found.push(at.key(name).key("links"));
        }
    };
    add(document.pointer("/components/responses"), &components.key("responses"));
    for (path, item) in members(document.get("paths")) {
        for (method, operation) in members(Some(item)).filter(|(method, _)| METHODS.contains(&method.as_str())) {
            let at = Pointer::root().key("paths").key(path).key(method).key("responses");
            add(operation.get("responses"), &at);
        }
    }
    found
}

fn members(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).into_iter().flatten()
}
