//! Part of `decode`: bodies in XML.

use super::{json_as, plain, with_note};
use crate::response::{DecodeFailure, RawResponse};
use crate::wire::{self, DecodeError, Reader};
use crate::wire::marker::{DecodeAs, read_as};
use crate::wire::reader::Leniency;
use crate::xml::{self, Root};

/// Decodes an XML body. JSON is also accepted.
///
/// # Errors
/// Returns an error if the body is empty, is neither XML nor JSON, or does not have the expected type.
#[inline]
pub fn xml<T: wire::Decode>(response: &RawResponse, root: &Root) -> Result<T, DecodeFailure> {
    xml_as::<T, ()>(response, root)
}

/// Decodes an XML body with the marker `M`.
///
/// # Errors
/// Returns an error if the body is empty, is neither XML nor JSON, or does not have the expected type.
#[inline]
pub fn xml_as<T, M: DecodeAs<T>>(response: &RawResponse, root: &Root) -> Result<T, DecodeFailure> {
    let Some((json, leniency)) = as_json(response, root)? else { return json_as::<T, M>(response) };
    read_as::<T, M>(Reader::lenient(&json, leniency)).map_err(|error| failure(response, &error))
}

/// The JSON of an XML body; `None` for another body.
fn as_json(response: &RawResponse, root: &Root) -> Result<Option<(Vec<u8>, Leniency)>, DecodeFailure> {
    let text = plain::of(response)?;
    let is_html = response.media_type().is_some_and(|media_type| media_type.to_ascii_lowercase().contains("html"));
    if is_html || !text.trim_start().starts_with('<') {
        return Ok(None);
    }
    let json = xml::json(&text, root).map_err(|error| invalid(response, &error))?;
    Ok(Some((json, response.leniency)))
}

#[cold]
fn invalid(response: &RawResponse, message: &str) -> DecodeFailure {
    DecodeFailure::new(with_note(response, format!("invalid XML: {message}")))
}

/// An error without its position, which is in the JSON.
#[cold]
fn failure(response: &RawResponse, error: &DecodeError) -> DecodeFailure {
    let path = error.path();
    let place = if path.is_empty() { path } else { format!("{path}: ") };
    let is_null = super::is_null(response, error);
    DecodeFailure { is_null, ..DecodeFailure::new(with_note(response, format!("{place}{}", error.message()))) }
}
