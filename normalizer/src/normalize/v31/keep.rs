//! Part of `v31`: fields that 3.0 does not have, kept under an `x-` name.
//!
//! In: an object. Out: the object with those fields renamed, in place. Invariant: a field whose `x-` name is taken stays
//! as it is, for [`crate::structure`] to name.

use super::Convert;
use super::node::Node;
use crate::normalize::names::extension;
use crate::normalize::pass::Weight;
use crate::structure::grammar::Kind;

use Weight::{Lossy, Same};

/// The object, what keeping the fields means, and the fields.
const KEPT: &[(Kind, Weight, &[&str])] = &[
    (Kind::Document, Same, &["$self"]),
    (Kind::License, Same, &["identifier"]),
    (Kind::Server, Same, &["name"]),
    (Kind::Tag, Same, &["summary", "parent", "kind"]),
    (Kind::Components, Same, &["pathItems", "mediaTypes"]),
    (Kind::Response, Same, &["summary"]),
    (Kind::Example, Same, &["dataValue", "serializedValue"]),
    (Kind::MediaType, Lossy, &["itemSchema", "prefixEncoding", "itemEncoding"]),
    (Kind::Encoding, Lossy, &["encoding", "prefixEncoding", "itemEncoding"]),
    (Kind::Discriminator, Lossy, &["defaultMapping"]),
    (Kind::Xml, Lossy, &["nodeType"]),
    (Kind::OAuthFlows, Lossy, &["deviceAuthorization"]),
    (Kind::SecurityScheme, Same, &["oauth2MetadataUrl", "deprecated"]),
    (Kind::Schema, Lossy, &["if", "then", "else", "dependentRequired", "dependentSchemas", "dependencies"]),
    (Kind::Schema, Lossy, &["unevaluatedProperties", "unevaluatedItems", "additionalItems", "propertyNames"]),
    (Kind::Schema, Lossy, &["contains", "minContains", "maxContains"]),
    (Kind::Schema, Lossy, &["contentSchema", "contentEncoding", "contentMediaType"]),
];

/// Renames the fields of an object that 3.0 does not have.
pub(super) fn keep(convert: &mut Convert, kind: Kind, node: &mut Node) {
    for (_, weight, fields) in KEPT.iter().filter(|(of, ..)| *of == kind) {
        for from in *fields {
            let to = extension(from);
            if node.rename(from, &to) {
                let text = format!("`{from}` is kept as `{to}`: OpenAPI 3.0 has no such field");
                convert.note("kept-field", *weight, from, text);
            }
        }
    }
}
