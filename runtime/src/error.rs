//! Errors of calls and of building a client.
//!
//! Invariants: `Display` does not repeat the message of `source()`. Neither `Display` nor `Debug` shows a credential,
//! the value of a parameter or header, the query of a URL or a raw body. Messages of a server are shown without the
//! credentials that they repeat.

#[cfg(feature = "test")]
mod for_tests;
mod kind;
pub(crate) mod message;
mod parts;
mod too_large;
mod transport;

use std::error::Error as StdError;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::clipped::Clipped;
use crate::header::{self, HeaderNames};
use crate::redact::Secrets;
use crate::response::{DecodeFailure, Decoder, RawResponse};
use crate::retry::RetryPolicy;

pub use crate::operation_name::OperationName;
pub use kind::{ErrorKind, OptionalExt};
use parts::{Attempts, Status};
pub use too_large::TooLargeError;
pub use transport::TransportError;

/// The error of a call. `E` is the documented error body of the operation, or an enum if the error body depends on the
/// status.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error<E = ()> {
    /// The request could not be built. Nothing was sent.
    Request(RequestError),
    /// The required credentials conflict with each other, or a token provider failed.
    Credentials(CredentialsError),
    /// The request could not be sent, or the response could not be received.
    Transport(TransportError),
    /// The server returned a status other than 2xx, or a body that describes a failure, regardless of the status.
    Status(Box<StatusError<E>>),
    /// The server returned a success whose body could not be decoded. If the server is correct, [fix the API document
    /// with an overlay](BodyError#correcting-the-document).
    Decode(Box<BodyError>),
    /// The server returned a success whose body is larger than the limit. Raise the limit with
    /// [`ClientBuilder::body_limit`] for a client, or with [`CallOptions::with_body_limit`] for a call.
    ///
    /// [`ClientBuilder::body_limit`]: crate::ClientBuilder::body_limit
    /// [`CallOptions::with_body_limit`]: crate::CallOptions::with_body_limit
    TooLarge(Box<TooLargeError>),
}

impl<E> Error<E> {
    /// Returns the error of a response, with its body if `decoder` can decode it.
    #[cold]
    pub(crate) fn from_response(response: RawResponse, decoder: Decoder<E>) -> Self {
        let documented = if response.documented { decoder(&response).ok() } else { None };
        Self::Status(Box::new(StatusError::new(response, documented)))
    }

    /// Returns the error of a success whose body does not match its documented type: the failure that the body
    /// describes, decoded by `decoder`, or a decoding error.
    #[cold]
    pub(crate) fn unexpected(response: RawResponse, reason: DecodeFailure, decoder: Decoder<E>) -> Self {
        if reason.is_refusal || response.describes_failure() {
            Self::described(response, &reason, decoder)
        } else {
            Self::undecodable(response, reason)
        }
    }

    /// Returns the failure that the body of a success describes. A failed job also has an `error`, so the reason of the
    /// decoder is kept.
    #[cold]
    pub(crate) fn described(mut response: RawResponse, reason: &DecodeFailure, decoder: Decoder<E>) -> Self {
        let content = response.item.unwrap_or("body");
        response.note = Some(format!("the {content} does not match its documented type: {reason}").into());
        response.success = false;
        Self::from_response(response, decoder)
    }

    #[cold]
    pub(crate) fn undecodable(response: RawResponse, mut reason: DecodeFailure) -> Self {
        let response = Confidential::new(response);
        reason.message = response.secrets.redacted(reason.message);
        Self::Decode(Box::new(BodyError { response, reason }))
    }

    /// Returns the operation that failed: its `operationId`, or method and path of a raw request.
    #[must_use]
    pub fn operation(&self) -> &str {
        match self {
            Self::Request(error) => &error.operation,
            Self::Credentials(error) => &error.operation,
            Self::Transport(error) => &error.operation,
            Self::Status(error) => &error.response.operation,
            Self::Decode(error) => &error.response.operation,
            Self::TooLarge(error) => &error.operation,
        }
    }

    fn response(&self) -> Option<&RawResponse> {
        match self {
            Self::Status(error) => Some(&error.response),
            Self::Decode(error) => Some(&error.response),
            _ => None,
        }
    }

    /// Returns the status of the response, even if its body is incomplete, or `None` if there was no response.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Transport(error) => error.received.as_ref().map(|received| received.0),
            Self::TooLarge(error) => Some(error.status),
            _ => self.response().map(|response| response.status),
        }
    }

    /// Returns the headers of the response, even if its body is incomplete, or `None` if there was no response.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        match self {
            Self::Transport(error) => error.received.as_ref().map(|received| &received.1),
            Self::TooLarge(error) => Some(&error.headers),
            _ => self.response().map(|response| &response.headers),
        }
    }

    /// Parses a response header as a `V`: `error.header::<u64>("x-request-id")`. Returns `None` if there is no
    /// response, the header is missing, or its value is not a `V`.
    #[must_use]
    pub fn header<V: std::str::FromStr>(&self, name: &str) -> Option<V> {
        header::parsed(self.headers()?, name)
    }

    /// Returns the body of the response as it was received, or `None` if there was no response. The body of a failure
    /// may be truncated: see [`StatusError::raw_body`]. Credentials that the server repeats are not redacted.
    #[must_use]
    pub fn raw_body(&self) -> Option<&Bytes> {
        self.response().map(|response| &response.body)
    }

    /// Returns the documented error body, if it is documented for the status and could be decoded.
    #[must_use]
    pub fn documented(&self) -> Option<&E> {
        match self {
            Self::Status(error) => error.documented.as_ref(),
            _ => None,
        }
    }

    /// Converts the error into the documented error body, if the server sent one and it could be decoded.
    #[must_use]
    pub fn into_documented(self) -> Option<E> {
        match self {
            Self::Status(error) => error.documented,
            _ => None,
        }
    }

    /// Returns the server's complete error message with its details. It is found in a JSON body by the usual keys, or
    /// is the plain text body. Only the first 64 KiB of a body are searched. Secrets that the client knows are replaced
    /// with `[redacted]`.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        match self {
            Self::Status(error) => error.message(),
            _ => None,
        }
    }

    /// Returns `true` if a time limit was exceeded.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(self, Self::Transport(error) if error.failure.is_timeout())
    }

    /// Returns `true` if the server rate-limits requests: status 429 (RFC 6585 §4), or 420, which some servers use
    /// instead.
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.status().is_some_and(|status| matches!(status.as_u16(), 420 | 429))
    }

    /// Returns `true` if the same call may succeed later: no connection, unless the server's certificate is invalid; a lost
    /// one; an exceeded time limit; or a [transient status](RetryPolicy::is_transient). This does not imply that the call
    /// can be repeated safely.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Transport(error) => !error.failure.is_permanent(),
            _ => self.status().is_some_and(RetryPolicy::is_transient),
        }
    }

    /// Returns the pause that the server requests before the next call (`Retry-After`, RFC 9110 §10.2.3). A date in the
    /// past is a pause of zero.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        header::retry_after(self.headers()?)
    }

    /// Returns the number of attempts, without redirects and challenges: see [`RetryPolicy`]. 0 if
    /// the request was not sent.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        match self {
            Self::Credentials(error) => error.attempts,
            Self::Transport(error) => error.attempts,
            Self::TooLarge(error) => error.attempts,
            _ => self.response().map_or(0, |response| response.attempts),
        }
    }

    /// Returns `true` if no connection could be established.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        matches!(self, Self::Transport(error) if error.failure.is_connect())
    }

    /// Returns `true` if the body of a success could not be decoded.
    #[must_use]
    pub fn is_decode(&self) -> bool {
        matches!(self, Self::Decode(_))
    }

    /// Returns `true` if the call succeeded without the documented body: the status is 204 or 205 (RFC 9110 §15.3.5), or
    /// the body is empty or `null`. An operation that documents such a status returns it as a success instead.
    #[must_use]
    pub fn is_no_content(&self) -> bool {
        matches!(self, Self::Decode(error) if error.has_no_content())
    }

    /// Returns `true` if the resource is unchanged since the version that the request named, for example in
    /// `If-None-Match`: the status is 304 (RFC 9110 §15.4.5).
    #[must_use]
    pub fn is_not_modified(&self) -> bool {
        self.status() == Some(StatusCode::NOT_MODIFIED)
    }

    /// Returns `true` if the body of a success is larger than the limit.
    #[must_use]
    pub fn is_too_large(&self) -> bool {
        matches!(self, Self::TooLarge(_))
    }

    /// Returns `true` if the credentials are the cause: the status is 401 (RFC 9110 §15.5.2), the credentials conflict
    /// with each other, or a token provider failed.
    #[must_use]
    pub fn is_credentials(&self) -> bool {
        matches!(self, Self::Credentials(_))
            || self.response().is_some_and(|found| found.status == StatusCode::UNAUTHORIZED)
    }

    /// Returns `true` if the request could not be built, for example because a path parameter is empty.
    #[must_use]
    pub fn is_request(&self) -> bool {
        matches!(self, Self::Request(_))
    }

    /// Maps the documented error body with a function.
    pub fn map_documented<F>(self, map: impl FnOnce(E) -> F) -> Error<F> {
        match self {
            Self::Request(error) => Error::Request(error),
            Self::Credentials(error) => Error::Credentials(error),
            Self::Transport(error) => Error::Transport(error),
            Self::Decode(error) => Error::Decode(error),
            Self::TooLarge(error) => Error::TooLarge(error),
            Self::Status(error) => {
                let StatusError { response, message, documented } = *error;
                Error::Status(Box::new(StatusError { response, message, documented: documented.map(map) }))
            }
        }
    }
}

fmt!(Display for Error<E>: self, f => match self {
    Self::Request(error) => error.fmt(f),
    Self::Credentials(error) => error.fmt(f),
    Self::Transport(error) => error.fmt(f),
    Self::Status(error) => error.fmt(f),
    Self::Decode(error) => error.fmt(f),
    Self::TooLarge(error) => error.fmt(f),
}, for E);

source!(Error<E>: self => match self {
    Self::Transport(error) => error.source(),
    Self::Credentials(error) => error.source(),
    _ => None,
}, for E: fmt::Debug);

/// A response that became an error, with its secrets, so that neither the response nor a message shows a secret. It
/// does not keep its request alive.
struct Confidential {
    /// Its note is already redacted.
    raw: RawResponse,
    secrets: Secrets,
}

impl Deref for Confidential {
    type Target = RawResponse;

    fn deref(&self) -> &RawResponse {
        &self.raw
    }
}

impl Confidential {
    #[cold]
    fn new(mut raw: RawResponse) -> Self {
        let secrets = raw.secrets();
        raw.sent = None;
        raw.note = raw.note.map(|note| secrets.redacted(note.into_owned()).into());
        Self { raw, secrets }
    }
}

/// The errors of the non-generic part, which do not concern a body.
#[derive(Debug)]
pub(crate) enum CoreError {
    Request(Box<RequestError>),
    Credentials(Box<CredentialsError>),
    Transport(Box<TransportError>),
    TooLarge(Box<TooLargeError>),
}

impl CoreError {
    /// Returns the error after this many attempts.
    pub(crate) fn after(mut self, attempts: u32) -> Self {
        match &mut self {
            Self::Credentials(error) => error.attempts = attempts,
            Self::Transport(error) => error.attempts = attempts,
            Self::TooLarge(error) => error.attempts = attempts,
            Self::Request(_) => {}
        }
        self
    }
}

from!(error: CoreError => Error<E> {
    match error {
        CoreError::Request(error) => Self::Request(*error),
        CoreError::Credentials(error) => Self::Credentials(*error),
        CoreError::Transport(error) => Self::Transport(*error),
        CoreError::TooLarge(error) => Self::TooLarge(error),
    }
}, for E);

/// The request could not be built. The message names the invalid part and the reason, but does not show its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestError {
    pub(crate) operation: OperationName,
    pub(crate) reason: String,
}

fmt!(Display for RequestError: self, f => write!(f, "{}: {}", self.operation, self.reason));

impl StdError for RequestError {}

/// The required credentials conflict with each other, or a token provider failed. The message names only security
/// schemes.
///
/// [`source()`](StdError::source) is the unchanged error of the provider. `Debug` shows its message without the
/// provider's tokens and, with OAuth 2.0, without the secrets of client and user.
#[derive(Clone)]
pub struct CredentialsError {
    pub(crate) operation: OperationName,
    pub(crate) reason: String,
    /// The failure of the provider.
    pub(crate) failure: Option<ProviderFailure>,
    /// The number of attempts.
    pub(crate) attempts: u32,
}

/// The failure of a token provider.
#[derive(Clone)]
pub(crate) struct ProviderFailure {
    /// The error of the provider. `None` if the provider panicked.
    pub(crate) source: Option<Arc<dyn StdError + Send + Sync>>,
    /// The message of the error, without secrets.
    pub(crate) shown: String,
}

impl CredentialsError {
    /// Returns the reason and the provider's message.
    pub(crate) fn why(&self) -> String {
        let more = self.failure.as_ref().map(|failure| format!(": {}", failure.shown));
        format!("{}{}", self.reason, more.unwrap_or_default())
    }
}

fmt!(Display for CredentialsError: self, f => write!(f, "{}: {}", self.operation, self.why()));

debug!(CredentialsError: self { operation, reason, source: self.failure.as_ref().map(|failure| &failure.shown) });

source!(CredentialsError: self => Some(self.failure.as_ref()?.source.as_deref()?));

/// The server returned a status other than 2xx, or 2xx with a body that describes a failure instead of the documented
/// body: `ok` or `success` is false, or there is an `error`.
pub struct StatusError<E> {
    response: Confidential,
    /// Without secrets.
    message: Option<String>,
    documented: Option<E>,
}

impl<E> StatusError<E> {
    fn new(response: RawResponse, documented: Option<E>) -> Self {
        let response = Confidential::new(response);
        // Before truncation, which could leave a part of a secret.
        let found = message::find(&response);
        let message = found.map(|(text, is_cut)| response.secrets.without(text, is_cut));
        Self { response, message, documented }
    }

    /// Returns the status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.response.status
    }

    /// Returns the headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.response.headers
    }

    /// Returns the body as it was received, including credentials that the server repeats. A body of more than 64 KiB
    /// is truncated to its first 64 KiB.
    #[must_use]
    pub fn raw_body(&self) -> &Bytes {
        &self.response.body
    }

    /// Returns the documented error body, if the raw body is complete and could be decoded.
    #[must_use]
    pub fn documented(&self) -> Option<&E> {
        self.documented.as_ref()
    }

    /// Returns the server's complete error message. Secrets that the client knows are replaced with `[redacted]`.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }
}

fmt! {
    /// Message and note are already redacted.
    Display for StatusError<E>: self, f => {
        write!(f, "{}: {}", self.response.operation, Status(self.response.status))?;
        let status = self.response.status;
        if let Some(message) = self.message.as_ref().filter(|message| !message::is_name_of(message, status)) {
            write!(f, ": {}", Clipped(message))?;
        }
        if let Some(note) = &self.response.note {
            write!(f, " ({})", Clipped(note))?;
        }
        Attempts(self.response.attempts).fmt(f)
    }, for E
}

fmt!(Debug for StatusError<E>: self, f => {
    let Self { response: Confidential { raw, secrets }, message, documented } = self;
    secrets.debug(f, |f| {
        f.debug_struct("StatusError")
            .field("operation", &raw.operation)
            .field("status", &raw.status)
            .field("headers", &HeaderNames(&raw.headers))
            .field("message", &message.as_deref().map(|message| Clipped(message).to_string()))
            .field("documented", documented)
            .field("raw_body", &format_args!("{} bytes", raw.body.len()))
            .finish()
    })
}, for E: fmt::Debug);

impl<E: fmt::Debug> StdError for StatusError<E> {}

/// The body of a success response could not be decoded.
///
/// # Correcting the document
///
/// The message has the path in the body and the reason, without values: `update_time: expected string, found number`.
/// If the server is correct, fix the API document: change the schema with an overlay (OpenAPI Overlay Specification),
/// and generate the client again. `docs/maintain/overlays.md` of Clientwright has an example. Until then,
/// [`raw_body`](Self::raw_body) returns the body.
pub struct BodyError {
    response: Confidential,
    /// Without secrets.
    reason: DecodeFailure,
}

impl BodyError {
    /// Returns the status, which is one of the operation's success statuses.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.response.status
    }

    /// Returns the headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.response.headers
    }

    /// Returns the body as it was received.
    #[must_use]
    pub fn raw_body(&self) -> &Bytes {
        &self.response.body
    }

    /// Returns `true` if a success has no body, or only `null`.
    fn has_no_content(&self) -> bool {
        let response = &self.response;
        let is_none = response.body.is_empty() || response.body.trim_ascii() == b"null";
        response.status.is_success() && is_none && response.item.is_none()
    }

    /// Returns the path in the body and the reason, without values.
    #[must_use]
    pub fn reason(&self) -> &DecodeFailure {
        &self.reason
    }
}

fmt!(Display for BodyError: self, f => {
    let (operation, status) = (&self.response.operation, Status(self.response.status));
    if self.has_no_content() {
        return write!(f, "{operation}: {status}: the call succeeded, but without the documented body");
    }
    let content = self.response.item.unwrap_or("body");
    write!(f, "{operation}: {status}, but the {content} could not be decoded: {}", self.reason)?;
    if self.response.undecoded.is_some() {
        return Ok(());
    }
    f.write_str("; if the server is correct, fix the API document with an overlay")?;
    if self.reason.is_null { f.write_str(", here or everywhere with `x-null-anywhere: true`") } else { Ok(()) }
});

fmt!(Debug for BodyError: self, f => {
    let Self { response: Confidential { raw, secrets }, reason } = self;
    secrets.debug(f, |f| f.debug_struct("BodyError").field("response", raw).field("reason", reason).finish())
});

impl StdError for BodyError {}

/// The error of building a client. The message shows no secret.
#[derive(Debug)]
#[non_exhaustive]
pub enum BuildError {
    /// The base URL is invalid.
    BaseUrl {
        /// The problem with the base URL.
        reason: &'static str,
    },
    /// The replacement for the server of individual operations is invalid.
    Server {
        /// The server, as in the API document.
        documented: String,
        /// The problem with the replacement.
        reason: &'static str,
    },
    /// A credential cannot be sent.
    Credential {
        /// The security scheme of the credential.
        scheme: String,
        /// The problem with the credential.
        reason: &'static str,
    },
    /// A default header cannot be sent.
    Header {
        /// The name of the header.
        name: String,
        /// The problem with the header.
        reason: &'static str,
    },
    /// An environment variable is missing or invalid.
    Environment {
        /// The name of the variable.
        variable: String,
        /// The problem with the variable.
        reason: &'static str,
    },
    /// The provided HTTP client cannot be used.
    HttpClient {
        /// The problem with the HTTP client.
        reason: &'static str,
    },
    /// The HTTP client could not be built, for example because TLS could not be set up.
    Transport(Box<dyn StdError + Send + Sync>),
}

fmt!(Display for BuildError: self, f => match self {
    Self::BaseUrl { reason } => write!(f, "the base URL {reason}"),
    Self::Server { documented, reason } => {
        write!(f, "the replacement for the server `{}` {reason}", Clipped(documented))
    }
    Self::Credential { scheme, reason } => write!(f, "the credential for `{scheme}` {reason}"),
    Self::Header { name, reason } => write!(f, "the header `{}` {reason}", Clipped(name)),
    Self::Environment { variable, reason } => {
        write!(f, "the environment variable `{variable}` {reason}")
    }
    Self::HttpClient { reason } => write!(f, "the HTTP client {reason}"),
    Self::Transport(_) => f.write_str("the HTTP client could not be built"),
});

source!(BuildError: self => match self {
    Self::Transport(source) => Some(&**source),
    _ => None,
});
