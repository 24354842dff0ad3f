//! Responses: media types, examples, headers, sharing.

use serde_json::json;

use super::*;

fn response(produces: &str, lines: &str) -> (Value, Vec<&'static str>) {
    answer("200", produces, lines)
}

fn answer(status: &str, produces: &str, lines: &str) -> (Value, Vec<&'static str>) {
    let text = format!("produces: {produces}\nresponses: {{ '{status}': {{ description: d, {lines} }} }}");
    let step = converted(&operation(&text));
    (things(&step)["responses"][status].clone(), rules(&step, EntryKind::Interpreted))
}

#[test]
fn a_reference_that_cannot_be_read_leads_nowhere() {
    let step = converted("swagger: '2.0'\npaths: { /a: { get: { responses: { '200': { $ref: '#/%ff' } } } } }\n");
    assert_eq!(step.value["paths"]["/a"]["get"]["responses"]["200"], json!({ "$ref": "#/%ff" }));
}

#[test]
fn references_to_a_schema_leave_it_in_place() {
    let step = converted(
        "swagger: '2.0'
paths:
  /a: { get: { parameters: [{ $ref: '#/definitions/Key' }], responses: { '200': { $ref: '#/definitions/Key' } } } }
  /b: { get: { responses: { '200': { description: d, schema: { $ref: '#/definitions/Key' } } } } }
  /c: { get: { responses: { '404': { $ref: '#/definitions/Lost' } } } }
definitions:
  Key: { type: object }
  Lost: { description: d, schema: { $ref: '#/definitions/Key' } }
",
    );
    let (paths, key) = (&step.value["paths"], json!({ "$ref": "#/components/schemas/Key" }));
    assert_eq!(paths["/a"]["get"]["responses"]["200"], key);
    assert_eq!(paths["/a"]["get"]["parameters"][0], key);
    assert_eq!(paths["/b"]["get"]["responses"]["200"]["content"]["application/json"]["schema"], key);
    assert_eq!(paths["/c"]["get"]["responses"]["404"]["content"]["application/json"]["schema"], key, "a response");
}

#[test]
fn a_schema_stands_under_each_media_type() {
    let (found, interpreted) = response("[application/json, application/xml]", "schema: { type: object }, x-a: 1");
    let media = json!({ "schema": { "type": "object" } });
    let content = json!({ "application/json": media, "application/xml": media });
    assert_eq!(found, json!({ "description": "d", "x-a": 1, "content": content }));
    assert!(interpreted.is_empty());
    let (found, _) = response("[application/json]", "x-a: 1");
    assert_eq!(found, json!({ "description": "d", "x-a": 1 }), "without a schema there is no content");
}

#[test]
fn produces_is_overridden_and_cleared() {
    let (found, interpreted) = response("[]", "schema: { type: object }");
    assert_eq!(found["content"], json!({ "application/json": { "schema": { "type": "object" } } }));
    assert_eq!(interpreted, ["missing-produces"]);
    let (found, _) = response("[]", "schema: { type: string }");
    assert_eq!(found["content"], json!({ "*/*": { "schema": { "type": "string" } } }));
    let (found, _) = response("[]", "schema: { type: file }");
    let file = json!({ "type": "string", "format": "binary" });
    assert_eq!(found["content"], json!({ "application/octet-stream": { "schema": file } }));
    let (found, _) = response("[image/png]", "schema: { type: file }");
    assert_eq!(found["content"], json!({ "image/png": { "schema": file } }));
}

#[test]
fn examples_go_to_their_media_types() {
    let (found, interpreted) = response(
        "[application/json; charset=utf-8, text/plain]",
        "schema: { type: string }, examples: { application/json: a, text/plain: b }",
    );
    let media = |example: &str| json!({ "schema": { "type": "string" }, "example": example });
    assert_eq!(found["content"], json!({ "application/json; charset=utf-8": media("a"), "text/plain": media("b") }));
    assert!(interpreted.is_empty());

    let (found, interpreted) = response("[text/plain]", "schema: { type: string }, examples: { application/json: a }");
    let plain = json!({ "schema": { "type": "string" } });
    assert_eq!(found["content"], json!({ "text/plain": plain, "application/json": media("a") }));
    assert_eq!(interpreted, ["produces-of-example"]);

    let (found, _) = response("[text/plain]", "examples: { text/plain: a }");
    assert_eq!(found["content"], json!({ "text/plain": { "example": "a" } }));
}

#[test]
fn examples_by_name_are_kept() {
    let text =
        "produces: [text/plain]\nresponses: { '200': { description: d, examples: { first: a, text/plain: b } } }";
    let step = converted(&operation(text));
    let found = &things(&step)["responses"]["200"];
    assert_eq!(found["x-examples"], json!({ "first": "a" }));
    assert_eq!(found["content"], json!({ "text/plain": { "example": "b" } }));
    assert_eq!(rules(&step, EntryKind::Lossy), ["response-examples"]);
}

#[test]
fn an_object_is_not_written_as_bytes() {
    let keys = |value: &Value| value["content"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let (found, interpreted) = answer("404", "[application/octet-stream]", "schema: { type: object }");
    assert_eq!((keys(&found), interpreted), (vec!["application/json".to_owned()], vec!["produces-of-structure"]));
    let (found, _) = answer("200", "[text/plain]", "schema: { type: array, items: {} }");
    assert_eq!(keys(&found), ["text/plain", "application/json"], "what succeeds is asked for by its name");
    let (found, interpreted) = answer("404", "[text/plain, application/vnd.a+json]", "schema: { type: object }");
    assert_eq!((keys(&found).len(), interpreted.len()), (2, 0));
    let (found, interpreted) = answer("404", "[text/plain]", "schema: { type: string }");
    assert_eq!((keys(&found).len(), interpreted.len()), (1, 0));
}

#[test]
fn headers_are_described_by_a_schema() {
    let (found, interpreted) = response(
        "[]",
        "headers: { A: { type: integer, description: A., x-a: 1, default: 3 }, B: { type: array, items: { type: string } }, \
         C: { description: C. }, D: { type: array, collectionFormat: pipes, items: {} } }",
    );
    let headers = json!({
        "A": { "description": "A.", "x-a": 1, "schema": { "type": "integer", "default": 3 } },
        "B": { "style": "simple", "explode": false, "schema": { "type": "array", "items": { "type": "string" } } },
        "C": { "description": "C.", "schema": { "type": "string" } },
        "D": { "schema": { "type": "string", "x-items": {}, "x-collection-format": "pipes" } },
    });
    assert_eq!(found["headers"], headers);
    assert_eq!(interpreted, ["untyped"]);
}

#[test]
fn copies_of_a_shared_response_have_its_schema() {
    let object = json!({ "properties": {} });
    for (produces, schema, shares) in [
        ("produces: [application/xml, application/json]", &object, true),
        ("x-none: 0", &object, true),
        ("produces: [application/xml]", &object, false),
        // The shared response has no JSON.
        ("x-none: 0", &json!({ "allOf": [{ "type": "string", "format": "binary" }] }), false),
    ] {
        let step = converted(&format!(
            "swagger: '2.0'\n{produces}\nresponses: {{ All of it: {{ description: d, schema: {schema} }} }}\npaths: {{ /a: {{ get: \
             {{ produces: [text/json], responses: {{ '200': {{ $ref: '#/responses/All of it' }} }} }} }} }}\n"
        ));
        let copy = &step.value["paths"]["/a"]["get"]["responses"]["200"]["content"]["text/json"]["schema"];
        let reference = "#/components/responses/All%20of%20it/content/application~1json/schema";
        assert_eq!(copy["$ref"] == reference, shares, "{produces}: {copy}");
        let shared = step.value.pointer("/components/responses/All of it/content/application~1json/schema");
        assert_eq!(shared.is_some(), shares, "{produces}");
    }
}

#[test]
fn shared_responses_are_referred_to_where_they_are_the_same() {
    let step = converted(
        r##"
swagger: '2.0'
produces: [application/json]
responses:
  Not found: { description: Gone., schema: { type: object } }
  Empty: { description: Nothing. }
x-responses: { Own: { description: Own., schema: { type: string } } }
paths:
  /things:
    post:
      responses:
        '404': { $ref: '#/responses/Not found' }
        '204': { $ref: '#/responses/Empty' }
        '500': { $ref: '#/x-responses/Own' }
        '501': { $ref: '#/responses/Missing' }
    put:
      produces: [application/xml]
      responses:
        '404': { $ref: '#/responses/Not found' }
        '204': { $ref: '#/responses/Empty' }
"##,
    );
    let answer = |media_type: &str| json!({ "description": "Gone.", "content": { media_type: { "schema": { "type": "object" } } } });
    let shared = json!({ "Not found": answer("application/json"), "Empty": { "description": "Nothing." } });
    assert_eq!(step.value["components"]["responses"], shared);
    let post = &things(&step)["responses"];
    assert_eq!(post["404"], json!({ "$ref": "#/components/responses/Not%20found" }));
    assert_eq!(post["204"], json!({ "$ref": "#/components/responses/Empty" }));
    let own = json!({ "application/json": { "schema": { "type": "string" } } });
    assert_eq!(post["500"], json!({ "description": "Own.", "content": own }));
    assert_eq!(post["501"], json!({ "$ref": "#/components/responses/Missing" }));
    let put = &step.value["paths"]["/things"]["put"]["responses"];
    assert_eq!(put["404"], answer("application/xml"));
    assert_eq!(put["204"], json!({ "$ref": "#/components/responses/Empty" }));
    let copy = pointer("/paths/~1things/put/responses/404/content/application~1xml/schema/type");
    assert_eq!(step.provenance.before(&copy), pointer("/responses/Not found/schema/type"));
}
