//! The media types that this crate writes and recognizes.

/// The media type of JSON.
pub(crate) const JSON: &str = "application/json";
/// The media type of a form.
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";
/// The media type of a form with files.
pub(crate) const FORM_DATA: &str = "multipart/form-data";
/// The media type of related parts.
pub(crate) const RELATED: &str = "multipart/related";
/// The media type of plain text.
pub(crate) const TEXT: &str = "text/plain";

/// Returns `true` if a body of a media type is one JSON value. The suffix after `+` is the syntax (RFC 6839 §3). The
/// generator applies the same rule.
pub(crate) fn is_json(media_type: &str) -> bool {
    let essence = essence(media_type).to_ascii_lowercase();
    ["/json", "/x-json", "+json"].iter().any(|end| essence.ends_with(end))
}

/// Returns a media type without its parameters.
pub(crate) fn essence(media_type: &str) -> &str {
    media_type.split_once(';').map_or(media_type, |(essence, _)| essence).trim()
}

/// Returns the value of a parameter of a media type, without quotes.
pub(crate) fn parameter<'t>(media_type: &'t str, name: &str) -> Option<&'t str> {
    let mut parameters = media_type.split(';').skip(1).filter_map(|parameter| parameter.split_once('='));
    let (_, value) = parameters.find(|(known, _)| known.trim().eq_ignore_ascii_case(name))?;
    Some(value.trim().trim_matches('"'))
}
