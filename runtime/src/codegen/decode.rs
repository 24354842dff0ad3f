//! Answer decoders: the last stage of a call.
//!
//! In comes an [`RawResponse`] (status, headers and the whole body, as the non-generic core received it), out goes the operation's own type or a
//! [`DecodeFailure`] that says where decoding stopped. Which decoder runs is decided by the status alone: any 2xx goes to the success decoder, everything
//! else to the failure decoder. A decoder never looks at the network and never fails for a missing `Content-Type`.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};

use crate::codegen::{DecodeAs, from_slice_as};
use crate::wire;

/// How the body of an answer becomes a `T`.
pub type Decoder<T> = fn(&RawResponse) -> Result<T, DecodeFailure>;

/// What the server answered, before its body is decoded.
#[derive(Clone)]
pub struct RawResponse {
    pub(crate) operation: Cow<'static, str>,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// Whether it is one that the operation is for.
    pub(crate) success: bool,
    /// Why the core stopped here although it could have gone on (a redirect not followed, a challenge not met).
    pub(crate) note: Option<Cow<'static, str>>,
}

impl RawResponse {
    /// An answer made by hand, for instance to test a decoder.
    #[must_use]
    pub fn new(status: StatusCode, headers: HeaderMap, body: Bytes) -> Self {
        Self { operation: Cow::Borrowed(""), status, headers, body, success: status.is_success(), note: None }
    }

    /// The status of the answer.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers of the answer.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body, whole and undecoded. Empty for HEAD, 204, 205 and 304.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The media type of the body without parameters, or `None` if the server did not say.
    #[must_use]
    pub fn media_type(&self) -> Option<&str> {
        let text = self.headers.get(CONTENT_TYPE)?.to_str().ok()?;
        let media_type = text.split(';').next().unwrap_or_default().trim();
        (!media_type.is_empty()).then_some(media_type)
    }

    /// The body without a leading UTF-8 byte order mark, which RFC 8259 §8.1 lets a reader ignore.
    fn unmarked(&self) -> &[u8] {
        self.body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&self.body)
    }
}

impl fmt::Debug for RawResponse {
    /// Shows no header value and no body: an answer may hold what its owner keeps secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawResponse")
            .field("operation", &self.operation)
            .field("status", &self.status)
            .field("media_type", &self.media_type())
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish_non_exhaustive()
    }
}

/// Why a body could not be decoded: what was expected, what was found, and where.
#[derive(Clone, PartialEq, Eq)]
pub struct DecodeFailure {
    message: String,
}

impl DecodeFailure {
    /// A failure described by `message`, which must not quote secrets.
    #[cold]
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into() }
    }

    /// The failure of an enum by status that has no variant for this status.
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

/// Decodes a JSON body through the codec.
///
/// # Errors
/// The body is empty, is not JSON, or is JSON of another shape.
#[inline]
pub fn json<T: wire::Decode>(answer: &RawResponse) -> Result<T, DecodeFailure> {
    match wire::from_slice::<T>(json_text(answer)?) {
        Ok(value) => Ok(value),
        Err(error) => Err(json_failure(answer, &error)),
    }
}

/// Decodes a JSON body in the form that the marker `M` stands for.
///
/// # Errors
/// The body is empty, is not JSON, or is JSON of another shape.
#[inline]
pub fn json_as<T, M: DecodeAs<T>>(answer: &RawResponse) -> Result<T, DecodeFailure> {
    match from_slice_as::<T, M>(json_text(answer)?) {
        Ok(value) => Ok(value),
        Err(error) => Err(json_failure(answer, &error)),
    }
}

/// Takes a text body as it is.
///
/// # Errors
/// The body is not UTF-8.
#[inline]
pub fn text(answer: &RawResponse) -> Result<String, DecodeFailure> {
    text_of(answer)
}

/// Takes the bytes of the body as they are.
///
/// # Errors
/// None; the signature is that of every decoder.
#[inline]
pub fn bytes(answer: &RawResponse) -> Result<Bytes, DecodeFailure> {
    Ok(answer.body.clone())
}

/// For failures that the document says nothing about: there is never a documented body, and the raw one is reachable.
///
/// # Errors
/// Always.
#[inline]
pub fn undocumented(answer: &RawResponse) -> Result<(), DecodeFailure> {
    Err(DecodeFailure::undocumented(answer.status))
}

/// Ignores the body.
///
/// # Errors
/// None; the signature is that of every decoder.
#[inline]
pub fn empty(_: &RawResponse) -> Result<(), DecodeFailure> {
    Ok(())
}

fn json_text(answer: &RawResponse) -> Result<&[u8], DecodeFailure> {
    let text = answer.unmarked();
    if text.is_empty() { Err(DecodeFailure::new("expected JSON, found an empty body")) } else { Ok(text) }
}

fn text_of(answer: &RawResponse) -> Result<String, DecodeFailure> {
    match std::str::from_utf8(answer.unmarked()) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => Err(DecodeFailure::new(format!(
            "expected text, found bytes that are not UTF-8 at offset {}",
            error.valid_up_to()
        ))),
    }
}

/// A body of another media type is the more useful thing to hear about: a proxy's HTML page instead of JSON.
#[cold]
fn json_failure(answer: &RawResponse, error: &wire::DecodeError) -> DecodeFailure {
    match answer.media_type() {
        Some(media_type) if !media_type.to_ascii_lowercase().contains("json") => {
            DecodeFailure::new(format!("{error} (the answer is {}, not JSON)", crate::error::Clipped(media_type)))
        }
        _ => DecodeFailure::new(error.to_string()),
    }
}

/// Writes `decode` for an enum whose variants are the answers of one operation by status.
///
/// Each line is `pattern => Variant(decoder)`; the pattern is matched against the status as a `u16`, the decoder is one of [`json`](crate::codegen::decode::json),
/// [`text`](crate::codegen::decode::text), [`bytes`](crate::codegen::decode::bytes) and [`empty`](crate::codegen::decode::empty). `Variant(empty)` names a unit variant,
/// `Variant(json as Quoted)` reads JSON in the form that the marker stands for.
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
/// let answer = decode::RawResponse::new(http::StatusCode::CONFLICT, http::HeaderMap::new(), bytes::Bytes::new());
/// assert_eq!(GetThingError::decode(&answer), Ok(GetThingError::Conflict));
/// ```
#[macro_export]
#[doc(hidden)]
macro_rules! __responses {
    ($name:ident { $($status:pat => $variant:ident($decoder:ident $(as $marker:ty)?)),+ $(,)? }) => {
        impl $name {
            /// Decodes the answer into the variant for its status.
            ///
            /// # Errors
            /// The body does not have the documented shape, or nothing is documented for the status.
            #[inline]
            pub fn decode(answer: &$crate::codegen::decode::RawResponse) -> ::core::result::Result<Self, $crate::codegen::decode::DecodeFailure> {
                match answer.status().as_u16() {
                    $($status => $crate::__responses!(@decode answer $variant $decoder $(as $marker)?),)+
                    #[allow(unreachable_patterns)]
                    _ => ::core::result::Result::Err($crate::codegen::decode::DecodeFailure::undocumented(answer.status())),
                }
            }
        }
    };
    (@decode $answer:ident $variant:ident empty) => { ::core::result::Result::Ok(Self::$variant) };
    (@decode $answer:ident $variant:ident json as $marker:ty) => {
        $crate::codegen::decode::json_as::<_, $marker>($answer).map(Self::$variant)
    };
    (@decode $answer:ident $variant:ident $decoder:ident) => { $crate::codegen::decode::$decoder($answer).map(Self::$variant) };
}
