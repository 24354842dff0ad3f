//! Programs call everything, and report omissions.

use super::*;

#[test]
fn every_operation_of_the_specs_is_called_in_every_form() {
    for document in documents("specs") {
        let (api, _) = read_api(&document).unwrap();
        let program = program_of(&document);
        assert_eq!(count(&program, "Form::Required"), api.operations.len(), "{}", document.module);
        assert!(count(&program, "Form::Full") >= api.operations.len(), "{}", document.module);
        let responses: usize = api.operations.iter().map(|operation| operation.responses.len()).sum();
        assert_eq!(count(&program, "Form::Response"), responses, "{}", document.module);
        assert!(left_out(&program).is_empty(), "{}", document.module);
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
