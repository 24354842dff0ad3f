//! Part of `left_over`: all words of Swagger 2.0 in an OpenAPI 3 document but parameters that are bodies: its address, its security
//! schemes, formats of arrays, and schemas of responses and request bodies without a media type.
//!
//! In: parts of the document. Out: the same in the words of OpenAPI 3. Invariant: what OpenAPI 3's own words say there counts.

use std::collections::HashSet;

use serde_json::Value;

use super::super::convert::Convert;
use super::super::media::{BYTES, JSON, Sketch};
use super::super::parameters::has_format;
use super::super::record::MovedNode;
use super::super::servers::Address;
use super::super::targets::list;
use crate::json::{Members, items, members, object_entry, object_mut, put, set};
use crate::normalize::pass::Interpreted;
use crate::pointer::Pointer;
use crate::structure::grammar::{components_at, is_extension};

const SCHEMES: &str = "securityDefinitions";

/// Whether a document says where its API is in the words of Swagger 2.0 only.
pub(super) fn says_address(document: &Value) -> bool {
    let says = |key: &str| document[key].is_string();
    let has_servers = document.get("servers").is_some_and(|servers| items(servers).next().is_some());
    !has_servers && (says("host") || says("basePath"))
}

/// Whether a response or a request body has a schema and no media type.
pub(super) fn has_bare_schema(body: &Value) -> bool {
    body["schema"].is_object() && body.get("content").is_none() && body.get("$ref").is_none()
}

/// The responses of an operation that have a schema and no media type.
pub(super) fn bare_responses(responses: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    members(responses).filter(|(status, response)| !is_extension(status) && has_bare_schema(response))
}

/// The security schemes that the document declares in the words of Swagger 2.0 only.
pub(super) fn undeclared(document: &Value) -> impl Iterator<Item = (&String, &Value)> {
    let declared = document.pointer("/components/securitySchemes");
    let is_undeclared = move |name: &String| declared.is_none_or(|declared| declared.get(name).is_none());
    members(document.get(SCHEMES)).filter(move |(name, scheme)| scheme.is_object() && is_undeclared(name))
}

impl<'d> Convert<'d> {
    /// `host`, `basePath` and `schemes` of a document without `servers`.
    pub(super) fn address_left_over(&mut self, new: &mut Members, document: &Members) {
        if !says_address(self.document) {
            return;
        }
        let address = Address::of(document, &mut self.record);
        for key in &address.keys {
            new.shift_remove(*key);
        }
        set(new, "servers", address.servers());
    }

    /// Security schemes go to the others.
    pub(super) fn schemes_left_over(&mut self, new: &mut Members) {
        let found: Vec<_> = undeclared(self.document).collect();
        let components = object_entry(new, "components").filter(|_| !found.is_empty());
        let Some(schemes) = components.and_then(|components| object_entry(components, "securitySchemes")) else {
            return;
        };
        let section = components_at("securitySchemes");
        for (name, scheme) in &found {
            let place = MovedNode { before: Pointer::root().key(SCHEMES).key(name), after: section.key(name) };
            self.record.moved(&place);
            let text = "moved `securityDefinitions` of Swagger 2.0 to `components`";
            self.record.count("left-over-scheme", Interpreted, &place, text);
            let converted = self.security_scheme(scheme, &place);
            schemes.insert((*name).clone(), converted);
        }
        let moved: HashSet<&String> = found.into_iter().map(|(name, _)| name).collect();
        if let Some(rest) = object_mut(new, SCHEMES) {
            rest.retain(|name, _| !moved.contains(name));
            if rest.is_empty() {
                new.shift_remove(SCHEMES);
            }
        }
    }

    /// Arrays in shared parameters. The others are taken care of where they are listed.
    pub(super) fn formats_left_over(&mut self, new: &mut Value) {
        for section in [Pointer::root().key("parameters"), self.shared.clone()] {
            let old = section.get(self.document);
            for (name, parameter) in members(old) {
                let Some(parameter) = parameter.as_object().filter(|parameter| has_format(parameter)) else { continue };
                let place = MovedNode::same(section.key(name));
                let converted = self.format_left_over(parameter, &place);
                put(new, &place.after, converted);
            }
        }
    }

    /// A parameter whose values are in a format of Swagger 2.0.
    pub(in super::super) fn format_left_over(&mut self, parameter: &Members, place: &MovedNode) -> Value {
        let text = "replaced `type` and `collectionFormat` of Swagger 2.0 with `schema` and `style`";
        self.record.count("left-over-format", Interpreted, place, text);
        self.parameter(parameter, place)
    }

    /// Shared responses and request bodies.
    pub(super) fn shared_bodies_left_over(&mut self, new: &mut Value) {
        let (responses, bodies) = (components_at("responses"), components_at("requestBodies"));
        for section in [&Pointer::root().key("responses"), &responses, &bodies] {
            let bare = members(section.get(self.document)).filter(|(_, body)| has_bare_schema(body));
            for (name, body) in bare {
                let place = MovedNode::same(section.key(name));
                let converted = match body {
                    Value::Object(body) if *section == bodies => self.bare_body(body, &self.consumes.clone(), &place),
                    response => {
                        self.note_bare_schema(&place);
                        self.shared_response(response, &place)
                    }
                };
                if self.is_expanded(&converted, &place) {
                    return;
                }
                put(new, &place.after, converted);
            }
        }
    }

    /// The responses and the request body of an operation.
    pub(super) fn bodies_left_over(&mut self, new: &mut Members, old: &'d Members, place: &MovedNode) {
        if let Some(Value::Object(body)) = old.get("requestBody").filter(|body| has_bare_schema(body)) {
            let consumes = list(old.get("consumes")).unwrap_or_else(|| self.consumes.clone());
            let converted = self.bare_body(body, &consumes, &place.key("requestBody"));
            if self.is_expanded(&converted, place) {
                return;
            }
            set(new, "requestBody", converted);
        }
        let is_any_bare = bare_responses(old.get("responses")).next().is_some();
        let Some(Value::Object(responses)) = new.get_mut("responses").filter(|_| is_any_bare) else { return };
        let produces = list(old.get("produces"));
        let listed = produces.clone().unwrap_or_else(|| self.produces.clone());
        for (status, response) in bare_responses(old.get("responses")) {
            let place = place.key("responses").key(status);
            self.note_bare_schema(&place);
            let converted = self.response_left_over(status, response, &listed, &place);
            if self.is_expanded(&converted, &place) {
                return;
            }
            responses.insert(status.clone(), converted);
        }
        if produces.is_some() {
            new.shift_remove("produces");
        }
    }

    /// A request body with a schema and no media type.
    fn bare_body(&mut self, body: &'d Members, consumes: &[String], place: &MovedNode) -> Value {
        self.note_bare_schema(place);
        let schema = body.get("schema");
        let is_file = schema.is_some_and(|schema| self.sketch(schema) == Sketch::File);
        let usual = [String::from(if is_file { BYTES } else { JSON })];
        let media_types = if consumes.is_empty() { &usual[..] } else { consumes };
        let content = self.schema_content(schema, media_types, &place.before.key("schema"), place);
        let mut new: Members = body.clone();
        new.shift_remove("schema");
        set(&mut new, "content", content);
        new.into()
    }

    fn note_bare_schema(&mut self, place: &MovedNode) {
        let text = "moved a `schema` without a media type, as in Swagger 2.0, into `content`";
        self.record.count("left-over-schema", Interpreted, place, text);
    }
}
