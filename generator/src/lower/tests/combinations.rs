//! Several choices for one value.

use serde_json::{Value, json};

use super::*;
use crate::ir::Expect;

#[test]
fn several_choices_become_their_combinations() {
    let choice = |kinds: &[&str]| json!(kinds.iter().map(|kind| json!({ "type": kind })).collect::<Vec<_>>());
    let object =
        |key: &str| json!({ "type": "object", "required": [key], "properties": { key: { "type": "string" } } });
    let api = api(with_schemas(json!({
        "Scalars": { "oneOf": choice(&["string", "integer"]), "anyOf": choice(&["string", "integer", "boolean"]) },
        "Objects": { "type": "object", "properties": { "id": {} },
            "oneOf": [object("a"), object("b")], "anyOf": [object("c"), object("d")] },
    })));
    let kinds: Vec<_> = variants(&api, "Scalars").iter().map(|variant| variant.test.expect).collect();
    assert_eq!(kinds, [Expect::String, Expect::Integer]);
    let names = |variant: &crate::ir::Variant| match shape(&api, variant.ty) {
        Shape::Object(object) => {
            object.fields.iter().map(|field| field.wire_name.clone()).collect::<Vec<_>>().join(" ")
        }
        other => panic!("{other:?}"),
    };
    let combinations: Vec<_> = variants(&api, "Objects").iter().map(names).collect();
    assert_eq!(combinations, ["id a c", "id b c", "id a d", "id b d"]);
    assert!(api.untyped.is_empty());
}

#[test]
fn a_bare_type_joined_with_a_reference_is_the_reference() {
    let page = |item: Value| json!({ "type": "object", "properties": { "items": { "type": "array", "items": item } } });
    let reference = json!({ "$ref": "#/components/schemas/Share" });
    let joined = |item: Value| json!({ "allOf": [page(item), page(reference.clone())] });
    let api = api(with_schemas(json!({
        "Share": { "type": "object", "properties": { "id": { "type": "string" } } },
        "Shares": joined(json!({ "type": "object", "description": "Anything." })),
        "Named": joined(json!({ "type": "object", "properties": { "name": { "type": "string" } } })),
    })));
    let item = |name: &str| match component(&api, name).shape.fields() {
        [field] => shape(&api, field.ty).type_refs().first().map(|item| item.ty),
        other => panic!("{other:?}"),
    };
    let share = api.types.iter().find(|(_, ty)| ty.owner == Owner::Component("Share".to_owned())).map(|(id, _)| id);
    assert_eq!(item("Shares"), share);
    assert_ne!(item("Named"), share);
}

#[test]
fn choices_without_combinations_are_reported() {
    let document = with_schemas(json!({ "A": {
        "oneOf": [{ "type": "string" }, { "type": "integer" }],
        "anyOf": [{ "type": "boolean" }, { "type": "array", "items": {} }],
    } }));
    let api = api_with(document, &[("unsupported-composition", "/components/schemas/A/oneOf")]);
    assert_eq!(component(&api, "A").shape, Shape::Any);
}

#[test]
fn combinations_without_values_are_left_out() {
    let tagged = |kind: Value, key: &str| json!({ "type": "object", "required": ["kind"], "properties": { "kind": kind, key: { "type": "string" } } });
    let kind = |value: &str| json!({ "type": "string", "enum": [value] });
    let nullable = |value: &str| json!({ "type": "string", "enum": [value, null], "nullable": true });
    let api = api(with_schemas(json!({
        "T": { "allOf": [
            { "oneOf": [tagged(kind("x"), "a"), tagged(kind("y"), "b")] },
            { "oneOf": [tagged(kind("x"), "c"), tagged(kind("y"), "d")] },
        ] },
        "Nullable": { "allOf": [
            { "oneOf": [tagged(nullable("x"), "a"), tagged(nullable("y"), "b")] },
            { "oneOf": [tagged(nullable("x"), "c"), tagged(kind("y"), "d")] },
        ] },
    })));
    let keys = |name: &str| -> Vec<String> {
        let keys = |ty| shape(&api, ty).fields().iter().skip(1).map(|field| field.wire_name.as_str()).collect();
        variants(&api, name).iter().map(|variant| keys(variant.ty)).collect()
    };
    assert_eq!(keys("T"), ["ac", "bd"]);
    assert_eq!(keys("Nullable"), ["ac", "bc", "bd"]);
}

#[test]
fn branches_that_contradict_the_rest_of_an_all_of_are_left_out() {
    let string = json!({ "type": "string" });
    let kind = |values: &[&str], key: &str| {
        json!({ "type": "object", "required": ["kind"], "properties": {
        "kind": { "type": "string", "enum": values }, key: string,
    } })
    };
    let list = json!({ "type": "array", "items": kind(&["y"], "a") });
    let choice = json!({ "oneOf": [kind(&["x"], "a"), kind(&["y"], "b"), list] });
    let document = with_schemas(json!({ "Choice": choice, "T": { "properties": {
        "array": { "allOf": [choice, { "type": "array", "items": { "required": ["a"] } }] },
        "object": { "allOf": [{ "$ref": "#/components/schemas/Choice" }, { "type": "object" }] },
        "listed": { "allOf": [{ "properties": { "kind": { "enum": ["y", "z"] } } }, choice] },
        "beside": { "allOf": [{ "type": "string", "oneOf": [kind(&["x"], "a"), { "type": "object", "properties": {} }] }] },
    } } }));
    let lowered = run(document);
    let left_out = lowered.diagnostics.iter().filter(|one| one.message.contains("is left out"));
    let places: Vec<_> = left_out.map(|one| one.pointer.as_str().replace("/components/schemas/", "")).collect();
    let prefix = "T/properties/array/allOf/0/oneOf";
    let expected =
        [&format!("{prefix}/0"), &format!("{prefix}/1"), "Choice/oneOf/2", "T/properties/listed/allOf/1/oneOf/0"];
    assert_eq!(places, expected);
    let api = lowered.api.unwrap();
    let shape = |name| shape(&api, field(&api, "T", name).ty);
    let Shape::Array(item) = shape("array") else { panic!("{:?}", shape("array")) };
    assert!(api.types.shape(*item).fields().iter().any(|field| field.wire_name == "kind"));
    let Shape::Union(objects) = shape("object") else { panic!("{:?}", shape("object")) };
    assert_eq!(objects.variants.len(), 2);
}
