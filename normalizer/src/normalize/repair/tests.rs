mod many;
mod operations;
mod parameters;
mod schemas;

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::Source;
use crate::diagnostic::codes;
use crate::normalize::files::Files;
use crate::normalize::pass::{EntryKind, Passed, run};
use crate::normalize::reference::resolved;
use crate::normalize::trail::Trail;
use crate::structure::grammar::Kind;

/// Repairs a document, with one number whose source text is known.
fn whole(value: Value) -> Passed {
    let source = Source { name: String::from("a.yaml"), text: String::from("info: {version: 1.10}") };
    let (files, _) = Files::new(source, "a.yaml", None);
    let written = SourceText { files: &files, trail: &Trail::default(), has_annotations: false };
    run(value, |value, record| _ = repair(value, record, &written)).unwrap()
}

/// Repairs a part of a document; ignores entries about additions that complete it.
fn repaired(value: Value) -> Passed {
    let mut passed = whole(value);
    passed.entries.retain(|entry| !entry.rule.ends_with("-missing") || entry.rule == "path-parameter-missing");
    passed
}

fn schema(value: &Value) -> (Value, Vec<&'static str>) {
    let step = repaired(json!({"components": {"schemas": {"A": value}}}));
    (step.value["components"]["schemas"]["A"].clone(), step.entries.iter().map(|entry| entry.rule).collect())
}

fn operation(path: &str, operation: &Value) -> Passed {
    repaired(json!({"paths": {path: {"get": operation}}}))
}

#[test]
fn what_is_right_stays() {
    let document = json!({
        "openapi": "3.0.3",
        "info": {"title": "t", "version": "1"},
        "paths": {"/a/{b}": {"parameters": [{"name": "b", "in": "path", "required": true, "schema": {"type": "string"}}],
            "get": {"operationId": "a", "responses": {"200": {"description": "d", "content": {"application/json": {"schema": {
                "type": "object", "properties": {"c": {"nullable": true, "allOf": [{"$ref": "#/components/schemas/D"}]}}}}}}}}}},
        "components": {"schemas": {"D": {"type": "string", "default": "x", "enum": ["x"], "x-y": null}}}
    });
    let step = repaired(document.clone());
    assert_eq!(step.value, document);
    assert_eq!(step.entries, []);
}

#[test]
fn a_required_credential_is_found_behind_every_reference() {
    let key = json!({"name": "X-Key", "in": "header", "required": true, "schema": {"type": "string"}});
    let document = json!({
        "paths": {"/a": {"get": {"parameters": [{"$ref": "#/components/parameters/B"}]}}},
        "components": {
            "parameters": {"A": key, "B": {"$ref": "#/components/parameters/A"}},
            "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}},
        },
    });
    let get = &repaired(document).value["paths"]["/a"]["get"];
    assert_eq!((&get["security"], get.get("parameters")), (&json!([{"key": []}]), None));
}

#[test]
fn numbers_with_fractions_are_no_integers() {
    for value in [
        json!({"type": "number", "format": "int32", "example": 0.5}),
        json!({"type": "number", "format": "int32", "enum": [1, 1.5]}),
        json!({"type": "number", "format": "double"}),
        json!({"type": "integer", "format": "double"}),
    ] {
        assert_eq!(schema(&value), (value, vec![]));
    }
}

#[test]
fn passwords_are_found_by_their_names() {
    let text = || json!({"type": "string"});
    let names = ["password", "newPassword2", "client_secret", "password_url", "token"];
    let properties: Members = names.iter().map(|name| ((*name).to_owned(), text())).collect();
    let mut schema_of = json!({"type": "object", "properties": properties});
    for (name, property) in [
        ("old_password", json!({"type": "boolean"})),
        ("a_password", json!({"type": "string", "enum": ["a"]})),
        ("b_password", json!({"type": "string", "format": "uuid"})),
    ] {
        schema_of["properties"][name] = property;
    }
    let (value, rules) = schema(&schema_of);
    let found = json::members(&value["properties"]).filter(|(_, property)| property["format"] == "password");
    assert_eq!(found.map(|(name, _)| &**name).collect::<Vec<_>>(), names[..3]);
    assert_eq!(rules, ["password"; 3]);
}

#[test]
fn schemas_get_the_type_that_they_mean() {
    let cases = [
        (json!({"properties": {}}), json!({"properties": {}, "type": "object"}), "missing-type"),
        (json!({"items": {}}), json!({"items": {}, "type": "array"}), "missing-type"),
        (json!({"enum": ["a"]}), json!({"enum": ["a"], "type": "string"}), "missing-type"),
        (json!({"format": "int64"}), json!({"format": "int64", "type": "integer"}), "missing-type"),
        (json!({"type": "array"}), json!({"type": "array", "items": {}}), "array-items"),
        (json!({"type": "String"}), json!({"type": "string"}), "value-type"),
        (json!({"type": "float"}), json!({"type": "number", "format": "float"}), "type-name"),
        (json!({"type": "any"}), json!({}), "type-name"),
        (
            json!({"type": "number", "format": "int64", "minimum": 1.0}),
            json!({"type": "integer", "format": "int64", "minimum": 1.0}),
            "integer-format",
        ),
        (
            json!({"type": "number", "format": "Integer"}),
            json!({"type": "integer", "format": "Integer"}),
            "integer-format",
        ),
        (
            json!({"type": "string", "format": "dateTime"}),
            json!({"type": "string", "format": "date-time"}),
            "text-format",
        ),
        (json!({"type": "string", "enum": [1, true]}), json!({"type": "string", "enum": ["1", "true"]}), "value-type"),
        (json!({"type": "integer", "default": "5"}), json!({"type": "integer", "default": 5}), "value-type"),
        (json!({"type": "string", "minLength": "3"}), json!({"type": "string", "minLength": 3}), "value-type"),
        (json!({"type": "string", "maxLength": 3.0}), json!({"type": "string", "maxLength": 3}), "value-type"),
        (json!({"type": "string", "max_length": 3}), json!({"type": "string", "maxLength": 3}), "key-spelling"),
        (json!({"type": "string", "gadgetCount": 3}), json!({"type": "string", "x-gadget-count": 3}), "unknown-key"),
        (json!({"type": "object", "required": "a"}), json!({"type": "object", "required": ["a"]}), "value-type"),
        (
            json!({"type": "object", "required": ["a", "a"]}),
            json!({"type": "object", "required": ["a"]}),
            "duplicate-value",
        ),
        (json!({"type": "object", "properties": []}), json!({"type": "object", "properties": {}}), "value-type"),
        (
            json!({"type": "object", "discriminator": "k"}),
            json!({"type": "object", "discriminator": {"propertyName": "k"}}),
            "discriminator-object",
        ),
        (json!({"type": "string", "description": null}), json!({"type": "string"}), "empty-value"),
        (json!({"type": "string", "required": true}), json!({"type": "string"}), "required-property"),
    ];
    for (given, expected, rule) in cases {
        assert_eq!(schema(&given), (expected, vec![rule]), "{given}");
    }
    // A misspelled key of that type, and one that matches no key.
    assert_eq!(
        schema(&json!({"type": "object", "requried": ["a"]})),
        (json!({"type": "object", "required": ["a"]}), vec!["key-spelling"])
    );
    assert_eq!(
        schema(&json!({"type": "object", "requried": "a"})),
        (json!({"type": "object", "x-requried": "a"}), vec!["unknown-key"])
    );
    // The author's intention is ambiguous.
    assert!(schema(&json!({"properties": {}, "allOf": []})).1.is_empty());
}

#[test]
fn items_without_a_type_need_not_be_those_of_an_array() {
    let choice = json!([{"type": "string"}, {"type": "object"}]);
    let (given, array) = (json!({"items": {"anyOf": choice}}), json!({"items": {"anyOf": choice}, "type": "array"}));
    assert_eq!(schema(&given), (json!({ "anyOf": choice }), vec!["choice-in-items"]));
    assert_eq!(schema(&array), (array, vec![]));
    for (key, value) in [("minItems", json!(1)), ("example", json!([])), ("default", json!("[1]"))] {
        let given = json!({"items": {"oneOf": choice}, key: value});
        let expected = json!({"items": {"oneOf": choice}, key: value, "type": "array"});
        assert_eq!(schema(&given), (expected, vec!["missing-type"]), "{key}");
    }
    let described = json!({"items": {"anyOf": choice, "description": "an item"}});
    assert_eq!(schema(&described).1, ["missing-type"], "more than a choice");
    for (key, value) in [("example", json!({})), ("default", json!(1)), ("x-examples", json!([{}, {"a": 1}]))] {
        let expected = json!({"x-items": {"type": "string"}, key: value});
        assert_eq!(schema(&json!({"items": {"type": "string"}, key: value})), (expected, vec!["items-of-no-array"]));
    }
    assert_eq!(schema(&json!({"items": {}, "x-examples": [1, [2]], "example": null})).1, ["missing-type"]);
}

#[test]
fn the_same_server_with_https_comes_first() {
    let [a, b] = ["a", "b"].map(|name| json!({"r": {"default": name}}));
    let step = repaired(json!({"servers": [
        {"url": "http://{r}.x", "variables": a}, {"url": "http://y"}, {"url": "https://{r}.x", "variables": a}, {"url": "https://z"},
        {"url": "https://y"}, {"url": "http://{r}.x", "variables": b}]}));
    let urls: Vec<&Value> = step.value["servers"].as_array().unwrap().iter().map(|server| &server["url"]).collect();
    let expected = ["https://{r}.x", "http://{r}.x", "https://y", "http://y", "https://z", "http://{r}.x"];
    assert_eq!(urls, expected);
    let rules: Vec<&str> = step.entries.iter().map(|entry| entry.rule).collect();
    assert_eq!(rules, ["server-order", "server-order"]);
    let server = |index| Pointer::top("servers").index(index);
    assert_eq!(step.provenance.before(&server(2).key("url")), server(4).key("url"));
    assert_eq!(step.provenance.after(&server(0)), server(1));
    let other = json!([{"url": "http://{r}.x", "variables": a}, {"url": "https://{r}.x", "variables": b}]);
    assert_eq!(repaired(json!({ "servers": other })).value["servers"], other, "another server");
}

#[test]
fn a_server_that_begins_with_its_host_gets_a_scheme() {
    let kept = ["localhost:v1", "api.swagger.json", "docs.v2.html", "/v1"].map(|url| (url, url));
    let scheme = [
        ("//api.example.com", "https://api.example.com"),
        ("//localhost:8080/x", "http://localhost:8080/x"),
        ("api.example.com/v1", "https://api.example.com/v1"),
        ("localhost:8055", "http://localhost:8055"),
        ("127.0.0.1:8055/v1", "http://127.0.0.1:8055/v1"),
        ("example.com:8080", "https://example.com:8080"),
        ("example.com:{port}/v1", "https://example.com:{port}/v1"),
    ];
    for (url, expected) in scheme.into_iter().chain(kept) {
        assert_eq!(repaired(json!({"servers": [{"url": url}]})).value["servers"][0]["url"], expected);
    }
    let tenant = json!({"url": "{t}.example.com/v1", "variables": {"t": {"default": "a"}}});
    assert_eq!(repaired(json!({"servers": [tenant]})).value["servers"][0]["url"], "https://{t}.example.com/v1");
}

#[test]
fn bodies_that_could_not_be_left_out_are_required() {
    let needs = json!({"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}});
    let read = json!({"type": "object", "required": ["a"], "properties": {"a": {"type": "string", "readOnly": true}}});
    let body = |schema: &Value| json!({"content": {"application/json": {"schema": schema}}});
    let said = |mut body: Value, required: bool| {
        body["required"] = required.into();
        body
    };
    let inherited = json!({"allOf": [{"description": "d"}, {"$ref": "#/components/schemas/A"}]});
    let (choice, null) = (json!({"oneOf": [needs, inherited]}), json!({"allOf": [needs], "nullable": true}));
    let (loose, nullable) =
        (json!({"anyOf": [needs, {"type": "object"}]}), json!({"anyOf": [needs], "nullable": true}));
    for (method, given, is_required) in [
        ("post", body(&needs), true),
        ("put", body(&inherited), true),
        ("patch", json!({"$ref": "#/components/requestBodies/B"}), true),
        ("post", said(body(&needs), false), false),
        ("delete", body(&needs), false),
        ("post", body(&read), false),
        ("post", body(&choice), true),
        ("post", body(&loose), false),
        ("post", body(&nullable), false),
        ("post", body(&null), false),
        ("post", body(&json!({"type": "object"})), false),
        ("post", json!({"content": {"a/b": {"schema": needs}, "a/c": {"schema": {"type": "string"}}}}), false),
    ] {
        let (shared, schemas) = (json!({"B": body(&inherited)}), json!({"A": needs}));
        let components = json!({"requestBodies": shared, "schemas": schemas});
        let step = repaired(json!({"paths": {"/a": {method: {"requestBody": given}}}, "components": components}));
        let found = resolved(&step.value, &step.value["paths"]["/a"][method]["requestBody"]).unwrap();
        assert_eq!(found["required"] == true, is_required, "{method} {given}");
        assert_eq!(step.entries.iter().any(|entry| entry.rule == "body-required"), is_required);
    }
    let shared = json!({"requestBody": {"$ref": "#/components/requestBodies/B"}});
    let components = json!({"requestBodies": {"B": body(&needs)}});
    let step = repaired(json!({"paths": {"/a": {"post": shared, "delete": shared}}, "components": components}));
    assert_eq!(step.value["components"]["requestBodies"]["B"].get("required"), None, "a deletion has it, too");
}

#[test]
fn parameters_without_a_name_are_left_out() {
    let nameless = json!({"name": " ", "in": "query", "schema": {"type": "string"}});
    let named = json!({"name": "a", "in": "query", "schema": {"type": "string"}});
    let step = repaired(json!({
        "paths": {"/a": {"parameters": [{"$ref": "#/components/parameters/N"}], "get": {"parameters": [nameless, named]}}},
        "components": {"parameters": {"N": {"name": "", "in": "header", "schema": {"type": "string"}}}},
    }));
    let item = &step.value["paths"]["/a"];
    assert_eq!((item.get("parameters"), &item["get"]["parameters"]), (None, &json!([named])));
    let found: Vec<_> = step.entries.iter().filter(|entry| entry.rule == "parameter-nameless").collect();
    assert!(found.len() == 2 && found.iter().all(|entry| entry.kind == EntryKind::Lossy));
}

#[test]
fn what_describes_a_value_wrongly_does_not_cost_the_value() {
    for wrong in [json!(null), json!("x"), json!(1), json!([{}]), json!(true)] {
        let operation = json!({"operationId": "b", "parameters": [{"name": "a", "in": "query", "schema": wrong}],
            "requestBody": {"content": wrong, "description": "d"},
            "responses": {"200": {"description": "", "headers": {"H": {"schema": wrong}}}}});
        let value = repaired(json!({"paths": {"/c": {"post": operation}}})).value;
        let operation = &value["paths"]["/c"]["post"];
        assert_eq!(operation["parameters"], json!([{"name": "a", "in": "query", "schema": {}}]), "{wrong}");
        // A header object without any key is invalid.
        let headers = if wrong.is_null() { json!({}) } else { json!({"H": {"schema": {}}}) };
        assert_eq!(operation["responses"]["200"]["headers"], headers, "{wrong}");
        let body = if wrong.is_null() { Value::Null } else { json!({"content": {"*/*": {}}, "description": "d"}) };
        assert_eq!(operation["requestBody"], body, "{wrong}");
    }
}

#[test]
fn webhooks_are_repaired_like_operations() {
    let text = json!({"type": "string"});
    let parameter = json!({"name": "a", "in": "query", "schema": text});
    let nameless = json!({"name": "", "in": "query", "schema": text});
    let item =
        json!({"post": {"operationId": "b", "parameters": [parameter, nameless, parameter], "responses": {"200": {}}}});
    let step = repaired(json!({"paths": {"/c": item}, "x-webhooks": {"c": item}}));
    let expected = json!([parameter]);
    for key in ["/paths/~1c/post", "/x-webhooks/c/post"] {
        let operation = step.value.pointer(key).unwrap();
        assert_eq!((&operation["parameters"], &operation["responses"]["200"]["description"]), (&expected, &json!("")));
    }
}

#[test]
fn keys_are_spelled_as_openapi_spells_them() {
    let step = repaired(json!({"paths": {"pets": {"get": {"operationId": "o", "responses": {
        "2xx": {"content": {"Application/JSON; charset=UTF-8": {"schema": {}}}}, "Default": {"description": "d"}}}}}}));
    let expected = json!({"/pets": {"get": {"operationId": "o", "responses": {
        "2XX": {"content": {"application/json": {"schema": {}}}, "description": ""}, "default": {"description": "d"}}}}});
    assert_eq!(step.value["paths"], expected);
    let media = step.entries.iter().find(|entry| entry.rule == "media-type").unwrap();
    let before = "/paths/pets/get/responses/2xx/content/Application~1JSON; charset=UTF-8";
    assert_eq!(media.before.pointer.as_str(), before);
}

#[test]
fn paths_have_no_query() {
    let step = repaired(json!({"paths": {
        "/a": {"get": {"operationId": "a", "responses": {"204": {"description": ""}}}},
        "/a?v=2": {"post": {"operationId": "b", "responses": {"204": {"description": ""}}}},
        "/b?v=1": {"get": {"operationId": "c", "responses": {"204": {"description": ""}}}},
        "/b#x": {"put": {"operationId": "d", "responses": {"204": {"description": ""}}}}}}));
    let fixed = |value: &str| json!([{"name": "v", "in": "query", "required": true, "schema": {"enum": [value], "type": "string"}}]);
    // Members of a path item must not apply to other paths.
    let expected = json!({
        "/a": {"get": {"operationId": "a", "responses": {"204": {"description": ""}}}, "post": {"operationId": "b", "responses": {"204": {"description": ""}}, "parameters": fixed("2")}},
        "/b": {"get": {"operationId": "c", "responses": {"204": {"description": ""}}}, "parameters": fixed("1")},
        "/b#x": {"put": {"operationId": "d", "responses": {"204": {"description": ""}}}}});
    assert_eq!(step.value["paths"], expected);
    assert_eq!(step.entries.len(), 2);
    assert!(step.entries.iter().all(|entry| entry.kind == EntryKind::Interpreted));
    assert_eq!(step.entries[0].before.pointer.as_str(), "/paths/~1a?v=2/post");
}

#[test]
fn operations_that_only_a_query_tells_apart_keep_it() {
    let get = |id: &str| json!({"get": {"operationId": id, "responses": {"204": {"description": ""}}}});
    let document = json!({"info": {"title": "t", "version": "1"}, "paths": {
        "/a": get("a"), "/a?v=2": get("b"), "/a?v=3": get("c"), "/a#{x}": {"get": {"operationId": "d", "responses": {"204": {"description": ""}}}, "put": {"operationId": "e", "responses": {"204": {"description": ""}}}},
        "/b?v=1": get("f"), "/b?v=2": get("g"),
        "/c": {"servers": [{"url": "/"}], "get": {"operationId": "h", "responses": {"204": {"description": ""}}}}, "/c#x": {"put": {"operationId": "i", "responses": {"204": {"description": ""}}}},
        "/d": get("j"), "/d#x": {"summary": "s", "put": {"operationId": "k", "responses": {"204": {"description": ""}}}}}});
    let step = repaired(document.clone());
    assert_eq!(step.value, document);
    assert_eq!(step.entries, []);
}

#[test]
fn links_lead_to_where_operations_are() {
    let link = |to: &str| json!({"l": {"operationRef": to}});
    let get = |id: &str| json!({"operationId": id, "responses": {"200": {"description": "", "links": link("#/paths/a~1%7Bb%7D/get")}}});
    let step = repaired(json!({"paths": {
        "a/{b}": {"parameters": [{"name": "b", "in": "path", "required": true, "schema": {}}], "get": get("g")},
        "/c?x=1": {"put": {"operationId": "p"}}},
        "components": {"links": link("#/paths/~1c?x=1/put"), "responses": {
            "R": {"description": "", "links": link("#/paths/~1nowhere/get")}, "S": {"description": "", "links": link("other.yaml#/paths/a~1%7Bb%7D/get")}}}}));
    let at = |pointer: &str| step.value.pointer(pointer).unwrap().clone();
    assert_eq!(at("/components/links/l/operationRef"), "#/paths/~1c/put");
    assert_eq!(at("/paths/~1a~1{b}/get/responses/200/links/l/operationRef"), "#/paths/~1a~1%7Bb%7D/get");
    assert_eq!(at("/components/responses/R/links/l/operationRef"), "#/paths/~1nowhere/get");
    assert_eq!(at("/components/responses/S/links/l/operationRef"), "other.yaml#/paths/a~1%7Bb%7D/get");
    assert_eq!(step.entries.iter().filter(|entry| entry.rule == "link").count(), 2);
}

#[test]
fn texts_are_taken_as_they_are_written() {
    let step = repaired(
        json!({"info": {"title": 5, "version": 1.1, "contact": {"url": ""}, "license": {"name": "MIT", "url": " "}}}),
    );
    assert_eq!(step.value["info"], json!({"title": "5", "version": "1.10", "license": {"name": "MIT"}}));
}

#[test]
fn components_get_legal_names() {
    let step = repaired(json!({"components": {
        "schemas": {"My Pet": {}, "My_Pet": {}, "Größe": {}, "A": {"allOf": [{"$ref": "#/components/schemas/My%20Pet"}, {"$ref": "#/components/schemas/Größe"}]}},
        "securitySchemes": {"a b": {"type": "basic"}}}, "security": [{"a b": []}]}));
    let schemas = &step.value["components"]["schemas"];
    assert!(schemas.get("My_Pet_2").is_some() && schemas.get("Grosse").is_some(), "{schemas}");
    let expected = json!([{"$ref": "#/components/schemas/My_Pet_2"}, {"$ref": "#/components/schemas/Grosse"}]);
    assert_eq!(schemas["A"]["allOf"], expected);
    assert_eq!(step.value["security"], json!([{"a_b": []}]));
    assert_eq!(step.value["components"]["securitySchemes"]["a_b"], json!({"type": "http", "scheme": "basic"}));
}

const KEYS: &[&str] = &[
    "openapi",
    "info",
    "paths",
    "/a/{b}",
    "/a?x=1",
    "a",
    "get",
    "post",
    "parameters",
    "name",
    "in",
    "schema",
    "type",
    "properties",
    "items",
    "required",
    "components",
    "schemas",
    "A B",
    "responses",
    "200",
    "2xx",
    "content",
    "application/json; charset=utf-8",
    "examples",
    "example",
    "enum",
    "default",
    "$ref",
    "nullable",
    "security",
    "securitySchemes",
    "operationId",
    "tags",
    "externalDocs",
    "url",
    "discriminator",
    "mapping",
    "allOf",
    "description",
    "additionalProperties",
];

fn any_document() -> impl Strategy<Value = Value> {
    let key = prop::sample::select(KEYS);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        (-3_i64..3).prop_map(Value::from),
        Just(json!(1.5)),
        prop::sample::select(vec![
            "", "a", "path", "Query", "string", "array", "true", "#/components/schemas/A B", "5"
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(7, 60, 6, move |inner| {
        prop_oneof![
            1 => prop::collection::vec(inner.clone(), 0..3).prop_map(Value::Array),
            4 => prop::collection::vec((key.clone(), inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn repairing_twice_is_repairing_once(value in any_document()) {
        let once = whole(value).value;
        let again = whole(once.clone());
        prop_assert_eq!((again.value, again.entries), (once, Vec::new()));
    }
}

/// Returns a document with an object of a kind at its place.
fn placed(kind: Kind, object: Value) -> Value {
    let operation = |key: &str, value: Value| {
        let mut operation = json!({"operationId": "o", "responses": {"200": {"description": ""}}});
        operation[key] = value;
        json!({"paths": {"/a": {"get": operation}}})
    };
    let content = |media: Value| json!({"content": {"application/json": media}});
    let component = |section: &str, value: Value| json!({"components": {section: {"A": value}}});
    match kind {
        Kind::Info => json!({"info": object}),
        Kind::Contact => json!({"info": {"title": "t", "version": "1", "contact": object}}),
        Kind::License => json!({"info": {"title": "t", "version": "1", "license": object}}),
        Kind::Server => json!({"servers": [object]}),
        Kind::PathItem => json!({"paths": {"/a": object}}),
        Kind::Operation => json!({"paths": {"/a": {"get": object}}}),
        Kind::Parameter => operation("parameters", json!([object])),
        Kind::RequestBody => operation("requestBody", object),
        Kind::MediaType => operation("requestBody", content(object)),
        Kind::Encoding => operation("requestBody", content(json!({"encoding": {"a": object}}))),
        Kind::ExternalDocs => operation("externalDocs", object),
        Kind::Response => component("responses", object),
        Kind::Header => component("headers", object),
        Kind::Example => component("examples", object),
        Kind::Link => component("links", object),
        Kind::SecurityScheme => component("securitySchemes", object),
        Kind::Discriminator => component("schemas", json!({"discriminator": object})),
        Kind::Xml => component("schemas", json!({"xml": object})),
        Kind::Schema => component("schemas", object),
        _ => json!({"components": object}),
    }
}

const KINDS: &[Kind] = &[
    Kind::Info,
    Kind::Contact,
    Kind::License,
    Kind::Server,
    Kind::PathItem,
    Kind::Operation,
    Kind::Parameter,
    Kind::RequestBody,
    Kind::MediaType,
    Kind::Encoding,
    Kind::ExternalDocs,
    Kind::Response,
    Kind::Header,
    Kind::Example,
    Kind::Link,
    Kind::SecurityScheme,
    Kind::Discriminator,
    Kind::Xml,
    Kind::Schema,
    Kind::Components,
];

/// Generates the fields of a kind, most of them misspelled, with any values.
fn any_slips() -> impl Strategy<Value = Value> {
    let value = prop_oneof![
        Just(Value::Null),
        Just(json!({})),
        Just(json!([])),
        Just(json!("")),
        Just(json!("array")),
        Just(json!("Query")),
        Just(json!("true")),
        Just(json!(true)),
        Just(json!(1.0)),
        Just(json!(["a", "a"])),
        Just(json!({"url": ""})),
        Just(json!({"Type": "int"})),
        Just(json!({"application/JSON": {"Schema": {"type": "str"}}})),
    ];
    let members = prop::collection::vec((any::<prop::sample::Index>(), 0..4_usize, value), 0..6);
    (prop::sample::select(KINDS), members).prop_map(|(kind, members)| {
        let spelled = |(field, spelling, value): (prop::sample::Index, usize, Value)| {
            let name = field.get(kind.grammar().fields).name;
            let key = match spelling {
                0 => name.to_owned(),
                1 => name.to_ascii_uppercase(),
                2 => format!("{name}s"),
                _ => name.chars().skip(1).collect(),
            };
            (key, value)
        };
        placed(kind, members.into_iter().map(spelled).collect::<Members>().into())
    })
}

#[test]
fn a_misspelled_name_that_is_empty_is_left_out() {
    let step = whole(placed(Kind::Parameter, json!({"NAME": "", "in": "query"})));
    assert_eq!(step.value["paths"]["/a"]["get"].get("parameters"), None);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn slips_are_repaired_once(value in any_slips()) {
        let once = whole(value).value;
        let again = whole(once.clone());
        prop_assert_eq!((again.value, again.entries), (once, Vec::new()));
    }
}

#[test]
fn a_prefix_of_a_key_is_an_http_scheme() {
    for (description, scheme) in [
        ("Token-based authentication with required prefix \"Token\"", Some("Token")),
        ("Prefix value with 'Apikey ' as in, 'Apikey SECRET'", Some("Apikey")),
        ("Must be prepended with `token` followed by a space.", Some("token")),
        ("JWT token prefixed with \"Bearer \"", Some("bearer")),
        ("The word \"Basic\" followed by a space and your key", None),
        ("The string \"OAuth\" followed by the token", None),
        ("The key in the 'Authorization' header, prefixed with 'Token'", Some("Token")),
        ("A key without the prefix \"Bearer\"", None),
        ("Try <code>curl -H \"Authorization: Token [your-token]\"</code>", Some("Token")),
        ("`authorization: JWT 9944b09199c62bcf`", Some("JWT")),
        ("Authorization: Basic <key>", None),
        ("Authorization: API key of the account", None),
        ("Prefix your \"key\" with \"Token\"", None),
        ("The prefix \"Token\" required", Some("Token")),
        ("Found in 'Settings'", None),
        ("It's the prefix of 'my key'", None),
    ] {
        let key = json!({"type": "apiKey", "in": "header", "name": "Authorization", "description": description});
        let step = whole(json!({"components": {"securitySchemes": {"key": key}}}));
        let found = &step.value["components"]["securitySchemes"]["key"];
        let expected = scheme.map_or("apiKey", |_| "http");
        assert_eq!((found["type"].as_str(), found["scheme"].as_str()), (Some(expected), scheme), "{description}");
    }
}

#[test]
fn what_is_misspelled_is_not_missing() {
    let step = whole(json!({
        "info": {"titel": "t", "Version": 1, "content": {}},
        "paths": {"/a": {"get": {"operationId": "a", "Responses": {"200": {"desciption": "d"}}},
            "put": {"operationId": "b", "respones": {"200": {"description": "d", "Content": {"text/plain": {"shema": {"type": "array", "item": {"type": "string"}}}}}}}}}}));
    let schema = json!({"type": "array", "items": {"type": "string"}});
    assert_eq!(step.value["info"], json!({"title": "t", "version": "1"}));
    assert_eq!(step.value["paths"]["/a"]["get"]["responses"], json!({"200": {"description": "d"}}));
    let response = json!({"200": {"description": "d", "content": {"text/plain": {"schema": schema}}}});
    assert_eq!(step.value["paths"]["/a"]["put"]["responses"], response);
    assert_eq!(step.entries.iter().filter(|entry| entry.kind == EntryKind::Lossy).count(), 0);
}

#[test]
fn what_is_missing_is_added() {
    let step = whole(
        json!({"servers": [{"url": "https://{region}.example.com"}], "security": [{"basicAuth": []}, {"token": []}],
        "paths": {"/a": {"get": {"operationId": "a"}, "put": {"operationId": "b", "responses": {"x-none": 1}}}}}),
    );
    let any_success = json!({"description": ""});
    assert_eq!(step.value["info"], json!({"title": "API", "version": "0"}));
    assert_eq!(step.value["paths"]["/a"]["get"]["responses"], json!({"2XX": any_success}));
    assert_eq!(step.value["paths"]["/a"]["put"]["responses"], json!({"x-none": 1, "2XX": any_success}));
    assert_eq!(step.value["servers"][0]["variables"], json!({"region": {"default": "region"}}));
    let schemes =
        json!({"basicAuth": {"type": "http", "scheme": "basic"}, "token": {"type": "http", "scheme": "bearer"}});
    assert_eq!(step.value["components"]["securitySchemes"], schemes);
    let at: Vec<&str> = step.entries.iter().map(|entry| entry.before.pointer.as_str()).collect();
    assert!(at.contains(&"/security/0/basicAuth") && at.contains(&"/security/1/token"), "{at:?}");
}
