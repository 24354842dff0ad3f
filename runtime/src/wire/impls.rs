//! Codec of the types of JSON, containers and `Uuid`.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::error::DecodeError;
use super::marker::{DecodeAs, EncodeAs};
use super::reader::Reader;
use super::writer::Writer;
use super::{Decode, Encode};
use crate::{JsonObject, JsonValue};

/// Implements the codec by a pair of functions.
macro_rules! scalar {
    ($($type:ty: |$value:ident, $writer:ident| $encode:expr, |$reader:ident| $decode:expr;)*) => {$(
        impl Encode for $type {
            #[inline]
            fn encode(&self, $writer: &mut Writer) {
                let $value = self;
                $encode;
            }
        }

        impl Decode for $type {
            #[inline]
            fn decode($reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
                $decode
            }
        }
    )*};
}

scalar! {
    bool: |value, writer| writer.bool(*value), |reader| reader.bool();
    i64: |value, writer| writer.i64(*value), |reader| reader.i64();
    u64: |value, writer| writer.u64(*value), |reader| reader.u64();
    f32: |value, writer| writer.f32(*value), |reader| reader.f32();
    f64: |value, writer| writer.f64(*value), |reader| reader.f64();
    Uuid: |value, writer| writer.str(value.hyphenated().encode_lower(&mut Uuid::encode_buffer())),
        |reader| reader.parse("UUID", |text| text.parse().ok());
}

impl Encode for String {
    #[inline]
    fn encode(&self, writer: &mut Writer) {
        writer.str(self);
    }
}

impl Decode for String {
    #[inline]
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.text().map(str::to_owned)
    }

    #[inline]
    fn is_text() -> bool {
        true
    }
}

/// Implements the codec of integers below 64 bits.
macro_rules! integer {
    ($($type:ty => $wide:ident),*) => {$(
        impl Encode for $type {
            #[inline]
            fn encode(&self, writer: &mut Writer) {
                writer.$wide((*self).into());
            }
        }

        impl Decode for $type {
            fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
                reader.peek_type()?;
                let start = reader.position();
                reader.$wide()?.try_into().map_err(|_| reader.out_of_range(start))
            }
        }
    )*};
}

integer!(i8 => i64, i16 => i64, i32 => i64, u8 => u64, u16 => u64, u32 => u64);

/// Only `null`.
impl Encode for () {
    fn encode(&self, writer: &mut Writer) {
        writer.null();
    }
}

impl Decode for () {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        if reader.null()? { Ok(()) } else { Err(reader.mismatch("null")) }
    }

    #[inline]
    fn null() -> Option<Self> {
        Some(())
    }
}

impl Encode for str {
    fn encode(&self, writer: &mut Writer) {
        writer.str(self);
    }
}

impl Encode for JsonObject {
    fn encode(&self, writer: &mut Writer) {
        writer.begin_object();
        for (key, value) in self {
            writer.key(key);
            writer.value(value);
        }
        writer.end_object();
    }
}

impl Decode for JsonObject {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.object()
    }
}

impl<T: Encode + ?Sized> Encode for &T {
    #[inline]
    fn encode(&self, writer: &mut Writer) {
        (**self).encode(writer);
    }

    #[inline]
    fn is_absent(&self) -> bool {
        (**self).is_absent()
    }
}

impl Encode for JsonValue {
    #[inline]
    fn encode(&self, writer: &mut Writer) {
        writer.value(self);
    }
}

impl Decode for JsonValue {
    #[inline]
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.value()
    }

    #[inline]
    fn null() -> Option<Self> {
        Some(Self::Null)
    }
}

impl<T: Encode + ?Sized> Encode for Box<T> {
    #[inline]
    fn encode(&self, writer: &mut Writer) {
        (**self).encode(writer);
    }

    #[inline]
    fn is_absent(&self) -> bool {
        (**self).is_absent()
    }
}

impl<T: Decode> Decode for Box<T> {
    #[inline]
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        T::decode(reader).map(Box::new)
    }

    #[inline]
    fn null() -> Option<Self> {
        T::null().map(Box::new)
    }
}

impl<T: Encode> Encode for Option<T> {
    #[inline]
    fn encode(&self, writer: &mut Writer) {
        <Option<()> as EncodeAs<Self>>::encode_as(self, writer);
    }

    #[inline]
    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T: Decode> Decode for Option<T> {
    #[inline]
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        <Option<()> as DecodeAs<Self>>::decode_as(reader)
    }

    #[inline]
    fn absent() -> Option<Self> {
        <Option<()> as DecodeAs<Self>>::absent()
    }
}

impl<T: Encode> Encode for [T] {
    #[inline]
    fn encode(&self, writer: &mut Writer) {
        writer.array(self);
    }
}

impl<T: Encode, const N: usize> Encode for [T; N] {
    #[inline]
    fn encode(&self, writer: &mut Writer) {
        writer.array(self);
    }
}

impl<T: Encode> Encode for Vec<T> {
    #[inline]
    fn encode(&self, writer: &mut Writer) {
        writer.array(self);
    }
}

impl<T: Decode> Decode for Vec<T> {
    #[inline]
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        <Vec<()> as DecodeAs<Self>>::decode_as(reader)
    }
}

impl<T: Encode> Encode for BTreeMap<String, T> {
    #[inline]
    fn encode(&self, writer: &mut Writer) {
        <BTreeMap<String, ()> as EncodeAs<Self>>::encode_as(self, writer);
    }
}

impl<T: Decode> Decode for BTreeMap<String, T> {
    #[inline]
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        <BTreeMap<String, ()> as DecodeAs<Self>>::decode_as(reader)
    }
}
