//! Redirects: which are followed, and what must not be forwarded.

use crate::support::{Recorder, Sent, client, leaked};
use clientwright_runtime::codegen::Operation;
use clientwright_runtime::codegen::decode;
use clientwright_runtime::{Bytes, Call, CallOptions, Client, Credential, Error, Response};
use http::{HeaderValue, StatusCode};
use serde_json::json;

const SECRET: &str = "s3cr3t-v4lue";
const GET: Operation = Operation::get("op", "/start").accept("application/json").security(&[&["t", "q", "c", "h"]]);
const POST: Operation = Operation::post("op", "/start").accept("application/json").security(&[&["t", "q", "c", "h"]]);

fn credentials() -> [Credential; 4] {
    [
        Credential::bearer("t", SECRET.to_owned()),
        Credential::query("q", "key", SECRET.to_owned()),
        Credential::cookie("c", "session", SECRET.to_owned()),
        Credential::header("h", "X-Key", SECRET.to_owned()),
    ]
}

/// Calls `operation` with every kind of parameter and credential.
async fn call(client: &Client, operation: &'static Operation) -> Result<Response<Bytes>, Error> {
    let request = client.request(operation).query("q", "1").header("X-Parameter", SECRET).cookie("c", SECRET);
    let request = if operation_has_body(operation) { request.json(&json!({"secret": SECRET})) } else { request };
    request.send().await
}

fn operation_has_body(operation: &Operation) -> bool {
    format!("{operation:?}").contains("\"POST\"")
}

fn redirect(status: u16, location: &str) -> String {
    let reason = StatusCode::from_u16(status).unwrap().canonical_reason().unwrap().to_owned();
    format!("{status} {reason}\nLocation: {location}")
}

fn assert_complete(sent: &Sent, target: &str) {
    assert_eq!(sent.target(), target);
    assert_eq!(sent.header("authorization"), Some("Bearer s3cr3t-v4lue"));
    assert_eq!(sent.header("x-key"), Some(SECRET));
    assert_eq!(sent.header("cookie"), Some("c=s3cr3t-v4lue; session=s3cr3t-v4lue"));
    assert_eq!((sent.header("x-parameter"), sent.header("accept")), (Some(SECRET), Some("application/json")));
}

#[tokio::test]
async fn the_same_origin_gets_everything_again() {
    for location in ["/end?a=1", "end?a=1", "./end?a=1#fragment", "?a=1"] {
        let recorder = Recorder::answering(&[&redirect(302, location), "204 No Content"]);
        call(&recorder.client(&credentials()), &GET).await.unwrap();
        let sent = recorder.sent();
        assert_eq!(sent.len(), 2);
        assert_complete(&sent[0], "/start?q=1&key=s3cr3t-v4lue");
        let path = if location.starts_with('?') { "/start" } else { "/end" };
        assert_complete(&sent[1], &format!("{path}?a=1&key=s3cr3t-v4lue"));
    }
    let recorder = Recorder::answering(&[&redirect(301, "/end?key=s3cr3t-v4lue"), "204 No Content"]);
    call(&recorder.client(&credentials()), &GET).await.unwrap();
    assert_complete(&recorder.sent()[1], "/end?key=s3cr3t-v4lue");
}

#[tokio::test]
async fn methods_and_bodies() {
    for (status, method, body) in
        [(301, "GET", false), (302, "GET", false), (303, "GET", false), (307, "POST", true), (308, "POST", true)]
    {
        let recorder = Recorder::answering(&[&redirect(status, "/end"), "204 No Content"]);
        call(&recorder.client(&credentials()), &POST).await.unwrap();
        let second = &recorder.sent()[1];
        assert_complete(second, "/end?key=s3cr3t-v4lue");
        assert_eq!(second.method(), method);
        let expected = if body { (Some("application/json"), r#"{"secret":"s3cr3t-v4lue"}"#) } else { (None, "") };
        assert_eq!((second.header("content-type"), second.body.as_str()), expected, "{status}");
    }
}

#[tokio::test]
async fn a_login_page_is_no_success_and_errors_name_the_redirect() {
    let page = "200 OK\nContent-Type: text/html; charset=utf-8\n\n<title>Sign in</title>";
    let to_login = redirect(302, "/login/?next=s3cr3t-v4lue");
    let recorder = Recorder::answering(&[&to_login, page]);
    let request = recorder.client(&credentials()).request(&POST);
    let error = Call::new(request, decode::empty, decode::empty).await.unwrap_err();
    assert!(error.to_string().contains("expected no body, found a page (after a redirect to /login/)"), "{error}");
    let answers = [page, "204 No Content", "201 Created\nContent-Type: application/json\n\n{}"];
    for (operation, answer) in [(&GET, answers[0]), (&POST, answers[1]), (&POST, answers[2])] {
        let recorder = Recorder::answering(&[&to_login, answer]);
        call(&recorder.client(&credentials()), operation).await.unwrap();
    }
    let other = Recorder::answering(&["405 Method Not Allowed"]);
    for (location, place) in [
        ("/login/?next=1".to_owned(), "/login/"),
        ("/login/s3cr3t-v4lue/".to_owned(), "/login/[redacted]/"),
        (format!("{}/path", other.url), "another origin"),
    ] {
        let recorder = Recorder::answering(&[&redirect(302, &location), "405 Method Not Allowed"]);
        let error = call(&recorder.client(&credentials()), &GET).await.unwrap_err();
        assert_eq!(error.to_string(), format!("op: 405 Method Not Allowed (after a redirect to {place})"));
    }
    let recorder = Recorder::answering(&[&redirect(302, "/login/s3cr3t-v4lue/"), page]);
    let request = recorder.client(&credentials()).request(&POST);
    let error = Call::new(request, decode::empty, decode::empty).await.unwrap_err();
    assert!(error.to_string().contains("(after a redirect to /login/[redacted]/)"), "{error}");
}

#[tokio::test]
async fn another_origin_gets_nothing() {
    let other = Recorder::answering(&["200 OK\n\nfound"]);
    for echoed in ["", "?q=1", "?key=s3cr3t-v4lue&q=1", "?q=1&renamed=s3cr3t%2Dv4lue"] {
        let before = other.sent().len();
        let recorder = Recorder::answering(&[&redirect(307, &format!("{}/end{echoed}", other.url))]);
        let response = call(&recorder.client(&credentials()), &GET).await.unwrap();
        assert_eq!(response.body().as_ref(), b"found");
        let sent = other.sent();
        assert_eq!(sent.len(), before + 1);
        let sent = sent.last().unwrap();
        assert!(!format!("{sent:?}").contains("s3cr3t"), "{sent:?}");
        assert_eq!(sent.target(), if echoed.contains("q=1") { "/end?q=1" } else { "/end" });
        let mut names: Vec<&str> = sent.headers.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        // The features determine the requested codings.
        names.retain(|name| *name != "accept-encoding");
        assert_eq!(names, ["accept", "host", "user-agent"]);
    }
}

#[tokio::test]
async fn a_body_does_not_go_to_another_origin() {
    let other = Recorder::start();
    for status in [307, 308] {
        let recorder = Recorder::answering(&[&redirect(status, &other.url)]);
        let error = call(&recorder.client(&credentials()), &POST).await.unwrap_err();
        assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
        assert_eq!(
            error.headers().and_then(|headers| headers.get("location")),
            Some(&HeaderValue::from_str(&other.url).unwrap())
        );
        assert!(error.to_string().ends_with(" (redirect not followed: it leads to another origin)"), "{error}");
    }
    let recorder = Recorder::answering(&[&redirect(302, &other.url)]);
    let with_body = recorder.client(&credentials()).request(&GET).json(SECRET);
    assert_eq!(with_body.send().await.unwrap_err().status(), Some(StatusCode::FOUND));
    assert!(other.sent().is_empty());
    let recorder = Recorder::answering(&[&redirect(303, &other.url)]);
    call(&recorder.client(&credentials()), &POST).await.unwrap();
    assert_eq!(other.only().method(), "GET");
    assert!(!format!("{:?}", other.only()).contains("s3cr3t"));
}

#[tokio::test]
async fn the_way_back_home_is_without_credentials() {
    let home = Recorder::answering(&["204 No Content"]);
    let other = Recorder::answering(&[&redirect(302, &format!("{}/trap", home.url))]);
    let start = Recorder::answering(&[&redirect(302, &other.url), "204 No Content"]);
    call(&start.client(&credentials()), &GET).await.unwrap();
    assert!(!format!("{:?}", home.only()).contains("s3cr3t"));

    // From the origin of the base URL to another and back to the same origin.
    let away = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let away_url = format!("http://{}/", away.local_addr().unwrap());
    let home = Recorder::answering(&[&redirect(302, &away_url), "204 No Content"]);
    let back =
        format!("HTTP/1.1 302 Found\r\nLocation: {}/trap\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", home.url);
    std::thread::spawn(move || {
        use std::io::{Read, Write};
        let (mut stream, _) = away.accept().unwrap();
        let mut buffer = [0; 4096];
        let read = stream.read(&mut buffer).unwrap();
        assert!(read > 0);
        stream.write_all(back.as_bytes()).unwrap();
    });
    call(&home.client(&credentials()), &GET).await.unwrap();
    let sent = home.sent();
    assert_eq!((sent.len(), sent[1].target()), (2, "/trap"));
    assert!(!format!("{:?}", sent[1]).contains("s3cr3t"));
}

#[tokio::test]
async fn digest_answers_for_the_new_address_at_home_only() {
    const DIGEST: Operation = Operation::get("op", "/start").security(&[&["d"]]);
    let digest = Credential::digest("d", "user".to_owned(), SECRET.to_owned());
    let challenge = "401 Unauthorized\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"";
    let other = Recorder::answering(&[challenge]);
    let recorder = Recorder::answering(&[challenge, &redirect(302, "/next?x=1"), &redirect(302, &other.url)]);
    let error = client(&recorder.url, &[digest]).request(&DIGEST).send().await.unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::UNAUTHORIZED));
    let sent = recorder.sent();
    assert!(sent[1].header("authorization").unwrap().contains("uri=\"/start\""));
    assert!(sent[2].header("authorization").unwrap().contains("uri=\"/next?x=1\""));
    assert_eq!(other.only().header("authorization"), None);
}

#[tokio::test]
async fn redirects_end() {
    let recorder = Recorder::answering(&[&redirect(302, "/again")]);
    let error = call(&recorder.client(&credentials()), &GET).await.unwrap_err();
    assert_eq!(recorder.sent().len(), 11);
    assert_eq!(error.to_string(), "op: 302 Found (too many redirects)");
}

#[tokio::test]
async fn what_is_no_redirect_is_a_failure() {
    for (answer, expected) in [
        ("302 Found", "op: 302 Found"),
        ("304 Not Modified\nLocation: /x", "op: 304 Not Modified"),
        ("300 Multiple Choices\nLocation: /x", "op: 300 Multiple Choices"),
        ("302 Found\nLocation: http://", "op: 302 Found (redirect not followed: its target is not a URL)"),
        (
            "302 Found\nLocation: mailto:a@b",
            "op: 302 Found (redirect not followed: its target is not an http or https URL)",
        ),
        (
            "302 Found\nLocation: http://u:p@127.0.0.1:1/",
            "op: 302 Found (redirect not followed: its target has a user name)",
        ),
    ] {
        let recorder = Recorder::answering(&[answer]);
        let error = call(&recorder.client(&credentials()), &GET).await.unwrap_err();
        assert_eq!(recorder.sent().len(), 1);
        assert_eq!(error.to_string(), expected);
    }
}

#[tokio::test]
async fn a_redirect_may_be_the_answer() {
    let answers = Operation::get("login", "/login").redirect_is_success();
    for (operation, as_answer) in [(answers, true), (Operation::get("download", "/file"), false)] {
        let recorder = Recorder::answering(&["302 Found\nLocation: /there\nX-Left: 3\n\nmoved", "204 No Content"]);
        let request = recorder.client(&[]).request(leaked(operation));
        let call = clientwright_runtime::Call::new(request, decode::text, decode::text)
            .with_options(CallOptions::new().without_redirects());
        match call.await {
            Ok(answer) => {
                assert!(as_answer);
                assert_eq!((answer.status().as_u16(), answer.body().as_str()), (302, "moved"));
                assert_eq!(
                    (answer.header::<String>("location").as_deref(), answer.header("x-left")),
                    (Some("/there"), Some(3))
                );
                assert_eq!((answer.header::<u8>("location"), answer.header::<u8>("x-none")), (None, None));
            }
            Err(error) => {
                assert!(!as_answer);
                assert_eq!(error.header::<String>("location").as_deref(), Some("/there"));
                assert_eq!(error.documented().map(String::as_str), Some("moved"));
            }
        }
        assert_eq!(recorder.sent().len(), 1);
    }
    // A response that is not a redirect is unchanged.
    let recorder = Recorder::answering(&["500 No"]);
    assert!(recorder.client(&[]).request(leaked(answers)).send().await.is_err());
}
