//! The grammar of OpenAPI 3.0.3 (§4.7) as data: one table per object, with fields in the canonical order of keys.

use super::Walk;
use super::rules;
use crate::json;
use crate::pointer::Pointer;
use serde_json::{Map, Value};

/// A rule between the members of one object.
pub(crate) type Rule = fn(&mut Walk<'_>, &Map<String, Value>);

/// A rule for one key of an object.
pub(crate) type KeyRule = fn(&mut Walk<'_>, &str);

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
    #[must_use]
    pub fn grammar(self) -> &'static Object {
        static NONE: Object = object(Kind::Document, "an object");
        OBJECTS.get(self as usize).unwrap_or(&NONE)
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
    /// The form of the values under all other keys, if there may be any.
    pub rest: Option<Form>,
    /// Whether keys that begin with `x-` are extensions.
    pub has_extensions: bool,
    /// What a key that is no extension has to look like.
    pub(crate) key_rule: Option<KeyRule>,
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
    Is(Kind),
    /// An object of this kind, or a reference to one.
    OrReference(Kind),
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
pub const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// The extension of a path item for operations with other methods (OpenAPI 3.2 §4.10).
pub const ADDITIONAL_OPERATIONS: &str = "x-additional-operations";

/// The operations of a path item, each with its method and its place below the item.
pub fn operations(item: &Value) -> impl Iterator<Item = (&str, Pointer, &Value)> {
    let usual = METHODS.into_iter().filter_map(|method| Some((method, Pointer::root().key(method), item.get(method)?)));
    let additional = item.get(ADDITIONAL_OPERATIONS).and_then(Value::as_object).into_iter().flatten();
    let at = Pointer::root().key(ADDITIONAL_OPERATIONS);
    usual.chain(additional.map(move |(method, operation)| (method.as_str(), at.key(method), operation)))
}

use Form::{Any, Boolean, Choice, Components, Count, Ignored, Is, List, Number, OrReference, SchemaOrBoolean, Text};

impl Form {
    /// The object that stands here, or that a reference may stand for.
    #[must_use]
    pub fn object(&self) -> Option<&'static Object> {
        match self {
            Is(kind) | OrReference(kind) => Some(kind.grammar()),
            SchemaOrBoolean => Some(Kind::Schema.grammar()),
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

/// Whether a component can have the name (§4.7.7).
pub(crate) fn is_component_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(is_component_character)
}

/// Whether a key is an extension (§4.8), where the author's names do not stand.
#[must_use]
pub fn is_extension(key: &str) -> bool {
    key.starts_with("x-")
}

const fn optional(name: &'static str, form: Form) -> Field {
    Field { name, form, required: false }
}

const fn required(name: &'static str, form: Form) -> Field {
    Field { name, form, required: true }
}

const fn object(kind: Kind, name: &'static str) -> Object {
    Object {
        kind,
        name,
        fields: &[],
        later: &[],
        other: &[],
        rest: None,
        has_extensions: true,
        key_rule: None,
        rule: None,
    }
}

impl Object {
    /// The form of the value under `key`; `None` for keys that the grammar does not define and for `x-` keys.
    #[must_use]
    pub fn form_of(&self, key: &str) -> Option<&Form> {
        let field = self.fields.iter().find(|field| field.name == key).map(|field| &field.form);
        field.or(self.rest.as_ref().filter(|_| !self.has_extensions || !is_extension(key)))
    }

    const fn with_fields(mut self, fields: &'static [Field]) -> Self {
        self.fields = fields;
        self
    }

    const fn with_rule(mut self, rule: Rule) -> Self {
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

    const fn with_rest(mut self, form: Form) -> Self {
        self.rest = Some(form);
        self
    }

    const fn with_key_rule(mut self, rule: KeyRule) -> Self {
        self.key_rule = Some(rule);
        self
    }

    const fn without_extensions(mut self) -> Self {
        self.has_extensions = false;
        self
    }
}

/// What a document is.
pub static DOCUMENT: Form = Is(Kind::Document);

pub(super) const ONLY_IN_QUERIES: &str = "it only applies to query parameters";

/// The table of each kind, in the order of [`Kind`]: a test holds it.
pub(super) static OBJECTS: [Object; 34] = [
    object(Kind::Document, "an OpenAPI document")
        .with_fields(&[
            required("openapi", Text),
            required("info", Is(Kind::Info)),
            optional("servers", List(&Is(Kind::Server))),
            required("paths", Is(Kind::Paths)),
            optional("components", Is(Kind::Components)),
            optional("security", List(&Is(Kind::SecurityRequirement))),
            optional("tags", List(&Is(Kind::Tag))),
            optional("externalDocs", Is(Kind::ExternalDocs)),
        ])
        .with_later(&[optional("webhooks", Form::Map(&OrReference(Kind::PathItem)))])
        .with_other(&[
            optional("definitions", Form::Map(&OrReference(Kind::Schema))),
            optional("parameters", Form::Map(&OrReference(Kind::Parameter))),
            optional("responses", Form::Map(&OrReference(Kind::Response))),
            optional("securityDefinitions", Form::Map(&Is(Kind::SecurityScheme))),
            optional("x-webhooks", Form::Map(&OrReference(Kind::PathItem))),
            optional("x-ms-paths", Form::Map(&OrReference(Kind::PathItem))),
        ]),
    object(Kind::Info, "`info`").with_fields(&[
        required("title", Text),
        optional("description", Text),
        optional("termsOfService", Text),
        optional("contact", Is(Kind::Contact)),
        optional("license", Is(Kind::License)),
        required("version", Text),
    ]),
    object(Kind::Contact, "a contact").with_fields(&[
        optional("name", Text),
        optional("url", Text),
        optional("email", Text),
    ]),
    object(Kind::License, "a licence").with_fields(&[required("name", Text), optional("url", Text)]),
    object(Kind::Server, "a server").with_fields(&[
        required("url", Text),
        optional("description", Text),
        optional("variables", Form::Map(&Is(Kind::ServerVariable))),
    ]),
    object(Kind::ServerVariable, "a server variable").with_fields(&[
        optional("enum", List(&Text)),
        required("default", Text),
        optional("description", Text),
    ]),
    object(Kind::Components, "`components`")
        .with_fields(&[
            optional("schemas", Components(&OrReference(Kind::Schema))),
            optional("responses", Components(&OrReference(Kind::Response))),
            optional("parameters", Components(&OrReference(Kind::Parameter))),
            optional("examples", Components(&OrReference(Kind::Example))),
            optional("requestBodies", Components(&OrReference(Kind::RequestBody))),
            optional("headers", Components(&OrReference(Kind::Header))),
            optional("securitySchemes", Components(&OrReference(Kind::SecurityScheme))),
            optional("links", Components(&OrReference(Kind::Link))),
            optional("callbacks", Components(&OrReference(Kind::Callback))),
        ])
        .with_rule(rules::callbacks)
        .with_later(&[
            optional("pathItems", Components(&OrReference(Kind::PathItem))),
            optional("mediaTypes", Components(&OrReference(Kind::MediaType))),
        ]),
    object(Kind::Paths, "`paths`").with_rest(OrReference(Kind::PathItem)).with_key_rule(rules::path),
    object(Kind::PathItem, "a path item")
        .with_fields(&[
            optional("summary", Text),
            optional("description", Text),
            optional("get", Is(Kind::Operation)),
            optional("put", Is(Kind::Operation)),
            optional("post", Is(Kind::Operation)),
            optional("delete", Is(Kind::Operation)),
            optional("options", Is(Kind::Operation)),
            optional("head", Is(Kind::Operation)),
            optional("patch", Is(Kind::Operation)),
            optional("trace", Is(Kind::Operation)),
            optional(ADDITIONAL_OPERATIONS, Form::Map(&Is(Kind::Operation))),
            optional("servers", List(&Is(Kind::Server))),
            optional("parameters", List(&OrReference(Kind::Parameter))),
        ])
        .with_rule(rules::additional_operations)
        .with_later(&[
            optional("query", Is(Kind::Operation)),
            optional("additionalOperations", Form::Map(&Is(Kind::Operation))),
        ]),
    object(Kind::Operation, "an operation")
        .with_fields(&[
            optional("tags", List(&Text)),
            optional("summary", Text),
            optional("description", Text),
            optional("externalDocs", Is(Kind::ExternalDocs)),
            optional("operationId", Text),
            optional("parameters", List(&OrReference(Kind::Parameter))),
            optional("requestBody", OrReference(Kind::RequestBody)),
            required("responses", Is(Kind::Responses)),
            optional("callbacks", Form::Map(&OrReference(Kind::Callback))),
            optional("deprecated", Boolean),
            optional("security", List(&Is(Kind::SecurityRequirement))),
            optional("servers", List(&Is(Kind::Server))),
        ])
        .with_rule(rules::callbacks),
    object(Kind::ExternalDocs, "external documentation")
        .with_fields(&[optional("description", Text), required("url", Text)]),
    object(Kind::Parameter, "a parameter")
        .with_fields(&[
            required("name", Text),
            required("in", Choice(&["query", "header", "path", "cookie"])),
            optional("description", Text),
            optional("required", Boolean),
            optional("deprecated", Boolean),
            optional("allowEmptyValue", Boolean),
            optional("style", Text),
            optional("explode", Boolean),
            optional("allowReserved", Boolean),
            optional("schema", OrReference(Kind::Schema)),
            optional("example", Any),
            optional("examples", Form::Map(&OrReference(Kind::Example))),
            optional("content", Form::Map(&Is(Kind::MediaType))),
        ])
        .with_rule(rules::parameter)
        .with_other(&[optional("items", Is(Kind::Schema))]),
    object(Kind::Header, "a header")
        .with_fields(&[
            optional("description", Text),
            optional("required", Boolean),
            optional("deprecated", Boolean),
            optional("allowEmptyValue", Ignored(ONLY_IN_QUERIES)),
            optional("style", Choice(&["simple"])),
            optional("explode", Boolean),
            optional("allowReserved", Ignored(ONLY_IN_QUERIES)),
            optional("schema", OrReference(Kind::Schema)),
            optional("example", Any),
            optional("examples", Form::Map(&OrReference(Kind::Example))),
            optional("content", Form::Map(&Is(Kind::MediaType))),
        ])
        .with_rule(rules::header)
        .with_other(&[optional("items", Is(Kind::Schema))]),
    object(Kind::RequestBody, "a request body").with_fields(&[
        optional("description", Text),
        required("content", Form::Map(&Is(Kind::MediaType))),
        optional("required", Boolean),
    ]),
    object(Kind::MediaType, "a media type")
        .with_fields(&[
            optional("schema", OrReference(Kind::Schema)),
            optional("example", Any),
            optional("examples", Form::Map(&OrReference(Kind::Example))),
            optional("encoding", Form::Map(&Is(Kind::Encoding))),
        ])
        .with_rule(rules::examples)
        .with_later(&[
            optional("itemSchema", OrReference(Kind::Schema)),
            optional("prefixEncoding", List(&Is(Kind::Encoding))),
            optional("itemEncoding", Is(Kind::Encoding)),
        ]),
    object(Kind::Encoding, "an encoding")
        .with_fields(&[
            optional("contentType", Text),
            optional("headers", Form::Map(&OrReference(Kind::Header))),
            optional("style", Choice(&["form", "spaceDelimited", "pipeDelimited", "deepObject"])),
            optional("explode", Boolean),
            optional("allowReserved", Boolean),
        ])
        .with_later(&[
            optional("encoding", Form::Map(&Is(Kind::Encoding))),
            optional("prefixEncoding", List(&Is(Kind::Encoding))),
            optional("itemEncoding", Is(Kind::Encoding)),
        ]),
    object(Kind::Responses, "`responses`").with_rest(OrReference(Kind::Response)).with_key_rule(rules::status),
    object(Kind::Response, "a response")
        .with_fields(&[
            required("description", Text),
            optional("headers", Form::Map(&OrReference(Kind::Header))),
            optional("content", Form::Map(&Is(Kind::MediaType))),
            optional("links", Form::Map(&OrReference(Kind::Link))),
        ])
        .with_other(&[optional("schema", OrReference(Kind::Schema))]),
    object(Kind::Callback, "a callback").with_rest(OrReference(Kind::PathItem)),
    object(Kind::Example, "an example")
        .with_fields(&[
            optional("summary", Text),
            optional("description", Text),
            optional("value", Any),
            optional("externalValue", Text),
        ])
        .with_rule(rules::example),
    object(Kind::Link, "a link")
        .with_fields(&[
            optional("operationRef", Text),
            optional("operationId", Text),
            optional("parameters", Form::Map(&Any)),
            optional("requestBody", Any),
            optional("description", Text),
            optional("server", Is(Kind::Server)),
        ])
        .with_rule(rules::link),
    object(Kind::Tag, "a tag").with_fields(&[
        required("name", Text),
        optional("description", Text),
        optional("externalDocs", Is(Kind::ExternalDocs)),
    ]),
    object(Kind::Schema, "a schema")
        .with_fields(&[
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
            optional("allOf", List(&OrReference(Kind::Schema))),
            optional("oneOf", List(&OrReference(Kind::Schema))),
            optional("anyOf", List(&OrReference(Kind::Schema))),
            optional("not", OrReference(Kind::Schema)),
            optional("items", OrReference(Kind::Schema)),
            optional("properties", Form::Map(&OrReference(Kind::Schema))),
            optional("additionalProperties", SchemaOrBoolean),
            optional("description", Text),
            optional("format", Text),
            optional("default", Any),
            optional("nullable", Boolean),
            optional("discriminator", Is(Kind::Discriminator)),
            optional("readOnly", Boolean),
            optional("writeOnly", Boolean),
            optional("xml", Is(Kind::Xml)),
            optional("externalDocs", Is(Kind::ExternalDocs)),
            optional("example", Any),
            optional("deprecated", Boolean),
        ])
        .with_rule(rules::schema)
        .with_later(&[
            optional("$defs", Form::Map(&OrReference(Kind::Schema))),
            optional("definitions", Form::Map(&OrReference(Kind::Schema))),
            optional("dependentSchemas", Form::Map(&OrReference(Kind::Schema))),
            optional("patternProperties", Form::Map(&OrReference(Kind::Schema))),
            optional("prefixItems", List(&OrReference(Kind::Schema))),
            optional("additionalItems", SchemaOrBoolean),
            optional("unevaluatedItems", SchemaOrBoolean),
            optional("unevaluatedProperties", SchemaOrBoolean),
            optional("propertyNames", SchemaOrBoolean),
            optional("contains", SchemaOrBoolean),
            optional("contentSchema", SchemaOrBoolean),
            optional("if", SchemaOrBoolean),
            optional("then", SchemaOrBoolean),
            optional("else", SchemaOrBoolean),
        ]),
    object(Kind::Discriminator, "a discriminator")
        .with_fields(&[required("propertyName", Text), optional("mapping", Form::Map(&Text))]),
    object(Kind::Xml, "`xml`").with_fields(&[
        optional("name", Text),
        optional("namespace", Text),
        optional("prefix", Text),
        optional("attribute", Boolean),
        optional("wrapped", Boolean),
    ]),
    object(Kind::SecurityScheme, "a security scheme")
        .with_fields(&[
            required("type", Choice(&["apiKey", "http", "oauth2", "openIdConnect"])),
            optional("description", Text),
            optional("name", Text),
            optional("in", Choice(&["query", "header", "cookie"])),
            optional("scheme", Text),
            optional("bearerFormat", Text),
            optional("flows", Is(Kind::OAuthFlows)),
            optional("openIdConnectUrl", Text),
        ])
        .with_rule(rules::security_scheme),
    object(Kind::OAuthFlows, "`flows`").with_fields(&[
        optional("implicit", Is(Kind::ImplicitFlow)),
        optional("password", Is(Kind::TokenFlow)),
        optional("clientCredentials", Is(Kind::TokenFlow)),
        optional("authorizationCode", Is(Kind::CodeFlow)),
    ]),
    object(Kind::ImplicitFlow, "an implicit flow").with_fields(&[
        required("authorizationUrl", Text),
        optional("tokenUrl", Ignored("an implicit flow has none")),
        optional("refreshUrl", Text),
        required("scopes", Form::Map(&Text)),
    ]),
    object(Kind::TokenFlow, "a token flow").with_fields(&[
        optional("authorizationUrl", Ignored("this flow has none")),
        required("tokenUrl", Text),
        optional("refreshUrl", Text),
        required("scopes", Form::Map(&Text)),
    ]),
    object(Kind::CodeFlow, "an authorization code flow").with_fields(&[
        required("authorizationUrl", Text),
        required("tokenUrl", Text),
        optional("refreshUrl", Text),
        required("scopes", Form::Map(&Text)),
    ]),
    object(Kind::SecurityRequirement, "a security requirement").with_rest(List(&Text)).without_extensions(),
    object(Kind::Overlay, "an overlay")
        .with_fields(&[
            optional("overlay", Any),
            required("info", Is(Kind::OverlayInfo)),
            optional("extends", Text),
            required("actions", List(&Is(Kind::OverlayAction))),
        ])
        .with_rule(rules::overlay),
    object(Kind::OverlayInfo, "`info` of an overlay").with_fields(&[
        required("title", Text),
        required("version", Text),
        optional("description", Any),
    ]),
    object(Kind::OverlayAction, "an action")
        .with_fields(&[
            required("target", Text),
            optional("description", Text),
            optional("update", Any),
            optional("remove", Boolean),
            optional("copy", Text),
            optional("x-optional", Boolean),
        ])
        .with_rule(rules::action),
];
