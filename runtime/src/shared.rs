//! The state that the requests of a client share: servers, credentials and settings.
//!
//! Invariant: base URL, credentials and default headers are valid, so they can be sent.

pub(crate) mod base;

use std::sync::Arc;

use http::{HeaderName, HeaderValue};

use crate::auth::Credential;
use crate::by_name::ByName;
use crate::limits::{self, Limits};
use crate::observe::Observers;
use crate::outgoing::Change;
use crate::platform::Url;
use crate::retry::RetryPolicy;
use crate::transport::Http;
use crate::wire::Leniency;
use base::{Base, address, checked, joined};

/// The state that the requests of a client share. Cloning is cheap.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) settings: Arc<Settings>,
    pub(crate) credentials: Arc<[Credential]>,
}

/// The settings that clients with different credentials share.
#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) http: Http,
    pub(crate) base: Base,
    /// Replacements for servers of individual operations, by the URL in the document.
    pub(crate) servers: Vec<(String, Base)>,
    /// The defaults of header parameters.
    pub(crate) default_headers: ByName<HeaderName, HeaderValue>,
    /// The defaults of query parameters, by name.
    pub(crate) default_query: Vec<(String, String)>,
    /// The headers of all requests.
    pub(crate) headers: ByName<HeaderName, HeaderValue>,
    /// The default limits of calls.
    pub(crate) limits: Limits,
    pub(crate) retries: RetryPolicy,
    pub(crate) observers: Observers,
    pub(crate) changes: Vec<Change>,
    /// How leniently response bodies are decoded.
    pub(crate) leniency: Leniency,
}

impl Settings {
    /// Returns the replacement of a server of the API document.
    fn replacement(&self, documented: &str) -> Option<&Base> {
        self.servers.iter().find(|(known, _)| known == documented).map(|(_, base)| base)
    }

    /// Returns the server of an operation that has its own: its replacement, if one is set, or the server in the
    /// document.
    pub(crate) fn server(&self, documented: &str) -> Result<Base, &'static str> {
        match self.replacement(documented) {
            Some(base) => Ok(base.clone()),
            None => checked(&joined(&self.base, documented)?),
        }
    }

    /// Resolves a URL of the API document: to its replacement, if one is set, or against the base URL. The error is the
    /// reason why it is invalid.
    pub(crate) fn resolved(&self, documented: &str) -> Result<Url, &'static str> {
        match self.replacement(documented) {
            Some(base) => address(base, ""),
            None => address(&self.base, documented),
        }
    }

    /// Returns the retry policy of a call: its own or the client's. Calls to a mock are retried without pauses.
    pub(crate) fn retries(&self, of_call: Option<RetryPolicy>) -> RetryPolicy {
        let policy = of_call.unwrap_or(self.retries);
        if self.http.is_mocked { policy.without_pauses() } else { policy }
    }

    pub(crate) fn default_header(&self, name: &HeaderName) -> Option<&HeaderValue> {
        self.default_headers.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }
}

impl Shared {
    /// Returns the state for another origin, without anything that only the API's server may receive. Its responses are
    /// short, and many calls may wait for one, so all of its limits are set.
    pub(crate) fn at_origin(&self, url: &Url, credential: Option<Credential>) -> Self {
        let settings = Settings {
            base: Base::root(url),
            servers: Vec::new(),
            default_headers: ByName::new(),
            default_query: Vec::new(),
            headers: ByName::new(),
            changes: Vec::new(),
            limits: Limits { body: Some(limits::EXCERPT), ..self.settings.limits.or(limits::ALL) },
            ..(*self.settings).clone()
        };
        Self { settings: Arc::new(settings), credentials: credential.into_iter().collect() }
    }
}
