//! Part of `normalize`: the last resort, for what no pass can make sense of.
//!
//! In: a document and what is wrong with it. Out: the document without the smallest nodes that are to blame, and an entry for
//! each. Invariant: whatever is left out is named, as lossy, and the document gets smaller every time.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::pass::{Entry, Weight, nearest};
use super::trail::Moves;
use super::unreadable::{LEFT_OUT, without_reference};
use crate::diagnostic::Diagnostic;
use crate::pointer::{Pointer, Step};
use crate::structure::extensions::{PAGINATION, POLLING};
use crate::structure::slots::Slot;

/// After so many times the parents of the nodes go, too: what is left of them does not stand alone.
const PATIENCE: usize = 8;

/// How often something is left out of one document, at most.
const MAX_TIMES: usize = 64;

/// Leaves out what is to blame for the faults, for the `time`th time. `None` if that would be the whole document.
pub(super) fn leave_out(value: &mut Value, faults: &[Diagnostic], time: usize) -> Option<(Moves, Vec<Entry>)> {
    let mut blamed: BTreeMap<Vec<Step>, (Pointer, &Diagnostic)> = BTreeMap::new();
    for fault in faults {
        let mut at = whole_key(whole_parameter(value, nearest(value, fault.pointer.clone())));
        for _ in 0..time / PATIENCE {
            at = at.parent().filter(|parent| *parent != Pointer::root()).unwrap_or(at);
        }
        if at != Pointer::root() {
            blamed.entry(at.steps()).or_insert((at, fault));
        }
    }
    if blamed.is_empty() || time > MAX_TIMES {
        return None;
    }
    let mut moves = Moves::default();
    let mut entries: Vec<Entry> = Vec::new();
    // From behind, so that the indexes before stay as they are, and from within: what goes may have been all that was wrong.
    let mut last = Pointer::root();
    for (at, fault) in blamed.into_values().rev() {
        if last.parent().is_some_and(|above| above.is_at_or_below(&at)) {
            continue;
        }
        if let Some(became) = without(value, &at, &mut moves) {
            let text = format!("{}: {became}", fault.message);
            let mut after = at.parent().unwrap_or_default();
            // An empty list would say that nobody needs a credential (OpenAPI 3.0.3 §4.7.10).
            let segments: Vec<String> = after.segments().collect();
            let is_list = requirements(&segments).is_some_and(|list| list + 1 == segments.len());
            if is_list && value.pointer(after.as_str()) == Some(&json!([])) {
                moves.remove(value, &after);
                after = after.parent().unwrap_or_default();
            }
            entries.push(Entry::of_fault(fault.code, Weight::Lossy, at.clone(), after, text));
        }
        last = at;
    }
    entries.reverse();
    Some((moves, entries))
}

/// Removes a node, and says what became of it. `None` if it is not there.
fn without(value: &mut Value, at: &Pointer, moves: &mut Moves) -> Option<&'static str> {
    let object = at.parent().filter(|_| at.last().as_deref() == Some("$ref") && value.get("swagger").is_none());
    match object.and_then(|object| Slot::at(value, &object, |_, _, _| true)) {
        Some((slot, _)) => without_reference(value, at, slot, moves),
        None => moves.remove(value, at).then_some(LEFT_OUT),
    }
}

/// The smallest node around `at` that can be removed as a whole: `x-pagination`, `x-polling`, or a security requirement. Removing only a
/// part of one would change its meaning.
fn whole_key(at: Pointer) -> Pointer {
    let segments: Vec<String> = at.segments().collect();
    // `/paths/PATH/get` and `/paths/PATH/x-additional-operations/QUERY` are operations.
    let is_key = |index: usize| {
        let key = segments.get(index).map(String::as_str);
        segments.first().is_some_and(|first| first == "paths") && matches!(key, Some(PAGINATION | POLLING))
    };
    // The scopes of a scheme change nothing for a client, the scheme does.
    let requirement = requirements(&segments).filter(|list| segments.len() == list + 3).map(|list| list + 1);
    let key = [3, 4].into_iter().find(|index| is_key(*index)).or(requirement);
    key.map_or(at, |index| segments.iter().take(index + 1).fold(Pointer::root(), |above, segment| above.key(segment)))
}

/// The parameter that does not say where it is sent, for its `in`: without one it is not a parameter.
fn whole_parameter(value: &Value, at: Pointer) -> Pointer {
    let is_named = |parent: &Pointer| value.pointer(parent.as_str()).is_some_and(|parent| parent["name"].is_string());
    let holder = at.parent().filter(|parent| at.last().as_deref() == Some("in") && is_named(parent));
    holder.unwrap_or(at)
}

/// Which segment is `security`, of an operation or of the document.
fn requirements(segments: &[String]) -> Option<usize> {
    let is = |index: &usize, key: &str| segments.get(*index).is_some_and(|segment| segment == key);
    let in_operation = || [3, 4].into_iter().find(|index| is(&0, "paths") && is(index, "security"));
    Some(0).filter(|index| is(index, "security")).or_else(in_operation)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::codes;

    fn fault(at: &str) -> Diagnostic {
        Diagnostic::invalid(codes::BAD_VALUE, "", Pointer::parse(at).unwrap(), "wrong")
    }

    #[test]
    fn the_innermost_goes_first_and_indexes_hold() {
        let mut value = json!({"a": {"b": [0, 1, 2, 3], "c": 4}, "d": 5});
        let faults = ["/a/b/1", "/a", "/a/b/3", "/d/none"].map(fault);
        let (moves, entries) = leave_out(&mut value, &faults, 0).unwrap();
        assert_eq!(value, json!({"a": {"b": [0, 2], "c": 4}}));
        let before: Vec<&str> = entries.iter().map(|entry| entry.before.pointer().as_str()).collect();
        assert_eq!(before, ["/a/b/1", "/a/b/3", "/d"]);
        assert!(entries.iter().all(|entry| entry.weight == Weight::Lossy && entry.text == "wrong: left out"));
        assert_eq!(moves.before(&Pointer::parse("/a/b/1").unwrap()).as_str(), "/a/b/2");
    }

    #[test]
    fn a_key_that_says_one_thing_goes_as_a_whole() {
        let operation = json!({"x-polling": {"property": "a", "success": []}, "b": 1});
        let mut value = json!({"paths": {"/a": {"get": operation}}});
        let faults = ["success", "property"].map(|key| fault(&format!("/paths/~1a/get/x-polling/{key}")));
        let (_, entries) = leave_out(&mut value, &faults, 0).unwrap();
        assert_eq!((value, entries.len()), (json!({"paths": {"/a": {"get": {"b": 1}}}}), 1));
    }

    #[test]
    fn a_parameter_without_a_place_goes_as_a_whole() {
        let mut value = json!({"a": [{"name": "b", "in": "nowhere"}, {"in": {"name": {}}}]});
        let (_, entries) = leave_out(&mut value, &["/a/0/in", "/a/1/in/name"].map(fault), 0).unwrap();
        assert_eq!((value, entries.len()), (json!({"a": [{"in": {}}]}), 2));
    }

    #[test]
    fn what_comes_back_takes_what_is_around_it_along() {
        let mut value = json!({"a": {"b": {"c": 1}}});
        assert!(leave_out(&mut value, &[fault("/a/b/c")], PATIENCE).is_some());
        assert_eq!(value, json!({"a": {}}));
    }

    #[test]
    fn the_document_itself_is_never_left_out() {
        let mut value = json!({"a": 1});
        assert!(leave_out(&mut value, &[fault("")], 0).is_none());
        assert!(leave_out(&mut value, &[fault("/a")], MAX_TIMES + 1).is_none());
        assert_eq!(value, json!({"a": 1}));
    }

    #[test]
    fn what_is_left_of_requirements_never_says_less_than_they_did() {
        let mut value = json!({
            "security": [{"a": [], "b": 1}],
            "paths": {"/a": {"get": {"security": [1, {"a": [2]}, {}]}, "put": {"security": [1]}}},
        });
        let get = |rest: &str| fault(&format!("/paths/~1a/get/security/{rest}"));
        let faults = [fault("/security/0/b"), get("0"), get("1/a/0"), fault("/paths/~1a/put/security/0")];
        let (_, entries) = leave_out(&mut value, &faults, 0).unwrap();
        assert_eq!(value, json!({"paths": {"/a": {"get": {"security": [{"a": []}, {}]}, "put": {}}}}));
        assert_eq!(entries.len(), 4);
    }
}
