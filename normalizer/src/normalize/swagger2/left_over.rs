//! Part of `swagger2`: remains of Swagger 2.0 in OpenAPI 3 documents: parameters `in: body` and `in: formData`, the address, security schemes,
//! formats of arrays, and schemas of responses and request bodies without a media type.
//!
//! In: an OpenAPI 3 document. Out: the same with those parameters in request bodies, and in the words of OpenAPI 3. Invariant: all
//! else stays as it is; what OpenAPI 3's own words say already counts.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::body::{LEFT_OVER_FORM, fields};
use super::convert::{Convert, names_in, run};
use super::media::{BYTES, JSON, MULTIPART, Sketch, URLENCODED};
use super::parameters::{Listed, Sorted, has_format};
use super::record::MovedNode;
use super::servers::Address;
use super::targets::list;
use crate::diagnostic::codes;
use crate::json::{Members, count_nodes, is_true, items, members, object_entry, object_mut, put, set};
use crate::limits::MAX_WRITTEN_OUT;
use crate::normalize::pass::{Interpreted, Lossy, Outcome, fault};
use crate::pointer::Pointer;
use crate::structure::grammar::{components_at, is_extension, operations};
use crate::structure::media::essence;

/// The objects whose members are path items.
const PATHS: [&str; 2] = ["paths", "webhooks"];

/// Turns such parameters into request bodies, and such words into those of OpenAPI 3.
///
/// # Errors
/// Operations with two bodies, or with two different form fields of one name.
pub(crate) fn left_over(value: Value) -> Outcome {
    run(value, |convert, document| convert.left_over(document))
}

/// Whether an OpenAPI 3 document has parameters or other words of Swagger 2.0.
pub(crate) fn has_left_over(document: &Value) -> bool {
    let is_left_over = |parameter: &Value| {
        matches!(parameter["in"].as_str(), Some("body" | "formData")) || parameter.as_object().is_some_and(has_format)
    };
    let lists_one = |holder: &Value| items(&holder["parameters"]).any(is_left_over);
    let has_one = |holder: &Value, section: &str, is_one: &dyn Fn(&Value) -> bool| {
        members(&holder[section]).any(|(_, member)| is_one(member))
    };
    let operation = |operation: &Value| {
        lists_one(operation)
            || has_bare_schema(&operation["requestBody"])
            || bare_responses(operation.get("responses")).next().is_some()
    };
    let components = document.get("components").unwrap_or(&Value::Null);
    let path_items =
        || PATHS.into_iter().flat_map(|key| members(&document[key]).filter(move |(path, _)| is_path(key, path)));
    says_address(document)
        || undeclared(document).next().is_some()
        || [document, components].into_iter().any(|holder| {
            has_one(holder, "parameters", &is_left_over) || has_one(holder, "responses", &has_bare_schema)
        })
        || has_one(components, "requestBodies", &has_bare_schema)
        || path_items().any(|(_, item)| lists_one(item) || operations(item).any(|(.., one)| operation(one)))
}

/// Whether a member of `paths` or `webhooks` is a path item. Extensions stand among the former only.
fn is_path(key: &str, path: &str) -> bool {
    key != "paths" || !is_extension(path)
}

impl<'d> Convert<'d> {
    fn left_over(&mut self, document: &'d Members) -> Value {
        self.shared = components_at("parameters");
        self.is_left_over = true;
        let mut new = document.clone();
        // `host`, `basePath` and `schemes` of a document without `servers`.
        if says_address(self.document) {
            let address = Address::of(document, &mut self.record);
            address.keys.iter().for_each(|key| drop(new.shift_remove(*key)));
            set(&mut new, "servers", address.servers());
        }
        self.schemes_left_over(&mut new);
        let mut new = Value::Object(new);
        self.formats_left_over(&mut new);
        self.shared_bodies_left_over(&mut new);
        if let Some(Value::Object(components)) = new.get_mut("components") {
            self.shared_left_over(components);
        }
        for key in PATHS {
            let Some(Value::Object(path_items)) = new.get_mut(key) else { continue };
            for (path, old) in members(document.get(key)).filter(|(path, _)| is_path(key, path)) {
                if let Some(item) = path_items.get_mut(path) {
                    self.path_item_left_over(item, old, &MovedNode::same(Pointer::root().key(key).key(path)));
                }
            }
        }
        self.unused_fields();
        new
    }

    /// Provenance shared bodies to `components/requestBodies`, and shared form fields to the operations.
    fn shared_left_over(&mut self, components: &mut Members) {
        let old = self.shared.get(self.document).and_then(Value::as_object);
        let mut names = names_in(components, "requestBodies");
        for (name, parameter) in old.into_iter().flatten() {
            let Some("body" | "formData") = parameter["in"].as_str() else { continue };
            if let Some(parameters) = object_mut(components, "parameters") {
                parameters.shift_remove(name);
            }
            let given = names.free(std::slice::from_ref(name), "_");
            let place = MovedNode::same(self.shared.key(name));
            if let Some((section, body)) = self.shared_parameter(parameter, &given, &place)
                && let Some(section) = object_entry(components, section)
            {
                section.insert(given, body);
            }
        }
        components.retain(|key, section| key != "parameters" || section.as_object().is_none_or(|all| !all.is_empty()));
    }

    fn path_item_left_over(&mut self, item: &mut Value, old: &'d Value, place: &MovedNode) {
        let Value::Object(holder) = old else { return };
        let (parameters, shared) = self.parameters(holder, place);
        if let Value::Object(item) = item
            && items(holder.get("parameters")).next().is_some()
        {
            set_or_remove(item, "parameters", parameters);
        }
        let mut has_operation = false;
        for (_, below, operation) in operations(old) {
            has_operation = true;
            if let (Some(Value::Object(new)), Value::Object(operation)) = (item.pointer_mut(below.as_str()), operation)
            {
                self.operation_left_over(new, operation, &shared, &MovedNode::same(place.after.join(&below)));
            }
        }
        self.bodies_of_path(&shared, has_operation, place);
    }

    fn operation_left_over(&mut self, new: &mut Members, old: &'d Members, shared: &Sorted<'d>, place: &MovedNode) {
        if self.copied > MAX_WRITTEN_OUT {
            return;
        }
        let (parameters, own) = self.parameters(old, place);
        if items(old.get("parameters")).next().is_some() {
            set_or_remove(new, "parameters", parameters);
        }
        self.bodies_left_over(new, old, place);
        let body = match old.get("requestBody") {
            None => self.request_body(&own, shared, old, place),
            Some(Value::Object(body)) if !own.is_empty() || !shared.is_empty() => {
                self.joined_body(body, &own, shared, old, place)
            }
            Some(_) => return,
        };
        if body.as_ref().is_some_and(|body| !self.is_expanded(body, place)) {
            set_or_remove(new, "requestBody", body);
        }
    }

    /// Counts what is made of left-over words. Whether that is too much.
    fn is_expanded(&mut self, made: &Value, place: &MovedNode) -> bool {
        self.copied += count_nodes(made);
        let is_expanded = self.copied > MAX_WRITTEN_OUT;
        if is_expanded {
            let message = "keywords of Swagger 2.0 expand to far more than the document contains";
            let help = "write the schemas of parameters and responses under `components` and refer to them";
            self.record.fault(fault(codes::EXPANSION, place.before.clone(), message, help));
        }
        is_expanded
    }

    /// The request body that an operation has, with the form fields among its parameters.
    fn joined_body(
        &mut self,
        body: &'d Members,
        own: &Sorted<'d>,
        shared: &Sorted<'d>,
        operation: &Members,
        place: &MovedNode,
    ) -> Option<Value> {
        let to = place.key("requestBody");
        for second in own.bodies.iter().chain(&shared.bodies) {
            let text = format!("removed the `body` parameter `{}`: the operation has a `requestBody`", second.name());
            self.record.note("left-over-body", Lossy, &MovedNode::new(&second.at, &place.after), text);
        }
        let fields = self.distinct(&fields(own, shared));
        let (first, (body, origin)) = (fields.first()?.at.clone(), self.follow(body, &to.before)?);
        self.record.count("left-over-form", Interpreted, &MovedNode::new(&first, &to.after), LEFT_OVER_FORM);
        let mut body = body.clone();
        if origin != to.before {
            self.record.copied(&origin, to.after.clone());
        }
        let content_at = to.after.key("content");
        let content = object_entry(&mut body, "content")?;
        let is_form = |name: &&String| [MULTIPART, URLENCODED].contains(&essence(name).as_str());
        let mut forms: Vec<String> = content.keys().filter(is_form).cloned().collect();
        if forms.is_empty() {
            forms = self.form_media(&fields, &list(operation.get("consumes")).unwrap_or_default(), &to);
        }
        let was_copy = self.record.is_copy;
        for name in forms {
            if let Some(media) = object_entry(content, &name) {
                self.join_form(media, &fields, essence(&name) == MULTIPART, &content_at.key(&name));
            }
            self.record.is_copy = true;
        }
        self.record.is_copy = was_copy;
        if fields.iter().any(|field| is_true(field.members, "required")) {
            set(&mut body, "required", true);
        }
        Some(Value::Object(body))
    }

    /// Adds form fields to the form that a media type describes.
    fn join_form(&mut self, media: &mut Members, fields: &[Listed<'d>], is_multipart: bool, at: &Pointer) {
        let Some(schema) = media.shift_remove("schema") else {
            media.extend(self.fields(fields, is_multipart, at));
            return;
        };
        let parts = at.key("schema").key("allOf");
        self.record.moved(&MovedNode::new(&at.key("schema"), &parts.index(0)));
        let (form, encoding) = self.form_schema(fields, is_multipart, &parts.index(1), &at.key("encoding"));
        set(media, "schema", json!({ "allOf": [schema, form] }));
        if let Some(known) = object_entry(media, "encoding") {
            for (name, style) in encoding {
                known.entry(name).or_insert(style);
            }
        }
        media.retain(|key, encoding| key != "encoding" || encoding.as_object().is_none_or(|all| !all.is_empty()));
    }
}

/// Sets a member that stays where it is, or takes it out.
fn set_or_remove(holder: &mut Members, key: &str, value: Option<Value>) {
    match value {
        Some(value) => drop(holder.insert(key.to_owned(), value)),
        None => drop(holder.shift_remove(key)),
    }
}

const SCHEMES: &str = "securityDefinitions";

/// Whether a document says where its API is in the words of Swagger 2.0 only.
fn says_address(document: &Value) -> bool {
    let says = |key: &str| document[key].is_string();
    let has_servers = document.get("servers").is_some_and(|servers| items(servers).next().is_some());
    !has_servers && (says("host") || says("basePath"))
}

/// Whether a response or a request body has a schema and no media type.
fn has_bare_schema(body: &Value) -> bool {
    body["schema"].is_object() && body.get("content").is_none() && body.get("$ref").is_none()
}

/// The responses of an operation that have a schema and no media type.
fn bare_responses(responses: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    members(responses).filter(|(status, response)| !is_extension(status) && has_bare_schema(response))
}

/// The security schemes that the document declares in the words of Swagger 2.0 only.
fn undeclared(document: &Value) -> impl Iterator<Item = (&String, &Value)> {
    let declared = document.pointer("/components/securitySchemes");
    let is_undeclared = move |name: &String| declared.is_none_or(|declared| declared.get(name).is_none());
    members(document.get(SCHEMES)).filter(move |(name, scheme)| scheme.is_object() && is_undeclared(name))
}

impl<'d> Convert<'d> {
    /// Security schemes go to the others.
    fn schemes_left_over(&mut self, new: &mut Members) {
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
    fn formats_left_over(&mut self, new: &mut Value) {
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
    pub(super) fn format_left_over(&mut self, parameter: &Members, place: &MovedNode) -> Value {
        let text = "replaced `type` and `collectionFormat` of Swagger 2.0 with `schema` and `style`";
        self.record.count("left-over-format", Interpreted, place, text);
        self.parameter(parameter, place)
    }

    /// Shared responses and request bodies.
    fn shared_bodies_left_over(&mut self, new: &mut Value) {
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
    fn bodies_left_over(&mut self, new: &mut Members, old: &'d Members, place: &MovedNode) {
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
