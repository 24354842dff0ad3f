//! Pass of `normalize`: OpenAPI 3.1 or 3.2 → 3.0.3.
//!
//! In: a document of one of these versions, or of 3.0 with keywords of the later ones. Out: the document in the words of
//! 3.0.3. What 3.0 cannot say but a client needs goes into an `x-` extension of the same name; what only restricts
//! values goes there, too, and is listed as lossy.
//!
//! In two steps. First everything that a reference leads to gets a place that 3.0 can refer to (`survey`, `hoist`). Then
//! one walk along the grammar (`places`) changes each object after its parts (`schema`, `objects`).
//!
//! Invariants: what is misshapen stays as it is. What is in no place that OpenAPI knows (examples, extensions) is not
//! touched. An operation that needs what 3.0 cannot say never becomes one that does without.

mod hoist;
mod keep;
mod names;
mod node;
mod objects;
mod places;
mod reference;
mod schema;
mod security;
mod survey;
mod track;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::pass::{Fault, Passed, Weight};
use crate::diagnostic::Code;
use crate::pointer::Pointer;
use hoist::Copies;
use node::Node;
use places::{Child, NodeKind};
use track::Track;

/// Deeper than any document that [`crate::load`] lets through. What is below stays as it is.
const MAX_DEPTH: usize = 160;

/// Turns a document into one of 3.0.3. A document of 3.0 keeps its patch version.
///
/// # Errors
/// References whose target depends on who refers to them, and references that cannot be written out: those that lead
/// back to themselves, or expand to far more than the document holds.
pub(crate) fn pass(mut value: Value) -> Result<Passed, Vec<Fault>> {
    let version = Version::of(&value);
    let mut track = Track::default();
    let (copies, mut faults) = hoist::hoist(&mut value, &mut track);
    let mut convert = Convert {
        version,
        path: String::new(),
        depth: 0,
        track,
        copies,
        copying: Vec::new(),
        copied: 0,
        hoists: hoist::takes_components(&value, "schemas"),
        needs: security::Needs::of(&value),
        nulls: BTreeSet::new(),
        faults: Vec::new(),
    };
    let value = convert.value(NodeKind::Document, value);
    faults.append(&mut convert.faults);
    if faults.is_empty() { Ok(convert.track.finish(value)) } else { Err(faults) }
}

/// What a document says it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Version {
    /// Or anything else: then only what can mean one thing is changed.
    V3_0,
    V3_1,
    V3_2,
}

impl Version {
    fn of(document: &Value) -> Self {
        let text = document.get("openapi").and_then(Value::as_str).unwrap_or_default();
        let is = |minor: &str| text == minor || text.strip_prefix(minor).is_some_and(|rest| rest.starts_with('.'));
        if is("3.2") {
            Self::V3_2
        } else if is("3.1") {
            Self::V3_1
        } else {
            Self::V3_0
        }
    }
}

/// The walk through the intermediate document.
struct Convert {
    version: Version,
    /// The address in the intermediate document.
    path: String,
    depth: usize,
    track: Track,
    copies: Copies,
    /// The addresses of the copies around this place.
    copying: Vec<String>,
    /// How many nodes have been copied.
    copied: usize,
    /// Whether what was defined inside of schemas has become components.
    hoists: bool,
    needs: security::Needs,
    /// The schemas that turned out to say nothing but `null`.
    nulls: BTreeSet<String>,
    faults: Vec<Fault>,
}

impl Convert {
    /// Whether schemas are those of JSON Schema 2020-12.
    fn is_modern(&self) -> bool {
        self.version >= Version::V3_1
    }

    fn value(&mut self, kind: NodeKind, value: Value) -> Value {
        match value {
            Value::Bool(allowed) if kind == NodeKind::Schema => self.boolean_schema(allowed),
            Value::Object(members) if self.depth <= MAX_DEPTH => self.object(kind, members),
            other => other,
        }
    }

    fn object(&mut self, kind: NodeKind, members: Map<String, Value>) -> Value {
        let refers = kind.section().is_some() && members.get("$ref").is_some_and(Value::is_string);
        if refers && kind != NodeKind::Schema {
            return self.reference(kind, members);
        }
        let members = self.members(kind, members);
        let mut node = Node::new(members);
        match kind {
            NodeKind::Schema => schema::convert(self, &mut node),
            other => objects::convert(self, other, &mut node),
        }
        let (members, moved) = node.finish();
        self.track.moved_inside(&self.path, moved);
        Value::Object(members)
    }

    /// Converts the parts of an object.
    fn members(&mut self, kind: NodeKind, mut members: Map<String, Value>) -> Map<String, Value> {
        for (key, value) in &mut members {
            let child = match (kind.child(key), &*value) {
                (Child::Opaque, _) => continue,
                (_, Value::Bool(_)) if schema::takes_booleans(key) => continue,
                (Child::Items, Value::Array(_)) => Child::List(NodeKind::Schema),
                (Child::Items, _) => Child::One(NodeKind::Schema),
                (child, _) => child,
            };
            let owned = value.take();
            *value = self.inside(key, |convert| convert.child(child, owned));
        }
        members
    }

    fn child(&mut self, child: Child, mut value: Value) -> Value {
        match (child, &mut value) {
            (Child::One(kind), _) => return self.value(kind, value),
            (Child::List(kind), Value::Array(items)) => {
                for (index, item) in items.iter_mut().enumerate() {
                    let owned = item.take();
                    *item = self.inside(&index.to_string(), |convert| convert.value(kind, owned));
                }
            }
            (Child::Map(kind), Value::Object(members)) => {
                for (key, member) in members {
                    let owned = member.take();
                    *member = self.inside(key, |convert| convert.value(kind, owned));
                }
            }
            _ => {}
        }
        value
    }

    fn inside<T>(&mut self, key: &str, visit: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.path.len();
        push_key(&mut self.path, key);
        self.depth += 1;
        let result = visit(self);
        self.depth -= 1;
        self.path.truncate(length);
        result
    }

    /// The address of a member of this object; of the object itself if there is no key.
    fn at(&self, key: &str) -> String {
        let mut at = self.path.clone();
        if !key.is_empty() {
            push_key(&mut at, key);
        }
        at
    }

    /// An entry for a member of this object.
    fn note(&mut self, rule: &'static str, weight: Weight, key: &str, text: String) {
        let at = self.at(key);
        self.track.note(rule, weight, at, text);
    }

    /// One of possibly many places where the same was done.
    fn count(&mut self, rule: &'static str, weight: Weight, key: &str, text: &'static str) {
        let Self { track, path, .. } = self;
        track.count(rule, weight, text, || {
            let mut at = path.clone();
            if !key.is_empty() {
                push_key(&mut at, key);
            }
            at
        });
    }

    /// As [`Convert::count`], for what means the same in other words.
    fn same(&mut self, rule: &'static str, key: &str, text: &'static str) {
        self.count(rule, Weight::Same, key, text);
    }
}

/// Appends a key to the text of a pointer (RFC 6901 §3).
fn push_key(path: &mut String, key: &str) {
    path.push('/');
    if key.contains(['~', '/']) {
        path.push_str(&key.replace('~', "~0").replace('/', "~1"));
    } else {
        path.push_str(key);
    }
}

fn fault(code: Code, at: &str, message: &str, help: &str) -> Fault {
    let at = Pointer::parse(at).unwrap_or_default();
    Fault { code, at, message: message.to_owned(), help: Some(help.to_owned()) }
}
