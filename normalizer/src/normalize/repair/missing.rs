//! Part of `repair`: what OpenAPI requires and authors leave out.
//!
//! In: an object's members, or the whole document. Out: the same with what is evidently meant. Invariant: nothing that is
//! there is changed.

use serde_json::{Map, Value, json};

use super::{Members, Repairer, Rule};
use crate::json::put;
use crate::normalize::names::{Piece, pieces};
use crate::normalize::pass::Weight;
use crate::pointer::Pointer;
use crate::structure::grammar::operations;

impl Repairer<'_> {
    /// Adds a member that has to be there.
    pub(super) fn need(
        &mut self,
        members: &mut Members,
        key: &str,
        value: impl Into<Value>,
        rule: Rule,
        text: impl Into<String>,
    ) {
        if members.get(key).is_none_or(Value::is_null) {
            self.set(members, key, value, rule, text);
        }
    }

    /// `info` and `paths` (OpenAPI 3.0.3 §4.7.1).
    pub(super) fn root(&mut self, members: &mut Members) {
        for (key, rule) in [("info", ("info-missing", Weight::Interpreted)), ("paths", ("paths-missing", Weight::Same))]
        {
            self.need(members, key, json!({}), rule, format!("there is no `{key}`: an empty one is added"));
        }
    }

    /// `title` and `version` of `info` (OpenAPI 3.0.3 §4.7.2).
    pub(super) fn info(&mut self, members: &mut Members) {
        for (key, value) in [("title", "API"), ("version", "0")] {
            let text = format!("`info` has no `{key}`: `{value}` is taken for it");
            self.need(members, key, value, ("info-missing", Weight::Interpreted), text);
        }
    }

    /// `responses` of an operation (OpenAPI 3.0.3 §4.7.16): there is at least one.
    pub(super) fn responses(&mut self, members: &mut Members) {
        let is_response = |(key, value): (&String, &Value)| !key.starts_with("x-") && !value.is_null();
        let has_some = match members.get("responses") {
            None | Some(Value::Null) => false,
            Some(Value::Object(responses)) => responses.iter().any(is_response),
            Some(_) => true,
        };
        if has_some {
            return;
        }
        let responses = members.entry("responses").or_insert(Value::Null);
        if !responses.is_object() {
            *responses = json!({});
        }
        if let Value::Object(responses) = responses {
            responses.insert(String::from("2XX"), json!({"description": ""}));
        }
        let text = "no response is described: `2XX` without a body is taken for it";
        self.note("responses-missing", "responses", Weight::Interpreted, text);
    }

    /// The variables that a server's URL names (OpenAPI 3.0.3 §4.7.5).
    pub(super) fn server(&mut self, members: &mut Members) {
        let Some(Value::String(url)) = members.get("url") else { return };
        let names: Vec<String> = pieces(url).into_iter().filter_map(variable).collect();
        for name in names {
            let variables = members.entry("variables").or_insert_with(|| json!({}));
            let Value::Object(variables) = variables else { return };
            if !variables.contains_key(&name) {
                let text = format!("`{{{name}}}` is not among the server's variables: its default is its own name");
                variables.insert(name.clone(), json!({"default": name}));
                self.note("server-variable", "variables", Weight::Interpreted, text);
            }
        }
    }

    /// The schemes that security requirements name (OpenAPI 3.0.3 §4.7.30): whoever calls such an operation has a credential.
    pub(super) fn security_schemes(&mut self, document: &mut Value) {
        for (name, at) in undeclared(document) {
            let scheme = if name.to_ascii_lowercase().contains("basic") { "basic" } else { "bearer" };
            let home = Pointer::root().key("components").key("securitySchemes").key(&name);
            put(document, &home, json!({"type": "http", "scheme": scheme}));
            if document.pointer(home.as_str()).is_some() {
                let text = format!("the security scheme `{name}` is not declared: `{scheme}` is taken for it");
                self.note_at("security-scheme-missing", at, Weight::Interpreted, text);
            }
        }
    }
}

fn variable(piece: Piece<'_>) -> Option<String> {
    match piece {
        Piece::Parameter(name) if !name.is_empty() && !name.contains('{') => Some(name.to_owned()),
        _ => None,
    }
}

/// The security schemes that are required and not declared, each with the first requirement that names it.
fn undeclared(document: &Value) -> Vec<(String, Pointer)> {
    let declared = document.pointer("/components/securitySchemes");
    let operations = document.get("paths").and_then(Value::as_object).into_iter().flatten().flat_map(|(path, item)| {
        let at = Pointer::root().key("paths").key(path);
        operations(item).map(move |(_, below, operation)| (at.join(&below), operation))
    });
    let mut found: Vec<(String, Pointer)> = Vec::new();
    for (at, holder) in std::iter::once((Pointer::root(), document)).chain(operations) {
        let requirements = holder.get("security").and_then(Value::as_array).into_iter().flatten().enumerate();
        for (index, requirement) in requirements {
            for name in requirement.as_object().into_iter().flat_map(Map::keys) {
                let is_known = declared.is_some_and(|declared| declared.get(name).is_some());
                if !is_known && found.iter().all(|(known, _)| known != name) {
                    found.push((name.clone(), at.key("security").index(index).key(name)));
                }
            }
        }
    }
    found
}
