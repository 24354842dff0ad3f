//! The unions of the IR: their branches, and the rule that selects a branch.

use serde_json::Value;

use super::{Integer, Shape, TypeRef, Types};

/// One of several types (`oneOf`, `anyOf`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Union {
    /// The branches, in the order of decoding.
    pub variants: Vec<Variant>,
    /// The rule that selects the branch of a value.
    pub rule: Rule,
}

impl Union {
    /// Returns `true` if the values of this property, which selects the branch, are integers or booleans.
    pub(crate) fn is_unquoted(&self, types: &Types, property: &str) -> bool {
        let shape = |variant: &Variant| {
            let field = types.shape(variant.ty).fields().iter().find(|field| field.wire_name == property)?;
            Some(types.shape(field.ty))
        };
        let is_unquoted = |shape: &Shape| match shape {
            Shape::Integer(width) => !matches!(width, Integer::QuotedI64 | Integer::QuotedU64),
            Shape::IntegerEnum(_) | Shape::Boolean => true,
            _ => false,
        };
        let is_unquoted_text = |tag: &String| {
            serde_json::from_str(tag).is_ok_and(|value: Value| is_constant(&value) && !value.is_string())
        };
        let mut shapes = self.variants.iter().filter_map(shape).peekable();
        let mut tags = self.variants.iter().flat_map(|variant| &variant.tags);
        shapes.peek().is_some() && shapes.all(is_unquoted) && tags.all(is_unquoted_text)
    }
}

/// The rule that selects the branch of a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Rule {
    /// By the value of this property (OpenAPI 3.0.3 §4.7.25); each variant lists its values.
    Tag(String),
    /// The first variant whose test holds.
    FirstMatch,
    /// The best-matching variant, by the patterns of each variant.
    BestFit(Vec<Vec<Pattern>>),
}

/// The pattern of one kind of value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Pattern {
    /// The kind of the value.
    pub expect: Expect,
    /// The patterns of array items, tuple elements or other map entries; empty: any.
    pub items: Vec<Pattern>,
    /// The properties that distinguish an object.
    pub keys: Vec<Key>,
}

impl Pattern {
    /// Creates a pattern without items and keys.
    pub fn of(expect: Expect) -> Self {
        Self { expect, items: Vec::new(), keys: Vec::new() }
    }
}

/// The expected kind of a value. The codec's macros use the same names in lower case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
    /// An array with one pattern per element.
    Tuple,
    /// An object that keeps only known properties.
    Object,
    /// An object that keeps all properties.
    Map,
}

/// A property that distinguishes an object.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Key {
    /// The name.
    pub name: String,
    /// Whether the property is required.
    pub required: bool,
    /// The allowed values, if the property is present; empty: any.
    pub constants: Vec<Value>,
    /// The allowed JSON types, if the property is present; empty: any.
    pub kinds: Vec<Expect>,
    /// The allowed patterns, if the property is present and not `null`; empty: any. If there are patterns, `kinds` is empty.
    pub looks: Vec<Pattern>,
}

impl Key {
    /// Creates a key without types and patterns.
    pub fn new(name: &str, required: bool, constants: Vec<Value>) -> Self {
        Self { name: name.to_owned(), required, constants, kinds: Vec::new(), looks: Vec::new() }
    }
}

/// Returns `true` for a value that may distinguish objects: a string, a 64-bit integer or a boolean.
pub(crate) fn is_constant(value: &Value) -> bool {
    value.is_string() || value.is_i64() || value.is_boolean()
}

/// A branch of a union.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Variant {
    /// The type.
    pub ty: TypeRef,
    /// The discriminator values that select the branch ([`Rule::Tag`]).
    pub tags: Vec<String>,
    /// Whether the branch is selected if no discriminator value matches (OpenAPI 3.2 §4.25, `defaultMapping`).
    pub is_default: bool,
    /// The test of a value ([`Rule::FirstMatch`]).
    pub test: Pattern,
}

impl Variant {
    /// Creates a branch that is selected by its JSON type alone.
    pub(crate) fn of(ty: TypeRef, json: Expect) -> Self {
        Self { ty, tags: Vec::new(), is_default: false, test: Pattern::of(json) }
    }
}
