//! Part of `repair`: media types that are written as their schema.

use serde_json::Value;

use super::schema::TYPES;
use super::{Members, Repairer};
use crate::normalize::pass::Weight;
use crate::structure::grammar::{Form, Kind};

impl Repairer<'_> {
    /// `type` and what belongs to it in the media type itself: it is its schema.
    pub(super) fn bare_schema(&mut self, media_type: &mut Members) {
        if media_type.contains_key("schema") || !media_type.iter().any(|(key, value)| is_of_schema(key, value)) {
            return;
        }
        let (schema, own) = (Kind::Schema.grammar(), Kind::MediaType.grammar());
        let fields = || schema.fields.iter().chain(schema.later).map(|field| field.name);
        let is_taken =
            |key: &str, _: &Value| own.form_of(key).is_none() && (key == "$ref" || fields().any(|field| field == key));
        let taken = self.taken(media_type, "schema", is_taken);
        media_type.insert(String::from("schema"), taken.into());
        let text = "what describes a schema stands in the media type itself: it goes under `schema`";
        self.count("bare-schema", "schema", Weight::Interpreted, text.to_owned());
    }
}

/// Whether such a member leaves no doubt that its object is a schema.
fn is_of_schema(key: &str, value: &Value) -> bool {
    match (key, value) {
        ("type", Value::String(name)) => is_type(name),
        ("type", Value::Array(names)) => {
            names.iter().all(|name| name.as_str().is_some_and(|name| name == "null" || is_type(name)))
        }
        ("$ref", Value::String(text)) => text.starts_with("#/components/schemas/"),
        ("properties" | "items" | "additionalProperties", Value::Object(_)) => true,
        ("allOf" | "anyOf" | "oneOf" | "enum", Value::Array(_)) => true,
        _ => false,
    }
}

fn is_type(name: &str) -> bool {
    let lower = name.trim().to_ascii_lowercase();
    let Some(Form::Choice(names)) = Kind::Schema.grammar().form_of("type") else { return false };
    names.contains(&lower.as_str()) || TYPES.iter().any(|(written, ..)| written.contains(&lower.as_str()))
}
