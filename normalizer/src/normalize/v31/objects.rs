//! Part of `v31`: all objects but schemas.
//!
//! In: an object whose parts are converted. Out: the object as 3.0.3 has it. Invariant: no operation is lost or added.

use serde_json::{Map, Value, json};

use super::convert::Convert;
use super::node::{Node, local};
use crate::json::{members, object_entry, set};
use crate::normalize::names::extension;
use crate::normalize::pass::{EntryKind, Equivalent, Interpreted, Lossy, NO_RESPONSES};
use crate::normalize::version::CANONICAL_VERSION;
use crate::pointer::Pointer;
use crate::structure::extensions::{ADDITIONAL_OPERATIONS, IN, STYLE, WEBHOOKS};
use crate::structure::grammar::Kind;

/// The dialects that schemas of 3.1 and 3.2 may say they are in.
const DIALECTS: [&str; 4] = [
    "https://spec.openapis.org/oas/3.1/dialect/",
    "https://spec.openapis.org/oas/3.2/dialect/",
    "https://json-schema.org/draft/2020-12/schema",
    "https://json-schema.org/draft/2019-09/schema",
];

/// The object, what keeping the fields means, and the fields.
const KEPT: &[(Kind, EntryKind, &[&str])] = &[
    (Kind::Document, Equivalent, &["$self"]),
    (Kind::License, Equivalent, &["identifier"]),
    (Kind::Server, Equivalent, &["name"]),
    (Kind::Tag, Equivalent, &["summary", "parent", "kind"]),
    (Kind::Components, Equivalent, &["pathItems", "mediaTypes"]),
    (Kind::Response, Equivalent, &["summary"]),
    (Kind::Example, Equivalent, &["dataValue", "serializedValue"]),
    (Kind::MediaType, Equivalent, &["itemSchema"]),
    (Kind::MediaType, Lossy, &["prefixEncoding", "itemEncoding"]),
    (Kind::Encoding, Lossy, &["encoding", "prefixEncoding", "itemEncoding"]),
    (Kind::Discriminator, Equivalent, &["defaultMapping"]),
    (Kind::Xml, Lossy, &["nodeType"]),
    (Kind::OAuthFlows, Lossy, &["deviceAuthorization"]),
    (Kind::SecurityScheme, Equivalent, &["oauth2MetadataUrl", "deprecated"]),
    (Kind::Schema, Lossy, &["if", "then", "else", "dependentRequired", "dependentSchemas", "dependencies"]),
    (Kind::Schema, Lossy, &["unevaluatedItems", "additionalItems", "propertyNames"]),
    (Kind::Schema, Lossy, &["contains", "minContains", "maxContains"]),
    (Kind::Schema, Equivalent, &["contentSchema", "unevaluatedProperties"]),
    (Kind::Schema, Lossy, &["contentEncoding", "contentMediaType"]),
];

pub(super) fn convert(convert: &mut Convert, kind: Kind, node: &mut Node) {
    match kind {
        Kind::Document => document(convert, node),
        Kind::Info => {
            let to = if node.has("description") { "x-summary" } else { "description" };
            if node.text("summary").is_some() && node.rename("summary", to) {
                convert.note("info-summary", Equivalent, "summary", format!("renamed `summary` to `{to}`"));
            }
        }
        Kind::PathItem => path_item(convert, node),
        Kind::Operation => operation(convert, node),
        Kind::Parameter => parameter(convert, node),
        Kind::Response => response(convert, node),
        // 3.2 §4.19: a value may be given as data and as text.
        Kind::Example if !node.has("value") && !node.has("externalValue") && node.rename("dataValue", "value") => {
            convert.same("example", "dataValue", "renamed the `dataValue` of an example to `value`");
        }
        // `type: mutualTLS` (3.1 §4.8.27): an HTTP scheme that the client does not know, so that what requires it still asks for it.
        Kind::SecurityScheme if node.text("type") == Some("mutualTLS") => {
            node.set("type", "http");
            node.set("scheme", "mutualTLS");
            let text = "replaced `mutualTLS` with an HTTP scheme: the client's transport has the certificate";
            convert.note("mutual-tls", Interpreted, "type", text);
        }
        _ => {}
    }
    keep(convert, kind, node);
}

fn document(convert: &mut Convert, node: &mut Node) {
    if convert.is_modern() {
        let text = format!("converted OpenAPI {} to {CANONICAL_VERSION}", node.text("openapi").unwrap_or_default());
        convert.note("version", Equivalent, "openapi", text);
        node.set("openapi", CANONICAL_VERSION);
    }
    if let Some(dialect) = unknown_dialect(convert, node, "jsonSchemaDialect")
        && node.rename("jsonSchemaDialect", "x-json-schema-dialect")
    {
        let text = format!("read schemas in the dialect `{dialect}` like schemas of OpenAPI 3.1");
        convert.note("dialect", Interpreted, "jsonSchemaDialect", text);
    }
    // Requests that the server makes (3.1 §4.8.1).
    if node.get("webhooks").is_some_and(Value::is_object) && node.rename("webhooks", WEBHOOKS) {
        for (name, _) in members(node.get(WEBHOOKS)).filter(|(_, webhook)| webhook.is_object()) {
            let text = format!("kept the webhook `{name}` under `x-webhooks`");
            convert.track.record.note("webhook", Equivalent, convert.at("webhooks").key(name), text);
        }
    }
}

/// The dialect that schemas are in, if this pass does not know its keywords. Otherwise it is left out.
pub(super) fn unknown_dialect(convert: &mut Convert, node: &mut Node, key: &str) -> Option<String> {
    let dialect = node.text(key)?.to_owned();
    let address = dialect.trim_end_matches('#');
    let is_known = |known: &&str| address == *known || (known.ends_with('/') && address.starts_with(*known));
    if !DIALECTS.iter().any(is_known) {
        return Some(dialect);
    }
    node.take(key);
    convert.same("dialect", key, "removed the default dialect of schemas");
    None
}

/// Methods that 3.0 has no place for: `query` and `additionalOperations` (3.2 §4.10).
fn path_item(convert: &mut Convert, node: &mut Node) {
    let mut moved: Vec<(String, Pointer)> = Vec::new();
    if node.rename("additionalOperations", ADDITIONAL_OPERATIONS) {
        let at = convert.at("additionalOperations");
        let additional = members(node.get(ADDITIONAL_OPERATIONS));
        moved.extend(additional.map(|(method, _)| (method.clone(), at.key(method))));
    }
    let is_free = |all: &Value| all.as_object().is_some_and(|all| !all.contains_key("QUERY"));
    if node.get("query").is_some_and(Value::is_object)
        && node.get(ADDITIONAL_OPERATIONS).is_none_or(is_free)
        && let Some(query) = node.take("query")
        && let Some(additional) = object_entry(&mut node.members, ADDITIONAL_OPERATIONS)
    {
        set(additional, "QUERY", query);
        node.moves(&local(&["query"]), &local(&[ADDITIONAL_OPERATIONS, "QUERY"]));
        moved.push(("QUERY".to_owned(), convert.at("query")));
    }
    for (method, at) in moved {
        let text = format!("kept the operation with the method {method} under `{ADDITIONAL_OPERATIONS}`");
        convert.track.record.note("method", Equivalent, at, text);
    }
}

fn operation(convert: &mut Convert, node: &mut Node) {
    let says_none = node.get("responses").is_none_or(|responses| responses.as_object().is_some_and(Map::is_empty));
    let is_listed = !convert.path.as_str().starts_with("/components/");
    if convert.is_modern() && says_none && is_listed {
        // As `repair` has it, which does not look into webhooks.
        let (status, rule, text) = NO_RESPONSES;
        node.set("responses", json!({ status: { "description": "" } }));
        convert.note(rule, Interpreted, "", String::from(text));
    }
}

fn parameter(convert: &mut Convert, node: &mut Node) {
    let name = node.text("name").unwrap_or_default().to_owned();
    if node.text("in") == Some("querystring") {
        node.set("in", "query");
        node.set(IN, "querystring");
        convert.note("querystring", Equivalent, "in", format!("kept `in: querystring` of `{name}` as `x-in`"));
    }
    if node.text("style") == Some("cookie") && node.rename("style", STYLE) {
        let text = format!("kept the style of the cookie `{name}`, which is not percent-encoded, as `x-style`");
        convert.note("cookie-style", Equivalent, "style", text);
    }
}

/// 3.2 §4.17: with a summary, and the description may be absent.
fn response(convert: &mut Convert, node: &mut Node) {
    if node.has("description") {
        return;
    }
    if node.text("summary").is_some() {
        node.rename("summary", "description");
        convert.same("response-summary", "summary", "renamed the `summary` of a response to `description`");
    } else if convert.minor_version >= 2 {
        node.set("description", "");
        convert.same("response-description", "", "added the missing description of a response");
    }
}

/// Renames the fields of an object that 3.0 does not have. One whose `x-` name is taken stays, for [`crate::structure`] to name.
pub(super) fn keep(convert: &mut Convert, kind: Kind, node: &mut Node) {
    for (_, kind, fields) in KEPT.iter().filter(|(of, ..)| *of == kind) {
        for from in *fields {
            let to = if node.has(from) { extension(from) } else { continue };
            if node.rename(from, &to) {
                let text = format!("kept `{from}` as `{to}`: OpenAPI 3.0 does not define it");
                convert.note("kept-field", *kind, from, text);
            }
        }
    }
}
