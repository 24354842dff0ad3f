//! Credentials on the wire: each kind, alternatives and combinations, without showing any of them.

use crate::support::{Recorder, Sent, client, leaked};
use clientwright_runtime::BuildError;
use clientwright_runtime::codegen::{Operation, decode};
use clientwright_runtime::{Call, Client, Credential, Error, JsonValue, Request, Secret};
use http::Method;
use serde_json::json;

const SECRET: &str = "s3cr3t-v4lue";

const ONE_OF_ALL: Operation = Operation::get("oneOfAll", "/r").security(&[&["basic"], &["token"], &["in_cookie"]]);
const COMBINED: Operation =
    Operation::get("combined", "/r").security(&[&["token", "in_query"], &["in_header", "in_cookie"]]);
const ANONYMOUS_TOO: Operation = Operation::get("anonymousToo", "/r").security(&[&[], &["token"]]);
const OPEN: Operation = Operation::get("open", "/r");
const LOGIN: Operation = OPEN.failures(&[401, 403]);

fn basic() -> Credential {
    Credential::basic("basic", "user".to_owned(), SECRET.to_owned())
}

fn token() -> Credential {
    Credential::bearer("token", SECRET.to_owned())
}

fn in_header() -> Credential {
    Credential::header("in_header", "X-Api-Key", SECRET.to_owned())
}

fn in_query() -> Credential {
    Credential::query("in_query", "api key", SECRET.to_owned())
}

fn in_cookie() -> Credential {
    Credential::cookie("in_cookie", "session", SECRET.to_owned())
}

fn digest() -> Credential {
    Credential::digest("digest", "user".to_owned(), SECRET.to_owned())
}

/// The request that arrives when `operation` is called with `credentials`.
async fn sent(operation: &'static Operation, credentials: &[Credential]) -> Sent {
    let recorder = Recorder::start();
    recorder.client(credentials).request(operation).send().await.unwrap();
    recorder.only()
}

/// The error of a call that must not be sent.
async fn unsent(operation: &'static Operation, credentials: &[Credential]) -> Error {
    let recorder = Recorder::start();
    let error = recorder.client(credentials).request(operation).send().await.unwrap_err();
    assert!(recorder.sent().is_empty());
    error
}

fn fault(credential: Credential) -> BuildError {
    Client::builder("http://localhost").auth(credential).build().unwrap_err()
}

#[tokio::test]
async fn basic_follows_rfc_7617() {
    let operation = Operation::get("op", "/").security(&[&["b"]]);
    for (user, password, expected) in [
        ("Aladdin", "open sesame", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
        ("test", "123£", "Basic dGVzdDoxMjPCow=="),
        ("", "", "Basic Og=="),
        ("a", "b:c", "Basic YTpiOmM="),
    ] {
        let credential = Credential::basic("b", user.to_owned(), password.to_owned());
        assert_eq!(sent(leaked(operation), &[credential]).await.header("authorization"), Some(expected));
    }
    let colon = fault(Credential::basic("b", "us:er".to_owned(), SECRET.to_owned()));
    assert_eq!(
        colon.to_string(),
        "the credential for `b` has a user name with a colon, which Basic authentication cannot send"
    );
    for (user, password) in [("a\n", "b"), ("a", "b\r"), ("\0", "b")] {
        let control = fault(Credential::basic("b", user.to_owned(), password.to_owned()));
        assert_eq!(control.to_string(), "the credential for `b` has a control character in its user name or password");
    }
}

#[tokio::test]
async fn every_kind_in_its_place() {
    let one =
        |credential: Credential, operation: &'static Operation| async move { sent(operation, &[credential]).await };
    assert_eq!(one(token(), &ONE_OF_ALL).await.header("authorization"), Some(format!("Bearer {SECRET}").as_str()));
    assert_eq!(one(in_cookie(), &ONE_OF_ALL).await.header("cookie"), Some(format!("session={SECRET}").as_str()));

    const HEADER: Operation = Operation::get("op", "/r").security(&[&["in_header"]]);
    let header = one(in_header(), &HEADER).await;
    assert_eq!((header.header("x-api-key"), header.header("authorization")), (Some(SECRET), None));

    const QUERY: Operation = Operation::get("op", "/r").security(&[&["in_query"]]);
    assert_eq!(one(in_query(), &QUERY).await.target(), format!("/r?api%20key={SECRET}"));
    let awkward = Credential::query("in_query", "k", "a&b=c d+e%2F#ü".to_owned());
    assert_eq!(one(awkward, &QUERY).await.target(), "/r?k=a%26b%3Dc%20d%2Be%252F%23%C3%BC");
}

#[tokio::test]
async fn a_query_key_is_appended_and_a_cookie_key_merged() {
    const BOTH: Operation = Operation::get("op", "/r?a=1").security(&[&["in_query", "in_cookie"]]);
    let recorder = Recorder::start();
    let request = recorder
        .client(&[in_query(), in_cookie()])
        .request(&BOTH)
        .query("b", "2")
        .cookie("c", "3")
        .cookie("d", &[1, 2][..]);
    request.send().await.unwrap();
    let sent = recorder.only();
    assert_eq!(sent.target(), format!("/r?a=1&b=2&api%20key={SECRET}"));
    assert_eq!(sent.header("cookie"), Some(format!("c=3; d=1; d=2; session={SECRET}").as_str()));
}

#[tokio::test]
async fn a_session_cookie_is_sent_as_it_was_given() {
    let given = Credential::cookie("in_cookie", "session", "s%3Aab/c+d==|e; f\r\n".to_owned());
    assert_eq!(sent(&ONE_OF_ALL, &[given]).await.header("cookie"), Some("session=s%3Aab/c+d==|e%3B%20f%0D%0A"));
}

#[tokio::test]
async fn a_key_in_the_header_cookie_is_merged_too() {
    const BOTH: Operation = Operation::get("op", "/r").security(&[&["raw", "in_cookie"]]);
    let raw = Credential::header("raw", "Cookie", "x=1; y=2".to_owned());
    let recorder = Recorder::start();
    recorder.client(&[raw, in_cookie()]).request(&BOTH).cookie("c", "3").send().await.unwrap();
    assert_eq!(recorder.only().header("cookie"), Some("c=3; x=1; y=2; session=s3cr3t-v4lue"));
}

#[tokio::test]
async fn the_first_alternative_that_can_be_met_is_taken() {
    let basic_value = "Basic dXNlcjpzM2NyM3QtdjRsdWU=";
    let all = sent(&ONE_OF_ALL, &[in_cookie(), token(), basic()]).await;
    assert_eq!((all.header("authorization"), all.header("cookie")), (Some(basic_value), None));
    let two = sent(&ONE_OF_ALL, &[in_cookie(), token()]).await;
    assert_eq!((two.header("authorization"), two.header("cookie")), (Some("Bearer s3cr3t-v4lue"), None));

    let second = sent(&COMBINED, &[token(), in_header(), in_cookie()]).await;
    assert_eq!(
        (second.header("authorization"), second.header("x-api-key"), second.target()),
        (None, Some(SECRET), "/r")
    );
    assert_eq!(second.header("cookie"), Some("session=s3cr3t-v4lue"));
    let first = sent(&COMBINED, &[in_query(), token(), in_header(), in_cookie()]).await;
    assert_eq!(
        (first.header("authorization"), first.header("x-api-key"), first.header("cookie")),
        (Some("Bearer s3cr3t-v4lue"), None, None)
    );
    assert_eq!(first.target(), "/r?api%20key=s3cr3t-v4lue");
}

#[tokio::test]
async fn anonymous_is_the_last_resort() {
    assert_eq!(sent(&ANONYMOUS_TOO, &[]).await.header("authorization"), None);
    assert_eq!(sent(&ANONYMOUS_TOO, &[basic()]).await.header("authorization"), None);
    assert_eq!(sent(&ANONYMOUS_TOO, &[token()]).await.header("authorization"), Some("Bearer s3cr3t-v4lue"));
    let open = sent(&OPEN, &[basic(), token(), in_header(), in_query(), in_cookie()]).await;
    assert_eq!(
        (open.header("authorization"), open.header("x-api-key"), open.header("cookie"), open.target()),
        (None, None, None, "/r")
    );
}

/// A server without authentication responds; one with authentication refuses, and the error has the reason.
#[tokio::test]
async fn a_refused_call_without_credentials_names_the_accepted_ones() {
    let sent = sent(&ONE_OF_ALL, &[in_header()]).await;
    assert_eq!((sent.header("authorization"), sent.header("x-api-key"), sent.header("cookie")), (None, None, None));
    let none_required = " (no credentials were sent: neither the API document nor `Request::security` requires one here; \
                         send one with `ClientBuilder::auth_everywhere`, or `ClientBuilder::auth` if the document \
                         describes none)";
    let one_of_all = "the API document accepts `basic`, or `token`, or `in_cookie` here";
    let combined =
        "the API document accepts `token` together with `in_query`, or `in_header` together with `in_cookie` here";
    for (operation, credentials, note) in [
        (&ONE_OF_ALL, vec![], format!(" (no credentials were sent: {one_of_all}, and the client has no credentials)")),
        (
            &ONE_OF_ALL,
            vec![in_header(), in_query()],
            format!(" (no credentials were sent: {one_of_all}, and the client has only `in_header` and `in_query`)"),
        ),
        (
            &COMBINED,
            vec![token(), in_cookie()],
            format!(" (no credentials were sent: {combined}, and the client has only `token` and `in_cookie`)"),
        ),
        (
            &ANONYMOUS_TOO,
            vec![basic()],
            " (no credentials were sent: the API document accepts `token` here, and the client has only `basic`)"
                .to_owned(),
        ),
        (&OPEN, vec![token()], none_required.to_owned()),
        (&OPEN, vec![], none_required.to_owned()),
        (&LOGIN, vec![], String::new()),
        (&OPEN, vec![token().everywhere()], String::new()),
        (&ONE_OF_ALL, vec![token()], String::new()),
        (&ANONYMOUS_TOO, vec![token()], String::new()),
    ] {
        for status in ["401 Unauthorized", "403 Forbidden", "404 Not Found"] {
            let recorder = Recorder::answering(&[&format!("{status}\n\nno")]);
            let error = recorder.client(&credentials).request(operation).send().await.unwrap_err();
            assert_eq!(error.is_credentials(), status.starts_with("401"));
            let note = if status.starts_with("404") { "" } else { note.as_str() };
            let error = error.to_string();
            let (_, message) = error.split_once(": ").unwrap();
            assert_eq!(message, format!("{status}: no{note}"), "{operation:?}");
        }
    }
}

/// A login sends a password, and may not document how it refuses.
#[tokio::test]
async fn a_refused_password_needs_no_credentials() {
    let recorder = Recorder::answering(&["401 Unauthorized\n\nno"]);
    let login = recorder.client(&[]).request(&OPEN).json(&Secret::from("p4ssword".to_owned()));
    assert_eq!(login.send().await.unwrap_err().to_string(), "open: 401 Unauthorized: no");
}

/// A login documents how it refuses, here by `default`.
#[tokio::test]
async fn a_documented_refusal_without_credentials_has_no_advice() {
    let recorder = Recorder::answering(&["401 Unauthorized\ncontent-type: application/json\n\n\"wrong password\""]);
    let call: Call<(), JsonValue> = Call::new(recorder.client(&[]).request(&OPEN), decode::empty, decode::json);
    assert_eq!(call.await.unwrap_err().to_string(), "open: 401 Unauthorized: wrong password");
}

/// A credential that the caller sets by hand is one, wherever it stands.
#[tokio::test]
async fn a_refused_call_with_credentials_by_hand_has_no_note() {
    let by_hand: [fn(Request) -> Request; 3] = [
        |request| request.header("authorization", &"Bearer other"),
        |request| request.header("x-api-key", &"other"),
        |request| request.query("api_key", &"other"),
    ];
    for set in by_hand {
        for operation in [&OPEN, &ONE_OF_ALL] {
            let recorder = Recorder::answering(&["403 Forbidden\n\nno"]);
            let request = set(recorder.client(&[in_header()]).request(operation));
            let error = request.send().await.unwrap_err().to_string();
            assert!(error.ends_with("403 Forbidden: no"), "{error}");
        }
    }
}

#[tokio::test]
async fn one_credential_for_all_operations() {
    for operation in [&ONE_OF_ALL, &COMBINED, &ANONYMOUS_TOO, &OPEN] {
        let recorder = Recorder::start();
        let client = Client::builder(&recorder.url).auth_everywhere(token()).auth(in_query()).build().unwrap();
        client.request(operation).send().await.unwrap();
        assert_eq!(recorder.only().header("authorization"), Some("Bearer s3cr3t-v4lue"), "{operation:?}");
    }
    let raw = Recorder::start();
    let client = Client::builder(&raw.url).auth_everywhere(token()).build().unwrap();
    client.request_raw(Method::GET, "/x").send().await.unwrap();
    assert_eq!(raw.only().header("authorization"), Some("Bearer s3cr3t-v4lue"));
}

#[tokio::test]
async fn headers_for_every_request() {
    const GET: Operation = Operation::get("op", "/r").accept("application/json").security(&[&["token"]]);
    let recorder = Recorder::start();
    let builder = Client::builder(&recorder.url).header("X-Tenant", "s3cr3t-v4lue").header("Accept", "text/html");
    assert!(!format!("{builder:?}").contains(SECRET));
    let client = builder.header("Authorization", "Custom s3cr3t-v4lue").auth(token()).build().unwrap();
    assert!(!format!("{client:?}").contains(SECRET));
    client.request(&GET).send().await.unwrap();
    client.request(&GET).header("x-tenant", "other").send().await.unwrap();
    let sent = recorder.sent();
    assert_eq!(sent[0].header("x-tenant"), Some("s3cr3t-v4lue"));
    assert_eq!(sent[0].header("accept"), Some("application/json"));
    assert_eq!(sent[0].header("authorization"), Some("Custom s3cr3t-v4lue"));
    assert_eq!(sent[1].header("x-tenant"), Some("other"));

    let elsewhere = Recorder::start();
    let home = Recorder::answering(&[&format!("302 Found\nLocation: {}/there\n\n", elsewhere.url)]);
    let client = Client::builder(&home.url).header("X-Tenant", SECRET).build().unwrap();
    client.request(&GET).send().await.unwrap();
    assert_eq!((home.only().header("x-tenant"), elsewhere.only().header("x-tenant")), (Some(SECRET), None));

    for (name, value) in [("X A", "1"), ("X-A", "a\nb"), ("Content-Length", "5")] {
        assert!(Client::builder("http://h").header(name, value).build().is_err(), "{name}");
    }
}

#[tokio::test]
async fn two_credentials_for_one_place_are_refused() {
    let operation = Operation::get("op", "/r").security(&[&["basic", "token"]]);
    let error = unsent(leaked(operation), &[token(), basic()]).await;
    assert!(error.is_credentials());
    assert_eq!(
        error.to_string(),
        "op: `basic` and `token` cannot be sent together: both need the header `authorization`"
    );
    let operation = Operation::get("op", "/r").security(&[&["digest", "token"]]);
    assert!(unsent(leaked(operation), &[token(), digest()]).await.is_credentials());
    let other = Credential::header("other", "x-API-key", "2".to_owned());
    let operation = Operation::get("op", "/r").security(&[&["in_header", "other"]]);
    let error = unsent(leaked(operation), &[in_header(), other]).await;
    assert!(error.to_string().ends_with("both need the header `x-api-key`"), "{error}");
}

#[tokio::test]
async fn what_the_call_sets_wins_over_a_credential() {
    const ALL: Operation = Operation::get("op", "/r").security(&[&["in_header", "in_query", "in_cookie", "token"]]);
    let recorder = Recorder::start();
    let request = recorder.client(&[in_header(), in_query(), in_cookie(), token()]).request(&ALL);
    let request =
        request.header("x-api-key", "1").query("api key", "2").cookie("session", "3").header("Authorization", "4");
    request.send().await.unwrap();
    let sent = recorder.only();
    assert_eq!(
        (sent.header("x-api-key"), sent.header("cookie"), sent.header("authorization")),
        (Some("1"), Some("session=3"), Some("4"))
    );
    assert_eq!(sent.target(), "/r?api%20key=2");
}

#[tokio::test]
async fn a_later_credential_for_a_scheme_replaces_the_earlier() {
    assert_eq!(
        sent(&ONE_OF_ALL, &[Credential::bearer("token", "bearer 1".to_owned())]).await.header("authorization"),
        Some("Bearer 1")
    );
    let sent = sent(&ONE_OF_ALL, &[Credential::bearer("token", "old".to_owned()), token()]).await;
    assert_eq!(sent.header("authorization"), Some("Bearer s3cr3t-v4lue"));
}

#[test]
fn credentials_that_cannot_be_sent_are_refused_when_building() {
    for (credential, reason) in [
        (Credential::bearer("s", format!("{SECRET}\n")), "has a value with a control character"),
        (Credential::bearer("s", String::new()), "is empty"),
        (Credential::header("s", "X-K", format!("{SECRET}\r\nX: 1")), "has a value with a control character"),
        (Credential::header("s", "X K", SECRET.to_owned()), "is for a header with an invalid name"),
        (Credential::cookie("s", "a=b", SECRET.to_owned()), "is for a cookie with an invalid name"),
    ] {
        let error = fault(credential);
        assert_eq!(error.to_string(), format!("the credential for `s` {reason}"));
        assert!(!format!("{error:?}").contains(SECRET));
    }
}

const CHALLENGE: &str =
    "401 Unauthorized\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n1\", qop=\"auth\", algorithm=SHA-256\n\nno";
const STALE: &str = "401 Unauthorized\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n2\", qop=\"auth\", algorithm=SHA-256, stale=true\n\nno";

/// The parameter `name` of an `Authorization` header.
fn parameter(sent: &Sent, name: &str) -> String {
    let value = sent.header("authorization").unwrap().strip_prefix("Digest ").unwrap();
    let found = value.split(", ").find_map(|part| part.strip_prefix(&format!("{name}=")));
    found.unwrap().trim_matches('"').to_owned()
}

#[tokio::test]
async fn digest_answers_a_challenge_and_remembers_it() {
    const PUT: Operation = Operation::put("op", "/r/{p}").security(&[&["digest"]]);
    let recorder = Recorder::answering(&[CHALLENGE, "204 No Content"]);
    let client = recorder.client(&[digest()]);
    let call = || client.request(&PUT).path("p", "a b").query("q", "ü&1").json(&json!({"k": 1})).send();
    call().await.unwrap();
    call().await.unwrap();
    let sent = recorder.sent();
    assert_eq!(sent.len(), 3);
    assert_eq!(sent[0].header("authorization"), None);
    for (request, count) in sent[1..].iter().zip(["00000001", "00000002"]) {
        assert_eq!(request.target(), "/r/a%20b?q=%C3%BC%261");
        assert_eq!(parameter(request, "uri"), request.target());
        assert_eq!((parameter(request, "nonce"), parameter(request, "nc")), ("n1".to_owned(), count.to_owned()));
        assert_eq!(request.body, r#"{"k":1}"#);
        assert!(!request.header("authorization").unwrap().contains(SECRET));
    }
}

#[tokio::test]
async fn digest_takes_a_fresh_nonce_for_a_stale_one() {
    const GET: Operation = Operation::get("op", "/r").security(&[&["digest"]]);
    let recorder = Recorder::answering(&[CHALLENGE, "204 No Content", STALE, "204 No Content"]);
    let client = recorder.client(&[digest()]);
    client.request(&GET).send().await.unwrap();
    client.request(&GET).send().await.unwrap();
    let sent = recorder.sent();
    let nonces: Vec<String> = sent[1..].iter().map(|sent| parameter(sent, "nonce")).collect();
    assert_eq!(nonces, ["n1", "n1", "n2"]);
}

#[tokio::test]
async fn digest_takes_the_next_nonce_from_a_success() {
    const GET: Operation = Operation::get("op", "/r").security(&[&["digest"]]);
    let accepted = "204 No Content\nAuthentication-Info: nextnonce=\"n3\"";
    let recorder = Recorder::answering(&[CHALLENGE, accepted]);
    let client = recorder.client(&[digest()]);
    client.request(&GET).send().await.unwrap();
    client.request(&GET).send().await.unwrap();
    assert_eq!(recorder.sent().len(), 3);
    assert_eq!(parameter(&recorder.sent()[2], "nonce"), "n3");
}

#[tokio::test]
async fn digest_gives_up_on_wrong_credentials() {
    const GET: Operation = Operation::get("op", "/r").security(&[&["digest"]]);
    let recorder = Recorder::answering(&[CHALLENGE]);
    let error = recorder.client(&[digest()]).request(&GET).send().await.unwrap_err();
    assert_eq!(recorder.sent().len(), 2);
    assert_eq!(error.to_string(), "op: 401 Unauthorized: no");

    let recorder = Recorder::answering(&[STALE]);
    let error = recorder.client(&[digest()]).request(&GET).send().await.unwrap_err();
    assert_eq!(error.status(), Some(http::StatusCode::UNAUTHORIZED));
    assert!(recorder.sent().len() <= 4, "asked {} times", recorder.sent().len());

    let recorder = Recorder::answering(&[
        "401 Unauthorized\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth-int\"\n\n",
    ]);
    let error = recorder.client(&[digest()]).request(&GET).send().await.unwrap_err();
    assert_eq!(recorder.sent().len(), 1);
    assert!(error.to_string().starts_with("op: 401 Unauthorized ("), "{error}");
}

#[tokio::test]
async fn digest_is_chosen_among_alternatives_and_stays_away_elsewhere() {
    const EITHER: Operation = Operation::get("op", "/r").security(&[&["digest"], &["token"]]);
    let recorder = Recorder::answering(&[CHALLENGE]);
    recorder.client(&[token()]).request(&EITHER).send().await.unwrap_err();
    assert_eq!(recorder.only().header("authorization"), Some("Bearer s3cr3t-v4lue"));
    let recorder = Recorder::answering(&[CHALLENGE]);
    recorder.client(&[digest()]).request(&OPEN).send().await.unwrap_err();
    assert_eq!(recorder.only().header("authorization"), None);
    let recorder = Recorder::answering(&[CHALLENGE]);
    recorder.client(&[digest()]).request(&EITHER).header("Authorization", "mine").send().await.unwrap_err();
    assert_eq!(recorder.only().header("authorization"), Some("mine"));
}

#[tokio::test]
async fn a_raw_request_carries_what_it_demands() {
    let recorder = Recorder::start();
    let client = recorder.client(&[token(), in_query()]);
    client.request_raw(Method::GET, "/r").send().await.unwrap();
    client.request_raw(Method::GET, "/r?a=1").security(&[&["token", "in_query"]]).send().await.unwrap();
    let sent = recorder.sent();
    assert_eq!((sent[0].header("authorization"), sent[0].target()), (None, "/r"));
    assert_eq!(
        (sent[1].header("authorization"), sent[1].target()),
        (Some("Bearer s3cr3t-v4lue"), "/r?a=1&api%20key=s3cr3t-v4lue")
    );
}

#[tokio::test]
async fn secrets_are_never_shown() {
    const ALL: Operation = Operation::get("op", "/r").security(&[&["in_header", "in_query", "in_cookie", "token"]]);
    let credentials = [basic(), token(), in_header(), in_query(), in_cookie(), digest()];
    let refusing = Recorder::answering(&["500 Internal Server Error\n\n{}"]);
    let undecodable = Recorder::answering(&["200 OK\n\n{"]);
    let mut shown = vec![format!("{credentials:?}")];
    for url in [refusing.url.as_str(), undecodable.url.as_str(), "http://127.0.0.1:1"] {
        let client = client(url, &credentials);
        let request =
            client.request(&ALL).header("X-Secret", SECRET).query("q", SECRET).cookie("c", SECRET).json(SECRET);
        shown.push(format!("{client:?} {client:#?} {request:?} {request:#?}"));
        let call: clientwright_runtime::Call<i64, i64> = clientwright_runtime::Call::new(
            request,
            clientwright_runtime::codegen::decode::json,
            clientwright_runtime::codegen::decode::json,
        );
        let call = call.with_header("X-Other", SECRET);
        shown.push(format!("{call:?}"));
        let error = call.await.unwrap_err();
        shown.push(format!("{error} {error:?} {error:#?}"));
        let mut source = std::error::Error::source(&error);
        while let Some(error) = source {
            shown.push(format!("{error} {error:?}"));
            source = error.source();
        }
    }
    let builder = credentials
        .iter()
        .cloned()
        .fold(Client::builder(&format!("http://u:{SECRET}@h")), clientwright_runtime::ClientBuilder::auth);
    shown.push(format!("{builder:?}"));
    let error = builder.build().unwrap_err();
    shown.push(format!("{error} {error:?}"));
    let encoded = "czNjcjN0";
    for text in shown {
        assert!(!text.contains(SECRET) && !text.contains(encoded), "{text}");
    }
    let names = format!("{:?}", client("http://h/api", &credentials));
    assert!(names.contains("in_query") && names.contains("http://h/api"), "{names}");
}
