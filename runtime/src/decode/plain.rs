//! Part of `decode`: text bodies, and text where JSON is documented.

use super::{STREAM_HELP, noted};
use crate::response::{DecodeFailure, RawResponse};
use crate::wire::{self, Leniency, Reader};

/// Subtypes of `application` that are text, without `x-`.
const TEXTS: [&str; 14] = [
    "csv", "ecmascript", "graphql", "javascript", "json-lines", "json-seq", "jsonl", "jsonlines", "ndjson", "sh",
    "sql", "toml", "xml", "yaml",
];

/// Decodes a text body in its declared charset, or in UTF-8. If the media type is JSON and the body is a JSON string,
/// the result is the content of that string.
///
/// # Errors
/// Returns an error if the body is not valid in that charset, or has a media type that the operation
/// [excludes](crate::codegen::Operation::excludes).
#[inline]
pub fn text(response: &RawResponse) -> Result<String, DecodeFailure> {
    // A JSON string is also text, even if another method decodes JSON.
    if let Some(string) = json_string(response) {
        return Ok(string);
    }
    response.check_media_type()?;
    of(response)
}

/// Returns the content of a body that is declared as JSON and is a JSON string.
fn json_string(response: &RawResponse) -> Option<String> {
    if !response.declares_json()
        || response.leniency < Leniency::Fitting
        || response.item.is_some()
        || response.undecoded.is_some()
    {
        return None;
    }
    wire::from_slice(response.body_without_mark()).ok()
}

pub(super) fn of(response: &RawResponse) -> Result<String, DecodeFailure> {
    response.check_encoding()?;
    if let Some(recoded) = response.marked_utf16().or_else(|| response.recoded()) {
        return Ok(recoded);
    }
    match std::str::from_utf8(response.body_without_mark()) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => {
            let place = error.valid_up_to();
            let help = if response.item.is_some() { "" } else { STREAM_HELP };
            let message = format!("expected text, found bytes that are not UTF-8 at offset {place}{help}");
            Err(noted(response, message))
        }
    }
}

/// Returns the text of a body that is not JSON, where a JSON string is documented. `any` states whether any value is
/// documented.
pub(super) fn instead_of_json(response: &RawResponse, body: &[u8], any: bool) -> Option<String> {
    let first = body.iter().copied().find(|byte| !byte.is_ascii_whitespace());
    let is_structure = matches!(first, None | Some(b'{' | b'[' | b'<'));
    // A page, for example a login page, is not a valid result.
    if is_structure && !any || first == Some(b'<') && !declares_xml(response) {
        return None;
    }
    let begins_json = matches!(first, Some(b'"' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n'));
    let is_said =
        response.media_type().is_none_or(|media_type| declares_text(&media_type.to_ascii_lowercase(), response, any));
    let is_bare = response.declares_json() && !begins_json && !is_structure;
    if !is_said && !is_bare {
        return None;
    }
    if is_json(body) { None } else { of(response).ok() }
}

fn is_json(text: &[u8]) -> bool {
    let mut reader = Reader::new(text);
    reader.skip().and_then(|()| reader.finish()).is_ok()
}

/// Returns the JSON of a success that is an object or an array where a string is documented, unless it describes a
/// failure.
pub(super) fn structure<'b>(response: &RawResponse, body: &'b [u8]) -> Option<&'b str> {
    let json = std::str::from_utf8(body.trim_ascii()).ok().filter(|json| json.starts_with(['{', '[']))?;
    let is_tolerated = response.success && response.item.is_none() && response.leniency >= Leniency::Usual;
    let is_meant = is_tolerated && is_json(json.as_bytes()) && !response.describes_failure();
    is_meant.then_some(json)
}

fn declares_xml(response: &RawResponse) -> bool {
    let media_type = response.media_type().unwrap_or_default().to_ascii_lowercase();
    media_type.contains("xml") && !media_type.contains("html")
}

/// Returns `true` if a lower-case media type is text. Events are not, and XML only where any value is documented. Express declares any text
/// as HTML.
/// An item of a stream has no media type.
fn declares_text(media_type: &str, response: &RawResponse, any: bool) -> bool {
    if response.item.is_some() {
        return media_type == "text/plain";
    }
    let subtype = media_type.strip_prefix("application/").map(|subtype| subtype.strip_prefix("x-").unwrap_or(subtype));
    let is_text = media_type.starts_with("text/")
        || media_type.ends_with("+xml")
        || media_type.ends_with("+yaml")
        || subtype.is_some_and(|subtype| TEXTS.contains(&subtype));
    is_text && media_type != "text/event-stream" && (any || !media_type.contains("xml"))
}
