//! The responses of the IR, by status.

use std::fmt;

use super::{Docs, MediaKind, MediaType, Text};
use clientwright_normalizer::pointer::Pointer;

/// A response (OpenAPI 3.0.3 §4.7.17).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Response {
    /// The status codes it stands for.
    pub status: StatusMatch,
    /// The media types of its body; empty if it has none.
    pub media_types: Vec<MediaType>,
    /// The headers that it documents.
    pub headers: Vec<ResponseHeader>,
    /// Its documentation.
    pub docs: Docs,
    /// Where it is written.
    pub origin: Pointer,
}

impl Response {
    /// Its JSON body, if it has one.
    pub fn json(&self) -> Option<&MediaType> {
        main_json(&self.media_types)
    }
}

/// The JSON that the others are beside, wherever it stands: `application/json`, or else the first.
pub(crate) fn main_json(media_types: &[MediaType]) -> Option<&MediaType> {
    let mut all = media_types.iter().filter(|media_type| media_type.kind == MediaKind::Json);
    let is_plain = |one: &&MediaType| one.name.eq_ignore_ascii_case("application/json");
    all.clone().find(is_plain).or_else(|| all.next())
}

/// The status codes that a response stands for (OpenAPI 3.0.3 §4.7.16).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StatusMatch {
    /// One code: `404`.
    Code(u16),
    /// A hundred: `4XX`, held as `4`.
    Range(u8),
    /// Every code that is not listed.
    Default,
}

impl StatusMatch {
    /// Whether it stands for codes of success.
    pub fn is_success(self) -> bool {
        self.hundred() == Some(2)
    }

    /// Whether it stands for redirects.
    pub fn is_redirect(self) -> bool {
        self.hundred() == Some(3)
    }

    fn hundred(self) -> Option<u16> {
        match self {
            Self::Code(code) => Some(code / 100),
            Self::Range(hundred) => Some(hundred.into()),
            Self::Default => None,
        }
    }
}

/// Whether redirects are the success of an operation and are not followed: it documents some, and no 2XX.
pub fn answers_redirects(responses: &[Response]) -> bool {
    responses.iter().any(|response| response.status.is_redirect())
        && !responses.iter().any(|response| response.status.is_success())
}

/// Whether a status means success for an operation with these responses: 2XX, or a redirect that is its success.
pub fn is_success(responses: &[Response], status: StatusMatch) -> bool {
    status.is_success() || status.is_redirect() && answers_redirects(responses)
}

/// The responses that mean success. `default` is one only where nothing else is.
pub fn successes(responses: &[Response]) -> Vec<&Response> {
    let documented: Vec<_> = responses.iter().filter(|response| is_success(responses, response.status)).collect();
    if documented.is_empty() {
        return responses.iter().filter(|response| response.status == StatusMatch::Default).collect();
    }
    documented
}

/// The responses that do not mean success, `default` among them.
pub fn failures(responses: &[Response]) -> Vec<&Response> {
    responses.iter().filter(|response| !is_success(responses, response.status)).collect()
}

impl fmt::Display for StatusMatch {
    /// The key under `responses`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(f, "{code}"),
            Self::Range(hundred) => write!(f, "{hundred}XX"),
            Self::Default => f.write_str("default"),
        }
    }
}

/// A header of a response (OpenAPI 3.0.3 §4.7.21).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ResponseHeader {
    /// Its name.
    pub wire_name: String,
    /// What it holds, if that is documented.
    pub value: Option<HeaderValue>,
    /// Its documentation.
    pub docs: Docs,
}

/// What a header of a response holds, for its documentation: it is read as a string. Commas separate the values of a list,
/// and the names and values of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "what the names say")]
#[non_exhaustive]
pub enum HeaderValue {
    Boolean,
    Integer,
    Number,
    Text(Text),
    List,
    Object,
}
