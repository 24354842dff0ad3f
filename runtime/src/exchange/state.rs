//! A call on its way: a request that has been checked, and what has become of it so far.
//!
//! The steps of an exchange take it. Invariant: what a call may still send is counted, so that no server can make it send without end.

use std::sync::Arc;

use http::header::AUTHORIZATION;
use http::{HeaderName, HeaderValue, Method};

use crate::auth::{Credential, Provider, Token};
use crate::body::Body;
use crate::error::{CoreError, RequestError, TransportError};
use crate::failure::TransportFailure;
use crate::limits::Limits;
use crate::observe::{self, RequestEvent, RequestStage, Tally};
use crate::platform::{Instant, Url};
use crate::redact::Secrets;
use crate::redirect::Hop;
use crate::request::{Parts, Target};
use crate::response::Sent;

/// The number of redirects that are followed.
const REDIRECTS: usize = 10;
/// The number of challenges that are answered.
const CHALLENGES: usize = 3;

/// The number of times that refused tokens are replaced.
const RENEWALS: usize = 1;

/// Why a request is not sent again.
pub(super) const READ_ONCE: &str = "not sent again: its body is a reader, which can be read once";

/// A request that has been checked and can be sent.
pub(super) struct Exchange {
    pub(super) request: Box<Parts>,
    /// Where it goes first.
    pub(super) first: Hop,
    /// The one that was made for it.
    pub(super) idempotency_key: Option<(HeaderName, HeaderValue)>,
    pub(super) credentials: Vec<Credential>,
    /// Those of the credentials whose tokens providers give.
    pub(super) provided: Vec<Provided>,
    /// Tokens that were replaced.
    pub(super) spent: Vec<Token>,
    /// The answer to a challenge that the last request was sent with.
    pub(super) authorization: Option<HeaderValue>,
    /// The security requirements, in words, if the client has the credentials of none.
    pub(super) missing: Option<String>,
    pub(super) deadline: Option<Instant>,
    pub(super) limits: Limits,
    /// Whether sending it twice does what sending it once does.
    pub(super) is_idempotent: bool,
}

/// A credential whose token a provider gives.
pub(super) struct Provided {
    /// Where it is among the credentials of the exchange.
    pub(super) index: usize,
    pub(super) provider: Arc<Provider>,
    pub(super) scheme: String,
    pub(super) token: Option<Token>,
}

impl Provided {
    /// Those among the credentials, except for what a header of the call replaces.
    pub(super) fn among(credentials: &[Credential], has_header: impl Fn(&HeaderName) -> bool) -> Vec<Self> {
        let provided = credentials.iter().enumerate().filter_map(|(index, credential)| {
            let provider = Arc::clone(credential.as_provider()?);
            let is_replaced = provider.sample().header_name().is_some_and(&has_header);
            (!is_replaced).then(|| Self { index, provider, scheme: credential.scheme().to_owned(), token: None })
        });
        provided.collect()
    }
}

/// What a call may still send beyond one request for each attempt. All its attempts share it, so that a server cannot multiply them.
pub(super) struct Spare {
    pub(super) redirects: usize,
    pub(super) challenges: usize,
    pub(super) renewals: usize,
}

impl Spare {
    pub(super) fn new() -> Self {
        Self { redirects: REDIRECTS, challenges: CHALLENGES, renewals: RENEWALS }
    }
}

/// Takes one of what is left, if there is any.
pub(super) fn take(left: &mut usize) -> bool {
    let is_left = *left > 0;
    *left = left.saturating_sub(1);
    is_left
}

/// Scheme, host and port of an address, which has no user name.
pub(super) fn origin(url: &Url) -> &str {
    let text = url.as_str();
    let host = url.scheme().len() + "://".len();
    let path = text.get(host..).and_then(|text| text.find('/'));
    path.and_then(|path| text.get(..host + path)).unwrap_or(text)
}

impl Exchange {
    /// Whether the body can be sent now: it may have been read already.
    pub(super) fn can_be_sent(&self) -> bool {
        self.body().is_none_or(Body::can_be_sent)
    }

    pub(super) fn body(&self) -> Option<&Body> {
        self.request.body.as_ref().map(|(_, body)| body)
    }

    /// That of the operation, if there is one.
    fn path_template(&self) -> Option<&'static str> {
        match self.request.target {
            Target::Template(template) => Some(template),
            Target::Verbatim(_) => None,
        }
    }

    /// Tells the observers what happens to a request.
    #[inline]
    pub(super) fn tell<'e>(
        &'e self,
        tally: &Tally,
        method: &'e Method,
        url: &Url,
        stage: impl FnOnce() -> RequestStage<'e>,
    ) {
        if self.request.shared.settings.observers.listen() {
            self.tell_all(tally, method, url, stage());
        }
    }

    /// Not inlined, so that calls without observers do not carry it.
    #[inline(never)]
    fn tell_all<'e>(&'e self, tally: &Tally, method: &'e Method, url: &Url, stage: RequestStage<'e>) {
        self.request.shared.settings.observers.tell(&RequestEvent {
            operation: self.path_template().map(|_| &*self.request.operation),
            method,
            path_template: self.path_template(),
            origin: origin(url),
            attempt: tally.attempt,
            request: tally.request,
            stage,
        });
    }

    #[cold]
    pub(super) fn failed(&self, failure: TransportFailure) -> TransportError {
        TransportError::new(self.request.operation.clone(), failure)
    }

    #[cold]
    pub(super) fn refused(&self, reason: &str) -> CoreError {
        CoreError::Request(Box::new(RequestError {
            operation: self.request.operation.clone(),
            reason: reason.to_owned(),
        }))
    }

    /// What is traced of the call.
    pub(super) fn span(&self) -> observe::Span {
        let operation = self.path_template().map(|template| (&*self.request.operation, template));
        observe::span(&self.first.method, &self.first.url, operation)
    }

    /// What it has sent. A body may be large, is not secret, and is needed only to send a stream's request again.
    pub(super) fn into_sent(self: Box<Self>) -> SentRequest {
        let tokens = self.tokens();
        let Self { mut request, authorization, .. } = *self;
        if !request.described.is_streamed {
            request.body = None;
        }
        SentRequest { request, authorization, tokens }
    }

    /// What has been sent so far.
    pub(super) fn sent(&self, authorization: Option<HeaderValue>) -> SentRequest {
        SentRequest { request: self.request.clone(), authorization, tokens: self.tokens() }
    }

    /// The tokens that the call was sent with.
    fn tokens(&self) -> Vec<Token> {
        if self.provided.is_empty() {
            return Vec::new();
        }
        let last = self.provided.iter().filter_map(|provided| provided.token.clone());
        self.spent.iter().cloned().chain(last).collect()
    }
}

/// What a call has sent.
#[derive(Clone)]
pub(crate) struct SentRequest {
    pub(crate) request: Box<Parts>,
    /// The answer to a challenge.
    authorization: Option<HeaderValue>,
    /// The tokens of providers.
    tokens: Vec<Token>,
}

impl Sent for SentRequest {
    fn secrets(&self) -> Secrets {
        let mut secrets = self.request.secrets();
        self.tokens.iter().for_each(|token| secrets.add(token.expose()));
        if let Some(value) = &self.authorization {
            secrets.add_header(&AUTHORIZATION, value);
        }
        secrets
    }
}
