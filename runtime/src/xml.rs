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

/// The form of a value in XML.
#[derive(Debug)]
pub enum Type {
    /// Any value. An element with children or attributes is an object, any other a string.
    Any,
    /// A string.
    Text,
    /// A string without surrounding whitespace, such as a date. An empty element has none.
    Token,
    /// A number or a boolean. An empty element has none.
    Literal,
    /// An array, with the name of its items, which may be [`Name::UNKNOWN`].
    Array(Name<'static>, &'static Type),
    /// An object with these properties. Other elements are ignored.
    Object(&'static [Property]),
    /// An object with these properties, and additional ones.
    Open(&'static [Property], &'static Type),
}

impl Type {
    /// The properties of an object; empty for other types.
    fn properties(&self) -> &'static [Property] {
        match self {
            Self::Object(properties) | Self::Open(properties, _) => properties,
            _ => &[],
        }
    }
}

/// The name of an element or attribute.
#[derive(Clone, Copy, Debug)]
pub struct Name<'n> {
    local: &'n str,
    prefix: &'n str,
    namespace: &'n str,
}

impl<'n> Name<'n> {
    /// No name: items are named like their array, and the root element by its only property.
    pub const UNKNOWN: Self = Self::new("");

    /// Creates a name without a namespace.
    #[must_use]
    pub const fn new(local: &'n str) -> Self {
        Self { local, prefix: "", namespace: "" }
    }

    /// Sets the prefix and the namespace, either of which may be empty.
    #[must_use]
    pub const fn within(self, prefix: &'n str, namespace: &'n str) -> Self {
        Self { prefix, namespace, ..self }
    }

    /// This name, or another if it is unknown.
    fn or(self, other: Self) -> Self {
        if self.local.is_empty() { other } else { self }
    }
}

/// The place of a property in its element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Element,
    Attribute,
    Text,
}

/// A property of an object in XML.
#[derive(Debug)]
pub struct Property {
    key: &'static str,
    name: Name<'static>,
    place: Place,
    /// Whether the items of an array have an element around them.
    wrapped: bool,
    /// Whether an array exists even without items.
    required: bool,
    ty: &'static Type,
}

impl Property {
    /// Creates a property with its name in JSON: an element of this name.
    #[must_use]
    pub const fn new(key: &'static str, ty: &'static Type) -> Self {
        Self { key, name: Name::new(key), place: Place::Element, wrapped: false, required: false, ty }
    }

    /// Sets the name in XML.
    #[must_use]
    pub const fn named(self, name: Name<'static>) -> Self {
        Self { name, ..self }
    }

    /// Makes it an attribute, if its value is a scalar.
    #[must_use]
    pub const fn attribute(self) -> Self {
        Self { place: Place::Attribute, ..self }
    }

    /// Makes it the text of the element.
    #[must_use]
    pub const fn text(self) -> Self {
        Self { place: Place::Text, ..self }
    }

    /// Puts an element around the items of the array.
    #[must_use]
    pub const fn wrapped(self) -> Self {
        Self { wrapped: true, ..self }
    }

    /// Requires the array, which is empty if the element has no items.
    #[must_use]
    pub const fn required(self) -> Self {
        Self { required: true, ..self }
    }
}

/// A body: the root element and its type.
#[derive(Debug)]
pub struct Root {
    name: Name<'static>,
    /// The type, for elements of the same type within others.
    pub ty: Type,
}

impl Root {
    /// Creates a body.
    #[must_use]
    pub const fn new(name: Name<'static>, ty: Type) -> Self {
        Self { name, ty }
    }
}
