//! Part of `repair`: request bodies that are required, though nothing says whether they are.
//!
//! In: the whole document. Out: `required: true` on the bodies of POST, PUT and PATCH whose every schema is an object that requires a
//! property. Invariant: `required: false` stays, and so does a body that an operation of another method shares.

use std::collections::BTreeSet;

use serde_json::Value;

use super::repairer::Repairer;
use crate::json::{items, members, object_at, set};
use crate::limits::MAX_ALL_OF;
use crate::normalize::pass::Interpreted;
use crate::normalize::reference::{self, followed, resolved};
use crate::pointer::Pointer;
use crate::structure::grammar::all_operations;

/// How many schemas and names of a document are looked at.
const MAX_LOOKED_AT: usize = 1_000_000;

impl Repairer<'_> {
    /// Makes bodies required that could not be left out: without them, nothing would be what their schemas require.
    pub(super) fn required_bodies(&mut self, document: &mut Value) {
        for at in unsaid(document) {
            let Some(body) = object_at(document, &at) else { continue };
            set(body, "required", true);
            let text = "assumed the body to be required, because its schema requires properties";
            self.record.count("body-required", Interpreted, at, text);
        }
    }
}

/// Bodies that are required although `required` is absent.
fn unsaid(document: &Value) -> BTreeSet<Pointer> {
    let (mut found, mut optional) = (BTreeSet::new(), BTreeSet::new());
    let mut search = BodySearch { document, left: MAX_LOOKED_AT };
    for (_, method, at, _) in all_operations(document).filter(|(.., operation)| operation.get("requestBody").is_some())
    {
        let Some((at, body)) = followed(document, at.key("requestBody"), reference::text) else { continue };
        if matches!(method, "post" | "put" | "patch") {
            // A shared body is the same for all.
            if !found.contains(&at) && search.is_meant(body) {
                found.insert(at);
            }
        } else {
            optional.insert(at);
        }
    }
    &found - &optional
}

struct BodySearch<'d> {
    document: &'d Value,
    left: usize,
}

/// What a schema and its `allOf` say.
#[derive(Default)]
struct SchemaSummary<'d> {
    required: BTreeSet<&'d str>,
    /// The `properties` of each of them.
    properties: Vec<&'d Value>,
    /// Whether it is an object.
    is_object: bool,
    /// Whether it may be something else.
    is_other: bool,
}

impl<'d> BodySearch<'d> {
    fn is_meant(&mut self, body: &'d Value) -> bool {
        let mut media_types = members(&body["content"]).map(|(_, media_type)| media_type).peekable();
        body.get("required").is_none()
            && media_types.peek().is_some()
            && media_types.all(|media_type| media_type.get("schema").is_some_and(|schema| self.requires(schema)))
    }

    /// Whether it is an object that needs a property which is sent.
    fn requires(&mut self, schema: &'d Value) -> bool {
        let mut summary = SchemaSummary::default();
        self.read(schema, &mut summary, 0);
        summary.is_object
            && !summary.is_other
            && summary.required.iter().any(|name| self.is_sent(name, &summary.properties))
    }

    fn is_sent(&mut self, name: &str, properties: &[&'d Value]) -> bool {
        self.left = self.left.saturating_sub(properties.len());
        let is_read_only =
            |property: &Value| resolved(self.document, property).is_some_and(|property| property["readOnly"] == true);
        self.left > 0 && !properties.iter().filter_map(|properties| properties.get(name)).any(is_read_only)
    }

    fn read(&mut self, schema: &'d Value, summary: &mut SchemaSummary<'d>, depth: usize) {
        self.left = self.left.saturating_sub(1);
        let Some(schema) = resolved(self.document, schema).filter(|_| self.left > 0 && depth < MAX_ALL_OF) else {
            return;
        };
        match schema["type"].as_str() {
            Some("object") => summary.is_object = true,
            Some(_) => summary.is_other = true,
            None => summary.is_object |= schema.get("properties").is_some(),
        }
        summary.is_other |= schema["nullable"] == true;
        let required = items(&schema["required"]);
        self.left = self.left.saturating_sub(required.len());
        summary.required.extend(required.filter_map(Value::as_str).take(self.left));
        summary.properties.extend(schema.get("properties"));
        for part in items(&schema["allOf"]) {
            self.read(part, summary, depth + 1);
        }
    }
}
