//! Part of `lower`: the keyword `xml`, and the bodies in XML.
//!
//! In: schemas, and later the API. Out: the form of each type and property in XML, and the bodies that are decoded from it.
//!
//! Invariant: without such a body, `xml` has no effect on the API.

use std::collections::VecDeque;

use serde_json::Value;

use super::context::Context;
use super::merged_schema::{MergedSchema, Part};
use crate::ir::{Api, MediaKind, MediaType, Shape, Types, Xml};
use crate::schema_keywords::{Keywords, ReferenceOr, keyword_of};
use clientwright_normalizer::structure::media::without_parameters;

/// The maximum number of schemas that are searched for `xml`.
const FARTHEST: usize = 64;

impl<'d> Context<'d> {
    /// Returns the form of a type.
    pub(super) fn xml_of_type(&self, parts: &[Part<'d>], merged: &MergedSchema<'d>) -> Option<Box<Xml>> {
        let items = self.xml(&merged.items);
        Xml { items, ..self.xml(parts).map(|xml| *xml).unwrap_or_default() }.unless_default()
    }

    /// Returns the form of a value that satisfies schemas: an inline schema takes precedence over those that it refers to.
    pub(super) fn xml(&self, parts: &[Part<'d>]) -> Option<Box<Xml>> {
        let mut xml = Xml::default();
        let mut waiting: VecDeque<_> = parts.iter().map(|part| (part.at.clone(), part.schema)).collect();
        for _ in 0..FARTHEST {
            let Some((at, schema)) = waiting.pop_front() else { break };
            // A broken reference is reported where it is resolved for its own sake.
            let Ok(found) = self.resolver.target(schema, &at) else { continue };
            xml = xml.or(keyword_of(found.item, "xml").map(own).unwrap_or_default());
            let mut joined = Keywords::of(found.item).listed("allOf", &found.at);
            joined.sort_by_key(|(_, schema)| matches!(schema, ReferenceOr::Reference(_)));
            waiting.extend(joined);
        }
        xml.unless_default()
    }
}

fn own(xml: &Value) -> Xml {
    let text = |key: &str| xml[key].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    let (name, mut prefix) = (text("name"), text("prefix"));
    // Some names have their prefix.
    let name = name.map(|name| match name.split_once(':') {
        Some((before, name)) => {
            prefix.get_or_insert_with(|| before.to_owned());
            name.to_owned()
        }
        None => name,
    });
    let (attribute, wrapped) = (xml["attribute"] == true, xml["wrapped"].as_bool());
    let is_text = matches!(xml["x-node-type"].as_str(), Some("text" | "cdata"));
    Xml { name, namespace: text("namespace"), prefix, attribute, text: is_text, wrapped, items: None }
}

/// Marks the bodies in XML: those that are not also JSON, and whose schema is an object, a map or an array of known contents. Drops the forms
/// of types if there are none.
pub(super) fn mark(api: &mut Api) {
    let Api { types, operations, .. } = api;
    let mut is_used = false;
    for operation in operations {
        let bodies = operation.body.iter_mut().map(|body| &mut body.media_types);
        for body in bodies.chain(operation.responses.iter_mut().map(|response| &mut response.media_types)) {
            let has_json = body.iter().any(|one| one.kind == MediaKind::Json);
            for media_type in body.iter_mut().filter(|one| !has_json && is_xml(types, one)) {
                media_type.kind = MediaKind::Xml;
                is_used = true;
            }
        }
    }
    for ty in types.iter_mut().filter(|_| !is_used) {
        ty.xml = None;
        ty.shape.fields_mut().iter_mut().for_each(|field| field.xml = None);
    }
}

fn is_xml(types: &Types, media_type: &MediaType) -> bool {
    let name = without_parameters(&media_type.name).to_ascii_lowercase();
    let is_known = match types.shape(media_type.ty.ty) {
        Shape::Object(_) => true,
        Shape::Array(inner) | Shape::Map(inner) => *types.shape(inner.ty) != Shape::Any,
        _ => false,
    };
    media_type.kind == MediaKind::Text && (name.ends_with("/xml") || name.ends_with("+xml")) && is_known
}
