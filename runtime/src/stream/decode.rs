//! Decoders of bodies that are streams. Their operations are [streamed](crate::codegen::Operation::streamed).
//!
//! Their errors are those of single items, when these arrive.

use super::ByteStream;
use super::events::{Decoded, EventStream};
use super::items::ItemStream;
use crate::decode::{json_as, text};
use crate::response::{DecodeFailure, RawResponse};
use crate::wire::Decode;
use crate::wire::marker::DecodeAs;

/// Decoders that hand out what `$stream` makes of the body.
macro_rules! decoders {
    ($($(#[$docs:meta])* $name:ident $(<$($parameter:ident: $bound:path),+>)? -> $of:ty: $stream:expr;)+) => {$(
        $(#[$docs])*
        ///
        /// # Errors
        /// If the body is compressed, and the call did not ask for that with a header `Accept-Encoding` of its own.
        #[inline]
        pub fn $name $(<$($parameter: $bound),+>)? (response: &RawResponse) -> Result<$of, DecodeFailure> {
            let stream: fn(ByteStream) -> $of = $stream;
            ByteStream::of(response).map(stream)
        }
    )+};
}

decoders! {
    /// Hands out the body in pieces as they arrive.
    stream -> ByteStream: |bytes| bytes;

    /// Hands out server-sent events with JSON in their data (WHATWG HTML §9.2).
    events<T: Decode> -> EventStream<T>: |bytes| EventStream::new(bytes, json_as::<T, ()>, Decoded::Data);

    /// Hands out server-sent events with JSON in their data, by the marker `M`.
    events_as<T: Sized, M: DecodeAs<T>> -> EventStream<T>:
        |bytes| EventStream::new(bytes, json_as::<T, M>, Decoded::Data);

    /// Hands out server-sent events with text in their data.
    text_events -> EventStream<String>: |bytes| EventStream::new(bytes, text, Decoded::Data);

    /// Hands out server-sent events as objects with `event`, `id` and `data` (OpenAPI 3.2 §4.14.3), where the data is JSON.
    event_objects<T: Decode> -> EventStream<T>: |bytes| EventStream::new(bytes, json_as::<T, ()>, Decoded::Object);

    /// Hands out server-sent events as such objects, where the data is a string.
    text_event_objects<T: Decode> -> EventStream<T>:
        |bytes| EventStream::new(bytes, json_as::<T, ()>, Decoded::TextObject);

    /// Hands out the items of JSON Lines: one JSON value in each line.
    json_lines<T: Decode> -> ItemStream<T>: |bytes| ItemStream::new(bytes, b'\n', json_as::<T, ()>);

    /// Hands out the items of JSON Lines, by the marker `M`.
    json_lines_as<T: Sized, M: DecodeAs<T>> -> ItemStream<T>: |bytes| ItemStream::new(bytes, b'\n', json_as::<T, M>);

    /// Hands out the items of a JSON text sequence (RFC 7464).
    json_sequence<T: Decode> -> ItemStream<T>: |bytes| ItemStream::new(bytes, b'\x1e', json_as::<T, ()>);

    /// Hands out the items of a JSON text sequence, by the marker `M`.
    json_sequence_as<T: Sized, M: DecodeAs<T>> -> ItemStream<T>:
        |bytes| ItemStream::new(bytes, b'\x1e', json_as::<T, M>);
}
