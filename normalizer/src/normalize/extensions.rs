//! Passes of `normalize`: what vendors keep in extensions of their own and is like any other operation.
//!
//! In: a document of any version, bundled. Out: its operations where the later passes find them: those of paths with a query,
//! which Azure's documents list under `x-ms-paths`, and the one for any method that Amazon's documents have. Invariant: a path or
//! operation that is there already stays as it is, and what has no place stays where it was.

use serde_json::{Map, Value, json};

use super::pass::{Entry, Moves, Record, Weight};
use super::trail::Origin;
use crate::pointer::Pointer;
use crate::structure::grammar::{METHODS, is_extension};

/// Azure's extension.
const MS_PATHS: &str = "x-ms-paths";

/// Amazon's extension.
const ANY_METHOD: &str = "x-amazon-apigateway-any-method";

/// Moves the paths with a query among the others.
pub(super) fn ms_paths(value: &mut Value, record: &mut Record) {
    let Value::Object(document) = value else { return };
    let Some(Value::Object(extra)) = document.get(MS_PATHS) else { return };
    let paths = document.get("paths");
    if paths.is_some_and(|paths| !paths.is_object()) {
        return;
    }
    let is_free = |(path, item): &(&String, &Value)| {
        item.is_object() && !is_extension(path) && paths.is_none_or(|paths| paths.get(path.as_str()).is_none())
    };
    let free: Vec<String> = extra.iter().filter(is_free).map(|(path, _)| path.clone()).collect();
    if free.is_empty() {
        return;
    }
    let Some(Value::Object(mut extra)) = document.shift_remove(MS_PATHS) else { return };
    let Value::Object(paths) = document.entry("paths").or_insert_with(|| json!({})) else { return };
    for path in free {
        let Some(item) = extra.shift_remove(&path) else { continue };
        let (before, after) = (Pointer::root().key(MS_PATHS).key(&path), Pointer::root().key("paths").key(&path));
        let text = format!("`{path}` of `{MS_PATHS}` is a path like the others");
        record.moves.push(after.clone(), before.clone());
        record.note(Entry { rule: "ms-paths", before: before.into(), after, text, weight: Weight::Interpreted });
        paths.insert(path, item);
    }
    if !extra.is_empty() {
        document.insert(MS_PATHS.to_owned(), Value::Object(extra));
    }
}

/// Writes the operation for any method out under each that the path has not.
pub(super) fn any_method(value: &mut Value, record: &mut Record) {
    for (path, item) in value.get_mut("paths").and_then(Value::as_object_mut).into_iter().flatten() {
        let at = Pointer::root().key("paths").key(path);
        if let Value::Object(members) = item
            && write_out(members, &at, &mut record.moves)
        {
            let text = format!("`{ANY_METHOD}` is an operation for each method");
            let (before, weight) = (at.key(ANY_METHOD).into(), Weight::Interpreted);
            record.note(Entry { rule: "any-method", before, after: at, text, weight });
        }
    }
}

fn write_out(members: &mut Map<String, Value>, at: &Pointer, moves: &mut Moves) -> bool {
    if !members.get(ANY_METHOD).is_some_and(Value::is_object) {
        return false;
    }
    let Some(Value::Object(any)) = members.shift_remove(ANY_METHOD) else { return false };
    for method in METHODS.into_iter().filter(|method| *method != "trace") {
        if members.contains_key(method) {
            continue;
        }
        let mut operation = any.clone();
        if let Some(Value::String(id)) = operation.get_mut("operationId") {
            id.push('_');
            id.push_str(method);
        }
        members.insert(method.to_owned(), operation.into());
        moves.bring(at.key(method), Origin::Before(at.key(ANY_METHOD)));
    }
    true
}
