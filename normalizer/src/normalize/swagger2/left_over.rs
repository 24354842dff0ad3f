//! Part of `swagger2`: remains of Swagger 2.0 in OpenAPI 3 documents: parameters `in: body` and `in: formData`, the address, security
//! schemes, formats of arrays, and schemas of responses and request bodies without a media type.
//!
//! In: an OpenAPI 3 document. Out: the document with those parameters in request bodies, and with keywords of OpenAPI 3 only. Invariant:
//! everything else is unchanged; existing keywords of OpenAPI 3 take precedence.

use foldhash::HashSet;
use serde_json::Value;

use super::convert::{Convert, MovedNode, names_in, run};
use super::parameters::{Sorted, has_format};
use super::servers::Address;
use crate::diagnostic::codes;
use crate::json::{Members, count_nodes, items, members, object_entry, object_mut, put, remove_empty, set, text};
use crate::normalize::pass::{Interpreted, Lossy, Record, fault};
use crate::pointer::Pointer;
use crate::structure::grammar::{Kind, components_at, is_extension};
use crate::structure::slots::{Slot, Versions};

/// The objects whose members are path items.
const PATHS: [&str; 2] = ["paths", "webhooks"];

/// Converts such parameters to request bodies, and such keywords to those of OpenAPI 3. Copies of too many nodes are a fault.
pub(crate) fn left_over(value: &mut Value, record: &mut Record) {
    if has_left_over(value) {
        run(value, record, |convert, document| convert.left_over(document));
    }
}

/// Returns `true` if an OpenAPI 3 document has parameters or other keywords of Swagger 2.0.
pub(super) fn has_left_over(document: &Value) -> bool {
    let mut has_words = says_address(document) || undeclared(document).next().is_some();
    Slot::walk_all(document, Versions::All, |node, slot, _| {
        has_words |= match slot.object() {
            Some(Kind::Parameter) => {
                matches!(node["in"].as_str(), Some("body" | "formData")) || node.as_object().is_some_and(has_format)
            }
            Some(Kind::RequestBody | Kind::Response) => has_bare_schema(node),
            _ => false,
        };
        !has_words && slot != Slot::SCHEMA
    });
    has_words
}

impl<'d> Convert<'d> {
    fn left_over(&mut self, document: &'d Members) -> Value {
        self.shared = components_at("parameters");
        self.is_left_over = true;
        let mut new = document.clone();
        // `host`, `basePath` and `schemes` of a document without `servers`.
        if says_address(self.document) {
            let address = Address::of(document, self);
            address.keys.iter().for_each(|key| drop(new.shift_remove(*key)));
            set(&mut new, "servers", address.servers());
        }
        self.schemes_left_over(&mut new);
        let mut new = Value::Object(new);
        self.shared_words_left_over(&mut new);
        if let Some(Value::Object(components)) = new.get_mut("components") {
            self.shared_left_over(components);
        }
        for key in PATHS {
            let Some(path_items) = document.get(key) else { continue };
            let at = Pointer::top(key);
            let converted =
                self.members(path_items, &MovedNode::same(at.clone()), |convert, path, item, place| match item {
                    Value::Object(item) if key != "paths" || !is_extension(path) => convert.path_item(item, place),
                    _ => item.clone(),
                });
            put(&mut new, &at, converted);
        }
        self.unused_fields();
        new
    }

    /// Moves shared bodies to `components/requestBodies`, and shared form fields to the operations.
    fn shared_left_over(&mut self, components: &mut Members) {
        let mut names = names_in(components, "requestBodies");
        for (name, parameter) in members(self.shared.get(self.document)) {
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
        remove_empty(components, "parameters");
    }

    /// Returns the request body of an operation, if its schema is left over. It takes precedence over left-over parameters, which are
    /// removed.
    pub(super) fn body_left_over(
        &mut self,
        body: &'d Value,
        sent: &Sorted<'d>,
        consumes: &[String],
        place: &MovedNode,
    ) -> Option<Value> {
        for listed in sent.bodies.iter().chain(&sent.fields) {
            self.used_fields.insert(listed.origin.clone());
            let (kind, name) = (text(listed.members, "in").unwrap_or_default(), listed.name());
            let text = format!("removed the `{kind}` parameter `{name}`: the operation has a `requestBody`");
            let operation = place.after.parent().unwrap_or_default();
            self.note(("left-over-body", Lossy), &MovedNode::new(&listed.at, &operation), text);
        }
        let members = body.as_object().filter(|_| has_bare_schema(body))?;
        Some(self.bare_body(members, consumes, place))
    }

    /// Returns a converted value, unless too many values were created from left-over keywords.
    pub(super) fn unless_expanded(&mut self, made: Value, place: &MovedNode) -> Option<Value> {
        if self.budget.spend(if self.is_left_over { count_nodes(&made) } else { 0 }) {
            return Some(made);
        }
        let message = "keywords of Swagger 2.0 expand to far more than the document contains";
        let help = "write the schemas of parameters and responses under `components` and refer to them";
        self.record.faults.push(fault(codes::EXPANSION, place.before.clone(), message).with_help(help));
        None
    }
}

const SCHEMES: &str = "securityDefinitions";

/// Returns `true` if a document declares its address only with keywords of Swagger 2.0.
fn says_address(document: &Value) -> bool {
    let says = |key: &str| document[key].is_string();
    items(&document["servers"]).len() == 0 && (says("host") || says("basePath"))
}

/// Returns `true` if a response or a request body has a schema without a media type.
pub(super) fn has_bare_schema(body: &Value) -> bool {
    body["schema"].is_object() && body.get("content").is_none() && body.get("$ref").is_none()
}

/// Returns the security schemes that are only declared as in Swagger 2.0.
fn undeclared(document: &Value) -> impl Iterator<Item = (&String, &Value)> {
    let declared = document.pointer("/components/securitySchemes");
    let is_undeclared = move |name: &String| declared.is_none_or(|declared| declared.get(name).is_none());
    members(document.get(SCHEMES)).filter(move |(name, scheme)| scheme.is_object() && is_undeclared(name))
}

impl<'d> Convert<'d> {
    /// Moves left-over security schemes to `components`.
    fn schemes_left_over(&mut self, new: &mut Members) {
        let found: Vec<_> = undeclared(self.document).collect();
        let components = object_entry(new, "components").filter(|_| !found.is_empty());
        let Some(schemes) = components.and_then(|components| object_entry(components, "securitySchemes")) else {
            return;
        };
        let section = components_at("securitySchemes");
        for (name, scheme) in &found {
            let place = MovedNode { before: Pointer::top(SCHEMES).key(name), after: section.key(name) };
            self.moved(&place);
            let text = "moved `securityDefinitions` of Swagger 2.0 to `components`";
            self.count(("left-over-scheme", Interpreted), &place, text);
            let converted = self.security_scheme(scheme, &place);
            schemes.insert((*name).clone(), converted);
        }
        let moved: HashSet<&String> = found.into_iter().map(|(name, _)| name).collect();
        if let Some(rest) = object_mut(new, SCHEMES) {
            rest.retain(|name, _| !moved.contains(name));
        }
        remove_empty(new, SCHEMES);
    }

    /// Converts arrays in shared parameters, and shared responses and request bodies. Those of operations are converted in their places.
    fn shared_words_left_over(&mut self, new: &mut Value) {
        let bodies = components_at("requestBodies");
        let [parameters, responses] = ["parameters", "responses"].map(Pointer::top);
        for section in [parameters, self.shared.clone(), responses, components_at("responses"), bodies.clone()] {
            for (name, member) in members(section.get(self.document)) {
                let place = MovedNode::same(section.key(name));
                let Value::Object(described) = member else { continue };
                let converted = if section.last().as_deref() == Some("parameters") {
                    has_format(described).then(|| self.format_left_over(described, &place))
                } else if !has_bare_schema(member) {
                    None
                } else if section == bodies {
                    Some(self.bare_body(described, &self.consumes.clone(), &place))
                } else {
                    self.note_bare_schema(&place);
                    Some(self.shared_response(member, &place))
                };
                if let Some(converted) = converted.and_then(|converted| self.unless_expanded(converted, &place)) {
                    put(new, &place.after, converted);
                }
            }
        }
    }

    /// Converts a parameter with a `collectionFormat` of Swagger 2.0.
    pub(super) fn format_left_over(&mut self, parameter: &Members, place: &MovedNode) -> Value {
        let text = "replaced `type` and `collectionFormat` of Swagger 2.0 with `schema` and `style`";
        self.count(("left-over-format", Interpreted), place, text);
        self.parameter(parameter, place)
    }

    /// Converts a request body with a schema without a media type.
    fn bare_body(&mut self, body: &'d Members, consumes: &[String], place: &MovedNode) -> Value {
        self.note_bare_schema(place);
        let schema = body.get("schema");
        let media_types = self.body_media(schema.unwrap_or(&Value::Null), consumes, place);
        let content = self.schema_content(schema, &media_types, &place.before.key("schema"), place);
        let mut new: Members = body.clone();
        new.shift_remove("schema");
        set(&mut new, "content", content);
        new.into()
    }

    pub(super) fn note_bare_schema(&mut self, place: &MovedNode) {
        let text = "moved a `schema` without a media type, as in Swagger 2.0, into `content`";
        self.count(("left-over-schema", Interpreted), place, text);
    }
}
