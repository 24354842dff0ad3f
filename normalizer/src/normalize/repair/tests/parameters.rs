//! Parameters: presence in the path, number and schema.

use serde_json::json;

use super::*;

#[test]
fn parameters_that_the_path_has_no_place_for_are_left_out() {
    let path = |name: &str| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}});
    let step = repaired(json!({"paths": {"/a/{b}": {"parameters": [path("b")],
        "get": {"operationId": "o", "responses": {}, "parameters": [path("x"), {"name": "q", "in": "query", "schema": {}}]},
        "put": {"operationId": "p", "responses": {}, "parameters": [path("y")]}}}}));
    let item = &step.value["paths"]["/a/{b}"];
    assert_eq!(item["get"]["parameters"], json!([{"name": "q", "in": "query", "schema": {}}]));
    assert_eq!(item["put"].get("parameters"), None);
    assert_eq!(step.entries.len(), 2);
    assert!(step.entries.iter().all(|entry| entry.rule == "path-parameter-stray" && entry.kind == EntryKind::Lossy));
    let q = Pointer::parse("/paths/~1a~1{b}/get/parameters/0").unwrap();
    assert_eq!(step.provenance.before(&q).as_str(), "/paths/~1a~1{b}/get/parameters/1");
}

#[test]
fn path_parameters_agree_with_the_path() {
    let ok = json!({"200": {"description": ""}});
    let step = operation(
        "/a/{b}/{c}",
        &json!({"operationId": "o", "responses": ok, "parameters": [
        {"name": "B", "in": "path", "schema": {"type": "integer"}}]}),
    );
    let expected = json!([
        {"name": "b", "in": "path", "schema": {"type": "integer"}, "required": true},
        {"name": "c", "in": "path", "required": true, "schema": {"type": "string"}}
    ]);
    // The misspelled parameter is unambiguous, which leaves one candidate for the other.
    let parameters = &step.value["paths"]["/a/{b}/{c}"]["get"]["parameters"];
    assert_eq!(parameters, &expected);
    // One parameter is missing and one is superfluous: they are the same.
    let one = json!({"operationId": "o", "responses": ok, "parameters": [{"name": "x", "in": "path", "required": true, "schema": {}}]});
    let step = operation("/a/{b}", &one);
    assert_eq!(step.value["paths"]["/a/{b}"]["get"]["parameters"][0]["name"], "b");
    // Several candidates are ambiguous.
    let step = operation("/a/{b}/{c}", &one);
    let parameters = step.value["paths"]["/a/{b}/{c}"]["get"]["parameters"].as_array().unwrap();
    let names: Vec<_> = parameters.iter().map(|parameter| parameter["name"].clone()).collect();
    assert_eq!(names, ["b", "c"]);
    assert!(step.entries.iter().any(|entry| entry.rule == "path-parameter-stray" && entry.kind == EntryKind::Lossy));
}

#[test]
fn a_path_parameter_is_declared_through_references() {
    let document = json!({
        "paths": {"/a/{b}": {"get": {"operationId": "o", "responses": {}, "parameters": [
            {"$ref": "#/components/parameters/one%20more"}]}}},
        "components": {"parameters": {
            "one more": {"$ref": "#/components/parameters/B"},
            "B": {"name": "b", "in": "path", "required": true, "schema": {"type": "integer"}},
            "Loop": {"$ref": "#/components/parameters/Loop"}}},
    });
    let step = whole(document.clone());
    assert_eq!(step.value["paths"]["/a/{b}"]["get"]["parameters"].as_array().unwrap().len(), 1);
    let mut circular = document;
    circular["paths"]["/a/{b}"]["get"]["parameters"][0]["$ref"] = json!("#/components/parameters/Loop");
    let step = whole(circular);
    assert_eq!(
        step.value["paths"]["/a/{b}"]["get"]["parameters"][0],
        json!({"name": "b", "in": "path", "required": true,
        "schema": {"type": "string"}})
    );
}

#[test]
fn what_the_query_of_a_path_has_is_no_parameter() {
    let parameter = |name: &str, values: Value| json!({"name": name, "in": "query", "schema": {"enum": values}});
    let get = |parameters: Value| json!({"get": {"operationId": "o", "responses": {}, "parameters": parameters}});
    let step = repaired(json!({
        "paths": {
            "/a?comp=a%20list&n=1": get(json!([{"$ref": "#/components/parameters/Comp"}, parameter("n", json!([1])), parameter("q", json!(["x"]))])),
            "/a?comp=b": {"parameters": [parameter("comp", json!(["b"]))], "put": {}, "get": {"parameters": [
                parameter("comp", json!(["a"])), parameter("comp", json!(["b", "c"])), {"name": "comp", "in": "header", "schema": {"enum": ["b"]}}]}},
        },
        "components": {"parameters": {"Comp": parameter("comp", json!(["a list"]))}},
    }));
    let paths = &step.value["paths"];
    let names =
        |holder: &Value| json::items(&holder["parameters"]).map(|item| item["name"].clone()).collect::<Vec<_>>();
    assert_eq!(names(&paths["/a?comp=a%20list&n=1"]["get"]), ["q"]);
    assert_eq!(paths["/a?comp=b"].get("parameters"), None);
    assert_eq!(names(&paths["/a?comp=b"]["get"]), ["comp", "comp"]);
    let texts: Vec<&str> =
        step.entries.iter().filter(|entry| entry.rule == "path-query").map(|entry| &*entry.text).collect();
    assert_eq!(texts.len(), 3);
    assert!(
        texts.contains(&"removed the parameter `n`: its only value is in the query of `/a?comp=a%20list&n=1`"),
        "{texts:?}"
    );
}

#[test]
fn reserved_characters_of_queries_are_sent() {
    for (place, key, said, expected) in [
        ("query", "x-ms-skip-url-encoding", json!(true), json!(true)),
        ("query", "x-ms-skip-url-encoding", json!("true"), Value::Null),
        ("query", "x-multi-segment", json!(true), Value::Null),
        ("header", "x-ms-skip-url-encoding", json!(true), Value::Null),
    ] {
        let parameter = json!({"name": "q", "in": place, key: said, "schema": {"type": "string"}});
        let step = operation("/", &json!({"operationId": "o", "responses": {}, "parameters": [parameter]}));
        assert_eq!(step.value["paths"]["/"]["get"]["parameters"][0]["allowReserved"], expected, "{place} {key} {said}");
        let rules: Vec<_> = step.entries.iter().map(|entry| entry.rule).collect();
        assert_eq!(rules.contains(&"allow-reserved"), expected == true, "{rules:?}");
    }
}

#[test]
fn parameters_stand_once() {
    let one = json!({"name": "q", "in": "query", "schema": {"type": "string"}});
    let other = json!({"name": "q", "in": "query", "schema": {"type": "integer"}});
    let last = json!({"name": "r", "in": "query", "schema": {"type": "int"}});
    let step = operation("/", &json!({"operationId": "o", "responses": {}, "parameters": [one, one, last]}));
    assert_eq!(step.value["paths"]["/"]["get"]["parameters"].as_array().unwrap().len(), 2);
    let entry = step.entries.iter().find(|entry| entry.rule == "type-name").unwrap();
    assert_eq!(entry.before.pointer.as_str(), "/paths/~1/get/parameters/2/schema/type");
    assert_eq!(entry.after.as_str(), "/paths/~1/get/parameters/1/schema/type");
    let document = json!({"paths": {"/": {"get": {"operationId": "o", "parameters": [one, other]}}}});
    let step = repaired(document);
    assert_eq!(step.value["paths"]["/"]["get"]["parameters"], json!([one]));
    assert_eq!(step.entries[0].rule, codes::DUPLICATE_PARAMETER.0);
    assert_eq!(step.entries[0].before.pointer.as_str(), "/paths/~1/get/parameters/1");
}

#[test]
fn parameters_get_their_schema() {
    let step = operation(
        "/",
        &json!({"operationId": "o", "responses": {}, "parameters": [
        {"name": "q", "in": "Query", "type": "string", "enum": ["a"], "description": "d"},
        {"name": "r", "in": "query", "schema": {"type": "string"}, "examples": ["x", {"value": "y"}]}]}),
    );
    let expected = json!([
        {"name": "q", "in": "query", "description": "d", "schema": {"type": "string", "enum": ["a"]}},
        {"name": "r", "in": "query", "schema": {"type": "string"}, "examples": {"example1": {"value": "x"}, "example2": {"value": "y"}}}
    ]);
    assert_eq!(step.value["paths"]["/"]["get"]["parameters"], expected);
}
