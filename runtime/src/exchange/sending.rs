//! Sending one request: its headers, its body, and the head of its response.
//!
//! In: a hop of an [`Exchange`]. Out: an [`Answer`] with unread body. Invariant: credentials, cookies and header
//! parameters are sent only to the origin of the operation's server: the origin of the base URL, unless the API
//! document has another server. `Accept`, `Range` and `If-Range` are excepted.

use std::borrow::Cow;
use std::sync::Arc;

use http::header::{ACCEPT, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, IF_RANGE, RANGE};
use http::{HeaderMap, HeaderValue, Method, StatusCode};

use super::answer::Answer;
use super::prepare;
use super::state::{Exchange, Tally};
use super::upload::{Progress, upload};
use crate::auth::{self, Placement};
use crate::error::CoreError;
use crate::header::header_value;
use crate::lock::lock;
use crate::observe::{self, RequestStage};
use crate::parameter;
use crate::platform::{self, Instant, Url};
use crate::redirect::Hop;
use crate::request::Parts;
use crate::response::Sent as _;
use crate::waiting::Waiting;

/// Sends a request, with the answer to a challenge if there is one.
pub(super) async fn send_once(
    exchange: &Exchange,
    hop: &Hop,
    authorization: Option<&HeaderValue>,
    tally: &mut Tally,
) -> Result<Box<Answer>, CoreError> {
    let settings = &exchange.request.shared.settings;
    let (sending, progress) = {
        // The future does not contain the request.
        let (request, progress) = request(exchange, hop, authorization)?;
        tally.send(&settings.observers);
        exchange.notify(tally, hop, || RequestStage::Sending);
        (settings.http.execute(&exchange.request.operation, request, hop.same_origin), progress)
    };
    let answer = Answer::to(sending, waiting(exchange), progress.as_deref()).await;
    let duration = tally.duration();
    let mut answer = match answer.map_err(|failure| exchange.failed(failure)) {
        Ok(answer) => answer,
        Err(mut error) => {
            error.is_foreign = !hop.same_origin;
            exchange.notify(tally, hop, || RequestStage::Failed { error: &error, duration });
            let reason = progress.as_deref().and_then(Progress::failure);
            return Err(
                reason.map_or_else(|| CoreError::Transport(Box::new(error)), |reason| exchange.request.refused(reason))
            );
        }
    };
    let (status, request_id) = (answer.status, request_id(exchange, &answer.headers));
    let request_id = request_id.as_deref();
    exchange.notify(tally, hop, || RequestStage::Received { status, duration, request_id });
    answer.note = note(exchange, status, hop);
    Ok(answer)
}

/// Returns the time limits for the response to a request that is sent now. A mock needs no timer.
fn waiting(exchange: &Exchange) -> Waiting {
    if exchange.request.shared.settings.http.is_mocked {
        return Waiting::default();
    }
    let attempt = exchange.limits.attempt.and_then(|limit| Instant::now().checked_add(limit));
    Waiting { idle: exchange.limits.idle, call: exchange.deadline, attempt }
}

/// Returns the request of a hop, and the progress of sending its body.
fn request(
    exchange: &Exchange,
    hop: &Hop,
    authorization: Option<&HeaderValue>,
) -> Result<(platform::Request, Option<Arc<Progress>>), CoreError> {
    let url = if hop.same_origin { with_query_keys(exchange, &hop.url) } else { hop.url.clone() };
    let mut headers = if hop.same_origin { headers(exchange, hop)? } else { public_headers(exchange) };
    if let Some(authorization) = authorization {
        headers.insert(AUTHORIZATION, authorization.clone());
        lock(&exchange.added).push((AUTHORIZATION, authorization.clone()));
    }
    let is_empty = !hop.body || exchange.body().is_none_or(|body| body.length() == Some(0));
    if is_empty && matches!(hop.method, Method::POST | Method::PUT | Method::PATCH) {
        // RFC 9110 §8.6: announces that there is no content. Otherwise some servers wait for content.
        headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
    if hop.same_origin {
        exchange.change(hop, &url, &mut headers)?;
    }
    let mut request = platform::Request::new(hop.method.clone(), url);
    *request.headers_mut() = headers;
    let mut progress = None;
    if let Some(content) = exchange.body().filter(|_| hop.body) {
        if !content.can_be_sent() {
            return Err(exchange.request.refused("the body is a reader that has already been read"));
        }
        let body;
        (body, progress) = upload(content, exchange.request.options.upload_progress.clone());
        *request.body_mut() = Some(body);
    }
    let has_key = || exchange.credentials.iter().any(|credential| credential.query_key().is_some());
    let may_follow = || exchange.request.follows_redirects() && !(hop.same_origin && has_key());
    match platform::check(&mut request, may_follow) {
        Ok(()) => Ok((request, progress)),
        Err(reason) => Err(exchange.request.refused(reason)),
    }
}

/// Returns the server's request ID, for observers. It is redacted, since a server could repeat secrets in it.
fn request_id(exchange: &Exchange, headers: &HeaderMap) -> Option<String> {
    if !exchange.request.shared.settings.observers.listen() {
        return None;
    }
    observe::request_id(headers).map(|id| exchange.secrets().redacted(id.to_owned()))
}

/// Returns the note about a rejection without credentials.
fn note(exchange: &Exchange, status: StatusCode, hop: &Hop) -> Option<Cow<'static, str>> {
    let is_refused = matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) && hop.same_origin;
    if !is_refused || !exchange.credentials.is_empty() || prepare::has_own_credentials(&exchange.request) {
        return None;
    }
    let Parts { security, described, shared, .. } = &*exchange.request;
    // A login has only a password as credentials, or documents its rejection.
    let is_documented = described.documents(status) && (exchange.has_error_body || !described.failures.is_empty());
    let has_secret = !exchange.request.parameters().secrets.is_empty();
    if security.is_empty() && (is_documented || has_secret) {
        return None;
    }
    Some(auth::why_none(security, &shared.credentials).into())
}

/// Adds API keys to the query, unless it has a pair of the same name.
pub(super) fn with_query_keys(exchange: &Exchange, url: &Url) -> Url {
    let mut url = url.clone();
    for credential in &exchange.credentials {
        let Placement::Query { name, value } = &credential.placement else { continue };
        if url.query_pairs().any(|(known, _)| known == name.as_str()) {
            continue;
        }
        let pair = parameter::query_pair(name, value);
        let query = match url.query() {
            Some(query) if !query.is_empty() => format!("{query}&{pair}"),
            _ => pair,
        };
        url.set_query(Some(&query));
    }
    url
}

/// Returns all headers of a hop to the origin of the operation's server.
fn headers(exchange: &Exchange, hop: &Hop) -> Result<HeaderMap, CoreError> {
    let mut headers = prepare::headers(&exchange.request);
    if let Some((name, value)) = exchange.idempotency_key.clone() {
        headers.insert(name, value);
    }
    if exchange.request.body.is_some() && !hop.body {
        headers.remove(CONTENT_TYPE);
    }
    exchange.credentials.iter().for_each(|credential| credential.add_to(&mut headers));
    if let Some(cookies) = cookie_header(exchange)?
        && !headers.contains_key(COOKIE)
    {
        headers.insert(COOKIE, cookies);
    }
    Ok(headers)
}

/// Returns the headers of a hop to another origin: those that select a part or a form of the content.
fn public_headers(exchange: &Exchange) -> HeaderMap {
    let mut headers = prepare::headers(&exchange.request);
    let public = [ACCEPT, RANGE, IF_RANGE].into_iter();
    public.filter_map(|name| headers.remove(&name).map(|value| (name, value))).collect()
}

/// Returns cookie parameters and API keys in a single `Cookie` header (RFC 6265 §5.4).
fn cookie_header(exchange: &Exchange) -> Result<Option<HeaderValue>, CoreError> {
    let own = || exchange.request.parameters().cookies.iter().flat_map(|(_, pairs)| pairs);
    let mut pairs: Vec<String> = own().map(|(name, value)| format!("{name}={value}")).collect();
    for credential in &exchange.credentials {
        match &credential.placement {
            Placement::Cookie { name, value } if !own().any(|(known, _)| known == name) => {
                pairs.push(format!("{name}={}", parameter::cookie_key(value)));
            }
            // Some API documents describe a cookie as an API key in the header `Cookie`.
            Placement::Header { name, value } if *name == COOKIE => {
                pairs.push(String::from_utf8_lossy(value.as_bytes()).into_owned());
            }
            _ => {}
        }
    }
    if pairs.is_empty() {
        return Ok(None);
    }
    let value = header_value(&COOKIE, &pairs.join("; "));
    value.map(Some).map_err(|reason| exchange.request.refused(format!("the cookie header {reason}")))
}
