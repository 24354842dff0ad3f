//! The meaning of changes of a document, as shown in `docs/DIFF.md`.
//!
//! In: the changes in `tests/diff/`. Out: tables in the page. Invariant: an edit of any keyword of the grammar is reported.
//!
//! [`UPDATE`] writes the tables.

use std::collections::BTreeSet;
use std::fs;

use clientwright::Source;
use clientwright::diff::{Severity, WireChange, compare};
use clientwright::generate::Document;
use clientwright::internal::diff::messages;
use clientwright_normalizer::structure::grammar::{DOCUMENT, Form, Kind};
use serde::Deserialize;
use serde_json::{Value, json};
use workspace_tests::{holder, root};

/// The command that writes the tables.
const UPDATE: &str = "UPDATE_DIFF=1 cargo test -p workspace-tests --test generator differences";

const SCHEMAS: &str = include_str!("../../diff/schemas.yaml");
const OPERATIONS: &str = include_str!("../../diff/operations.yaml");
const BEFORE: &str = include_str!("../../diff/document.yaml");

/// Two versions of a schema.
#[derive(Deserialize)]
struct SchemaChange {
    change: String,
    old: Value,
    new: Value,
}

/// Edits of the document.
#[derive(Deserialize)]
struct DocumentChange {
    change: String,
    edits: Vec<Edit>,
}

/// An operation of JSON Patch (RFC 6902 §4). A rename also changes the parameter's name in the path.
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

/// Returns the document with a schema in one direction.
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

/// Returns the severities of the most severe change.
fn verdict(changes: &[WireChange]) -> String {
    let old_client = changes.iter().map(|change| change.severity).max();
    let new_client = changes.iter().map(|change| change.with_old_server).max();
    match (old_client, new_client) {
        (Some(old), Some(new)) if old == new => name(old),
        (Some(old), Some(new)) => format!("{}; old server: {}", name(old), name(new)),
        _ => "no change".to_owned(),
    }
}

/// Returns a table with a row per verdict, which lists the changes. `of` returns the columns after the first one.
fn table<C>(head: &str, changes: &[C], of: impl Fn(&C) -> (&str, String)) -> String {
    let mut rows: Vec<(String, Vec<&str>)> = Vec::new();
    for change in changes {
        let (name, verdict) = of(change);
        match rows.iter_mut().find(|(known, _)| *known == verdict) {
            Some((_, names)) if names.contains(&name) => {}
            Some((_, names)) => names.push(name),
            None => rows.push((verdict, vec![name])),
        }
    }
    let columns = head.matches('|').count() - 1;
    let rows: Vec<String> =
        rows.iter().map(|(verdict, names)| format!("| {} | {verdict} |", names.join("<br>"))).collect();
    format!("{head}\n{}|\n{}\n", "|---".repeat(columns), rows.join("\n"))
}

#[test]
fn the_page_is_current() {
    let tables = [
        table("| change of a schema | in requests | in responses |", &schemas(), |change| {
            let of =
                |is_sent| verdict(&messages(&with_schema(&change.old, is_sent), &with_schema(&change.new, is_sent)));
            (&change.change, format!("{} | {}", of(true), of(false)))
        }),
        table("| change | severity |", &operations(), |change| {
            (&change.change, verdict(&messages(&before(), &edited(&change.edits))))
        }),
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

/// The kinds of objects in `document.yaml`, whose keywords are edited.
const OBJECTS: [Kind; 21] = [
    Kind::CodeFlow,
    Kind::Components,
    Kind::Discriminator,
    Kind::Document,
    Kind::Encoding,
    Kind::Example,
    Kind::ExternalDocs,
    Kind::Header,
    Kind::Info,
    Kind::Link,
    Kind::MediaType,
    Kind::OAuthFlows,
    Kind::Operation,
    Kind::Parameter,
    Kind::PathItem,
    Kind::RequestBody,
    Kind::Response,
    Kind::Schema,
    Kind::SecurityScheme,
    Kind::Server,
    Kind::Xml,
];

/// Returns sample values of a form.
fn samples(form: &Form) -> Vec<Value> {
    match form {
        Form::Text => vec![json!("other"), json!("another")],
        Form::Boolean | Form::SchemaOrBoolean => vec![json!(true), json!(false)],
        Form::Number | Form::Count => vec![json!(7), json!(8)],
        Form::Any => vec![json!("other"), json!(7)],
        Form::Choice(choices) => choices.iter().map(|choice| json!(choice)).collect(),
        Form::List(Form::Text | Form::Any) => vec![json!(["other"])],
        Form::Map(Form::Text) => vec![json!({ "other": "#/components/schemas/A" })],
        _ => Vec::new(),
    }
}

/// Returns `true` if an edit of a keyword at a place may have no effect: a default, a keyword that applies only to properties, or a
/// name in the path.
fn may_change_nothing(kind: Kind, key: &str, at: &str) -> bool {
    match (kind, key) {
        (Kind::Schema, "readOnly" | "writeOnly") | (Kind::Header, "style") => true,
        (Kind::Parameter, "name" | "in" | "required") => at.ends_with("{id}/parameters/0"),
        (Kind::PathItem, "parameters") => at.ends_with("{id}"),
        // An empty list requires no credentials, and neither does an absent list.
        (Kind::Operation, "security") => at.ends_with("/get"),
        _ => false,
    }
}

/// Visits the objects of a document that the grammar defines, each with its kind and place.
fn each_object(form: &'static Form, value: &Value, at: &str, visit: &mut impl FnMut(Kind, &str)) {
    let key = |key: &str| format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
    match (form, value) {
        (Form::List(item), Value::Array(items)) => {
            (0..).zip(items).for_each(|(index, part)| each_object(item, part, &key(&index.to_string()), visit));
        }
        (Form::Map(item) | Form::Components(item), Value::Object(members)) => {
            members.iter().for_each(|(name, part)| each_object(item, part, &key(name), visit));
        }
        (form, Value::Object(members)) if !members.contains_key("$ref") => {
            let Some(object) = form.object() else { return };
            visit(object.kind, at);
            let parts = members.iter().filter_map(|(name, part)| Some((name, part, object.form_of(name)?)));
            parts.for_each(|(name, part, form)| each_object(form, part, &key(name), visit));
        }
        _ => {}
    }
}

#[test]
fn no_edit_of_a_keyword_is_dropped() {
    let document = before();
    let is_reported = |at: &str, key: &str, value: Option<&Value>| {
        let mut edited = document.clone();
        let object = edited.pointer_mut(at).and_then(Value::as_object_mut).expect("an object");
        match value {
            Some(value) => drop(object.insert(key.to_owned(), value.clone())),
            None => drop(object.remove(key)),
        }
        !messages(&document, &edited).is_empty()
    };
    let (mut dropped, mut kinds) = (Vec::new(), BTreeSet::new());
    each_object(&DOCUMENT, &document, "", &mut |kind, at| {
        kinds.insert(kind);
        let object = document.pointer(at).expect("an object");
        for field in kind.grammar().fields.iter().filter(|field| !may_change_nothing(kind, field.name, at)) {
            let old = object.get(field.name);
            let new: Vec<Value> = samples(&field.form).into_iter().filter(|value| old != Some(value)).collect();
            let is_dropped = match old {
                Some(_) => !is_reported(at, field.name, None),
                None => !new.is_empty() && !new.iter().any(|value| is_reported(at, field.name, Some(value))),
            };
            if is_dropped {
                dropped.push(format!("{kind:?}.{} at {at}", field.name));
            }
        }
    });
    assert_eq!(dropped, [""; 0]);
    let all = OBJECTS.into_iter().filter(|kind| !kinds.contains(kind));
    assert_eq!(all.collect::<Vec<_>>(), [], "document.yaml has none of them");
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
        document["components"]["schemas"]["Node"] = json!({ "allOf": [node], "properties": { "next": node, "last": { "allOf": [node] }, "value": { "type": leaf } } });
        document
    };
    let changes = messages(&cyclic("string"), &cyclic("integer"));
    assert_eq!(changes.len(), 1, "{changes:?}");
    assert_eq!(changes[0].operations, ["GET /new"]);
}

/// Returns the messages about two versions of paths, each with its severity and operations.
fn lines(old: &Value, new: &Value) -> Vec<String> {
    let document = |paths: &Value| {
        let mut document = before();
        document["paths"] = paths.clone();
        document
    };
    let line = |change: &WireChange| {
        format!("{}: {}: {}", name(change.severity), change.operations.join(", "), change.message)
    };
    messages(&document(old), &document(new)).iter().map(line).collect()
}

/// Returns a path whose operation sends and receives a schema.
fn echo(schema: &Value) -> Value {
    let content = json!({ "application/json": { "schema": schema } });
    json!({ "/echo": { "post": {
        "requestBody": { "content": content },
        "responses": { "200": { "description": "d", "content": content } },
    } } })
}

#[test]
fn messages_name_branches_and_bodies() {
    let branches = |required: Value| {
        let branch = |title: Value| json!({ "title": title, "type": "object", "required": required, "properties": { "a": { "type": "string" } } });
        json!({ "type": "object", "properties": { "x": { "oneOf": [branch(json!("Normal")), branch(Value::Null)] } } })
    };
    let expected = [
        "breaking: POST /echo: branch `Normal` of property `x` of the request body: `a` is now required",
        "breaking: POST /echo: branch `oneOf/1` of property `x` of the request body: `a` is now required",
        "compatible: POST /echo: branch `Normal` of property `x` of response `200`: `a` is now required",
        "compatible: POST /echo: branch `oneOf/1` of property `x` of response `200`: `a` is now required",
    ];
    assert_eq!(lines(&echo(&branches(json!([]))), &echo(&branches(json!(["a"])))), expected);
    // Both schemas become one component.
    let inline = json!({ "type": "object", "required": ["kind"], "properties": { "kind": { "type": "string" }, "sort": { "type": "boolean" }, "a": { "type": "string" } } });
    let expected = [
        "breaking: POST /echo: property `sort` of response `200`: changed `type` from `boolean` to `string`",
        "breaking: POST /echo: property `sort` of the request body: changed `type` from `boolean` to `string`",
    ];
    assert_eq!(lines(&echo(&inline), &echo(&json!({ "$ref": "#/components/schemas/A" }))), expected);
}

#[test]
fn another_type_is_one_change() {
    let old = json!({ "type": "object", "required": ["a"], "properties": { "a": { "type": "string" } } });
    let new = json!({ "type": "array", "maxItems": 3, "items": { "type": "string" } });
    let expected = [
        "breaking: POST /echo: request body: changed `type` from `object` to `array`",
        "breaking: POST /echo: response `200`: changed `type` from `object` to `array`",
    ];
    assert_eq!(lines(&echo(&old), &echo(&new)), expected);
    let choice = |ty: &str| json!({ "oneOf": [{ "type": ty, "title": "a" }, { "type": ty, "title": "b" }] });
    assert_eq!(lines(&echo(&choice("string")), &echo(&choice("object"))).len(), 4);
    let constant = json!({ "oneOf": [{ "type": "integer", "enum": [1] }] });
    assert_eq!(lines(&echo(&json!({ "type": "string", "enum": ["1"] })), &echo(&constant)).len(), 4);
}

#[test]
fn the_same_change_of_several_operations_is_reported_once() {
    let paths = |security: Value| {
        let item = json!({ "get": { "security": security, "responses": { "204": { "description": "d" } } } });
        json!({ "/a": item, "/b": item, "/c": { "get": { "security": [], "responses": {} } } })
    };
    let mut new = paths(json!([]));
    new["/a"]["get"]["responses"]["202"] = json!({ "description": "d" });
    new["/b"]["get"]["responses"]["202"] = json!({ "description": "another" });
    let item = new["/a"].clone();
    new["/d"] = item.clone();
    new["/e"] = item;
    let expected = [
        "risky: GET /a, GET /b: added response `202`",
        "compatible: GET /d: added the operation",
        "compatible: GET /e: added the operation",
    ];
    assert_eq!(lines(&paths(json!([])), &new), expected);
    // Two changes of one operation stay two, even if their shortened messages are equal.
    let choice = |ends: &[&str]| {
        let branch = |end| json!({ "type": "object", "properties": { format!("{}{end}", "a".repeat(90)): {} } });
        json!({ "anyOf": ends.iter().map(branch).collect::<Vec<_>>() })
    };
    let found = lines(&echo(&choice(&["x"])), &echo(&choice(&["x", "y", "z"])));
    assert_eq!((found.len(), found[0] == found[1]), (4, true), "{found:?}");
    let old = paths(json!([{ "token": [] }]));
    let new = paths(json!([{ "token": [] }, { "oauth": ["read", "write"], "key": [] }]));
    let expected = [
        "compatible: GET /a, GET /b: changed the credentials from `token` to `token` or `key` and `oauth`, scope `read`, scope `write`",
    ];
    assert_eq!(lines(&old, &new), expected);
}

#[test]
fn an_operation_of_another_version_is_compared() {
    let paths = |version: &str, schema: &str| {
        let content = json!({ "application/json": { "schema": { "type": schema } } });
        let get = json!({ "operationId": format!("{version}_list"), "responses": { "200": { "description": "d", "content": content } } });
        json!({ (format!("/slurm/{version}/jobs")): { "get": get } })
    };
    let expected = [
        "breaking: GET /slurm/v0.0.38/jobs: moved from `GET /slurm/v0.0.37/jobs`",
        "breaking: GET /slurm/v0.0.38/jobs: response `200`: changed `type` from `string` to `integer`",
        "documentation: GET /slurm/v0.0.38/jobs: changed `operationId` from `v0.0.37_list` to `v0.0.38_list`",
    ];
    assert_eq!(lines(&paths("v0.0.37", "string"), &paths("v0.0.38", "integer")), expected);
}

/// A document with places of all kinds that have public items.
const PLACES: &str = "openapi: 3.0.3
info: {title: Pets, version: 1.0.0}
paths:
  /pets:
    get:
      operationId: listPets
      tags: [pets]
      parameters:
      - $ref: '#/components/parameters/Sort'
      - {name: content, in: query, schema: {type: integer}}
      responses:
        '200':
          description: d
          content: {application/json: {schema: {type: object, properties: {schema: {type: string}}}}}
components:
  parameters:
    Sort: {name: sort, in: query, schema: {type: string, enum: [name, age]}}
  schemas:
    Pet: {type: object, properties: {a: {type: string}}}
";

#[test]
fn items_belong_to_the_changes_at_their_places() {
    let document = |text: String| Document::new("pets", Source { name: "pets.yaml".to_owned(), text });
    let edits = [
        ("content, in: query, schema: {type: integer}", "content, in: query, schema: {type: boolean}"),
        ("{schema: {type: string}}", "{schema: {$ref: '#/components/schemas/New'}}"),
        ("enum: [name, age]", "enum: [name, age, size, state]"),
    ];
    let new = edits.iter().fold(PLACES.to_owned(), |text, (old, new)| {
        assert!(text.contains(old), "{old}");
        text.replace(old, new)
    });
    let new = new + "    New: {type: object, properties: {a: {type: string}}}\n";
    let found = compare(Some(&document(PLACES.to_owned())), Some(&document(new))).unwrap();
    let shown = found.items.iter().map(|item| {
        let changes = item.changes.iter().map(|change| found.wire[*change].message.clone()).collect::<Vec<_>>();
        format!("{} < {}", item.item, changes.join(", "))
    });
    let mut shown: Vec<String> = shown.collect();
    shown.sort();
    let expected = [
        "pets::pets_operations::List::content < query parameter `content`: changed `type` from `integer` to `boolean`",
        "pets::types::ListPetsResponse.schema < property `schema` of response `200`: changed `type` from `string` to `object`",
        "pets::types::New < property `schema` of response `200`: changed `type` from `string` to `object`",
        "pets::types::Sort::Size < query parameter `sort`: added value `size`",
        "pets::types::Sort::State < query parameter `sort`: added value `state`",
    ];
    assert_eq!(shown, expected);
}
