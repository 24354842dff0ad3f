//! Preparing a request to be sent.
//!
//! In: the [`Parts`] of a request. Out: an [`Exchange`] with URL and the chosen credentials. Invariants: the path of
//! the URL is the path of the server followed by the expanded template, without any normalization. A path parameter
//! stays in its segment, or in the segments of its style. Settings of the call replace defaults of the client.

use std::iter;
use std::sync::Mutex;

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue};

use super::state::{Exchange, Provided, origin};
use crate::auth;
use crate::error::CoreError;
use crate::platform::Url;
use crate::redirect::Hop;
use crate::request::{Parameters, Parts};
use crate::{parameter, redact, retry};

/// The length of most path templates, in bytes.
const USUAL_PATH: usize = 64;

/// The length of the longest URL that the HTTP client sends, in bytes.
const LONGEST_URL: usize = 65_534;

/// Prepares a request, or returns its fault.
pub(super) fn prepare(mut request: Box<Parts>, has_error_body: bool) -> Result<Exchange, CoreError> {
    request.complete_body();
    let problem = request.options.parameters.problem.take();
    let url = problem.map_or_else(|| url(&request), Err).map_err(|reason| request.refused(reason))?;
    let chosen = auth::choose(request.security, &request.shared.credentials);
    let credentials = chosen.map_err(|reason| request.without_credentials(reason, None))?;
    let is_idempotent =
        request.described.is_idempotent || request.options.is_idempotent || retry::is_idempotent(&request.method);
    let may_need_key = !is_idempotent || request.described.idempotency_key.is_some();
    let has_own_key = may_need_key && has_idempotency_key(&request);
    let idempotency_key = if has_own_key { None } else { idempotency_key(&request) };
    let provided = Provided::among(&credentials, |name| has_header(&request, name));
    Ok(Exchange {
        has_error_body,
        is_idempotent: is_idempotent || has_own_key || idempotency_key.is_some(),
        idempotency_key,
        first: Hop { method: request.method.clone(), url, body: request.body.is_some(), same_origin: true },
        provided,
        replaced_tokens: Vec::new(),
        added: Mutex::default(),
        credentials,
        deadline: None,
        limits: request.options.limits.or(request.shared.settings.limits),
        request,
    })
}

/// Returns all headers except cookies and credentials. A later header replaces an earlier one of the same name.
fn all_headers(request: &Parts) -> impl Iterator<Item = (HeaderName, HeaderValue)> {
    let accept = request
        .described
        .accept
        .and_then(|accept| HeaderValue::from_maybe_shared(Bytes::from_static(accept.as_bytes())).ok());
    let content_type = request.body.as_ref().map(|(media_type, _)| media_type.clone());
    let defaults = request.described.default_headers.iter().filter_map(|name| {
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        let value = request.shared.settings.default_header(&name)?.clone();
        Some((name, value))
    });
    let of_client = request.shared.settings.headers.iter().cloned();
    let of_body =
        accept.map(|value| (ACCEPT, value)).into_iter().chain(content_type.map(|value| (CONTENT_TYPE, value)));
    let of_call = request.parameters().headers.iter().chain(&request.overrides).cloned();
    of_client.chain(of_body).chain(defaults).chain(of_call)
}

/// Returns the headers of a request, except cookies and credentials.
pub(super) fn headers(request: &Parts) -> HeaderMap {
    let mut headers = HeaderMap::new();
    all_headers(request).for_each(|(name, value)| drop(headers.insert(name, value)));
    headers
}

/// Returns `true` if [`headers`] has a header of this name.
pub(super) fn has_header(request: &Parts, name: &HeaderName) -> bool {
    all_headers(request).any(|(known, _)| known == *name)
}

/// Returns `true` if the caller set a header, a query parameter or a cookie that names a credential.
#[cold]
pub(super) fn has_own_credentials(request: &Parts) -> bool {
    let parameters = request.parameters();
    let query = parameters.query.iter().map(|(name, _)| name.as_str());
    let cookies = parameters.cookies.iter().map(|(name, _)| name.as_str());
    query.chain(cookies).any(redact::is_secret_name)
        || all_headers(request).any(|(name, _)| redact::is_secret_name(name.as_str()))
}

/// Returns `true` if the request has its own idempotency key.
fn has_idempotency_key(request: &Parts) -> bool {
    let names = [request.described.idempotency_key.unwrap_or_default(), "idempotency-key", "x-idempotency-key"];
    let is_key = |name: &HeaderName| names.iter().any(|known| known.eq_ignore_ascii_case(name.as_str()));
    // An empty key does not count.
    all_headers(request).any(|(name, value)| is_key(&name) && !value.is_empty())
}

/// Returns an idempotency key for all attempts of a request, if its operation supports one.
fn idempotency_key(request: &Parts) -> Option<(HeaderName, HeaderValue)> {
    let name = HeaderName::from_bytes(request.described.idempotency_key?.as_bytes()).ok()?;
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).ok()?;
    let key = uuid::Builder::from_random_bytes(bytes).into_uuid().to_string();
    Some((name, HeaderValue::from_str(&key).ok()?))
}

/// Returns the whole URL. Parsing it resolves dot segments. A path that parsing changes is an error, because it would
/// address another resource (RFC 3986 §5.2.4).
pub(crate) fn url(request: &Parts) -> Result<Url, String> {
    let base = match request.described.server {
        Some(server) => {
            &request.shared.settings.server(server).map_err(|reason| format!("the operation's server {reason}"))?
        }
        None => &request.shared.settings.base,
    };
    let (target, length) = target(&base.path, request)?;
    let path = target.get(..length).unwrap_or_default();
    debug_assert_eq!(path.len(), length, "the path is the beginning of the target");
    // Two leading slashes would begin a host (RFC 3986 §4.2).
    let url = if path.starts_with("//") { base.url.join(&format!("/.{target}")) } else { base.url.join(&target) };
    let url = url.map_err(|error| format!("the path or its query is not valid in a URL: {error}"))?;
    if url.as_str().len() > LONGEST_URL {
        return Err(format!("the URL has {} bytes, more than the limit of {LONGEST_URL}", url.as_str().len()));
    }
    if url.path() != path || origin(&url) != origin(&base.url) {
        return Err("the path has a segment `.` or `..`, which would address another resource".to_owned());
    }
    Ok(url)
}

/// Returns the path and the query, percent-encoded, and the length of the path. The path begins with the path of the
/// base URL, unless a link specifies it.
fn target(base: &str, request: &Parts) -> Result<(String, usize), String> {
    // The path of a link is relative to the server, not to the base URL.
    let base = if request.target.is_some() && request.is_described() { "" } else { base };
    let Parameters { path: values, query: set, .. } = request.parameters();
    let lengths = values.iter().chain(set).map(|(name, text)| name.len() + text.len());
    let mut target = String::with_capacity(base.len() + lengths.sum::<usize>() + USUAL_PATH);
    target.push_str(base);
    let mut query = String::new();
    match &request.target {
        Some(text) => {
            let (below, pairs) = verbatim(text)?;
            target.push_str(&below);
            query = pairs;
        }
        None => {
            // Some API documents distinguish operations by a fragment (`/files#upload`), which is not sent.
            let text = request.described.path;
            let text = cut(text, b'#').map_or(text, |(text, _)| text);
            check_parameters(text, values)?;
            let (below, pairs) = cut(text, b'?').unwrap_or((text, ""));
            check_segments(below, values, request.options.with_empty_path)?;
            expand(below, values, &mut target)?;
            expand(pairs, values, &mut query)?;
        }
    }
    if target.get(base.len()..).is_some_and(|below| !below.starts_with('/') && !below.is_empty()) || target.is_empty() {
        target.insert(base.len(), '/');
    }
    let length = target.len();
    let defaults = default_query(request);
    let pairs = iter::once(&query).chain(&defaults).chain(set.iter().map(|(_, pairs)| pairs));
    for pairs in pairs.filter(|pairs| !pairs.is_empty()) {
        target.push(if target.len() == length { '?' } else { '&' });
        target.push_str(pairs);
    }
    Ok((target, length))
}

/// Returns the client's default query parameters, except those that the call sets.
fn default_query(request: &Parts) -> Vec<String> {
    let is_open = |name: &str| {
        request.described.default_query.contains(&name) && request.parameters().query.iter().all(|(set, _)| set != name)
    };
    let defaults = request.shared.settings.default_query.iter().filter(|(name, _)| is_open(name));
    defaults.map(|(name, value)| parameter::query_pair(name, value)).collect()
}

/// Returns path and query of the caller.
#[cold]
fn verbatim(text: &str) -> Result<(String, String), String> {
    if text.contains('#') {
        return Err("the path has a fragment, which cannot be sent".to_owned());
    }
    // Parsing a URL would drop some control characters, and the meaning of the others depends on the server.
    if text.contains(char::is_control) {
        return Err("the path or its query has a control character".to_owned());
    }
    let (path, query) = text.split_once('?').unwrap_or((text, ""));
    Ok((parameter::literal(path).to_string(), parameter::literal_query(query)))
}

/// Checks that the template contains all path parameters.
fn check_parameters(template: &str, values: &[(String, String)]) -> Result<(), String> {
    let has = |name: &str| {
        let mut rest = template;
        while let Some((_, after)) = cut(rest, b'{') {
            if after.strip_prefix(name).is_some_and(|after| after.starts_with('}')) {
                return true;
            }
            rest = after;
        }
        false
    };
    match values.iter().find(|(name, _)| !has(name)) {
        Some((name, _)) => Err(format!("the path has no parameter `{name}`")),
        None => Ok(()),
    }
}

/// Checks that no segment with a parameter is a dot segment or, unless the caller allows it, empty: it would address
/// another resource.
fn check_segments(path: &str, values: &[(String, String)], may_be_empty: bool) -> Result<(), String> {
    let is_plain = |value: &str| !value.is_empty() && !value.starts_with(['.', '%']) && !value.contains('/');
    if values.iter().all(|(_, value)| is_plain(value)) {
        return Ok(());
    }
    for segment in path.split('/').filter(|segment| segment.contains('{')) {
        let mut expanded = String::new();
        expand(segment, values, &mut expanded)?;
        let problem = match expanded.trim_matches('/') {
            "" if may_be_empty => continue,
            "" => ("is empty", "; `CallOptions::with_empty_path` allows it"),
            segments if segments.split('/').any(is_dot_segment) => ("makes a path segment `.` or `..`", ""),
            _ => continue,
        };
        let (problem, help) = problem;
        let name = segment.rsplit('{').next().and_then(|rest| rest.split('}').next()).unwrap_or_default();
        return Err(format!("the path parameter `{name}` {problem}, which would address another resource{help}"));
    }
    Ok(())
}

/// Returns whether a segment is `.` or `..`, percent-encoded or not (WHATWG URL §4.1).
fn is_dot_segment(segment: &str) -> bool {
    let forms = [".", "%2e", "..", ".%2e", "%2e.", "%2e%2e"];
    forms.iter().any(|form| form.eq_ignore_ascii_case(segment))
}

/// Returns the text before and after an ASCII character. Templates are short, so checking each byte is fastest.
fn cut(text: &str, at: u8) -> Option<(&str, &str)> {
    let place = text.bytes().position(|byte| byte == at)?;
    Some((text.get(..place)?, text.get(place + 1..)?))
}

/// Appends a part of a template with each `{name}` replaced by its encoded value.
fn expand(template: &str, values: &[(String, String)], expanded: &mut String) -> Result<(), String> {
    let mut rest = template;
    while let Some((before, after)) = cut(rest, b'{') {
        let Some((name, after)) = cut(after, b'}') else {
            return Err("the path template has a `{` without `}`".to_owned());
        };
        let Some((_, value)) = values.iter().find(|(known, _)| known == name) else {
            return Err(format!("the path parameter `{name}` is not set"));
        };
        expanded.extend(parameter::literal(before));
        // A value of several segments may be a whole path.
        let is_first = before == "/" && rest.len() == template.len();
        expanded.push_str(value.strip_prefix('/').filter(|_| is_first).unwrap_or(value));
        rest = after;
    }
    expanded.extend(parameter::literal(rest));
    Ok(())
}
