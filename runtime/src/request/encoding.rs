//! Content codings (RFC 9110 §8.4) that the HTTP client has left on a body.
//!
//! In: the headers of a response. Out: why its body cannot be read. The HTTP client takes a coding that it decodes off the headers, so
//! what is still there was not decoded.

use http::HeaderMap;
use http::header::CONTENT_ENCODING;

use crate::error::Clipped;

/// The codings that a feature of this crate decodes: their names, the feature, and whether it is on.
const FEATURES: [(&[&str], &str, bool); 4] = [
    (&["gzip", "x-gzip"], "gzip", cfg!(feature = "gzip")),
    (&["deflate"], "deflate", cfg!(feature = "deflate")),
    (&["br"], "brotli", cfg!(feature = "brotli")),
    (&["zstd"], "zstd", cfg!(feature = "zstd")),
];

/// Why a body cannot be read, if it is compressed.
pub(super) fn problem(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(CONTENT_ENCODING)?;
    let coding = String::from_utf8_lossy(value.as_bytes());
    let coding = coding.trim();
    if coding.is_empty() || coding.eq_ignore_ascii_case("identity") {
        return None;
    }
    let is_named = |names: &[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(coding));
    let missing = FEATURES.iter().find(|(names, _, is_on)| !is_on && is_named(names));
    Some(match missing {
        Some((_, feature, _)) => format!(
            "the body is compressed by `{}`, which takes the feature `{feature}` of the crate `clientwright-runtime`",
            Clipped(coding)
        ),
        None => format!("the body is compressed by `{}`, which this client cannot decode", Clipped(coding)),
    })
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn problem_of(coding: &str) -> Option<String> {
        problem(&HeaderMap::from_iter([(CONTENT_ENCODING, HeaderValue::from_str(coding).unwrap())]))
    }

    #[test]
    fn what_is_not_decoded_is_named() {
        assert_eq!(problem(&HeaderMap::new()), None);
        for plain in ["", "identity", " Identity"] {
            assert_eq!(problem_of(plain), None);
        }
        for (names, feature, is_on) in FEATURES {
            for name in names {
                let told = problem_of(&name.to_ascii_uppercase()).unwrap();
                assert!(told.contains(&name.to_ascii_uppercase()), "{told}");
                assert_eq!(told.contains(&format!("feature `{feature}`")), !is_on, "{told}");
            }
        }
        assert!(problem_of("gzip, br").unwrap().contains("`gzip, br`, which this client cannot decode"));
    }
}
