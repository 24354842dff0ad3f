//! Answering a challenge. In: a challenge, the credentials, method and target of a request. Out: the `Authorization` value.
//!
//! **Invariant:** a session keeps no password, only the hash `H(A1)` that it was needed for, and has no `Debug`. Whatever came from the server goes
//! through one quoting function on its way back, so that it can never end the string that it stands in.

use http::HeaderValue;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

use super::algorithm::Algorithm;
use super::challenge::Challenge;

/// Everything but `attr-char` of RFC 8187 §3.2.1.
const EXTENDED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b'-')
    .remove(b'.')
    .remove(b'^')
    .remove(b'_')
    .remove(b'`')
    .remove(b'|')
    .remove(b'~');

/// An authentication session (RFC 7616 §3.6): from one challenge to the next.
#[derive(Clone)]
pub(super) struct Session {
    nonce: Vec<u8>,
    realm: Vec<u8>,
    opaque: Option<Vec<u8>>,
    algorithm: Algorithm,
    algorithm_name: Option<String>,
    counted: bool,
    /// `H(A1)`, as secret as the password in this realm.
    key: String,
    /// The client nonce that `key` is made with, if the algorithm is a `-sess` one.
    key_nonce: Option<String>,
    user: User,
}

/// How the user name is written (RFC 7616 §3.4).
#[derive(Clone)]
enum User {
    Plain(Vec<u8>),
    Extended(String),
    Hashed(String),
}

impl Session {
    /// Begins a session. `cnonce` is needed by the `-sess` algorithms alone, whose key is made once for the whole session (RFC 7616 §3.4.2).
    pub(super) fn open(challenge: Challenge, username: &str, password: &str, cnonce: String) -> Self {
        let algorithm = challenge.algorithm;
        let user = User::of(&challenge, username);
        let key = algorithm.hash(&[username.as_bytes(), &challenge.realm, password.as_bytes()]);
        let (key, key_nonce) = if algorithm.session {
            let key = algorithm.hash(&[key.as_bytes(), &challenge.nonce, cnonce.as_bytes()]);
            (key, Some(cnonce))
        } else {
            (key, None)
        };
        Self {
            nonce: challenge.nonce,
            realm: challenge.realm,
            opaque: challenge.opaque,
            algorithm,
            algorithm_name: challenge.algorithm_name,
            counted: challenge.counted,
            key,
            key_nonce,
            user,
        }
    }

    /// The same session with the server's next nonce (RFC 7616 §3.5). The key of a `-sess` algorithm stays: it ends with the session.
    pub(super) fn renewed(&self, nonce: &[u8]) -> Self {
        Self { nonce: nonce.to_vec(), ..self.clone() }
    }

    /// Whether both stand on the same nonce for the same protection space.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.nonce == other.nonce
            && self.realm == other.realm
            && self.algorithm == other.algorithm
            && self.counted == other.counted
    }

    /// The server nonce in use.
    pub(super) fn nonce(&self) -> &[u8] {
        &self.nonce
    }

    /// The `Authorization` value of the `count`th request with this nonce (RFC 7616 §3.4). `None` if there are no random bytes, or if the target
    /// holds bytes that no header field may carry.
    pub(super) fn answer(
        &self,
        method: &str,
        uri: &str,
        count: u32,
        cnonce: fn() -> Option<String>,
    ) -> Option<HeaderValue> {
        // A `-sess` session sends the client nonce of its key each time. The RFC lets the server take it from the first request, which under
        // concurrency may not be the one that was first here; and servers that keep nothing take it from the request at hand. One value fits
        // all of them, and the count still makes each request differ.
        let cnonce = match &self.key_nonce {
            Some(cnonce) => Some(cnonce.clone()),
            None if self.counted => Some(cnonce()?),
            None => None,
        };
        let count = format!("{count:08x}");
        let target = self.algorithm.hash(&[method.as_bytes(), uri.as_bytes()]);
        let response = match (self.counted, &cnonce) {
            (true, Some(cnonce)) => self.algorithm.hash(&[
                self.key.as_bytes(),
                &self.nonce,
                count.as_bytes(),
                cnonce.as_bytes(),
                b"auth",
                target.as_bytes(),
            ]),
            // The form of RFC 2069 (RFC 2617 §3.2.2.1).
            _ => self.algorithm.hash(&[self.key.as_bytes(), &self.nonce, target.as_bytes()]),
        };
        let mut credentials = Credentials(b"Digest ".to_vec());
        self.user.write(&mut credentials);
        credentials.quoted("realm", &self.realm);
        credentials.quoted("uri", uri.as_bytes());
        credentials.quoted("nonce", &self.nonce);
        if let Some(name) = &self.algorithm_name {
            credentials.plain("algorithm", name);
        }
        if self.counted {
            credentials.plain("qop", "auth");
            credentials.plain("nc", &count);
        }
        // Without `qop` RFC 2617 §3.2.2 wants no cnonce; but no server could check a `-sess` response without it.
        if let Some(cnonce) = &cnonce {
            credentials.quoted("cnonce", cnonce.as_bytes());
        }
        credentials.quoted("response", response.as_bytes());
        if let Some(opaque) = &self.opaque {
            credentials.quoted("opaque", opaque);
        }
        credentials.into_value()
    }
}

impl User {
    /// Hashed if the server wants it so. A name that fits in no quoted string goes in the extended form of RFC 8187, which servers before RFC 7616
    /// do not know; those (MD5 and no `charset`) get text outside of ASCII as plain UTF-8, as browsers and curl send it.
    fn of(challenge: &Challenge, username: &str) -> Self {
        let algorithm = challenge.algorithm;
        if challenge.userhash {
            return Self::Hashed(algorithm.hash(&[username.as_bytes(), &challenge.realm]));
        }
        let modern = challenge.utf8 || algorithm.strength() > Algorithm::DEFAULT.strength();
        let control = username.bytes().any(|byte| byte.is_ascii_control() && byte != b'\t');
        if control || (modern && !username.is_ascii()) {
            let encoded = percent_encode(username.as_bytes(), EXTENDED);
            return Self::Extended(format!("UTF-8''{encoded}"));
        }
        Self::Plain(username.as_bytes().to_vec())
    }

    fn write(&self, credentials: &mut Credentials) {
        match self {
            Self::Plain(name) => credentials.quoted("username", name),
            Self::Extended(name) => credentials.plain("username*", name),
            Self::Hashed(name) => {
                credentials.quoted("username", name.as_bytes());
                credentials.plain("userhash", "true");
            }
        }
    }
}

/// The text of the field while it is written.
struct Credentials(Vec<u8>);

impl Credentials {
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

    /// A quoted string, RFC 9110 §5.6.4.
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
