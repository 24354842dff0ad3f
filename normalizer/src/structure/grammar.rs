//! The grammar of OpenAPI 3.0.3 as data: one table per object of the specification (§4.7), fields in the order of the
//! specification's own tables, which is also the canonical order of keys.

use super::Walk;
use super::{overlay, rules};
use crate::json;
use serde_json::{Map, Value};

/// A rule between the members of one object.
pub(crate) type Rule = fn(&mut Walk<'_>, &Map<String, Value>);

/// The kinds of objects (§4.7, Overlay 1.1 §4.4).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[expect(missing_docs, reason = "the specification's own names")]
pub enum Kind {
    Document,
    Info,
    Contact,
    License,
    Server,
    ServerVariable,
    Components,
    Paths,
    PathItem,
    Operation,
    ExternalDocs,
    Parameter,
    Header,
    RequestBody,
    MediaType,
    Encoding,
    Responses,
    Response,
    Callback,
    Example,
    Link,
    Tag,
    Schema,
    Discriminator,
    Xml,
    SecurityScheme,
    OAuthFlows,
    ImplicitFlow,
    TokenFlow,
    CodeFlow,
    SecurityRequirement,
    Overlay,
    OverlayInfo,
    OverlayAction,
}

impl Kind {
    /// The table of such objects.
    pub(crate) fn grammar(self) -> &'static Object {
        match self {
            Self::Document => &OPENAPI,
            Self::Info => &INFO,
            Self::Contact => &CONTACT,
            Self::License => &LICENSE,
            Self::Server => &SERVER,
            Self::ServerVariable => &SERVER_VARIABLE,
            Self::Components => &COMPONENTS,
            Self::Paths => &PATHS,
            Self::PathItem => &PATH_ITEM,
            Self::Operation => &OPERATION,
            Self::ExternalDocs => &EXTERNAL_DOCS,
            Self::Parameter => &PARAMETER,
            Self::Header => &HEADER,
            Self::RequestBody => &REQUEST_BODY,
            Self::MediaType => &MEDIA_TYPE,
            Self::Encoding => &ENCODING,
            Self::Responses => &RESPONSES,
            Self::Response => &RESPONSE,
            Self::Callback => &CALLBACK,
            Self::Example => &EXAMPLE,
            Self::Link => &LINK,
            Self::Tag => &TAG,
            Self::Schema => &SCHEMA,
            Self::Discriminator => &DISCRIMINATOR,
            Self::Xml => &XML,
            Self::SecurityScheme => &SECURITY_SCHEME,
            Self::OAuthFlows => &OAUTH_FLOWS,
            Self::ImplicitFlow => &IMPLICIT_FLOW,
            Self::TokenFlow => &TOKEN_FLOW,
            Self::CodeFlow => &CODE_FLOW,
            Self::SecurityRequirement => &SECURITY_REQUIREMENT,
            Self::Overlay => &overlay::OVERLAY,
            Self::OverlayInfo => &overlay::INFO,
            Self::OverlayAction => &overlay::ACTION,
        }
    }
}

/// One kind of object.
pub struct Object {
    /// Which one.
    pub kind: Kind,
    /// How a person calls one of them, with its article.
    pub name: &'static str,
    /// The fixed fields, in the specification's order.
    pub fields: &'static [Field],
    /// Fields that hold objects and that only later versions have (OpenAPI 3.1 and 3.2, JSON Schema 2020-12 and before).
    pub(crate) later: &'static [Field],
    /// Fields that hold objects and that only Swagger 2.0 or widespread extensions have.
    pub(crate) other: &'static [Field],
    /// All other keys.
    pub rest: Rest,
    /// What no table can say.
    pub(crate) rule: Option<Rule>,
}

/// One fixed field.
pub struct Field {
    /// The key.
    pub name: &'static str,
    /// What its value has to be.
    pub form: Form,
    /// Whether the object has to have it.
    pub required: bool,
}

/// The keys of an object beside its fixed fields.
pub enum Rest {
    /// Only `x-` keys.
    Extensions,
    /// Paths, each beginning with a slash, and `x-` keys.
    Paths(Form),
    /// `default`, status codes and their ranges, and `x-` keys.
    Responses(Form),
    /// Any key with a value of this form; `x-` keys too if `true`.
    Keys(Form, bool),
}

/// What stands at a place.
pub enum Form {
    /// A string.
    Text,
    /// A boolean.
    Boolean,
    /// A number.
    Number,
    /// A whole number from 0 on.
    Count,
    /// Any JSON value, kept as it is.
    Any,
    /// One of these texts.
    Choice(&'static [&'static str]),
    /// An object of this kind.
    Is(&'static Object),
    /// An object of this kind, or a reference to one.
    OrReference(&'static Object),
    /// A schema, a reference or a boolean (`additionalProperties`).
    SchemaOrBoolean,
    /// An array of values of this form.
    List(&'static Form),
    /// An object with any keys and values of this form.
    Map(&'static Form),
    /// A section of `components`: names in a limited alphabet, sorted in the canonical form.
    Components(&'static Form),
    /// A legal field that has no effect where it stands, and why.
    Ignored(&'static str),
}

/// Whether the key stands in the parameter itself in Swagger 2.0 and belongs into its `schema`.
pub(crate) fn is_parameter_schema_key(key: &str) -> bool {
    let of_any = matches!(key, "type" | "format" | "enum" | "default" | "nullable");
    let of_number = matches!(key, "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf");
    let of_string = matches!(key, "minLength" | "maxLength" | "pattern");
    of_any || of_number || of_string || matches!(key, "items" | "minItems" | "maxItems" | "uniqueItems")
}

/// The methods of operations, as keys of a path item (OpenAPI 3.0.3 §4.7.9).
pub(crate) const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

use Form::{Any, Boolean, Choice, Components, Count, Ignored, Is, List, Number, OrReference, SchemaOrBoolean, Text};

impl Form {
    /// The object that stands here, or that a reference may stand for.
    #[must_use]
    pub fn object(&self) -> Option<&'static Object> {
        match self {
            Is(object) | OrReference(object) => Some(object),
            SchemaOrBoolean => Some(&SCHEMA),
            _ => None,
        }
    }

    /// Whether `value`, which stands here, is a reference.
    #[must_use]
    pub fn is_reference(&self, value: &Value) -> bool {
        matches!(self, OrReference(_) | SchemaOrBoolean) && value.get("$ref").is_some_and(Value::is_string)
    }

    /// Visits the parts of `value`, which stands here, that the grammar knows: each with its key or index and its form.
    pub fn each_part<'v>(&'static self, value: &'v Value, mut visit: impl FnMut(&str, &'v Value, &'static Self)) {
        json::each(value, |key, part| {
            if let Some(form) = self.below(value.is_array(), key) {
                visit(key, part, form);
            }
        });
    }

    /// As [`Form::each_part`], to change them.
    pub(crate) fn each_part_mut(
        &'static self,
        value: &mut Value,
        mut visit: impl FnMut(&str, &mut Value, &'static Self),
    ) {
        let is_array = value.is_array();
        json::each_mut(value, |key, part| {
            if let Some(form) = self.below(is_array, key) {
                visit(key, part, form);
            }
        });
    }

    /// The form of a part of an array or an object that stands here.
    pub(crate) fn below(&'static self, is_array: bool, key: &str) -> Option<&'static Self> {
        match self {
            List(item) => is_array.then_some(item),
            Form::Map(item) | Components(item) => (!is_array).then_some(item),
            _ if is_array => None,
            _ => self.object()?.form_of(key),
        }
    }
}

/// Whether a component's name may hold the character (§4.7.7).
pub(crate) fn is_component_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | '_')
}

/// Whether a key is an extension (§4.8), where the author's names do not stand.
#[must_use]
pub fn is_extension(key: &str) -> bool {
    key.starts_with("x-")
}

pub(super) const fn optional(name: &'static str, form: Form) -> Field {
    Field { name, form, required: false }
}

pub(super) const fn required(name: &'static str, form: Form) -> Field {
    Field { name, form, required: true }
}

pub(super) const fn object(kind: Kind, name: &'static str, fields: &'static [Field]) -> Object {
    Object { kind, name, fields, later: &[], other: &[], rest: Rest::Extensions, rule: None }
}

impl Object {
    /// The form of the value under `key`; `None` for keys that the grammar does not define and for `x-` keys.
    #[must_use]
    pub fn form_of(&self, key: &str) -> Option<&Form> {
        if let Some(field) = self.fields.iter().find(|field| field.name == key) {
            return Some(&field.form);
        }
        match &self.rest {
            Rest::Extensions => None,
            Rest::Keys(form, false) => Some(form),
            Rest::Keys(form, true) | Rest::Paths(form) | Rest::Responses(form) => (!is_extension(key)).then_some(form),
        }
    }

    pub(super) const fn with_rule(mut self, rule: Rule) -> Self {
        self.rule = Some(rule);
        self
    }

    const fn with_later(mut self, fields: &'static [Field]) -> Self {
        self.later = fields;
        self
    }

    const fn with_other(mut self, fields: &'static [Field]) -> Self {
        self.other = fields;
        self
    }

    const fn with_rest(mut self, rest: Rest) -> Self {
        self.rest = rest;
        self
    }
}

/// What a document is.
pub static DOCUMENT: Form = Is(&OPENAPI);

/// The root of a document (OpenAPI 3.0.3 §4.7.1).
pub static OPENAPI: Object = object(
    Kind::Document,
    "an OpenAPI document",
    &[
        required("openapi", Text),
        required("info", Is(&INFO)),
        optional("servers", List(&Is(&SERVER))),
        required("paths", Is(&PATHS)),
        optional("components", Is(&COMPONENTS)),
        optional("security", List(&Is(&SECURITY_REQUIREMENT))),
        optional("tags", List(&Is(&TAG))),
        optional("externalDocs", Is(&EXTERNAL_DOCS)),
    ],
)
.with_later(&[optional("webhooks", Form::Map(&OrReference(&PATH_ITEM)))])
.with_other(&[
    optional("definitions", Form::Map(&OrReference(&SCHEMA))),
    optional("parameters", Form::Map(&OrReference(&PARAMETER))),
    optional("responses", Form::Map(&OrReference(&RESPONSE))),
    optional("securityDefinitions", Form::Map(&Is(&SECURITY_SCHEME))),
    optional("x-webhooks", Form::Map(&OrReference(&PATH_ITEM))),
    optional("x-ms-paths", Form::Map(&OrReference(&PATH_ITEM))),
]);

static INFO: Object = object(
    Kind::Info,
    "`info`",
    &[
        required("title", Text),
        optional("description", Text),
        optional("termsOfService", Text),
        optional("contact", Is(&CONTACT)),
        optional("license", Is(&LICENSE)),
        required("version", Text),
    ],
);

static CONTACT: Object =
    object(Kind::Contact, "a contact", &[optional("name", Text), optional("url", Text), optional("email", Text)]);

static LICENSE: Object = object(Kind::License, "a licence", &[required("name", Text), optional("url", Text)]);

static SERVER: Object = object(
    Kind::Server,
    "a server",
    &[required("url", Text), optional("description", Text), optional("variables", Form::Map(&Is(&SERVER_VARIABLE)))],
);

static SERVER_VARIABLE: Object = object(
    Kind::ServerVariable,
    "a server variable",
    &[optional("enum", List(&Text)), required("default", Text), optional("description", Text)],
);

pub(crate) static COMPONENTS: Object = object(
    Kind::Components,
    "`components`",
    &[
        optional("schemas", Components(&OrReference(&SCHEMA))),
        optional("responses", Components(&OrReference(&RESPONSE))),
        optional("parameters", Components(&OrReference(&PARAMETER))),
        optional("examples", Components(&OrReference(&EXAMPLE))),
        optional("requestBodies", Components(&OrReference(&REQUEST_BODY))),
        optional("headers", Components(&OrReference(&HEADER))),
        optional("securitySchemes", Components(&OrReference(&SECURITY_SCHEME))),
        optional("links", Components(&OrReference(&LINK))),
        optional("callbacks", Components(&OrReference(&CALLBACK))),
    ],
)
.with_rule(rules::callbacks)
.with_later(&[
    optional("pathItems", Components(&OrReference(&PATH_ITEM))),
    optional("mediaTypes", Components(&OrReference(&MEDIA_TYPE))),
]);

static PATHS: Object = object(Kind::Paths, "`paths`", &[]).with_rest(Rest::Paths(OrReference(&PATH_ITEM)));

static PATH_ITEM: Object = object(
    Kind::PathItem,
    "a path item",
    &[
        optional("summary", Text),
        optional("description", Text),
        optional("get", Is(&OPERATION)),
        optional("put", Is(&OPERATION)),
        optional("post", Is(&OPERATION)),
        optional("delete", Is(&OPERATION)),
        optional("options", Is(&OPERATION)),
        optional("head", Is(&OPERATION)),
        optional("patch", Is(&OPERATION)),
        optional("trace", Is(&OPERATION)),
        optional("servers", List(&Is(&SERVER))),
        optional("parameters", List(&OrReference(&PARAMETER))),
    ],
)
.with_later(&[optional("query", Is(&OPERATION)), optional("additionalOperations", Form::Map(&Is(&OPERATION)))]);

static OPERATION: Object = object(
    Kind::Operation,
    "an operation",
    &[
        optional("tags", List(&Text)),
        optional("summary", Text),
        optional("description", Text),
        optional("externalDocs", Is(&EXTERNAL_DOCS)),
        optional("operationId", Text),
        optional("parameters", List(&OrReference(&PARAMETER))),
        optional("requestBody", OrReference(&REQUEST_BODY)),
        required("responses", Is(&RESPONSES)),
        optional("callbacks", Form::Map(&OrReference(&CALLBACK))),
        optional("deprecated", Boolean),
        optional("security", List(&Is(&SECURITY_REQUIREMENT))),
        optional("servers", List(&Is(&SERVER))),
    ],
)
.with_rule(rules::callbacks);

static EXTERNAL_DOCS: Object =
    object(Kind::ExternalDocs, "external documentation", &[optional("description", Text), required("url", Text)]);

static PARAMETER: Object = object(
    Kind::Parameter,
    "a parameter",
    &[
        required("name", Text),
        required("in", Choice(&["query", "header", "path", "cookie"])),
        optional("description", Text),
        optional("required", Boolean),
        optional("deprecated", Boolean),
        optional("allowEmptyValue", Boolean),
        optional("style", Text),
        optional("explode", Boolean),
        optional("allowReserved", Boolean),
        optional("schema", OrReference(&SCHEMA)),
        optional("example", Any),
        optional("examples", Form::Map(&OrReference(&EXAMPLE))),
        optional("content", Form::Map(&Is(&MEDIA_TYPE))),
    ],
)
.with_rule(rules::parameter)
.with_other(&[optional("items", Is(&SCHEMA))]);

pub(super) const ONLY_IN_QUERIES: &str = "it only applies to query parameters";

static HEADER: Object = object(
    Kind::Header,
    "a header",
    &[
        optional("description", Text),
        optional("required", Boolean),
        optional("deprecated", Boolean),
        optional("allowEmptyValue", Ignored(ONLY_IN_QUERIES)),
        optional("style", Choice(&["simple"])),
        optional("explode", Boolean),
        optional("allowReserved", Ignored(ONLY_IN_QUERIES)),
        optional("schema", OrReference(&SCHEMA)),
        optional("example", Any),
        optional("examples", Form::Map(&OrReference(&EXAMPLE))),
        optional("content", Form::Map(&Is(&MEDIA_TYPE))),
    ],
)
.with_rule(rules::header)
.with_other(&[optional("items", Is(&SCHEMA))]);

static REQUEST_BODY: Object = object(
    Kind::RequestBody,
    "a request body",
    &[optional("description", Text), required("content", Form::Map(&Is(&MEDIA_TYPE))), optional("required", Boolean)],
);

static MEDIA_TYPE: Object = object(
    Kind::MediaType,
    "a media type",
    &[
        optional("schema", OrReference(&SCHEMA)),
        optional("example", Any),
        optional("examples", Form::Map(&OrReference(&EXAMPLE))),
        optional("encoding", Form::Map(&Is(&ENCODING))),
    ],
)
.with_rule(rules::examples)
.with_later(&[
    optional("itemSchema", OrReference(&SCHEMA)),
    optional("prefixEncoding", List(&Is(&ENCODING))),
    optional("itemEncoding", Is(&ENCODING)),
]);

static ENCODING: Object = object(
    Kind::Encoding,
    "an encoding",
    &[
        optional("contentType", Text),
        optional("headers", Form::Map(&OrReference(&HEADER))),
        optional("style", Choice(&["form", "spaceDelimited", "pipeDelimited", "deepObject"])),
        optional("explode", Boolean),
        optional("allowReserved", Boolean),
    ],
)
.with_later(&[
    optional("encoding", Form::Map(&Is(&ENCODING))),
    optional("prefixEncoding", List(&Is(&ENCODING))),
    optional("itemEncoding", Is(&ENCODING)),
]);

static RESPONSES: Object =
    object(Kind::Responses, "`responses`", &[]).with_rest(Rest::Responses(OrReference(&RESPONSE)));

static RESPONSE: Object = object(
    Kind::Response,
    "a response",
    &[
        required("description", Text),
        optional("headers", Form::Map(&OrReference(&HEADER))),
        optional("content", Form::Map(&Is(&MEDIA_TYPE))),
        optional("links", Form::Map(&OrReference(&LINK))),
    ],
)
.with_other(&[optional("schema", OrReference(&SCHEMA))]);

static CALLBACK: Object =
    object(Kind::Callback, "a callback", &[]).with_rest(Rest::Keys(OrReference(&PATH_ITEM), true));

static EXAMPLE: Object = object(
    Kind::Example,
    "an example",
    &[
        optional("summary", Text),
        optional("description", Text),
        optional("value", Any),
        optional("externalValue", Text),
    ],
)
.with_rule(rules::example);

static LINK: Object = object(
    Kind::Link,
    "a link",
    &[
        optional("operationRef", Text),
        optional("operationId", Text),
        optional("parameters", Form::Map(&Any)),
        optional("requestBody", Any),
        optional("description", Text),
        optional("server", Is(&SERVER)),
    ],
)
.with_rule(rules::link);

static TAG: Object = object(
    Kind::Tag,
    "a tag",
    &[required("name", Text), optional("description", Text), optional("externalDocs", Is(&EXTERNAL_DOCS))],
);

/// A schema (OpenAPI 3.0.3 §4.7.24).
pub static SCHEMA: Object = object(
    Kind::Schema,
    "a schema",
    &[
        optional("title", Text),
        optional("multipleOf", Number),
        optional("maximum", Number),
        optional("exclusiveMaximum", Boolean),
        optional("minimum", Number),
        optional("exclusiveMinimum", Boolean),
        optional("maxLength", Count),
        optional("minLength", Count),
        optional("pattern", Text),
        optional("maxItems", Count),
        optional("minItems", Count),
        optional("uniqueItems", Boolean),
        optional("maxProperties", Count),
        optional("minProperties", Count),
        optional("required", List(&Text)),
        optional("enum", List(&Any)),
        optional("type", Choice(&["array", "boolean", "integer", "number", "object", "string"])),
        optional("allOf", List(&OrReference(&SCHEMA))),
        optional("oneOf", List(&OrReference(&SCHEMA))),
        optional("anyOf", List(&OrReference(&SCHEMA))),
        optional("not", OrReference(&SCHEMA)),
        optional("items", OrReference(&SCHEMA)),
        optional("properties", Form::Map(&OrReference(&SCHEMA))),
        optional("additionalProperties", SchemaOrBoolean),
        optional("description", Text),
        optional("format", Text),
        optional("default", Any),
        optional("nullable", Boolean),
        optional("discriminator", Is(&DISCRIMINATOR)),
        optional("readOnly", Boolean),
        optional("writeOnly", Boolean),
        optional("xml", Is(&XML)),
        optional("externalDocs", Is(&EXTERNAL_DOCS)),
        optional("example", Any),
        optional("deprecated", Boolean),
    ],
)
.with_rule(rules::schema)
.with_later(&[
    optional("$defs", Form::Map(&OrReference(&SCHEMA))),
    optional("definitions", Form::Map(&OrReference(&SCHEMA))),
    optional("dependentSchemas", Form::Map(&OrReference(&SCHEMA))),
    optional("patternProperties", Form::Map(&OrReference(&SCHEMA))),
    optional("prefixItems", List(&OrReference(&SCHEMA))),
    optional("additionalItems", SchemaOrBoolean),
    optional("unevaluatedItems", SchemaOrBoolean),
    optional("unevaluatedProperties", SchemaOrBoolean),
    optional("propertyNames", SchemaOrBoolean),
    optional("contains", SchemaOrBoolean),
    optional("contentSchema", SchemaOrBoolean),
    optional("if", SchemaOrBoolean),
    optional("then", SchemaOrBoolean),
    optional("else", SchemaOrBoolean),
]);

static DISCRIMINATOR: Object = object(
    Kind::Discriminator,
    "a discriminator",
    &[required("propertyName", Text), optional("mapping", Form::Map(&Text))],
);

static XML: Object = object(
    Kind::Xml,
    "`xml`",
    &[
        optional("name", Text),
        optional("namespace", Text),
        optional("prefix", Text),
        optional("attribute", Boolean),
        optional("wrapped", Boolean),
    ],
);

static SECURITY_SCHEME: Object = object(
    Kind::SecurityScheme,
    "a security scheme",
    &[
        required("type", Choice(&["apiKey", "http", "oauth2", "openIdConnect"])),
        optional("description", Text),
        optional("name", Text),
        optional("in", Choice(&["query", "header", "cookie"])),
        optional("scheme", Text),
        optional("bearerFormat", Text),
        optional("flows", Is(&OAUTH_FLOWS)),
        optional("openIdConnectUrl", Text),
    ],
)
.with_rule(rules::security_scheme);

static OAUTH_FLOWS: Object = object(
    Kind::OAuthFlows,
    "`flows`",
    &[
        optional("implicit", Is(&IMPLICIT_FLOW)),
        optional("password", Is(&TOKEN_FLOW)),
        optional("clientCredentials", Is(&TOKEN_FLOW)),
        optional("authorizationCode", Is(&CODE_FLOW)),
    ],
);

static IMPLICIT_FLOW: Object = object(
    Kind::ImplicitFlow,
    "an implicit flow",
    &[
        required("authorizationUrl", Text),
        optional("tokenUrl", Ignored("an implicit flow has none")),
        optional("refreshUrl", Text),
        required("scopes", Form::Map(&Text)),
    ],
);

static TOKEN_FLOW: Object = object(
    Kind::TokenFlow,
    "a token flow",
    &[
        optional("authorizationUrl", Ignored("this flow has none")),
        required("tokenUrl", Text),
        optional("refreshUrl", Text),
        required("scopes", Form::Map(&Text)),
    ],
);

static CODE_FLOW: Object = object(
    Kind::CodeFlow,
    "an authorization code flow",
    &[
        required("authorizationUrl", Text),
        required("tokenUrl", Text),
        optional("refreshUrl", Text),
        required("scopes", Form::Map(&Text)),
    ],
);

static SECURITY_REQUIREMENT: Object =
    object(Kind::SecurityRequirement, "a security requirement", &[]).with_rest(Rest::Keys(List(&Text), false));
