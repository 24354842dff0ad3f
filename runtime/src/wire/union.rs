//! Codec, unions: what a value looks like, found out before it is decoded.
//!
//! The pending value is looked over once, as far as its union's rules ask; then one variant decodes it. Nothing is tried and
//! taken back.

use std::borrow::Cow;
use std::fmt;

use super::error::DecodeError;
use super::reader::Reader;

/// Kind of a JSON value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean,
    /// A number written without fraction and exponent.
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

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
        })
    }
}

/// What the rules of a union may ask about the pending value.
#[doc(hidden)]
#[derive(Debug)]
pub struct Shape<'j> {
    kind: Kind,
    /// Those of the interesting properties that are there, with their value if that is a string.
    properties: Vec<(Cow<'j, str>, Option<String>)>,
}

impl<'j> Shape<'j> {
    /// Looks the pending value over.
    pub fn of(reader: &mut Reader<'j>, interesting: &[&str]) -> Result<Self, DecodeError> {
        let kind = reader.kind()?;
        let mut properties = Vec::new();
        if kind == Kind::Object && !interesting.is_empty() {
            let mut ahead = reader.ahead();
            let mut key = ahead.object_start()?;
            while let Some(name) = key {
                if !interesting.contains(&&*name) {
                    ahead.skip()?;
                } else if ahead.kind()? == Kind::String {
                    let text = ahead.str().map_err(|error| error.in_key(&name))?.to_owned();
                    properties.push((name, Some(text)));
                } else {
                    ahead.skip()?;
                    properties.push((name, None));
                }
                key = ahead.object_next()?;
            }
        }
        Ok(Self { kind, properties })
    }

    /// Whether the value has this property, and, if strings are given, has one of them as its value.
    pub fn has(&self, name: &str, values: &[&str]) -> bool {
        let mut properties = self.properties.iter().filter(|(key, _)| key == name);
        properties.any(|(_, found)| values.is_empty() || found.as_deref().is_some_and(|found| values.contains(&found)))
    }
}

/// The discriminator's value: looks for it among the properties of the pending object.
///
/// `None` if there is no such property, or if it is no string.
#[doc(hidden)]
pub fn tag(reader: &mut Reader<'_>, name: &str) -> Result<Option<String>, DecodeError> {
    if reader.kind()? != Kind::Object {
        return Err(reader.mismatch("object"));
    }
    let mut ahead = reader.ahead();
    let mut key = ahead.object_start()?;
    while let Some(found) = key {
        if found == name {
            let is_string = ahead.kind()? == Kind::String;
            return if is_string { Ok(Some(ahead.str()?.to_owned())) } else { Ok(None) };
        }
        ahead.skip()?;
        key = ahead.object_next()?;
    }
    Ok(None)
}

/// The tests of `union!`, under the names that they have there.
#[doc(hidden)]
pub mod is {
    use super::{Kind, Shape};

    macro_rules! tests {
        ($($name:ident: $($kind:ident)|+;)*) => {$(
            /// Whether the value is of this JSON type.
            pub fn $name(shape: &Shape<'_>) -> bool {
                matches!(shape.kind, $(Kind::$kind)|+)
            }
        )*};
    }

    tests! {
        null: Null;
        boolean: Boolean;
        integer: Integer;
        number: Integer | Number;
        string: String;
        array: Array;
        object: Object;
    }
}
