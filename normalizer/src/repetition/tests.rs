use serde_json::{Value, json};

use super::*;

/// Returns the faults of a key of an operation that returns this schema.
#[expect(clippy::needless_pass_by_value, reason = "callers write the values where they call")]
fn faults(key: &str, value: Value, schema: Value) -> Vec<String> {
    let mut document = json!({
        "paths": {"/a": {"get": {
            "operationId": "a",
            "parameters": [{"$ref": "#/components/parameters/token"}],
            "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Page"}}}}},
        }}},
        "components": {
            "parameters": {"token": {"name": "token", "in": "query", "schema": {"type": "string"}}},
            "schemas": {"Page": schema},
        },
    });
    document["paths"]["/a"]["get"][key] = value;
    examine("a.yaml", &document).into_iter().map(|found| format!("{}: {}", found.pointer, found.message)).collect()
}

fn pagination(value: Value, schema: Value) -> Vec<String> {
    let faults = faults("x-pagination", value, schema).into_iter();
    faults.map(|fault| fault.replace("/paths/~1a/get/x-pagination", "")).collect()
}

#[test]
fn parts_are_found_behind_references_and_in_what_is_joined() {
    let items = json!({"properties": {"items": {"type": "array", "items": {"type": "object"}}}});
    let next = json!({"properties": {"next": {"oneOf": [{"type": "string"}, {"enum": [null]}]}}});
    let by_token = json!({"token": {"parameter": "token", "property": "next"}, "items": "items"});
    assert_eq!(pagination(by_token.clone(), json!({"allOf": [&items, next]})), [""; 0]);
    assert_eq!(
        pagination(by_token.clone(), json!({"allOf": [&items]})),
        ["/token/property: there is no property `next`"]
    );
    let choice = json!({"properties": {"items": {"oneOf": [{"type": "array"}, {"type": "object"}]}}});
    for parts in [[&items, &choice], [&choice, &items]] {
        assert_eq!(pagination(json!({"link": true, "items": "items"}), json!({"allOf": parts})), [""; 0]);
    }
    // Any JSON matches every path, except that the list must be an array.
    assert_eq!(pagination(by_token, json!({})), ["/items: `items` is not an array"]);
}

#[test]
fn what_the_keys_name_exists_and_fits() {
    let page =
        json!({"type": "object", "properties": {"items": {"type": "array", "items": {}}, "next": {"type": "object"}}});
    let fault = |value: Value| pagination(value, page.clone());
    assert_eq!(fault(json!({"link": true, "items": "items"})), [""; 0]);
    assert_eq!(
        fault(json!({"link": true})),
        [": the body is not an array: `items` must name the property with the array"]
    );
    assert_eq!(
        fault(json!({"next": "next", "items": "items"})),
        ["/next: `next` is neither a string nor a number nor a boolean"]
    );
    assert_eq!(
        fault(json!({"page": {"parameter": "token"}, "items": "items"})),
        ["/page/parameter: the query parameter `token` does not take a number"]
    );
    assert_eq!(
        fault(json!({"offset": {"parameter": "skip"}, "items": "items"})),
        ["/offset/parameter: the operation `a` has no query parameter `skip`"]
    );
    assert_eq!(fault(json!({"link": 1, "items": "items"})), ["/link: `link` takes `true`"]);
    assert_eq!(
        fault(json!({"link": true, "items": "items", "totalItems": "next", "totalPages": "next"})),
        ["/totalPages: `totalPages` requires `page`", "/totalItems: `totalItems` requires `page` or `offset`"]
    );
    let first = json!({"token": {"parameter": "token", "responseHeader": "x-next", "first": 1}, "items": "items"});
    assert_eq!(fault(first), ["/token/first: `first` must be a string"]);
}

#[test]
fn states_are_values_of_the_property() {
    let job = json!({"type": "object", "properties": {"state": {"type": "string", "enum": ["done", "failed"]}}});
    assert_eq!(faults("x-polling", json!({"property": "state", "success": ["done"]}), job.clone()), [""; 0]);
    assert_eq!(
        faults("x-polling", json!({"property": "state", "success": ["ready"]}), job),
        ["/paths/~1a/get/x-polling/success/0: `state` has no value `ready`"]
    );
}

#[test]
fn a_document_that_refers_to_itself_ends() {
    let page = json!({"allOf": [{"$ref": "#/components/schemas/Page"}, {"$ref": "#/components/schemas/Page"}]});
    let found = pagination(json!({"link": true, "items": "items"}), page);
    assert_eq!(found.len(), 1, "{found:?}");
}
