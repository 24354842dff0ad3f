//! Part of `swagger2`: schemas.
//!
//! In: §Schema Object. Out: OpenAPI 3.0.3 §4.7.24. Invariant: only `x-nullable`, `type: file` and `discriminator` are
//! put in other words; all else is the same in both and stays, in its place.

use std::collections::{BTreeMap, BTreeSet};

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use super::record::MovedNode;
use super::{Convert, Object, text};
use crate::normalize::pass::{MAX_DEPTH, Weight};
use crate::pointer::Pointer;

/// Which definitions extend which, through `allOf`.
#[derive(Default)]
pub(super) struct Subtypes {
    extended_by: BTreeMap<String, Vec<String>>,
}

impl Subtypes {
    pub(super) fn of(document: &Object) -> Self {
        let mut subtypes = Self::default();
        let definitions = document.get("definitions").and_then(Value::as_object);
        for (name, definition) in definitions.into_iter().flatten() {
            let parts = definition.get("allOf").and_then(Value::as_array).into_iter().flatten();
            for base in parts.filter_map(|part| part.get("$ref")?.as_str()).filter_map(definition_named) {
                subtypes.extended_by.entry(base).or_default().push(name.clone());
            }
        }
        subtypes
    }

    /// All that extend a definition, also by way of others, in the order in which they are found.
    fn below(&self, base: &str) -> Vec<&str> {
        let mut found = Vec::new();
        let mut seen = BTreeSet::from([base]);
        let mut waiting = vec![base];
        while let Some(next) = waiting.pop() {
            for name in self.extended_by.get(next).into_iter().flatten() {
                if seen.insert(name) {
                    found.push(name.as_str());
                    waiting.push(name);
                }
            }
        }
        found
    }
}

/// `#/definitions/Pet` → `Pet`.
fn definition_named(reference: &str) -> Option<String> {
    let decoded = percent_decode_str(reference.strip_prefix('#')?).decode_utf8().ok()?;
    Convert::member_of("definitions", &Pointer::parse(&decoded)?)
}

impl Convert<'_> {
    pub(super) fn definition(&mut self, name: &str, value: &Value, place: &MovedNode) -> Value {
        let mut converted = self.schema(value, place);
        if let Value::Object(members) = &mut converted
            && let Some(Value::Object(discriminator)) = members.get_mut("discriminator")
            && value.get("discriminator").is_some_and(Value::is_string)
        {
            let mapping = self.mapping(name);
            if !mapping.is_empty() {
                let place = place.key("discriminator");
                let to = place.after.key("mapping");
                self.record.copied(&place.before, &to);
                for value in mapping.keys() {
                    self.record.copied(&place.before, &to.key(value));
                }
                discriminator.insert("mapping".to_owned(), Value::Object(mapping));
            }
        }
        converted
    }

    /// §Schema Object, `discriminator`: its values are the names of the definitions that extend the base. Vendors let a
    /// definition say another value.
    fn mapping(&mut self, base: &str) -> Object {
        let mut mapping = Map::new();
        for name in self.subtypes.below(base) {
            let definition = self.document.get("definitions").and_then(|definitions| definitions.get(name));
            let said = ["x-discriminator-value", "x-ms-discriminator-value"].into_iter().find_map(|key| {
                definition.and_then(|definition| definition.get(key)).and_then(Value::as_str).map(|value| (key, value))
            });
            let at = MovedNode {
                before: Pointer::root().key("definitions").key(name),
                after: Pointer::root().key("components").key("schemas").key(self.names.get("definitions", name)),
            };
            if let Some((key, value)) = said {
                let text = format!("`{key}` says that the discriminator's value is `{value}`");
                self.record.note("discriminator-value", Weight::Interpreted, &at, text);
            }
            let value = said.map_or(name, |(_, value)| value);
            mapping.insert(value.to_owned(), format!("#{}", at.after).into());
        }
        mapping
    }

    pub(super) fn schema(&mut self, value: &Value, place: &MovedNode) -> Value {
        self.schema_at(value, place, 0)
    }

    fn schema_at(&mut self, value: &Value, place: &MovedNode, depth: usize) -> Value {
        let Value::Object(members) = value else { return value.clone() };
        if depth > MAX_DEPTH {
            return value.clone();
        }
        let mut new = Map::with_capacity(members.len());
        for (key, value) in members {
            let place = place.key(key);
            let (key, converted) = match key.as_str() {
                "properties" => {
                    let property = |convert: &mut Self, _: &str, value, place: &MovedNode| {
                        convert.schema_at(value, place, depth + 1)
                    };
                    (key.as_str(), self.members(value, &place, property))
                }
                "items" | "not" | "additionalProperties" if value.is_object() => {
                    (key.as_str(), self.schema_at(value, &place, depth + 1))
                }
                "allOf" | "oneOf" | "anyOf" | "items" => (key.as_str(), self.listed(value, &place, depth)),
                "discriminator" => (key.as_str(), self.discriminator(value, &place)),
                "x-nullable" if value.is_boolean() && !members.contains_key("nullable") => ("nullable", value.clone()),
                _ => (key.as_str(), value.clone()),
            };
            new.insert(key.to_owned(), converted);
        }
        if text(members, "type") == Some("file") {
            self.file(&mut new, place);
        }
        if members.get("x-nullable").is_some_and(Value::is_boolean) && !members.contains_key("nullable") {
            self.nullable(&mut new, place);
        }
        Value::Object(new)
    }

    fn listed(&mut self, value: &Value, place: &MovedNode, depth: usize) -> Value {
        let Value::Array(items) = value else { return value.clone() };
        let item = |(index, item)| self.schema_at(item, &place.index(index), depth + 1);
        items.iter().enumerate().map(item).collect()
    }

    /// In OpenAPI 3 a discriminator is an object; its mapping leads to the schemas that the definitions became.
    fn discriminator(&mut self, value: &Value, place: &MovedNode) -> Value {
        match value {
            Value::String(property) => {
                let to = place.to(place.after.key("propertyName"));
                self.record.moved(&to.before, &to.after);
                let text =
                    "a `discriminator` became an object; its mapping names the definitions that extend the schema";
                self.record.count("discriminator", Weight::Same, place, text);
                json!({ "propertyName": property })
            }
            Value::Object(members) => {
                let mut new = members.clone();
                if let Some(Value::Object(mapping)) = new.get_mut("mapping") {
                    for target in mapping.values_mut() {
                        self.mapped(target);
                    }
                }
                Value::Object(new)
            }
            _ => value.clone(),
        }
    }

    fn mapped(&self, target: &mut Value) {
        let Value::String(text) = target else { return };
        let is_definition = self.document.get("definitions").is_some_and(|all| all.get(text.as_str()).is_some());
        let named = definition_named(text).or_else(|| is_definition.then(|| text.clone()));
        if let Some(name) = named {
            *text = format!("#/components/schemas/{}", self.names.get("definitions", &name));
        }
    }

    /// `type: file` is no type of OpenAPI 3 (§Response Object, §Parameter Object).
    fn file(&mut self, new: &mut Object, place: &MovedNode) {
        new.insert("type".to_owned(), "string".into());
        new.insert("format".to_owned(), "binary".into());
        self.record.count("file", Weight::Same, place, "type `file` became `string` with the format `binary`");
    }

    /// What vendors say with `x-nullable`. Beside a reference it would be ignored.
    pub(super) fn nullable(&mut self, new: &mut Object, place: &MovedNode) {
        let text = "`x-nullable` became `nullable`";
        self.record.moved(&place.before.key("x-nullable"), &place.after.key("nullable"));
        if new.get("$ref").is_some_and(Value::is_string)
            && let Some(reference) = new.shift_remove("$ref")
        {
            if new.get("nullable") == Some(&Value::Bool(false)) {
                new.shift_remove("nullable");
                new.shift_insert(0, "$ref".to_owned(), reference);
                return;
            }
            let inner = place.after.key("allOf").index(0);
            self.record.moved(&place.before.key("$ref"), &inner.key("$ref"));
            self.record.moved(&place.before, &place.after);
            self.record.copied(&place.before, &place.after.key("allOf"));
            self.record.copied(&place.before, &inner);
            new.shift_insert(0, "allOf".to_owned(), json!([{ "$ref": reference }]));
            let text = "`x-nullable` beside a `$ref` became `nullable` beside `allOf`";
            return self.record.count("nullable-reference", Weight::Interpreted, place, text);
        }
        self.record.count("nullable", Weight::Interpreted, place, text);
    }
}
