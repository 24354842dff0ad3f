//! Part of `swagger2`: values that are serialized as strings: parameters, form fields and headers.
//!
//! In: the keywords that §Parameter Object, §Items Object and §Header Object have in common, and `collectionFormat`. Out: a
//! schema, and the style of a list (OpenAPI 3.0.3 §4.7.12.1). Invariant: what is sent stays the same: a list whose
//! separator OpenAPI 3 does not have becomes the text that is sent, and what it was stays beside it.

use serde_json::{Map, Value};

use super::record::MovedNode;
use super::{Convert, Object, text};
use crate::normalize::pass::Weight;
use crate::structure::grammar::is_extension;

/// Where such a value stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Location {
    /// In a path or a header.
    Simple,
    /// In a query or a form.
    Form,
}

/// How a value is written.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Writing {
    /// It is no array.
    Single,
    /// An array of this style, exploded or not.
    List(&'static str, bool),
    /// An array in a format of 2.0 that OpenAPI 3 does not have.
    Joined(&'static str),
    /// `collectionFormat` has a value that 2.0 does not know; it stays for `structure` to report.
    Unknown(Value),
}

/// A value's own parts.
pub(super) struct ValueParts {
    /// What was among the keywords.
    pub(super) schema: Object,
    pub(super) writing: Writing,
    /// All other keys.
    pub(super) rest: Object,
}

/// The keywords that belong into a schema.
const KEYWORDS: [&str; 18] = [
    "type",
    "format",
    "items",
    "default",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "minLength",
    "pattern",
    "maxItems",
    "minItems",
    "uniqueItems",
    "enum",
    "multipleOf",
    "nullable",
    "x-nullable",
];

const FORMATS: [&str; 5] = ["csv", "ssv", "tsv", "pipes", "multi"];

impl Convert<'_> {
    /// Takes a parameter, form field or header apart. `to` is the place of the schema.
    pub(super) fn written(&mut self, members: &Object, to: &MovedNode, location: Location) -> ValueParts {
        let mut keywords = Map::new();
        let mut rest = Map::new();
        for (key, value) in members {
            if KEYWORDS.contains(&key.as_str()) {
                keywords.insert(key.clone(), value.clone());
            } else if key != "collectionFormat" {
                rest.insert(key.clone(), value.clone());
            }
        }
        let writing = self.writing(members, to, location);
        let schema = match &writing {
            Writing::Joined(format) => self.joined(keywords, format, to),
            _ => {
                for key in keywords.keys().filter(|key| *key != "x-nullable") {
                    self.record.moved(&to.before.key(key), &to.after.key(key));
                }
                self.keywords(&keywords, to)
            }
        };
        ValueParts { schema, writing, rest }
    }

    fn writing(&mut self, members: &Object, place: &MovedNode, location: Location) -> Writing {
        let is_list = text(members, "type") == Some("array");
        let format = match members.get("collectionFormat") {
            None if is_list => "csv",
            None => return Writing::Single,
            Some(value) => match FORMATS.iter().find(|format| value.as_str() == Some(**format)) {
                Some(format) => format,
                None => return Writing::Unknown(value.clone()),
            },
        };
        if !is_list {
            let text = "`collectionFormat` has no meaning where the type is not `array`, and is left out";
            self.record.count("collection-format-of-single", Weight::Interpreted, place, text);
            return Writing::Single;
        }
        match (location, format) {
            (Location::Simple, "csv") => Writing::List("simple", false),
            (Location::Simple, "multi") => {
                let text = "`collectionFormat: multi` only applies to queries and forms: read as `csv`";
                self.record.note("multi-elsewhere", Weight::Interpreted, place, text);
                Writing::List("simple", false)
            }
            (Location::Form, "csv") => Writing::List("form", false),
            (Location::Form, "multi") => Writing::List("form", true),
            (Location::Form, "ssv") => Writing::List("spaceDelimited", false),
            (Location::Form, "pipes") => Writing::List("pipeDelimited", false),
            (_, format) => Writing::Joined(format),
        }
    }

    /// The schema of these keywords; arrays within arrays become strings.
    fn keywords(&mut self, keywords: &Object, place: &MovedNode) -> Object {
        let mut keywords = keywords.clone();
        let items = match keywords.get_mut("items") {
            Some(Value::Object(items)) => Some(std::mem::take(items)),
            _ => None,
        };
        let converted = self.schema(&Value::Object(keywords), place);
        let Value::Object(mut schema) = converted else { return Map::new() };
        if let Some(items) = items {
            let items = self.items(items, &place.key("items"));
            schema.insert("items".to_owned(), items);
        }
        schema
    }

    /// §Items Object: an array within an array is serialized within one item.
    fn items(&mut self, mut items: Object, place: &MovedNode) -> Value {
        let known = FORMATS.iter().find(|format| text(&items, "collectionFormat") == Some(**format));
        if known.is_some() {
            items.shift_remove("collectionFormat");
        }
        if text(&items, "type") == Some("array") {
            let format = known.copied().filter(|format| *format != "multi").unwrap_or("csv");
            return Value::Object(self.joined(items, format, place));
        }
        self.schema(&Value::Object(items), place)
    }

    /// An array that is serialized as one string in a format that OpenAPI 3 does not have.
    fn joined(&mut self, keywords: Object, format: &str, place: &MovedNode) -> Object {
        let separator = match format {
            "ssv" => " ",
            "tsv" => "\t",
            "pipes" => "|",
            _ => ",",
        };
        let mut new = Map::from_iter([("type".to_owned(), Value::from("string"))]);
        for (key, value) in keywords {
            let joined = match key.as_str() {
                "type" => continue,
                "default" | "example" => join(&value, separator),
                "enum" => value.as_array().and_then(|values| values.iter().map(|v| join(v, separator)).collect()),
                _ if is_extension(&key) || matches!(key.as_str(), "description" | "nullable") => Some(value.clone()),
                _ => None,
            };
            let kept = if joined.is_some() { key.clone() } else { extension(&key) };
            self.record.moved(&place.before.key(&key), &place.after.key(&kept));
            new.insert(kept, joined.unwrap_or(value));
        }
        new.insert("x-collection-format".to_owned(), format.into());
        let schema = match self.schema(&Value::Object(new), place) {
            Value::Object(schema) => schema,
            _ => Map::new(),
        };
        let text = format!(
            "OpenAPI 3.0 has no arrays in the format `{format}` here: the value becomes the string that is sent"
        );
        self.record.note("collection-format", Weight::Lossy, place, text);
        schema
    }
}

/// The items of an array as the string that is sent; `None` if the value is no array of strings, numbers and booleans.
fn join(value: &Value, separator: &str) -> Option<Value> {
    let texts: Option<Vec<String>> = value
        .as_array()?
        .iter()
        .map(|item| match item {
            Value::String(text) => Some(text.clone()),
            Value::Number(_) | Value::Bool(_) => Some(item.to_string()),
            _ => None,
        })
        .collect();
    Some(texts?.join(separator).into())
}

/// `minItems` → `x-min-items`.
fn extension(keyword: &str) -> String {
    let mut name = String::from("x-");
    for character in keyword.chars() {
        if character.is_ascii_uppercase() {
            name.push('-');
        }
        name.push(character.to_ascii_lowercase());
    }
    name
}
