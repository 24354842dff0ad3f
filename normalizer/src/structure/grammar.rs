//! The grammar of OpenAPI 3.0.3 (§4.7) as data: one table per object, with fields in the canonical order of keys.

use super::extensions::{
    ADDITIONAL_OPERATIONS, BODY_NAME, CONTENT_SCHEMA, IN, ITEM_SCHEMA, RUST_NAME, STYLE, UNEVALUATED_PROPERTIES,
    WEBHOOKS,
};
use crate::json::{self, Members};
use crate::pointer::Pointer;
use crate::spelling::{is_among, is_digits};
use serde_json::Value;

impl Kind {
    /// Returns the table of this kind.
    #[must_use]
    pub fn grammar(self) -> &'static Object {
        OBJECTS.get(self as usize).unwrap_or(&EMPTY)
    }
}

/// One kind of object.
pub struct Object {
    /// The kind.
    pub kind: Kind,
    /// The name in messages, with its article.
    pub name: &'static str,
    /// The fixed fields, in the specification's order.
    pub fields: &'static [Field],
    /// Fields that contain objects and that only later versions have (OpenAPI 3.1 and 3.2, JSON Schema 2020-12 and before).
    pub later: &'static [Field],
    /// Fields that contain objects and that only Swagger 2.0 or widespread extensions have.
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
    /// The form of its value.
    pub form: Form,
    /// Whether the field is required.
    pub required: bool,
}

/// The form of a value at a place.
pub enum Form {
    /// A string.
    Text,
    /// A boolean.
    Boolean,
    /// A number.
    Number,
    /// A non-negative integer.
    Count,
    /// Any JSON value, kept unchanged.
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
    /// A valid field without effect, and the reason.
    Ignored(&'static str),
}

/// Returns `true` if the key is in the parameter itself in Swagger 2.0 and belongs in its `schema`.
pub(crate) fn is_parameter_schema_key(key: &str) -> bool {
    const KEYS: &str = "type format enum default nullable minimum maximum exclusiveMinimum exclusiveMaximum multipleOf \
        minLength maxLength pattern items minItems maxItems uniqueItems";
    is_among(KEYS, key)
}

/// The methods of operations, as keys of a path item (OpenAPI 3.0.3 §4.7.9).
pub const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Returns the pointer to a section of `components`.
#[must_use]
pub fn components_at(name: &str) -> Pointer {
    Pointer::top("components").key(name)
}

/// Returns the operations under `paths`, each with its path, its method and its pointer.
pub(crate) fn all_operations(document: &Value) -> impl Iterator<Item = (&str, &str, Pointer, &Value)> {
    path_items(document).flat_map(|(path, at, item)| {
        operations(item).map(move |(method, below, operation)| (path, method, at.join(&below), operation))
    })
}

/// Returns the path items under `paths`, each with its path and its pointer.
pub(crate) fn path_items(document: &Value) -> impl Iterator<Item = (&str, Pointer, &Value)> {
    json::members(&document["paths"]).map(|(path, item)| (path.as_str(), Pointer::top("paths").key(path), item))
}

/// Returns the operations of a path item, each with its method and its pointer within the item.
pub fn operations(item: &Value) -> impl Iterator<Item = (&str, Pointer, &Value)> {
    let usual = METHODS.into_iter().filter_map(|method| Some((method, item.get(method)?)));
    let usual = usual.map(|(method, operation)| (method, Pointer::top(method), operation));
    let additional = json::members(item.get(ADDITIONAL_OPERATIONS));
    let at = |method: &str| Pointer::top(ADDITIONAL_OPERATIONS).key(method);
    usual.chain(additional.map(move |(method, operation)| (method.as_str(), at(method), operation)))
}

/// Returns the parameters of the path item or operation at `at`, each with its pointer.
pub(crate) fn parameters_of<'v>(
    at: &Pointer,
    holder: &'v Value,
) -> impl Iterator<Item = (Pointer, &'v Value)> + use<'v> {
    let list = at.key("parameters");
    json::items(&holder["parameters"]).enumerate().map(move |(index, parameter)| (list.index(index), parameter))
}

/// Visits the path items under a key of a document for modification, each with its pointer.
pub(crate) fn each_path_item_mut(document: &mut Value, key: &str, mut visit: impl FnMut(Pointer, &mut Value)) {
    let path_items = document.get_mut(key).and_then(Value::as_object_mut).into_iter().flatten();
    for (path, item) in path_items.filter(|(_, item)| item.is_object()) {
        visit(Pointer::top(key).key(path), item);
    }
}

/// Visits the operations of a path item for modification, each with its pointer within the item.
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
    /// Returns the table of the object in this form, which may also be a reference.
    #[must_use]
    pub fn object(&self) -> Option<&'static Object> {
        match self {
            Is(kind) | OrReference(kind) => Some(kind.grammar()),
            SchemaOrBoolean => Some(Schema.grammar()),
            _ => None,
        }
    }

    /// Returns `true` if `value` in this form is a reference.
    #[must_use]
    pub fn is_reference(&self, value: &Value) -> bool {
        matches!(self, OrReference(_) | SchemaOrBoolean) && value["$ref"].is_string()
    }

    /// Visits the parts of `value` in this form that the grammar defines, for modification: each with its key or index and its form.
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

    /// Returns the form of a part of an array or an object in this form.
    pub(crate) fn below(&'static self, is_array: bool, key: &str) -> Option<&'static Self> {
        match self {
            List(item) => is_array.then_some(item),
            Map(item) | Components(item) => (!is_array).then_some(item),
            _ if is_array => None,
            _ => self.object()?.form_of(key),
        }
    }
}

/// Returns `true` if a component's name may contain the character (§4.7.7).
pub(crate) fn is_component_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | '_')
}

/// Returns `true` if a component can have the name (§4.7.7).
pub(crate) fn is_component_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(is_component_character)
}

/// Returns `true` if the name is valid for a method or header of HTTP (RFC 9110 §5.6.2).
#[must_use]
pub fn is_token(name: &str) -> bool {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(is_token)
}

/// Returns `true` if responses with the status have no body (RFC 9110 §15.2, §15.3.5, §15.3.6, §15.4.5).
pub(crate) fn has_no_body(status: &str) -> bool {
    matches!(status, "204" | "205" | "304" | "1XX")
        || (status.len() == 3 && status.starts_with('1') && is_digits(status))
}

/// Returns the key of a response in OpenAPI's spelling (§4.7.16.2); `None` if it is invalid. Words or other statuses may follow: `200 OK`,
/// `200,201`.
pub(crate) fn spelled_status(key: &str) -> Option<String> {
    let lower = key.trim().to_ascii_lowercase();
    if lower == "default" {
        return Some(lower);
    }
    let (status, words) = lower.split_at_checked(3)?;
    let (class, rest) = status.split_at_checked(1)?;
    let is_status = "12345".contains(class) && (is_digits(rest) || matches!(rest, "xx" | "**"));
    let is_whole = !words.starts_with(|next: char| next.is_ascii_digit());
    (is_status && is_whole).then(|| if is_digits(rest) { status.to_owned() } else { format!("{class}XX") })
}

/// Returns `true` if a key is an extension (§4.8), in an object without arbitrary names.
#[must_use]
pub fn is_extension(key: &str) -> bool {
    key.starts_with("x-")
}

/// An object without fields other than extensions.
const EMPTY: Object =
    Object { kind: Document, name: "an object", fields: &[], later: &[], other: &[], rest: None, has_extensions: true };

impl Object {
    /// Returns the form of the value under `key`; `None` for keys that the grammar does not define.
    #[must_use]
    pub fn form_of(&self, key: &str) -> Option<&Form> {
        let is_extension = self.has_extensions && is_extension(key);
        let everywhere = if is_extension { EXTENSIONS } else { &[] };
        let field = self.fields.iter().chain(everywhere).find(|field| field.name == key).map(|field| &field.form);
        field.or(self.rest.as_ref().filter(|_| !is_extension))
    }
}

/// The form of a document.
pub static DOCUMENT: Form = Is(Document);

/// The values of `type` (§4.7.24).
pub const SCHEMA_TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];

pub(super) const ONLY_IN_QUERIES: &str = "it only applies to query parameters";

/// Marks a required field in a table.
const REQUIRED: bool = true;

/// A table of fields: the key, the form, and whether it is [`REQUIRED`].
macro_rules! fields {
    ($($name:expr, $form:expr $(, $required:expr)?;)*) => {
        &[$(Field { name: $name, form: $form, required: false $(|| $required)? }),*]
    };
}

/// Defines [`Kind`] and the table of each kind: its name in messages, its fields, and further attributes.
macro_rules! grammar {
    ($($kind:ident, $name:literal: { $($fields:tt)* } $($part:ident: $value:expr),*;)*) => {
        /// The kinds of objects (§4.7, Overlay 1.1 §4.4).
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[expect(missing_docs, reason = "the specification's own names")]
        pub enum Kind {
            $($kind),*
        }

        /// The table of each kind, in the order of [`Kind`].
        pub(super) static OBJECTS: &[Object] =
            &[$(Object { kind: Kind::$kind, name: $name, fields: fields! { $($fields)* }, $($part: $value,)* ..EMPTY }),*];
    };
}

/// The extensions whose values have the same form in all objects.
const EXTENSIONS: &[Field] = fields! {
    BODY_NAME, Text;
    RUST_NAME, Text;
    "x-client-parameter", Boolean;
    "x-idempotency-key", Text;
    "x-idempotent", Boolean;
    "x-inferred", Text;
    "x-null-anywhere", Boolean;
    "x-secret", Boolean;
    "x-tag-features", Boolean;
};

grammar! {
    Document, "an OpenAPI document": {
        "openapi", Text, REQUIRED;
        "info", Is(Info), REQUIRED;
        "servers", List(&Is(Server));
        "paths", Is(Paths), REQUIRED;
        "components", Is(Kind::Components);
        "security", List(&Is(SecurityRequirement));
        "tags", List(&Is(Tag));
        "externalDocs", Is(ExternalDocs);
        WEBHOOKS, Map(&OrReference(PathItem));
    } later: fields! { "webhooks", Map(&OrReference(PathItem)); }, other: fields! {
        "definitions", Map(&OrReference(Schema));
        "parameters", Map(&OrReference(Parameter));
        "responses", Map(&OrReference(Response));
        "securityDefinitions", Map(&Is(SecurityScheme));
        "x-ms-paths", Map(&OrReference(PathItem));
    };
    Info, "`info`": {
        "title", Text, REQUIRED;
        "description", Text;
        "termsOfService", Text;
        "contact", Is(Contact);
        "license", Is(License);
        "version", Text, REQUIRED;
    };
    Contact, "a contact": {
        "name", Text;
        "url", Text;
        "email", Text;
    };
    License, "a licence": { "name", Text, REQUIRED; "url", Text; };
    Server, "a server": {
        "url", Text, REQUIRED;
        "description", Text;
        "variables", Map(&Is(ServerVariable));
    };
    ServerVariable, "a server variable": {
        "enum", List(&Text);
        "default", Text, REQUIRED;
        "description", Text;
    };
    Components, "`components`": {
        "schemas", Components(&OrReference(Schema));
        "responses", Components(&OrReference(Response));
        "parameters", Components(&OrReference(Parameter));
        "examples", Components(&OrReference(Example));
        "requestBodies", Components(&OrReference(RequestBody));
        "headers", Components(&OrReference(Header));
        "securitySchemes", Components(&OrReference(SecurityScheme));
        "links", Components(&OrReference(Link));
        "callbacks", Components(&OrReference(Callback));
    } later: fields! {
        "pathItems", Components(&OrReference(PathItem));
        "mediaTypes", Components(&OrReference(MediaType));
    };
    Paths, "`paths`": {} rest: Some(OrReference(PathItem));
    PathItem, "a path item": {
        "summary", Text;
        "description", Text;
        "get", Is(Operation);
        "put", Is(Operation);
        "post", Is(Operation);
        "delete", Is(Operation);
        "options", Is(Operation);
        "head", Is(Operation);
        "patch", Is(Operation);
        "trace", Is(Operation);
        ADDITIONAL_OPERATIONS, Map(&Is(Operation));
        "servers", List(&Is(Server));
        "parameters", List(&OrReference(Parameter));
    } later: fields! {
        "query", Is(Operation);
        "additionalOperations", Map(&Is(Operation));
    };
    Operation, "an operation": {
        "tags", List(&Text);
        "summary", Text;
        "description", Text;
        "externalDocs", Is(ExternalDocs);
        "operationId", Text;
        "parameters", List(&OrReference(Parameter));
        "requestBody", OrReference(RequestBody);
        "responses", Is(Responses), REQUIRED;
        "callbacks", Map(&OrReference(Callback));
        "deprecated", Boolean;
        "security", List(&Is(SecurityRequirement));
        "servers", List(&Is(Server));
    };
    ExternalDocs, "external documentation": { "description", Text; "url", Text, REQUIRED; };
    Parameter, "a parameter": {
        "name", Text, REQUIRED;
        "in", Choice(&["query", "header", "path", "cookie"]), REQUIRED;
        "description", Text;
        "required", Boolean;
        "deprecated", Boolean;
        "allowEmptyValue", Boolean;
        "style", Text;
        "explode", Boolean;
        "allowReserved", Boolean;
        "schema", OrReference(Schema);
        "example", Any;
        "examples", Map(&OrReference(Example));
        "content", Map(&Is(MediaType));
        IN, Choice(&["querystring"]);
        STYLE, Choice(&["cookie", "reserved", "segments"]);
    } other: fields! { "items", Is(Schema); };
    Header, "a header": {
        "description", Text;
        "required", Boolean;
        "deprecated", Boolean;
        "allowEmptyValue", Ignored(ONLY_IN_QUERIES);
        "style", Choice(&["simple"]);
        "explode", Boolean;
        "allowReserved", Ignored(ONLY_IN_QUERIES);
        "schema", OrReference(Schema);
        "example", Any;
        "examples", Map(&OrReference(Example));
        "content", Map(&Is(MediaType));
    } other: fields! { "items", Is(Schema); };
    RequestBody, "a request body": {
        "description", Text;
        "content", Map(&Is(MediaType)), REQUIRED;
        "required", Boolean;
    } other: fields! { "schema", OrReference(Schema); };
    MediaType, "a media type": {
        "schema", OrReference(Schema);
        "example", Any;
        "examples", Map(&OrReference(Example));
        "encoding", Map(&Is(Encoding));
    } later: fields! {
        "itemSchema", OrReference(Schema);
        ITEM_SCHEMA, OrReference(Schema);
        "prefixEncoding", List(&Is(Encoding));
        "itemEncoding", Is(Encoding);
    };
    Encoding, "an encoding": {
        "contentType", Text;
        "headers", Map(&OrReference(Header));
        "style", Choice(&["form", "spaceDelimited", "pipeDelimited", "deepObject"]);
        "explode", Boolean;
        "allowReserved", Boolean;
    } later: fields! {
        "encoding", Map(&Is(Encoding));
        "prefixEncoding", List(&Is(Encoding));
        "itemEncoding", Is(Encoding);
    };
    Responses, "`responses`": {} rest: Some(OrReference(Response));
    Response, "a response": {
        "description", Text, REQUIRED;
        "headers", Map(&OrReference(Header));
        "content", Map(&Is(MediaType));
        "links", Map(&OrReference(Link));
    } other: fields! {
        "schema", OrReference(Schema);
        ITEM_SCHEMA, OrReference(Schema);
    };
    Callback, "a callback": {} rest: Some(OrReference(PathItem));
    Example, "an example": {
        "summary", Text;
        "description", Text;
        "value", Any;
        "externalValue", Text;
    };
    Link, "a link": {
        "operationRef", Text;
        "operationId", Text;
        "parameters", Map(&Any);
        "requestBody", Any;
        "description", Text;
        "server", Is(Server);
    };
    Tag, "a tag": {
        "name", Text, REQUIRED;
        "description", Text;
        "externalDocs", Is(ExternalDocs);
    };
    Schema, "a schema": {
        "title", Text;
        "multipleOf", Number;
        "maximum", Number;
        "exclusiveMaximum", Boolean;
        "minimum", Number;
        "exclusiveMinimum", Boolean;
        "maxLength", Count;
        "minLength", Count;
        "pattern", Text;
        "maxItems", Count;
        "minItems", Count;
        "uniqueItems", Boolean;
        "maxProperties", Count;
        "minProperties", Count;
        "required", List(&Text);
        "enum", List(&Any);
        "type", Choice(&SCHEMA_TYPES);
        "allOf", List(&OrReference(Schema));
        "oneOf", List(&OrReference(Schema));
        "anyOf", List(&OrReference(Schema));
        "not", OrReference(Schema);
        "items", OrReference(Schema);
        "properties", Map(&OrReference(Schema));
        "additionalProperties", SchemaOrBoolean;
        UNEVALUATED_PROPERTIES, SchemaOrBoolean;
        "description", Text;
        "format", Text;
        "default", Any;
        "nullable", Boolean;
        "discriminator", Is(Discriminator);
        "readOnly", Boolean;
        "writeOnly", Boolean;
        "xml", Is(Xml);
        "externalDocs", Is(ExternalDocs);
        "example", Any;
        "deprecated", Boolean;
    } later: fields! {
        "$defs", Map(&OrReference(Schema));
        "definitions", Map(&OrReference(Schema));
        "dependentSchemas", Map(&OrReference(Schema));
        "patternProperties", Map(&OrReference(Schema));
        "prefixItems", List(&OrReference(Schema));
        "additionalItems", SchemaOrBoolean;
        "unevaluatedItems", SchemaOrBoolean;
        "unevaluatedProperties", SchemaOrBoolean;
        "propertyNames", SchemaOrBoolean;
        "contains", SchemaOrBoolean;
        "contentSchema", SchemaOrBoolean;
        CONTENT_SCHEMA, SchemaOrBoolean;
        "if", SchemaOrBoolean;
        "then", SchemaOrBoolean;
        "else", SchemaOrBoolean;
    };
    Discriminator, "a discriminator": { "propertyName", Text, REQUIRED; "mapping", Map(&Text); };
    Xml, "`xml`": {
        "name", Text;
        "namespace", Text;
        "prefix", Text;
        "attribute", Boolean;
        "wrapped", Boolean;
    };
    SecurityScheme, "a security scheme": {
        "type", Choice(&["apiKey", "http", "oauth2", "openIdConnect"]), REQUIRED;
        "description", Text;
        "name", Text;
        "in", Choice(&["query", "header", "cookie"]);
        "scheme", Text;
        "bearerFormat", Text;
        "flows", Is(OAuthFlows);
        "openIdConnectUrl", Text;
    };
    OAuthFlows, "`flows`": {
        "implicit", Is(ImplicitFlow);
        "password", Is(TokenFlow);
        "clientCredentials", Is(TokenFlow);
        "authorizationCode", Is(CodeFlow);
    };
    ImplicitFlow, "an implicit flow": {
        "authorizationUrl", Text, REQUIRED;
        "tokenUrl", Ignored("an implicit flow has none");
        "refreshUrl", Text;
        "scopes", Map(&Text), REQUIRED;
    };
    TokenFlow, "a token flow": {
        "authorizationUrl", Ignored("this flow has none");
        "tokenUrl", Text, REQUIRED;
        "refreshUrl", Text;
        "scopes", Map(&Text), REQUIRED;
    };
    CodeFlow, "an authorization code flow": {
        "authorizationUrl", Text, REQUIRED;
        "tokenUrl", Text, REQUIRED;
        "refreshUrl", Text;
        "scopes", Map(&Text), REQUIRED;
    };
    SecurityRequirement, "a security requirement": {} rest: Some(List(&Text)), has_extensions: false;
    Overlay, "an overlay": {
        "overlay", Any;
        "info", Is(OverlayInfo), REQUIRED;
        "extends", Text;
        "actions", List(&Is(OverlayAction)), REQUIRED;
    };
    OverlayInfo, "`info` of an overlay": {
        "title", Text, REQUIRED;
        "version", Text, REQUIRED;
        "description", Any;
    };
    OverlayAction, "an action": {
        "target", Text, REQUIRED;
        "description", Text;
        "update", Any;
        "remove", Boolean;
        "copy", Text;
        "x-optional", Boolean;
    };
}
