//! Tests of operation names, and of the credentials of operations.

use serde_json::json;

use super::*;

#[test]
fn operations_get_names() {
    let get = || json!({"responses": {}});
    let named = |id: &str| json!({"operationId": id, "responses": {}});
    let document = json!({"paths": {
        "/pets/{id}/toys": {"parameters": [{"$ref": "#/components/parameters/id"}], "get": get()},
        "/a-b": {"get": get()},
        "/a/b": {"get": get()},
        "/x/y": {"get": named("twice"), "post": named("twice")},
        "/x": {"get": named("twice"), "put": named("")},
    }, "components": {"parameters": {"id": {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}}}});
    let step = repaired(document.clone());
    let ids = |value: &Value| {
        let mut ids = Vec::new();
        for (path, item) in value["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                if let Some(id) = operation.get("operationId").and_then(Value::as_str) {
                    ids.push((format!("{method} {path}"), id.to_owned()));
                }
            }
        }
        ids.sort();
        ids
    };
    let expected = [
        ("get /a-b", "getAB"),
        ("get /a/b", "getAB2"),
        ("get /pets/{id}/toys", "listPetToys"),
        ("get /x", "twice"),
        ("get /x/y", "getXY"),
        ("post /x/y", "postXY"),
        ("put /x", "putX"),
    ];
    let expected: Vec<_> = expected.map(|(route, id)| (route.to_owned(), id.to_owned())).into();
    assert_eq!(ids(&step.value), expected);
    let mut reversed = document;
    let paths = reversed["paths"].as_object_mut().unwrap();
    *paths = std::mem::take(paths).into_iter().rev().collect();
    assert_eq!(ids(&repaired(reversed).value), expected);
}

#[test]
fn no_operation_gets_the_name_of_another_one() {
    let named = |id: &str| json!({"get": {"operationId": id, "responses": {"204": {"description": "d"}}}});
    let id = |value: &Value, path: &str| value["paths"][path]["get"]["operationId"].as_str().unwrap().to_owned();
    let step = repaired(json!({"paths": {"/user": named("getUser"), "/users/{id}": named("getUsersById")}}));
    assert_eq!([id(&step.value, "/user"), id(&step.value, "/users/{id}")], ["getUser", "getUsersById"]);
    // Another tool of the vendor may refer to this name.
    let step = repaired(json!({"paths": {"/users/{id}": named("getUsersById")}, "x-order": ["getUsersById"]}));
    assert_eq!(id(&step.value, "/users/{id}"), "getUsersById");
}

#[test]
fn what_differs_from_call_to_call_is_no_credential() {
    let parameter =
        |place: &str, name: &str| json!({"name": name, "in": place, "required": true, "schema": {"type": "string"}});
    let document = |parameters: &[Value]| {
        let get = json!({"parameters": parameters, "responses": {"204": {"description": "d"}}});
        repaired(json!({"paths": {"/a": {"get": get}, "/b": {"get": get}}})).value
    };
    let schemes = |value: &Value| value["components"]["securitySchemes"].as_object().map_or(0, serde_json::Map::len);
    for (place, name) in [
        ("query", "token"),
        ("query", "pageToken"),
        ("query", "reset_token"),
        ("header", "X-CSRF-Token"),
        ("header", "Idempotency-Token"),
    ] {
        assert_eq!(schemes(&document(&[parameter(place, name)])), 0, "{name}");
    }
    let array = json!({"name": "api_key", "in": "query", "required": true, "schema": {"type": "array", "items": {}}});
    assert_eq!(schemes(&document(&[array])), 0);
    assert_eq!(schemes(&document(&[parameter("header", "X-Access-Token")])), 1);
    // Each parameter gets its own scheme.
    assert_eq!(schemes(&document(&[parameter("header", "api_key"), parameter("query", "api_key")])), 2);
}

#[test]
fn the_scheme_that_is_required_and_missing_is_the_credential_that_is_there() {
    let key = json!({"name": "X-API-Key", "in": "header", "required": true, "schema": {"type": "string"}});
    let get = json!({"parameters": [key], "security": [{"apiKey": []}], "responses": {"204": {"description": "d"}}});
    let step = repaired(json!({"paths": {"/a": {"get": get}}}));
    let expected = json!({"apiKey": {"type": "apiKey", "in": "header", "name": "X-API-Key"}});
    assert_eq!(step.value["components"]["securitySchemes"], expected);
    assert_eq!(step.value["paths"]["/a"]["get"].get("parameters"), None);
}

#[test]
fn operations_of_different_tags_may_have_the_same_name() {
    let tagged = |tag: &str| json!({"operationId": "list", "tags": [tag], "responses": {}});
    let step = repaired(json!({"paths": {"/b": {"get": tagged("b")}, "/a": {"get": tagged("a")}}}));
    assert_eq!(step.value["paths"]["/a"]["get"]["operationId"], "list");
    assert_eq!(step.value["paths"]["/b"]["get"]["operationId"], "b/list");
}

#[test]
fn operations_of_different_versions_are_told_apart_by_them() {
    let list = || json!({"operationId": "list", "responses": {}});
    let ids = |paths: [&str; 3]| {
        let mut paths_of = json!({});
        paths.iter().for_each(|path| paths_of[*path] = json!({"get": list()}));
        let document = repaired(json!({"paths": paths_of}));
        paths.map(|path| document.value["paths"][path]["get"]["operationId"].as_str().unwrap().to_owned())
    };
    assert_eq!(ids(["/v1/a", "/v2/a", "/v3.0/a"]), ["list", "list_v2", "list_v3.0"]);
    assert_eq!(ids(["/v1/a", "/v2/a", "/v2/b"]), ["list", "getA", "getB"]);
}

#[test]
fn methods_of_one_route_are_told_apart_by_them() {
    let proxy = json!({"operationId": "proxy_a__path__delete", "responses": {}});
    let step = repaired(json!({"paths": {"/a/{path}": {"get": proxy, "put": proxy, "delete": proxy}}}));
    let ids: Vec<_> =
        ["get", "put", "delete"].map(|method| step.value["paths"]["/a/{path}"][method]["operationId"].clone()).into();
    assert_eq!(ids, ["proxy_a__path__get", "proxy_a__path__put", "proxy_a__path__delete"]);
}

#[test]
fn numbered_components_get_their_titles() {
    let schemas = json!({
        "def-0": {"title": "Pet", "properties": {"owner": {"$ref": "#/components/schemas/def-1"}}},
        "def-1": {"title": "https://example.com/schemas/owner.json"},
        "def-2": {"title": "Pet"},
        "def-3": {"title": "A pet with words"},
        "definition": {"title": "Toy"},
    });
    let step = repaired(json!({"paths": {}, "components": {"schemas": schemas}}));
    let schemas = step.value["components"]["schemas"].as_object().unwrap();
    assert_eq!(schemas.keys().collect::<Vec<_>>(), ["Pet", "owner", "Pet_2", "def-3", "definition"]);
    assert_eq!(schemas["Pet"]["properties"]["owner"]["$ref"], "#/components/schemas/owner");
}
