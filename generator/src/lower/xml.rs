//! Part of `lower`: the keyword `xml`.
//!
//! In: schemas. Out: the keyword of each type and property.
//!
//! Invariant: without an XML body, `xml` has no effect on the API.

use serde_json::{Map, Value};

use super::context::Context;
use super::merged_schema::Part;
use super::uses::uses;
use crate::ir::{Api, MediaKind};
use clientwright_normalizer::json::members;

impl<'d> Context<'d> {
    /// Returns the keyword `xml` of the schemas of a value, including the keyword of its items.
    pub(super) fn xml(&self, parts: &[Part<'d>], items: Value) -> Value {
        if !self.may_have_xml {
            return Value::Null;
        }
        let mut xml = Map::new();
        if !items.is_null() {
            xml.insert("items".to_owned(), items);
        }
        for (key, value) in self.with_all_of(parts).into_iter().flat_map(|schema| members(&schema["xml"])) {
            xml.entry(key).or_insert_with(|| value.clone());
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
