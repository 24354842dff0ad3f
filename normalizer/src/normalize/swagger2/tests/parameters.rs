//! Parameters: keywords, lists, examples, references.

use serde_json::json;

use super::*;

fn parameter(lines: &str) -> (Value, Passed) {
    let step = converted(&operation(&format!("parameters:\n  - {}", lines.trim().replace('\n', "\n    "))));
    (things(&step)["parameters"][0].clone(), step)
}

fn list(location: &str, format: &str) -> (Value, Vec<&'static str>, Vec<&'static str>) {
    let format = if format.is_empty() { String::new() } else { format!("collectionFormat: {format}, ") };
    let text =
        format!("{{ in: {location}, name: p, required: true, type: array, {format}items: {{ type: integer }} }}");
    let (mut found, step) = parameter(&text);
    let found = found.as_object_mut().unwrap();
    for key in ["in", "name", "required"] {
        found.shift_remove(key).unwrap();
    }
    (found.clone().into(), rules(&step, EntryKind::Interpreted), rules(&step, EntryKind::Lossy))
}

#[test]
fn keywords_go_into_a_schema() {
    let (found, step) = parameter(
        "in: query\nname: p\ndescription: D.\nallowEmptyValue: true\ntype: integer\nformat: int64\ndefault: 3\nmaximum: 9\n\
         exclusiveMaximum: true\nminimum: 1\nenum: [1, 3]\nmultipleOf: 2\nx-nullable: true\nx-a: 1\nx-example: 3\nodd: 1",
    );
    let schema = json!({
        "type": "integer", "format": "int64", "default": 3, "maximum": 9, "exclusiveMaximum": true, "minimum": 1,
        "enum": [1, 3], "multipleOf": 2, "nullable": true,
    });
    let expected = json!({
        "in": "query", "name": "p", "description": "D.", "allowEmptyValue": true, "x-a": 1, "odd": 1, "schema": schema,
        "example": 3,
    });
    assert_eq!(found, expected);
    let at = |rest: &str| pointer(&format!("/paths/~1things/post/parameters/0{rest}"));
    assert_eq!(step.provenance.before(&at("/schema/enum")), at("/enum"));
    assert_eq!(step.provenance.before(&at("/schema")), at(""));
    assert_eq!(step.provenance.before(&at("/name")), at("/name"));
    assert_eq!(step.provenance.after(&at("/enum")), at("/schema/enum"));
    assert_eq!(step.provenance.after(&at("/name")), at("/name"));
    assert_eq!(step.provenance.after(&at("")), at(""));
}

#[test]
fn lists_are_written_out_per_location() {
    let schema = json!({ "type": "array", "items": { "type": "integer" } });
    let of = |style: &str, explode: bool| json!({ "schema": schema, "style": style, "explode": explode });
    for (location, format, style, explode) in [
        ("query", "", "form", false),
        ("query", "csv", "form", false),
        ("query", "multi", "form", true),
        ("query", "ssv", "spaceDelimited", false),
        ("query", "pipes", "pipeDelimited", false),
        ("path", "", "simple", false),
        ("header", "csv", "simple", false),
    ] {
        let (found, interpreted, lossy) = list(location, format);
        assert_eq!(found, of(style, explode), "{location} {format}");
        assert!(interpreted.is_empty() && lossy.is_empty(), "{location} {format}");
    }
    let (found, interpreted, _) = list("header", "multi");
    assert_eq!((found, interpreted), (of("simple", false), vec!["multi-elsewhere"]));
    let (found, _, _) = list("query", "unheard-of");
    assert_eq!(found, json!({ "schema": schema, "collectionFormat": "unheard-of" }));
}

#[test]
fn a_list_that_cannot_be_said_is_the_text_that_is_sent() {
    for (location, format) in [("query", "tsv"), ("path", "pipes"), ("header", "ssv"), ("path", "tsv")] {
        let (found, _, lossy) = list(location, format);
        let schema = json!({ "type": "string", "x-items": { "type": "integer" }, "x-collection-format": format });
        assert_eq!(found, json!({ "schema": schema }));
        assert_eq!(lossy, ["collection-format"]);
    }
    let (found, _) = parameter(
        "{ in: query, name: p, type: array, collectionFormat: tsv, items: { type: string }, minItems: 1, default: [a, 2] }",
    );
    assert_eq!(found["schema"]["default"], json!("a\t2"));
    assert_eq!(found["schema"]["x-min-items"], json!(1));
}

#[test]
fn a_list_within_a_list_is_a_text() {
    let (found, step) = parameter(
        "in: query\nname: p\ntype: array\ncollectionFormat: multi\n\
         items: { type: array, collectionFormat: pipes, items: { type: integer } }",
    );
    let items = json!({ "type": "string", "x-items": { "type": "integer" }, "x-collection-format": "pipes" });
    assert_eq!(found["schema"], json!({ "type": "array", "items": items }));
    assert_eq!((&found["style"], &found["explode"]), (&json!("form"), &json!(true)));
    assert_eq!(rules(&step, EntryKind::Lossy), ["collection-format"]);
    let inner = pointer("/paths/~1things/post/parameters/0/schema/items/x-items");
    assert_eq!(step.provenance.before(&inner), pointer("/paths/~1things/post/parameters/0/items/items"));
}

#[test]
fn a_format_of_what_is_no_list_has_no_meaning() {
    let (found, step) = parameter("{ in: query, name: p, type: string, collectionFormat: multi }");
    assert_eq!(found, json!({ "in": "query", "name": "p", "schema": { "type": "string" } }));
    assert_eq!(rules(&step, EntryKind::Interpreted), ["collection-format-of-single"]);
}

#[test]
fn what_has_no_type_is_text() {
    let (found, step) = parameter("{ in: header, name: p }");
    assert_eq!(found, json!({ "in": "header", "name": "p", "schema": { "type": "string" } }));
    assert_eq!(rules(&step, EntryKind::Interpreted), ["untyped"]);
    let (found, step) = parameter("{ in: query, name: p, schema: { type: integer, x-nullable: true } }");
    assert_eq!(found, json!({ "in": "query", "name": "p", "schema": { "type": "integer", "nullable": true } }));
    assert_eq!(rules(&step, EntryKind::Interpreted), ["nullable"]);
    let (found, _) = parameter("{ in: nowhere, name: p, type: string }");
    assert_eq!(found, json!({ "in": "nowhere", "name": "p", "type": "string" }));
}

#[test]
fn examples_by_name() {
    let (found, _) =
        parameter("{ in: query, name: p, type: string, x-examples: { a: 1, b: { value: 2, summary: S } } }");
    assert_eq!(found["examples"], json!({ "a": { "value": 1 }, "b": { "value": 2, "summary": "S" } }));
    let (found, _) = parameter("{ in: query, name: p, type: string, x-example: 1, x-examples: { a: 1 } }");
    assert_eq!((&found["example"], &found["x-examples"]), (&json!(1), &json!({ "a": 1 })));
}

#[test]
fn references_stay_where_they_can() {
    let step = converted(
        r##"
swagger: '2.0'
parameters:
  Page size: { in: query, name: size, type: integer }
  Alias: { $ref: '#/parameters/Page%20size' }
x-shared: { trace: { in: header, name: trace, type: string } }
paths:
  /things:
    parameters: [{ in: body, name: b, schema: {} }, { in: header, name: h, type: string, format: uuid }]
    post:
      parameters:
        - $ref: '#/parameters/Page size'
        - $ref: '#/parameters/Alias'
        - $ref: '#/x-shared/trace'
        - $ref: '#/paths/~1things/parameters/1'
        - $ref: '#/parameters/Gone'
      responses: { '200': { description: d, schema: { $ref: '#/paths/~1things/parameters/1/format' } } }
"##,
    );
    let components = &step.value["components"]["parameters"];
    let expected = json!({ "in": "query", "name": "size", "schema": { "type": "integer" } });
    assert_eq!(components["Page size"], expected);
    assert_eq!(components["Alias"], json!({ "$ref": "#/components/parameters/Page%20size" }));
    let header = json!({ "in": "header", "name": "h", "schema": { "type": "string", "format": "uuid" } });
    let expected = json!([
        { "$ref": "#/components/parameters/Page%20size" },
        { "$ref": "#/components/parameters/Alias" },
        { "in": "header", "name": "trace", "schema": { "type": "string" } },
        header,
        { "$ref": "#/components/parameters/Gone" },
    ]);
    assert_eq!(things(&step)["parameters"], expected);
    assert_eq!(step.value["paths"]["/things"]["parameters"], json!([header]));
    let schema = &things(&step)["responses"]["200"]["content"]["application/json"]["schema"];
    assert_eq!(schema["$ref"], json!("#/paths/~1things/parameters/0/schema/format"), "the place has moved up");
    let moved = step.provenance.before(&pointer("/paths/~1things/parameters/0/name"));
    assert_eq!(moved, pointer("/paths/~1things/parameters/1/name"));
}

#[test]
fn a_circle_of_references_stays() {
    let text =
        "swagger: '2.0'\nparameters: { A: { $ref: '#/parameters/B' }, B: { $ref: '#/parameters/A' } }\npaths: {}\n";
    let step = converted(text);
    assert_eq!(step.value["components"]["parameters"]["A"], json!({ "$ref": "#/components/parameters/B" }));
}
