//! Codec, the types of JSON values (RFC 8259 §3).

use serde_json::Value;

/// A JSON object with any properties; [`json_object!`](crate::json_object) creates one.
pub type JsonObject = serde_json::Map<String, Value>;

/// The type of a JSON value. Integers are distinguished from other numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JsonType {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean,
    /// A number without a fraction and an exponent.
    Integer,
    /// Any other number.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

fmt!(Display for JsonType: self, f => f.write_str(match self {
    Self::Null => "null",
    Self::Boolean => "boolean",
    Self::Integer => "integer",
    Self::Number => "number",
    Self::String => "string",
    Self::Array => "array",
    Self::Object => "object",
}));
