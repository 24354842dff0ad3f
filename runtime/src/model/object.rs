//! Codec, objects: the part of `object!` that is not expanded for each type.
//!
//! Generated code iterates over its fields in rounds until the object ends. For each field it calls [`Fields::read`],
//! which decodes the next property if it has that name, and moves to the following property. If a document has the
//! order of the schema, this takes one comparison per property. A last round fills the fields of absent properties.
//! Invariant: a property that no field matches in a round is unknown, and is captured or skipped.
//!
//! `read` does not return errors. The first error is kept and returned at the end: one check per type instead of one
//! per field keeps models cheap to compile.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::wire::{DecodeAs, DecodeError, EncodeAs, Reader, Writer};

/// An object that is being decoded.
#[derive(Debug)]
pub struct Fields<'r, 'j> {
    /// Positioned before the name of the next property, or after it if the name has escapes and no field matches its
    /// escaped form.
    reader: &'r mut Reader<'j>,
    /// The unescaped name.
    unescaped: Option<String>,
    round: Round,
    /// Whether the object has ended, or an error has occurred.
    is_over: bool,
    failure: Option<DecodeError>,
}

/// The state of a round.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Round {
    /// A field has matched a property in this round, or no round has begun.
    Claimed,
    /// No field has matched the next property in this round.
    Unclaimed,
    /// The object has ended. Fields of absent properties are filled.
    Last,
}

impl<'r, 'j> Fields<'r, 'j> {
    /// Starts reading an object.
    pub fn begin(reader: &'r mut Reader<'j>) -> Self {
        let begun = reader.object_begin();
        let mut fields = Self { reader, unescaped: None, round: Round::Claimed, is_over: false, failure: None };
        fields.moved(begun);
        fields
    }

    /// Starts the next round, if there is one. Skips the property that no field matched in the previous round.
    #[inline]
    pub fn more(&mut self) -> bool {
        if self.round == Round::Unclaimed {
            self.skip();
        }
        if self.round == Round::Last || self.failure.is_some() {
            return false;
        }
        self.round = if self.is_over { Round::Last } else { Round::Unclaimed };
        true
    }

    /// Decodes the next property into this field, if it has this name. Fills the field in the last round.
    #[inline]
    pub fn read<M: DecodeAs<T>, P: Absent<T>, T>(&mut self, name: &'static str, field: &mut Option<T>) {
        if self.is_next(name) {
            self.take::<M, T>(name, field);
        } else if self.round == Round::Last && field.is_none() && !P::fill(field) {
            // Many servers omit null values.
            if self.reader.is_lenient() {
                *field = M::absent();
            }
            if field.is_none() {
                self.miss(name);
            }
        }
    }

    /// Moves to the value of the next property, if it has this name.
    #[inline]
    fn is_next(&mut self, name: &str) -> bool {
        match &self.unescaped {
            None => !self.is_over && self.reader.eat_name(name),
            Some(unescaped) => unescaped == name,
        }
    }

    #[inline]
    fn take<M: DecodeAs<T>, T>(&mut self, name: &'static str, field: &mut Option<T>) {
        let decoded = match self.reader.colon() {
            // In a response, the last value of a property takes precedence, as in a map.
            Ok(()) if field.is_none() || self.reader.is_lenient() => {
                M::decode_as(self.reader).map(|value| *field = Some(value))
            }
            Ok(()) => Err(self.reader.error("duplicate property")),
            Err(error) => return self.fail(error),
        };
        self.next(name, decoded);
    }

    /// Decodes the next property into a map, if no field matched it in this round. The last value of a name takes
    /// precedence.
    #[inline]
    pub fn capture<M: OfValues<Marker: DecodeAs<V>>, T: Extend<(String, V)>, V>(&mut self, rest: &mut T) {
        if let Some(name) = self.unclaimed() {
            let decoded = M::Marker::decode_as(self.reader);
            self.next(&name, decoded.map(|value| rest.extend(Some((name.clone().into_owned(), value)))));
        }
    }

    fn skip(&mut self) {
        if let Some(name) = self.unclaimed() {
            let skipped = self.reader.skip();
            self.next(&name, skipped);
        }
    }

    /// Returns the name of the next property, whose value follows, if no field matches it. After a name with escapes,
    /// there is a round for the unescaped name.
    fn unclaimed(&mut self) -> Option<Cow<'j, str>> {
        if self.round != Round::Unclaimed {
            return None;
        }
        let next = match self.unescaped.take() {
            Some(unescaped) => Ok(Cow::Owned(unescaped)),
            None => match self.reader.name() {
                Ok(Cow::Owned(unescaped)) => {
                    self.unescaped = Some(unescaped);
                    self.round = Round::Claimed;
                    return None;
                }
                next => next,
            },
        };
        let next = next.and_then(|name| self.reader.colon().map(|()| name));
        next.map_err(|error| self.fail(error)).ok()
    }

    /// Moves to the next property, if this one was read without errors.
    fn next(&mut self, name: &str, read: Result<(), DecodeError>) {
        self.round = Round::Claimed;
        self.unescaped = None;
        match read {
            Ok(()) => {
                let moved = self.reader.object_continue();
                self.moved(moved);
            }
            Err(error) => self.fail(error.in_key(name)),
        }
    }

    fn moved(&mut self, moved: Result<bool, DecodeError>) {
        match moved {
            Ok(is_there) => self.is_over = !is_there,
            Err(error) => self.fail(error),
        }
    }

    #[cold]
    fn miss(&mut self, name: &'static str) {
        let end = self.reader.position().saturating_sub(1);
        let message = match self.reader.between(end, end + 1) {
            b"]" => "expected object, found an empty array".to_owned(),
            _ => format!("missing required property {name:?}"),
        };
        self.fail(self.reader.error_at(end, message));
    }

    #[cold]
    fn fail(&mut self, error: DecodeError) {
        self.is_over = true;
        self.failure.get_or_insert(error);
    }

    /// Returns `true` if the object was read without errors. Then each field has a value.
    #[inline]
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.failure.is_none()
    }

    /// Returns the first error.
    #[cold]
    #[must_use]
    pub fn into_failure(self) -> DecodeError {
        self.failure.unwrap_or_else(|| self.reader.error("incomplete object"))
    }
}

impl Writer {
    /// Writes a property, unless it is optional and absent. For `object!`.
    #[doc(hidden)]
    #[inline]
    pub fn field<M: EncodeAs<T>, P: Presence, T>(&mut self, key: &'static str, value: &T) {
        if !(P::OPTIONAL && M::is_absent(value)) {
            self.key(key);
            M::encode_as(value, self);
        }
    }

    /// Writes a map of additional properties. A property with the name of a declared one is not written, and no request is sent. For
    /// `object!`.
    #[doc(hidden)]
    pub fn additional<'m, M: OfValues<Marker: EncodeAs<V>>, V: 'm>(
        &mut self,
        declared: &[&str],
        rest: impl IntoIterator<Item = (&'m String, &'m V)>,
    ) {
        for (name, value) in rest {
            if declared.contains(&name.as_str()) {
                self.refuse("has an additional property with the name of a declared one");
            } else {
                self.key(name);
                M::Marker::encode_as(value, self);
            }
        }
    }
}

/// Whether a property is required: `()` if it is, `(Optional,)` if not.
pub trait Presence {
    /// Whether the property can be omitted.
    const OPTIONAL: bool = false;
}

/// Fills the field of an absent property. This is a separate trait, because the compiler would otherwise look for `T: Default` where a
/// value is written.
pub trait Absent<T> {
    /// Fills the field. Returns `false` if the property is required.
    #[inline]
    fn fill(_: &mut Option<T>) -> bool {
        false
    }
}

/// Marks an optional property.
#[derive(Debug)]
pub struct Optional;

/// Marks a property with a [default](fill).
#[derive(Debug)]
pub struct Defaulted;

impl Presence for () {}

impl Presence for (Optional,) {
    const OPTIONAL: bool = true;
}

impl<T> Absent<T> for () {}

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

/// Returns the value of a field, or the default if its property was absent or null.
#[inline]
pub fn fill<T>(field: Option<Option<T>>, default: impl FnOnce() -> T) -> Option<T> {
    Some(field.flatten().unwrap_or_else(default))
}

/// The marker of the values in a marker of additional properties: `()`, or the `M` in `BTreeMap<String, M>`.
pub trait OfValues {
    /// The marker of each value.
    type Marker;
}

impl OfValues for () {
    type Marker = ();
}

impl<M> OfValues for BTreeMap<String, M> {
    type Marker = M;
}
