//! The extensions in which a document says what OpenAPI 3.0 has no words for (docs/EXTENSIONS.md), where more than one stage knows
//! them. What a single one reads is named there.

/// Operations of a path item with other methods (OpenAPI 3.2 §4.10).
pub const ADDITIONAL_OPERATIONS: &str = "x-additional-operations";
/// The name of a body parameter (Swagger 2.0, §Parameter Object).
pub const BODY_NAME: &str = "x-body-name";
/// The media type of what a string contains: `contentMediaType` of JSON Schema 2020-12 (Validation §8.4).
pub const CONTENT_MEDIA_TYPE: &str = "x-content-media-type";
/// The schema of what a string contains: `contentSchema` of JSON Schema 2020-12 (Validation §8.5).
pub const CONTENT_SCHEMA: &str = "x-content-schema";
/// The schema of a value that a discriminator does not name: `defaultMapping` of OpenAPI 3.2 §4.25.
pub const DEFAULT_MAPPING: &str = "x-default-mapping";
/// What the values of an `enum` are, each in the place of its value.
pub const ENUM_DESCRIPTIONS: &str = "x-enum-descriptions";
/// How the values of an `enum` are called, each in the place of its value.
pub const ENUM_NAMES: &str = "x-enum-varnames";
/// Where a parameter is, if OpenAPI 3.0 has no such place (`querystring` of OpenAPI 3.2).
pub const IN: &str = "x-in";
/// The schema of each item of a stream: `itemSchema` of OpenAPI 3.2 §4.14.1.
pub const ITEM_SCHEMA: &str = "x-item-schema";
/// How an operation gives a list in pages.
pub const PAGINATION: &str = "x-pagination";
/// How to wait for the job that an operation tells of.
pub const POLLING: &str = "x-polling";
/// The schemas of the first items of an array: `prefixItems` of JSON Schema 2020-12 (Core §10.3.1.1). Each is one of those that `items`
/// allows, so that nothing is read that no other stage has checked.
pub const PREFIX_ITEMS: &str = "x-prefix-items";
/// The name of what is generated from an object in Rust.
pub const RUST_NAME: &str = "x-rust-name";
/// How a parameter is written, if OpenAPI 3.0 has no such style.
pub const STYLE: &str = "x-style";
/// The schema of the properties that no part of a composed schema describes: `unevaluatedProperties` of JSON Schema 2020-12 (Core §11.3).
pub const UNEVALUATED_PROPERTIES: &str = "x-unevaluated-properties";
/// Requests that the server makes (`webhooks`, OpenAPI 3.1 §4.8.1).
pub const WEBHOOKS: &str = "x-webhooks";
