//! Part of `lower`: the keyword `xml`.
//!
//! In: schemas. Out: the keyword of each type and property.
//!
//! Invariant: without a body in XML, `xml` has no effect on the API.

use std::collections::VecDeque;

use serde_json::{Map, Value};

use super::context::Context;
use super::merged_schema::Part;
use super::uses::uses;
use crate::ir::{Api, MediaKind};
use crate::schema_keywords::{Keywords, ReferenceOr};
use clientwright_normalizer::json::members;

/// The maximum number of schemas that are searched for `xml`.
const FARTHEST: usize = 64;

impl<'d> Context<'d> {
    /// Returns the keyword `xml` of schemas that a value satisfies, with that of items. Inline schemas take precedence over referenced ones.
    pub(super) fn xml(&self, parts: &[Part<'d>], items: Value) -> Value {
        if !self.may_have_xml {
            return Value::Null;
        }
        let mut xml = Map::new();
        if !items.is_null() {
            xml.insert("items".to_owned(), items);
        }
        let mut waiting: VecDeque<_> = parts.iter().cloned().collect();
        for _ in 0..FARTHEST {
            let Some(part) = waiting.pop_front() else { break };
            // A broken reference is reported where it is resolved for its own sake.
            let Ok(found) = self.target(&part) else { continue };
            for (key, value) in members(&found.item["xml"]) {
                xml.entry(key).or_insert_with(|| value.clone());
            }
            let keywords = Keywords::of(found.item);
            let mut joined = Part::inline(found).listed(&keywords, "allOf");
            joined.sort_by_key(|part| matches!(part.schema, ReferenceOr::Reference(_)));
            waiting.extend(joined);
        }
        if xml.is_empty() { Value::Null } else { Value::Object(xml) }
    }
}

/// Drops `xml` if no body is XML.
pub(super) fn drop_unused(api: &mut Api) {
    if uses(api).any(|used| used.kind == Some(MediaKind::Xml)) {
        return;
    }
    for ty in api.types.iter_mut() {
        ty.xml = Value::Null;
        ty.shape.fields_mut().iter_mut().for_each(|field| field.xml = Value::Null);
    }
}
