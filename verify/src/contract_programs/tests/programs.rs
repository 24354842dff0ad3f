//! Programs call everything, and say what they leave out.

use super::*;

#[test]
fn every_operation_of_the_specs_is_called_in_every_form() {
    for document in documents("specs") {
        let (api, _) = read_api(&document).unwrap();
        let program = program_of(&document);
        let counts = program.counts;
        assert_eq!(counts.operations, api.operations.len(), "{}", document.module);
        assert_eq!(counts.required, api.operations.len(), "{}", document.module);
        assert!(counts.full >= api.operations.len(), "{}", document.module);
        let responses: usize = api.operations.iter().map(|operation| operation.responses.len()).sum();
        assert_eq!(counts.responses, responses, "{}", document.module);
        assert_eq!(counts.left_out, 0, "{}", document.module);
        for operation in &api.operations {
            assert!(program.file.contents.contains(&format!("{:?}", operation.id)), "{}", operation.id);
        }
    }
}

#[test]
fn the_same_document_gives_the_same_program() {
    for document in documents("tests/fixtures/ok") {
        assert_eq!(program_of(&document).file, program_of(&document).file);
    }
}

#[test]
fn each_response_is_asked_for_with_a_code_that_is_its_own() {
    let response = json!({ "description": "" });
    let value = json!({
        "openapi": "3.0.3",
        "info": { "title": "Test", "version": "1" },
        "paths": {
            "/a": { "get": { "operationId": "a", "responses": {
                "101": response, "200": response, "404": response, "4XX": response, "500": response, "default": response,
            } } },
            "/b": { "get": { "operationId": "b", "responses": { "default": response } } },
        },
    });
    let program = program_of(&document(&value));
    let asked: Vec<&str> =
        program.file.contents.split("\"Prefer\", \"code=").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(asked, ["200", "404", "400", "500", "501", "200"]);
    assert_eq!(program.counts.responses, 6);
}

#[test]
fn bytes_whose_schema_says_what_text_they_are_are_such_text() {
    let sends = |schema: Value| {
        json!({
            "operationId": "send",
            "requestBody": { "required": true, "content": { "image/png": { "schema": schema } } },
            "responses": { "204": { "description": "" } },
        })
    };
    let body = |schema: Value| {
        let value = json!({
            "openapi": "3.0.3",
            "info": { "title": "Test", "version": "1" },
            "paths": { "/a": { "put": sends(schema) } },
        });
        let contents = program_of(&document(&value)).file.contents;
        contents.split("Bytes::from_static(").nth(1).unwrap().split(')').next().unwrap().to_owned()
    };
    assert_eq!(body(json!({ "type": "string", "format": "byte" })), "b\"dGV4dA00\"");
    assert_eq!(body(json!({ "type": "string", "pattern": "^[a-c]{3}$" })), "b\"aaa\"");
    assert!(body(json!({ "type": "string", "format": "binary" })).contains("\\xFF"));
}

#[test]
fn operations_of_the_same_name_do_not_clash() {
    let operation = |id: &str, tag: &str| json!({ "operationId": id, "tags": [tag], "responses": { "204": { "description": "" } } });
    let value = json!({
        "openapi": "3.0.3",
        "info": { "title": "Test", "version": "1" },
        "paths": {
            "/a": { "get": operation("a/list", "a"), "put": operation("a/run", "a") },
            "/b": { "get": operation("b/list", "b"), "put": operation("b_list", "b") },
        },
    });
    let program = program_of(&document(&value));
    let functions: Vec<&str> = program
        .file
        .contents
        .lines()
        .filter_map(|line| line.strip_prefix("async fn ")?.split('(').next())
        .filter(|name| !name.starts_with("run"))
        .collect();
    let distinct: std::collections::BTreeSet<&&str> = functions.iter().collect();
    assert_eq!(functions.len(), 4, "{functions:?}");
    assert_eq!(distinct.len(), 4, "{functions:?}");
}

#[test]
fn a_mock_server_gets_the_document_without_what_it_cannot_do() {
    let value = json!({
        "openapi": "3.0.3",
        "info": { "title": "Test", "version": "1" },
        "servers": [{ "url": "/v1" }],
        "security": [{ "d": [] }, { "k": [] }],
        "paths": { "/a": { "servers": [], "get": {
            "security": [{ "d": [], "k": [] }],
            "responses": { "200": { "description": "", "content": { "application/json": {
                "example": { "type": "string", "format": "int64" },
                "schema": { "type": "object", "properties": {
                    "example": { "type": "string", "format": "uint64" },
                    "said": { "type": "string", "format": "int64", "example": "7" },
                    "number": { "type": "integer", "format": "int64" },
                    "pet": { "oneOf": [{}, {}], "discriminator": { "propertyName": "p" } },
                } },
            } } } },
        } } },
        "components": { "securitySchemes": {
            "d": { "type": "http", "scheme": "Digest" },
            "k": { "type": "apiKey", "in": "header", "name": "k" },
        } },
    });
    let served = mock_document(&value);
    assert_eq!(
        served.changes,
        [
            "/components/securitySchemes/d is taken out: a mock server cannot check it",
            "/paths/~1a/get/responses/200/content/application~1json/schema/properties/example gets an example: \
         its format is unknown to a mock server",
            "/paths/~1a/get/responses/200/content/application~1json/schema/properties/pet has `anyOf` for `oneOf`: \
         a mock server does not look at its discriminator",
            "/paths/~1a/get/security is relaxed: it names a scheme that a mock server cannot check",
            "/paths/~1a/servers is taken out: the API is served at the root",
            "/security is relaxed: it names a scheme that a mock server cannot check",
            "/servers is taken out: the API is served at the root",
        ]
    );
    let at = |pointer: &str| served.document.pointer(pointer).cloned();
    assert_eq!(at("/security"), Some(json!([{}, { "k": [] }])));
    assert_eq!(at("/paths/~1a/get/security"), Some(json!([{ "k": [] }])));
    assert_eq!(at("/paths/~1a/get/responses/200/content/application~1json/example/example"), None);
    let example = "/paths/~1a/get/responses/200/content/application~1json/schema/properties/example/example";
    assert_eq!(at(example), Some(json!("1")));
}
