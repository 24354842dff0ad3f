//! The unions of the IR: their branches, and how the branch of a value is found.

use serde_json::Value;

use super::{Integer, Shape, TypeRef, Types};

/// One of several types (`oneOf`, `anyOf`).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Union {
    /// The branches, in the order in which they are tried.
    pub variants: Vec<Variant>,
    /// How the branch of a value is found.
    pub rule: Rule,
}

impl Union {
    /// Whether the values of this property, which selects the branch, are written without quotes: integers or booleans.
    pub(crate) fn is_unquoted(&self, types: &Types, property: &str) -> bool {
        let shape = |variant: &Variant| match types.shape(variant.ty.ty) {
            Shape::Object(object) => {
                let field = object.fields.iter().find(|field| field.wire_name == property)?;
                Some(types.shape(field.ty.ty))
            }
            _ => None,
        };
        let is_unquoted = |shape: &Shape| match shape {
            Shape::Integer(width) => !matches!(width, Integer::QuotedI64 | Integer::QuotedU64),
            Shape::IntegerEnum(_) | Shape::Boolean => true,
            _ => false,
        };
        let mut shapes = self.variants.iter().filter_map(shape).peekable();
        let mut tags = self.variants.iter().flat_map(|variant| &variant.tags);
        shapes.peek().is_some() && shapes.all(is_unquoted) && tags.all(|tag| Constant::unquoted(tag).is_some())
    }
}

/// How the branch of a value is found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rule {
    /// By the value of this property (OpenAPI 3.0.3 §4.7.25); each variant lists its values.
    Tag(String),
    /// The first variant whose test holds.
    FirstMatch,
    /// The variant that the value fits best: the patterns of each variant, in their order.
    BestFit(Vec<Vec<Pattern>>),
}

/// What one kind of value looks like ([`Rule::BestFit`]).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pattern {
    /// What the value itself is.
    pub expect: Expect,
    /// The patterns of the items of an array or of the elements of a tuple, or of the other properties of a map; empty: any.
    pub items: Vec<Pattern>,
    /// The properties of an object that tell it from others.
    pub keys: Vec<Key>,
}

impl Pattern {
    /// A pattern without items and keys.
    pub fn of(expect: Expect) -> Self {
        Self { expect, items: Vec::new(), keys: Vec::new() }
    }
}

/// What is expected of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Expect {
    /// Anything.
    Any,
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean,
    /// A number without fraction and exponent.
    Integer,
    /// Any number.
    Number,
    /// Any string.
    String,
    /// A string that is a UUID.
    Uuid,
    /// A string that is a date and a time.
    DateTime,
    /// A string; preferred if it is a date.
    Date,
    /// A string; preferred if it is a time of day.
    Time,
    /// A string; preferred if it is a duration.
    Duration,
    /// A string that is an integer.
    Quoted,
    /// An array.
    Array,
    /// An array of as many elements as there are patterns, each for the element at its place.
    Tuple,
    /// An object that keeps the properties that it knows.
    Object,
    /// An object that keeps all properties.
    Map,
}

/// A property that tells an object from others.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Key {
    /// Its name.
    pub name: String,
    /// Whether it has to be there.
    pub required: bool,
    /// The values that it may have, if it is there; empty: any.
    pub constants: Vec<Constant>,
    /// The JSON types that it may have, if it is there; empty: any.
    pub kinds: Vec<Expect>,
    /// The patterns that it may match, if it is there and not `null`; empty: any. If there are some, `kinds` is empty.
    pub looks: Vec<Pattern>,
}

/// A value that a schema states.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "what the names say")]
pub enum Constant {
    Text(String),
    Integer(i64),
    Boolean(bool),
}

impl Constant {
    /// The integer or boolean that JSON writes so.
    pub(crate) fn unquoted(text: &str) -> Option<Self> {
        Self::of(&serde_json::from_str(text).ok()?).filter(|constant| !matches!(constant, Self::Text(_)))
    }

    /// A JSON value; `None` if it is another one.
    pub(crate) fn of(value: &Value) -> Option<Self> {
        match value {
            Value::String(text) => Some(Self::Text(text.clone())),
            Value::Number(number) => number.as_i64().map(Self::Integer),
            Value::Bool(value) => Some(Self::Boolean(*value)),
            _ => None,
        }
    }
}

/// A branch of a union.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Variant {
    /// Its type.
    pub ty: TypeRef,
    /// The values of the discriminator that select it ([`Rule::Tag`]).
    pub tags: Vec<String>,
    /// Whether any other value of the discriminator, or none, selects it (OpenAPI 3.2 §4.25, `defaultMapping`).
    pub is_default: bool,
    /// What a value looks like ([`Rule::FirstMatch`]).
    pub test: Test,
}

impl Variant {
    /// A branch that is selected by its JSON type alone.
    pub(crate) fn of(ty: TypeRef, json: Expect) -> Self {
        Self { ty, tags: Vec::new(), is_default: false, test: Test { json, keys: Vec::new(), equal: Vec::new() } }
    }
}

/// What a value must look like to belong to a variant.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Test {
    /// Its JSON type.
    pub json: Expect,
    /// Keys that an object must have.
    pub keys: Vec<String>,
    /// Properties of an object that must be this string.
    pub equal: Vec<(String, String)>,
}
