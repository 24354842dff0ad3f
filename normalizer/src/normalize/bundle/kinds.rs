//! Part of `bundle`: what stands where, in Swagger 2.0 and OpenAPI 3.0 to 3.2 alike.
//!
//! In: the kind of a node and the key below it. Out: the kind of what is there. Invariant: what is data to OpenAPI
//! (examples, defaults, enums, extensions) is [`Kind::Opaque`], so that a `$ref` in it is left alone.

use serde_json::Value;

/// The kind of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
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
    MapOf(&'static Kind),
    ListOf(&'static Kind),
    Opaque,
}

impl Kind {
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

fn document(key: &str) -> Kind {
    match key {
        "paths" => Kind::Paths,
        "components" => Kind::Components,
        "webhooks" => Kind::MapOf(&Kind::PathItem),
        "definitions" => Kind::MapOf(&Kind::Schema),
        "parameters" => Kind::MapOf(&Kind::Parameter),
        "responses" => Kind::MapOf(&Kind::Response),
        "securityDefinitions" => Kind::MapOf(&Kind::SecurityScheme),
        _ => Kind::Opaque,
    }
}

fn components(key: &str) -> Kind {
    match key {
        "schemas" => Kind::MapOf(&Kind::Schema),
        "responses" => Kind::MapOf(&Kind::Response),
        "parameters" => Kind::MapOf(&Kind::Parameter),
        "examples" => Kind::MapOf(&Kind::Example),
        "requestBodies" => Kind::MapOf(&Kind::RequestBody),
        "headers" => Kind::MapOf(&Kind::Header),
        "securitySchemes" => Kind::MapOf(&Kind::SecurityScheme),
        "links" => Kind::MapOf(&Kind::Link),
        "callbacks" => Kind::MapOf(&Kind::Callback),
        "pathItems" => Kind::MapOf(&Kind::PathItem),
        "mediaTypes" => Kind::MapOf(&Kind::MediaType),
        _ => Kind::Opaque,
    }
}

fn path_item(key: &str) -> Kind {
    match key {
        "get" | "put" | "post" | "delete" | "options" | "head" | "patch" | "trace" | "query" => Kind::Operation,
        "additionalOperations" => Kind::MapOf(&Kind::Operation),
        "parameters" => Kind::ListOf(&Kind::Parameter),
        _ => Kind::Opaque,
    }
}

fn operation(key: &str) -> Kind {
    match key {
        "parameters" => Kind::ListOf(&Kind::Parameter),
        "requestBody" => Kind::RequestBody,
        "responses" => Kind::Responses,
        "callbacks" => Kind::MapOf(&Kind::Callback),
        _ => Kind::Opaque,
    }
}

fn response(key: &str) -> Kind {
    match key {
        "headers" => Kind::MapOf(&Kind::Header),
        "content" => Kind::MapOf(&Kind::MediaType),
        "links" => Kind::MapOf(&Kind::Link),
        "schema" => Kind::Schema,
        _ => Kind::Opaque,
    }
}

fn parameter(key: &str) -> Kind {
    match key {
        "schema" | "items" => Kind::Schema,
        "content" => Kind::MapOf(&Kind::MediaType),
        "examples" => Kind::MapOf(&Kind::Example),
        _ => Kind::Opaque,
    }
}

fn media_type(key: &str) -> Kind {
    match key {
        "schema" | "itemSchema" => Kind::Schema,
        "examples" => Kind::MapOf(&Kind::Example),
        "encoding" => Kind::MapOf(&Kind::Encoding),
        "itemEncoding" => Kind::Encoding,
        "prefixEncoding" => Kind::ListOf(&Kind::Encoding),
        _ => Kind::Opaque,
    }
}

fn schema(key: &str, value: &Value) -> Kind {
    match key {
        "properties" | "patternProperties" | "dependentSchemas" | "$defs" | "definitions" => Kind::MapOf(&Kind::Schema),
        "items" if value.is_array() => Kind::ListOf(&Kind::Schema),
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
        | "contentSchema" => Kind::Schema,
        "allOf" | "anyOf" | "oneOf" | "prefixItems" => Kind::ListOf(&Kind::Schema),
        "discriminator" => Kind::Discriminator,
        _ => Kind::Opaque,
    }
}
