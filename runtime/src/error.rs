//! What a failed call hands out.
//!
//! In come the problems of the non-generic core and the decoders, out goes [`Error`], whose variants say what happened. Invariants: `Display` never repeats
//! what `source()` says, and neither `Display` nor `Debug` shows a credential, a parameter's value, a URL's query, a header's value or a raw body.

mod message;

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::header::RETRY_AFTER;
use http::{HeaderMap, StatusCode};

use crate::codegen::decode::{DecodeFailure, Decoder, RawResponse};
use crate::response::HeaderNames;

pub(crate) use message::Clipped;

/// Why a call failed. `E` is the error body that the operation documents (or an enum of them by status).
#[derive(Debug)]
#[non_exhaustive]
pub enum Error<E = ()> {
    /// The request could not be built; nothing was sent.
    Request(RequestError),
    /// No credentials satisfy what the operation demands; nothing was sent.
    Credentials(CredentialsError),
    /// The request could not be sent, or its answer could not be received.
    Transport(TransportError),
    /// The server answered with a status other than 2xx.
    Status(Box<StatusError<E>>),
    /// The server answered with success, but the body is not what the operation documents.
    Decode(Box<BodyError>),
}

impl<E> Error<E> {
    /// The failure that `answer` tells of, its body decoded by `decoder` where it has the documented shape.
    pub(crate) fn from_answer(answer: RawResponse, decoder: Decoder<E>) -> Self {
        let documented = decoder(&answer).ok();
        Self::Status(Box::new(StatusError { message: message::lookup(&answer), documented, answer }))
    }

    pub(crate) fn undecodable(answer: RawResponse, source: DecodeFailure) -> Self {
        Self::Decode(Box::new(BodyError { answer, source }))
    }

    /// The operation that failed: its id, or method and path of a raw request.
    #[must_use]
    pub fn operation(&self) -> &str {
        match self {
            Self::Request(error) => &error.operation,
            Self::Credentials(error) => &error.operation,
            Self::Transport(error) => &error.operation,
            Self::Status(error) => &error.answer.operation,
            Self::Decode(error) => &error.answer.operation,
        }
    }

    fn answer(&self) -> Option<&RawResponse> {
        match self {
            Self::Status(error) => Some(&error.answer),
            Self::Decode(error) => Some(&error.answer),
            Self::Request(_) | Self::Credentials(_) | Self::Transport(_) => None,
        }
    }

    /// The status of the answer, if there was one.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.answer().map(|answer| answer.status)
    }

    /// The headers of the answer, if there was one.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.answer().map(|answer| &answer.headers)
    }

    /// The value of the header `name`, if there was an answer that has it and it is a `V`: `error.header::<u64>("retry-after")`.
    #[must_use]
    pub fn header<V: std::str::FromStr>(&self, name: &str) -> Option<V> {
        crate::response::header(self.headers()?, name)
    }

    /// The body of the answer as it was received, if there was one.
    #[must_use]
    pub fn raw_body(&self) -> Option<&Bytes> {
        self.answer().map(|answer| &answer.body)
    }

    /// The documented error body, if the server sent one that could be decoded.
    #[must_use]
    pub fn documented(&self) -> Option<&E> {
        match self {
            Self::Status(error) => error.documented.as_ref(),
            _ => None,
        }
    }

    /// The documented error body by value, if the server sent one that could be decoded.
    #[must_use]
    pub fn into_documented(self) -> Option<E> {
        match self {
            Self::Status(error) => error.documented,
            _ => None,
        }
    }

    /// What the server says went wrong, whole, looked up in its JSON or plain text body.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        match self {
            Self::Status(error) => error.message(),
            _ => None,
        }
    }

    /// Whether the call took longer than allowed, or the connection was idle for too long.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(self, Self::Transport(error) if error.source.is_timeout())
    }

    /// Whether the server asks for fewer requests: 429 (RFC 6585 §4), or 420, which some servers answer instead.
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.status().is_some_and(|status| matches!(status.as_u16(), 420 | 429))
    }

    /// Whether the same call may succeed a little later: no connection, no answer in time, too many requests, or a server
    /// that says it is unavailable for now (408, 425, 502, 503, 504). Whether it is safe to make it twice is another question.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        let passing = |status: StatusCode| matches!(status.as_u16(), 408 | 425 | 502 | 503 | 504);
        self.is_connect() || self.is_timeout() || self.is_rate_limited() || self.status().is_some_and(passing)
    }

    /// How long the server asks to wait before the next call (`Retry-After`, RFC 9110 §10.2.3): a number of seconds, or until
    /// a date, which is zero once it has passed.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        let text = self.headers()?.get(RETRY_AFTER)?.to_str().ok()?.trim();
        if let Ok(seconds) = text.parse() {
            return Some(Duration::from_secs(seconds));
        }
        let date = httpdate::parse_http_date(text).ok()?;
        Some(date.duration_since(SystemTime::now()).unwrap_or_default())
    }

    /// Whether no connection could be made.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        matches!(self, Self::Transport(error) if error.source.is_connect())
    }

    /// Whether the body of a success answer could not be decoded.
    #[must_use]
    pub fn is_decode(&self) -> bool {
        matches!(self, Self::Decode(_))
    }

    /// Whether the client has no credentials that the operation accepts.
    #[must_use]
    pub fn is_credentials(&self) -> bool {
        matches!(self, Self::Credentials(_))
    }

    /// Whether the request itself could not be built, for instance because a path parameter is empty.
    #[must_use]
    pub fn is_request(&self) -> bool {
        matches!(self, Self::Request(_))
    }

    /// The same failure with another type of documented body.
    pub fn map_documented<F>(self, map: impl FnOnce(E) -> F) -> Error<F> {
        match self {
            Self::Request(error) => Error::Request(error),
            Self::Credentials(error) => Error::Credentials(error),
            Self::Transport(error) => Error::Transport(error),
            Self::Decode(error) => Error::Decode(error),
            Self::Status(error) => {
                let StatusError { answer, message, documented } = *error;
                Error::Status(Box::new(StatusError { answer, message, documented: documented.map(map) }))
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
        }
    }
}

impl<E: fmt::Debug> StdError for Error<E> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Transport(error) => error.source(),
            Self::Decode(error) => error.source(),
            Self::Request(_) | Self::Credentials(_) | Self::Status(_) => None,
        }
    }
}

/// A problem of the non-generic core: everything but an answer.
#[derive(Debug)]
pub(crate) enum Problem {
    Request(RequestError),
    Credentials(CredentialsError),
    Transport(TransportError),
}

impl<E> From<Problem> for Error<E> {
    fn from(problem: Problem) -> Self {
        match problem {
            Problem::Request(error) => Self::Request(error),
            Problem::Credentials(error) => Self::Credentials(error),
            Problem::Transport(error) => Self::Transport(error),
        }
    }
}

/// The request could not be built. Says which part of it and why, without the offending value.
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

/// No credentials satisfy what the operation demands, or they cannot be sent together. Names security schemes, never a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CredentialsError {
    pub(crate) operation: Cow<'static, str>,
    pub(crate) reason: String,
}

impl fmt::Display for CredentialsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.operation, self.reason)
    }
}

impl StdError for CredentialsError {}

/// The request could not be sent, or its answer could not be received.
#[derive(Debug)]
pub struct TransportError {
    operation: Cow<'static, str>,
    source: reqwest::Error,
}

impl TransportError {
    /// The URL is taken out of `source`: its query may hold an API key.
    pub(crate) fn new(operation: Cow<'static, str>, source: reqwest::Error) -> Self {
        Self { operation, source: source.without_url() }
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = if self.source.is_timeout() {
            "no answer in time"
        } else if self.source.is_connect() {
            "no connection to the server"
        } else if self.source.is_body() || self.source.is_decode() {
            "the answer could not be received"
        } else {
            "the request could not be sent"
        };
        write!(f, "{}: {what}", self.operation)
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&self.source)
    }
}

/// The server answered with a status other than 2xx.
pub struct StatusError<E> {
    answer: RawResponse,
    message: Option<String>,
    documented: Option<E>,
}

impl<E> StatusError<E> {
    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.answer.status
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.answer.headers
    }

    /// The body as it was received.
    #[must_use]
    pub fn raw_body(&self) -> &Bytes {
        &self.answer.body
    }

    /// The documented error body, if the raw body could be decoded as one.
    #[must_use]
    pub fn documented(&self) -> Option<&E> {
        self.documented.as_ref()
    }

    /// What the server says went wrong, whole.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }
}

impl<E> fmt::Display for StatusError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.answer.operation, Status(self.answer.status))?;
        if let Some(message) = &self.message {
            write!(f, ": {}", Clipped(message))?;
        }
        if let Some(note) = &self.answer.note {
            write!(f, " ({})", Clipped(note))?;
        }
        Ok(())
    }
}

impl<E: fmt::Debug> fmt::Debug for StatusError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StatusError")
            .field("operation", &self.answer.operation)
            .field("status", &self.answer.status)
            .field("headers", &HeaderNames(&self.answer.headers))
            .field("message", &self.message.as_deref().map(|message| Clipped(message).to_string()))
            .field("documented", &self.documented)
            .field("raw_body", &format_args!("{} bytes", self.answer.body.len()))
            .finish()
    }
}

impl<E: fmt::Debug> StdError for StatusError<E> {}

/// The body of a success answer is not what the operation documents.
pub struct BodyError {
    answer: RawResponse,
    source: DecodeFailure,
}

impl BodyError {
    /// The status, always 2xx.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.answer.status
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.answer.headers
    }

    /// The body as it was received.
    #[must_use]
    pub fn raw_body(&self) -> &Bytes {
        &self.answer.body
    }
}

impl fmt::Display for BodyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}, but the body could not be decoded", self.answer.operation, Status(self.answer.status))
    }
}

impl fmt::Debug for BodyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BodyError").field("answer", &self.answer).field("source", &self.source).finish()
    }
}

impl StdError for BodyError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&self.source)
    }
}

/// `404 Not Found`, or just the number if it has no name.
struct Status(StatusCode);

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str())?;
        match self.0.canonical_reason() {
            Some(reason) => write!(f, " {reason}"),
            None => Ok(()),
        }
    }
}

/// Why a client could not be built. Names what is wrong, never a secret.
#[derive(Debug)]
#[non_exhaustive]
pub enum BuildError {
    /// The base URL cannot be one.
    BaseUrl {
        /// What is wrong with it.
        reason: &'static str,
    },
    /// What stands in for the server of some operations cannot be a base URL.
    Server {
        /// The server as the document names it.
        documented: String,
        /// What is wrong with what stands in for it.
        reason: &'static str,
    },
    /// A credential cannot be sent.
    Credential {
        /// The security scheme it is for.
        scheme: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A client-wide header cannot be sent.
    Header {
        /// Its name.
        name: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The transport could not be built, for instance because TLS could not be set up.
    Transport(Box<dyn StdError + Send + Sync>),
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BaseUrl { reason } => write!(f, "the base URL {reason}"),
            Self::Server { documented, reason } => {
                write!(f, "what stands in for the server `{}` {reason}", Clipped(documented))
            }
            Self::Credential { scheme, reason } => write!(f, "the credential for `{scheme}` {reason}"),
            Self::Header { name, reason } => write!(f, "the header `{}` {reason}", Clipped(name)),
            Self::Transport(_) => f.write_str("the HTTP client could not be built"),
        }
    }
}

impl StdError for BuildError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Transport(source) => Some(&**source),
            Self::BaseUrl { .. } | Self::Server { .. } | Self::Credential { .. } | Self::Header { .. } => None,
        }
    }
}
