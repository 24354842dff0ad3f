//! Part of `swagger2`: values that are serialized as strings: parameters, form fields and headers.
//!
//! In: the keywords that §Parameter Object, §Items Object and §Header Object have in common, and `collectionFormat`. Out: a
//! schema, and the style of a list (OpenAPI 3.0.3 §4.7.12.1). Invariant: what is sent stays the same: a list whose
//! separator OpenAPI 3 does not have becomes the text that is sent, and what it was stays beside it.

use serde_json::{Map, Value};

use super::convert::{Convert, MovedNode};
use crate::json::{Members, scalars, set, text};
use crate::normalize::names::extension;
use crate::normalize::pass::{Interpreted, Lossy};
use crate::structure::grammar::{is_extension, is_parameter_schema_key};

/// Where such a value stands.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Location {
    /// In a path or a header.
    Simple,
    /// In a query or a form.
    Form,
}

/// A style of arrays, and whether it is exploded.
pub(super) type Style = (&'static str, bool);

/// A value's own parts.
pub(super) struct ValueParts {
    /// What was among the keywords.
    pub(super) schema: Members,
    /// How an array is written; `None` if the value is not an array, or is one that is sent as a string.
    pub(super) style: Option<Style>,
    /// All other keys.
    pub(super) rest: Members,
}

/// A `collectionFormat`, what separates the items, and its style in queries and forms, if it has one.
type Format = (&'static str, &'static str, Option<Style>);

const CSV: Format = ("csv", ",", Some(("form", false)));
const FORMATS: [Format; 5] = [
    CSV,
    ("ssv", " ", Some(("spaceDelimited", false))),
    ("tsv", "\t", None),
    ("pipes", "|", Some(("pipeDelimited", false))),
    ("multi", ",", Some(("form", true))),
];

/// The `collectionFormat` that 2.0 knows by this name.
fn known_format(format: Option<&Value>) -> Option<Format> {
    FORMATS.into_iter().find(|(known, ..)| format.is_some_and(|format| format == known))
}

impl Convert<'_> {
    /// Takes a parameter, form field or header apart. `to` is the place of the schema.
    pub(super) fn written(&mut self, members: &Members, to: &MovedNode, location: Location) -> ValueParts {
        let (mut keywords, mut format, mut rest) = (Map::new(), None, Map::new());
        for (key, value) in members.clone() {
            match key.as_str() {
                "collectionFormat" => format = Some(value),
                name if is_parameter_schema_key(name) || name == "x-nullable" => drop(keywords.insert(key, value)),
                _ => drop(rest.insert(key, value)),
            }
        }
        let known = known_format(format.as_ref());
        let mut style = None;
        if let (Some(format), None) = (format, known) {
            // For `structure` to name.
            set(&mut rest, "collectionFormat", format);
        } else if text(members, "type") == Some("array") {
            let format = known.unwrap_or(CSV);
            style = self.style(format, to, location);
            if style.is_none() {
                return ValueParts { schema: self.joined(keywords, format, to), style, rest };
            }
        } else if known.is_some() {
            let text = "removed `collectionFormat` of a type other than `array`";
            self.count(("collection-format-of-single", Interpreted), to, text);
        }
        for key in keywords.keys().filter(|key| *key != "x-nullable") {
            self.moved(&to.key(key));
        }
        ValueParts { schema: self.keywords(keywords, to), style, rest }
    }

    /// The style of an array in this format; `None` if OpenAPI 3 has none.
    fn style(&mut self, (name, _, style): Format, place: &MovedNode, location: Location) -> Option<Style> {
        if location == Location::Form {
            return style;
        }
        if name == "multi" {
            let text = "read `collectionFormat: multi` as `csv`: it only applies to queries and forms";
            self.note(("multi-elsewhere", Interpreted), place, text);
        }
        matches!(name, "csv" | "multi").then_some(("simple", false))
    }

    /// The schema of these keywords; arrays within arrays become strings.
    fn keywords(&mut self, mut keywords: Members, place: &MovedNode) -> Members {
        let items = keywords.get_mut("items").and_then(Value::as_object_mut).map(std::mem::take);
        let mut schema = self.schema_members(&keywords, place, 0);
        if let Some(items) = items {
            set(&mut schema, "items", self.items(items, &place.key("items")));
        }
        schema
    }

    /// §Items Object: an array within an array is serialized within one item.
    fn items(&mut self, mut items: Members, place: &MovedNode) -> Value {
        let known = known_format(items.get("collectionFormat"));
        if known.is_some() {
            items.shift_remove("collectionFormat");
        }
        Value::Object(if text(&items, "type") == Some("array") {
            let format = known.filter(|(name, ..)| *name != "multi").unwrap_or(CSV);
            self.joined(items, format, place)
        } else {
            self.schema_members(&items, place, 0)
        })
    }

    /// An array that is serialized as one string in a format that OpenAPI 3 does not have.
    fn joined(&mut self, keywords: Members, (format, separator, _): Format, place: &MovedNode) -> Members {
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
            self.moved(&place.renamed(&key, &kept));
            new.insert(kept, joined.unwrap_or(value));
        }
        set(&mut new, "x-collection-format", format);
        let schema = self.schema_members(&new, place, 0);
        let text = format!(
            "replaced an array in the format `{format}`, which OpenAPI 3.0 lacks here, with the string that is sent"
        );
        self.note(("collection-format", Lossy), place, text);
        schema
    }
}

/// The items of an array as the string that is sent; `None` if the value is not an array of strings, numbers and booleans.
fn join(value: &Value, separator: &str) -> Option<Value> {
    scalars(value).map(|texts| texts.join(separator).into())
}
