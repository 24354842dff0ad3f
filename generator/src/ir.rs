//! The intermediate representation: one API as plain data, in OpenAPI's own words.
//!
//! Stage: what `lower` makes and `name` and `emit` read.
//!
//! Invariant: it holds no tokens, no Rust identifiers and no types as strings, and its only collections are arrays,
//! so that the same document always gives the same value. What a diagnostic may be about has the JSON pointer that it came from.

mod repetition;
mod responses;
mod schema;
mod security;
mod union;

use std::fmt;

use serde_json::Value;

use crate::never::never;
use clientwright_normalizer::pointer::Pointer;
use clientwright_normalizer::structure::grammar::METHODS;

pub use self::repetition::*;
pub use self::responses::*;
pub use self::schema::*;
pub use self::security::*;
pub use self::union::*;

/// One API: what a document under `specs/` describes.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Api {
    /// The stem of the document's file name, which is also the name of the generated module.
    pub module: String,
    /// The document as shown to people, for example `specs/lakefs_import.yaml`.
    pub file: String,
    /// `info.title`.
    pub title: String,
    /// `info.version`.
    pub version: String,
    /// `info.description`, and where to read more.
    pub docs: Docs,
    /// The document's servers, in its order (OpenAPI 3.0.3 §4.7.5).
    pub servers: Vec<Server>,
    /// The first tag of each operation: declared tags in the document's order, then undeclared ones in the order of their
    /// first use. Operations without a tag belong to a tag without a name.
    pub tags: Vec<Tag>,
    /// The security schemes that the runtime can apply, in the document's order.
    pub security_schemes: Vec<SecurityScheme>,
    /// Whether the server writes `null` for any property, item or entry (`x-null-anywhere`).
    pub null_anywhere: bool,
    /// Optional parameters that can have a default for the whole client, in the order of their places.
    pub client_parameters: Vec<ClientParameter>,
    /// The operations, in the document's order.
    pub operations: Vec<Operation>,
    /// Requests that the server makes: webhooks, then callbacks in the order of their operations.
    pub incoming: Vec<Incoming>,
    /// Every schema that is reachable from an operation or named as a component.
    pub types: Types,
    /// Schemas that no type expresses: each became any JSON value, and is named in a diagnostic.
    pub untyped: Vec<Untyped>,
    /// How much the document holds, to prove that nothing was lost.
    pub accounting: Accounting,
}

impl Api {
    /// Whether an operation requires a security scheme, alone or with others.
    pub fn requires(&self, scheme: &SecurityScheme) -> bool {
        let mut requirements = self.operations.iter().flat_map(|operation| &operation.security);
        requirements.any(|requirement| self.schemes(requirement).any(|required| required.name == scheme.name))
    }

    /// The schemes that have to be satisfied together.
    pub(crate) fn schemes(&self, requirement: &Requirement) -> impl Iterator<Item = &SecurityScheme> {
        let scheme = |id: &SchemeId| self.security_schemes.get(id.0).or_else(|| never!(None, "{id:?} is unknown"));
        requirement.schemes.iter().filter_map(scheme)
    }

    /// Whether a tag stands for the operations without one.
    pub fn is_implied(&self, id: TagId) -> bool {
        self.tags.get(id.0).map_or_else(|| never!(false, "{id:?} is unknown"), |tag| tag.implied)
    }
}

/// A schema that describes more than the type that was made of it: any JSON value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Untyped {
    /// The schema.
    pub pointer: Pointer,
    /// Why it has no type of its own, in a few words.
    pub reason: &'static str,
}

/// How much the document holds, counted in the document itself, not in the IR.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Accounting {
    /// Operations under `paths`.
    pub operations: usize,
    /// Schemas under `components/schemas`.
    pub schemas: usize,
    /// Operations that are named in a diagnostic instead of being generated.
    pub unsupported_operations: usize,
}

/// The documentation of a node.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Docs {
    /// A short line (`summary` of an operation, `title` of a schema).
    pub summary: Option<String>,
    /// `description`, CommonMark.
    pub description: Option<String>,
    /// `externalDocs.url`.
    pub url: Option<String>,
    /// Whether the document calls it deprecated.
    pub deprecated: bool,
    /// `x-inferred`: what was inferred when the document was normalized, and from what.
    pub inferred: Option<String>,
}

/// A server (OpenAPI 3.0.3 §4.7.5).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Server {
    /// The URL template, exactly as written. It may be relative to where the API is installed.
    pub url: String,
    /// `description`.
    pub docs: Docs,
    /// The template's variables, in the document's order.
    pub variables: Vec<ServerVariable>,
    /// Where it is written.
    pub origin: Pointer,
}

impl Server {
    /// Whether it is a whole address, not the path of the API below one that only the caller knows.
    pub fn is_absolute(&self) -> bool {
        self.url.starts_with("http")
    }
}

/// A variable of a server's URL (OpenAPI 3.0.3 §4.7.6).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ServerVariable {
    /// The name between the braces.
    pub name: String,
    /// The value if none is given.
    pub default: String,
    /// The allowed values; empty if all are.
    pub values: Vec<String>,
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
    /// Whether it stands for the operations without a tag. It has no name then.
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

/// A parameter that can be set for a whole client.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ClientParameter {
    /// Its name on the wire.
    pub wire_name: String,
    /// Where it is sent: in the query or in a header.
    pub location: Location,
    /// What it means.
    pub docs: Docs,
    /// Its type.
    pub ty: TypeRef,
    /// Where it is written.
    pub origin: Pointer,
}

/// An HTTP method: those that a path item knows (OpenAPI 3.0.3 §4.7.9), in the order of [`METHODS`], and others.
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
    /// Any other (OpenAPI 3.2 §4.10), as on the wire.
    Other(String),
}

impl Method {
    /// Every method that a path item has a key for, in the order in which OpenAPI lists them.
    pub const ALL: [Self; 8] =
        [Self::Get, Self::Put, Self::Post, Self::Delete, Self::Options, Self::Head, Self::Patch, Self::Trace];

    /// The method with that key under a path item, or any other as on the wire.
    pub(crate) fn of(name: &str) -> Self {
        let known = Self::ALL.into_iter().find(|method| method.key() == name);
        known.unwrap_or_else(|| Self::Other(name.to_owned()))
    }

    /// The key under a path item, `get`; any other method as it is.
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
    /// As on the wire: `GET`.
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
    /// What its method and path are in full as an id, if its id says no more: such an id may have been given to it for want of one.
    pub id_of_path: Option<String>,
    /// The HTTP method.
    pub method: Method,
    /// The path template, exactly as written.
    pub path: String,
    /// The URL of its own server or that of its path, if it is not sent to the document's; variables have their defaults.
    pub server: Option<String>,
    /// The first of its tags: where it is generated.
    pub tag: TagId,
    /// Its documentation.
    pub docs: Docs,
    /// The parameters of its path item, then its own; one that overrides a parameter of the path item is in its place.
    pub parameters: Vec<Parameter>,
    /// What is sent.
    pub body: Option<Body>,
    /// What comes back, in the document's order.
    pub responses: Vec<Response>,
    /// The alternatives, of which one suffices. Empty: no credential is needed.
    pub security: Vec<Requirement>,
    /// How its list comes in pages, if it does.
    pub pagination: Option<Pagination>,
    /// How it says that a job has ended, if it does.
    pub polling: Option<Polling>,
    /// Whether calling it twice does what calling it once does, whatever its method (`x-idempotent`).
    pub idempotent: bool,
    /// The header by which the server recognizes a call that is sent again (`x-idempotency-key`).
    pub idempotency_key: Option<String>,
    /// Where it is written.
    pub origin: Pointer,
}

impl Operation {
    /// What a call may leave out: parameters, with their places among all, and the body.
    pub(crate) fn optional(&self) -> (impl Iterator<Item = (usize, &Parameter)>, Option<&Body>) {
        let parameters = self.parameters.iter().enumerate().filter(|(_, parameter)| !parameter.required);
        (parameters, self.body.as_ref().filter(|body| !body.required))
    }
}

/// What of a path is sent: a fragment only tells it from another.
pub(crate) fn sent_path(path: &str) -> &str {
    path.split_once('#').map_or(path, |(sent, _)| sent)
}

/// A request that the server makes: a webhook (OpenAPI 3.1.1 §4.8.1, here `x-webhooks`) or a callback (OpenAPI 3.0.3 §4.7.18).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Incoming {
    /// Its key under `x-webhooks` or `callbacks`.
    pub name: String,
    /// Whose callback it is, and where it is sent; `None` for a webhook.
    pub callback: Option<Callback>,
    /// What its inline types are called after. An operation may have the same id.
    pub id: String,
    /// The HTTP method.
    pub method: Method,
    /// Its documentation.
    pub docs: Docs,
    /// What comes along with the body.
    pub parameters: Vec<IncomingParameter>,
    /// What is *read*.
    pub body: Option<Body>,
    /// What is *sent* back, in the document's order.
    pub responses: Vec<Response>,
    /// Where it is written.
    pub origin: Pointer,
}

/// What makes a request of the server a callback.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Callback {
    /// The id of the operation.
    pub operation: String,
    /// Where it is sent: a runtime expression (OpenAPI 3.0.3 §4.7.18.4).
    pub expression: String,
}

/// What comes along with the body of a request that the server makes.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct IncomingParameter {
    /// Its name on the wire.
    pub wire_name: String,
    /// Where it is sent.
    pub location: Location,
    /// Its documentation.
    pub docs: Docs,
}

impl Incoming {
    /// The JSON bodies of the request.
    pub fn bodies(&self) -> Vec<&MediaType> {
        let media_types = self.body.iter().flat_map(|body| &body.media_types);
        media_types.filter(|media_type| media_type.kind == MediaKind::Json).collect()
    }

    /// The JSON responses to it, each with its status.
    pub fn answers(&self) -> Vec<(StatusMatch, &MediaType)> {
        self.responses.iter().filter_map(|response| Some((response.status, response.json()?))).collect()
    }
}

/// Security schemes that have to be satisfied together (OpenAPI 3.0.3 §4.7.30). Empty: anonymous access is allowed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Requirement {
    /// The schemes, in the document's order.
    pub schemes: Vec<SchemeId>,
}

/// A parameter (OpenAPI 3.0.3 §4.7.12).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Parameter {
    /// Its name on the wire.
    pub wire_name: String,
    /// Where it is sent.
    pub location: Location,
    /// Whether a request without it is refused.
    pub required: bool,
    /// How it is written.
    pub style: Style,
    /// Whether each item of an array or property of an object stands for itself.
    pub explode: bool,
    /// Whether the characters that RFC 3986 reserves are sent as they are.
    pub allow_reserved: bool,
    /// Its type.
    pub ty: TypeRef,
    /// Its documentation.
    pub docs: Docs,
    /// `default` of its schema, if there is one.
    pub default: Option<Value>,
    /// `example`, if there is one.
    pub example: Option<Value>,
    /// The only value that it can have, if it is required: a call sends it unasked.
    pub constant: Option<Value>,
    /// What the document says of whether it is set for the whole client (`x-client-parameter`).
    pub of_client: Option<bool>,
    /// The client-wide default that stands in for it, if it can have one.
    pub client_parameter: Option<ClientParameterId>,
    /// Where it is written.
    pub origin: Pointer,
}

/// Where a parameter is sent: `in`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the specification's own names")]
pub enum Location {
    Path,
    Query,
    Header,
    Cookie,
}

impl Location {
    /// The value of `in`: `path`.
    pub fn key(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
        }
    }
}

/// How a parameter is written (OpenAPI 3.0.3 §4.7.12.3, RFC 6570).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Style {
    /// `;color=blue`
    Matrix,
    /// `.blue`
    Label,
    /// `blue/black`: several segments of a path. Not a style of OpenAPI.
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
    /// The value as JSON, for a parameter with `content`. Not a style of OpenAPI.
    Json,
    /// As `Form`, and nothing is percent-encoded (OpenAPI 3.2 §4.12.3).
    Cookie,
    /// The whole query as a form (OpenAPI 3.2 §4.12.1). Not a style of OpenAPI, like those that follow.
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
    /// `x-body-name`: its name as an argument.
    pub name: Option<String>,
    /// Whether a request without it is refused.
    pub required: bool,
    /// The media types that the server takes, in the document's order. Never empty.
    pub media_types: Vec<MediaType>,
    /// Its documentation.
    pub docs: Docs,
    /// Where it is written.
    pub origin: Pointer,
}

/// A media type (OpenAPI 3.0.3 §4.7.14).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct MediaType {
    /// As written, for example `application/json`. A range that a request sends as JSON has the name of JSON.
    pub name: String,
    /// What its bytes are.
    pub kind: MediaKind,
    /// Whether a caller has to name the media type of a request, because `name` is a range or not specific enough.
    pub named_by_caller: bool,
    /// The schema; a media type without one carries anything.
    pub ty: TypeRef,
    /// The documented encodings of the properties of a form or a `multipart` body, in the document's order.
    pub encodings: Vec<Encoding>,
    /// Where it is written.
    pub origin: Pointer,
}

/// How a property of a form or of a `multipart` body is written (OpenAPI 3.0.3 §4.7.15).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Encoding {
    /// The property's name on the wire.
    pub property: String,
    /// Its encoding.
    pub writing: Writing,
}

/// How a property of a body is written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Writing {
    /// As a query parameter is, in a form.
    Styled {
        /// The style.
        style: Style,
        /// Whether each item of an array or property of an object stands for itself.
        explode: bool,
        /// Whether the characters that RFC 3986 reserves are sent as they are.
        allow_reserved: bool,
    },
    /// As JSON, in a form.
    Json,
    /// As a part of a `multipart` body.
    Part {
        /// The media types that it may have, as written.
        content_type: Option<String>,
        /// Headers of the part, with their only values.
        headers: Vec<(String, String)>,
        /// Whether its properties are parts of their own, in the style `deepObject`.
        deep_object: bool,
    },
}

/// What the bytes of a media type are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum MediaKind {
    /// JSON by the schema (`application/json`, `*/*+json`).
    Json,
    /// A form whose fields are the properties (`application/x-www-form-urlencoded`). Only in requests.
    Form,
    /// Parts that are the properties (`multipart/*`). Only in requests.
    Multipart,
    /// Text as it is (`text/*`, YAML, XML).
    Text,
    /// Bytes as they are.
    Binary,
    /// Items that follow one another. Only in responses that mean success.
    Stream(StreamKind),
}

/// How the items of a stream stand in it. `ty` is the type of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum StreamKind {
    /// Server-sent events with JSON in their data (`text/event-stream`, WHATWG HTML §9.2).
    JsonEvents,
    /// Server-sent events with text in their data; `ty` means nothing.
    TextEvents,
    /// Server-sent events that are read whole, as an object with `event`, `id` and `data`, where `data` is JSON.
    EventObjects,
    /// As [`EventObjects`](Self::EventObjects), where `data` is a string.
    TextEventObjects,
    /// JSON Lines: one JSON value in each line (`application/jsonl`, `application/x-ndjson`).
    JsonLines,
    /// A JSON text sequence (`application/json-seq`, RFC 7464).
    JsonSequence,
}
