//! The hash algorithms of RFC 7616 §3.3. In: names and the parts of a digest. Out: lower-case hexadecimal digits.
//!
//! Invariant: an unknown name is never read as a known algorithm.

use bytes::Bytes;
use sha2::Digest as _;

/// A hash function of RFC 7616 §6.1.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Function {
    Md5,
    Sha256,
    Sha512T256,
}

/// A hash function, and whether it has a session key (`-sess`, RFC 7616 §3.4.2).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Algorithm {
    function: Function,
    /// Whether the key of the session depends on the nonces.
    pub(super) session: bool,
}

impl Algorithm {
    /// The algorithm of a challenge without `algorithm` (RFC 7616 §3.3).
    pub(super) const DEFAULT: Self = Self { function: Function::Md5, session: false };

    /// Returns the algorithm with that name, in any case.
    pub(super) fn named(name: &[u8]) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let (base, session) = match name.strip_suffix(b"-sess") {
            Some(base) => (base, true),
            None => (name.as_slice(), false),
        };
        let function = match base {
            b"md5" => Function::Md5,
            b"sha-256" => Function::Sha256,
            b"sha-512-256" => Function::Sha512T256,
            _ => return None,
        };
        Some(Self { function, session })
    }

    /// Returns the strength: a greater number is stronger. Both SHA-2 functions have 256 bits; between them the
    /// server's order counts (RFC 7616 §3.7).
    pub(super) fn strength(self) -> u8 {
        u8::from(self.function != Function::Md5)
    }

    /// Returns the hash of the parts, joined by `:` (RFC 7616 §3.4).
    pub(super) fn hash(self, parts: &[&[u8]]) -> String {
        let text = parts.join(&b':');
        let digest = match self.function {
            Function::Md5 => md5::Md5::digest(text).to_vec(),
            Function::Sha256 => sha2::Sha256::digest(text).to_vec(),
            Function::Sha512T256 => sha2::Sha512_256::digest(text).to_vec(),
        };
        format!("{:x}", Bytes::from(digest))
    }
}
