//! Part of `lower`: components that no operation uses.
//!
//! In: `components`. Out: diagnostics. Types that are made on the way are dropped again, unless something uses them.
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
        self.check_all(responses, schemas_of_response);
        self.check_all(parameters, |parameter: &'d Parameter, at| {
            schemas_of_format(&parameter.parameter_data_ref().format, at)
        });
        self.check_all(examples, |_: &'d Example, _| Vec::new());
        self.check_all(request_bodies, |body: &'d RequestBody, at| schemas_of_content(&body.content, at));
        self.check_all(headers, |header: &'d Header, at| schemas_of_format(&header.format, at));
        self.check_all(links, |_: &'d Link, _| Vec::new());
        if !callbacks.is_empty() {
            let message = "callbacks under `components` are not generated";
            let at = Pointer::root().key("components").key("callbacks");
            self.unsupported(codes::UNSUPPORTED_CALLBACKS, &at, message);
        }
    }

    /// Resolves components of one kind, and makes types of the schemas that they hold.
    fn check_all<T: Component + 'd>(
        &mut self,
        components: impl IntoIterator<Item = (&'d String, &'d ReferenceOr<T>)>,
        schemas: impl Fn(&'d T, &Pointer) -> Vec<PlacedSchema<'d>>,
    ) {
        for (name, place) in components {
            let found = self.resolver.resolve(place, &component_pointer(T::KEY, name));
            let Some(found) = self.reported(found) else { continue };
            for (at, schema) in schemas(found.item, &found.at) {
                // The owner names nothing: what is not in use already is dropped.
                self.schema_use(Part::new(at, schema.into()), Owner::SharedParameter(name.clone()));
            }
        }
    }
}

/// A schema and where it is.
type PlacedSchema<'d> = (Pointer, &'d ReferenceOr<Schema>);

fn schemas_of_response<'d>(response: &'d Response, at: &Pointer) -> Vec<PlacedSchema<'d>> {
    let mut schemas = schemas_of_content(&response.content, at);
    for (name, header) in &response.headers {
        if let ReferenceOr::Item(header) = header {
            schemas.extend(schemas_of_format(&header.format, &at.key("headers").key(name)));
        }
    }
    schemas
}

fn schemas_of_format<'d>(format: &'d ParameterSchemaOrContent, at: &Pointer) -> Vec<PlacedSchema<'d>> {
    match format {
        ParameterSchemaOrContent::Schema(schema) => vec![(at.key("schema"), schema)],
        ParameterSchemaOrContent::Content(content) => schemas_of_content(content, at),
    }
}

fn schemas_of_content<'d>(
    content: impl IntoIterator<Item = (&'d String, &'d MediaType)>,
    at: &Pointer,
) -> Vec<PlacedSchema<'d>> {
    let at = at.key("content");
    let schema = |(name, media_type): (&String, &'d MediaType)| {
        media_type.schema.as_ref().map(|schema| (at.key(name).key("schema"), schema))
    };
    content.into_iter().filter_map(schema).collect()
}
