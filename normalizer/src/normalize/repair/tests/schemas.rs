//! Schemas: required names, placeholders, nullable references.

use serde_json::json;

use super::*;

#[test]
fn required_names_are_spelled_as_the_properties() {
    let properties = json!({"client_id": {"type": "string"}, "a_b": {"type": "string"}, "aB": {"type": "string"}});
    let given = |required: &Value| json!({"type": "object", "required": required, "properties": properties});
    let (value, rules) = schema(&given(&json!(["clientId", "AB", "other"])));
    assert_eq!(
        (value, rules),
        (given(&json!(["client_id", "AB", "other"])), vec!["required-property"]),
        "`AB` is ambiguous"
    );
    let mut inherited = given(&json!(["clientId"]));
    inherited["allOf"] = json!([{"type": "object", "properties": {"clientId": {"type": "string"}}}]);
    assert_eq!(schema(&inherited), (inherited, vec![]), "the base may have it");
}

#[test]
fn required_goes_from_the_property_to_its_schema() {
    let given = json!({"type": "object", "properties": {
        "a": {"type": "string", "required": true}, "b": {"type": "string", "required": false}, "c": {"type": "object", "required": ["d"]}}});
    let expected = json!({"type": "object", "required": ["a"], "properties": {
        "a": {"type": "string"}, "b": {"type": "string"}, "c": {"type": "object", "required": ["d"]}}});
    let (value, rules) = schema(&given);
    assert_eq!(value, expected);
    assert_eq!(rules, ["required-property", "required-property"]);
}

#[test]
fn a_property_named_by_a_placeholder_is_a_map() {
    for name in ["{id}", "<server name>"] {
        let (value, rules) =
            schema(&json!({"type": "object", "required": [name], "properties": {name: {"type": "string"}}}));
        assert_eq!(value, json!({"type": "object", "additionalProperties": {"type": "string"}}));
        assert_eq!(rules, ["placeholder", "empty-value"]);
    }
    let given =
        json!({"type": "object", "additionalProperties": false, "properties": {"a": {}, "{b}": {"type": "string"}}});
    let expected = json!({"type": "object", "additionalProperties": {"type": "string"}, "properties": {"a": {}}});
    assert_eq!(schema(&given).0, expected);
    for unchanged in [
        json!({"type": "object", "properties": {"{}": {}, "<": {}, "{a": {}, "a>": {}}}),
        json!({"type": "object", "properties": {"{a}": {}, "{b}": {}}}),
        json!({"type": "object", "properties": {"{a}": {}}, "additionalProperties": {"type": "string"}}),
    ] {
        assert_eq!(schema(&unchanged).0, unchanged);
    }
}

#[test]
fn nullable_references_are_kept() {
    let beside = |siblings: Value| {
        let mut schema = json!({"$ref": "#/components/schemas/B"});
        schema.as_object_mut().unwrap().extend(siblings.as_object().unwrap().clone());
        let step = repaired(json!({"components": {"schemas": {"A": schema, "B": {"type": "string"}}}}));
        let rules: Vec<&str> = step.entries.iter().map(|entry| entry.rule).collect();
        (step.value["components"]["schemas"]["A"].clone(), rules)
    };
    let (value, rules) = beside(json!({"nullable": true}));
    assert_eq!(value, json!({"nullable": true, "allOf": [{"$ref": "#/components/schemas/B"}]}));
    assert_eq!(rules, ["nullable-reference"]);
    let (value, rules) = beside(json!({"nullable": false}));
    assert_eq!(value, json!({"$ref": "#/components/schemas/B"}));
    assert!(rules.is_empty());
    // The reference no longer hides its siblings, so they are repaired.
    let (value, rules) = beside(json!({"nullable": true, "type": "str", "xml": {"of": 1}, "title": 5}));
    let expected = json!({
        "nullable": true, "type": "string", "xml": {"x-of": 1}, "title": "5", "allOf": [{"$ref": "#/components/schemas/B"}]
    });
    assert_eq!(value, expected);
    assert_eq!(rules, ["nullable-reference", "value-type", "type-name", "unknown-key"]);
}
