//! Part of `examples`: the changes of a value by decoding and encoding.
//!
//! In: a value before and after, and its schema. Out: the significant differences.
//!
//! Invariant: only the document's schemas, never the IR, determine whether a difference is significant.

use std::collections::BTreeSet;

use serde_json::{Map, Number, Value};

use clientwright_normalizer::pointer::Pointer;

/// Returns the differences between a value and its decoded and encoded form, each with its place in the value.
///
/// These are not differences:
/// - the loss of a property that no schema declares or covers by `additionalProperties`, ignoring branches that require
///   properties which the value lacks;
/// - `null` in place of an absent value, or the reverse;
/// - a default in place of an absent value;
/// - another notation of a number or a UUID, and less precision in a number of `format: float`.
#[must_use]
pub fn differences(document: &Value, schema: &Pointer, before: &Value, after: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let start = document.pointer(schema.as_str()).into_iter().collect();
    let mut waiting = vec![Pair { at: Pointer::root(), schemas: start, before, after }];
    while let Some(pair) = waiting.pop() {
        let schemas = reach(document, &pair.schemas, pair.before.as_object());
        match (pair.before, pair.after) {
            (Value::Object(before), Value::Object(after)) => {
                objects(document, &pair.at, &schemas, (before, after), &mut waiting, &mut found);
            }
            (Value::Array(before), Value::Array(after)) if before.len() == after.len() => {
                let items: Vec<&Value> = schemas.iter().filter_map(|schema| schema.get("items")).collect();
                let pairs = before.iter().zip(after).enumerate();
                waiting.extend(pairs.map(|(index, (before, after))| Pair {
                    at: pair.at.index(index),
                    schemas: items.clone(),
                    before,
                    after,
                }));
            }
            (before, after) if is_same(&schemas, before, after) => {}
            (before, after) => found.push(format!("at `{}`: {before} became {after}", pair.at)),
        }
    }
    found.sort();
    found
}

/// Two corresponding values.
struct Pair<'d, 'v> {
    at: Pointer,
    schemas: Vec<&'d Value>,
    before: &'v Value,
    after: &'v Value,
}

fn objects<'d, 'v>(
    document: &'d Value,
    at: &Pointer,
    schemas: &[&'d Map<String, Value>],
    (before, after): (&'v Map<String, Value>, &'v Map<String, Value>),
    waiting: &mut Vec<Pair<'d, 'v>>,
    found: &mut Vec<String>,
) {
    let declared = |key: &str| -> Vec<&'d Value> {
        schemas.iter().filter_map(|schema| schema.get("properties")?.get(key)).collect()
    };
    let additional: Vec<&'d Value> = schemas.iter().filter_map(|schema| schema.get("additionalProperties")).collect();
    for (key, value) in before {
        let mut described = declared(key);
        let is_described = !described.is_empty() || !additional.is_empty();
        if described.is_empty() {
            described.clone_from(&additional);
        }
        match after.get(key) {
            Some(after) => waiting.push(Pair { at: at.key(key), schemas: described, before: value, after }),
            None if value.is_null() || !is_described => {}
            None => found.push(format!("at `{}`: {value} is lost", at.key(key))),
        }
    }
    for (key, value) in after.iter().filter(|(key, value)| !before.contains_key(*key) && !value.is_null()) {
        let schemas = applicable(document, &declared(key));
        let is_default = schemas.iter().any(|schema| schema.get("default") == Some(value));
        if !is_default {
            found.push(format!("at `{}`: {value} was not there", at.key(key)));
        }
    }
}

fn is_same(schemas: &[&Map<String, Value>], before: &Value, after: &Value) -> bool {
    let has_format =
        |format: &str| schemas.iter().any(|schema| schema.get("format").is_some_and(|said| said == format));
    match (before, after) {
        (Value::Number(before), Value::Number(after)) => same_number(before, after, has_format("float")),
        (Value::String(before), Value::String(after)) if has_format("uuid") => before.eq_ignore_ascii_case(after),
        (before, after) => before == after,
    }
}

fn same_number(before: &Number, after: &Number, single: bool) -> bool {
    match (before.as_i128(), after.as_i128(), before.as_f64(), after.as_f64()) {
        (Some(before), Some(after), ..) => before == after,
        (_, _, Some(before), Some(after)) => before == after || single && before as f32 == after as f32,
        _ => before == after,
    }
}

/// Returns the schemas that describe a value of any of these schemas: the schemas, their references, and their branches.
#[must_use]
pub fn applicable<'d>(document: &'d Value, schemas: &[&'d Value]) -> Vec<&'d Map<String, Value>> {
    reach(document, schemas, None)
}

/// Like [`applicable`]; for an object, without the branches that it cannot match.
fn reach<'d>(
    document: &'d Value,
    schemas: &[&'d Value],
    object: Option<&Map<String, Value>>,
) -> Vec<&'d Map<String, Value>> {
    let (mut found, mut seen) = (Vec::new(), BTreeSet::new());
    let mut waiting = schemas.to_vec();
    while let Some(schema) = waiting.pop() {
        let Some(members) = schema.as_object().filter(|members| seen.insert(std::ptr::from_ref(*members))) else {
            continue;
        };
        if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
            waiting.extend(target(reference).and_then(|at| document.pointer(at.as_str())));
            continue;
        }
        waiting.extend(members.get("allOf").and_then(Value::as_array).into_iter().flatten());
        for keyword in ["anyOf", "oneOf"] {
            let branches: Vec<&Value> = members.get(keyword).and_then(Value::as_array).into_iter().flatten().collect();
            let fits = |branch: &&&Value| object.is_none_or(|object| has_required(document, branch, object));
            let fitting: Vec<&Value> = branches.iter().filter(fits).copied().collect();
            waiting.extend(if fitting.is_empty() { branches } else { fitting });
        }
        found.push(members);
    }
    found
}

/// Returns `true` if an object has all properties that a branch requires, including its references and the parts of its
/// `allOf`.
fn has_required(document: &Value, branch: &Value, object: &Map<String, Value>) -> bool {
    let (mut seen, mut waiting) = (BTreeSet::new(), vec![branch]);
    while let Some(schema) = waiting.pop() {
        if !seen.insert(std::ptr::from_ref(schema)) {
            continue;
        }
        let reference = schema.get("$ref").and_then(Value::as_str).and_then(target);
        waiting.extend(reference.and_then(|at| document.pointer(at.as_str())));
        waiting.extend(schema.get("allOf").and_then(Value::as_array).into_iter().flatten());
        let mut required = schema.get("required").and_then(Value::as_array).into_iter().flatten();
        if !required.all(|key| key.as_str().is_none_or(|key| object.contains_key(key))) {
            return false;
        }
    }
    true
}

/// Returns the target of a reference within the document.
pub(super) fn target(reference: &str) -> Option<Pointer> {
    Pointer::from_fragment(reference.strip_prefix('#')?)
}
