//! Part of `v31`: schemas of JSON Schema 2020-12 (and older drafts) → schemas of OpenAPI 3.0.3 (§4.7.24).
//!
//! In: a schema whose parts are converted. Out: the schema with the keywords of 3.0.3. Invariant: no restriction of values is added;
//! keywords that only restrict values may be moved to an extension, and are listed.

mod containers;
mod scalars;
mod types;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Node;
use crate::json::{has_any, object_mut, remove_empty};
use crate::normalize::pass::Interpreted;
use crate::spelling::is_among;
use crate::structure::extensions::UNEVALUATED_PROPERTIES;
use crate::structure::grammar::{Kind, is_extension};

impl Node<'_> {
    /// Converts a schema whose parts are converted.
    pub(super) fn schema(&mut self) {
        if self.is_modern() {
            self.notice_mixture();
            self.empty_lists();
        }
        // Each rule relies on the previous ones.
        self.identifiers();
        self.constant();
        self.bounds();
        self.examples();
        self.tuples();
        self.patterns();
        self.properties();
        self.content();
        self.branches();
        self.types();
        if self.is_modern() {
            self.null_among_values();
            self.lists();
            self.siblings();
        }
        self.keep(Kind::Schema);
    }

    /// Keeps the meaning of 3.0 keywords in a document of a later version.
    fn notice_mixture(&mut self) {
        if self.has("nullable") {
            self.count(
                ("mixed-dialect", Interpreted),
                "nullable",
                "read `nullable`, which 3.1 does not have, as in 3.0",
            );
        }
        for key in ["exclusiveMinimum", "exclusiveMaximum"] {
            if self.get(key).is_some_and(Value::is_boolean) {
                let text = "read boolean `exclusiveMinimum` and `exclusiveMaximum`, which 3.1 does not have, as in 3.0";
                self.count(("mixed-dialect", Interpreted), key, text);
            }
        }
    }

    /// Removes keywords that only identify a schema, since references are resolved, or that describe its dialect.
    fn identifiers(&mut self) {
        for key in ["$id", "$anchor", "$dynamicAnchor", "$vocabulary"] {
            let is_shaped = self.get(key).is_some_and(|id| id.is_string() || key == "$vocabulary");
            if is_shaped && self.take(key).is_some() {
                let text = "removed identifiers of schemas (`$id`, `$anchor`), which are no longer needed";
                self.same("identifiers", key, text);
            }
        }
        if let Some(dialect) = self.unknown_dialect("$schema") {
            self.take("$schema");
            let text = format!("read a schema in the dialect `{dialect}` like schemas of OpenAPI 3.1");
            self.note(("dialect", Interpreted), "$schema", text);
        }
        for key in ["$defs", "definitions"] {
            // The rest are references to the components that replaced the definitions.
            let Some(members) = object_mut(&mut self.members, key).filter(|_| self.convert.hoists) else { continue };
            members.retain(|_, member| !member.is_object());
            remove_empty(&mut self.members, key);
        }
        if self.rename("$comment", "x-comment") {
            self.same("comment", "$comment", "kept `$comment` as `x-comment`");
        }
    }

    /// Moves siblings of a `$ref` into effect: they apply (JSON Schema 2020-12 §8.2.3.1), but 3.0 ignores them.
    fn siblings(&mut self) {
        let Some(Value::String(target)) = self.get("$ref") else { return };
        if self.members.len() < 2 {
            return;
        }
        let reference = json!({ "$ref": target });
        let length = self.list("allOf").map(Vec::len);
        let done = match length {
            Some(_) => {
                self.take("$ref");
                self.add_all_of(&["$ref"], reference)
            }
            None => self.replace("$ref", "allOf", json!([reference])),
        };
        if done {
            let place = length.unwrap_or_default().to_string();
            let from: &[&str] = if length.is_some() { &["allOf", &place] } else { &["allOf"] };
            self.moves(from, &["allOf", &place, "$ref"]);
            self.same("reference-siblings", "$ref", "moved a `$ref` with siblings into `allOf`");
        }
    }

    /// Returns `true` if the schema consists of other schemas.
    pub(super) fn is_composed(&self) -> bool {
        has_any(&self.members, &["$ref", "allOf", "anyOf", "oneOf", "if", "dependentSchemas"])
    }
}

/// Returns `true` if the keyword only describes a schema, without restricting values.
fn is_annotation(key: &str) -> bool {
    const WORDS: &str = "title description default example deprecated readOnly writeOnly externalDocs xml nullable";
    is_extension(key) || is_among(WORDS, key)
}

/// Returns a schema for values that match any of these schemas. `None` if the list is empty.
fn any_of(mut schemas: Vec<Value>) -> Option<Value> {
    let mut seen = BTreeSet::new();
    schemas.retain(|schema| seen.insert(schema.to_string()));
    if schemas.len() > 1 { Some(json!({ "anyOf": schemas })) } else { schemas.pop() }
}

/// Returns `true` if the surrounding schema handles `true` and `false` under this keyword.
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
