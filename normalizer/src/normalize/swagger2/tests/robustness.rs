//! Invariants for any document: no panic, no lost operation, and an origin for every node.

use serde_json::json;

use super::*;
use crate::diagnostic::codes;
use crate::limits::on_stack;

/// A document to which most rules apply.
const RICH: &str = r##"
swagger: '2.0'
host: api.example.com
basePath: /v1
schemes: [https]
consumes: [application/json]
produces: [application/json]
securityDefinitions: { a b: { type: oauth2, flow: accessCode, scopes: { s: S. } }, b: { type: basic } }
security: [{ a b: [s] }]
definitions:
  Pet«1»: { type: object, discriminator: kind, properties: { kind: { type: string, x-nullable: true } } }
  Cat: { allOf: [{ $ref: '#/definitions/Pet«1»' }, { properties: { a: { $ref: '#/definitions/Cat', x-nullable: true } } }] }
parameters:
  Body: { in: body, name: b, schema: { $ref: '#/definitions/Cat' }, x-examples: { application/json: 1 } }
  Field: { in: formData, name: f, type: array, items: { type: string }, collectionFormat: multi }
  Query: { in: query, name: q, type: array, collectionFormat: tsv, items: { type: array, items: { type: string } } }
responses: { Gone: { description: Gone., schema: { type: file }, headers: { H: { type: integer } } } }
paths:
  /a/{id}:
    parameters: [{ in: path, name: id, type: string }, { $ref: '#/parameters/Query' }]
    post:
      parameters: [{ $ref: '#/parameters/Body' }]
      responses: { '200': { description: d, schema: { items: {} }, examples: { a/b: 1 } }, default: { $ref: '#/responses/Gone' } }
    put:
      consumes: [multipart/form-data]
      produces: []
      schemes: [http]
      security: []
      parameters: [{ $ref: '#/parameters/Field' }, { in: formData, name: g, type: file, required: true }]
      responses: { '204': { $ref: '#/responses/Gone' } }
"##;

fn places(value: &Value, at: &Pointer, found: &mut Vec<Pointer>) {
    found.push(at.clone());
    match value {
        Value::Object(members) => members.iter().for_each(|(key, value)| places(value, &at.key(key), found)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| places(item, &at.index(index), found));
        }
        _ => {}
    }
}

fn methods(value: &Value) -> usize {
    let items = value["paths"].as_object().into_iter().flatten().filter_map(|(_, item)| item.as_object());
    items.flatten().filter(|(key, value)| ["post", "put"].contains(&key.as_str()) && value.is_object()).count()
}

#[test]
fn whatever_stands_anywhere_is_put_up_with() {
    let old = read(RICH);
    let mut all = Vec::new();
    places(&old, &Pointer::root(), &mut all);
    assert!(all.len() > 100, "{}", all.len());
    let others = [
        json!(null),
        json!(true),
        json!(-7),
        json!(""),
        json!("text"),
        json!([]),
        json!({}),
        json!([null, {}, "x"]),
        json!({ "$ref": 3, "in": "body", "type": ["array"], "properties": [], "x-nullable": true }),
    ];
    for at in &all {
        let itself = json!({ "$ref": format!("#{at}") });
        for other in others.iter().chain([&itself, &json!({ "$ref": "#" }), &json!({ "$ref": "#/%ff~9" })]) {
            let mut mutated = old.clone();
            *mutated.pointer_mut(at.as_str()).unwrap() = other.clone();
            let count = methods(&mutated);
            let Ok(step) = pass(mutated.clone()) else { continue };
            assert_eq!(methods(&step.value), count, "{at}: {other}");
            for entry in &step.entries {
                assert!(mutated.pointer(entry.before.pointer.as_str()).is_some(), "{at}: {other}: {entry:?}");
                assert!(step.value.pointer(entry.after.as_str()).is_some(), "{at}: {other}: {entry:?}");
            }
        }
    }
}

#[test]
fn every_node_leads_back() {
    let old = read(RICH);
    let step = pass(old.clone()).unwrap();
    let mut all = Vec::new();
    places(&step.value, &Pointer::root(), &mut all);
    // An added node has no origin of its own, but its parent has one.
    let leads_back = |at: &Pointer| old.pointer(step.provenance.before(at).as_str()).is_some();
    for at in all.iter().filter(|at| !leads_back(at)) {
        assert!(at.parent().is_some_and(|parent| leads_back(&parent)), "{at} ← {}", step.provenance.before(at));
    }
}

#[test]
fn the_outcome_is_well_formed() {
    let mut step = converted(RICH);
    step.value["info"] = json!({ "title": "T", "version": "1" });
    let mut flow = json!({ "authorizationUrl": "https://a.example", "tokenUrl": "https://t.example" });
    flow["scopes"] = json!({});
    step.value["components"]["securitySchemes"]["a b"]["flows"]["authorizationCode"] = flow;
    let found = crate::structure::examine("swagger.yaml", &step.value);
    // Invalid names of components are left to `repair`.
    let errors: Vec<_> = found.iter().filter(|found| found.is_error() && found.code != codes::BAD_NAME).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn depth_is_bounded() {
    let deep = || {
        let mut schema = json!({ "type": "file" });
        let mut extension = json!(1);
        for _ in 0..2_000 {
            schema = json!({ "items": schema });
            extension = json!([extension]);
        }
        let step = pass(json!({ "swagger": "2.0", "definitions": { "A": schema }, "x-deep": extension })).unwrap();
        assert!(step.value["components"]["schemas"]["A"]["items"].is_object());
    };
    assert_eq!(on_stack(deep), Some(()));
}

#[test]
fn what_is_no_mapping_stays() {
    assert_eq!(pass(json!([1])).unwrap().value, json!([1]));
    assert_eq!(pass(json!({})).unwrap().value, json!({}));
}
