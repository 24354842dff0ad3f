//! The intermediate representation: one API as plain data, in the terms of OpenAPI.
//!
//! `lower` creates it; `name` and `emit` read it.
//!
//! Invariant: it contains no tokens, no Rust identifiers and no types as strings, and its only collections are arrays, so that equal
//! documents give equal values. Everything that a diagnostic may concern has its JSON pointer.

mod alike;
mod repetition;
mod responses;
mod schema;
mod security;
mod union;

use std::fmt;

use foldhash::HashMap;
use serde_json::Value;

use crate::never::never;
use clientwright_normalizer::pointer::Pointer;
use clientwright_normalizer::structure::grammar::METHODS;

pub(crate) use self::alike::{outline, parts};
pub use self::repetition::*;
pub use self::responses::*;
pub use self::schema::*;
pub use self::security::*;
pub use self::union::*;

/// One API, described by a document under `specs/`.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Api {
    /// The stem of the document's file name, which is also the name of the generated module.
    pub module: String,
    /// The display name of the document, for example `specs/lakefs_import.yaml`.
    pub file: String,
    /// `info.title`.
    pub title: String,
    /// `info.version`.
    pub version: String,
    /// `info.description` and `externalDocs`.
    pub docs: Docs,
    /// The document's servers, in document order (OpenAPI 3.0.3 §4.7.5).
    pub servers: Vec<Server>,
    /// The first tag of each operation: declared tags in document order, then undeclared ones in the order of their
    /// first use. Operations without a tag belong to a tag without a name.
    pub tags: Vec<Tag>,
    /// The security schemes that the runtime supports, in document order.
    pub security_schemes: Vec<SecurityScheme>,
    /// Whether any required property may be `null` in responses (`x-null-anywhere`).
    pub null_anywhere: bool,
    /// Whether each tag has a Cargo feature (`x-tag-features`).
    pub tag_features: bool,
    /// Optional parameters that can have a client-wide default, sorted by location.
    pub client_parameters: Vec<Parameter>,
    /// The operations in document order.
    pub operations: Vec<Operation>,
    /// Webhooks, then callbacks in the order of their operations.
    pub incoming: Vec<Incoming>,
    /// All component schemas, and all schemas that are reachable from an operation.
    pub types: Types,
    /// Schemas that Rust types cannot express: each becomes any JSON value and has a diagnostic.
    pub untyped: Vec<Untyped>,
    /// The number of operations that are not generated, each with a diagnostic.
    pub unsupported_operations: usize,
}

impl Api {
    /// Returns `true` if an operation requires a security scheme, alone or with others.
    pub fn requires(&self, scheme: &SecurityScheme) -> bool {
        let mut requirements = self.operations.iter().flat_map(|operation| &operation.security);
        requirements.any(|requirement| self.schemes(requirement).any(|required| required.name == scheme.name))
    }

    /// Returns the schemes that must be satisfied together.
    pub(crate) fn schemes(&self, requirement: &Requirement) -> impl Iterator<Item = &SecurityScheme> {
        let scheme = |id: &SchemeId| self.security_schemes.get(id.0).or_else(|| never!(None, "{id:?} is unknown"));
        requirement.schemes.iter().filter_map(scheme)
    }

    /// Returns `true` if a tag represents the operations without a tag.
    pub fn is_implied(&self, id: TagId) -> bool {
        self.tags.get(id.0).map_or_else(|| never!(false, "{id:?} is unknown"), |tag| tag.implied)
    }
}

/// A schema that is more precise than the type generated for it: any JSON value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Untyped {
    /// The schema.
    pub pointer: Pointer,
    /// The reason, in a few words.
    pub reason: &'static str,
}

/// The documentation of a node, and its name in Rust.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Docs {
    /// A short line (`summary` of an operation, `title` of a schema).
    pub summary: Option<String>,
    /// `description`, CommonMark.
    pub description: Option<String>,
    /// `externalDocs.url`.
    pub url: Option<String>,
    /// Whether the node is `deprecated`.
    pub deprecated: bool,
    /// `x-inferred`: inferences of normalization, with their reasons.
    pub inferred: Option<String>,
    /// `x-rust-name`: the name of the item.
    pub rust_name: Option<String>,
}

/// Drops the documentation or example of an item, unless the other item has an equal one.
pub(crate) fn keep_equal<T: PartialEq + Default>(own: &mut T, other: &T) {
    if own != other {
        *own = T::default();
    }
}

/// A server (OpenAPI 3.0.3 §4.7.5).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Server {
    /// The URL template, exactly as written. It may be relative to the host of the API.
    pub url: String,
    /// `description`.
    pub docs: Docs,
    /// The variables of the template, in document order.
    pub variables: Vec<ServerVariable>,
}

impl Server {
    /// Returns `true` if the URL with default variables is absolute, not only a path on an unspecified host.
    pub fn is_absolute(&self) -> bool {
        self.filled().starts_with("http")
    }

    /// Returns the URL with the default variables, or `None` if one is empty.
    pub fn with_defaults(&self) -> Option<String> {
        self.variables.iter().all(|variable| !variable.default.is_empty()).then(|| self.filled())
    }

    /// Returns the URL with the default variables.
    pub(crate) fn filled(&self) -> String {
        let defaults = self.variables.iter().map(|variable| (&*variable.name, &*variable.default));
        let defaults: HashMap<&str, &str> = defaults.collect();
        let mut parts = self.url.split('{');
        let mut filled = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            match part.split_once('}').and_then(|(name, rest)| Some([*defaults.get(name)?, rest])) {
                Some(known) => filled.extend(known),
                None => filled.extend(["{", part]),
            }
        }
        filled
    }
}

/// A variable of a server's URL (OpenAPI 3.0.3 §4.7.6).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ServerVariable {
    /// The name between the braces.
    pub name: String,
    /// The default value.
    pub default: String,
    /// `description`.
    pub docs: Docs,
}

/// A tag: a group of operations (OpenAPI 3.0.3 §4.7.22).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Tag {
    /// The name as written.
    pub name: String,
    /// `description`.
    pub docs: Docs,
    /// Whether the tag represents the operations without a tag; its name is then empty.
    pub implied: bool,
}

/// Index into [`Api::tags`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TagId(pub usize);

/// Index into [`Api::security_schemes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SchemeId(pub usize);

/// Index into [`Api::client_parameters`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClientParameterId(pub usize);

/// An HTTP method: those of path items (OpenAPI 3.0.3 §4.7.9), in the order of [`METHODS`], and others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names of HTTP")]
#[non_exhaustive]
pub enum Method {
    Get,
    Put,
    Post,
    Delete,
    Options,
    Head,
    Patch,
    Trace,
    /// Any other method (OpenAPI 3.2 §4.10), as on the wire.
    Other(String),
}

impl Method {
    /// Every method with a key in path items, in the order of OpenAPI.
    pub const ALL: [Self; 8] =
        [Self::Get, Self::Put, Self::Post, Self::Delete, Self::Options, Self::Head, Self::Patch, Self::Trace];

    /// Returns the method with this key in a path item, or another method as on the wire.
    pub(crate) fn of(name: &str) -> Self {
        let known = Self::ALL.into_iter().find(|method| method.key() == name);
        known.unwrap_or_else(|| Self::Other(name.to_owned()))
    }

    /// Returns the key in a path item, such as `get`; another method is unchanged.
    pub fn key(&self) -> &str {
        match self {
            Self::Other(method) => method,
            known => {
                let key = Self::ALL.iter().zip(METHODS).find_map(|(one, key)| (one == known).then_some(key));
                key.unwrap_or_else(|| never!("", "{known:?} has no key"))
            }
        }
    }
}

impl fmt::Display for Method {
    /// Returns the name on the wire: `GET`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Other(method) => f.write_str(method),
            known => f.write_str(&known.key().to_ascii_uppercase()),
        }
    }
}

/// An operation (OpenAPI 3.0.3 §4.7.10).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Operation {
    /// `operationId`, exactly as written.
    pub id: String,
    /// The HTTP method.
    pub method: Method,
    /// The path template, exactly as written.
    pub path: String,
    /// The URL of the operation's or its path's own server, if any; variables have their defaults.
    pub server: Option<String>,
    /// The first tag, which determines the module of the operation.
    pub tag: TagId,
    /// The documentation.
    pub docs: Docs,
    /// The parameters of the path item, then of the operation; an override takes the place of the path item's parameter.
    pub parameters: Vec<Parameter>,
    /// The request body.
    pub body: Option<Body>,
    /// The responses, in document order.
    pub responses: Vec<Response>,
    /// The alternative security requirements, one of which suffices. Empty if no credential is needed.
    pub security: Vec<Requirement>,
    /// The pagination, if any.
    pub pagination: Option<Pagination>,
    /// The polling, if any.
    pub polling: Option<Polling>,
    /// Whether the operation is idempotent regardless of its method (`x-idempotent`).
    pub idempotent: bool,
    /// The header by which the server recognizes a retry (`x-idempotency-key`).
    pub idempotency_key: Option<String>,
    /// The JSON pointer.
    pub origin: Pointer,
}

impl Operation {
    /// Returns the types of the bodies, and of their variants if they are unions.
    pub(crate) fn sent_types(&self, types: &Types) -> impl Iterator<Item = TypeId> {
        let bodies = self.body.iter().flat_map(|body| &body.media_types).map(|media_type| media_type.ty);
        let alternatives = |body| types.shape(body).variants().iter().map(|variant| variant.ty).chain([body]);
        bodies.flat_map(alternatives).map(|used| types.end(used))
    }

    /// Returns `true` if a success can be a stream.
    pub(crate) fn has_stream(&self) -> bool {
        self.responses
            .iter()
            .flat_map(|response| &response.media_types)
            .any(|one| matches!(one.kind, MediaKind::Stream(_)))
    }
}

/// Returns the path without its fragment, which is not sent and only makes the path unique.
pub(crate) fn sent_path(path: &str) -> &str {
    path.split_once('#').map_or(path, |(sent, _)| sent)
}

/// A webhook (OpenAPI 3.1.1 §4.8.1, here `x-webhooks`) or a callback (OpenAPI 3.0.3 §4.7.18).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Incoming {
    /// The key under `x-webhooks` or `callbacks`.
    pub name: String,
    /// The callback; `None` for a webhook.
    pub callback: Option<Callback>,
    /// The id from which the names of inline types derive. An operation may have the same id.
    pub id: String,
    /// The HTTP method.
    pub method: Method,
    /// The documentation.
    pub docs: Docs,
    /// The parameters that accompany the body.
    pub parameters: Vec<IncomingParameter>,
    /// The request body, which the client *reads*.
    pub body: Option<Body>,
    /// The responses, which the client *sends*, in document order.
    pub responses: Vec<Response>,
    /// The JSON pointer.
    pub origin: Pointer,
}

/// The operation and target of a callback.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Callback {
    /// The id of the operation.
    pub operation: String,
    /// The target: a runtime expression (OpenAPI 3.0.3 §4.7.18.4).
    pub expression: String,
}

/// A parameter that accompanies the body of a webhook or callback.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct IncomingParameter {
    /// The name on the wire.
    pub wire_name: String,
    /// The location.
    pub location: Location,
    /// The documentation.
    pub docs: Docs,
}

impl Incoming {
    /// Returns the JSON bodies of the request.
    pub fn json_bodies(&self) -> Vec<&MediaType> {
        let media_types = self.body.iter().flat_map(|body| &body.media_types);
        media_types.filter(|media_type| media_type.kind == MediaKind::Json).collect()
    }

    /// Returns the JSON responses with their statuses.
    pub fn json_responses(&self) -> Vec<(StatusMatch, &MediaType)> {
        self.responses.iter().filter_map(|response| Some((response.status, response.json()?))).collect()
    }
}

/// Security schemes that must be satisfied together (OpenAPI 3.0.3 §4.7.30). Empty if anonymous access is allowed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Requirement {
    /// The schemes, in document order.
    pub schemes: Vec<SchemeId>,
}

/// A parameter (OpenAPI 3.0.3 §4.7.12).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Parameter {
    /// The name on the wire.
    pub wire_name: String,
    /// The location.
    pub location: Location,
    /// Whether the parameter is required.
    pub required: bool,
    /// The serialization style.
    pub style: Style,
    /// Whether each item of an array or property of an object is serialized separately.
    pub explode: bool,
    /// Whether reserved characters (RFC 3986) are not percent-encoded.
    pub allow_reserved: bool,
    /// The type.
    pub ty: TypeRef,
    /// The documentation.
    pub docs: Docs,
    /// `default` of its schema, if there is one.
    pub default: Option<Value>,
    /// `example`, if there is one.
    pub example: Option<Value>,
    /// The only possible value of a required parameter, which calls send without an argument.
    pub constant: Option<Value>,
    /// Whether the parameter is client-wide (`x-client-parameter`), if specified.
    pub of_client: Option<bool>,
    /// The client-wide default, if the parameter can have one.
    pub client_parameter: Option<ClientParameterId>,
    /// The JSON pointer.
    pub origin: Pointer,
}

/// The location of a parameter: `in`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the specification's own names")]
pub enum Location {
    Path,
    Query,
    Header,
    Cookie,
}

impl Location {
    /// Returns `true` if two names are equal at this location: header names are case-insensitive (RFC 9110 §5.1).
    pub(crate) fn is_same(self, one: &str, other: &str) -> bool {
        one == other || self == Self::Header && one.eq_ignore_ascii_case(other)
    }

    /// Returns the value of `in`: `path`.
    pub fn key(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
        }
    }
}

/// The serialization style of a parameter (OpenAPI 3.0.3 §4.7.12.3, RFC 6570).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Style {
    /// `;color=blue`
    Matrix,
    /// `.blue`
    Label,
    /// `blue/black`: several segments of a path. Not an OpenAPI style.
    Segments,
    /// `color=blue`
    Form,
    /// `blue,black`
    Simple,
    /// `blue%20black`
    SpaceDelimited,
    /// `blue|black`
    PipeDelimited,
    /// `color[R]=100`
    DeepObject,
    /// The value as JSON, for a parameter with `content`. Not an OpenAPI style.
    Json,
    /// Like `Form`, without percent-encoding (OpenAPI 3.2 §4.12.3).
    Cookie,
    /// The whole query as a form (OpenAPI 3.2 §4.12.1). This and the following are not OpenAPI styles.
    QueryForm,
    /// The whole query as JSON.
    QueryJson,
    /// The whole query as text.
    QueryText,
}

/// A request body (OpenAPI 3.0.3 §4.7.13).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Body {
    /// `x-body-name`: the argument name.
    pub name: Option<String>,
    /// Whether the body is required.
    pub required: bool,
    /// The media types that the server accepts, in document order. Never empty.
    pub media_types: Vec<MediaType>,
    /// The documentation.
    pub docs: Docs,
    /// The JSON pointer.
    pub origin: Pointer,
}

/// A media type (OpenAPI 3.0.3 §4.7.14).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct MediaType {
    /// The name as written, for example `application/json`. A range in a request with JSON is replaced by the name of JSON.
    pub name: String,
    /// The kind of the bytes.
    pub kind: MediaKind,
    /// Whether a caller must name the media type of a request, because `name` is a range or not specific enough.
    pub named_by_caller: bool,
    /// The schema; any value if it is absent.
    pub ty: TypeRef,
    /// The documented encodings of the properties of a form or a `multipart` body, in document order.
    pub encodings: Vec<Encoding>,
    /// The JSON pointer.
    pub origin: Pointer,
}

/// The encoding of a property of a form or a `multipart` body (OpenAPI 3.0.3 §4.7.15).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Encoding {
    /// The name of the property on the wire.
    pub property: String,
    /// The encoding.
    pub writing: Writing,
}

/// The serialization of a property of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Writing {
    /// Like a query parameter, in a form.
    Styled {
        /// The style.
        style: Style,
        /// Whether each item of an array or property of an object is serialized separately.
        explode: bool,
        /// Whether reserved characters (RFC 3986) are not percent-encoded.
        allow_reserved: bool,
    },
    /// As JSON, in a form.
    Json,
    /// As a part of a `multipart` body.
    Part {
        /// The allowed media types, as written.
        content_type: Option<String>,
        /// Headers of the part, with their only values.
        headers: Vec<(String, String)>,
        /// Whether the properties of the part's value are separate parts, in the style `deepObject`.
        deep_object: bool,
    },
}

/// The kind of the bytes of a media type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum MediaKind {
    /// JSON by the schema (`application/json`, `*/*+json`).
    Json,
    /// A form whose fields are the properties (`application/x-www-form-urlencoded`). Only in requests.
    Form,
    /// Parts, one per property (`multipart/*`). Only in requests.
    Multipart,
    /// XML by the schema (`application/xml`, `*/*+xml`).
    Xml,
    /// Plain text (`text/*`, YAML, XML without a schema).
    Text,
    /// Plain bytes.
    Binary,
    /// A stream of items. Only in successful responses.
    Stream(StreamKind),
}

/// The format of a stream. `ty` is the type of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum StreamKind {
    /// Server-sent events with JSON data (`text/event-stream`, WHATWG HTML §9.2).
    JsonEvents,
    /// Server-sent events with text data; `ty` is unused.
    TextEvents,
    /// Server-sent events, each decoded as an object with `event`, `id` and `data`, where `data` is JSON.
    EventObjects,
    /// Like [`EventObjects`](Self::EventObjects), where `data` is a string.
    TextEventObjects,
    /// JSON Lines: one JSON value per line (`application/jsonl`, `application/x-ndjson`).
    JsonLines,
    /// A JSON text sequence (`application/json-seq`, RFC 7464).
    JsonSequence,
}
