//! Codec of the types of JSON, containers, files and `Uuid`.

use std::collections::BTreeMap;

use serde_json::Value as JsonValue;
use uuid::Uuid;

use super::error::DecodeError;
use super::json_type::JsonObject;
use super::reader::Reader;
use super::traits::{Decode, Encode};
use super::writer::Writer;
use crate::body::File;

codec! {
    #[inline]
    bool: self, writer => writer.bool(*self), reader => reader.bool();
    #[inline]
    i64: self, writer => writer.i64(*self), reader => reader.i64();
    #[inline]
    u64: self, writer => writer.u64(*self), reader => reader.u64();
    #[inline]
    f32: self, writer => writer.f32(*self), reader => reader.f32();
    #[inline]
    f64: self, writer => writer.f64(*self), reader => reader.f64();
    #[inline]
    Uuid: self, writer => writer.str(self.hyphenated().encode_lower(&mut Uuid::encode_buffer())),
        reader => reader.parse("UUID", |text| text.parse().ok());
    JsonObject: self, writer => writer.by_serde(self), reader => reader.object();
    #[inline]
    JsonValue: self, writer => writer.value(self), reader => reader.value(), null => Self::Null;
    (): self, writer => writer.null(),
        reader => if reader.null()? { Ok(()) } else { Err(reader.mismatch("null")) }, null => ();
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

impl Encode for str {
    fn encode(&self, writer: &mut Writer) {
        writer.str(self);
    }
}

macro_rules! pointers {
    ($($type:ty),*) => {$(
        impl<T: Encode + ?Sized> Encode for $type {
            #[inline]
            fn encode(&self, writer: &mut Writer) {
                (**self).encode(writer);
            }

            #[inline]
            fn is_absent(&self) -> bool {
                (**self).is_absent()
            }
        }
    )*};
}

pointers!(&T, Box<T>);

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

impl<T: Encode> Encode for [T] {
    fn encode(&self, writer: &mut Writer) {
        writer.begin_array();
        for value in self {
            writer.element();
            value.encode(writer);
        }
        writer.end_array();
    }
}

impl<T: Encode, const N: usize> Encode for [T; N] {
    #[inline]
    fn encode(&self, writer: &mut Writer) {
        self.as_slice().encode(writer);
    }
}

by_marker!(<T> Option<T> as Option<()>, <T> Vec<T> as Vec<()>, <T> BTreeMap<String, T> as BTreeMap<String, ()>);

impl Encode for File {
    fn encode(&self, writer: &mut Writer) {
        if writer.redacts() {
            writer.str(&format!("[{}]", self.content.size()));
        } else {
            writer.file(self);
        }
    }
}

/// Always returns an error: JSON has `null` in place of a file.
#[cfg(feature = "decode-all")]
impl Decode for File {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Err(reader.error("a file cannot be read from JSON"))
    }
}
