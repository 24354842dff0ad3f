//! The exchange with the server: the only place that sends.
//!
//! In comes a [`Request`], out goes the [`RawResponse`] at the end of its redirects and challenges, whatever its status. Nothing here is generic, so it is
//! compiled once. Invariant: credentials, cookies and header parameters go to the origin of the operation's server, which is that of the base URL unless the
//! document names another, and nowhere else.

use std::borrow::Cow;
use std::time::Instant;

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, COOKIE};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use reqwest::Url;

use super::prepare::prepare;
use super::{Redirects, Request, header_value};
use crate::auth::digest::{Digest, Verdict};
use crate::auth::{Credential, Grant};
use crate::client::Client;
use crate::codegen::decode::RawResponse;
use crate::error::{Problem, RequestError, TransportError};
use crate::parameter;
use crate::redirect::{self, Hop, Step};

/// How many redirects are followed.
const REDIRECTS: usize = 10;

/// A request that is ready to be sent.
pub(crate) struct Exchange {
    pub(super) client: Client,
    pub(super) operation: Cow<'static, str>,
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) cookies: Vec<(String, String)>,
    pub(super) body: Option<Bytes>,
    pub(super) credentials: Vec<Credential>,
    pub(super) redirects: Redirects,
    pub(super) deadline: Option<Instant>,
}

/// Sends `request`, follows redirects, answers challenges, and reads the body of the last answer whole.
pub(crate) async fn exchange(request: Request) -> Result<RawResponse, Problem> {
    let exchange = prepare(request)?;
    let mut hop =
        Hop { method: exchange.method.clone(), url: exchange.url.clone(), body: exchange.body.is_some(), home: true };
    let keys: Vec<&str> = exchange.credentials.iter().filter_map(Credential::query_key).collect();
    let mut left = REDIRECTS;
    loop {
        let mut answer = exchange.send(&hop).await?;
        answer.success = match exchange.redirects {
            Redirects::Success => answer.status.is_success() || answer.status.is_redirection(),
            Redirects::Follow | Redirects::Error => answer.status.is_success(),
        };
        if exchange.redirects != Redirects::Follow {
            return Ok(answer);
        }
        match redirect::step(&hop, answer.status, &answer.headers, &keys) {
            Step::Final => return Ok(answer),
            Step::Stopped(reason) => {
                answer.note = Some(Cow::Borrowed(reason));
                return Ok(answer);
            }
            Step::Follow(_) if left == 0 => {
                answer.note = Some(Cow::Borrowed("too many redirects"));
                return Ok(answer);
            }
            Step::Follow(next) => hop = next,
        }
        left -= 1;
    }
}

impl Exchange {
    /// Sends one hop, with as many attempts as digest authentication needs.
    async fn send(&self, hop: &Hop) -> Result<RawResponse, Problem> {
        let url = if hop.home { self.with_query_keys(&hop.url) } else { hop.url.clone() };
        let headers = if hop.home { self.home_headers(hop)? } else { self.away_headers() };
        let digest = self.credentials.iter().find_map(Credential::as_digest);
        let Some(digest) = digest.filter(|_| hop.home && !headers.contains_key(AUTHORIZATION)) else {
            return self.send_once(hop, url, headers).await;
        };
        self.send_with_digest(digest, hop, &url, &headers).await
    }

    /// RFC 7616 §3.3: a 401 brings a challenge, which the next try answers. [`Digest`] bounds the attempts.
    async fn send_with_digest(
        &self,
        digest: &Digest,
        hop: &Hop,
        url: &Url,
        headers: &HeaderMap,
    ) -> Result<RawResponse, Problem> {
        let uri = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        let mut attempts = digest.begin(&hop.method, &uri);
        loop {
            let mut headers = headers.clone();
            if let Some(value) = attempts.authorization() {
                headers.insert(AUTHORIZATION, value.clone());
            }
            let mut answer = self.send_once(hop, url.clone(), headers).await?;
            if answer.status != StatusCode::UNAUTHORIZED {
                attempts.succeeded(&answer.headers);
                return Ok(answer);
            }
            match attempts.challenged(&answer.headers) {
                Verdict::Retry => {}
                Verdict::Refused => return Ok(answer),
                Verdict::Unusable(reason) => {
                    answer.note = Some(reason.into());
                    return Ok(answer);
                }
            }
        }
    }

    async fn send_once(&self, hop: &Hop, url: Url, headers: HeaderMap) -> Result<RawResponse, Problem> {
        let failed = |error| Problem::Transport(TransportError::new(self.operation.clone(), error));
        let mut builder = self.client.http().request(hop.method.clone(), url).headers(headers);
        if let Some(body) = self.body.as_ref().filter(|_| hop.body) {
            builder = builder.body(body.clone());
        }
        if let Some(deadline) = self.deadline {
            builder = builder.timeout(deadline.saturating_duration_since(Instant::now()));
        }
        let mut response = builder.send().await.map_err(failed)?;
        let status = response.status();
        let headers = std::mem::take(response.headers_mut());
        let body = response.bytes().await.map_err(failed)?;
        // RFC 9110 §9.3.2 and §15: these never have content, whatever a server sends.
        let without = [StatusCode::NO_CONTENT, StatusCode::RESET_CONTENT, StatusCode::NOT_MODIFIED];
        let body = if hop.method == Method::HEAD || without.contains(&status) { Bytes::new() } else { body };
        Ok(RawResponse {
            operation: self.operation.clone(),
            status,
            headers,
            body,
            success: status.is_success(),
            note: None,
        })
    }

    /// API keys in the query, unless the query has a pair of that name already.
    fn with_query_keys(&self, url: &Url) -> Url {
        let mut url = url.clone();
        for credential in &self.credentials {
            let Grant::Query { name, value } = credential.grant() else { continue };
            if url.query_pairs().any(|(known, _)| known == name.as_str()) {
                continue;
            }
            let pair = format!("{}={}", parameter::query_text(name), parameter::query_text(value));
            let query = match url.query() {
                Some(query) if !query.is_empty() => format!("{query}&{pair}"),
                _ => pair,
            };
            url.set_query(Some(&query));
        }
        url
    }

    /// All headers of a hop to the origin of the base URL.
    fn home_headers(&self, hop: &Hop) -> Result<HeaderMap, Problem> {
        let mut headers = self.headers.clone();
        if self.body.is_some() && !hop.body {
            headers.remove(CONTENT_TYPE);
        }
        for credential in &self.credentials {
            if let Grant::Header { name, value } = credential.grant()
                && *name != COOKIE
                && !headers.contains_key(name)
            {
                headers.insert(name.clone(), value.clone());
            }
        }
        if let Some(cookies) = self.cookie_header()?
            && !headers.contains_key(COOKIE)
        {
            headers.insert(COOKIE, cookies);
        }
        Ok(headers)
    }

    /// What another origin may see.
    fn away_headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        if let Some(accept) = self.headers.get(ACCEPT) {
            headers.insert(ACCEPT, accept.clone());
        }
        headers
    }

    /// Cookie parameters and API keys in one `Cookie` header (RFC 6265 §5.4 allows no second one).
    fn cookie_header(&self) -> Result<Option<HeaderValue>, Problem> {
        let mut pairs: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        for credential in &self.credentials {
            match credential.grant() {
                Grant::Cookie { name, value } if !self.cookies.iter().any(|(known, _)| known == name) => {
                    pairs.push(format!("{name}={}", parameter::cookie_key(value)));
                }
                // Some documents describe a cookie as an API key in the header `Cookie`.
                Grant::Header { name, value } if *name == COOKIE => {
                    pairs.push(String::from_utf8_lossy(value.as_bytes()).into_owned());
                }
                _ => {}
            }
        }
        if pairs.is_empty() {
            return Ok(None);
        }
        let value = header_value(&COOKIE, &pairs.join("; "));
        let failed = |reason| {
            Problem::Request(RequestError {
                operation: self.operation.clone(),
                reason: format!("the cookie header {reason}"),
            })
        };
        value.map(Some).map_err(failed)
    }
}
