//! A response before its body is decoded, and decoding failures.

use std::any::Any;
use std::borrow::Cow;
use std::sync::Arc;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};

use super::incoming::TakeOnce;
use crate::charset;
use crate::media_type::{essence, is_json, parameter};
use crate::operation_name::OperationName;
use crate::redact::Secrets;
use crate::wire::Leniency;

/// A decoder of response bodies.
pub type Decoder<T> = fn(&RawResponse) -> Result<T, DecodeFailure>;

/// The request of a response. Only the modules that send requests know its type.
pub(crate) trait Sent: Any + Send + Sync {
    /// Returns the secrets of the request, which must not be shown if the server repeats them.
    fn secrets(&self) -> Secrets;
}

/// A response before its body is decoded.
#[derive(Clone)]
pub struct RawResponse {
    pub(crate) operation: OperationName,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// The body, if it is a stream.
    pub(crate) incoming: TakeOnce,
    /// The kind of item, if the body is an item of a stream: event, line or record.
    pub(crate) item: Option<&'static str>,
    /// Whether it is one of the operation's success responses.
    pub(crate) success: bool,
    /// Whether the operation's error body is documented for the status.
    pub(crate) documented: bool,
    /// How leniently the body is decoded.
    pub(crate) leniency: Leniency,
    /// The documented media types that the decoder does not support.
    pub(crate) excluded: &'static [&'static str],
    /// The reason why the body cannot be read: it is compressed.
    pub(crate) undecoded: Option<String>,
    /// A note for the caller: the target of a redirect, or the reason why a redirect was not followed or a challenge
    /// was not answered.
    pub(crate) note: Option<Cow<'static, str>>,
    /// Whether the response was received after a redirect to another origin.
    pub(crate) is_foreign: bool,
    /// Whether a redirect changed the method to GET.
    pub(crate) was_sent_as_get: bool,
    /// The number of attempts, without redirects and challenges.
    pub(crate) attempts: u32,
    /// The request.
    pub(crate) sent: Option<Arc<dyn Sent>>,
}

/// Returns `true` if responses with this status have no content (RFC 9110 §15), even if a server sends some. Responses
/// to HEAD do not have content, either (§9.3.2).
pub(crate) fn has_no_content(status: StatusCode) -> bool {
    [StatusCode::NO_CONTENT, StatusCode::RESET_CONTENT, StatusCode::NOT_MODIFIED].contains(&status)
}

impl RawResponse {
    /// Creates a response, for example to test a decoder.
    #[must_use]
    pub fn new(status: StatusCode, headers: HeaderMap, body: Bytes) -> Self {
        Self {
            operation: OperationName::of(""),
            status,
            headers,
            body,
            incoming: TakeOnce::default(),
            item: None,
            success: status.is_success(),
            documented: true,
            leniency: Leniency::Usual,
            excluded: &[],
            undecoded: None,
            note: None,
            is_foreign: false,
            was_sent_as_get: false,
            attempts: 1,
            sent: None,
        }
    }

    getters! {
        /// Returns the status.
        status: StatusCode;

        /// Returns the headers.
        &headers: HeaderMap;

        /// Returns the body. It is empty for HEAD, 204, 205 and 304. The body of a failure may be truncated.
        &body: Bytes;
    }

    /// Returns the media type of the body without parameters, or `None` if the server did not send one.
    #[must_use]
    pub fn media_type(&self) -> Option<&str> {
        let media_type = essence(self.headers.get(CONTENT_TYPE)?.to_str().ok()?);
        (!media_type.is_empty()).then_some(media_type)
    }

    /// Returns `true` if the declared media type is `media_type`, including its parameters (RFC 9110 §8.3.1).
    #[doc(hidden)]
    #[must_use]
    pub fn is_of(&self, media_type: &str) -> bool {
        self.media_type().is_some_and(|found| found.eq_ignore_ascii_case(essence(media_type)))
            && media_type.split(';').skip(1).all(|parameter| self.has_parameter(parameter.trim()))
    }

    /// Returns `true` if the media type of the body has this parameter.
    fn has_parameter(&self, parameter: &str) -> bool {
        let text = self.headers.get(CONTENT_TYPE).and_then(|text| text.to_str().ok()).unwrap_or_default();
        text.split(';').skip(1).any(|found| found.trim().replace('"', "").eq_ignore_ascii_case(parameter))
    }

    /// Returns the secrets of the request.
    #[cold]
    pub(crate) fn secrets(&self) -> Secrets {
        self.sent.as_ref().map(|sent| sent.secrets()).unwrap_or_default()
    }

    /// Returns `true` if the declared media type is JSON.
    pub(crate) fn declares_json(&self) -> bool {
        self.media_type().is_some_and(is_json)
    }

    /// Returns the response for an attempt to decode it as another documented success, or `None` if that is not
    /// allowed.
    #[doc(hidden)]
    #[must_use]
    pub fn as_another_success(&self) -> Option<Box<Self>> {
        let may_be_one = self.success && self.leniency >= Leniency::Fitting;
        may_be_one.then(|| Box::new(Self { leniency: Leniency::Fitting, ..self.clone() }))
    }

    /// Returns the body in UTF-8, if it has another declared charset.
    pub(crate) fn recoded(&self) -> Option<String> {
        charset::decode(&self.body, parameter(self.headers.get(CONTENT_TYPE)?.to_str().ok()?, "charset")?)
    }

    /// Returns a body in UTF-16 with a byte order mark.
    pub(crate) fn marked_utf16(&self) -> Option<String> {
        match &self.body[..] {
            [0xFF, 0xFE, units @ ..] => utf16(units, u16::from_le_bytes),
            [0xFE, 0xFF, units @ ..] => utf16(units, u16::from_be_bytes),
            _ => None,
        }
    }

    /// Returns JSON in UTF-16, with or without a byte order mark. The first character of JSON is ASCII (RFC 4627 §3).
    pub(crate) fn utf16_json(&self) -> Option<String> {
        match &self.body[..] {
            units @ [1..=u8::MAX, 0, ..] => utf16(units, u16::from_le_bytes),
            units @ [0, 1..=u8::MAX, ..] => utf16(units, u16::from_be_bytes),
            _ => self.marked_utf16(),
        }
    }

    /// Checks that the body does not have a documented media type that another method decodes.
    pub(crate) fn check_media_type(&self) -> Result<(), DecodeFailure> {
        match self.excluded.iter().find(|excluded| self.is_of(excluded)) {
            Some(excluded) => Err(DecodeFailure::new(format!(
                "the response is {excluded}, which another method decodes; set the header `Accept` to accept it here"
            ))),
            None => Ok(()),
        }
    }

    /// Checks that the body can be read.
    pub(crate) fn check_encoding(&self) -> Result<(), DecodeFailure> {
        match &self.undecoded {
            Some(problem) => Err(DecodeFailure::new(problem.clone())),
            None => Ok(()),
        }
    }

    /// Returns the body without a byte order mark, which RFC 8259 §8.1 allows parsers to ignore.
    pub(crate) fn body_without_mark(&self) -> &[u8] {
        self.body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&self.body)
    }
}

/// Decodes text in UTF-16; returns `None` if it is not valid.
fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<String> {
    let (units, []) = bytes.as_chunks() else { return None };
    char::decode_utf16(units.iter().map(|bytes| unit(*bytes))).collect::<Result<_, _>>().ok()
}

debug! {
    /// Shows neither header values nor the body: they may contain secrets.
    RawResponse: self {
        operation,
        status,
        media_type: self.media_type(),
        body: format_args!("{} bytes", self.body.len()),
        ..
    }
}

/// The reason why a body could not be decoded.
#[derive(Clone, PartialEq, Eq)]
pub struct DecodeFailure {
    pub(crate) message: String,
    /// Whether the switch `x-null-anywhere` of a document would prevent the failure: a value is null or absent.
    pub(crate) is_null: bool,
    /// Whether the body states that the call has failed.
    pub(crate) is_refusal: bool,
}

impl DecodeFailure {
    /// Creates a failure. The message must not contain secrets.
    #[cold]
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), is_null: false, is_refusal: false }
    }

    /// Creates the failure for a status without a documented body.
    #[cold]
    #[must_use]
    pub fn undocumented(status: StatusCode) -> Self {
        Self::new(format!("no body is documented for status {}", status.as_u16()))
    }
}

fmt!(Display for DecodeFailure: self, f => f.write_str(&self.message));

fmt!(Debug for DecodeFailure: self, f => f.debug_tuple("DecodeFailure").field(&self.message).finish());

impl std::error::Error for DecodeFailure {}
