//! Time and size limits, for servers without limits: endless bodies, wrong lengths, idle connections.

use std::error::Error as _;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::support::{Recorder, builder, endless, hostile};
use clientwright_runtime::codegen::{self, Operation, decode};
use clientwright_runtime::{Call, CallOptions, Client, ClientBuilder, Credential, Error, JsonValue};
use http::{Method, StatusCode};

const GET: Operation = Operation::get("getThing", "/things/1").security(&[&["digest"]]);
const EXCERPT: usize = 64 << 10;
const DEFAULT: usize = 32 << 20;

/// An error without a body.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Empty {
    Conflict,
}
codegen::responses!(Empty { 409 => Conflict(empty) });

fn limited(url: &str, bytes: usize) -> Client {
    builder(url).body_limit(Some(bytes)).build().unwrap()
}

fn text<E>(client: &Client, failure: decode::Decoder<E>) -> Call<String, E> {
    Call::new(client.request(&GET), decode::text, failure)
}

/// A server that begins a body and never ends it.
fn never_ending(head: &'static str, begin: &'static str) -> String {
    hostile(move |_, _, stream| {
        endless(stream, head, begin);
    })
}

/// A server that writes these bytes and closes the connection.
fn saying(answer: &str) -> String {
    let answer = answer.replace('\n', "\r\n");
    hostile(move |_, _, stream| {
        let _ = stream.write_all(answer.as_bytes());
    })
}

/// Keeps a connection open and idle until the peer closes it.
fn hold(stream: &mut TcpStream) {
    let _ = stream.read(&mut [0; 1]);
}

fn said(head: &str, stream: &mut TcpStream) {
    let _ = stream.write_all(head.replace('\n', "\r\n").as_bytes());
}

#[tokio::test]
async fn events_instead_of_json_are_not_read_to_their_end() {
    const JSON: Operation = Operation::get("listEvents", "/events").accept("application/json");
    let url = hostile(|_, _, stream| {
        said("HTTP/1.1 200 OK\nContent-Type: Text/Event-Stream; charset=utf-8\n\ndata: 1\n\n", stream);
        hold(stream);
    });
    let client = builder(&url).build().unwrap();
    let any = Call::new(client.request(&JSON), decode::json::<JsonValue>, decode::empty).await;
    let text = Call::new(client.request(&JSON), decode::json::<String>, decode::empty).await;
    for error in [any.unwrap_err(), text.unwrap_err()] {
        let expected = "expected JSON, found events; use `.stream()` and its `.events()`";
        assert!(error.to_string().contains(expected), "{error}");
    }
    // JSON under the wrong name is read to its end.
    let url = hostile(|_, _, stream| {
        said("HTTP/1.1 200 OK\nContent-Type: text/event-stream\nContent-Length: 2\n\n1", stream);
        thread::sleep(Duration::from_millis(50));
        said("2", stream);
    });
    let client = builder(&url).build().unwrap();
    let number = Call::new(client.request(&JSON), decode::json::<i64>, decode::empty).await;
    assert_eq!(number.unwrap().into_inner(), 12);
}

#[tokio::test]
async fn a_success_without_end_ends_at_the_limit() {
    let url = never_ending("200 OK\nX-Request-Id: 7", "{");
    let error = text(&builder(&url).build().unwrap(), decode::empty).await.unwrap_err();
    assert!(error.is_too_large() && !error.is_transient() && !error.is_decode(), "{error:?}");
    assert_eq!((error.status(), error.header::<u32>("x-request-id")), (Some(StatusCode::OK), Some(7)));
    assert_eq!(
        error.to_string(),
        "getThing: 200 OK, but the body is larger than the limit of 33554432 bytes; \
         raise it with `ClientBuilder::body_limit` or `CallOptions::with_body_limit`"
    );
    let Error::TooLarge(inner) = &error else { panic!("{error:?}") };
    assert_eq!((inner.limit(), inner.announced(), inner.status()), (DEFAULT, None, StatusCode::OK));
    assert!(error.raw_body().is_none() && error.source().is_none());
    assert!(error.map_documented(|()| 1).is_too_large());

    let error = limited(&url, 1).request_raw(Method::GET, "/").send().await.unwrap_err();
    assert!(error.is_too_large(), "{error:?}");
}

#[tokio::test]
async fn an_announced_length_beyond_the_limit_is_refused_before_reading() {
    let url = hostile(|_, _, stream| {
        said("HTTP/1.1 200 OK\nContent-Length: 33554433\n\n", stream);
        hold(stream);
    });
    let start = Instant::now();
    let error = text(&builder(&url).build().unwrap(), decode::empty).await.unwrap_err();
    assert!(start.elapsed() < Duration::from_secs(60));
    let Error::TooLarge(inner) = &error else { panic!("{error:?}") };
    assert_eq!(inner.announced(), Some(DEFAULT as u64 + 1));
    assert!(error.to_string().contains("limit of 33554432 bytes (announced: 33554433 bytes); raise it"), "{error}");
}

#[tokio::test]
async fn a_body_at_the_limit_is_read_and_one_above_is_not() {
    for length in [0, 1, 999, 1000, 1001, 5000] {
        let body = "x".repeat(length);
        let announced = format!("HTTP/1.1 200 OK\nConnection: close\nContent-Length: {length}\n\n{body}");
        let until_closed = format!("HTTP/1.1 200 OK\nConnection: close\n\n{body}");
        let halves = body.split_at(length / 2);
        let mut chunked = "HTTP/1.1 200 OK\nConnection: close\nTransfer-Encoding: chunked\n\n".to_owned();
        for half in [halves.0, halves.1].into_iter().filter(|half| !half.is_empty()) {
            chunked += &format!("{:x}\n{half}\n", half.len());
        }
        for answer in [announced, until_closed, chunked + "0\n\n"] {
            let url = saying(&answer);
            let found = text(&limited(&url, 1000), decode::empty).await;
            if length <= 1000 {
                assert_eq!(found.unwrap().into_inner(), body);
            } else {
                assert!(found.unwrap_err().is_too_large(), "{length}");
            }
        }
    }
}

#[tokio::test]
async fn a_body_in_many_pieces_is_whole() {
    let url = hostile(|_, _, stream| {
        said("HTTP/1.1 200 OK\nConnection: close\n\n", stream);
        for number in 0..100 {
            let _ = stream.write_all(format!("{number:03}").repeat(10_000).as_bytes());
            std::thread::sleep(Duration::from_millis(1));
        }
    });
    let body = text(&builder(&url).build().unwrap(), decode::empty).await.unwrap().into_inner();
    let expected: String = (0..100).map(|number| format!("{number:03}").repeat(10_000)).collect();
    assert!(body == expected, "{} of {} bytes", body.len(), expected.len());
}

#[tokio::test]
async fn a_call_has_a_limit_of_its_own() {
    let recorder = Recorder::answering(&["200 OK\n\n0123456789"]);
    let client = limited(&recorder.url, 5);
    let with = |bytes| CallOptions::new().with_body_limit(bytes);
    assert!(text(&client, decode::empty).await.unwrap_err().is_too_large());
    assert!(text(&client, decode::empty).with_options(with(Some(10))).await.is_ok());
    assert!(text(&client, decode::empty).with_options(with(None)).await.is_ok());
    let raw = || client.request_raw(Method::GET, "/");
    assert!(raw().send().await.unwrap_err().is_too_large());
    assert!(raw().options(with(Some(10))).send().await.is_ok());

    let unlimited = builder(&recorder.url).body_limit(None).build().unwrap();
    assert!(text(&unlimited, decode::empty).await.is_ok());
    let error = text(&unlimited, decode::empty).with_options(with(Some(9))).await.unwrap_err();
    assert!(error.is_too_large());
    // Options without a limit keep a previous limit.
    let both = text(&client, decode::empty).with_options(with(None)).with_options(CallOptions::new());
    assert!(both.await.is_ok());
}

#[tokio::test]
async fn no_limit_means_none() {
    let url = hostile(|_, _, stream| {
        said("HTTP/1.1 200 OK\nConnection: close\n\n", stream);
        let piece = "x".repeat(1 << 20);
        for _ in 0..33 {
            let _ = stream.write_all(piece.as_bytes());
        }
    });
    let client = builder(&url).body_limit(None).build().unwrap();
    assert_eq!(text(&client, decode::empty).await.unwrap().into_inner().len(), 33 << 20);
}

#[tokio::test]
async fn an_undocumented_failure_is_read_up_to_an_excerpt() {
    let url = never_ending("500 Internal Server Error\nX-Request-Id: 7", r#"{"message": "out of order", "trace": ""#);
    let client = builder(&url).build().unwrap();
    let errors = [
        text(&client, decode::undocumented).await.unwrap_err(),
        text(&client, decode::empty).await.unwrap_err(),
        client.request_raw(Method::GET, "/").send().await.unwrap_err(),
    ];
    for error in errors {
        assert_eq!((error.status(), error.message()), (Some(StatusCode::INTERNAL_SERVER_ERROR), Some("out of order")));
        assert_eq!(error.raw_body().unwrap().len(), EXCERPT);
        assert_eq!(error.header::<u32>("x-request-id"), Some(7));
        assert!(error.to_string().ends_with("(only the first 65536 bytes of the body were read)"), "{error}");
    }
}

#[tokio::test]
async fn a_documented_failure_is_read_up_to_its_limit() {
    for limit in [None, Some(DEFAULT), Some(9)] {
        let url = never_ending("404 Not Found", "no JSON ");
        let client = builder(&url).body_limit(limit).build().unwrap();
        let error = text(&client, decode::json::<JsonValue>).await.unwrap_err();
        assert_eq!((error.documented(), error.raw_body().unwrap().len()), (None, EXCERPT));
        assert!(error.message().unwrap().starts_with("no JSON xxx") && error.message().unwrap().len() <= EXCERPT);
        let told = format!(
            "(only the first {EXCERPT} bytes of the body were read; it is longer than {} bytes, so it was not decoded as documented)",
            limit.unwrap_or(EXCERPT).min(EXCERPT)
        );
        assert!(error.to_string().ends_with(&told), "{error}");
    }

    // An announced body is read only up to the searched part.
    let url = hostile(|_, _, stream| {
        said("HTTP/1.1 500 Internal Server Error\nContent-Length: 65537\n\n", stream);
        let _ = stream.write_all(&b"x".repeat(EXCERPT + 1));
        hold(stream);
    });
    let error = text(&builder(&url).build().unwrap(), decode::json::<JsonValue>).await.unwrap_err();
    assert_eq!(error.raw_body().unwrap().len(), EXCERPT);

    // A status without a documented body.
    const LISTED: Operation = GET.failures(&[404]);
    let url = never_ending("500 Internal Server Error", "x");
    let client = limited(&url, 1 << 20);
    let call: Call<String, JsonValue> = Call::new(client.request(&LISTED), decode::text, decode::json);
    assert_eq!(call.await.unwrap_err().raw_body().unwrap().len(), EXCERPT);
}

#[tokio::test]
async fn a_long_failure_is_decoded_if_it_is_whole() {
    let body = format!(r#"{{"message": "m", "trace": "{}"}}"#, "x".repeat(50_000));
    let recorder = Recorder::answering(&[&format!("400 Bad Request\n\n{body}")]);
    for (limit, is_documented) in [(body.len(), true), (body.len() - 1, false), (10, false)] {
        let error = text(&limited(&recorder.url, limit), decode::json::<JsonValue>).await.unwrap_err();
        assert_eq!(error.documented().is_some(), is_documented, "{limit}");
        assert_eq!(error.message(), Some("m"));
        assert_eq!(error.raw_body().unwrap().len(), body.len());
    }
    // One byte more than the limit of failures, but within the limit of successes.
    for (length, is_documented) in [(EXCERPT, true), (EXCERPT + 1, false)] {
        let (begin, end) = (r#"{"message": "m", "trace": ""#, r#""}"#);
        let body = format!("{begin}{}{end}", "x".repeat(length - begin.len() - end.len()));
        let recorder = Recorder::answering(&[&format!("400 Bad Request\n\n{body}")]);
        let error = text(&builder(&recorder.url).build().unwrap(), decode::json::<JsonValue>).await.unwrap_err();
        assert_eq!((error.documented().is_some(), error.message()), (is_documented, Some("m")), "{length}");
    }
    // A limit below the excerpt keeps the message.
    let recorder = Recorder::answering(&["400 Bad Request\n\n{\"message\": \"m\"}"]);
    let error = text(&limited(&recorder.url, 3), decode::json::<JsonValue>).await.unwrap_err();
    assert_eq!((error.message(), error.documented()), (Some("m"), None));
    let told = "m (the body is longer than 3 bytes, so it was not decoded as documented)";
    assert!(error.to_string().ends_with(told), "{error}");
}

#[tokio::test]
async fn an_error_that_holds_no_body_does_not_wait_for_one() {
    let url = never_ending("409 Conflict", "x");
    let error = text(&builder(&url).build().unwrap(), Empty::decode).await.unwrap_err();
    assert_eq!((error.documented(), error.raw_body().unwrap().len()), (Some(&Empty::Conflict), EXCERPT));
}

#[tokio::test]
async fn the_message_is_searched_in_the_beginning_only() {
    let long = "ü".repeat(EXCERPT);
    for (body, message) in [
        (format!(r#"{{"trace": "{long}", "message": "late"}}"#), None),
        (format!(r#"{{"message": "{long}"}}"#), None),
        (format!(r#"[{{"message": "first"}}, {{"message": "{long}"}}]"#), Some("first")),
        (format!("<html>{long}"), None),
        (format!(r#"{{"errors": [{{"field": "a", "message": "early"}}], "x": [[[{{"{long}"#), Some("a: early")),
    ] {
        let recorder = Recorder::answering(&[&format!("400 Bad Request\n\n{body}")]);
        let error = text(&recorder.client(&[]), decode::json::<JsonValue>).await.unwrap_err();
        assert_eq!(error.message(), message);
    }
    let recorder = Recorder::answering(&[&format!("400 Bad Request\n\n {long}")]);
    let error = text(&recorder.client(&[]), decode::undocumented).await.unwrap_err();
    assert_eq!(error.message().unwrap().len(), EXCERPT - 2, "whole characters after the space");
}

#[tokio::test]
async fn an_answered_challenge_is_not_read() {
    let written = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&written);
    let url = hostile(move |_, head, stream| {
        if head.to_ascii_lowercase().contains("authorization: digest") {
            return said("HTTP/1.1 200 OK\nContent-Length: 2\n\nok", stream);
        }
        let challenge = "401 Unauthorized\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"";
        counted.store(endless(stream, challenge, "x"), Ordering::SeqCst);
    });
    let digest = Credential::digest("digest", "u".to_owned(), "p".to_owned());
    let client = builder(&url).auth(digest).build().unwrap();
    assert_eq!(text(&client, decode::empty).await.unwrap().into_inner(), "ok");
    // The server has stopped writing, and the data it wrote is in the buffers of the operating system.
    let start = Instant::now();
    while written.load(Ordering::SeqCst) == 0 {
        assert!(start.elapsed() < Duration::from_secs(60), "the connection is still open");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(written.load(Ordering::SeqCst) < 64 << 20);
}

#[tokio::test]
async fn an_unanswered_challenge_is_a_failure_like_others() {
    let url = never_ending("401 Unauthorized\nWWW-Authenticate: Bearer", "who are you? ");
    let error = text(&builder(&url).build().unwrap(), decode::empty).await.unwrap_err();
    assert_eq!((error.status(), error.raw_body().unwrap().len()), (Some(StatusCode::UNAUTHORIZED), EXCERPT));
    assert!(error.is_credentials() && error.to_string().contains("who are you?"), "{error}");
}

#[tokio::test]
async fn a_connection_is_kept_after_a_short_challenge() {
    const KEPT: usize = 1;
    const CLOSED: usize = 2;
    let outcome = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&outcome);
    let url = hostile(move |number, _, stream| {
        if number == 0 {
            let challenge = "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\nContent-Length: 5";
            said(&format!("HTTP/1.1 401 Unauthorized\n{challenge}\n\n"), stream);
            std::thread::sleep(Duration::from_millis(50));
            said("sorry", stream);
            // The next request may use this connection, or one that was opened in the meantime.
            stream.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
            let closed = matches!(stream.read(&mut [0; 4096]), Ok(0));
            seen.store(if closed { CLOSED } else { KEPT }, Ordering::SeqCst);
            stream.set_read_timeout(None).unwrap();
        }
        said("HTTP/1.1 200 OK\nContent-Length: 2\n\nok", stream);
        hold(stream);
    });
    let digest = Credential::digest("digest", "u".to_owned(), "p".to_owned());
    let client = builder(&url).auth(digest).build().unwrap();
    assert_eq!(text(&client, decode::empty).await.unwrap().into_inner(), "ok");
    let start = Instant::now();
    while outcome.load(Ordering::SeqCst) == 0 && start.elapsed() < Duration::from_secs(60) {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(outcome.load(Ordering::SeqCst), KEPT);
}

#[tokio::test]
async fn a_redirect_that_is_followed_is_not_read() {
    let target = Recorder::answering(&["200 OK\n\nok"]);
    let location = format!("302 Found\nLocation: {}/x", target.url);
    let url = hostile(move |_, _, stream| {
        endless(stream, &location, "x");
    });
    assert_eq!(text(&builder(&url).build().unwrap(), decode::empty).await.unwrap().into_inner(), "ok");

    // A short rest that never arrives does not delay the call for long.
    let location = format!("HTTP/1.1 302 Found\nContent-Length: 5\nLocation: {}/x\n\n", target.url);
    let url = hostile(move |_, _, stream| {
        said(&location, stream);
        hold(stream);
    });
    let start = Instant::now();
    assert_eq!(text(&builder(&url).build().unwrap(), decode::empty).await.unwrap().into_inner(), "ok");
    assert!(start.elapsed() < Duration::from_secs(60));
}

#[tokio::test]
async fn a_response_that_has_no_content_is_not_read() {
    let url = never_ending("205 Reset Content", "x");
    let response = limited(&url, 10).request_raw(Method::GET, "/").send().await.unwrap();
    assert!(response.raw_body().is_empty());
    let url = saying("HTTP/1.1 200 OK\nContent-Length: 33554433\n\n");
    let response = limited(&url, 10).request_raw(Method::HEAD, "/").send().await.unwrap();
    assert!(response.raw_body().is_empty());
}

#[tokio::test]
async fn a_length_that_lies_is_not_believed() {
    for (status, body) in [("200 OK", "short"), ("200 OK", ""), ("404 Not Found", "short")] {
        let url = saying(&format!("HTTP/1.1 {status}\nContent-Length: 100\n\n{body}"));
        let error = text(&builder(&url).build().unwrap(), decode::empty).await.unwrap_err();
        assert!(matches!(error, Error::Transport(_)) && !error.is_timeout(), "{error:?}");
        assert_eq!(error.status().unwrap().as_str(), &status[..3]);
    }
    // The rest is not a response to the next request.
    let forged = "HTTP/1.1 200 OK\nContent-Length: 6\n\nforged";
    let url = saying(&format!("HTTP/1.1 200 OK\nContent-Length: 2\n\nok{forged}"));
    let client = builder(&url).build().unwrap();
    for _ in 0..3 {
        match text(&client, decode::empty).await {
            Ok(response) => assert_eq!(response.into_inner(), "ok"),
            // The server has just closed the connection.
            Err(error) => assert!(matches!(error, Error::Transport(_)), "{error:?}"),
        }
    }
}

/// A server that sends this many bytes, one after each pause, and then is idle.
fn dripping(bytes: usize, pause: Duration) -> String {
    hostile(move |_, _, stream| {
        said("HTTP/1.1 200 OK\nContent-Length: 6\n\n", stream);
        for _ in 0..bytes {
            std::thread::sleep(pause);
            said("x", stream);
        }
        hold(stream);
    })
}

#[tokio::test]
async fn silence_has_a_limit_and_slowness_has_another() {
    let idle = |url: &str, limit| builder(url).idle_timeout(limit).build().unwrap();
    let (short, long) = (Duration::from_millis(400), Duration::from_secs(3600));
    let slow = dripping(6, Duration::from_millis(100));
    // The body takes longer than the limit, but the connection is never idle for that long.
    assert_eq!(text(&idle(&slow, short), decode::empty).await.unwrap().into_inner(), "xxxxxx");
    let error = text(&idle(&slow, long), decode::empty).with_timeout(short).await.unwrap_err();
    assert!(error.is_timeout() && error.status() == Some(StatusCode::OK), "{error:?}");
    assert_eq!(error.source().unwrap().to_string(), "the limit of `timeout` has passed");

    let broken = dripping(5, Duration::ZERO);
    let error = text(&idle(&broken, short), decode::empty).await.unwrap_err();
    assert!(error.is_timeout() && error.is_transient() && !error.is_connect(), "{error:?}");
    assert_eq!((error.to_string().as_str(), error.status()), ("getThing: time limit exceeded", Some(StatusCode::OK)));
    assert_eq!(error.source().unwrap().to_string(), "the server sent nothing for 400ms, the limit of `idle_timeout`");

    let with = |limit| CallOptions::new().with_idle_timeout(limit);
    assert!(text(&idle(&broken, long), decode::empty).with_options(with(short)).await.unwrap_err().is_timeout());
    let patient = text(&idle(&slow, Duration::from_millis(1)), decode::empty).with_options(with(long));
    assert!(patient.await.is_ok());
}

#[tokio::test]
async fn the_head_has_the_limit_of_silence_too() {
    let url = hostile(|_, _, stream| hold(stream));
    let client = builder(&url).idle_timeout(Duration::from_millis(100)).build().unwrap();
    let error = text(&client, decode::empty).await.unwrap_err();
    assert!(error.is_timeout() && error.status().is_none(), "{error:?}");
    let client = builder(&url).build().unwrap();
    let options = CallOptions::new().with_timeout(Duration::from_millis(100));
    assert!(text(&client, decode::empty).with_options(options).await.unwrap_err().is_timeout());
}

#[tokio::test]
async fn the_longest_time_is_no_limit() {
    let settings: [fn(ClientBuilder) -> ClientBuilder; 3] = [
        |builder| builder.timeout(Duration::MAX),
        |builder| builder.connect_timeout(Duration::MAX),
        |builder| builder.idle_timeout(Duration::MAX),
    ];
    for time in [Duration::MAX, Duration::from_secs(u64::MAX / 2), Duration::from_secs(1 << 40)] {
        let recorder = Recorder::answering(&["200 OK\n\nok"]);
        for setting in settings {
            let client = setting(builder(&recorder.url)).build().unwrap();
            assert!(text(&client, decode::empty).await.is_ok());
        }
        let every = builder(&recorder.url).timeout(time).connect_timeout(time).idle_timeout(time);
        let options = CallOptions::new().with_timeout(time).with_idle_timeout(time).with_body_limit(Some(usize::MAX));
        let call = text(&every.build().unwrap(), decode::empty).with_timeout(time).with_options(options);
        assert_eq!(call.await.unwrap().into_inner(), "ok");
        assert!(recorder.client(&[]).request_raw(Method::GET, "/").timeout(time).send().await.is_ok());
    }
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
#[tokio::test]
async fn connecting_has_a_limit() {
    // A server that accepts a connection and is idle prevents the TLS handshake.
    let url = hostile(|_, _, stream| hold(stream)).replace("http:", "https:");
    let client = builder(&url).connect_timeout(Duration::from_millis(100)).build().unwrap();
    let start = Instant::now();
    let error = text(&client, decode::empty).await.unwrap_err();
    assert!(start.elapsed() < Duration::from_secs(9), "the default is 10 s");
    assert!(error.is_connect() && error.is_timeout() && error.is_transient(), "{error:?}");
}
