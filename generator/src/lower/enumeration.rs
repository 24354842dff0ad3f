//! Part of `lower`: `enum`.
//!
//! In: a [`MergedSchema`] with listed values. Out: an open enumeration.
//!
//! Invariant: enumerations of strings, integers (also with type `number`), or mixed strings, numbers and booleans are typed. Enumerations
//! of only booleans, other numbers, arrays or objects keep their plain type, whose documentation lists the values. Values that contradict
//! the schema's own `type` are reported.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde_json::Value;

use super::context::Context;
use super::merged_schema::{MergedSchema, ValueNote, ValueNotes};
use crate::ir::{Docs, EnumValue, Shape, TypeId, text_of};
use crate::schema_keywords::SchemaType;
use clientwright_normalizer::diagnostic::codes;
use clientwright_normalizer::json::{is_primitive, items};
use clientwright_normalizer::structure::extensions::{ENUM_DESCRIPTIONS, ENUM_NAMES};

/// Returns names and descriptions of `enum` values from extensions: an array in the same order, an object by value, or an array with one
/// object per value.
pub(super) fn notes(values: &[Value], schema: &Value) -> ValueNotes {
    if values.is_empty() {
        return ValueNotes::new();
    }
    let of_azure = schema.get("x-ms-enum").map(|stated| &stated["values"]);
    let by_value = |key| {
        let noted = items(of_azure?).map(|noted| (text_of(&noted["value"]), noted[key].clone()));
        Some(Cow::Owned(noted.collect::<Value>()))
    };
    let find = |keys: &[&str]| keys.iter().find_map(|key| schema.get(key)).map(Cow::Borrowed);
    let names = find(&[ENUM_NAMES, "x-enumNames", "x-enum-names"]).or_else(|| by_value("name"));
    let descriptions = find(&[ENUM_DESCRIPTIONS, "x-enumDescriptions"]).or_else(|| by_value("description"));
    let (names, descriptions) = (names.as_deref(), descriptions.as_deref());
    let mut notes = ValueNotes::new();
    for (index, value) in values.iter().enumerate() {
        let note =
            ValueNote { name: value_note(names, index, value), description: value_note(descriptions, index, value) };
        if note != ValueNote::default() {
            notes.entry(value.to_string()).or_insert(note);
        }
    }
    notes
}

fn value_note(all: Option<&Value>, index: usize, value: &Value) -> Option<String> {
    let text = match all? {
        Value::Array(texts) => texts.get(index)?,
        Value::Object(texts) => texts.get(&text_of(value))?,
        _ => return None,
    };
    text.as_str().filter(|text| !text.trim().is_empty()).map(str::to_owned)
}

/// Returns the shape of a schema with an `enum`; `None` if the `enum` does not affect it.
pub(super) fn shape(
    context: &mut Context<'_>,
    id: TypeId,
    kind: Option<SchemaType>,
    merged: &MergedSchema<'_>,
) -> Option<Shape> {
    let values = merged.values.as_deref().filter(|values| !values.is_empty())?;
    let is_fitting = |value: &&Value| kind.is_none_or(|kind| kind.admits(value));
    let (fitting, others): (Vec<_>, Vec<_>) = values.iter().partition(is_fitting);
    if let Some(kind) = kind.filter(|_| !others.is_empty()) {
        let list: Vec<_> = others.iter().take(4).map(|value| format!("`{value}`")).collect();
        let more = if others.len() > list.len() { " and others" } else { "" };
        let message = format!("expected `enum` values of type `{}`, found {}{more}", kind.text(), list.join(", "));
        context.unsupported(codes::ENUM_CONTRADICTS_TYPE, &merged.values_at, message);
    }
    let are_integers = fitting.iter().all(|value| value.is_i64());
    let shape = match kind {
        _ if fitting.is_empty() => return None,
        None if !values.iter().all(is_primitive) => {
            let message =
                "an `enum` that mixes arrays or objects with other values is not supported; the type is any JSON value";
            context.unsupported(codes::ENUM_CONTRADICTS_TYPE, &merged.values_at, message);
            context.draft.untyped.insert(id, "an `enum` mixes arrays or objects with other values");
            return None;
        }
        None => Shape::MixedEnum,
        Some(SchemaType::String) => Shape::TextEnum,
        // An integer may exceed 64 signed bits.
        Some(SchemaType::Integer) if are_integers => Shape::IntegerEnum,
        // Tools without an integer type write integers as numbers.
        Some(SchemaType::Number) if are_integers && merged.format.is_none() => Shape::IntegerEnum,
        Some(_) => return None,
    };
    Some(shape(distinct(context, merged, &fitting)))
}

fn distinct(context: &mut Context<'_>, merged: &MergedSchema<'_>, values: &[&Value]) -> Vec<EnumValue> {
    let is_text = values.iter().all(|value| value.is_string());
    let mut seen = BTreeSet::new();
    let mut kept = Vec::new();
    for wire in values {
        let json = wire.to_string();
        if !seen.insert(json.clone()) {
            let shown = if is_text { text_of(wire) } else { json };
            let message = format!("duplicate `enum` value `{shown}`");
            context.unsupported(codes::DUPLICATE_ENUM_VALUE, &merged.values_at, message);
            continue;
        }
        let ValueNote { name, description } = merged.value_notes.get(&json).cloned().unwrap_or_default();
        kept.push(EnumValue { wire: (*wire).clone(), name, docs: Docs { description, ..Docs::default() } });
    }
    kept
}
