//! Values against an independent validator, and the text of programs.

mod programs;
mod schemas;
mod validator;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::value::{Missing, Mode, ValuePlace, Values, Wish};
use super::{CONTRACT_VALUE, Program, program_for};
use clientwright::generate::{Document, read_api};
use clientwright::ir::{Api, Location, TypeRef};
use clientwright_normalizer::diagnostic::Diagnostic;
use clientwright_normalizer::pointer::Pointer;
use clientwright_normalizer::{Source, load};
use validator::Validator;

/// Returns a document from a value.
fn document(value: &Value) -> Document {
    Document::new("test", Source { name: "test.json".to_owned(), text: value.to_string() })
}

/// Returns a document with one operation, `POST /`, whose body has this schema.
fn with_body(schema: &Value, schemas: &Value) -> Value {
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Test", "version": "1" },
        "paths": { "/": { "post": {
            "operationId": "send",
            "requestBody": { "required": true, "content": { "application/json": { "schema": schema } } },
            "responses": { "204": { "description": "" } },
        } } },
        "components": { "schemas": schemas },
    })
}

/// Returns the documents of a folder.
fn documents(folder: &str) -> Vec<Document> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder);
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let documents = paths.iter().filter(|path| path.extension().is_some_and(|ending| ending == "yaml"));
    documents
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            Document::new(name.clone(), load::read(path, &name).unwrap())
        })
        .collect()
}

/// Returns everything that operations send: a description, the schema's pointer, the type, and the place.
fn sent(api: &Api) -> Vec<(String, Pointer, TypeRef, ValuePlace)> {
    let mut sent = Vec::new();
    for operation in &api.operations {
        // The client itself sends constants.
        for parameter in operation.parameters.iter().filter(|parameter| parameter.constant.is_none()) {
            let place = match parameter.location {
                Location::Path => ValuePlace::Path,
                Location::Query => ValuePlace::Query,
                Location::Header => ValuePlace::Header,
                Location::Cookie => ValuePlace::Cookie,
            };
            let what = format!("{} {}", operation.id, parameter.wire_name);
            sent.push((what, parameter.origin.key("schema"), parameter.ty, place));
        }
        for media_type in operation.body.iter().flat_map(|body| &body.media_types) {
            let what = format!("{} {}", operation.id, media_type.name);
            sent.push((what, media_type.origin.key("schema"), media_type.ty, ValuePlace::Body));
        }
    }
    sent
}

/// Returns the faults of generated values for a document.
fn faults(document: &Document) -> Vec<String> {
    let (api, _) = read_api(document).unwrap();
    let value = load::parse(&document.source).unwrap();
    let values = Values::new(&api, &value);
    let validator = Validator::new(&value);
    let mut faults = Vec::new();
    for (what, at, used, place) in sent(&api) {
        if value.pointer(at.as_str()).is_none() {
            continue; // A media type without a schema.
        }
        let judge = validator.at(&at);
        for mode in [Mode::Required, Mode::Full] {
            for turn in 0..values.branches(used).max(3) {
                let wish = Wish { mode, place, separators: "", turn };
                match values.make(used, wish) {
                    Ok(made) => {
                        let told = made.left_out.iter().map(told);
                        faults.extend(told.map(|told| format!("{what} {mode:?}: {told}")));
                        let value = made.value.json();
                        let wrong = judge.errors(&value);
                        faults.extend(wrong.iter().map(|wrong| format!("{what} {mode:?} {turn}: {value} {wrong}")));
                    }
                    Err(missing) => faults.push(format!("{what} {mode:?}: {}", told(&missing))),
                }
            }
        }
    }
    faults
}

fn told(missing: &Missing) -> String {
    format!("{}: {:?}", missing.at, missing.why)
}

/// Returns the program of a valid document.
fn program_of(document: &Document) -> Program {
    program_for(document, "client::test").unwrap_or_else(|errors| panic!("{errors:#?}"))
}

/// Returns the number of occurrences in a program.
fn count(program: &Program, what: &str) -> usize {
    program.file.contents.matches(what).count()
}

/// Returns the reported omissions of a program.
fn left_out(program: &Program) -> Vec<&Diagnostic> {
    program.diagnostics.iter().filter(|found| found.code == CONTRACT_VALUE).collect()
}
