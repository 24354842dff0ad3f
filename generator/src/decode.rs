//! Stage `decode`: JSON → [`OpenAPI`], without loss.
//!
//! In: a document that [`clientwright_normalizer::structure`] has examined. Out: the decoded document.
//!
//! Invariant: nothing that `openapiv3` drops is lost unseen: the document is encoded again and compared, and every key or
//! value that is missing or different is a diagnostic. The exceptions are values that mean the same when they are absent,
//! and what `structure` has already reported.

mod compare;
mod locate;
mod webhooks;

use std::borrow::Cow;
use std::collections::BTreeSet;

use openapiv3::OpenAPI;
use serde::Deserialize;
use serde_json::Value;

use clientwright_normalizer::diagnostic::{Diagnostic, any_error, codes};
use clientwright_normalizer::limits::{DECODER_STACK, MAX_DEPTH, depth, on_stack};
use clientwright_normalizer::pointer::Pointer;
use clientwright_normalizer::structure::{self, Examined, rules::is_plain_callback};

pub(crate) use webhooks::{Webhook, webhooks};

/// Decoding takes much stack per level; from this depth on it runs on a stack of its own.
const DEEP: usize = 23;

/// Decodes a 3.0 document.
///
/// Callbacks that `openapiv3` cannot decode (references, extensions) are left out; `structure` has reported them. A
/// description beside a reference, which it would drop, is kept by an `allOf` around the reference.
///
/// # Errors
/// What cannot be decoded, at the smallest node that fails by itself; or everything that would be lost.
pub fn decode(source_name: &str, value: &Value) -> Result<OpenAPI, Vec<Diagnostic>> {
    let mut examined = structure::examine(source_name, value);
    let malformed = any_error(&examined.found);
    examined.found.retain(|found| !found.is_error());
    decode_beside(source_name, value, &examined, malformed)
}

/// As [`decode`], for a document that [`structure`] has examined. If that found errors, what can be decoded is decoded, so
/// that later stages can report the rest.
///
/// # Errors
/// As for [`decode`], without what `structure` has reported.
pub(crate) fn decode_examined(
    source_name: &str,
    value: &Value,
    examined: &Examined,
) -> Result<OpenAPI, Vec<Diagnostic>> {
    decode_beside(source_name, value, examined, any_error(&examined.found))
}

fn decode_beside(
    source_name: &str,
    value: &Value,
    examined: &Examined,
    malformed: bool,
) -> Result<OpenAPI, Vec<Diagnostic>> {
    let depth = depth(value);
    if depth > MAX_DEPTH {
        let message = "the document is nested more than 128 levels deep";
        return Err(vec![Diagnostic::invalid(codes::TOO_DEEP, source_name, Pointer::root(), message)]);
    }
    if depth <= DEEP {
        return decode_here(source_name, value, examined, malformed);
    }
    let decoded = on_stack(DECODER_STACK, || decode_here(source_name, value, examined, true));
    decoded.unwrap_or_else(|| {
        let message = "the document is too deep to be decoded on this machine";
        Err(vec![Diagnostic::bug(codes::UNDECODABLE, source_name, Pointer::root(), message)])
    })
}

fn decode_here(
    source_name: &str,
    value: &Value,
    examined: &Examined,
    careful: bool,
) -> Result<OpenAPI, Vec<Diagnostic>> {
    let readable = readable(value, &examined.worded);
    let value = readable.as_ref();
    // openapiv3 decodes a failing node twice at every level, which doubles with each level. Where a failure is expected,
    // or the document is deep, nodes are tried one by one from the leaves up first.
    if careful {
        let failures = locate::failures(source_name, value);
        if !failures.is_empty() {
            return Err(failures);
        }
    }
    let document = OpenAPI::deserialize(value).map_err(|error| {
        let failures = locate::failures(source_name, value);
        if failures.is_empty() {
            vec![undecodable(source_name, Pointer::root(), "the document", &error)]
        } else {
            failures
        }
    })?;
    let bug = |error: serde_json::Error| {
        let message = format!("the decoded document cannot be encoded: {error}");
        vec![Diagnostic::bug(codes::LOST, source_name, Pointer::root(), message)]
    };
    let encoded = serde_json::to_value(&document).map_err(bug)?;
    let lost = compare::losses(value, &encoded);
    if lost.is_empty() {
        return Ok(document);
    }
    // What `structure` has reported is not reported again.
    let named: BTreeSet<&Pointer> = examined.found.iter().map(|found| &found.pointer).collect();
    let losses: Vec<_> = lost
        .into_iter()
        .filter(|loss| !named.contains(&loss.pointer))
        .map(|loss| loss.diagnostic(source_name))
        .collect();
    if losses.is_empty() { Ok(document) } else { Err(losses) }
}

fn undecodable(file: &str, pointer: Pointer, what: &str, error: &serde_json::Error) -> Diagnostic {
    Diagnostic::invalid(codes::UNDECODABLE, file, pointer, format!("{what} cannot be decoded: {error}"))
}

/// The document as `openapiv3` reads it without losing anything.
fn readable<'v>(value: &'v Value, worded: &[Pointer]) -> Cow<'v, Value> {
    let (owners, encodings) = (callback_owners(value), unsaid_explodes(value));
    if worded.is_empty() && owners.is_empty() && encodings.is_empty() {
        return Cow::Borrowed(value);
    }
    let mut value = value.clone();
    leave_out_callbacks(&mut value, &owners);
    write_explodes(&mut value, &encodings);
    wrap_words(&mut value, worded);
    Cow::Owned(value)
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

/// The place in the document of a place in what [`decode`] reads, where a reference with words beside it is an `allOf`.
pub(crate) fn place_in_document(document: &Value, pointer: Pointer) -> Pointer {
    const WRAPPED: &str = "/allOf/0";
    let mut text = pointer.as_str().to_owned();
    while let Some(at) = text.match_indices(WRAPPED).map(|(at, _)| at).find(|at| is_wrapped(document, &text, *at)) {
        text.replace_range(at..at + WRAPPED.len(), "");
    }
    Pointer::parse(&text).unwrap_or(pointer)
}

/// Whether the node at the first `length` bytes of a pointer is a reference. An `allOf` of its own would not be read.
fn is_wrapped(document: &Value, pointer: &str, length: usize) -> bool {
    let node = pointer.get(..length).and_then(|pointer| document.pointer(pointer));
    node.is_some_and(|node| node.get("$ref").is_some_and(Value::is_string))
}

/// Leaves out the callbacks that cannot be decoded.
fn leave_out_callbacks(value: &mut Value, owners: &[Pointer]) {
    for owner in owners {
        let callbacks = value.pointer_mut(owner.key("callbacks").as_str()).and_then(Value::as_object_mut);
        if let Some(callbacks) = callbacks {
            callbacks.retain(|_, callback| is_plain_callback(callback));
        }
    }
}

/// The encodings of request bodies that leave `explode` to its default: it is `true` for the style `form`, which is the
/// default, too (OpenAPI 3.0.3 §4.7.15.1), but `openapiv3` reads `false`.
fn unsaid_explodes(value: &Value) -> Vec<Pointer> {
    let mut places = Vec::new();
    for body in request_bodies(value) {
        let Some(content) = value.pointer(body.key("content").as_str()).and_then(Value::as_object) else { continue };
        for (name, media_type) in content {
            for (property, encoding) in media_type.get("encoding").and_then(Value::as_object).into_iter().flatten() {
                let is_form = encoding.get("style").is_none_or(|style| style == "form");
                if encoding.is_object() && is_form && encoding.get("explode").is_none() {
                    places.push(body.key("content").key(name).key("encoding").key(property));
                }
            }
        }
    }
    places
}

/// Writes the default of `explode` out.
fn write_explodes(value: &mut Value, places: &[Pointer]) {
    for place in places {
        if let Some(encoding) = value.pointer_mut(place.as_str()).and_then(Value::as_object_mut) {
            encoding.insert("explode".to_owned(), Value::Bool(true));
        }
    }
}

/// Where request bodies are.
fn request_bodies(document: &Value) -> Vec<Pointer> {
    let operations = operations(document).into_iter().filter(|(_, operation)| operation.get("requestBody").is_some());
    let mut bodies: Vec<Pointer> = operations.map(|(at, _)| at.key("requestBody")).collect();
    let shared = document.pointer("/components/requestBodies").and_then(Value::as_object);
    let at = Pointer::root().key("components").key("requestBodies");
    bodies.extend(shared.into_iter().flatten().map(|(name, _)| at.key(name)));
    bodies
}

/// The operations (and `components`) with callbacks that cannot be decoded.
fn callback_owners(document: &Value) -> Vec<Pointer> {
    let components = document.get("components").map(|components| (Pointer::root().key("components"), components));
    let owners = operations(document).into_iter().chain(components).filter(|(_, owner)| {
        let callbacks = owner.get("callbacks").and_then(Value::as_object);
        callbacks.is_some_and(|callbacks| !callbacks.values().all(is_plain_callback))
    });
    owners.map(|(at, _)| at).collect()
}

/// The members of path items, operations among them, and where they are.
fn operations(document: &Value) -> Vec<(Pointer, &Value)> {
    let paths = document.get("paths").and_then(Value::as_object).into_iter().flatten();
    let mut operations = Vec::new();
    for (path, item) in paths.filter(|(path, _)| path.starts_with('/')) {
        let at = Pointer::root().key("paths").key(path);
        operations.extend(item.as_object().into_iter().flatten().map(|(method, value)| (at.key(method), value)));
    }
    operations
}

#[cfg(test)]
mod tests;
