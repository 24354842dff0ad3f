//! What changes of a document mean, as `docs/DIFF.md` shows it.
//!
//! In: the changes in `tests/diff/`. Out: tables in the page. Invariant: every keyword that the grammar defines is part of a change, or is waived.
//!
//! [`UPDATE`] writes the tables.

use std::collections::BTreeSet;
use std::fs;

use clientwright::diff::{Severity, WireChange};
use clientwright::internal::diff::messages;
use clientwright_normalizer::structure::grammar::{DOCUMENT, Form, Kind, METHODS};
use serde::Deserialize;
use serde_json::{Value, json};
use workspace_tests::root;

/// The command that writes the tables.
const UPDATE: &str = "UPDATE_DIFF=1 cargo test -p workspace-tests --test generator differences";

const SCHEMAS: &str = include_str!("../../diff/schemas.yaml");
const OPERATIONS: &str = include_str!("../../diff/operations.yaml");
const BEFORE: &str = include_str!("../../diff/document.yaml");

/// Kinds of objects that are compared as a whole, or only describe.
const WAIVED: [Kind; 16] = [
    Kind::CodeFlow,
    Kind::Contact,
    Kind::Encoding,
    Kind::Example,
    Kind::ExternalDocs,
    Kind::ImplicitFlow,
    Kind::Info,
    Kind::License,
    Kind::Link,
    Kind::OAuthFlows,
    Kind::SecurityRequirement,
    Kind::ServerVariable,
    Kind::Tag,
    Kind::TokenFlow,
    Kind::Xml,
    Kind::Components,
];

/// Two versions of a schema.
#[derive(Deserialize)]
struct SchemaChange {
    change: String,
    #[serde(default)]
    keys: Vec<String>,
    old: Value,
    new: Value,
}

/// Edits of the document.
#[derive(Deserialize)]
struct DocumentChange {
    change: String,
    #[serde(default)]
    keys: Vec<String>,
    edits: Vec<Edit>,
}

/// An operation of JSON Patch (RFC 6902 §4). To rename also changes the name in the path's parameter.
#[derive(Deserialize)]
#[serde(tag = "op", rename_all = "lowercase")]
enum Edit {
    Add { path: String, value: Value },
    Replace { path: String, value: Value },
    Remove { path: String },
    Move { from: String, path: String },
    Rename { from: String, path: String },
}

fn before() -> Value {
    serde_yaml::from_str(BEFORE).expect("a document")
}

fn schemas() -> Vec<SchemaChange> {
    serde_yaml::from_str(SCHEMAS).expect("changes")
}

fn operations() -> Vec<DocumentChange> {
    serde_yaml::from_str(OPERATIONS).expect("changes")
}

/// The document with a schema in one direction.
fn with_schema(schema: &Value, is_sent: bool) -> Value {
    let content = json!({ "application/json": { "schema": schema } });
    let mut document = before();
    document["paths"]["/new"] = if is_sent {
        json!({ "put": { "requestBody": { "content": content }, "responses": { "204": { "description": "d" } } } })
    } else {
        json!({ "get": { "responses": { "200": { "description": "d", "content": content } } } })
    };
    document
}

fn edited(edits: &[Edit]) -> Value {
    let mut document = before();
    for edit in edits {
        match edit {
            Edit::Add { path, value } | Edit::Replace { path, value } => put(&mut document, path, value.clone()),
            Edit::Remove { path } => drop(take(&mut document, path)),
            Edit::Move { from, path } => {
                let operation = take(&mut document, from);
                put(&mut document, path, json!({ "get": operation }));
            }
            Edit::Rename { from, path } => {
                let item = take(&mut document, from).to_string().replace("\"id\"", "\"thing\"");
                put(&mut document, path, item.parse().expect("JSON"));
            }
        }
    }
    document
}

fn holder<'d>(document: &'d mut Value, path: &str) -> (&'d mut Value, String) {
    let (holder, key) = path.rsplit_once('/').expect(path);
    (document.pointer_mut(holder).expect(path), key.replace("~1", "/").replace("~0", "~"))
}

fn put(document: &mut Value, path: &str, value: Value) {
    match holder(document, path) {
        (Value::Array(items), index) => items.insert(index.parse().expect("an index"), value),
        (holder, key) => holder[key] = value,
    }
}

fn take(document: &mut Value, path: &str) -> Value {
    match holder(document, path) {
        (Value::Array(items), index) => items.remove(index.parse().expect("an index")),
        (holder, key) => holder.as_object_mut().expect(path).shift_remove(&key).expect(path),
    }
}

fn name(severity: Severity) -> String {
    format!("{severity:?}").to_lowercase()
}

/// The severities of the most severe change.
fn verdict(changes: &[WireChange]) -> String {
    let old_client = changes.iter().map(|change| change.severity).max();
    let new_client = changes.iter().map(|change| change.with_old_server).max();
    match (old_client, new_client) {
        (Some(old), Some(new)) if old == new => name(old),
        (Some(old), Some(new)) => format!("{}; old server: {}", name(old), name(new)),
        _ => "no change".to_owned(),
    }
}

/// The rows of a table, in which equal ones are one.
fn table(head: &str, rows: impl Iterator<Item = String>) -> String {
    let mut rows: Vec<String> = rows.collect();
    rows.dedup();
    let columns = head.matches('|').count() - 1;
    format!("{head}\n{}|\n{}\n", "|---".repeat(columns), rows.join("\n"))
}

#[test]
fn the_page_is_current() {
    let of_schema = |change: SchemaChange| {
        let of = |is_sent| verdict(&messages(&with_schema(&change.old, is_sent), &with_schema(&change.new, is_sent)));
        format!("| {} | {} | {} |", change.change, of(true), of(false))
    };
    let of_document = |change: DocumentChange| {
        format!("| {} | {} |", change.change, verdict(&messages(&before(), &edited(&change.edits))))
    };
    let tables = [
        table("| change of a schema | in requests | in responses |", schemas().into_iter().map(of_schema)),
        table("| change | severity |", operations().into_iter().map(of_document)),
    ];
    let path = root().join("docs/DIFF.md");
    let page = fs::read_to_string(&path).expect("the page");
    let mut parts = page.split("<!-- table -->\n");
    let mut expected = parts.next().unwrap_or_default().to_owned();
    for (table, part) in tables.iter().zip(parts) {
        let (_, rest) = part.split_once("\n<!-- end -->").expect("each table has an end");
        expected.push_str(&format!("<!-- table -->\n{table}\n<!-- end -->{rest}"));
    }
    if std::env::var_os("UPDATE_DIFF").is_some() {
        fs::write(&path, &expected).expect("the page");
        return;
    }
    assert!(page == expected, "{} is stale: {UPDATE}", path.display());
}

#[test]
fn every_change_is_reported_once_and_reversed() {
    for change in schemas() {
        for is_sent in [true, false] {
            let (old, new) = (with_schema(&change.old, is_sent), with_schema(&change.new, is_sent));
            assert_eq!(messages(&old, &old), [], "{}", change.change);
            let reversed = messages(&new, &old);
            assert_eq!(messages(&old, &new).is_empty(), reversed.is_empty(), "{}", change.change);
        }
    }
}

#[test]
fn deep_and_cyclic_schemas_are_compared() {
    let nested =
        |leaf: &str| (0..120).fold(json!({ "type": leaf }), |items, _| json!({ "type": "array", "items": items }));
    let changes = messages(&with_schema(&nested("string"), true), &with_schema(&nested("integer"), true));
    assert_eq!(changes.len(), 1, "{changes:?}");
    let cyclic = |leaf: &str| {
        let mut document = with_schema(&json!({ "$ref": "#/components/schemas/Node" }), false);
        let node = json!({ "$ref": "#/components/schemas/Node" });
        document["components"]["schemas"]["Node"] =
            json!({ "allOf": [node], "properties": { "next": node, "value": { "type": leaf } } });
        document
    };
    let changes = messages(&cyclic("string"), &cyclic("integer"));
    assert_eq!(changes.len(), 1, "{changes:?}");
    assert_eq!(changes[0].operations, ["GET /new"]);
}

/// The kind of the objects in a form.
fn kind(form: &Form) -> Option<Kind> {
    match form {
        Form::List(item) | Form::Map(item) | Form::Components(item) => kind(item),
        form => form.object().map(|object| object.kind),
    }
}

#[test]
fn every_keyword_is_part_of_a_change() {
    let of_schemas = schemas().into_iter().flat_map(|change| change.keys);
    let of_operations = operations().into_iter().flat_map(|change| change.keys);
    let claimed: BTreeSet<String> = of_schemas.chain(of_operations).collect();
    let (mut open, mut seen, mut unclaimed) = (vec![Kind::Document], Vec::new(), Vec::new());
    assert_eq!(kind(&DOCUMENT), Some(Kind::Document));
    while let Some(next) = open.pop() {
        if seen.contains(&next) {
            continue;
        }
        seen.push(next);
        let keys = next.grammar().fields.iter().map(|field| field.name);
        let is_other_method = |key: &str| next == Kind::PathItem && METHODS.contains(&key);
        for key in keys.filter(|key| !WAIVED.contains(&next) && !is_other_method(key)) {
            let is_claimed = claimed.contains(&format!("{next:?}.{key}")) || claimed.contains(key);
            if !is_claimed {
                unclaimed.push(format!("{next:?}.{key}"));
            }
        }
        open.extend(next.grammar().fields.iter().filter_map(|field| kind(&field.form)));
        open.extend(next.grammar().rest.as_ref().and_then(kind));
    }
    assert_eq!(unclaimed, [""; 0]);
}
