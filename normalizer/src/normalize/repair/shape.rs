//! Part of `repair`: members of the wrong JSON type.
//!
//! In: an object and its table. Out: members of the correct type. Invariant: ambiguous values are unchanged.

use serde_json::{Value, json};

use super::Repairer;
use super::security::scheme;
use crate::json::{self, Members, type_name};
use crate::normalize::key_spelling::KEY_SPELLING;
use crate::normalize::names::extension;
use crate::normalize::pass::{Equivalent, Interpreted, Lossy};
use crate::normalize::reference;
use crate::structure::grammar::Form::{self, *};
use crate::structure::grammar::Kind::{PathItem, Schema, SecurityRequirement, Tag};
use crate::structure::grammar::{Field, Object, is_component_name, is_extension};
use crate::structure::misspelling::{Meant, meant};

/// The meaning of a number: a string according to its schema, a bound in a schema, or any other value.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Meaning {
    Text,
    Bound,
    Value,
}

impl Repairer<'_> {
    /// Converts each member to the JSON type in the table.
    pub(super) fn shape(&mut self, members: &mut Members, kind: &'static Object) {
        // `security: []` and an absent `security` differ, so the meaning of null is ambiguous.
        let is_optional =
            |field: &Field| !field.required && field.name != "security" && !matches!(field.form, Any | Ignored(_));
        let says_nothing = |(key, value): &(&String, &Value)| {
            value.is_null() && kind.fields.iter().find(|field| field.name == *key).is_some_and(is_optional)
        };
        let empty: Vec<String> = members.iter().filter(says_nothing).map(|(key, _)| key.clone()).collect();
        for key in empty {
            self.leave_out(members, &key, ("empty-value", Equivalent), format!("removed `{key}`, which is `null`"));
        }
        for (key, value) in members.iter_mut() {
            if let Some(form) = kind.form_of(key) {
                self.inside(key, |repairer| repairer.member(key, value, form));
            }
        }
    }

    /// Converts a member `key`, or an item of it.
    fn member(&mut self, key: &str, value: &mut Value, form: &Form) {
        let repaired = match (form, &*value) {
            (Text, Value::Number(_) | Value::Bool(_)) => Some(self.as_text(value)),
            (Boolean | SchemaOrBoolean, Value::String(text)) => match text.as_str() {
                "true" | "True" => Some(Value::Bool(true)),
                "false" | "False" => Some(Value::Bool(false)),
                _ => None,
            },
            (Form::Number, Value::String(text)) => serde_json::from_str(text).ok().map(Value::Number),
            (Count, Value::String(text)) => text.trim().parse::<u64>().ok().map(Value::from),
            // `1.0` in place of a count.
            (Count, Value::Number(_)) => Some(json::whole(value)).filter(|whole| whole.is_u64() && whole != value),
            (Choice(choices), Value::String(text)) => choice(text, choices),
            (List(item), single) if !single.is_array() => listed(key, single, item),
            (Is(Tag), Value::String(name)) => Some(json!({"name": name})),
            (Is(SecurityRequirement), Value::String(name)) => is_component_name(name).then(|| json!({name: []})),
            (Is(SecurityRequirement), Value::Object(_)) => {
                reference::bare(value).and_then(scheme).map(|name| json!({name: []}))
            }
            // PHP serializes an empty map as an array.
            (Form::Map(_) | Components(_) | Is(_) | OrReference(_), Value::Array(items)) => {
                items.is_empty().then(|| json!({}))
            }
            _ => None,
        };
        if let Some(repaired) = repaired {
            let text = format!("changed `{key}` from {} to {}", described(value), described(&repaired));
            *value = repaired;
            self.note(("value-type", Interpreted), "", text);
        }
        if let (List(item), Value::Array(_)) = (form, &*value) {
            self.each(value, |repairer, _, value| repairer.member(key, value, item));
        }
    }

    /// Returns the source text of a number or a boolean in place of a string: `1.10` is not `1.1`.
    pub(super) fn as_text(&self, value: &Value) -> Value {
        let before = self.record.provenance.before(&self.path);
        let is_meant = |written: &&str| match value {
            Value::Bool(value) => *written == value.to_string(),
            number => written.parse().is_ok_and(|read: f64| Some(read) == number.as_f64()),
        };
        let written = self.written.text(&before).filter(is_meant);
        written.map_or_else(|| value.to_string(), str::to_owned).into()
    }

    /// Converts numbers beyond 64 bits, which were rounded when they were read, to strings where a string is required; lists all others.
    pub(super) fn numbers(&mut self, value: &mut Value, meaning: Meaning) {
        match value {
            Value::Number(number) if number.is_f64() => self.number(value, meaning),
            Value::Array(_) => self.each(value, |repairer, _, item| repairer.numbers(item, meaning)),
            _ => {
                let is_string = value["type"] == "string";
                self.each(value, |repairer, key, member| {
                    let meaning = match key {
                        "default" | "example" | "enum" if is_string => Meaning::Text,
                        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" => Meaning::Bound,
                        _ => Meaning::Value,
                    };
                    repairer.numbers(member, meaning);
                });
            }
        }
    }

    fn number(&mut self, value: &mut Value, meaning: Meaning) {
        let Some(written) = self.written.rounded(&self.path) else { return };
        if meaning == Meaning::Text {
            let text = format!("read `{written}` as a string, like its schema");
            *value = written.into();
            return self.note(("large-number", Interpreted), "", text);
        }
        // There is no 64-bit value between the bound and the nearest float.
        let kind = if meaning == Meaning::Bound { Interpreted } else { Lossy };
        self.note(
            ("large-number", kind),
            "",
            format!("rounded `{written}`, which needs more than 64 bits, to `{value}`"),
        );
    }

    /// Renames unknown keys to the field that they mean: with another case, other separators, or a misspelling. This comes before rules
    /// that add missing fields, and before values are examined.
    pub(super) fn spelled_keys(&mut self, members: &mut Members, kind: &'static Object) {
        // If `type` is an object, the other keys may be properties.
        if kind.kind == Schema && json::object(members, "type").is_some() {
            return;
        }
        for key in unknown(members, kind) {
            let Some(value) = members.get(&key) else { continue };
            if let Some(Meant { field, text }) = meant(kind.fields.iter(), &key, value) {
                self.rename(members, (&key, field.name), KEY_SPELLING, text);
            }
        }
    }

    /// Renames keys that OpenAPI does not define to extensions.
    pub(super) fn unknown_keys(&mut self, members: &mut Members, object: &'static Object) {
        let others = unknown(members, object).into_iter().map(|key| (key.clone(), extension(&key))).collect();
        for (key, name) in self.all_renamed(members, others) {
            let (rule, text) = if object.kind == Schema && self.written.has_annotations {
                // An annotation does not constrain values.
                (("annotation", Equivalent), format!("kept the annotation `{key}` as `{name}`"))
            } else {
                let text = format!("kept `{key}` as `{name}`: OpenAPI 3.0 does not define it in {}", object.name);
                (("unknown-key", Lossy), text)
            };
            if object.kind == PathItem {
                // It may be an operation, so each one is listed.
                self.note(rule, &name, text);
            } else {
                // Documents may have hundreds of one kind.
                self.count(rule, &name, text);
            }
        }
    }
}

/// Returns the keys that OpenAPI does not define in such an object.
fn unknown(members: &Members, kind: &Object) -> Vec<String> {
    let is_unknown = |key: &&String| {
        !is_extension(key) && *key != "$ref" && kind.fields.iter().all(|field| field.name != key.as_str())
    };
    if kind.rest.is_some() { Vec::new() } else { members.keys().filter(is_unknown).cloned().collect() }
}

/// Returns the choice that differs only in case and surrounding space.
fn choice(text: &str, choices: &[&str]) -> Option<Value> {
    if choices.contains(&text) {
        return None;
    }
    let meant = choices.iter().find(|choice| choice.eq_ignore_ascii_case(text.trim()))?;
    Some(Value::from(*meant))
}

/// Wraps a single value in place of an array.
fn listed(key: &str, single: &Value, item: &Form) -> Option<Value> {
    let is_one = match (item, single) {
        (Text | Any, Value::String(_)) | (Any, Value::Number(_)) => true,
        (Is(SecurityRequirement), Value::String(name)) => is_component_name(name),
        (Is(kind) | OrReference(kind), Value::Object(members)) => {
            let is_composition = matches!(key, "allOf" | "anyOf" | "oneOf");
            let has_required =
                kind.grammar().fields.iter().any(|field| field.required && members.contains_key(field.name));
            is_composition || has_required || (key == "security" && !members.is_empty())
        }
        _ => false,
    };
    is_one.then(|| Value::Array(vec![single.clone()]))
}

/// Returns a short description of a value.
pub(super) fn described(value: &Value) -> String {
    match value {
        Value::String(text) if text.chars().count() <= 40 => format!("the string `{text}`"),
        Value::Number(_) | Value::Bool(_) => format!("`{value}`"),
        other => type_name(other).to_owned(),
    }
}
