//! All objects except schemas.

use serde_json::{Value, json};

use super::{EntryKind, rules, step};
use EntryKind::{Equivalent, Interpreted};

fn document(version: &str, parts: &Value) -> Value {
    let mut document = json!({"openapi": version, "info": {"title": "", "version": ""}});
    for (key, part) in parts.as_object().unwrap() {
        document[key] = part.clone();
    }
    document
}

#[test]
fn a_document_without_paths() {
    let step = step(&document(
        "3.1",
        &json!({"webhooks": {"w": {"post": {
            "requestBody": {"content": {"a/b": {"schema": {"type": ["string", "null"]}}}}, "responses": {"200": {"description": ""}},
        }}}}),
    ));
    assert_eq!(step.value["openapi"], "3.0.3");
    let body = &step.value["x-webhooks"]["w"]["post"]["requestBody"]["content"]["a/b"]["schema"];
    assert_eq!(*body, json!({"type": "string", "nullable": true}));
    assert_eq!(rules(&step), [("type-list", Equivalent), ("webhook", Equivalent)]);
}

#[test]
fn fields_about_the_document() {
    let step = step(&document(
        "3.2.0",
        &json!({
            "info": {"title": "", "version": "", "summary": "s", "license": {"name": "MIT", "identifier": "MIT"}},
            "jsonSchemaDialect": "https://example.com/own",
            "servers": [{"url": "/", "name": "n"}],
            "tags": [{"name": "t", "summary": "s", "parent": "p", "kind": "k"}],
            "paths": {},
        }),
    ));
    assert_eq!(step.value["info"]["description"], "s");
    assert_eq!(step.value["info"]["license"], json!({"name": "MIT", "x-identifier": "MIT"}));
    assert_eq!(step.value["x-json-schema-dialect"], "https://example.com/own");
    assert_eq!(step.value["servers"], json!([{"url": "/", "x-name": "n"}]));
    assert_eq!(step.value["tags"], json!([{"name": "t", "x-summary": "s", "x-parent": "p", "x-kind": "k"}]));
    assert!(rules(&step).contains(&("dialect", Interpreted)));
}

#[test]
fn methods_that_3_0_does_not_know() {
    let operation = json!({"operationId": "find", "responses": {"200": {"description": ""}}});
    let step = step(&document(
        "3.2.0",
        &json!({"paths": {"/a": {
            "get": operation, "query": operation, "additionalOperations": {"LINK": {"responses": {"200": {"summary": "s"}}}},
        }}}),
    ));
    let item = &step.value["paths"]["/a"];
    assert_eq!(item["get"], operation);
    assert_eq!(item["x-additional-operations"]["QUERY"], operation);
    assert_eq!(item["x-additional-operations"]["LINK"]["responses"]["200"], json!({"description": "s"}));
    let named: Vec<_> = step.entries.iter().filter(|entry| entry.rule == "method").collect();
    let places: Vec<_> = named.iter().map(|entry| (entry.before.pointer.as_str(), entry.after.as_str())).collect();
    let expected = [
        ("/paths/~1a/additionalOperations/LINK", "/paths/~1a/x-additional-operations/LINK"),
        ("/paths/~1a/query", "/paths/~1a/x-additional-operations/QUERY"),
    ];
    assert_eq!(places, expected);
    let twice = json!({"query": operation, "additionalOperations": {"QUERY": {"operationId": "other"}}});
    let step = self::step(&document("3.2.0", &json!({"paths": {"/a": twice}})));
    let item = &step.value["paths"]["/a"];
    assert_eq!(
        (&item["query"], &item["x-additional-operations"]["QUERY"]["operationId"]),
        (&operation, &json!("other"))
    );
}

#[test]
fn answers_that_are_not_listed() {
    let step = step(&document("3.1.0", &json!({"paths": {"/a": {"get": {}, "put": {"responses": {}}}}})));
    let any = json!({"2XX": {"description": ""}});
    assert_eq!(step.value["paths"]["/a"], json!({"get": {"responses": any}, "put": {"responses": any}}));
    assert_eq!(rules(&step), [("responses-missing", Interpreted); 2]);
}

#[test]
fn parameters() {
    let step = step(&document(
        "3.2.0",
        &json!({"paths": {}, "components": {"parameters": {
            "A": {"name": "a", "in": "path", "schema": {}},
            "B": {"name": "b", "in": "querystring", "content": {"application/x-www-form-urlencoded": {"schema": true}}},
            "C": {"name": "c", "in": "cookie", "style": "cookie", "schema": {"const": 1}},
        }}}),
    ));
    assert_eq!(
        step.value["components"]["parameters"],
        json!({
            "A": {"name": "a", "in": "path", "schema": {}},
            "B": {"name": "b", "in": "query", "content": {"application/x-www-form-urlencoded": {"schema": {}}}, "x-in": "querystring"},
            "C": {"name": "c", "in": "cookie", "x-style": "cookie", "schema": {"enum": [1], "type": "integer"}},
        })
    );
    for rule in [("querystring", Equivalent), ("cookie-style", Equivalent)] {
        assert!(rules(&step).contains(&rule));
    }
}

#[test]
fn answers_and_bodies() {
    let step = step(&document(
        "3.2.0",
        &json!({"paths": {}, "components": {
            "responses": {
                "A": {"summary": "s"}, "B": {}, "C": {"summary": "s", "description": "d"},
                "D": {"description": "", "content": {"text/event-stream": {
                    "itemSchema": {"$ref": "#/components/schemas/E"}, "itemEncoding": {"contentType": "a"},
                }}},
            },
            "schemas": {"E": {"discriminator": {"propertyName": "p", "defaultMapping": "F"}, "xml": {"nodeType": "text"}}},
            "examples": {"G": {"dataValue": 1, "serializedValue": "1"}},
        }}),
    ));
    let components = &step.value["components"];
    assert_eq!(components["responses"]["A"], json!({"description": "s"}));
    assert_eq!(components["responses"]["B"], json!({"description": ""}));
    assert_eq!(components["responses"]["C"], json!({"x-summary": "s", "description": "d"}));
    assert_eq!(
        components["responses"]["D"]["content"]["text/event-stream"],
        json!({"x-item-schema": {"$ref": "#/components/schemas/E"}, "x-item-encoding": {"contentType": "a"}})
    );
    assert_eq!(
        components["schemas"]["E"],
        json!({"discriminator": {"propertyName": "p", "x-default-mapping": "F"}, "xml": {"x-node-type": "text"}})
    );
    assert_eq!(components["examples"]["G"], json!({"value": 1, "x-serialized-value": "1"}));
}

#[test]
fn client_certificates() {
    let answers = json!({"200": {"description": ""}});
    let step = step(&document(
        "3.1.0",
        &json!({
            "security": [{"cert": []}],
            "paths": {"/a": {
                "get": {"operationId": "a", "responses": answers},
                "put": {"security": [{"cert": [], "key": []}, {"key": []}], "responses": answers},
                "post": {"security": [{"cert": [], "key": []}], "responses": answers},
                "patch": {"security": [{}], "responses": answers},
                "delete": {"security": [], "responses": answers},
            }},
            "components": {"securitySchemes": {
                "cert": {"type": "mutualTLS", "description": "d"}, "key": {"type": "http", "scheme": "basic"},
                "o": {"type": "oauth2", "deprecated": true, "flows": {"deviceAuthorization": {"scopes": {}}}},
            }},
        }),
    ));
    let schemes = &step.value["components"]["securitySchemes"];
    assert_eq!(schemes["cert"], json!({"type": "http", "description": "d", "scheme": "mutualTLS"}));
    assert_eq!(
        schemes["o"],
        json!({"type": "oauth2", "x-deprecated": true, "flows": {"x-device-authorization": {"scopes": {}}}})
    );
    // The credential is still required.
    assert_eq!(step.value["security"], json!([{"cert": []}]));
    assert_eq!(rules(&step).iter().filter(|rule| **rule == ("mutual-tls", Interpreted)).count(), 1);
}

#[test]
fn what_is_misshapen_stays() {
    for odd in [json!(null), json!([]), json!("a"), json!({"openapi": 3.1}), json!({"openapi": "3.1.0", "paths": []})] {
        let expected = match &odd {
            Value::Object(members) if members["openapi"] == "3.1.0" => json!({"openapi": "3.0.3", "paths": []}),
            other => other.clone(),
        };
        assert_eq!(step(&odd).value, expected);
    }
}
