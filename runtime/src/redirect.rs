//! Redirects (RFC 9110 §15.4): whether and how to follow them.
//!
//! In: status and headers of a response. Out: the next [`Hop`], or the reason to stop. This module sends nothing.
//! Invariant: after a redirect to another origin, no hop counts as the same origin again. So a server cannot make a
//! client send credentials to a path of its choice.

use http::header::LOCATION;
use http::{HeaderMap, Method, StatusCode};
use percent_encoding::percent_decode_str;

use crate::platform::Url;

/// A request in a chain of redirects.
#[derive(Clone, Debug)]
pub(crate) struct Hop {
    pub(crate) method: Method,
    pub(crate) url: Url,
    /// Whether the body of the call is sent.
    pub(crate) body: bool,
    /// Whether this hop and all before it went to the origin of the operation's server.
    pub(crate) same_origin: bool,
}

/// The decision about a response.
#[derive(Debug)]
pub(crate) enum Decision {
    /// The response is not a redirect.
    Final,
    /// Do not follow the redirect, for this reason.
    Stop(&'static str),
    /// Follow the redirect.
    Follow(Hop),
}

/// Decides what to do after a response. `keys` are the API keys that were added to the query.
pub(crate) fn decide(hop: &Hop, status: StatusCode, headers: &HeaderMap, keys: &[&str]) -> Decision {
    if !matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Decision::Final;
    }
    let Some(location) = headers.get(LOCATION) else { return Decision::Final };
    let target = std::str::from_utf8(location.as_bytes()).ok().and_then(|text| hop.url.join(text).ok());
    let Some(mut target) = target else {
        return Decision::Stop("redirect not followed: its target is not a URL");
    };
    if !matches!(target.scheme(), "http" | "https") {
        return Decision::Stop("redirect not followed: its target is not an http or https URL");
    }
    // The HTTP client would convert these into credentials.
    if !target.username().is_empty() || target.password().is_some() {
        return Decision::Stop("redirect not followed: its target has a user name");
    }
    target.set_fragment(None);
    let (method, body) = method_after(status, hop);
    let same_origin = hop.same_origin && hop.url.origin() == target.origin();
    if !same_origin {
        if hop.url.scheme() == "https" && target.scheme() == "http" {
            return Decision::Stop("redirect not followed: it leads from https to http");
        }
        if body || !matches!(method, Method::GET | Method::HEAD) {
            return Decision::Stop("redirect not followed: it leads to another origin");
        }
        remove_keys(&mut target, keys);
    }
    Decision::Follow(Hop { method, url: target, body, same_origin })
}

/// Returns method and body after a redirect (RFC 9110 §15.4): 303 changes to GET, 301 and 302 change POST to GET, 307
/// and 308 change nothing.
fn method_after(status: StatusCode, hop: &Hop) -> (Method, bool) {
    let becomes_get = match status.as_u16() {
        303 => hop.method != Method::HEAD,
        301 | 302 => hop.method == Method::POST,
        _ => false,
    };
    if becomes_get { (Method::GET, false) } else { (hop.method.clone(), hop.body) }
}

/// Removes API keys from the query: a server that redirects all requests to its new name keeps the query, including the
/// key.
fn remove_keys(url: &mut Url, keys: &[&str]) {
    let Some(query) = url.query().filter(|_| !keys.is_empty()) else { return };
    let is_key = |pair: &str| {
        let value = pair.split_once('=').map_or("", |(_, value)| value);
        let literal = percent_decode_str(value).decode_utf8_lossy();
        let spaced = value.replace('+', " ");
        let spaced = percent_decode_str(&spaced).decode_utf8_lossy();
        keys.iter().any(|key| *key == literal || *key == spaced)
    };
    let remaining: Vec<&str> = query.split('&').filter(|pair| !is_key(pair)).collect();
    let remaining = remaining.join("&");
    url.set_query((!remaining.is_empty()).then_some(&remaining));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hop(method: Method, url: &str) -> Hop {
        Hop { body: method == Method::POST, method, url: Url::parse(url).unwrap(), same_origin: true }
    }

    fn to(hop: &Hop, status: u16, location: &str) -> Decision {
        let mut headers = HeaderMap::new();
        headers.insert(LOCATION, location.parse().unwrap());
        decide(hop, StatusCode::from_u16(status).unwrap(), &headers, &["s e/c+ret"])
    }

    fn followed(decision: Decision) -> (Method, String, bool, bool) {
        match decision {
            Decision::Follow(hop) => (hop.method, hop.url.to_string(), hop.body, hop.same_origin),
            other => panic!("not followed: {other:?}"),
        }
    }

    #[test]
    fn methods_change_as_rfc_9110_says() {
        for (method, status, after) in [
            (Method::POST, 301, Method::GET),
            (Method::POST, 302, Method::GET),
            (Method::POST, 303, Method::GET),
            (Method::POST, 307, Method::POST),
            (Method::POST, 308, Method::POST),
            (Method::PUT, 302, Method::PUT),
            (Method::DELETE, 303, Method::GET),
            (Method::HEAD, 303, Method::HEAD),
        ] {
            let (found, _, body, same_origin) = followed(to(&hop(method.clone(), "https://a/x"), status, "/y"));
            assert_eq!((found, body), (after.clone(), after == Method::POST), "{method} {status}");
            assert!(same_origin);
        }
    }

    #[test]
    fn scheme_host_and_port_make_the_origin() {
        let start = hop(Method::GET, "https://a/x?q=1");
        assert_eq!(
            followed(to(&start, 302, "https://a:443/y#part")),
            (Method::GET, "https://a/y".to_owned(), false, true)
        );
        for away in ["https://a:444/y", "https://b/y", "//b/y"] {
            assert!(!followed(to(&start, 302, away)).3, "{away}");
        }
        for refused in ["http://a/y", "ftp://a/y", "https://u:p@a/y", "https://", "data:text/plain,x"] {
            assert!(matches!(to(&start, 302, refused), Decision::Stop(_)), "{refused}");
        }
        assert!(matches!(to(&hop(Method::POST, "https://a/x"), 307, "https://b/"), Decision::Stop(_)));
        assert!(matches!(to(&hop(Method::DELETE, "https://a/x"), 308, "https://b/"), Decision::Stop(_)));
        assert!(matches!(to(&start, 304, "/y"), Decision::Final));
    }

    #[test]
    fn once_away_always_away() {
        let away = Hop { same_origin: false, ..hop(Method::GET, "https://b/x") };
        assert!(!followed(to(&away, 302, "https://b/y")).3);
        assert!(!followed(to(&away, 302, "https://a/y")).3);
    }

    #[test]
    fn a_key_in_the_query_stays_at_home() {
        let start = hop(Method::GET, "https://a/x");
        let (_, url, ..) = followed(to(&start, 302, "https://b/x?q=1&key=s%20e%2Fc%2Bret&k2=s+e%2Fc%2bret"));
        assert_eq!(url, "https://b/x?q=1");
    }
}
