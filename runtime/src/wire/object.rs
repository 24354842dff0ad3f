//! Codec, objects: what the `object!` macros do at run time, so that what they expand to stays small.
//!
//! Generated code walks its fields in their order, again and again until the object ends, and offers each one to the pending
//! property: the one of [that name](Fields::read) takes it. Then the next name is read, and the walk goes on at the field
//! after: a document in the order of the schema costs one comparison per property. One more round fills the fields that got
//! nothing. Invariant: a property that no field took in a whole round is unknown, and is captured or skipped.
//!
//! A step that fails says nothing; the first error is kept until the walk has ended. One check in generated code instead of
//! one per field is what makes models cheap to compile.

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
    /// Property whose value comes next; `None` when the object has ended, or something was wrong in it.
    key: Option<Cow<'j, str>>,
    round: Round,
    failure: Option<DecodeError>,
}

/// How far a walk over the fields has come.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Round {
    /// A field has taken a property since the round began, or none has begun.
    Claimed,
    /// The pending property has been offered to every field since the round began.
    Unclaimed,
    /// The object has ended: fields without a value get the one that stands for an absent property.
    Last,
}

impl<'r, 'j> Fields<'r, 'j> {
    /// Enters the object.
    pub fn begin(reader: &'r mut Reader<'j>) -> Self {
        let (key, failure) = match reader.object_start() {
            Ok(key) => (key, None),
            Err(error) => (None, Some(error)),
        };
        Self { reader, key, round: Round::Claimed, failure }
    }

    /// Begins a round, of which there is one more after the object's end. Skips the property that nothing took in the last.
    #[inline]
    pub fn more(&mut self) -> bool {
        if self.round == Round::Unclaimed {
            let skipped = self.reader.skip();
            self.next(skipped);
        }
        if self.round == Round::Last || self.failure.is_some() {
            return false;
        }
        self.round = if self.key.is_some() { Round::Unclaimed } else { Round::Last };
        true
    }

    /// Decodes the pending property into its field, if that is its name, and goes on to the next.
    #[inline]
    pub fn read<M: DecodeAs<T>, P: Absent<T>, T>(&mut self, name: &'static str, field: &mut Option<T>) {
        if self.key.as_deref() == Some(name) {
            self.take::<M, T>(field);
        } else if self.round == Round::Last && field.is_none() && !P::fill(field) {
            self.miss(name);
        }
    }

    #[inline]
    fn take<M: DecodeAs<T>, T>(&mut self, field: &mut Option<T>) {
        let decoded = match field {
            None => M::decode_as(self.reader).map(|value| *field = Some(value)),
            Some(_) => Err(self.reader.error("duplicate property")),
        };
        self.next(decoded);
    }

    /// Puts the property that nothing took in this round into a map, and goes on to the next.
    #[inline]
    pub fn capture<M: DecodeAdditional<T>, T>(&mut self, rest: &mut T) {
        if self.round == Round::Unclaimed
            && let Some(key) = &self.key
        {
            let name = key.clone().into_owned();
            let decoded = M::decode_entry(name, self.reader, rest);
            self.next(decoded);
        }
    }

    /// Goes on to the next property, if the last was read well.
    fn next(&mut self, read: Result<(), DecodeError>) {
        self.round = Round::Claimed;
        let next = match read {
            Ok(()) => self.reader.object_next(),
            Err(error) => Err(self.in_this(error)),
        };
        match next {
            Ok(key) => self.key = key,
            Err(error) => self.fail(error),
        }
    }

    #[cold]
    fn in_this(&self, error: DecodeError) -> DecodeError {
        match &self.key {
            Some(key) => error.in_key(key),
            None => error,
        }
    }

    #[cold]
    fn miss(&mut self, name: &'static str) {
        let end = self.reader.position().saturating_sub(1);
        self.fail(self.reader.error_at(end, format!("missing required property {name:?}")));
    }

    #[cold]
    fn fail(&mut self, error: DecodeError) {
        self.key = None;
        self.failure.get_or_insert(error);
    }

    /// Whether all of the object was read well: then every field has its value.
    #[inline]
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.failure.is_none()
    }

    /// What was wrong.
    #[cold]
    #[must_use]
    pub fn into_failure(self) -> DecodeError {
        self.failure.unwrap_or_else(|| self.reader.error("this is not the whole object"))
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
pub trait Absent<T> {
    /// Puts what stands for the missing property into the field; `false` if the property has to be there.
    fn fill(field: &mut Option<T>) -> bool;
}

/// Marks a property that may be absent.
#[doc(hidden)]
#[derive(Debug)]
pub struct Optional;

/// Marks a property that may be absent, because [a default](fill) stands for it.
#[doc(hidden)]
#[derive(Debug)]
pub struct Defaulted;

impl Presence for () {
    const OPTIONAL: bool = false;
}

impl Presence for (Optional,) {
    const OPTIONAL: bool = true;
}

impl<T> Absent<T> for () {
    #[inline]
    fn fill(_: &mut Option<T>) -> bool {
        false
    }
}

impl<T: Default> Absent<T> for (Optional,) {
    #[inline]
    fn fill(field: &mut Option<T>) -> bool {
        *field = Some(T::default());
        true
    }
}

impl<T> Absent<T> for (Defaulted,) {
    #[inline]
    fn fill(_: &mut Option<T>) -> bool {
        true
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
