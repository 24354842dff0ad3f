//! Errors of calls and of building a client.
//!
//! Invariants: `Display` does not repeat the message of `source()`. Neither `Display` nor `Debug` shows a credential, the value of a
//! parameter or header, the query of a URL or a raw body. What a server says is shown without the credentials that it repeats.

#[cfg(feature = "test")]
mod made;
mod message;
mod parts;
mod too_large;
mod transport;

use std::borrow::Cow;
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

use parts::{Attempts, Status};
pub use too_large::TooLargeError;
pub use transport::TransportError;

/// Why a call failed. `E` is the documented error body of the operation, or an enum if it depends on the status.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error<E = ()> {
    /// The request could not be built. Nothing was sent.
    Request(RequestError),
    /// The credentials that the operation requires cannot be sent together, or the provider of one gave no token.
    Credentials(CredentialsError),
    /// The request could not be sent, or the response could not be received.
    Transport(TransportError),
    /// The server responded with a status other than 2xx, or with a body that says that the call has failed, whatever its status.
    Status(Box<StatusError<E>>),
    /// The server responded with success, but the body could not be decoded. If the server is right, whoever maintains the client
    /// [corrects the API document with an overlay](BodyError#correcting-the-document).
    Decode(Box<BodyError>),
    /// The server responded with success, but the body is larger than the limit. [`ClientBuilder::body_limit`] raises it for a client,
    /// [`CallOptions::with_body_limit`] for a call.
    ///
    /// [`ClientBuilder::body_limit`]: crate::ClientBuilder::body_limit
    /// [`CallOptions::with_body_limit`]: crate::CallOptions::with_body_limit
    TooLarge(Box<TooLargeError>),
}

impl<E> Error<E> {
    /// The error for a response, with its body if `decoder` can decode it.
    #[cold]
    pub(crate) fn from_response(response: RawResponse, decoder: Decoder<E>) -> Self {
        let documented = if response.documented { decoder(&response).ok() } else { None };
        Self::Status(Box::new(StatusError::new(response, documented)))
    }

    /// The error for a success with another body than the document says: the failure that the body says it is, decoded by `decoder`, or one of
    /// decoding.
    #[cold]
    pub(crate) fn unexpected(mut response: RawResponse, reason: DecodeFailure, decoder: Decoder<E>) -> Self {
        if !response.says_failure() {
            return Self::undecodable(response, reason);
        }
        // A job that has failed has an `error`, too: what else is wrong with its body is not lost.
        response.note = Some(format!("the body is not the documented one: {reason}").into());
        response.success = false;
        Self::from_response(response, decoder)
    }

    #[cold]
    pub(crate) fn undecodable(response: RawResponse, mut reason: DecodeFailure) -> Self {
        let response = Confidential::new(response);
        reason.message = response.secrets.redacted(reason.message);
        Self::Decode(Box::new(BodyError { response, reason }))
    }

    /// The operation that failed: its `operationId`, or method and path of a raw request.
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
            Self::Request(_) | Self::Credentials(_) | Self::Transport(_) | Self::TooLarge(_) => None,
        }
    }

    /// The status of the response, if there was one, also if its body broke off.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Transport(error) => error.received.as_ref().map(|received| received.0),
            Self::TooLarge(error) => Some(error.status),
            _ => self.response().map(|response| response.status),
        }
    }

    /// The headers of the response, if there was one, also if its body broke off.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        match self {
            Self::Transport(error) => error.received.as_ref().map(|received| &received.1),
            Self::TooLarge(error) => Some(&error.headers),
            _ => self.response().map(|response| &response.headers),
        }
    }

    /// The value of a response header, parsed as a `V`: `error.header::<u64>("x-request-id")`. `None` if there is no response, no
    /// such header, or its value is not a `V`.
    #[must_use]
    pub fn header<V: std::str::FromStr>(&self, name: &str) -> Option<V> {
        header::parsed(self.headers()?, name)
    }

    /// The body of the response as it was received, if there was one. Of a failure it may be only the beginning:
    /// see [`StatusError::raw_body`]. What the server repeats of a credential is in it.
    #[must_use]
    pub fn raw_body(&self) -> Option<&Bytes> {
        self.response().map(|response| &response.body)
    }

    /// The documented error body, if it is documented for the status, the server sent it and it could be decoded.
    #[must_use]
    pub fn documented(&self) -> Option<&E> {
        match self {
            Self::Status(error) => error.documented.as_ref(),
            _ => None,
        }
    }

    /// Converts the error into the documented error body, if the server sent it and it could be decoded.
    #[must_use]
    pub fn into_documented(self) -> Option<E> {
        match self {
            Self::Status(error) => error.documented,
            _ => None,
        }
    }

    /// The server's error message with its details, in full. It is found in a JSON body by the keys that usually hold it, or is the plain
    /// text body. Only the first 64 KiB of a body are searched. What the client knows to be secret is replaced by `[redacted]` in it.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        match self {
            Self::Status(error) => error.message(),
            _ => None,
        }
    }

    /// Whether a time limit was exceeded.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(self, Self::Transport(error) if error.failure.is_timeout())
    }

    /// Whether the server asks for fewer requests: status 429 (RFC 6585 §4), or 420, which some servers use instead.
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.status().is_some_and(|status| matches!(status.as_u16(), 420 | 429))
    }

    /// Whether the same call may succeed a little later: no connection, a time limit was exceeded, too many requests, or a status
    /// that says so (408, 425, 502, 503, 504). It does not say whether it is safe to repeat the call.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        let passing = |status: StatusCode| matches!(status.as_u16(), 408 | 425 | 502 | 503 | 504);
        self.is_connect() || self.is_timeout() || self.is_rate_limited() || self.status().is_some_and(passing)
    }

    /// How long the server asks to wait before the next call (`Retry-After`, RFC 9110 §10.2.3). If the header has a date that has
    /// passed, the time is zero.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        header::retry_after(self.headers()?)
    }

    /// How often the request was sent, redirects and challenges aside: see [`RetryPolicy`](crate::RetryPolicy). 0 if it was not.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        match self {
            Self::Request(_) => 0,
            Self::Credentials(error) => error.attempts,
            Self::Transport(error) => error.attempts,
            Self::TooLarge(error) => error.attempts,
            Self::Status(_) | Self::Decode(_) => self.response().map_or(0, |response| response.attempts),
        }
    }

    /// Whether no connection could be made.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        matches!(self, Self::Transport(error) if error.failure.is_connect())
    }

    /// Whether the body of a success response could not be decoded.
    #[must_use]
    pub fn is_decode(&self) -> bool {
        matches!(self, Self::Decode(_))
    }

    /// Whether the body of a success response is larger than the limit.
    #[must_use]
    pub fn is_too_large(&self) -> bool {
        matches!(self, Self::TooLarge(_))
    }

    /// Whether the credentials are to blame: the server answers 401 (RFC 9110 §15.5.2), or they cannot be sent together,
    /// or a provider gave no token.
    #[must_use]
    pub fn is_credentials(&self) -> bool {
        matches!(self, Self::Credentials(_))
            || self.response().is_some_and(|found| found.status == StatusCode::UNAUTHORIZED)
    }

    /// Whether the request could not be built, for example because a path parameter is empty.
    #[must_use]
    pub fn is_request(&self) -> bool {
        matches!(self, Self::Request(_))
    }

    /// Converts the documented error body.
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

impl<E> fmt::Display for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Request(error) => error.fmt(f),
            Self::Credentials(error) => error.fmt(f),
            Self::Transport(error) => error.fmt(f),
            Self::Status(error) => error.fmt(f),
            Self::Decode(error) => error.fmt(f),
            Self::TooLarge(error) => error.fmt(f),
        }
    }
}

impl<E: fmt::Debug> StdError for Error<E> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Transport(error) => error.source(),
            Self::Credentials(error) => error.source(),
            Self::Request(_) | Self::Status(_) | Self::Decode(_) | Self::TooLarge(_) => None,
        }
    }
}

/// A response that became an error, with what is secret in it, so that neither the response nor what is said of it is shown with a secret. It
/// does not keep alive what it answers.
struct Confidential {
    /// Its note is without secrets already.
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

/// The errors of the non-generic part: all that are not about a body.
#[derive(Debug)]
pub(crate) enum CoreError {
    Request(Box<RequestError>),
    Credentials(Box<CredentialsError>),
    Transport(Box<TransportError>),
    TooLarge(Box<TooLargeError>),
}

impl CoreError {
    /// The same error after this many attempts.
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

impl<E> From<CoreError> for Error<E> {
    fn from(error: CoreError) -> Self {
        match error {
            CoreError::Request(error) => Self::Request(*error),
            CoreError::Credentials(error) => Self::Credentials(*error),
            CoreError::Transport(error) => Self::Transport(*error),
            CoreError::TooLarge(error) => Self::TooLarge(error),
        }
    }
}

/// The request could not be built. The message names the part that is wrong and why, but does not show its value.
#[derive(Clone, PartialEq, Eq)]
pub struct RequestError {
    pub(crate) operation: Cow<'static, str>,
    pub(crate) reason: String,
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.operation, self.reason)
    }
}

impl fmt::Debug for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestError").field("operation", &self.operation).field("reason", &self.reason).finish()
    }
}

impl StdError for RequestError {}

/// The required credentials cannot be sent together, or the provider of one gave no token. The message names security schemes only.
///
/// [`source()`](StdError::source) is the provider's own error, as it is. `Debug` shows its message, without the tokens that the provider
/// gave and, with OAuth 2.0, without the secrets of client and user.
#[derive(Clone)]
pub struct CredentialsError {
    pub(crate) operation: Cow<'static, str>,
    pub(crate) reason: String,
    /// What the provider says.
    pub(crate) failure: Option<ProviderFailure>,
    /// How often the request was sent.
    pub(crate) attempts: u32,
}

/// Why a provider gave no token.
#[derive(Clone)]
pub(crate) struct ProviderFailure {
    /// What the provider says. `None` if it panicked.
    pub(crate) source: Option<Arc<dyn StdError + Send + Sync>>,
    /// The same in words, without what is secret.
    pub(crate) shown: String,
}

impl fmt::Display for CredentialsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.operation, self.reason)
    }
}

impl fmt::Debug for CredentialsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CredentialsError")
            .field("operation", &self.operation)
            .field("reason", &self.reason)
            .field("source", &self.failure.as_ref().map(|failure| &failure.shown))
            .finish()
    }
}

impl StdError for CredentialsError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        let source = self.failure.as_ref()?.source.as_deref()?;
        Some(source)
    }
}

/// The server responded with a status other than 2xx; or with 2xx, and instead of the documented body with one that says that the call has
/// failed: `ok` or `success` is false, or there is an `error`.
pub struct StatusError<E> {
    response: Confidential,
    /// Without what is secret.
    message: Option<String>,
    documented: Option<E>,
}

impl<E> StatusError<E> {
    fn new(response: RawResponse, documented: Option<E>) -> Self {
        let response = Confidential::new(response);
        // Before anything is cut off, which could leave a part of a secret.
        let found = message::find(&response);
        let message = found.map(|(text, is_cut)| response.secrets.without(text, is_cut));
        Self { response, message, documented }
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.response.status
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.response.headers
    }

    /// The body as it was received, with what the server repeats of a credential. It is the whole body if that has at most 64 KiB,
    /// and otherwise its first 64 KiB.
    #[must_use]
    pub fn raw_body(&self) -> &Bytes {
        &self.response.body
    }

    /// The documented error body, if the raw body is whole and could be decoded.
    #[must_use]
    pub fn documented(&self) -> Option<&E> {
        self.documented.as_ref()
    }

    /// The server's error message, in full. What the client knows to be secret is replaced by `[redacted]` in it.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }
}

impl<E> fmt::Display for StatusError<E> {
    /// Message and note are without secrets already.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.response.operation, Status(self.response.status))?;
        if let Some(message) = &self.message {
            write!(f, ": {}", Clipped(message))?;
        }
        if let Some(note) = &self.response.note {
            write!(f, " ({})", Clipped(note))?;
        }
        Attempts(self.response.attempts).fmt(f)
    }
}

impl<E: fmt::Debug> fmt::Debug for StatusError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
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
    }
}

impl<E: fmt::Debug> StdError for StatusError<E> {}

/// The body of a success response could not be decoded.
///
/// # Correcting the document
///
/// The message says where in the body and why, without its values: `update_time: expected string, found number`. If the
/// server is right, whoever maintains the client corrects the API document: an overlay (OpenAPI Overlay Specification) changes the schema, and the
/// client is generated again. `docs/MAINTAINERS.md` of Clientwright shows an example. Until then
/// [`raw_body`](Self::raw_body) has the body.
pub struct BodyError {
    response: Confidential,
    /// Without what is secret.
    reason: DecodeFailure,
}

impl BodyError {
    /// The status. It is one of the operation's success statuses.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.response.status
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.response.headers
    }

    /// The body as it was received.
    #[must_use]
    pub fn raw_body(&self) -> &Bytes {
        &self.response.body
    }

    /// Where in the body and why, without its values.
    #[must_use]
    pub fn reason(&self) -> &DecodeFailure {
        &self.reason
    }
}

impl fmt::Display for BodyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (operation, status) = (&self.response.operation, Status(self.response.status));
        write!(f, "{operation}: {status}, but the body could not be decoded: {}", self.reason)?;
        if self.response.undecoded.is_some() {
            return Ok(());
        }
        f.write_str("; if the server is right, an overlay corrects the API document")?;
        if self.reason.is_null { f.write_str(", here or everywhere by `x-null-anywhere: true`") } else { Ok(()) }
    }
}

impl fmt::Debug for BodyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { response: Confidential { raw, secrets }, reason } = self;
        secrets.debug(f, |f| f.debug_struct("BodyError").field("response", raw).field("reason", reason).finish())
    }
}

impl StdError for BodyError {}

/// Why a client could not be built. The message shows no secret.
#[derive(Debug)]
#[non_exhaustive]
pub enum BuildError {
    /// The base URL cannot be used.
    BaseUrl {
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The replacement for a server of single operations cannot be used.
    Server {
        /// The server, as the API document names it.
        documented: String,
        /// What is wrong with its replacement.
        reason: &'static str,
    },
    /// A credential cannot be sent.
    Credential {
        /// Its security scheme.
        scheme: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A default header cannot be sent.
    Header {
        /// Its name.
        name: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// An environment variable cannot be used.
    Environment {
        /// Its name.
        variable: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The HTTP client that was given cannot be used.
    HttpClient {
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The HTTP client could not be built, for example because TLS could not be set up.
    Transport(Box<dyn StdError + Send + Sync>),
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
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
        }
    }
}

impl StdError for BuildError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Transport(source) => Some(&**source),
            Self::BaseUrl { .. }
            | Self::Server { .. }
            | Self::Credential { .. }
            | Self::Header { .. }
            | Self::Environment { .. }
            | Self::HttpClient { .. } => None,
        }
    }
}
