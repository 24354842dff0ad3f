//! One test for each rule, with the smallest document to which it applies.

mod mutations;
mod objects;
mod references;
mod schemas;

use serde_json::{Value, json};

use super::{Convert, Node};
use crate::normalize::pass::{EntryKind, Outcome, Passed, run};
use crate::pointer::Pointer;

fn pass(document: Value) -> Outcome {
    run(document, super::pass)
}

/// Converts a document, and checks general invariants: converting the result changes nothing, and moved nodes exist.
fn step(document: &Value) -> Passed {
    let step = pass(document.clone()).unwrap();
    let again = pass(step.value.clone()).unwrap();
    assert_eq!(again.value, step.value, "converting the result changes it");
    assert_eq!(again.entries, [], "converting the result does something");
    for entry in &step.entries {
        assert!(
            document.pointer(entry.before.pointer.as_str()).is_some(),
            "{entry:?} is about nothing in the document"
        );
        assert!(step.value.pointer(entry.after.as_str()).is_some(), "{entry:?} is about nothing in the result");
        assert_eq!(entry.rule, entry.rule.to_lowercase());
    }
    step
}

/// Returns a document with these components.
fn with_components(version: &str, components: &Value) -> Value {
    json!({ "openapi": version, "info": { "title": "", "version": "" }, "paths": {}, "components": components })
}

/// Converts one schema, the component `S`, together with other components.
fn schema_among(schema: &Value, others: &[(&str, Value)]) -> (Value, Passed) {
    let mut schemas = json!({ "S": schema });
    for (name, other) in others {
        schemas[*name] = other.clone();
    }
    let step = step(&with_components("3.1.0", &json!({ "schemas": schemas })));
    (step.value["components"]["schemas"]["S"].clone(), step)
}

/// Converts one schema, and returns the applied rules, except the conversion of the version.
fn schema(schema: &Value) -> (Value, Vec<(&'static str, EntryKind)>) {
    let (value, step) = schema_among(schema, &[("Other", json!({}))]);
    (value, rules(&step))
}

fn rules(step: &Passed) -> Vec<(&'static str, EntryKind)> {
    let rules = step.entries.iter().filter(|entry| entry.rule != "version");
    rules.map(|entry| (entry.rule, entry.kind)).collect()
}

/// Returns the previous pointer of a node of the result.
fn origin(step: &Passed, after: &str) -> String {
    step.provenance.before(&Pointer::parse(after).unwrap()).to_string()
}

/// Asserts the conversion of a schema, including the order of keys, and its rules.
#[track_caller]
fn becomes(before: &Value, after: &Value, expected: &[(&str, EntryKind)]) {
    let (value, rules) = schema(before);
    assert_eq!(value, *after, "\n{value:#}");
    assert_eq!(rules, expected);
}

#[test]
fn moves_add_up() {
    let Value::Object(members) = json!({"prefixItems": [1], "a": 2}) else { unreachable!() };
    let mut convert = Convert::default();
    let mut node = Node { convert: &mut convert, members };
    assert!(node.rename("prefixItems", "items"));
    node.moves(&["items"], &["anyOf", "1", "items"]);
    node.moves(&["anyOf", "1", "items", "0"], &["x"]);
    assert!(!node.rename("a", "items"));
    assert_eq!(Value::Object(node.members).to_string(), r#"{"items":[1],"a":2}"#);
    let moved = convert.record.provenance;
    let moved: Vec<_> = moved.moved().map(|from| (from.to_string(), moved.after(from).to_string())).collect();
    assert_eq!(
        moved,
        [("/prefixItems".to_owned(), "/anyOf/1/items".to_owned()), ("/prefixItems/0".to_owned(), "/x".to_owned())]
    );
}

#[test]
fn an_address_is_followed_through_nested_moves() {
    let mut convert = Convert::default();
    let pointer = |text: &str| Pointer::parse(text).unwrap();
    convert.origins.push(pointer("/components/schemas/C"), pointer("/paths/~1a/get"));
    let moves = &mut convert.record.provenance;
    for (from, to) in [("/anyOf/1/const", "/anyOf/1/enum/0"), ("/anyOf/1/x", "/x"), ("/anyOf/1", "/allOf/0")] {
        let schema = pointer("/components/schemas/C");
        moves.relocate(&schema.join(&pointer(from)), &schema.join(&pointer(to)));
    }
    assert_eq!(
        moves.after(&pointer("/components/schemas/C/anyOf/1/const")),
        pointer("/components/schemas/C/allOf/0/enum/0")
    );
    assert_eq!(moves.after(&pointer("/components/schemas/C/anyOf/1/x/y")), pointer("/components/schemas/C/x/y"));
    assert_eq!(moves.after(&pointer("/components/schemas/C/anyOf/0")), pointer("/components/schemas/C/anyOf/0"));
    assert_eq!(
        convert.origins.before(&pointer("/components/schemas/C/anyOf/1/const")),
        pointer("/paths/~1a/get/anyOf/1/const")
    );
    assert_eq!(convert.origins.before(&pointer("/components/schemas/CC")), pointer("/components/schemas/CC"));
}
