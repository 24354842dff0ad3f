//! XML documents (feature `xml`): to and from the JSON of the codec, by tables in generated code.
//!
//! In: a document and the table of its type, or the JSON of a value. Out: the JSON of the document, or the document of
//! the value. Invariants: time and memory are proportional to the input, and no element is nested deeper than
//! [`DEPTH_LIMIT`](crate::wire::DEPTH_LIMIT). Document type definitions are skipped, and no entity is expanded except
//! those that XML predefines. No input panics.

mod read;
#[cfg(test)]
mod tests;
mod write;

pub(crate) use read::json;
pub(crate) use write::document;

/// The form of a value in XML (OpenAPI 3.0.3 §4.7.26).
///
/// A name is `prefix:name{namespace}`, of which only `name` is required. It begins with `@` if it names an attribute, and ends with `/` if
/// it names an element around the items of an array.
#[derive(Debug)]
pub enum Type {
    /// Any value. An element with children or attributes is an object, any other a string.
    Any,
    /// A string.
    Text,
    /// A number, a boolean, or a string without surrounding whitespace, such as a date. An empty element is `null`.
    Literal,
    /// An array, with the name of its items, which is empty if they are named like the array.
    Array(&'static str, &'static Type),
    /// An object, with the key, the name and the type of each property, and the type of others.
    Object(&'static [Property], &'static Type),
}

/// The key of a property in JSON, its name in XML, and its type.
pub type Property = (&'static str, &'static str, &'static Type);

/// The name of a root element, which is empty if its only property is the root element; and its type.
#[derive(Debug)]
pub struct Root(pub &'static str, pub Type);

impl Type {
    /// Returns the properties of an object; empty for other types.
    fn properties(&self) -> &'static [Property] {
        if let Self::Object(properties, _) = self { properties } else { &[] }
    }
}

/// Returns the part of a name before its namespace.
fn qualified(name: &str) -> &str {
    name.split(['{', '/']).next().unwrap_or_default()
}
