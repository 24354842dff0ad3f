//! Failures: their message, their accessors, and the decoding of their bodies.

use std::error::Error as _;
use std::io::Write as _;
use std::time::Duration;

use crate::support::{Recorder, builder, client, hostile};
use clientwright_runtime::BuildError;
use clientwright_runtime::codegen::{self, Operation, decode};
use clientwright_runtime::error::{ErrorKind, OptionalExt as _};
use clientwright_runtime::{Call, Error, Response};
use http::{HeaderMap, StatusCode};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

const GET: Operation = Operation::get("getThing", "/things/1").accept("application/json");

/// Error bodies by status.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum GetThingError {
    NotFound(Vec<String>),
    Conflict,
    ClientError(serde_json::Value),
    Other(String),
}
codegen::responses!(GetThingError { 404 => NotFound(json), 409 => Conflict(empty), 400..=499 => ClientError(json), _ => Other(text) });

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Few {
    Gone(clientwright_runtime::Bytes),
}
codegen::responses!(Few { 410 | 411 => Gone(bytes) });

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ByMediaType {
    NotFoundJsonV2(i64),
    NotFoundProblemJson(i64),
    NotFound(String),
    DefaultProblemJson(bool),
    Default(Vec<i64>),
}
codegen::responses!(ByMediaType {
    404 if "application/json; v=2" => NotFoundJsonV2(json),
    404 if "application/problem+json" => NotFoundProblemJson(json),
    404 => NotFound(json),
    _ if "application/problem+json" => DefaultProblemJson(json),
    _ => Default(json),
});

/// The error of a call whose error body is `E`, for a response of the recorder.
async fn failure<E>(answer: &str, decoder: decode::Decoder<E>) -> Error<E>
where
    E: std::fmt::Debug,
{
    let recorder = Recorder::answering(&[answer]);
    let call: Call<i64, E> = Call::new(recorder.client(&[]).request(&GET), decode::json, decoder);
    call.await.unwrap_err()
}

#[tokio::test]
async fn the_request_after_a_500_is_not_lost() {
    // Like uvicorn, which closes the connection without having announced it.
    let url = hostile(|_, _, stream| {
        let _ = stream.write_all(b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 2\r\n\r\nno");
        std::thread::sleep(Duration::from_millis(2));
    });
    const POST: Operation = Operation::post("addThing", "/things");
    let client = client(&url, &[]);
    let mut answered = 0;
    for _ in 0..20 {
        let call: Call<(), ()> = Call::new(client.request(&POST), decode::empty, decode::empty);
        answered += usize::from(call.await.is_err_and(|error| error.status().is_some()));
    }
    // A busy machine may take longer to close one.
    assert!(answered > 15, "{answered} of 20");
}

#[tokio::test]
async fn the_message_of_the_server_is_found() {
    for (body, message) in [
        (r#"{"message": "repository not found", "documentation": "x"}"#, "repository not found"),
        (r#"{"title": "t", "msg": "x"}"#, "x"),
        (r#"{"errors": [{"field": "a", "message": "first"}, {"message": "second"}]}"#, "a: first; second"),
        ("plain text\n", "plain text"),
    ] {
        let error = failure(&format!("404 Not Found\n\n{body}"), decode::empty).await;
        assert_eq!(error.to_string(), format!("getThing: 404 Not Found: {message}"));
        assert_eq!(error.message(), Some(message));
        assert!(error.source().is_none());
    }
    for body in ["", "{}", "[]", "null", "5", "{\"message\"", "<html>", r#"{"errors": []}"#] {
        let error = failure(&format!("404 Not Found\n\n{body}"), decode::empty).await;
        assert_eq!(error.to_string(), "getThing: 404 Not Found", "{body}");
        assert_eq!(error.raw_body().unwrap().as_ref(), body.as_bytes());
    }
    let page = failure("502 Bad Gateway\nContent-Type: text/html; charset=utf-8\n\nno upstream", decode::empty).await;
    assert_eq!(page.to_string(), "getThing: 502 Bad Gateway: no upstream");
    let unknown = failure("499 \n\n", decode::empty).await;
    assert_eq!(unknown.to_string(), "getThing: 499");
}

#[tokio::test]
async fn a_hostile_message_stays_one_short_line() {
    let long = format!(r#"{{"message": "a\u001b[2J\r\nb{}"}}"#, "x".repeat(2000));
    let error = failure(&format!("500 Internal Server Error\n\n{long}"), decode::empty).await;
    let text = error.to_string();
    assert!(text.starts_with("getThing: 500 Internal Server Error: a\\u{1b}[2J\\r\\nbxxx"), "{text}");
    assert!(text.ends_with("x…") && text.chars().count() < 600);
    assert!(!text.chars().any(char::is_control));
    assert!(format!("{error:?}").len() < 1000);
    assert_eq!(error.message().unwrap().len(), 2005 + 3);
}

#[tokio::test]
async fn everything_of_the_answer_can_be_reached() {
    let error = failure("404 Not Found\nX-Request-Id: 7\n\n[\"a\"]", decode::json::<Vec<String>>).await;
    assert_eq!(error.operation(), "getThing");
    assert_eq!(error.status(), Some(StatusCode::NOT_FOUND));
    assert_eq!(error.headers().unwrap()["x-request-id"], "7");
    assert_eq!(error.raw_body().unwrap().as_ref(), b"[\"a\"]");
    assert_eq!(error.documented(), Some(&vec!["a".to_owned()]));
    assert!(
        !error.is_decode()
            && !error.is_timeout()
            && !error.is_connect()
            && !error.is_credentials()
            && !error.is_request()
    );
    let Error::Status(inner) = &error else { panic!("{error:?}") };
    assert_eq!((inner.status(), inner.documented()), (StatusCode::NOT_FOUND, error.documented()));
    assert_eq!(error.map_documented(|list| list.len()).into_documented(), Some(1));
}

#[tokio::test]
async fn a_body_of_another_status_is_not_documented_but_there() {
    const LISTED: Operation = GET.failures(&[404, 5]);
    for (status, documented) in [("404 Not Found", true), ("400 Bad Request", false), ("503 Busy", true)] {
        let recorder = Recorder::answering(&[&format!("{status}\n\n[\"a\"]")]);
        let call: Call<i64, Vec<String>> = Call::new(recorder.client(&[]).request(&LISTED), decode::json, decode::json);
        let error = call.await.unwrap_err();
        assert_eq!(error.documented().is_some(), documented, "{status}");
        assert_eq!(error.raw_body().unwrap().as_ref(), b"[\"a\"]");
    }
}

#[tokio::test]
async fn a_body_of_another_shape_is_not_documented_but_there() {
    let error = failure("404 Not Found\n\n{\"message\": \"m\"}", decode::json::<Vec<String>>).await;
    assert_eq!(error.documented(), None);
    assert_eq!(error.to_string(), "getThing: 404 Not Found: m");
    assert_eq!(error.raw_body().unwrap().as_ref(), b"{\"message\": \"m\"}");
}

#[tokio::test]
async fn error_bodies_by_status() {
    for (answer, expected) in [
        ("404 Not Found\n\n[\"a\"]", Some(GetThingError::NotFound(vec!["a".to_owned()]))),
        ("404 Not Found\n\n{}", Some(GetThingError::NotFound(vec![]))),
        ("404 Not Found\n\n{\"a\":1}", None),
        ("409 Conflict\n\nwhatever", Some(GetThingError::Conflict)),
        ("418 I'm a teapot\n\n{\"a\":1}", Some(GetThingError::ClientError(serde_json::json!({"a": 1})))),
        ("500 Internal Server Error\n\noops", Some(GetThingError::Other("oops".to_owned()))),
        ("302 Found\n\n", Some(GetThingError::Other(String::new()))),
    ] {
        assert_eq!(failure(answer, GetThingError::decode).await.documented(), expected.as_ref(), "{answer}");
    }
    assert!(failure("410 Gone\n\nx", Few::decode).await.documented().is_some());
    assert!(failure("400 Bad Request\n\nx", Few::decode).await.documented().is_none());
    let answer =
        decode::RawResponse::new(StatusCode::BAD_REQUEST, HeaderMap::new(), clientwright_runtime::Bytes::new());
    assert_eq!(Few::decode(&answer).unwrap_err().to_string(), "no body is documented for status 400");
}

#[tokio::test]
async fn an_undecodable_success_is_an_error_that_keeps_the_body() {
    let error = failure("200 OK\nContent-Type: application/json\n\n\"text\"", decode::empty).await;
    assert!(error.is_decode());
    assert_eq!((error.status(), error.documented()), (Some(StatusCode::OK), None));
    assert_eq!(error.raw_body().unwrap().as_ref(), b"\"text\"");
    assert_eq!(
        error.to_string(),
        "getThing: 200 OK, but the body could not be decoded: expected integer, found string at line 1 column 1; \
         if the server is correct, fix the API document with an overlay"
    );
    assert!(error.source().is_none());

    let empty = failure("200 OK\n\n", decode::empty).await;
    assert_eq!(empty.to_string(), "getThing: 200 OK: the call succeeded, but without the documented body");
    let none = failure("204 No Content", decode::empty).await;
    assert!(none.is_no_content() && empty.is_no_content() && none.status() == Some(StatusCode::NO_CONTENT));
    assert_eq!(none.to_string(), "getThing: 204 No Content: the call succeeded, but without the documented body");
    let unchanged = failure("304 Not Modified", decode::empty).await;
    assert!(unchanged.is_not_modified());
    for error in [none, unchanged, empty] {
        assert!(Err::<Response<i64>, _>(error).optional().unwrap().is_none());
    }
    let page = failure("200 OK\nContent-Type: text/html\n\n<html>", decode::empty).await;
    assert!(
        page.to_string().contains("(the response is text/html, not JSON; use `.stream()` for its bytes); "),
        "{page}"
    );
    assert!(Err::<Response<i64>, _>(page).optional().unwrap_err().is_decode());
    let zipped = failure("200 OK\nContent-Encoding: compress\n\n\u{1f}x", decode::empty).await;
    assert!(
        zipped.to_string().ends_with("the body is compressed with `compress`, which this client cannot decode"),
        "{zipped}"
    );
}

#[tokio::test]
async fn a_debug_text_shows_neither_body_nor_header_values() {
    let error = failure("200 OK\nSet-Cookie: id=s3cr3t\n\n\"s3cr3t\"", decode::empty).await;
    let text = format!("{error:?} {error:#?} {error} {:?}", error.source());
    assert!(!text.contains("s3cr3t"), "{text}");
    let error =
        failure("400 Bad Request\nSet-Cookie: id=s3cr3t\n\n{\"privateKey\": \"s3cr3t\"}", decode::json::<i64>).await;
    let text = format!("{error:?} {error:#?} {error}");
    assert!(!text.contains("s3cr3t"), "{text}");
    assert!(text.contains("set-cookie"));
}

#[tokio::test]
async fn a_message_that_is_the_reason_is_shown_once() {
    for message in ["not found", "NOT_FOUND", "NotFound"] {
        let error = failure(&format!("404 Not Found\n\n{{\"message\": \"{message}\"}}"), decode::json::<i64>).await;
        assert_eq!((error.to_string().as_str(), error.message()), ("getThing: 404 Not Found", Some(message)));
    }
}

#[tokio::test]
async fn each_status_has_a_kind() {
    for (answer, kind) in [
        ("304 Not Modified", ErrorKind::NotModified),
        ("302 Found", ErrorKind::Other),
        ("400 Bad Request", ErrorKind::Rejected),
        ("401 Unauthorized", ErrorKind::Credentials),
        ("403 Forbidden", ErrorKind::Forbidden),
        ("404 Not Found", ErrorKind::NotFound),
        ("410 Gone", ErrorKind::NotFound),
        ("412 Precondition Failed", ErrorKind::Conflict),
        ("420 Enhance Your Calm", ErrorKind::RateLimited),
        ("500 Internal Server Error", ErrorKind::Server),
        ("200 OK\n\nx", ErrorKind::Decode),
        ("204 No Content", ErrorKind::NoContent),
        ("200 OK\nContent-Length: 9\n\n1", ErrorKind::Transport),
    ] {
        assert_eq!(failure(answer, decode::json::<i64>).await.kind(), kind, "{answer}");
    }
}

#[tokio::test]
async fn no_server_is_a_connection_error() {
    let client = client("http://127.0.0.1:1", &[]);
    let error = client.request(&GET).query("q", "s3cr3t").send().await.unwrap_err();
    assert!(error.is_connect() && !error.is_timeout(), "{error:?}");
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert!(error.status().is_none() && error.raw_body().is_none());
    assert_eq!(error.to_string(), "getThing: no connection to the server");
    let source = error.source().unwrap();
    assert!(!format!("{source} {source:?} {error:?}").contains("s3cr3t"));
}

#[tokio::test]
async fn time_limits() {
    let server = MockServer::start().await;
    let slow = ResponseTemplate::new(200).set_delay(Duration::from_secs(60)).set_body_string("1");
    Mock::given(any()).respond_with(slow).mount(&server).await;
    let limit = Duration::from_millis(50);

    let error = client(&server.uri(), &[]).request(&GET).timeout(limit).send().await.unwrap_err();
    assert!(error.is_timeout() && !error.is_connect(), "{error:?}");
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(error.to_string(), "getThing: time limit exceeded");

    let client = builder(&server.uri()).timeout(limit).build().unwrap();
    assert!(client.request(&GET).send().await.unwrap_err().is_timeout());
    let call: Call<i64> =
        Call::new(client.request(&GET).timeout(Duration::from_secs(3600)), decode::json, decode::empty);
    assert!(call.with_timeout(limit).await.unwrap_err().is_timeout());
    let patient = builder(&server.uri()).timeout(Duration::from_secs(3600)).build().unwrap();
    assert!(patient.request(&GET).timeout(limit).send().await.unwrap_err().is_timeout());
    assert!(client.request(&GET).timeout(Duration::ZERO).send().await.unwrap_err().is_timeout());
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_a_transport_error() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        use std::io::{Read, Write};
        let (mut stream, _) = listener.accept().unwrap();
        let mut buffer = [0; 4096];
        assert!(stream.read(&mut buffer).unwrap() > 0);
        stream.write_all(b"HTTP/1.1 200 OK\r\nX-Request-Id: 7\r\nContent-Length: 100\r\n\r\n{").unwrap();
    });
    let error = client(&url, &[]).request(&GET).send().await.unwrap_err();
    assert!(matches!(error, Error::Transport(_)), "{error:?}");
    assert_eq!(error.to_string(), "getThing: the body of the response could not be received");
    assert_eq!((error.status(), error.header::<u32>("x-request-id")), (Some(StatusCode::OK), Some(7)));
}

#[test]
fn a_base_url_is_checked() {
    for (url, reason) in [
        ("", "is not an absolute URL"),
        ("/api", "is not an absolute URL"),
        ("api.example.com", "is not an absolute URL"),
        ("localhost:8080", "does not start with http:// or https://"),
        ("ftp://example.com", "does not start with http:// or https://"),
        ("http://", "is not an absolute URL"),
        ("https://{host}", "has a server variable in braces, which must be replaced with its value"),
        ("https://user@example.com", "has a user name or a password; pass credentials to `auth`"),
        ("https://:pw@example.com", "has a user name or a password; pass credentials to `auth`"),
        ("https://example.com?a", "has a query"),
        ("https://example.com/?", "has a query"),
        ("https://example.com/#", "has a fragment"),
    ] {
        let error = builder(url).build().unwrap_err();
        assert_eq!(error.to_string(), format!("the base URL {reason}"), "{url}");
    }
    let has_tls = cfg!(any(feature = "rustls", feature = "rustls-ring", feature = "native-tls"));
    for url in ["http://localhost", "https://example.com:8443/a/b/", "http://[::1]:8080", "HTTPS://EXAMPLE.com"] {
        match builder(url).build() {
            Ok(_) => assert!(has_tls || url.starts_with("http:"), "{url}"),
            Err(error) => {
                assert!(
                    !has_tls
                        && error.to_string().contains("enable the feature `rustls`, `rustls-ring` or `native-tls`"),
                    "{error}"
                );
            }
        }
    }
}

#[test]
fn a_base_url_is_taken_as_written_or_refused() {
    for url in ["http://h\t", " http://h", "http://h/a b", "http://h/a\nb", "http://h ", "http://h\r\n"] {
        let error = builder(url).build().unwrap_err();
        assert_eq!(error.to_string(), "the base URL has a space or a control character", "{url:?}");
    }
    for url in ["http:/h", "http:h", "http:\\\\h", "http:\\/h", "hTTp:/h"] {
        let error = builder(url).build().unwrap_err();
        assert_eq!(error.to_string(), "the base URL is not written as `scheme://host`", "{url}");
    }
    for url in
        ["http:///h", "http://127.1", "http://0x7f.0.0.1", "http://2130706433", "http://bücher.example", "http://%68"]
    {
        let error = builder(url).build().unwrap_err();
        assert!(
            error.to_string().starts_with("the base URL has a host that would be sent in another form"),
            "{url}: {error}"
        );
    }
    for url in [
        "http://h\\a", "http://h/a/../b", "http://h/./a", "http://h/a/%2e%2E/b", "http://h/ü", "http://h/a\\b",
        "http://h/\"a",
    ] {
        let error = builder(url).build().unwrap_err();
        assert!(
            error.to_string().starts_with("the base URL has a path that would be sent in another form"),
            "{url}: {error}"
        );
    }
    for (url, written) in [
        ("http://H:80", "http://h"),
        ("http://h:8080/", "http://h:8080"),
        ("http://h//a//", "http://h//a/"),
        ("http://[0:0::1]:80/a", "http://[::1]/a"),
        ("http://xn--bcher-kva.example", "http://xn--bcher-kva.example"),
        ("http://h/a%20b;c=d,e@f", "http://h/a%20b;c=d,e@f"),
    ] {
        let shown = format!("{:?}", builder(url).build().unwrap());
        assert!(shown.contains(&format!("base_url: {written},")), "{url}: {shown}");
    }
}

#[test]
fn a_default_header_is_checked() {
    let header = builder("http://h").default_header("X-A", "a\nb").build().unwrap_err();
    assert_eq!(header.to_string(), "the header `X-A` has a value with a control character");
    assert!(matches!(builder("http://h").default_header("X A", "a").build(), Err(BuildError::Header { .. })));
}

#[test]
fn errors_go_where_errors_go() {
    fn takes<T: std::error::Error + Send + Sync + 'static>() {}
    takes::<Error>();
    takes::<Error<GetThingError>>();
    takes::<BuildError>();
    takes::<decode::DecodeFailure>();
    fn boxes(error: Error<GetThingError>) -> Box<dyn std::error::Error + Send + Sync> {
        error.into()
    }
    let _ = boxes;
    assert!(std::mem::size_of::<Error<[u64; 100]>>() <= 128);
}

/// The error of a response with this status and this `Retry-After`.
async fn refused(status: u16, retry_after: Option<&str>) -> Error {
    let server = MockServer::start().await;
    let mut answer = ResponseTemplate::new(status);
    if let Some(value) = retry_after {
        answer = answer.insert_header("Retry-After", value);
    }
    Mock::given(any()).respond_with(answer).mount(&server).await;
    let call: Call<i64> = Call::new(client(&server.uri(), &[]).request(&GET), decode::json, decode::undocumented);
    call.await.unwrap_err()
}

#[tokio::test]
async fn what_may_pass_is_told_from_what_will_not() {
    for (status, transient, rate_limited) in [
        (400, false, false),
        (404, false, false),
        (408, true, false),
        (420, true, true),
        (429, true, true),
        (425, true, false),
        (500, true, false),
        (501, false, false),
        (502, true, false),
        (503, true, false),
        (504, true, false),
    ] {
        let error = refused(status, None).await;
        assert_eq!((error.is_transient(), error.is_rate_limited()), (transient, rate_limited), "{status}");
        assert_eq!(error.documented(), None, "{status}");
    }
    for url in ["http://127.0.0.1:1", &hostile(|_, _, _| {})] {
        let call: Call<i64> = Call::new(client(url, &[]).request(&GET), decode::json, decode::undocumented);
        assert!(call.await.unwrap_err().is_transient());
    }
}

#[tokio::test]
async fn the_wait_that_the_server_asks_for_is_read_in_both_forms() {
    assert_eq!(refused(429, Some("120")).await.retry_after(), Some(Duration::from_secs(120)));
    assert_eq!(refused(503, Some("Fri, 31 Dec 1999 23:59:59 GMT")).await.retry_after(), Some(Duration::ZERO));
    let later = refused(503, Some("Tue, 31 Dec 2199 23:59:59 GMT")).await.retry_after();
    assert!(later.is_some_and(|wait| wait > Duration::from_secs(86_400)));
    for nothing in [None, Some("soon"), Some("-1"), Some("")] {
        assert_eq!(refused(429, nothing).await.retry_after(), None, "{nothing:?}");
    }
}

#[tokio::test]
async fn a_failure_with_bodies_by_media_type_is_decoded_by_what_the_server_says() {
    for (answer, expected) in [
        ("404 Not Found\nContent-Type: application/json\n\n\"a\"", ByMediaType::NotFound("a".to_owned())),
        ("404 Not Found\nContent-Type: application/json; v=1\n\n\"a\"", ByMediaType::NotFound("a".to_owned())),
        ("404 Not Found\nContent-Type: application/json;charset=utf-8; V=\"2\"\n\n2", ByMediaType::NotFoundJsonV2(2)),
        ("404 Not Found\nContent-Type: application/other+json\n\n\"a\"", ByMediaType::NotFound("a".to_owned())),
        ("404 Not Found\n\n\"a\"", ByMediaType::NotFound("a".to_owned())),
        (
            "404 Not Found\nContent-Type: Application/Problem+JSON; charset=utf-8\n\n1",
            ByMediaType::NotFoundProblemJson(1),
        ),
        ("409 Conflict\nContent-Type: application/problem+json\n\ntrue", ByMediaType::DefaultProblemJson(true)),
        ("409 Conflict\n\n[1]", ByMediaType::Default(vec![1])),
    ] {
        let error = failure(answer, ByMediaType::decode).await;
        assert_eq!(error.documented(), Some(&expected), "{answer}");
    }
}

/// The result of a call whose success is a list of numbers only if `ok` is true.
async fn list(body: &str, is_strict: bool) -> Result<Vec<i64>, Error<serde_json::Value>> {
    let recorder = Recorder::answering(&[&format!("200 OK\nContent-Type: application/json\n\n{body}")]);
    let usual = builder(&recorder.url);
    let client = if is_strict { usual.strict() } else { usual }.build().unwrap();
    let success: decode::Decoder<Vec<i64>> = |response| decode::confirmed(response, "ok", decode::json);
    let call: Call<Vec<i64>, serde_json::Value> = Call::new(client.request(&GET), success, decode::json);
    Ok(call.await?.into_inner())
}

#[tokio::test]
async fn a_success_that_says_it_has_failed_is_a_failure() {
    for (body, message) in [
        (r#"{"ok":false,"error":"name_taken"}"#, "name_taken"),
        (r#"{"success":"false","message":"no such thing"}"#, "no such thing"),
        (r#"{"succeeded":0,"message":"gone"}"#, "gone"),
        (r#"{"error":{"message":"quota"}}"#, "quota"),
        (r#"{"status":"fail","data":null,"message":"no room"}"#, "no room"),
        (r#"{"errcode":40013,"errmsg":"invalid appid"}"#, "invalid appid"),
        (r#"{"data":null,"errors":[{"message":"a"},{"message":"b"}]}"#, "a; b"),
    ] {
        let error = list(body, false).await.unwrap_err();
        let shown = error.to_string();
        let start = format!("getThing: 200 OK: {message} (the body does not match its documented type: ");
        assert!(shown.starts_with(&start), "{shown}");
        assert_eq!((error.message(), error.documented()), (Some(message), Some(&serde_json::from_str(body).unwrap())));
        assert!(list(body, true).await.unwrap_err().is_decode(), "{body}");
    }
    for body in [
        r#"{"ok":true,"error":null,"errors":[]}"#,
        r#"{"status":"ok","errno":0}"#,
        r#"{"a":{"ok":false}}"#,
        "[null,{}]",
        "{\"ok\":",
        "1",
    ] {
        assert!(list(body, false).await.unwrap_err().is_decode(), "{body}");
    }
    assert_eq!(list("[1]", false).await.unwrap(), [1]);
}

#[tokio::test]
async fn a_success_that_is_not_confirmed_is_a_failure() {
    async fn is_made(body: &str) -> Result<serde_json::Value, Error> {
        let recorder = Recorder::answering(&[&format!("200 OK\n\n{body}")]);
        let success: decode::Decoder<serde_json::Value> = |response| decode::confirmed(response, "ok", decode::json);
        let call: Call<serde_json::Value> = Call::new(recorder.client(&[]).request(&GET), success, decode::empty);
        Ok(call.await?.into_inner())
    }
    for body in [r#"{"ok":true}"#, "{}", r#"{"ok":null}"#, "[]"] {
        assert!(is_made(body).await.is_ok(), "{body}");
    }
    let error = is_made(r#"{"ok":false,"error":"no_such_message"}"#).await.unwrap_err();
    assert_eq!(error.message(), Some("no_such_message"));
    assert_eq!(error.status(), Some(StatusCode::OK));
}

#[tokio::test]
async fn a_success_that_states_another_code_is_a_failure() {
    async fn is_made(body: &str) -> Vec<bool> {
        let mut made = Vec::new();
        let code: decode::Decoder<serde_json::Value> = |response| decode::stated(response, "code", "0", decode::json);
        let status: decode::Decoder<serde_json::Value> =
            |response| decode::stated(response, "status", "\"ok\"", decode::json);
        for success in [code, status] {
            let recorder = Recorder::answering(&[&format!("200 OK\n\n{body}")]);
            let call: Call<serde_json::Value> = Call::new(recorder.client(&[]).request(&GET), success, decode::empty);
            let result = call.await;
            assert!(result.as_ref().err().is_none_or(|error| error.message() == Some("no pet")), "{body}");
            made.push(result.is_ok());
        }
        made
    }
    for (body, expected) in [
        (r#"{"code":0,"message":"no pet"}"#, [true, true]),
        (r#"{"code":1,"message":"no pet"}"#, [false, true]),
        (r#"{"code":"-1","message":"no pet"}"#, [true, true]),
        (r#"{"code":-1.5,"message":"no pet"}"#, [false, true]),
        (r#"{"status":"error","message":"no pet"}"#, [true, false]),
        (r#"{"status":"warning","message":"no pet"}"#, [true, true]),
        ("[]", [true, true]),
    ] {
        assert_eq!(is_made(body).await, expected, "{body}");
    }
}

#[tokio::test]
async fn an_error_names_the_method_and_the_operation() {
    const CREATE: Operation = Operation::post("createPet", "/pets").called("pets().create");
    let recorder = Recorder::answering(&["400 Bad Request\n\nno name"]);
    let client = builder(&recorder.url).build().unwrap();
    let call: Call<()> = Call::new(client.request(&CREATE), decode::empty, decode::empty);
    let error = call.await.unwrap_err();
    assert_eq!(error.to_string(), "pets().create (createPet): 400 Bad Request: no name");
    assert_eq!(error.operation(), "createPet");
}

#[tokio::test]
async fn a_body_of_the_media_type_of_another_method_is_an_error() {
    const IMAGE: Operation = Operation::get("getImage", "/image").accept("image/png").excludes(&["application/json"]);
    let answered = async |media_type: &str, accept: Option<&str>| {
        let recorder = Recorder::answering(&[&format!("200 OK\nContent-Type: {media_type}\n\n{{}}")]);
        let client = builder(&recorder.url).build().unwrap();
        let mut results = Vec::new();
        for decoder in [decode::bytes as decode::Decoder<_>, |one| decode::text(one).map(Into::into)] {
            let call: Call<bytes::Bytes> = Call::new(client.request(&IMAGE), decoder, decode::empty);
            let call = if let Some(accept) = accept { call.with_header("accept", accept) } else { call };
            results.push(call.await.map(|response| response.into_inner().len()).map_err(|error| error.to_string()));
        }
        results
    };
    assert_eq!(answered("image/png", None).await, [Ok(2), Ok(2)]);
    assert_eq!(answered("image/jpeg", None).await, [Ok(2), Ok(2)]);
    assert_eq!(answered("application/json", Some("*/*")).await, [Ok(2), Ok(2)]);
    for refused in answered("Application/JSON; charset=utf-8", None).await {
        let reason = "decoded: the response is application/json, which another method decodes; ";
        assert!(refused.as_ref().unwrap_err().contains(reason), "{refused:?}");
    }
}
