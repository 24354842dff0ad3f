use serde_json::json;

use super::*;

fn document(paths: Value, schemas: Value) -> Value {
    let mut document =
        json!({"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {}, "components": {}});
    document["paths"] = paths;
    document["components"]["schemas"] = schemas;
    document
}

fn findings(document: &Value) -> Vec<String> {
    // Whatever `structure` reports, to see that nothing is lost without it.
    let examined = Examined { found: Vec::new(), ..structure::examine("a.yaml", document) };
    let found = decode("a.yaml", document, &examined).map(drop).err().unwrap_or_default();
    found.into_iter().map(|found| format!("{} {}: {}", found.code, found.pointer, found.message)).collect()
}

#[test]
fn what_means_nothing_raises_no_alarm() {
    let document = document(
        json!({"/a": {
            "servers": [], "parameters": [],
            "get": {
                "tags": [], "parameters": [
                    {"name": "a", "in": "query", "required": false, "deprecated": false, "allowEmptyValue": false, "allowReserved": false, "explode": false, "schema": {"type": "string", "default": null}},
                    {"name": "b", "in": "header", "style": "simple", "allowReserved": false, "schema": {"$ref": "#/s", "description": "lost with a warning"}, "examples": {}},
                ],
                "requestBody": {"required": false, "content": {"a/b": {"encoding": {"x": {"explode": false}}, "example": null}}},
                "responses": {"200": {"description": "", "headers": {"X": {"explode": false, "schema": {}}}, "content": {}, "links": {}}, "4xx": {"description": ""}},
                "callbacks": {"c": {"$ref": "#/c"}, "d": {"x-a": 1}}, "security": [{"a": []}], "deprecated": false,
            },
        }}),
        json!({
            "A": {"type": "object", "required": [], "additionalProperties": {}, "nullable": false, "xml": {"name": "a"}, "enum": [], "properties": {"p": {"type": "string", "xml": {}}}},
            "B": {"type": "integer", "format": "uint64", "maximum": u64::MAX, "minimum": 0, "exclusiveMinimum": false, "multipleOf": 1},
            "C": {"type": "number", "enum": [1, 2.5, null], "minimum": 1, "nullable": true},
            "D": {"enum": ["a", 1, null, {"b": []}], "minLength": 1, "uniqueItems": false},
            "E": {"type": "string", "format": "date-time", "enum": [null, "a"], "pattern": "", "maxLength": 3},
            "F": {"allOf": [{"$ref": "#/a"}, {"type": "object", "additionalProperties": false}], "discriminator": {"propertyName": "p", "mapping": {}}},
            "G": {"type": "array", "items": {}, "uniqueItems": false, "default": [], "example": {"required": false, "x": null}},
            "H": {"not": {"type": "boolean", "enum": [true]}, "externalDocs": {"url": "u"}, "x-y": {"enum": []}},
        }),
    );
    assert_eq!(findings(&document), Vec::<String>::new());
}

#[test]
fn losses_are_found() {
    let mut bad = document(
        json!({}),
        json!({"A": {"type": "object", "requried": ["a"], "const": 1, "properties": {"p": {"if": {}}}}}),
    );
    bad["info"]["summary"] = json!("s");
    assert_eq!(
        findings(&bad),
        [
            "lost /info/summary: `summary` would be lost: OpenAPI 3.0 has no such key here",
            "lost /components/schemas/A/requried: `requried` would be lost: OpenAPI 3.0 has no such key here",
            "lost /components/schemas/A/const: `const` would be lost: OpenAPI 3.0 has no such key here",
            "lost /components/schemas/A/properties/p/if: `if` would be lost: OpenAPI 3.0 has no such key here",
        ]
    );
}

#[test]
fn failures_are_at_the_smallest_node() {
    let paths = json!({"/a": {"get": {"responses": {"200": {"content": {}}}}}});
    let schemas = json!({"A": {"properties": {"p": {"minLength": -1}, "q": {"items": []}}}, "B": {"type": 1}});
    assert_eq!(
        findings(&document(paths, schemas)),
        [
            "undecodable /paths/~1a/get/responses/200: a response cannot be decoded: missing field `description`",
            "undecodable /components/schemas/A/properties/p: a schema cannot be decoded: invalid value: integer `-1`, expected usize",
            "undecodable /components/schemas/A/properties/q/items: a schema cannot be decoded: invalid type: sequence, expected struct Schema",
            "undecodable /components/schemas/B: a schema cannot be decoded: invalid type: integer `1`, expected a string",
        ]
    );
}

fn nested(depth: usize, innermost: Value) -> Value {
    let mut schema = innermost;
    for _ in 0..depth {
        schema = json!({"type": "array", "items": schema});
    }
    document(json!({}), json!({"A": schema}))
}

#[test]
fn deep_documents_need_neither_luck_nor_time() {
    assert_eq!(findings(&nested(100, json!({"type": "string"}))), Vec::<String>::new());
    let failing = findings(&nested(100, json!({"minLength": "x"})));
    assert_eq!(failing.len(), 1);
    assert!(failing[0].contains("/items/items") && failing[0].contains("expected usize"), "{failing:?}");
    assert!(findings(&nested(200, json!({})))[0].starts_with("too-deep"));
}

#[test]
fn any_value_is_survived() {
    for value in [json!(null), json!([]), json!({}), json!({"paths": {"/a": {"get": 1, "x-a": 1}}, "components": []})] {
        assert!(!findings(&value).is_empty());
    }
}

#[test]
fn places_of_references_with_words_are_those_of_the_document() {
    let document = json!({"a": {"$ref": "#/b", "description": "d"}, "b": {"allOf": [{"$ref": "#/c"}], "title": "t"},
        "c": {"$ref": "#/b", "title": "t", "allOf": true}});
    for (read, written) in [
        ("/a/allOf/0", "/a"),
        ("/a/allOf/0/$ref", "/a/$ref"),
        ("/b/allOf/0", "/b/allOf/0"),
        ("/c/allOf/0", "/c"),
        ("", ""),
    ] {
        assert_eq!(place_in_document(&document, Pointer::parse(read).unwrap()).as_str(), written);
    }
}

#[test]
fn an_additional_operation_is_a_path_of_its_own_while_it_is_decoded() {
    let mut document =
        document(json!({"/a": {"parameters": [], "get": {"responses": {"200": {"description": ""}}}}}), json!({}));
    document["paths"]["/a"]["x-additional-operations"] =
        json!({"FIND": {"responses": {"default": {"description": ""}}}});
    let examined = structure::examine("a.yaml", &document);
    let decoded = decode("a.yaml", &document, &examined).unwrap();
    let paths: Vec<_> = decoded.paths.paths.keys().map(|path| (path.as_str(), path_in_document(path))).collect();
    assert_eq!(paths, [("/a", "/a"), ("/a#x-additional-operations/FIND", "/a")]);
    let own = Pointer::root().key("paths").key("/a#x-additional-operations/FIND");
    let place = |pointer: Pointer| place_in_document(&document, pointer).to_string();
    assert_eq!(place(own.key("post").key("responses")), "/paths/~1a/x-additional-operations/FIND/responses");
    assert_eq!(place(own.key("parameters").key("0")), "/paths/~1a/parameters/0");
    assert_eq!(place(own), "/paths/~1a");
}
