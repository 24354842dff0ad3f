//! The extensions for features that OpenAPI 3.0 lacks (docs/EXTENSIONS.md), if more than one stage reads them. Other extensions are defined
//! where they are read.

/// Operations of a path item with other methods (OpenAPI 3.2 §4.10).
pub const ADDITIONAL_OPERATIONS: &str = "x-additional-operations";
/// The name of a body parameter (Swagger 2.0, §Parameter Object).
pub const BODY_NAME: &str = "x-body-name";
/// The media type of a string's content: `contentMediaType` of JSON Schema 2020-12 (Validation §8.4).
pub const CONTENT_MEDIA_TYPE: &str = "x-content-media-type";
/// The schema of a string's content: `contentSchema` of JSON Schema 2020-12 (Validation §8.5).
pub const CONTENT_SCHEMA: &str = "x-content-schema";
/// The schema of a value without a mapped discriminator value: `defaultMapping` of OpenAPI 3.2 §4.25.
pub const DEFAULT_MAPPING: &str = "x-default-mapping";
/// The descriptions of the values of an `enum`, in the same order.
pub const ENUM_DESCRIPTIONS: &str = "x-enum-descriptions";
/// The names of the values of an `enum`, in the same order.
pub const ENUM_NAMES: &str = "x-enum-varnames";
/// The location of a parameter that OpenAPI 3.0 lacks (`querystring` of OpenAPI 3.2).
pub const IN: &str = "x-in";
/// The schema of each item of a stream: `itemSchema` of OpenAPI 3.2 §4.14.1.
pub const ITEM_SCHEMA: &str = "x-item-schema";
/// The pagination of an operation.
pub const PAGINATION: &str = "x-pagination";
/// The polling of an operation that returns the state of a job.
pub const POLLING: &str = "x-polling";
/// The schemas of the first items of an array: `prefixItems` of JSON Schema 2020-12 (Core §10.3.1.1). Each is also allowed by `items`, so
/// that other stages check every schema.
pub const PREFIX_ITEMS: &str = "x-prefix-items";
/// The Rust name of the generated item.
pub const RUST_NAME: &str = "x-rust-name";
/// The style of a parameter that OpenAPI 3.0 lacks.
pub const STYLE: &str = "x-style";
/// The schema of properties that no part of a composed schema describes: `unevaluatedProperties` of JSON Schema 2020-12 (Core §11.3).
pub const UNEVALUATED_PROPERTIES: &str = "x-unevaluated-properties";
/// Webhook payloads (`webhooks`, OpenAPI 3.1 §4.8.1).
pub const WEBHOOKS: &str = "x-webhooks";
