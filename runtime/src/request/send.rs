//! One attempt of a call: from the first request to the head of a response other than a redirect or a challenge.
//!
//! In: an [`Exchange`]. Out: an [`Answer`], whose body has not been read. Invariant: credentials, cookies and header parameters are sent
//! only to the origin of the operation's server, which is that of the base URL unless the API document names another.

use std::borrow::Cow;

use http::header::{ACCEPT, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, COOKIE};
use http::{HeaderMap, HeaderValue, Method, StatusCode};

use super::answer::Answer;
use super::prepare::{self, has_header};
use super::upload::{Progress, upload};
use super::{Exchange, Operation, Parts, Redirects, header_value};
use crate::auth::digest::{Digest, Verdict};
use crate::auth::{Credential, Placement, Token};
use crate::error::{CoreError, RequestError};
use crate::observe::{self, RequestStage, Tally};
use crate::parameter;
use crate::platform::{self, Instant, Url};
use crate::redact::Sent;
use crate::redirect::{self, Decision, Hop};
use crate::waiting::Waiting;

/// The number of redirects that are followed.
const REDIRECTS: usize = 10;
/// The number of challenges that are answered.
const CHALLENGES: usize = 3;

/// Why a request is not sent again.
const READ_ONCE: &str = "not sent again: its body is a reader, which can be read once";

/// Why credentials that the client has were not sent.
const NONE_ASKED: &str =
    "no credentials were sent, since the API document asks for none here; `ClientBuilder::auth_everywhere` sends one";

/// What sending a request gives.
#[cfg(not(feature = "test"))]
type Executed = Result<platform::Response, platform::Error>;
#[cfg(feature = "test")]
type Executed = Result<platform::Response, crate::error::TransportFailure>;

/// The number of times that refused tokens are replaced.
const RENEWALS: usize = 1;

/// What a call may still send beyond one request for each attempt. All its attempts share it, so that a server cannot multiply them.
pub(super) struct Spare {
    redirects: usize,
    challenges: usize,
    renewals: usize,
}

impl Spare {
    pub(super) fn new() -> Self {
        Self { redirects: REDIRECTS, challenges: CHALLENGES, renewals: RENEWALS }
    }
}

/// Takes one of what is left, if there is any.
fn take(left: &mut usize) -> bool {
    let is_left = *left > 0;
    *left = left.saturating_sub(1);
    is_left
}

impl Exchange {
    /// Makes an attempt: sends the request, follows redirects and answers challenges. Returns the last response, and where it is from if
    /// there were redirects.
    pub(super) async fn open(
        &mut self,
        spare: &mut Spare,
        tally: &mut Tally,
    ) -> Result<(Box<Answer>, Option<Box<Hop>>), CoreError> {
        // Whatever is rare is boxed, so that other calls do not carry its state.
        let answer = match self.digest(&self.first) {
            None => self.send_once(&self.first, None, tally).await?,
            Some(digest) => Box::pin(self.send_with_digest(digest, &self.first, spare, tally)).await?,
        };
        let may_be_followed = self.request.redirects == Redirects::Follow && answer.status.is_redirection();
        if may_be_followed || self.may_be_renewed(&answer, &self.first) {
            return Box::pin(self.follow(answer, spare, tally)).await;
        }
        Ok((answer, None))
    }

    /// Goes on after a response that refuses a token or begins redirects.
    async fn follow(
        &mut self,
        answer: Box<Answer>,
        spare: &mut Spare,
        tally: &mut Tally,
    ) -> Result<(Box<Answer>, Option<Box<Hop>>), CoreError> {
        let mut answer = self.renew(answer, None, spare, tally).await?;
        let mut redirected: Option<Box<Hop>> = None;
        while self.request.redirects == Redirects::Follow {
            match self.after(redirected.as_deref().unwrap_or(&self.first), &answer) {
                Decision::Final => {}
                Decision::Stop(reason) => answer.note = Some(Cow::Borrowed(reason)),
                Decision::Follow(next) if next.body && !self.can_be_sent() => {
                    answer.note = Some(Cow::Borrowed(READ_ONCE));
                }
                Decision::Follow(next) => {
                    if take(&mut spare.redirects) {
                        answer.discard().await;
                        answer = self.send(&next, spare, tally).await?;
                        answer = self.renew(answer, Some(&next), spare, tally).await?;
                        redirected = Some(Box::new(next));
                        continue;
                    }
                    answer.note = Some(Cow::Borrowed("too many redirects"));
                }
            }
            break;
        }
        Ok((answer, redirected))
    }

    /// What to do after a response to a hop.
    fn after(&self, hop: &Hop, answer: &Answer) -> Decision {
        let keys = self.credentials.iter().filter_map(Credential::query_key);
        let keys: Vec<&str> = keys.chain(self.spent.iter().map(Token::expose)).collect();
        redirect::decide(hop, answer.status, &answer.headers, &keys)
    }

    /// Whether a token of a provider may have been refused.
    fn may_be_renewed(&self, answer: &Answer, hop: &Hop) -> bool {
        answer.status == StatusCode::UNAUTHORIZED && hop.same_origin && !self.provided.is_empty()
    }

    /// Resends a hop once with new tokens if those of providers were refused. This is safe for every method: a refused request had no
    /// effect (RFC 9110 §15.5.2).
    async fn renew(
        &mut self,
        mut answer: Box<Answer>,
        redirected: Option<&Hop>,
        spare: &mut Spare,
        tally: &mut Tally,
    ) -> Result<Box<Answer>, CoreError> {
        let is_refused = self.may_be_renewed(&answer, redirected.unwrap_or(&self.first));
        if !is_refused || !take(&mut spare.renewals) || !self.renew_tokens().await? {
            return Ok(answer);
        }
        let hop = redirected.unwrap_or(&self.first);
        if hop.body && !self.can_be_sent() {
            // The next call has the other token.
            answer.note = Some(READ_ONCE.into());
            return Ok(answer);
        }
        answer.discard().await;
        self.send(hop, spare, tally).await
    }

    /// Sends a hop, with as many requests as digest authentication needs.
    async fn send(&self, hop: &Hop, spare: &mut Spare, tally: &mut Tally) -> Result<Box<Answer>, CoreError> {
        match self.digest(hop) {
            None => self.send_once(hop, None, tally).await,
            Some(digest) => self.send_with_digest(digest, hop, spare, tally).await,
        }
    }

    /// The digest authentication for a hop.
    fn digest(&self, hop: &Hop) -> Option<&Digest> {
        let digest = self.credentials.iter().find_map(Credential::as_digest);
        digest.filter(|_| hop.same_origin && !has_header(&self.request, &AUTHORIZATION))
    }

    /// Answers challenges of 401 responses (RFC 7616 §3.3).
    async fn send_with_digest(
        &self,
        digest: &Digest,
        hop: &Hop,
        spare: &mut Spare,
        tally: &mut Tally,
    ) -> Result<Box<Answer>, CoreError> {
        let url = self.with_query_keys(&hop.url);
        let uri = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        let mut attempts = digest.begin(&hop.method, &uri);
        loop {
            let authorization = attempts.authorization().cloned();
            let mut answer = self.send_once(hop, authorization.as_ref(), tally).await?;
            answer.authorization = authorization;
            if answer.status != StatusCode::UNAUTHORIZED {
                attempts.succeeded(&answer.headers);
                return Ok(answer);
            }
            match attempts.challenged(&answer.headers) {
                Verdict::Retry if hop.body && !self.can_be_sent() => {
                    answer.note = Some(READ_ONCE.into());
                    return Ok(answer);
                }
                Verdict::Retry if take(&mut spare.challenges) => answer.discard().await,
                Verdict::Retry | Verdict::Refused => return Ok(answer),
                Verdict::Unusable(reason) => {
                    answer.note = Some(reason.into());
                    return Ok(answer);
                }
            }
        }
    }

    /// Sends a request, with the answer to a challenge if there is one.
    async fn send_once(
        &self,
        hop: &Hop,
        authorization: Option<&HeaderValue>,
        tally: &mut Tally,
    ) -> Result<Box<Answer>, CoreError> {
        let (sending, progress) = self.begin(hop, authorization, tally)?;
        let waiting = self.waiting();
        let answer = Answer::to(sending, &waiting, progress).await;
        let duration = tally.duration();
        let mut answer = match answer.map_err(|failure| self.failed(failure)) {
            Ok(answer) => answer,
            Err(error) => {
                self.tell(tally, &hop.method, &hop.url, || RequestStage::Failed { error: &error, duration });
                return Err(CoreError::Transport(Box::new(error)));
            }
        };
        let (status, request_id) = (answer.status, self.request_id(&answer.headers, authorization));
        let request_id = request_id.as_deref();
        self.tell(tally, &hop.method, &hop.url, || RequestStage::Received { status, duration, request_id });
        answer.note = self.note(&answer, hop);
        Ok(answer)
    }

    /// Begins to send a request. The future of its answer does not hold it.
    fn begin<'e>(
        &'e self,
        hop: &'e Hop,
        authorization: Option<&HeaderValue>,
        tally: &mut Tally,
    ) -> Result<(impl Future<Output = Executed> + Send + 'e, Option<Progress>), CoreError> {
        let (request, progress) = self.request(hop, authorization)?;
        tally.send(self.request.client.observers());
        self.tell(tally, &hop.method, &hop.url, || RequestStage::Sending);
        Ok((self.execute(request, hop.same_origin), progress))
    }

    /// The answer of the server.
    #[cfg(not(feature = "test"))]
    fn execute(&self, request: platform::Request, same_origin: bool) -> impl Future<Output = Executed> + Send {
        self.request.client.http(same_origin).execute(request)
    }

    /// The answer of the server, or of the mock that stands in for it.
    #[cfg(feature = "test")]
    async fn execute(&self, request: platform::Request, same_origin: bool) -> Executed {
        match self.request.client.mock() {
            Some(mock) => mock.answer(&self.request.operation, request).await,
            None => Ok(self.request.client.http(same_origin).execute(request).await?),
        }
    }

    /// How long the answer to a request that is sent now is awaited. A mock needs no timer.
    fn waiting(&self) -> Waiting {
        #[cfg(feature = "test")]
        if self.request.client.mock().is_some() {
            return Waiting::default();
        }
        let attempt = self.limits.attempt.and_then(|limit| Instant::now().checked_add(limit));
        Waiting { idle: self.limits.idle, call: self.deadline, attempt }
    }

    /// The request of a hop, and the progress of sending its body.
    fn request(
        &self,
        hop: &Hop,
        authorization: Option<&HeaderValue>,
    ) -> Result<(platform::Request, Option<Progress>), CoreError> {
        let url = if hop.same_origin { self.with_query_keys(&hop.url) } else { hop.url.clone() };
        let mut headers = if hop.same_origin { self.headers(hop)? } else { self.public_headers() };
        if let Some(authorization) = authorization {
            headers.insert(AUTHORIZATION, authorization.clone());
        }
        let mut request = platform::Request::new(hop.method.clone(), url);
        *request.headers_mut() = headers;
        let mut progress = None;
        if let Some(content) = self.body().filter(|_| hop.body) {
            if !content.can_be_sent() {
                return Err(self.refused("the body is a reader that was read before: it can be sent once"));
            }
            let body;
            (body, progress) = upload(content);
            *request.body_mut() = Some(body);
        }
        let is_empty = !hop.body || self.body().is_none_or(|body| body.length() == 0);
        if is_empty && matches!(hop.method, Method::POST | Method::PUT | Method::PATCH) {
            // RFC 9110 §8.6: these say that there is no content. Some servers wait for it otherwise.
            request.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        let has_key = || self.credentials.iter().any(|credential| credential.query_key().is_some());
        let may_follow = || self.request.redirects == Redirects::Follow && !(hop.same_origin && has_key());
        match platform::check(&mut request, may_follow) {
            Ok(()) => Ok((request, progress)),
            Err(reason) => Err(self.refused(reason)),
        }
    }

    /// The server's identifier of a request, for observers. A server could put into it what it was sent.
    fn request_id(&self, headers: &HeaderMap, authorization: Option<&HeaderValue>) -> Option<String> {
        if !self.request.client.observers().listen() {
            return None;
        }
        let id = observe::request_id(headers)?;
        let (request, authorization) = (self.request.clone(), authorization.cloned());
        let sent = Sent { request, authorization, tokens: self.tokens() };
        Some(sent.secrets().redacted(id.to_owned()))
    }

    /// What the caller should know of a response: why there were no credentials.
    fn note(&self, answer: &Answer, hop: &Hop) -> Option<Cow<'static, str>> {
        if let Some(missing) = self.missing.as_ref().filter(|_| answer.status == StatusCode::UNAUTHORIZED) {
            return Some(format!("the client has no credentials; the API document asks for {missing}").into());
        }
        let is_refused = matches!(answer.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
        (is_refused && hop.same_origin && self.keeps_credentials()).then_some(Cow::Borrowed(NONE_ASKED))
    }

    /// Whether the client has credentials and sends none, since the document asks for none.
    fn keeps_credentials(&self) -> bool {
        let Parts { client, described: Operation { security, .. }, .. } = &*self.request;
        let asks_for_none = security.iter().all(|all| all.is_empty());
        asks_for_none
            && self.credentials.is_empty()
            && !client.credentials().is_empty()
            && !has_header(&self.request, &AUTHORIZATION)
    }

    /// Adds API keys to the query, unless it has a pair of that name.
    fn with_query_keys(&self, url: &Url) -> Url {
        let mut url = url.clone();
        for credential in &self.credentials {
            let Placement::Query { name, value } = credential.placement() else { continue };
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

    /// All headers of a hop to the origin of the operation's server.
    fn headers(&self, hop: &Hop) -> Result<HeaderMap, CoreError> {
        let mut headers = prepare::headers(&self.request);
        if let Some((name, value)) = self.idempotency_key.clone() {
            headers.insert(name, value);
        }
        if self.request.body.is_some() && !hop.body {
            headers.remove(CONTENT_TYPE);
        }
        self.credentials.iter().for_each(|credential| credential.add_to(&mut headers));
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
        if let Some(accept) = prepare::headers(&self.request).get(ACCEPT) {
            headers.insert(ACCEPT, accept.clone());
        }
        headers
    }

    /// Cookie parameters and API keys in a single `Cookie` header (RFC 6265 §5.4).
    fn cookie_header(&self) -> Result<Option<HeaderValue>, CoreError> {
        let own = || self.request.cookies.iter().flat_map(|(_, pairs)| pairs);
        let mut pairs: Vec<String> = own().map(|(name, value)| format!("{name}={value}")).collect();
        for credential in &self.credentials {
            match credential.placement() {
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
        value.map(Some).map_err(|reason| self.refused(&format!("the cookie header {reason}")))
    }

    #[cold]
    fn refused(&self, reason: &str) -> CoreError {
        CoreError::Request(Box::new(RequestError {
            operation: self.request.operation.clone(),
            reason: reason.to_owned(),
        }))
    }
}
