use serde_json::json;

use super::*;

/// Returns a document with these paths and schemas.
fn document(paths: Value, schemas: Value) -> Value {
    let mut document =
        json!({"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {}, "components": {}});
    document["paths"] = paths;
    document["components"]["schemas"] = schemas;
    document
}

/// Returns findings as `kind code pointer: message | help`.
fn findings(document: &Value) -> Vec<String> {
    examine("a.yaml", document)
        .into_iter()
        .map(|found| {
            let kind = if found.is_error() { "E" } else { "W" };
            let help = found.help.map(|help| format!(" | {help}")).unwrap_or_default();
            format!("{kind} {} {}: {}{help}", found.code, found.pointer, found.message)
        })
        .collect()
}

fn schema(schema: Value) -> Vec<String> {
    let mut whole = document(json!({}), json!({}));
    whole["components"]["schemas"]["S"] = schema;
    findings(&whole).into_iter().map(|line| line.replace("/components/schemas/S", "")).collect()
}

fn parameter(parameter: Value) -> Vec<String> {
    let mut operation = json!({"parameters": [], "responses": {"default": {"description": ""}}});
    operation["parameters"] = Value::Array(vec![parameter]);
    findings(&document(json!({"/a": {"get": operation}}), json!({})))
        .into_iter()
        .map(|line| line.replace("/paths/~1a/get/parameters/0", ""))
        .collect()
}

#[test]
fn a_correct_document_has_no_findings() {
    let document = json!({
        "openapi": "3.0.3",
        "info": {"title": "t", "version": "1", "x-a": 1, "license": {"name": "MIT"}, "contact": {}},
        "servers": [{"url": "https://{h}", "variables": {"h": {"default": "a", "enum": ["a", "b"]}}}],
        "security": [{}, {"key": []}],
        "tags": [{"name": "a"}],
        "x-anything": {"$ref": 1},
        "paths": {
            "x-b": 1,
            "/a/{id}": {
                "parameters": [{"$ref": "#/components/parameters/P"}],
                "post": {
                    "operationId": "a",
                    "requestBody": {"required": true, "content": {"application/json": {"schema": {}, "examples": {"e": {"value": null}}}}},
                    "responses": {"200": {"description": "", "headers": {"X": {"schema": {"type": "string"}}}}, "4XX": {"$ref": "#/r"}, "default": {"description": ""}},
                    "security": [],
                },
            },
            "/b": {"$ref": "other.yaml"},
        },
        "components": {
            "parameters": {"P": {"name": "id", "in": "path", "required": true, "schema": {"type": "integer", "default": 1, "x-c": []}}},
            "schemas": {
                "A.b-c_1": {"type": "object", "properties": {"$ref": {"type": "string"}, "x-d": {"type": "string"}, "requried": {}}, "additionalProperties": false,
                    "discriminator": {"propertyName": "t", "mapping": {"a": "#/a"}}, "example": {"$ref": 1, "requried": 2}},
                "B": {"oneOf": [{"$ref": "#/a"}, {"type": "array", "items": {}, "uniqueItems": true, "minItems": 0}], "additionalProperties": {"$ref": "#/b"}},
            },
            "securitySchemes": {
                "key": {"type": "apiKey", "name": "k", "in": "cookie"},
                "o": {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "u", "scopes": {}}}},
            },
        },
    });
    assert_eq!(findings(&document), Vec::<String>::new());
}

#[test]
fn unknown_keys_are_named_with_what_was_meant() {
    assert_eq!(
        schema(json!({"type": "object", "requried": ["a"]})),
        ["E unknown-field /requried: unknown key `requried` in a schema | did you mean `required`?"]
    );
    assert_eq!(
        schema(json!({"const": 1, "examples": [1], "$defs": {}})),
        [
            "E unknown-field /const: unknown key `const` in a schema | `const` is a keyword of OpenAPI 3.1",
            "E unknown-field /examples: unknown key `examples` in a schema | `examples` is a keyword of OpenAPI 3.1",
            "E unknown-field /$defs: unknown key `$defs` in a schema | `$defs` is a keyword of OpenAPI 3.1",
        ]
    );
    assert_eq!(schema(json!({"wholly": 1})), ["E unknown-field /wholly: unknown key `wholly` in a schema"]);
    assert_eq!(
        parameter(json!({"name": "a", "in": "query", "type": "string"})),
        [
            "E unknown-field /type: unknown key `type` in a parameter | put `type` under `schema`",
            "E missing-field : a parameter needs `schema` (or `content`) | move `type` and related keywords into `schema`",
        ]
    );
}

#[test]
fn wrong_types_are_named() {
    assert_eq!(
        schema(json!({"type": ["string", "null"]})),
        [
            "E wrong-type /type: `type` must be a string, found an array | an array of types is a feature of OpenAPI 3.1; in 3.0 use `nullable: true` or `oneOf`"
        ]
    );
    assert_eq!(
        schema(json!({"required": true, "minLength": -1, "description": null})),
        [
            "E wrong-type /required: `required` must be an array, found a boolean | list the property's name under `required` of the schema that holds it",
            "E bad-value /minLength: `minLength` must be a non-negative integer, found -1",
            "E wrong-type /description: `description` must be a string, found null | remove the key",
        ]
    );
    assert_eq!(
        schema(json!({"exclusiveMinimum": 5, "items": [], "allOf": {}, "properties": {"a": true}})),
        [
            "E wrong-type /exclusiveMinimum: `exclusiveMinimum` must be a boolean, found a number | a number in `exclusiveMinimum` is a feature of OpenAPI 3.1; in 3.0 it is `true` beside the bound",
            "E wrong-type /items: a schema must be an object, found an array",
            "E wrong-type /allOf: `allOf` must be an array, found an object",
            "E wrong-type /properties/a: a schema must be an object, found a boolean | boolean schemas are a feature of OpenAPI 3.1; `{}` allows anything",
        ]
    );
    let mut version = document(json!({}), json!({}));
    version["info"]["version"] = json!(1.0);
    assert_eq!(
        findings(&version),
        ["E wrong-type /info/version: `version` must be a string, found a number | quote it: \"1.0\""]
    );
}

#[test]
fn choices_are_checked() {
    assert_eq!(
        parameter(json!({"name": "a", "in": "querry", "schema": {}})),
        [
            "E bad-value /in: `in` must be `query` or `header` or `path` or `cookie`, found `querry` | did you mean `query`?"
        ]
    );
    assert_eq!(
        parameter(json!({"name": "a", "in": "query", "style": "simple", "schema": {}})),
        [
            "E bad-value /style: `style` must be `form` or `spaceDelimited` or `pipeDelimited` or `deepObject` for a query parameter, found `simple`"
        ]
    );
    assert_eq!(
        schema(json!({"type": "null"})),
        [
            "E bad-value /type: `type` must be `array` or `boolean` or `integer` or `number` or `object` or `string`, found `null` | `null` as a type is a feature of OpenAPI 3.1; in 3.0 use `nullable: true`"
        ]
    );
}

#[test]
fn references_lose_their_siblings_aloud_but_for_words() {
    assert_eq!(schema(json!({"$ref": "#/a", "description": "d", "type": "object", "x-a": 1})), [""; 0]);
    assert_eq!(
        schema(json!({"properties": {
            "a": {"$ref": "#/a", "description": "d", "nullable": true},
            "b": {"$ref": "#/a", "nullable": true},
        }})),
        [
            "W reference-siblings /properties/a/$ref: OpenAPI 3.0 ignores siblings of `$ref`: `nullable`, here and in 1 more | move the reference into `allOf`, or remove its siblings"
        ]
    );
    assert_eq!(
        schema(json!({"oneOf": [{"$ref": "#/a", "description": "d"}]})),
        [
            "W reference-siblings /oneOf/0/$ref: OpenAPI 3.0 ignores siblings of `$ref`: `description` | move the reference into `allOf`, or remove its siblings"
        ]
    );
    assert_eq!(
        schema(json!({"properties": {"a": {"$ref": "#/a", "description": {}}}})),
        ["E wrong-type /properties/a/description: `description` must be a string, found an object"]
    );
    assert_eq!(schema(json!({"$ref": 1})), ["E bad-reference /$ref: `$ref` must be a string, found a number"]);
}

#[test]
fn paths_and_responses_are_checked() {
    let answer = json!({"default": {"description": ""}});
    let paths = json!({
        "a": {},
        "/q?x=1": {},
        "/a/{x}": {"get": {"operationId": "o", "responses": {"2xx": {"description": ""}, "600": {"description": ""}}}},
        "/b": {"get": {"responses": answer, "callbacks": {"c": {"$ref": "#/c"}, "plain": {"u": {"get": {"responses": answer}}}}}, "put": {}},
    });
    assert_eq!(
        findings(&document(paths, json!({"a b": {}}))),
        [
            "E bad-path /paths/a: the path `a` does not begin with a slash | write `/a`",
            "E bad-status /paths/~1a~1{x}/get/responses/2xx: `2xx` is neither a status code, a range such as `4XX`, nor `default` | write `2XX`",
            "E bad-status /paths/~1a~1{x}/get/responses/600: `600` is neither a status code, a range such as `4XX`, nor `default`",
            "W unsupported-callbacks /paths/~1b/get/callbacks/c: the callback `c` is not generated: it refers elsewhere, or holds extensions or callbacks",
            "E missing-field /paths/~1b/put: an operation needs `responses`",
            "E bad-name /components/schemas/a b: the component name `a b` contains characters other than letters, digits, `.`, `-` and `_`",
        ]
    );
}

#[test]
fn rules_between_fields() {
    assert_eq!(
        parameter(json!({"name": "a", "in": "path", "schema": {}, "allowReserved": true})),
        ["W ignored-field /allowReserved: `allowReserved` has no effect: it only applies to query parameters",]
    );
    assert_eq!(
        parameter(
            json!({"name": "a", "in": "query", "schema": {}, "content": {"a/b": {}}, "example": 1, "examples": {}})
        ),
        [
            "E contradiction /content: `schema` and `content` are mutually exclusive | keep one of the two",
            "E contradiction /examples: `example` and `examples` are mutually exclusive | keep one of the two",
        ]
    );
    assert_eq!(
        schema(json!({"type": "array", "readOnly": true, "writeOnly": true, "enum": [], "xml": {"name": "a"}})),
        [
            "E missing-field : a schema of type `array` needs `items` | describe the items; `items: {}` allows anything",
            "E contradiction /writeOnly: `readOnly` and `writeOnly` are both true | keep one of the two",
            "W ignored-field /enum: `enum` has no effect: an empty `enum` restricts nothing",
        ]
    );
    let mut schemes = document(json!({}), json!({}));
    schemes["components"]["securitySchemes"] =
        json!({"a": {"type": "apiKey"}, "b": {"type": "http", "scheme": "basic", "name": "x"}});
    assert_eq!(
        findings(&schemes),
        [
            "E missing-field /components/securitySchemes/a: a security scheme of type `apiKey` needs `name`",
            "E missing-field /components/securitySchemes/a: a security scheme of type `apiKey` needs `in`",
            "W ignored-field /components/securitySchemes/b/name: `name` has no effect: a security scheme of type `http` has none",
        ]
    );
}

#[test]
fn any_value_is_survived() {
    // Moved, not serialized: every other operation is recursive and would overflow the test's stack.
    let wrap = |inner: Value, key: &str| Value::Object(serde_json::Map::from_iter([(key.to_owned(), inner)]));
    let mut deep = json!({});
    for _ in 0..20_000 {
        deep = wrap(deep, "not");
    }
    let mut document = document(json!({}), json!({}));
    document["components"]["schemas"] = wrap(deep, "S");
    assert!(findings(&document).iter().any(|line| line.contains("too-deep")));
    std::mem::forget(document);
    for value in [json!(null), json!(1), json!([]), json!({}), json!({"paths": 1, "info": [], "components": "x"})] {
        assert!(!examine("a.yaml", &value).is_empty());
    }
}

#[test]
fn tables_are_in_the_order_of_kinds() {
    for (index, object) in grammar::OBJECTS.iter().enumerate() {
        assert_eq!(object.kind as usize, index, "{}", object.name);
        assert_eq!(object.kind.grammar().name, object.name);
    }
    assert_eq!(Kind::OverlayAction as usize + 1, grammar::OBJECTS.len());
}

#[test]
fn templates_have_braces_in_pairs_and_listed_variables() {
    let mut document = document(json!({"/{id": {}, "/a#}": {}}), json!({}));
    document["servers"] = json!([{"url": "https://{host}/v1"}, {"url": "https://a}"}]);
    assert_eq!(
        findings(&document),
        [
            "E path-template /paths/~1{id: the path `/{id` has a `{` without a `}` after it",
            "E server-template /servers/0/url: `{host}` in the server's URL is not listed in its `variables`",
            "E server-template /servers/1/url: the server's URL has a `}` without a `{` before it",
        ]
        .map(str::to_owned)
    );
}
