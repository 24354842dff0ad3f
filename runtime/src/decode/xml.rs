//! Part of `decode`: bodies in XML.

use super::{json_as, noted, plain};
use crate::response::{DecodeFailure, RawResponse};
use crate::wire::{DecodeAs, Reader, read_as};
use crate::xml::{self, Root};

/// Decodes an XML body with the marker `M`. JSON is also accepted.
///
/// # Errors
/// Returns an error if the body is empty, is neither XML nor JSON, or does not have the expected type.
#[inline]
pub fn xml<T, M: DecodeAs<T>>(response: &RawResponse, root: &Root) -> Result<T, DecodeFailure> {
    let Some(json) = as_json(response, root)? else { return json_as::<T, M>(response) };
    let value = read_as::<T, M>(Reader::lenient(&json, response.leniency));
    // The position of the error is in the JSON.
    value.map_err(|error| {
        let place = if error.path().is_empty() { String::new() } else { format!("{}: ", error.path()) };
        noted(response, format!("{place}{}", error.message()))
    })
}

/// Returns the JSON of an XML body; `None` for another body.
fn as_json(response: &RawResponse, root: &Root) -> Result<Option<Vec<u8>>, DecodeFailure> {
    let text = plain::of(response)?;
    let is_xml = text.trim_start().starts_with('<');
    let failure = |error| noted(response, format!("invalid XML: {error}"));
    is_xml.then(|| xml::json(&text, root).map_err(failure)).transpose()
}
