//! Part of `normalize`: examples that contradict their schemas. Servers usually respond as in the examples.
//!
//! In: the normalized document, and the mapping back to the document that overlays apply to. Out: each contradiction with the schema that
//! would have to change, and an overlay that follows the examples, for review. Invariants: only contradictions that break a client count:
//! types, `null`, formats of strings, and missing properties. An action selects an existing schema and changes a keyword or two; anything
//! else is left to the maintainer.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::HashSet;
use serde_json::{Value, json};

use super::reference;
use crate::diagnostic::shortened;
use crate::json::{Members, is_of_type, is_primitive, items, member, members, object, part, schema_type, text};
use crate::limits::{Budget, MAX_DEPTH};
use crate::pointer::Pointer;
use crate::spelling::{is_among, is_digits};
use crate::structure::formats::{after_date, is_uuid};
use crate::structure::grammar::Kind;
use crate::structure::media::is_json;
use crate::structure::slots::{Slot, Versions};
use Contradiction::*;

/// The maximum number of example values that are examined.
const MAX_VALUES: usize = 1_000_000;

const COMPOSITIONS: [&str; 3] = ["allOf", "oneOf", "anyOf"];

/// A contradiction between one schema and the examples.
pub(super) struct Contradicted {
    /// The contradicted schema.
    pub(super) schema: Pointer,
    contradiction: Contradiction,
    /// The first value that contradicts the schema, if it is short, as the end of a sentence.
    value: String,
    /// The number of contradicting values in examples.
    count: usize,
    /// Whether other examples have another type: the type of the schema, or a third one.
    is_disputed: bool,
}

impl Contradicted {
    /// Returns the contradicted keyword, and a description in one line.
    pub(super) fn described(&self) -> (&'static str, String) {
        let value = &self.value;
        let (keyword, said) = match &self.contradiction {
            Type(found) => ("type", format!("an example is of the type {found}{value}")),
            Null => ("nullable", "an example is null".to_owned()),
            Format => ("format", format!("an example is in another format{value}")),
            Required(name) => ("required", format!("an example has no `{name}`")),
        };
        (keyword, if self.count > 1 { format!("{said} ({} places)", self.count) } else { said })
    }
}

/// The way in which a value contradicts its schema.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Contradiction {
    /// The value has this type, and the schema another one.
    Type(&'static str),
    /// The value is null.
    Null,
    /// The value does not have the schema's `format`.
    Format,
    /// The value is an object without this required property.
    Required(String),
}

/// Returns every contradiction once, in the order of the schemas.
pub(super) fn contradictions(document: &Value) -> Vec<Contradicted> {
    let mut judge = Judge { document, found: BTreeMap::new(), agreed: BTreeSet::new(), budget: Budget::of(MAX_VALUES) };
    Slot::walk_all(document, Versions::OpenApi3, |node, slot, at| {
        judge.node(node, slot, at);
        true
    });
    let Judge { found, mut agreed, .. } = judge;
    // A schema whose examples have two types other than its own.
    let mut typed = HashSet::default();
    let types = found.keys().filter(|(_, contradiction)| matches!(contradiction, Type(_)));
    agreed.extend(types.map(|(schema, _)| schema).filter(|schema| !typed.insert(*schema)).cloned());
    let found = found.into_iter().map(|((schema, contradiction), (value, count))| {
        let is_disputed = agreed.contains(&schema);
        Contradicted { schema, contradiction, value, count, is_disputed }
    });
    found.collect()
}

/// A schema and its pointer.
type Place<'d> = (Pointer, &'d Value);

struct Judge<'d> {
    document: &'d Value,
    /// Each contradiction with its first value, if that is short, and the number of values.
    found: BTreeMap<(Pointer, Contradiction), (String, usize)>,
    /// The schemas whose type at least one example has.
    agreed: BTreeSet<Pointer>,
    budget: Budget,
}

impl<'d> Judge<'d> {
    /// Examines the examples of schemas and media types.
    fn node(&mut self, node: &'d Value, slot: Slot, at: &Pointer) {
        if slot == Slot::SCHEMA {
            let example = part(node, "example");
            let further = items(part(node, "x-examples")).filter(|further| Some(*further) != example);
            self.examples(example.into_iter().chain(further), &(at.clone(), node));
        } else if let Some(schema) = part(node, "schema")
            && slot == Slot::One(Kind::MediaType)
            && at.last().is_some_and(|name| is_json(&name))
        {
            let several = members(&node["examples"]);
            let several = several.filter_map(|(_, example)| reference::resolved(self.document, example)?.get("value"));
            let all: Vec<&Value> = node.get("example").into_iter().chain(several).collect();
            self.examples(all, &(at.key("schema"), schema));
        }
    }

    fn examples(&mut self, examples: impl IntoIterator<Item = &'d Value>, schema: &Place<'d>) {
        for example in examples {
            // Some authors write the JSON text of an array or object as a string.
            let written = example.as_str().and_then(|text| serde_json::from_str::<Value>(text).ok());
            let written = written.filter(|value| !is_primitive(value) && !self.is_text(schema));
            self.value(written.as_ref().unwrap_or(example), schema, 0);
        }
    }

    fn is_text(&mut self, schema: &Place<'d>) -> bool {
        self.look(schema, 0).is_some_and(|(_, node)| node["type"] == "string")
    }

    /// Returns a schema, or the target of its references; `None` if the budget or the maximum depth is exhausted.
    fn look(&mut self, schema: &Place<'d>, depth: usize) -> Option<Place<'d>> {
        let found = reference::followed_from(self.document, schema.clone(), reference::text);
        found.filter(|_| self.budget.spend(1) && depth < MAX_DEPTH)
    }

    fn value(&mut self, value: &Value, place: &Place<'d>, depth: usize) {
        let Some((end, node)) = self.look(place, depth) else { return };
        let Some(schema) = node.as_object() else { return };
        if value.is_null() {
            // An example that is null as a whole proves nothing.
            if depth > 0 && !self.takes_null(place, depth) {
                self.contradicts(&place.0, Null, value);
            }
            return;
        }
        match text(schema, "type") {
            // A string in place of an array or object is not an example of one.
            Some("array" | "object") if value.is_string() && depth == 0 => return,
            Some(wanted) if !is_of_type(value, wanted) => {
                return self.contradicts(&end, Type(schema_type(value).unwrap_or("null")), value);
            }
            Some(_) => drop(self.agreed.insert(end.clone())),
            None => {}
        }
        let is_right = |said: &str| match text(schema, "format") {
            Some("date-time") => after_date(said).is_some_and(|rest| !rest.is_empty()),
            Some("uuid") => is_uuid(said),
            _ => true,
        };
        if value.as_str().is_some_and(|text| !is_right(text)) {
            self.contradicts(&end, Format, value);
        }
        for keyword in COMPOSITIONS {
            // If several branches do not match, no single branch is contradicted.
            let branches = branches(node, &end, keyword);
            for branch in branches.iter().filter(|_| keyword == "allOf" || branches.len() == 1) {
                self.value(value, branch, depth + 1);
            }
        }
        self.parts(value, schema, &end, depth);
    }

    fn parts(&mut self, value: &Value, schema: &'d Members, at: &Pointer, depth: usize) {
        match value {
            Value::Array(items) => {
                let Some(schema) = member(schema, "items") else { return };
                let place = (at.key("items"), schema);
                items.iter().for_each(|item| self.value(item, &place, depth + 1));
            }
            Value::Object(members) => {
                let properties = object(schema, "properties");
                let property = |name: &str| member(properties?, name);
                let further = member(schema, "additionalProperties");
                let is_known = |name: &String| property(name).is_some();
                if further == Some(&Value::Bool(false)) && !members.is_empty() && !members.keys().any(is_known) {
                    // An example of something else.
                    return;
                }
                let required = items(member(schema, "required")).filter_map(Value::as_str);
                for name in required.filter(|name| !members.contains_key(*name)) {
                    // A `readOnly` or `writeOnly` property may be absent from an example.
                    let property = property(name).and_then(|property| reference::resolved(self.document, property));
                    if !property.is_some_and(|property| property["readOnly"] == true || property["writeOnly"] == true) {
                        self.contradicts(at, Required(name.to_owned()), value);
                    }
                }
                for (name, member) in members {
                    if let Some(property) = property(name) {
                        self.value(member, &(at.key("properties").key(name), property), depth + 1);
                    } else if let Some(further) = further.filter(|further| further.is_object()) {
                        self.value(member, &(at.key("additionalProperties"), further), depth + 1);
                    }
                }
            }
            _ => {}
        }
    }

    fn takes_null(&mut self, place: &Place<'d>, depth: usize) -> bool {
        let Some((end, schema)) = self.look(place, depth) else { return true };
        if schema["nullable"] == true || items(&schema["enum"]).any(Value::is_null) {
            return true;
        }
        let composed: Vec<_> = COMPOSITIONS.into_iter().flat_map(|keyword| branches(schema, &end, keyword)).collect();
        let says_nothing = ["type", "properties", "items", "enum"].iter().all(|key| schema.get(key).is_none());
        says_nothing && (composed.is_empty() || composed.iter().any(|branch| self.takes_null(branch, depth + 1)))
    }

    fn contradicts(&mut self, schema: &Pointer, contradiction: Contradiction, value: &Value) {
        let shown =
            || if is_primitive(value) { format!(": {}", shortened(&value.to_string(), 60)) } else { String::new() };
        self.found.entry((schema.clone(), contradiction)).or_insert_with(|| (shown(), 0)).1 += 1;
    }
}

/// Returns the branches under a keyword of the schema at a pointer.
fn branches<'d>(schema: &'d Value, at: &Pointer, keyword: &str) -> Vec<Place<'d>> {
    let branches = items(part(schema, keyword)).enumerate();
    branches.map(|(index, branch)| (at.key(keyword).index(index), branch)).collect()
}

/// Returns the actions of an overlay. Overlays apply to `document`, and `earlier` maps pointers back to it.
pub(super) fn actions(
    found: &[Contradicted],
    document: &Value,
    earlier: impl Fn(&Pointer) -> Option<Pointer>,
) -> Vec<Value> {
    let mut actions = Vec::new();
    for one in found {
        let Some(at) = earlier(&one.schema) else { continue };
        // A repair may have created the schema from something else.
        if let Some(schema) = at.get(document).and_then(Value::as_object) {
            actions.extend(suggested(one, schema, &query(&at)));
        }
    }
    // Several nodes may come from one, and an action cannot remove a node twice.
    let mut seen = HashSet::default();
    actions.retain(|action| seen.insert((action["target"].to_string(), action["update"].to_string())));
    actions
}

/// Returns the actions on the schema that `target` selects.
fn suggested(found: &Contradicted, schema: &Members, target: &str) -> Vec<Value> {
    let (_, words) = found.described();
    let remove = |below: &str| json!({"target": format!("{target}{below}"), "description": words, "remove": true});
    let without = |key: &str| schema.contains_key(key).then(|| remove(&format!(".{key}")));
    let update = |update: Value| json!({"target": target, "description": words, "update": update});
    match &found.contradiction {
        Type("array" | "object" | "null") => Vec::new(),
        Type(_) if found.is_disputed || schema.contains_key("enum") => Vec::new(),
        Type(wanted) => {
            // A string with an integer format is an integer in quotes.
            let is_quoted = *wanted == "string" && matches!(text(schema, "format"), Some("int32" | "int64"));
            let update = Some(update(json!({ "type": wanted })));
            [without("type"), update, without("format").filter(|_| !is_quoted)].into_iter().flatten().collect()
        }
        Null => vec![update(json!({"nullable": true}))],
        Format => without("format").into_iter().collect(),
        Required(name) => {
            let name = json!(name);
            let listed = items(schema.get("required")).find(|listed| **listed == name);
            listed.map(|name| remove(&format!(".required[?@ == {name}]"))).into_iter().collect()
        }
    }
}

/// Returns the JSONPath (RFC 9535) of a pointer.
pub(super) fn query(at: &Pointer) -> String {
    let mut path = "$".to_owned();
    let mut is_list = false;
    for key in at.segments() {
        let begins_well = key.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
        if is_list && is_digits(&key) {
            path.push_str(&format!("[{key}]"));
        } else if begins_well && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            path.push_str(&format!(".{key}"));
        } else {
            path.push_str(&format!("[{}]", json!(key)));
        }
        is_list = is_among("allOf oneOf anyOf prefixItems parameters items", &key);
    }
    path
}
