//! Part of `normalize`: overlays (OpenAPI Overlay Specification 1.0 and 1.1).
//!
//! In: the vendor's document and an overlay. Out: the document with the actions applied, and which node comes from the
//! overlay. Invariant: an action that matches nothing is a fault unless it says `x-optional: true`.
//!
//! Unlike the specification: an item that an array already holds is not added again.

mod apply;

use serde_json::Value;
use serde_json_path::JsonPath;

use super::files::Files;
use super::pass::Passed;
use super::trail::{SourceLocation, Trail};
use crate::diagnostic::{Diagnostic, codes};
use crate::limits::{self, MAX_QUERY_DEPTH};
use crate::pointer::Pointer;
use crate::structure::examine_as;
use crate::structure::grammar::Kind;
use crate::structure::rules::is_version;

/// Applies the overlay that is file `index`; `trail` leads from the document back to its files.
pub(super) fn overlay(
    value: Value,
    files: &Files,
    index: usize,
    trail: &Trail,
) -> Result<Passed<SourceLocation>, Vec<Diagnostic>> {
    let shown = files.shown(index);
    let actions = actions(shown, files.value(index))?;
    let passed = Passed { value, ..Passed::default() };
    let mut run = apply::Run { shown, file: index, trail, passed, faults: Vec::new() };
    actions.iter().for_each(|action| run.action(action));
    if run.faults.is_empty() { Ok(run.passed) } else { Err(run.faults) }
}

/// One action.
#[derive(Debug)]
struct Action {
    /// Where it stands in the overlay.
    at: Pointer,
    target: JsonPath,
    description: Option<String>,
    change: Change,
    /// `x-optional: true`: it may match nothing.
    is_optional: bool,
    /// Whether primitive values can be targets: since 1.1.
    takes_primitives: bool,
}

/// What is done to each target.
#[derive(Debug)]
enum Change {
    Update(Value),
    Copy(JsonPath),
    Remove,
}

/// The actions of an overlay. Every fault is found before anything is applied, each at its place in the overlay.
fn actions(shown: &str, overlay: &Value) -> Result<Vec<Action>, Vec<Diagnostic>> {
    let mut faults = examine_as(shown, overlay, Kind::Overlay).found;
    let takes_primitives = overlay.as_object().is_some_and(|members| is_version(members, "1.1"));
    let items = overlay.get("actions").and_then(Value::as_array);
    let mut actions = Vec::new();
    for (index, item) in items.into_iter().flatten().enumerate() {
        let at = Pointer::root().key("actions").index(index);
        let mut path = |key: &str| match query(item.get(key)?.as_str()?) {
            Ok(path) => Some(path),
            Err(fault) => {
                let fault = Diagnostic::invalid(codes::BAD_VALUE, shown, at.key(key), format!("`{key}` is {fault}"));
                faults.push(fault.with_help("a path is written `$.paths['/pets/{id}'].get`"));
                None
            }
        };
        let (target, copied) = (path("target"), path("copy"));
        let is_true = |key: &str| item.get(key) == Some(&Value::Bool(true));
        let change = match item.get("update") {
            _ if is_true("remove") => Some(Change::Remove),
            Some(update) => Some(Change::Update(update.clone())),
            None => copied.map(Change::Copy),
        };
        let description = item.get("description").and_then(Value::as_str).map(str::to_owned);
        let is_optional = is_true("x-optional");
        if let (Some(target), Some(change)) = (target, change) {
            actions.push(Action { at, target, description, change, is_optional, takes_primitives });
        }
    }
    if faults.is_empty() { Ok(actions) } else { Err(faults) }
}

/// Reads a JSONPath query (RFC 9535).
fn query(text: &str) -> Result<JsonPath, String> {
    if limits::nesting(text, b"([!", b")]") > MAX_QUERY_DEPTH {
        return Err(String::from("nested too deep"));
    }
    let fault = |position| format!("no JSONPath (RFC 9535) from character {} on", position + 1);
    JsonPath::parse(text).map_err(|error| fault(error.position()))
}

#[cfg(test)]
mod tests;
