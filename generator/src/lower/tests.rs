//! Tests of `lower`, on small documents and on the documents under `specs/`.

mod branches;
mod combinations;
mod constants;
mod cycles;
mod dedup;
mod input_types;
mod operations;
mod places;
mod received;
mod references;
mod robustness;
mod schemas;
mod streams;
mod unions;

use serde_json::{Value, json};

use super::{InputTypes, lower_all};
use crate::ir::{Api, Field, Integer, Owner, Place, Shape, Type, TypeId, TypeRef};
use clientwright_normalizer::diagnostic::{Diagnostic, any_error};

/// The result of lowering a document; without an API if there is an error.
struct Lowered {
    api: Option<Api>,
    diagnostics: Vec<Diagnostic>,
}

/// Returns an object with `readOnly` and `writeOnly` properties.
fn user() -> Value {
    json!({
        "type": "object",
        "required": ["id", "name", "password"],
        "properties": {
            "id": { "type": "string", "readOnly": true },
            "name": { "type": "string" },
            "password": { "type": "string", "writeOnly": true },
        },
    })
}

/// Returns a document with these component schemas and no operation.
fn with_schemas(schemas: Value) -> Value {
    let mut document = json!({
        "openapi": "3.0.3",
        "info": { "title": "Test", "version": "1" },
        "paths": {},
        "components": {},
    });
    document["components"]["schemas"] = schemas;
    document
}

/// Returns a document with one operation, `GET /`; `operation` adds or replaces its fields.
fn with_operation(operation: Value) -> Value {
    let mut whole = json!({ "operationId": "op", "responses": { "200": { "description": "" } } });
    let Value::Object(fields) = operation else { panic!("not an object") };
    whole.as_object_mut().unwrap().extend(fields);
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Test", "version": "1" },
        "paths": { "/": { "get": whole } },
    })
}

/// Lowers a document without webhooks.
fn lower(document: &Value) -> Lowered {
    let (api, diagnostics) = lower_all("test", "specs/test.yaml", document, InputTypes::Separate);
    Lowered { api: (!any_error(&diagnostics)).then_some(api), diagnostics }
}

#[expect(clippy::needless_pass_by_value, reason = "callers write the document where they call")]
fn run(document: Value) -> Lowered {
    let lowered = lower(&document);
    if let Some(api) = &lowered.api {
        check(api);
    }
    lowered
}

/// Returns the API of a document without diagnostics.
fn api(document: Value) -> Api {
    let lowered = run(document);
    assert!(lowered.diagnostics.is_empty(), "{:#?}", lowered.diagnostics);
    lowered.api.unwrap()
}

/// Returns the API of a document with these diagnostics, which are not errors.
fn api_with(document: Value, expected: &[(&str, &str)]) -> Api {
    let lowered = run(document);
    assert_eq!(found(&lowered), expected, "{:#?}", lowered.diagnostics);
    lowered.api.unwrap()
}

/// Lowers a document with an error, and checks its diagnostics.
fn refused(document: Value, expected: &[(&str, &str)]) -> Lowered {
    let lowered = run(document);
    assert_eq!(found(&lowered), expected, "{:#?}", lowered.diagnostics);
    assert!(lowered.api.is_none());
    lowered
}

/// Returns codes and pointers, sorted by pointer.
fn found(lowered: &Lowered) -> Vec<(&str, &str)> {
    let mut found: Vec<_> = lowered.diagnostics.iter().map(|d| (d.code.0, d.pointer.as_str())).collect();
    found.sort_by_key(|(code, pointer)| (*pointer, *code));
    found
}

/// Returns the type of a component.
fn component<'a>(api: &'a Api, name: &str) -> &'a Type {
    let is = |ty: &&Type| ty.owner == Owner::Component(name.to_owned());
    api.types.iter().map(|(_, ty)| ty).find(is).unwrap()
}

fn id(api: &Api, name: &str) -> TypeId {
    let is = |ty: &Type| ty.owner == Owner::Component(name.to_owned());
    api.types.iter().find(|(_, ty)| is(ty)).unwrap().0
}

/// Returns the shape of a use, behind aliases.
fn shape(api: &Api, ty: TypeRef) -> &Shape {
    api.types.shape(ty.ty)
}

fn fields<'a>(api: &'a Api, name: &str) -> &'a [Field] {
    match &component(api, name).shape {
        Shape::Object(object) => &object.fields,
        other => panic!("{name} is {other:?}"),
    }
}

fn field<'a>(api: &'a Api, of: &str, name: &str) -> &'a Field {
    fields(api, of).iter().find(|field| field.wire_name == name).unwrap()
}

/// Returns `true` if a component requires a property in its directions.
fn requires(api: &Api, of: &str, name: &str) -> bool {
    component(api, of).requires(field(api, of, name))
}

fn variants<'a>(api: &'a Api, name: &str) -> &'a [crate::ir::Variant] {
    match &component(api, name).shape {
        Shape::Union(union) => &union.variants,
        other => panic!("{name} is {other:?}"),
    }
}

/// Checks the invariants of every API.
fn check(api: &Api) {
    for (id, ty) in api.types.iter() {
        assert!(ty.read || ty.sent || is_only_a_parent(api, id), "{} is neither read nor sent", ty.origin);
        for inner in ty.shape.type_refs() {
            check_use(api, inner, &ty.origin.to_string());
            let target = &api.types[inner.ty];
            assert!(!ty.read || target.read, "{} is read, {} is not", ty.origin, target.origin);
            assert!(!ty.sent || target.sent, "{} is sent, {} is not", ty.origin, target.origin);
        }
        if matches!(ty.shape, Shape::Union(_) | Shape::Alias(_)) {
            assert!(ty.shape.type_refs().iter().all(|inner| !inner.nullable), "{}", ty.origin);
        }
        assert!(!contains_itself(api, id), "{} contains itself without a box", ty.origin);
        assert!(!is_variant_of_itself(api, id), "{} is a variant of itself", ty.origin);
    }
    for operation in &api.operations {
        assert!(operation.tag.0 < api.tags.len());
        for media_type in operation.body.iter().flat_map(|body| &body.media_types) {
            assert!(api.types[media_type.ty.ty].sent);
        }
        for media_type in operation.responses.iter().flat_map(|response| &response.media_types) {
            assert!(api.types[media_type.ty.ty].read);
        }
        for scheme in operation.security.iter().flat_map(|requirement| &requirement.schemes) {
            assert!(scheme.0 < api.security_schemes.len());
        }
        for parameter in &operation.parameters {
            check_use(api, parameter.ty, &operation.id);
            assert!(api.types[parameter.ty.ty].sent);
            assert!(parameter.client_parameter.is_none_or(|id| id.0 < api.client_parameters.len()));
        }
    }
}

fn check_use(api: &Api, ty: TypeRef, at: &str) {
    if api.types.is_inline_alias(ty.ty) {
        assert!(shape(api, ty).has_members(), "{at} uses an alias that needs no name");
    }
    assert!(!ty.nullable || *shape(api, ty) != Shape::Any, "{at} has a nullable use of any value");
}

/// Returns `true` for a type that is kept only to name other types.
fn is_only_a_parent(api: &Api, id: TypeId) -> bool {
    api.types.iter().any(|(_, ty)| match ty.owner {
        Owner::Part(of, ref place) => of == id && !matches!(place, Place::Element(_)),
        _ => false,
    })
}

fn contains_itself(api: &Api, start: TypeId) -> bool {
    let mut waiting = vec![start];
    let mut seen = Vec::new();
    while let Some(id) = waiting.pop() {
        let held: Vec<TypeRef> = match &api.types[id].shape {
            Shape::Object(object) => object.fields.iter().map(|field| field.ty).collect(),
            Shape::Union(union) => union.variants.iter().map(|variant| variant.ty).collect(),
            Shape::Alias(inner) => vec![*inner],
            _ => Vec::new(),
        };
        for inner in held.into_iter().filter(|inner| !inner.boxed) {
            if inner.ty == start {
                return true;
            }
            if !seen.contains(&inner.ty) {
                seen.push(inner.ty);
                waiting.push(inner.ty);
            }
        }
    }
    false
}

/// Returns `true` if reading a value of a union could lead to the same union at the same place.
fn is_variant_of_itself(api: &Api, start: TypeId) -> bool {
    let variants = |id| match api.types.shape(id) {
        Shape::Union(union) => union.variants.iter().map(|variant| api.types.end(variant.ty.ty)).collect(),
        _ => Vec::new(),
    };
    let (mut waiting, mut seen) = (variants(start), Vec::new());
    while let Some(id) = waiting.pop() {
        if id == start {
            return true;
        }
        if !seen.contains(&id) {
            seen.push(id);
            waiting.extend(variants(id));
        }
    }
    false
}

const I64: Shape = Shape::Integer(Integer::I64);
