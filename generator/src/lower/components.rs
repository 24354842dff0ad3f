//! Part of `lower`: components that no operation uses.
//!
//! In: `components`. Out: diagnostics about what is wrong in them; types that are made on the way are dropped again.
//!
//! Invariant: a broken reference is found wherever it is.

use openapiv3::{
    Components, Example, Header, Link, MediaType, Parameter, ParameterSchemaOrContent, ReferenceOr, RequestBody,
    Response, Schema,
};

use super::context::Context;
use super::merge::Part;
use crate::ir::Owner;
use crate::resolve::{Component, component_pointer};
use clientwright_normalizer::diagnostic::codes;
use clientwright_normalizer::pointer::Pointer;

impl<'d> Context<'d> {
    /// Follows every reference in components of all kinds but schemas and security schemes, which are read as a whole.
    pub(super) fn check_components(&mut self) {
        let Some(components) = &self.document.components else { return };
        let Components {
            schemas: _, // `Context::declare_schemas`
            responses,
            parameters,
            examples,
            request_bodies,
            headers,
            security_schemes: _, // `Schemes`
            links,
            callbacks,
            extensions: _,
        } = components;
        self.check_all(responses);
        self.check_all(parameters);
        self.check_all(examples);
        self.check_all(request_bodies);
        self.check_all(headers);
        self.check_all(links);
        if !callbacks.is_empty() {
            let message = "callbacks are requests to the caller; they are not generated";
            let at = Pointer::root().key("components").key("callbacks");
            self.unsupported(codes::UNSUPPORTED_CALLBACKS, &at, message);
        }
    }

    fn check_all<T: Schemas>(&mut self, components: impl IntoIterator<Item = (&'d String, &'d ReferenceOr<T>)>) {
        for (name, place) in components {
            let found = self.resolver.resolve(place, &component_pointer(T::KEY, name));
            let Some(found) = self.reported(found) else { continue };
            for (at, schema) in found.item.schemas(&found.at) {
                // The owner names nothing: what is not in use already is dropped.
                self.schema_use(Part::new(at, schema.into()), Owner::SharedParameter(name.clone()));
            }
        }
    }
}

/// The schemas that a component holds directly, and where.
trait Schemas: Component + 'static {
    fn schemas(&self, at: &Pointer) -> Vec<(Pointer, &ReferenceOr<Schema>)>;
}

impl Schemas for Response {
    fn schemas(&self, at: &Pointer) -> Vec<(Pointer, &ReferenceOr<Schema>)> {
        let mut schemas = of_content(&self.content, at);
        for (name, header) in &self.headers {
            if let ReferenceOr::Item(header) = header {
                schemas.extend(header.schemas(&at.key("headers").key(name)));
            }
        }
        schemas
    }
}

impl Schemas for RequestBody {
    fn schemas(&self, at: &Pointer) -> Vec<(Pointer, &ReferenceOr<Schema>)> {
        of_content(&self.content, at)
    }
}

impl Schemas for Parameter {
    fn schemas(&self, at: &Pointer) -> Vec<(Pointer, &ReferenceOr<Schema>)> {
        of_format(&self.parameter_data_ref().format, at)
    }
}

impl Schemas for Header {
    fn schemas(&self, at: &Pointer) -> Vec<(Pointer, &ReferenceOr<Schema>)> {
        of_format(&self.format, at)
    }
}

impl Schemas for Example {
    fn schemas(&self, _: &Pointer) -> Vec<(Pointer, &ReferenceOr<Schema>)> {
        Vec::new()
    }
}

impl Schemas for Link {
    fn schemas(&self, _: &Pointer) -> Vec<(Pointer, &ReferenceOr<Schema>)> {
        Vec::new()
    }
}

fn of_format<'d>(format: &'d ParameterSchemaOrContent, at: &Pointer) -> Vec<(Pointer, &'d ReferenceOr<Schema>)> {
    match format {
        ParameterSchemaOrContent::Schema(schema) => vec![(at.key("schema"), schema)],
        ParameterSchemaOrContent::Content(content) => of_content(content, at),
    }
}

fn of_content<'d>(
    content: impl IntoIterator<Item = (&'d String, &'d MediaType)>,
    at: &Pointer,
) -> Vec<(Pointer, &'d ReferenceOr<Schema>)> {
    let at = at.key("content");
    let schema = |(name, media_type): (&String, &'d MediaType)| {
        media_type.schema.as_ref().map(|schema| (at.key(name).key("schema"), schema))
    };
    content.into_iter().filter_map(schema).collect()
}
