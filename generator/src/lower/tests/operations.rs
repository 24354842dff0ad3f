//! Operations: parameters, bodies, responses, security, names.

use serde_json::json;

use super::*;
use crate::ir::{
    ClientParameterId, Encoding, Flow, Grant, Location, MediaKind, Role, SchemeKind, Section, Shape, StatusMatch,
    Style, Text, Writing,
};

fn parameter(name: &str, location: &str) -> Value {
    json!({ "name": name, "in": location, "required": location == "path", "schema": { "type": "string" } })
}

fn content(media_types: &[&str]) -> Value {
    let schema = json!({ "schema": { "type": "object", "properties": { "x": { "type": "string" } } } });
    Value::Object(media_types.iter().map(|name| ((*name).to_owned(), schema.clone())).collect())
}

#[test]
fn parameters_have_the_defaults_of_their_location() {
    let mut document = with_operation(json!({ "parameters": [
        parameter("p", "path"),
        parameter("q", "query"),
        parameter("h", "header"),
        parameter("c", "cookie"),
        { "name": "deep", "in": "query", "style": "deepObject", "schema": { "type": "object" } },
        { "name": "deep[]", "in": "query", "style": "deepObject", "explode": false, "schema": { "type": "array", "items": {} } },
        { "name": "map[]", "in": "query", "style": "deepObject", "schema": { "type": "object" } },
        { "name": "pipe", "in": "query", "style": "pipeDelimited", "schema": { "type": "array" } },
        { "name": "flat", "in": "query", "explode": false, "allowReserved": true, "schema": { "type": "array" } },
    ] }));
    document["paths"] = json!({ "/{p}": document["paths"]["/"] });
    let api = api(document);
    let all: Vec<_> = api.operations[0]
        .parameters
        .iter()
        .map(|p| (&*p.wire_name, p.location, p.style, p.explode, p.allow_reserved, p.required))
        .collect();
    let expected = [
        ("p", Location::Path, Style::Simple, false, false, true),
        ("q", Location::Query, Style::Form, true, false, false),
        ("h", Location::Header, Style::Simple, false, false, false),
        ("c", Location::Cookie, Style::Form, true, false, false),
        ("deep", Location::Query, Style::DeepObject, true, false, false),
        ("deep[]", Location::Query, Style::Form, true, false, false),
        ("map[]", Location::Query, Style::DeepObject, true, false, false),
        ("pipe", Location::Query, Style::PipeDelimited, false, false, false),
        ("flat", Location::Query, Style::Form, false, true, false),
    ];
    assert_eq!(all, expected);
}

#[test]
fn an_operation_overrides_its_path_item() {
    let mut document = with_operation(json!({ "parameters": [
        { "name": "x-A", "in": "header", "required": true, "schema": { "type": "integer" } },
        parameter("q", "query"),
    ] }));
    document["paths"]["/"]["parameters"] = json!([parameter("first", "query"), parameter("X-a", "header")]);
    let api = api(document);
    let names: Vec<_> = api.operations[0].parameters.iter().map(|p| (&*p.wire_name, p.required)).collect();
    assert_eq!(names, [("first", false), ("x-A", true), ("q", false)]);
    assert_eq!(shape(&api, api.operations[0].parameters[1].ty), &I64);
}

#[test]
fn templates_and_parameters_must_match() {
    let with_path = |path: &str, parameters: Value| {
        let mut document = with_operation(json!({ "parameters": parameters }));
        document["paths"] = json!({ path: document["paths"]["/"] });
        document
    };
    let lowered = refused(with_path("/{id}", json!([])), &[("path-template", "/paths/~1{id}")]);
    assert!(lowered.diagnostics[0].message.contains("`{id}`"));
    let lowered = refused(
        with_path("/{id}", json!([parameter("ids", "path")])),
        &[("path-template", "/paths/~1{id}"), ("path-template", "/paths/~1{id}/get/parameters/0")],
    );
    assert!(lowered.diagnostics[0].help.as_deref().unwrap().contains("`ids`"));
    refused(
        with_path("/{id}", json!([{ "name": "id", "in": "path", "schema": {} }])),
        &[("optional-path-parameter", "/paths/~1{id}/get/parameters/0")],
    );
    api(with_path("/{a}:{b}.json", json!([parameter("b", "path"), parameter("a", "path")])));
}

#[test]
fn duplicates_are_errors_with_both_locations() {
    let lowered = refused(
        with_operation(json!({ "parameters": [parameter("a", "query"), parameter("a", "query")] })),
        &[("duplicate-parameter", "/paths/~1/get/parameters/1")],
    );
    assert_eq!(lowered.diagnostics[0].notes[0].0.as_str(), "/paths/~1/get/parameters/0");

    let mut document = with_operation(json!({}));
    document["paths"]["/b"] = document["paths"]["/"].clone();
    let lowered = refused(document, &[("duplicate-operation-id", "/paths/~1b/get/operationId")]);
    assert_eq!(lowered.diagnostics[0].notes[0].0.as_str(), "/paths/~1/get/operationId");

    let mut document = with_operation(json!({}));
    let operation = |id: &str, name: &str| {
        let responses = json!({ "200": { "description": "" } });
        json!({ "get": { "operationId": id, "parameters": [parameter(name, "path")], "responses": responses } })
    };
    document["paths"] = json!({ "/p/{a}": operation("one", "a"), "/p/{b}": operation("two", "b") });
    let api = api_with(document.clone(), &[("duplicate-route", "/paths/~1p~1{b}/get")]);
    assert_eq!(api.operations.len(), 2);
    document["paths"] = json!({ "/p/{a}#x": operation("one", "a"), "/p/{b}#y": operation("two", "b"), "/p/{c}?z=1": operation("three", "c") });
    assert_eq!(api_with(document.clone(), &[]).operations.len(), 3);
    let several = |id: &str, name: &str| {
        let mut operation = operation(id, name);
        operation["get"]["parameters"][0]["x-style"] = json!("segments");
        operation
    };
    document["paths"] = json!({ "/{a}": several("one", "a"), "/{b}": several("two", "b") });
    assert_eq!(api_with(document, &[]).operations.len(), 2);
}

#[test]
fn a_missing_operation_id_is_suggested() {
    let mut document = with_operation(json!({}));
    let mut operation = document["paths"]["/"]["get"].clone();
    operation.as_object_mut().unwrap().remove("operationId");
    operation["parameters"] = json!([parameter("pet_id", "path")]);
    document["paths"] = json!({ "/pets/{pet_id}/photo-list": { "get": operation } });
    let lowered = refused(document, &[("missing-operation-id", "/paths/~1pets~1{pet_id}~1photo-list/get")]);
    assert_eq!(lowered.diagnostics[0].help.as_deref(), Some("add `operationId: getPetsByPetIdPhotoList`"));
}

#[test]
fn headers_of_messages_are_not_parameters() {
    let api = api_with(
        with_operation(json!({ "parameters": [
            parameter("Authorization", "header"), parameter("accept", "header"), parameter("Content-Length", "header"),
            parameter("Host", "header"), parameter("Content-Length", "query"),
        ] })),
        &[
            ("ignored-header-parameter", "/paths/~1/get/parameters/0"),
            ("ignored-header-parameter", "/paths/~1/get/parameters/1"),
            ("ignored-header-parameter", "/paths/~1/get/parameters/2"),
            ("ignored-header-parameter", "/paths/~1/get/parameters/3"),
        ],
    );
    assert_eq!(api.operations[0].parameters.len(), 1);
}

#[test]
fn only_required_parameters_with_content_drop_the_operation() {
    let document = |required: bool| {
        with_operation(json!({ "parameters": [{
            "name": "f", "in": "query", "required": required, "content": { "application/xml": { "schema": {} } },
        }] }))
    };
    let expected = [("unsupported-parameter-content", "/paths/~1/get/parameters/0/content")];
    let api = api_with(document(false), &expected);
    assert!(api.operations[0].parameters.is_empty());
    let api = api_with(document(true), &expected);
    assert!(api.operations.is_empty());
    assert_eq!((api.operations.len(), api.unsupported_operations), (0, 1));
}

#[test]
fn shared_optional_headers_can_be_set_for_a_client() {
    let mut document = with_operation(json!({ "parameters": [
        { "$ref": "#/components/parameters/Role" }, { "$ref": "#/components/parameters/Needed" },
    ] }));
    let shared = |name: &str, required: bool| json!({ "name": name, "in": "header", "required": required, "schema": { "type": "string" } });
    document["components"] = json!({ "parameters": {
        "Unused": shared("X-Unused", false), "Needed": shared("X-Needed", true), "Role": shared("X-Role", false),
    } });
    let api = api(document);
    let names: Vec<_> = api.client_parameters.iter().map(|parameter| &*parameter.wire_name).collect();
    assert_eq!(names, ["X-Role"]);
    let ids: Vec<_> = api.operations[0].parameters.iter().map(|parameter| parameter.client_parameter).collect();
    assert_eq!(ids, [Some(ClientParameterId(0)), None]);
    let owner = &api.types[api.client_parameters[0].ty.ty].owner;
    assert_eq!(*owner, Owner::Shared(Section::Parameters, "Role".to_owned()));
}

#[test]
fn adding_an_operation_removes_no_client_setter() {
    let all = json!([
        { "$ref": "#/components/parameters/Key" }, { "$ref": "#/components/parameters/Limit" },
        { "name": "own", "in": "query", "schema": {}, "x-client-parameter": true }, { "name": "none", "in": "query", "schema": {} },
    ]);
    let operation = |id: &str, parameters: &Value| json!({ "operationId": id, "parameters": parameters, "responses": { "204": { "description": "" } } });
    let mut document = with_operation(json!({}));
    document["paths"] = json!({ "/things/{id}": {
        "parameters": [{ "name": "id", "in": "path", "required": true, "schema": {} }], "get": operation("a", &all),
    } });
    document["components"] = json!({ "parameters": {
        "Key": { "name": "key", "in": "query", "schema": { "type": "string" } },
        "Limit": { "name": "limit", "in": "query", "schema": { "type": "integer" } },
    } });
    let names = |document: &Value| -> Vec<String> {
        api(document.clone()).client_parameters.iter().map(|parameter| parameter.wire_name.clone()).collect()
    };
    assert_eq!(names(&document), ["own"]);
    document["paths"]["/things"] = json!({ "post": operation("b", &all) });
    assert_eq!(names(&document), ["key", "own"]);
    document["paths"]["/others"] = json!({ "get": operation("c", &json!([])) });
    assert_eq!(names(&document), ["key", "own"]);
}

#[test]
fn media_types_have_kinds() {
    let cases = [
        ("application/json; charset=utf-8", MediaKind::Json),
        ("application/vnd.x+json", MediaKind::Json),
        ("*/*", MediaKind::Json),
        ("text/plain", MediaKind::Text),
        ("application/x-yaml", MediaKind::Text),
        ("application/xml", MediaKind::Xml),
        ("application/octet-stream", MediaKind::Binary),
        ("image/png", MediaKind::Binary),
    ];
    for (name, expected) in cases {
        let responses = json!({ "200": { "description": "", "content": content(&[name]) } });
        let api = api(with_operation(json!({ "responses": responses })));
        assert_eq!(api.operations[0].responses[0].media_types[0].kind, expected, "{name}");
    }
    let text = |schema: Value| {
        let responses = json!({ "200": { "description": "", "content": { "*/*": { "schema": schema } } } });
        api(with_operation(json!({ "responses": responses }))).operations[0].responses[0].media_types[0].kind
    };
    assert_eq!(text(json!({ "type": "string" })), MediaKind::Text);
    assert_eq!(text(json!({ "type": "string", "format": "binary" })), MediaKind::Binary);
    assert_eq!(text(json!({ "description": "A file." })), MediaKind::Binary);
    assert_eq!(text(json!({ "required": ["x"] })), MediaKind::Json);
}

/// Returns the body of an operation with these media types.
fn body(content: &Value) -> crate::ir::Body {
    let mut document = with_operation(json!({ "requestBody": { "required": true, "content": content } }));
    document["paths"]["/"] = json!({ "post": document["paths"]["/"]["get"] });
    api(document).operations[0].body.clone().unwrap()
}

#[test]
fn request_kinds_depend_on_name_and_schema() {
    let object = json!({ "type": "object", "properties": { "a": { "type": "string" } } });
    let binary = json!({ "type": "string", "format": "binary" });
    let (json, bytes) = (MediaKind::Json, MediaKind::Binary);
    for (name, schema, kind, by_caller, sent_as) in [
        ("application/x-www-form-urlencoded", &object, MediaKind::Form, false, "application/x-www-form-urlencoded"),
        ("application/x-www-form-urlencoded", &binary, MediaKind::Text, false, "application/x-www-form-urlencoded"),
        ("Multipart/Form-Data", &object, MediaKind::Multipart, false, "Multipart/Form-Data"),
        ("application/cbor", &json!({ "type": "string" }), bytes, false, "application/cbor"),
        ("multipart/related", &binary, bytes, true, "multipart/related"),
        ("multipart/form-data", &json!({}), bytes, true, "multipart/form-data"),
        ("image/*", &binary, bytes, true, "image/*"),
        ("text/*", &json!({ "type": "string" }), bytes, true, "text/*"),
        ("*/*", &json!({}), bytes, true, "*/*"),
        ("*/*", &object, json, false, "application/json"),
        ("application/*", &object, json, false, "application/json"),
        ("text/*", &json!({ "type": "integer" }), json, false, "text/plain"),
        ("multipart/*", &object, MediaKind::Multipart, false, "multipart/form-data"),
        ("application/*+xml", &object, MediaKind::Xml, false, "application/xml"),
    ] {
        let media_type = body(&json!({ name: { "schema": schema } })).media_types.remove(0);
        let found = (media_type.kind, media_type.named_by_caller, &*media_type.name);
        assert_eq!(found, (kind, by_caller, sent_as), "{name} {schema}");
    }
}

#[test]
fn parts_are_files() {
    let binary = json!({ "type": "string", "format": "binary" });
    let of = |used: crate::ir::TypeRef, api: &crate::ir::Api| api.types[used.ty].shape.clone();
    let schema = json!({ "type": "object", "properties": {
        "own": binary, "shared": { "$ref": "#/components/schemas/Shared" }, "unused": { "$ref": "#/components/schemas/Inner" },
        "deep": { "type": "object", "properties": { "inside": binary } },
    } });
    let content = json!({ "multipart/form-data": { "schema": schema } });
    let mut document = with_operation(json!({
        "requestBody": { "content": content },
        "responses": { "200": { "description": "", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Shared" } } } } },
    }));
    document["paths"]["/"] = json!({ "post": document["paths"]["/"]["get"] });
    document["components"] = json!({ "schemas": {
        "Shared": binary, "Inner": binary,
        "Unused": { "type": "object", "properties": { "inner": { "$ref": "#/components/schemas/Inner" } } },
    } });
    let api = api(document);
    let body = api.operations[0].body.as_ref().unwrap().media_types[0].ty;
    let Shape::Object(object) = of(body, &api) else { panic!("no object") };
    let shapes: Vec<Shape> = object.fields.iter().map(|field| of(field.ty, &api)).collect();
    let (file, text) = (Shape::Text(Text::File), Shape::Text(Text::Plain));
    assert_eq!(shapes[..3], [file.clone(), file.clone(), file]);
    let answer = &api.operations[0].responses[0].media_types[0];
    assert_eq!(of(answer.ty, &api), text);
    let Shape::Object(deep) = &shapes[3] else { panic!("no object") };
    assert_eq!(of(deep.fields[0].ty, &api), text);
}

#[test]
fn parts_without_a_schema_are_files() {
    let properties = json!({
        "unsaid": {}, "described": { "description": "" }, "several": { "type": "array", "items": {} },
        "object": { "type": "object" },
    });
    let schema = json!({ "type": "object", "properties": properties });
    let mut document =
        with_operation(json!({ "requestBody": { "content": { "multipart/form-data": { "schema": schema } } } }));
    document["paths"]["/"] = json!({ "post": document["paths"]["/"]["get"] });
    let api = api(document);
    let body = api.operations[0].body.as_ref().unwrap().media_types[0].ty;
    let is_file = |used: TypeRef| match api.types.shape(used.ty) {
        Shape::Array(item) => *api.types.shape(item.ty) == Shape::Text(Text::File),
        shape => *shape == Shape::Text(Text::File),
    };
    let found: Vec<bool> = api.types.shape(body.ty).fields().iter().map(|field| is_file(field.ty)).collect();
    assert_eq!(found, [true, true, true, false]);
}

#[test]
fn parts_without_a_schema_are_values_beside_json() {
    let schema = json!({ "schema": { "$ref": "#/components/schemas/A" } });
    let content = json!({ "application/json": schema, "multipart/form-data": schema });
    let mut document = with_operation(json!({ "requestBody": { "content": content } }));
    document["paths"]["/"] = json!({ "post": document["paths"]["/"]["get"] });
    document["components"] =
        json!({ "schemas": { "A": { "type": "object", "properties": { "a": { "title": "A" } } } } });
    let api = api(document);
    let bodies = &api.operations[0].body.as_ref().unwrap().media_types;
    assert_eq!((bodies.len(), bodies[0].ty), (2, bodies[1].ty), "one type for both");
    assert_eq!(*api.types.shape(component(&api, "A").shape.fields()[0].ty), Shape::Any);
}

#[test]
fn styles_of_fields_are_explicit() {
    let schema = json!({ "type": "object", "properties": { "a": { "type": "object" }, "b": { "type": "object" } } });
    let encoding = json!({ "a": { "explode": true } });
    let content = json!({ "application/x-www-form-urlencoded": { "schema": schema, "encoding": encoding } });
    let encodings = body(&content).media_types.remove(0).encodings;
    let styled = Writing::Styled { style: Style::Form, explode: true, allow_reserved: false };
    assert_eq!(encodings, [Encoding { property: "a".to_owned(), writing: styled }]);
}

#[test]
fn received_strings_are_not_files() {
    let schema = json!({ "type": "object", "properties": { "a": { "$ref": "#/components/schemas/A" } } });
    let told = json!({ "post": {
        "requestBody": { "content": { "application/json": { "schema": schema } } },
        "responses": { "200": { "description": "" } },
    } });
    let mut document = with_operation(json!({
        "requestBody": { "content": { "multipart/form-data": { "schema": schema } } },
        "callbacks": { "told": { "{$request.body#/url}": told } },
    }));
    document["paths"]["/"] = json!({ "post": document["paths"]["/"]["get"] });
    document["components"] = json!({ "schemas": { "A": { "type": "string", "format": "binary" } } });
    let api = api(document);
    let part = |body: &Option<crate::ir::Body>| {
        let Shape::Object(object) = &api.types[body.as_ref().unwrap().media_types[0].ty.ty].shape else {
            panic!("no object")
        };
        api.types[object.fields[0].ty.ty].shape.clone()
    };
    assert_eq!(part(&api.incoming[0].body), Shape::Text(Text::Plain));
    assert_eq!(part(&api.operations[0].body), Shape::Text(Text::File));
}

#[test]
fn meaningless_bodies_are_dropped() {
    let mut document = with_operation(json!({ "requestBody": { "content": content(&["application/json"]) } }));
    let mut get = document["paths"]["/"]["get"].clone();
    assert!(api(document.clone()).operations[0].body.is_some());
    get["operationId"] = json!("other");
    document["paths"]["/"]["head"] = get;
    let api = api_with(document, &[("ignored-request-body", "/paths/~1/head/requestBody")]);
    assert!(api.operations[1].body.is_none());
}

#[test]
fn responses_keep_order_and_sharing() {
    let mut document = with_operation(json!({ "responses": {
        "404": { "$ref": "#/components/responses/Missing" },
        "200": { "description": "Fine.", "headers": {
            "X-Total": { "description": "How many.", "schema": { "type": "integer" } },
            "content-type": { "schema": { "type": "string" } },
        } },
        "5XX": { "$ref": "#/components/responses/Missing" },
        "default": { "description": "Else.", "content": { "text/plain": { "schema": { "type": "number" } } } },
    } }));
    document["components"] = json!({ "responses": {
        "Missing": { "description": "Gone.", "content": content(&["application/json"]) },
    } });
    let api = api(document);
    let responses = &api.operations[0].responses;
    let statuses: Vec<_> = responses.iter().map(|response| response.status).collect();
    let expected = [StatusMatch::Code(404), StatusMatch::Code(200), StatusMatch::Range(5), StatusMatch::Default];
    assert_eq!(statuses, expected);
    assert_eq!(responses[0].media_types[0].ty, responses[2].media_types[0].ty);
    let owner = &api.types[responses[0].media_types[0].ty.ty].owner;
    assert_eq!(*owner, Owner::Shared(Section::Responses, "Missing".to_owned()));
    let headers: Vec<_> = responses[1].headers.iter().map(|header| &*header.wire_name).collect();
    assert_eq!(headers, ["X-Total"]);
    let owner = &api.types[responses[3].media_types[0].ty.ty].owner;
    let expected = Owner::Operation("op".to_owned(), Role::Response(StatusMatch::Default, 0));
    assert_eq!(*owner, expected);
    refused(with_operation(json!({ "responses": {} })), &[("no-response", "/paths/~1/get/responses")]);
}

fn secured(schemes: Value, global: Value, own: Option<Value>) -> Value {
    let mut document = with_operation(own.map_or(json!({}), |own| json!({ "security": own })));
    document["components"] = json!({});
    document["components"]["securitySchemes"] = schemes;
    document["security"] = global;
    document
}

fn schemes() -> Value {
    json!({
        "basic": { "type": "http", "scheme": "Basic" },
        "unused": { "type": "http", "scheme": "bearer" },
        "digest": { "type": "http", "scheme": "digest" },
        "key": { "type": "apiKey", "in": "cookie", "name": "session" },
        "oauth": { "type": "oauth2", "flows": {} },
        "static": { "type": "http", "scheme": "Token" },
        "hoba": { "type": "http", "scheme": "hoba" },
    })
}

#[test]
fn security_alternatives_are_ordered_and_distinct() {
    let again = json!([{ "key": [], "basic": [] }, { "oauth": ["admin"] }]);
    let mut global = json!([{ "oauth": ["read"] }, { "basic": [], "key": [] }, {}]);
    global.as_array_mut().unwrap().extend(again.as_array().unwrap().iter().cloned());
    let api = api(secured(schemes(), global, None));
    let schemes = api.security_schemes.iter();
    let names: Vec<_> = schemes.map(|scheme| (&*scheme.name, scheme.kind.clone(), api.requires(scheme))).collect();
    let expected = [
        ("basic", SchemeKind::Basic, true),
        ("unused", SchemeKind::Bearer { format: None }, false),
        ("digest", SchemeKind::Digest, false),
        ("key", SchemeKind::Key(Location::Cookie, "session".to_owned()), true),
        ("oauth", SchemeKind::Bearer { format: None }, true),
        ("static", SchemeKind::Http("Token".to_owned()), false),
    ];
    assert_eq!(names, expected);
    let alternatives: Vec<Vec<_>> =
        api.operations[0].security.iter().map(|r| r.schemes.iter().map(|scheme| scheme.0).collect()).collect();
    assert_eq!(alternatives, [vec![4], vec![0, 3], vec![]]);
}

#[test]
fn flows_have_the_scopes_that_operations_require() {
    let scopes = json!({ "write": "", "admin": "", "read": "" });
    let flows = json!({
        "clientCredentials": { "tokenUrl": "/token", "scopes": scopes },
        "password": { "tokenUrl": "/p", "scopes": scopes },
        "authorizationCode": { "authorizationUrl": "/a", "tokenUrl": "/t", "refreshUrl": "/r", "scopes": scopes },
        "x-device-authorization": { "deviceAuthorizationUrl": "/d", "tokenUrl": "/t", "scopes": { "admin": "" } },
    });
    let schemes = json!({
        "account": { "type": "oauth2", "flows": flows },
        "by_code": { "type": "oauth2", "flows": { "implicit": { "authorizationUrl": "/a", "scopes": {} } } },
        "nowhere": { "type": "oauth2", "flows": { "x-device-authorization": { "tokenUrl": "/t" } } },
        "empty": { "type": "oauth2", "flows": { "clientCredentials": { "tokenUrl": "", "scopes": {} } } },
    });
    let api = api(secured(schemes, json!([{ "account": ["read", "write"] }, { "account": ["unknown"] }]), None));
    let shown =
        |flow: &Flow| (flow.grant.clone(), flow.token_url.clone(), flow.refresh_url.clone(), flow.scopes.join(" "));
    let found: Vec<_> = api.security_schemes[0].flows.iter().map(shown).collect();
    let (token, own, refresh) = ("/token".to_owned(), "/t".to_owned(), Some("/r".to_owned()));
    let device = Grant::Device { url: "/d".to_owned() };
    let expected = [
        (Grant::ClientCredentials, token, None, "write read".to_owned()),
        (Grant::Password, "/p".to_owned(), None, "write read".to_owned()),
        (Grant::RefreshToken, own.clone(), refresh, String::new()),
        (device, own, None, String::new()),
    ];
    assert_eq!(found, expected);
    assert!(api.security_schemes[1].flows.is_empty());
    let of_nowhere: Vec<_> = api.security_schemes[2].flows.iter().map(|flow| &flow.grant).collect();
    assert_eq!(of_nowhere, [&Grant::RefreshToken]);
    assert!(api.security_schemes[3].flows.is_empty());
}

#[test]
fn an_operation_overrides_the_documents_security() {
    let own = api(secured(schemes(), json!([{ "basic": [] }]), Some(json!([{ "digest": [] }]))));
    let required: Vec<_> = own.security_schemes.iter().filter(|scheme| own.requires(scheme)).collect();
    assert_eq!(required.iter().map(|scheme| &scheme.kind).collect::<Vec<_>>(), [&SchemeKind::Digest]);
    let none = api(secured(schemes(), json!([{ "basic": [] }]), Some(json!([]))));
    assert!(none.operations[0].security.is_empty());
}

#[test]
fn unsupported_schemes_are_left_to_the_caller() {
    let api = api_with(
        secured(schemes(), json!([{ "hoba": [] }, { "basic": [] }]), None),
        &[("unsupported-security", "/components/securitySchemes/hoba")],
    );
    assert_eq!(api.operations[0].security.len(), 1);
    let api = api_with(
        secured(schemes(), json!([{ "basic": [], "hoba": [] }]), None),
        &[("unsupported-security", "/components/securitySchemes/hoba")],
    );
    let operation = &api.operations[0];
    assert_eq!(operation.security[0].schemes.len(), 1);
    assert!(operation.docs.description.as_deref().is_some_and(|text| text.contains("the HTTP scheme `hoba`")));
    assert_eq!(api.unsupported_operations, 0);
    let lowered = refused(
        secured(schemes(), json!([{ "basik": [] }]), None),
        &[("unknown-security-scheme", "/security/0/basik")],
    );
    assert_eq!(lowered.diagnostics[0].help.as_deref(), Some("did you mean `basic`?"));
}

#[test]
fn computed_credentials_are_left_to_the_caller() {
    for scheme in ["mutualTLS", "OAuth", "Negotiate", "payone-hmac-sha256", "AWS4-HMAC-SHA256", "SCRAM-SHA-256"] {
        let schemes = json!({ "computed": { "type": "http", "scheme": scheme } });
        let place = "/components/securitySchemes/computed";
        let api = api_with(secured(schemes, json!([{ "computed": [] }]), None), &[("unsupported-security", place)]);
        assert_eq!(api.security_schemes, [], "{scheme}");
    }
}

#[test]
fn unused_tags_are_dropped() {
    let mut document = with_operation(json!({ "tags": ["b", "a"], "summary": "Short.", "deprecated": true }));
    let operation = |id: &str, tags: Value| json!({ "get": { "operationId": id, "tags": tags, "responses": { "200": { "description": "" } } } });
    document["paths"]["/2"] = operation("two", json!(["new"]));
    document["paths"]["/3"] = operation("three", json!([]));
    document["tags"] = json!([{ "name": "a" }, { "name": "b", "description": "Bees." }]);
    let api = api(document);
    let tags: Vec<_> = api.tags.iter().map(|tag| (&*tag.name, tag.implied)).collect();
    assert_eq!(tags, [("b", false), ("new", false), ("", true)]);
    let of: Vec<_> = api.operations.iter().map(|operation| operation.tag.0).collect();
    assert_eq!(of, [0, 1, 2]);
    assert!(api.operations[0].docs.deprecated);
}

#[test]
fn operations_have_servers_and_callbacks() {
    let mut document = with_operation(json!({
        "servers": [{ "url": "https://other" }],
        "callbacks": { "done": { "{$request.body#/url}": { "post": { "responses": { "200": { "description": "" } } } } } },
    }));
    document["servers"] = json!([{ "url": "https://{host}/v1", "variables": {
        "host": { "default": "a", "enum": ["a", "b"] },
    } }]);
    let api = api_with(document, &[]);
    assert_eq!((api.operations.len(), api.incoming.len()), (1, 1));
    assert_eq!(api.incoming[0].callback.as_ref().map(|callback| &callback.operation), Some(&api.operations[0].id));
    assert_eq!(api.operations[0].server.as_deref(), Some("https://other"));
    assert_eq!(api.servers[0].variables[0].default, "a");
}

#[test]
fn a_default_of_a_server_variable_is_not_filled_in_again() {
    let mut document = with_operation(json!({}));
    document["servers"] = json!([{ "url": "https://{a}.{unknown}.{a{b}/{b", "variables": {
        "a": { "default": "{b}" },
        "b": { "default": "c" },
    } }]);
    assert_eq!(api(document).servers[0].with_defaults().unwrap(), "https://{b}.{unknown}.{ac/{b");
}

#[test]
fn unused_types_are_dropped_and_ids_renumbered() {
    let mut document = with_operation(json!({ "parameters": [
        { "name": "q", "in": "query", "schema": { "anyOf": [{ "type": "string" }, { "type": "string", "enum": ["a", "b"] }] } },
    ] }));
    document["components"] = json!({ "schemas": { "Z": { "type": "array", "items": { "type": "boolean" } } } });
    let api = api(document);
    assert_eq!(api.types.len(), 3);
    assert!(matches!(shape(&api, api.operations[0].parameters[0].ty), Shape::TextEnum(_)));
}

#[test]
fn signatures_of_aws_are_left_to_callers() {
    let mut document = with_operation(json!({}));
    document["security"] = json!([{ "hmac": [] }]);
    document["components"] = json!({ "securitySchemes": { "hmac": { "type": "http", "scheme": "AWS4-HMAC-SHA256" } } });
    let api = api_with(document, &[("unsupported-security", "/components/securitySchemes/hmac")]);
    assert!(api.security_schemes.is_empty());
    let docs = api.operations[0].docs.description.as_deref();
    assert_eq!(docs, Some("Requires AWS Signature Version 4, which the caller must apply."));
}
