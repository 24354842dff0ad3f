//! The canonical order of keys, along the grammar's tables.

use serde_json::{Map, Value};

use crate::structure::grammar::{self, Form, Object, Rest};

/// The document with its keys in the specification's order. What the grammar does not define keeps its order.
pub(super) fn canonical(document: &Value) -> Value {
    object(document, &grammar::OPENAPI)
}

fn value(value: &Value, form: &Form) -> Value {
    match (form, value) {
        (Form::Is(kind), _) => object(value, kind),
        (Form::OrReference(kind), _) => or_reference(value, kind),
        (Form::SchemaOrBoolean, _) => or_reference(value, &grammar::SCHEMA),
        (Form::List(item), Value::Array(items)) => items.iter().map(|value| self::value(value, item)).collect(),
        (Form::Map(item), Value::Object(members)) => members_of(members.iter(), item),
        (Form::Components(item), Value::Object(members)) => {
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_by_key(|(name, _)| *name);
            members_of(sorted.into_iter(), item)
        }
        _ => value.clone(),
    }
}

fn members_of<'v>(members: impl Iterator<Item = (&'v String, &'v Value)>, form: &Form) -> Value {
    Value::Object(members.map(|(key, member)| (key.clone(), value(member, form))).collect())
}

fn or_reference(value: &Value, kind: &'static Object) -> Value {
    let ordered = object(value, kind);
    let Value::Object(mut members) = ordered else { return ordered };
    if let Some(target) = members.shift_remove("$ref") {
        members.shift_insert(0, String::from("$ref"), target);
    }
    Value::Object(members)
}

fn object(value: &Value, kind: &'static Object) -> Value {
    let Value::Object(members) = value else { return value.clone() };
    let mut ordered = Map::with_capacity(members.len());
    for field in kind.fields {
        if let Some(member) = members.get(field.name) {
            ordered.insert(field.name.to_owned(), self::value(member, &field.form));
        }
    }
    // Where every key is a name of the author's (a security requirement), `x-` means nothing special.
    let has_extensions = !matches!(kind.rest, Rest::Keys(_, false));
    let is_extension = |key: &str| has_extensions && key.starts_with("x-");
    let is_field = |key: &str| kind.fields.iter().any(|field| field.name == key);
    let others = || members.iter().filter(|(key, _)| !is_field(key));
    for (key, member) in others().filter(|(key, _)| !is_extension(key)) {
        let member = kind.form_of(key).map_or_else(|| member.clone(), |form| self::value(member, form));
        ordered.insert(key.clone(), member);
    }
    for (key, member) in others().filter(|(key, _)| is_extension(key)) {
        ordered.insert(key.clone(), member.clone());
    }
    Value::Object(ordered)
}
