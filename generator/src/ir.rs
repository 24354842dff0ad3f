//! The intermediate representation: one API as plain data, in OpenAPI's own words.
//!
//! Stage: what `lower` makes and `name` and `emit` read.
//!
//! Invariant: no token, no Rust identifier and no type written as text is in here, only `Vec` and `BTreeMap`, so that
//! the same document always gives the same value. Every node carries the JSON pointer that it came from.

use std::fmt;

use serde_json::Value;

use crate::pointer::Pointer;

/// One API: what a document under `specs/` describes.
#[derive(Clone, Debug, PartialEq)]
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
    /// Every tag that an operation carries first: declared tags in the document's order, then undeclared ones in the
    /// order of their first use. Operations without a tag belong to a tag named `default`.
    pub tags: Vec<Tag>,
    /// The security schemes that a requirement names and that the runtime can apply, in the document's order.
    pub security_schemes: Vec<SecurityScheme>,
    /// Optional header parameters that the document defines once under `components/parameters`: they can be given a
    /// default for the whole client. In the document's order.
    pub client_headers: Vec<ClientHeader>,
    /// The operations, in the document's order.
    pub operations: Vec<Operation>,
    /// Every schema that is reachable from an operation or named as a component.
    pub types: Types,
    /// What went in, so that nothing can be lost without a word.
    pub accounting: Accounting,
}

/// How much the document holds, counted on the document itself and not on what was lowered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Accounting {
    /// Operations under `paths`.
    pub operations: usize,
    /// Schemas under `components/schemas`.
    pub schemas: usize,
    /// Operations that are named in a diagnostic instead of being generated.
    pub unsupported_operations: usize,
    /// Component schemas that are named in a diagnostic instead of being generated.
    pub unsupported_schemas: usize,
}

/// What people wrote about a node.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Docs {
    /// A short line (`summary` of an operation, `title` of a schema).
    pub summary: Option<String>,
    /// `description`, CommonMark.
    pub description: Option<String>,
    /// `externalDocs.url`.
    pub url: Option<String>,
    /// Whether the document calls it deprecated.
    pub deprecated: bool,
    /// `x-inferred`: what whoever normalized the document had to settle, and from what.
    pub inferred: Option<String>,
}

/// A server (OpenAPI 3.0.3 §4.7.5).
#[derive(Clone, Debug, PartialEq)]
pub struct Server {
    /// The URL template, exactly as written. It may be relative to where the API is installed.
    pub url: String,
    /// `description`.
    pub docs: Docs,
    /// The template's variables, in the document's order.
    pub variables: Vec<ServerVariable>,
    /// Where it was written.
    pub origin: Pointer,
}

/// A variable of a server's URL (OpenAPI 3.0.3 §4.7.6).
#[derive(Clone, Debug, PartialEq)]
pub struct ServerVariable {
    /// The name between the braces.
    pub name: String,
    /// The value that stands in when none is given.
    pub default: String,
    /// The only values allowed; empty when any is.
    pub values: Vec<String>,
    /// `description`.
    pub docs: Docs,
}

/// A tag: a group of operations (OpenAPI 3.0.3 §4.7.22).
#[derive(Clone, Debug, PartialEq)]
pub struct Tag {
    /// The name as written.
    pub name: String,
    /// `description`.
    pub docs: Docs,
}

/// Index into [`Api::tags`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TagId(pub usize);

/// Index into [`Api::security_schemes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SchemeId(pub usize);

/// Index into [`Api::client_headers`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClientHeaderId(pub usize);

/// A security scheme (OpenAPI 3.0.3 §4.7.27).
#[derive(Clone, Debug, PartialEq)]
pub struct SecurityScheme {
    /// Its key under `components/securitySchemes`.
    pub name: String,
    /// How a credential is sent.
    pub kind: SchemeKind,
    /// `description`.
    pub docs: Docs,
    /// Where it was written.
    pub origin: Pointer,
}

/// How a credential is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SchemeKind {
    /// RFC 7617.
    Basic,
    /// RFC 6750; the text is `bearerFormat`. OAuth 2 and OpenID Connect send their tokens so, too.
    Bearer {
        /// `bearerFormat`, a hint for people.
        format: Option<String>,
    },
    /// RFC 7616.
    Digest,
    /// An API key in the header of this name.
    HeaderKey(String),
    /// An API key in the query parameter of this name.
    QueryKey(String),
    /// An API key in the cookie of this name.
    CookieKey(String),
}

/// A header parameter that can be set for a whole client.
#[derive(Clone, Debug, PartialEq)]
pub struct ClientHeader {
    /// The header's name.
    pub wire_name: String,
    /// What it means.
    pub docs: Docs,
    /// Its type.
    pub ty: Use,
    /// Where it was written.
    pub origin: Pointer,
}

/// The HTTP methods that a path item knows (OpenAPI 3.0.3 §4.7.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    /// GET
    Get,
    /// PUT
    Put,
    /// POST
    Post,
    /// DELETE
    Delete,
    /// OPTIONS
    Options,
    /// HEAD
    Head,
    /// PATCH
    Patch,
    /// TRACE
    Trace,
}

impl Method {
    /// Every method, in the order in which OpenAPI lists them.
    pub const ALL: [Self; 8] =
        [Self::Get, Self::Put, Self::Post, Self::Delete, Self::Options, Self::Head, Self::Patch, Self::Trace];

    /// The key under a path item: `get`.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Put => "put",
            Self::Post => "post",
            Self::Delete => "delete",
            Self::Options => "options",
            Self::Head => "head",
            Self::Patch => "patch",
            Self::Trace => "trace",
        }
    }
}

impl fmt::Display for Method {
    /// As on the wire: `GET`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.key().to_ascii_uppercase())
    }
}

/// An operation (OpenAPI 3.0.3 §4.7.10).
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// `operationId`, exactly as written.
    pub id: String,
    /// The HTTP method.
    pub method: Method,
    /// The path template, exactly as written.
    pub path: String,
    /// The first of its tags: where it is generated.
    pub tag: TagId,
    /// What people wrote about it.
    pub docs: Docs,
    /// Its parameters and those of its path item, merged: the path item's first, an operation's in place of the one
    /// that it overrides.
    pub parameters: Vec<Parameter>,
    /// What is sent.
    pub body: Option<Body>,
    /// What comes back, in the document's order.
    pub responses: Vec<Response>,
    /// The alternatives, any one of which suffices. Empty: no credential is needed.
    pub security: Vec<Requirement>,
    /// Where it was written.
    pub origin: Pointer,
}

/// Security schemes that have to be satisfied together (OpenAPI 3.0.3 §4.7.30). Empty: anonymous access is allowed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Requirement {
    /// The schemes, in the document's order.
    pub schemes: Vec<SchemeId>,
}

/// A parameter (OpenAPI 3.0.3 §4.7.12).
#[derive(Clone, Debug, PartialEq)]
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
    pub ty: Use,
    /// What people wrote about it.
    pub docs: Docs,
    /// `default` of its schema, if there is one.
    pub default: Option<Value>,
    /// `example`, if there is one.
    pub example: Option<Value>,
    /// The client-wide default that stands in for it, if it can have one.
    pub client_header: Option<ClientHeaderId>,
    /// Where it was written.
    pub origin: Pointer,
}

/// Where a parameter is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Location {
    /// A part of the path.
    Path,
    /// The query string.
    Query,
    /// A header.
    Header,
    /// A cookie.
    Cookie,
}

/// How a parameter is written (OpenAPI 3.0.3 §4.7.12.3, RFC 6570).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Style {
    /// `;color=blue`
    Matrix,
    /// `.blue`
    Label,
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
}

/// A request body (OpenAPI 3.0.3 §4.7.13).
#[derive(Clone, Debug, PartialEq)]
pub struct Body {
    /// Whether a request without it is refused.
    pub required: bool,
    /// The media types that the server takes, in the document's order. Never empty.
    pub media_types: Vec<MediaType>,
    /// What people wrote about it.
    pub docs: Docs,
    /// Where it was written.
    pub origin: Pointer,
}

/// A media type (OpenAPI 3.0.3 §4.7.14).
#[derive(Clone, Debug, PartialEq)]
pub struct MediaType {
    /// As written, for example `application/json`.
    pub name: String,
    /// What its bytes are.
    pub kind: MediaKind,
    /// The schema; a media type without one carries anything.
    pub ty: Use,
    /// Where it was written.
    pub origin: Pointer,
}

/// What the bytes of a media type are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MediaKind {
    /// JSON by the schema (`application/json`, `*/*+json`).
    Json,
    /// Text as it is (`text/*`, YAML, XML).
    Text,
    /// Bytes as they are.
    Binary,
}

/// A response (OpenAPI 3.0.3 §4.7.17).
#[derive(Clone, Debug, PartialEq)]
pub struct Response {
    /// The status codes it stands for.
    pub status: StatusMatch,
    /// What its body may be; empty: it has none.
    pub media_types: Vec<MediaType>,
    /// The headers that it documents.
    pub headers: Vec<ResponseHeader>,
    /// What people wrote about it.
    pub docs: Docs,
    /// Where it was written.
    pub origin: Pointer,
}

/// The status codes that a response stands for (OpenAPI 3.0.3 §4.7.16).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StatusMatch {
    /// One code: `404`.
    Code(u16),
    /// A hundred: `4XX`, held as `4`.
    Range(u8),
    /// Every code that is not listed.
    Default,
}

impl StatusMatch {
    /// Whether it stands for answers that mean success.
    #[must_use]
    pub fn is_success(self) -> bool {
        match self {
            Self::Code(code) => (200..300).contains(&code),
            Self::Range(hundred) => hundred == 2,
            Self::Default => false,
        }
    }
}

impl fmt::Display for StatusMatch {
    /// The key under `responses`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(f, "{code}"),
            Self::Range(hundred) => write!(f, "{hundred}XX"),
            Self::Default => f.write_str("default"),
        }
    }
}

/// A header of a response (OpenAPI 3.0.3 §4.7.21).
#[derive(Clone, Debug, PartialEq)]
pub struct ResponseHeader {
    /// Its name.
    pub wire_name: String,
    /// What people wrote about it.
    pub docs: Docs,
}

/// Index into [`Types`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TypeId(pub usize);

/// Every schema of an API. Ids are given before contents, so recursion is nothing special.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Types(Vec<Type>);

impl Types {
    /// Makes room for a type and returns its id.
    pub fn push(&mut self, ty: Type) -> TypeId {
        self.0.push(ty);
        TypeId(self.0.len() - 1)
    }

    /// The type with that id.
    ///
    /// An id always comes from [`Types::push`] of the same API; a foreign id gives the first type.
    #[must_use]
    pub fn get(&self, id: TypeId) -> Option<&Type> {
        self.0.get(id.0)
    }

    /// The type with that id, to be changed by a pass.
    pub fn get_mut(&mut self, id: TypeId) -> Option<&mut Type> {
        self.0.get_mut(id.0)
    }

    /// All types with their ids, in the order in which they were met.
    pub fn iter(&self) -> impl Iterator<Item = (TypeId, &Type)> {
        self.0.iter().enumerate().map(|(index, ty)| (TypeId(index), ty))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A schema (OpenAPI 3.0.3 §4.7.24) after all passes.
#[derive(Clone, Debug, PartialEq)]
pub struct Type {
    /// Where it was written.
    pub origin: Pointer,
    /// Whom it belongs to, from which it takes its name.
    pub owner: Owner,
    /// What people wrote about it.
    pub docs: Docs,
    /// What it is.
    pub shape: Shape,
    /// The bounds that it states, for its documentation.
    pub bounds: Bounds,
    /// `default`, if there is one.
    pub default: Option<Value>,
    /// `example`, if there is one.
    pub example: Option<Value>,
    /// Whether any operation receives it.
    pub read: bool,
    /// Whether any operation sends it.
    pub sent: bool,
}

/// Whom a type belongs to.
#[derive(Clone, Debug, PartialEq)]
pub enum Owner {
    /// `components/schemas/NAME`.
    Component(String),
    /// The property of an object.
    Property {
        /// The object.
        of: TypeId,
        /// The property's name on the wire.
        wire_name: String,
    },
    /// The items of an array.
    Item {
        /// The array.
        of: TypeId,
    },
    /// The values of a map, or the additional properties of an object.
    Value {
        /// The map or object.
        of: TypeId,
    },
    /// A branch of a union.
    Variant {
        /// The union.
        of: TypeId,
        /// Which branch, from 0.
        index: usize,
    },
    /// A parameter of the operation with this id.
    Parameter {
        /// `operationId`.
        operation: String,
        /// The parameter's name on the wire.
        wire_name: String,
    },
    /// A parameter under `components/parameters`.
    SharedParameter(String),
    /// The request body of the operation with this id.
    RequestBody {
        /// `operationId`.
        operation: String,
        /// The media type's place among the body's, from 0.
        media_type: usize,
    },
    /// A request body under `components/requestBodies`.
    SharedRequestBody(String),
    /// A response of the operation with this id.
    Response {
        /// `operationId`.
        operation: String,
        /// Which response.
        status: StatusMatch,
        /// The media type's place among the response's, from 0.
        media_type: usize,
    },
    /// A response under `components/responses`.
    SharedResponse(String),
}

/// A type where it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Use {
    /// The type.
    pub ty: TypeId,
    /// Whether `null` is a value here. Whether it may be absent is another fact, told by its user.
    pub nullable: bool,
    /// Whether it has to live behind a pointer, because it contains its user.
    pub boxed: bool,
    /// Whether it is never printed (`format: password`, `x-secret`).
    pub secret: bool,
}

impl Use {
    /// A plain use of a type.
    #[must_use]
    pub fn of(ty: TypeId) -> Self {
        Self { ty, nullable: false, boxed: false, secret: false }
    }
}

/// What a type is.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// Any JSON value.
    Any,
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer(Integer),
    /// A number.
    Number(Number),
    /// A text.
    Text(Text),
    /// One of some texts; servers may add more.
    TextEnum(Vec<EnumValue<String>>),
    /// One of some whole numbers; servers may add more.
    IntegerEnum(Vec<EnumValue<i64>>),
    /// A list.
    Array(Use),
    /// An object whose keys are data.
    Map(Use),
    /// An object with named properties.
    Object(Object),
    /// One of several types.
    Union(Union),
    /// Another name for a type: a component that is nothing but a reference.
    Alias(Use),
}

/// How wide an integer is, and how it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Integer {
    /// `int32`
    I32,
    /// `int64`, or no format
    I64,
    /// `uint32`
    U32,
    /// `uint64`
    U64,
    /// `type: string, format: int64`: a text on the wire.
    QuotedI64,
    /// `type: string, format: uint64`: a text on the wire.
    QuotedU64,
}

/// How wide a number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    /// `float`
    F32,
    /// `double`, or no format
    F64,
}

/// What a text holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Text {
    /// Anything.
    Plain,
    /// A date and a time (RFC 3339 §5.6).
    DateTime,
    /// A UUID (RFC 9562).
    Uuid,
}

/// One value of an enumeration.
#[derive(Clone, Debug, PartialEq)]
pub struct EnumValue<T> {
    /// As on the wire.
    pub wire: T,
    /// What people wrote about it.
    pub docs: Docs,
}

/// An object with named properties.
#[derive(Clone, Debug, PartialEq)]
pub struct Object {
    /// The properties, in the document's order.
    pub fields: Vec<Field>,
    /// The type of all other properties, where the document says that there may be some
    /// (`additionalProperties: true` or a schema); they are kept in a map.
    pub additional: Option<Use>,
}

/// A property of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its name on the wire.
    pub wire_name: String,
    /// Whether it must be present. Whether it may be `null` is [`Use::nullable`].
    pub required: bool,
    /// Its type.
    pub ty: Use,
    /// What people wrote about it, at the property itself.
    pub docs: Docs,
    /// `default` at the property itself, if there is one.
    pub default: Option<Value>,
    /// `example` at the property itself, if there is one.
    pub example: Option<Value>,
    /// Only in answers.
    pub read_only: bool,
    /// Only in requests.
    pub write_only: bool,
    /// Where it was written.
    pub origin: Pointer,
}

/// One of several types (`oneOf`, `anyOf`).
#[derive(Clone, Debug, PartialEq)]
pub struct Union {
    /// The branches, in the order in which they are tried.
    pub variants: Vec<Variant>,
    /// How one is told from another.
    pub rule: Rule,
}

/// How the branch of a union is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// By the text of this property (OpenAPI 3.0.3 §4.7.25); each variant lists its texts.
    Tag(String),
    /// By the first variant whose test holds.
    Ladder,
}

/// A branch of a union.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// Its type.
    pub ty: Use,
    /// The discriminator's texts that lead here ([`Rule::Tag`]).
    pub tags: Vec<String>,
    /// What a value looks like ([`Rule::Ladder`]).
    pub test: Test,
}

/// What a value must look like to belong to a variant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Test {
    /// Its JSON type.
    pub json: JsonType,
    /// Keys that an object must have.
    pub keys: Vec<String>,
    /// Properties of an object that must hold this text.
    pub equal: Vec<(String, String)>,
}

/// The types of JSON (RFC 8259 §3), with integers told from other numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum JsonType {
    /// `null`
    Null,
    /// `true`, `false`
    Boolean,
    /// A number without fraction or exponent.
    Integer,
    /// Any number.
    Number,
    /// A text.
    String,
    /// A list.
    Array,
    /// An object.
    Object,
}

/// The bounds that a schema states (OpenAPI 3.0.3 §4.7.24.1). They are documented and used to make examples, not checked
/// before a request is sent: the server is the judge.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bounds {
    /// `minimum`, and whether the value itself is excluded.
    pub minimum: Option<(serde_json::Number, bool)>,
    /// `maximum`, and whether the value itself is excluded.
    pub maximum: Option<(serde_json::Number, bool)>,
    /// `multipleOf`.
    pub multiple_of: Option<serde_json::Number>,
    /// `minLength`, in characters.
    pub min_length: Option<u64>,
    /// `maxLength`, in characters.
    pub max_length: Option<u64>,
    /// `pattern`, an ECMA-262 regular expression.
    pub pattern: Option<String>,
    /// `minItems`.
    pub min_items: Option<u64>,
    /// `maxItems`.
    pub max_items: Option<u64>,
    /// `uniqueItems`.
    pub unique_items: bool,
    /// `minProperties`.
    pub min_properties: Option<u64>,
    /// `maxProperties`.
    pub max_properties: Option<u64>,
}
