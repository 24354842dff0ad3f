//! `auth::digest::Digest` against a small server that keeps its own count of what it has seen and hashes on its own.
#![cfg(test)]

use std::collections::{BTreeMap, BTreeSet};
use std::thread;

use clientwright_runtime::auth::digest::{Challenged, Digest};
use http::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue, WWW_AUTHENTICATE};
use http::{Method, StatusCode};
use md5::Digest as _;
use proptest::prelude::*;

const USER: &str = "user";
const PASSWORD: &str = "open sesame";

fn md5(text: &str) -> String {
    let hash = md5::Md5::digest(text);
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The parameters of credentials that hold no comma and no escape.
fn parameters(value: &HeaderValue) -> BTreeMap<String, String> {
    let value = value.to_str().unwrap().strip_prefix("Digest ").unwrap();
    value
        .split(", ")
        .map(|part| {
            let (name, value) = part.split_once('=').unwrap();
            (name.to_owned(), value.trim_matches('"').to_owned())
        })
        .collect()
}

/// How a server treats a nonce that it does not take any more.
#[derive(Clone, Copy, PartialEq)]
enum Old {
    Stale,
    Silent,
}

/// A server with one user. A nonce is good for `uses` requests.
struct Server {
    uses: usize,
    old: Old,
    session: bool,
    counted: bool,
    nextnonce: bool,
    /// For each nonce: counts seen, and the key of its session.
    seen: BTreeMap<String, (BTreeSet<String>, Option<String>)>,
    issued: usize,
    log: Vec<StatusCode>,
}

impl Server {
    fn new(uses: usize, old: Old) -> Self {
        Self {
            uses,
            old,
            session: false,
            counted: true,
            nextnonce: false,
            seen: BTreeMap::new(),
            issued: 0,
            log: Vec::new(),
        }
    }

    fn nonce(&mut self) -> String {
        self.issued += 1;
        let nonce = format!("nonce-{}", self.issued);
        self.seen.insert(nonce.clone(), Default::default());
        nonce
    }

    fn refuse(&mut self, stale: bool) -> (StatusCode, HeaderMap) {
        let nonce = self.nonce();
        let mut challenge = format!("Digest realm=\"vault\", nonce=\"{nonce}\", opaque=\"o\"");
        if self.counted {
            challenge += ", qop=\"auth\"";
        }
        if self.session {
            challenge += ", algorithm=md5-sess";
        }
        if stale {
            challenge += ", stale=TRUE";
        }
        let mut headers = HeaderMap::new();
        headers.insert(WWW_AUTHENTICATE, challenge.parse().unwrap());
        (StatusCode::UNAUTHORIZED, headers)
    }

    fn expected(&mut self, method: &str, sent: &BTreeMap<String, String>) -> String {
        let nonce = &sent["nonce"];
        let mut key = md5(&format!("{USER}:vault:{PASSWORD}"));
        if self.session {
            // The key is made with the first request of a nonce and kept.
            let (_, kept) = self.seen.get_mut(nonce).unwrap();
            let made = md5(&format!("{key}:{nonce}:{}", sent["cnonce"]));
            key = kept.get_or_insert(made).clone();
        }
        let target = md5(&format!("{method}:{}", sent["uri"]));
        if !self.counted {
            return md5(&format!("{key}:{nonce}:{target}"));
        }
        assert_eq!(sent["qop"], "auth");
        let (nc, cnonce) = (&sent["nc"], &sent["cnonce"]);
        md5(&format!("{key}:{nonce}:{nc}:{cnonce}:auth:{target}"))
    }

    fn answer(&mut self, method: &str, uri: &str, sent: Option<&HeaderValue>) -> (StatusCode, HeaderMap) {
        let Some(sent) = sent.map(parameters) else {
            return self.refuse(false);
        };
        assert_eq!((sent["uri"].as_str(), sent["opaque"].as_str()), (uri, "o"));
        let response = self.expected(method, &sent);
        let (counts, _) = self.seen.get_mut(&sent["nonce"]).expect("a nonce of mine");
        let count = sent.get("nc").cloned();
        let fresh = counts.insert(count.unwrap_or_else(|| counts.len().to_string()));
        assert!(fresh, "a count came twice: {sent:?}");
        let used_up = counts.len() > self.uses;
        if response != sent["response"] {
            return self.refuse(false);
        }
        if used_up {
            return self.refuse(self.old == Old::Stale);
        }
        let mut headers = HeaderMap::new();
        if self.nextnonce {
            let info = format!("nextnonce=\"{}\", qop=auth", self.nonce());
            headers.insert("authentication-info", info.parse().unwrap());
        }
        (StatusCode::OK, headers)
    }
}

/// One request as a client makes it, with the answers to all its tries.
fn request(server: &mut Server, digest: &Digest, uri: &str) -> Result<Vec<HeaderValue>, Challenged> {
    let mut tries = Vec::new();
    for _ in 0..=Digest::RETRIES {
        let sent = digest.authorization(&Method::GET, uri);
        let (status, headers) = server.answer("GET", uri, sent.as_ref());
        server.log.push(status);
        tries.extend(sent.clone());
        if status == StatusCode::OK {
            digest.succeeded(&headers);
            return Ok(tries);
        }
        match digest.challenged(&headers, sent.as_ref()) {
            Challenged::Retry => {}
            other => return Err(other),
        }
    }
    panic!("more tries than one request may have");
}

fn user() -> Digest {
    Digest::new(USER.to_owned(), PASSWORD.to_owned())
}

fn challenge(digest: &Digest, values: &[&str], sent: Option<&HeaderValue>) -> Challenged {
    let mut headers = HeaderMap::new();
    for value in values {
        headers.append(WWW_AUTHENTICATE, value.parse().unwrap());
    }
    digest.challenged(&headers, sent)
}

/// The parameters of the next credentials.
fn next(digest: &Digest) -> BTreeMap<String, String> {
    parameters(&digest.authorization(&Method::GET, "/").unwrap())
}

#[test]
fn one_challenge_serves_many_requests() {
    for (session, counted) in [(false, true), (true, true), (false, false)] {
        let mut server = Server::new(usize::MAX, Old::Stale);
        (server.session, server.counted) = (session, counted);
        let digest = user();
        let mut cnonces = BTreeSet::new();
        for number in 1..=20 {
            let tries = request(&mut server, &digest, &format!("/a/{number}?b=%2F&c=d")).unwrap();
            let sent = parameters(&tries[0]);
            assert!(tries[0].is_sensitive());
            assert_eq!(sent["nonce"], "nonce-1");
            if counted {
                assert_eq!(sent["nc"], format!("{number:08x}"));
                cnonces.insert(sent["cnonce"].clone());
            }
        }
        // Fresh each time, but for a session key, which is made with one.
        assert_eq!(
            cnonces.len(),
            if session {
                1
            } else if counted {
                20
            } else {
                0
            }
        );
        assert_eq!(server.log.len(), 21, "only the first request was challenged");
    }
}

#[test]
fn old_nonces_are_replaced() {
    for old in [Old::Stale, Old::Silent] {
        for (uses, session, counted) in [(1, false, true), (3, true, true), (1, false, false), (3, false, false)] {
            let mut server = Server::new(uses, old);
            (server.session, server.counted) = (session, counted);
            let digest = user();
            for _ in 0..7 {
                request(&mut server, &digest, "/").unwrap();
            }
            let refused = server.log.iter().filter(|status| **status != StatusCode::OK);
            assert_eq!(refused.count(), 7_usize.div_ceil(uses), "one for each nonce");
        }
    }
}

#[test]
fn nextnonce_is_used_and_counted_from_one() {
    let mut server = Server::new(1, Old::Silent);
    server.nextnonce = true;
    let digest = user();
    for number in 1..=5 {
        let tries = request(&mut server, &digest, "/").unwrap();
        let sent = parameters(tries.last().unwrap());
        assert_eq!(sent["nonce"], format!("nonce-{number}"));
        assert_eq!(sent["nc"], "00000001");
    }
    assert_eq!(server.log.len(), 6, "only the first request was challenged");
}

#[test]
fn wrong_credentials_are_refused_at_once() {
    for (counted, old) in [(true, Old::Stale), (false, Old::Silent)] {
        let mut server = Server::new(usize::MAX, old);
        server.counted = counted;
        let digest = Digest::new(USER.to_owned(), "wrong".to_owned());
        for tries in 1..=3 {
            assert_eq!(request(&mut server, &digest, "/"), Err(Challenged::Refused));
            assert_eq!(server.log.len(), 2 * tries, "asked, and tried once");
        }
    }
}

/// A 401 for accepted credentials is a refusal too, after one try with a new nonce.
#[test]
fn a_resource_that_is_never_given() {
    let digest = user();
    let mut server = Server::new(usize::MAX, Old::Silent);
    request(&mut server, &digest, "/").unwrap();
    let first = digest.authorization(&Method::GET, "/secret").unwrap();
    let (_, headers) = server.refuse(false);
    assert_eq!(digest.challenged(&headers, Some(&first)), Challenged::Retry);
    let second = digest.authorization(&Method::GET, "/secret").unwrap();
    let (_, headers) = server.refuse(false);
    assert_eq!(digest.challenged(&headers, Some(&second)), Challenged::Refused);
    assert!(request(&mut server, &digest, "/").is_ok(), "others go on");
}

/// A nonce that is not new may simply be forgotten, even if no request told of its success.
#[test]
fn a_forgotten_nonce_is_replaced_once() {
    let digest = user();
    let offer = |nonce: &str| format!("Digest realm=\"r\", qop=auth, nonce=\"{nonce}\"");
    assert_eq!(challenge(&digest, &[&offer("1")], None), Challenged::Retry);
    digest.authorization(&Method::GET, "/").unwrap();
    let second = digest.authorization(&Method::GET, "/");
    assert_eq!(challenge(&digest, &[&offer("2")], second.as_ref()), Challenged::Retry);
    let third = digest.authorization(&Method::GET, "/");
    assert_eq!(challenge(&digest, &[&offer("3")], third.as_ref()), Challenged::Refused);
}

#[test]
fn a_server_that_is_never_content() {
    let digest = user();
    let stale = |nonce: &str| format!("Digest realm=\"r\", qop=\"auth\", stale=true, nonce=\"{nonce}\"");
    assert_eq!(challenge(&digest, &[&stale("1")], None), Challenged::Retry);
    let sent = digest.authorization(&Method::GET, "/");
    let verdict = challenge(&digest, &[&stale("2")], sent.as_ref());
    assert!(matches!(verdict, Challenged::Unusable(reason) if reason.contains("new nonce stale")));

    assert_eq!(challenge(&digest, &[&stale("1")], None), Challenged::Retry);
    let sent = digest.authorization(&Method::GET, "/");
    let verdict = challenge(&digest, &[&stale("1")], sent.as_ref());
    assert!(matches!(verdict, Challenged::Unusable(reason) if reason.contains("no other")));
}

/// The count of a nonce goes on when the server only repeats it, by a challenge or by `nextnonce`.
#[test]
fn a_repeated_nonce_keeps_its_count() {
    let digest = user();
    let server = "Digest realm=\"r\", qop=\"auth\", nonce=\"n\"";
    assert_eq!(challenge(&digest, &[server], None), Challenged::Retry);
    assert_eq!(next(&digest)["nc"], "00000001");
    assert_eq!(challenge(&digest, &[server], None), Challenged::Retry);
    assert_eq!(next(&digest)["nc"], "00000002");
    let mut headers = HeaderMap::new();
    headers.insert("authentication-info", "nextnonce=\"n\"".parse().unwrap());
    digest.succeeded(&headers);
    assert_eq!(next(&digest)["nc"], "00000003");
    let sent = digest.authorization(&Method::GET, "/");
    assert_eq!(challenge(&digest, &[server], sent.as_ref()), Challenged::Refused);
    assert_eq!(next(&digest)["nc"], "00000005");
}

#[test]
fn the_strongest_challenge_is_taken() {
    let offer =
        |algorithm: &str| format!("Digest realm=\"r\", nonce=\"n\", qop=\"auth-int, auth\", algorithm={algorithm}");
    let cases = [
        (vec!["MD5", "SHA-256"], "SHA-256"),
        (vec!["sha-256-SESS", "md5"], "sha-256-SESS"),
        (vec!["SHA-256", "SHA-512-256"], "SHA-256"),
        (vec!["SHA-512-256", "SHA-256"], "SHA-512-256"),
        (vec!["SHA-999", "\"mD5\"", "FOO-sess"], "mD5"),
    ];
    for (algorithms, expected) in cases {
        let offers: Vec<String> = algorithms.iter().map(|name| offer(name)).collect();
        let offers: Vec<&str> = offers.iter().map(String::as_str).collect();
        let joined = format!("Negotiate abc=, {}, Basic realm=\"x, Digest y\", Bearer", offers.join(", NTLM TlRM==, "));
        let ways = [offers, vec![joined.as_str()]];
        for values in ways {
            let digest = user();
            assert_eq!(challenge(&digest, &values, None), Challenged::Retry);
            // The name goes back as the server wrote it.
            assert_eq!(next(&digest)["algorithm"], expected, "{values:?}");
        }
    }
}

#[test]
fn reasons_say_what_is_missing() {
    let cases: [(&[&str], &str); 10] = [
        (&["Digest realm=\"r\"x, nonce=\"n\""], "the Digest challenge has no realm"),
        (&[], "the server sent no Digest challenge"),
        (&["Basic realm=\"r\", Bearer"], "the server sent no Digest challenge, only Basic, Bearer"),
        (&["Digest"], "the Digest challenge has no realm"),
        (&["Digest abc=="], "the Digest challenge has no realm"),
        (&["Digest realm=\"r\""], "the Digest challenge has no nonce"),
        (&["Digest realm=\"r\", nonce=\"n"], "the Digest challenge has no nonce"),
        (
            &["Digest realm=\"r\", nonce=\"n\", algorithm=\"WHIRL\\\\\""],
            "the Digest challenge asks for the unknown algorithm WHIRL\\\\",
        ),
        (
            &["Digest realm=\"r\", nonce=\"n\", algorithm=MD5-sess-sess"],
            "the Digest challenge asks for the unknown algorithm MD5-sess-sess",
        ),
        (
            &["Digest realm=\"r\", nonce=\"n\", qop=\"auth-int,other\""],
            "the Digest challenge offers only the quality of protection auth-int,other; auth is supported",
        ),
    ];
    for (values, reason) in cases {
        let digest = user();
        assert_eq!(challenge(&digest, values, None), Challenged::Unusable(reason.to_owned()));
        assert_eq!(digest.authorization(&Method::GET, "/"), None);
    }
}

/// An answer without a challenge to credentials that were sent refuses them.
#[test]
fn a_401_without_challenge() {
    let digest = user();
    assert_eq!(challenge(&digest, &["Digest realm=\"r\", nonce=\"n\""], None), Challenged::Retry);
    let sent = digest.authorization(&Method::GET, "/");
    assert_eq!(challenge(&digest, &[], sent.as_ref()), Challenged::Refused);
    assert_eq!(digest.authorization(&Method::GET, "/"), None, "asks anew");
    // Credentials of another kind are not ours.
    let basic = HeaderValue::from_static("Basic YTpi");
    assert_eq!(challenge(&digest, &["Digest realm=\"r\", nonce=\"n\""], Some(&basic)), Challenged::Retry);
}

#[test]
fn counts_are_unique_across_threads() {
    let digest = user();
    assert_eq!(challenge(&digest, &["Digest realm=\"r\", nonce=\"n\", qop=auth"], None), Challenged::Retry);
    let counts: Vec<String> = thread::scope(|scope| {
        let threads: Vec<_> =
            (0..8).map(|_| scope.spawn(|| (0..250).map(|_| next(&digest)["nc"].clone()).collect::<Vec<_>>())).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let expected: BTreeSet<String> = (1..=2000).map(|count| format!("{count:08x}")).collect();
    assert_eq!(counts.len(), 2000);
    assert_eq!(counts.into_iter().collect::<BTreeSet<_>>(), expected);
}

/// Requests side by side whose nonce grows old agree on one new nonce.
#[test]
fn one_new_nonce_for_all() {
    let digest = user();
    let offer = |nonce: &str| format!("Digest realm=\"r\", qop=\"auth\", stale=true, nonce=\"{nonce}\"");
    assert_eq!(challenge(&digest, &[&offer("old")], None), Challenged::Retry);
    digest.succeeded(&HeaderMap::new());
    let sent: Vec<_> = (0..3).map(|_| digest.authorization(&Method::GET, "/").unwrap()).collect();
    for (number, sent) in sent.iter().enumerate() {
        assert_eq!(challenge(&digest, &[&offer(&format!("new-{number}"))], Some(sent)), Challenged::Retry);
        let sent = next(&digest);
        assert_eq!((sent["nonce"].as_str(), sent["nc"].as_str()), ("new-0", format!("{:08x}", number + 1).as_str()));
    }
}

/// Wrong credentials side by side: each request ends, whatever the order of the answers.
#[test]
fn refusals_side_by_side_end() {
    for counted in [true, false] {
        let qop = if counted { ", qop=auth" } else { "" };
        let digest = user();
        let mut nonces = 0;
        let mut offer = || {
            nonces += 1;
            format!("Digest realm=\"r\", nonce=\"n{nonces}\"{qop}")
        };
        let mut open = 4;
        let mut rounds = 0;
        while open > 0 {
            rounds += 1;
            assert!(rounds < 20, "no end");
            let sent: Vec<_> = (0..open).map(|_| digest.authorization(&Method::GET, "/")).collect();
            open =
                sent.iter().filter(|sent| challenge(&digest, &[&offer()], sent.as_ref()) == Challenged::Retry).count();
        }
    }
}

#[test]
fn debug_shows_nothing() {
    let digest = user();
    assert_eq!(challenge(&digest, &["Digest realm=\"vault\", nonce=\"n\", qop=auth"], None), Challenged::Retry);
    assert_eq!(format!("{digest:?}"), "Digest { .. }");
    let sent = digest.authorization(&Method::GET, "/");
    assert_eq!(format!("{sent:?}"), "Some(Sensitive)");
}

/// Bytes that a field value may hold, often close to a challenge.
fn field() -> impl Strategy<Value = HeaderValue> {
    let bytes = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..60),
        "(Digest|Basic|digest)? ?((realm|nonce|qop|algorithm|stale|opaque|nc|nextnonce|userhash)? ?=? ?(\"?([a-z\\\\]{0,3}|md5|auth)\"?)?[, ]?){0,9}"
            .prop_map(String::into_bytes),
    ];
    bytes.prop_filter_map("not a field value", |bytes| HeaderValue::from_bytes(&bytes).ok())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn nothing_panics(fields in proptest::collection::vec(field(), 1..4), sent in field(), user in ".{0,6}", uri in ".{0,12}") {
        let digest = Digest::new(user, PASSWORD.to_owned());
        let good = HeaderValue::from_static("Digest realm=\"r\", nonce=\"n\"");
        for names in [[WWW_AUTHENTICATE, HeaderName::from_static("authentication-info")], [AUTHORIZATION, WWW_AUTHENTICATE]] {
            let mut headers = HeaderMap::new();
            for name in &names {
                for field in &fields {
                    headers.append(name, field.clone());
                }
            }
            digest.challenged(&headers, None);
            let own = digest.authorization(&Method::GET, &uri);
            digest.challenged(&headers, Some(&sent));
            digest.challenged(&headers, own.as_ref());
            headers.append(WWW_AUTHENTICATE, good.clone());
            digest.challenged(&headers, None);
            digest.succeeded(&headers);
            digest.authorization(&Method::OPTIONS, &uri);
        }
    }
}
