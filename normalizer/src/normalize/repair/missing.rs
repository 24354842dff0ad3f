//! Part of `repair`: what OpenAPI requires and authors leave out.
//!
//! In: an object's members, or the whole document. Out: the same with what is evidently meant. Invariant: nothing that is
//! there is changed.

use serde_json::{Value, json};

use super::{Members, Repairer, Rule};
use crate::normalize::names::{Piece, pieces};
use crate::normalize::pass::Weight;

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
}

fn variable(piece: Piece<'_>) -> Option<String> {
    match piece {
        Piece::Parameter(name) if !name.is_empty() && !name.contains('{') => Some(name.to_owned()),
        _ => None,
    }
}
