//! Sending a request. Nothing else sends.
//!
//! In: a [`Request`]. Out: the [`RawResponse`] after redirects and challenges, with any status. Nothing here is generic, so it is
//! compiled once. Invariant: credentials, cookies and header parameters are sent only to the origin of the operation's server, which
//! is that of the base URL unless the API document names another.

use std::borrow::Cow;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, COOKIE};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use reqwest::Url;

use super::answer::{Answer, Received};
use super::prepare::prepare;
use super::{Redirects, Request, header_value};
use crate::auth::digest::{Digest, Verdict};
use crate::auth::{Credential, Placement};
use crate::client::Client;
use crate::codegen::decode::RawResponse;
use crate::error::{CoreError, RequestError, TooLargeError, TransportError, TransportFailure};
use crate::limits::{EXCERPT, IDLE, Limits};
use crate::parameter;
use crate::redact::Sent;
use crate::redirect::{self, Decision, Hop};
use crate::wire::reader::Leniency;

/// The number of redirects that are followed.
const REDIRECTS: usize = 10;

/// A request that has been checked and can be sent.
pub(crate) struct Exchange {
    pub(super) client: Client,
    pub(super) operation: Cow<'static, str>,
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) cookies: Vec<(String, String)>,
    pub(super) body: Option<Bytes>,
    pub(super) credentials: Vec<Credential>,
    /// The security requirements, in words, if the client has the credentials of none.
    pub(super) missing: Option<String>,
    pub(super) leniency: Leniency,
    pub(super) redirects: Redirects,
    /// The statuses with the documented error body; none for all.
    pub(super) failures: &'static [u16],
    pub(super) deadline: Option<Instant>,
    pub(super) limits: Limits,
}

/// Sends a request, follows redirects, answers challenges, and reads the body of the last response. `keeps_failure` is whether the
/// operation's error holds anything of a body.
pub(crate) async fn exchange(request: Request, keeps_failure: bool) -> Result<RawResponse, CoreError> {
    let exchange = prepare(request)?;
    let mut hop = Hop {
        method: exchange.method.clone(),
        url: exchange.url.clone(),
        body: exchange.body.is_some(),
        same_origin: true,
    };
    let keys: Vec<&str> = exchange.credentials.iter().filter_map(Credential::query_key).collect();
    let mut left = REDIRECTS;
    loop {
        let mut answer = exchange.send(&hop).await?;
        let decision = match exchange.redirects {
            Redirects::Follow => redirect::decide(&hop, answer.status, &answer.headers, &keys),
            Redirects::Success | Redirects::Error => Decision::Final,
        };
        match decision {
            Decision::Final => {}
            Decision::Stop(reason) => answer.note = Some(Cow::Borrowed(reason)),
            Decision::Follow(_) if left == 0 => answer.note = Some(Cow::Borrowed("too many redirects")),
            Decision::Follow(next) => {
                answer.discard().await;
                hop = next;
                left -= 1;
                continue;
            }
        }
        return exchange.receive(answer, hop.method == Method::HEAD, keeps_failure).await;
    }
}

impl Exchange {
    /// Sends a hop, with as many attempts as digest authentication needs.
    async fn send(&self, hop: &Hop) -> Result<Answer, CoreError> {
        let url = if hop.same_origin { self.with_query_keys(&hop.url) } else { hop.url.clone() };
        let headers = if hop.same_origin { self.headers(hop)? } else { self.public_headers() };
        let digest = self.credentials.iter().find_map(Credential::as_digest);
        let Some(digest) = digest.filter(|_| hop.same_origin && !headers.contains_key(AUTHORIZATION)) else {
            return self.send_once(hop, url, headers).await;
        };
        self.send_with_digest(digest, hop, &url, &headers).await
    }

    /// Answers challenges of 401 responses (RFC 7616 §3.3). [`Digest`] limits the number of attempts.
    async fn send_with_digest(
        &self,
        digest: &Digest,
        hop: &Hop,
        url: &Url,
        headers: &HeaderMap,
    ) -> Result<Answer, CoreError> {
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
            answer.authorization = attempts.authorization().cloned();
            if answer.status != StatusCode::UNAUTHORIZED {
                attempts.succeeded(&answer.headers);
                return Ok(answer);
            }
            match attempts.challenged(&answer.headers) {
                Verdict::Retry => answer.discard().await,
                Verdict::Refused => return Ok(answer),
                Verdict::Unusable(reason) => {
                    answer.note = Some(reason.into());
                    return Ok(answer);
                }
            }
        }
    }

    async fn send_once(&self, hop: &Hop, url: Url, headers: HeaderMap) -> Result<Answer, CoreError> {
        let mut builder = self.client.http(hop.same_origin).request(hop.method.clone(), url).headers(headers);
        if let Some(body) = self.body.as_ref().filter(|_| hop.body) {
            builder = builder.body(body.clone());
        } else if matches!(hop.method, Method::POST | Method::PUT | Method::PATCH) {
            // RFC 9110 §8.6: these say that there is no content. Some servers wait for it otherwise.
            builder = builder.header(CONTENT_LENGTH, 0);
        }
        if let Some(deadline) = self.deadline {
            builder = builder.timeout(deadline.saturating_duration_since(Instant::now()));
        }
        let answer = Answer::to(builder, self.idle(hop)).await;
        let mut answer = answer.map_err(|failure| CoreError::Transport(self.failed(failure)))?;
        answer.note = self.note(answer.status, &answer.headers);
        Ok(answer)
    }

    /// How long the server of a hop may send nothing. Other origins have no transport of the caller's, which could limit it.
    fn idle(&self, hop: &Hop) -> Option<Duration> {
        self.limits.idle.or((!hop.same_origin).then_some(IDLE))
    }

    /// Reads the body of the last response, as far as it is used: that of a success whole or not at all; that of a failure up to the
    /// limit if its error may hold it, and otherwise only the part that is searched for a message.
    async fn receive(&self, mut answer: Answer, is_head: bool, keeps_failure: bool) -> Result<RawResponse, CoreError> {
        let status = answer.status;
        let success = status.is_success() || self.redirects == Redirects::Success && status.is_redirection();
        let is_listed = |listed: &u16| *listed == status.as_u16() || *listed == status.as_u16() / 100;
        let documented = self.failures.is_empty() || self.failures.iter().any(is_listed);
        let limit = self.limits.body.unwrap_or(usize::MAX);
        // These have no content (RFC 9110 §9.3.2 and §15), even if a server sends some.
        let without = [StatusCode::NO_CONTENT, StatusCode::RESET_CONTENT, StatusCode::NOT_MODIFIED];
        let is_empty = is_head || without.contains(&status);
        let exceeds = !is_empty && answer.announced().is_some_and(|length| length > limit as u64);
        if success && exceeds {
            return Err(self.too_large(answer, limit));
        }
        let is_kept = documented && keeps_failure && !exceeds;
        let most = if success {
            limit
        } else if is_kept {
            limit.max(EXCERPT)
        } else {
            EXCERPT
        };
        let received = if is_empty { Ok(Received::nothing()) } else { answer.read(most).await };
        let Received { body, is_whole } = match received {
            Ok(received) => received,
            Err(failure) => return Err(CoreError::Transport(self.failed(failure).received(status, answer.headers))),
        };
        if success && !is_whole {
            return Err(self.too_large(answer, limit));
        }
        let cut = (!is_whole).then(|| format!("only the first {} bytes of the body were read", body.len()).into());
        let sent = Sent::new(&self.client, &self.headers, &self.cookies, answer.authorization);
        Ok(RawResponse {
            operation: self.operation.clone(),
            success,
            documented: documented && (!keeps_failure || is_whole && body.len() <= limit),
            leniency: self.leniency,
            note: answer.note.or(cut),
            sent: Some(sent),
            ..RawResponse::new(status, answer.headers, body)
        })
    }

    #[cold]
    fn too_large(&self, answer: Answer, limit: usize) -> CoreError {
        let announced = answer.announced();
        let (operation, status, headers) = (self.operation.clone(), answer.status, answer.headers);
        CoreError::TooLarge(Box::new(TooLargeError { operation, status, headers, limit, announced }))
    }

    fn failed(&self, failure: TransportFailure) -> TransportError {
        TransportError::new(self.operation.clone(), failure)
    }

    /// What the caller should know of a response: that there were no credentials, or that its body is compressed.
    fn note(&self, status: StatusCode, headers: &HeaderMap) -> Option<Cow<'static, str>> {
        if let Some(missing) = self.missing.as_ref().filter(|_| status == StatusCode::UNAUTHORIZED) {
            return Some(format!("the client has no credentials; the API document asks for {missing}").into());
        }
        let encoding = headers.get(CONTENT_ENCODING)?.to_str().ok()?.trim();
        let is_plain = encoding.is_empty() || encoding.eq_ignore_ascii_case("identity");
        (!is_plain).then(|| format!("the body is compressed by `{encoding}`, which nobody asked for").into())
    }

    /// Adds API keys to the query, unless it has a pair of that name.
    fn with_query_keys(&self, url: &Url) -> Url {
        let mut url = url.clone();
        for credential in &self.credentials {
            let Placement::Query { name, value } = credential.placement() else { continue };
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

    /// All headers of a hop to the origin of the operation's server.
    fn headers(&self, hop: &Hop) -> Result<HeaderMap, CoreError> {
        let mut headers = self.headers.clone();
        if self.body.is_some() && !hop.body {
            headers.remove(CONTENT_TYPE);
        }
        for credential in &self.credentials {
            if let Placement::Header { name, value } = credential.placement()
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

    /// The headers of a hop to another origin.
    fn public_headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        if let Some(accept) = self.headers.get(ACCEPT) {
            headers.insert(ACCEPT, accept.clone());
        }
        headers
    }

    /// Cookie parameters and API keys in a single `Cookie` header (RFC 6265 §5.4).
    fn cookie_header(&self) -> Result<Option<HeaderValue>, CoreError> {
        let mut pairs: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        for credential in &self.credentials {
            match credential.placement() {
                Placement::Cookie { name, value } if !self.cookies.iter().any(|(known, _)| known == name) => {
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
        let failed = |reason| {
            CoreError::Request(RequestError {
                operation: self.operation.clone(),
                reason: format!("the cookie header {reason}"),
            })
        };
        value.map(Some).map_err(failed)
    }
}
