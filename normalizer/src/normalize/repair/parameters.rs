//! Part of `repair`: parameters and headers.
//!
//! In: a parameter, or a list of them. Out: parameters with a schema, each once. Invariant: a parameter that differs from
//! another of the same name and place is not dropped.

use serde_json::{Map, Value};

use super::Repairer;
use crate::diagnostic::codes;
use crate::normalize::pass::Weight;
use crate::pointer::Pointer;
use crate::structure::grammar::PARAMETER_SCHEMA_KEYS;

impl Repairer<'_> {
    pub(super) fn parameter(&mut self, members: &mut Map<String, Value>) {
        if members.get("in").and_then(Value::as_str) == Some("path")
            && members.get("required") != Some(&Value::Bool(true))
        {
            let text = "a path parameter is always required";
            self.set(members, "required", true, ("path-parameter-required", Weight::Interpreted), text);
        }
        self.header(members);
    }

    pub(super) fn header(&mut self, members: &mut Map<String, Value>) {
        self.nested_schema(members);
        self.schema_required(members);
        self.examples(members);
    }

    /// `type` and what belongs to it in the parameter itself, as in Swagger 2.0.
    fn nested_schema(&mut self, members: &mut Map<String, Value>) {
        if members.contains_key("schema") || members.contains_key("content") || !members.contains_key("type") {
            return;
        }
        let mut schema = Map::new();
        let keys: Vec<String> =
            members.keys().filter(|key| PARAMETER_SCHEMA_KEYS.contains(&key.as_str())).cloned().collect();
        for key in keys {
            if let Some(value) = members.shift_remove(&key) {
                let to = self.path.key("schema").key(&key);
                self.moved(&to, &key);
                schema.insert(key, value);
            }
        }
        let text = "`type` and what belongs to it goes under `schema`";
        self.set(members, "schema", schema, ("parameter-schema", Weight::Interpreted), text);
    }

    /// `schema: {required: true}` says that the parameter is.
    fn schema_required(&mut self, members: &mut Map<String, Value>) {
        let Some(Value::Object(schema)) = members.get_mut("schema") else { return };
        let Some(Value::Bool(required)) = schema.get("required").cloned() else { return };
        schema.shift_remove("required");
        if required && !members.contains_key("required") {
            members.insert(String::from("required"), Value::Bool(true));
        }
        let at = self.path.key("schema").key("required");
        let text = String::from("whether a parameter is required stands beside its schema, not in it");
        self.note_at("required-parameter", at, Weight::Interpreted, text);
    }

    /// The same parameter twice in one list.
    pub(super) fn parameter_list(&mut self, members: &mut Map<String, Value>) {
        let Some(Value::Array(items)) = members.get_mut("parameters") else { return };
        let list = self.path.key("parameters");
        let identity = |item: &Value| {
            let text = |key: &str| item.get(key).and_then(Value::as_str).map(str::to_owned);
            text("$ref")
                .map_or_else(|| Some((text("in")?, text("name")?)), |target| Some((String::from("$ref"), target)))
        };
        let mut index = 1;
        while let Some(item) = items.get(index) {
            let own = identity(item);
            let first = items.iter().take(index).position(|other| own.is_some() && identity(other) == own);
            let Some(first) = first else {
                index += 1;
                continue;
            };
            let name = own.map(|(_, name)| name).unwrap_or_default();
            if items.get(first) != Some(item) {
                let message = format!("the parameter `{name}` is listed twice, and the two differ");
                let at = list.index(index);
                self.fault(codes::DUPLICATE_PARAMETER, &at, message, "keep the one that the server understands");
                index += 1;
                continue;
            }
            self.note_at(
                "duplicate-parameter",
                list.index(index),
                Weight::Interpreted,
                format!("the parameter `{name}` is listed twice in the same words: once is enough"),
            );
            self.remove_item(items, index, &list);
        }
    }

    /// Takes an item out of a list; those behind it move up.
    pub(super) fn remove_item(&mut self, items: &mut Vec<Value>, index: usize, list: &Pointer) {
        if index >= items.len() {
            return;
        }
        items.remove(index);
        self.moves.close_gap(list, index, items.len());
    }
}
