//! Schemas.

use serde_json::json;

use super::{EntryKind, becomes, origin, rules, schema, schema_among, step, with_components};
use EntryKind::{Equivalent, Interpreted, Lossy};

const OTHER: &str = "#/components/schemas/Other";

#[test]
fn lists_of_types() {
    let list = [("type-list", Equivalent)];
    becomes(&json!({"type": ["string"]}), &json!({"type": "string"}), &list);
    becomes(
        &json!({"type": ["string", "null"], "maxLength": 3}),
        &json!({"type": "string", "maxLength": 3, "nullable": true}),
        &list,
    );
    becomes(
        &json!({"description": "d", "type": ["integer", "array", "null"], "minimum": 1, "items": {}, "maxItems": 2}),
        &json!({
            "description": "d",
            "anyOf": [{"type": "integer", "minimum": 1}, {"type": "array", "items": {}, "maxItems": 2}],
            "nullable": true,
        }),
        &list,
    );
    becomes(
        &json!({"type": ["string", "integer"], "format": "int64"}),
        &json!({"anyOf": [{"type": "string"}, {"type": "integer", "format": "int64"}]}),
        &list,
    );
    // Integral numbers are integers, regardless of notation.
    becomes(
        &json!({"type": ["integer", "array"], "format": "long", "enum": [5.0, []], "items": {}}),
        &json!({"anyOf": [
            {"type": "integer", "format": "long", "enum": [5.0]},
            {"type": "array", "enum": [[]], "items": {}},
        ]}),
        &list,
    );
    becomes(
        &json!({"type": ["string", "object", "number"], "enum": ["a", 1, 1.5, "b"]}),
        &json!({"enum": ["a", 1, 1.5, "b"]}),
        &list,
    );
    becomes(
        &json!({"type": ["string", "integer", "null"], "enum": ["a", 1, null]}),
        &json!({"enum": ["a", 1, null], "nullable": true}),
        &[("type-list", Equivalent), ("null-value", Equivalent)],
    );
    becomes(
        &json!({"type": ["string", "number"], "enum": ["a", 1, "b"], "minLength": 1}),
        &json!({"anyOf": [{"type": "string", "minLength": 1, "enum": ["a", "b"]}, {"type": "number", "enum": [1]}]}),
        &list,
    );
    becomes(
        &json!({"type": ["string", "number"], "enum": ["a", 1, true]}),
        &json!({"anyOf": [{"type": "string", "enum": ["a"]}, {"type": "number", "enum": [1]}]}),
        &list,
    );
    becomes(&json!({"type": ["string", "integer"], "enum": ["a"]}), &json!({"type": "string", "enum": ["a"]}), &list);
    becomes(&json!({"type": ["string", "number", "boolean", "object", "array", "null"]}), &json!({}), &list);
    becomes(&json!({"type": ["integer", "number"]}), &json!({"type": "number"}), &list);
    becomes(&json!({"type": []}), &json!({"type": []}), &[]);
    becomes(&json!({"type": ["string", 1]}), &json!({"type": ["string", 1]}), &[]);
}

#[test]
fn numbers_that_may_be_quoted_are_numbers() {
    let found = [("type-list", Interpreted), ("type-list", Equivalent)];
    becomes(
        &json!({"type": ["integer", "string"], "pattern": "^-?(?:0|[1-9]\\d*)$", "format": "int32", "default": 1}),
        &json!({"type": "integer", "format": "int32", "default": 1}),
        &found,
    );
    let double = "^-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][+-]?\\d+)?$";
    becomes(
        &json!({"type": ["null", "number", "string"], "pattern": double}),
        &json!({"type": "number", "nullable": true}),
        &found,
    );
    // Strings that are not numbers match these patterns.
    let lists =
        ["^[0-9]+(-[0-9]+)?$", "^\\d+(,\\d+)*$", "^[0-9]{2}:[0-9]{2}$", "^\\d{4}-\\d{2}$", "^(0|[1-9]\\d*)(\\.\\d+)+$"];
    let keys = ["^[0-9]{5}$", "^\\d+$", "^[+]?[0-9]{7,15}$", "^(0|[1-9]\\d*)(\\.\\d+)?$"];
    let others = ["^.\\d$", "\\d", "^[a-z0-9]+$", "^(0x)?\\d+$", "^[^0]$", "^$"];
    for pattern in lists.iter().chain(&keys).chain(&others) {
        becomes(
            &json!({"type": ["integer", "string"], "pattern": pattern}),
            &json!({"anyOf": [{"type": "integer"}, {"type": "string", "pattern": pattern}]}),
            &[("type-list", Equivalent)],
        );
    }
}

#[test]
fn lists_of_types_beside_a_choice() {
    becomes(
        &json!({"type": ["string", "integer"], "oneOf": [{"type": "string"}, {"type": "integer"}]}),
        &json!({"oneOf": [{"type": "string"}, {"type": "integer"}]}),
        &[("type-list", Equivalent)],
    );
    becomes(
        &json!({"type": ["object", "array"], "oneOf": [{"$ref": OTHER}, {"type": "integer"}]}),
        &json!({"x-type": ["object", "array"], "oneOf": [{"$ref": OTHER}, {"type": "integer"}]}),
        &[("type-list", Lossy)],
    );
}

#[test]
fn what_a_list_of_types_moves_is_found_again() {
    let before = json!({"type": ["string", "array"], "prefixItems": [{"const": 1}], "maxItems": 1});
    let (_, step) = schema_among(&before, &[]);
    let at = "/components/schemas/S";
    assert_eq!(origin(&step, &format!("{at}/anyOf/1/x-prefix-items/0/enum")), format!("{at}/prefixItems/0/const"));
    assert_eq!(origin(&step, &format!("{at}/anyOf/1/maxItems")), format!("{at}/maxItems"));
    assert_eq!(origin(&step, &format!("{at}/anyOf")), format!("{at}/type"));
}

#[test]
fn null_alone() {
    let only = json!({"enum": [null], "nullable": true});
    becomes(&json!({"type": "null"}), &only, &[("null-type", Equivalent)]);
    becomes(&json!({"type": ["null"]}), &only, &[("null-type", Equivalent)]);
    becomes(&json!({"const": null}), &only, &[("const", Equivalent)]);
    becomes(&json!({"enum": [null]}), &only, &[("null-value", Equivalent)]);
    becomes(&json!({"type": "null", "enum": [1]}), &only, &[("null-type", Interpreted), ("null-type", Equivalent)]);
}

#[test]
fn null_among_values() {
    becomes(
        &json!({"type": ["string", "null"], "enum": ["a", null]}),
        &json!({"type": "string", "enum": ["a", null], "nullable": true}),
        &[("type-list", Equivalent)],
    );
    becomes(
        &json!({"type": "string", "enum": ["a", null]}),
        &json!({"type": "string", "enum": ["a", null], "nullable": true}),
        &[("null-value", Interpreted)],
    );
    becomes(
        &json!({"enum": ["a", null]}),
        &json!({"enum": ["a", null], "nullable": true}),
        &[("null-value", Equivalent)],
    );
}

#[test]
fn null_beside_a_reference() {
    let null = [("null-type", Equivalent), ("null-branch", Equivalent)];
    for keyword in ["anyOf", "oneOf"] {
        becomes(
            &json!({"description": "d", keyword: [{"$ref": OTHER}, {"type": "null"}], "default": null}),
            &json!({"description": "d", "allOf": [{"$ref": OTHER}], "x-default": null, "nullable": true}),
            &[null[0], null[1], ("null-default", Equivalent)],
        );
    }
    becomes(
        &json!({"anyOf": [{"const": null}, {"$ref": OTHER}]}),
        &json!({"allOf": [{"$ref": OTHER}], "nullable": true}),
        &[("const", Equivalent), ("null-branch", Equivalent)],
    );
    becomes(
        &json!({"anyOf": [{"type": "null", "title": "none"}, {"type": "string"}, {"$ref": OTHER}]}),
        &json!({"anyOf": [{"type": "string"}, {"$ref": OTHER}], "x-null": {"title": "none"}, "nullable": true}),
        &null,
    );
    becomes(
        &json!({"type": "object", "oneOf": [{"$ref": OTHER}, {"type": "null"}]}),
        &json!({"type": "object", "allOf": [{"$ref": OTHER}], "nullable": true}),
        &[("null-type", Equivalent), ("null-branch", Interpreted)],
    );
    becomes(
        &json!({"allOf": [{}], "anyOf": [{"$ref": OTHER}, {"type": "null"}]}),
        &json!({"allOf": [{}, {"$ref": OTHER}], "nullable": true}),
        &null,
    );
}

#[test]
fn null_beside_one_schema() {
    let null = [("null-type", Equivalent), ("null-branch", Equivalent)];
    becomes(
        &json!({"title": "t", "anyOf": [{"type": "null"}, {"type": "string", "maxLength": 2}], "x-a": 1}),
        &json!({"title": "t", "type": "string", "maxLength": 2, "x-a": 1, "nullable": true}),
        &null,
    );
    becomes(
        &json!({"title": "t", "anyOf": [{"type": "string", "title": "u"}, {"type": "null"}]}),
        &json!({"title": "t", "allOf": [{"type": "string", "title": "u"}], "nullable": true}),
        &null,
    );
    // A schema without restrictions already allows `null`.
    becomes(&json!({"anyOf": [{}, {"type": "null"}]}), &json!({}), &null);
    let all_null = json!({"anyOf": [{"enum": [null], "nullable": true}]});
    becomes(&json!({"anyOf": [{"type": "null"}]}), &all_null, &[("null-type", Equivalent)]);
}

#[test]
fn what_leaves_a_choice_is_found_again() {
    let (value, step) = schema_among(&json!({"anyOf": [{"type": "null"}, {"const": "a", "x-b": [1]}]}), &[]);
    assert_eq!(value, json!({"enum": ["a"], "x-b": [1], "type": "string", "nullable": true}));
    let at = "/components/schemas/S";
    assert_eq!(origin(&step, &format!("{at}/x-b/0")), format!("{at}/anyOf/1/x-b/0"));
    assert_eq!(origin(&step, &format!("{at}/enum")), format!("{at}/anyOf/1/const"));
    assert_eq!(origin(&step, &format!("{at}/nullable")), format!("{at}/anyOf/0"));
}

#[test]
fn const_is_an_enum() {
    let rule = [("const", Equivalent)];
    becomes(&json!({"const": "a"}), &json!({"enum": ["a"], "type": "string"}), &rule);
    becomes(&json!({"const": 1, "type": "number"}), &json!({"enum": [1], "type": "number"}), &rule);
    becomes(&json!({"const": [1]}), &json!({"enum": [[1]]}), &rule);
    becomes(&json!({"const": true}), &json!({"enum": [true], "type": "boolean"}), &rule);
    becomes(&json!({"const": 1, "allOf": []}), &json!({"enum": [1], "allOf": []}), &rule);
    becomes(&json!({"const": 1, "enum": [1, 2]}), &json!({"enum": [1], "type": "integer"}), &rule);
    // A contradiction.
    becomes(&json!({"const": 1, "enum": [2]}), &json!({"const": 1, "enum": [2]}), &[]);
}

#[test]
fn choices_of_single_values() {
    becomes(
        &json!({"type": "integer", "format": "int32", "oneOf": [
            {"const": 1, "title": "ONE", "description": "one"}, {"const": 2, "title": "TWO", "deprecated": true},
        ]}),
        &json!({
            "type": "integer", "format": "int32", "enum": [1, 2], "x-enum-varnames": ["ONE", "TWO"],
            "x-enum-descriptions": ["one", ""], "x-enum-deprecated": [2],
        }),
        &[("const", Equivalent), ("described-values", Equivalent)],
    );
    becomes(
        &json!({"anyOf": [{"const": "a"}, {"const": "b", "title": "B"}, {"type": "null"}]}),
        &json!({"enum": ["a", "b"], "nullable": true, "type": "string"}),
        &[
            ("const", Equivalent),
            ("null-type", Equivalent),
            ("null-branch", Equivalent),
            ("described-values", Equivalent),
        ],
    );
    let mixed = json!({"oneOf": [{"enum": [1], "type": "integer"}, {"enum": ["a"], "type": "string"}]});
    becomes(&json!({"oneOf": [{"const": 1}, {"const": "a"}]}), &mixed, &[("const", Equivalent)]);
}

#[test]
fn exclusive_bounds() {
    let rule = [("exclusive-bound", Equivalent)];
    becomes(&json!({"exclusiveMinimum": 0.5}), &json!({"minimum": 0.5, "exclusiveMinimum": true}), &rule);
    becomes(&json!({"exclusiveMaximum": 5, "maximum": 5}), &json!({"exclusiveMaximum": true, "maximum": 5}), &rule);
    becomes(&json!({"exclusiveMaximum": 5, "maximum": 4}), &json!({"maximum": 4}), &rule);
    becomes(
        &json!({"exclusiveMinimum": true, "minimum": 1}),
        &json!({"exclusiveMinimum": true, "minimum": 1}),
        &[("mixed-dialect", Interpreted)],
    );
}

#[test]
fn examples_of_schemas() {
    becomes(&json!({"examples": [1]}), &json!({"example": 1}), &[("examples", Equivalent)]);
    becomes(&json!({"examples": [1, 2]}), &json!({"x-examples": [1, 2], "example": 1}), &[("examples", Equivalent)]);
    becomes(
        &json!({"example": 3, "examples": [1]}),
        &json!({"example": 3, "x-examples": [1]}),
        &[("examples", Equivalent)],
    );
    becomes(&json!({"examples": []}), &json!({}), &[]);
    becomes(
        &json!({"examples": {"a": {"value": 1}}}),
        &json!({"x-examples": {"a": {"value": 1}}, "example": 1}),
        &[("examples", Interpreted)],
    );
}

#[test]
fn what_stands_beside_a_reference() {
    let rule = [("reference-siblings", Equivalent)];
    becomes(
        &json!({"$ref": OTHER, "description": "d", "x-a": 1}),
        &json!({"allOf": [{"$ref": OTHER}], "description": "d", "x-a": 1}),
        &rule,
    );
    becomes(
        &json!({"maxLength": 1, "$ref": OTHER, "type": ["string", "null"]}),
        &json!({"maxLength": 1, "allOf": [{"$ref": OTHER}], "type": "string", "nullable": true}),
        &[("type-list", Equivalent), rule[0]],
    );
    becomes(&json!({"$ref": OTHER, "allOf": [{}]}), &json!({"allOf": [{}, {"$ref": OTHER}]}), &rule);
    becomes(&json!({"$ref": OTHER, "$anchor": "a"}), &json!({"$ref": OTHER}), &[("identifiers", Equivalent)]);
}

#[test]
fn words_beside_the_references_of_a_discriminator() {
    let (value, step) = schema_among(
        &json!({
            "oneOf": [{"$ref": OTHER, "deprecated": true}, {"$ref": "#/components/schemas/S"}],
            "discriminator": {"propertyName": "kind"},
        }),
        &[("Other", json!({}))],
    );
    assert_eq!(
        value,
        json!({
            "oneOf": [{"$ref": OTHER}, {"$ref": "#/components/schemas/S"}],
            "discriminator": {"propertyName": "kind"},
            "x-branch-notes": {OTHER: {"deprecated": true}},
        })
    );
    let at = "/components/schemas/S";
    let note = format!("{at}/x-branch-notes/#~1components~1schemas~1Other/deprecated");
    assert_eq!(origin(&step, &note), format!("{at}/oneOf/0/deprecated"));
    assert_eq!(origin(&step, &format!("{at}/oneOf/0/$ref")), format!("{at}/oneOf/0/$ref"));
}

#[test]
fn encoded_contents() {
    let rule = [("content", Equivalent)];
    let byte = json!({"type": "string", "format": "byte"});
    becomes(&json!({"type": "string", "contentEncoding": "base64"}), &byte, &rule);
    becomes(
        &json!({"contentMediaType": "image/png"}),
        &json!({"x-content-media-type": "image/png", "type": "string", "format": "binary"}),
        &[rule[0], rule[0]],
    );
    becomes(
        &json!({"type": "string", "contentEncoding": "base64", "contentMediaType": "image/png"}),
        &json!({"type": "string", "format": "byte", "x-content-media-type": "image/png"}),
        &[rule[0], rule[0]],
    );
    becomes(
        &json!({"type": "string", "contentMediaType": "application/json", "contentSchema": {"const": 1}}),
        &json!({
            "type": "string", "x-content-media-type": "application/json",
            "x-content-schema": {"enum": [1], "type": "integer"},
        }),
        &[("const", Equivalent), rule[0], ("kept-field", Equivalent)],
    );
    becomes(
        &json!({"type": "string", "contentEncoding": "base64url"}),
        &json!({"type": "string", "x-content-encoding": "base64url"}),
        &[("kept-field", Lossy)],
    );
    becomes(
        &json!({"type": ["string", "null"], "contentEncoding": "binary"}),
        &json!({
            "type": "string", "format": "binary", "nullable": true,
        }),
        &[rule[0], ("type-list", Equivalent)],
    );
}

#[test]
fn tuples() {
    let tuple = ("tuple", Lossy);
    becomes(
        &json!({"type": "array", "prefixItems": [{"type": "string"}, {"type": "string"}], "items": false}),
        &json!({
            "type": "array", "x-prefix-items": [{"type": "string"}, {"type": "string"}], "maxItems": 2,
            "items": {"type": "string"},
        }),
        &[("tuple", Equivalent)],
    );
    becomes(
        &json!({"prefixItems": [{"type": "string"}, {"$ref": OTHER}], "items": {"type": "integer"}, "minItems": 2}),
        &json!({
            "x-prefix-items": [{"type": "string"}, {"$ref": OTHER}], "minItems": 2,
            "items": {"anyOf": [{"type": "string"}, {"$ref": OTHER}, {"type": "integer"}]},
        }),
        &[tuple],
    );
    becomes(
        &json!({"items": [{"type": "string"}], "additionalItems": true}),
        &json!({"x-prefix-items": [{"type": "string"}], "items": {"anyOf": [{"type": "string"}, {}]}}),
        &[tuple],
    );
    becomes(
        &json!({"prefixItems": [{"type": "number"}, {"type": "number"}]}),
        &json!({"x-prefix-items": [{"type": "number"}, {"type": "number"}], "items": {"type": "number"}}),
        &[tuple],
    );
    becomes(
        &json!({"prefixItems": [{"type": "string"}, {"type": "number"}]}),
        &json!({
            "x-prefix-items": [{"type": "string"}, {"type": "number"}],
            "items": {"anyOf": [{"type": "string"}, {"type": "number"}, {}]},
        }),
        &[tuple],
    );
    becomes(
        &json!({"prefixItems": [{"type": "string"}], "maxItems": 1}),
        &json!({"x-prefix-items": [{"type": "string"}], "maxItems": 1, "items": {"type": "string"}}),
        &[("tuple", Equivalent)],
    );
    becomes(&json!({"prefixItems": [{}]}), &json!({"x-prefix-items": [{}], "items": {}}), &[tuple]);
}

#[test]
fn boolean_schemas() {
    let rule = [("boolean-schema", Equivalent)];
    becomes(&json!(true), &json!({}), &rule);
    becomes(&json!(false), &json!({"not": {}}), &rule);
    becomes(
        &json!({"properties": {"a": true, "items": false}, "additionalProperties": false}),
        &json!({"properties": {"a": {}, "items": {"not": {}}}, "additionalProperties": false}),
        &rule,
    );
    becomes(&json!({"items": false}), &json!({"items": {}, "maxItems": 0}), &rule);
    becomes(&json!({"items": true}), &json!({"items": {}}), &rule);
    becomes(&json!({"type": "array"}), &json!({"type": "array", "items": {}}), &[("missing-items", Equivalent)]);
}

#[test]
fn properties_by_pattern() {
    let rule = [("pattern-properties", Lossy)];
    let patterns = json!({"^a": {"type": "string"}, "^b": {"type": "string"}});
    becomes(
        &json!({"patternProperties": patterns}),
        &json!({"x-pattern-properties": patterns, "additionalProperties": {"type": "string"}}),
        &rule,
    );
    becomes(
        &json!({"patternProperties": patterns, "additionalProperties": {"$ref": OTHER}}),
        &json!({"x-pattern-properties": patterns, "additionalProperties": {"anyOf": [{"type": "string"}, {"$ref": OTHER}]}}),
        &rule,
    );
    becomes(
        &json!({"properties": {}, "patternProperties": patterns}),
        &json!({"properties": {}, "x-pattern-properties": patterns}),
        &rule,
    );
}

#[test]
fn keywords_that_only_restrict() {
    let (value, rules) = schema(&json!({
        "type": "object", "if": {"const": 1}, "then": true, "else": {"$ref": OTHER},
        "dependentRequired": {"a": ["b"]}, "dependentSchemas": {"a": true}, "unevaluatedProperties": false,
        "propertyNames": {"pattern": "a"}, "contains": {}, "minContains": 1, "maxContains": 2,
    }));
    assert_eq!(
        value,
        json!({
            "type": "object", "x-if": {"enum": [1], "type": "integer"}, "x-then": {}, "x-else": {"$ref": OTHER},
            "x-dependent-required": {"a": ["b"]}, "x-dependent-schemas": {"a": {}}, "x-unevaluated-properties": false,
            "x-property-names": {"pattern": "a"}, "x-contains": {}, "x-min-contains": 1, "x-max-contains": 2,
        })
    );
    assert_eq!(rules.iter().filter(|rule| **rule == ("kept-field", Lossy)).count(), 9);
    becomes(
        &json!({"properties": {}, "unevaluatedProperties": false}),
        &json!({"properties": {}, "additionalProperties": false}),
        &[("unevaluated", Equivalent)],
    );
    becomes(&json!({"propertyNames": {"type": "string"}}), &json!({}), &[("property-names", Equivalent)]);
}

#[test]
fn what_says_nothing_about_values() {
    becomes(
        &json!({"$comment": "c", "$schema": "https://json-schema.org/draft/2020-12/schema", "$vocabulary": {}}),
        &json!({"x-comment": "c"}),
        &[("identifiers", Equivalent), ("dialect", Equivalent), ("comment", Equivalent)],
    );
    becomes(&json!({"$schema": "https://example.com/own"}), &json!({}), &[("dialect", Interpreted)]);
    becomes(
        &json!({"required": [], "enum": []}),
        &json!({}),
        &[("empty-list", Equivalent), ("empty-list", Interpreted)],
    );
}

#[test]
fn places_are_counted() {
    let (_, step) = schema_among(&json!({"properties": {"a": {"const": 1}, "b": {"const": 2}}}), &[]);
    let entry = step.entries.iter().find(|entry| entry.rule == "const").unwrap();
    assert_eq!(entry.text, "replaced `const` with an `enum` of one value (2 places)");
    assert_eq!(entry.before.pointer.as_str(), "/components/schemas/S/properties/a/const");
    assert_eq!(entry.after.as_str(), "/components/schemas/S/properties/a/enum");
}

#[test]
fn a_3_0_document_keeps_what_means_something_there() {
    let schemas = json!({
        "Equivalent": {
            "type": "object", "required": [], "example": 1, "nullable": true,
            "properties": {"a": {"$ref": OTHER, "description": "ignored"}, "b": {"type": "array"}},
            "anyOf": [{"enum": [null], "nullable": true}, {"minimum": 1, "exclusiveMinimum": true}],
        },
        "Other": {"enum": ["a", null]},
    });
    let document = with_components("3.0.2", &json!({ "schemas": schemas }));
    let same = step(&document);
    assert_eq!(same.value, document);
    assert_eq!(same.entries, []);
}

#[test]
fn a_3_0_document_with_later_keywords() {
    let schemas = json!({
        "A": {"type": ["string", "null"], "examples": ["a"]},
        "B": {"anyOf": [{"$ref": "#/components/schemas/A"}, {"type": "null"}], "properties": {"c": {"const": 1}}},
        "C": {"exclusiveMinimum": 3, "properties": {"d": true}},
    });
    let step = step(&with_components("3.0.3", &json!({ "schemas": schemas })));
    assert_eq!(
        step.value["components"]["schemas"],
        json!({
            "A": {"type": "string", "example": "a", "nullable": true},
            "B": {
                "allOf": [{"$ref": "#/components/schemas/A"}],
                "properties": {"c": {"enum": [1], "type": "integer"}},
                "nullable": true,
            },
            "C": {"minimum": 3, "properties": {"d": {}}, "exclusiveMinimum": true},
        })
    );
    assert!(rules(&step).iter().all(|(_, kind)| *kind == Equivalent));
}

#[test]
fn a_taken_name_leaves_the_field_where_it_is() {
    let before = json!({"if": {"minimum": 1}, "x-if": 1});
    becomes(&before, &before, &[]);
}

#[test]
fn references_that_depend_on_who_refers() {
    let document = with_components(
        "3.1.0",
        &json!({"schemas": {
            "A": {"$dynamicRef": "#a"},
            "C": {"$dynamicRef": "#c", "$defs": {"c": {"$dynamicAnchor": "c"}}},
            "D": {"$ref": "#/components/schemas/C", "$defs": {"c": {"$dynamicAnchor": "c", "type": "string"}}},
        }}),
    );
    let step = step(&document);
    let left_out = step.entries.iter().filter(|entry| entry.fault.is_some());
    let at: Vec<_> = left_out.map(|entry| entry.before.pointer.as_str()).collect();
    assert_eq!(at, ["/components/schemas/A/$dynamicRef", "/components/schemas/C/$dynamicRef"]);
}

#[test]
fn a_dynamic_reference_to_a_single_anchor_is_a_plain_one() {
    let (value, found) = schema(&json!({"$dynamicAnchor": "node", "items": {"$dynamicRef": "#node", "title": "T"}}));
    let items = json!({"title": "T", "allOf": [{"$ref": "#/components/schemas/S"}]});
    assert_eq!(value, json!({"items": items}));
    assert!(found.contains(&("dynamic-reference", Equivalent)), "{found:?}");
    // Without a dynamic anchor, it is also a plain reference (JSON Schema 2020-12 §8.2.3.2).
    for reference in [json!("#/components/schemas/S"), json!("#plain")] {
        let keyword = json!({"$anchor": "plain", "items": {"$dynamicRef": reference}});
        let (value, found) = schema(&keyword);
        assert_eq!(value, json!({"items": {"$ref": "#/components/schemas/S"}}));
        assert!(found.contains(&("dynamic-reference", Equivalent)), "{found:?}");
    }
}

#[test]
fn properties_under_a_condition_are_optional() {
    let rule = ("conditional-property", Interpreted);
    let kept = ("kept-field", Lossy);
    let kind = json!({ "type": "string", "enum": ["mail", "sms"] });
    let condition = |value: &str| json!({ "properties": { "kind": { "type": "string", "enum": [value] } } });
    let text = json!({ "type": "string" });
    becomes(
        &json!({
            "type": "object", "properties": {"kind": kind},
            "allOf": [{"if": condition("mail"), "then": {
                "required": ["address"], "properties": {"address": text, "kind": {"type": "string", "enum": ["mail"]}},
            }}],
            "dependentSchemas": {"number": {"properties": {"code": text}}},
        }),
        &json!({
            "type": "object", "properties": {"kind": kind, "address": text, "code": text},
            "allOf": [{"x-if": condition("mail"), "x-then": {
                "required": ["address"], "properties": {"kind": {"type": "string", "enum": ["mail"]}},
            }}],
            "x-dependent-schemas": {"number": {"properties": {}}},
        }),
        &[kept, kept, rule, rule, kept],
    );
    // `repair` also removes empty properties.
    for empty in [json!(null), json!([])] {
        becomes(
            &json!({"type": "object", "properties": empty, "then": {"properties": {"a": text}}}),
            &json!({"type": "object", "properties": {"a": text}, "x-then": {"properties": {}}}),
            &[("empty-value", Equivalent), rule, kept],
        );
    }
    // Different schemas become a choice, also in a chain of conditions.
    let number = json!({ "type": "integer" });
    becomes(
        &json!({
            "if": {}, "then": {"properties": {"a": text}},
            "else": {"if": {}, "then": {"properties": {"a": number, "b": text}}, "else": {"properties": {"b": text}}},
        }),
        &json!({
            "x-if": {}, "x-then": {"properties": {}},
            "x-else": {"x-if": {}, "x-then": {"properties": {}}, "x-else": {"properties": {}}},
            "properties": {"a": {"anyOf": [text, number]}, "b": text},
        }),
        &[kept, kept, kept, rule, rule, kept, kept, kept],
    );
    // A closed object has no further properties, and properties of a reference are unknown.
    for known in [json!({ "additionalProperties": false }), json!({ "allOf": [{ "$ref": OTHER }] })] {
        let mut schema = known;
        schema["then"] = json!({ "properties": { "a": text } });
        let (value, _) = super::schema(&schema);
        assert_eq!(value["properties"], json!(null));
    }
}
