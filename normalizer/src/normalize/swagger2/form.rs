//! Part of `swagger2`: form fields become the properties of a request body.
//!
//! In: §Parameter Object with `in: formData`, all of one operation. Out: one object schema, and the encoding of its lists
//! (OpenAPI 3.0.3 §4.7.14, §4.7.15). Invariant: a form with a file is multipart; another one is what the operation
//! consumes, URL-encoded if that is no form.

use serde_json::{Map, Value, json};

use super::body::is_required;
use super::items::{Location, Style};
use super::media::{MULTIPART, Sketch, URLENCODED, essence};
use super::parameters::Listed;
use super::record::MovedNode;
use super::{Convert, Object, text};
use crate::diagnostic::codes;
use crate::normalize::pass::Weight;
use crate::pointer::Pointer;

impl<'d> Convert<'d> {
    /// A request body at `to`.
    pub(super) fn form(&mut self, fields: &[Listed<'d>], consumes: &[String], to: &Pointer) -> Value {
        let fields = self.distinct(fields);
        let first = fields.first().map(|field| field.at.clone()).unwrap_or_default();
        let place = MovedNode::new(&first, to);
        self.record.count("form", Weight::Same, &place, "form fields became the properties of a request body");
        let media_types = self.form_media(&fields, consumes, &place);
        self.record.copied(&first, to.clone());
        let content = self.content(&media_types, &first, to, |convert, media_type, at| {
            convert.fields(&fields, essence(media_type) == MULTIPART, at)
        });
        let mut body = Map::from_iter([("content".to_owned(), Value::Object(content))]);
        if fields.iter().any(|field| is_required(field.members)) {
            body.insert("required".to_owned(), true.into());
        }
        Value::Object(body)
    }

    /// The fields without repetitions, which cannot be told apart in an object.
    fn distinct(&mut self, fields: &[Listed<'d>]) -> Vec<Listed<'d>> {
        let mut distinct: Vec<Listed<'d>> = Vec::new();
        for field in fields {
            self.used_fields.insert(field.origin.clone());
            match distinct.iter().find(|known| known.name() == field.name()) {
                None => distinct.push(field.clone()),
                Some(known) if known.members == field.members => {
                    let text = format!("the form field `{}` is listed twice", field.name());
                    self.record.note("repeated-field", Weight::Interpreted, &MovedNode::same(field.at.clone()), text);
                }
                Some(_) => {
                    let message = format!("the form field `{}` is described in two ways", field.name());
                    let help = "keep one of the two descriptions";
                    self.record.fault(codes::DUPLICATE_PARAMETER, &field.at, message, help);
                }
            }
        }
        distinct
    }

    fn form_media(&mut self, fields: &[Listed<'d>], consumes: &[String], place: &MovedNode) -> Vec<String> {
        let has_file = fields.iter().any(|field| self.is_file(field.members));
        let default = if has_file { MULTIPART } else { URLENCODED };
        let is_form = |media_type: &&String| [MULTIPART, default].contains(&essence(media_type).as_str());
        let mut chosen: Vec<String> = consumes.iter().filter(is_form).cloned().collect();
        if chosen.is_empty() {
            chosen.push(default.to_owned());
        }
        let left_out: Vec<_> = consumes.iter().filter(|known| !chosen.contains(known)).collect();
        if consumes.is_empty() || !left_out.is_empty() {
            let why = if has_file { "it has a file" } else { "it has no file" };
            let text = match left_out.as_slice() {
                [] => format!("no `consumes`: the form is sent as `{}`, since {why}", chosen.join("` or `")),
                left_out => {
                    let left_out: Vec<_> = left_out.iter().map(|name| format!("`{name}`")).collect();
                    format!("the form is sent as `{}`, not as {}", chosen.join("` or `"), left_out.join(" or "))
                }
            };
            self.record.note("form-media-type", Weight::Interpreted, place, text);
        }
        chosen
    }

    fn is_file(&self, members: &'d Object) -> bool {
        let is_file_type = |members: &Object| text(members, "type") == Some("file");
        let items = members.get("items").and_then(Value::as_object);
        is_file_type(members)
            || items.is_some_and(is_file_type)
            || members.get("schema").is_some_and(|schema| self.sketch(schema) == Sketch::File)
    }

    /// A media type object.
    fn fields(&mut self, fields: &[Listed<'d>], is_multipart: bool, to: &Pointer) -> Object {
        let (schema_at, encoding_at) = (to.key("schema"), to.key("encoding"));
        let properties_at = schema_at.key("properties");
        if let Some(first) = fields.first() {
            let made = [schema_at.key("type"), schema_at.key("required"), properties_at.clone(), schema_at];
            for made in made.into_iter().chain([encoding_at.clone()]) {
                self.record.copied(&first.at, made);
            }
        }
        let (mut properties, mut required, mut encoding) = (Map::new(), Vec::new(), Map::new());
        for field in fields {
            let name = field.name();
            if name.is_empty() {
                let help = "give it the name that is sent";
                self.record.fault(codes::MISSING_FIELD, &field.at, "a form field needs `name`", help);
                continue;
            }
            let place = field.moved(self, &properties_at.key(name));
            let (property, style) = self.field(field.members, &place);
            properties.insert(name.to_owned(), property);
            if is_required(field.members) {
                required.push(Value::from(name));
            }
            if let Some((style, explode)) = style {
                self.record.copied(&place.before, encoding_at.key(name));
                encoding.insert(name.to_owned(), json!({ "style": style, "explode": explode }));
                if is_multipart && !explode {
                    let text = "OpenAPI 3.0 ignores the style of an array in a multipart form; it is kept all the same";
                    self.record.count("multipart-style", Weight::Interpreted, &place, text);
                }
            }
        }
        let schema = if required.is_empty() {
            json!({ "type": "object", "properties": properties })
        } else {
            json!({ "type": "object", "required": required, "properties": properties })
        };
        let mut media = Map::from_iter([("schema".to_owned(), schema)]);
        if !encoding.is_empty() {
            media.insert("encoding".to_owned(), Value::Object(encoding));
        }
        media
    }

    /// A form field as a property, and the style of an array in it.
    fn field(&mut self, members: &Object, place: &MovedNode) -> (Value, Option<Style>) {
        let written = self.written(members, place, Location::Form);
        let mut property = written.schema;
        for (key, value) in written.rest {
            match key.as_str() {
                "in" | "name" | "required" => {}
                "allowEmptyValue" => {
                    self.record.moved(&place.renamed(&key, "x-allow-empty-value"));
                    let text = "`allowEmptyValue` of a form field is kept as `x-allow-empty-value`";
                    self.record.count("allow-empty-value", Weight::Lossy, place, text);
                    property.insert("x-allow-empty-value".to_owned(), value);
                }
                "schema" => {
                    let at = place.key("schema").to(place.after.key("allOf").index(0));
                    self.record.moved(&at);
                    let text = "a form field has no `schema` in Swagger 2.0; it is taken for its type";
                    self.record.note("field-schema", Weight::Interpreted, place, text);
                    property.insert("allOf".to_owned(), Value::Array(vec![self.schema(&value, &at)]));
                }
                "x-example" if !property.contains_key("example") => {
                    self.record.moved(&place.renamed(&key, "example"));
                    self.record.count("example", Weight::Interpreted, place, "`x-example` became `example`");
                    property.insert("example".to_owned(), value);
                }
                _ => drop(property.insert(key, value)),
            }
        }
        (Value::Object(property), written.style)
    }

    /// Shared form fields that no operation refers to have no place in OpenAPI 3.
    pub(super) fn unused_fields(&mut self) {
        let shared = self.document.get("parameters").and_then(Value::as_object);
        for (name, value) in shared.into_iter().flatten() {
            let at = Pointer::root().key("parameters").key(name);
            let found = value.as_object().and_then(|object| self.follow(object, &at));
            let field = found.filter(|(members, _)| text(members, "in") == Some("formData"));
            let Some((_, origin)) = field else { continue };
            let place = MovedNode { before: at, after: Pointer::root().key("components") };
            if self.used_fields.contains(&origin) {
                let text = "a shared form field became a property of each body that it is in";
                self.record.count("shared-field", Weight::Same, &place, text);
            } else {
                let text = format!("the shared form field `{name}` is in no operation's body: left out");
                self.record.note("unused-field", Weight::Lossy, &place, text);
            }
        }
    }
}
