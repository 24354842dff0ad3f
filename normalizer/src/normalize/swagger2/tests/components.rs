//! Components: names, references, discriminators, null, security; and unchanged parts.

use serde_json::json;

use super::*;

#[test]
fn sections_move_with_all_references() {
    let step = converted(
        r##"
swagger: '2.0'
definitions:
  Pet:
    properties:
      owner: { $ref: '#/definitions/Owner' }
      name: { $ref: '#/definitions/Owner/properties/name' }
      missing: { $ref: '#/definitions/Gone' }
      $ref: { type: string }
    additionalProperties: { items: { $ref: '#/definitions/Pet' } }
    example: { $ref: '#/definitions/Pet' }
    x-more: [{ $ref: '#/definitions/Pet' }]
  Owner: { properties: { name: { type: string } } }
paths:
  /a:
    get:
      responses:
        '200': { description: a, schema: { type: object } }
        '201': { description: a, schema: { $ref: '#/paths/~1a/get/responses/200/schema' } }
produces: [application/json]
"##,
    );
    let pet = &step.value["components"]["schemas"]["Pet"];
    assert_eq!(pet["properties"]["owner"], json!({ "$ref": "#/components/schemas/Owner" }));
    assert_eq!(pet["properties"]["name"], json!({ "$ref": "#/components/schemas/Owner/properties/name" }));
    assert_eq!(pet["properties"]["missing"], json!({ "$ref": "#/components/schemas/Gone" }));
    assert_eq!(pet["properties"]["$ref"], json!({ "type": "string" }));
    assert_eq!(pet["additionalProperties"]["items"], json!({ "$ref": "#/components/schemas/Pet" }));
    assert_eq!(pet["example"], json!({ "$ref": "#/definitions/Pet" }), "an example is data");
    assert_eq!(pet["x-more"], json!([{ "$ref": "#/components/schemas/Pet" }]));
    let second = &step.value["paths"]["/a"]["get"]["responses"]["201"]["content"]["application/json"]["schema"];
    let target = "#/paths/~1a/get/responses/200/content/application~1json/schema";
    assert_eq!(*second, json!({ "$ref": target }));
    assert_eq!(
        step.provenance.before(&pointer("/components/schemas/Pet/example")),
        pointer("/definitions/Pet/example")
    );
}

#[test]
fn names_stay_unless_they_are_in_use() {
    let step = converted(
        r##"
swagger: '2.0'
definitions:
  Page«User»: { properties: { next: { $ref: '#/definitions/Page%C2%ABUser%C2%BB' } } }
  Page<User>: { properties: { next: { $ref: '#/definitions/Page<User>' } } }
  Pet: { type: object }
  a/b: { items: { $ref: '#/definitions/a~1b' } }
  c: { items: { $ref: '#/definitions/Pet' } }
components: { schemas: { Pet: { type: string } } }
paths: {}
"##,
    );
    let schemas = step.value["components"]["schemas"].as_object().unwrap();
    assert_eq!(schemas.keys().collect::<Vec<_>>(), ["Pet", "Page«User»", "Page<User>", "Pet_2", "a/b", "c"]);
    let next = |name: &str| schemas[name]["properties"]["next"]["$ref"].clone();
    assert_eq!(next("Page«User»"), json!("#/components/schemas/Page%C2%ABUser%C2%BB"));
    assert_eq!(next("Page<User>"), json!("#/components/schemas/Page%3CUser%3E"));
    assert_eq!(schemas["a/b"]["items"], json!({ "$ref": "#/components/schemas/a~1b" }));
    assert_eq!(schemas["c"]["items"], json!({ "$ref": "#/components/schemas/Pet_2" }));
    assert_eq!(rules(&step, EntryKind::Interpreted), ["component-name"]);
    let before = step.provenance.before(&pointer("/components/schemas/a~1b/items"));
    assert_eq!(before, pointer("/definitions/a~1b/items"));
}

#[test]
fn a_forgotten_slash_is_put_up_with() {
    let step = converted(
        "swagger: '2.0'\ndefinitions: { A: { items: { $ref: '#definitions/A' } }, B: { items: { $ref: '#x' } } }\npaths: {}\n",
    );
    let schemas = &step.value["components"]["schemas"];
    assert_eq!(schemas["A"]["items"], json!({ "$ref": "#/components/schemas/A" }));
    assert_eq!(schemas["B"]["items"], json!({ "$ref": "#x" }));
    assert_eq!(rules(&step, EntryKind::Interpreted), ["reference-slash"]);
}

#[test]
fn schemas_are_converted_under_keywords_of_later_versions() {
    let step = converted(
        "
swagger: '2.0'
definitions:
  A: { patternProperties: { '^x': { type: string, x-nullable: true } }, definitions: { B: { type: file } } }
paths: {}
",
    );
    let schema = &step.value["components"]["schemas"]["A"];
    assert_eq!(schema["patternProperties"]["^x"], json!({ "type": "string", "nullable": true }));
    assert_eq!(schema["definitions"]["B"], json!({ "type": "string", "format": "binary" }));
}

#[test]
fn a_definition_extends_what_its_reference_leads_to_in_the_end() {
    let step = converted(
        "
swagger: '2.0'
definitions:
  Pet: { type: object, discriminator: kind }
  Animal: { $ref: '#/definitions/Pet' }
  Cat: { allOf: [{ $ref: '#definitions/Pet' }] }
  Dog: { allOf: [{ $ref: '#/definitions/Animal' }] }
paths: {}
",
    );
    let mapping = json!({ "Cat": "#/components/schemas/Cat", "Dog": "#/components/schemas/Dog" });
    assert_eq!(step.value["components"]["schemas"]["Pet"]["discriminator"]["mapping"], mapping);
}

#[test]
fn a_discriminator_becomes_an_object() {
    let step = converted(
        r##"
swagger: '2.0'
definitions:
  Pet: { type: object, discriminator: petType, properties: { petType: { type: string } } }
  Cat«1»: { allOf: [{ $ref: '#/definitions/Pet' }, { type: object }] }
  Dog: { allOf: [{ $ref: '#/definitions/Pet' }], x-discriminator-value: dog }
  Poodle: { allOf: [{ $ref: '#/definitions/Dog' }] }
  Stone: { type: object, discriminator: { propertyName: kind, mapping: { a: '#/definitions/Cat«1»', b: Dog, c: Moss } } }
paths: {}
"##,
    );
    let schemas = &step.value["components"]["schemas"];
    let mapping = json!({
        "Cat«1»": "#/components/schemas/Cat%C2%AB1%C2%BB",
        "dog": "#/components/schemas/Dog",
        "Poodle": "#/components/schemas/Poodle",
    });
    assert_eq!(schemas["Pet"]["discriminator"], json!({ "propertyName": "petType", "mapping": mapping }));
    let mapping = json!({ "a": "#/components/schemas/Cat%C2%AB1%C2%BB", "b": "#/components/schemas/Dog", "c": "Moss" });
    assert_eq!(schemas["Stone"]["discriminator"], json!({ "propertyName": "kind", "mapping": mapping }));
    let property = step.provenance.before(&pointer("/components/schemas/Pet/discriminator/propertyName"));
    assert_eq!(property, pointer("/definitions/Pet/discriminator"));
}

#[test]
fn nullable_is_understood() {
    let step = converted(
        r##"
swagger: '2.0'
definitions:
  A:
    properties:
      plain: { type: string, x-nullable: true, readOnly: true }
      never: { type: string, x-nullable: false }
      said: { type: string, nullable: false, x-nullable: true }
      odd: { type: string, x-nullable: 'yes' }
paths: {}
"##,
    );
    let properties = &step.value["components"]["schemas"]["A"]["properties"];
    assert_eq!(properties["plain"], json!({ "type": "string", "nullable": true, "readOnly": true }));
    assert_eq!(properties["never"], json!({ "type": "string", "nullable": false }));
    assert_eq!(properties["said"], json!({ "type": "string", "nullable": false, "x-nullable": true }));
    assert_eq!(properties["odd"], json!({ "type": "string", "x-nullable": "yes" }));
}

#[test]
fn security_is_put_in_other_words() {
    let step = converted(
        r##"
swagger: '2.0'
securityDefinitions:
  plain login: { type: basic, description: By name. }
  key: { type: apiKey, in: query, name: api_key, x-kept: true }
  implicit: { type: oauth2, flow: implicit, authorizationUrl: 'https://a.example', scopes: { read: Reads. } }
  code:
    type: oauth2
    flow: accessCode
    authorizationUrl: https://a.example
    tokenUrl: https://t.example
    scopes: {}
    description: By code.
  machine: { type: oauth2, flow: application, tokenUrl: 'https://t.example', scopes: {} }
  human: { type: oauth2, flow: password, tokenUrl: 'https://t.example', scopes: {} }
  odd: { type: oauth2, flow: magic, scopes: {} }
security: [{ plain login: [], key: [] }, {}]
paths: { /a: { get: { security: [{ plain login: [] }], responses: {} } } }
"##,
    );
    let schemes = &step.value["components"]["securitySchemes"];
    assert_eq!(schemes["plain login"], json!({ "type": "http", "scheme": "basic", "description": "By name." }));
    assert_eq!(schemes["key"], json!({ "type": "apiKey", "in": "query", "name": "api_key", "x-kept": true }));
    let implicit = json!({ "authorizationUrl": "https://a.example", "scopes": { "read": "Reads." } });
    assert_eq!(schemes["implicit"], json!({ "type": "oauth2", "flows": { "implicit": implicit } }));
    let code = json!({ "authorizationUrl": "https://a.example", "tokenUrl": "https://t.example", "scopes": {} });
    let code = json!({ "type": "oauth2", "description": "By code.", "flows": { "authorizationCode": code } });
    assert_eq!(schemes["code"], code);
    assert!(schemes["machine"]["flows"]["clientCredentials"]["tokenUrl"].is_string());
    assert!(schemes["human"]["flows"]["password"]["tokenUrl"].is_string());
    assert_eq!(schemes["odd"], json!({ "type": "oauth2", "flow": "magic", "scopes": {} }));
    assert_eq!(step.value["security"], json!([{ "plain login": [], "key": [] }, {}]));
    assert_eq!(step.value["paths"]["/a"]["get"]["security"], json!([{ "plain login": [] }]));
    let scopes = step.provenance.before(&pointer("/components/securitySchemes/code/flows/authorizationCode/scopes"));
    assert_eq!(scopes, pointer("/securityDefinitions/code/scopes"));
}

#[test]
fn the_rest_stays_in_its_place() {
    let step = converted(
        r##"
swagger: '2.0'
info: { title: T, version: '1', x-a: 1 }
tags: [{ name: t, externalDocs: { url: u } }]
externalDocs: { url: u }
x-top: { definitions: {} }
surprise: 1
paths:
  x-path: { get: {} }
  /a:
    x-item: 1
    get: { x-op: 1, deprecated: true, tags: [t], summary: S, operationId: o, responses: { x-answers: {} }, odd: 1 }
"##,
    );
    let mut expected = read(
        r##"
openapi: 3.0.3
info: { title: T, version: '1', x-a: 1 }
tags: [{ name: t, externalDocs: { url: u } }]
externalDocs: { url: u }
x-top: { definitions: {} }
surprise: 1
paths:
  x-path: { get: {} }
  /a:
    x-item: 1
    get: { x-op: 1, deprecated: true, tags: [t], summary: S, operationId: o, responses: { x-answers: {} }, odd: 1 }
"##,
    );
    assert_eq!(step.value, expected.take());
}
