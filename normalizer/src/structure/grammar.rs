//! The grammar of OpenAPI 3.0.3 (§4.7) as data: one table per object, with fields in the canonical order of keys.

use super::extensions::{ADDITIONAL_OPERATIONS, CONTENT_SCHEMA, ITEM_SCHEMA, UNEVALUATED_PROPERTIES, WEBHOOKS};
use crate::json::{self, Members};
use crate::pointer::Pointer;
use serde_json::Value;

impl Kind {
    /// The table of such objects.
    #[must_use]
    pub fn grammar(self) -> &'static Object {
        OBJECTS.get(self as usize).unwrap_or(&EMPTY)
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
    /// One of these strings.
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

/// Where the components of a kind are.
#[must_use]
pub fn components_at(name: &str) -> Pointer {
    Pointer::root().key("components").key(name)
}

/// The operations under `paths`, each with its path, its method and its place in the document.
pub(crate) fn all_operations(document: &Value) -> impl Iterator<Item = (&str, &str, Pointer, &Value)> {
    path_items(document).flat_map(|(path, at, item)| {
        operations(item).map(move |(method, below, operation)| (path, method, at.join(&below), operation))
    })
}

/// What stands under `paths`, each with its path and its place in the document.
pub(crate) fn path_items(document: &Value) -> impl Iterator<Item = (&str, Pointer, &Value)> {
    json::members(&document["paths"]).map(|(path, item)| (path.as_str(), Pointer::root().key("paths").key(path), item))
}

/// The operations of a path item, each with its method and its place below the item.
pub fn operations(item: &Value) -> impl Iterator<Item = (&str, Pointer, &Value)> {
    let usual = METHODS.into_iter().filter_map(|method| Some((method, Pointer::root().key(method), item.get(method)?)));
    let additional = json::members(item.get(ADDITIONAL_OPERATIONS));
    let at = Pointer::root().key(ADDITIONAL_OPERATIONS);
    usual.chain(additional.map(move |(method, operation)| (method.as_str(), at.key(method), operation)))
}

/// Visits the operations of a path item, each with its place below the item, to change them.
pub(crate) fn each_operation_mut(item: &mut Value, mut visit: impl FnMut(&Pointer, &mut Members)) {
    let places: Vec<Pointer> = operations(item).map(|(_, below, _)| below).collect();
    for below in places {
        if let Some(operation) = json::object_at(item, &below) {
            visit(&below, operation);
        }
    }
}

use Form::{
    Any, Boolean, Choice, Components, Count, Ignored, Is, List, Map, Number, OrReference, SchemaOrBoolean, Text,
};
use Kind::*;

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
        matches!(self, OrReference(_) | SchemaOrBoolean) && value["$ref"].is_string()
    }

    /// Visits the parts of `value`, which stands here, that the grammar knows, to change them: each with its key or index and its form.
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

    /// Whether `value`, which stands here, has parts that the grammar knows.
    pub(crate) fn has_parts(&'static self, value: &Value) -> bool {
        match value {
            Value::Array(items) => !items.is_empty() && self.below(true, "").is_some(),
            Value::Object(members) => members.keys().any(|key| self.below(false, key).is_some()),
            _ => false,
        }
    }

    /// The form of a part of an array or an object that stands here.
    pub(crate) fn below(&'static self, is_array: bool, key: &str) -> Option<&'static Self> {
        match self {
            List(item) => is_array.then_some(item),
            Map(item) | Components(item) => (!is_array).then_some(item),
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

/// Whether HTTP has a method or header of the name (RFC 9110 §5.6.2).
#[must_use]
pub fn is_token(name: &str) -> bool {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(is_token)
}

/// Whether HTTP gives no body to the status (RFC 9110 §15.2, §15.3.5, §15.3.6, §15.4.5).
pub(crate) fn has_no_body(status: &str) -> bool {
    matches!(status, "204" | "205" | "304" | "1XX")
        || (status.len() == 3 && status.starts_with('1') && status.bytes().all(|byte| byte.is_ascii_digit()))
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

/// An object that may hold nothing but extensions.
const EMPTY: Object = Object {
    kind: Kind::Document,
    name: "an object",
    fields: &[],
    later: &[],
    other: &[],
    rest: None,
    has_extensions: true,
};

impl Object {
    /// The form of the value under `key`; `None` for keys that the grammar does not define and for `x-` keys.
    #[must_use]
    pub fn form_of(&self, key: &str) -> Option<&Form> {
        let field = self.fields.iter().find(|field| field.name == key).map(|field| &field.form);
        field.or(self.rest.as_ref().filter(|_| !self.has_extensions || !is_extension(key)))
    }
}

/// What a document is.
pub static DOCUMENT: Form = Is(Kind::Document);

/// The values of `type` (§4.7.24).
pub const SCHEMA_TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];

pub(super) const ONLY_IN_QUERIES: &str = "it only applies to query parameters";

/// Writes [`Kind`] and the table of each: how a person calls it, its fields, and what else the table says.
macro_rules! grammar {
    ($($kind:ident, $name:literal: { $($field:expr),* $(,)? } $($part:ident: $value:expr),*;)*) => {
        /// The kinds of objects (§4.7, Overlay 1.1 §4.4).
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[expect(missing_docs, reason = "the specification's own names")]
        pub enum Kind {
            $($kind),*
        }

        /// The table of each kind, in the order of [`Kind`].
        pub(super) static OBJECTS: &[Object] =
            &[$(Object { kind: Kind::$kind, name: $name, fields: &[$($field),*], $($part: $value,)* ..EMPTY }),*];
    };
}

grammar! {
    Document, "an OpenAPI document": {
        required("openapi", Text),
        required("info", Is(Info)),
        optional("servers", List(&Is(Server))),
        required("paths", Is(Paths)),
        optional("components", Is(Kind::Components)),
        optional("security", List(&Is(SecurityRequirement))),
        optional("tags", List(&Is(Tag))),
        optional("externalDocs", Is(ExternalDocs)),
        optional(WEBHOOKS, Map(&OrReference(PathItem))),
    } later: &[optional("webhooks", Map(&OrReference(PathItem)))], other: &[
        optional("definitions", Map(&OrReference(Schema))),
        optional("parameters", Map(&OrReference(Parameter))),
        optional("responses", Map(&OrReference(Response))),
        optional("securityDefinitions", Map(&Is(SecurityScheme))),
        optional("x-ms-paths", Map(&OrReference(PathItem))),
    ];
    Info, "`info`": {
        required("title", Text),
        optional("description", Text),
        optional("termsOfService", Text),
        optional("contact", Is(Contact)),
        optional("license", Is(License)),
        required("version", Text),
    };
    Contact, "a contact": {
        optional("name", Text),
        optional("url", Text),
        optional("email", Text),
    };
    License, "a licence": { required("name", Text), optional("url", Text) };
    Server, "a server": {
        required("url", Text),
        optional("description", Text),
        optional("variables", Map(&Is(ServerVariable))),
    };
    ServerVariable, "a server variable": {
        optional("enum", List(&Text)),
        required("default", Text),
        optional("description", Text),
    };
    Components, "`components`": {
        optional("schemas", Components(&OrReference(Schema))),
        optional("responses", Components(&OrReference(Response))),
        optional("parameters", Components(&OrReference(Parameter))),
        optional("examples", Components(&OrReference(Example))),
        optional("requestBodies", Components(&OrReference(RequestBody))),
        optional("headers", Components(&OrReference(Header))),
        optional("securitySchemes", Components(&OrReference(SecurityScheme))),
        optional("links", Components(&OrReference(Link))),
        optional("callbacks", Components(&OrReference(Callback))),
    } later: &[
        optional("pathItems", Components(&OrReference(PathItem))),
        optional("mediaTypes", Components(&OrReference(MediaType))),
    ];
    Paths, "`paths`": {} rest: Some(OrReference(PathItem));
    PathItem, "a path item": {
        optional("summary", Text),
        optional("description", Text),
        optional("get", Is(Operation)),
        optional("put", Is(Operation)),
        optional("post", Is(Operation)),
        optional("delete", Is(Operation)),
        optional("options", Is(Operation)),
        optional("head", Is(Operation)),
        optional("patch", Is(Operation)),
        optional("trace", Is(Operation)),
        optional(ADDITIONAL_OPERATIONS, Map(&Is(Operation))),
        optional("servers", List(&Is(Server))),
        optional("parameters", List(&OrReference(Parameter))),
    } later: &[
        optional("query", Is(Operation)),
        optional("additionalOperations", Map(&Is(Operation))),
    ];
    Operation, "an operation": {
        optional("tags", List(&Text)),
        optional("summary", Text),
        optional("description", Text),
        optional("externalDocs", Is(ExternalDocs)),
        optional("operationId", Text),
        optional("parameters", List(&OrReference(Parameter))),
        optional("requestBody", OrReference(RequestBody)),
        required("responses", Is(Responses)),
        optional("callbacks", Map(&OrReference(Callback))),
        optional("deprecated", Boolean),
        optional("security", List(&Is(SecurityRequirement))),
        optional("servers", List(&Is(Server))),
    };
    ExternalDocs, "external documentation": { optional("description", Text), required("url", Text) };
    Parameter, "a parameter": {
        required("name", Text),
        required("in", Choice(&["query", "header", "path", "cookie"])),
        optional("description", Text),
        optional("required", Boolean),
        optional("deprecated", Boolean),
        optional("allowEmptyValue", Boolean),
        optional("style", Text),
        optional("explode", Boolean),
        optional("allowReserved", Boolean),
        optional("schema", OrReference(Schema)),
        optional("example", Any),
        optional("examples", Map(&OrReference(Example))),
        optional("content", Map(&Is(MediaType))),
    } other: &[optional("items", Is(Schema))];
    Header, "a header": {
        optional("description", Text),
        optional("required", Boolean),
        optional("deprecated", Boolean),
        optional("allowEmptyValue", Ignored(ONLY_IN_QUERIES)),
        optional("style", Choice(&["simple"])),
        optional("explode", Boolean),
        optional("allowReserved", Ignored(ONLY_IN_QUERIES)),
        optional("schema", OrReference(Schema)),
        optional("example", Any),
        optional("examples", Map(&OrReference(Example))),
        optional("content", Map(&Is(MediaType))),
    } other: &[optional("items", Is(Schema))];
    RequestBody, "a request body": {
        optional("description", Text),
        required("content", Map(&Is(MediaType))),
        optional("required", Boolean),
    } other: &[optional("schema", OrReference(Schema))];
    MediaType, "a media type": {
        optional("schema", OrReference(Schema)),
        optional("example", Any),
        optional("examples", Map(&OrReference(Example))),
        optional("encoding", Map(&Is(Encoding))),
    } later: &[
        optional("itemSchema", OrReference(Schema)),
        optional(ITEM_SCHEMA, OrReference(Schema)),
        optional("prefixEncoding", List(&Is(Encoding))),
        optional("itemEncoding", Is(Encoding)),
    ];
    Encoding, "an encoding": {
        optional("contentType", Text),
        optional("headers", Map(&OrReference(Header))),
        optional("style", Choice(&["form", "spaceDelimited", "pipeDelimited", "deepObject"])),
        optional("explode", Boolean),
        optional("allowReserved", Boolean),
    } later: &[
        optional("encoding", Map(&Is(Encoding))),
        optional("prefixEncoding", List(&Is(Encoding))),
        optional("itemEncoding", Is(Encoding)),
    ];
    Responses, "`responses`": {} rest: Some(OrReference(Response));
    Response, "a response": {
        required("description", Text),
        optional("headers", Map(&OrReference(Header))),
        optional("content", Map(&Is(MediaType))),
        optional("links", Map(&OrReference(Link))),
    } other: &[
        optional("schema", OrReference(Schema)),
        optional(ITEM_SCHEMA, OrReference(Schema)),
    ];
    Callback, "a callback": {} rest: Some(OrReference(PathItem));
    Example, "an example": {
        optional("summary", Text),
        optional("description", Text),
        optional("value", Any),
        optional("externalValue", Text),
    };
    Link, "a link": {
        optional("operationRef", Text),
        optional("operationId", Text),
        optional("parameters", Map(&Any)),
        optional("requestBody", Any),
        optional("description", Text),
        optional("server", Is(Server)),
    };
    Tag, "a tag": {
        required("name", Text),
        optional("description", Text),
        optional("externalDocs", Is(ExternalDocs)),
    };
    Schema, "a schema": {
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
        optional("type", Choice(&SCHEMA_TYPES)),
        optional("allOf", List(&OrReference(Schema))),
        optional("oneOf", List(&OrReference(Schema))),
        optional("anyOf", List(&OrReference(Schema))),
        optional("not", OrReference(Schema)),
        optional("items", OrReference(Schema)),
        optional("properties", Map(&OrReference(Schema))),
        optional("additionalProperties", SchemaOrBoolean),
        optional(UNEVALUATED_PROPERTIES, SchemaOrBoolean),
        optional("description", Text),
        optional("format", Text),
        optional("default", Any),
        optional("nullable", Boolean),
        optional("discriminator", Is(Discriminator)),
        optional("readOnly", Boolean),
        optional("writeOnly", Boolean),
        optional("xml", Is(Xml)),
        optional("externalDocs", Is(ExternalDocs)),
        optional("example", Any),
        optional("deprecated", Boolean),
    } later: &[
        optional("$defs", Map(&OrReference(Schema))),
        optional("definitions", Map(&OrReference(Schema))),
        optional("dependentSchemas", Map(&OrReference(Schema))),
        optional("patternProperties", Map(&OrReference(Schema))),
        optional("prefixItems", List(&OrReference(Schema))),
        optional("additionalItems", SchemaOrBoolean),
        optional("unevaluatedItems", SchemaOrBoolean),
        optional("unevaluatedProperties", SchemaOrBoolean),
        optional("propertyNames", SchemaOrBoolean),
        optional("contains", SchemaOrBoolean),
        optional("contentSchema", SchemaOrBoolean),
        optional(CONTENT_SCHEMA, SchemaOrBoolean),
        optional("if", SchemaOrBoolean),
        optional("then", SchemaOrBoolean),
        optional("else", SchemaOrBoolean),
    ];
    Discriminator, "a discriminator": { required("propertyName", Text), optional("mapping", Map(&Text)) };
    Xml, "`xml`": {
        optional("name", Text),
        optional("namespace", Text),
        optional("prefix", Text),
        optional("attribute", Boolean),
        optional("wrapped", Boolean),
    };
    SecurityScheme, "a security scheme": {
        required("type", Choice(&["apiKey", "http", "oauth2", "openIdConnect"])),
        optional("description", Text),
        optional("name", Text),
        optional("in", Choice(&["query", "header", "cookie"])),
        optional("scheme", Text),
        optional("bearerFormat", Text),
        optional("flows", Is(OAuthFlows)),
        optional("openIdConnectUrl", Text),
    };
    OAuthFlows, "`flows`": {
        optional("implicit", Is(ImplicitFlow)),
        optional("password", Is(TokenFlow)),
        optional("clientCredentials", Is(TokenFlow)),
        optional("authorizationCode", Is(CodeFlow)),
    };
    ImplicitFlow, "an implicit flow": {
        required("authorizationUrl", Text),
        optional("tokenUrl", Ignored("an implicit flow has none")),
        optional("refreshUrl", Text),
        required("scopes", Map(&Text)),
    };
    TokenFlow, "a token flow": {
        optional("authorizationUrl", Ignored("this flow has none")),
        required("tokenUrl", Text),
        optional("refreshUrl", Text),
        required("scopes", Map(&Text)),
    };
    CodeFlow, "an authorization code flow": {
        required("authorizationUrl", Text),
        required("tokenUrl", Text),
        optional("refreshUrl", Text),
        required("scopes", Map(&Text)),
    };
    SecurityRequirement, "a security requirement": {} rest: Some(List(&Text)), has_extensions: false;
    Overlay, "an overlay": {
        optional("overlay", Any),
        required("info", Is(OverlayInfo)),
        optional("extends", Text),
        required("actions", List(&Is(OverlayAction))),
    };
    OverlayInfo, "`info` of an overlay": {
        required("title", Text),
        required("version", Text),
        optional("description", Any),
    };
    OverlayAction, "an action": {
        required("target", Text),
        optional("description", Text),
        optional("update", Any),
        optional("remove", Boolean),
        optional("copy", Text),
        optional("x-optional", Boolean),
    };
}
