//! Part of `lower`: components that no operation uses.
//!
//! In: `components`. Out: diagnostics. Types created in the process are dropped again, unless they are used.
//!
//! Invariant: broken references are found everywhere.

use super::context::Context;
use super::incoming::plain_callbacks;
use super::merged_schema::Part;
use crate::ir::{Owner, Section};
use crate::resolve::Node;
use crate::schema_keywords::ReferenceOr;
use clientwright_normalizer::diagnostic::codes;

/// The sections whose references are followed; schemas and security schemes are read in full anyway.
const SECTIONS: [&str; 6] = ["responses", "parameters", "examples", "requestBodies", "headers", "links"];

impl Context<'_> {
    /// Follows every reference in components, and creates types for their schemas.
    pub(super) fn check_components(&mut self) {
        let components = self.document.key("components");
        for section in SECTIONS {
            for (name, place) in components.key(section).members() {
                let Some(found) = self.resolved(&place, section) else { continue };
                for schema in schemas(&found) {
                    // The section is irrelevant: only unused types have this owner.
                    self.schema_use(schema, Owner::Shared(Section::Parameters, name.clone()));
                }
            }
        }
        if plain_callbacks(&components).next().is_some() {
            let message = "callbacks under `components` are not generated";
            self.unsupported(codes::UNSUPPORTED_CALLBACKS, &components.at.key("callbacks"), message);
        }
    }
}

/// Returns the schemas of a parameter, a header, a body or a response.
fn schemas<'d>(node: &Node<'d>) -> Vec<Part<'d>> {
    let mut schemas: Vec<_> = Part::schema_of(node).into_iter().collect();
    schemas.extend(node.key("content").members().filter_map(|(_, media_type)| Part::schema_of(&media_type)));
    for (_, header) in node.key("headers").members() {
        if let ReferenceOr::Inline(_) = ReferenceOr::of(header.item) {
            schemas.extend(self::schemas(&header));
        }
    }
    schemas
}
