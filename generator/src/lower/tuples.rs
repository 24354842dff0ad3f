//! Part of `lower`: arrays of a fixed length whose elements each have a schema of their own, which OpenAPI 3.0 has no keyword for
//! (`x-prefix-items`, see docs/EXTENSIONS.md).
//!
//! In: the merged schema of an array. Out: the schema of each element; `None` for an array like any other.
//!
//! Invariant: the schema of an element is one of those that `items` allows, so nothing is read that no other stage has checked.

use serde_json::Value;

use super::merge::{MergedSchema, Part};
use crate::schema_keywords::{Keywords, Place};

/// The keyword.
pub(super) const KEYWORD: &str = "x-prefix-items";

/// How many elements a tuple has. The runtime has a codec for as many.
const LENGTHS: std::ops::RangeInclusive<usize> = 2..=8;

/// The schemas of the elements, if there are always as many elements as schemas.
pub(super) fn elements<'d>(merged: &MergedSchema<'d>) -> Option<Vec<Part<'d>>> {
    let Value::Array(prefix) = merged.prefix_items? else { return None };
    let length = Some(prefix.len() as u64);
    let is_fixed =
        merged.bounds.max_items == length && (merged.bounds.min_items.is_none() || merged.bounds.min_items == length);
    let [items] = merged.items.as_slice() else { return None };
    if !is_fixed || !LENGTHS.contains(&prefix.len()) {
        return None;
    }
    let allowed = allowed(items);
    let same = |element| allowed.iter().find(|part| part.schema == Place::of(element)).cloned();
    prefix.iter().map(same).collect()
}

/// `items`, and the schemas that it is a choice of.
fn allowed<'d>(items: &Part<'d>) -> Vec<Part<'d>> {
    let branches = match items.schema {
        Place::Inline(schema) => Keywords::of(schema).any_of,
        Place::Reference(_) => Vec::new(),
    };
    let at = items.at.key("anyOf");
    let branches = branches.into_iter().enumerate().map(|(index, schema)| items.child(at.index(index), schema));
    std::iter::once(items.clone()).chain(branches).collect()
}
