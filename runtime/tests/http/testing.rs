//! Clients that reply without a network. Feature `test`.
#![cfg(feature = "test")]

use std::error::Error as _;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use bytes::Bytes;
use clientwright_runtime::codegen::{Operation, decode};
use clientwright_runtime::testing::{Mock, Reply};
use clientwright_runtime::{Call, CallOptions, Client, Credential, Error, JsonValue, Response, RetryPolicy};
use http::{HeaderMap, Method, StatusCode};
use serde_json::json;

const GET: Operation = Operation::get("getThing", "/things/{id}").security(&[&["token"]]);
const ADD: Operation = Operation::post("addThing", "/things");

fn client(mock: &Mock) -> Client {
    let token = Credential::bearer("token", "s3cr3t".to_owned());
    Client::builder("https://things.test/v1").auth(token).mock(mock).build().unwrap()
}

fn get(client: &Client) -> Call<JsonValue, JsonValue> {
    Call::new(client.request(&GET).path("id", "a b").query("q", "x&y").query("q2", "z"), decode::json, decode::json)
}

/// The output of a future that is ready immediately, without any runtime.
fn at_once<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("it waits for something"),
    }
}

fn send(call: Call<JsonValue, JsonValue>) -> Result<Response<JsonValue>, Error<JsonValue>> {
    at_once(call.send())
}

#[test]
fn replies_come_in_turn_and_requests_are_recorded() {
    let mock = Mock::new()
        .reply("getThing", Reply::json(200, &json!({"n": 1})).with_header("X-Left", "9"))
        .reply("getThing", Reply::json(404, &json!({"message": "gone"})));
    let client = client(&mock);
    let first = send(get(&client)).unwrap();
    assert_eq!((first.body(), first.header::<u32>("x-left")), (&json!({"n": 1}), Some(9)));
    for _ in 0..2 {
        let error = send(get(&client)).unwrap_err();
        assert_eq!((error.status(), error.message()), (Some(StatusCode::NOT_FOUND), Some("gone")));
        assert_eq!(error.documented(), Some(&json!({"message": "gone"})));
    }
    let sent = mock.requests();
    assert_eq!(sent.len(), 3);
    assert_eq!((sent[0].operation(), sent[0].method()), ("getThing", &Method::GET));
    assert_eq!((sent[0].path(), sent[0].query("q").as_deref()), ("/v1/things/a%20b", Some("x&y")));
    assert_eq!(sent[0].url(), "https://things.test/v1/things/a%20b?q=x%26y&q2=z");
    assert_eq!((sent[0].query("r"), sent[0].header("authorization")), (None, Some("Bearer s3cr3t")));
    assert!(sent[0].body().is_empty());
    assert_eq!(mock.requests_of("getThing").len(), 3);
    assert!(mock.requests_of("addThing").is_empty());
}

#[test]
fn limits_of_time_attempts_and_redirects_need_no_runtime() {
    let mock = Mock::new()
        .reply("getThing", Reply::empty(503))
        .reply("getThing", Reply::empty(302).with_header("Location", "/b"))
        .reply("getThing", Reply::json(200, &json!(1)));
    let hour = std::time::Duration::from_secs(3600);
    let client = Client::builder("https://things.test").auth(Credential::bearer("token", "t".to_owned())).mock(&mock);
    let client = client.timeout(hour).attempt_timeout(hour).idle_timeout(hour).build().unwrap();
    assert_eq!(send(get(&client).with_timeout(hour)).unwrap().body(), &json!(1));
    assert_eq!(mock.requests().len(), 3);
}

#[test]
fn a_function_answers_by_the_request() {
    let mock = Mock::new().on("addThing", |sent| {
        let body: JsonValue = sent.json().unwrap();
        Reply::json(if body["n"] == 1 { 201 } else { 422 }, &body)
    });
    let mock = mock.otherwise(|sent| Reply::text(200, sent.operation()));
    let client = client(&mock);
    let add = |n: i64| {
        let request = client.request(&ADD).json(&json!({"n": n}));
        send(Call::new(request, decode::json, decode::json))
    };
    assert_eq!(add(1).unwrap().status(), StatusCode::CREATED);
    assert_eq!(add(2).unwrap_err().into_documented(), Some(json!({"n": 2})));
    let raw = at_once(client.request_raw(Method::GET, "/status?x").send()).unwrap();
    assert_eq!(raw.body().as_ref(), b"GET /status");
    assert_eq!(mock.requests()[0].header("content-type"), Some("application/json"));
}

#[test]
fn failures_are_as_with_a_server() {
    let mock = Mock::new()
        .reply("getThing", Reply::no_connection())
        .reply("getThing", Reply::timeout())
        .reply("getThing", Reply::json(200, &1).interrupted());
    let once = Client::builder("https://things.test").retries(RetryPolicy::never()).mock(&mock).build().unwrap();
    let error = send(get(&once)).unwrap_err();
    assert!(error.is_connect() && !error.is_timeout(), "{error:?}");
    assert_eq!(error.to_string(), "getThing: no connection to the server");
    assert!(send(get(&once)).unwrap_err().is_timeout());
    let error = send(get(&once)).unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::OK));
    assert!(error.to_string().contains("the response could not be received"), "{error}");
}

#[test]
fn attempts_and_redirects_take_no_time() {
    let mock = Mock::new()
        .reply("getThing", Reply::empty(503).with_header("Retry-After", "30"))
        .reply("getThing", Reply::no_connection())
        .reply("getThing", Reply::empty(307).with_header("Location", "/v2/things/7"))
        .reply("getThing", Reply::json(200, &json!("found")));
    let start = Instant::now();
    let client = client(&mock);
    let slow = RetryPolicy::new().with_backoff(Duration::from_secs(60), Duration::from_secs(60));
    let call = get(&client).with_options(CallOptions::new().with_retries(slow));
    assert_eq!(send(call).unwrap().into_inner(), json!("found"));
    assert!(start.elapsed().as_secs() < 10);
    let paths: Vec<_> = mock.requests().iter().map(|sent| sent.path().to_owned()).collect();
    assert_eq!(paths, ["/v1/things/a%20b", "/v1/things/a%20b", "/v1/things/a%20b", "/v2/things/7"]);
}

#[test]
fn what_has_no_reply_is_an_error_that_says_so() {
    let mock = Mock::new().reply("getThng", Reply::empty(200)).reply("addThing", Reply::json(200, &1));
    let error = send(get(&client(&mock))).unwrap_err();
    let source = error.source().unwrap().to_string();
    assert_eq!(source, "the mock has no reply for the operation `getThing`; it has replies for: addThing, getThng");
    assert!(!error.is_timeout() && !error.is_connect());
    let error = send(get(&client(&Mock::new()))).unwrap_err();
    assert!(error.source().unwrap().to_string().ends_with("for: none"));
    let impossible = Mock::new().reply("getThing", Reply::empty(200).with_header("a b", "c"));
    let error = send(get(&client(&impossible))).unwrap_err();
    assert!(error.source().unwrap().to_string().starts_with("the reply of the mock cannot be a response"), "{error:?}");
}

#[test]
fn a_reply_that_the_document_does_not_describe_is_not_decoded() {
    let mock = Mock::new().reply("getThing", Reply::text(200, "<html>"));
    let error = send(get(&client(&mock))).unwrap_err();
    assert!(error.is_decode(), "{error:?}");
}

#[tokio::test]
async fn bodies_are_recorded_and_answered_in_pieces() {
    let large = "x".repeat(300_000);
    let mock = Mock::new().on("addThing", |sent| Reply::bytes(200, "application/octet-stream", sent.body().clone()));
    let client = client(&mock);
    let call = Call::<Bytes>::new(client.request(&ADD).json(&large), decode::bytes, decode::empty);
    let mut body = call.stream().await.unwrap().into_inner();
    let mut length = 0;
    while let Some(piece) = body.next().await {
        length += piece.unwrap().len();
    }
    assert_eq!(length, large.len() + 2);
    assert_eq!(mock.requests()[0].json::<String>().unwrap(), large);
}

#[test]
fn no_debug_shows_a_secret() {
    let mock = Mock::new().reply("addThing", Reply::text(200, "s3cr3t").with_header("Set-Cookie", "s3cr3t"));
    let client = client(&mock);
    let request = client.request(&ADD).query("key", "s3cr3t").header("X-Key", "s3cr3t").json("s3cr3t");
    at_once(Call::<String>::new(request, decode::text, decode::empty).send()).unwrap();
    let text = format!(
        "{mock:?} {:?} {client:?} {:?}",
        mock.requests(),
        Reply::text(200, "s3cr3t").with_header("A", "s3cr3t")
    );
    assert!(text.contains("x-key") && text.contains("addThing"), "{text}");
    assert!(!text.contains("s3cr3t"), "{text}");
}

#[test]
fn a_function_of_a_mock_may_look_at_it_and_panic() {
    let mock = Mock::new();
    let seen = mock.clone();
    let mock = mock.on("addThing", move |_| Reply::json(200, &i64::try_from(seen.requests().len()).unwrap()));
    let mock = mock.on("getThing", |_| panic!("on purpose"));
    let client = client(&mock);
    let panicking = std::panic::AssertUnwindSafe(|| send(get(&client)));
    assert!(std::panic::catch_unwind(panicking).is_err());
    let call = Call::<i64>::new(client.request(&ADD), decode::json, decode::empty);
    assert_eq!(*at_once(call.send()).unwrap().body(), 2);
}

#[test]
fn responses_and_errors_can_be_made() {
    let headers = || HeaderMap::from_iter([(http::header::RETRY_AFTER, http::HeaderValue::from_static("7"))]);
    let response = Response::from_parts(StatusCode::CREATED, headers(), 5);
    assert_eq!((response.status(), *response, response.header::<u8>("retry-after")), (StatusCode::CREATED, 5, Some(7)));
    let body = r#"{"message": "too many"}"#;
    let error: Error<i64> = Error::from_parts("getThing", StatusCode::TOO_MANY_REQUESTS, headers(), body, Some(3));
    assert_eq!(error.to_string(), "getThing: 429 Too Many Requests: too many");
    assert!(error.is_rate_limited() && error.retry_after().is_some());
    assert_eq!((error.documented(), error.raw_body().unwrap().as_ref()), (Some(&3), body.as_bytes()));
    assert!(Error::<()>::from_timeout("getThing").is_timeout());
    assert!(Error::<()>::from_no_connection("getThing").is_connect());
}
