//! Secrets in texts of a server.
//!
//! In: secrets, and a string that a server wrote. Out: the string without the secrets. A server may repeat a
//! credential, for example in `{"detail": "token abc is unknown"}`. Invariant: only secrets that the client knows are
//! redacted: its credentials, each [`Secret`](crate::Secret) that was sent, and headers, cookies and query parameters
//! with a secret name. They are found in any notation: see [`written`].

mod written;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::parameter::{self, Value};
use crate::wire::DEPTH_LIMIT;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, PROXY_AUTHORIZATION};
use http::{HeaderName, HeaderValue};
use percent_encoding::percent_decode_str;
use written::Found;

/// The replacement of a secret, as with [`Secret`](crate::Secret).
const REDACTED: &str = "[redacted]";
/// The minimum length of a secret that is redacted within words. A shorter secret is redacted only as a separate word:
/// within a word it is unlikely to be the secret.
const LONG: usize = 8;
/// Parts of names of headers, cookies and query parameters with secrets, without `-` and `_`.
const SECRET_NAMES: [&str; 16] = [
    "authorization", "cookie", "apikey", "accesskey", "authkey", "subscriptionkey", "privatekey", "token", "secret",
    "password", "passwd", "passphrase", "session", "credential", "signature", "jwt",
];
/// Suffixes of such names. Elsewhere they would be part of other words: `author`.
const SECRET_ENDS: [&str; 3] = ["auth", "pwd", "sig"];
/// Parts of names for sizes and page tokens, although they contain a part listed above.
const PLAIN_NAMES: [&str; 5] = ["pagetoken", "nexttoken", "continuationtoken", "synctoken", "maxtokens"];

/// Secret texts, by their first characters. `Debug` does not show them.
#[derive(Clone, Default)]
pub struct Secrets(BTreeMap<char, BTreeSet<String>>);

impl Secrets {
    /// Creates a set of these secrets.
    pub(crate) fn of(secrets: impl IntoIterator<Item = String>) -> Self {
        let mut all = Self::default();
        for secret in secrets {
            all.add(&secret);
        }
        all
    }

    /// Adds a secret. The password and secret query parameters of a URL are also added.
    pub(crate) fn add(&mut self, secret: &str) {
        self.add_text(secret);
        let Some((_, rest)) = secret.split_once("://") else { return };
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        self.add_query("", query);
        let authority = rest.split(['/', '#']).next().unwrap_or_default();
        if let Some((_, password)) = authority.rsplit_once('@').and_then(|(user, _)| user.split_once(':')) {
            self.add_encoded(password);
        }
    }

    fn add_text(&mut self, secret: &str) {
        let secret = secret.trim();
        if let Some(first) = secret.chars().next() {
            self.0.entry(first).or_default().insert(secret.to_owned());
        }
    }

    /// Adds a secret that may be percent-encoded.
    pub(crate) fn add_encoded(&mut self, secret: &str) {
        self.add_text(secret);
        self.add_text(&percent_decode_str(secret).decode_utf8_lossy());
    }

    /// Adds the values of query parameters with secret names. `name` is the name of the whole parameter.
    pub(crate) fn add_query(&mut self, name: &str, query: &str) {
        for (key, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
            if is_secret_name(name) || is_secret_name(&percent_decode_str(key).decode_utf8_lossy()) {
                self.add_encoded(value);
                self.add_encoded(&value.replace('+', " "));
            }
        }
    }

    /// Adds the strings and numbers in the JSON of a secret.
    pub(crate) fn add_json(&mut self, json: &str) {
        self.add_json_within(json, DEPTH_LIMIT);
    }

    fn add_json_within(&mut self, json: &str, depth: u32) {
        let Some(depth) = depth.checked_sub(1) else { return };
        match parameter::parse(json) {
            Ok(Value::Scalar(text)) if !matches!(json.trim(), "true" | "false") => self.add(&text),
            Ok(Value::Array(elements)) => elements.iter().for_each(|json| self.add_json_within(json, depth)),
            Ok(Value::Object(properties)) => properties.iter().for_each(|(_, json)| self.add_json_within(json, depth)),
            Ok(Value::Scalar(_) | Value::Null) | Err(_) => {}
        }
    }

    /// Adds the value of a header. In `Authorization`, the text after the scheme is also a secret: a token, the
    /// password of Basic (RFC 7617 §2), the response of Digest (RFC 7616 §3.4).
    pub(crate) fn add_header(&mut self, name: &HeaderName, value: &HeaderValue) {
        let value = String::from_utf8_lossy(value.as_bytes());
        self.add(&value);
        if *name != AUTHORIZATION && *name != PROXY_AUTHORIZATION {
            return;
        }
        let Some((scheme, rest)) = value.split_once(' ') else { return };
        self.add(rest);
        if scheme.eq_ignore_ascii_case("basic") {
            let rest = rest.trim();
            self.add_text(rest.trim_end_matches('='));
            let pair = STANDARD.decode(rest).ok().and_then(|bytes| String::from_utf8(bytes).ok());
            if let Some(pair) = pair
                && let Some((_, password)) = pair.split_once(':')
            {
                self.add(&pair);
                self.add(password);
            }
        }
        if let Some((response, _)) = rest.split_once("response=\"").and_then(|(_, rest)| rest.split_once('"')) {
            self.add(response);
        }
    }

    /// Returns the text without secrets.
    pub(crate) fn redacted(&self, text: String) -> String {
        self.without(text, false)
    }

    /// Redacts a string that may be truncated, including a truncated secret at its end.
    pub(crate) fn without(&self, text: String, is_cut: bool) -> String {
        if self.0.is_empty() {
            return text;
        }
        let part = |from: usize, to: usize| {
            let part = text.get(from..to);
            debug_assert!(part.is_some(), "a secret begins and ends between characters");
            part.unwrap_or_default()
        };
        let (mut out, mut end) = (String::new(), 0);
        for (place, character) in text.char_indices() {
            let may_begin = self.0.contains_key(&character) || matches!(character, '%' | '\\');
            let found = if may_begin && place >= end { self.find(&text, place) } else { None };
            match found {
                Some(Found::Whole(length)) => {
                    out.push_str(part(end, place));
                    out.push_str(REDACTED);
                    end = place + length;
                }
                Some(Found::Beginning) if is_cut => {
                    out.push_str(part(end, place));
                    return out;
                }
                Some(Found::Beginning) | None => {}
            }
        }
        if end == 0 {
            return text;
        }
        out.push_str(part(end, text.len()));
        out
    }

    /// Returns the longest secret that begins at this position.
    fn find(&self, text: &str, place: usize) -> Option<Found> {
        let (before, rest) = text.split_at_checked(place)?;
        let secrets = self.0.iter().filter(|(first, _)| written::begins_with(rest, **first)).flat_map(|(_, all)| all);
        let found = secrets.filter_map(|secret| {
            let found = written::find(rest, secret)?;
            let after = match found {
                Found::Whole(length) => rest.get(length..)?,
                Found::Beginning => "",
            };
            (secret.len() >= LONG || stands_alone(before, after)).then_some(found)
        });
        found.max()
    }

    /// Formats the output of `show` for debugging, without secrets.
    pub(crate) fn debug(
        &self,
        f: &mut fmt::Formatter<'_>,
        show: impl Fn(&mut fmt::Formatter<'_>) -> fmt::Result,
    ) -> fmt::Result {
        let shown = Shown(show);
        let text = if f.alternate() { format!("{shown:#?}") } else { format!("{shown:?}") };
        f.write_str(&self.redacted(text))
    }
}

/// A value that a function formats.
struct Shown<F>(F);

fmt!(Debug for Shown<F>: self, f => (self.0)(f), for F: Fn(&mut fmt::Formatter<'_>) -> fmt::Result);

fmt!(Debug for Secrets: self, f => f.write_str(REDACTED));

/// Returns `true` if the value of a header, a cookie or a query parameter with this name is secret.
pub(crate) fn is_secret_name(name: &str) -> bool {
    let name: String = name.chars().filter(|character| !matches!(character, '-' | '_')).collect();
    let name = name.to_ascii_lowercase();
    let has = |part: &&str| name.contains(*part);
    let is_secret = SECRET_NAMES.iter().any(has) || SECRET_ENDS.iter().any(|end| name.ends_with(end));
    is_secret && !PLAIN_NAMES.iter().any(has)
}

/// Returns `true` if there is a word boundary between these strings.
fn stands_alone(before: &str, after: &str) -> bool {
    let follows_line_end = ["\\n", "\\r", "\\t"].iter().any(|end| before.ends_with(end));
    let is_part =
        before.ends_with(char::is_alphanumeric) && !follows_line_end || after.starts_with(char::is_alphanumeric);
    !is_part
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redacted(secret: &str, text: &str) -> String {
        Secrets::of([secret.to_owned()]).redacted(text.to_owned())
    }

    #[test]
    fn a_secret_is_replaced_wherever_it_stands() {
        for (text, expected) in [
            ("token a/\"b c+d is bad", "token [redacted] is bad"),
            (r#"{"token": "a/\"b c+d"}"#, r#"{"token": "[redacted]"}"#),
            ("/x?key=a%2F%22b%20c%2Bd&y", "/x?key=[redacted]&y"),
            ("/x?key=a%2f\"b+c+d", "/x?key=[redacted]"),
            ("a/\"b c+d a/\"b c+d", "[redacted] [redacted]"),
            ("a/a/\"b c+da/\"b c+da/", "a/[redacted][redacted]a/"),
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
    fn the_longest_secret_counts() {
        let secrets = Secrets::of(["pass-word", "pass-word-of-ada", "ada"].map(str::to_owned));
        assert_eq!(secrets.redacted("pass-word-of-ada pass-word-of".to_owned()), "[redacted] [redacted]-of");
    }

    #[test]
    fn the_beginning_of_a_text_ends_before_a_secret_that_is_cut() {
        let secrets = Secrets::of(["secret-token", "ant"].map(str::to_owned));
        for (text, expected) in [
            ("bad: secret-tok", "bad: "),
            ("bad: secret-token", "bad: [redacted]"),
            ("bad: secret-token secret", "bad: [redacted] "),
            ("a token", "a token"),
            ("secret-tok is bad", "secret-tok is bad"),
            ("want a", "want "),
            ("what", "what"),
        ] {
            assert_eq!(secrets.without(text.to_owned(), true), expected);
        }
        assert_eq!(secrets.redacted("secret-tok".to_owned()), "secret-tok");
    }

    #[test]
    fn hostile_texts_take_no_long_time() {
        let repeated = ["a".repeat(2000), "a".repeat(2001), "%".repeat(2000), "\\".repeat(2000)];
        let secrets = Secrets::of(repeated);
        let start = std::time::Instant::now();
        for text in ["a", "%", "%25", "\\", "%61", "\\u0061", "\\ud83d\\", &format!("{}b", "a".repeat(127))] {
            let _ = secrets.redacted(text.repeat((64 << 10) / text.len()));
        }
        assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
    }

    #[test]
    fn names_tell_what_is_secret() {
        for name in [
            "Authorization", "X-Api-Key", "api_key", "X-Auth-Token", "Cookie", "PHPSESSID_session", "X-Auth",
            "X-Passwd", "PRIVATE-KEY", "X-Signature",
        ] {
            assert!(is_secret_name(name), "{name}");
        }
        for name in [
            "Accept-Language", "X-Tenant", "Idempotency-Key", "User-Agent", "author", "X-Author-Id", "pageToken",
            "max_tokens",
        ] {
            assert!(!is_secret_name(name), "{name}");
        }
    }

    #[test]
    fn a_url_has_secrets_in_it() {
        let secrets =
            Secrets::of(["postgres://ada:pa%2Fss-word@db/shop?sslpassword=t0p-secret&app=shop-app".to_owned()]);
        let text = "no ada with pa/ss-word, pa%2fss-word or t0p-secret at db for shop-app";
        let expected = "no ada with [redacted], [redacted] or [redacted] at db for shop-app";
        assert_eq!(secrets.redacted(text.to_owned()), expected);
        for plain in ["https://db:5432/a@b", "https://ada@db/x:y@z", "user:pass-word"] {
            assert_eq!(redacted(plain, "5432 ada db pass-word"), "5432 ada db pass-word");
        }
    }

    #[test]
    fn what_json_holds_is_secret_by_itself() {
        let mut secrets = Secrets::default();
        secrets.add_json(r#"{"key": ["t0p \u0073ecret", 12345678, true, null, {"a": ""}]}"#);
        let text = "key: t0p secret, 12345678, true, null";
        assert_eq!(secrets.redacted(text.to_owned()), "key: [redacted], [redacted], true, null");
    }

    #[test]
    fn the_parts_of_authorization_are_secret_by_themselves() {
        let mut secrets = Secrets::default();
        for value in ["Basic dXNlcjpwYXNzd29yZA==", "Digest username=\"u\", response=\"0123456789abcdef\", qop=auth"] {
            secrets.add_header(&AUTHORIZATION, &HeaderValue::from_static(value));
        }
        let text = "password of user: dXNlcjpwYXNzd29yZA==, dXNlcjpwYXNzd29yZA, 0123456789abcdef";
        assert_eq!(secrets.redacted(text.to_owned()), "[redacted] of user: [redacted], [redacted], [redacted]");
    }
}
