//! The canonical order of keys, from the grammar's tables.

use serde_json::{Map, Value};

use crate::structure::grammar::{DOCUMENT, Form, Object, is_extension};

/// Returns the document with its keys in the specification's order. Keys that the grammar does not define keep their
/// order.
pub(super) fn canonical(mut document: Value) -> Value {
    order(&mut document, &DOCUMENT);
    document
}

fn order(value: &mut Value, form: &'static Form) {
    form.each_part_mut(value, |_, part, form| order(part, form));
    let Value::Object(members) = value else { return };
    if matches!(form, Form::Components(_)) && !members.keys().is_sorted() {
        members.sort_keys();
    }
    let Some(object) = form.object() else { return };
    let is_first = |key: &str| key == "$ref" && !matches!(form, Form::Is(_));
    let rank = |key: &str| if is_first(key) { 0 } else { 1 + rank(key, object) };
    if !members.keys().is_sorted_by_key(|key| rank(key)) {
        let mut list: Vec<(String, Value)> = std::mem::take(members).into_iter().collect();
        list.sort_by_cached_key(|(key, _)| rank(key));
        *members = Map::from_iter(list);
    }
}

/// Returns the position of a key among others: fields as in the table, then other allowed keys, then extensions.
fn rank(key: &str, object: &'static Object) -> usize {
    // Where every key is a name (a security requirement), `x-` has no special meaning.
    let field = object.fields.iter().position(|field| field.name == key);
    field.unwrap_or(object.fields.len() + usize::from(object.has_extensions && is_extension(key)))
}
