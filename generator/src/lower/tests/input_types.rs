//! Types with different forms in responses and requests.

use serde_json::json;

use super::*;
use crate::ir::{FormKind, Place, Rule, Union};

/// Returns an API with an operation that sends and receives the component `T`.
fn both_ways(schemas: &Value) -> Api {
    let content = json!({ "application/json": { "schema": { "$ref": "#/components/schemas/T" } } });
    let mut document = with_operation(json!({
        "operationId": "x",
        "tags": ["t"],
        "requestBody": { "content": content },
        "responses": { "200": { "description": "d", "content": content } },
    }));
    document["components"] = json!({ "schemas": schemas });
    api(document)
}

fn names(shape: &Shape) -> Vec<&str> {
    match shape {
        Shape::Object(object) => object.fields.iter().map(|field| field.wire_name.as_str()).collect(),
        other => panic!("{other:?}"),
    }
}

/// Returns the input type of a component, if any.
fn input<'a>(api: &'a Api, name: &str) -> Option<&'a Type> {
    let read = id(api, name);
    api.types.iter().map(|(_, ty)| ty).find(|ty| ty.owner == Owner::Form(read, FormKind::Input))
}

#[test]
fn properties_of_one_direction_are_in_its_form() {
    let api = both_ways(&json!({ "T": user() }));
    let (read, sent) = (component(&api, "T"), input(&api, "T").unwrap());
    assert_eq!((names(&read.shape), read.read, read.sent), (vec!["id", "name"], true, false));
    assert_eq!((names(&sent.shape), sent.read, sent.sent), (vec!["name", "password"], false, true));
    for ty in [read, sent] {
        let Shape::Object(object) = &ty.shape else { panic!() };
        assert!(object.fields.iter().all(|field| ty.requires(field)));
    }
    let operation = &api.operations[0];
    let body = operation.body.as_ref().unwrap().media_types[0].ty.ty;
    assert_eq!(&api.types[body], sent);
    assert_eq!(operation.responses[0].media_types[0].ty.ty, id(&api, "T"));
}

#[test]
fn sent_components_have_an_input_alias() {
    let content = json!({ "application/json": { "schema": { "$ref": "#/components/schemas/T" } } });
    let mut document = with_operation(json!({
        "operationId": "x",
        "tags": ["t"],
        "requestBody": { "content": content },
        "responses": { "204": { "description": "d" } },
    }));
    document["components"] = json!({ "schemas": { "T": user() } });
    let api = api(document);
    let sent = input(&api, "T").unwrap();
    assert_eq!(sent.shape, Shape::Alias(TypeRef::of(id(&api, "T"))));
    let body = api.operations[0].body.as_ref().unwrap().media_types[0].ty.ty;
    assert_eq!(&api.types[body], sent);
    assert_eq!(names(&component(&api, "T").shape), ["name", "password"]);
}

#[test]
fn containers_of_split_types_are_split() {
    let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let api = both_ways(&json!({
        "T": { "type": "object", "properties": {
            "list": { "type": "array", "items": reference("User") },
            "inner": { "type": "object", "properties": { "users": reference("Users") } },
            "plain": reference("Plain"),
            "self": reference("T"),
        } },
        "User": user(),
        "Users": { "type": "object", "additionalProperties": reference("User") },
        "Plain": { "type": "object", "properties": { "a": { "type": "string" } } },
    }));
    for name in ["T", "User", "Users"] {
        assert!(input(&api, name).is_some(), "{name}");
    }
    assert!(input(&api, "Plain").is_none());
    // Each form refers only to types of its direction, and a type without a second form has both directions.
    for (_, ty) in api.types.iter() {
        for used in ty.shape.type_refs() {
            let held = &api.types[used.ty];
            assert!((held.read || !ty.read) && (held.sent || !ty.sent), "{ty:?} {held:?}");
        }
    }
    assert_eq!(component(&api, "Plain").read, component(&api, "Plain").sent);
    // An inline type belongs to the form that contains it.
    let t = id(&api, "T");
    let sent = api.types.iter().find(|(_, ty)| ty.owner == Owner::Form(t, FormKind::Input)).unwrap().0;
    assert!(api.types.iter().any(|(_, ty)| ty.owner == Owner::Part(sent, Place::Property("inner".to_owned()))));
}

#[test]
fn optional_properties_of_one_direction_are_in_its_form() {
    let optional = json!({ "type": "object", "properties": {
        "id": { "type": "string", "readOnly": true },
        "hint": { "type": "string", "writeOnly": true },
        "name": { "type": "string" },
    } });
    let api = both_ways(&json!({ "T": optional }));
    assert_eq!(names(&component(&api, "T").shape), ["id", "name"]);
    assert_eq!(names(&input(&api, "T").unwrap().shape), ["hint", "name"]);
}

#[test]
fn types_of_responses_are_not_sent() {
    let log = json!({ "type": "object", "properties": { "at": { "type": "string", "readOnly": true }, "by": {} } });
    let api = both_ways(&json!({
        "T": { "type": "object", "properties": {
            "log": { "readOnly": true, "allOf": [{ "$ref": "#/components/schemas/Log" }] },
            "name": { "type": "string" },
        } },
        "Log": log,
    }));
    assert!(component(&api, "Log").read && !component(&api, "Log").sent);
    assert!(input(&api, "Log").is_none());
}

#[test]
fn a_property_that_a_request_has_is_not_filled_in() {
    let defaults = |read_only: bool| {
        let id = json!({ "type": "string", "readOnly": read_only, "default": "i" });
        let base = json!({ "type": "object", "properties": { "color": { "type": "string", "default": "red" } } });
        let whole =
            json!({ "allOf": [{ "$ref": "#/components/schemas/Base" }], "type": "object", "properties": { "id": id } });
        let content = |name: &str| json!({ "application/json": { "schema": { "$ref": format!("#/components/schemas/{name}") } } });
        let mut document = with_operation(json!({
            "operationId": "x",
            "requestBody": { "content": content(if read_only { "Whole" } else { "Base" }) },
            "responses": { "200": { "description": "d", "content": content("Whole") } },
        }));
        document["components"] = json!({ "schemas": { "Base": base, "Whole": whole } });
        let api = api(document);
        let fields = component(&api, "Whole").shape.fields();
        let filled = |name: &str| fields.iter().find(|field| field.wire_name == name).unwrap().read_default.is_some();
        (filled("id"), filled("color"))
    };
    assert_eq!(defaults(true), (true, false), "the input form has `color`");
    assert_eq!(defaults(false), (true, false), "the base is sent");
}

#[test]
fn equal_forms_are_one_type() {
    let plain = json!({ "type": "object", "properties": { "id": { "type": "string" } } });
    let api = both_ways(&json!({ "T": plain }));
    assert_eq!(api.types.iter().filter(|(_, ty)| matches!(ty.shape, Shape::Object(_))).count(), 1);
    // A type of one direction needs no second form; neither does an unused type.
    let api = api_of_answer();
    assert!(input(&api, "T").is_none() && input(&api, "Unused").is_none());
    assert_eq!(names(&component(&api, "Unused").shape), ["id", "name", "password"]);
}

#[test]
fn a_type_that_is_only_sent_lacks_read_only_properties() {
    let received = api_of_answer();
    assert_eq!(names(&component(&received, "T").shape), ["id", "name", "password"], "a server may return it");
    assert!(!component(&received, "T").always_has(field(&received, "T", "password")));
    let mut document = with_operation(json!({
        "operationId": "x",
        "tags": ["t"],
        "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/T" } } } },
        "responses": { "204": { "description": "d" } },
    }));
    document["components"] = json!({ "schemas": { "T": user() } });
    assert_eq!(names(&component(&api(document), "T").shape), ["name", "password"]);
}

fn api_of_answer() -> Api {
    let content = json!({ "application/json": { "schema": { "$ref": "#/components/schemas/T" } } });
    let mut document = with_operation(json!({
        "operationId": "x",
        "tags": ["t"],
        "responses": { "200": { "description": "d", "content": content } },
    }));
    document["components"] = json!({ "schemas": { "T": user(), "Unused": user() } });
    api(document)
}

#[test]
fn discriminators_are_in_both_forms() {
    let branch = |name: &str| {
        json!({ "type": "object", "required": ["kind", "id"], "properties": {
            "kind": { "type": "string", "enum": [name], "readOnly": true },
            "id": { "type": "string", "readOnly": true },
            "name": { "type": "string" },
        } })
    };
    let api = both_ways(&json!({
        "T": {
            "oneOf": [{ "$ref": "#/components/schemas/A" }, { "$ref": "#/components/schemas/B" }],
            "discriminator": { "propertyName": "kind", "mapping": { "a": "A", "b": "B" } },
        },
        "A": branch("a"),
        "B": branch("b"),
    }));
    assert_eq!(names(&input(&api, "A").unwrap().shape), ["kind", "name"]);
}

#[test]
fn sent_unions_do_not_test_read_only_properties() {
    let id = json!({ "type": "integer", "readOnly": true });
    let named = json!({ "type": "object", "required": ["id"], "properties": { "id": id, "name": {} } });
    let sized = json!({ "type": "object", "properties": { "size": {} } });
    let both = json!({ "type": "object", "properties": { "name": {}, "size": {} } });
    let keys = |ty: &Type| match &ty.shape {
        Shape::Union(Union { rule: Rule::BestFit(patterns), .. }) => {
            let keys = patterns.iter().map(|patterns| patterns[0].keys.iter());
            keys.map(|keys| keys.map(|key| (key.name.clone(), key.required)).collect::<Vec<_>>()).collect()
        }
        _ => Vec::new(),
    };
    let (name, size) = (("name".to_owned(), false), ("size".to_owned(), false));

    // A test of that property is replaced by another test.
    let api = both_ways(&json!({ "T": { "anyOf": [named, sized] } }));
    assert!(keys(component(&api, "T")).is_empty());
    assert_eq!(keys(input(&api, "T").unwrap()), [vec![name], vec![size]]);

    let api = both_ways(&json!({ "T": { "anyOf": [both, named, sized] } }));
    let required = |ty: &Type| keys(ty).concat().iter().filter(|(_, required)| *required).count();
    assert_eq!((required(component(&api, "T")), required(input(&api, "T").unwrap())), (1, 0));
}
