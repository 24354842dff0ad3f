//! References: chains, cycles, and broken ones.

use serde_json::json;

use super::*;
use crate::ir::Text;

#[test]
fn component_references_are_direct_aliases() {
    let api = api(with_schemas(json!({
        "A": { "$ref": "#/components/schemas/B" },
        "B": { "$ref": "#/components/schemas/C" },
        "C": { "type": "string" },
    })));
    assert_eq!(component(&api, "A").shape, Shape::Alias(TypeRef::of(id(&api, "C"))));
    assert_eq!(component(&api, "B").shape, Shape::Alias(TypeRef::of(id(&api, "C"))));
}

#[test]
fn sibling_bounds_do_not_affect_a_referenced_enumeration() {
    let bounded = |name: &str| json!({ "allOf": [{ "$ref": format!("#/components/schemas/{name}") }], "minimum": 0 });
    let api = api(with_schemas(json!({
        "State": { "type": "string", "enum": ["new", "old"] },
        "Count": { "type": "integer" },
        "Bounded": bounded("State"),
        "Small": bounded("Count"),
    })));
    assert_eq!(component(&api, "Bounded").shape, Shape::Alias(TypeRef::of(id(&api, "State"))));
    assert!(matches!(component(&api, "Small").shape, Shape::Integer(_)));
}

#[test]
fn cyclic_references_are_errors() {
    refused(
        with_schemas(json!({
            "A": { "$ref": "#/components/schemas/B" },
            "B": { "$ref": "#/components/schemas/A" },
        })),
        &[("cyclic-reference", "/components/schemas/A")],
    );
    refused(
        with_schemas(json!({ "A": { "allOf": [{ "$ref": "#/components/schemas/A" }, { "type": "object" }] } })),
        &[("cyclic-reference", "/components/schemas/A/allOf/0")],
    );
    refused(
        with_schemas(json!({ "A": { "type": "object", "properties": {
            "b": { "$ref": "#/components/schemas/A/properties/b" },
        } } })),
        &[("cyclic-reference", "/components/schemas/A/properties/b")],
    );
}

#[test]
fn long_cycles_through_all_of_terminate() {
    let lowered = run(with_schemas(json!({
        "A": { "allOf": [{ "$ref": "#/components/schemas/B" }], "required": ["x"] },
        "B": { "allOf": [{ "$ref": "#/components/schemas/A" }], "properties": { "x": {} } },
    })));
    assert!(lowered.api.is_none());
    assert!(lowered.diagnostics.iter().all(|diagnostic| diagnostic.code.0 == "cyclic-reference"));
}

#[test]
fn a_broken_reference_suggests_a_similar_name() {
    let lowered = refused(
        with_schemas(json!({
            "Customer": { "type": "string" },
            "User": { "type": "object", "properties": { "x": { "$ref": "#/components/schemas/Custommer" } } },
        })),
        &[("broken-reference", "/components/schemas/User/properties/x")],
    );
    assert_eq!(lowered.diagnostics[0].help.as_deref(), Some("did you mean `Customer`?"));
}

#[test]
fn wrong_kinds_and_external_references_are_distinguished() {
    let response = |reference: &str| {
        let mut document = with_operation(json!({ "responses": { "200": { "$ref": reference } } }));
        document["components"] = json!({ "schemas": { "A": { "type": "string" } } });
        document
    };
    let at = "/paths/~1/get/responses/200";
    refused(response("#/components/schemas/A"), &[("wrong-reference-kind", at)]);
    refused(response("#/components/responses/A"), &[("broken-reference", at)]);
    refused(response("#bad"), &[("broken-reference", at)]);
    let api = api_with(response("other.yaml#/A"), &[("external-reference", at)]);
    assert_eq!(api.operations[0].responses.len(), 1);
    api_with(response("#/paths/~1"), &[("unsupported-reference", at)]);
}

#[test]
fn an_external_schema_is_any_value() {
    let api = api_with(
        with_schemas(json!({ "A": { "type": "object", "properties": { "x": { "$ref": "other.yaml#/X" } } } })),
        &[("external-reference", "/components/schemas/A/properties/x")],
    );
    assert_eq!(shape(&api, field(&api, "A", "x").ty), &Shape::Any);
}

#[test]
fn references_are_unescaped_twice() {
    let api = api(with_schemas(json!({
        "a/b~c d": { "type": "string" },
        "User": { "type": "object", "properties": { "x": { "$ref": "#/components/schemas/a~1b~0c%20d" } } },
    })));
    assert_eq!(shape(&api, field(&api, "User", "x").ty), &Shape::Text(Text::Plain));
}

#[test]
fn references_into_a_component_share_its_type() {
    let api = api(with_schemas(json!({
        "A": { "type": "object", "properties": { "x": { "$ref": "#/components/schemas/B/properties/y/items" } } },
        "B": { "type": "object", "properties": {
            "y": { "type": "array", "items": { "type": "object", "properties": { "z": {} } } },
        } },
    })));
    let Shape::Array(items) = shape(&api, field(&api, "B", "y").ty) else { panic!() };
    assert_eq!(field(&api, "A", "x").ty.ty, items.ty);
}

#[test]
fn a_path_item_may_refer_to_another_path() {
    let mut document = with_operation(json!({}));
    document["paths"]["/alias"] = json!({ "$ref": "#/paths/~1" });
    // The same operation twice, with the same id.
    refused(document, &[("duplicate-operation-id", "/paths/~1/get/operationId")]);
    let mut document = with_operation(json!({}));
    document["paths"]["/alias"] = json!({ "$ref": "#/paths/~1nowhere" });
    refused(document, &[("broken-reference", "/paths/~1alias")]);
}

#[test]
fn broken_references_in_unused_components_are_found() {
    let mut document = with_schemas(json!({}));
    document["components"]["responses"] = json!({ "R": { "description": "", "content": {
        "application/json": { "schema": { "$ref": "#/components/schemas/Gone" } },
    } } });
    let at = "/components/responses/R/content/application~1json/schema";
    refused(document, &[("broken-reference", at)]);
}
