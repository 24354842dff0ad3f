//! Part of `v31`: `null` in `oneOf` and `anyOf`, and words beside their references.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::super::Local;
use super::types::includes;
use super::{Node, annotations, is_annotation, local};
use crate::json::{Members, schema_type};
use crate::normalize::pass::{Equivalent, Interpreted};
use crate::normalize::reference::bare;
use crate::structure::extensions::{ENUM_DESCRIPTIONS, ENUM_NAMES};

impl Node<'_> {
    /// Simplifies the choices of a schema.
    pub(super) fn branches(&mut self) {
        for keyword in ["oneOf", "anyOf"] {
            self.null_branch(keyword);
            self.described_values(keyword);
            self.plain_references(keyword);
        }
    }

    /// A branch that says nothing but `null` makes the choice `nullable`; a choice of one is not a choice.
    fn null_branch(&mut self, keyword: &str) {
        let Some(list) = self.list(keyword) else { return };
        let is_null = |index: &usize| self.nulls.contains(&self.at(keyword).index(*index));
        let nulls: BTreeSet<usize> = (0..list.len()).filter(is_null).collect();
        if nulls.is_empty() || nulls.len() == list.len() {
            return;
        }
        let mut others = Vec::new();
        for (index, branch) in list.clone().into_iter().enumerate() {
            let from = local(&[keyword, &index.to_string()]);
            if nulls.contains(&index) {
                // What a branch of `null` says about itself.
                let words: Members = annotations(&branch).filter(|(key, _)| key != "nullable").collect();
                if !words.is_empty() && !self.has("x-null") {
                    self.set("x-null", Value::Object(words));
                }
                self.moves_first(from, local(&["nullable"]));
            } else {
                self.moves_first(from, local(&[keyword, &others.len().to_string()]));
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
        // By the letter of 3.0.3, `nullable` only adds to a sibling `type`.
        if self.get("default") == Some(&Value::Null) && !self.has("type") && self.rename("default", "x-default") {
            self.same("null-default", "default", "kept the default `null` of a choice as `x-default`");
        }
    }

    /// A choice of single values, each with words of its own, is how later versions describe the values of an enumeration.
    /// In 3.0 it is an `enum` with the names and words that many tools know beside it.
    fn described_values(&mut self, keyword: &str) {
        let is_plain = |key: &String| matches!(key.as_str(), "type" | "format") || key == keyword || is_annotation(key);
        let stands_alone = self.members.keys().all(is_plain);
        if !self.is_modern() || !stands_alone || self.has(ENUM_NAMES) || self.has(ENUM_DESCRIPTIONS) {
            return;
        }
        let Some(branches) = self.list(keyword).filter(|branches| branches.len() > 1).cloned() else { return };
        let Some(values) = branches.iter().map(described_value).collect::<Option<Vec<_>>>() else { return };
        let kinds: BTreeSet<_> = values.iter().map(schema_type).collect();
        let distinct: BTreeSet<_> = values.iter().map(Value::to_string).collect();
        let (Some(kind), 1) = (kinds.first().copied().flatten(), kinds.len()) else { return };
        let fits = self.get("type").is_none_or(|own| own.as_str().is_some_and(|own| includes(own, kind)));
        if !fits || distinct.len() != values.len() || matches!(kind, "array" | "object") {
            return;
        }
        for index in 0..values.len() {
            self.moves_first(local(&[keyword, &index.to_string()]), local(&["enum", &index.to_string()]));
        }
        let names: Vec<&str> = branches.iter().filter_map(|branch| branch["title"].as_str()).collect();
        let words: Vec<&str> =
            branches.iter().map(|branch| branch["description"].as_str().unwrap_or_default()).collect();
        let old = branches.iter().zip(&values).filter(|(branch, _)| branch["deprecated"] == true);
        let old: Vec<Value> = old.map(|(_, value)| value.clone()).collect();
        self.replace(keyword, "enum", Value::Array(values));
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

    /// A discriminator leads to plain references only: the words beside them are kept elsewhere.
    fn plain_references(&mut self, keyword: &str) {
        if !self.is_modern() || !self.has("discriminator") || self.has("x-branch-notes") {
            return;
        }
        let Some(mut list) = self.list(keyword).cloned() else { return };
        let mut notes = Map::new();
        for (index, branch) in list.iter_mut().enumerate() {
            let Some((target, words)) = described_reference(branch) else { continue };
            let from = local(&[keyword, &index.to_string()]);
            for key in words.keys() {
                self.moves_first(format!("{from}{}", local(&[key])), local(&["x-branch-notes", &target, key]));
            }
            // The reference is back where it was.
            self.convert.track.moved_inside(&self.at(keyword).index(index), Local::new());
            *branch = json!({ "$ref": target });
            notes.insert(target, Value::Object(words));
        }
        if notes.is_empty() {
            return;
        }
        self.set(keyword, list);
        self.set("x-branch-notes", Value::Object(notes));
        let text = "kept descriptions beside a discriminator's references in `x-branch-notes`";
        self.same("reference-siblings", keyword, text);
    }

    /// The only branch that is left: its keywords move up if nothing is in their way; otherwise it is part of `allOf`.
    fn single(&mut self, keyword: &str, only: Value) {
        let at = local(&[keyword, "0"]);
        // A schema that restricts nothing allows `null` anyway.
        let restricts = only.as_object().is_none_or(|members| members.keys().any(|key| !is_annotation(key)));
        let describes = self.members.keys().all(|key| key == keyword || is_annotation(key));
        let fits = |(key, value): (&String, &Value)| key != "$ref" && self.get(key).is_none_or(|own| own == value);
        match only {
            Value::Object(branch) if describes && branch.iter().all(fits) => {
                let rest: Vec<String> =
                    self.members.keys().skip_while(|key| *key != keyword).skip(1).cloned().collect();
                self.take(keyword);
                self.members.extend(branch);
                self.moves(&at, "");
                // What stood behind the choice stays behind its keywords.
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

/// The value of a schema that has one value and says nothing else but words.
fn described_value(branch: &Value) -> Option<Value> {
    let members = branch.as_object()?;
    let [value] = members.get("enum")?.as_array()?.as_slice() else { return None };
    let is_word = |key: &str| matches!(key, "enum" | "type" | "title" | "description" | "deprecated");
    members.keys().all(|key| is_word(key)).then(|| value.clone())
}

/// The target and the words of a schema that is a reference with words.
fn described_reference(branch: &Value) -> Option<(String, Members)> {
    let members = branch.as_object()?;
    let [reference] = members.get("allOf")?.as_array()?.as_slice() else { return None };
    let target = bare(reference)?.to_owned();
    // What a discriminator tells apart is an object anyway.
    let is_word = |(key, value): (&String, &Value)| match key.as_str() {
        "type" => value == "object",
        "nullable" => false,
        key => is_annotation(key),
    };
    let mut words = members.clone();
    words.shift_remove("allOf");
    (!words.is_empty() && words.iter().all(is_word)).then_some((target, words))
}
