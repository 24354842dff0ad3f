//! Codec of tuples: arrays of a fixed length with an individual type for each element (`prefixItems` of JSON Schema
//! 2020-12, Core §10.3.1.1).
//!
//! Invariant: an array of another length is an error, at the position where the array begins.

use super::error::DecodeError;
use super::json_type::JsonType;
use super::marker::{DecodeAs, EncodeAs};
use super::reader::Reader;
use super::writer::Writer;

/// Starts reading a tuple. Returns its position.
fn start(reader: &mut Reader<'_>) -> Result<usize, DecodeError> {
    // `null` and an empty object are read as an empty array elsewhere; a tuple is never empty.
    if reader.peek_type()? != JsonType::Array {
        return Err(reader.mismatch("array"));
    }
    Ok(reader.position())
}

/// Reads the element at an index, which must exist.
fn element<T, M: DecodeAs<T>>(
    reader: &mut Reader<'_>,
    start: usize,
    index: usize,
    length: usize,
) -> Result<T, DecodeError> {
    let is_there = if index == 0 { reader.array_start()? } else { reader.array_next()? };
    if !is_there {
        return Err(wrong_length(reader, start, index, length));
    }
    M::decode_as(reader).map_err(|error| error.in_index(index))
}

/// Checks that the tuple ends here.
fn end(reader: &mut Reader<'_>, start: usize, length: usize) -> Result<(), DecodeError> {
    let mut found = length;
    while reader.array_next()? {
        reader.skip()?;
        found += 1;
    }
    if found == length { Ok(()) } else { Err(wrong_length(reader, start, found, length)) }
}

#[cold]
fn wrong_length(reader: &Reader<'_>, start: usize, found: usize, length: usize) -> DecodeError {
    reader.error_at(start, format!("expected array of {length} elements, found {found}"))
}

/// The codec of tuples of one length: the type, the marker and the index of each element.
macro_rules! tuple {
    ($(($type:ident $marker:ident $no_marker:tt $index:tt))+) => {
        by_marker!(<$($type),*> ($($type),*) as ($($no_marker),*));

        impl<$($type, $marker: EncodeAs<$type>),*> EncodeAs<($($type),*)> for ($($marker),*) {
            fn encode_as(value: &($($type),*), writer: &mut Writer) {
                writer.begin_array();
                $(
                    writer.element();
                    $marker::encode_as(&value.$index, writer);
                )*
                writer.end_array();
            }
        }

        impl<$($type, $marker: DecodeAs<$type>),*> DecodeAs<($($type),*)> for ($($marker),*) {
            fn decode_as(reader: &mut Reader<'_>) -> Result<($($type),*), DecodeError> {
                const LENGTH: usize = [$($index),*].len();
                let start = start(reader)?;
                let tuple = ($(element::<$type, $marker>(reader, start, $index, LENGTH)?),*);
                end(reader, start, LENGTH).map(|()| tuple)
            }
        }
    };
}

/// The codec of the tuple of the first elements, and of each tuple with one more element.
macro_rules! tuples {
    ([$($elements:tt)+]) => {
        tuple!($($elements)+);
    };
    ([$($elements:tt)+] $next:tt $($more:tt)*) => {
        tuple!($($elements)+);
        tuples!([$($elements)+ $next] $($more)*);
    };
}

tuples!([(A Ma () 0) (B Mb () 1)] (C Mc () 2) (D Md () 3) (E Me () 4) (F Mf () 5) (G Mg () 6) (H Mh () 7));
