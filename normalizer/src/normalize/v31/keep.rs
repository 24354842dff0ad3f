//! Part of `v31`: fields that 3.0 does not have, kept under an `x-` name.
//!
//! In: an object. Out: the object with those fields renamed, in place. Invariant: a field whose `x-` name is taken stays
//! as it is, for [`crate::structure`] to name.

use super::Convert;
use super::node::Node;
use super::places::NodeKind;
use crate::normalize::pass::Weight;

use Weight::{Lossy, Same};

/// The object, the field, what it becomes, and what that means.
const KEPT: &[(NodeKind, &str, &str, Weight)] = &[
    (NodeKind::Document, "$self", "x-self", Same),
    (NodeKind::License, "identifier", "x-identifier", Same),
    (NodeKind::Server, "name", "x-name", Same),
    (NodeKind::Tag, "summary", "x-summary", Same),
    (NodeKind::Tag, "parent", "x-parent", Same),
    (NodeKind::Tag, "kind", "x-kind", Same),
    (NodeKind::Components, "pathItems", "x-path-items", Same),
    (NodeKind::Components, "mediaTypes", "x-media-types", Same),
    (NodeKind::Response, "summary", "x-summary", Same),
    (NodeKind::Example, "dataValue", "x-data-value", Same),
    (NodeKind::Example, "serializedValue", "x-serialized-value", Same),
    (NodeKind::MediaType, "itemSchema", "x-item-schema", Lossy),
    (NodeKind::MediaType, "prefixEncoding", "x-prefix-encoding", Lossy),
    (NodeKind::MediaType, "itemEncoding", "x-item-encoding", Lossy),
    (NodeKind::Encoding, "encoding", "x-encoding", Lossy),
    (NodeKind::Encoding, "prefixEncoding", "x-prefix-encoding", Lossy),
    (NodeKind::Encoding, "itemEncoding", "x-item-encoding", Lossy),
    (NodeKind::Discriminator, "defaultMapping", "x-default-mapping", Lossy),
    (NodeKind::Xml, "nodeType", "x-node-type", Lossy),
    (NodeKind::Flows, "deviceAuthorization", "x-device-authorization", Lossy),
    (NodeKind::SecurityScheme, "oauth2MetadataUrl", "x-oauth2-metadata-url", Same),
    (NodeKind::SecurityScheme, "deprecated", "x-deprecated", Same),
    (NodeKind::Schema, "if", "x-if", Lossy),
    (NodeKind::Schema, "then", "x-then", Lossy),
    (NodeKind::Schema, "else", "x-else", Lossy),
    (NodeKind::Schema, "dependentRequired", "x-dependent-required", Lossy),
    (NodeKind::Schema, "dependentSchemas", "x-dependent-schemas", Lossy),
    (NodeKind::Schema, "dependencies", "x-dependencies", Lossy),
    (NodeKind::Schema, "unevaluatedProperties", "x-unevaluated-properties", Lossy),
    (NodeKind::Schema, "unevaluatedItems", "x-unevaluated-items", Lossy),
    (NodeKind::Schema, "additionalItems", "x-additional-items", Lossy),
    (NodeKind::Schema, "propertyNames", "x-property-names", Lossy),
    (NodeKind::Schema, "contains", "x-contains", Lossy),
    (NodeKind::Schema, "minContains", "x-min-contains", Lossy),
    (NodeKind::Schema, "maxContains", "x-max-contains", Lossy),
    (NodeKind::Schema, "contentSchema", "x-content-schema", Lossy),
    (NodeKind::Schema, "contentEncoding", "x-content-encoding", Lossy),
    (NodeKind::Schema, "contentMediaType", "x-content-media-type", Lossy),
];

/// Renames the fields of an object that 3.0 does not have.
pub(super) fn keep(convert: &mut Convert, kind: NodeKind, node: &mut Node) {
    for (_, from, to, weight) in KEPT.iter().filter(|(of, ..)| *of == kind) {
        if node.rename(from, to) {
            let text = format!("`{from}` is kept as `{to}`: OpenAPI 3.0 has no such field");
            convert.note("kept-field", *weight, from, text);
        }
    }
}
