//! A call in progress: a checked request, and the state of sending it.
//!
//! The steps of an exchange share it. Invariant: further requests of a call are counted, so that a server cannot cause
//! an endless number of requests.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::auth::{Chosen, Credential, Placement, Provider, Token};
use crate::body::Body;
use crate::error::{CoreError, TransportError};
use crate::failure::TransportFailure;
use crate::limits::Limits;
use crate::lock::lock;
use crate::observe::{self, Observers, RequestEvent, RequestStage};
use crate::outgoing::OutgoingRequest;
use crate::platform::{Instant, Url};
use crate::redact::{self, Secrets};
use crate::redirect::Hop;
use crate::request::Parts;
use crate::response::Sent;

/// The maximum number of redirects.
const REDIRECTS: usize = 10;
/// The maximum number of answered challenges.
const CHALLENGES: usize = 3;

/// The maximum number of replacements of rejected tokens.
const RENEWALS: usize = 1;

/// The reason why a request is not retried.
pub(super) const NOT_REPLAYABLE: &str = "not retried: its body is a reader, which can be read only once";

/// A checked request, as it is sent.
pub(crate) struct Exchange {
    pub(crate) request: Box<Parts>,
    /// The first hop.
    pub(super) first: Hop,
    /// The generated idempotency key.
    pub(super) idempotency_key: Option<(HeaderName, HeaderValue)>,
    pub(super) credentials: Chosen,
    /// The credentials with tokens from providers.
    pub(super) provided: Vec<Provided>,
    /// Tokens that were replaced.
    pub(super) replaced_tokens: Vec<Token>,
    /// The secret headers that challenges and functions of the client added to the requests of the attempt.
    pub(super) added: Mutex<Vec<(HeaderName, HeaderValue)>>,
    pub(super) deadline: Option<Instant>,
    pub(super) limits: Limits,
    /// Whether the error of the operation contains a body.
    pub(super) has_error_body: bool,
    /// Whether repeating the request has the same effect as sending it once.
    pub(super) is_idempotent: bool,
}

/// A credential with a token from a provider.
pub(super) struct Provided {
    /// Its index among the credentials of the exchange.
    pub(super) index: usize,
    pub(super) provider: Arc<Provider>,
    pub(super) token: Option<Token>,
}

impl Provided {
    /// Returns the credentials with a provider, except those that a header of the call replaces.
    pub(super) fn among(credentials: &[Credential], has_header: impl Fn(&HeaderName) -> bool) -> Vec<Self> {
        let provided = credentials.iter().enumerate().filter_map(|(index, credential)| {
            let provider = Arc::clone(credential.as_provider()?);
            let is_replaced = matches!(&provider.sample.placement, Placement::Header { name, .. } if has_header(name));
            (!is_replaced).then_some(Self { index, provider, token: None })
        });
        provided.collect()
    }
}

/// The requests of a call: their count, and the number of further requests beyond one per attempt that are still
/// allowed. All attempts share it, so that a server cannot multiply them.
pub(super) struct Tally {
    /// The number of the attempt.
    pub(super) attempt: u32,
    /// The number of the request.
    pub(super) request: u32,
    /// When the request was sent, if there are observers.
    since: Option<Instant>,
    pub(super) redirects: usize,
    pub(super) challenges: usize,
    pub(super) renewals: usize,
}

impl Tally {
    pub(super) fn new() -> Self {
        Self { attempt: 1, request: 0, since: None, redirects: REDIRECTS, challenges: CHALLENGES, renewals: RENEWALS }
    }

    /// Counts another request that is about to be sent.
    pub(super) fn send(&mut self, observers: &Observers) {
        self.request = self.request.saturating_add(1);
        self.since = observers.listen().then(Instant::now);
    }

    /// Returns the time since the request was sent.
    pub(super) fn duration(&self) -> Duration {
        self.since.map(|since| since.elapsed()).unwrap_or_default()
    }
}

/// Takes one if any is left. Returns `true` if so.
pub(super) fn take(left: &mut usize) -> bool {
    let is_left = *left > 0;
    *left = left.saturating_sub(1);
    is_left
}

/// Returns scheme, host and port of a URL without a user name.
pub(super) fn origin(url: &Url) -> &str {
    let text = url.as_str();
    let host = url.scheme().len() + "://".len();
    let path = text.bytes().skip(host).position(|byte| byte == b'/');
    path.and_then(|path| text.get(..host + path)).unwrap_or(text)
}

impl Exchange {
    /// Returns `true` if the body can be sent now: a reader may have been consumed.
    pub(super) fn can_be_sent(&self) -> bool {
        self.body().is_none_or(Body::can_be_sent)
    }

    pub(super) fn body(&self) -> Option<&Body> {
        self.request.body.as_ref().map(|(_, body)| body)
    }

    /// Returns the path template of the operation, if there is one.
    fn path_template(&self) -> Option<&'static str> {
        self.request.is_described().then_some(self.request.described.path)
    }

    /// Notifies the observers of an event.
    #[inline]
    pub(super) fn notify<'e>(&'e self, tally: &Tally, hop: &'e Hop, stage: impl FnOnce() -> RequestStage<'e>) {
        if self.request.shared.settings.observers.listen() {
            self.notify_all(tally, hop, stage());
        }
    }

    /// Not inlined, so that calls without observers do not carry it.
    #[inline(never)]
    fn notify_all<'e>(&'e self, tally: &Tally, hop: &'e Hop, stage: RequestStage<'e>) {
        let shown = origin(&hop.url);
        // The server names the target of a redirect.
        let path = self.first.url.as_str().strip_prefix(shown);
        let is_redirected = path.is_none_or(|path| !path.starts_with('/'));
        let redacted = is_redirected.then(|| self.request.secrets().redacted(shown.to_owned()));
        self.request.shared.settings.observers.notify(&RequestEvent {
            operation: self.path_template().map(|_| &*self.request.operation),
            method: &hop.method,
            path_template: self.path_template(),
            origin: redacted.as_deref().unwrap_or(shown),
            attempt: tally.attempt,
            request: tally.request,
            stage,
        });
    }

    /// Applies the functions of the client to the headers of a request.
    pub(super) fn change(&self, hop: &Hop, url: &Url, headers: &mut HeaderMap) -> Result<(), CoreError> {
        let changes = &self.request.shared.settings.changes;
        if changes.is_empty() {
            return Ok(());
        }
        let before = headers.clone();
        let body = self.body().filter(|_| hop.body);
        let operation = self.path_template().map(|_| &*self.request.operation);
        let mut request = OutgoingRequest { operation, method: &hop.method, url, headers, body };
        let changed = changes.iter().try_for_each(|change| change(&mut request));
        let is_new = |(name, value): &(&HeaderName, &HeaderValue)| {
            redact::is_secret_name(name.as_str()) && before.get(*name) != Some(value)
        };
        let added = headers.iter().filter(is_new).map(|(name, value)| (name.clone(), value.clone()));
        lock(&self.added).extend(added);
        changed.map_err(|reason| self.request.refused(reason))
    }

    #[cold]
    pub(super) fn failed(&self, failure: TransportFailure) -> TransportError {
        TransportError::new(self.request.operation.clone(), failure)
    }

    /// Returns the span of the call.
    pub(super) fn span(&self) -> observe::Span {
        let operation = self.path_template().map(|template| (&*self.request.operation, template));
        observe::span(&self.first.method, &self.first.url, operation)
    }

    /// Drops what is not needed after the exchange. A body may be large, is not secret, and is needed only to repeat the request of a
    /// stream.
    pub(super) fn end(&mut self) {
        if !self.request.is_streamed {
            self.request.body = None;
        }
    }
}

impl Sent for Exchange {
    fn secrets(&self) -> Secrets {
        let mut secrets = self.request.secrets();
        let last = self.provided.iter().filter_map(|provided| provided.token.as_ref());
        self.replaced_tokens.iter().chain(last).for_each(|token| secrets.add(token.expose()));
        lock(&self.added).iter().for_each(|(name, value)| secrets.add_header(name, value));
        secrets
    }
}
