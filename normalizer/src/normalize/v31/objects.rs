//! Part of `v31`: all objects except schemas.
//!
//! In: an object whose parts are converted. Out: the object in 3.0.3. Invariant: no operation is lost or added.

use serde_json::{Map, Value, json};

use super::Node;
use crate::json::{members, object_entry, set};
use crate::normalize::names::extension;
use crate::normalize::pass::{EntryKind, Equivalent, Interpreted, Lossy, NO_RESPONSES};
use crate::normalize::version::{CANONICAL_VERSION, Version};
use crate::pointer::Pointer;
use crate::structure::extensions::{ADDITIONAL_OPERATIONS, IN, STYLE, WEBHOOKS};
use crate::structure::grammar::Kind::{self, *};

/// The known dialects of schemas in 3.1 and 3.2.
const DIALECTS: [&str; 4] = [
    "https://spec.openapis.org/oas/3.1/dialect/",
    "https://spec.openapis.org/oas/3.2/dialect/",
    "https://json-schema.org/draft/2020-12/schema",
    "https://json-schema.org/draft/2019-09/schema",
];

/// The object, the kind of the entries, and the fields.
const KEPT: &[(Kind, EntryKind, &[&str])] = &[
    (Document, Equivalent, &["$self"]),
    (License, Equivalent, &["identifier"]),
    (Server, Equivalent, &["name"]),
    (Tag, Equivalent, &["summary", "parent", "kind"]),
    (Components, Equivalent, &["pathItems", "mediaTypes"]),
    (Response, Equivalent, &["summary"]),
    (Example, Equivalent, &["dataValue", "serializedValue"]),
    (MediaType, Equivalent, &["itemSchema"]),
    (MediaType, Lossy, &["prefixEncoding", "itemEncoding"]),
    (Encoding, Lossy, &["encoding", "prefixEncoding", "itemEncoding"]),
    (Discriminator, Equivalent, &["defaultMapping"]),
    (Xml, Lossy, &["nodeType"]),
    (OAuthFlows, Lossy, &["deviceAuthorization"]),
    (SecurityScheme, Equivalent, &["oauth2MetadataUrl", "deprecated"]),
    (Schema, Lossy, &["if", "then", "else", "dependentRequired", "dependentSchemas", "dependencies"]),
    (Schema, Lossy, &["unevaluatedItems", "additionalItems", "propertyNames"]),
    (Schema, Lossy, &["contains", "minContains", "maxContains"]),
    (Schema, Equivalent, &["contentSchema", "unevaluatedProperties"]),
    (Schema, Lossy, &["contentEncoding", "contentMediaType"]),
];

impl Node<'_> {
    pub(super) fn object(&mut self, kind: Kind) {
        match kind {
            Document => self.document(),
            Info => {
                let to = if self.has("description") { "x-summary" } else { "description" };
                if self.text("summary").is_some() && self.rename("summary", to) {
                    self.note(("info-summary", Equivalent), "summary", format!("renamed `summary` to `{to}`"));
                }
            }
            PathItem => self.path_item(),
            Operation => self.operation(),
            Parameter => self.parameter(),
            Response => self.response(),
            // 3.2 §4.19: an example may have both data and text.
            Example if !self.has("value") && !self.has("externalValue") && self.rename("dataValue", "value") => {
                self.same("example", "dataValue", "renamed the `dataValue` of an example to `value`");
            }
            // `type: mutualTLS` (3.1 §4.8.27): becomes an HTTP scheme that the client does not know, so that operations still require it.
            SecurityScheme if self.text("type") == Some("mutualTLS") => {
                self.set("type", "http");
                self.set("scheme", "mutualTLS");
                let text = "replaced `mutualTLS` with an HTTP scheme: the client's transport has the certificate";
                self.note(("mutual-tls", Interpreted), "type", text);
            }
            _ => {}
        }
        self.keep(kind);
    }

    fn document(&mut self) {
        if self.is_modern() {
            let text = format!("converted OpenAPI {} to {CANONICAL_VERSION}", self.text("openapi").unwrap_or_default());
            self.note(("version", Equivalent), "openapi", text);
            self.set("openapi", CANONICAL_VERSION);
        }
        if let Some(dialect) = self.unknown_dialect("jsonSchemaDialect")
            && self.rename("jsonSchemaDialect", "x-json-schema-dialect")
        {
            let text = format!("read schemas in the dialect `{dialect}` like schemas of OpenAPI 3.1");
            self.note(("dialect", Interpreted), "jsonSchemaDialect", text);
        }
        // Webhooks (3.1 §4.8.1).
        if self.get("webhooks").is_some_and(Value::is_object) && self.rename("webhooks", WEBHOOKS) {
            for (name, _) in members(self.members.get(WEBHOOKS)).filter(|(_, webhook)| webhook.is_object()) {
                let text = format!("kept the webhook `{name}` under `x-webhooks`");
                self.convert.record.note(("webhook", Equivalent), self.convert.at("webhooks").key(name), text);
            }
        }
    }

    /// Returns the dialect of schemas if this pass does not know its keywords. Removes a known dialect.
    pub(super) fn unknown_dialect(&mut self, key: &str) -> Option<String> {
        let dialect = self.text(key)?.to_owned();
        let address = dialect.trim_end_matches('#');
        let is_known = |known: &&str| address == *known || (known.ends_with('/') && address.starts_with(*known));
        if !DIALECTS.iter().any(is_known) {
            return Some(dialect);
        }
        self.take(key);
        self.same("dialect", key, "removed the default dialect of schemas");
        None
    }

    /// Moves methods that 3.0 does not support: `query` and `additionalOperations` (3.2 §4.10).
    fn path_item(&mut self) {
        let mut moved: Vec<(String, Pointer)> = Vec::new();
        if self.rename("additionalOperations", ADDITIONAL_OPERATIONS) {
            let at = self.at("additionalOperations");
            let additional = members(self.get(ADDITIONAL_OPERATIONS));
            moved.extend(additional.map(|(method, _)| (method.clone(), at.key(method))));
        }
        let is_free = |all: &Value| all.as_object().is_some_and(|all| !all.contains_key("QUERY"));
        if self.get("query").is_some_and(Value::is_object)
            && self.get(ADDITIONAL_OPERATIONS).is_none_or(is_free)
            && let Some(query) = self.take("query")
            && let Some(additional) = object_entry(&mut self.members, ADDITIONAL_OPERATIONS)
        {
            set(additional, "QUERY", query);
            self.moves(&["query"], &[ADDITIONAL_OPERATIONS, "QUERY"]);
            moved.push(("QUERY".to_owned(), self.at("query")));
        }
        for (method, at) in moved {
            let text = format!("kept the operation with the method {method} under `{ADDITIONAL_OPERATIONS}`");
            self.record.note(("method", Equivalent), at, text);
        }
    }

    fn operation(&mut self) {
        let says_none = self.get("responses").is_none_or(|responses| responses.as_object().is_some_and(Map::is_empty));
        let is_listed = !self.path.as_str().starts_with("/components/");
        if self.is_modern() && says_none && is_listed {
            // As in `repair`, which does not process webhooks.
            let (status, rule, text) = NO_RESPONSES;
            self.set("responses", json!({ status: { "description": "" } }));
            self.note(rule, "", text);
        }
    }

    fn parameter(&mut self) {
        let name = self.text("name").unwrap_or_default().to_owned();
        if self.text("in") == Some("querystring") {
            self.set("in", "query");
            self.set(IN, "querystring");
            self.note(("querystring", Equivalent), "in", format!("kept `in: querystring` of `{name}` as `x-in`"));
        }
        if self.text("style") == Some("cookie") && self.rename("style", STYLE) {
            let text = format!("kept the style of the cookie `{name}`, which is not percent-encoded, as `x-style`");
            self.note(("cookie-style", Equivalent), "style", text);
        }
    }

    /// Converts a response: 3.2 §4.17 has a summary, and the description may be absent.
    fn response(&mut self) {
        if self.has("description") {
            return;
        }
        if self.text("summary").is_some() {
            self.rename("summary", "description");
            self.same("response-summary", "summary", "renamed the `summary` of a response to `description`");
        } else if self.version == Version::V3_2 {
            self.set("description", "");
            self.same("response-description", "", "added the missing description of a response");
        }
    }

    /// Renames fields that 3.0 does not have. A field whose `x-` name exists stays, and [`crate::structure`] reports it.
    pub(super) fn keep(&mut self, kind: Kind) {
        for (_, kind, fields) in KEPT.iter().filter(|(of, ..)| *of == kind) {
            for from in *fields {
                let to = if self.has(from) { extension(from) } else { continue };
                if self.rename(from, &to) {
                    let text = format!("kept `{from}` as `{to}`: OpenAPI 3.0 does not define it");
                    self.note(("kept-field", *kind), from, text);
                }
            }
        }
    }
}
