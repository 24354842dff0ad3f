//! Part of `mend`: paths that hold a query or a fragment (`/answers?beta=true`, `/answers#latest`).
//!
//! In: the map of paths. Out: paths without them; a query becomes parameters that take one value, a fragment is never sent.
//! Invariant: OpenAPI tells operations apart by method and path alone (3.0.3 §4.7.8), so one that differs from another in
//! nothing else is left out and named.

use serde_json::{Map, Value, json};

use super::Mender;
use crate::normalize::pass::Weight;

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

impl Mender<'_> {
    pub(super) fn queries(&mut self, paths: &mut Map<String, Value>) {
        let queried: Vec<String> = paths.keys().filter(|path| has_more(path)).cloned().collect();
        for path in queried {
            let (plain, query) = split(&path);
            let parameters = parameters(query);
            if !paths.contains_key(plain) {
                let renamed = |(key, value): (String, Value)| (if key == path { plain.to_owned() } else { key }, value);
                *paths = std::mem::take(paths).into_iter().map(renamed).collect();
                let to = self.path.key(plain);
                self.moved(&to, &path);
                if let Some(Value::Object(item)) = paths.get_mut(plain) {
                    add_parameters(item, &parameters);
                }
                let text = format!("`{path}` is the path `{plain}`{}", words(&parameters));
                self.note_at("path-query", to, Weight::Interpreted, text);
                continue;
            }
            let Some(Value::Object(item)) = paths.shift_remove(&path) else { continue };
            self.join(paths, plain, &path, item, &parameters);
        }
    }

    /// Adds the operations of a path with a query to the path without it.
    fn join(
        &mut self,
        paths: &mut Map<String, Value>,
        plain: &str,
        queried: &str,
        mut item: Map<String, Value>,
        parameters: &[Value],
    ) {
        let shared = item.shift_remove("parameters");
        let Some(Value::Object(target)) = paths.get_mut(plain) else { return };
        for method in METHODS {
            let Some(mut operation) = item.shift_remove(method) else { continue };
            let from = self.path.key(queried).key(method);
            let to = self.path.key(plain).key(method);
            let verb = method.to_uppercase();
            let name =
                operation.get("operationId").and_then(Value::as_str).map_or_else(String::new, |id| format!(" ({id})"));
            if target.contains_key(method) {
                let text =
                    format!("`{verb} {queried}`{name} is left out: OpenAPI cannot tell it from `{verb} {plain}`");
                let before = self.moves.before(&from);
                self.entries.push(crate::normalize::pass::Entry {
                    rule: "path-query",
                    before,
                    after: to,
                    text,
                    weight: Weight::Lossy,
                });
                continue;
            }
            if let Value::Object(operation) = &mut operation {
                let own = shared.as_ref().and_then(Value::as_array);
                add_parameters(operation, own.map_or(&[][..], Vec::as_slice));
                add_parameters(operation, parameters);
            }
            let before = self.moves.before(&from);
            self.moves.push(to.clone(), before);
            target.insert(method.to_owned(), operation);
            let text = format!("`{verb} {queried}`{name} is at the path `{plain}`{}", words(parameters));
            self.note_at("path-query", to, Weight::Interpreted, text);
        }
    }
}

fn has_more(path: &str) -> bool {
    let (plain, query) = split(path);
    // What is in braces behind the `?` has no one value.
    path.starts_with('/') && plain.len() < path.len() && !query.contains('{')
}

/// The path itself, and its query.
fn split(path: &str) -> (&str, &str) {
    let sent = path.split('#').next().unwrap_or_default();
    sent.split_once('?').unwrap_or((sent, ""))
}

fn words(parameters: &[Value]) -> &'static str {
    if parameters.is_empty() { ": a fragment is never sent" } else { " with parameters that take one value" }
}

/// `beta=true&v=2` as parameters, each required and with one value.
fn parameters(query: &str) -> Vec<Value> {
    let decoded =
        |text: &str| percent_encoding::percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let schema = json!({"enum": [decoded(value)], "type": "string"});
            json!({"name": decoded(name), "in": "query", "required": true, "schema": schema})
        })
        .collect()
}

fn add_parameters(holder: &mut Map<String, Value>, parameters: &[Value]) {
    let list = holder.entry("parameters").or_insert_with(|| Value::Array(Vec::new()));
    if let Value::Array(list) = list {
        let known = |list: &[Value], parameter: &Value| {
            list.iter().any(|other| {
                other.get("name") == parameter.get("name")
                    && other.get("in") == parameter.get("in")
                    && other.get("name").is_some()
            })
        };
        for parameter in parameters {
            if !known(list, parameter) {
                list.push(parameter.clone());
            }
        }
    }
}
