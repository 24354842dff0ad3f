//! Part of `lower`: components that no operation uses.
//!
//! In: `components`. Out: diagnostics. Types that are created on the way are dropped again, unless they are used.
//!
//! Invariant: broken references are found everywhere.

use serde_json::Value;

use super::context::Context;
use super::incoming::plain_callbacks;
use super::merged_schema::Part;
use crate::ir::{Owner, Section};
use crate::resolve::component_pointer;
use crate::schema_keywords::ReferenceOr;
use clientwright_normalizer::diagnostic::codes;
use clientwright_normalizer::json::members;
use clientwright_normalizer::pointer::Pointer;
use clientwright_normalizer::structure::grammar::components_at;

/// The sections whose references are followed: schemas and security schemes are read entirely.
const SECTIONS: [&str; 6] = ["responses", "parameters", "examples", "requestBodies", "headers", "links"];

impl Context<'_> {
    /// Follows every reference in components, and creates types for their schemas.
    pub(super) fn check_components(&mut self) {
        let components = &self.document["components"];
        for section in SECTIONS {
            // A header is written like a parameter (OpenAPI 3.0.3 §4.7.21).
            let owner = match section {
                "responses" => Section::Responses,
                "requestBodies" => Section::RequestBodies,
                _ => Section::Parameters,
            };
            for (name, place) in members(&components[section]) {
                let Some(found) = self.resolved(place, &component_pointer(section, name), section) else { continue };
                for schema in schemas(found.item, &found.at) {
                    self.schema_use(schema, Owner::Shared(owner, name.clone()));
                }
            }
        }
        if plain_callbacks(components).next().is_some() {
            let message = "callbacks under `components` are not generated";
            let at = components_at("callbacks");
            self.unsupported(codes::UNSUPPORTED_CALLBACKS, &at, message);
        }
    }
}

/// Returns the schemas of a parameter, a header, a body or a response.
fn schemas<'d>(node: &'d Value, at: &Pointer) -> Vec<Part<'d>> {
    let mut schemas: Vec<_> = Part::schema_of(node, at).into_iter().collect();
    for (name, media_type) in members(&node["content"]) {
        schemas.extend(Part::schema_of(media_type, &at.key("content").key(name)));
    }
    for (name, header) in members(&node["headers"]) {
        if let ReferenceOr::Inline(header) = ReferenceOr::of(header) {
            schemas.extend(self::schemas(header, &at.key("headers").key(name)));
        }
    }
    schemas
}
