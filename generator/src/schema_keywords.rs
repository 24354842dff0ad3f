//! The keywords of a schema, and the distinction between schemas and references.
//!
//! In: a schema. Out: [`Keywords`], which borrow from it; `resolve` and `lower` read schemas through them.
//!
//! Invariant: `structure` has checked the document. A keyword of the wrong type counts as absent.

use std::collections::BTreeMap;

use serde_json::Value;

use clientwright_normalizer::json::{items, members, part, schema_type, whole};
use clientwright_normalizer::reference::text;
use clientwright_normalizer::structure::extensions::UNEVALUATED_PROPERTIES;
use clientwright_normalizer::structure::is_annotation;

use crate::ir::Bounds;

/// An object where it is used, inline or referenced.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum ReferenceOr<'d> {
    /// The value of a `$ref`.
    Reference(&'d str),
    /// The object itself.
    Inline(&'d Value),
}

impl<'d> ReferenceOr<'d> {
    /// Creates a `ReferenceOr` from an object or a reference.
    pub(crate) fn of(value: &'d Value) -> Self {
        text(value).map_or(Self::Inline(value), Self::Reference)
    }

    /// Creates a `ReferenceOr` from a schema other than a branch of a composition. A reference with siblings is an `allOf` of the
    /// referenced schema.
    pub(crate) fn of_schema(value: &'d Value) -> Self {
        if members(value).any(|(key, _)| is_annotation(key)) { Self::Inline(value) } else { Self::of(value) }
    }

    /// Returns the keywords of an inline schema.
    pub(crate) fn keywords(self) -> Option<Keywords<'d>> {
        if let Self::Inline(schema) = self { Some(Keywords::of(schema)) } else { None }
    }
}

/// The values of `type` (OpenAPI 3.0.3 §4.7.24.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum SchemaType {
    Boolean,
    Integer,
    Number,
    String,
    Array,
    Object,
}

impl SchemaType {
    /// All types; integers come before numbers, which include them.
    pub(crate) const ALL: [Self; 6] =
        [Self::Boolean, Self::Integer, Self::Number, Self::String, Self::Array, Self::Object];

    /// Returns `true` if a value has this type. An integer has no decimal point, because the normalizer has rewritten 5.0 as 5.
    pub(crate) fn admits(self, value: &Value) -> bool {
        schema_type(value) == Some(self.text()) || self == Self::Number && value.is_number()
    }

    /// Returns the type of the values that have both types, if any.
    pub(crate) fn common(self, other: Self) -> Option<Self> {
        match (self, other) {
            (Self::Integer, Self::Number) | (Self::Number, Self::Integer) => Some(Self::Integer),
            _ => (self == other).then_some(self),
        }
    }

    /// Returns the name in documents.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
        }
    }
}

/// The keywords of one schema that restrict its values. [`keyword_of`] reads the others.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Keywords<'d> {
    pub(crate) kind: Option<SchemaType>,
    pub(crate) format: Option<&'d str>,
    /// `enum`.
    pub(crate) values: Vec<Value>,
    pub(crate) properties: Vec<(&'d str, ReferenceOr<'d>)>,
    pub(crate) required: Vec<&'d str>,
    /// `additionalProperties`: a boolean or a schema.
    pub(crate) additional: Option<&'d Value>,
    /// `x-unevaluated-properties`: `true` or a schema. `false` adds nothing, because unknown properties are ignored anyway.
    pub(crate) unevaluated: Option<&'d Value>,
    pub(crate) items: Option<ReferenceOr<'d>>,
    /// The branches of `allOf`, `oneOf` and `anyOf`, if any.
    pub(crate) compositions: BTreeMap<&'d str, Vec<ReferenceOr<'d>>>,
    /// Whether the schema is a reference with siblings, which is an `allOf` of that reference.
    pub(crate) is_reference: bool,
    pub(crate) not: Option<ReferenceOr<'d>>,
    /// `minimum`, `maxLength` and other bounds.
    pub(crate) bounds: Bounds,
}

impl<'d> Keywords<'d> {
    /// Returns the keywords of a schema.
    pub(crate) fn of(schema: &'d Value) -> Self {
        if let reference @ ReferenceOr::Reference(_) = ReferenceOr::of(schema) {
            let compositions = BTreeMap::from([("allOf", vec![reference])]);
            return Self { compositions, is_reference: true, ..Self::default() };
        }
        let mut keywords = Self::default();
        members(schema).for_each(|(key, value)| keywords.read(schema, key, value));
        keywords
    }

    /// Reads one keyword. Iterating over a schema's keywords is faster than looking up all possible ones.
    fn read(&mut self, schema: &Value, key: &'d str, value: &'d Value) {
        let bounds = &mut self.bounds;
        let number = || whole(value).as_number().cloned();
        match key {
            "type" => self.kind = SchemaType::ALL.into_iter().find(|kind| *value == kind.text()),
            "format" => self.format = value.as_str(),
            "enum" => self.values = items(value).map(whole).collect(),
            "properties" => {
                let property = |(name, schema): (&'d String, _)| (name.as_str(), ReferenceOr::of_schema(schema));
                self.properties = members(value).map(property).collect();
            }
            "required" => self.required = items(value).filter_map(Value::as_str).collect(),
            "additionalProperties" => self.additional = Some(value),
            UNEVALUATED_PROPERTIES => self.unevaluated = Some(value).filter(|allowed| **allowed != Value::Bool(false)),
            "items" => self.items = Some(ReferenceOr::of_schema(value)),
            "allOf" | "oneOf" | "anyOf" if items(value).next().is_some() => {
                self.compositions.insert(key, items(value).map(ReferenceOr::of).collect());
            }
            "not" => self.not = Some(ReferenceOr::of_schema(value)),
            "minimum" => bounds.minimum = number().map(|number| (number, schema["exclusiveMinimum"] == true)),
            "maximum" => bounds.maximum = number().map(|number| (number, schema["exclusiveMaximum"] == true)),
            "multipleOf" => bounds.multiple_of = number(),
            "minLength" => bounds.min_length = value.as_u64(),
            "maxLength" => bounds.max_length = value.as_u64(),
            "pattern" => bounds.pattern = value.as_str().map(str::to_owned),
            "minItems" => bounds.min_items = value.as_u64(),
            "maxItems" => bounds.max_items = value.as_u64(),
            "uniqueItems" => bounds.unique_items = *value == true,
            "minProperties" => bounds.min_properties = value.as_u64(),
            "maxProperties" => bounds.max_properties = value.as_u64(),
            _ => {}
        }
    }

    /// Returns `true` if no keyword restricts the values.
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Returns `true` if only a `type` and bounds restrict the values.
    pub(crate) fn is_bare(&self) -> bool {
        Self { kind: None, bounds: Bounds::default(), ..self.clone() }.is_empty()
    }

    /// Like [`is_bare`](Self::is_bare), ignoring compositions.
    pub(crate) fn is_bare_but_compositions(&self) -> bool {
        Self { compositions: BTreeMap::new(), is_reference: false, ..self.clone() }.is_bare()
    }

    /// Returns `true` if there is a `oneOf` or an `anyOf`.
    pub(crate) fn has_choice(&self) -> bool {
        self.compositions.keys().any(|key| *key != "allOf")
    }
}

/// Returns a keyword of a schema, unless it is null. Only annotations apply as siblings of a reference (OpenAPI 3.0.3 §4.7.23).
pub(crate) fn keyword_of<'d>(schema: &'d Value, key: &str) -> Option<&'d Value> {
    let counts = is_annotation(key) || matches!(ReferenceOr::of(schema), ReferenceOr::Inline(_));
    part(schema, key).filter(|value| counts && !value.is_null())
}
