//! Servers that repeat the credentials of a request: no error shows them, in any position.

use std::collections::BTreeMap;
use std::error::Error as _;

use crate::support::{Recorder, builder, hostile, leaked};
use clientwright_runtime::codegen::{Operation, decode};
use clientwright_runtime::{Call, Credential, Error, JsonValue};

const SECRET: &str = "s3cr3t/v4lue+1";
/// Each form in which the server may repeat the secret.
const FORMS: [&str; 4] = [SECRET, "s3cr3t%2Fv4lue%2B1", "s3cr3t", "czNjcjN0"];

const ALL: Operation = Operation::get("op", "/r").security(&[&["key", "query", "cookie", "token"]]);
const BASIC: Operation = Operation::get("op", "/r").security(&[&["basic"]]);
const DIGEST: Operation = Operation::get("op", "/r").security(&[&["digest"]]);

fn credentials() -> [Credential; 6] {
    [
        Credential::bearer("token", SECRET.to_owned()),
        Credential::header("key", "X-Api-Key", SECRET.to_owned()),
        Credential::query("query", "key", SECRET.to_owned()),
        Credential::cookie("cookie", "sid", SECRET.to_owned()),
        Credential::basic("basic", "user".to_owned(), SECRET.to_owned()),
        Credential::digest("digest", "user".to_owned(), SECRET.to_owned()),
    ]
}

/// The complete output of an error.
fn shown<E: std::fmt::Debug>(error: &Error<E>) -> String {
    let reason = match error {
        Error::Decode(error) => error.reason().to_string(),
        _ => String::new(),
    };
    let mut text = format!("{error}\n{error:?}\n{error:#?}\n{:?}\n{reason}", error.message());
    let mut source = error.source();
    while let Some(error) = source {
        text += &format!("\n{error}\n{error:?}");
        source = error.source();
    }
    text
}

/// The output of the error of a call, for a response of the server.
async fn answered(answer: &str) -> String {
    let recorder = Recorder::answering(&[answer]);
    let client = recorder.client(&credentials());
    let call: Call<BTreeMap<String, i64>, JsonValue> = Call::new(client.request(&ALL), decode::json, decode::json);
    let error = call.await.unwrap_err();
    let raw = error.raw_body().unwrap();
    assert!(answer.ends_with(std::str::from_utf8(raw).unwrap()), "the raw body stays as it is");
    shown(&error)
}

fn assert_hidden(text: &str) {
    for form in FORMS {
        assert!(!text.contains(form), "{form} in: {text}");
    }
    assert!(text.contains("[redacted]"), "{text}");
}

#[tokio::test]
async fn what_a_body_repeats_is_redacted() {
    let json = format!("{SECRET:?}");
    for answer in [
        format!("401 Unauthorized\n\nthe token {SECRET} is unknown"),
        format!("401 Unauthorized\nContent-Type: application/problem+json\n\n{{\"detail\": \"unknown: {SECRET}\"}}"),
        format!("400 Bad Request\n\n{{\"message\": \"m\", \"request\": {{\"headers\": [\"Bearer {SECRET}\"]}}}}"),
        format!("400 Bad Request\n\n{{{json}: [\"is no key\"]}}"),
        "404 Not Found\n\nno /r?key=s3cr3t%2Fv4lue%2B1".to_owned(),
        format!("500 Internal Server Error\n\n{}{SECRET}{}", "x".repeat(490), "x".repeat(490)),
        // A map whose key the server chooses, with an invalid value.
        format!("200 OK\nContent-Type: application/json\n\n{{{json}: \"text\"}}"),
    ] {
        assert_hidden(&answered(&answer).await);
    }
}

#[tokio::test]
async fn what_a_header_repeats_is_redacted() {
    for answer in [
        format!("400 Bad Request\nContent-Encoding: {SECRET}\n\n\u{1}"),
        format!("200 OK\nContent-Encoding: {SECRET}\n\n\u{1}"),
        format!("200 OK\nContent-Type: text/{SECRET}\n\n<"),
        // It is cut off after 500 characters.
        format!("200 OK\nContent-Type: text/{}{SECRET}\n\n<", "x".repeat(485)),
        format!("200 OK\nContent-Encoding: {}{SECRET}\n\n\u{1}", "x".repeat(490)),
    ] {
        assert_hidden(&answered(&answer).await);
    }
    let shown = answered(&format!("400 Bad Request\nX-Echo: {SECRET}\n\n{{}}")).await;
    assert!(FORMS.iter().all(|form| !shown.contains(form)) && shown.contains("x-echo"), "{shown}");
}

#[tokio::test]
async fn the_beginning_of_a_body_ends_before_a_secret_that_is_cut() {
    let padding = "x".repeat((64 << 10) - r#"{"a": "", "detail": "s3cr3t"#.len());
    let answer = format!("401 Unauthorized\n\n{{\"a\": \"{padding}\", \"detail\": \"{SECRET}\"}}");
    let recorder = Recorder::answering(&[&answer]);
    let call: Call<i64> = Call::new(recorder.client(&credentials()).request(&ALL), decode::json, decode::undocumented);
    let error = call.await.unwrap_err();
    assert!(error.raw_body().unwrap().ends_with(b"s3cr3t"), "the test cuts elsewhere");
    assert!(!shown(&error).contains("s3cr3t"), "{}", shown(&error));
}

#[tokio::test]
async fn passwords_are_redacted_as_they_are_and_as_they_are_sent() {
    let [.., basic, digest] = credentials();
    for (operation, credential) in [(BASIC, basic), (DIGEST, digest)] {
        // The server repeats the whole head of the request and the password.
        let url = hostile(move |_, head, stream| {
            let body = format!("{head}\nwrong password: {SECRET}");
            let challenge = "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\nConnection: close\r\n";
            let answer =
                format!("HTTP/1.1 401 Unauthorized\r\n{challenge}Content-Length: {}\r\n\r\n{body}", body.len());
            let _ = std::io::Write::write_all(stream, answer.as_bytes());
        });
        let call: Call<i64> = Call::new(
            crate::support::client(&url, &[credential]).request(leaked(operation)),
            decode::json,
            decode::empty,
        );
        let error = call.await.unwrap_err();
        let raw = String::from_utf8(error.raw_body().unwrap().to_vec()).unwrap();
        let line = raw.lines().find(|line| line.to_ascii_lowercase().starts_with("authorization: ")).unwrap();
        let sent = line.split_once(": ").unwrap().1;
        let message = error.message().unwrap();
        assert!(message.ends_with("wrong password: [redacted]"), "{message}");
        assert!(!message.contains(sent) && !message.contains(sent.split_once(' ').unwrap().1), "{message}");
        for form in FORMS {
            assert!(!shown(&error).contains(form), "{form} in {error:?}");
        }
    }
}

#[tokio::test]
async fn headers_and_cookies_whose_names_say_so_are_secret_too() {
    let answer =
        "400 Bad Request\n\n{\"message\": \"0ne-for-all, t0day-only, c00kie-only, qu3ry-key and 3n are wrong\"}";
    let recorder = Recorder::answering(&[answer]);
    let client = builder(&recorder.url).header("X-Auth-Token", "0ne-for-all").header("Accept-Language", "3n");
    let client = client.default_query("key", "qu3ry-key").build().unwrap();
    let request = client.request(leaked(Operation::get("op", "/r"))).cookie("session_id", "c00kie-only");
    let call: Call<i64> = Call::new(request, decode::json, decode::undocumented);
    let error = call.with_header("Authorization", "Custom t0day-only").await.unwrap_err();
    assert_eq!(error.message(), Some("[redacted], [redacted], [redacted], [redacted] and 3n are wrong"));
}

#[tokio::test]
async fn a_documented_error_keeps_what_the_server_said() {
    let recorder = Recorder::answering(&[&format!("400 Bad Request\n\n[{SECRET:?}]")]);
    let client = recorder.client(&credentials());
    let call: Call<i64, Vec<String>> = Call::new(client.request(&ALL), decode::json, decode::json);
    let error = call.await.unwrap_err();
    assert_hidden(&shown(&error));
    assert_eq!(error.into_documented(), Some(vec![SECRET.to_owned()]));
}
