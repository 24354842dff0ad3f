//! Kinds of errors.

use http::StatusCode;

use super::Error;

/// The kind of an [`Error`], whatever its operation documents: one function can handle the errors of all operations.
///
/// ```
/// use clientwright_runtime::Error;
/// use clientwright_runtime::error::ErrorKind;
///
/// fn advice<E>(error: &Error<E>) -> &'static str {
///     match error.kind() {
///         ErrorKind::NotFound => "does it still exist?",
///         ErrorKind::Credentials | ErrorKind::Forbidden => "check the token and its rights",
///         _ if error.is_transient() => "try again later",
///         _ => error.message().map_or("report it", |_| "correct the request"),
///     }
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request could not be built. Nothing was sent.
    Request,
    /// The credentials conflict with each other, a token provider failed, or the status is 401 (RFC 9110 §15.5.2).
    Credentials,
    /// No connection could be established.
    Connect,
    /// A time limit was exceeded.
    Timeout,
    /// The request could not be sent, or the response could not be received, for another reason.
    Transport,
    /// The resource is unchanged: the status is 304 (RFC 9110 §15.4.5).
    NotModified,
    /// The call succeeded without the documented body: the status is 204 or 205 (RFC 9110 §15.3.5), or the body is
    /// empty or `null`.
    NoContent,
    /// The status is 403 (RFC 9110 §15.5.4).
    Forbidden,
    /// The status is 404 or 410 (RFC 9110 §15.5.5, §15.5.11).
    NotFound,
    /// The state of the resource conflicts with the request: the status is 409 or 412 (RFC 9110 §15.5.10, §15.5.13).
    Conflict,
    /// The server rate-limits requests: the status is 429 (RFC 6585 §4), or 420, which some servers use instead.
    RateLimited,
    /// The server rejected the request: another status 4xx, or a success whose body describes a failure.
    Rejected,
    /// The server failed: a status 5xx (RFC 9110 §15.6).
    Server,
    /// A status that is neither a success nor a failure, such as a redirect that was not followed.
    Other,
    /// The body of a success could not be decoded.
    Decode,
    /// The body of a success is larger than the limit.
    TooLarge,
}

impl<E> Error<E> {
    /// Returns the kind of the error. A response that breaks off is [`Transport`](ErrorKind::Transport), whatever its
    /// status.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Request(_) => ErrorKind::Request,
            Self::Credentials(_) => ErrorKind::Credentials,
            Self::Transport(error) if error.is_timeout() => ErrorKind::Timeout,
            Self::Transport(error) if error.is_connect() => ErrorKind::Connect,
            Self::Transport(_) => ErrorKind::Transport,
            Self::Status(error) => of_status(error.status()),
            Self::Decode(error) if error.has_no_content() => ErrorKind::NoContent,
            Self::Decode(_) => ErrorKind::Decode,
            Self::TooLarge(_) => ErrorKind::TooLarge,
        }
    }
}

/// Turns a success without the documented body into `None`.
///
/// ```
/// use clientwright_runtime::error::OptionalExt as _;
/// use clientwright_runtime::{Call, Error};
///
/// /// Returns the name, unless it is unchanged.
/// async fn name(call: Call<String>, etag: &str) -> Result<Option<String>, Error> {
///     let response = call.with_header("If-None-Match", etag).await.optional()?;
///     Ok(response.map(|name| name.into_inner()))
/// }
/// ```
pub trait OptionalExt {
    /// The response with its body.
    type Response;
    /// The error of the call.
    type Error;

    /// Returns `None` for an empty body and for the statuses 204, 205 and 304 where a body is documented. If such a
    /// status is documented as a success, returns the response.
    ///
    /// # Errors
    /// Returns any other error of the call.
    fn optional(self) -> Result<Option<Self::Response>, Self::Error>;
}

impl<T, E> OptionalExt for Result<T, Error<E>> {
    type Response = T;
    type Error = Error<E>;

    fn optional(self) -> Result<Option<T>, Error<E>> {
        match self {
            Err(error) if matches!(error.kind(), ErrorKind::NoContent | ErrorKind::NotModified) => Ok(None),
            result => result.map(Some),
        }
    }
}

fn of_status(status: StatusCode) -> ErrorKind {
    match status.as_u16() {
        304 => ErrorKind::NotModified,
        401 => ErrorKind::Credentials,
        403 => ErrorKind::Forbidden,
        404 | 410 => ErrorKind::NotFound,
        409 | 412 => ErrorKind::Conflict,
        420 | 429 => ErrorKind::RateLimited,
        200..=299 | 400..=499 => ErrorKind::Rejected,
        500..=599 => ErrorKind::Server,
        _ => ErrorKind::Other,
    }
}
