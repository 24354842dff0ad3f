//! Part of `examples`: the examples of a document and their types.
//!
//! In: an API and its document. Out: examples with their types.
//!
//! Invariant: values are read from the document, places and types from the IR.

use std::collections::BTreeSet;

use serde_json::Value;

use clientwright::ir::{Api, MediaKind, MediaType, Owner, Place, Shape, Type, TypeRef};
use clientwright_normalizer::pointer::Pointer;

/// The examples found.
#[derive(Default)]
pub(super) struct Found {
    pub(super) examples: Vec<Example>,
    pub(super) left_out: usize,
}

/// One example of a type.
pub(super) struct Example {
    pub(super) at: Pointer,
    pub(super) schema: Pointer,
    pub(super) ty: TypeRef,
    pub(super) value: Value,
}

/// The maximum length of a chain of references between examples.
const REFERENCES: usize = 32;

/// Returns the examples of media types, parameters, schemas and properties.
pub(super) fn examples(api: &Api, document: &Value) -> Found {
    let mut collector = Collector { document, found: Found::default(), left_out: BTreeSet::new() };
    let of_operations = api.operations.iter().map(|operation| (&operation.body, &operation.responses));
    let of_incoming = api.incoming.iter().map(|incoming| (&incoming.body, &incoming.responses));
    for (body, responses) in of_operations.chain(of_incoming) {
        if let Some(body) = body {
            body.media_types.iter().for_each(|media_type| collector.media_type(media_type, body.required));
        }
        let answers = responses.iter().flat_map(|response| &response.media_types);
        answers.for_each(|media_type| collector.media_type(media_type, true));
    }
    for parameter in api.operations.iter().flat_map(|operation| &operation.parameters) {
        let ty = or_null(parameter.ty, parameter.required);
        collector.place(&parameter.origin, &parameter.origin.key("schema"), ty);
        let content = collector.at(&parameter.origin.key("content")).and_then(Value::as_object);
        for name in content.into_iter().flat_map(serde_json::Map::keys) {
            let at = parameter.origin.key("content").key(name);
            collector.place(&at, &at.key("schema"), ty);
        }
    }
    for (id, ty) in api.types.iter().filter(|(_, ty)| ty.read || ty.sent) {
        let nullable = collector.at(&ty.origin.key("nullable")) == Some(&Value::Bool(true));
        // A type that joins several branches has the origin of its union.
        if !is_made_of_branches(api, ty) {
            collector.schema(&ty.origin, TypeRef { ty: id, nullable, boxed: false, secret: false });
        }
        if let Shape::Object(object) = &ty.shape {
            object.fields.iter().for_each(|field| collector.schema(&field.origin, field.ty));
        }
    }
    collector.found.left_out = collector.left_out.len();
    collector.found
}

/// Returns the type of an optional value, whose example may be `null` if the value is absent.
fn or_null(ty: TypeRef, required: bool) -> TypeRef {
    TypeRef { nullable: ty.nullable || !required, ..ty }
}

fn is_made_of_branches(api: &Api, ty: &Type) -> bool {
    matches!(ty.owner, Owner::Part(of, Place::Variant { .. }) if api.types[of].origin == ty.origin)
}

struct Collector<'d> {
    document: &'d Value,
    found: Found,
    left_out: BTreeSet<Pointer>,
}

impl<'d> Collector<'d> {
    fn at(&self, at: &Pointer) -> Option<&'d Value> {
        self.document.pointer(at.as_str())
    }

    fn media_type(&mut self, media_type: &MediaType, required: bool) {
        let MediaType { kind, origin, ty, .. } = media_type;
        match kind {
            MediaKind::Json | MediaKind::Form | MediaKind::Multipart => {
                self.place(origin, &origin.key("schema"), or_null(*ty, required));
            }
            _ => {
                let named = self.at(&origin.key("examples")).and_then(Value::as_object);
                let one = self.at(&origin.key("example")).map(|_| origin.key("example"));
                let named = named.into_iter().flat_map(serde_json::Map::keys);
                self.left_out.extend(named.map(|name| origin.key("examples").key(name)).chain(one));
            }
        }
    }

    /// Adds `example` and `examples` of a media type or a parameter (OpenAPI 3.0.3 §4.7.14, §4.7.12.2).
    fn place(&mut self, at: &Pointer, schema: &Pointer, ty: TypeRef) {
        self.value(at.key("example"), schema, ty);
        let named = self.at(&at.key("examples")).and_then(Value::as_object);
        for name in named.into_iter().flat_map(serde_json::Map::keys) {
            match self.followed(at.key("examples").key(name)) {
                Some(example) if self.at(&example.key("value")).is_some() => {
                    self.value(example.key("value"), schema, ty);
                }
                _ => {
                    self.left_out.insert(at.key("examples").key(name));
                }
            }
        }
    }

    /// Adds `example` of a schema or of a part of it, and the further examples of later versions.
    fn schema(&mut self, at: &Pointer, ty: TypeRef) {
        self.value(at.key("example"), at, ty);
        let parts = self.at(&at.key("allOf")).and_then(Value::as_array).map_or(0, Vec::len);
        (0..parts).for_each(|index| self.value(at.key("allOf").index(index).key("example"), at, ty));
        let more = self.at(&at.key("x-examples")).and_then(Value::as_array).map_or(0, Vec::len);
        (0..more).for_each(|index| self.value(at.key("x-examples").index(index), at, ty));
    }

    fn value(&mut self, at: Pointer, schema: &Pointer, ty: TypeRef) {
        if let Some(value) = self.at(&at).cloned() {
            self.found.examples.push(Example { at, schema: schema.clone(), ty, value });
        }
    }

    /// Returns the place of the example that a reference leads to.
    fn followed(&self, at: Pointer) -> Option<Pointer> {
        let mut at = at;
        for _ in 0..REFERENCES {
            let Some(reference) = self.at(&at)?.get("$ref").and_then(Value::as_str) else { return Some(at) };
            at = super::compare::target(reference)?;
        }
        None
    }
}
