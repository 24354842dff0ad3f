//! Part of `v31`: which kind of object stands where in an OpenAPI 3.1 or 3.2 document.
//!
//! In: a kind and a key. Out: the kinds below. Invariant: covers 3.0, 3.1 and 3.2 at once, so that a document may mix
//! them; whatever is not listed is opaque (examples, extensions, unknown keys) and never touched.

use serde_json::Value;

use crate::pointer::Pointer;

/// The objects that some rule of this pass is about, or that lead to one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum NodeKind {
    Document,
    Info,
    License,
    Server,
    Components,
    Paths,
    PathItem,
    Operation,
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
    Flows,
}

/// What stands under a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Child {
    /// Nothing that this pass looks into.
    Opaque,
    One(NodeKind),
    List(NodeKind),
    Map(NodeKind),
    /// A schema, or a list of them (`items` up to JSON Schema draft 2019-09).
    Items,
}

use Child::{List, Map, One, Opaque};

impl NodeKind {
    /// The section of `components` for what can be referred to (OpenAPI 3.1 §4.8.7, 3.2 §4.7).
    pub(super) fn section(self) -> Option<&'static str> {
        Some(match self {
            Self::Schema => "schemas",
            Self::Response => "responses",
            Self::Parameter => "parameters",
            Self::Example => "examples",
            Self::RequestBody => "requestBodies",
            Self::Header => "headers",
            Self::SecurityScheme => "securitySchemes",
            Self::Link => "links",
            Self::Callback => "callbacks",
            Self::PathItem => "pathItems",
            Self::MediaType => "mediaTypes",
            _ => return None,
        })
    }

    /// What stands under `key` of an object of this kind.
    pub(super) fn child(self, key: &str) -> Child {
        match self {
            Self::Document => match key {
                "info" => One(Self::Info),
                "servers" => List(Self::Server),
                "paths" => One(Self::Paths),
                "webhooks" => Map(Self::PathItem),
                "components" => One(Self::Components),
                "tags" => List(Self::Tag),
                _ => Opaque,
            },
            Self::Info if key == "license" => One(Self::License),
            Self::Components => COMPONENTS.iter().find(|kind| kind.section() == Some(key)).map_or(Opaque, |k| Map(*k)),
            Self::Paths | Self::Callback => named(key, Self::PathItem),
            Self::Responses => named(key, Self::Response),
            Self::PathItem => match key {
                "parameters" => List(Self::Parameter),
                "servers" => List(Self::Server),
                "additionalOperations" => Map(Self::Operation),
                _ if METHODS.contains(&key) || key == "query" => One(Self::Operation),
                _ => Opaque,
            },
            Self::Operation => match key {
                "parameters" => List(Self::Parameter),
                "requestBody" => One(Self::RequestBody),
                "responses" => One(Self::Responses),
                "callbacks" => Map(Self::Callback),
                "servers" => List(Self::Server),
                _ => Opaque,
            },
            Self::Parameter | Self::Header | Self::RequestBody | Self::Response | Self::MediaType | Self::Encoding => {
                self.part_of_message(key)
            }
            Self::Link if key == "server" => One(Self::Server),
            Self::SecurityScheme if key == "flows" => One(Self::Flows),
            Self::Schema => schema_child(key),
            _ => Opaque,
        }
    }

    fn part_of_message(self, key: &str) -> Child {
        match (self, key) {
            (Self::Parameter | Self::Header | Self::MediaType, "schema") | (Self::MediaType, "itemSchema") => {
                One(Self::Schema)
            }
            (Self::Parameter | Self::Header | Self::MediaType, "examples") => Map(Self::Example),
            (Self::Parameter | Self::Header | Self::RequestBody | Self::Response, "content") => Map(Self::MediaType),
            (Self::Response | Self::Encoding, "headers") => Map(Self::Header),
            (Self::Response, "links") => Map(Self::Link),
            (Self::MediaType | Self::Encoding, "encoding") => Map(Self::Encoding),
            (Self::MediaType | Self::Encoding, "prefixEncoding") => List(Self::Encoding),
            (Self::MediaType | Self::Encoding, "itemEncoding") => One(Self::Encoding),
            _ => Opaque,
        }
    }
}

/// The methods that OpenAPI 3.0 knows.
const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

const COMPONENTS: [NodeKind; 11] = [
    NodeKind::Schema,
    NodeKind::Response,
    NodeKind::Parameter,
    NodeKind::Example,
    NodeKind::RequestBody,
    NodeKind::Header,
    NodeKind::SecurityScheme,
    NodeKind::Link,
    NodeKind::Callback,
    NodeKind::PathItem,
    NodeKind::MediaType,
];

fn named(key: &str, kind: NodeKind) -> Child {
    if key.starts_with("x-") { Opaque } else { One(kind) }
}

fn schema_child(key: &str) -> Child {
    match key {
        "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas" => Map(NodeKind::Schema),
        "allOf" | "anyOf" | "oneOf" | "prefixItems" => List(NodeKind::Schema),
        "items" => Child::Items,
        "not"
        | "additionalProperties"
        | "additionalItems"
        | "unevaluatedProperties"
        | "unevaluatedItems"
        | "if"
        | "then"
        | "else"
        | "contains"
        | "propertyNames"
        | "contentSchema" => One(NodeKind::Schema),
        "discriminator" => One(NodeKind::Discriminator),
        "xml" => One(NodeKind::Xml),
        _ => Opaque,
    }
}

/// What a place in the document is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NodePlace {
    /// One object of this kind.
    Of(NodeKind),
    /// A map or a list of objects.
    Group,
    /// Nothing that OpenAPI knows.
    Opaque,
}

/// The node at `pointer`, and what its place is for.
pub(super) fn place_at<'v>(document: &'v Value, pointer: &Pointer) -> Option<(NodePlace, &'v Value)> {
    let mut here = One(NodeKind::Document);
    let mut value = document;
    for segment in pointer.segments() {
        let next = match value {
            Value::Object(members) => members.get(&segment)?,
            Value::Array(items) => items.get(segment.parse::<usize>().ok()?)?,
            _ => return None,
        };
        here = match (below(here, &segment), next) {
            (Child::Items, Value::Array(_)) => List(NodeKind::Schema),
            (Child::Items, _) => One(NodeKind::Schema),
            (child, _) => child,
        };
        value = next;
    }
    let place = match here {
        One(kind) => NodePlace::Of(kind),
        List(_) | Map(_) => NodePlace::Group,
        Child::Items | Opaque => NodePlace::Opaque,
    };
    Some((place, value))
}

fn below(here: Child, segment: &str) -> Child {
    match here {
        One(kind) => kind.child(segment),
        List(kind) | Map(kind) => One(kind),
        Child::Items | Opaque => Opaque,
    }
}
