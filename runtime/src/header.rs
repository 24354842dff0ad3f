//! Header names and values.

use std::str::FromStr;
use std::time::Duration;

use crate::platform;
use crate::wire::Reason;
use http::header::{
    AUTHORIZATION, CONTENT_LENGTH, COOKIE, PROXY_AUTHORIZATION, RETRY_AFTER, SET_COOKIE, TRANSFER_ENCODING,
};
use http::{HeaderMap, HeaderName, HeaderValue};

/// Parses the name of a header that a caller may set.
pub(crate) fn header_name(text: &str) -> Result<HeaderName, Reason> {
    let name = HeaderName::from_bytes(text.as_bytes()).map_err(|_| "has an invalid name")?;
    // The HTTP client writes these headers. With a wrong value, the server would see two requests in one.
    if name == CONTENT_LENGTH || name == TRANSFER_ENCODING {
        return Err("cannot be set: it is derived from the body");
    }
    Ok(name)
}

/// Parses the value of a header in UTF-8, without control characters and without the white space around it (RFC 9110
/// §5.5). Credentials are marked as sensitive, so that they are not logged.
pub(crate) fn header_value(name: &HeaderName, text: &str) -> Result<HeaderValue, Reason> {
    if text.chars().any(char::is_control) {
        return Err("has a value with a control character");
    }
    let text = text.trim_matches(' ').as_bytes();
    let mut value = HeaderValue::from_bytes(text).map_err(|_| "has a value that a header cannot contain")?;
    value.set_sensitive([AUTHORIZATION, PROXY_AUTHORIZATION, COOKIE].contains(name));
    Ok(value)
}

/// Returns the value of all header lines with that name, joined by commas and parsed as a `V`. Only the first line of
/// `Set-Cookie`, whose values contain commas (RFC 9110 §5.3).
pub(crate) fn parsed<V: FromStr>(headers: &HeaderMap, name: &str) -> Option<V> {
    let count = if name.eq_ignore_ascii_case(SET_COOKIE.as_str()) { 1 } else { usize::MAX };
    let lines =
        headers.get_all(name).iter().take(count).map(|line| std::str::from_utf8(line.as_bytes()).map(str::trim));
    let lines = lines.collect::<Result<Vec<_>, _>>().ok().filter(|lines| !lines.is_empty())?;
    lines.join(", ").parse().ok()
}

/// Returns a function that receives the characters of a text in sequence, and returns `true` for each `separator`
/// outside of quoted strings (RFC 9110 §5.6.4).
pub(crate) fn outside_quotes(separator: char) -> impl FnMut(char) -> bool {
    let (mut is_quoted, mut is_escaped) = (false, false);
    move |character| {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' if is_quoted => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            _ => return character == separator && !is_quoted,
        }
        false
    }
}

/// Shows the names of headers without their values.
pub(crate) struct HeaderNames<'a>(pub(crate) &'a HeaderMap);

fmt!(Debug for HeaderNames<'_>: self, f => f.debug_list().entries(self.0.keys().map(HeaderName::as_str)).finish());

/// Returns the pause that a server requests (`Retry-After`, RFC 9110 §10.2.3). A date in the past is a pause of zero. A fraction, which
/// some servers send, is rounded up.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if !whole.is_empty() && whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit()) {
        let more = fraction.bytes().any(|digit| digit != b'0');
        return Some(Duration::from_secs(whole.parse().unwrap_or(u64::MAX).saturating_add(more.into())));
    }
    let date = httpdate::parse_http_date(text).ok()?;
    Some(date.duration_since(platform::system_time()).unwrap_or_default())
}
