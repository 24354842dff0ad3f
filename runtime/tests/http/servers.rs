//! The target of a request: the base URL, an operation's own server, and its replacement; queries and fragments of
//! templates.

use crate::support::{Recorder, client, leaked, record};
use clientwright_runtime::codegen::Operation;
use clientwright_runtime::{Client, Credential};
use http::Method;

const SERVER: &str = "https://upload.example.com/api/2.0";
const UPLOAD: Operation = Operation::post("upload", "/files").server(SERVER).security(&[&["token"]]);

fn token() -> Credential {
    Credential::bearer("token", "t".to_owned())
}

#[tokio::test]
async fn what_stands_in_for_a_server_gets_the_request_and_the_credentials() {
    let (home, away) = (Recorder::start(), Recorder::start());
    let client = Client::builder(&home.url)
        .server(SERVER, "http://127.0.0.1:1")
        .server(SERVER, &format!("{}/up/", away.url))
        .auth(token())
        .build()
        .unwrap();
    client.request(&UPLOAD).send().await.unwrap();
    assert!(home.sent().is_empty());
    let sent = away.only();
    assert_eq!((sent.target(), sent.header("authorization")), ("/up/files", Some("Bearer t")));
}

#[tokio::test]
async fn a_redirect_to_the_base_url_leaves_the_operations_server() {
    let home = Recorder::start();
    let away = Recorder::answering(&[&format!("302 Found\nLocation: {}/x", home.url)]);
    let client = Client::builder(&home.url).server(SERVER, &away.url).auth(token()).build().unwrap();
    let get = Operation::get("get", "/x").server(SERVER).security(&[&["token"]]);
    client.request(leaked(get)).send().await.unwrap();
    assert_eq!(away.only().header("authorization"), Some("Bearer t"));
    assert_eq!(home.only().header("authorization"), None);
}

#[tokio::test]
async fn a_relative_server_is_resolved_against_the_base_url() {
    for (server, base, expected) in [
        ("/v2", "", "/v2/files"),
        ("/v2/", "/api/v1", "/v2/files"),
        ("v2", "/api/v1", "/api/v2/files"),
        ("../v2", "/api/v1/x", "/api/v2/files"),
        ("/", "/api", "/files"),
    ] {
        let recorder = Recorder::start();
        let operation = Operation::get("get", "/files").server(server);
        client(&format!("{}{base}", recorder.url), &[]).request(leaked(operation)).send().await.unwrap();
        assert_eq!(recorder.only().target(), expected, "{server} {base}");
    }
}

#[tokio::test]
async fn a_server_that_cannot_be_is_told_of_before_anything_is_sent() {
    for (server, reason) in [
        ("ftp://files.example.com", "does not start with http:// or https://"),
        ("https://u:p@example.com", "has a user name or a password; pass credentials to `auth`"),
        ("https://", "is not a URL"),
    ] {
        let operation = Operation::get("get", "/files").server(server);
        let error = crate::support::refused(|client| client.request(leaked(operation))).await;
        assert_eq!(error, format!("get: the operation's server {reason}"));
    }
    let error = Client::builder("https://a").server("x", "/relative").build().unwrap_err();
    assert_eq!(error.to_string(), "the replacement for the server `x` is not an absolute URL");
}

#[tokio::test]
async fn a_template_keeps_its_query_and_loses_its_fragment() {
    let operation = Operation::get("get", "/x/{id}?beta=true&v={id}#upload{z}");
    let sent = record(|client| client.request(leaked(operation)).path("id", "a/b").query("q", &1)).await;
    assert_eq!(sent.target(), "/x/a%2Fb?beta=true&v=a%2Fb&q=1");
}

#[tokio::test]
async fn a_raw_path_and_its_query_are_sent_as_they_are_or_refused() {
    for (given, sent) in [
        ("/a%2Fb/c;d=e,f@g?x=1&y=%20+z", "/a%2Fb/c;d=e,f@g?x=1&y=%20+z"),
        ("/a b?c d ", "/a%20b?c%20d%20"),
        ("/ü\\?ü='\"<>", "/%C3%BC%5C?%C3%BC=%27%22%3C%3E"),
        ("a//b?", "/a//b"),
        ("/a ", "/a%20"),
    ] {
        let found = record(|client| client.request_raw(Method::GET, given)).await;
        assert_eq!(found.target(), sent, "{given}");
    }
    for control in ['\t', '\n', '\r', '\0', '\u{7f}', '\u{85}'] {
        for target in
            [format!("/a{control}b"), format!("/a?b={control}c"), format!("/a{control}"), format!("{control}/a")]
        {
            let error = crate::support::refused(|client| client.request_raw(Method::GET, &target)).await;
            assert!(error.ends_with("the path or its query has a control character"), "{error:?}");
            assert!(!error.contains(char::is_control), "{error:?}");
        }
        let value = format!("a{control}b");
        for build in [
            crate::support::refused(|client| client.request_raw(Method::GET, "/").header("X-A", &value)).await,
            crate::support::refused(|client| client.request_raw(Method::GET, "/").text(&value, "")).await,
        ] {
            assert!(build.contains("has a value with a control character"), "{build}");
        }
    }
    for target in ["/a/../b", "/./a", "/a/%2e%2e/b", "/a#b", "/a?b#c"] {
        crate::support::refused(|client| client.request_raw(Method::GET, target)).await;
    }
}
