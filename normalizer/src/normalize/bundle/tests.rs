use std::path::PathBuf;

use serde_json::{Value, json};

use super::*;
use crate::diagnostic::{Diagnostic, codes};
use crate::normalize::files;
use crate::normalize::trail::{Origin, Provenance};
use crate::source::Source;

/// A folder with files of its own, which is deleted on drop.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let folder = std::env::temp_dir().join(format!("clientwright-bundle-{name}-{}", std::process::id()));
        for (path, text) in files {
            let path = folder.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        Self(folder)
    }

    fn files(&self, input: &str) -> Files {
        let text = std::fs::read_to_string(self.0.join(input)).unwrap();
        let source = Source { name: format!("in/{input}"), text };
        let (files, faults) =
            Files::new(source, input, Some(files::Folder { path: self.0.clone(), root: self.0.clone() }));
        assert!(faults.is_empty(), "{faults:?}");
        files
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn bundled(name: &str, files: &[(&str, &str)]) -> Passed {
    let folder = Folder::new(name, files);
    bundle(&mut folder.files(files[0].0)).unwrap_or_else(|faults| panic!("{faults:?}"))
}

fn faults(name: &str, files: &[(&str, &str)]) -> Vec<Diagnostic> {
    let folder = Folder::new(name, files);
    let faults = bundle(&mut folder.files(files[0].0)).err().unwrap_or_default();
    faults.into_iter().map(|(fault, _)| fault).collect()
}

const HEAD: &str = "openapi: 3.0.3\ninfo: {title: t, version: '1'}\n";

#[test]
fn a_document_of_its_own_is_not_touched() {
    let text = format!(
        "{HEAD}paths: {{}}\ncomponents: {{schemas: {{A: {{$ref: '#/components/schemas/B'}}, B: {{example: {{$ref: 'x.yaml'}}}}}}}}\n"
    );
    let bundled = bundled("own", &[("a.yaml", &text)]);
    assert_eq!(bundled.value["components"]["schemas"]["A"], json!({"$ref": "#/components/schemas/B"}));
    assert_eq!(bundled.provenance, Provenance::default());
    assert!(bundled.entries.is_empty());
}

#[test]
fn a_document_may_refer_to_itself_by_its_name() {
    let text = format!(
        "{HEAD}paths: {{}}\ncomponents: {{schemas: {{A: {{$ref: './a.yaml#/components/schemas/B'}}, B: {{type: string}}}}}}\n"
    );
    let bundled = bundled("itself", &[("a.yaml", &text)]);
    assert_eq!(bundled.value["components"]["schemas"]["A"], json!({"$ref": "#/components/schemas/B"}));
    let rules: Vec<_> = bundled.entries.iter().map(|entry| entry.rule).collect();
    assert_eq!(rules, ["reference"]);
}

#[test]
fn schemas_of_other_files_become_components() {
    let root = format!(
        "{HEAD}paths:
  /pets/{{id}}:
    $ref: paths/pet.yaml#/pet
components:
  schemas:
    Toy: {{$ref: schemas/toy.yaml}}
    Error: {{type: object}}
"
    );
    let paths = "pet:
  get:
    responses:
      '200':
        description: d
        content:
          application/json:
            schema: {$ref: '../schemas/pet%20s.json#/definitions/Pet'}
      default: {$ref: '../common.yaml#/components/responses/Error'}
";
    let pets = r##"{"definitions": {"Pet": {"type": "object", "properties": {
        "toys": {"type": "array", "items": {"$ref": "toy.yaml"}},
        "friend": {"$ref": "#/definitions/Pet"},
        "error": {"$ref": "../common.yaml#/components/schemas/Error"},
        "own": {"$ref": "../a.yaml#/components/schemas/Error"}}}}}"##;
    let toy = "type: object\nproperties:\n  owner: {$ref: 'pet s.json#/definitions/Pet'}\n";
    let common = "components:\n  responses:\n    Error: {description: e, content: {application/json: {schema: {$ref: '#/components/schemas/Error'}}}}\n  schemas:\n    Error: {type: string}\n";
    let files = [
        ("a.yaml", root.as_str()),
        ("paths/pet.yaml", paths),
        ("schemas/pet s.json", pets),
        ("schemas/toy.yaml", toy),
        ("common.yaml", common),
    ];
    let bundled = bundled("many", &files);
    let expected = json!({
        "openapi": "3.0.3",
        "info": {"title": "t", "version": "1"},
        "paths": {"/pets/{id}": {"get": {"responses": {
            "200": {"description": "d", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}}},
            "default": {"$ref": "#/components/responses/Error"}}}}},
        "components": {
            "schemas": {
                "Toy": {"type": "object", "properties": {"owner": {"$ref": "#/components/schemas/Pet"}}},
                "Error": {"type": "object"},
                "Pet": {"type": "object", "properties": {
                    "toys": {"type": "array", "items": {"$ref": "#/components/schemas/Toy"}},
                    "friend": {"$ref": "#/components/schemas/Pet"},
                    "error": {"$ref": "#/components/schemas/CommonError"},
                    "own": {"$ref": "#/components/schemas/Error"}}},
                "CommonError": {"type": "string"}},
            "responses": {"Error": {"description": "e", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/CommonError"}}}}}}
    });
    assert_eq!(bundled.value, expected, "{:#}", bundled.value);
    let origin = bundled.provenance.origin(&Pointer::parse("/components/schemas/Toy/properties/owner").unwrap());
    let Origin { file: Some(_), pointer } = origin else { panic!("{origin:?}") };
    assert_eq!(pointer.as_str(), "/properties/owner");
    let rules: Vec<&str> = bundled.entries.iter().map(|entry| entry.rule).collect();
    assert_eq!(rules, ["reference-inlined", "component-renamed", "file-bundled", "file-bundled"]);
}

#[test]
fn sections_and_maps_can_lie_in_files() {
    let root = "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths: {$ref: paths.yaml}\ncomponents: {schemas: {$ref: schemas/index.yaml}}\n";
    let paths = "/a:\n  get:\n    responses: {'200': {description: d, content: {text/plain: {schema: {$ref: 'schemas/index.yaml#/Name'}}}}}\n";
    let index = "Name: {type: string}\nPet: {$ref: pet.yaml}\n";
    let pet = "type: object\nproperties: {name: {$ref: 'index.yaml#/Name'}, self: {$ref: '#'}}\n";
    let files = [("a.yaml", root), ("paths.yaml", paths), ("schemas/index.yaml", index), ("schemas/pet.yaml", pet)];
    let value = bundled("sections", &files).value;
    let schema = &value["paths"]["/a"]["get"]["responses"]["200"]["content"]["text/plain"]["schema"];
    assert_eq!(schema, &json!({"$ref": "#/components/schemas/Name"}));
    let expected = json!({
        "Name": {"type": "string"},
        "Pet": {"type": "object", "properties": {"name": {"$ref": "#/components/schemas/Name"}, "self": {"$ref": "#/components/schemas/Pet"}}}
    });
    assert_eq!(value["components"]["schemas"], expected, "{value:#}");
}

#[test]
fn components_of_swagger_have_their_own_sections() {
    let root = "swagger: '2.0'
info: {title: t, version: '1'}
paths:
  /a:
    get:
      responses:
        '200': {description: d, schema: {$ref: 'b.yaml#/Pet'}}
        '400': {$ref: 'b.yaml#/missing'}
  /b: {$ref: '#/paths/~1a'}
definitions: {Pet: {type: string}}
";
    let other = "Pet: {type: object}\nmissing: {description: m, schema: {$ref: 'a.yaml#/paths/~1a/get/responses/200/schema'}}\n";
    let value = bundled("swagger", &[("a.yaml", root), ("b.yaml", other)]).value;
    let responses = json!({
        "200": {"description": "d", "schema": {"$ref": "#/definitions/BPet"}}, "400": {"$ref": "#/responses/missing"}});
    assert_eq!(value["paths"]["/a"]["get"]["responses"], responses);
    assert_eq!(value["paths"]["/b"], json!({"$ref": "#/paths/~1a"}));
    assert_eq!(value["definitions"], json!({"Pet": {"type": "string"}, "BPet": {"type": "object"}}));
    let missing = json!({"description": "m", "schema": {"$ref": "#/paths/~1a/get/responses/200/schema"}});
    assert_eq!(value["responses"]["missing"], missing);
}

#[test]
fn discriminators_keep_their_values() {
    let root = format!(
        "{HEAD}paths: {{}}\ncomponents:\n  schemas:\n    Cat: {{type: string}}\n    Pet: {{$ref: 'pets.yaml#/Pet'}}\n"
    );
    let pets = "Pet:
  oneOf: [{$ref: '#/Cat'}, {$ref: '#/Dog'}]
  discriminator: {propertyName: kind, mapping: {hound: Dog}}
Cat: {type: object}
Dog: {type: object}
";
    let bundled = bundled("discriminator", &[("a.yaml", &root), ("pets.yaml", pets)]);
    let pet = &bundled.value["components"]["schemas"]["Pet"];
    let expected = json!({"propertyName": "kind", "mapping": {
        "hound": "#/components/schemas/Dog", "Cat": "#/components/schemas/PetsCat"}});
    assert_eq!(pet["discriminator"], expected);
}

#[test]
fn references_that_lead_nowhere_are_faults() {
    let root = format!(
        "{HEAD}paths:
  /a: {{$ref: 'none.yaml'}}
components:
  schemas:
    A: {{$ref: 'https://example.com/a.yaml#/A'}}
    B: {{$ref: 'b.yaml#/None'}}
    C: {{$ref: '/etc/a.yaml'}}
    D: {{$ref: 'b.yaml#/Loop'}}
    E: {{$ref: 'bad.yaml'}}
"
    );
    let files = [
        ("a.yaml", root.as_str()),
        ("b.yaml", "Loop: {$ref: '#/Other'}\nOther: {$ref: '#/Loop'}\n"),
        ("bad.yaml", "a: [\n"),
    ];
    let found = faults("nowhere", &files);
    let mut shown: Vec<(String, &str, String)> =
        found.iter().map(|fault| (fault.pointer.to_string(), fault.code.0, fault.file.clone())).collect();
    shown.sort();
    let root = String::from("in/a.yaml");
    let expected = [
        (String::new(), codes::SYNTAX.0, String::from("in/bad.yaml")),
        ("/components/schemas/A/$ref".into(), "external-reference", root.clone()),
        ("/components/schemas/B/$ref".into(), "broken-reference", root.clone()),
        ("/components/schemas/C/$ref".into(), "external-reference", root.clone()),
        ("/components/schemas/D/$ref".into(), "cyclic-reference", root.clone()),
        ("/paths/~1a/$ref".into(), "broken-reference", root),
    ];
    assert_eq!(shown, expected);
    let remote = found.iter().find(|fault| fault.pointer.as_str().contains("/A/")).unwrap();
    assert!(remote.message.contains("https://example.com/a.yaml#/A"), "{}", remote.message);
}

#[test]
fn what_cannot_be_a_component_is_never_within_itself() {
    let root = format!("{HEAD}paths:\n  /a: {{$ref: 'item.yaml'}}\n");
    let item = "get: {responses: {}, callbacks: {c: {'{$url}': {$ref: 'item.yaml'}}}}\n";
    let found = faults("within", &[("a.yaml", &root), ("item.yaml", item)]);
    assert_eq!(found[0].code, codes::CYCLIC_REFERENCE);
    assert_eq!(found[0].file, "in/item.yaml");
}

#[test]
fn a_component_that_leads_back_to_itself_ends() {
    let root = format!("{HEAD}paths: {{}}\ncomponents: {{schemas: {{B: {{$ref: 'other.yaml#/Loop'}}}}}}\n");
    let other = "Loop: {$ref: '#/Back', description: itself}\nBack: {$ref: '#/Loop'}\n";
    let found = faults("loop", &[("a.yaml", &root), ("other.yaml", other)]);
    assert_eq!(found[0].code, codes::CYCLIC_REFERENCE);
}

#[test]
fn the_same_file_is_one_file() {
    let root =
        format!("{HEAD}paths: {{}}\ncomponents: {{schemas: {{A: {{$ref: 'x/b.yaml'}}, B: {{type: object}}}}}}\n");
    let other = "properties: {b: {$ref: '../x/../a.yaml#/components/schemas/B'}, c: {$ref: './b.yaml'}}\n";
    let value = bundled("same", &[("a.yaml", &root), ("x/b.yaml", other)]).value;
    let properties: &Value = &value["components"]["schemas"]["A"]["properties"];
    assert_eq!(properties["b"], json!({"$ref": "#/components/schemas/B"}));
    assert_eq!(properties["c"], json!({"$ref": "#/components/schemas/A"}));
}
