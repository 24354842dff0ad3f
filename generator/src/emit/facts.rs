//! Part of `emit`: the doc comment of a node, with the constraints of its schema.

use serde_json::{Number, Value};

use super::docs::{self, code};
use super::file::FileEmitter;
use crate::ir::{Bounds, Docs, Shape, TypeRef};

/// The maximum length of an example, in bytes.
const EXAMPLE: usize = 100;
/// The maximum number of listed values.
const LISTED: usize = 12;

/// Returns the lines of a doc comment: summary and description, or the fallback (which may be empty), then facts.
pub(super) fn doc_lines(docs: &Docs, fallback: &str, facts: &[String]) -> Vec<String> {
    let mut paragraphs: Vec<Vec<String>> = Vec::new();
    for text in [&docs.summary, &docs.description].into_iter().flatten() {
        let lines = docs::lines(text);
        if paragraphs.last() != Some(&lines) {
            paragraphs.push(lines);
        }
    }
    if paragraphs.iter().all(Vec::is_empty) {
        paragraphs.push(docs::lines(fallback));
    }
    if docs.deprecated {
        paragraphs.push(vec!["Deprecated.".to_owned()]);
    }
    paragraphs.push(facts.to_vec());
    if let Some(url) = &docs.url {
        paragraphs.push(docs::lines(&format!("See {url}")));
    }
    docs::paragraphs(paragraphs)
}

/// Returns documentation without a title that only repeats the name: frameworks add `Genome Build` to `genome_build`.
pub(super) fn without_name(docs: &Docs, name: &str) -> Docs {
    let letters = |text: &str| {
        text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>()
    };
    let summary = docs.summary.clone().filter(|title| letters(title) != letters(name));
    Docs { summary, ..docs.clone() }
}

/// Returns a list item with a description.
pub(super) fn doc_item(label: &str, docs: &Docs) -> Vec<String> {
    docs::item(label, &docs::lines(docs.description.as_deref().unwrap_or_default()))
}

impl FileEmitter<'_> {
    /// Returns default, bounds and example of a use of a type. The use takes precedence over the type.
    pub(super) fn facts(&self, used: TypeRef, default: Option<&Value>, example: Option<&Value>) -> Vec<String> {
        let ty = &self.types[used.ty];
        let example = example.or(ty.example.as_ref()).filter(|_| !used.secret);
        let shape = self.resolved(used);
        let default = default.or(ty.default.as_ref()).map(|default| format!("Default: {}.", value(default)));
        let mut limits = ty.bounds.clone();
        if let Shape::Tuple(_) = shape {
            (limits.min_items, limits.max_items) = (None, None); // The tuple type determines the number of items.
        }
        let example = example.map(value).filter(|text| text.len() <= EXAMPLE).map(|text| format!("Example: {text}."));
        let values = listed(shape, &ty.values, used.nullable).into_iter();
        let sentences: Vec<String> = values.chain(default).chain(bounds(&limits)).chain(example).collect();
        docs::lines(&sentences.join(" "))
    }
}

/// Describes the values of a type that has an `enum` but is not an enumeration.
fn listed(shape: &Shape, values: &[Value], nullable: bool) -> Option<String> {
    if shape.is_enumeration() || matches!(shape, Shape::Union(_)) {
        return None;
    }
    let null = (nullable && !values.is_empty() && !values.contains(&Value::Null)).then_some(Value::Null);
    let values: Vec<&Value> = values.iter().chain(&null).collect();
    let shown = values.iter().map(|listed| value(listed)).filter(|text| text.len() <= EXAMPLE).take(LISTED);
    match shown.collect::<Vec<_>>().as_slice() {
        [] => None,
        [only] if values.len() == 1 => Some(format!("Always {only}.")),
        some if some.len() < values.len() => Some(format!("One of {} and others.", some.join(", "))),
        [all @ .., last] => Some(format!("One of {} and {last}.", all.join(", "))),
    }
}

fn bounds(bounds: &Bounds) -> impl Iterator<Item = String> {
    let limit = |limit: &Option<(Number, bool)>, excluded: bool| {
        limit.as_ref().filter(|(_, exclusive)| *exclusive == excluded).map(|(number, _)| number.to_string())
    };
    let count = |bound: Option<u64>, unit: &str| {
        bound.map(|bound| format!("{bound} {unit}{}", if bound == 1 { "" } else { "s" }))
    };
    let all = [
        ("At least", limit(&bounds.minimum, false)),
        ("More than", limit(&bounds.minimum, true)),
        ("At most", limit(&bounds.maximum, false)),
        ("Less than", limit(&bounds.maximum, true)),
        ("A multiple of", bounds.multiple_of.as_ref().map(ToString::to_string)),
        ("At least", count(bounds.min_length, "character")),
        ("At most", count(bounds.max_length, "character")),
        ("At least", count(bounds.min_items, "item")),
        ("At most", count(bounds.max_items, "item")),
        ("At least", bounds.min_properties.map(|bound| format!("{bound} entries"))),
        ("At most", bounds.max_properties.map(|bound| format!("{bound} entries"))),
        ("Pattern:", bounds.pattern.as_deref().map(code)),
        ("Items are", bounds.unique_items.then(|| "unique".to_owned())),
    ];
    all.into_iter().filter_map(|(words, value)| Some(format!("{words} {}.", value?)))
}

/// Formats a JSON value as a code span.
fn value(value: &Value) -> String {
    code(value.to_string())
}

/// Returns the name on the wire, unless it has the same letters as the identifier.
pub(super) fn wire_name(wire_name: &str, ident: &str) -> Option<String> {
    let letters = |name: &str| name.replace(['_', '-'], "").to_lowercase();
    (letters(wire_name) != letters(ident)).then(|| format!("On the wire: {}.", code(wire_name)))
}
