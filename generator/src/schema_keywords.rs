//! The keywords of a schema, in one struct whatever variant `openapiv3` decoded the schema into.
//!
//! In: an `openapiv3::Schema`. Out: [`Keywords`], which borrow from it; `resolve` and `lower` read schemas through them.
//!
//! Invariant: every struct of `openapiv3` is destructured without `..`, so that no keyword is dropped unseen.

use std::borrow::Borrow;

use openapiv3::{
    AdditionalProperties, AnySchema, ArrayType, BooleanType, IntegerType, NumberType, ObjectType, ReferenceOr, Schema,
    SchemaKind, StringType, Type, VariantOrUnknownOrEmpty,
};
use serde::Serialize;
use serde_json::{Number, Value};

/// An object where it is used: written there, or referred to.
#[derive(Debug, PartialEq)]
pub(crate) enum Place<'d, T> {
    /// The value of a `$ref`.
    Reference(&'d str),
    /// The object itself.
    Inline(&'d T),
}

/// A schema where it is used.
pub(crate) type SchemaRef<'d> = Place<'d, Schema>;

impl<T> Clone for Place<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Place<'_, T> {}

impl<'d, T, I: Borrow<T>> From<&'d ReferenceOr<I>> for Place<'d, T> {
    fn from(place: &'d ReferenceOr<I>) -> Self {
        match place {
            ReferenceOr::Reference { reference } => Self::Reference(reference),
            ReferenceOr::Item(item) => Self::Inline(item.borrow()),
        }
    }
}

/// The bounds that a schema states (OpenAPI 3.0.3 §4.7.24.1): for documentation and examples. The server checks them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bounds {
    /// `minimum`, and whether the value itself is excluded.
    pub minimum: Option<(serde_json::Number, bool)>,
    /// `maximum`, and whether the value itself is excluded.
    pub maximum: Option<(serde_json::Number, bool)>,
    /// `multipleOf`.
    pub multiple_of: Option<serde_json::Number>,
    /// `minLength`, in characters.
    pub min_length: Option<u64>,
    /// `maxLength`, in characters.
    pub max_length: Option<u64>,
    /// `pattern`, an ECMA-262 regular expression.
    pub pattern: Option<String>,
    /// `minItems`.
    pub min_items: Option<u64>,
    /// `maxItems`.
    pub max_items: Option<u64>,
    /// `uniqueItems`.
    pub unique_items: bool,
    /// `minProperties`.
    pub min_properties: Option<u64>,
    /// `maxProperties`.
    pub max_properties: Option<u64>,
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
    /// All types; integers, which are numbers, come before these.
    pub(crate) const ALL: [Self; 6] =
        [Self::Boolean, Self::Integer, Self::Number, Self::String, Self::Array, Self::Object];

    /// The value of `type` that is written so.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.text() == text)
    }

    /// Whether a value is of this type.
    pub(crate) fn admits(self, value: &Value) -> bool {
        match self {
            Self::Boolean => value.is_boolean(),
            Self::Integer => value.is_i64() || value.is_u64(),
            Self::Number => value.is_number(),
            Self::String => value.is_string(),
            Self::Array => value.is_array(),
            Self::Object => value.is_object(),
        }
    }

    /// As written in a document.
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

/// The keywords of one schema that say what its values are. What is written about it is in `Schema::schema_data`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Keywords<'d> {
    pub(crate) kind: Option<SchemaType>,
    /// `type`, if it is none that OpenAPI 3.0 knows.
    pub(crate) unknown_kind: Option<&'d str>,
    pub(crate) format: Option<String>,
    /// `enum`.
    pub(crate) values: Vec<Value>,
    pub(crate) properties: Vec<(&'d str, SchemaRef<'d>)>,
    pub(crate) required: Vec<&'d str>,
    /// `additionalProperties`.
    pub(crate) additional: Option<&'d AdditionalProperties>,
    pub(crate) items: Option<SchemaRef<'d>>,
    pub(crate) one_of: Vec<SchemaRef<'d>>,
    pub(crate) any_of: Vec<SchemaRef<'d>>,
    pub(crate) all_of: Vec<SchemaRef<'d>>,
    pub(crate) not: Option<SchemaRef<'d>>,
    /// `minimum`, `maxLength` and their like.
    pub(crate) bounds: Bounds,
}

impl<'d> Keywords<'d> {
    /// The keywords of a schema.
    pub(crate) fn of(schema: &'d Schema) -> Self {
        match &schema.schema_kind {
            SchemaKind::Type(ty) => Self::of_type(ty),
            SchemaKind::OneOf { one_of } => Self { one_of: refs(one_of), ..Self::default() },
            SchemaKind::AllOf { all_of } => Self { all_of: refs(all_of), ..Self::default() },
            SchemaKind::AnyOf { any_of } => Self { any_of: refs(any_of), ..Self::default() },
            SchemaKind::Not { not } => Self { not: Some(not.as_ref().into()), ..Self::default() },
            SchemaKind::Any(any) => Self::of_any(any),
        }
    }

    /// Whether nothing at all restricts the values.
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether nothing but a `type` and bounds restricts the values.
    pub(crate) fn is_bare(&self) -> bool {
        Self { kind: None, unknown_kind: None, bounds: Bounds::default(), ..self.clone() }.is_empty()
    }

    /// The same, compositions aside.
    pub(crate) fn is_bare_but_compositions(&self) -> bool {
        Self { one_of: Vec::new(), any_of: Vec::new(), all_of: Vec::new(), ..self.clone() }.is_bare()
    }

    fn of_type(ty: &'d Type) -> Self {
        let mut keywords = Self::default();
        let bounds = &mut keywords.bounds;
        keywords.kind = Some(match ty {
            Type::Boolean(BooleanType { enumeration }) => {
                keywords.values = enumeration.iter().copied().map(Value::from).collect();
                SchemaType::Boolean
            }
            Type::String(StringType { format, pattern, enumeration, min_length, max_length }) => {
                keywords.format = format_name(format);
                keywords.values = enumeration.iter().cloned().map(Value::from).collect();
                bounds.pattern.clone_from(pattern);
                (bounds.min_length, bounds.max_length) = (count(*min_length), count(*max_length));
                SchemaType::String
            }
            Type::Number(number) => return of_number(number),
            Type::Integer(integer) => return of_integer(integer),
            Type::Object(object) => {
                let ObjectType { properties, required, additional_properties, min_properties, max_properties } = object;
                keywords.properties = properties.iter().map(|(name, schema)| (name.as_str(), schema.into())).collect();
                keywords.required = required.iter().map(String::as_str).collect();
                keywords.additional = additional_properties.as_ref();
                (bounds.min_properties, bounds.max_properties) = (count(*min_properties), count(*max_properties));
                SchemaType::Object
            }
            Type::Array(ArrayType { items, min_items, max_items, unique_items }) => {
                keywords.items = items.as_ref().map(SchemaRef::from);
                (bounds.min_items, bounds.max_items) = (count(*min_items), count(*max_items));
                bounds.unique_items = *unique_items;
                SchemaType::Array
            }
        });
        keywords
    }

    fn of_any(any: &'d AnySchema) -> Self {
        let AnySchema {
            typ,
            pattern,
            multiple_of,
            exclusive_minimum,
            exclusive_maximum,
            minimum,
            maximum,
            properties,
            required,
            additional_properties,
            min_properties,
            max_properties,
            items,
            min_items,
            max_items,
            unique_items,
            enumeration,
            format,
            min_length,
            max_length,
            one_of,
            all_of,
            any_of,
            not,
        } = any;
        let kind = typ.as_deref().and_then(SchemaType::parse);
        let bounds = Bounds {
            minimum: minimum.and_then(whole_or_float).map(|number| (number, exclusive_minimum.unwrap_or(false))),
            maximum: maximum.and_then(whole_or_float).map(|number| (number, exclusive_maximum.unwrap_or(false))),
            multiple_of: multiple_of.and_then(whole_or_float),
            min_length: count(*min_length),
            max_length: count(*max_length),
            pattern: pattern.clone(),
            min_items: count(*min_items),
            max_items: count(*max_items),
            unique_items: unique_items.unwrap_or(false),
            min_properties: count(*min_properties),
            max_properties: count(*max_properties),
        };
        Self {
            kind,
            unknown_kind: typ.as_deref().filter(|_| kind.is_none()),
            format: format.clone(),
            values: enumeration.clone(),
            properties: properties.iter().map(|(name, schema)| (name.as_str(), schema.into())).collect(),
            required: required.iter().map(String::as_str).collect(),
            additional: additional_properties.as_ref(),
            items: items.as_ref().map(SchemaRef::from),
            one_of: refs(one_of),
            any_of: refs(any_of),
            all_of: refs(all_of),
            not: not.as_deref().map(SchemaRef::from),
            bounds,
        }
    }
}

fn of_number<'d>(ty: &NumberType) -> Keywords<'d> {
    let NumberType { format, multiple_of, exclusive_minimum, exclusive_maximum, minimum, maximum, enumeration } = ty;
    let mut keywords = Keywords { kind: Some(SchemaType::Number), format: format_name(format), ..Keywords::default() };
    keywords.values = enumeration.iter().map(|value| value.and_then(whole_or_float).into()).collect();
    keywords.bounds.minimum = minimum.and_then(whole_or_float).map(|number| (number, *exclusive_minimum));
    keywords.bounds.maximum = maximum.and_then(whole_or_float).map(|number| (number, *exclusive_maximum));
    keywords.bounds.multiple_of = multiple_of.and_then(whole_or_float);
    keywords
}

fn of_integer<'d>(ty: &IntegerType) -> Keywords<'d> {
    let IntegerType { format, multiple_of, exclusive_minimum, exclusive_maximum, minimum, maximum, enumeration } = ty;
    let mut keywords = Keywords { kind: Some(SchemaType::Integer), format: format_name(format), ..Keywords::default() };
    keywords.values = enumeration.iter().copied().map(Value::from).collect();
    keywords.bounds.minimum = minimum.map(|minimum| (minimum.into(), *exclusive_minimum));
    keywords.bounds.maximum = maximum.map(|maximum| (maximum.into(), *exclusive_maximum));
    keywords.bounds.multiple_of = multiple_of.map(Number::from);
    keywords
}

/// `format` as written: `openapiv3` keeps the ones it knows as variants.
fn format_name<T: Serialize>(format: &VariantOrUnknownOrEmpty<T>) -> Option<String> {
    match format {
        VariantOrUnknownOrEmpty::Item(known) => serde_json::to_value(known).ok()?.as_str().map(str::to_owned),
        VariantOrUnknownOrEmpty::Unknown(format) => Some(format.clone()),
        VariantOrUnknownOrEmpty::Empty => None,
    }
}

fn refs(schemas: &[ReferenceOr<Schema>]) -> Vec<SchemaRef<'_>> {
    schemas.iter().map(SchemaRef::from).collect()
}

fn count(bound: Option<usize>) -> Option<u64> {
    bound.and_then(|bound| u64::try_from(bound).ok())
}

/// `openapiv3` holds the bounds of a number as `f64`; one that was written as `100` is to be shown as `100` again.
fn whole_or_float(number: f64) -> Option<Number> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() <= EXACT {
        return Some(Number::from(number as i64));
    }
    Number::from_f64(number)
}
