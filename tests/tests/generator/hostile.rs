//! Documents that attack time, memory or files: each ends soon, with a client or with an error that states the reason.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use clientwright::generate::{Document, generate};
use clientwright::normalize::normalize_text;
use clientwright_normalizer::Source;
use serde_json::{Map, Value, json};

/// The time limit for a hang. Each document takes seconds on an idle machine.
const HANG: Duration = Duration::from_secs(300);

/// The maximum length of a file name in file systems, in bytes.
const FILE_NAME: usize = 255;

fn schema(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

/// Returns a document whose only operation sends and receives the schema `S0`.
fn document(schemas: &Map<String, Value>) -> Value {
    let content = json!({"application/json": {"schema": schema("S0")}});
    let operation = json!({"operationId": "call", "requestBody": {"content": content},
        "responses": {"200": {"description": "d", "content": content}}});
    json!({"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {"/a": {"post": operation}},
        "components": {"schemas": schemas}})
}

/// Returns `S0` to `S<count>`, each made from its number, and a last one.
fn chain(count: usize, link: impl Fn(usize) -> Value) -> Value {
    let mut schemas: Map<String, Value> = (0..count).map(|number| (format!("S{number}"), link(number))).collect();
    schemas.insert(format!("S{count}"), json!({"type": "string"}));
    document(&schemas)
}

fn next(number: usize) -> Value {
    schema(&format!("S{}", number + 1))
}

/// Returns a document with one operation that has these parts.
fn operation(path: &str, parts: Value) -> Value {
    let mut operation = json!({"operationId": "call", "responses": {"200": {"description": "d"}}});
    if let (Value::Object(operation), Value::Object(parts)) = (&mut operation, parts) {
        operation.extend(parts);
    }
    json!({"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {path: {"post": operation}}})
}

fn properties(count: usize, name: impl Fn(usize) -> String, value: &Value) -> Value {
    (0..count).map(|number| (name(number), value.clone())).collect::<Map<_, _>>().into()
}

/// Returns distinct names that all become the same identifier, because they consist of signs.
fn alike(number: usize) -> String {
    let signs = ['-', '_', '.'];
    format!("a{}", (0..8).map(|place| signs[number / 3_usize.pow(place) % 3]).collect::<String>())
}

fn shapes() -> Vec<(&'static str, Value)> {
    let object = |properties: Value| json!({"type": "object", "properties": properties});
    let text = json!({"type": "string"});
    let fields = |number: usize| {
        object(properties(20, |field| format!("f{field}"), &json!({"oneOf": [next(number), {"type": "string"}]})))
    };
    let one_of = |number: usize| {
        let branch = |branch: usize| {
            let key = format!("k{branch}");
            json!({"type": "object", "required": [key], "properties": {key: next(number)}})
        };
        json!({"oneOf": (0..4).map(branch).collect::<Vec<_>>()})
    };
    let joined = |number: usize| json!({"allOf": [next(number), object(json!({format!("p{number}"): text}))]});
    let pair = |number: usize| {
        let (one, length) = (next(number), 2);
        json!({"type": "array", "items": one, "maxItems": length, "x-prefix-items": [one, one]})
    };
    let branches: Vec<Value> = (0..1000).map(|key| json!({"required": [format!("k{key}")]})).collect();
    let long = "long_".repeat(100);
    let parameters = |count: usize| {
        let parameter = |number: usize| json!({"name": format!("p{number}"), "in": "query", "schema": text});
        json!({"parameters": (0..count).map(parameter).collect::<Vec<_>>()})
    };
    let endless = "endless".repeat(30_000);
    vec![
        ("unions in fields of unions", chain(17, fields)),
        ("unions in branches of unions", chain(40, one_of)),
        ("allOf in allOf", chain(1500, joined)),
        ("references to references", chain(20_000, next)),
        ("arrays of arrays", chain(20_000, |number| json!({"type": "array", "items": next(number)}))),
        ("objects of objects", chain(20_000, |number| object(json!({"next": next(number)})))),
        ("tuples of tuples", chain(1000, pair)),
        ("many branches", chain(1, |_| json!({"type": "object", "oneOf": branches}))),
        ("properties with one name", chain(1, |_| object(properties(6561, alike, &text)))),
        ("long names", chain(1, |_| object(json!({&long: object(json!({&long: object(json!({}))}))})))),
        ("a long path", operation(&format!("/{long}"), json!({"operationId": long, "tags": [long]}))),
        ("many parameters", operation("/a", parameters(3000))),
        ("a long path and many parameters", operation(&format!("/{}", "x".repeat(1900)), parameters(1000))),
        ("an endless path and many parameters", operation(&format!("/{endless}"), parameters(3000))),
        (
            "an endless name and many properties",
            chain(1, |_| object(json!({&endless: object(properties(10_000, alike, &text))}))),
        ),
        (
            "many media types",
            operation(
                "/a",
                json!({"requestBody": {"content": properties(2000, |number| format!("application/x-{number}"), &json!({}))}}),
            ),
        ),
    ]
}

#[test]
#[ignore = "second tier: cargo test --workspace --tests -- --include-ignored"]
fn hostile_documents_end_soon() {
    for (shape, document) in shapes() {
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || sender.send(outcome(document.to_string())));
        let outcome = receiver.recv_timeout(HANG);
        assert!(matches!(outcome, Ok(Ok(()))), "{shape}: {outcome:?}");
    }
}

/// Unions that contain and refine one another: there is a limit for joining and comparing branches.
#[test]
fn output_is_in_proportion_to_the_document() {
    let [a, b, c] = ["S0", "S1", "S2"].map(schema);
    let refined = json!({"allOf": [b, c], "oneOf": [a], "type": "object", "properties": {"p": c}});
    let joined = json!({"oneOf": [{"oneOf": [c, b]}, b], "anyOf": [refined, {"allOf": [b, c, b]}]});
    let fields =
        json!({"type": "object", "properties": {"c": {"allOf": [b, a]}, "b": {"oneOf": [b], "nullable": true}}});
    let others =
        json!({"anyOf": [{"allOf": [c, b]}, {"anyOf": [a]}, {"type": "object", "properties": {"b": c, "c": b}}]});
    let inner = json!({"type": "object", "properties": {"c": b, "b": {"anyOf": [a, c]}}});
    let schemas = json!({"S0": c, "S1": {"allOf": [joined], "anyOf": [fields, others]},
        "S2": {"type": "object", "properties": {"b": b, "c": inner}}});
    let text = document(schemas.as_object().unwrap()).to_string();
    let source = Source { name: "a.json".to_owned(), text: text.clone() };
    let normalized = normalize_text(&source, &[]).unwrap();
    let source = Source { name: "a.yaml".to_owned(), text: normalized.yaml };
    let generation = generate(&[Document::new("a", source)], &["a".to_owned()], "clientwright codegen");
    let written: usize = generation.apis.iter().flat_map(|api| &api.files).map(|file| file.contents.len()).sum();
    assert!(written > 0 && written < 400 * text.len(), "{written} bytes from {}", text.len());
}

/// Returns an error if the result for a document is wrong. An error at a place in the document is right.
fn outcome(text: String) -> Result<(), String> {
    let source = Source { name: "a.json".to_owned(), text };
    let Ok(normalized) = normalize_text(&source, &[]) else { return Ok(()) };
    let source = Source { name: "a.yaml".to_owned(), text: normalized.yaml };
    let generation = generate(&[Document::new("a", source)], &["a".to_owned()], "clientwright codegen");
    if generation.diagnostics.iter().any(|found| found.is_error() && found.pointer.as_str().is_empty()) {
        return Err(format!("{:?}", generation.diagnostics));
    }
    let names = generation.apis.iter().flat_map(|api| &api.files).flat_map(|file| file.path.split('/'));
    match names.max_by_key(|name| name.len()) {
        Some(name) if name.len() > FILE_NAME => Err(format!("the file name `{name}` is too long")),
        _ => Ok(()),
    }
}
