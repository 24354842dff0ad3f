//! The canonical order of keys, along the grammar's tables.

use serde_json::{Map, Value};

use crate::structure::grammar::{self, Form, Object, Rest};

/// Puts the keys of a document into the specification's order. What the grammar does not define keeps its order.
pub(super) fn canonical(document: &mut Value) {
    object(document, &grammar::OPENAPI);
}

fn value(value: &mut Value, form: &Form) {
    match (form, value) {
        (Form::Is(kind), value) => object(value, kind),
        (Form::OrReference(kind), value) => or_reference(value, kind),
        (Form::SchemaOrBoolean, value) => or_reference(value, &grammar::SCHEMA),
        (Form::List(item), Value::Array(items)) => items.iter_mut().for_each(|value| self::value(value, item)),
        (Form::Map(item), Value::Object(members)) => {
            members.values_mut().for_each(|value| self::value(value, item));
        }
        (Form::Components(item), Value::Object(members)) => {
            members.values_mut().for_each(|value| self::value(value, item));
            if !members.keys().is_sorted() {
                members.sort_keys();
            }
        }
        _ => {}
    }
}

fn object(value: &mut Value, kind: &'static Object) {
    fields(value, kind, |key| rank(key, kind));
}

fn or_reference(value: &mut Value, kind: &'static Object) {
    fields(value, kind, |key| if key == "$ref" { 0 } else { 1 + rank(key, kind) });
}

/// The place of a key among others: fields as in the table, then what else may stand there, then extensions.
fn rank(key: &str, kind: &'static Object) -> usize {
    // Where every key is a name of the author's (a security requirement), `x-` means nothing special.
    let has_extensions = !matches!(kind.rest, Rest::Keys(_, false));
    let field = kind.fields.iter().position(|field| field.name == key);
    field.unwrap_or(kind.fields.len() + usize::from(has_extensions && key.starts_with("x-")))
}

fn fields(value: &mut Value, kind: &'static Object, rank: impl Fn(&str) -> usize) {
    let Value::Object(members) = value else { return };
    for (key, member) in members.iter_mut() {
        if let Some(form) = kind.form_of(key) {
            self::value(member, form);
        }
    }
    if !members.keys().is_sorted_by_key(|key| rank(key)) {
        let mut list: Vec<(String, Value)> = std::mem::take(members).into_iter().collect();
        list.sort_by_cached_key(|(key, _)| rank(key));
        *members = Map::from_iter(list);
    }
}
