//! The server's error message.
//!
//! In: an error response. Out: the human-readable message, if there is one: a plain text, or what [`search`] finds in
//! JSON or XML, regardless of the API document. Invariant: any bytes are accepted, and only the beginning is read.

mod found;
mod json;
mod keys;
mod search;

pub(super) use found::is_name_of;
use json::Json;

use crate::limits::EXCERPT;
use crate::response::RawResponse;

/// Returns the message in a JSON body, or in XML with the feature `xml`, or a plain text body unchanged, regardless of its media type. Only
/// the beginning of a long body is searched. Also returns whether the message may be truncated.
pub(crate) fn find(response: &RawResponse) -> Option<(String, bool)> {
    let whole = response.body_without_mark();
    let body = whole.get(..EXCERPT).unwrap_or(whole);
    // A failure is read at least up to this length. A body of this length may have been longer.
    let is_cut = response.body.len() >= EXCERPT;
    let text = match std::str::from_utf8(body) {
        Ok(text) => text,
        Err(error) if is_cut && error.error_len().is_none() => {
            body.get(..error.valid_up_to()).map(std::str::from_utf8)?.ok()?
        }
        Err(_) => return None,
    };
    // An unterminated string is omitted: it could contain an unrecognizable part of a secret.
    let is_partial = is_cut && text.trim_start().starts_with(['{', '[']);
    if let Some(value) = if is_partial { Json::beginning(text) } else { Json::whole(text).or_else(|| of_xml(text)) } {
        return search::message(&value).map(|message| (message, false));
    }
    let text = found::for_people(text)?;
    // HTML, other XML and broken JSON are not messages.
    let is_prose = !text.starts_with(['<', '{', '[']) && !text.contains('\0');
    is_prose.then(|| (text.to_owned(), is_cut))
}

/// Returns the JSON of an XML document that is not a page.
#[cfg(feature = "xml")]
fn of_xml(text: &str) -> Option<Json> {
    use crate::xml::{Root, Type, json};

    let is_page = || text.to_ascii_lowercase().contains("<html");
    let json = (text.trim_start().starts_with('<') && !is_page()).then(|| json(text, &Root("", Type::Any)).ok())??;
    Json::whole(std::str::from_utf8(&json).ok()?)
}

#[cfg(not(feature = "xml"))]
fn of_xml(_: &str) -> Option<Json> {
    None
}
