//! Charsets of text (RFC 9110 §8.3.2).
//!
//! In: text, or bytes with a media type. Out: the other one. Without the feature `charset`, only UTF-8 and ISO 8859-1,
//! which need no tables, are supported.

use std::borrow::Cow;

use crate::media_type::parameter;
use crate::wire::Reason;

const INCAPABLE: Reason = "has a character that the charset of its media type cannot represent";

/// Returns the bytes of text in the charset of a media type; UTF-8 if it has none.
pub(crate) fn encode<'t>(text: &'t str, media_type: &str) -> Result<Cow<'t, [u8]>, Reason> {
    let same = Ok(Cow::Borrowed(text.as_bytes()));
    match parameter(media_type, "charset") {
        None => same,
        Some(label) if is_one_of(label, &["utf-8", "utf8"]) || text.is_ascii() && !has_wide_units(label) => same,
        Some(label) if is_one_of(label, &["us-ascii", "ascii"]) => Err(INCAPABLE),
        Some(label) if is_latin(label) => {
            text.chars().map(|character| u8::try_from(character).map_err(|_| INCAPABLE)).collect()
        }
        Some(label) => encode_by_table(text, label),
    }
}

/// Returns the text in UTF-8, if it has another charset.
#[cfg(feature = "charset")]
pub(crate) fn decode(bytes: &[u8], label: &str) -> Option<String> {
    let charset = encoding_rs::Encoding::for_label(label.as_bytes())?;
    if charset == encoding_rs::UTF_8 {
        return None;
    }
    charset.decode_without_bom_handling_and_without_replacement(bytes).map(Cow::into_owned)
}

/// Returns the text in UTF-8, if it is ISO 8859-1.
#[cfg(not(feature = "charset"))]
pub(crate) fn decode(bytes: &[u8], label: &str) -> Option<String> {
    is_latin(label).then(|| bytes.iter().map(|byte| char::from(*byte)).collect())
}

#[cfg(feature = "charset")]
fn encode_by_table<'t>(text: &'t str, label: &str) -> Result<Cow<'t, [u8]>, Reason> {
    const UNKNOWN: Reason = "cannot be sent in the charset of its media type";
    let charset = encoding_rs::Encoding::for_label(label.as_bytes()).ok_or(UNKNOWN)?;
    // UTF-16 is only read.
    let (bytes, used, is_lossy) = charset.encode(text);
    if used != charset {
        return Err(UNKNOWN);
    }
    if is_lossy { Err(INCAPABLE) } else { Ok(bytes) }
}

#[cfg(not(feature = "charset"))]
fn encode_by_table<'t>(_: &'t str, _: &str) -> Result<Cow<'t, [u8]>, Reason> {
    Err("needs the feature `charset` for the charset of its media type")
}

/// Returns `true` if the charset encodes ASCII with other bytes.
fn has_wide_units(label: &str) -> bool {
    let label = label.to_ascii_lowercase();
    ["utf-16", "utf-32", "ucs-", "iso-10646", "unicode"].iter().any(|wide| label.starts_with(wide))
}

fn is_latin(label: &str) -> bool {
    is_one_of(label, &["iso-8859-1", "iso8859-1", "latin1"])
}

fn is_one_of(label: &str, labels: &[&str]) -> bool {
    labels.iter().any(|one| one.eq_ignore_ascii_case(label))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_sent_in_its_charset() {
        let sent = |text: &'static str, parameter: &str| encode(text, &format!("text/plain{parameter}"));
        for same in ["", "; charset=utf-8", "; Charset=\"UTF8\"", "; format=flowed"] {
            assert_eq!(sent("aü€", same), Ok(Cow::Borrowed("aü€".as_bytes())));
        }
        assert_eq!(sent("aü", "; charset=ISO-8859-1").unwrap(), &b"a\xfc"[..]);
        assert_eq!(sent("€", "; charset=latin1"), Err(INCAPABLE));
        assert_eq!(sent("a", "; charset=unknown").unwrap(), &b"a"[..]);
        for refused in ["unknown", "utf-16", "us-ascii"] {
            assert!(sent("ü", &format!("; charset={refused}")).is_err(), "{refused}");
        }
        assert!(sent("a", "; charset=utf-16").is_err() && sent("a", "; charset=ucs-2").is_err());
    }

    #[cfg(feature = "charset")]
    #[test]
    fn tables_are_used_in_both_directions() {
        let bytes = encode("шa", "text/plain; charset=windows-1251").unwrap();
        assert_eq!(*bytes, [0xf8, b'a']);
        assert_eq!(decode(&bytes, "windows-1251").as_deref(), Some("шa"));
    }
}
