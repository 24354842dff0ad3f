//! Part of `decode`: decoders of bodies that are streams. Their operations are [streamed](crate::codegen::Operation::streamed).
//!
//! Their errors are those of single items, when these arrive.

use super::{DecodeFailure, RawResponse, json_as};
use crate::codegen::DecodeAs;
use crate::stream::ByteStream;
use crate::stream::events::{Decoded, EventStream};
use crate::stream::items::ItemStream;
use crate::wire;

/// Hands out the body in pieces as they arrive.
///
/// # Errors
/// If the body is compressed, and the call did not ask for that with a header `Accept-Encoding` of its own.
pub fn stream(response: &RawResponse) -> Result<ByteStream, DecodeFailure> {
    ByteStream::of(response)
}

/// Hands out server-sent events with JSON in their data (WHATWG HTML §9.2).
///
/// # Errors
/// If the body is compressed, and the call did not ask for that with a header `Accept-Encoding` of its own.
#[inline]
pub fn events<T: wire::Decode>(response: &RawResponse) -> Result<EventStream<T>, DecodeFailure> {
    events_as::<T, ()>(response)
}

/// Hands out server-sent events with JSON in their data, by the marker `M`.
///
/// # Errors
/// If the body is compressed, and the call did not ask for that with a header `Accept-Encoding` of its own.
#[inline]
pub fn events_as<T, M: DecodeAs<T>>(response: &RawResponse) -> Result<EventStream<T>, DecodeFailure> {
    Ok(EventStream::new(ByteStream::of(response)?, json_as::<T, M>, Decoded::Data))
}

/// Hands out server-sent events with text in their data.
///
/// # Errors
/// If the body is compressed, and the call did not ask for that with a header `Accept-Encoding` of its own.
pub fn text_events(response: &RawResponse) -> Result<EventStream<String>, DecodeFailure> {
    ByteStream::of(response).map(ByteStream::text_events)
}

/// Hands out server-sent events as objects with `event`, `id` and `data` (OpenAPI 3.2 §4.14.3), where the data is JSON.
///
/// # Errors
/// If the body is compressed, and the call did not ask for that with a header `Accept-Encoding` of its own.
#[inline]
pub fn event_objects<T: wire::Decode>(response: &RawResponse) -> Result<EventStream<T>, DecodeFailure> {
    Ok(EventStream::new(ByteStream::of(response)?, json_as::<T, ()>, Decoded::Object))
}

/// Hands out server-sent events as such objects, where the data is a string.
///
/// # Errors
/// If the body is compressed, and the call did not ask for that with a header `Accept-Encoding` of its own.
#[inline]
pub fn text_event_objects<T: wire::Decode>(response: &RawResponse) -> Result<EventStream<T>, DecodeFailure> {
    Ok(EventStream::new(ByteStream::of(response)?, json_as::<T, ()>, Decoded::TextObject))
}

/// Hands out the items of JSON Lines: one JSON value in each line.
///
/// # Errors
/// If the body is compressed, and the call did not ask for that with a header `Accept-Encoding` of its own.
#[inline]
pub fn json_lines<T: wire::Decode>(response: &RawResponse) -> Result<ItemStream<T>, DecodeFailure> {
    json_lines_as::<T, ()>(response)
}

/// Hands out the items of JSON Lines, by the marker `M`.
///
/// # Errors
/// If the body is compressed, and the call did not ask for that with a header `Accept-Encoding` of its own.
#[inline]
pub fn json_lines_as<T, M: DecodeAs<T>>(response: &RawResponse) -> Result<ItemStream<T>, DecodeFailure> {
    Ok(ItemStream::new(ByteStream::of(response)?, b'\n', json_as::<T, M>))
}

/// Hands out the items of a JSON text sequence (RFC 7464).
///
/// # Errors
/// If the body is compressed, and the call did not ask for that with a header `Accept-Encoding` of its own.
#[inline]
pub fn json_sequence<T: wire::Decode>(response: &RawResponse) -> Result<ItemStream<T>, DecodeFailure> {
    json_sequence_as::<T, ()>(response)
}

/// Hands out the items of a JSON text sequence, by the marker `M`.
///
/// # Errors
/// If the body is compressed, and the call did not ask for that with a header `Accept-Encoding` of its own.
#[inline]
pub fn json_sequence_as<T, M: DecodeAs<T>>(response: &RawResponse) -> Result<ItemStream<T>, DecodeFailure> {
    Ok(ItemStream::new(ByteStream::of(response)?, b'\x1e', json_as::<T, M>))
}
