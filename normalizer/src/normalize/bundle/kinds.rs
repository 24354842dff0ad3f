//! Part of `bundle`: what stands where, in Swagger 2.0 and OpenAPI 3.0 to 3.2 alike.
//!
//! In: the kind of a node and the key below it. Out: the kind of what is there. Invariant: what is data to OpenAPI
//! (examples, defaults, enums, extensions) is [`ComponentKind::Opaque`], so that a `$ref` in it is left alone.

use serde_json::Value;

/// The kind of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum ComponentKind {
    Document,
    Components,
    Paths,
    PathItem,
    Operation,
    Callback,
    Responses,
    Response,
    RequestBody,
    Parameter,
    Header,
    Example,
    Link,
    SecurityScheme,
    MediaType,
    Encoding,
    Schema,
    Discriminator,
    /// The map of a discriminator: values are references in plain text.
    Mapping,
    MapOf(&'static ComponentKind),
    ListOf(&'static ComponentKind),
    Opaque,
}

impl ComponentKind {
    /// The kind of the member `key`, whose value is given.
    pub(super) fn member(self, key: &str, value: &Value) -> Self {
        let is_extension = key.starts_with("x-");
        match self {
            Self::MapOf(kind) => *kind,
            _ if is_extension => match (self, key) {
                (Self::Document, "x-webhooks" | "x-ms-paths") => Self::MapOf(&Self::PathItem),
                _ => Self::Opaque,
            },
            Self::Document => document(key),
            Self::Components => components(key),
            Self::Paths | Self::Callback => Self::PathItem,
            Self::PathItem => path_item(key),
            Self::Operation => operation(key),
            Self::Responses => Self::Response,
            Self::Response => response(key),
            Self::Parameter | Self::Header => parameter(key),
            Self::RequestBody if key == "content" => Self::MapOf(&Self::MediaType),
            Self::MediaType => media_type(key),
            Self::Encoding if key == "headers" => Self::MapOf(&Self::Header),
            Self::Schema => schema(key, value),
            Self::Discriminator if key == "mapping" => Self::Mapping,
            _ => Self::Opaque,
        }
    }

    /// The kind of the items of a list.
    pub(super) fn item(self) -> Self {
        match self {
            Self::ListOf(kind) => *kind,
            _ => Self::Opaque,
        }
    }

    /// Where components of this kind lie; `None` if the version has no components of it, and a reference is replaced
    /// with what it leads to.
    pub(super) fn section(self, is_swagger: bool) -> Option<&'static [&'static str]> {
        if is_swagger {
            return match self {
                Self::Schema => Some(&["definitions"]),
                Self::Parameter => Some(&["parameters"]),
                Self::Response => Some(&["responses"]),
                _ => None,
            };
        }
        match self {
            Self::Schema => Some(&["components", "schemas"]),
            Self::Response => Some(&["components", "responses"]),
            Self::Parameter => Some(&["components", "parameters"]),
            Self::Example => Some(&["components", "examples"]),
            Self::RequestBody => Some(&["components", "requestBodies"]),
            Self::Header => Some(&["components", "headers"]),
            Self::SecurityScheme => Some(&["components", "securitySchemes"]),
            Self::Link => Some(&["components", "links"]),
            Self::Callback => Some(&["components", "callbacks"]),
            _ => None,
        }
    }

    /// Whether OpenAPI lets a reference stand here.
    pub(super) fn takes_references(self) -> bool {
        self.section(false).is_some() || matches!(self, Self::PathItem | Self::MediaType)
    }

    /// How a person calls one.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Document => "a document",
            Self::Components => "`components`",
            Self::Paths => "`paths`",
            Self::PathItem => "a path item",
            Self::Operation => "an operation",
            Self::Callback => "a callback",
            Self::Responses => "`responses`",
            Self::Response => "a response",
            Self::RequestBody => "a request body",
            Self::Parameter => "a parameter",
            Self::Header => "a header",
            Self::Example => "an example",
            Self::Link => "a link",
            Self::SecurityScheme => "a security scheme",
            Self::MediaType => "a media type",
            Self::Encoding => "an encoding",
            Self::Schema => "a schema",
            Self::Discriminator => "a discriminator",
            Self::MapOf(_) | Self::Mapping => "a map",
            Self::ListOf(_) => "a list",
            Self::Opaque => "a value",
        }
    }
}

fn document(key: &str) -> ComponentKind {
    match key {
        "paths" => ComponentKind::Paths,
        "components" => ComponentKind::Components,
        "webhooks" => ComponentKind::MapOf(&ComponentKind::PathItem),
        "definitions" => ComponentKind::MapOf(&ComponentKind::Schema),
        "parameters" => ComponentKind::MapOf(&ComponentKind::Parameter),
        "responses" => ComponentKind::MapOf(&ComponentKind::Response),
        "securityDefinitions" => ComponentKind::MapOf(&ComponentKind::SecurityScheme),
        _ => ComponentKind::Opaque,
    }
}

fn components(key: &str) -> ComponentKind {
    match key {
        "schemas" => ComponentKind::MapOf(&ComponentKind::Schema),
        "responses" => ComponentKind::MapOf(&ComponentKind::Response),
        "parameters" => ComponentKind::MapOf(&ComponentKind::Parameter),
        "examples" => ComponentKind::MapOf(&ComponentKind::Example),
        "requestBodies" => ComponentKind::MapOf(&ComponentKind::RequestBody),
        "headers" => ComponentKind::MapOf(&ComponentKind::Header),
        "securitySchemes" => ComponentKind::MapOf(&ComponentKind::SecurityScheme),
        "links" => ComponentKind::MapOf(&ComponentKind::Link),
        "callbacks" => ComponentKind::MapOf(&ComponentKind::Callback),
        "pathItems" => ComponentKind::MapOf(&ComponentKind::PathItem),
        "mediaTypes" => ComponentKind::MapOf(&ComponentKind::MediaType),
        _ => ComponentKind::Opaque,
    }
}

fn path_item(key: &str) -> ComponentKind {
    match key {
        "get" | "put" | "post" | "delete" | "options" | "head" | "patch" | "trace" | "query" => {
            ComponentKind::Operation
        }
        "additionalOperations" => ComponentKind::MapOf(&ComponentKind::Operation),
        "parameters" => ComponentKind::ListOf(&ComponentKind::Parameter),
        _ => ComponentKind::Opaque,
    }
}

fn operation(key: &str) -> ComponentKind {
    match key {
        "parameters" => ComponentKind::ListOf(&ComponentKind::Parameter),
        "requestBody" => ComponentKind::RequestBody,
        "responses" => ComponentKind::Responses,
        "callbacks" => ComponentKind::MapOf(&ComponentKind::Callback),
        _ => ComponentKind::Opaque,
    }
}

fn response(key: &str) -> ComponentKind {
    match key {
        "headers" => ComponentKind::MapOf(&ComponentKind::Header),
        "content" => ComponentKind::MapOf(&ComponentKind::MediaType),
        "links" => ComponentKind::MapOf(&ComponentKind::Link),
        "schema" => ComponentKind::Schema,
        _ => ComponentKind::Opaque,
    }
}

fn parameter(key: &str) -> ComponentKind {
    match key {
        "schema" | "items" => ComponentKind::Schema,
        "content" => ComponentKind::MapOf(&ComponentKind::MediaType),
        "examples" => ComponentKind::MapOf(&ComponentKind::Example),
        _ => ComponentKind::Opaque,
    }
}

fn media_type(key: &str) -> ComponentKind {
    match key {
        "schema" | "itemSchema" => ComponentKind::Schema,
        "examples" => ComponentKind::MapOf(&ComponentKind::Example),
        "encoding" => ComponentKind::MapOf(&ComponentKind::Encoding),
        "itemEncoding" => ComponentKind::Encoding,
        "prefixEncoding" => ComponentKind::ListOf(&ComponentKind::Encoding),
        _ => ComponentKind::Opaque,
    }
}

fn schema(key: &str, value: &Value) -> ComponentKind {
    match key {
        "properties" | "patternProperties" | "dependentSchemas" | "$defs" | "definitions" => {
            ComponentKind::MapOf(&ComponentKind::Schema)
        }
        "items" if value.is_array() => ComponentKind::ListOf(&ComponentKind::Schema),
        "items"
        | "additionalProperties"
        | "additionalItems"
        | "not"
        | "if"
        | "then"
        | "else"
        | "contains"
        | "propertyNames"
        | "unevaluatedItems"
        | "unevaluatedProperties"
        | "contentSchema" => ComponentKind::Schema,
        "allOf" | "anyOf" | "oneOf" | "prefixItems" => ComponentKind::ListOf(&ComponentKind::Schema),
        "discriminator" => ComponentKind::Discriminator,
        _ => ComponentKind::Opaque,
    }
}
