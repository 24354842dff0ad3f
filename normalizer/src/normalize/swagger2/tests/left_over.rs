//! Parameters of Swagger 2.0 in OpenAPI 3 documents.

use serde_json::json;

use super::*;
use crate::normalize::swagger2::left_over::has_left_over;
use crate::normalize::swagger2::{Members, left_over};

/// Converts a document with these lines under `paths: {/things: …}` and `components`; every entry must lead to a node.
fn converted(item: &Value, components: &Value) -> Passed {
    let old = json!({ "openapi": "3.1.0", "paths": { "/things": item }, "components": components });
    assert!(has_left_over(&old));
    let step = run(old.clone(), left_over).unwrap();
    for entry in &step.entries {
        assert!(old.pointer(entry.before.pointer.as_str()).is_some(), "{entry:?}");
        assert!(step.value.pointer(entry.after.as_str()).is_some(), "{entry:?}");
    }
    step
}

#[test]
fn fields_become_a_form() {
    let parameters = json!([
        { "in": "query", "name": "q", "schema": { "type": ["string", "null"] } },
        { "in": "formData", "name": "a", "required": true, "description": "A.", "schema": { "type": "integer" } },
        { "in": "formData", "name": "b", "type": "string" },
        { "$ref": "#/components/parameters/C" },
    ]);
    let components = json!({ "parameters": {
        "C": { "in": "formData", "name": "c", "schema": { "$ref": "#/components/schemas/C" } },
        "D": { "in": "query", "name": "d", "schema": {} },
    } });
    let step = converted(&json!({ "post": { "parameters": parameters, "responses": {} } }), &components);
    let schema = json!({
        "type": "object",
        "required": ["a"],
        "properties": {
            "a": { "type": "integer", "description": "A." },
            "b": { "type": "string" },
            "c": { "allOf": [{ "$ref": "#/components/schemas/C" }] },
        },
    });
    let body = json!({ "content": { "application/x-www-form-urlencoded": { "schema": schema } }, "required": true });
    assert_eq!(things(&step)["requestBody"], body);
    assert_eq!(
        things(&step)["parameters"],
        json!([{ "in": "query", "name": "q", "schema": { "type": ["string", "null"] } }])
    );
    assert_eq!(step.value["components"]["parameters"], json!({ "D": { "in": "query", "name": "d", "schema": {} } }));
    assert_eq!(rules(&step, EntryKind::Interpreted), ["left-over-form"]);
    assert_eq!(step.entries.len(), 1);
    let at = "/paths/~1things/post/requestBody/content/application~1x-www-form-urlencoded/schema/properties/c";
    assert_eq!(step.provenance.before(&pointer(at)).as_str(), "/components/parameters/C");
}

#[test]
fn a_body_that_is_there_counts() {
    let body = json!({ "content": { "multipart/form-data": { "schema": { "type": "object" } } } });
    let fields = json!([
        { "in": "formData", "name": "a", "required": true, "schema": { "type": "string" } },
        { "in": "body", "name": "b", "schema": {} },
        { "$ref": "#/components/parameters/C" },
    ]);
    let components = json!({ "parameters": { "C": { "in": "formData", "name": "c", "type": "string" } } });
    let step = converted(&json!({ "parameters": fields, "put": { "requestBody": body } }), &components);
    assert_eq!(step.value["paths"]["/things"], json!({ "put": { "requestBody": body } }));
    assert_eq!(rules(&step, EntryKind::Lossy), ["left-over-body"; 3]);
    assert_eq!(step.entries.len(), 3);
}

#[test]
fn a_file_asks_for_parts() {
    for file in [json!({ "type": "file" }), json!({ "schema": { "type": "string", "format": "binary" } })] {
        let mut field = json!({ "in": "formData", "name": "a" });
        field.as_object_mut().unwrap().extend(file.as_object().unwrap().clone());
        let step = converted(&json!({ "post": { "parameters": [field] } }), &json!({}));
        let property = &things(&step)["requestBody"]["content"]["multipart/form-data"]["schema"]["properties"]["a"];
        assert_eq!(*property, json!({ "type": "string", "format": "binary" }));
        assert!(things(&step).get("parameters").is_none());
    }
}

#[test]
fn bodies_are_json() {
    let own =
        json!([{ "in": "body", "name": "n", "required": true, "description": "N.", "schema": { "type": "object" } }]);
    let shared = json!([{ "$ref": "#/components/parameters/B" }]);
    let item = json!({ "post": { "parameters": own }, "put": { "parameters": shared, "responses": {} } });
    let components = json!({ "parameters": { "B": { "in": "body", "name": "b", "schema": { "type": "string" } } } });
    let step = converted(&item, &components);
    let content = |schema: Value| json!({ "application/json": { "schema": schema } });
    let body = json!({
        "required": true, "description": "N.", "x-body-name": "n", "content": content(json!({ "type": "object" })),
    });
    assert_eq!(things(&step)["requestBody"], body);
    assert_eq!(step.value["paths"]["/things"]["put"]["requestBody"], json!({ "$ref": "#/components/requestBodies/B" }));
    let shared = json!({ "x-body-name": "b", "content": content(json!({ "type": "string" })) });
    assert_eq!(step.value["components"], json!({ "requestBodies": { "B": shared } }));
    assert_eq!(rules(&step, EntryKind::Interpreted), ["left-over-body"]);
    assert_eq!(step.entries.len(), 1);
}

#[test]
fn other_documents_have_none() {
    let item =
        json!({ "post": { "parameters": [{ "in": "query", "name": "body", "schema": {} }, { "$ref": "#/x" }] } });
    assert!(!has_left_over(&json!({ "openapi": "3.0.3", "paths": { "/things": item } })));
}

#[test]
fn many_fields_take_time_in_proportion() {
    let fields: Vec<Value> =
        (0..20_000).map(|index| json!({ "in": "formData", "name": index.to_string(), "type": "string" })).collect();
    let step = converted(&json!({ "parameters": fields, "post": { "parameters": fields } }), &json!({}));
    let form = &things(&step)["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"];
    assert_eq!(form["properties"].as_object().unwrap().len(), 20_000);
}

#[test]
fn copies_have_an_end() {
    let schema = json!({ "enum": (0..10_000).collect::<Vec<_>>() });
    let components = json!({ "parameters": { "A": { "in": "formData", "name": "a", "schema": schema } } });
    let operation = json!({ "parameters": [{ "$ref": "#/components/parameters/A" }] });
    let paths: Members = (0..200).map(|index| (format!("/{index}"), json!({ "post": operation }))).collect();
    let faults = run(json!({ "paths": paths, "components": components }), left_over).unwrap_err();
    assert_eq!(faults.len(), 1, "{faults:?}");
}

#[test]
fn extensions_among_paths_and_responses_are_none_of_them() {
    let document = read(
        "
openapi: 3.0.3
paths:
  /a:
    get:
      responses:
        '204': {description: ''}
        x-note: {schema: {}}
  x-paths:
    get: {parameters: [{in: body, name: b, schema: {}}], responses: {'200': {schema: {}}}}
",
    );
    assert!(!has_left_over(&document));
    let step = run(document.clone(), left_over).unwrap();
    assert_eq!((&step.value["paths"], step.entries), (&document["paths"], vec![]));
}
