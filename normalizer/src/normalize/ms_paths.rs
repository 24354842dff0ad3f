//! Pass of `normalize`: `x-ms-paths`, where Azure's documents list paths with a query.
//!
//! In: a document of any version, bundled. Out: the document with those paths among its `paths`, where the later passes find
//! them. Invariant: a path that is there already stays as it is, and the other one stays where it was.

use serde_json::{Value, json};

use super::pass::{Entry, Moves, Passed, Weight};
use crate::pointer::Pointer;
use crate::structure::grammar::is_extension;

/// The extension's key.
pub(super) const KEY: &str = "x-ms-paths";

/// Moves the paths.
pub(super) fn pass(mut value: Value) -> Passed {
    let (moves, entries) = gather(&mut value).unwrap_or_default();
    Passed { value, moves, entries }
}

/// What was moved; `None` if there is nothing to move.
fn gather(value: &mut Value) -> Option<(Moves, Vec<Entry>)> {
    let document = value.as_object_mut()?;
    let Some(Value::Object(extra)) = document.get(KEY) else { return None };
    let paths = document.get("paths");
    if paths.is_some_and(|paths| !paths.is_object()) {
        return None;
    }
    let is_free = |(path, item): &(&String, &Value)| {
        item.is_object() && !is_extension(path) && paths.is_none_or(|paths| paths.get(path.as_str()).is_none())
    };
    let free: Vec<String> = extra.iter().filter(is_free).map(|(path, _)| path.clone()).collect();
    if free.is_empty() {
        return None;
    }
    let Some(Value::Object(mut extra)) = document.shift_remove(KEY) else { return None };
    let Value::Object(paths) = document.entry("paths").or_insert_with(|| json!({})) else { return None };
    let (mut moves, mut entries) = (Moves::default(), Vec::new());
    for path in free {
        let Some(item) = extra.shift_remove(&path) else { continue };
        let (before, after) = (Pointer::root().key(KEY).key(&path), Pointer::root().key("paths").key(&path));
        let text = format!("`{path}` of `{KEY}` is a path like the others");
        moves.push(after.clone(), before.clone());
        entries.push(Entry { rule: "ms-paths", before, after, text, weight: Weight::Interpreted });
        paths.insert(path, item);
    }
    if !extra.is_empty() {
        document.insert(KEY.to_owned(), Value::Object(extra));
    }
    Some((moves, entries))
}
