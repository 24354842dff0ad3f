//! Part of `repetition`: checks whether the keys match their operation.
//!
//! In: an operation with its document, and the parsed keys. Out: a fault for each part of the request or the response that does not exist
//! or has an unsuitable type.

use serde_json::{Value, json};

use super::keys::{Faults, Path, path_text};
use super::pagination::{
    PageParameter::{self, *},
    PageStep::*,
    PageValue::{self, *},
    Pagination,
};
use super::polling::Polling;
use crate::certain::Certain;
use crate::json::{items, members, only, unquoted};
use crate::pointer::Pointer;
use crate::reference::resolved;
use crate::structure::media::is_json;

/// The maximum number of schemas that a value consists of.
const MAX_PARTS: usize = 256;

/// The check of an operation against its keys.
pub(super) struct Check<'d> {
    document: &'d Value,
    path: &'d str,
    method: &'d str,
    operation: &'d Value,
    pub(super) faults: Faults,
}

/// The schemas of a value; `None` if it is any JSON.
type Described<'d> = Option<Parts<'d>>;

/// The schemas that apply to a value together: a schema with all parts of its `allOf`.
struct Parts<'d>(Vec<&'d Value>);

impl<'d> Parts<'d> {
    fn get(&self, key: &str) -> Option<&'d Value> {
        self.0.iter().find_map(|part| part.get(key))
    }

    fn kind(&self) -> Option<&'d str> {
        let implied = [("properties", "object"), ("items", "array")];
        let implied = || implied.into_iter().find(|(key, _)| self.get(key).is_some()).map(|(_, kind)| kind);
        self.get("type").and_then(Value::as_str).or_else(implied)
    }

    fn is_scalar(&self) -> bool {
        matches!(self.kind(), Some("string" | "number" | "integer" | "boolean"))
            || self.kind().is_none() && self.has("enum")
    }

    fn is_number(&self) -> bool {
        matches!(self.kind(), Some("number" | "integer"))
    }

    fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Returns `true` if the value is unrestricted.
    fn is_any(&self) -> bool {
        self.kind().is_none() && ["enum", "oneOf", "anyOf", "not"].iter().all(|key| !self.has(key))
    }
}

impl<'d> Check<'d> {
    pub(super) fn new(document: &'d Value, path: &'d str, method: &'d str, operation: &'d Value) -> Self {
        Self { document, path, method, operation, faults: Faults::default() }
    }

    fn id(&self) -> &'d str {
        self.operation["operationId"].as_str().unwrap_or_default()
    }

    /// Combines schemas, including the parts of `allOf`.
    fn described(&self, mut waiting: Vec<&'d Value>) -> Described<'d> {
        let mut parts = Vec::new();
        while let Some(schema) = waiting.pop().filter(|_| parts.len() < MAX_PARTS) {
            let Some(schema) = resolved(self.document, schema) else { continue };
            parts.push(schema);
            waiting.extend(items(schema.get("allOf")));
            for key in ["oneOf", "anyOf"] {
                // A choice with one branch is not a choice.
                waiting.extend(only(items(schema.get(key)).filter(|branch| branch["enum"] != json!([null]))));
            }
        }
        Some(Parts(parts)).filter(|parts| !parts.is_any())
    }

    /// Returns the JSON schema that all successes share.
    fn body(&mut self, at: &Pointer) -> Option<&'d Value> {
        let id = self.id();
        let schemas: Option<Vec<&Value>> = self.successes().into_iter().map(|success| self.json(success)).collect();
        let is_same = |one, other| one == other || resolved(self.document, one) == resolved(self.document, other);
        let fault = match schemas.as_deref() {
            Some([first, rest @ ..]) if rest.iter().all(|other| is_same(first, other)) => return Some(first),
            Some([_, _, ..]) => format!("the successes of `{id}` have bodies of several types"),
            _ => format!("not every success of `{id}` has a JSON body"),
        };
        self.faults.push((at.clone(), fault));
        None
    }

    fn successes(&self) -> Vec<&'d Value> {
        let of = |is_meant: fn(&str) -> bool| {
            let responses = members(self.operation.get("responses")).filter(|(status, _)| is_meant(status));
            responses.map(|(_, response)| response).collect::<Vec<_>>()
        };
        let documented = of(|status| status.starts_with('2'));
        if documented.is_empty() { of(|status| status == "default") } else { documented }
    }

    /// Returns the schema of the JSON in a body.
    fn json(&self, body: &'d Value) -> Option<&'d Value> {
        const ANY: &Value = &Value::Null;
        let content = || members(resolved(self.document, body).and_then(|body| body.get("content")));
        let plain = content().find(|(name, _)| name.eq_ignore_ascii_case("application/json"));
        let (_, media_type) = plain.or_else(|| content().find(|(name, _)| is_json(name)))?;
        Some(media_type.get("schema").unwrap_or(ANY))
    }

    /// Returns the value at a path.
    fn named(&mut self, from: &'d Value, path: &Path, at: &Pointer) -> Option<Described<'d>> {
        let mut found = self.described(vec![from]);
        for (index, name) in path.iter().enumerate() {
            let Some(parts) = found else { return Some(None) };
            let Some(next) = self.property(&parts, name) else {
                let known = path.get(..index).certain("the index is one of the path");
                let whole =
                    if known.is_empty() { "there is".to_owned() } else { format!("`{}` has", path_text(known)) };
                self.faults.push((at.clone(), format!("{whole} no property `{name}`")));
                return None;
            };
            found = next;
        }
        Some(found)
    }

    /// Returns a property of an object; `None` if there is no such property.
    fn property(&self, parts: &Parts<'d>, name: &str) -> Option<Described<'d>> {
        let declared: Vec<_> = parts.0.iter().filter_map(|part| part.get("properties")?.get(name)).collect();
        if !declared.is_empty() {
            return Some(self.described(declared));
        }
        match parts.get("additionalProperties") {
            Some(schema @ Value::Object(_)) => Some(self.described(vec![schema])),
            Some(Value::Bool(true)) => Some(None),
            None if parts.kind() == Some("object") && !parts.has("properties") => Some(None),
            _ => None,
        }
    }

    /// Returns the value at a path, which must be a string, a number or a boolean; `None` if it is not, or any JSON.
    fn scalar(&mut self, from: &'d Value, path: &Path, at: &Pointer) -> Option<Parts<'d>> {
        let parts = self.named(from, path, at)??;
        if !parts.is_scalar() {
            let fault = format!("`{}` is neither a string nor a number nor a boolean", path_text(path));
            self.faults.push((at.clone(), fault));
        }
        Some(parts).filter(Parts::is_scalar)
    }

    /// Checks that the pagination matches its operation.
    pub(super) fn pagination(&mut self, pagination: &Pagination) {
        let Pagination { step, items, more, first: _, total_pages, total_items, origin } = pagination;
        let Some(page) = self.body(origin) else { return };
        let list = self.items(page, items, &origin.key("items"));
        for (key, path) in [("more", more), ("totalPages", total_pages), ("totalItems", total_items)] {
            if let Some(path) = path {
                self.scalar(page, path, &origin.key(key));
            }
        }
        let (parameter, value) = match step {
            Parameter(parameter, value) => (parameter, value),
            Next(path) => {
                self.scalar(page, path, &origin.key("next"));
                return;
            }
            Link => return,
        };
        let at = origin.key(match value {
            Token(_) | LastItem(_) | ResponseHeader(_) => "token",
            Page(_) => "page",
            Offset => "offset",
        });
        self.parameter(parameter, value, &at);
        match (value, list) {
            (Token(path), _) => self.token(parameter, page, path, &at.key("property")),
            (LastItem(path), Some(item)) => self.token(parameter, item, path, &at.key("item")),
            _ => {}
        }
    }

    /// Returns the schema of an item.
    fn items(&mut self, page: &'d Value, path: &Path, at: &Pointer) -> Option<&'d Value> {
        let found = self.named(page, path, at)?;
        if let Some(parts) = found.filter(|parts| parts.kind() == Some("array")) {
            return Some(parts.get("items").unwrap_or(&Value::Null));
        }
        if path.is_empty() {
            // The key is absent and cannot be pointed at.
            let at = at.parent().certain("the key is in an operation");
            self.faults
                .push((at, "the body is not an array: `items` must name the property with the array".to_owned()));
        } else {
            self.faults.push((at.clone(), format!("`{}` is not an array", path_text(path))));
        }
        None
    }

    /// Checks the value that selects the next page. In a body it may have any type.
    fn token(&mut self, parameter: &PageParameter, from: &'d Value, path: &Path, at: &Pointer) {
        match parameter {
            Query(_) | Header(_) => drop(self.scalar(from, path, at)),
            Body(_) => drop(self.named(from, path, at)),
        }
    }

    /// Checks that the page's parameter exists and accepts its value unchanged.
    fn parameter(&mut self, parameter: &PageParameter, value: &PageValue, step: &Pointer) {
        match parameter {
            Query(name) => self.own_parameter("query", name, value, step.key("parameter")),
            Header(name) => self.own_parameter("header", name, value, step.key("header")),
            Body(path) => self.body_property(path, value, step.key("body")),
        }
    }

    fn own_parameter(&mut self, location: &str, name: &str, value: &PageValue, at: Pointer) {
        // Names of headers are case-insensitive (RFC 9110 §5.1).
        let is_named = |known: &str| known == name || location == "header" && known.eq_ignore_ascii_case(name);
        let holders = [Some(self.operation), self.document["paths"].get(self.path)];
        let mut parameters = holders.into_iter().flatten().flat_map(|holder| items(&holder["parameters"]));
        let found = parameters.find_map(|parameter| {
            let parameter = resolved(self.document, parameter)?;
            (parameter["in"] == location && is_named(parameter["name"].as_str()?)).then_some(parameter)
        });
        let Some(found) = found else {
            let id = self.id();
            return self.faults.push((at, format!("the operation `{id}` has no {location} parameter `{name}`")));
        };
        let has_style = found.get("content").is_none()
            && found.get("style").is_none_or(|style| style == "form" || style == "simple");
        if !has_style || !takes(found.get("schema").and_then(|schema| self.described(vec![schema])), value) {
            let expected = if is_number(value) { "a number" } else { "a string or a number" };
            self.faults.push((at, format!("the {location} parameter `{name}` does not take {expected}")));
        }
    }

    fn body_property(&mut self, path: &Path, value: &PageValue, at: Pointer) {
        let body = self.operation.get("requestBody");
        let Some(json) = body.and_then(|body| self.json(body)) else {
            let id = self.id();
            return self.faults.push((at, format!("the operation `{id}` sends no JSON body")));
        };
        let Some(found) = self.named(json, path, &at) else { return };
        if is_number(value) && !takes(found, value) {
            self.faults.push((at, format!("the property `{}` of the body does not take a number", path_text(path))));
        }
    }

    /// Checks that the polling matches its operation.
    pub(super) fn polling(&mut self, polling: &Polling) {
        let Polling { property, success, failure, progress, error, origin } = polling;
        // RFC 9110 §9.2.1: a safe method.
        if !matches!(self.method, "get" | "QUERY") {
            let method = self.method.to_ascii_uppercase();
            let fault = format!("the operation is a `{method}`, which must not be repeated");
            return self.faults.push((origin.clone(), fault));
        }
        let Some(body) = self.body(origin) else { return };
        if let Some(error) = error {
            self.named(body, error, &origin.key("error"));
        }
        let Some(parts) = self.scalar(body, property, &origin.key("property")) else { return };
        let known: Vec<String> = match parts.get("enum") {
            Some(values) => items(values).map(unquoted).collect(),
            None if parts.kind() == Some("boolean") => vec!["true".to_owned(), "false".to_owned()],
            None => return,
        };
        for (key, states) in [("success", success), ("failure", failure), ("progress", progress)] {
            for (index, state) in states.iter().enumerate().filter(|(_, state)| !known.contains(state)) {
                let at = origin.key(key).index(index);
                self.faults.push((at, format!("`{}` has no value `{state}`", path_text(property))));
            }
        }
    }
}

fn is_number(value: &PageValue) -> bool {
    matches!(value, Page(_) | Offset)
}

/// Returns `true` if a parameter of this type accepts such a value.
fn takes(described: Described<'_>, value: &PageValue) -> bool {
    described.is_none_or(|parts| parts.is_number() || !is_number(value) && parts.is_scalar())
}
