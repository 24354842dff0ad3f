//! [`Digest`] against a small server with its own counts and its own hashing.

use std::collections::{BTreeMap, BTreeSet};
use std::thread;

use http::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue, WWW_AUTHENTICATE};
use http::{Method, StatusCode};
use md5::Digest as _;
use proptest::prelude::*;

use crate::auth::digest::attempts::Attempts;
use crate::auth::digest::{Digest, Verdict};

const USER: &str = "user";
const PASSWORD: &str = "open sesame";

fn md5(text: &str) -> String {
    let hash = md5::Md5::digest(text);
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Returns the parameters of credentials without commas and escapes.
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

/// The response of a server to a nonce that it no longer accepts.
#[derive(Clone, Copy, PartialEq)]
enum Old {
    Stale,
    Silent,
}

/// A server with one user. A nonce is valid for `uses` requests.
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
            // The key is computed with the first request of a nonce and kept.
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

/// Sends a request as a client does; returns the credentials of all its attempts.
fn request(server: &mut Server, digest: &Digest, uri: &str) -> Result<Vec<HeaderValue>, Verdict> {
    let mut sent = Vec::new();
    let mut attempts = digest.begin(&Method::GET, uri);
    for _ in 0..4 {
        let (status, headers) = server.answer("GET", uri, attempts.authorization());
        server.log.push(status);
        sent.extend(attempts.authorization().cloned());
        if status == StatusCode::OK {
            attempts.succeeded(&headers);
            return Ok(sent);
        }
        match attempts.challenged(&headers) {
            Verdict::Retry => {}
            other => return Err(other),
        }
    }
    panic!("more attempts than one request may have");
}

fn user() -> Digest {
    Digest::new(USER.to_owned(), PASSWORD.to_owned())
}

fn challenge(attempts: &mut Attempts<'_>, values: &[&str]) -> Verdict {
    let mut headers = HeaderMap::new();
    for value in values {
        headers.append(WWW_AUTHENTICATE, value.parse().unwrap());
    }
    attempts.challenged(&headers)
}

fn get(digest: &Digest) -> Attempts<'_> {
    digest.begin(&Method::GET, "/")
}

/// Returns the parameters of the current attempt.
fn sent(attempts: &Attempts<'_>) -> BTreeMap<String, String> {
    parameters(attempts.authorization().unwrap())
}

/// Returns the parameters of a request that is challenged and then accepted.
fn accepted(digest: &Digest, values: &[&str]) -> BTreeMap<String, String> {
    let mut attempts = get(digest);
    assert_eq!(challenge(&mut attempts, values), Verdict::Retry);
    let sent = sent(&attempts);
    attempts.succeeded(&HeaderMap::new());
    sent
}

/// Returns the parameters of the next request's first attempt.
fn next(digest: &Digest) -> BTreeMap<String, String> {
    sent(&get(digest))
}

fn nextnonce(nonce: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("authentication-info", format!("nextnonce=\"{nonce}\"").parse().unwrap());
    headers
}

#[test]
fn one_challenge_serves_many_requests() {
    for (session, counted) in [(false, true), (true, true), (false, false)] {
        let mut server = Server::new(usize::MAX, Old::Stale);
        (server.session, server.counted) = (session, counted);
        let digest = user();
        let mut cnonces = BTreeSet::new();
        for number in 1..=20 {
            let attempts = request(&mut server, &digest, &format!("/a/{number}?b=%2F&c=d")).unwrap();
            let sent = parameters(&attempts[0]);
            assert!(attempts[0].is_sensitive());
            assert_eq!(sent["nonce"], "nonce-1");
            if counted {
                assert_eq!(sent["nc"], format!("{number:08x}"));
                cnonces.insert(sent["cnonce"].clone());
            }
        }
        // Fresh for each request, except with a session key, which includes the nonce.
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
        let attempts = request(&mut server, &digest, "/").unwrap();
        let sent = parameters(attempts.last().unwrap());
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
        for attempts in 1..=3 {
            assert_eq!(request(&mut server, &digest, "/"), Err(Verdict::Refused));
            assert_eq!(server.log.len(), 2 * attempts, "asked, and tried once");
        }
    }
}

/// A 401 for accepted credentials is also a rejection, after an attempt with a new nonce and another one from the
/// beginning.
#[test]
fn a_resource_that_is_never_given() {
    let digest = user();
    let mut server = Server::new(usize::MAX, Old::Silent);
    request(&mut server, &digest, "/").unwrap();
    let mut attempts = digest.begin(&Method::GET, "/secret");
    let mut log = vec![attempts.authorization().is_some()];
    let verdict = loop {
        let (_, headers) = server.refuse(false);
        match attempts.challenged(&headers) {
            Verdict::Retry => log.push(attempts.authorization().is_some()),
            verdict => break verdict,
        }
    };
    assert_eq!((verdict, log), (Verdict::Refused, vec![true, true, false, true]));
    assert!(request(&mut server, &digest, "/").is_ok(), "others go on");
}

/// The rejection of an old session does not remove a session that other requests have replaced it with.
#[test]
fn an_old_refusal_takes_nothing_from_others() {
    let digest = user();
    let offer = |nonce: &str| format!("Digest realm=\"r\", qop=auth, nonce=\"{nonce}\"");
    accepted(&digest, &[&offer("1")]);
    let (mut slow, mut quick) = (get(&digest), get(&digest));
    assert_eq!(challenge(&mut quick, &[&offer("2")]), Verdict::Retry);
    quick.succeeded(&HeaderMap::new());
    assert_eq!(challenge(&mut slow, &[]), Verdict::Refused);
    assert_eq!(next(&digest)["nonce"], "2");
    // An old success does not replace it, either.
    let digest = user();
    accepted(&digest, &[&offer("1")]);
    let (slow, mut quick) = (get(&digest), get(&digest));
    assert_eq!(challenge(&mut quick, &[&offer("2")]), Verdict::Retry);
    quick.succeeded(&HeaderMap::new());
    slow.succeeded(&HeaderMap::new());
    assert_eq!(next(&digest)["nonce"], "2");
}

#[test]
fn a_server_that_is_never_content() {
    let stale = |nonce: &str| format!("Digest realm=\"r\", qop=\"auth\", stale=true, nonce=\"{nonce}\"");
    let digest = user();
    let mut attempts = get(&digest);
    for nonce in ["1", "2", "3"] {
        assert_eq!(challenge(&mut attempts, &[&stale(nonce)]), Verdict::Retry);
    }
    let verdict = challenge(&mut attempts, &[&stale("4")]);
    assert!(matches!(verdict, Verdict::Unusable(reason) if reason.contains("new nonce as stale")));

    let mut attempts = get(&digest);
    assert_eq!(challenge(&mut attempts, &[&stale("1")]), Verdict::Retry);
    let verdict = challenge(&mut attempts, &[&stale("1")]);
    assert!(matches!(verdict, Verdict::Unusable(reason) if reason.contains("no other")));
}

/// The count of a nonce continues if the server repeats the nonce in a challenge or in `nextnonce`.
#[test]
fn a_repeated_nonce_keeps_its_count() {
    let digest = user();
    let server = "Digest realm=\"r\", qop=\"auth\", nonce=\"n\"";
    // Two concurrent requests, before anything was accepted.
    let (mut one, mut two) = (get(&digest), get(&digest));
    assert_eq!(challenge(&mut one, &[server]), Verdict::Retry);
    assert_eq!(challenge(&mut two, &[server]), Verdict::Retry);
    assert_eq!((sent(&one)["nc"].as_str(), sent(&two)["nc"].as_str()), ("00000001", "00000002"));
    one.succeeded(&nextnonce("n"));
    two.succeeded(&nextnonce("n"));
    assert_eq!(next(&digest)["nc"], "00000003");
    let mut attempts = get(&digest);
    assert_eq!(sent(&attempts)["nc"], "00000004");
    assert_eq!(challenge(&mut attempts, &[server]), Verdict::Refused);
    // The session is no longer the accepted one, but its count continues.
    assert_eq!(accepted(&digest, &[server])["nc"], "00000005");
    // A nonce from a challenge returns as the next one.
    let mut other = get(&digest);
    assert_eq!(challenge(&mut other, &["Digest realm=\"r\", qop=\"auth\", nonce=\"o\""]), Verdict::Retry);
    get(&digest).succeeded(&nextnonce("p"));
    get(&digest).succeeded(&nextnonce("o"));
    assert_eq!(next(&digest)["nc"], "00000002");
    let renewed = get(&digest);
    let twin = get(&digest);
    renewed.succeeded(&nextnonce("m"));
    assert_eq!(next(&digest)["nc"], "00000001");
    twin.succeeded(&nextnonce("m"));
    assert_eq!(next(&digest)["nc"], "00000002");
}

/// The next nonce keeps the `opaque` of its session, regardless of other offers.
#[test]
fn nextnonce_stays_in_its_session() {
    let digest = user();
    let offer = |name: &str| format!("Digest realm=\"r\", qop=auth, nonce=\"{name}\", opaque=\"{name}\"");
    let (mut one, mut two) = (get(&digest), get(&digest));
    assert_eq!(challenge(&mut one, &[&offer("1")]), Verdict::Retry);
    assert_eq!(challenge(&mut two, &[&offer("2")]), Verdict::Retry);
    two.succeeded(&HeaderMap::new());
    one.succeeded(&nextnonce("1b"));
    let next = next(&digest);
    assert_eq!((next["nonce"].as_str(), next["opaque"].as_str()), ("1b", "1"));
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
            // The name is returned as the server wrote it.
            assert_eq!(accepted(&digest, &values)["algorithm"], expected, "{values:?}");
        }
    }
}

#[test]
fn a_weaker_algorithm_than_an_accepted_one_is_refused() {
    let offer = |nonce: &str, algorithm: &str| {
        format!("Digest realm=\"r\", nonce=\"{nonce}\", qop=auth, algorithm={algorithm}")
    };
    let digest = user();
    accepted(&digest, &[&offer("1", "MD5")]);
    accepted(&digest, &[&offer("2", "SHA-256")]);
    let refused = challenge(&mut get(&digest), &[&offer("3", "MD5")]);
    assert!(matches!(refused, Verdict::Unusable(reason) if reason.contains("weaker")));
    accepted(&digest, &[&offer("4", "SHA-512-256")]);
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
            "the Digest challenge requires the unknown algorithm WHIRL\\\\",
        ),
        (
            &["Digest realm=\"r\", nonce=\"n\", algorithm=MD5-sess-sess"],
            "the Digest challenge requires the unknown algorithm MD5-sess-sess",
        ),
        (
            &["Digest realm=\"r\", nonce=\"n\", qop=\"auth-int,other\""],
            "the Digest challenge offers only the quality of protection auth-int,other; expected auth",
        ),
    ];
    for (values, reason) in cases {
        let digest = user();
        assert_eq!(challenge(&mut get(&digest), values), Verdict::Unusable(reason.to_owned()));
        assert_eq!(get(&digest).authorization(), None);
    }
}

/// A 401 without a challenge rejects the credentials that were sent.
#[test]
fn a_401_without_challenge() {
    let digest = user();
    let mut attempts = get(&digest);
    assert_eq!(challenge(&mut attempts, &["Digest realm=\"r\", nonce=\"n\""]), Verdict::Retry);
    assert_eq!(challenge(&mut attempts, &[]), Verdict::Refused);
    accepted(&digest, &["Digest realm=\"r\", nonce=\"n\""]);
    assert_eq!(challenge(&mut get(&digest), &[]), Verdict::Refused);
    assert_eq!(get(&digest).authorization(), None, "asks anew");
}

#[test]
fn counts_are_unique_across_threads() {
    let digest = user();
    accepted(&digest, &["Digest realm=\"r\", nonce=\"n\", qop=auth"]);
    let counts: Vec<String> = thread::scope(|scope| {
        let threads: Vec<_> =
            (0..8).map(|_| scope.spawn(|| (0..250).map(|_| next(&digest)["nc"].clone()).collect::<Vec<_>>())).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let expected: BTreeSet<String> = (2..=2001).map(|count| format!("{count:08x}")).collect();
    assert_eq!(counts.len(), 2000);
    assert_eq!(counts.into_iter().collect::<BTreeSet<_>>(), expected);
}

/// Concurrent requests with a stale nonce each answer their own challenge; the session that was accepted last serves
/// later requests.
#[test]
fn each_answers_its_own_challenge() {
    let digest = user();
    let offer = |nonce: &str| format!("Digest realm=\"r\", qop=\"auth\", stale=true, nonce=\"{nonce}\"");
    accepted(&digest, &[&offer("old")]);
    let mut requests: Vec<_> = (0..3).map(|_| get(&digest)).collect();
    for (number, attempts) in requests.iter_mut().enumerate() {
        assert_eq!(sent(attempts)["nonce"], "old");
        assert_eq!(challenge(attempts, &[&offer(&format!("new-{number}"))]), Verdict::Retry);
        let sent = sent(attempts);
        assert_eq!((sent["nonce"].as_str(), sent["nc"].as_str()), (format!("new-{number}").as_str(), "00000001"));
        assert_eq!(next(&digest)["nonce"], "old", "not shared before it is accepted");
    }
    for (number, attempts) in requests.iter().enumerate() {
        attempts.succeeded(&HeaderMap::new());
        let next = next(&digest);
        assert_eq!((next["nonce"].as_str(), next["nc"].as_str()), (format!("new-{number}").as_str(), "00000002"));
    }
}

/// A server that accepts each nonce once and has one nonce for each client (`opaque`), as Apache with
/// `AuthDigestNonceLifetime 0`: concurrent requests are all accepted, regardless of their order.
#[test]
fn nonces_for_one_use_side_by_side() {
    let digest = user();
    let (mut current, mut issued, mut turns) = (BTreeMap::new(), 0, 0_usize);
    let mut open: Vec<Attempts<'_>> = (0..6).map(|_| get(&digest)).collect();
    let mut waiting = 18;
    while !open.is_empty() {
        turns += 1;
        assert!(turns < 1000, "no end");
        // An arbitrary order.
        let mut attempts = open.swap_remove((turns * 7) % open.len());
        issued += 1;
        let nonce = format!("n{issued}");
        let known = attempts.authorization().map(parameters);
        let client = known.as_ref().map_or_else(|| format!("c{issued}"), |sent| sent["opaque"].clone());
        let good = known.is_some_and(|sent| current.get(&client) == Some(&sent["nonce"]));
        current.insert(client.clone(), nonce.clone());
        if good {
            attempts.succeeded(&nextnonce(&nonce));
            if waiting > 0 {
                waiting -= 1;
                open.push(get(&digest));
            }
        } else {
            let offer = format!("Digest realm=\"r\", qop=\"auth\", stale=true, nonce=\"{nonce}\", opaque=\"{client}\"");
            assert_eq!(challenge(&mut attempts, &[&offer]), Verdict::Retry);
            open.push(attempts);
        }
    }
}

/// Concurrent requests with wrong credentials each end after one answer, regardless of the order of the responses.
#[test]
fn refusals_side_by_side_end() {
    for counted in [true, false] {
        let qop = if counted { ", qop=auth" } else { "" };
        let digest = user();
        let mut requests: Vec<_> = (0..4).map(|_| get(&digest)).collect();
        for (round, verdict) in [Verdict::Retry, Verdict::Refused].into_iter().enumerate() {
            for (number, attempts) in requests.iter_mut().enumerate() {
                let offer = format!("Digest realm=\"r\", nonce=\"n{round}-{number}\"{qop}");
                assert_eq!(challenge(attempts, &[&offer]), verdict);
            }
        }
        assert_eq!(get(&digest).authorization(), None);
    }
}

#[test]
fn debug_shows_nothing() {
    let digest = user();
    accepted(&digest, &["Digest realm=\"vault\", nonce=\"n\", qop=auth"]);
    assert_eq!(format!("{:?}", get(&digest).authorization()), "Some(Sensitive)");
}

/// Bytes that a field value may contain, often similar to a challenge.
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
    fn nothing_panics(fields in proptest::collection::vec(field(), 1..4), user in ".{0,6}", uri in ".{0,12}") {
        let digest = Digest::new(user, PASSWORD.to_owned());
        let good = HeaderValue::from_static("Digest realm=\"r\", nonce=\"n\"");
        for names in [[WWW_AUTHENTICATE, HeaderName::from_static("authentication-info")], [AUTHORIZATION, WWW_AUTHENTICATE]] {
            let mut headers = HeaderMap::new();
            for name in &names {
                for field in &fields {
                    headers.append(name, field.clone());
                }
            }
            // A valid challenge among arbitrary fields, at each of the attempts.
            for good_at in 0..4 {
                let mut attempts = digest.begin(&Method::GET, &uri);
                let mut steps = 0;
                let mut verdict = Verdict::Retry;
                while verdict == Verdict::Retry {
                    steps += 1;
                    assert!(steps <= 4, "no end");
                    let mut headers = headers.clone();
                    if steps == good_at {
                        headers.append(WWW_AUTHENTICATE, good.clone());
                    }
                    verdict = attempts.challenged(&headers);
                }
                attempts.succeeded(&headers);
            }
        }
    }
}
