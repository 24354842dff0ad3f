//! Bodies of webhooks and callbacks.

use serde_json::json;

use super::*;
use crate::ir::FormKind;

fn schemas() -> Value {
    json!({
        "User": user(),
        "Plain": { "type": "object", "properties": { "id": { "type": "string", "readOnly": true } } },
    })
}

/// Returns an API whose operation responds with one schema and has a callback with another.
fn calling_back(answer: &Value, body: &Value) -> Api {
    let content = |schema: &Value| json!({ "application/json": { "schema": schema } });
    let responses = json!({ "200": { "description": "", "content": content(answer) } });
    let mut document = with_operation(json!({
        "responses": responses,
        "callbacks": { "changed": { "{$request.body#/url}": { "post": {
            "requestBody": { "content": content(body) },
            "responses": { "204": { "description": "" } },
        } } } },
    }));
    document["components"] = json!({ "schemas": schemas() });
    api(document)
}

/// Returns the type of the callback's body.
fn body(api: &Api) -> &Type {
    &api.types[api.incoming[0].body.as_ref().unwrap().media_types[0].ty.ty]
}

/// Returns the properties of an object, and whether each is required.
fn properties(ty: &Type) -> Vec<(&str, bool)> {
    let Shape::Object(object) = &ty.shape else { panic!("{ty:?}") };
    object.fields.iter().map(|field| (field.wire_name.as_str(), ty.requires(field))).collect()
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

#[test]
fn webhooks_are_requests_and_operations_are_unchanged() {
    let received = [("id", false), ("name", true), ("password", true)];
    for answer in ["User", "Plain"] {
        let api = calling_back(&reference(answer), &reference("User"));
        assert_eq!(properties(body(&api)), received);
        assert_eq!(body(&api).owner, Owner::Form(id(&api, "User"), FormKind::Received));
    }
    let api = calling_back(&reference("User"), &reference("User"));
    assert_eq!(properties(component(&api, "User")), [("id", true), ("name", true), ("password", false)]);
}

#[test]
fn containers_of_different_types_have_a_second_form() {
    let list = json!({ "type": "array", "items": reference("User") });
    let api = calling_back(&reference("User"), &list);
    let Shape::Array(item) = body(&api).shape else { panic!() };
    assert_eq!(api.types[item.ty].owner, Owner::Form(id(&api, "User"), FormKind::Received));
    let api = calling_back(&reference("Plain"), &schemas()["User"]);
    assert_eq!(properties(body(&api)), [("id", false), ("name", true), ("password", true)]);
}

#[test]
fn equal_types_have_no_second_form() {
    let api = calling_back(&reference("User"), &reference("Plain"));
    assert_eq!(body(&api), component(&api, "Plain"));
}
