//! Stage `decode`: JSON → [`OpenAPI`], without loss.
//!
//! In: a document that [`clientwright_normalizer::structure`] has examined. Out: the decoded document.
//!
//! Invariant: nothing is dropped silently. The document is encoded again and compared; each difference is a diagnostic,
//! unless it means nothing or `structure` has reported it.

mod compare;
mod kept;
mod locate;
mod webhooks;

use std::collections::BTreeSet;

use openapiv3::OpenAPI;
use serde::Deserialize;
use serde_json::{Map, Value};

use clientwright_normalizer::diagnostic::{Code, Diagnostic, any_error, codes};
use clientwright_normalizer::limits::{DECODER_STACK, MAX_DEPTH, first_below, on_stack};
use clientwright_normalizer::pointer::Pointer;
use clientwright_normalizer::structure::grammar::{ADDITIONAL_OPERATIONS, METHODS};
use clientwright_normalizer::structure::{self, Examined, rules::is_plain_callback};

pub(crate) use kept::{CONTENT, ITEM, KeptSchemas, kept_schemas};
pub(crate) use webhooks::{Webhook, webhooks};

/// Decoding takes much stack per level; from this depth on it runs on a stack of its own.
const DEEP: usize = 23;

/// What separates the path and the method of an additional operation, which is a path of its own while it is decoded.
const ADDITIONAL: &str = "#x-additional-operations/";

/// Decodes a 3.0 document that [`structure`] has examined; one with errors, too, so that later stages can report more.
///
/// Callbacks that `openapiv3` cannot decode (references, extensions) are left out; `structure` has reported them. A
/// description beside a reference, which it would drop, is kept by an `allOf` around the reference.
///
/// # Errors
/// What cannot be decoded, at the smallest node that fails by itself; or what would be lost and `structure` has not reported.
pub fn decode(source_name: &str, value: &Value, examined: &Examined) -> Result<OpenAPI, Vec<Diagnostic>> {
    if first_below(value, MAX_DEPTH).is_some() {
        let message = "the document is nested more than 128 levels deep";
        return Err(vec![Diagnostic::invalid(codes::TOO_DEEP, source_name, Pointer::root(), message)]);
    }
    let is_deep = first_below(value, DEEP).is_some();
    let decode = || decode_here(source_name, value, examined, is_deep || any_error(&examined.found));
    let decoded = if is_deep { on_stack(DECODER_STACK, decode) } else { Some(decode()) };
    let no_stack =
        || Err(bug(codes::UNDECODABLE, source_name, "the document is too deep to be decoded on this machine"));
    decoded.unwrap_or_else(no_stack)
}

/// `careful`: first tries nodes one by one from the leaves up. `openapiv3` decodes a failing node twice at every level,
/// so a failure deep in a document takes exponential time.
fn decode_here(file: &str, value: &Value, examined: &Examined, careful: bool) -> Result<OpenAPI, Vec<Diagnostic>> {
    let value = &readable(value, &examined.worded);
    let found = if careful { locate::failures(file, value) } else { Vec::new() };
    if !found.is_empty() {
        return Err(found);
    }
    let document = OpenAPI::deserialize(value).map_err(|error| match locate::failures(file, value) {
        none if none.is_empty() => vec![undecodable(file, Pointer::root(), "the document", &error)],
        failures => failures,
    })?;
    let encoded = serde_json::to_value(&document)
        .map_err(|error| bug(codes::LOST, file, &format!("the decoded document cannot be encoded: {error}")))?;
    let mut lost = compare::losses(file, value, &encoded);
    if !lost.is_empty() {
        // What `structure` has reported is not reported again.
        let named: BTreeSet<&Pointer> = examined.found.iter().map(|found| &found.pointer).collect();
        lost.retain(|loss| !named.contains(&loss.pointer));
    }
    if lost.is_empty() { Ok(document) } else { Err(lost) }
}

fn bug(code: Code, file: &str, message: &str) -> Vec<Diagnostic> {
    vec![Diagnostic::bug(code, file, Pointer::root(), message)]
}

fn undecodable(file: &str, pointer: Pointer, what: &str, error: &serde_json::Error) -> Diagnostic {
    Diagnostic::invalid(codes::UNDECODABLE, file, pointer, format!("{what} cannot be decoded: {error}"))
}

/// The document as `openapiv3` reads it without losing anything.
fn readable(value: &Value, worded: &[Pointer]) -> Value {
    let mut value = value.clone();
    wrap_words(&mut value, worded);
    if let Some(Value::Object(paths)) = value.get_mut("paths") {
        split_off_additional_operations(paths);
    }
    let items = members(&mut value, "paths").filter(|(path, _)| path.starts_with('/'));
    for operation in items.filter_map(|(_, item)| item.as_object_mut()).flat_map(Map::values_mut) {
        leave_out_callbacks(operation);
        operation.get_mut("requestBody").into_iter().for_each(write_explodes);
    }
    if let Some(components) = value.get_mut("components") {
        leave_out_callbacks(components);
        members(components, "requestBodies").for_each(|(_, body)| write_explodes(body));
    }
    value
}

/// Makes each additional operation the `post` of a path of its own with an extension that says its method: `openapiv3` knows no
/// other methods.
fn split_off_additional_operations(paths: &mut Map<String, Value>) {
    let mut split_off = Vec::new();
    for (path, item) in paths.iter_mut().filter_map(|(path, item)| Some((path, item.as_object_mut()?))) {
        let Some(Value::Object(additional)) = item.remove(ADDITIONAL_OPERATIONS) else { continue };
        for (method, mut operation) in additional {
            if let Some(members) = operation.as_object_mut() {
                members.insert(ADDITIONAL_OPERATIONS.to_owned(), Value::String(method.clone()));
            }
            let mut split = item.clone();
            split.retain(|key, _| !METHODS.contains(&key.as_str()));
            split.insert(String::from("post"), operation);
            split_off.push((format!("{path}{ADDITIONAL}{method}"), Value::Object(split)));
        }
    }
    paths.extend(split_off);
}

/// The path of the document that a path of [`decode`]'s document stands for.
pub(crate) fn path_in_document(path: &str) -> &str {
    path.split_once(ADDITIONAL).map_or(path, |(path, _)| path)
}

/// The members of the object at a key; none if there is no such object.
fn members<'v>(value: &'v mut Value, key: &str) -> impl Iterator<Item = (&'v String, &'v mut Value)> {
    value.get_mut(key).and_then(Value::as_object_mut).into_iter().flatten()
}

/// Puts every reference that has words beside it in an `allOf`, where `openapiv3` keeps the words.
fn wrap_words(value: &mut Value, places: &[Pointer]) {
    for place in places {
        let Some(members) = value.pointer_mut(place.as_str()).and_then(Value::as_object_mut) else { continue };
        let Some(target) = members.remove("$ref") else { continue };
        // What else stands there is ignored, and named.
        members.retain(|key, _| structure::is_word(key));
        if let Some(summary) = members.remove("summary") {
            members.entry("title").or_insert(summary);
        }
        members.insert("allOf".to_owned(), serde_json::json!([{ "$ref": target }]));
    }
}

/// The place in the document of a place in what [`decode`] reads, where a reference with words beside it is an `allOf`, and an
/// additional operation a path of its own.
pub(crate) fn place_in_document(document: &Value, pointer: Pointer) -> Pointer {
    const WRAPPED: &str = "/allOf/0";
    let pointer = place_of_additional(&pointer).unwrap_or(pointer);
    let mut text = pointer.as_str().to_owned();
    while let Some(at) = text.match_indices(WRAPPED).map(|(at, _)| at).find(|at| is_wrapped(document, &text, *at)) {
        text.replace_range(at..at + WRAPPED.len(), "");
    }
    Pointer::parse(&text).unwrap_or(pointer)
}

fn place_of_additional(pointer: &Pointer) -> Option<Pointer> {
    let mut segments = pointer.segments().skip(1);
    let path = segments.next()?;
    let (path, method) = path.split_once(ADDITIONAL)?;
    let item = Pointer::root().key("paths").key(path);
    let first = segments.next();
    let below = match first.as_deref() {
        Some("post") => item.key(ADDITIONAL_OPERATIONS).key(method),
        Some(key) => item.key(key),
        None => item,
    };
    Some(segments.fold(below, |at, key| at.key(&key)))
}

/// Whether the node at the first `length` bytes of a pointer is a reference. An `allOf` of its own would not be read.
fn is_wrapped(document: &Value, pointer: &str, length: usize) -> bool {
    let node = pointer.get(..length).and_then(|pointer| document.pointer(pointer));
    node.is_some_and(|node| node.get("$ref").is_some_and(Value::is_string))
}

/// Leaves out the callbacks of an operation, or of `components`, that cannot be decoded.
fn leave_out_callbacks(owner: &mut Value) {
    if let Some(callbacks) = owner.get_mut("callbacks").and_then(Value::as_object_mut) {
        callbacks.retain(|_, callback| is_plain_callback(callback));
    }
}

/// Writes the default of `explode` into the encodings of a request body: it is `true` for the style `form`, which is the
/// default, too (OpenAPI 3.0.3 §4.7.15.1), but `openapiv3` reads `false`.
fn write_explodes(body: &mut Value) {
    for (_, media_type) in members(body, "content") {
        let encodings = members(media_type, "encoding").filter_map(|(_, encoding)| encoding.as_object_mut());
        for encoding in encodings.filter(|encoding| encoding.get("style").is_none_or(|style| style == "form")) {
            encoding.entry("explode").or_insert(Value::Bool(true));
        }
    }
}

#[cfg(test)]
mod tests;
