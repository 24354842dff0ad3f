//! Pass of `normalize`: Swagger 2.0 → OpenAPI 3.0.3.
//!
//! In: a Swagger 2.0 document. Out: the same API in OpenAPI 3.0.3, or every fault that makes its meaning ambiguous.
//! Invariant: no operation or definition is lost, references keep their targets, and everything that 3.0.3 cannot
//! express is kept as an `x-` key. Malformed nodes are left unchanged and reported by [`crate::structure`].
//!
//! The sections cited as §x are those of the Swagger 2.0 specification's object tables, by the objects' names.

mod body;
mod convert;
mod left_over;
mod media;
mod parameters;
mod responses;
mod schema;
mod servers;
mod targets;

use serde_json::{Map, Value, json};

use super::pass::{Equivalent, Interpreted, Lossy, Record};
use super::reference::bare;
use super::version::CANONICAL_VERSION;
use crate::json::{Members, members, object, object_entry, set, text};
use crate::pointer::Pointer;
use crate::structure::extensions::ADDITIONAL_OPERATIONS;
use crate::structure::grammar::{METHODS, is_extension};
use convert::{Convert, INLINED, MovedNode, names_in, run};
use left_over::has_bare_schema;
pub(super) use left_over::left_over;
use parameters::Sorted;
use servers::Address;
use targets::{end, list, member_of};

/// Converts a Swagger 2.0 document to OpenAPI 3.0.3.
pub(crate) fn pass(value: &mut Value, record: &mut Record) {
    run(value, record, |convert, document| convert.document(document));
}

/// The sections that become sections of `components`, with their new names and the text for the ledger.
const SECTIONS: [(&str, &str, &str); 4] = [
    ("definitions", "schemas", "moved `definitions` to `components/schemas`"),
    (
        "parameters",
        "parameters",
        "moved `parameters` to `components`: bodies to `requestBodies`, others to `parameters`",
    ),
    ("responses", "responses", "moved `responses` to `components/responses`"),
    ("securityDefinitions", "securitySchemes", "moved `securityDefinitions` to `components/securitySchemes`"),
];

impl<'d> Convert<'d> {
    /// §Swagger Object. A combined key takes the position of the first of its sources.
    fn document(&mut self, document: &'d Members) -> Value {
        self.address = Address::of(document, self);
        let components = self.components(document);
        let mut new = Map::new();
        for (key, value) in document {
            let place = MovedNode::same(Pointer::top(key));
            let converted = match key.as_str() {
                "swagger" => {
                    let place = place.to(Pointer::top("openapi"));
                    self.moved(&place);
                    self.note(("version", Equivalent), &place, "converted Swagger 2.0 to OpenAPI 3.0.3");
                    set(&mut new, "openapi", CANONICAL_VERSION);
                    None
                }
                key if self.address.keys.contains(&key) => {
                    new.entry("servers").or_insert_with(|| self.address.servers());
                    None
                }
                "consumes" | "produces" if list(Some(value)).is_some() => None,
                "openapi" => None,
                "components" | "definitions" | "parameters" | "responses" | "securityDefinitions"
                    if value.is_object() =>
                {
                    new.entry("components").or_insert_with(|| components.clone().into());
                    None
                }
                "paths" => Some(self.members(value, &place, |convert, path, item, place| {
                    if is_extension(path) { item.clone() } else { convert.path_or_reference(item, place) }
                })),
                _ => Some(value.clone()),
            };
            new.extend(converted.map(|converted| (key.clone(), converted)));
        }
        if self.address.is_known() {
            new.entry("servers").or_insert_with(|| self.address.servers());
        }
        self.unused_fields();
        new.into()
    }

    /// §Definitions, §Parameters Definitions, §Responses Definitions, §Security Definitions Object.
    fn components(&mut self, document: &'d Members) -> Members {
        let mut components = object(document, "components").cloned().unwrap_or_default();
        for (old, new, text) in SECTIONS {
            let Some(members) = object(document, old) else { continue };
            let root = Pointer::top("components");
            let place = MovedNode { before: Pointer::top(old), after: root.key(new) };
            self.moved(&place);
            self.copied(&place.before, root);
            if !members.is_empty() {
                self.count(("components", Equivalent), &place, text);
            }
            let mut names = names_in(&components, new);
            for (name, member) in members {
                let given = names.free(std::slice::from_ref(name), "_");
                let place = place.renamed(name, &given);
                let converted = match old {
                    "definitions" => Some((new, self.definition(name, member, &place))),
                    "parameters" => self.shared_parameter(member, &given, &place),
                    "responses" => Some((new, self.shared_response(member, &place))),
                    _ => Some((new, self.security_scheme(member, &place))),
                };
                if given != *name {
                    // A body is in another section now.
                    self.moved(&place);
                    let text = format!("renamed `{name}` to `{given}`: `components` already has one of that name");
                    self.note(("component-name", Interpreted), &place, text);
                }
                if let Some((section, converted)) = converted
                    && let Some(section) = object_entry(&mut components, section)
                {
                    section.insert(given, converted);
                }
            }
        }
        components
    }

    /// Inlines path items from other places: OpenAPI 3 describes paths under `paths` only.
    fn path_or_reference(&mut self, item: &'d Value, place: &MovedNode) -> Value {
        let found = bare(item).and_then(|reference| end(self.document, reference));
        match (found, item) {
            (Some((origin, Value::Object(target))), _) if member_of("paths", &origin).is_none() => {
                self.note(("inlined-reference", Equivalent), place, INLINED);
                let copy = MovedNode::new(&origin, &place.after);
                self.moved(&copy);
                self.path_item(target, &copy)
            }
            (_, Value::Object(item)) => self.path_item(item, place),
            _ => item.clone(),
        }
    }

    /// §Path Item Object.
    fn path_item(&mut self, item: &'d Members, place: &MovedNode) -> Value {
        let (mut parameters, shared) = self.parameters(item, place);
        let mut new = Map::with_capacity(item.len());
        let mut has_operation = false;
        for (key, value) in item {
            let is_method = METHODS.contains(&key.as_str());
            has_operation |= is_method || key == ADDITIONAL_OPERATIONS;
            let place = place.key(key);
            let converted = match value {
                Value::Object(_) if is_method => Some(self.operation(value, &shared, &place)),
                Value::Object(_) if key == ADDITIONAL_OPERATIONS => Some(self.members(
                    value,
                    &place,
                    |convert, _, operation, at| convert.operation(operation, &shared, at),
                )),
                Value::Array(_) if key == "parameters" => parameters.take(),
                _ => Some(value.clone()),
            };
            new.extend(converted.map(|converted| (key.clone(), converted)));
        }
        self.bodies_of_path(&shared, has_operation, place);
        new.into()
    }

    /// Adds entries about the bodies and form fields among a path's own parameters.
    fn bodies_of_path(&mut self, shared: &Sorted<'d>, has_operation: bool, place: &MovedNode) {
        for listed in shared.bodies.iter().chain(&shared.fields) {
            let at = MovedNode::new(&listed.at, &place.after);
            if !has_operation {
                let text = format!("removed `{}`: the path has no operation that sends it", listed.name());
                self.note(("path-body-unused", Lossy), &at, text);
            } else if !self.is_left_over {
                let text = "copied the body or form field of a path to each operation";
                self.count(("path-body", Equivalent), &at, text);
            }
        }
    }

    /// §Operation Object.
    fn operation(&mut self, value: &'d Value, shared: &Sorted<'d>, place: &MovedNode) -> Value {
        let Some(operation) = value.as_object().filter(|_| self.budget.spend(0)) else {
            return value.clone();
        };
        let (mut parameters, own) = self.parameters(operation, place);
        let (sent, to) = (own.with_inherited(shared), place.key("requestBody"));
        let consumes = list(operation.get("consumes")).unwrap_or_else(|| self.consumes.clone());
        let body = match operation.get("requestBody").filter(|_| self.is_left_over) {
            Some(body) => self.body_left_over(body, &sent, &consumes, &to),
            None => self.request_body(&sent, &consumes, &to.after),
        };
        let body = body.and_then(|body| Some(("requestBody".to_owned(), self.unless_expanded(body, place)?)));
        let mut responses = members(operation.get("responses")).filter(|(status, _)| !is_extension(status));
        let has_bare_response = responses.any(|(_, response)| has_bare_schema(response));
        let mut new = Map::with_capacity(operation.len());
        for (key, value) in operation {
            let place = place.key(key);
            let converted = match key.as_str() {
                "parameters" if value.is_array() => parameters.take(),
                "consumes" if self.is_left_over => Some(value.clone()),
                "produces" if self.is_left_over && !has_bare_response => Some(value.clone()),
                "consumes" | "produces" if list(Some(value)).is_some() => None,
                "schemes" if value.is_array() && !self.is_left_over => {
                    new.extend(self.schemes(value, &place));
                    None
                }
                "responses" => {
                    let produces = list(operation.get("produces")).unwrap_or_else(|| self.produces.clone());
                    Some(self.responses(value, &produces, &place))
                }
                _ => Some(value.clone()),
            };
            new.extend(converted.map(|converted| (key.clone(), converted)));
        }
        new.extend(body);
        new.into()
    }

    /// Returns the member that replaces an operation's `schemes`, if they differ from the document's.
    fn schemes(&mut self, value: &Value, place: &MovedNode) -> Option<(String, Value)> {
        let Some(schemes) = list(Some(value)) else { return Some(("schemes".to_owned(), value.clone())) };
        if schemes.is_empty() || self.address.has_schemes(&schemes) {
            return None;
        }
        let (key, converted, kind, text) = match self.address.servers_by(schemes) {
            Some(servers) => ("servers", servers, Equivalent, "replaced `schemes` of an operation with servers"),
            None => (
                "x-schemes",
                value.clone(),
                Interpreted,
                "kept `schemes` of an operation as `x-schemes`: the API has no fixed host",
            ),
        };
        let place = place.to(place.after.parent().unwrap_or_default().key(key));
        self.moved(&place);
        self.count(("operation-schemes", kind), &place, text);
        Some((key.to_owned(), converted))
    }

    /// §Security Scheme Object.
    pub(super) fn security_scheme(&mut self, value: &Value, place: &MovedNode) -> Value {
        let Value::Object(scheme) = value else { return value.clone() };
        let flow = match (text(scheme, "type"), text(scheme, "flow")) {
            (Some("basic"), _) => {
                self.count(
                    ("basic", Equivalent),
                    place,
                    "replaced the type `basic` with `http` and the scheme `basic`",
                );
                let mut new = scheme.clone();
                set(&mut new, "type", "http");
                new.entry("scheme").or_insert("basic".into());
                return new.into();
            }
            (Some("oauth2"), Some(flow @ ("implicit" | "password"))) => flow,
            (Some("oauth2"), Some("application")) => "clientCredentials",
            (Some("oauth2"), Some("accessCode")) => "authorizationCode",
            _ => return value.clone(),
        };
        self.oauth2(scheme, flow, place)
    }

    /// Converts a scheme with the flow that 3.0 names `name`.
    fn oauth2(&mut self, scheme: &Members, name: &str, place: &MovedNode) -> Value {
        let (mut new, mut flow) = (Map::new(), Map::new());
        let flows = place.after.key("flows");
        let to = flows.key(name);
        for (key, value) in scheme {
            let before = place.before.key(key);
            match key.as_str() {
                "flow" => {
                    self.moved(&MovedNode::new(&before, &to));
                    self.copied(&before, flows.clone());
                }
                "authorizationUrl" | "tokenUrl" | "refreshUrl" | "scopes" => {
                    self.moved(&MovedNode { before, after: to.key(key) });
                    flow.insert(key.clone(), value.clone());
                }
                _ => drop(new.insert(key.clone(), value.clone())),
            }
        }
        let text = format!("moved the flow `{}` to `flows/{name}`", text(scheme, "flow").unwrap_or_default());
        self.note(("oauth2-flow", Equivalent), &place.to(to), text);
        set(&mut new, "flows", json!({ name: flow }));
        new.into()
    }
}

#[cfg(test)]
mod tests;
