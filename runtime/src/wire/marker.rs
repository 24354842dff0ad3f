//! Codec, markers: types that select another JSON form of a value than the form of its type.
//!
//! A marker is never created. Markers are composed like the types of values: `Option<Quoted>` is the marker of an
//! `Option<i64>`. The macros pass `()` for a field without a marker.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use super::error::DecodeError;
use super::json_type::JsonType;
use super::reader::Reader;
use super::traits::{Decode, Encode};
use super::writer::Writer;

/// A marker that writes a `T`.
pub trait EncodeAs<T: ?Sized> {
    /// Writes the value.
    fn encode_as(value: &T, writer: &mut Writer);

    /// Returns `true` if an optional property with this value is omitted.
    #[inline]
    fn is_absent(_value: &T) -> bool {
        false
    }
}

/// A marker that reads a `T`.
pub trait DecodeAs<T> {
    /// Reads one value.
    ///
    /// # Errors
    /// Returns an error if the value is not JSON, or does not have this type.
    fn decode_as(reader: &mut Reader<'_>) -> Result<T, DecodeError>;

    /// Returns the value for `null`, see [`Decode::null`].
    #[inline]
    #[must_use]
    fn null() -> Option<T> {
        None
    }

    /// Returns the value of a required property that is absent, see [`Decode::absent`].
    #[inline]
    #[must_use]
    fn absent() -> Option<T> {
        Self::null()
    }

    /// Returns `true` if the type is any string, see [`Decode::is_text`].
    #[inline]
    #[must_use]
    fn is_text() -> bool {
        false
    }
}

impl<T: Encode + ?Sized> EncodeAs<T> for () {
    #[inline]
    fn encode_as(value: &T, writer: &mut Writer) {
        value.encode(writer);
    }

    #[inline]
    fn is_absent(value: &T) -> bool {
        value.is_absent()
    }
}

impl<T: Decode> DecodeAs<T> for () {
    #[inline]
    fn decode_as(reader: &mut Reader<'_>) -> Result<T, DecodeError> {
        T::decode(reader)
    }

    #[inline]
    fn null() -> Option<T> {
        T::null()
    }

    #[inline]
    fn absent() -> Option<T> {
        T::absent()
    }

    #[inline]
    fn is_text() -> bool {
        T::is_text()
    }
}

/// A value with its marker; see [`with`].
#[derive(Clone, Copy)]
pub struct With<'v, M, T: ?Sized> {
    value: &'v T,
    marker: PhantomData<M>,
}

impl<M: EncodeAs<T>, T: ?Sized> Encode for With<'_, M, T> {
    #[inline]
    fn encode(&self, writer: &mut Writer) {
        M::encode_as(self.value, writer);
    }

    #[inline]
    fn is_absent(&self) -> bool {
        M::is_absent(self.value)
    }
}

/// Wraps a value to be written with the marker `M`: a parameter or body, for which no macro names the marker.
///
/// ```
/// use clientwright_runtime::codegen::{self, Quoted};
/// use clientwright_runtime::wire;
///
/// assert_eq!(wire::to_string(&codegen::with::<Quoted, _>(&7_u64)), "\"7\"");
/// ```
#[inline]
#[must_use]
pub fn with<M: EncodeAs<T>, T: ?Sized>(value: &T) -> With<'_, M, T> {
    With { value, marker: PhantomData }
}

/// Reads a value from JSON with the marker `M`. Only whitespace may follow it.
///
/// # Errors
/// Returns an error if the value is not JSON, or does not have this type.
#[inline]
pub fn from_slice_as<T, M: DecodeAs<T>>(json: &[u8]) -> Result<T, DecodeError> {
    read_as::<T, M>(Reader::new(json))
}

/// Reads the only value of a reader with the marker `M`.
#[inline]
pub(crate) fn read_as<T, M: DecodeAs<T>>(mut reader: Reader<'_>) -> Result<T, DecodeError> {
    let value = M::decode_as(&mut reader)?;
    reader.finish()?;
    Ok(value)
}

/// The marker of a 64-bit integer or a decimal that is written as a string, because the numbers of many JSON readers
/// have 53 bits. It is read from a string or a number; a decimal from any string.
///
/// ```
/// use clientwright_runtime::{codegen, wire};
///
/// #[derive(Clone, PartialEq)]
/// struct Size(u64);
/// codegen::newtype!(Size as codegen::Quoted);
///
/// assert_eq!(wire::to_string(&Size(u64::MAX)), r#""18446744073709551615""#);
/// assert_eq!(wire::from_slice::<Size>(b"\"5\"")?, wire::from_slice::<Size>(b"5")?);
/// # Ok::<(), wire::DecodeError>(())
/// ```
#[derive(Debug)]
pub enum Quoted {}

macro_rules! quoted {
    ($($integer:ident),*) => {$(
        codec_as! {
            Quoted as $integer: value, writer => writer.str(&value.to_string()), reader => match reader.peek_type()? {
                JsonType::String => reader.parse("integer", |text| text.parse().ok()),
                _ => reader.$integer(),
            }
        }
    )*};
}

quoted!(i64, u64);

/// The marker of a value whose JSON is in a string (`contentSchema` of JSON Schema 2020-12, Validation §8.5). `M` is
/// the marker of the value itself.
///
/// ```
/// use clientwright_runtime::{codegen, wire};
///
/// #[derive(Clone, PartialEq)]
/// struct Sizes(Vec<u64>);
/// codegen::newtype!(Sizes as codegen::Contained<()>);
///
/// assert_eq!(wire::to_string(&Sizes(vec![1, 2])), r#""[1,2]""#);
/// assert_eq!(wire::from_slice::<Sizes>(br#""[ 1 ]""#)?.0, [1]);
/// # Ok::<(), wire::DecodeError>(())
/// ```
#[derive(Debug)]
pub struct Contained<M>(PhantomData<M>);

codec_as! {
    Contained<M> as T, for M, T:
    value, writer => writer.contained(|writer| M::encode_as(value, writer)),
    reader => {
        let leniency = reader.leniency;
        read_as::<T, M>(Reader::lenient(reader.str()?.as_bytes(), leniency))
    }
}

impl<M: EncodeAs<T>, T> EncodeAs<Option<T>> for Option<M> {
    #[inline]
    fn encode_as(value: &Option<T>, writer: &mut Writer) {
        match value {
            Some(value) => M::encode_as(value, writer),
            None => writer.null(),
        }
    }

    #[inline]
    fn is_absent(value: &Option<T>) -> bool {
        value.is_none()
    }
}

impl<M: DecodeAs<T>, T> DecodeAs<Option<T>> for Option<M> {
    #[inline]
    fn decode_as(reader: &mut Reader<'_>) -> Result<Option<T>, DecodeError> {
        if reader.null()? { Ok(M::null()) } else { reader.unless_blank(M::decode_as) }
    }

    #[inline]
    fn absent() -> Option<Option<T>> {
        Some(M::null())
    }
}

codec_as! {
    Vec<M> as Vec<T>, for M, T:
    values, writer => {
        writer.begin_array();
        for value in values {
            writer.element();
            M::encode_as(value, writer);
        }
        writer.end_array();
    },
    reader => {
        let mut values = Vec::new();
        let mut more = reader.array_start()?;
        while more {
            match M::decode_as(reader) {
                Ok(value) => values.push(value),
                Err(error) => return Err(error.in_index(values.len())),
            }
            more = reader.array_next()?;
        }
        Ok(values)
    }
}

codec_as! {
    BTreeMap<String, M> as BTreeMap<String, T>, for M, T:
    values, writer => {
        writer.begin_object();
        for (key, value) in values {
            writer.key(key);
            M::encode_as(value, writer);
        }
        writer.end_object();
    },
    reader => {
        let mut values = BTreeMap::new();
        let mut key = reader.map_start()?;
        while let Some(name) = key {
            match M::decode_as(reader) {
                Ok(value) => values.insert(name.into_owned(), value),
                Err(error) => return Err(error.in_key(&name)),
            };
            key = reader.object_next()?;
        }
        Ok(values)
    }
}
