//! Part of `v31`: fields that 3.0 does not have, kept under an `x-` name.
//!
//! In: an object. Out: the object with those fields renamed, in place. Invariant: a field whose `x-` name is taken stays
//! as it is, for [`crate::structure`] to name.

use super::Convert;
use super::node::Node;
use crate::normalize::pass::Weight;
use crate::structure::grammar::Kind;

use Weight::{Lossy, Same};

/// The object, the field, what it becomes, and what that means.
const KEPT: &[(Kind, &str, &str, Weight)] = &[
    (Kind::Document, "$self", "x-self", Same),
    (Kind::License, "identifier", "x-identifier", Same),
    (Kind::Server, "name", "x-name", Same),
    (Kind::Tag, "summary", "x-summary", Same),
    (Kind::Tag, "parent", "x-parent", Same),
    (Kind::Tag, "kind", "x-kind", Same),
    (Kind::Components, "pathItems", "x-path-items", Same),
    (Kind::Components, "mediaTypes", "x-media-types", Same),
    (Kind::Response, "summary", "x-summary", Same),
    (Kind::Example, "dataValue", "x-data-value", Same),
    (Kind::Example, "serializedValue", "x-serialized-value", Same),
    (Kind::MediaType, "itemSchema", "x-item-schema", Lossy),
    (Kind::MediaType, "prefixEncoding", "x-prefix-encoding", Lossy),
    (Kind::MediaType, "itemEncoding", "x-item-encoding", Lossy),
    (Kind::Encoding, "encoding", "x-encoding", Lossy),
    (Kind::Encoding, "prefixEncoding", "x-prefix-encoding", Lossy),
    (Kind::Encoding, "itemEncoding", "x-item-encoding", Lossy),
    (Kind::Discriminator, "defaultMapping", "x-default-mapping", Lossy),
    (Kind::Xml, "nodeType", "x-node-type", Lossy),
    (Kind::OAuthFlows, "deviceAuthorization", "x-device-authorization", Lossy),
    (Kind::SecurityScheme, "oauth2MetadataUrl", "x-oauth2-metadata-url", Same),
    (Kind::SecurityScheme, "deprecated", "x-deprecated", Same),
    (Kind::Schema, "if", "x-if", Lossy),
    (Kind::Schema, "then", "x-then", Lossy),
    (Kind::Schema, "else", "x-else", Lossy),
    (Kind::Schema, "dependentRequired", "x-dependent-required", Lossy),
    (Kind::Schema, "dependentSchemas", "x-dependent-schemas", Lossy),
    (Kind::Schema, "dependencies", "x-dependencies", Lossy),
    (Kind::Schema, "unevaluatedProperties", "x-unevaluated-properties", Lossy),
    (Kind::Schema, "unevaluatedItems", "x-unevaluated-items", Lossy),
    (Kind::Schema, "additionalItems", "x-additional-items", Lossy),
    (Kind::Schema, "propertyNames", "x-property-names", Lossy),
    (Kind::Schema, "contains", "x-contains", Lossy),
    (Kind::Schema, "minContains", "x-min-contains", Lossy),
    (Kind::Schema, "maxContains", "x-max-contains", Lossy),
    (Kind::Schema, "contentSchema", "x-content-schema", Lossy),
    (Kind::Schema, "contentEncoding", "x-content-encoding", Lossy),
    (Kind::Schema, "contentMediaType", "x-content-media-type", Lossy),
];

/// Renames the fields of an object that 3.0 does not have.
pub(super) fn keep(convert: &mut Convert, kind: Kind, node: &mut Node) {
    for (_, from, to, weight) in KEPT.iter().filter(|(of, ..)| *of == kind) {
        if node.rename(from, to) {
            let text = format!("`{from}` is kept as `{to}`: OpenAPI 3.0 has no such field");
            convert.note("kept-field", *weight, from, text);
        }
    }
}
