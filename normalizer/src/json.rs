//! Access to parts of JSON values, and their names in messages.

use foldhash::{HashMap, HashSet};
use serde_json::{Map, Value, json};

use crate::certain::Certain;
use crate::pointer::Pointer;

/// The members of an object.
pub(crate) type Members = Map<String, Value>;

/// Returns the type of a JSON value with its article, for diagnostics.
#[must_use]
pub fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// The maximum number of members for a linear search: in a small object it is faster than hashing.
const FEW: usize = 8;

/// Returns the value under a key.
pub(crate) fn member<'v>(members: &'v Members, key: &str) -> Option<&'v Value> {
    if members.len() > FEW {
        return members.get(key);
    }
    members.iter().find(|(known, _)| *known == key).map(|(_, value)| value)
}

/// Returns the value under a key of an object; `None` if the node is not an object.
pub fn part<'v>(node: &'v Value, key: &str) -> Option<&'v Value> {
    member(node.as_object()?, key)
}

/// Returns the string under a key.
pub(crate) fn text<'v>(members: &'v Members, key: &str) -> Option<&'v str> {
    member(members, key).and_then(Value::as_str)
}

/// Returns `true` if the value under a key is this string.
pub(crate) fn says(members: &Members, key: &str, value: &str) -> bool {
    text(members, key) == Some(value)
}

/// Returns an object with one member.
pub(crate) fn single(key: &str, value: impl Into<Value>) -> Members {
    Map::from_iter([(key.to_owned(), value.into())])
}

/// Returns `true` if at least one of these keys is present.
pub(crate) fn has_any(members: &Members, keys: &[&str]) -> bool {
    keys.iter().any(|key| member(members, key).is_some())
}

/// Returns the array under a key.
pub(crate) fn array<'v>(members: &'v Members, key: &str) -> Option<&'v Vec<Value>> {
    member(members, key).and_then(Value::as_array)
}

/// Returns the object under a key.
pub(crate) fn object<'v>(members: &'v Members, key: &str) -> Option<&'v Members> {
    member(members, key).and_then(Value::as_object)
}

/// Returns the object under a key, for modification.
pub(crate) fn object_mut<'v>(members: &'v mut Members, key: &str) -> Option<&'v mut Members> {
    object(members, key)?;
    members.get_mut(key)?.as_object_mut()
}

/// Returns the object under a key, which is added if it is absent; `None` if there is a value of another type.
pub(crate) fn object_entry<'v>(members: &'v mut Members, key: &str) -> Option<&'v mut Members> {
    members.entry(key).or_insert_with(|| json!({})).as_object_mut()
}

/// Returns the array under a key, which is added if it is absent; `None` if there is a value of another type.
pub(crate) fn array_entry<'v>(members: &'v mut Members, key: &str) -> Option<&'v mut Vec<Value>> {
    members.entry(key).or_insert_with(|| json!([])).as_array_mut()
}

/// Removes the object under a key if it is empty.
pub(crate) fn remove_empty(members: &mut Members, key: &str) {
    if object(members, key).is_some_and(Map::is_empty) {
        members.shift_remove(key);
    }
}

/// Returns the object at `at`, for modification.
pub(crate) fn object_at<'v>(document: &'v mut Value, at: &Pointer) -> Option<&'v mut Members> {
    at.get_mut(document).and_then(Value::as_object_mut)
}

/// Returns `true` if a value is neither an array nor an object.
#[must_use]
pub fn is_primitive(value: &Value) -> bool {
    !value.is_array() && !value.is_object()
}

/// Returns a value as JSON text, a string without its quotes.
pub(crate) fn unquoted(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Returns the strings, numbers and booleans of an array, strings without their quotes; `None` for anything else.
pub(crate) fn scalars(value: &Value) -> Option<Vec<String>> {
    let is_scalar = |item: &Value| item.is_string() || item.is_number() || item.is_boolean();
    let items = value.as_array().filter(|items| items.iter().all(is_scalar))?;
    Some(items.iter().map(unquoted).collect())
}

/// Returns the single item of an iterator; `None` unless there is exactly one.
pub(crate) fn only<T>(mut items: impl Iterator<Item = T>) -> Option<T> {
    items.next().filter(|_| items.next().is_none())
}

/// Returns the items of an array; empty for any other value.
pub fn items<'v>(node: impl Into<Option<&'v Value>>) -> std::slice::Iter<'v, Value> {
    node.into().and_then(Value::as_array).map_or_else(|| [].iter(), |items| items.iter())
}

/// Returns the members of an object; empty for any other value.
pub fn members<'v>(node: impl Into<Option<&'v Value>>) -> impl Iterator<Item = (&'v String, &'v Value)> {
    node.into().and_then(Value::as_object).into_iter().flatten()
}

/// Returns the keys of an object; empty for any other value.
pub(crate) fn keys<'v>(node: impl Into<Option<&'v Value>>) -> impl Iterator<Item = &'v String> {
    members(node).map(|(key, _)| key)
}

/// Returns a member, cloned.
pub(crate) fn cloned((key, value): (&String, &Value)) -> (String, Value) {
    (key.clone(), value.clone())
}

/// Returns `true` if the value under a key is `true`.
pub(crate) fn is_true(members: &Members, key: &str) -> bool {
    member(members, key) == Some(&Value::Bool(true))
}

/// Returns the value; a float with an integral value becomes an integer if that is exact: `1.0` is `1` (JSON Schema
/// core §4.2.2).
#[must_use]
pub fn whole(value: &Value) -> Value {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match value.as_f64().filter(|number| value.is_f64() && number.fract() == 0.0 && number.abs() <= EXACT) {
        Some(number) => Value::from(number as i64),
        None => value.clone(),
    }
}

/// Sets the value under a key; a new member is added at the end.
pub(crate) fn set(members: &mut Members, key: &str, value: impl Into<Value>) {
    members.insert(key.to_owned(), value.into());
}

/// Renames a member and keeps its position. Does nothing and returns `false` if the new key exists.
pub(crate) fn rename(members: &mut Members, from: &str, to: &str) -> bool {
    let Some(place) = members.keys().position(|key| key == from).filter(|_| !members.contains_key(to)) else {
        return false;
    };
    let value = members.shift_remove(from).certain("the member was found");
    members.shift_insert(place, to.to_owned(), value);
    true
}

/// Renames many members and keeps their positions, in time proportional to the object. A member whose new key exists keeps its old key.
/// Returns the old and new keys of the renamed members.
pub(crate) fn rename_all(members: &mut Members, mut names: Vec<(String, String)>) -> Vec<(String, String)> {
    let (mut freed, mut given) = (HashSet::default(), HashSet::default());
    names.retain(|(from, to)| {
        let is_free = !members.contains_key(to) || freed.contains(to);
        let is_renamed = is_free && given.insert(to.clone());
        is_renamed && freed.insert(from.clone())
    });
    if !names.is_empty() {
        let new: HashMap<&str, &String> = names.iter().map(|(from, to)| (from.as_str(), to)).collect();
        let renamed = |(key, value): (String, Value)| (new.get(key.as_str()).copied().cloned().unwrap_or(key), value);
        *members = std::mem::take(members).into_iter().map(renamed).collect();
    }
    names
}

/// Sets `value` at `at`, and creates missing or `null` parents as objects. Does nothing if a parent is a value of
/// another type.
pub(crate) fn put(document: &mut Value, at: &Pointer, value: Value) {
    let mut node = document;
    for key in at.segments() {
        if node.is_null() {
            *node = json!({});
        }
        let Value::Object(members) = node else { return };
        node = members.entry(key).or_insert(Value::Null);
    }
    *node = value;
}

/// Visits the members or items of a node, each with its key or index.
pub(crate) fn each<'v>(node: &'v Value, mut visit: impl FnMut(&str, &'v Value)) {
    match node {
        Value::Object(members) => members.iter().for_each(|(key, value)| visit(key, value)),
        Value::Array(items) => items.iter().enumerate().for_each(|(index, item)| visit(&index.to_string(), item)),
        _ => {}
    }
}

/// Visits the members or items of a node for modification, each with its key or index.
pub(crate) fn each_mut(node: &mut Value, mut visit: impl FnMut(&str, &mut Value)) {
    match node {
        Value::Object(members) => members.iter_mut().for_each(|(key, value)| visit(key, value)),
        Value::Array(items) => items.iter_mut().enumerate().for_each(|(index, item)| visit(&index.to_string(), item)),
        _ => {}
    }
}

/// Returns the `type` of a value in a schema (OpenAPI 3.0.3 §4.7.24.1); there is no type `null`.
#[must_use]
pub fn schema_type(value: &Value) -> Option<&'static str> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    })
}

/// Returns `true` if a value has a type. As in JSON Schema 2020-12 (Core §4.2.1), 5.0 is an integer. In OpenAPI 3.0 an integer has no
/// decimal point, and `repair` removes it.
pub(crate) fn is_of_type(value: &Value, kind: &str) -> bool {
    match kind {
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        "number" => value.is_number(),
        kind => schema_type(value) == Some(kind),
    }
}

/// Returns a value and all nodes in it, in no particular order. Not recursive, because the depth of copied values is unlimited.
pub(crate) fn nodes(value: &Value) -> impl Iterator<Item = &Value> {
    let mut open = vec![value];
    std::iter::from_fn(move || {
        let value = open.pop()?;
        each(value, |_, part| open.push(part));
        Some(value)
    })
}

/// Returns the number of nodes of a value.
#[must_use]
pub fn count_nodes(value: &Value) -> usize {
    nodes(value).count()
}
