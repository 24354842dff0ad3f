//! Invariants for any document: no panic, no endless loop, and the invariants of the IR.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::json;

use super::*;
use crate::generate::{Document, can_be_lowered, read_api};
use clientwright_normalizer::{Source, structure};

/// Returns the documents under `specs/`, by file name.
fn specs() -> BTreeMap<String, Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs");
    let mut specs = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let Ok(value) = serde_yaml::from_str::<Value>(&text) else { continue };
        if value.get("openapi").is_some() {
            specs.insert(path.file_name().unwrap().to_string_lossy().into_owned(), value);
        }
    }
    specs
}

#[test]
fn every_spec_is_lowered_completely() {
    let specs = specs();
    assert!(!specs.is_empty());
    for (name, value) in specs {
        let in_document = operations_in(&value);
        let lowered = run(value);
        assert!(lowered.diagnostics.is_empty(), "{name}: {:#?}", lowered.diagnostics);
        assert_eq!(lowered.api.unwrap().operations.len(), in_document, "{name}");
    }
}

fn operations_in(document: &Value) -> usize {
    let is_method = |key: &String| crate::ir::Method::ALL.iter().any(|method| method.key() == key);
    let items = document["paths"].as_object().unwrap().values();
    items.map(|item| item.as_object().unwrap().keys().filter(|key| is_method(key)).count()).sum()
}

#[test]
fn lowering_is_deterministic() {
    for value in specs().into_values() {
        assert_eq!(lower(&value).api, lower(&value).api);
    }
}

#[test]
fn any_value_is_accepted() {
    let odd = json!({ "paths": { "/a": { "get": 1, "x-a": 1 } }, "components": [] });
    for value in [json!(null), json!([]), json!({}), odd] {
        let source = Source { name: "odd.yaml".to_owned(), text: value.to_string() };
        assert!(read_api(&Document::new("odd", source)).is_err());
    }
}

#[test]
fn deep_nesting_costs_no_stack() {
    const DEPTH: usize = 500;
    let (mut nested, mut merged) = (json!({ "type": "boolean" }), json!({ "type": "boolean" }));
    for _ in 0..DEPTH {
        nested = json!({ "type": "array", "items": nested });
        merged = json!({ "allOf": [merged] });
    }
    let api = lower(&with_schemas(json!({ "Nested": nested, "Merged": merged }))).api.unwrap();
    assert_eq!(api.types.len(), DEPTH + 2);
    assert_eq!(component(&api, "Merged").shape, Shape::Boolean);
}

#[test]
fn long_chains_cost_no_stack() {
    const LENGTH: usize = 2_000;
    let reference = |name: &str, index: usize| json!({ "$ref": format!("#/components/schemas/{name}{}", index + 1) });
    let mut schemas = serde_json::Map::new();
    for index in 0..LENGTH {
        schemas.insert(format!("Alias{index}"), reference("Alias", index));
        schemas.insert(format!("Union{index}"), json!({ "oneOf": [reference("Union", index), { "type": "string" }] }));
        let property = json!({ "type": "object", "properties": { "next": reference("Object", index) } });
        schemas.insert(format!("Object{index}"), property);
    }
    for name in ["Alias", "Union"] {
        schemas.insert(format!("{name}{LENGTH}"), json!({ "type": "integer" }));
    }
    schemas.insert(format!("Object{LENGTH}"), json!({ "$ref": "#/components/schemas/Object0" }));
    let api = lower(&with_schemas(Value::Object(schemas))).api.unwrap();
    let closing = format!("Object{}", LENGTH - 1);
    assert!(field(&api, &closing, "next").ty.boxed);
    assert_eq!(variants(&api, "Union0").len(), 2);
}

/// A generator of pseudo-random numbers with a fixed sequence.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound.max(1)
    }
}

/// Collects all locations in a document.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                places(value, &format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")), found);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                places(value, &format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
}

/// Invalid documents: parts swapped, removed, or replaced by others.
#[test]
fn mutated_documents_never_panic() {
    const ROUNDS: usize = 4_000;
    let mut random = Random(7);
    let mut lowered = 0;
    let seeds: Vec<Value> =
        specs().into_values().filter(|spec| spec.to_string().len() < 60_000).chain([hostile()]).collect();
    for round in 0..ROUNDS {
        let mut document = seeds[round % seeds.len()].clone();
        let mut all = Vec::new();
        places(&document, "", &mut all);
        for _ in 0..=random.below(6) {
            let target = all[random.below(all.len())].clone();
            let source = all[random.below(all.len())].clone();
            let replacement = match random.below(6) {
                0 => json!({ "$ref": format!("#{source}") }),
                1 => json!({ "allOf": [{ "$ref": format!("#{source}") }, document.pointer(&target).cloned()] }),
                2 => json!({ "oneOf": [{ "$ref": format!("#{source}") }, document.pointer(&target).cloned()] }),
                3 => json!({}),
                _ => document.pointer(&source).cloned().unwrap_or_default(),
            };
            if let Some(place) = document.pointer_mut(&target) {
                *place = replacement;
            }
        }
        let is_readable = can_be_lowered(&structure::examine("specs/test.yaml", &document));
        if let Some(api) = is_readable.then(|| lower(&document)).and_then(|lowered| lowered.api) {
            lowered += 1;
            check(&api);
        }
    }
    assert!(lowered > ROUNDS / 40, "only {lowered} of {ROUNDS} documents could be lowered");
}

/// Returns a small document in which all parts refer to each other.
fn hostile() -> Value {
    let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let mut document = with_operation(json!({
        "parameters": [{ "name": "q", "in": "query", "schema": reference("A") }],
        "responses": { "200": { "description": "", "content": { "application/json": { "schema": reference("E") } } } },
    }));
    document["components"] = json!({ "schemas": {
        "A": { "type": "object", "required": ["k"], "properties": { "k": { "enum": ["a"] }, "b": reference("B") } },
        "B": { "allOf": [reference("A"), { "properties": { "c": reference("C") } }] },
        "C": { "oneOf": [reference("A"), reference("D"), { "type": "string" }, { "enum": [null] }] },
        "D": { "anyOf": [{ "type": "array", "items": reference("C") }, { "type": "integer" }], "nullable": true },
        "E": { "oneOf": [reference("A"), reference("F")], "discriminator": { "propertyName": "k" } },
        "F": { "type": "object", "properties": { "k": { "type": "string" } }, "oneOf": [reference("C"), reference("E")],
            "discriminator": { "propertyName": "k", "mapping": { "x": "A" } } },
        "G": reference("H"),
        "H": { "type": "object", "additionalProperties": reference("G") },
    } });
    document
}

#[test]
fn what_many_unions_of_the_same_objects_compare_is_bounded() {
    let of = |name: &str| format!("#/components/schemas/{name}");
    let mut schemas = serde_json::Map::new();
    for name in ["A", "B"] {
        let property = |index: usize| (format!("{name}{index}"), json!({ "type": "string" }));
        let properties: serde_json::Map<_, _> = (0..1000).map(property).collect();
        schemas.insert(
            name.to_owned(),
            json!({ "type": "object", "required": [format!("{name}0")], "properties": properties }),
        );
    }
    for index in 0..700 {
        schemas.insert(format!("U{index}"), json!({ "oneOf": [{ "$ref": of("A") }, { "$ref": of("B") }] }));
    }
    let lowered = run(with_schemas(schemas.into()));
    assert!(found(&lowered).iter().all(|(code, _)| *code == "expansion"));
    let api = lowered.api.unwrap();
    assert!(matches!(component(&api, "U0").shape, Shape::Union(_)));
    assert_eq!(component(&api, "U699").shape, Shape::Any);
}
