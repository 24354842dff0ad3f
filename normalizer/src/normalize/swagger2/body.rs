//! Part of `swagger2`: parameters that become request bodies.
//!
//! In: §Parameter Object with `in: body`, or all with `in: formData` of one operation, and the operation's `consumes`. Out: OpenAPI 3.0.3
//! §4.7.13 to §4.7.15. Invariant: every media type has the same schema; the parameter's name, which is never sent, is kept as
//! `x-body-name`. A form with a file is multipart; any other form has the media types in `consumes`, or is URL-encoded if these are not
//! forms.

use foldhash::HashMap;
use serde_json::{Map, Value, json};

use super::convert::{Convert, MovedNode};
use super::media::{BYTES, JSON, MULTIPART, Sketch, URLENCODED};
use super::parameters::{Listed, Sorted};
use super::schema::{Location, Style};
use crate::certain::Certain;
use crate::diagnostic::codes;
use crate::json::{Members, cloned, is_true, members, object, says, set, single};
use crate::normalize::pass::{Equivalent, Interpreted, Lossy};
use crate::normalize::reference::refer;
use crate::pointer::Pointer;
use crate::structure::extensions::BODY_NAME;
use crate::structure::media::{Family, essence, family};

/// The text for the ledger about left-over form fields.
const LEFT_OVER_FORM: &str = "moved `formData` parameters of Swagger 2.0 into the request body";

impl<'d> Convert<'d> {
    /// Returns the request body at `to`, converted from parameters of an operation.
    pub(super) fn request_body(&mut self, sent: &Sorted<'d>, consumes: &[String], to: &Pointer) -> Option<Value> {
        for second in sent.bodies.iter().skip(1) {
            self.left_out(codes::SEVERAL_BODIES, &second.at, "an operation has a second body parameter");
        }
        match (sent.bodies.first(), sent.fields.as_slice()) {
            (None, []) => None,
            (None, fields) => Some(self.form(fields, consumes, to)),
            (Some(body), fields) => {
                for field in fields {
                    let message = format!(
                        "the form field `{}` and the body `{}` are mutually exclusive",
                        field.name(),
                        body.name()
                    );
                    self.left_out(codes::SEVERAL_BODIES, &field.at, message);
                }
                // A shared body with the document's default media types can be referred to.
                if !body.is_reference() || consumes != self.consumes || !self.is_shared(&body.origin) {
                    return Some(self.body(body, consumes, to));
                }
                self.moved(&MovedNode::new(&body.at, to));
                Some(refer(&body.origin))
            }
        }
    }

    /// Converts a body parameter to a request body at `to`.
    pub(super) fn body(&mut self, body: &Listed<'d>, consumes: &[String], to: &Pointer) -> Value {
        let place = body.moved(self, to);
        let (rule, text) = if self.is_left_over {
            (("left-over-body", Interpreted), "moved a `body` parameter of Swagger 2.0 to the request body")
        } else {
            (("body", Equivalent), "moved a body parameter to the request body")
        };
        self.count(rule, &place, text);
        let schema = self.body_schema(body.members, &place);
        let written = body.members.get("schema").unwrap_or(&Value::Null);
        let media_types = self.body_media(written, consumes, &place);
        let origin = if schema.is_some() { place.before.key("schema") } else { place.before.clone() };
        let content = self.schema_content(schema.as_ref(), &media_types, &origin, &place);
        let mut new = Map::new();
        for (key, value) in body.members {
            match key.as_str() {
                "in" | "schema" => {}
                "name" => {
                    self.moved(&place.renamed(key, BODY_NAME));
                    set(&mut new, BODY_NAME, value.clone());
                }
                "type" | "format" | "items" if schema.is_some() && !body.members.contains_key("schema") => {}
                _ => drop(new.insert(key.clone(), value.clone())),
            }
        }
        // The parameter may already have `content` from OpenAPI 3.
        if !self.is_left_over || object(&new, "content").is_none() {
            set(&mut new, "content", content);
        }
        new.into()
    }

    /// Returns the schema of a body; some documents have its keywords as siblings of `in` instead.
    fn body_schema(&mut self, members: &Members, place: &MovedNode) -> Option<Value> {
        if let Some(schema) = members.get("schema") {
            return Some(schema.clone());
        }
        let keywords = members.iter().filter(|(key, _)| matches!(key.as_str(), "type" | "format" | "items"));
        let schema: Members = keywords.map(cloned).collect();
        if schema.is_empty() {
            return None;
        }
        let text = "moved the siblings of `in` into the missing `schema` of a body";
        self.note(("body-keywords", Interpreted), place, text);
        Some(Value::Object(schema))
    }

    /// Returns the media types of a body with this schema.
    pub(super) fn body_media(&mut self, schema: &'d Value, consumes: &[String], place: &MovedNode) -> Vec<String> {
        if !consumes.is_empty() {
            return self.consumed(consumes, schema, place);
        }
        let (media_type, text) = match self.sketch(schema) {
            Sketch::File => (BYTES, "assumed `application/octet-stream` for bytes without `consumes`"),
            _ => (JSON, "assumed `application/json` for bodies without `consumes`"),
        };
        if !self.is_left_over {
            self.count(("missing-consumes", Interpreted), place, text);
        }
        vec![media_type.to_owned()]
    }

    /// Removes media types of the document's default that do not fit: an object is not an archive or a picture.
    fn consumed(&mut self, consumes: &[String], schema: &'d Value, place: &MovedNode) -> Vec<String> {
        let (bytes, others): (Vec<&String>, Vec<&String>) =
            consumes.iter().partition(|name| family(name) == Family::Binary);
        let is_for_all = consumes == self.consumes;
        if !is_for_all || bytes.is_empty() || others.is_empty() || self.sketch(schema) != Sketch::Structure {
            return consumes.to_vec();
        }
        let text = "ignored `consumes` of the document: its media types cannot represent objects or arrays";
        self.count(("consumes-of-structure", Interpreted), place, text);
        others.into_iter().cloned().collect()
    }

    /// Converts form fields to a request body at `to`.
    pub(super) fn form(&mut self, fields: &[Listed<'d>], consumes: &[String], to: &Pointer) -> Value {
        let fields = self.distinct(fields);
        let first = fields.first().map(|field| field.at.clone()).certain("a form has fields");
        let place = MovedNode::new(&first, to);
        let (rule, text) = if self.is_left_over {
            (("left-over-form", Interpreted), LEFT_OVER_FORM)
        } else {
            (("form", Equivalent), "moved form fields into the request body")
        };
        self.count(rule, &place, text);
        let media_types = self.form_media(&fields, consumes, &place);
        self.copied(&first, to.clone());
        let content = self.content(&media_types, &first, to, |convert, media_type, at| {
            convert.fields(&fields, essence(media_type) == MULTIPART, at)
        });
        let mut body = single("content", content);
        if fields.iter().any(|field| is_true(field.members, "required")) {
            set(&mut body, "required", true);
        }
        body.into()
    }

    /// Returns the fields without duplicates, which an object cannot represent.
    fn distinct(&mut self, fields: &[Listed<'d>]) -> Vec<Listed<'d>> {
        let mut distinct: Vec<Listed<'d>> = Vec::new();
        let mut places: HashMap<&str, usize> = HashMap::default();
        for field in fields {
            self.used_fields.insert(field.origin.clone());
            let known = *places.entry(field.name()).or_insert(distinct.len());
            match distinct.get(known) {
                None => distinct.push(field.clone()),
                Some(known) if known.members == field.members => {
                    let text = format!("the form field `{}` is listed twice", field.name());
                    self.note(("repeated-field", Interpreted), &MovedNode::same(field.at.clone()), text);
                }
                Some(_) => {
                    let message = format!("the form field `{}` is described in two ways", field.name());
                    self.left_out(codes::DUPLICATE_PARAMETER, &field.at, message);
                }
            }
        }
        distinct
    }

    fn form_media(&mut self, fields: &[Listed<'d>], consumes: &[String], place: &MovedNode) -> Vec<String> {
        let has_file = fields.iter().any(|Listed { members, .. }| {
            says(members, "type", "file")
                || members.get("items").is_some_and(|items| items["type"] == "file")
                || members.get("schema").is_some_and(|schema| self.sketch(schema) == Sketch::File)
        });
        let default = if has_file { MULTIPART } else { URLENCODED };
        let is_form = |media_type: &&String| [MULTIPART, default].contains(&essence(media_type).as_str());
        let mut chosen: Vec<String> = consumes.iter().filter(is_form).cloned().collect();
        if chosen.is_empty() {
            chosen.push(default.to_owned());
        }
        let left_out: Vec<_> = consumes.iter().filter(|known| !chosen.contains(known)).collect();
        if (consumes.is_empty() && !self.is_left_over) || !left_out.is_empty() {
            let why = if has_file { "it has a file" } else { "it has no file" };
            let text = match left_out.as_slice() {
                [] => format!("assumed `{}` for a form without `consumes`, since {why}", chosen.join("` or `")),
                left_out => {
                    let left_out: Vec<_> = left_out.iter().map(|name| format!("`{name}`")).collect();
                    format!("chose `{}` for a form instead of {}", chosen.join("` or `"), left_out.join(" or "))
                }
            };
            self.note(("form-media-type", Interpreted), place, text);
        }
        chosen
    }

    /// Returns the media type object of a form.
    fn fields(&mut self, fields: &[Listed<'d>], is_multipart: bool, to: &Pointer) -> Members {
        let (schema_at, encoding_at) = (to.key("schema"), to.key("encoding"));
        let properties_at = schema_at.key("properties");
        if let Some(first) = fields.first() {
            let [kind, required] = ["type", "required"].map(|key| schema_at.key(key));
            for made in [kind, required, properties_at.clone(), schema_at.clone(), encoding_at.clone()] {
                self.copied(&first.at, made);
            }
        }
        let (mut properties, mut required, mut encoding) = (Map::new(), Vec::new(), Map::new());
        for field in fields {
            let name = field.name();
            if name.is_empty() {
                self.left_out(codes::MISSING_FIELD, &field.at, "a form field needs `name`");
                continue;
            }
            let place = field.moved(self, &properties_at.key(name));
            let (property, style) = self.field(field.members, &place);
            set(&mut properties, name, property);
            if is_true(field.members, "required") {
                required.push(Value::from(name));
            }
            if let Some((style, explode)) = style {
                self.copied(&place.before, encoding_at.key(name));
                set(&mut encoding, name, json!({ "style": style, "explode": explode }));
                if is_multipart && !explode {
                    let text = "kept the style of an array in a multipart form, which OpenAPI 3.0 ignores";
                    self.count(("multipart-style", Interpreted), &place, text);
                }
            }
        }
        let mut schema = single("type", "object");
        set(&mut schema, "properties", properties);
        if !required.is_empty() {
            set(&mut schema, "required", required);
        }
        let mut media = single("schema", schema);
        if !encoding.is_empty() {
            set(&mut media, "encoding", encoding);
        }
        media
    }

    /// Converts a form field to a property, and returns the style of an array in it.
    fn field(&mut self, members: &Members, place: &MovedNode) -> (Value, Option<Style>) {
        let written = self.written(members, place, Location::Form);
        let mut property = written.schema;
        for (key, value) in written.rest {
            match key.as_str() {
                "in" | "name" | "required" => {}
                "allowEmptyValue" => {
                    self.moved(&place.renamed(&key, "x-allow-empty-value"));
                    let text = "kept `allowEmptyValue` of a form field as `x-allow-empty-value`";
                    self.count(("allow-empty-value", Lossy), place, text);
                    set(&mut property, "x-allow-empty-value", value);
                }
                "schema" if self.is_left_over && value.get("$ref").is_none() => {
                    let at = place.key("schema").to(place.after.clone());
                    self.moved(&at);
                    if let Value::Object(schema) = self.schema(&value, &at) {
                        for (key, value) in schema {
                            property.entry(key).or_insert(value);
                        }
                    }
                }
                "schema" => {
                    let at = place.key("schema").to(place.after.key("allOf").index(0));
                    self.moved(&at);
                    if !self.is_left_over {
                        let text = "assumed `schema` of a form field to be its type";
                        self.note(("field-schema", Interpreted), place, text);
                    }
                    set(&mut property, "allOf", vec![self.schema(&value, &at)]);
                }
                "x-example" if !property.contains_key("example") => {
                    self.moved(&place.renamed(&key, "example"));
                    self.count(("example", Interpreted), place, "renamed `x-example` to `example`");
                    set(&mut property, "example", value);
                }
                _ => drop(property.insert(key, value)),
            }
        }
        (Value::Object(property), written.style)
    }

    /// Adds entries about shared form fields without a reference, which have no equivalent in OpenAPI 3.
    pub(super) fn unused_fields(&mut self) {
        for (name, value) in members(self.shared.get(self.document)) {
            let at = self.shared.key(name);
            let found = self.follow(value, &at);
            let field = found.filter(|(members, _)| says(members, "in", "formData"));
            let Some((_, origin)) = field else { continue };
            let place = MovedNode { before: at, after: Pointer::top("components") };
            if !self.used_fields.contains(&origin) {
                let text = format!("removed the shared form field `{name}`, which no operation uses");
                self.note(("unused-field", Lossy), &place, text);
            } else if !self.is_left_over {
                let text = "copied a shared form field into each body that uses it";
                self.count(("shared-field", Equivalent), &place, text);
            }
        }
    }
}
