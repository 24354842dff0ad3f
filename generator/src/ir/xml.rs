//! The form of values in XML.

/// The form of a value in XML (OpenAPI 3.0.3 §4.7.26).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Xml {
    /// The name without its prefix.
    pub name: Option<String>,
    /// The URI of the namespace.
    pub namespace: Option<String>,
    /// The prefix of the name.
    pub prefix: Option<String>,
    /// Whether it is an attribute.
    pub attribute: bool,
    /// Whether it is the text of the element (`nodeType` of OpenAPI 3.2).
    pub text: bool,
    /// Whether the items of an array have an element around them, if specified.
    pub wrapped: Option<bool>,
    /// The form of the items of an array.
    pub items: Option<Box<Xml>>,
}

impl Xml {
    /// Returns this form, with missing facts from `more`.
    pub(crate) fn or(self, more: Self) -> Self {
        Self {
            name: self.name.or(more.name),
            namespace: self.namespace.or(more.namespace),
            prefix: self.prefix.or(more.prefix),
            attribute: self.attribute || more.attribute,
            text: self.text || more.text,
            wrapped: self.wrapped.or(more.wrapped),
            items: self.items.or(more.items),
        }
    }

    /// Returns the form, unless it is the default.
    pub(crate) fn unless_default(self) -> Option<Box<Self>> {
        (self != Self::default()).then(|| Box::new(self))
    }
}
