//! Decoders of responses: the last stage of a call.
//!
//! In: a [`RawResponse`]. Out: the type of the operation's body, or a [`DecodeFailure`]. The status alone decides which decoder runs:
//! the success decoder for 2xx, the failure decoder for everything else. A decoder does not need a `Content-Type`.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};

use crate::codegen::{DecodeAs, from_slice_as};
use crate::wire;

/// Decodes the body of a response.
pub type Decoder<T> = fn(&RawResponse) -> Result<T, DecodeFailure>;

/// A response before its body is decoded.
#[derive(Clone)]
pub struct RawResponse {
    pub(crate) operation: Cow<'static, str>,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// Whether it is one of the operation's success responses.
    pub(crate) success: bool,
    /// Whether the operation's error body is documented for the status.
    pub(crate) documented: bool,
    /// Why a redirect was not followed or a challenge was not answered.
    pub(crate) note: Option<Cow<'static, str>>,
}

impl RawResponse {
    /// Creates a response, for example to test a decoder.
    #[must_use]
    pub fn new(status: StatusCode, headers: HeaderMap, body: Bytes) -> Self {
        Self {
            operation: Cow::Borrowed(""),
            status,
            headers,
            body,
            success: status.is_success(),
            documented: true,
            note: None,
        }
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body. It is empty for HEAD, 204, 205 and 304.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The media type of the body, without parameters. `None` if the server did not send it.
    #[must_use]
    pub fn media_type(&self) -> Option<&str> {
        let text = self.headers.get(CONTENT_TYPE)?.to_str().ok()?;
        let media_type = text.split(';').next().unwrap_or_default().trim();
        (!media_type.is_empty()).then_some(media_type)
    }

    /// The body without a byte order mark, which RFC 8259 §8.1 allows to ignore.
    pub(crate) fn body_without_mark(&self) -> &[u8] {
        self.body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&self.body)
    }
}

impl fmt::Debug for RawResponse {
    /// Shows neither header values nor the body: they may contain secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawResponse")
            .field("operation", &self.operation)
            .field("status", &self.status)
            .field("media_type", &self.media_type())
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish_non_exhaustive()
    }
}

/// Why a body could not be decoded.
#[derive(Clone, PartialEq, Eq)]
pub struct DecodeFailure {
    message: String,
}

impl DecodeFailure {
    /// Creates a failure. The message must not contain secrets.
    #[cold]
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into() }
    }

    /// The failure for a status whose body is not documented.
    #[cold]
    #[must_use]
    pub fn undocumented(status: StatusCode) -> Self {
        Self::new(format!("no body is documented for status {}", status.as_u16()))
    }
}

impl fmt::Display for DecodeFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Debug for DecodeFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("DecodeFailure").field(&self.message).finish()
    }
}

impl std::error::Error for DecodeFailure {}

/// Decodes a JSON body.
///
/// # Errors
/// If the body is empty, is not JSON, or does not have the expected type.
#[inline]
pub fn json<T: wire::Decode>(response: &RawResponse) -> Result<T, DecodeFailure> {
    match wire::from_slice::<T>(json_text(response)?) {
        Ok(value) => Ok(value),
        Err(error) => Err(json_failure(response, &error)),
    }
}

/// Decodes a JSON body with the marker `M`.
///
/// # Errors
/// If the body is empty, is not JSON, or does not have the expected type.
#[inline]
pub fn json_as<T, M: DecodeAs<T>>(response: &RawResponse) -> Result<T, DecodeFailure> {
    match from_slice_as::<T, M>(json_text(response)?) {
        Ok(value) => Ok(value),
        Err(error) => Err(json_failure(response, &error)),
    }
}

/// Decodes a text body.
///
/// # Errors
/// If the body is not UTF-8.
#[inline]
pub fn text(response: &RawResponse) -> Result<String, DecodeFailure> {
    text_of(response)
}

/// Returns the bytes of the body.
///
/// # Errors
/// Never. All decoders have the same signature.
#[inline]
pub fn bytes(response: &RawResponse) -> Result<Bytes, DecodeFailure> {
    Ok(response.body.clone())
}

/// Decodes nothing: the API document does not describe the body of errors.
///
/// # Errors
/// Always.
#[inline]
pub fn undocumented(response: &RawResponse) -> Result<(), DecodeFailure> {
    Err(DecodeFailure::undocumented(response.status))
}

/// Ignores the body.
///
/// # Errors
/// Never. All decoders have the same signature.
#[inline]
pub fn empty(_: &RawResponse) -> Result<(), DecodeFailure> {
    Ok(())
}

fn json_text(response: &RawResponse) -> Result<&[u8], DecodeFailure> {
    let text = response.body_without_mark();
    if text.is_empty() { Err(DecodeFailure::new("expected JSON, found an empty body")) } else { Ok(text) }
}

fn text_of(response: &RawResponse) -> Result<String, DecodeFailure> {
    match std::str::from_utf8(response.body_without_mark()) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => Err(DecodeFailure::new(format!(
            "expected text, found bytes that are not UTF-8 at offset {}",
            error.valid_up_to()
        ))),
    }
}

/// Names the media type if it is not JSON, for example that of a proxy's HTML page.
#[cold]
fn json_failure(response: &RawResponse, error: &wire::DecodeError) -> DecodeFailure {
    match response.media_type() {
        Some(media_type) if !media_type.to_ascii_lowercase().contains("json") => {
            DecodeFailure::new(format!("{error} (the response is {}, not JSON)", crate::error::Clipped(media_type)))
        }
        _ => DecodeFailure::new(error.to_string()),
    }
}

/// Implements `decode` for an enum of response bodies by status.
///
/// Each line is `pattern => Variant(decoder)`. The pattern is matched against the status as a `u16`. The decoder is one of
/// [`json`](crate::codegen::decode::json), [`text`](crate::codegen::decode::text), [`bytes`](crate::codegen::decode::bytes) and
/// [`empty`](crate::codegen::decode::empty); `Variant(empty)` is a unit variant, and `Variant(json as Quoted)` decodes with a marker.
/// A status that no line matches is a [`DecodeFailure`](crate::codegen::decode::DecodeFailure).
///
/// ```
/// use clientwright_runtime::codegen::{self, decode};
///
/// /// What can go wrong.
/// #[derive(Debug, Clone, PartialEq)]
/// pub enum GetThingError {
///     /// 404
///     NotFound(String),
///     /// 409
///     Conflict,
///     /// Any other status
///     Other(String),
/// }
/// codegen::responses!(GetThingError { 404 => NotFound(json), 409 => Conflict(empty), _ => Other(text) });
///
/// let response = decode::RawResponse::new(http::StatusCode::CONFLICT, http::HeaderMap::new(), bytes::Bytes::new());
/// assert_eq!(GetThingError::decode(&response), Ok(GetThingError::Conflict));
/// ```
#[macro_export]
#[doc(hidden)]
macro_rules! __responses {
    ($name:ident { $($status:pat => $variant:ident($decoder:ident $(as $marker:ty)?)),+ $(,)? }) => {
        impl $name {
            /// Decodes the body of a response into the variant for its status.
            ///
            /// # Errors
            /// If the body does not have the documented type, or no body is documented for the status.
            #[inline]
            pub fn decode(response: &$crate::codegen::decode::RawResponse) -> ::core::result::Result<Self, $crate::codegen::decode::DecodeFailure> {
                match response.status().as_u16() {
                    $($status => $crate::__responses!(@decode response $variant $decoder $(as $marker)?),)+
                    #[allow(unreachable_patterns)]
                    _ => ::core::result::Result::Err($crate::codegen::decode::DecodeFailure::undocumented(response.status())),
                }
            }
        }
    };
    (@decode $response:ident $variant:ident empty) => { ::core::result::Result::Ok(Self::$variant) };
    (@decode $response:ident $variant:ident json as $marker:ty) => {
        $crate::codegen::decode::json_as::<_, $marker>($response).map(Self::$variant)
    };
    (@decode $response:ident $variant:ident $decoder:ident) => { $crate::codegen::decode::$decoder($response).map(Self::$variant) };
}
