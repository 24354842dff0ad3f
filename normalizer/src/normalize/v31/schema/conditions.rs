//! Part of `v31`: properties that an object has under a condition.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::{Node, any_of, local};
use crate::json::{Members, has_any, members, object_entry, object_mut};
use crate::normalize::pass::{Equivalent, Interpreted};
use crate::pointer::Pointer;

/// Keywords whose schema holds for some values (JSON Schema 2020-12 §10.2.2), before and after they are kept.
const CONDITIONAL: [&str; 4] = ["then", "x-then", "else", "x-else"];
/// Keywords with such schemas by the names of properties.
const DEPENDENT: [&str; 4] = ["dependentSchemas", "x-dependent-schemas", "dependencies", "x-dependencies"];

impl Node<'_> {
    /// Properties that only conditional schemas describe, also those in `allOf`, are optional ones of the object. One that the object
    /// declares itself stays as it is there, since what a condition adds to it does not hold for all values.
    pub(super) fn properties(&mut self) {
        let is_shaped =
            self.get("properties").is_none_or(|properties| properties.is_object() || is_nothing(properties));
        let is_closed = self.get("additionalProperties") == Some(&Value::Bool(false));
        if is_part(&self.path) || !is_shaped || is_closed || self.has_unknown_properties() {
            return;
        }
        let mut found = Conditional { declared: self.declared(), schemas: BTreeMap::new() };
        found.take(&mut self.members, &[]);
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
                self.moves_first(from.clone(), local(to));
            }
            let schema = any_of(schemas.into_iter().map(|(_, schema)| schema).collect());
            if let Some(properties) = object_entry(&mut self.members, "properties") {
                properties.extend(schema.map(|schema| (name.clone(), schema)));
            }
            let text = format!("made the property `{name}`, which is described under a condition, optional");
            self.note(("conditional-property", Interpreted), "", text);
        }
    }

    /// Whether a reference or a choice may declare properties that are not seen here.
    fn has_unknown_properties(&self) -> bool {
        let keywords = ["$ref", "anyOf", "oneOf"];
        let leads_on = |schema: &Value| keywords.iter().any(|key| schema.get(key).is_some());
        has_any(&self.members, &keywords) || self.list("allOf").into_iter().flatten().any(leads_on)
    }

    /// The properties that an object has in any case.
    fn declared(&self) -> BTreeSet<String> {
        let all_of = self.list("allOf").into_iter().flatten().filter_map(|schema| schema.get("properties"));
        let names = members(self.get("properties")).chain(all_of.flat_map(|schema| members(Some(schema))));
        names.map(|(name, _)| name.clone()).collect()
    }
}

/// Whether a value in place of an object means that the object has no members.
fn is_nothing(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}

/// Whether a schema is a part of the one around it, which declares properties as well.
fn is_part(path: &Pointer) -> bool {
    let is_composing = |key: &str| matches!(key, "allOf" | "anyOf" | "oneOf") || DEPENDENT.contains(&key);
    let is_conditional = |key: &str| matches!(key, "if" | "not") || CONDITIONAL.contains(&key);
    path.last().is_some_and(|key| is_conditional(&key))
        || path.parent().and_then(|parent| parent.last()).is_some_and(|key| is_composing(&key))
}

/// What conditional schemas say of properties.
struct Conditional {
    declared: BTreeSet<String>,
    /// By name, the schemas of a property and where they were, none twice.
    schemas: BTreeMap<String, Vec<(String, Value)>>,
}

impl Conditional {
    fn take(&mut self, schema: &mut Members, at: &[&str]) {
        for key in CONDITIONAL {
            if let Some(part) = object_mut(schema, key) {
                self.take_properties(part, &[at, &[key]].concat());
            }
        }
        for key in DEPENDENT {
            let Some(parts) = object_mut(schema, key) else { continue };
            for (name, part) in parts {
                let Value::Object(part) = part else { continue };
                self.take_properties(part, &[at, &[key, name]].concat());
            }
        }
        if let Some(Value::Array(all)) = schema.get_mut("allOf") {
            for (index, part) in all.iter_mut().enumerate() {
                let Value::Object(part) = part else { continue };
                self.take(part, &[at, &["allOf", &index.to_string()]].concat());
            }
        }
    }

    fn take_properties(&mut self, schema: &mut Members, at: &[&str]) {
        if let Some(properties) = object_mut(schema, "properties") {
            let all = std::mem::take(properties).into_iter();
            let (kept, taken): (Map<_, _>, Map<_, _>) =
                all.partition(|(name, schema)| self.declared.contains(name) || !schema.is_object());
            *properties = kept;
            for (name, schema) in taken {
                let from = local(&[at, &["properties", &name]].concat());
                let known = self.schemas.entry(name).or_default();
                if !known.iter().any(|(_, known)| *known == schema) {
                    known.push((from, schema));
                }
            }
        }
        self.take(schema, at);
    }
}
