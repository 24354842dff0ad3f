//! Constants.

use serde_json::json;

use super::*;

#[test]
fn unquoted_discriminators_are_constants_of_their_type() {
    let branch = |of: &Value| json!({ "type": "object", "required": ["v"], "properties": { "v": of } });
    let byte = json!({ "type": "integer", "format": "int8" });
    let at = |name: &str| format!("#/components/schemas/{name}");
    let mapping = json!({ "1": at("A"), "300": at("B"), "+3": at("C"), "true": at("D") });
    let branches = ["A", "B", "C", "D"].map(|name| json!({ "$ref": at(name) }));
    let api = api(with_schemas(json!({
        "U": { "oneOf": branches, "discriminator": { "propertyName": "v", "mapping": mapping } },
        "A": branch(&byte), "B": branch(&byte), "C": branch(&byte), "D": branch(&json!({ "type": "boolean" })),
    })));
    let constant = |name: &str| field(&api, name, "v").constant.clone();
    assert_eq!(constant("A"), Some(json!(1)));
    assert_eq!((constant("B"), constant("C")), (None, None));
    assert_eq!(constant("D"), Some(json!(true)));
}

/// Returns the constant of a required property with that schema.
fn one(of: &Value) -> Option<Value> {
    let properties = json!({ "v": of });
    let api = api(with_schemas(json!({
        "A": { "type": "object", "required": ["v"], "properties": properties },
        "Color": { "type": "string", "enum": ["red", "green"] },
    })));
    field(&api, "A", "v").constant.clone()
}

#[test]
fn a_single_number_is_a_constant_of_its_type() {
    assert_eq!(one(&json!({ "type": "number", "enum": [1.5] })), Some(json!(1.5)));
    assert_eq!(one(&json!({ "type": "number", "format": "float", "enum": [1.5] })), Some(json!(1.5)));
    assert_eq!(one(&json!({ "type": "number", "format": "decimal", "enum": [1.5] })), Some(json!(1.5)));
    assert_eq!(one(&json!({ "type": "integer", "enum": [u64::MAX] })), Some(json!(u64::MAX)));
    assert_eq!(one(&json!({ "type": "number", "enum": [1.5, 2.5] })), None);
    assert_eq!(one(&json!({ "type": "number", "enum": [1.5, null], "nullable": true })), None);
    assert_eq!(one(&json!({ "type": "number", "enum": [1.5], "nullable": true })), None, "nullable, though not listed");
}

#[test]
fn null_alone_is_a_constant() {
    assert_eq!(one(&json!({ "enum": [null], "nullable": true })), Some(json!(null)));
    for ty in ["string", "integer", "boolean", "array", "object"] {
        assert_eq!(one(&json!({ "type": ty, "enum": [null], "nullable": true })), Some(json!(null)), "{ty}");
    }
    let lists = |one: &str| json!({ "type": "string", "enum": [one, null], "nullable": true });
    assert_eq!(one(&json!({ "allOf": [lists("a"), lists("b")], "nullable": true })), Some(json!(null)));
    assert_eq!(one(&json!({ "allOf": [lists("a"), lists("a")], "nullable": true })), None);
}

#[test]
fn arrays_and_objects_with_properties_are_arguments() {
    let texts = json!({ "type": "string" });
    assert_eq!(one(&json!({ "type": "object", "additionalProperties": false })), Some(json!({})));
    assert_eq!(one(&json!({ "type": "array", "items": texts, "maxItems": 0 })), None);
    assert_eq!(one(&json!({ "type": "array", "items": texts, "enum": [["a"]] })), None);
    assert_eq!(one(&json!({ "type": "object", "enum": [{ "a": [1] }] })), None);
    assert_eq!(one(&json!({ "enum": [{ "a": [1] }] })), None);
    let declared = json!({ "a": texts });
    assert_eq!(one(&json!({ "type": "object", "properties": declared, "enum": [{ "a": "b" }] })), None);
}

#[test]
fn an_object_without_sent_properties_is_an_argument() {
    let mut document = with_schemas(json!({
        "A": { "type": "object", "required": ["v"], "properties": { "v": { "$ref": "#/components/schemas/B" } } },
        "B": { "type": "object", "properties": { "id": { "type": "string", "readOnly": true } } },
    }));
    let content = json!({ "application/json": { "schema": { "$ref": "#/components/schemas/A" } } });
    let answer = json!({ "200": { "description": "", "content": content } });
    document["paths"]["/"]["put"] =
        json!({ "operationId": "put", "requestBody": { "required": true, "content": content }, "responses": answer });
    let api = api(document);
    let sent = api.operations[0].body.as_ref().unwrap().media_types[0].ty;
    let Shape::Object(sent) = shape(&api, sent) else { panic!("not an object") };
    let Shape::Object(inner) = shape(&api, sent.fields[0].ty) else { panic!("not an object") };
    assert!(inner.fields.is_empty());
    assert_eq!(sent.fields[0].constant, None, "the first property that can be written would change the constructor");
}

#[test]
fn a_secret_constant_is_filled_in() {
    assert_eq!(one(&json!({ "type": "string", "format": "password", "enum": ["open"] })), Some(json!("open")));
}
