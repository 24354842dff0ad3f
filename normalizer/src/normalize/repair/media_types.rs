//! Part of `repair`: media types that are written as their schema, and streams that are described as one of their items.

use serde_json::Value;

use super::repairer::Repairer;
use super::schema::TYPES;
use crate::json::{Members, members, set};
use crate::normalize::pass::Interpreted;
use crate::structure::extensions::ITEM_SCHEMA;
use crate::structure::grammar::{Kind, SCHEMA_TYPES};

/// The title that grpc-gateway gives to the schema of an item.
const TITLE: &str = "Stream result of ";

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
        let taken = self.move_into(media_type, "schema", is_taken);
        set(media_type, "schema", taken);
        let text = "moved keywords of a schema from the media type into `schema`";
        self.count("bare-schema", "schema", Interpreted, text);
    }

    /// The gateway of gRPC answers with an object per line, and describes one of them as the whole body.
    pub(super) fn lines(&mut self, media_type: &mut Members) {
        if media_type.get("schema").is_some_and(is_item) {
            let rule = ("stream-of-results", Interpreted);
            let text = "used the schema for the items: grpc-gateway sends one object per line";
            self.rename(media_type, ("schema", ITEM_SCHEMA), rule, text);
        }
    }
}

/// Whether it is what grpc-gateway sends in each line of a stream.
fn is_item(schema: &Value) -> bool {
    let names: Vec<&str> = members(schema.get("properties")).map(|(name, _)| name.as_str()).collect();
    let has_title = schema["title"].as_str().is_some_and(|title| title.starts_with(TITLE));
    has_title && names.contains(&"result") && names.iter().all(|name| matches!(*name, "result" | "error"))
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
    SCHEMA_TYPES.contains(&lower.as_str()) || TYPES.iter().any(|(written, ..)| written.contains(&lower.as_str()))
}
