//! Bodies and forms: media types, examples, sharing, rejections.

use serde_json::json;

use super::*;
use crate::diagnostic::codes;

#[test]
fn a_body_stands_under_each_media_type() {
    let step = converted(&operation(
        "consumes: [application/json, application/xml]\nparameters:\n  - in: body\n    name: thing\n    description: D.\n    \
         required: true\n    x-a: 1\n    schema: { type: object, properties: { a: { type: string, x-nullable: true } } }\n  \
         - { in: query, name: q, type: string }",
    ));
    let schema = json!({ "type": "object", "properties": { "a": { "type": "string", "nullable": true } } });
    let body = json!({
        "description": "D.", "required": true, "x-a": 1, "x-body-name": "thing",
        "content": { "application/json": { "schema": schema }, "application/xml": { "schema": schema } },
    });
    assert_eq!(things(&step)["requestBody"], body);
    assert_eq!(things(&step)["parameters"].as_array().unwrap().len(), 1);
    assert!(things(&step).get("consumes").is_none());
    assert_eq!(rules(&step, EntryKind::Interpreted), ["nullable"], "a copy is not told of twice");
    for media_type in ["json", "xml"] {
        let at =
            format!("/paths/~1things/post/requestBody/content/application~1{media_type}/schema/properties/a/nullable");
        let expected = "/paths/~1things/post/parameters/0/schema/properties/a";
        assert_eq!(step.provenance.before(&pointer(&at)).parent(), Some(pointer(expected)), "{media_type}");
    }
    let after = step.provenance.after(&pointer("/paths/~1things/post/parameters/0/schema/type"));
    assert_eq!(after, pointer("/paths/~1things/post/requestBody/content/application~1json/schema/type"));
}

#[test]
fn consumes_is_overridden_and_cleared() {
    let document = |own: &str, ty: &str| {
        let step = converted(&format!(
            "swagger: '2.0'\nconsumes: [text/plain]\npaths:\n  /things:\n    post:\n{own}      parameters: \
             [{{ in: body, name: b, schema: {{ {ty} }} }}]\n"
        ));
        let content = things(&step)["requestBody"]["content"].as_object().unwrap().clone();
        (content.keys().cloned().collect::<Vec<_>>(), rules(&step, EntryKind::Interpreted))
    };
    assert_eq!(document("", "type: string"), (vec!["text/plain".to_owned()], vec![]));
    assert_eq!(document("      consumes: [a/b]\n", "type: string"), (vec!["a/b".to_owned()], vec![]));
    let cleared = document("      consumes: []\n", "type: object");
    assert_eq!(cleared, (vec!["application/json".to_owned()], vec!["missing-consumes"]));
    let cleared = document("      consumes: []\n", "type: string, format: binary");
    assert_eq!(cleared.0, ["application/octet-stream"]);
    let cleared = document("      consumes: []\n", "type: file");
    assert_eq!(cleared.0, ["application/octet-stream"]);
}

#[test]
fn a_body_without_a_schema() {
    let step = converted(&operation("parameters: [{ in: body, name: b, type: string, format: date }]"));
    let content = json!({ "application/json": { "schema": { "type": "string", "format": "date" } } });
    assert_eq!(things(&step)["requestBody"], json!({ "x-body-name": "b", "content": content }));
    assert_eq!(rules(&step, EntryKind::Interpreted), ["body-keywords", "missing-consumes"]);
}

#[test]
fn shared_bodies_are_referred_to_where_they_are_the_same() {
    let step = converted(
        r##"
swagger: '2.0'
consumes: [application/json]
parameters: { The thing: { in: body, name: thing, schema: { $ref: '#/definitions/Thing' } } }
definitions: { Thing: { type: object }, Part: { items: { $ref: '#/parameters/The thing/schema' } } }
x-body: { $ref: '#/parameters/The thing' }
paths:
  /things:
    post: { parameters: [{ $ref: '#/parameters/The thing' }] }
    put: { consumes: [application/xml], parameters: [{ $ref: '#/parameters/The thing' }] }
"##,
    );
    let media = json!({ "schema": { "$ref": "#/components/schemas/Thing" } });
    let body = |media_type: &str| json!({ "x-body-name": "thing", "content": { media_type: media } });
    assert_eq!(step.value["components"]["requestBodies"]["The thing"], body("application/json"));
    assert_eq!(things(&step), &json!({ "requestBody": { "$ref": "#/components/requestBodies/The%20thing" } }));
    assert_eq!(step.value["paths"]["/things"]["put"]["requestBody"], body("application/xml"));
    assert!(step.value["components"].get("parameters").is_none());
    assert_eq!(step.value["x-body"]["$ref"], json!("#/components/requestBodies/The%20thing"));
    let part = &step.value["components"]["schemas"]["Part"]["items"]["$ref"];
    assert_eq!(*part, json!("#/components/requestBodies/The%20thing/content/application~1json/schema"));
}

#[test]
fn a_paths_own_body_goes_to_each_operation() {
    let step = converted(
        r##"
swagger: '2.0'
consumes: [application/json]
paths:
  /things:
    parameters: [{ in: body, name: all, schema: { type: object } }]
    post: { responses: {} }
    put: { parameters: [{ in: body, name: own, schema: { type: string } }], responses: {} }
  /none:
    parameters: [{ in: formData, name: f, type: string }]
"##,
    );
    assert_eq!(things(&step)["requestBody"]["x-body-name"], json!("all"));
    assert_eq!(step.value["paths"]["/things"]["put"]["requestBody"]["x-body-name"], json!("own"));
    assert!(step.value["paths"]["/things"].get("parameters").is_none());
    assert_eq!(rules(&step, EntryKind::Lossy), ["path-body-unused"]);
}

#[test]
fn form_fields_become_properties() {
    let step = converted(&operation(
        "parameters:\n  - { in: formData, name: a, type: string, required: true, description: A., x-example: e, x-b: 1 }\n  \
         - { in: formData, name: b, type: array, items: { type: string }, allowEmptyValue: true }\n  \
         - { in: formData, name: c, type: array, items: { type: string }, collectionFormat: multi }\n  \
         - { in: formData, name: d, type: array, items: { type: string }, collectionFormat: pipes }\n  \
         - { in: formData, name: e, type: array, items: { type: string }, collectionFormat: tsv }\n",
    ));
    let list = json!({ "type": "array", "items": { "type": "string" } });
    let text = json!({ "type": "string", "x-items": { "type": "string" }, "x-collection-format": "tsv" });
    let properties = json!({
        "a": { "type": "string", "description": "A.", "example": "e", "x-b": 1 },
        "b": { "type": "array", "items": { "type": "string" }, "x-allow-empty-value": true },
        "c": list, "d": list, "e": text,
    });
    let encoding = json!({
        "b": { "style": "form", "explode": false },
        "c": { "style": "form", "explode": true },
        "d": { "style": "pipeDelimited", "explode": false },
    });
    let media = json!({
        "schema": { "type": "object", "required": ["a"], "properties": properties }, "encoding": encoding,
    });
    let body = json!({ "content": { "application/x-www-form-urlencoded": media }, "required": true });
    assert_eq!(things(&step), &json!({ "requestBody": body }));
    assert_eq!(rules(&step, EntryKind::Interpreted), ["form-media-type", "example"]);
    assert_eq!(rules(&step, EntryKind::Lossy), ["allow-empty-value", "collection-format"]);
    let at = "/paths/~1things/post/requestBody/content/application~1x-www-form-urlencoded/schema/properties/a/type";
    assert_eq!(step.provenance.before(&pointer(at)), pointer("/paths/~1things/post/parameters/0/type"));
}

#[test]
fn a_form_is_multipart_if_it_has_a_file() {
    let media = |consumes: &str, ty: &str| {
        let lines = format!("consumes: {consumes}\nparameters: [{{ in: formData, name: f, {ty} }}]");
        let step = converted(&operation(&lines));
        let content = things(&step)["requestBody"]["content"].as_object().unwrap().clone();
        (content.keys().map(|key| key.replace("application/x-www-form-", "")).collect::<Vec<_>>().join(" "), {
            rules(&step, EntryKind::Interpreted).len()
        })
    };
    let both = "[application/x-www-form-urlencoded, multipart/form-data]";
    let is = |media: &str, notes: usize| (media.to_owned(), notes);
    assert_eq!(media("[]", "type: file"), is("multipart/form-data", 1));
    assert_eq!(media("[application/json]", "type: file"), is("multipart/form-data", 1));
    assert_eq!(media("[application/x-www-form-urlencoded]", "type: file"), is("multipart/form-data", 1));
    assert_eq!(media("[multipart/form-data]", "type: file"), is("multipart/form-data", 0));
    assert_eq!(media(both, "type: file"), is("multipart/form-data", 1));
    assert_eq!(media(both, "type: array, items: { type: file }").0, "multipart/form-data");
    assert_eq!(media("[]", "type: string"), is("urlencoded", 1));
    assert_eq!(media("[application/json]", "type: string"), is("urlencoded", 1));
    assert_eq!(media("[multipart/form-data]", "type: string"), is("multipart/form-data", 0));
    assert_eq!(media(both, "type: string"), is("urlencoded multipart/form-data", 0));
}

#[test]
fn a_file_is_binary_text() {
    let step =
        converted(&operation("consumes: [multipart/form-data]\nparameters: [{ in: formData, name: f, type: file }]"));
    let schema = &things(&step)["requestBody"]["content"]["multipart/form-data"]["schema"];
    assert_eq!(schema["properties"]["f"], json!({ "type": "string", "format": "binary" }));
}

#[test]
fn shared_form_fields_become_properties() {
    let step = converted(
        r##"
swagger: '2.0'
consumes: [application/x-www-form-urlencoded]
parameters:
  Used: { in: formData, name: used, type: string }
  Unused: { in: formData, name: unused, type: string }
paths:
  /things:
    parameters: [{ $ref: '#/parameters/Used' }, { in: formData, name: b, type: string }]
    post: { parameters: [{ in: formData, name: b, type: integer }] }
"##,
    );
    let schema = &things(&step)["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"];
    assert_eq!(schema["properties"], json!({ "used": { "type": "string" }, "b": { "type": "integer" } }));
    assert_eq!(rules(&step, EntryKind::Lossy), ["unused-field"]);
    assert_eq!(step.value["components"], json!({}));
}

#[test]
fn the_first_of_two_bodies_is_taken() {
    let body = "{ in: body, name: b, schema: {} }";
    let field = "{ in: formData, name: f, type: string }";
    let found = left_out(&operation(&format!("parameters: [{body}, {field}]")));
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].rule, &found[0].before.pointer),
        (codes::SEVERAL_BODIES.0, &pointer("/paths/~1things/post/parameters/1"))
    );
    let found = left_out(&operation(&format!("parameters: [{body}, {{ in: body, name: c, schema: {{}} }}]")));
    assert_eq!(
        (found[0].rule, &found[0].before.pointer),
        (codes::SEVERAL_BODIES.0, &pointer("/paths/~1things/post/parameters/1"))
    );
}

#[test]
fn the_first_of_two_descriptions_of_a_field_is_taken() {
    let field = "{ in: formData, name: f, type: string }";
    let step = converted(&operation(&format!("parameters: [{field}, {field}]")));
    assert!(rules(&step, EntryKind::Interpreted).contains(&"repeated-field"));
    let found = left_out(&operation(&format!("parameters: [{field}, {{ in: formData, name: f, type: file }}]")));
    assert_eq!((found[0].rule, found.len()), (codes::DUPLICATE_PARAMETER.0, 1));
}
