//! Decoders of responses: the last stage of a call.
//!
//! In: a [`RawResponse`]. Out: the type of the operation's body, or a [`DecodeFailure`]. The status alone decides which decoder runs:
//! the success decoder for 2xx, the failure decoder for everything else. A decoder does not need a `Content-Type`.

mod plain;
mod refused;
mod streams;

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};

use crate::codegen::DecodeAs;
use crate::redact::{Secrets, Sent};
use crate::request::is_json;
use crate::stream::Untaken;
use crate::wire::marker::read_as;
use crate::wire::reader::Leniency;
use crate::wire::{self, Reader};

pub use plain::text;
pub use refused::confirmed;
pub use streams::{
    event_objects, events, events_as, json_lines, json_lines_as, json_sequence, json_sequence_as, stream,
    text_event_objects, text_events,
};

/// What helps where a body is not what the document says.
const BY_STREAM: &str = "; `.stream()` gives its bytes";

/// Decodes the body of a response.
pub type Decoder<T> = fn(&RawResponse) -> Result<T, DecodeFailure>;

/// A response before its body is decoded.
#[derive(Clone)]
pub struct RawResponse {
    pub(crate) operation: Cow<'static, str>,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// The body, if it is a stream.
    pub(crate) incoming: Untaken,
    /// Whether the body is an item of a stream.
    pub(crate) is_item: bool,
    /// Whether it is one of the operation's success responses.
    pub(crate) success: bool,
    /// Whether the operation's error body is documented for the status.
    pub(crate) documented: bool,
    /// What the body may be beyond its documented type.
    pub(crate) leniency: Leniency,
    /// Why the body cannot be read: it is compressed.
    pub(crate) undecoded: Option<String>,
    /// What else the caller should know: why a redirect was not followed or a challenge was not answered.
    pub(crate) note: Option<Cow<'static, str>>,
    /// How often the request was sent, redirects and challenges aside.
    pub(crate) attempts: u32,
    /// What its request was sent with, which an error must not show.
    pub(crate) sent: Option<Sent>,
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
            incoming: Untaken::default(),
            is_item: false,
            success: status.is_success(),
            documented: true,
            leniency: Leniency::Usual,
            undecoded: None,
            note: None,
            attempts: 1,
            sent: None,
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

    /// The body. It is empty for HEAD, 204, 205 and 304. That of a failure may be only the beginning.
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

    /// Whether the body says that it is of this media type, and that it has its parameters (RFC 9110 §8.3.1).
    #[doc(hidden)]
    #[must_use]
    pub fn is_of(&self, media_type: &str) -> bool {
        let mut parts = media_type.split(';').map(str::trim);
        let essence = parts.next().unwrap_or_default();
        self.media_type().is_some_and(|found| found.eq_ignore_ascii_case(essence)) && parts.all(|part| self.says(part))
    }

    /// Whether the media type of the body has this parameter.
    fn says(&self, parameter: &str) -> bool {
        let text = self.headers.get(CONTENT_TYPE).and_then(|text| text.to_str().ok()).unwrap_or_default();
        text.split(';').skip(1).any(|found| found.trim().replace('"', "").eq_ignore_ascii_case(parameter))
    }

    /// Whether the body says that it is JSON.
    fn says_json(&self) -> bool {
        self.media_type().is_some_and(is_json)
    }

    /// This success, to be tried as each of those that the document has: none may take the body of another. `None` if it may be none.
    #[doc(hidden)]
    #[must_use]
    pub fn as_another_success(&self) -> Option<Box<Self>> {
        let may_be_one = self.success && self.leniency >= Leniency::Fitting;
        may_be_one.then(|| Box::new(Self { leniency: Leniency::Fitting, ..self.clone() }))
    }

    /// The encoding that the server says the body has (RFC 9110 §8.3.2). `None` if it says nothing or nothing that is known.
    #[cfg(feature = "charset")]
    fn charset(&self) -> Option<&'static encoding_rs::Encoding> {
        let text = self.headers.get(CONTENT_TYPE)?.to_str().ok()?;
        let (_, label) = text
            .split(';')
            .skip(1)
            .filter_map(|parameter| parameter.split_once('='))
            .find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))?;
        encoding_rs::Encoding::for_label(label.trim().trim_matches('"').as_bytes())
    }

    /// The body in UTF-8, if it is in another encoding that the server names.
    #[cfg(feature = "charset")]
    fn recoded(&self) -> Option<String> {
        let charset = self.charset().filter(|charset| *charset != encoding_rs::UTF_8)?;
        charset.decode_without_bom_handling_and_without_replacement(&self.body).map(Cow::into_owned)
    }

    #[cfg(not(feature = "charset"))]
    fn recoded(&self) -> Option<String> {
        None
    }

    /// Checks that the body can be read.
    pub(crate) fn check_encoding(&self) -> Result<(), DecodeFailure> {
        match &self.undecoded {
            Some(problem) => Err(DecodeFailure::new(problem.clone())),
            None => Ok(()),
        }
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
    /// Whether the error is an unexpected `null`, which `x-null-anywhere` would accept.
    is_null: bool,
}

impl DecodeFailure {
    /// Creates a failure. The message must not contain secrets.
    #[cold]
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), is_null: false }
    }

    /// The same failure without what is secret.
    pub(crate) fn redacted(self, secrets: &Secrets) -> Self {
        Self { message: secrets.redacted(self.message), ..self }
    }

    /// Whether the switch `x-null-anywhere` of a document would make it a success: a value is null or absent.
    pub(crate) fn is_null(&self) -> bool {
        self.is_null
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
    json_as::<T, ()>(response)
}

/// Decodes a JSON body with the marker `M`.
///
/// # Errors
/// If the body is empty, is not JSON, or does not have the expected type.
#[inline]
pub fn json_as<T, M: DecodeAs<T>>(response: &RawResponse) -> Result<T, DecodeFailure> {
    // Of all types, only any value has a null and takes strings, too.
    let text = json_text(response, M::null().is_some(), M::is_text())?;
    match read_as::<T, M>(Reader::lenient(&text, response.leniency)) {
        Ok(value) => Ok(value),
        Err(error) => Err(json_failure(response, &error)),
    }
}

/// Returns the bytes of the body.
///
/// # Errors
/// If the body is compressed, and the call did not ask for that with a header `Accept-Encoding` of its own.
#[inline]
pub fn bytes(response: &RawResponse) -> Result<Bytes, DecodeFailure> {
    response.check_encoding()?;
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

/// The body as JSON. JSON is UTF-8 (RFC 8259 §8.1), whatever the server says, unless it is not. `any` is whether it may be any value, `string`
/// whether it is a string.
fn json_text(response: &RawResponse, any: bool, string: bool) -> Result<Cow<'_, [u8]>, DecodeFailure> {
    response.check_encoding()?;
    let text = response.body_without_mark();
    if text.is_empty() {
        // Many servers leave out what is null or empty.
        let may_be_null = response.success && response.leniency >= Leniency::Usual && !response.is_item;
        return if may_be_null { Ok(Cow::Borrowed(b"null")) } else { Err(empty_body(response)) };
    }
    if response.leniency >= Leniency::Fitting {
        if !response.is_item
            && let Some(string) = plain::instead_of_json(response, text, any)
        {
            return Ok(Cow::Owned(wire::to_vec(&string)));
        }
        if string && let Some(json) = plain::structure(response, text) {
            return Ok(Cow::Owned(wire::to_vec(&json)));
        }
        if std::str::from_utf8(text).is_err()
            && let Some(recoded) = response.recoded()
        {
            return Ok(Cow::Owned(recoded.into_bytes()));
        }
    }
    Ok(Cow::Borrowed(text))
}

/// Whether a value within the body is null, or a required property is absent, which is read as null.
fn is_null(response: &RawResponse, error: &wire::DecodeError) -> bool {
    let is_absent = error.message().starts_with("missing required property") && response.leniency >= Leniency::Fitting;
    is_absent || error.message().ends_with(", found null") && !error.path().is_empty()
}

#[cold]
fn empty_body(response: &RawResponse) -> DecodeFailure {
    let help = if response.is_item { "" } else { "; `.stream()` takes it as it is" };
    DecodeFailure::new(format!("expected JSON, found an empty body{help}"))
}

/// Names the media type if it is not JSON, for example that of a proxy's HTML page.
#[cold]
fn json_failure(response: &RawResponse, error: &wire::DecodeError) -> DecodeFailure {
    if response.body_without_mark().is_empty() {
        return empty_body(response);
    }
    let message = match response.media_type() {
        Some(media_type) if !response.says_json() => {
            let media_type = crate::error::Clipped(media_type);
            let help = if response.is_item { "" } else { BY_STREAM };
            format!("{error} (the response is {media_type}, not JSON{help})")
        }
        _ => error.to_string(),
    };
    DecodeFailure { is_null: is_null(response, error), ..DecodeFailure::new(with_note(response, message)) }
}

fn with_note(response: &RawResponse, message: String) -> String {
    match &response.note {
        Some(note) => format!("{message} ({})", crate::error::Clipped(note)),
        None => message,
    }
}

/// Implements `decode` for an enum of response bodies by status.
///
/// Each line is `pattern => Variant(decoder)`, or `pattern if "application/problem+json" => …` for bodies of that media type alone. The
/// pattern is matched against the status as a `u16`. The decoder is one of
/// [`json`](crate::codegen::decode::json), [`text`](crate::codegen::decode::text), [`bytes`](crate::codegen::decode::bytes) and
/// [`empty`](crate::codegen::decode::empty); `Variant(empty)` is a unit variant, and `Variant(json as Quoted)` decodes with a marker.
/// A success that no line matches is the first variant that decodes its body as JSON; any other status that no line matches is a
/// [`DecodeFailure`](crate::codegen::decode::DecodeFailure).
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
    ($name:ident {
        $($status:pat $(if $media_type:literal)? => $variant:ident($decoder:ident $(as $marker:ty)?)),+ $(,)?
    }) => {
        impl $name {
            /// Decodes the body of a response into the variant for its status, and its media type.
            ///
            /// # Errors
            /// If the body does not have the documented type, or no body is documented for the status.
            #[inline]
            pub fn decode(response: &$crate::codegen::decode::RawResponse) -> ::core::result::Result<Self, $crate::codegen::decode::DecodeFailure> {
                match response.status().as_u16() {
                    $($status $(if response.is_of($media_type))? => $crate::__responses!(@decode response $variant $decoder $(as $marker)?),)+
                    #[allow(unreachable_patterns)]
                    _ => {
                        if let ::core::option::Option::Some(another) = &response.as_another_success() {
                            $($crate::__responses!(@attempt another $variant $decoder $(as $marker)?);)+
                        }
                        ::core::result::Result::Err($crate::codegen::decode::DecodeFailure::undocumented(response.status()))
                    }
                }
            }
        }
    };
    (@attempt $response:ident $variant:ident json $(as $marker:ty)?) => {
        if let ::core::result::Result::Ok(found) = $crate::__responses!(@decode $response $variant json $(as $marker)?) {
            return ::core::result::Result::Ok(found);
        }
    };
    (@attempt $response:ident $variant:ident $decoder:ident) => {};
    (@decode $response:ident $variant:ident empty) => { ::core::result::Result::Ok(Self::$variant) };
    (@decode $response:ident $variant:ident json as $marker:ty) => {
        $crate::codegen::decode::json_as::<_, $marker>($response).map(Self::$variant)
    };
    (@decode $response:ident $variant:ident $decoder:ident) => { $crate::codegen::decode::$decoder($response).map(Self::$variant) };
}
