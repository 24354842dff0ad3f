//! Part of `v31`: schemas of JSON Schema 2020-12 (and older drafts) → schemas of OpenAPI 3.0.3 (§4.7.24).
//!
//! In: a schema whose parts are converted. Out: the schema in the keywords of 3.0.3. Invariant: says nothing about values
//! that it did not say before; what only restricts them may go into an extension, and is listed.

mod conditions;
mod containers;
mod keywords;
mod scalars;
mod types;
mod unions;

use serde_json::{Value, json};

use super::convert::Convert;
use super::node::{Node, local};
use super::objects::{keep, unknown_dialect};
use crate::json::object_mut;
use crate::normalize::pass::Interpreted;
use crate::structure::extensions::UNEVALUATED_PROPERTIES;
use crate::structure::grammar::Kind;

/// The rules, in order: each relies on those before it.
const RULES: [fn(&mut Convert, &mut Node); 15] = [
    notice_mixture,
    identifiers,
    containers::empty_lists,
    scalars::constant,
    scalars::bounds,
    scalars::examples,
    containers::tuples,
    containers::patterns,
    conditions::properties,
    scalars::content,
    unions::branches,
    types::types,
    types::null_among_values,
    containers::lists,
    siblings,
];

/// Converts a schema whose parts are converted.
pub(super) fn convert(convert: &mut Convert, node: &mut Node) {
    for rule in RULES {
        rule(convert, node);
    }
    keep(convert, Kind::Schema, node);
}

/// Whether `true` and `false` under this keyword are for the schema around it to understand.
pub(super) fn takes_booleans(keyword: &str) -> bool {
    matches!(
        keyword,
        "additionalProperties"
            | "additionalItems"
            | "unevaluatedProperties"
            | UNEVALUATED_PROPERTIES
            | "unevaluatedItems"
            | "items"
    )
}

/// Keywords of 3.0 in a document of a later version mean what they mean in 3.0.
fn notice_mixture(convert: &mut Convert, node: &mut Node) {
    if !convert.is_modern() {
        return;
    }
    if node.has("nullable") {
        convert.count("mixed-dialect", Interpreted, "nullable", "read `nullable`, which 3.1 does not have, as in 3.0");
    }
    for key in ["exclusiveMinimum", "exclusiveMaximum"] {
        if node.get(key).is_some_and(Value::is_boolean) {
            let text = "read boolean `exclusiveMinimum` and `exclusiveMaximum`, which 3.1 does not have, as in 3.0";
            convert.count("mixed-dialect", Interpreted, key, text);
        }
    }
}

/// What only says how a schema is referred to, which is settled by now, and how it is to be read.
fn identifiers(convert: &mut Convert, node: &mut Node) {
    for key in ["$id", "$anchor", "$dynamicAnchor", "$recursiveAnchor", "$vocabulary"] {
        let is_shaped = node.get(key).is_some_and(|id| id.is_string() || id.is_boolean() || key == "$vocabulary");
        if is_shaped && node.take(key).is_some() {
            let text = "removed identifiers of schemas (`$id`, `$anchor`), which are no longer needed";
            convert.same("identifiers", key, text);
        }
    }
    if let Some(dialect) = unknown_dialect(convert, node, "$schema") {
        node.take("$schema");
        let text = format!("read a schema in the dialect `{dialect}` like schemas of OpenAPI 3.1");
        convert.note("dialect", Interpreted, "$schema", text);
    }
    for key in ["$defs", "definitions"] {
        // What is left are references to the components that the definitions have become.
        let Some(members) = object_mut(&mut node.members, key).filter(|_| convert.hoists) else { continue };
        members.retain(|_, member| !member.is_object());
        if members.is_empty() {
            node.take(key);
        }
    }
    if node.rename("$comment", "x-comment") {
        convert.same("comment", "$comment", "kept `$comment` as `x-comment`");
    }
}

/// Siblings of a `$ref` apply as well (JSON Schema 2020-12 §8.2.3.1); in 3.0 they would be ignored.
fn siblings(convert: &mut Convert, node: &mut Node) {
    let Some(Value::String(target)) = node.get("$ref") else { return };
    if !convert.is_modern() || node.members.len() < 2 {
        return;
    }
    let reference = json!({ "$ref": target });
    let length = node.list("allOf").map(Vec::len);
    let done = match length {
        Some(_) => {
            node.take("$ref");
            node.add_all_of("/$ref", reference)
        }
        None => node.replace("$ref", "allOf", json!([reference])),
    };
    if done {
        let from = length.map_or_else(|| local(&["allOf"]), |length| local(&["allOf", &length.to_string()]));
        node.moves(&from, &local(&["allOf", &length.unwrap_or_default().to_string(), "$ref"]));
        convert.same("reference-siblings", "$ref", "moved a `$ref` with siblings into `allOf`");
    }
}
