//! Answers to challenges. In: a challenge, credentials, method and target of a request. Out: the value of
//! `Authorization`.
//!
//! Invariants: a session does not keep the password, only the hash `H(A1)`, and has no `Debug`. Strings of the server
//! are sent back through one quoting function, so that they cannot end the quoted string.

use http::HeaderValue;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

use super::algorithm::Algorithm;
use super::challenge::Challenge;
use crate::parameter::ascii_set;

/// All characters except `attr-char` of RFC 8187 §3.2.1.
const EXTENDED: &AsciiSet =
    ascii_set!(NON_ALPHANUMERIC.remove(b'!', b'#', b'$', b'&', b'+', b'-', b'.', b'^', b'_', b'`', b'|', b'~'));

/// An authentication session (RFC 7616 §3.6): from one challenge to the next.
#[derive(Clone)]
pub(super) struct Session {
    pub(super) challenge: Challenge,
    /// `H(A1)`, which is as secret as the password in this realm.
    key: String,
    /// The client nonce of `key`, if it is the key of a `-sess` algorithm.
    key_nonce: Option<String>,
    /// The beginning of `Authorization`, with the user name.
    user: Credentials,
}

impl Session {
    /// Begins a session. Only `-sess` algorithms use `cnonce`: they have one key for the whole session (RFC 7616
    /// §3.4.2).
    pub(super) fn open(challenge: Challenge, username: &str, password: &str, cnonce: String) -> Self {
        let algorithm = challenge.algorithm;
        let user = Credentials::of(&challenge, username);
        let mut key = algorithm.hash(&[username.as_bytes(), &challenge.realm, password.as_bytes()]);
        let key_nonce = algorithm.session.then_some(cnonce);
        if let Some(cnonce) = &key_nonce {
            key = algorithm.hash(&[key.as_bytes(), &challenge.nonce, cnonce.as_bytes()]);
        }
        Self { challenge, key, key_nonce, user }
    }

    /// Returns the session with the server's next nonce (RFC 7616 §3.5). The key of a `-sess` algorithm does not change.
    pub(super) fn renewed(&self, nonce: &[u8]) -> Self {
        let mut renewed = self.clone();
        renewed.challenge.nonce = nonce.to_vec();
        renewed
    }

    /// Returns `true` if both have the same nonce and protection space.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let (one, other) = (&self.challenge, &other.challenge);
        one.nonce == other.nonce
            && one.realm == other.realm
            && one.algorithm == other.algorithm
            && one.counted == other.counted
    }

    /// Returns the value of `Authorization` for the request with this count (RFC 7616 §3.4). `None` if there are no
    /// random bytes, or if the target has bytes that a header cannot contain.
    pub(super) fn answer(
        &self,
        method: &str,
        uri: &str,
        count: u32,
        cnonce: fn() -> Option<String>,
    ) -> Option<HeaderValue> {
        let Challenge { realm, nonce, opaque, algorithm, algorithm_name, counted, .. } = &self.challenge;
        // A `-sess` session always sends the client nonce of its key. The RFC allows servers to use the client nonce of the first request,
        // which may differ from the first request here; stateless servers use the current one. A single value satisfies both, and the count
        // makes requests differ.
        let cnonce = match &self.key_nonce {
            Some(cnonce) => Some(cnonce.clone()),
            None if *counted => Some(cnonce()?),
            None => None,
        };
        let count = format!("{count:08x}");
        let target = algorithm.hash(&[method.as_bytes(), uri.as_bytes()]);
        let response = match (*counted, &cnonce) {
            (true, Some(cnonce)) => algorithm.hash(&[
                self.key.as_bytes(),
                nonce,
                count.as_bytes(),
                cnonce.as_bytes(),
                b"auth",
                target.as_bytes(),
            ]),
            // The form of RFC 2069 (RFC 2617 §3.2.2.1).
            _ => algorithm.hash(&[self.key.as_bytes(), nonce, target.as_bytes()]),
        };
        let mut credentials = self.user.clone();
        credentials.quoted("realm", realm);
        credentials.quoted("uri", uri.as_bytes());
        credentials.quoted("nonce", nonce);
        if let Some(name) = algorithm_name {
            credentials.plain("algorithm", name);
        }
        if *counted {
            credentials.plain("qop", "auth");
            credentials.plain("nc", &count);
        }
        // Without `qop` there should be no cnonce (RFC 2617 §3.2.2), but a server needs it to check a `-sess` response.
        if let Some(cnonce) = &cnonce {
            credentials.quoted("cnonce", cnonce.as_bytes());
        }
        credentials.quoted("response", response.as_bytes());
        if let Some(opaque) = opaque {
            credentials.quoted("opaque", opaque);
        }
        credentials.into_value()
    }
}

/// Writes the value of the field.
#[derive(Clone)]
struct Credentials(Vec<u8>);

impl Credentials {
    /// Begins with the user name (RFC 7616 §3.4), or with its hash if the server requires that. A name that a quoted string cannot contain
    /// has the extended form of RFC 8187. Servers before RFC 7616 (MD5 and no `charset`) do not support that form: they get plain UTF-8, as
    /// from browsers and curl.
    fn of(challenge: &Challenge, username: &str) -> Self {
        let mut credentials = Self(b"Digest ".to_vec());
        let algorithm = challenge.algorithm;
        let modern = challenge.utf8 || algorithm.strength() > Algorithm::DEFAULT.strength();
        let control = username.bytes().any(|byte| byte.is_ascii_control() && byte != b'\t');
        if challenge.userhash {
            let hash = algorithm.hash(&[username.as_bytes(), &challenge.realm]);
            credentials.quoted("username", hash.as_bytes());
            credentials.plain("userhash", "true");
        } else if control || (modern && !username.is_ascii()) {
            let encoded = percent_encode(username.as_bytes(), EXTENDED);
            credentials.plain("username*", &format!("UTF-8''{encoded}"));
        } else {
            credentials.quoted("username", username.as_bytes());
        }
        credentials
    }

    fn name(&mut self, name: &str) {
        if !self.0.ends_with(b" ") {
            self.0.extend_from_slice(b", ");
        }
        self.0.extend_from_slice(name.as_bytes());
        self.0.push(b'=');
    }

    fn plain(&mut self, name: &str, value: &str) {
        self.name(name);
        self.0.extend_from_slice(value.as_bytes());
    }

    /// Adds a quoted string (RFC 9110 §5.6.4).
    fn quoted(&mut self, name: &str, value: &[u8]) {
        self.name(name);
        self.0.push(b'"');
        for byte in value {
            if matches!(byte, b'"' | b'\\') {
                self.0.push(b'\\');
            }
            self.0.push(*byte);
        }
        self.0.push(b'"');
    }

    fn into_value(self) -> Option<HeaderValue> {
        let mut value = HeaderValue::from_bytes(&self.0).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}
