//! Errors of token servers.

use std::error::Error as StdError;

use http::StatusCode;

use crate::clipped::Clipped;
use crate::error::Error;
use crate::redact::Secrets;

/// An error in obtaining a token by OAuth 2.0. It is the [`source`](StdError::source) of an [`Error::Credentials`],
/// where `downcast_ref` finds it. Neither `Display` nor `Debug` shows a secret.
#[derive(Debug)]
pub struct OAuth2Error {
    pub(super) reason: String,
    pub(super) code: Option<String>,
    pub(super) status: Option<StatusCode>,
    pub(super) source: Option<Box<Error>>,
}

impl OAuth2Error {
    pub(super) fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), code: None, status: None, source: None }
    }

    /// Returns the error without secrets.
    pub(super) fn without(self, secrets: &Secrets) -> Self {
        Self { reason: secrets.redacted(self.reason), code: self.code.map(|code| secrets.redacted(code)), ..self }
    }

    /// Returns the error code of the server (RFC 6749 §5.2), for example `invalid_grant`.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    getters! {
        /// Returns the status of the response, or `None` if there was no response.
        status: Option<StatusCode>;
    }

    /// Returns `true` if a time limit was exceeded.
    pub(super) fn is_timeout(&self) -> bool {
        self.source.as_ref().is_some_and(|error| error.is_timeout())
    }
}

fmt!(Display for OAuth2Error: self, f => write!(f, "OAuth 2.0: {}", Clipped(&self.reason)));

source!(OAuth2Error: self => self.source.as_ref().map(|error| &**error as &(dyn StdError + 'static)));
