//! Content codings (RFC 9110 §8.4).
//!
//! In: a response. Out: a response whose body is decoded as it is read, or the reason why it cannot be read. The HTTP
//! client removes a coding that it has decoded from the headers.

use http::HeaderMap;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH};

use super::answer::Answer;
use crate::clipped::Clipped;
use crate::platform::{self, CODINGS};

/// The maximum number of codings that are decoded. Each can expand a body a thousandfold before the size limit applies.
const MAX_CODINGS: usize = 2;

/// Decodes a non-empty body as it is read, or returns the reason why it cannot be read.
pub(super) fn decode(answer: &mut Answer) -> Option<String> {
    if !answer.headers.contains_key(CONTENT_ENCODING) || answer.announced() == Some(0) {
        return None;
    }
    match features(&answer.headers) {
        Ok(features) if features.is_empty() => None,
        Ok(features) => {
            platform::decode(&mut answer.response, &features);
            answer.headers.remove(CONTENT_ENCODING);
            answer.headers.remove(CONTENT_LENGTH);
            None
        }
        Err(problem) => Some(problem),
    }
}

/// Returns the features that decode a body, in the order of its codings, or the reason why it cannot be read.
fn features(headers: &HeaderMap) -> Result<Vec<&'static str>, String> {
    let all = codings(headers);
    let named: Vec<&str> = all.split(',').map(str::trim).filter(|name| is_coding(name)).collect();
    let found: Vec<_> = named.iter().filter_map(|name| feature(name)).collect();
    let coding = Clipped(all.trim());
    if found.len() < named.len() || found.len() > MAX_CODINGS {
        return Err(format!("the body is compressed with `{coding}`, which this client cannot decode"));
    }
    match found.iter().find(|(_, is_on)| !is_on) {
        Some((feature, _)) => Err(format!(
            "the body is compressed with `{coding}`, which requires the feature `{feature}` of the crate `clientwright-runtime`"
        )),
        None => Ok(found.iter().map(|(feature, _)| *feature).collect()),
    }
}

/// Returns the codings of a body, separated by commas.
fn codings(headers: &HeaderMap) -> String {
    let lines = headers.get_all(CONTENT_ENCODING).iter().map(|line| String::from_utf8_lossy(line.as_bytes()));
    lines.collect::<Vec<_>>().join(", ")
}

/// Returns `true` if a body is text despite an unknown coding: UTF-8 without control characters except white space.
pub(super) fn is_readable(headers: &HeaderMap, body: &[u8]) -> bool {
    let is_control = |c: char| c.is_control() && !c.is_ascii_whitespace();
    codings(headers).split(',').all(|name| feature(name.trim()).is_none())
        && std::str::from_utf8(body).is_ok_and(|text| !text.contains(is_control))
}

/// Returns `true` if a name is the name of a coding. Some servers send the name of a charset, a transfer coding or a
/// media type.
fn is_coding(name: &str) -> bool {
    const PLAIN: [&str; 10] =
        ["", "identity", "none", "null", "plain", "binary", "7bit", "8bit", "chunked", "aws-chunked"];
    const BEGINNINGS: [&str; 7] = ["utf", "ascii", "us-ascii", "iso-", "windows-", "application/", "text/"];
    let name = name.to_ascii_lowercase();
    !PLAIN.contains(&name.as_str()) && !BEGINNINGS.iter().any(|beginning| name.starts_with(beginning))
}

/// Returns the feature that decodes a coding, and whether it is enabled.
fn feature(coding: &str) -> Option<(&'static str, bool)> {
    let is_named = |names: &[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(coding));
    CODINGS.iter().find(|(names, ..)| is_named(names)).map(|(_, feature, is_on)| (*feature, *is_on))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn features_of(codings: &[&str]) -> Result<Vec<&'static str>, String> {
        let mut headers = HeaderMap::new();
        for coding in codings {
            headers.append(CONTENT_ENCODING, HeaderValue::from_str(coding).unwrap());
        }
        features(&headers)
    }

    #[test]
    fn what_is_not_decoded_is_named() {
        for plain in [
            &[][..],
            &[""],
            &["identity"],
            &[" Identity, ", "identity"],
            &["UTF-8"],
            &["iso-8859-1"],
            &["none, aws-chunked"],
            &["application/json"],
        ] {
            assert_eq!(features_of(plain), Ok(Vec::new()));
        }
        for (names, feature, is_on) in CODINGS {
            for name in names.iter().map(|name| name.to_ascii_uppercase()) {
                for codings in [&[name.as_str()][..], &["identity", &name]] {
                    match features_of(codings) {
                        Ok(features) => assert_eq!((features, is_on), (vec![feature], true)),
                        Err(message) => {
                            assert!(
                                !is_on && message.contains(&name) && message.contains(&format!("`{feature}`")),
                                "{message}"
                            );
                        }
                    }
                }
            }
        }
        for unknown in [&["compress"][..], &["gzip, compress"], &["gzip", "compress"], &["gzip, gzip, gzip"]] {
            let message = features_of(unknown).unwrap_err();
            assert!(
                message.ends_with(&format!("`{}`, which this client cannot decode", unknown.join(", "))),
                "{message}"
            );
        }
    }
}
