//! Each fault in an object that has it, and in one that does not.

use super::*;

/// Returns an object after a change, and the changed places.
fn changed(change: Change, object: Value) -> (Value, Vec<String>) {
    changed_in(&Value::Null, change, object)
}

fn changed_in(document: &Value, change: Change, mut object: Value) -> (Value, Vec<String>) {
    let places = change(document, object.as_object_mut().unwrap());
    (object, places)
}

#[test]
fn nothing_counts_beside_a_reference() {
    let (schema, places) = changed(drop_siblings, json!({ "$ref": "#/a", "required": ["b"] }));
    assert_eq!((schema, places.len()), (json!({ "$ref": "#/a" }), 1));
    let (named, places) = changed(drop_siblings, json!({ "$ref": { "type": "string" }, "a": {} }));
    assert_eq!((named.as_object().unwrap().len(), places.len()), (2, 0));
}

#[test]
fn an_enumeration_says_all() {
    let (schema, _) = changed(drop_widened, json!({ "type": "integer", "enum": [2], "allOf": [{ "enum": [1, 2] }] }));
    assert_eq!(schema, json!({ "type": "integer", "enum": [2] }));
    let (object, _) = changed(drop_widened, json!({ "type": "object", "allOf": [{ "enum": [1, 2] }] }));
    assert!(object.get("allOf").is_some());
}

#[test]
fn an_extension_goes_if_it_refers_to_anything() {
    let object = json!({ "x-a": [{ "b": { "$ref": "other.yaml" } }], "x-c": { "d": 1 }, "e": { "$ref": "#/f" } });
    let (object, places) = changed(drop_extensions, object);
    assert_eq!((object, places), (json!({ "x-c": { "d": 1 }, "e": { "$ref": "#/f" } }), vec!["/x-a".to_owned()]));
}

#[test]
fn what_is_nested_in_a_parameter_is_not_checked() {
    let document =
        json!({ "o": { "type": "object" }, "l": { "type": "array", "maxItems": 1, "items": { "$ref": "#/o" } } });
    let relaxed = |schema: Value, style: &str| {
        let parameter = json!({ "name": "p", "in": "query", "style": style, "schema": schema });
        let (parameter, places) = changed_in(&document, relax_parameter, parameter);
        (!places.is_empty()).then(|| parameter["schema"].clone())
    };
    let list = json!({ "type": "array", "maxItems": 1, "items": {} });
    assert_eq!(relaxed(json!({ "$ref": "#/l" }), "form"), Some(list));
    assert_eq!(relaxed(json!({ "$ref": "#/l" }), "deepObject"), None);
    let properties = json!({ "properties": { "a": { "type": "string" }, "b": { "$ref": "#/l" } } });
    let plain = json!({ "properties": { "a": { "type": "string" }, "b": {} } });
    assert_eq!(relaxed(properties, "form"), Some(plain));
    assert_eq!(relaxed(json!({ "type": "array", "items": { "type": "integer" } }), "form"), None);
}

#[test]
fn names_in_paths_become_plain_and_stay_different() {
    let (path, names) = plain_path("/a/{b.c}:do/{b_c}/{b.c}/{d}");
    assert_eq!(path, "/a/{b_c_}:do/{b_c}/{b_c_}/{d}");
    assert_eq!(names, BTreeMap::from([("b.c".to_owned(), "b_c_".to_owned())]));
    assert_eq!(plain_path("/a/{b}/c}{"), ("/a/{b}/c}{".to_owned(), BTreeMap::new()));
    let document = json!({
        "paths": {
            "/a/{b.c}": { "parameters": [{ "$ref": "#/components/parameters/P" }], "get": { "parameters": [{ "name": "b.c", "in": "query" }] } },
            "/d/{e.f}": {}, "/d/{e_f}": {},
        },
        "components": { "parameters": { "P": { "name": "b.c", "in": "path" } } },
    });
    let (prepared, places) = changed_in(&document, rename_path_parameters, document.clone());
    let item = json!({ "parameters": [{ "name": "b_c", "in": "path" }], "get": { "parameters": [{ "name": "b.c", "in": "query" }] } });
    assert_eq!(prepared["paths"], json!({ "/a/{b_c}": item, "/d/{e.f}": {}, "/d/{e_f}": {} }));
    assert_eq!(places, ["/paths/~1a~1{b.c}"]);
}

#[test]
fn headers_that_mean_nothing_and_bodies_of_head_are_taken_out() {
    let header = |name: &str| json!({ "name": name, "in": "header" });
    let answers = json!({ "200": { "description": "", "content": { "text/plain": {} } }, "404": { "$ref": "#/r" } });
    let document = json!({
        "paths": { "/": {
            "head": { "parameters": [header("Content-Type"), header("X-Trace")], "responses": answers },
            "get": { "responses": answers },
        } },
        "r": { "description": "", "headers": {}, "content": {} },
    });
    let Served { document, changes } = served(&document);
    let item = &document["paths"]["/"];
    let without = json!({ "200": { "description": "" }, "404": { "description": "", "headers": {} } });
    assert_eq!((&item["head"]["parameters"], &item["head"]["responses"]), (&json!([header("X-Trace")]), &without));
    assert_eq!((&item["get"]["responses"], changes.len()), (&answers, 3));
}

fn given(schema: &Value) -> Option<Value> {
    served(schema).document.get("example").cloned()
}

#[test]
fn what_is_made_up_wrongly_gets_an_example() {
    assert_eq!(given(&json!({ "type": "string", "format": "uint64" })), Some(json!("1")));
    assert_eq!(given(&json!({ "type": "string", "format": "byte" })), Some(json!("AA00")));
    assert_eq!(given(&json!({ "type": "number", "format": "float" })), Some(json!(1.5)));
    assert_eq!(given(&json!({ "type": "string", "format": "own", "pattern": "^[0-9]$" })), Some(json!("0")));
    assert_eq!(given(&json!({ "type": "string", "format": "url" })), Some(json!("https://a.example/0")));
    assert_eq!(given(&json!({ "type": "string", "format": "duration" })), Some(json!("P1D")));
    assert_eq!(given(&json!({ "type": "string", "pattern": "^v[0-9]{2}$", "maxLength": 3 })), Some(json!("v00")));
    let prefix = json!([{ "type": "string", "format": "date" }, { "type": "integer" }, { "enum": ["a"] }]);
    let tuple = json!({ "type": "array", "x-prefix-items": prefix, "items": {} });
    assert_eq!(given(&tuple), Some(json!(["2024-02-29", 1, "a"])));
}

#[test]
fn what_is_made_up_rightly_gets_none() {
    for schema in [
        json!({ "type": "string" }),
        json!({ "type": "string", "pattern": "^a+$", "enum": ["aa"] }),
        json!({ "type": "string", "pattern": "^a{9}$", "maxLength": 3 }),
        json!({ "type": "number", "format": "float", "minimum": 0 }),
        json!({ "type": "integer", "format": "int64" }),
        json!({ "type": "array", "items": { "type": "string" } }),
        json!({ "type": "array", "items": {}, "x-prefix-items": [{ "$ref": "#/components/schemas/Pet" }] }),
    ] {
        assert_eq!(given(&schema), None, "{schema}");
    }
}

#[test]
fn other_bodies_than_json_and_forms_are_texts() {
    let is_text = |media_type: &str, mut content: Value| as_text(media_type, content.as_object_mut().unwrap());
    let object = || json!({ "schema": { "$ref": "#/components/schemas/Pet" }, "example": { "a": 1 } });
    let holder = json!({ "content": { "application/xml": object() } });
    let (xml, places) = changed(|_, holder| in_contents(holder, as_text), holder);
    assert_eq!(xml, json!({ "content": { "application/xml": { "schema": { "type": "string" } } } }));
    assert_eq!(places, ["/content/application~1xml"]);
    assert!(is_text("application/jsonl", object()) && is_text("application/json-seq", object()));
    for structured in ["application/json", "application/problem+json; v=1", "multipart/form-data"] {
        assert!(!is_text(structured, object()));
    }
    assert!(!is_text("text/csv", json!({ "schema": { "type": "string", "maxLength": 3 } })));
    assert!(!is_text("text/csv", json!({})));
    assert!(!is_text("*/*", object()));
    assert!(is_text("*/*", json!({ "schema": {} })));
}

#[test]
fn plain_fields_are_checked_and_others_are_not() {
    let document = json!({ "components": { "schemas": {
        "Name": { "type": "string", "maxLength": 3 },
        "Body": {
            "type": "object",
            "required": ["name", "list", "file", "nested"],
            "properties": {
                "name": { "$ref": "#/components/schemas/Name" },
                "list": { "type": "array", "items": { "type": "string" } },
                "file": { "type": "string", "format": "binary" },
                "nested": { "type": "object" },
            },
        },
    } } });
    let schema = json!({ "$ref": "#/components/schemas/Body" });
    let mut content = json!({ "schema": schema, "example": {}, "encoding": { "nested": { "style": "deepObject" } } });
    assert!(relax_form(&document, "multipart/form-data", content.as_object_mut().unwrap()));
    let properties = json!({ "name": { "$ref": "#/components/schemas/Name" }, "list": {}, "file": {}, "nested": {} });
    let relaxed = json!({ "type": "object", "required": ["name", "list", "file"], "properties": properties });
    assert_eq!(content, json!({ "schema": relaxed }));
    let mut plain = json!({ "schema": { "type": "object", "properties": { "a": { "type": "integer" } } } });
    assert!(!relax_form(&document, "application/x-www-form-urlencoded", plain.as_object_mut().unwrap()));
    let mut json = json!({ "schema": schema });
    assert!(!relax_form(&document, "application/json", json.as_object_mut().unwrap()));
    let mut union = json!({ "schema": { "anyOf": [{ "type": "object" }] } });
    assert!(relax_form(&document, "application/x-www-form-urlencoded", union.as_object_mut().unwrap()));
    assert_eq!(union, json!({}));
}

#[test]
fn an_empty_form_is_no_body() {
    let form = |required: Value| {
        let schema = json!({ "type": "object", "required": required });
        json!({ "required": true, "content": { "application/x-www-form-urlencoded": { "schema": schema } } })
    };
    let (empty, places) = changed(allow_empty_form, form(json!([])));
    assert!(places == [""] && empty.get("required").is_none());
    assert!(changed(allow_empty_form, form(json!(["a"]))).1.is_empty());
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
    let served = served(&value);
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
