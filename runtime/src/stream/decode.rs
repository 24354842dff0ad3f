//! Decoders of streamed bodies. Their operations are [streamed](crate::codegen::Operation::streamed).
//!
//! Decoding errors concern single items, and are returned when the items arrive.

use super::ByteStream;
use super::events::{Decoded, EventStream};
use super::items::ItemStream;
use crate::decode::json_as;
use crate::response::{DecodeFailure, RawResponse};
use crate::wire::{Decode, DecodeAs};

/// Decoders that return the body as a `$stream`.
macro_rules! decoders {
    ($($(#[$docs:meta])* $name:ident $(<$($parameter:ident: $bound:path),+>)? -> $of:ty: $stream:expr;)+) => {$(
        $(#[$docs])*
        ///
        /// # Errors
        /// Returns an error if the body is compressed, unless the call set its own header `Accept-Encoding`.
        #[inline]
        pub fn $name $(<$($parameter: $bound),+>)? (response: &RawResponse) -> Result<$of, DecodeFailure> {
            let stream: fn(ByteStream) -> $of = $stream;
            ByteStream::of(response).map(stream)
        }
    )+};
}

decoders! {
    /// Returns the body as a stream of pieces.
    stream -> ByteStream: |bytes| bytes;

    /// Returns server-sent events with JSON data (WHATWG HTML §9.2).
    events<T: Decode> -> EventStream<T>: ByteStream::events;

    /// Returns server-sent events with JSON data, decoded with the marker `M`.
    events_as<T: Sized, M: DecodeAs<T>> -> EventStream<T>:
        |bytes| EventStream::new(bytes, json_as::<T, M>, Decoded::Data);

    /// Returns server-sent events with text data.
    text_events -> EventStream<String>: ByteStream::text_events;

    /// Returns server-sent events as objects with `event`, `id` and `data` (OpenAPI 3.2 §4.14.3), where the data is
    /// JSON.
    event_objects<T: Decode> -> EventStream<T>: |bytes| EventStream::new(bytes, json_as::<T, ()>, Decoded::Object);

    /// Returns server-sent events as objects with `event`, `id` and `data`, where the data is a string.
    text_event_objects<T: Decode> -> EventStream<T>:
        |bytes| EventStream::new(bytes, json_as::<T, ()>, Decoded::TextObject);

    /// Returns the items of JSON Lines: one JSON value per line.
    json_lines<T: Decode> -> ItemStream<T>: ByteStream::json_lines;

    /// Returns the items of JSON Lines, decoded with the marker `M`.
    json_lines_as<T: Sized, M: DecodeAs<T>> -> ItemStream<T>: |bytes| ItemStream::new(bytes, b'\n', json_as::<T, M>);

    /// Returns the items of a JSON text sequence (RFC 7464).
    json_sequence<T: Decode> -> ItemStream<T>: ByteStream::json_sequence;

    /// Returns the items of a JSON text sequence, decoded with the marker `M`.
    json_sequence_as<T: Sized, M: DecodeAs<T>> -> ItemStream<T>:
        |bytes| ItemStream::new(bytes, b'\x1e', json_as::<T, M>);
}
