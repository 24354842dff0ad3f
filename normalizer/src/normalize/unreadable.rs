//! Part of `normalize`: what is left of an object whose `$ref` leads to nothing that can be read.
//!
//! In: what kind of object it is, and where. Out: whether it goes as a whole, and the least that is known of it. Invariant: an operation
//! goes on taking its body, and giving one where it succeeds: any, since nothing is known about it.

use serde_json::{Value, json};

use super::trail::Moves;
use crate::pointer::Pointer;
use crate::structure::grammar::{Kind, has_no_body};
use crate::structure::slots::Slot;

/// What becomes of a node that nothing is known about.
pub(super) const LEFT_OUT: &str = "left out";

/// Takes the reference at `at` out of an object of this kind. Says what became of it; `None` if there is no such reference.
pub(super) fn without_reference(
    document: &mut Value,
    at: &Pointer,
    slot: Slot,
    moves: &mut Moves,
) -> Option<&'static str> {
    let object = at.parent()?;
    // Without its value, an example would show another one.
    if slot == Slot::One(Kind::Example) {
        return moves.remove(document, &object).then_some(LEFT_OUT);
    }
    if !moves.remove(document, at) {
        return None;
    }
    let (key, value, text) = match slot {
        Slot::One(Kind::RequestBody) => ("content", json!({"*/*": {}}), "any body is taken for it"),
        Slot::One(Kind::Response) if brings_something(&object) => {
            ("content", json!({"*/*": {}}), "any body is taken for it")
        }
        Slot::One(Kind::Header) => ("schema", json!({}), "any value is taken for it"),
        _ => return Some(LEFT_OUT),
    };
    if let Some(Value::Object(members)) = document.pointer_mut(object.as_str()) {
        members.entry(key).or_insert(value);
    }
    Some(text)
}

/// Whether it is a success that may have a body: what a failure says can be read whatever is known of it.
fn brings_something(response: &Pointer) -> bool {
    let status = response.last().unwrap_or_default();
    status.len() == 3 && status.starts_with('2') && !has_no_body(&status)
}
