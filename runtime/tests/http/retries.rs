//! Retries: which requests are retried, how often, and which never are.

use std::error::Error as _;
use std::io::{Read as _, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::support::{Recorder, builder, hostile, leaked};
use clientwright_runtime::codegen::Operation;
use clientwright_runtime::{CallOptions, Client, Credential, Request, RetryPolicy};
use http::StatusCode;

const GET: Operation = Operation::get("getThing", "/things/1").security(&[&["digest"]]);
const POST: Operation = Operation::post("addThing", "/things");
/// Pauses that tests can wait for.
const QUICK: RetryPolicy = RetryPolicy::new().with_backoff(Duration::from_millis(2), Duration::from_millis(5));
const UNAVAILABLE: &str = "503 Service Unavailable\n\n{\"message\": \"later\"}";

fn client(url: &str) -> Client {
    Client::builder(url).retries(QUICK).build().unwrap()
}

/// The reaction of a server before it closes the connection.
type Answer = fn(usize, &mut TcpStream);

/// A server that counts its requests.
fn counting(answer: Answer) -> (String, Arc<AtomicUsize>) {
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    let url = hostile(move |_, _, stream| answer(counted.fetch_add(1, Ordering::SeqCst), stream));
    (url, count)
}

async fn sent(request: Request, count: &AtomicUsize) -> (bool, usize) {
    let before = count.load(Ordering::SeqCst);
    let result = request.send().await;
    (result.is_ok(), count.load(Ordering::SeqCst) - before)
}

#[tokio::test]
async fn what_may_pass_is_sent_again() {
    for status in ["408 x", "420 x", "425 x", "429 x", "500 x", "502 x", "503 x", "504 x"] {
        let recorder = Recorder::answering(&[status, status, "200 OK\n\nat last"]);
        let response = client(&recorder.url).request(&GET).send().await.unwrap();
        assert_eq!(response.into_inner().as_ref(), b"at last");
        assert_eq!(recorder.sent().len(), 3, "{status}");
    }
    for status in ["400 x", "401 x", "404 x", "409 x", "501 x", "505 x"] {
        let recorder = Recorder::answering(&[status, "200 OK"]);
        let error = client(&recorder.url).request(&GET).send().await.unwrap_err();
        assert_eq!((recorder.sent().len(), error.attempts()), (1, 1), "{status}");
    }
}

#[tokio::test]
async fn a_policy_can_have_a_condition_of_its_own() {
    let policy = QUICK.with_condition(|status, headers| status != 503 && !headers.contains_key("x-final"));
    for (method, answer, attempts) in
        [(GET, "409 x", 3), (GET, "409 x\nX-Final: 1", 1), (GET, "503 x", 1), (GET, "200 OK", 1), (POST, "409 x", 1)]
    {
        let recorder = Recorder::answering(&[answer]);
        let client = Client::builder(&recorder.url).retries(policy).build().unwrap();
        assert_eq!(client.request(leaked(method)).send().await.is_ok(), answer == "200 OK");
        assert_eq!(recorder.sent().len(), attempts, "{answer}");
    }
}

#[tokio::test]
async fn a_body_that_is_not_used_takes_no_time_of_the_call() {
    let (url, count) = counting(|_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 503 x\r\nRetry-After: 1\r\nContent-Length: 100\r\n\r\nx");
        let _ = stream.read(&mut [0; 1]);
    });
    let client = Client::builder(&url).retries(QUICK).timeout(Duration::from_millis(1900)).build().unwrap();
    let error = client.request(&GET).send().await.unwrap_err();
    // There is no time for a third attempt.
    assert_eq!((error.status(), error.attempts()), (Some(StatusCode::SERVICE_UNAVAILABLE), 2), "{error}");
    assert_eq!(count.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn an_empty_idempotency_key_is_none() {
    let (url, count) = counting(|_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 503 x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    });
    assert_eq!(sent(client(&url).request(&POST).header("Idempotency-Key", ""), &count).await, (false, 1));
    assert_eq!(sent(client(&url).request(&POST).header("Idempotency-Key", "k"), &count).await, (false, 3));
}

#[tokio::test]
async fn the_last_failure_is_the_error() {
    let recorder = Recorder::answering(&["500 x", "500 x", UNAVAILABLE]);
    let error = client(&recorder.url).request(&GET).send().await.unwrap_err();
    assert_eq!(error.to_string(), "getThing: 503 Service Unavailable: later (after 3 attempts)");
    assert_eq!((error.status(), error.attempts()), (Some(StatusCode::SERVICE_UNAVAILABLE), 3));

    let error = client("http://127.0.0.1:1").request(&POST).send().await.unwrap_err();
    assert!(error.is_connect(), "{error:?}");
    assert_eq!(error.to_string(), "addThing: no connection to the server (after 3 attempts)");
}

#[tokio::test]
async fn what_is_not_idempotent_is_sent_once() {
    let recorder = Recorder::answering(&[UNAVAILABLE]);
    let client = client(&recorder.url);
    let count = |before: usize| recorder.sent().len() - before;
    assert!(client.request(&POST).send().await.is_err());
    assert_eq!(count(0), 1);

    for sent_again in [
        client.request(&POST).options(CallOptions::new().idempotent()),
        client.request(leaked(POST.idempotent())),
        client.request(&POST).header("Idempotency-Key", "k"),
        client.request(leaked(POST.idempotency_key("X-Request"))),
    ] {
        let before = recorder.sent().len();
        assert_eq!(sent_again.send().await.unwrap_err().attempts(), 3);
        assert_eq!(count(before), 3);
    }
}

#[tokio::test]
async fn an_idempotency_key_stays_the_same_in_a_call_and_differs_between_calls() {
    let recorder = Recorder::answering(&[UNAVAILABLE]);
    let client = client(&recorder.url);
    let call = || client.request(leaked(POST.idempotency_key("X-Request"))).json(&1);
    let _ = call().send().await;
    let _ = call().send().await;
    let _ = call().header("X-Request", "mine").send().await;
    let sent = recorder.sent();
    let keys: Vec<&str> = sent.iter().map(|sent| sent.header("x-request").unwrap()).collect();
    let [first, second, third] = [0, 3, 6].map(|at| keys.get(at..at + 3).unwrap());
    for keys in [first, second, third] {
        assert!(keys.iter().all(|key| Some(key) == keys.first()), "{keys:?}");
    }
    assert_ne!(first, second);
    assert!(first[0].len() == 36 && third[0] == "mine", "{keys:?}");
    assert!(sent.iter().all(|sent| sent.body == "1"));
}

#[tokio::test]
async fn a_connection_that_breaks_is_tried_again_if_nothing_happens_twice() {
    let (url, count) = counting(|number, stream| {
        if number % 2 == 0 {
            let _ = stream.shutdown(Shutdown::Both);
        } else {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
        }
    });
    let client = client(&url);
    assert_eq!(sent(client.request(&GET), &count).await, (true, 2));
    assert_eq!(sent(client.request(&POST), &count).await, (false, 1));
}

#[tokio::test]
async fn a_body_that_breaks_off_is_tried_again_with_safe_methods_only() {
    let (url, count) = counting(|_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 9\r\n\r\nhalf");
    });
    let client = client(&url);
    assert_eq!(sent(client.request(&GET), &count).await, (false, 3));
    for operation in [Operation::put("a", "/"), Operation::delete("b", "/"), POST] {
        assert_eq!(sent(client.request(leaked(operation)), &count).await, (false, 1), "{operation:?}");
    }
}

#[tokio::test]
async fn a_call_and_a_client_can_do_without() {
    let recorder = Recorder::answering(&[UNAVAILABLE]);
    let never = CallOptions::new().with_retries(RetryPolicy::never());
    let error = client(&recorder.url).request(&GET).options(never).send().await.unwrap_err();
    assert_eq!((error.attempts(), recorder.sent().len()), (1, 1));
    let once = Client::builder(&recorder.url).retries(RetryPolicy::never()).build().unwrap();
    assert!(once.request(&GET).send().await.is_err());
    assert_eq!(recorder.sent().len(), 2);
    let more = CallOptions::new().with_retries(QUICK.with_attempts(5));
    assert_eq!(once.request(&GET).options(more).send().await.unwrap_err().attempts(), 5);
}

#[tokio::test]
async fn a_call_ends_in_time_whatever_the_server_asks_for() {
    let recorder = Recorder::answering(&["429 x\nRetry-After: 20"]);
    let start = Instant::now();
    let request = client(&recorder.url).request(&GET).timeout(Duration::from_secs(10));
    let error = request.send().await.unwrap_err();
    assert!(error.is_rate_limited() && start.elapsed() < Duration::from_secs(9), "{error:?}");
    assert_eq!((error.retry_after(), error.attempts()), (Some(Duration::from_secs(20)), 1));

    let recorder = Recorder::answering(&["429 x\nRetry-After: 1", "200 OK"]);
    let start = Instant::now();
    assert!(client(&recorder.url).request(&GET).send().await.is_ok());
    assert!(start.elapsed() >= Duration::from_secs(1));
}

#[tokio::test]
async fn an_attempt_has_a_limit_of_its_own() {
    let (url, count) = counting(|number, stream| {
        if number == 0 {
            std::thread::sleep(Duration::from_secs(20));
        }
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
    });
    let limit = Duration::from_millis(300);
    let limited = Client::builder(&url).retries(QUICK).attempt_timeout(limit).build().unwrap();
    assert_eq!(sent(limited.request(&GET), &count).await, (true, 2));
    let of_call = CallOptions::new().with_attempt_timeout(Duration::from_secs(60));
    assert_eq!(sent(limited.request(&GET).options(of_call), &count).await, (true, 1));

    // An idle server.
    let silent = hostile(|_, _, stream| drop(stream.read(&mut [0; 1])));
    let once = builder(&silent).attempt_timeout(limit).build().unwrap();
    let error = once.request(&GET).send().await.unwrap_err();
    assert_eq!(error.source().unwrap().to_string(), "the limit of `attempt_timeout` has passed");
}

#[tokio::test]
async fn challenges_and_attempts_do_not_multiply() {
    let challenge = "401 x\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\", stale=true";
    let recorder = Recorder::answering(&[challenge, UNAVAILABLE, challenge, challenge, challenge, challenge]);
    let digest = Credential::digest("digest", "u".to_owned(), "p".to_owned());
    let client = Client::builder(&recorder.url).retries(QUICK).auth(digest).build().unwrap();
    let error = client.request(&GET).send().await.unwrap_err();
    assert!(error.is_credentials(), "{error:?}");
    assert!(recorder.sent().len() <= 6, "{:#?}", recorder.sent());
}

/// The redirecting server has processed the request.
#[tokio::test]
async fn what_was_redirected_to_no_server_is_not_sent_again() {
    let recorder = Recorder::answering(&["303 See Other\nLocation: http://127.0.0.1:1/done"]);
    let error = client(&recorder.url).request(&POST).send().await.unwrap_err();
    assert!(error.is_connect(), "{error:?}");
    assert_eq!((recorder.sent().len(), error.attempts()), (1, 1));
    let error = client(&recorder.url).request(&GET).send().await.unwrap_err();
    assert!(error.is_connect() && error.attempts() == 3, "{error:?}");
    let expected = "getThing: no connection to the server after a redirect to another origin (after 3 attempts)";
    assert_eq!(error.to_string(), expected);
}

#[tokio::test]
async fn a_redirect_loop_ends_whatever_the_attempts() {
    let redirect = "302 Found\nLocation: /again";
    let recorder = Recorder::answering(&[redirect, UNAVAILABLE, redirect]);
    let error = client(&recorder.url).request(&GET).send().await.unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::FOUND));
    assert_eq!(recorder.sent().len(), 1 + 10 + 1);
}
