//! Bytes in JSON: OpenAPI's format `byte` (OpenAPI 3.0.3 §4.4; RFC 4648 §4), with more lenient decoding.
//!
//! Invariants: a value is written as it was read. Decoding is lazy, so an invalid string does not make a response
//! undecodable.

use std::convert::Infallible;
use std::str::FromStr;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use bytes::Bytes;

/// Encodes with padding, decodes with or without.
const ENGINE: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// The maximum number of characters in `Debug` output.
const SHOWN: usize = 32;

/// Bytes as a Base64 string.
///
/// The string is kept as read and written unchanged. [`decode`](Self::decode) returns the bytes. In addition to RFC
/// 4648 §4, it accepts missing padding, the URL-safe alphabet (§5), and white space and line breaks (RFC 2045 §6.8).
/// `From` encodes bytes; [`from_text`](Self::from_text) takes a Base64 string.
///
/// Two values are equal if their strings are equal.
///
/// ```
/// use clientwright_runtime::Base64;
///
/// let key = Base64::encode(b"\xfb\xff");
/// assert_eq!(key.as_str(), "+/8=");
/// assert_eq!(Base64::from_text("-_8").decode(), Ok(vec![0xfb, 0xff]));
/// assert_eq!(Base64::from(vec![0xfb, 0xff]), key);
/// assert!(Base64::from_text("no, thanks").decode().is_err());
/// ```
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Base64(Box<str>);

invalid! {
    /// The error of an invalid Base64 string.
    InvalidBase64: "not Base64"
}

kept_text! {
    Base64;
    /// Creates a value from a Base64 string, without validation.
    from_text;
    /// Returns the Base64 string.
    as_str
}

impl Base64 {
    /// Encodes bytes, with padding.
    #[must_use]
    pub fn encode(bytes: impl AsRef<[u8]>) -> Self {
        Self(ENGINE.encode(bytes).into())
    }

    /// Decodes the bytes.
    ///
    /// # Errors
    /// Returns an error if the string is not valid Base64.
    pub fn decode(&self) -> Result<Vec<u8>, InvalidBase64> {
        let plain = self.0.bytes().filter(|byte| !byte.is_ascii_whitespace()).map(|byte| match byte {
            b'-' => b'+',
            b'_' => b'/',
            other => other,
        });
        ENGINE.decode(plain.collect::<Vec<u8>>()).map_err(|_| InvalidBase64)
    }
}

from!(bytes: Vec<u8>, &Vec<u8>, &[u8], Bytes, &Bytes => Base64 { Self::encode(bytes) });

from!(bytes: [u8; N] => Base64 { Self::encode(bytes) }, for const N: usize);

from!(bytes: &[u8; N] => Base64 { Self::encode(bytes) }, for const N: usize);

/// Equivalent to [`Base64::from_text`]. For parsing headers.
impl FromStr for Base64 {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self::from_text(text))
    }
}

fmt! {
    /// Shows the beginning of the string and its length.
    Debug for Base64: self, f => write!(f, "Base64({})", shortened(&self.0))
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}… {} characters", text.get(..end).unwrap_or_default(), text.chars().count()),
        None => text.to_owned(),
    }
}

codec! {
    Base64: self, writer => {
        // Only `Debug` redacts.
        if writer.redacts() {
            writer.str(&shortened(&self.0));
        } else {
            writer.str(&self.0);
        }
    }, reader => reader.str().map(Self::from_text);
}

crate::__serialize!(Base64);
crate::__deserialize!(Base64);
