//! Codec, objects: what the `object!` macros do at run time, so that what they expand to stays small.
//!
//! Generated code walks its fields in their order, again and again until the object ends, and asks at each one whether the
//! pending property is [this one](Fields::at). After a match the next name is read, and the walk goes on at the field after:
//! a document in the order of the schema costs one comparison per property. Invariant: a property that no field took in a
//! whole round is unknown, and is captured or skipped.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::error::DecodeError;
use super::marker::{DecodeAs, EncodeAs};
use super::reader::Reader;
use super::writer::Writer;
use super::{Decode, Encode};
use crate::{JsonObject, JsonValue};

/// An object while it is decoded.
#[doc(hidden)]
#[derive(Debug)]
pub struct Fields<'r, 'j> {
    reader: &'r mut Reader<'j>,
    /// Property whose value comes next; `None` when the object has ended.
    key: Option<Cow<'j, str>>,
    /// The pending property has been shown to every field since the round began.
    unclaimed: bool,
}

impl<'r, 'j> Fields<'r, 'j> {
    /// Enters the object.
    pub fn begin(reader: &'r mut Reader<'j>) -> Result<Self, DecodeError> {
        let key = reader.object_start()?;
        Ok(Self { reader, key, unclaimed: false })
    }

    /// Begins a round; `false` at the end of the object. Skips the property that nothing took in the last round.
    #[inline]
    pub fn more(&mut self) -> Result<bool, DecodeError> {
        if self.unclaimed {
            self.skip()?;
        }
        self.unclaimed = true;
        Ok(self.key.is_some())
    }

    fn skip(&mut self) -> Result<(), DecodeError> {
        let skipped = self.reader.skip();
        self.next(skipped)
    }

    /// Whether the pending property has this name.
    #[inline]
    pub fn at(&self, name: &str) -> bool {
        self.key.as_deref() == Some(name)
    }

    /// Decodes the pending property into its field and goes on to the next.
    #[inline]
    pub fn value<M: DecodeAs<T>, T>(&mut self, field: &mut Option<T>) -> Result<(), DecodeError> {
        if field.is_some() {
            return Err(self.duplicate());
        }
        let decoded = M::decode_as(self.reader).map(|value| *field = Some(value));
        self.next(decoded)
    }

    /// Puts the property that nothing took in this round into a map, and goes on to the next.
    #[inline]
    pub fn capture<M: DecodeAdditional<T>, T>(&mut self, rest: &mut T) -> Result<(), DecodeError> {
        if !self.unclaimed {
            return Ok(());
        }
        let Some(key) = &self.key else { return Ok(()) };
        let name = key.clone().into_owned();
        let decoded = M::decode_entry(name, self.reader, rest);
        self.next(decoded)
    }

    fn next(&mut self, read: Result<(), DecodeError>) -> Result<(), DecodeError> {
        if let Err(error) = read {
            return Err(self.in_this(error));
        }
        self.key = self.reader.object_next()?;
        self.unclaimed = false;
        Ok(())
    }

    #[cold]
    fn in_this(&self, error: DecodeError) -> DecodeError {
        match &self.key {
            Some(key) => error.in_key(key),
            None => error,
        }
    }

    #[cold]
    fn duplicate(&self) -> DecodeError {
        self.in_this(self.reader.error("duplicate property"))
    }

    /// The field's value once the object has ended.
    #[inline]
    pub fn finish<P: Absent<T>, T>(&self, name: &'static str, field: Option<T>) -> Result<T, DecodeError> {
        match field {
            Some(value) => Ok(value),
            None => P::absent(self, name),
        }
    }

    #[cold]
    fn missing(&self, name: &'static str) -> DecodeError {
        let end = self.reader.position().saturating_sub(1);
        self.reader.error_at(end, format!("missing required property {name:?}"))
    }
}

/// Whether a property has to be there: `()` if it has to, `(Optional,)` if not.
#[doc(hidden)]
pub trait Presence {
    /// The property may be left out.
    const OPTIONAL: bool;
}

/// What a field becomes when its property is not there.
#[doc(hidden)]
pub trait Absent<T>: Presence {
    /// The value of the missing property, or the error that it is missing.
    fn absent(fields: &Fields<'_, '_>, name: &'static str) -> Result<T, DecodeError>;
}

/// Marks a property that may be absent.
#[doc(hidden)]
#[derive(Debug)]
pub struct Optional;

impl Presence for () {
    const OPTIONAL: bool = false;
}

impl Presence for (Optional,) {
    const OPTIONAL: bool = true;
}

impl<T> Absent<T> for () {
    #[inline]
    fn absent(fields: &Fields<'_, '_>, name: &'static str) -> Result<T, DecodeError> {
        Err(fields.missing(name))
    }
}

impl<T: Default> Absent<T> for (Optional,) {
    #[inline]
    fn absent(_: &Fields<'_, '_>, _: &'static str) -> Result<T, DecodeError> {
        Ok(T::default())
    }
}

/// Puts the default into a field whose property was not there.
#[doc(hidden)]
#[inline]
pub fn fill<P: Fill<T>, T>(field: Option<P::Held>, default: impl FnOnce() -> T) -> Option<T> {
    P::held(field).or_else(|| Some(default()))
}

/// What a property with a default is read as: `()` if `null` stands for the default, too, `(Optional,)` if `null` is a value.
#[doc(hidden)]
pub trait Fill<T> {
    /// What is read.
    type Held;

    /// The value that was there.
    fn held(field: Option<Self::Held>) -> Option<T>;
}

impl<T> Fill<T> for () {
    type Held = Option<T>;

    #[inline]
    fn held(field: Option<Option<T>>) -> Option<T> {
        field.flatten()
    }
}

impl<T> Fill<T> for (Optional,) {
    type Held = T;

    #[inline]
    fn held(field: Option<T>) -> Option<T> {
        field
    }
}

/// Writing the map of additional properties.
#[doc(hidden)]
pub trait EncodeAdditional<T> {
    /// Writes the entries, but none that has the name of a declared property.
    fn encode_entries(rest: &T, declared: &[&str], writer: &mut Writer);
}

/// Reading into the map of additional properties.
#[doc(hidden)]
pub trait DecodeAdditional<T> {
    /// Reads a value and inserts it; the last of several with one name stays.
    fn decode_entry(name: String, reader: &mut Reader<'_>, rest: &mut T) -> Result<(), DecodeError>;
}

impl<T: Encode> EncodeAdditional<BTreeMap<String, T>> for () {
    fn encode_entries(rest: &BTreeMap<String, T>, declared: &[&str], writer: &mut Writer) {
        for (name, value) in rest {
            if !declared.contains(&name.as_str()) {
                writer.key(name);
                value.encode(writer);
            }
        }
    }
}

impl<T: Decode> DecodeAdditional<BTreeMap<String, T>> for () {
    #[inline]
    fn decode_entry(name: String, reader: &mut Reader<'_>, rest: &mut BTreeMap<String, T>) -> Result<(), DecodeError> {
        rest.insert(name, T::decode(reader)?);
        Ok(())
    }
}

impl EncodeAdditional<JsonObject> for () {
    fn encode_entries(rest: &JsonObject, declared: &[&str], writer: &mut Writer) {
        for (name, value) in rest {
            if !declared.contains(&name.as_str()) {
                writer.key(name);
                writer.value(value);
            }
        }
    }
}

impl DecodeAdditional<JsonObject> for () {
    fn decode_entry(name: String, reader: &mut Reader<'_>, rest: &mut JsonObject) -> Result<(), DecodeError> {
        rest.insert(name, JsonValue::decode(reader)?);
        Ok(())
    }
}

impl<M: EncodeAs<T>, T> EncodeAdditional<BTreeMap<String, T>> for (BTreeMap<String, M>,) {
    fn encode_entries(rest: &BTreeMap<String, T>, declared: &[&str], writer: &mut Writer) {
        for (name, value) in rest {
            if !declared.contains(&name.as_str()) {
                writer.key(name);
                M::encode_as(value, writer);
            }
        }
    }
}

impl<M: DecodeAs<T>, T> DecodeAdditional<BTreeMap<String, T>> for (BTreeMap<String, M>,) {
    fn decode_entry(name: String, reader: &mut Reader<'_>, rest: &mut BTreeMap<String, T>) -> Result<(), DecodeError> {
        rest.insert(name, M::decode_as(reader)?);
        Ok(())
    }
}
