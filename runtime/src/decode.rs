//! Decoders of responses: the last stage of a call.
//!
//! In: a [`RawResponse`]. Out: the type of the operation's body, or a [`DecodeFailure`]. The status alone decides which
//! decoder runs: the success decoder for 2xx, the failure decoder for everything else. A decoder does not need a
//! `Content-Type`.

mod form;
mod macros;
mod plain;
mod refused;
#[cfg(feature = "xml")]
mod xml;

use std::borrow::Cow;

use bytes::Bytes;

use crate::clipped::Clipped;
use crate::response::{DecodeFailure, RawResponse};
use crate::wire::{self, DecodeAs, Leniency, Reader, read_as};

pub use plain::text;
pub use refused::{confirmed, stated};
#[cfg(feature = "xml")]
pub use xml::xml;

/// Help for a body that does not match its documented type.
const STREAM_HELP: &str = "; use `.stream()` for its bytes";

/// Decodes a JSON body.
///
/// # Errors
/// Returns an error if the body is empty, is not JSON, or does not have the expected type.
#[inline]
pub fn json<T: wire::Decode>(response: &RawResponse) -> Result<T, DecodeFailure> {
    json_as::<T, ()>(response)
}

/// Decodes a JSON body with the marker `M`.
///
/// # Errors
/// Returns an error if the body is empty, is not JSON, or does not have the expected type.
#[inline]
pub fn json_as<T, M: DecodeAs<T>>(response: &RawResponse) -> Result<T, DecodeFailure> {
    // Only markers for any value have a null and also accept strings.
    let (text, leniency) = json_text(response, M::null().is_some(), M::is_text())?;
    match read_as::<T, M>(Reader::lenient(&text, leniency)) {
        Ok(value) => Ok(value),
        Err(error) => Err(json_failure(response, &error)),
    }
}

/// Returns the bytes of the body.
///
/// # Errors
/// Returns an error if the body is compressed, unless the call set its own header `Accept-Encoding`, or if it has a
/// media type that the operation [excludes](crate::codegen::Operation::excludes).
#[inline]
pub fn bytes(response: &RawResponse) -> Result<Bytes, DecodeFailure> {
    response.check_encoding()?;
    response.check_media_type()?;
    Ok(response.body.clone())
}

/// Returns an error: the API document does not describe the error body.
///
/// # Errors
/// Always returns an error.
#[inline]
pub fn undocumented(response: &RawResponse) -> Result<(), DecodeFailure> {
    Err(DecodeFailure::undocumented(response.status))
}

/// Ignores the body.
///
/// # Errors
/// Returns an error if a redirect led from another method to GET and to HTML: this may be a login page.
#[inline]
pub fn empty(response: &RawResponse) -> Result<(), DecodeFailure> {
    let is_page = response.media_type().is_some_and(|media_type| media_type.eq_ignore_ascii_case("text/html"));
    if response.success && response.was_sent_as_get && is_page {
        return Err(noted(response, "expected no body, found a page".to_owned()));
    }
    Ok(())
}

/// Returns the body as JSON. JSON is UTF-8 (RFC 8259 §8.1) regardless of the declared charset, unless it is not valid
/// UTF-8. `any` states whether any value is accepted, `string` whether the value is a string.
fn json_text(response: &RawResponse, any: bool, string: bool) -> Result<(Cow<'_, [u8]>, Leniency), DecodeFailure> {
    response.check_encoding()?;
    if let Some(json) = form::json(response) {
        // All values of a form are strings.
        return Ok((Cow::Owned(json), Leniency::Usual));
    }
    Ok((json_or_text(response, any, string)?, response.leniency))
}

fn json_or_text(response: &RawResponse, any: bool, string: bool) -> Result<Cow<'_, [u8]>, DecodeFailure> {
    if response.leniency >= Leniency::Fitting
        && let Some(text) = response.utf16_json()
    {
        return Ok(Cow::Owned(text.into_bytes()));
    }
    let text = response.body_without_mark();
    if text.is_empty() {
        // Many servers omit null and empty values.
        let may_be_null = response.success && response.leniency >= Leniency::Usual && response.item.is_none();
        return if may_be_null { Ok(Cow::Borrowed(b"null")) } else { Err(empty_body(response)) };
    }
    if response.leniency >= Leniency::Fitting {
        if response.item.is_none()
            && response.check_media_type().is_ok()
            && let Some(string) = plain::instead_of_json(response, text, any)
        {
            return Ok(Cow::Owned(wire::to_vec(&string)));
        }
        if string && let Some(json) = plain::structure(response, text) {
            return Ok(Cow::Owned(wire::to_vec(&json)));
        }
        if std::str::from_utf8(text).is_err()
            && let Some(recoded) = response.recoded()
        {
            return Ok(Cow::Owned(recoded.into_bytes()));
        }
    }
    Ok(Cow::Borrowed(text))
}

/// Returns `true` if `x-null-anywhere` helps: a property in the body is null, or a required one is absent, which is
/// read as null. The switch does not apply to identifiers and items.
fn is_null(response: &RawResponse, error: &wire::DecodeError) -> bool {
    let path = error.path();
    let is_item = path.is_empty() || path.ends_with(']') && !path.ends_with("\"]");
    let null = path.rsplit('.').next().filter(|_| !is_item && error.message().ends_with(", found null"));
    let absent = error.message().strip_prefix("missing required property ");
    let name = absent.filter(|_| response.leniency >= Leniency::Fitting).or(null);
    name.is_some_and(|name| !matches!(name.trim_matches('"'), "id" | "_id"))
}

#[cold]
fn empty_body(response: &RawResponse) -> DecodeFailure {
    DecodeFailure::new(match response.item {
        Some(item) => format!("expected JSON, found an empty {item}"),
        None => "expected JSON, found an empty body; use `.stream()` to accept it".to_owned(),
    })
}

/// Returns the failure, with the media type if it is not JSON, for example that of a proxy's HTML page.
#[cold]
fn json_failure(response: &RawResponse, error: &wire::DecodeError) -> DecodeFailure {
    if response.body_without_mark().is_empty() {
        return empty_body(response);
    }
    if let Err(failure) = response.check_media_type() {
        return failure;
    }
    let message = match response.media_type() {
        Some(events) if events.eq_ignore_ascii_case("text/event-stream") && response.item.is_none() => {
            "expected JSON, found events; use `.stream()` and its `.events()`".to_owned()
        }
        Some(media_type) if !response.declares_json() && response.item.is_none() => {
            let media_type = Clipped(media_type);
            format!("{error} (the response is {media_type}, not JSON{STREAM_HELP})")
        }
        _ => error.to_string(),
    };
    DecodeFailure { is_null: is_null(response, error), ..noted(response, message) }
}

/// Returns the failure with this message and the note of the response.
fn noted(response: &RawResponse, message: String) -> DecodeFailure {
    DecodeFailure::new(match &response.note {
        Some(note) => format!("{message} ({})", Clipped(note)),
        None => message,
    })
}
