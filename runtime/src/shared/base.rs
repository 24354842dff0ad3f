//! Base URLs and their validation.
//!
//! In: a URL from the caller. Out: a [`Base`], or the reason why it cannot be used. Invariant: a base URL is used
//! unchanged, or rejected.

use crate::platform::Url;

/// A checked base URL.
#[derive(Clone)]
pub(crate) struct Base {
    /// Scheme, host, port and path only.
    pub(crate) url: Url,
    /// The path without the trailing slash. A path template is appended to it.
    pub(crate) path: String,
}

impl Base {
    /// Returns the root of the server of a URL.
    pub(crate) fn root(url: &Url) -> Self {
        let mut base = Self { url: url.clone(), path: String::new() };
        base.url.set_path("");
        base.url.set_query(None);
        base.url.set_fragment(None);
        base
    }

    /// Returns the URL, without the slash of a URL without a path.
    pub(crate) fn as_str(&self) -> &str {
        let text = self.url.as_str();
        if self.path.is_empty() { text.strip_suffix('/').unwrap_or(text) } else { text }
    }
}

/// Parses a base URL. The error is the reason why it cannot be used.
pub(crate) fn base(text: &str) -> Result<Base, &'static str> {
    if text.contains(['{', '}']) {
        return Err("has a server variable in braces, which must be replaced with its value");
    }
    // The URL is not quoted, because it may contain a password.
    let url = Url::parse(text).map_err(|_| "is not an absolute URL")?;
    let base = checked(&url)?;
    difference(text, &url).map_or(Ok(base), Err)
}

/// Resolves a URL of an API document against a base URL (RFC 3986 §5.2).
pub(crate) fn joined(base: &Base, documented: &str) -> Result<Url, &'static str> {
    base.url.join(documented).map_err(|_| "is not a URL")
}

/// Resolves a URL of an API document to which requests are sent. Unlike a base URL it may have a query.
pub(crate) fn address(base: &Base, documented: &str) -> Result<Url, &'static str> {
    if documented.contains(['{', '}']) {
        return Err("has a variable in braces; replace the server with `ClientBuilder::server`");
    }
    let mut url = joined(base, documented)?;
    url.set_query(None);
    checked(&url)?;
    joined(base, documented)
}

/// Returns the change of a base URL by parsing, beyond the equivalences of RFC 3986 §6.2.2 and §6.2.3: letter case of
/// scheme and host, the default port, and no path instead of `/`. Parsing silently repairs URLs, and the result could
/// be another server.
fn difference(text: &str, url: &Url) -> Option<&'static str> {
    if text.contains(|character: char| character.is_whitespace() || character.is_control()) {
        return Some("has a space or a control character");
    }
    let Some((_, rest)) = text.split_once("://").filter(|(scheme, _)| scheme.eq_ignore_ascii_case(url.scheme())) else {
        return Some("is not written as `scheme://host`");
    };
    let (authority, path) = rest.split_at(rest.find(['/', '\\']).unwrap_or(rest.len()));
    let port = authority.rfind(':').filter(|colon| authority.get(*colon..).is_some_and(|port| !port.contains(']')));
    let host = authority.get(..port.unwrap_or(authority.len())).unwrap_or_default();
    // The forms of an IPv6 address are equivalent; the forms of an IPv4 address are parsed in different ways.
    let is_same_host =
        url.host_str().is_some_and(|parsed| parsed.eq_ignore_ascii_case(host) || parsed.starts_with('['));
    if !is_same_host || host.is_empty() {
        return Some(
            "has a host that would be sent in another form; write names in ASCII (`xn--…`) and addresses as `127.0.0.1`",
        );
    }
    if url.path() != path && !(path.is_empty() && url.path() == "/") {
        return Some(
            "has a path that would be sent in another form: with `\\`, a segment `.` or `..`, or a character to be percent-encoded",
        );
    }
    None
}

/// Returns the base URL in a parsed URL, which must not have other parts.
pub(crate) fn checked(url: &Url) -> Result<Base, &'static str> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err("does not start with http:// or https://");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("has a user name or a password; pass credentials to `auth`");
    }
    if url.query().is_some() {
        return Err("has a query");
    }
    if url.fragment().is_some() {
        return Err("has a fragment");
    }
    let path = url.path().strip_suffix('/').unwrap_or(url.path()).to_owned();
    let mut url = url.clone();
    url.set_path(&path);
    Ok(Base { url, path })
}
