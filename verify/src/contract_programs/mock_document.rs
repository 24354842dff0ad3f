//! Part of `contract`: the document as a mock server takes it.
//!
//! In: a normalized document. Out: the same with what a mock server cannot do taken out, and a line for each change.
//!
//! Invariant: nothing is changed that is not listed, and nothing that a request or an answer is judged by but what the
//! mock server has no notion of.

use serde_json::{Map, Value};

use super::{forms, prism_workarounds, samples};
use clientwright_normalizer::pointer::Pointer;

/// A document for a mock server.
#[derive(Clone, Debug, PartialEq)]
pub struct MockDocument {
    /// The document.
    pub document: Value,
    /// What was changed and why, one line each.
    pub changes: Vec<String>,
}

/// Keys whose contents are data of the document's author, not parts of the document.
const DATA: [&str; 4] = ["default", "enum", "example", "examples"];
/// Keys below which every key is a name that the document's author chose.
const NAMED: [&str; 12] = [
    "callbacks", "content", "headers", "links", "parameters", "patternProperties", "paths", "properties",
    "requestBodies", "responses", "schemas", "securitySchemes",
];

/// The document as a mock server takes it: served at the root, without the security schemes that it cannot check, with an
/// example where it would make up a value that the format rules out, without the exclusiveness of branches that a
/// discriminator tells, and without what it misreads.
#[must_use]
pub fn mock_document(document: &Value) -> MockDocument {
    let original = document;
    let mut document = original.clone();
    let mut changes = Vec::new();
    drop_servers(&mut document, &mut changes);
    drop_schemes(&mut document, &mut changes);
    prism_workarounds::prepare_paths(original, &mut document, &mut changes);
    prepare_schemas(original, &mut document, &mut changes);
    MockDocument { document, changes }
}

/// `servers` of the document, of path items and of operations: the mock server has one address, and its root is it.
fn drop_servers(document: &mut Value, changes: &mut Vec<String>) {
    if remove(document, "servers") {
        changes.push("/servers is taken out: the API is served at the root".to_owned());
    }
    for (path, item) in members(document, "paths") {
        let at = Pointer::root().key("paths").key(path);
        let mut places = vec![at.key("servers")];
        let mut found = vec![remove(item, "servers")];
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            places.push(at.key(method).key("servers"));
            found.push(remove(operation, "servers"));
        }
        let removed = places.iter().zip(found).filter(|(_, found)| *found);
        changes.extend(removed.map(|(at, _)| format!("{at} is taken out: the API is served at the root")));
    }
}

/// Digest needs a server that hands out nonces; of other schemes than basic, bearer and API keys nothing is known.
fn drop_schemes(document: &mut Value, changes: &mut Vec<String>) {
    let mut dropped: Vec<String> = Vec::new();
    if let Some(schemes) = document.pointer_mut("/components/securitySchemes").and_then(Value::as_object_mut) {
        dropped.extend(schemes.iter().filter(|(_, scheme)| !can_be_checked(scheme)).map(|(name, _)| name.clone()));
        schemes.retain(|_, scheme| can_be_checked(scheme));
    }
    let at = Pointer::root().key("components").key("securitySchemes");
    let lines = dropped.iter().map(|name| format!("{} is taken out: a mock server cannot check it", at.key(name)));
    changes.extend(lines);
    if dropped.is_empty() {
        return;
    }
    relax(document, &dropped, &Pointer::root(), changes);
    for (path, item) in members(document, "paths") {
        let at = Pointer::root().key("paths").key(path);
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            relax(operation, &dropped, &at.key(method), changes);
        }
    }
}

fn can_be_checked(scheme: &Value) -> bool {
    let text = |key: &str| scheme.get(key).and_then(Value::as_str).unwrap_or_default().to_ascii_lowercase();
    match text("type").as_str() {
        "http" => matches!(text("scheme").as_str(), "basic" | "bearer"),
        "apikey" => true,
        // Both send a bearer token, which can be looked for.
        "oauth2" | "openidconnect" => true,
        // A reference, which is resolved elsewhere.
        _ => scheme.get("$ref").is_some(),
    }
}

/// Takes schemes out of the requirements of a document or operation. An alternative that is left empty stays: it may be
/// the one that a client satisfies, which then sends nothing for the others.
fn relax(holder: &mut Value, dropped: &[String], at: &Pointer, changes: &mut Vec<String>) {
    let Some(alternatives) = holder.get_mut("security").and_then(Value::as_array_mut) else { return };
    let mut changed = false;
    for requirement in alternatives.iter_mut().filter_map(Value::as_object_mut) {
        let before = requirement.len();
        requirement.retain(|scheme, _| !dropped.contains(scheme));
        changed |= requirement.len() < before;
    }
    if changed {
        let security = at.key("security");
        changes.push(format!("{security} is relaxed: it names a scheme that a mock server cannot check"));
    }
}

/// Every schema of the document, wherever it is.
fn prepare_schemas(original: &Value, document: &mut Value, changes: &mut Vec<String>) {
    // A list of work instead of recursion: documents may be nested deeply.
    let mut waiting: Vec<(Pointer, bool, &mut Value)> = vec![(Pointer::root(), false, document)];
    while let Some((at, named, value)) = waiting.pop() {
        match value {
            Value::Object(members) => {
                if !named {
                    prism_workarounds::drop_extensions(members, &at, changes);
                    prism_workarounds::drop_siblings(members, &at, changes);
                    prism_workarounds::drop_widened(members, &at, changes);
                    prepare_schema(original, members, &at, changes);
                }
                let inner = members.iter_mut().filter(|(key, _)| named || !is_data(key));
                waiting.extend(inner.map(|(key, value)| (at.key(key), !named && NAMED.contains(&key.as_str()), value)));
            }
            Value::Array(items) => {
                waiting.extend(items.iter_mut().enumerate().map(|(index, item)| (at.index(index), false, item)));
            }
            _ => {}
        }
    }
    changes.sort();
}

/// What a server that makes up values makes up wrongly, see [`samples`]. And
/// branches that are told by a discriminator: it knows nothing of that either, and refuses a value that another branch
/// would let pass, too (OpenAPI 3.0.3 §4.7.25 has the discriminator decide).
fn prepare_schema(original: &Value, schema: &mut Map<String, Value>, at: &Pointer, changes: &mut Vec<String>) {
    if let Some((example, why)) = samples::example(schema) {
        schema.insert("example".to_owned(), example);
        changes.push(format!("{at} gets an example: {why}"));
    }
    prism_workarounds::relax_parameter(original, schema, at, changes);
    if forms::allow_empty(original, schema) {
        changes.push(format!("{at} is optional: an empty form is no body to a mock server"));
    }
    for (media_type, content) in schema.get_mut("content").and_then(Value::as_object_mut).into_iter().flatten() {
        if samples::as_text(media_type, content) {
            let at = at.key("content").key(media_type);
            changes.push(format!("{at} gets the schema of a text: a mock server reads and writes it as one"));
        }
        if forms::relax(original, media_type, content) {
            let at = at.key("content").key(media_type);
            changes
                .push(format!("{at} is relaxed: a mock server reads lists, objects and files in a form as one text"));
        }
    }
    let tagged = schema.get("discriminator").is_some_and(Value::is_object) && !schema.contains_key("anyOf");
    if let Some(branches) = schema.get("oneOf").filter(|branches| tagged && branches.is_array()).cloned() {
        schema.shift_remove("oneOf");
        schema.insert("anyOf".to_owned(), branches);
        changes.push(format!("{at} has `anyOf` for `oneOf`: a mock server does not look at its discriminator"));
    }
}

fn is_data(key: &str) -> bool {
    DATA.contains(&key) || key.starts_with("x-")
}

fn remove(holder: &mut Value, key: &str) -> bool {
    holder.as_object_mut().is_some_and(|holder| holder.shift_remove(key).is_some())
}

fn members<'v>(holder: &'v mut Value, key: &str) -> impl Iterator<Item = (&'v String, &'v mut Value)> {
    holder.get_mut(key).and_then(Value::as_object_mut).into_iter().flatten()
}
