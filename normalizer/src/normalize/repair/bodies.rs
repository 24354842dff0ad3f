//! Part of `repair`: required request bodies without `required`, and responses that cannot have a body because of their status.
//!
//! In: the whole document. Out: `required: true` for bodies of POST, PUT and PATCH if every schema is an object with a required property,
//! or a union of such objects. Bodiless responses lose their `content`: a server cannot send it, so every response would be an error.
//! Invariants: `required: false` stays, and so does a body that is shared with an operation of another method; a shared response keeps its
//! `content` for other statuses.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Repairer;
use crate::certain::Certain;
use crate::json::{Members, cloned, count_nodes, items, members, object, object_at, set};
use crate::limits::Budget;
use crate::normalize::pass::{Interpreted, Rule};
use crate::normalize::reference::{self, all_of, followed, resolved};
use crate::pointer::Pointer;
use crate::structure::grammar::{all_operations, has_no_body};

/// The maximum number of schemas and names to examine in a document.
const MAX_LOOKED_AT: usize = 1_000_000;

/// The maximum nesting of unions.
const NESTED: usize = 3;

impl Repairer<'_> {
    /// Makes bodies required if their schemas require something.
    pub(super) fn required_bodies(&mut self, document: &mut Value) {
        for at in unsaid(document) {
            let Some(body) = object_at(document, &at) else { continue };
            set(body, "required", true);
            let text = "assumed the body to be required, because its schema requires properties";
            self.record.count(("body-required", Interpreted), at, text);
        }
    }
}

/// Returns bodies that are required although `required` is absent.
fn unsaid(document: &Value) -> BTreeSet<Pointer> {
    let (mut found, mut optional) = (BTreeSet::new(), BTreeSet::new());
    let search = BodySearch { document, budget: Budget::of(MAX_LOOKED_AT) };
    for (_, method, at, _) in all_operations(document) {
        let Some((at, body)) = followed(document, at.key("requestBody"), reference::text) else { continue };
        if matches!(method, "post" | "put" | "patch") {
            // A shared body is examined once.
            if !found.contains(&at) && search.is_meant(body) {
                found.insert(at);
            }
        } else {
            optional.insert(at);
        }
    }
    &found - &optional
}

struct BodySearch<'d> {
    document: &'d Value,
    budget: Budget,
}

impl<'d> BodySearch<'d> {
    fn is_meant(&self, body: &'d Value) -> bool {
        let mut media_types = members(&body["content"]).map(|(_, media_type)| media_type).peekable();
        body.get("required").is_none()
            && media_types.peek().is_some()
            && media_types.all(|one| one.get("schema").is_some_and(|schema| self.requires(schema, NESTED)))
    }

    /// Returns `true` if a schema is an object with a required property that is sent, or a union of such objects. Unions are nested up to
    /// `levels` deep.
    fn requires(&self, schema: &'d Value, levels: usize) -> bool {
        let parts = all_of(self.document, schema, &self.budget);
        let is_object = |part: &&Value| match part["type"].as_str() {
            Some(kind) => kind == "object",
            None => part.get("properties").is_some(),
        };
        let is_other =
            |part: &&Value| part["nullable"] == true || part["type"].as_str().is_some_and(|kind| kind != "object");
        let is_read_only = |property| resolved(self.document, property).is_some_and(|one| one["readOnly"] == true);
        let mut required = parts.iter().flat_map(|part| items(&part["required"])).filter_map(Value::as_str);
        let mut requires_property = || {
            required.any(|name| {
                let mut properties = parts.iter().filter_map(|part| part["properties"].get(name));
                self.budget.spend(parts.len()) && !properties.any(is_read_only)
            })
        };
        let is_union = || {
            let mut branches =
                parts.iter().flat_map(|part| items(&part["oneOf"]).chain(items(&part["anyOf"]))).peekable();
            levels > 0 && branches.peek().is_some() && branches.all(|branch| self.requires(branch, levels - 1))
        };
        !parts.iter().any(is_other) && (parts.iter().any(is_object) && requires_property() || is_union())
    }
}

/// The rule for removed content.
const RULE: Rule = ("content-without-body", Interpreted);

impl Repairer<'_> {
    /// Removes the `content` of responses without a body.
    pub(super) fn bodiless(&mut self, responses: &mut Members) {
        for (status, response) in responses.iter_mut().filter(|(status, _)| has_no_body(status)) {
            let Value::Object(response) = response else { continue };
            if has_content(response) {
                response.shift_remove("content");
                self.count(RULE, status, removed(status));
            }
        }
    }

    /// Replaces references to shared responses that have a body with copies without it.
    pub(super) fn bodiless_references(&mut self, document: &mut Value) {
        for (at, response) in with_shared_content(document, &self.copies) {
            let Some(node) = at.get_mut(document) else { continue };
            *node = response;
            let text = removed(&at.last().certain("a response has a status"));
            self.record.count(RULE, at, text);
        }
    }
}

/// Returns bodiless responses that refer to a response with a body, each with a bodiless copy.
fn with_shared_content(document: &Value, copies: &Budget) -> Vec<(Pointer, Value)> {
    let mut found = Vec::new();
    for (.., at, operation) in all_operations(document) {
        let responses = members(operation.get("responses")).filter(|(status, _)| has_no_body(status));
        for (status, response) in responses.filter(|(_, response)| reference::text(response).is_some()) {
            let Some(Value::Object(shared)) = resolved(document, response) else { continue };
            let rest = || shared.iter().filter(|(key, _)| *key != "content");
            if has_content(shared) && copies.spend(rest().map(|(_, part)| count_nodes(part)).sum()) {
                found.push((at.key("responses").key(status), rest().map(cloned).collect()));
            }
        }
    }
    found
}

fn has_content(response: &Members) -> bool {
    object(response, "content").is_some_and(|content| !content.is_empty())
}

fn removed(status: &str) -> String {
    format!("removed `content` of the status {status}, which has no body in HTTP")
}
