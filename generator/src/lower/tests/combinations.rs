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
    let kinds: Vec<_> = variants(&api, "Scalars").iter().map(|variant| variant.test.json).collect();
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
