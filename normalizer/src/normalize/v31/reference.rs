//! Part of `v31`: references to other things than schemas.
//!
//! In: a reference object (3.1 §4.8.23). Out: the reference; or, where 3.0 cannot say it, what it leads to, written out.
//! Invariant: what is written out is bounded by [`MAX_WRITTEN_OUT`].

use serde_json::Value;

use super::Convert;
use crate::diagnostic::codes;
use crate::json::{self, Members, count_nodes, each, has_any, set};
use crate::limits::{MAX_DEPTH, MAX_WRITTEN_OUT};
use crate::normalize::pass::{Interpreted, Lossy, fault};
use crate::normalize::reference;
use crate::pointer::Pointer;
use crate::structure::grammar::Kind;
use crate::structure::slots::Slot;

impl Convert {
    /// Converts a reference that is not to a schema.
    pub(super) fn reference(&mut self, kind: Kind, members: Members) -> Value {
        let text = json::text(&members, "$ref").unwrap_or_default();
        let found = reference::target(text).and_then(|pointer| self.copies.get(&pointer).cloned());
        let has_words = has_any(&members, &["summary", "description"]);
        let Some((origin, copy)) = found else { return Value::Object(members) };
        match kind {
            Kind::MediaType | Kind::PathItem => self.write_out(kind, members, &origin, copy),
            _ if has_words && self.is_modern() => self.describe(kind, members, &origin, copy),
            _ => Value::Object(members),
        }
    }

    /// A reference with a description of its own: 3.0 has none, so what it leads to is copied and described.
    fn describe(&mut self, kind: Kind, mut members: Members, origin: &Pointer, copy: Value) -> Value {
        let summary = if kind == Kind::Example { "summary" } else { "x-summary" };
        let same = |key: &str, own: &str| members.get(key).is_none_or(|text| copy.get(own) == Some(text));
        if same("description", "description") && same("summary", summary) {
            self.same("reference-siblings", "$ref", "removed descriptions beside a reference that repeat its target's");
        } else if holds_types(&copy, 0) {
            let text = "the words beside the reference are left out: 3.0 has no place for them, and writing the target out \
                        would describe its types twice";
            self.note(("reference-siblings", Lossy), "$ref", text);
        } else {
            if let Some(text) = members.shift_remove("summary") {
                set(&mut members, summary, text);
            }
            return self.write_out(kind, members, origin, copy);
        }
        members.shift_remove("description");
        members.shift_remove("summary");
        Value::Object(members)
    }

    /// Replaces a reference with its target. Siblings of the reference take precedence.
    fn write_out(&mut self, kind: Kind, mut members: Members, origin: &Pointer, copy: Value) -> Value {
        if !copy.is_object() {
            return Value::Object(members);
        }
        let before = self.track.before(&self.path);
        let reference_at = self.track.before(&self.at("$ref"));
        if self.copying.contains(origin) {
            let fault = fault(codes::CYCLIC_REFERENCE, reference_at.clone(), "the reference is cyclic");
            self.track.record.lost(fault, reference_at, self.at("$ref"));
            members.shift_remove("$ref");
            return Value::Object(members);
        }
        self.copied = self.copied.saturating_add(count_nodes(&copy));
        if self.copied > MAX_WRITTEN_OUT {
            if self.track.record.faults.iter().all(|fault| fault.code != codes::EXPANSION) {
                let message = "references that must be inlined expand to far more than the document contains";
                let help = "write the path items under `paths` and refer to them there";
                self.track.record.faults.push(fault(codes::EXPANSION, reference_at, message).with_help(help));
            }
            return Value::Object(members);
        }
        self.same("reference", "$ref", "inlined a reference that readers of 3.0 do not follow");
        let Value::Object(mut all) = copy else { return Value::Object(members) };
        self.track.came_from(self.path.clone(), self.track.before(origin));
        for (key, mut value) in members {
            self.track.came_from(self.at(&key), before.key(&key));
            if key == "$ref" {
                continue;
            }
            if kind == Kind::PathItem
                && let Some(theirs) = all.get(&key)
            {
                self.beside_path_item(&key, &mut value, theirs.clone(), origin);
            }
            all.insert(key, value);
        }
        self.copying.push(origin.clone());
        let converted = self.value(Slot::One(kind), Value::Object(all));
        self.copying.pop();
        converted
    }

    /// A sibling of a reference to a path item that has the same key.
    fn beside_path_item(&mut self, key: &str, own: &mut Value, theirs: Value, origin: &Pointer) {
        if key != "parameters" {
            let text = format!("replaced `{key}` of a referenced path item with the sibling of the reference");
            return self.note(("reference-sibling", Interpreted), key, text);
        }
        let theirs_at = self.track.before(origin).key(key);
        for (after, before) in reference::joined(own, theirs) {
            self.track.came_from(self.at(key).index(after), theirs_at.index(before));
        }
        self.note(("reference-sibling", Interpreted), key, reference::JOINED);
    }
}

/// Whether there are object types written into a node, which a copy would double.
fn holds_types(value: &Value, depth: usize) -> bool {
    if depth > MAX_DEPTH {
        return true;
    }
    let mut holds = value.get("properties").is_some();
    each(value, |_, part| holds = holds || holds_types(part, depth + 1));
    holds
}
