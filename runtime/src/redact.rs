//! Secrets in what a server says.
//!
//! In: what a request was sent with, and a text that a server wrote. Out: the text without the secrets. A server may repeat a
//! credential, for example in `{"detail": "token abc is unknown"}`. Invariant: what is redacted is what the client itself knows to be
//! secret: its credentials, and headers and cookies whose names say so, as they are and as they stand in URLs and in JSON.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, PROXY_AUTHORIZATION};
use http::{HeaderName, HeaderValue};

use crate::auth::{Placement, Token};
use crate::parameter;
use crate::request::Parts;

/// What stands in the place of a secret, as with [`Secret`](crate::Secret).
const REDACTED: &str = "[redacted]";
/// A shorter secret is redacted only where it stands alone: as a part of a word it is hardly the secret.
const LONG: usize = 8;
/// Parts of names of headers and cookies that hold secrets, without `-` and `_`.
const SECRET_NAMES: [&str; 11] = [
    "authorization",
    "cookie",
    "apikey",
    "accesskey",
    "authkey",
    "subscriptionkey",
    "token",
    "secret",
    "password",
    "session",
    "credential",
];

/// What a request was sent with, some of which may be secret.
#[derive(Clone)]
pub(crate) struct Sent {
    pub(crate) request: Box<Parts>,
    /// The answer to a challenge.
    pub(crate) authorization: Option<HeaderValue>,
    /// The tokens of providers.
    pub(crate) tokens: Vec<Token>,
}

impl Sent {
    /// The secrets among it.
    #[cold]
    pub(crate) fn secrets(&self) -> Secrets {
        let mut secrets = Secrets::default();
        let Parts { client, header_parameters, overrides, cookies, .. } = &*self.request;
        for credential in client.credentials() {
            match credential.placement() {
                Placement::Header { name, value } => secrets.add_header(name, value),
                Placement::Query { value, .. } | Placement::Cookie { value, .. } => secrets.add(value),
                Placement::Digest(digest) => secrets.add(digest.password()),
                Placement::Provider(provider) => provider.secrets().iter().for_each(|secret| secrets.add(secret)),
                Placement::Unusable(_) => {}
            }
        }
        for token in &self.tokens {
            secrets.add(token.expose());
        }
        if let Some(value) = &self.authorization {
            secrets.add_header(&AUTHORIZATION, value);
        }
        let of_client = client.headers().iter().chain(client.default_headers());
        for (name, value) in of_client.chain(header_parameters).chain(overrides) {
            if tells_secret(name.as_str()) {
                secrets.add_header(name, value);
            }
        }
        for (_, value) in client.default_query().iter().filter(|(name, _)| name == "key" || tells_secret(name)) {
            secrets.add(value);
        }
        for (_, value) in cookies.iter().flat_map(|(_, pairs)| pairs).filter(|(name, _)| tells_secret(name)) {
            secrets.add(value);
        }
        secrets.sorted()
    }
}

/// Texts that are not shown. `Debug` shows none.
#[derive(Clone, Default)]
pub(crate) struct Secrets(Vec<String>);

impl Secrets {
    /// These secrets.
    pub(crate) fn of(secrets: impl IntoIterator<Item = String>) -> Self {
        let mut all = Self::default();
        for secret in secrets {
            all.add(&secret);
        }
        all.sorted()
    }

    /// A secret in a longer one goes with it.
    fn sorted(mut self) -> Self {
        self.0.sort_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
        self.0.dedup();
        self
    }

    /// Adds a secret, and how it looks in a URL and in JSON.
    fn add(&mut self, secret: &str) {
        let secret = secret.trim();
        if secret.is_empty() {
            return;
        }
        let in_query = parameter::query_text(secret);
        let json = crate::wire::to_vec(&secret);
        let quoted = std::str::from_utf8(&json).unwrap_or_default();
        let in_json = quoted.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or_default();
        for form in [in_query.replace("%20", "+"), in_query, parameter::cookie_key(secret), in_json.to_owned()] {
            if !form.is_empty() {
                self.0.push(form);
            }
        }
        self.0.push(secret.to_owned());
    }

    /// Adds the value of a header. In `Authorization`, what follows the name of the scheme is secret by itself: a token, the password of
    /// Basic (RFC 7617 §2), the response of Digest (RFC 7616 §3.4).
    fn add_header(&mut self, name: &HeaderName, value: &HeaderValue) {
        let value = String::from_utf8_lossy(value.as_bytes());
        self.add(&value);
        if *name != AUTHORIZATION && *name != PROXY_AUTHORIZATION {
            return;
        }
        let Some((scheme, rest)) = value.split_once(' ') else { return };
        self.add(rest);
        if scheme.eq_ignore_ascii_case("basic") {
            let pair = STANDARD.decode(rest.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
            let Some((pair, (_, password))) = pair.as_deref().and_then(|pair| Some((pair, pair.split_once(':')?)))
            else {
                return;
            };
            self.add(pair);
            self.add(password);
        }
        if let Some((response, _)) = rest.split_once("response=\"").and_then(|(_, rest)| rest.split_once('"')) {
            self.add(response);
        }
    }

    /// The text without secrets.
    pub(crate) fn redacted(&self, text: String) -> String {
        self.0.iter().fold(text, |text, secret| if text.contains(secret) { without(&text, secret) } else { text })
    }

    /// Shows a value for debugging, without secrets.
    pub(crate) fn debug(&self, f: &mut fmt::Formatter<'_>, value: &impl fmt::Debug) -> fmt::Result {
        let text = if f.alternate() { format!("{value:#?}") } else { format!("{value:?}") };
        f.write_str(&self.redacted(text))
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

/// Whether the value of a parameter with this name is secret.
pub(crate) fn tells_secret(name: &str) -> bool {
    let name: String = name.chars().filter(|character| !matches!(character, '-' | '_')).collect();
    let name = name.to_ascii_lowercase();
    SECRET_NAMES.iter().any(|part| name.contains(part))
}

/// The text with each occurrence of the secret replaced.
fn without(text: &str, secret: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(secret) {
        out.push_str(before);
        let follows_line_end = ["\\n", "\\r", "\\t"].iter().any(|end| out.ends_with(end));
        let is_part =
            out.ends_with(char::is_alphanumeric) && !follows_line_end || after.starts_with(char::is_alphanumeric);
        if secret.len() < LONG && is_part {
            out.push_str(secret);
        } else {
            out.push_str(REDACTED);
        }
        rest = after;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redacted(secret: &str, text: &str) -> String {
        let mut secrets = Secrets::default();
        secrets.add(secret);
        secrets.redacted(text.to_owned())
    }

    #[test]
    fn a_secret_is_found_in_each_of_its_forms() {
        for (text, expected) in [
            ("token a/\"b c+d is bad", "token [redacted] is bad"),
            (r#"{"token": "a/\"b c+d"}"#, r#"{"token": "[redacted]"}"#),
            ("/x?key=a%2F%22b%20c%2Bd&y", "/x?key=[redacted]&y"),
            ("/x?key=a%2F%22b+c%2Bd", "/x?key=[redacted]"),
            ("a/\"b c+d a/\"b c+d", "[redacted] [redacted]"),
            ("another text", "another text"),
        ] {
            assert_eq!(redacted("a/\"b c+d", text), expected);
        }
    }

    #[test]
    fn a_short_secret_is_no_part_of_a_word() {
        assert_eq!(redacted("ant", "ant: want (ant) ants giant"), "[redacted]: want ([redacted]) ants giant");
        assert_eq!(redacted("elephant", "elephants"), "[redacted]s");
        assert_eq!(redacted("ant", r"line\nant\nant"), r"line\n[redacted]\n[redacted]");
        assert_eq!(redacted("", "text"), "text");
    }

    #[test]
    fn names_tell_what_is_secret() {
        for name in ["Authorization", "X-Api-Key", "api_key", "X-Auth-Token", "Cookie", "PHPSESSID_session"] {
            assert!(tells_secret(name), "{name}");
        }
        for name in ["Accept-Language", "X-Tenant", "Idempotency-Key", "User-Agent"] {
            assert!(!tells_secret(name), "{name}");
        }
    }

    #[test]
    fn the_parts_of_authorization_are_secret_by_themselves() {
        let mut secrets = Secrets::default();
        for value in ["Basic dXNlcjpwYXNzd29yZA==", "Digest username=\"u\", response=\"0123456789abcdef\", qop=auth"] {
            secrets.add_header(&AUTHORIZATION, &HeaderValue::from_static(value));
        }
        let text = "password of user: dXNlcjpwYXNzd29yZA==, 0123456789abcdef";
        assert_eq!(secrets.redacted(text.to_owned()), "[redacted] of user: [redacted], [redacted]");
    }
}
