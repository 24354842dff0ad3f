//! Invariants for any JSON.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::pass;
use crate::pointer::Pointer;

/// Keys of rules, so that combinations are frequent.
const KEYS: &[&str] = &[
    "$ref", "$defs", "definitions", "$id", "$anchor", "type", "enum", "const", "anyOf", "oneOf", "allOf", "items",
    "prefixItems", "properties", "patternProperties", "additionalProperties", "unevaluatedProperties", "if",
    "nullable", "examples", "example", "default", "exclusiveMinimum", "minimum", "contentEncoding", "contentMediaType",
    "discriminator", "mapping", "title", "description", "required", "format", "a", "x-a", "0",
];

const TEXTS: &[&str] = &[
    "null",
    "string",
    "integer",
    "array",
    "object",
    "number",
    "base64",
    "image/png",
    "a",
    "#",
    "#a",
    "other",
    "#/components/schemas/A",
    "#/components/schemas/B/properties/a",
    "#/components/schemas/A/anyOf/0",
    "#/components/schemas/B/$defs/a",
    "#/components/schemas/A/allOf/0",
    "#/components/schemas/B/items",
    "#/components/schemas/A/prefixItems/0",
    "#/x-a",
    "#/x-a/properties/a",
    "#/components/pathItems/A",
    "https://example.com/a",
];

fn schema_like() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-2_i64..5).prop_map(Value::from),
        prop::sample::select(TEXTS).prop_map(Value::from),
        Just(json!({"type": "null"})),
        Just(json!(["string", "null"])),
        Just(json!(["string", "array", "number"])),
    ];
    leaf.prop_recursive(5, 60, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((prop::sample::select(KEYS), inner), 0..5)
                .prop_map(|members| members
                    .into_iter()
                    .map(|(key, value)| (key.to_owned(), value))
                    .collect::<Map<_, _>>())
                .prop_map(Value::Object),
        ]
    })
}

fn document(version: &str, a: &Value, b: &Value, item: &Value) -> Value {
    json!({
        "openapi": version, "info": {"title": "", "version": ""},
        "paths": {"/a": item, "/b": {"get": {"parameters": [{"name": "a", "in": "path", "schema": a}]}}},
        "components": {
            "schemas": {"A": a, "B": b}, "pathItems": {"A": item}, "mediaTypes": {"a": {"schema": b}},
            "responses": {"A": {"content": {"a": {"schema": a, "itemSchema": b}}}},
        },
        "x-a": b,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn converting_twice_is_converting_once(
        version in prop::sample::select(&["3.0.3", "3.1.0", "3.2.0"][..]),
        a in schema_like(),
        b in schema_like(),
        item in schema_like(),
    ) {
        let before = document(version, &a, &b, &item);
        let Ok(step) = pass(before.clone()) else { return Ok(()) };
        for entry in &step.entries {
            prop_assert!(before.pointer(entry.before.pointer.as_str()).is_some(), "{:?}", entry);
            prop_assert!(step.value.pointer(entry.after.as_str()).is_some(), "{:?}", entry);
        }
        // `bundle` has removed broken references. Here, one may lead to a node that the pass created.
        let leads = |document: &Value, text: &str| text.strip_prefix('#').is_some_and(|at| document.pointer(at).is_some());
        if TEXTS.iter().any(|text| leads(&step.value, text) && !leads(&before, text)) {
            return Ok(());
        }
        let again = pass(step.value.clone());
        let again = again.map_err(|faults| TestCaseError::fail(format!("{faults:?}")))?;
        prop_assert_eq!(&again.value, &step.value);
    }

    #[test]
    fn no_json_is_too_odd(value in schema_like()) {
        let _ = pass(value);
    }

    #[test]
    fn what_is_said_is_still_there(a in schema_like()) {
        let before = document("3.1.0", &a, &json!({}), &json!({}));
        let Ok(step) = pass(before.clone()) else { return Ok(()) };
        // Every pointer of the result leads to a node of the document, or to its parent.
        let mut open = vec![(Pointer::root(), &step.value)];
        while let Some((at, value)) = open.pop() {
            let origin = step.provenance.before(&at);
            let near = std::iter::successors(Some(origin), Pointer::parent).find(|at| before.pointer(at.as_str()).is_some());
            prop_assert!(near.is_some());
            match value {
                Value::Object(members) => open.extend(members.iter().map(|(key, value)| (at.key(key), value))),
                Value::Array(items) => open.extend(items.iter().enumerate().map(|(index, value)| (at.index(index), value))),
                _ => {}
            }
        }
    }
}

#[test]
fn depth_is_no_trouble() {
    for (key, is_list) in [("items", false), ("anyOf", true), ("$defs", false), ("x-a", false)] {
        let mut value = json!({"type": "null"});
        for _ in 0..300 {
            let inner = std::mem::take(&mut value);
            value = if is_list { json!({ key: [inner] }) } else { json!({ key: inner }) };
        }
        let document = document("3.1.0", &value, &json!({}), &json!({}));
        assert!(pass(document).is_ok());
    }
}

#[test]
fn many_branches_take_little() {
    let branches: Vec<_> = (0..4_000).map(|index| json!({"type": ["string", "null"], "title": index})).collect();
    let mut all = vec![json!({"type": "null"})];
    all.extend(branches);
    let step = pass(document("3.1.0", &json!({ "anyOf": all }), &json!({}), &json!({}))).unwrap();
    assert_eq!(step.value["components"]["schemas"]["A"]["anyOf"].as_array().unwrap().len(), 4_000);
}
