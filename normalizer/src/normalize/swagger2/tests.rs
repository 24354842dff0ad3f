//! Tests of the conversion from Swagger 2.0.

mod bodies;
mod components;
mod left_over;
mod parameters;
mod responses;
mod robustness;
mod servers;

use serde_json::Value;

use crate::load;
use crate::normalize::pass::{Entry, EntryKind, Outcome, Passed, run};
use crate::pointer::Pointer;
use crate::source::Source;

fn read(text: &str) -> Value {
    load::parse(&Source { name: "swagger.yaml".to_owned(), text: text.to_owned() }).unwrap()
}

fn pass(document: Value) -> Outcome {
    run(document, super::pass)
}

/// Converts a document; every entry must lead to a node in both documents.
fn converted(text: &str) -> Passed {
    let old = read(text);
    let step = pass(old.clone()).unwrap();
    for entry in &step.entries {
        assert!(old.pointer(entry.before.pointer.as_str()).is_some(), "{entry:?}");
        assert!(step.value.pointer(entry.after.as_str()).is_some(), "{entry:?}");
    }
    step
}

fn left_out(text: &str) -> Vec<Entry> {
    converted(text).entries.into_iter().filter(|entry| entry.fault.is_some()).collect()
}

/// Returns a document with one operation, `POST /things`, given by its lines.
fn operation(lines: &str) -> String {
    let indented = lines.trim_matches('\n').replace('\n', "\n      ");
    format!("swagger: '2.0'\npaths:\n  /things:\n    post:\n      {indented}\n")
}

/// Returns the converted `POST /things`.
fn things(step: &Passed) -> &Value {
    &step.value["paths"]["/things"]["post"]
}

fn rules(step: &Passed, kind: EntryKind) -> Vec<&'static str> {
    step.entries.iter().filter(|entry| entry.kind == kind).map(|entry| entry.rule).collect()
}

fn pointer(text: &str) -> Pointer {
    Pointer::parse(text).unwrap()
}
