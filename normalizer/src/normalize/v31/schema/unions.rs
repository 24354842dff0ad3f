//! Part of `v31`: `null` in `oneOf` and `anyOf`, and words beside their references.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::super::Convert;
use super::super::node::{Node, local};
use super::types::type_of;
use super::{annotations, is_annotation};
use crate::normalize::pass::Weight;

/// Simplifies the choices of a schema.
pub(super) fn branches(convert: &mut Convert, node: &mut Node) {
    for keyword in ["oneOf", "anyOf"] {
        null_branch(convert, node, keyword);
        described_values(convert, node, keyword);
        plain_references(convert, node, keyword);
    }
}

/// A branch that says nothing but `null` makes the choice `nullable`; a choice of one is no choice.
fn null_branch(convert: &mut Convert, node: &mut Node, keyword: &str) {
    let Some(list) = node.list(keyword) else { return };
    let is_null: Vec<bool> =
        (0..list.len()).map(|index| convert.nulls.contains(&convert.at(keyword).index(index))).collect();
    let kept = is_null.iter().filter(|null| !**null).count();
    if kept == list.len() || kept == 0 {
        return;
    }
    let Some(Value::Array(list)) = node.members.get_mut(keyword).map(Value::take) else { return };
    let mut others = Vec::with_capacity(kept);
    for (index, (branch, is_null)) in list.into_iter().zip(is_null).enumerate() {
        if is_null {
            keep_words(node, &branch);
            node.moves_first(local(&[keyword, &index.to_string()]), local(&["nullable"]));
        } else {
            let to = local(&[keyword, &others.len().to_string()]);
            node.moves_first(local(&[keyword, &index.to_string()]), to);
            others.push(branch);
        }
    }
    if node.has("type") && !node.get("type").is_some_and(names_null) {
        let text = "a branch of `null` makes its choice `nullable`, though the type beside it does not say so";
        convert.count("null-branch", Weight::Interpreted, keyword, text);
    } else {
        convert.same("null-branch", keyword, "a branch of `null` makes its choice `nullable`");
    }
    if let [_] = others.as_slice()
        && let Some(only) = others.pop()
    {
        single(node, keyword, only);
    } else {
        node.set(keyword, others);
        node.set("nullable", true);
    }
    // By the letter of 3.0.3, `nullable` adds to a type that stands beside it only.
    if node.get("default") == Some(&Value::Null) && !node.has("type") && node.rename("default", "x-default") {
        convert.same("null-default", "default", "the default `null` of a choice is kept as `x-default`");
    }
}

fn names_null(kind: &Value) -> bool {
    let is_null = |kind: &Value| kind == "null";
    is_null(kind) || kind.as_array().is_some_and(|kinds| kinds.iter().any(is_null))
}

/// What a branch of `null` says about itself.
fn keep_words(node: &mut Node, branch: &Value) {
    let Some(members) = branch.as_object() else { return };
    let words: Map<String, Value> = annotations(members)
        .filter(|(key, _)| *key != "nullable")
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    if !words.is_empty() && !node.has("x-null") {
        node.set("x-null", Value::Object(words));
    }
}

/// The only branch that is left: its keywords move up if nothing is in their way; otherwise it is part of `allOf`.
fn single(node: &mut Node, keyword: &str, only: Value) {
    let at = local(&[keyword, "0"]);
    // A schema that restricts nothing allows `null` anyway.
    let restricts = only.as_object().is_none_or(|members| members.keys().any(|key| !is_annotation(key)));
    let fits = match &only {
        Value::Object(branch) => {
            let is_reference = branch.contains_key("$ref");
            let describes = node.members.keys().all(|key| key == keyword || is_annotation(key));
            let clashes = branch.iter().any(|(key, value)| node.get(key).is_some_and(|own| own != value));
            !is_reference && describes && !clashes
        }
        _ => false,
    };
    match only {
        Value::Object(branch) if fits => {
            let rest = node.members.keys().skip_while(|key| *key != keyword).skip(1).cloned().collect::<Vec<_>>();
            node.take(keyword);
            for (key, value) in branch {
                node.set(&key, value);
            }
            node.moves(&at, "");
            // What stood behind the choice stays behind its keywords.
            for key in rest {
                if let Some(value) = node.take(&key) {
                    node.set(&key, value);
                }
            }
        }
        only => {
            if node.has("allOf") {
                node.take(keyword);
                node.add_all_of(&at, only);
            } else {
                node.replace(keyword, "allOf", json!([only]));
            }
        }
    }
    if restricts {
        node.set("nullable", true);
    }
}

/// A value of an enumeration with its title and description.
struct Described {
    value: Value,
    title: Option<Value>,
    description: Option<Value>,
    deprecated: bool,
}

/// A choice of single values, each with words of its own, is how later versions describe the values of an enumeration.
/// In 3.0 it is an `enum` with the names and words that many tools know beside it.
fn described_values(convert: &mut Convert, node: &mut Node, keyword: &str) {
    let is_plain = |key: &String| matches!(key.as_str(), "type" | "format") || key == keyword || is_annotation(key);
    let stands_alone = node.members.keys().all(is_plain);
    if !convert.is_modern() || !stands_alone || node.has("x-enum-varnames") || node.has("x-enum-descriptions") {
        return;
    }
    let Some(branches) = node.list(keyword).filter(|branches| branches.len() > 1) else { return };
    let Some(values) = branches.iter().map(described_value).collect::<Option<Vec<_>>>() else { return };
    let kinds: BTreeSet<_> = values.iter().map(|described| type_of(&described.value)).collect();
    let distinct: BTreeSet<_> = values.iter().map(|described| described.value.to_string()).collect();
    let (Some(kind), 1) = (kinds.first().copied().flatten(), kinds.len()) else { return };
    let fits = node.get("type").is_none_or(|own| own == kind || (own == "number" && kind == "integer"));
    if !fits || distinct.len() != values.len() || matches!(kind, "array" | "object") {
        return;
    }
    let count = values.len();
    let (mut list, mut names, mut words, mut old) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (index, Described { value, title, description, deprecated }) in values.into_iter().enumerate() {
        node.moves_first(local(&[keyword, &index.to_string()]), local(&["enum", &index.to_string()]));
        names.extend(title);
        words.push(description.unwrap_or_else(|| json!("")));
        if deprecated {
            old.push(value.clone());
        }
        list.push(value);
    }
    node.replace(keyword, "enum", Value::Array(list));
    if !node.has("type") {
        node.set("type", kind);
    }
    if names.len() == count {
        node.set("x-enum-varnames", names);
    }
    if words.iter().any(|word| word != "") {
        node.set("x-enum-descriptions", words);
    }
    if !old.is_empty() {
        node.set("x-enum-deprecated", old);
    }
    let text =
        "a choice of single values is an `enum`, with their words in `x-enum-varnames` and `x-enum-descriptions`";
    convert.same("described-values", keyword, text);
}

/// A schema that has one value and says nothing else but words.
fn described_value(branch: &Value) -> Option<Described> {
    let members = branch.as_object()?;
    let [value] = members.get("enum")?.as_array()?.as_slice() else { return None };
    let is_word = |key: &str| matches!(key, "enum" | "type" | "title" | "description" | "deprecated");
    let text = |key: &str| members.get(key).filter(|text| text.is_string()).cloned();
    members.keys().all(|key| is_word(key)).then(|| Described {
        value: value.clone(),
        title: text("title"),
        description: text("description"),
        deprecated: members.get("deprecated") == Some(&Value::Bool(true)),
    })
}

/// A discriminator leads to plain references only: the words beside them are kept elsewhere.
fn plain_references(convert: &mut Convert, node: &mut Node, keyword: &str) {
    if !convert.is_modern() || !node.has("discriminator") {
        return;
    }
    let Some(list) = node.list(keyword) else { return };
    let mut described = Vec::new();
    for (index, branch) in list.iter().enumerate() {
        if let Some((reference, words)) = described_reference(branch) {
            described.push((index, reference, words));
        }
    }
    if described.is_empty() || node.has("x-branch-notes") {
        return;
    }
    let mut notes = Map::new();
    for (index, reference, words) in described {
        let branch = local(&[keyword, &index.to_string()]);
        if let Some(Value::String(target)) = reference.get("$ref") {
            for key in words.keys() {
                node.moves_first(format!("{branch}{}", local(&[key])), local(&["x-branch-notes", target, key]));
            }
            notes.insert(target.clone(), Value::Object(words));
        }
        // The reference is back where it was.
        convert.track.nothing_moved_inside(&convert.at(keyword).index(index));
        if let Some(place) = node.members.get_mut(keyword).and_then(|list| list.get_mut(index)) {
            *place = reference;
        }
    }
    node.set("x-branch-notes", Value::Object(notes));
    let text = "words beside the references that a discriminator leads to are kept in `x-branch-notes`";
    convert.same("reference-siblings", keyword, text);
}

/// The reference and the words of a schema that is a reference with words.
fn described_reference(branch: &Value) -> Option<(Value, Map<String, Value>)> {
    let members = branch.as_object()?;
    let [reference] = members.get("allOf")?.as_array()?.as_slice() else { return None };
    let is_plain = reference.as_object().is_some_and(|all| all.len() == 1 && all.contains_key("$ref"));
    // What a discriminator tells apart is an object anyway.
    let is_word = |key: &str, value: &Value| match key {
        "type" => value == "object",
        "nullable" => false,
        key => is_annotation(key),
    };
    let others = || members.iter().filter(|(key, _)| *key != "allOf");
    let only_words = others().all(|(key, value)| is_word(key, value));
    let words: Map<String, Value> = others().map(|(key, value)| (key.clone(), value.clone())).collect();
    (is_plain && only_words && !words.is_empty()).then(|| (reference.clone(), words))
}
