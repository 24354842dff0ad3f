//! Part of `v31`: arrays of types, and `null` as a type.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{Node, local};
use crate::json::{Members, array_entry, has_any, is_of_type};
use crate::normalize::pass::{Equivalent, Interpreted, Lossy};
use crate::structure::extensions::PREFIX_ITEMS;
use crate::structure::formats;
use crate::structure::grammar::SCHEMA_TYPES;

const NUMBERS: &[&str] = &["number", "integer"];

/// Whether values of the type `of` have the type `kind`.
pub(super) fn includes(kind: &str, of: &str) -> bool {
    kind == of || (kind, of) == ("number", "integer")
}

impl Node<'_> {
    /// `type` as an array, and `null` in it (JSON Schema 2020-12, Validation §6.1.1).
    pub(super) fn types(&mut self) {
        let listed = match self.get("type") {
            Some(Value::String(kind)) if kind == "null" => Some(vec![kind.clone()]),
            Some(Value::Array(kinds)) if !kinds.is_empty() => {
                kinds.iter().map(|kind| kind.as_str().map(str::to_owned)).collect()
            }
            _ => None,
        };
        let Some(mut kinds): Option<Vec<String>> = listed else { return };
        let null = kinds.iter().any(|kind| kind == "null");
        let mut seen = BTreeSet::from(["null".to_owned()]);
        kinds.retain(|kind| seen.insert(kind.clone()));
        // A whole number is a number.
        kinds.retain(|kind| kind != "integer" || !seen.contains("number"));
        if kinds.len() > 1 {
            // No value of the `enum` has the other types.
            let values = self.list("enum").map(Vec::as_slice).unwrap_or_default();
            let is_used = |kind: &String| values.iter().any(|value| is_of_type(value, kind));
            if kinds.iter().any(is_used) {
                kinds.retain(is_used);
            }
            self.quoted_number(&mut kinds);
        }
        match kinds.as_slice() {
            [] => return self.null_alone(),
            [only] => {
                self.set("type", only.clone());
                self.same(
                    "type-list",
                    "type",
                    "replaced an array of one type and `null` with that type and `nullable`",
                );
            }
            _ => self.several(&kinds),
        }
        // A schema that restricts nothing allows `null` anyway.
        if null && has_any(&self.members, &["type", "x-type", "anyOf", "oneOf"]) {
            self.set("nullable", true);
        }
    }

    /// A schema whose only value is `null`.
    fn null_alone(&mut self) {
        self.take("type");
        let other_values = self.list("enum").is_some_and(|values| !values.iter().all(Value::is_null));
        if other_values {
            let text = "reduced the `enum` to `null`: the type allows no other value".to_owned();
            // The values may have been those of `const`.
            self.note(("null-type", Interpreted), "type", text);
        }
        self.set("enum", json!([null]));
        self.set("nullable", true);
        self.convert.nulls.insert(self.convert.path.clone());
        self.same("null-type", "type", "replaced a schema of only `null` with an `enum`");
    }

    /// A number, or a string with a pattern that only numbers match, is a number: its server reads both.
    fn quoted_number(&mut self, kinds: &mut Vec<String>) {
        let has = |kind: &str| kinds.iter().any(|known| known == kind);
        let is_number_or_string = kinds.len() == 2 && has("string") && (has("number") || has("integer"));
        let is_number = |pattern: &str| is_of_numbers(pattern) && !(has("integer") && pattern.contains("\\."));
        if is_number_or_string && !self.has("enum") && self.text("pattern").is_some_and(is_number) {
            kinds.retain(|kind| kind != "string");
            self.take("pattern");
            let text = "reduced a number, or a string with the pattern of a number, to a number";
            self.count(("type-list", Interpreted), "type", text);
        }
    }

    /// Several types: a choice of schemas with one type each.
    fn several(&mut self, kinds: &[String]) {
        let restricts = self.members.keys().any(|key| owner(key).is_some() || key == "enum");
        let text = if SCHEMA_TYPES.iter().all(|kind| kinds.iter().any(|known| includes(known, kind))) && !restricts {
            self.take("type");
            "removed an array of all types, which restricts nothing"
        } else if self.values_have_types(kinds) {
            self.take("type");
            "removed an array of types beside an `enum` of these types"
        } else if !has_any(&self.members, &["anyOf", "oneOf"]) {
            self.distribute(kinds);
            "replaced an array of several types with a choice of schemas"
        } else {
            if !self.branches_are_of(kinds) {
                let text = "kept an array of types beside a more precise choice of schemas as `x-type`";
                self.note(("type-list", Lossy), "type", text);
                if self.rename("type", "x-type") {
                    return;
                }
            }
            self.take("type");
            "removed an array of types beside schemas that each have a type"
        };
        self.same("type-list", "type", text);
    }

    /// `null` among the values of an `enum` is a value in 3.0 only beside `nullable` (3.0.3 §4.7.24).
    pub(super) fn null_among_values(&mut self) {
        let values = self.list("enum").map(Vec::as_slice).unwrap_or_default();
        if !values.contains(&Value::Null) {
            return;
        }
        let has_type = self.has("type");
        if values.iter().all(Value::is_null) && !has_type {
            self.convert.nulls.insert(self.convert.path.clone());
        }
        if self.is_true("nullable") {
            return;
        }
        self.set("nullable", true);
        let (kind, text) = if has_type {
            (Interpreted, "added `nullable` for `null` in an `enum`, although its type excludes `null`")
        } else {
            (Equivalent, "added `nullable` for `null` in an `enum`")
        };
        self.count(("null-value", kind), "enum", text);
    }

    /// Whether there is an `enum` of scalars that has values of all of these types and no others, and nothing else is said about a type.
    fn values_have_types(&self, kinds: &[String]) -> bool {
        let is_scalar = |kind: &String| !matches!(kind.as_str(), "array" | "object");
        let null = self.list("type").is_some_and(|kinds| kinds.iter().any(|kind| kind == "null"));
        let is_of = |value: &Value| value.is_null() && null || kinds.iter().any(|kind| is_of_type(value, kind));
        let others = self.members.keys().any(|key| owner(key).is_some());
        let values = self.list("enum").filter(|values| values.iter().all(is_of));
        values.is_some() && kinds.iter().all(is_scalar) && !others && !has_any(&self.members, &["anyOf", "oneOf"])
    }

    /// Whether every branch has one of these types.
    fn branches_are_of(&self, kinds: &[String]) -> bool {
        let says = |branch: &Value| {
            let kind = branch["type"].as_str();
            kind.is_some_and(|kind| kinds.iter().any(|known| includes(known, kind)))
        };
        ["anyOf", "oneOf"].iter().filter_map(|key| self.list(key)).any(|branches| branches.iter().all(says))
    }

    /// Gives each type a branch with the keywords that are about it. Words and all that holds for any type stay.
    fn distribute(&mut self, kinds: &[String]) {
        let mut branches: Vec<Members> =
            kinds.iter().map(|kind| Map::from_iter([("type".to_owned(), json!(kind))])).collect();
        let keys: Vec<String> = self.members.keys().cloned().collect();
        for key in keys {
            let owners: &[&str] = match key.as_str() {
                "enum" => {
                    self.split_values(kinds, &mut branches);
                    continue;
                }
                // Of a format that is not known, strings.
                "format" => match self.text("format").and_then(formats::type_of) {
                    Some("integer" | "number") => NUMBERS,
                    _ => &["string"],
                },
                // Misshapen: it stays where it can be named.
                "items" if self.list("items").is_some() => continue,
                key => owner(key).unwrap_or_default(),
            };
            // What is about a type that is not listed restricts nothing, and may stay.
            let Some(place) = kinds.iter().position(|kind| owners.contains(&kind.as_str())) else { continue };
            if let (Some(branch), Some(value)) = (branches.get_mut(place), self.take(&key)) {
                branch.insert(key.clone(), value);
                self.moves(&local(&[&key]), &local(&["anyOf", &place.to_string(), &key]));
            }
        }
        let branches = branches.into_iter().map(Value::Object).collect();
        self.replace("type", "anyOf", Value::Array(branches));
    }

    /// Each value goes to the branch of its type.
    fn split_values(&mut self, kinds: &[String], branches: &mut [Members]) {
        if self.list("enum").is_none() {
            return;
        }
        let Some(Value::Array(values)) = self.take("enum") else { return };
        for (index, value) in values.into_iter().enumerate() {
            let Some(place) = kinds.iter().position(|kind| is_of_type(&value, kind)) else { continue };
            if let Some(list) = branches.get_mut(place).and_then(|branch| array_entry(branch, "enum")) {
                let to = local(&["anyOf", &place.to_string(), "enum", &list.len().to_string()]);
                self.moves_first(local(&["enum", &index.to_string()]), to);
                list.push(value);
            }
        }
    }
}

/// Whether only numbers match a pattern, each as JSON writes it (RFC 8259 §6). Where leading zeros match, `007` may be a key.
fn is_of_numbers(pattern: &str) -> bool {
    const SIGN: &[&str] = &["-?", "[+-]?", "[-+]?"];
    const DIGITS: &[&str] = &["(0|[1-9]\\d*)", "([1-9]\\d*|0)", "[1-9]\\d*"];
    const FRACTION: &[&str] = &["(\\.\\d+)?", "(\\.\\d*)?"];
    const EXPONENT: &[&str] = &["([eE][+-]?\\d+)?", "([eE][-+]?\\d+)?"];
    let pattern = pattern.replace("[0-9]", "\\d").replace("(?:", "(");
    let without =
        |text: &str, one_of: &[&str]| one_of.iter().find_map(|part| Some(text.strip_prefix(part)?.to_owned()));
    let or_same = |text: String, one_of| without(&text, one_of).unwrap_or(text);
    let digits = pattern.strip_prefix('^').and_then(|rest| without(&or_same(rest.to_owned(), SIGN), DIGITS));
    digits.is_some_and(|rest| or_same(or_same(rest, FRACTION), EXPONENT) == "$")
}

/// The types that a keyword restricts; `None` of keywords that hold for all types.
fn owner(keyword: &str) -> Option<&'static [&'static str]> {
    Some(match keyword {
        "minLength" | "maxLength" | "pattern" => &["string"],
        "multipleOf" | "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" => NUMBERS,
        "items" | "minItems" | "maxItems" | "uniqueItems" | PREFIX_ITEMS => &["array"],
        "properties"
        | "required"
        | "additionalProperties"
        | "minProperties"
        | "maxProperties"
        | "x-pattern-properties" => &["object"],
        "format" => &[],
        _ => return None,
    })
}
