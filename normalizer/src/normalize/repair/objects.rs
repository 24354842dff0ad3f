//! Part of `repair`: all objects except parameters, schemas and servers: the spelling of keys, missing required fields, and schemas in
//! place of media types.
//!
//! In: an object's members. Out: keys as OpenAPI spells them, and the evident meaning. Invariant: no key is renamed to an existing one.

use serde_json::{Value, json};

use super::schema::meant_type;
use super::{Repairer, is_blank};
use crate::json::{Members, keys, object, object_mut, says, set, text};
use crate::normalize::pass::{Equivalent, Interpreted, Lossy, NO_RESPONSES, Rule};
use crate::spelling::is_among;
use crate::structure::extensions::ITEM_SCHEMA;
use crate::structure::grammar::Kind::{self, *};
use crate::structure::grammar::{SCHEMA_TYPES, is_extension, spelled_status};

/// The objects, the key, the default string or else an empty object, the rule, and the text for the ledger.
type Needed = (&'static [Kind], &'static str, Option<&'static str>, Rule, &'static str);

/// Required fields that documents often omit (3.0.3 §4.7.1, §4.7.2, §4.7.17, §4.7.29).
const NEEDED: [Needed; 6] = [
    (&[Document], "info", None, INFO_MISSING, "added the missing `info`"),
    (&[Document], "paths", None, ("paths-missing", Equivalent), "added the missing `paths`"),
    (&[Info], "title", Some("API"), INFO_MISSING, "assumed the missing `title` to be `API`"),
    (&[Info], "version", Some("0"), INFO_MISSING, "assumed the missing `version` to be `0`"),
    (&[Response], "description", Some(""), ("response-description", Equivalent), "added the missing `description`"),
    (&[ImplicitFlow, TokenFlow, CodeFlow], "scopes", None, ("flow-scopes", Equivalent), "added the missing `scopes`"),
];

const INFO_MISSING: Rule = ("info-missing", Interpreted);

impl Repairer<'_> {
    /// Adds the missing required fields of an object of this kind.
    pub(super) fn needed(&mut self, members: &mut Members, kind: Kind) {
        for (_, key, value, rule, text) in NEEDED.iter().filter(|(kinds, ..)| kinds.contains(&kind)) {
            if members.get(*key).is_none_or(Value::is_null) {
                let value = value.map_or_else(|| json!({}), Value::from);
                self.set(members, key, value, *rule, *text);
            }
        }
    }

    /// Adds a response to an operation without any (OpenAPI 3.0.3 §4.7.16).
    pub(super) fn responses(&mut self, responses: &mut Members) {
        if responses.iter().all(|(key, value)| is_extension(key) || value.is_null()) {
            let (status, rule, text) = NO_RESPONSES;
            set(responses, status, json!({"description": ""}));
            self.note(rule, "", text);
        }
    }

    /// Converts media types to lower case, and removes surrounding space and the default `charset=utf-8`.
    pub(super) fn content(&mut self, members: &mut Members) {
        let Some(content) = object_mut(members, "content") else { return };
        let text = |from: &str, to: &str| format!("renamed the media type `{from}` to `{to}`");
        self.inside("content", |repairer| repairer.keys(content, "media-type", media_type, text));
    }

    /// Corrects statuses: `2xx` and `2**` → `2XX`, `Default` → `default`; of `200,201` only the first stays.
    pub(super) fn statuses(&mut self, members: &mut Members) {
        self.keys(members, "status-key", spelled_status, |from, to| {
            let others = if from.contains(',') { " and left out its other statuses" } else { "" };
            format!("renamed the response `{from}` to `{to}`{others}")
        });
    }

    /// Adds the leading slash of paths.
    pub(super) fn paths(&mut self, members: &mut Members) {
        let path = |key: &str| {
            let needs_slash = !key.starts_with('/') && !is_extension(key) && !key.contains("://") && !key.is_empty();
            needs_slash.then(|| format!("/{}", key.trim()))
        };
        self.keys(members, "path-slash", path, |from, _| format!("added the leading slash to the path `{from}`"));
        self.queries(members);
    }

    fn keys(
        &mut self,
        members: &mut Members,
        rule: &'static str,
        spell: impl Fn(&str) -> Option<String>,
        text: impl Fn(&str, &str) -> String,
    ) {
        let spelled = members.keys().filter_map(|key| Some((key.clone(), spell(key)?)));
        let others = spelled.filter(|(from, to)| from != to).collect();
        for (from, to) in self.all_renamed(members, others) {
            self.note((rule, Interpreted), &to, text(&from, &to));
        }
    }

    /// Replaces types of Swagger 2.0, and a scheme's name as its type.
    pub(super) fn security_scheme(&mut self, members: &mut Members) {
        let kind = text(members, "type").unwrap_or_default().to_ascii_lowercase();
        let (scheme, rule, text) = match kind.as_str() {
            "basic" | "bearer" | "digest" if !members.contains_key("scheme") => {
                let text = format!("replaced `type: {kind}` with `type: http` and `scheme: {kind}`");
                (kind.clone(), "security-scheme-type", text)
            }
            // Amazon documents this as an API key, but each request has its own signature.
            "apikey" if is_signature(members) => {
                let text = "assumed AWS Signature Version 4 instead of an API key; clients do not sign requests";
                ("AWS4-HMAC-SHA256".to_owned(), "aws-signature", text.to_owned())
            }
            "apikey" => {
                let Some((name, scheme)) = named_scheme(members) else { return };
                let text = format!("replaced an API key in the header `{name}` with the HTTP scheme `{scheme}`");
                (scheme, "security-scheme-type", text)
            }
            _ => return,
        };
        if kind == "apikey" {
            members.retain(|key, _| key != "name" && key != "in");
        }
        set(members, "scheme", scheme);
        self.set(members, "type", "http", (rule, Interpreted), text);
    }

    /// Removes empty addresses.
    pub(super) fn empty_urls(&mut self, members: &mut Members) {
        for key in ["url", "termsOfService", "email", "contact", "license"] {
            let is_empty = match (key, members.get(key)) {
                ("contact" | "license", Some(Value::Object(inner))) => inner.values().all(says_nothing),
                (_, member) => member.is_some_and(is_blank),
            };
            if is_empty {
                self.leave_out(members, key, ("empty-value", Equivalent), format!("removed empty `{key}`"));
            }
        }
    }

    pub(super) fn external_docs(&mut self, members: &mut Members) {
        let Some(docs) = object(members, "externalDocs") else { return };
        let is_empty = |key: &str| docs.get(key).is_none_or(says_nothing);
        if is_empty("url") {
            let kind = if is_empty("description") { Equivalent } else { Lossy };
            self.leave_out(members, "externalDocs", ("empty-value", kind), "removed `externalDocs` without a URL");
        }
    }
}

fn says_nothing(value: &Value) -> bool {
    value.is_null() || is_blank(value)
}

/// Returns the name of an API key and the HTTP scheme that it means: in an invalid header (`Authorization: Bearer`), or in `Authorization`
/// with a description that requires the prefix `Bearer`.
fn named_scheme(members: &Members) -> Option<(&str, String)> {
    let name = text(members, "name").filter(|_| says(members, "in", "header"))?;
    let lower = name.to_ascii_lowercase();
    let mut words = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let scheme = match (words.next(), words.next(), words.next()) {
        (Some("authorization"), Some(scheme @ ("bearer" | "basic")), None) => scheme,
        (Some(scheme @ ("bearer" | "basic")), _, _) if name.contains([' ', ':']) => scheme,
        (Some("authorization"), None, None) => {
            let description = text(members, "description").unwrap_or_default();
            if is_bearer(description) { "bearer" } else { prefix(description)? }
        }
        _ => return None,
    };
    Some((name, scheme.to_owned()))
}

/// HTTP schemes that need more than a key.
const NO_PREFIX: &str = "basic digest negotiate oauth";

/// Returns the word in front of the key: `Token` in `Authorization: Token <key>`, or in `with the prefix "Token"`, where it is the only
/// quoted word.
fn prefix(description: &str) -> Option<&str> {
    let lower = description.to_ascii_lowercase();
    let is_word = |word: &&str| word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_alphabetic());
    let is_scheme = |word: &&str| is_word(word) && !is_among(NO_PREFIX, &word.to_ascii_lowercase());
    let header = lower.find("authorization:").and_then(|at| description.get(at + "authorization:".len()..));
    let mut shown = header.unwrap_or_default().split_whitespace();
    let is_key = |word: &str| {
        word.starts_with(['<', '[', '{', '$']) || word.contains(|one: char| one == '_' || one.is_ascii_digit())
    };
    if let (Some(scheme), Some(key)) = (shown.next().filter(is_scheme), shown.next())
        && is_key(key)
    {
        return Some(scheme);
    }
    let is_denied = || lower.split(|one: char| !one.is_alphanumeric()).any(|word| is_among("no not without", word));
    let is_asked = ["prefix", "prepend", "followed by"].iter().any(|asked| lower.contains(asked));
    // Text between two quoted words begins with a space.
    let quoted = description.split(['"', '\'', '`']).skip(1).map(str::trim_end).filter(is_word);
    let mut words = quoted.filter(|word| !word.eq_ignore_ascii_case("authorization"));
    let first = words.next().filter(is_scheme)?;
    (is_asked && !is_denied() && words.all(|word| word == first)).then_some(first)
}

/// Returns `true` if a description requires the prefix `Bearer`, and no other scheme.
fn is_bearer(description: &str) -> bool {
    let words = description.split(|one: char| !one.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let words: Vec<String> = words.map(str::to_ascii_lowercase).collect();
    let bearer = words.iter().position(|word| word == "bearer");
    bearer.is_some_and(|at| {
        let mut before = words.iter().take(at).rev().take(3);
        !words.iter().any(|word| word == "basic") && !before.any(|word| is_among("no not without", word))
    })
}

/// Returns a media type as compared by RFC 9110 §8.3.1.
fn media_type(key: &str) -> Option<String> {
    let mut parts = key.split(';').map(str::trim);
    let name = parts.next()?.to_ascii_lowercase();
    if !name.contains('/') {
        return None;
    }
    let is_utf8 = |part: &str| {
        let plain = part.replace(['"', ' '], "").to_ascii_lowercase();
        matches!(plain.as_str(), "charset=utf-8" | "charset=utf8" | "")
    };
    let rest: Vec<&str> = parts.filter(|part| !is_utf8(part)).collect();
    if rest.is_empty() {
        return Some(name);
    }
    // Other parameters are significant (`version=2`) and unchanged.
    let has_charset = key.split(';').skip(1).any(is_utf8);
    has_charset.then(|| format!("{name}; {}", rest.join("; ")))
}

/// Returns `true` if an API key in `Authorization` is declared as a signature of AWS (`awsSigv4`, `awsS3`).
fn is_signature(scheme: &Members) -> bool {
    let is_header = text(scheme, "name").is_some_and(|name| name.eq_ignore_ascii_case("Authorization"));
    let kind = text(scheme, "x-amazon-apigateway-authtype").unwrap_or_default();
    is_header && kind.get(..3).is_some_and(|word| word.eq_ignore_ascii_case("aws"))
}

/// The prefix of the title that grpc-gateway gives to the schema of an item.
const TITLE: &str = "Stream result of ";

impl Repairer<'_> {
    /// Moves `type` and related keywords from the media type into a schema.
    pub(super) fn bare_schema(&mut self, media_type: &mut Members) {
        if media_type.contains_key("schema") || !media_type.iter().any(|(key, value)| is_of_schema(key, value)) {
            return;
        }
        let (schema, own) = (Schema.grammar(), MediaType.grammar());
        let fields = || schema.fields.iter().chain(schema.later).map(|field| field.name);
        let is_taken =
            |key: &str, _: &Value| own.form_of(key).is_none() && (key == "$ref" || fields().any(|field| field == key));
        let taken = self.move_into(media_type, "schema", is_taken);
        set(media_type, "schema", taken);
        let text = "moved keywords of a schema from the media type into `schema`";
        self.count(("bare-schema", Interpreted), "schema", text);
    }

    /// Marks the schema of grpc-gateway's items, which is documented as the whole body: the gateway sends one object
    /// per line.
    pub(super) fn lines(&mut self, media_type: &mut Members) {
        if media_type.get("schema").is_some_and(is_item) {
            let rule = ("stream-of-results", Interpreted);
            let text = "used the schema for the items: grpc-gateway sends one object per line";
            self.rename(media_type, ("schema", ITEM_SCHEMA), rule, text);
        }
    }
}

/// Returns `true` if a schema describes a line in a stream of grpc-gateway.
fn is_item(schema: &Value) -> bool {
    let names: Vec<&str> = keys(schema.get("properties")).map(String::as_str).collect();
    let has_title = schema["title"].as_str().is_some_and(|title| title.starts_with(TITLE));
    has_title && names.contains(&"result") && names.iter().all(|name| matches!(*name, "result" | "error"))
}

/// Returns `true` if a member proves that its object is a schema.
fn is_of_schema(key: &str, value: &Value) -> bool {
    match (key, value) {
        ("type", Value::String(name)) => is_type(name),
        ("type", Value::Array(names)) => {
            names.iter().all(|name| name.as_str().is_some_and(|name| name == "null" || is_type(name)))
        }
        ("$ref", Value::String(text)) => text.starts_with("#/components/schemas/"),
        ("properties" | "items" | "additionalProperties", Value::Object(_))
        | ("allOf" | "anyOf" | "oneOf" | "enum", Value::Array(_)) => true,
        _ => false,
    }
}

fn is_type(name: &str) -> bool {
    let lower = name.trim().to_ascii_lowercase();
    SCHEMA_TYPES.contains(&lower.as_str()) || meant_type(&lower).is_some()
}

#[cfg(test)]
mod tests {
    use super::media_type;

    #[test]
    fn media_types_are_compared_without_what_does_not_count() {
        for (key, expected) in [
            ("application/json; charset=utf-8", "application/json"),
            ("Application/JSON", "application/json"),
            (" text/plain;charset=\"UTF-8\" ", "text/plain"),
            ("application/json; charset=utf-8; version=2", "application/json; version=2"),
            ("*/*", "*/*"),
        ] {
            assert_eq!(media_type(key).as_deref(), Some(expected), "{key}");
        }
        assert_eq!(media_type("json"), None);
        assert_eq!(media_type("application/json; version=2"), None);
    }
}
