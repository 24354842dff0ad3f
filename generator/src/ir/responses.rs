//! The responses of the IR, by status.

use std::fmt;

use super::{Docs, MediaKind, MediaType};

/// A response (OpenAPI 3.0.3 §4.7.17).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Response {
    /// The status codes.
    pub status: StatusMatch,
    /// The media types of the body; empty if there is no body.
    pub media_types: Vec<MediaType>,
    /// The documented headers.
    pub headers: Vec<ResponseHeader>,
    /// The documentation.
    pub docs: Docs,
}

impl Response {
    /// Returns the JSON body, if there is one.
    pub fn json(&self) -> Option<&MediaType> {
        main_json(&self.media_types)
    }
}

/// Returns the main JSON media type, regardless of order: `application/json`, or else the first.
pub(crate) fn main_json(media_types: &[MediaType]) -> Option<&MediaType> {
    let mut all = media_types.iter().filter(|media_type| media_type.kind == MediaKind::Json);
    let is_plain = |one: &&MediaType| one.name.eq_ignore_ascii_case("application/json");
    all.clone().find(is_plain).or_else(|| all.next())
}

/// The status codes of a response (OpenAPI 3.0.3 §4.7.16).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StatusMatch {
    /// One code: `404`.
    Code(u16),
    /// A range: `4XX`, stored as `4`.
    Range(u8),
    /// Every code that is not listed.
    Default,
}

impl StatusMatch {
    /// Returns `true` for successful codes.
    pub fn is_success(self) -> bool {
        self.hundred() == Some(2)
    }

    /// Returns `true` for redirects.
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

/// Returns `true` if redirects are successes, which are not followed: the operation documents redirects and no 2XX.
pub fn redirects_are_success(responses: &[Response]) -> bool {
    responses.iter().any(|response| response.status.is_redirect())
        && !responses.iter().any(|response| response.status.is_success())
}

/// Returns `true` if a status means success for an operation with these responses: 2XX, or a redirect if redirects are successes.
pub fn is_success(responses: &[Response], status: StatusMatch) -> bool {
    status.is_success() || status.is_redirect() && redirects_are_success(responses)
}

/// Returns the successful responses. `default` is a success only if there is no other.
pub fn successes(responses: &[Response]) -> Vec<&Response> {
    let documented: Vec<_> = responses.iter().filter(|response| is_success(responses, response.status)).collect();
    if documented.is_empty() {
        return responses.iter().filter(|response| response.status == StatusMatch::Default).collect();
    }
    documented
}

/// Returns the responses that are not successful, including `default`.
pub fn failures(responses: &[Response]) -> Vec<&Response> {
    responses.iter().filter(|response| !is_success(responses, response.status)).collect()
}

impl fmt::Display for StatusMatch {
    /// Returns the key under `responses`.
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
    /// The name.
    pub wire_name: String,
    /// The type of the value in a few words, if it is documented. Headers are decoded as strings, in which commas separate the values of
    /// an array, and the names and values of an object.
    pub value: Option<&'static str>,
    /// The documentation.
    pub docs: Docs,
}
