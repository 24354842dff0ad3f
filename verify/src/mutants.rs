//! `cargo xtask mutants`: documents with random changes of their structure, for `corpus`.
//!
//! In: OpenAPI 3 documents. Out: copies in `target/mutants` with other names, schemas, parameters, bodies, responses and descriptions,
//! and whether each is generated and compiles without a warning. Invariant: a seed gives the same copies on any machine.

use std::fs;
use std::path::PathBuf;

use fastrand::Rng;
use serde_json::{Map, Value, json};

use crate::corpus::{self, documents::all_documents};
use crate::files::{at, data};
use crate::seeds::Seeds;

/// The documents to change.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The folder of the documents: those in it, and in the folders below
    folder: PathBuf,
    #[command(flatten)]
    copies: Seeds,
}

/// The maximum size of a document, in bytes. Larger ones take longer to compile without finding more.
const LARGEST: u64 = 100_000;

/// The maximum number of changes in a copy.
const CHANGES: usize = 40;

/// The maximum depth of a new schema.
const DEPTH: usize = 3;

/// Names with a meaning in Rust or in a client, and strings that are not identifiers.
const NAMES: [&str; 64] = [
    "Option", "Vec", "String", "Box", "Result", "Client", "Error", "Self", "self", "i64", "Request", "Response",
    "Default", "models", "types", "Some", "Ok", "str", "bool", "crate", "async", "gen", "try", "Builder", "DateTime",
    "Value", "Secret", "Clone", "mod", "std", "client", "webhooks", "Unknown", "Items", "Page", "Event", "File",
    "Body", "Query", "T", "", "1", "-", "$", "a b", "ä", "日本", "new", "additional_properties", "clone", "eq", "fmt",
    "into", "from", "send", "with_timeout", "list", "x-y", "x_y", "xY", "_", "true", "a/b", "items",
];

/// Media types of each family, and unusual ones.
const MEDIA_TYPES: [&str; 16] = [
    "application/json",
    "application/xml",
    "text/plain",
    "text/csv",
    "text/event-stream",
    "application/jsonl",
    "application/json-seq",
    "application/octet-stream",
    "multipart/form-data",
    "multipart/related",
    "application/x-www-form-urlencoded",
    "image/png",
    "application/problem+json",
    "application/merge-patch+json",
    "text/plain; charset=iso-8859-1",
    "*/*",
];

/// Formats of strings and numbers.
const FORMATS: [&str; 14] = [
    "date", "date-time", "uuid", "int32", "int64", "float", "byte", "binary", "decimal", "password", "duration",
    "time", "uint64", "other",
];

/// Keys of responses.
const STATUSES: [&str; 12] = ["200", "201", "202", "204", "304", "400", "401", "404", "429", "2XX", "5XX", "default"];

/// Texts that Markdown, HTML and rustdoc interpret differently.
const TEXTS: [&str; 14] = [
    "[link", "<b>x", "```\nlet x = 1;", "`a", "*/ /*", "http://x.io/a_b", "[`Foo`]", "[a](b", "    code",
    "# T\n\n## U", "| a |\n|---|\n| b |", "Vec<T>", "[x]: y", "a\r\nb",
];

/// Writes the copies, and tests them.
pub(crate) fn run(arguments: &Arguments) -> Result<bool, String> {
    let sources = sources(arguments)?;
    let folder = arguments.copies.write("mutants", |seed| {
        let mut random = Rng::with_seed(seed);
        let mut document = one(&mut random, &sources).clone();
        for _ in 0..random.usize(1..=CHANGES) {
            change(&mut random, &mut document);
        }
        document
    })?;
    corpus::run(&corpus::Arguments::of(&folder, &["--jobs", "2"])?)
}

/// Reads the documents that may be changed.
fn sources(arguments: &Arguments) -> Result<Vec<Value>, String> {
    let mut sources = Vec::new();
    for path in all_documents(&arguments.folder)? {
        let is_small = fs::metadata(&path).map_err(at(&path))?.len() <= LARGEST;
        // Other files are skipped.
        let document: Option<Value> = is_small.then(|| data(&path).ok()).flatten();
        sources.extend(document.filter(|document| document["openapi"].is_string() && document["paths"].is_object()));
    }
    if sources.is_empty() {
        return Err(format!("there is no document of OpenAPI 3 in {}", arguments.folder.display()));
    }
    Ok(sources)
}

/// Places that can be changed, as JSON pointers.
#[derive(Default)]
struct Places {
    schemas: Vec<String>,
    operations: Vec<String>,
    described: Vec<String>,
}

impl Places {
    fn of(document: &Value) -> Self {
        let mut places = Self::default();
        places.walk(document, "", "");
        places
    }

    fn walk(&mut self, value: &Value, at: &str, key: &str) {
        let members: Vec<(String, &Value)> = match value {
            Value::Object(members) => members.iter().map(|(key, value)| (key.clone(), value)).collect(),
            Value::Array(items) => items.iter().enumerate().map(|(index, value)| (index.to_string(), value)).collect(),
            _ => return,
        };
        if value.get("responses").is_some_and(Value::is_object) {
            self.operations.push(at.to_owned());
        }
        if value.get("description").is_some() {
            self.described.push(at.to_owned());
        }
        for (name, part) in members {
            let below = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
            let is_schema = matches!(key, "properties" | "schemas" | "allOf" | "oneOf" | "anyOf")
                || matches!(name.as_str(), "schema" | "items" | "additionalProperties");
            if is_schema && part.is_object() {
                self.schemas.push(below.clone());
            }
            if !matches!(name.as_str(), "example" | "examples" | "default" | "enum") {
                self.walk(part, &below, &name);
            }
        }
    }
}

/// Changes one place of a document.
fn change(random: &mut Rng, document: &mut Value) {
    let places = Places::of(document);
    let components: Vec<String> = document
        .pointer("/components/schemas")
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(Map::keys)
        .cloned()
        .collect();
    let (places, change): (_, fn(&mut Rng, &mut Value, &[String])) = match random.u8(..10) {
        0..5 => (places.schemas, change_schema),
        5..9 => (places.operations, change_operation),
        _ => (places.described, |random, described, _| described["description"] = (*one(random, &TEXTS)).into()),
    };
    if let Some(place) = random.choice(&places).and_then(|at| document.pointer_mut(at)) {
        change(random, place, &components);
    }
}

fn change_schema(random: &mut Rng, schema: &mut Value, components: &[String]) {
    let [first, second, property] = std::array::from_fn(|_| new_schema(random, components, DEPTH));
    let old = schema.take();
    *schema = match random.u8(..8) {
        0 => first,
        1 => json!({(*one(random, &["oneOf", "anyOf", "allOf"])): [old, first, second]}),
        2 => json!({"type": "array", "items": old}),
        3 => json!({"type": "object", "additionalProperties": old}),
        _ => old,
    };
    let Some(members) = schema.as_object_mut() else { return };
    let (key, value) = match random.u8(..8) {
        0 => ("nullable", true.into()),
        1 => ("default", new_value(random)),
        2 => ("enum", json!([new_value(random), new_value(random)])),
        3 => ("format", (*one(random, &FORMATS)).into()),
        4 => ("x-secret", true.into()),
        5 => (*one(random, &["readOnly", "writeOnly", "deprecated"]), true.into()),
        6 => ("required", json!([one(random, &NAMES)])),
        _ => {
            let mut properties = members.remove("properties").unwrap_or_else(|| json!({}));
            if let Some(properties) = properties.as_object_mut() {
                properties.insert((*one(random, &NAMES)).to_owned(), property);
            }
            ("properties", properties)
        }
    };
    members.insert(key.to_owned(), value);
}

fn change_operation(random: &mut Rng, operation: &mut Value, components: &[String]) {
    let name = *one(random, &NAMES);
    let schema = new_schema(random, components, DEPTH);
    let content =
        json!({(*one(random, &MEDIA_TYPES)): {"schema": schema}, (*one(random, &MEDIA_TYPES)): {"schema": schema}});
    match random.u8(..6) {
        0 => operation["operationId"] = name.into(),
        1 => operation["tags"] = json!([name]),
        2 => {
            let location = *one(random, &["query", "header", "cookie"]);
            let parameter = json!({"name": name, "in": location, "required": random.bool(), "explode": random.bool(), "schema": schema});
            match operation.get_mut("parameters").and_then(Value::as_array_mut) {
                Some(parameters) => parameters.push(parameter),
                None => operation["parameters"] = json!([parameter]),
            }
        }
        3 => operation["requestBody"] = json!({"required": random.bool(), "content": content}),
        4 => {
            let callback =
                json!({"post": {"requestBody": {"content": content}, "responses": {"204": {"description": ""}}}});
            operation["callbacks"] = json!({name: {"{$request.body#/url}": callback}});
        }
        _ => {
            let headers = json!({name: {"schema": schema}});
            operation["responses"][*one(random, &STATUSES)] =
                json!({"description": name, "content": content, "headers": headers});
        }
    }
}

fn new_schema(random: &mut Rng, components: &[String], depth: usize) -> Value {
    let Some(depth) = depth.checked_sub(1) else { return json!({"type": "string"}) };
    match random.u8(..9) {
        0..3 if !components.is_empty() => json!({"$ref": format!("#/components/schemas/{}", one(random, components))}),
        3 => json!({"type": "boolean"}),
        4 => json!({"type": *one(random, &["integer", "number"]), "format": *one(random, &FORMATS)}),
        5 => json!({"type": "array", "items": new_schema(random, components, depth)}),
        6 => json!({"enum": [new_value(random), new_value(random)]}),
        7 => {
            let properties: Map<String, Value> = (0..random.usize(..4))
                .map(|_| ((*one(random, &NAMES)).to_owned(), new_schema(random, components, depth)))
                .collect();
            let required = random.choose_multiple(properties.keys(), properties.len() / 2);
            json!({"type": "object", "required": required, "properties": properties})
        }
        _ => json!({"type": "string", "format": *one(random, &FORMATS)}),
    }
}

fn new_value(random: &mut Rng) -> Value {
    let name = *one(random, &NAMES);
    one(
        random,
        &[
            json!(null),
            json!(true),
            json!(0),
            json!(-1),
            json!(0.5),
            json!(1u64 << 63),
            json!([]),
            json!({name: 1}),
            json!(name),
        ],
    )
    .clone()
}

/// Returns one of several values. The list is not empty.
fn one<'v, T>(random: &mut Rng, of: &'v [T]) -> &'v T {
    random.choice(of).expect("one of them")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_copy_and_each_place_is_changed() {
        let document = json!({"openapi": "3.0.3", "paths": {"/a": {"get": {"responses": {"200": {"description": "d"}}}}},
            "components": {"schemas": {"A": {"type": "object", "properties": {"b": {"type": "string"}}}}}});
        let changed = |seed: u64| {
            let (mut random, mut copy) = (Rng::with_seed(seed), document.clone());
            change(&mut random, &mut copy);
            copy
        };
        let copies: Vec<Value> = (0..200).map(changed).collect();
        assert_eq!(copies, (0..200).map(changed).collect::<Vec<_>>());
        for at in ["/paths/~1a/get", "/components/schemas/A", "/components/schemas/A/properties/b"] {
            assert!(copies.iter().any(|copy| copy.pointer(at) != document.pointer(at)), "{at} stays");
        }
    }
}
