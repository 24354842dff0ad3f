//! Pass of `normalize`: OpenAPI 3.1 or 3.2 → 3.0.3.
//!
//! In: a document of 3.1 or 3.2, or of 3.0 with keywords of theirs. Out: the document in 3.0.3. What 3.0 cannot say
//! goes into an `x-` extension of the same name, and is listed as lossy if it only restricts values.
//!
//! In two steps. First everything that a reference leads to gets a place that 3.0 can refer to (`survey`, `hoist`). Then
//! one walk along the grammar changes each object after its parts (`schema`, `objects`).
//!
//! Invariants: what is misshapen stays as it is. What is in no place that OpenAPI knows (examples, extensions) is not
//! touched. An operation that needs a credential goes on asking for it.

mod convert;
mod hoist;
mod node;
mod objects;
mod reference;
mod schema;
mod survey;
mod track;

#[cfg(test)]
mod tests;

use serde_json::{Value, json};

use super::pass::Record;
use super::version;
use crate::json::{Members, each_mut};
use crate::limits::MAX_DEPTH;
use crate::structure::grammar::Kind;
use crate::structure::slots::{Slot, Versions};
use convert::Convert;
use node::Node;
use track::Track;

/// Turns a document into one of 3.0.3. A document of 3.0 keeps its patch version. Copies of too many nodes are a fault.
pub(crate) fn pass(value: &mut Value, record: &mut Record) {
    // Of a document without one, only what can mean one thing is changed.
    let version = version::of(value).ok().filter(|_| value["openapi"].is_string()).unwrap_or_default();
    let mut track = Track::default();
    let copies = hoist::hoist(value, &mut track);
    let mut convert =
        Convert { version, track, copies, hoists: hoist::takes_components(value, "schemas"), ..Convert::default() };
    *value = convert.value(Slot::DOCUMENT, value.take());
    *record = convert.track.finish(value);
}

impl Convert {
    fn value(&mut self, slot: Slot, value: Value) -> Value {
        match (slot, value) {
            // JSON Schema 2020-12 §4.3.2.
            (Slot::SCHEMA, Value::Bool(allowed)) => {
                self.same("boolean-schema", "", "replaced the schema `true` with `{}`, and `false` with `not: {}`");
                if allowed { json!({}) } else { json!({ "not": {} }) }
            }
            (Slot::One(kind), Value::Object(members)) if self.depth <= MAX_DEPTH => self.object(kind, members),
            (Slot::One(_), other) => other,
            (_, mut group) => {
                self.parts(slot, &mut group);
                group
            }
        }
    }

    fn object(&mut self, kind: Kind, members: Members) -> Value {
        let refers = members.get("$ref").is_some_and(Value::is_string) && kind.section().is_some();
        if refers && kind != Kind::Schema {
            return self.reference(kind, members);
        }
        let mut value = Value::Object(members);
        self.parts(Slot::One(kind), &mut value);
        let Value::Object(members) = value else { return value };
        let mut node = Node::new(self, members);
        match kind {
            Kind::Schema => node.schema(),
            other => node.object(other),
        }
        let (members, moved) = node.finish();
        self.track.moved_inside(&self.path, moved);
        Value::Object(members)
    }

    /// Converts what is in a node.
    fn parts(&mut self, slot: Slot, node: &mut Value) {
        if !slot.fits(node) {
            return;
        }
        each_mut(node, |key, part| {
            let inner = slot.below(key, part, Versions::OpenApi3);
            // The schema around it understands `true` and `false`.
            let is_flag = slot == Slot::SCHEMA && part.is_boolean() && schema::takes_booleans(key);
            if matches!(inner, Slot::Text | Slot::Data) || is_flag {
                return;
            }
            let length = self.path.enter(key);
            self.depth += 1;
            *part = self.value(inner, part.take());
            self.depth -= 1;
            self.path.truncate(length);
        });
    }
}
