//! References and their targets.

use serde_json::{Value, json};

use super::pass;
use super::{EntryKind, origin, rules, schema_among, step, with_components};
use crate::diagnostic::codes;
use EntryKind::{Equivalent, Interpreted, Lossy};

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

#[test]
fn definitions_inside_of_schemas() {
    let (value, step) = schema_among(
        &json!({
            "$defs": {"Other": {"type": "string"}, "Unused": true, "a b": {"$ref": "#/components/schemas/S/$defs/Other"}},
            "properties": {"o": {"$ref": "#/components/schemas/S/$defs/Other"}, "p": {"$ref": "#/$defs/a%20b"}},
        }),
        &[("Other", json!({}))],
    );
    assert_eq!(value, json!({"properties": {"o": reference("SOther"), "p": reference("a_b")}}));
    let schemas = &step.value["components"]["schemas"];
    assert_eq!(schemas["SOther"], json!({"type": "string"}));
    assert_eq!(schemas["Unused"], json!({}));
    assert_eq!(schemas["a_b"], reference("SOther"));
    assert_eq!(origin(&step, "/components/schemas/SOther/type"), "/components/schemas/S/$defs/Other/type");
    assert_eq!(step.entries.iter().filter(|entry| entry.rule == "component").count(), 3);
    // Found beside its schema, while JSON Schema looks in the document.
    assert!(rules(&step).contains(&("reference", Interpreted)));
}

#[test]
fn definitions_inside_of_definitions() {
    let (value, step) = schema_among(
        &json!({"$defs": {"A": {"$defs": {"B": {"const": 1}}, "items": {"$ref": "#/components/schemas/S/$defs/A/$defs/B"}}}}),
        &[],
    );
    assert_eq!(value, json!({}));
    assert_eq!(step.value["components"]["schemas"]["A"], json!({"items": reference("B")}));
    assert_eq!(origin(&step, "/components/schemas/B/enum"), "/components/schemas/S/$defs/A/$defs/B/const");
}

#[test]
fn anchors_and_identifiers() {
    let (value, step) = schema_among(
        &json!({
            "$id": "https://example.com/schemas/s",
            "properties": {
                "a": {"$ref": "#here"}, "b": {"$anchor": "here", "type": "string"}, "c": {"$ref": "other"},
                "d": {"$ref": "other#/properties/x"}, "e": {"$ref": "#/properties/b"}, "f": {"$ref": "#"},
            },
        }),
        &[("Other", json!({"$id": "https://example.com/schemas/other", "properties": {"x": {}}}))],
    );
    let inner = |path: &str| json!({ "$ref": format!("#/components/schemas/{path}") });
    assert_eq!(
        value,
        json!({"properties": {
            "a": inner("S/properties/b"), "b": {"type": "string"}, "c": reference("Other"),
            "d": inner("Other/properties/x"), "e": inner("S/properties/b"), "f": reference("S"),
        }})
    );
    assert!(rules(&step).iter().all(|(_, kind)| *kind == Equivalent));
}

#[test]
fn the_address_of_a_document() {
    let mut document =
        with_components("3.2.0", &json!({"schemas": {"A": {"items": {"$ref": "api#/components/schemas/B"}}, "B": {}}}));
    document["$self"] = json!("https://example.com/api");
    let step = step(&document);
    assert_eq!(step.value["components"]["schemas"]["A"]["items"], reference("B"));
    assert_eq!(step.value["x-self"], "https://example.com/api");
}

#[test]
fn places_inside_of_components() {
    let (value, step) = schema_among(
        &json!({"properties": {
            "stays": {"$ref": "#/components/schemas/A/properties/b/items"},
            "provenance": {"$ref": "#/components/schemas/T/properties/b"},
            "also": {"$ref": "#/components/schemas/N/anyOf/1"},
            "other": {"$ref": "#/components/parameters/P/schema"},
        }}),
        &[
            ("A", json!({"properties": {"b": {"type": "array", "items": {"type": "string"}}}})),
            ("T", json!({"type": ["object", "string"], "properties": {"b": {"const": 1}}})),
            ("N", json!({"anyOf": [{"type": "null"}, {"type": "string"}, {"type": "integer"}]})),
        ],
    );
    assert_eq!(value["properties"]["stays"], json!({"$ref": "#/components/schemas/A/properties/b/items"}));
    assert_eq!(value["properties"]["provenance"], reference("TB"));
    assert_eq!(value["properties"]["also"], reference("NOption2"));
    // Without a target: left for later stages to report.
    assert_eq!(value["properties"]["other"], json!({"$ref": "#/components/parameters/P/schema"}));
    let schemas = &step.value["components"]["schemas"];
    assert_eq!(schemas["T"]["anyOf"][0]["properties"]["b"], reference("TB"));
    assert_eq!(schemas["N"]["anyOf"], json!([reference("NOption2"), {"type": "integer"}]));
    assert_eq!(origin(&step, "/components/schemas/TB/enum"), "/components/schemas/T/properties/b/const");
}

#[test]
fn places_anywhere_in_the_document() {
    let answer = "#/paths/~1a/get/responses/200/content/application~1json/schema";
    let document = json!({
        "openapi": "3.1.0", "info": {"title": "", "version": ""},
        "paths": {"/a": {
            "get": {"operationId": "getA", "parameters": [{"name": "q", "in": "query", "schema": {"const": 1}}], "responses": {
                "200": {"description": "", "content": {"application/json": {"schema": {"type": ["string", "null"]}}}},
            }},
            "put": {
                "parameters": [{"$ref": "#/paths/~1a/get/parameters/0"}],
                "requestBody": {"content": {"application/json": {"schema": {"$ref": answer}}}},
                "responses": {"default": {"$ref": "#/x-shared/answer"}},
            },
        }},
        "x-shared": {"answer": {"description": "", "content": {"a/b": {"schema": {"$ref": "#/x-shared/thing"}}}}, "thing": {"const": 2}},
    });
    let step = step(&document);
    let components = &step.value["components"];
    assert_eq!(components["schemas"]["GetAResponse"], json!({"type": "string", "nullable": true}));
    assert_eq!(components["parameters"]["GetAQ"]["schema"]["enum"], json!([1]));
    assert_eq!(components["responses"]["answer"]["content"]["a/b"]["schema"], reference("thing"));
    assert_eq!(components["schemas"]["thing"], json!({"enum": [2], "type": "integer"}));
    let put = &step.value["paths"]["/a"]["put"];
    assert_eq!(put["requestBody"]["content"]["application/json"]["schema"], reference("GetAResponse"));
    assert_eq!(put["parameters"][0], json!({"$ref": "#/components/parameters/GetAQ"}));
    assert_eq!(put["responses"]["default"], json!({"$ref": "#/components/responses/answer"}));
    assert_eq!(step.value["paths"]["/a"]["get"]["parameters"][0], json!({"$ref": "#/components/parameters/GetAQ"}));
    assert_eq!(origin(&step, "/components/parameters/GetAQ/schema/enum"), "/paths/~1a/get/parameters/0/schema/const");
}

#[test]
fn a_moved_schema_is_named_by_its_title() {
    for (title, name) in
        [("ErrorInfo", "ErrorInfo"), ("Taken", "PutABody"), ("An error.", "PutABody"), ("string", "PutABody")]
    {
        let body = |schema: Value| json!({"requestBody": {"content": {"application/json": {"schema": schema}}}});
        let put = body(json!({"title": title, "type": "object"}));
        let post = body(json!({"$ref": "#/paths/~1a/put/requestBody/content/application~1json/schema"}));
        let step = step(&json!({
            "openapi": "3.1.0", "info": {"title": "", "version": ""}, "paths": {"/a": {"put": put, "post": post}},
            "components": {"schemas": {"Taken": {}}},
        }));
        let post = &step.value["paths"]["/a"]["post"]["requestBody"]["content"]["application/json"]["schema"];
        assert_eq!(*post, reference(name), "{title}");
    }
}

#[test]
fn mappings_follow() {
    let (value, _) = schema_among(
        &json!({
            "$defs": {"A": {}},
            "oneOf": [{"$ref": "#/components/schemas/S/$defs/A"}],
            "discriminator": {"propertyName": "p", "mapping": {"a": "#/components/schemas/S/$defs/A", "b": "Other"}},
        }),
        &[("Other", json!({}))],
    );
    assert_eq!(value["discriminator"]["mapping"], json!({"a": "#/components/schemas/A", "b": "Other"}));
}

#[test]
fn path_items_are_written_out() {
    let item = json!({"get": {"operationId": "a", "responses": {"200": {"description": ""}}}});
    let mut document = with_components(
        "3.1.0",
        &json!({"pathItems": {"Used": item, "Unused": {"get": {}}, "Alias": {"$ref": "#/components/pathItems/Used"}}}),
    );
    document["paths"] = json!({
        "/a": {"$ref": "#/components/pathItems/Alias", "summary": "s"},
        "/b": {"$ref": "#/paths/~1a"},
        "/c": {"$ref": "#/components/pathItems/None"},
    });
    let step = step(&document);
    let paths = &step.value["paths"];
    assert_eq!(paths["/a"], json!({"get": item["get"], "summary": "s"}));
    assert_eq!(paths["/b"], paths["/a"]);
    assert_eq!(paths["/c"], json!({"$ref": "#/components/pathItems/None"}));
    assert_eq!(step.value["components"], json!({"x-path-items": {"Unused": {"get": {}}}}));
    assert_eq!(origin(&step, "/paths/~1a/get/operationId"), "/components/pathItems/Used/get/operationId");
    assert_eq!(origin(&step, "/paths/~1a/summary"), "/paths/~1a/summary");
}

#[test]
fn media_types_are_written_out() {
    let mut document =
        with_components("3.2.0", &json!({"mediaTypes": {"M": {"schema": {"const": 1}, "itemSchema": {}}}}));
    document["components"]["requestBodies"] = json!({"B": {"content": {"a/b": {"$ref": "#/components/mediaTypes/M"}}}});
    let step = step(&document);
    let media = json!({"schema": {"enum": [1], "type": "integer"}, "x-item-schema": {}});
    assert_eq!(step.value["components"], json!({"requestBodies": {"B": {"content": {"a/b": media}}}}));
    assert!(rules(&step).contains(&("kept-field", Equivalent)));
}

#[test]
fn words_beside_other_references() {
    let components = json!({
        "responses": {
            "R": {"description": "r"},
            "T": {"description": "t", "content": {"a/b": {"schema": {"properties": {}}}}},
            "Alias": {"$ref": "#/components/responses/R"},
        },
    });
    let mut document = with_components("3.1.0", &components);
    let to = |name: &str, description: &str| json!({"$ref": format!("#/components/responses/{name}"), "description": description});
    document["paths"] = json!({"/a": {"get": {"responses": {
        "200": to("R", "own"), "201": to("R", "r"), "202": to("T", "own"), "203": to("Alias", "own"),
    }}}});
    let step = step(&document);
    assert_eq!(
        step.value["paths"]["/a"]["get"]["responses"],
        json!({
            "200": {"description": "own"}, "201": {"$ref": "#/components/responses/R"},
            "202": {"$ref": "#/components/responses/T"}, "203": {"description": "own"},
        })
    );
    assert!(rules(&step).contains(&("reference-siblings", Lossy)));
    assert_eq!(origin(&step, "/paths/~1a/get/responses/200/description"), "/paths/~1a/get/responses/200/description");
}

#[test]
fn what_cannot_be_written_out() {
    let callback = |to: &str| {
        json!({"post": {"callbacks": {
            "a": {"u": {"$ref": format!("#/components/pathItems/{to}")}}, "b": {"u": {"$ref": format!("#/components/pathItems/{to}")}},
        }}})
    };
    let mut document = with_components("3.1.0", &json!({"pathItems": {"A": callback("A")}}));
    document["paths"] = json!({"/a": {"$ref": "#/components/pathItems/A"}});
    let step = step(&document);
    assert_eq!(rules(&step).iter().filter(|(rule, _)| *rule == codes::CYCLIC_REFERENCE.0).count(), 2);
    assert_eq!(step.value["paths"]["/a"]["post"]["callbacks"], json!({"a": {"u": {}}, "b": {"u": {}}}));
    let items: serde_json::Map<_, _> =
        (0..40).map(|index| (format!("P{index}"), callback(&format!("P{}", index + 1)))).collect();
    let mut document = with_components("3.1.0", &json!({ "pathItems": items }));
    document["paths"] = json!({"/a": {"$ref": "#/components/pathItems/P0"}});
    let faults = pass(document).unwrap_err();
    assert!(faults.iter().any(|fault| fault.code == codes::EXPANSION), "{faults:?}");
}

#[test]
fn a_misshapen_section_takes_no_components() {
    let mut document = with_components("3.1.0", &json!({"schemas": []}));
    let schema = json!({"$defs": {"A": {}}, "items": {"$ref": "#/paths/~1a/parameters/0/schema/$defs/A"}});
    document["paths"] = json!({"/a": {"parameters": [{"name": "a", "in": "query", "schema": schema}]}});
    let step = step(&document);
    assert_eq!(step.value["paths"], document["paths"]);
    assert_eq!(step.value["components"], document["components"]);
}

#[test]
fn a_path_item_that_is_a_text_is_not_written_out() {
    let mut document = with_components("3.0.3", &json!({}));
    document["paths"] = json!({"/a": {"$ref": "#/x-a"}});
    document["x-a"] = json!({"$ref": "#/paths/~1a/$ref"});
    let step = step(&document);
    assert_eq!(step.value, document);
    assert_eq!(step.entries, []);
}
