//! Why a server gave no token, and its answers.
//!
//! In: what a token server answers. Out: the JSON object, or an [`OAuth2Error`] with the code and the description of the server
//! (RFC 6749 §5.2). Invariant: nothing of a secret is in an error.

use std::error::Error as StdError;
use std::fmt;

use http::StatusCode;
use serde_json::Value;

use crate::error::{Clipped, Error};
use crate::redact::Secrets;

/// Why no token was obtained by OAuth 2.0. It is the [`source`](StdError::source) of an [`Error::Credentials`], so `downcast_ref` finds it
/// there. Neither `Display` nor `Debug` shows a secret.
#[derive(Debug)]
pub struct OAuth2Error {
    reason: String,
    code: Option<String>,
    status: Option<StatusCode>,
    source: Option<Box<Error>>,
}

impl OAuth2Error {
    pub(super) fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), code: None, status: None, source: None }
    }

    /// The error code of the server (RFC 6749 §5.2), for example `invalid_grant`.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// The status of the response, if there was one.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.status
    }

    /// Whether a time limit was exceeded.
    pub(super) fn is_timeout(&self) -> bool {
        self.source.as_ref().is_some_and(|error| error.is_timeout())
    }
}

impl fmt::Display for OAuth2Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no token by OAuth 2.0: {}", Clipped(&self.reason))
    }
}

impl StdError for OAuth2Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_ref().map(|error| &**error as &(dyn StdError + 'static))
    }
}

/// The error of a request that failed. An answer with a failure says why.
pub(super) fn failed(failure: Error, secrets: &Secrets) -> OAuth2Error {
    let Error::Status(error) = &failure else {
        return OAuth2Error { source: Some(Box::new(failure)), ..OAuth2Error::new("the request failed") };
    };
    let said = read(error.status(), error.raw_body(), secrets);
    let said = said.err().unwrap_or_else(|| OAuth2Error::new("the server refused without an error"));
    OAuth2Error { status: Some(error.status()), ..said }
}

/// The object that a server answers with, unless it is an error: some servers answer those with 200.
pub(super) fn read(status: StatusCode, body: &[u8], secrets: &Secrets) -> Result<Value, OAuth2Error> {
    let answer: Value = match serde_json::from_slice(body) {
        Ok(answer @ Value::Object(_)) => answer,
        _ => return Err(OAuth2Error::new(format!("the server answered {status}, without a JSON object"))),
    };
    let text = |name: &str| answer.get(name).and_then(Value::as_str).map(|text| secrets.redacted(text.to_owned()));
    let Some(code) = text("error") else {
        let is_error = !status.is_success();
        return if is_error { Err(OAuth2Error::new(format!("the server answered {status}"))) } else { Ok(answer) };
    };
    let reason = match text("error_description") {
        Some(description) => format!("{code}: {description}"),
        None => code.clone(),
    };
    Err(OAuth2Error { code: Some(code), ..OAuth2Error::new(reason) })
}
