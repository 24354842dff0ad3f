//! Part of `v31`: arrays, tuples, properties by pattern, by name and by condition, and keywords whose array may be empty.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{Node, any_of};
use crate::json::{Members, has_any, items, keys, object_entry, object_mut, says, set};
use crate::normalize::pass::{Equivalent, Interpreted, Lossy};
use crate::pointer::Pointer;
use crate::structure::extensions::PREFIX_ITEMS;

impl Node<'_> {
    /// Converts `prefixItems`, or an array in `items` as in older drafts; and `items` as a boolean.
    pub(super) fn tuples(&mut self) {
        self.drop_empty_prefix();
        if let Some(schemas) = self.list("items").filter(|items| are_schemas(items)).cloned() {
            let has_tuples = self.is_modern() || self.has("additionalItems") || self.has("prefixItems");
            match any_of(schemas).filter(|_| !has_tuples) {
                // OpenAPI 3.0.3 §4.7.24.1: `items` is an object.
                Some(items) => {
                    self.set("items", items);
                    self.count(
                        ("items-list", Interpreted),
                        "items",
                        "assumed an array under `items` to list alternatives for each item",
                    );
                }
                None if self.rename("items", "prefixItems") => {
                    self.rename("additionalItems", "items");
                }
                None => {}
            }
        }
        if !self.has("items")
            && !self.is_composed()
            && !self.has("contains")
            && self.rename("unevaluatedItems", "items")
        {
            self.same(
                "unevaluated",
                "unevaluatedItems",
                "renamed `unevaluatedItems` of a standalone schema to `items`",
            );
        }
        self.drop_empty_prefix();
        if let Some(prefix) = self.list("prefixItems").filter(|prefix| are_schemas(prefix)).cloned() {
            self.tuple(prefix);
        }
        match self.get("items") {
            Some(Value::Bool(true)) => self.set("items", json!({})),
            Some(Value::Bool(false)) => {
                self.set("items", json!({}));
                self.set("maxItems", 0);
            }
            _ => return,
        }
        let text = "replaced `items: true` with any item, and `items: false` with no item";
        let key = self.first_key("items");
        self.same("boolean-schema", &key, text);
    }

    /// Converts a tuple, whose first items have individual schemas: in 3.0 every item may match any of them.
    fn tuple(&mut self, mut branches: Vec<Value>) {
        if !self.rename("prefixItems", PREFIX_ITEMS) {
            return;
        }
        let length = u64::try_from(branches.len()).unwrap_or(u64::MAX);
        let most = self.get("maxItems").and_then(Value::as_u64);
        let mut more = "";
        match self.take("items") {
            Some(Value::Bool(false)) => self.set("maxItems", most.map_or(length, |most| most.min(length))),
            None | Some(Value::Bool(true)) if most.is_some_and(|most| most <= length) => {}
            // A list of coordinates without a stated length.
            None if branches.len() > 1 && branches.windows(2).all(|two| two.first() == two.last()) => {
                more = "; assumed the same for further items";
            }
            // JSON Schema 2020-12 §10.3.1.2: items without a schema may be anything.
            None | Some(Value::Bool(true)) => {
                branches.push(json!({}));
                more = "; further items may be anything";
            }
            Some(rest) => {
                // It comes after the distinct branches.
                let known: BTreeSet<String> = branches.iter().map(Value::to_string).collect();
                if !known.contains(&rest.to_string()) {
                    self.moves(&["items"], &["items", "anyOf", &known.len().to_string()]);
                }
                branches.push(rest);
            }
        }
        if let Some(items) = any_of(branches) {
            self.set("items", items);
        }
        // With this length, the array is a tuple.
        let is_tuple = self.get("maxItems").and_then(Value::as_u64) == Some(length);
        let kind = if is_tuple { Equivalent } else { Lossy };
        let text = format!("kept the order of an array's first items in `x-prefix-items`{more}");
        let key = self.first_key(PREFIX_ITEMS);
        self.note(("tuple", kind), &key, text);
    }

    /// Adds `items`, which 3.0 requires for `type: array`.
    pub(super) fn lists(&mut self) {
        let mut added = false;
        let mut describe = |schema: &mut Members| {
            if says(schema, "type", "array") && !schema.contains_key("items") {
                set(schema, "items", json!({}));
                added = true;
            }
        };
        describe(&mut self.members);
        let branches = self.members.get_mut("anyOf").and_then(Value::as_array_mut);
        branches.into_iter().flatten().filter_map(Value::as_object_mut).for_each(describe);
        if added {
            self.same("missing-items", "", "added `items: {}` to an array without described items");
        }
    }

    /// Removes empty lists, which 3.0 does not allow (JSON Schema 2020-12, Validation §6.1.2, §6.5.3).
    pub(super) fn empty_lists(&mut self) {
        for (key, kind, text) in [
            ("required", Equivalent, "removed empty `required`"),
            ("enum", Interpreted, "removed an `enum` without values"),
        ] {
            if self.list(key).is_some_and(Vec::is_empty) {
                self.take(key);
                self.count(("empty-list", kind), key, text);
            }
        }
    }

    /// Converts `patternProperties`, `unevaluatedProperties` and `propertyNames`.
    pub(super) fn patterns(&mut self) {
        if !self.has("additionalProperties")
            && !self.is_composed()
            && self.rename("unevaluatedProperties", "additionalProperties")
        {
            let text = "renamed `unevaluatedProperties` of a standalone schema to `additionalProperties`";
            self.same("unevaluated", "unevaluatedProperties", text);
        }
        self.pattern_properties();
        let says_nothing = |names: &Value| {
            names.as_object().is_some_and(|all| all.iter().all(|(key, value)| key == "type" && value == "string"))
        };
        if self.get("propertyNames").is_some_and(says_nothing) {
            self.take("propertyNames");
            self.same("property-names", "propertyNames", "removed `propertyNames` that only says `type: string`");
        }
    }

    /// Converts properties by pattern to additional properties: 3.0 only distinguishes named properties and all others.
    fn pattern_properties(&mut self) {
        let Some(Value::Object(patterns)) = self.get("patternProperties") else { return };
        if !patterns.values().all(Value::is_object) {
            return;
        }
        let mut schemas: Vec<Value> = patterns.values().cloned().collect();
        let has_properties = self.has("properties");
        let text = match self.get("additionalProperties") {
            _ if schemas.is_empty() => "kept empty `patternProperties`",
            Some(Value::Bool(false)) => {
                "counted properties that match a pattern among the additional ones, and kept the patterns"
            }
            Some(others @ Value::Object(_)) => {
                schemas.push(others.clone());
                "counted properties that match a pattern among the additional ones, and kept the patterns"
            }
            None | Some(Value::Bool(true)) if !has_properties => {
                "properties that a pattern names are among the additional ones, and those that none names are taken for the \
                 same; the patterns are kept"
            }
            _ => {
                schemas.clear();
                "dropped descriptions of properties that match a pattern, and kept the patterns"
            }
        };
        if !self.rename("patternProperties", "x-pattern-properties") {
            return;
        }
        if let Some(schema) = any_of(schemas) {
            self.set("additionalProperties", schema);
        }
        self.note(("pattern-properties", Lossy), "patternProperties", format!("{text} as `x-pattern-properties`"));
    }

    /// Removes an empty `prefixItems`, which restricts nothing.
    fn drop_empty_prefix(&mut self) {
        if self.list("prefixItems").is_some_and(Vec::is_empty) {
            self.take("prefixItems");
        }
    }
}

/// Returns `true` if all schemas are objects; `true` and `false` are already converted.
fn are_schemas(schemas: &[Value]) -> bool {
    schemas.iter().all(Value::is_object)
}

/// Keywords whose schema applies to some values (JSON Schema 2020-12 §10.2.2), and their extensions.
const CONDITIONAL: [&str; 4] = ["then", "x-then", "else", "x-else"];
/// Keywords with such schemas by property name, and their extensions.
const DEPENDENT: [&str; 4] = ["dependentSchemas", "x-dependent-schemas", "dependencies", "x-dependencies"];

impl Node<'_> {
    /// Adds properties that only conditional schemas describe, including those in `allOf`, as optional properties. A property that the
    /// object itself declares is unchanged, since a condition does not apply to all values.
    pub(super) fn properties(&mut self) {
        let is_shaped =
            self.get("properties").is_none_or(|properties| properties.is_object() || is_nothing(properties));
        let is_closed = self.get("additionalProperties") == Some(&Value::Bool(false));
        if is_part(&self.path) || !is_shaped || is_closed || self.has_unknown_properties() {
            return;
        }
        let mut found = Conditional { declared: self.declared(), schemas: BTreeMap::new() };
        found.take(&mut self.members, &self.convert.path);
        if !found.schemas.is_empty() && self.get("properties").is_some_and(is_nothing) {
            self.members.remove("properties");
            self.note(("empty-value", Equivalent), "properties", "removed empty `properties`");
        }
        for (name, schemas) in found.schemas {
            let is_alone = schemas.len() == 1;
            for (index, (from, _)) in schemas.iter().enumerate() {
                let index = index.to_string();
                let to = ["properties", &name, "anyOf", &index];
                let (to, _) = to.split_at(if is_alone { 2 } else { 4 });
                let to = self.path.descend(to);
                self.record.provenance.relocate(from, &to);
            }
            let schema = any_of(schemas.into_iter().map(|(_, schema)| schema).collect());
            if let Some(properties) = object_entry(&mut self.members, "properties") {
                properties.extend(schema.map(|schema| (name.clone(), schema)));
            }
            let text = format!("made the property `{name}`, which is described under a condition, optional");
            self.note(("conditional-property", Interpreted), "", text);
        }
    }

    /// Returns `true` if a reference or a choice may declare further properties.
    fn has_unknown_properties(&self) -> bool {
        let keywords = ["$ref", "anyOf", "oneOf"];
        let leads_on = |schema: &Value| keywords.iter().any(|key| schema.get(key).is_some());
        has_any(&self.members, &keywords) || items(self.get("allOf")).any(leads_on)
    }

    /// Returns the names of properties that are declared unconditionally.
    fn declared(&self) -> BTreeSet<String> {
        let all_of = items(self.get("allOf")).flat_map(|schema| keys(schema.get("properties")));
        keys(self.get("properties")).chain(all_of).cloned().collect()
    }
}

/// Returns `true` if a value in place of an object means that the object has no members.
fn is_nothing(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}

/// Returns `true` if a schema is a part of the surrounding schema, which also declares properties.
fn is_part(path: &Pointer) -> bool {
    let is_composing = |key: &str| matches!(key, "allOf" | "anyOf" | "oneOf") || DEPENDENT.contains(&key);
    let is_conditional = |key: &str| matches!(key, "if" | "not") || CONDITIONAL.contains(&key);
    path.last().is_some_and(|key| is_conditional(&key))
        || path.parent().and_then(|parent| parent.last()).is_some_and(|key| is_composing(&key))
}

/// The properties in conditional schemas.
struct Conditional {
    declared: BTreeSet<String>,
    /// By name, the distinct schemas of a property and their pointers.
    schemas: BTreeMap<String, Vec<(Pointer, Value)>>,
}

impl Conditional {
    fn take(&mut self, schema: &mut Members, at: &Pointer) {
        for key in CONDITIONAL {
            if let Some(part) = object_mut(schema, key) {
                self.take_properties(part, &at.key(key));
            }
        }
        for key in DEPENDENT {
            let Some(parts) = object_mut(schema, key) else { continue };
            for (name, part) in parts {
                let Value::Object(part) = part else { continue };
                self.take_properties(part, &at.descend(&[key, name]));
            }
        }
        if let Some(Value::Array(all)) = schema.get_mut("allOf") {
            for (index, part) in all.iter_mut().enumerate() {
                let Value::Object(part) = part else { continue };
                self.take(part, &at.key("allOf").index(index));
            }
        }
    }

    fn take_properties(&mut self, schema: &mut Members, at: &Pointer) {
        if let Some(properties) = object_mut(schema, "properties") {
            let all = std::mem::take(properties).into_iter();
            let (kept, taken): (Map<_, _>, Map<_, _>) =
                all.partition(|(name, schema)| self.declared.contains(name) || !schema.is_object());
            *properties = kept;
            for (name, schema) in taken {
                let from = at.descend(&["properties", &name]);
                let known = self.schemas.entry(name).or_default();
                if !known.iter().any(|(_, known)| *known == schema) {
                    known.push((from, schema));
                }
            }
        }
        self.take(schema, at);
    }
}
