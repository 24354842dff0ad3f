//! Part of `swagger2`: schemas, and values that are serialized as strings: parameters, form fields and headers.
//!
//! In: §Schema Object. Out: OpenAPI 3.0.3 §4.7.24. Invariant: only `x-nullable`, `type: file` and `discriminator` are rewritten; everything
//! else is the same in both versions and stays in its place.
//!
//! In: the common keywords of §Parameter Object, §Items Object and §Header Object, and `collectionFormat`. Out: a schema, and the style of
//! an array (OpenAPI 3.0.3 §4.7.12.1). Invariant: requests are unchanged: an array with a separator that OpenAPI 3 lacks becomes the string
//! that is sent, and the original keywords are kept in extensions.

use serde_json::{Map, Value, json};

use super::convert::{Convert, MovedNode};
use crate::json::{Members, says, scalars, set, single};
use crate::limits::MAX_DEPTH;
use crate::normalize::discriminator_values;
use crate::normalize::names::extension;
use crate::normalize::pass::{Equivalent, Interpreted, Lossy};
use crate::normalize::reference::local;
use crate::pointer::Pointer;
use crate::structure::grammar::Kind::{Discriminator, Schema};
use crate::structure::grammar::{is_extension, is_parameter_schema_key};
use crate::structure::slots::{Slot, Versions};

impl Convert<'_> {
    pub(super) fn definition(&mut self, name: &str, value: &Value, place: &MovedNode) -> Value {
        let mut converted = self.schema(value, place);
        if let Some(Value::Object(discriminator)) = converted.get_mut("discriminator")
            && value["discriminator"].is_string()
        {
            let mapping = self.mapping(name);
            if !mapping.is_empty() {
                let place = place.key("discriminator");
                let to = place.after.key("mapping");
                for value in mapping.keys() {
                    self.copied(&place.before, to.key(value));
                }
                self.copied(&place.before, to);
                set(discriminator, "mapping", mapping);
            }
        }
        converted
    }

    /// Returns the mapping of a `discriminator` (§Schema Object): its values are the names of the definitions that
    /// extend the base. An extension may declare another value for a definition.
    fn mapping(&mut self, base: &str) -> Members {
        let mut mapping = Map::new();
        for name in self.subtypes.below(base) {
            let before = Pointer::top("definitions").key(&name);
            let said = before.get(self.document).and_then(discriminator_values::stated);
            let target = local(&before);
            if let Some((key, value)) = said {
                let text = format!("set the discriminator value `{value}`, from `{key}`");
                let after = self.record.provenance.after(&before);
                self.note(("discriminator-value", Interpreted), &MovedNode { before, after }, text);
            }
            let value = said.map_or(name.as_str(), |(_, value)| value);
            set(&mut mapping, value, target);
        }
        mapping
    }

    pub(super) fn schema(&mut self, value: &Value, place: &MovedNode) -> Value {
        match value {
            Value::Object(members) if place.after.depth() <= MAX_DEPTH => self.schema_members(members, place).into(),
            _ => value.clone(),
        }
    }

    fn schema_members(&mut self, members: &Members, place: &MovedNode) -> Members {
        let is_nullable = members.get("x-nullable").is_some_and(Value::is_boolean) && !members.contains_key("nullable");
        let mut new = Map::with_capacity(members.len());
        for (key, value) in members {
            let place = place.key(key);
            let converted = match (Slot::SCHEMA.below(key, value, Versions::OpenApi3), value) {
                (Slot::Map(Schema), _) => {
                    self.members(value, &place, |convert, _, member, place| convert.schema(member, place))
                }
                // A single schema in place of an array is accepted.
                (Slot::SCHEMA | Slot::List(Schema), Value::Object(_)) => self.schema(value, &place),
                (Slot::List(Schema), Value::Array(items)) => {
                    let item = |(index, item)| self.schema(item, &place.index(index));
                    items.iter().enumerate().map(item).collect()
                }
                (Slot::One(Discriminator), _) => self.discriminator(value, &place),
                _ => value.clone(),
            };
            let key = if is_nullable && key == "x-nullable" { "nullable" } else { key };
            set(&mut new, key, converted);
        }
        // `type: file` is not a type of OpenAPI 3 (§Response Object, §Parameter Object).
        if says(members, "type", "file") {
            set(&mut new, "type", "string");
            set(&mut new, "format", "binary");
            self.count(("file", Equivalent), place, "replaced the type `file` with `string` and the format `binary`");
        }
        if is_nullable {
            self.moved(&place.renamed("x-nullable", "nullable"));
            self.count(("nullable", Interpreted), place, "renamed `x-nullable` to `nullable`");
        }
        new
    }

    /// Converts a discriminator to an object; its mapping leads to the converted definitions.
    fn discriminator(&mut self, value: &Value, place: &MovedNode) -> Value {
        if let Value::String(property) = value {
            self.moved(&place.to(place.after.key("propertyName")));
            let text = "changed a `discriminator` into an object that maps the extending definitions";
            self.count(("discriminator", Equivalent), place, text);
            return json!({ "propertyName": property });
        }
        let mut new = value.clone();
        if let Some(Value::Object(mapping)) = new.get_mut("mapping") {
            // The name of a definition becomes a reference.
            for target in mapping.values_mut() {
                let Value::String(text) = target else { continue };
                let named = Pointer::top("definitions").key(text);
                if named.get(self.document).is_some() {
                    *text = local(&named);
                }
            }
        }
        new
    }
}

/// The location of a serialized value.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Location {
    /// In a path or a header.
    Simple,
    /// In a query or a form.
    Form,
}

/// A style of arrays, and whether it is exploded.
pub(super) type Style = (&'static str, bool);

/// The parts of a serialized value's description.
pub(super) struct ValueParts {
    /// The keywords of the schema.
    pub(super) schema: Members,
    /// The style of an array; `None` if the value is not an array, or is an array that is sent as a string.
    pub(super) style: Option<Style>,
    /// All other keys.
    pub(super) rest: Members,
}

/// A `collectionFormat`, the separator of items, and its style in queries and forms, if it has one.
type Format = (&'static str, &'static str, Option<Style>);

const CSV: Format = ("csv", ",", Some(("form", false)));
const FORMATS: [Format; 5] = [
    CSV,
    ("ssv", " ", Some(("spaceDelimited", false))),
    ("tsv", "\t", None),
    ("pipes", "|", Some(("pipeDelimited", false))),
    ("multi", ",", Some(("form", true))),
];

/// Returns the `collectionFormat` of 2.0 with this name.
fn known_format(format: Option<&Value>) -> Option<Format> {
    FORMATS.into_iter().find(|(known, ..)| format.is_some_and(|format| format == known))
}

impl Convert<'_> {
    /// Splits a parameter, form field or header into its parts. `to` is the place of the schema.
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
            // Reported by `structure`.
            set(&mut rest, "collectionFormat", format);
        } else if says(members, "type", "array") {
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

    /// Returns the style of an array in this format; `None` if OpenAPI 3 has none.
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

    /// Returns the schema of these keywords; nested arrays become strings.
    fn keywords(&mut self, mut keywords: Members, place: &MovedNode) -> Members {
        let items = keywords.get_mut("items").and_then(Value::as_object_mut).map(std::mem::take);
        let mut schema = self.schema_members(&keywords, place);
        if let Some(items) = items {
            set(&mut schema, "items", self.items(items, &place.key("items")));
        }
        schema
    }

    /// Converts items (§Items Object): a nested array is serialized within one item.
    fn items(&mut self, mut items: Members, place: &MovedNode) -> Value {
        let known = known_format(items.get("collectionFormat"));
        if known.is_some() {
            items.shift_remove("collectionFormat");
        }
        Value::Object(if says(&items, "type", "array") {
            let format = known.filter(|(name, ..)| *name != "multi").unwrap_or(CSV);
            self.joined(items, format, place)
        } else {
            self.schema_members(&items, place)
        })
    }

    /// Returns the schema of an array that is serialized as one string in a format that OpenAPI 3 lacks.
    fn joined(&mut self, keywords: Members, (format, separator, _): Format, place: &MovedNode) -> Members {
        let mut new = single("type", "string");
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
        let schema = self.schema_members(&new, place);
        let text = format!(
            "replaced an array in the format `{format}`, which OpenAPI 3.0 lacks here, with the string that is sent"
        );
        self.note(("collection-format", Lossy), place, text);
        schema
    }
}

/// Returns the items of an array as the string that is sent; `None` if the value is not an array of strings, numbers and booleans.
fn join(value: &Value, separator: &str) -> Option<Value> {
    scalars(value).map(|texts| texts.join(separator).into())
}
