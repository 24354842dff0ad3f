//! Part of `normalize`: an overlay that follows the examples of a document where they contradict its schemas.
//!
//! In: the contradictions, and the way back to the document that overlays apply to. Out: an overlay, for people to look through.
//! Invariant: an action selects a schema that is there; what cannot be said by a keyword or two is left to people.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::evidence::{Contradiction, Found};
use crate::json::text;
use crate::pointer::Pointer;

/// The overlay; `None` if there is nothing to suggest. `document` is what overlays apply to, and `earlier` leads there.
pub(super) fn overlay(
    found: &[Found],
    document: &Value,
    earlier: impl Fn(&Pointer) -> Option<Pointer>,
) -> Option<Value> {
    let mut actions = Vec::new();
    for one in found {
        let Some(at) = earlier(&one.schema) else { continue };
        // A repair may have made the schema of something else.
        if let Some(schema) = document.pointer(at.as_str()).and_then(Value::as_object) {
            actions.extend(suggested(one, schema, &query(&at)));
        }
    }
    // Several places may come from one, and what an action has removed another would not find.
    let mut seen = HashSet::new();
    actions.retain(|action| seen.insert((action["target"].to_string(), action["update"].to_string())));
    let info = json!({"title": "What the examples say", "version": "1"});
    (!actions.is_empty()).then(|| json!({"overlay": "1.1.0", "info": info, "actions": actions}))
}

/// The actions on the schema that `target` selects.
fn suggested(found: &Found, schema: &Map<String, Value>, target: &str) -> Vec<Value> {
    let words = found.text();
    let remove = |below: &str| json!({"target": format!("{target}{below}"), "description": words, "remove": true});
    let update = |update: Value| json!({"target": target, "description": words, "update": update});
    match &found.contradiction {
        Contradiction::Type("array" | "object" | "null") => Vec::new(),
        Contradiction::Type(_) if found.is_disputed || schema.contains_key("enum") => Vec::new(),
        Contradiction::Type(wanted) => {
            // A string with the format of an integer is an integer in quotes.
            let is_quoted = *wanted == "string" && matches!(text(schema, "format"), Some("int32" | "int64"));
            let kind = schema.contains_key("type").then(|| remove(".type"));
            let format = (schema.contains_key("format") && !is_quoted).then(|| remove(".format"));
            kind.into_iter().chain([update(json!({ "type": wanted }))]).chain(format).collect()
        }
        Contradiction::Null => vec![update(json!({"nullable": true}))],
        Contradiction::Format => schema.contains_key("format").then(|| remove(".format")).into_iter().collect(),
        Contradiction::Required(name) => {
            let name = Value::from(name.as_str());
            let is_listed = |names: &Value| names.as_array().is_some_and(|names| names.contains(&name));
            let listed = schema.get("required").is_some_and(is_listed);
            listed.then(|| remove(&format!(".required[?@ == {name}]"))).into_iter().collect()
        }
    }
}

/// The JSONPath (RFC 9535) of a pointer.
fn query(at: &Pointer) -> String {
    let mut path = String::from("$");
    let mut is_list = false;
    for key in at.segments() {
        let begins_well = key.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
        if is_list && key.bytes().all(|byte| byte.is_ascii_digit()) {
            path.push_str(&format!("[{key}]"));
        } else if begins_well && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            path.push_str(&format!(".{key}"));
        } else {
            path.push_str(&format!("[{}]", Value::from(key.as_str())));
        }
        is_list = matches!(key.as_str(), "allOf" | "oneOf" | "anyOf" | "prefixItems" | "parameters" | "items");
    }
    path
}
