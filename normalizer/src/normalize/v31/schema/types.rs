//! Part of `v31`: arrays of types, `null` as a type, in `oneOf` and in `anyOf`, and descriptions beside references.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{Node, is_annotation};
use crate::json::{
    Members, array, array_entry, cloned, has_any, is_of_type, is_true, items, members, schema_type, single,
};
use crate::normalize::pass::{Equivalent, Interpreted, Lossy};
use crate::normalize::reference::bare;
use crate::spelling::is_among;
use crate::structure::extensions::{ENUM_DESCRIPTIONS, ENUM_NAMES, PREFIX_ITEMS};
use crate::structure::formats;
use crate::structure::grammar::SCHEMA_TYPES;

const NUMBERS: &str = "number integer";

/// Returns `true` if values of the type `of` have the type `kind`.
fn includes(kind: &str, of: &str) -> bool {
    kind == of || (kind, of) == ("number", "integer")
}

impl Node<'_> {
    /// Converts an array in `type`, and `null` in it (JSON Schema 2020-12, Validation §6.1.1).
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
        // An integer is a number.
        kinds.retain(|kind| kind != "integer" || !seen.contains("number"));
        if kinds.len() > 1 {
            // The `enum` has no values of the other types.
            let values = items(self.get("enum")).as_slice();
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
        // A schema without restrictions already allows `null`.
        if null && has_any(&self.members, &["type", "x-type", "anyOf", "oneOf"]) {
            self.set("nullable", true);
        }
    }

    /// Converts a schema whose only value is `null`.
    fn null_alone(&mut self) {
        self.take("type");
        let other_values = self.list("enum").is_some_and(|values| !values.iter().all(Value::is_null));
        if other_values {
            let text = "reduced the `enum` to `null`: the type allows no other value".to_owned();
            // The values may have come from `const`.
            self.note(("null-type", Interpreted), "type", text);
        }
        self.set("enum", json!([null]));
        self.set("nullable", true);
        self.note_null();
        self.same("null-type", "type", "replaced a schema of only `null` with an `enum`");
    }

    /// Reduces a number or a string with a pattern that only numbers match to a number: the server accepts both.
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

    /// Converts several types to a choice of schemas with one type each.
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

    /// Adds `nullable` for `null` among the values of an `enum`, which 3.0 requires (3.0.3 §4.7.24).
    pub(super) fn null_among_values(&mut self) {
        let values = items(self.get("enum")).as_slice();
        if !values.contains(&Value::Null) {
            return;
        }
        let has_type = self.has("type");
        if values.iter().all(Value::is_null) && !has_type {
            self.note_null();
        }
        if is_true(&self.members, "nullable") {
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

    /// Returns `true` if an `enum` of scalars has values of all these types and no others, and no other keyword restricts a type.
    fn values_have_types(&self, kinds: &[String]) -> bool {
        let is_scalar = |kind: &String| !matches!(kind.as_str(), "array" | "object");
        let null = self.get("type").is_some_and(names_null);
        let is_of = |value: &Value| value.is_null() && null || kinds.iter().any(|kind| is_of_type(value, kind));
        let others = self.members.keys().any(|key| owner(key).is_some());
        let values = self.list("enum").filter(|values| values.iter().all(is_of));
        values.is_some() && kinds.iter().all(is_scalar) && !others && !has_any(&self.members, &["anyOf", "oneOf"])
    }

    /// Returns `true` if every branch has one of these types.
    fn branches_are_of(&self, kinds: &[String]) -> bool {
        let says = |branch: &Value| {
            let kind = branch["type"].as_str();
            kind.is_some_and(|kind| kinds.iter().any(|known| includes(known, kind)))
        };
        ["anyOf", "oneOf"].iter().filter_map(|key| self.list(key)).any(|branches| branches.iter().all(says))
    }

    /// Creates a branch for each type with its keywords. Descriptions and keywords for all types stay.
    fn distribute(&mut self, kinds: &[String]) {
        let mut branches: Vec<Members> = kinds.iter().map(|kind| single("type", kind.as_str())).collect();
        let keys: Vec<String> = self.members.keys().cloned().collect();
        for key in keys {
            let owners = match key.as_str() {
                "enum" => {
                    self.split_values(kinds, &mut branches);
                    continue;
                }
                // An unknown format belongs to strings.
                "format" => match self.text("format").and_then(formats::type_of) {
                    Some("integer" | "number") => NUMBERS,
                    _ => "string",
                },
                // Malformed: it stays and is reported.
                "items" if self.list("items").is_some() => continue,
                key => {
                    let Some(types) = owner(key) else { continue };
                    types
                }
            };
            // A keyword for a type that is not listed has no effect, and may stay.
            let Some(place) = kinds.iter().position(|kind| is_among(owners, kind)) else { continue };
            if let (Some(branch), Some(value)) = (branches.get_mut(place), self.take(&key)) {
                branch.insert(key.clone(), value);
                self.moves(&[&key], &["anyOf", &place.to_string(), &key]);
            }
        }
        self.replace("type", "anyOf", branches);
    }

    /// Moves each value to the branch of its type.
    fn split_values(&mut self, kinds: &[String], branches: &mut [Members]) {
        if self.list("enum").is_none() {
            return;
        }
        let Some(Value::Array(values)) = self.take("enum") else { return };
        for (index, value) in values.into_iter().enumerate() {
            let Some(place) = kinds.iter().position(|kind| is_of_type(&value, kind)) else { continue };
            if let Some(list) = branches.get_mut(place).and_then(|branch| array_entry(branch, "enum")) {
                let to = list.len().to_string();
                list.push(value);
                self.moves(&["enum", &index.to_string()], &["anyOf", &place.to_string(), "enum", &to]);
            }
        }
    }
}

/// Returns `true` if a pattern only matches JSON numbers (RFC 8259 §6). If it matches leading zeros, `007` may be a key.
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

/// The types that keywords restrict. Without its value, `format` restricts none.
const OWNERS: [(&str, &str); 6] = [
    ("minLength maxLength pattern", "string"),
    ("multipleOf minimum maximum exclusiveMinimum exclusiveMaximum", NUMBERS),
    ("items minItems maxItems uniqueItems", "array"),
    (PREFIX_ITEMS, "array"),
    ("properties required additionalProperties minProperties maxProperties x-pattern-properties", "object"),
    ("format", ""),
];

/// Returns the types that a keyword restricts; `None` for keywords of all types.
fn owner(keyword: &str) -> Option<&'static str> {
    OWNERS.iter().find(|(keywords, _)| is_among(keywords, keyword)).map(|(_, types)| *types)
}

impl Node<'_> {
    /// Simplifies the choices of a schema.
    pub(super) fn branches(&mut self) {
        for keyword in ["oneOf", "anyOf"] {
            self.null_branch(keyword);
            self.described_values(keyword);
            self.plain_references(keyword);
        }
    }

    /// Replaces a branch whose only value is `null` with `nullable`; a choice with one branch is not a choice.
    fn null_branch(&mut self, keyword: &str) {
        let Some(list) = self.list(keyword) else { return };
        let is_null = |index: &usize| self.nulls.contains(&self.at(keyword).index(*index));
        let nulls: BTreeSet<usize> = (0..list.len()).filter(is_null).collect();
        if nulls.is_empty() || nulls.len() == list.len() {
            return;
        }
        let mut others = Vec::new();
        for (index, branch) in list.clone().into_iter().enumerate() {
            let from = [keyword, &index.to_string()];
            if nulls.contains(&index) {
                // The descriptions of a `null` branch.
                let is_word = |(key, _): &(&String, _)| is_annotation(key) && *key != "nullable";
                let words: Members = members(&branch).filter(is_word).map(cloned).collect();
                if !words.is_empty() && !self.has("x-null") {
                    self.set("x-null", words);
                }
                self.moves(&from, &["nullable"]);
            } else {
                self.moves(&from, &[keyword, &others.len().to_string()]);
                others.push(branch);
            }
        }
        let (kind, text) = if self.get("type").is_none_or(names_null) {
            (Equivalent, "replaced a branch `null` with `nullable`")
        } else {
            let text = "added `nullable` for a branch `null`, although the sibling type excludes `null`";
            (Interpreted, text)
        };
        self.count(("null-branch", kind), keyword, text);
        if let [only] = others.as_slice() {
            self.single(keyword, only.clone());
        } else {
            self.set(keyword, others);
            self.set("nullable", true);
        }
        // In 3.0.3, `nullable` strictly requires a sibling `type`.
        if self.get("default") == Some(&Value::Null) && !self.has("type") && self.rename("default", "x-default") {
            self.same("null-default", "default", "kept the default `null` of a choice as `x-default`");
        }
    }

    /// Converts a choice of single values with descriptions, which later versions use for enumerations, to an `enum`. Names and
    /// descriptions become widely supported extensions.
    fn described_values(&mut self, keyword: &str) {
        let Some(branches) = self.list(keyword).filter(|branches| branches.len() > 1) else { return };
        let is_plain = |key: &String| matches!(key.as_str(), "type" | "format") || key == keyword || is_annotation(key);
        let stands_alone = self.members.keys().all(is_plain);
        if !self.is_modern() || !stands_alone || self.has(ENUM_NAMES) || self.has(ENUM_DESCRIPTIONS) {
            return;
        }
        let branches = branches.clone();
        let Some(values) = branches.iter().map(described_value).collect::<Option<Vec<_>>>() else { return };
        let kinds: BTreeSet<_> = values.iter().map(schema_type).collect();
        let distinct: BTreeSet<_> = values.iter().map(Value::to_string).collect();
        let (Some(kind), 1) = (kinds.first().copied().flatten(), kinds.len()) else { return };
        let fits = self.get("type").is_none_or(|own| own.as_str().is_some_and(|own| includes(own, kind)));
        if !fits || distinct.len() != values.len() || matches!(kind, "array" | "object") {
            return;
        }
        for index in 0..values.len() {
            self.moves(&[keyword, &index.to_string()], &["enum", &index.to_string()]);
        }
        let names: Vec<&str> = branches.iter().filter_map(|branch| branch["title"].as_str()).collect();
        let words: Vec<&str> =
            branches.iter().map(|branch| branch["description"].as_str().unwrap_or_default()).collect();
        let old = branches.iter().zip(&values).filter(|(branch, _)| branch["deprecated"] == true);
        let old: Vec<Value> = old.map(|(_, value)| value.clone()).collect();
        self.replace(keyword, "enum", values);
        if !self.has("type") {
            self.set("type", kind);
        }
        if names.len() == branches.len() {
            self.set(ENUM_NAMES, names);
        }
        if words.iter().any(|word| !word.is_empty()) {
            self.set(ENUM_DESCRIPTIONS, words);
        }
        if !old.is_empty() {
            self.set("x-enum-deprecated", old);
        }
        let text = "replaced a choice of single values with an `enum`; names are in `x-enum-varnames`, descriptions in `x-enum-descriptions`";
        self.same("described-values", keyword, text);
    }

    /// Moves descriptions beside a discriminator's references: a discriminator requires plain references.
    fn plain_references(&mut self, keyword: &str) {
        if !self.is_modern() || !self.has("discriminator") || self.has("x-branch-notes") {
            return;
        }
        let Some(mut list) = self.list(keyword).cloned() else { return };
        let mut notes = Map::new();
        for (index, branch) in list.iter_mut().enumerate() {
            let Some((target, words)) = described_reference(branch) else { continue };
            let place = index.to_string();
            for key in words.keys() {
                self.moves(&[keyword, &place, key], &["x-branch-notes", &target, key]);
            }
            // The reference keeps its place.
            self.moves(&[keyword, &place, "allOf", "0", "$ref"], &[keyword, &place, "$ref"]);
            *branch = json!({ "$ref": target });
            notes.insert(target, words.into());
        }
        if notes.is_empty() {
            return;
        }
        self.set(keyword, list);
        self.set("x-branch-notes", notes);
        let text = "kept descriptions beside a discriminator's references in `x-branch-notes`";
        self.same("reference-siblings", keyword, text);
    }

    /// Inlines the only remaining branch: its keywords move up if there is no conflict; otherwise it becomes part of
    /// `allOf`.
    fn single(&mut self, keyword: &str, only: Value) {
        let at = [keyword, "0"];
        // A schema without restrictions already allows `null`.
        let restricts = only.as_object().is_none_or(|members| members.keys().any(|key| !is_annotation(key)));
        let describes = self.members.keys().all(|key| key == keyword || is_annotation(key));
        let fits = |(key, value): (&String, &Value)| key != "$ref" && self.get(key).is_none_or(|own| own == value);
        match only {
            Value::Object(branch) if describes && branch.iter().all(fits) => {
                let rest: Vec<String> =
                    self.members.keys().skip_while(|key| *key != keyword).skip(1).cloned().collect();
                self.take(keyword);
                self.members.extend(branch);
                self.moves(&at, &[]);
                // Keys after the choice stay after its keywords.
                for key in rest {
                    if let Some(value) = self.take(&key) {
                        self.set(&key, value);
                    }
                }
            }
            only if self.has("allOf") => {
                self.take(keyword);
                self.add_all_of(&at, only);
            }
            only => drop(self.replace(keyword, "allOf", json!([only]))),
        }
        if restricts {
            self.set("nullable", true);
        }
    }
}

fn names_null(kind: &Value) -> bool {
    kind == "null" || kind.as_array().is_some_and(|kinds| kinds.iter().any(|kind| kind == "null"))
}

/// Returns the value of a schema that only has one value and descriptions.
fn described_value(branch: &Value) -> Option<Value> {
    let members = branch.as_object()?;
    let [value] = array(members, "enum")?.as_slice() else { return None };
    members.keys().all(|key| is_among("enum type title description deprecated", key)).then(|| value.clone())
}

/// Returns the target and the descriptions of a schema that is a reference with descriptions.
fn described_reference(branch: &Value) -> Option<(String, Members)> {
    let members = branch.as_object()?;
    let [reference] = array(members, "allOf")?.as_slice() else { return None };
    let target = bare(reference)?.to_owned();
    // A discriminator implies objects anyway.
    let is_word = |(key, value): (&String, &Value)| match key.as_str() {
        "type" => value == "object",
        "nullable" => false,
        key => is_annotation(key),
    };
    let mut words = members.clone();
    words.shift_remove("allOf");
    (!words.is_empty() && words.iter().all(is_word)).then_some((target, words))
}
