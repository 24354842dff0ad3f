//! Pass of `normalize`: `x-amazon-apigateway-any-method`, where Amazon's documents have one operation for any method.
//!
//! In: a document of any version, bundled. Out: that operation under each method that the path has not, where the later passes
//! find it. Invariant: an operation that is there already stays as it is.

use serde_json::{Map, Value};

use super::pass::{Entry, Moves, Passed, Weight};
use super::trail::Origin;
use crate::pointer::Pointer;
use crate::structure::grammar::METHODS;

/// The extension's key.
const KEY: &str = "x-amazon-apigateway-any-method";

/// Writes the operations out.
pub(super) fn pass(mut value: Value) -> Passed {
    let (mut moves, mut entries) = (Moves::default(), Vec::new());
    for (path, item) in value.get_mut("paths").and_then(Value::as_object_mut).into_iter().flatten() {
        let at = Pointer::root().key("paths").key(path);
        if let Value::Object(members) = item
            && write_out(members, &at, &mut moves)
        {
            let text = format!("`{KEY}` is an operation for each method");
            entries.push(Entry {
                rule: "any-method",
                before: at.key(KEY),
                after: at,
                text,
                weight: Weight::Interpreted,
            });
        }
    }
    Passed { value, moves, entries }
}

fn write_out(members: &mut Map<String, Value>, at: &Pointer, moves: &mut Moves) -> bool {
    if !members.get(KEY).is_some_and(Value::is_object) {
        return false;
    }
    let Some(Value::Object(any)) = members.shift_remove(KEY) else { return false };
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
        moves.bring(at.key(method), Origin::Before(at.key(KEY)));
    }
    true
}
