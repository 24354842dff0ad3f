//! Part of `swagger2`: body parameters become request bodies.
//!
//! In: §Parameter Object with `in: body`, and what the operation consumes. Out: OpenAPI 3.0.3 §4.7.13.
//! Invariant: the same schema stands under each media type; the parameter's name, which is never sent, stays as
//! `x-body-name`.

use serde_json::{Map, Value, json};

use super::media::{BYTES, JSON, Sketch, essence};
use super::parameters::{Listed, Sorted, named_examples};
use super::record::MovedNode;
use super::{Convert, Object};
use crate::diagnostic::codes;
use crate::normalize::pass::Weight;
use crate::pointer::Pointer;

impl<'d> Convert<'d> {
    /// The request body of an operation: of its own parameters, or else of those of its path.
    pub(super) fn request_body(
        &mut self,
        own: &Sorted<'d>,
        inherited: &Sorted<'d>,
        operation: &Object,
        place: &MovedNode,
    ) -> Option<Value> {
        let fields = fields(own, inherited);
        let bodies = if own.bodies.is_empty() { &inherited.bodies } else { &own.bodies };
        let consumes = self.consumes(operation);
        let to = place.after.key("requestBody");
        for second in bodies.iter().skip(1) {
            let help = "keep one of them; a body has one schema";
            self.record.fault(codes::SEVERAL_BODIES, &second.at, "an operation has a second body parameter", help);
        }
        match (bodies.first(), fields.as_slice()) {
            (None, []) => None,
            (None, fields) => Some(self.form(fields, &consumes, &to)),
            (Some(body), []) => Some(self.used_body(body, &consumes, &to)),
            (Some(body), [field, ..]) => {
                let message = format!("the form field `{}` stands beside the body `{}`", field.name(), body.name());
                let help = "an operation has either a body or form fields: remove one of the two";
                self.record.fault(codes::SEVERAL_BODIES, &field.at, message, help);
                None
            }
        }
    }

    /// A shared body that is sent as the document says by default can be referred to.
    fn used_body(&mut self, body: &Listed<'d>, consumes: &[String], to: &Pointer) -> Value {
        let is_shared = Self::member_of("parameters", &body.origin).is_some();
        if !body.is_reference() || consumes != self.consumes || !is_shared {
            return self.body(body, consumes, to);
        }
        self.record.moved(&MovedNode::new(&body.at, to));
        let target = Pointer::root().key("components").key("requestBodies").key(&self.names.get(&body.origin));
        json!({ "$ref": format!("#{target}") })
    }

    /// A request body at `to`.
    pub(super) fn body(&mut self, body: &Listed<'d>, consumes: &[String], to: &Pointer) -> Value {
        let place = body.moved(self, to);
        self.record.count("body", Weight::Same, &place, "a body parameter became a request body");
        let schema = self.body_schema(body.members, &place);
        let media_types = self.body_media(body, consumes, &place);
        let origin = if schema.is_some() { place.before.key("schema") } else { place.before.clone() };
        let mut content = self.schema_content(schema.as_ref(), &media_types, &origin, &place);
        let mut new = Map::new();
        for (key, value) in body.members {
            match key.as_str() {
                "in" | "schema" => {}
                "name" => {
                    self.record.moved(&place.renamed(key, "x-body-name"));
                    new.insert("x-body-name".to_owned(), value.clone());
                }
                "type" | "format" | "items" if schema.is_some() && !body.members.contains_key("schema") => {}
                "x-example" | "x-examples" if self.body_example(key, value, &mut content, &place) => {}
                _ => drop(new.insert(key.clone(), value.clone())),
            }
        }
        new.insert("content".to_owned(), Value::Object(content));
        Value::Object(new)
    }

    /// The schema; people who forget that a body has one write its keywords beside `in`.
    fn body_schema(&mut self, members: &Object, place: &MovedNode) -> Option<Value> {
        if let Some(schema) = members.get("schema") {
            return Some(schema.clone());
        }
        let keywords = members.iter().filter(|(key, _)| matches!(key.as_str(), "type" | "format" | "items"));
        let schema: Object = keywords.map(|(key, value)| (key.clone(), value.clone())).collect();
        if schema.is_empty() {
            return None;
        }
        let text = "the body has no `schema`; the keywords beside `in` become its schema";
        self.record.note("body-keywords", Weight::Interpreted, place, text);
        Some(Value::Object(schema))
    }

    fn body_media(&mut self, body: &Listed<'d>, consumes: &[String], place: &MovedNode) -> Vec<String> {
        if !consumes.is_empty() {
            return consumes.to_vec();
        }
        let schema = body.members.get("schema").unwrap_or(&Value::Null);
        let (media_type, text) = match self.sketch(schema) {
            Sketch::File => (BYTES, "no `consumes`: bytes are sent as `application/octet-stream`"),
            _ => (JSON, "no `consumes`: bodies are sent as `application/json`"),
        };
        self.record.count("missing-consumes", Weight::Interpreted, place, text);
        vec![media_type.to_owned()]
    }

    /// Examples of a body: by media type, by name, or a single one. Whether they found a place.
    fn body_example(&mut self, key: &str, value: &Value, content: &mut Object, place: &MovedNode) -> bool {
        let to = place.after.key("content");
        let by_type = value.as_object().filter(|all| !all.is_empty() && all.keys().all(|key| key.contains('/')));
        let has = |name: &str| content.keys().any(|media_type| essence(media_type) == essence(name));
        let is_complete = by_type.is_none_or(|all| all.keys().all(|name| has(name)));
        let mut found = false;
        for (media_type, media) in content {
            let Value::Object(media) = media else { continue };
            if media.contains_key("example") || media.contains_key("examples") {
                continue;
            }
            let before = place.before.key(key);
            let (written, example, before) = match by_type {
                Some(all) => match all.iter().find(|(name, _)| essence(name) == essence(media_type)) {
                    Some((name, example)) => ("example", example.clone(), before.key(name)),
                    None => continue,
                },
                None if key == "x-example" => ("example", value.clone(), before),
                None => match named_examples(value) {
                    Some(examples) => ("examples", examples, before),
                    None => continue,
                },
            };
            self.record.moved(&MovedNode { before, after: to.key(media_type).key(written) });
            media.insert(written.to_owned(), example);
            found = true;
        }
        if found {
            let text = "`x-example` and `x-examples` of a body became examples of its media types";
            self.record.count("body-example", Weight::Interpreted, &place.key(key).to(to), text);
        }
        found && is_complete
    }
}

/// The form fields of an operation: those of its path, unless it has one of the same name itself.
fn fields<'d>(own: &Sorted<'d>, inherited: &Sorted<'d>) -> Vec<Listed<'d>> {
    let is_overridden = |field: &&Listed<'d>| own.fields.iter().any(|own| own.name() == field.name());
    let inherited = inherited.fields.iter().filter(|field| !is_overridden(field));
    inherited.chain(&own.fields).cloned().collect()
}

/// Whether a parameter must be given.
pub(super) fn is_required(members: &Object) -> bool {
    members.get("required") == Some(&Value::Bool(true))
}
