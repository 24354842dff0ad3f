//! Streamed bodies: bytes, events and items, from servers that send slowly, endlessly, incorrectly or not at all.

use std::error::Error as _;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use crate::support::{Recorder, builder, endless, hostile, timeless};
use clientwright_runtime::codegen::{Operation, decode};
use clientwright_runtime::{ByteStream, Call, Client, Error, Event, EventStream, ItemStream, JsonValue, RetryPolicy};
use futures_core::Stream;
use http::{Method, StatusCode};
use serde_json::json;
use tokio::io::AsyncReadExt as _;

const GET: Operation = Operation::get("getThings", "/things");
const STREAMED: Operation = GET.streamed();

fn call(client: &Client) -> Call<String> {
    Call::new(client.request(&GET), decode::text, decode::empty)
}

fn events(client: &Client) -> Call<EventStream<i64>> {
    Call::new(client.request(&STREAMED), decode::events, decode::empty)
}

fn items(client: &Client, decoder: decode::Decoder<ItemStream<i64>>) -> Call<ItemStream<i64>> {
    Call::new(client.request(&STREAMED), decoder, decode::empty)
}

fn client(url: &str) -> Client {
    builder(url).build().unwrap()
}

/// A head, after which the body lasts until the connection ends.
fn begin(stream: &mut TcpStream) {
    let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nX-Id: 7\r\nConnection: close\r\n\r\n");
}

fn say(stream: &mut TcpStream, text: &str) {
    let _ = stream.write_all(text.as_bytes());
}

/// Keeps a connection open and idle until the peer closes it.
fn hold(stream: &mut TcpStream) {
    let _ = stream.read(&mut [0; 1]);
}

#[tokio::test]
async fn what_is_no_event_is_not_lost() {
    let answered = async |body: &str| {
        let recorder = Recorder::answering(&[&format!("200 OK\nContent-Type: text/event-stream\n\n{body}")]);
        let client = builder(&recorder.url).header("X-Token", "s3cr3tvalue").build().unwrap();
        all(events(&client).await.unwrap().into_inner()).await
    };
    assert_eq!(answered("data: 1\n\ndata: 2").await, [Ok(1)]);
    assert_eq!(answered("data: 1\n\ndata: [DONE]").await, [Ok(1)]);
    assert_eq!(answered(": nothing yet\n\n").await, []);
    let found = "getThings: 200 OK, but the body could not be decoded: expected events, found \
                 `{\"x\":1}\\n[redacted]` (use `.stream()` for its bytes); if the server is correct, fix the API document with an overlay";
    assert_eq!(answered("{\"x\":1}\ns3cr3tvalue").await, [Err(found.to_owned())]);
}

#[tokio::test]
async fn an_event_that_breaks_off_is_none() {
    let url = hostile(|_, _, stream| {
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 99\r\nConnection: close\r\n\r\n";
        say(stream, &format!("{head}data: 1\n\ndata: 2\n"));
    });
    let items = all(events(&client(&url)).await.unwrap().into_inner()).await;
    assert!(matches!(items.as_slice(), [Ok(1), Err(_)]), "{items:?}");
}

async fn all<T>(mut stream: EventStream<T>) -> Vec<Result<T, String>> {
    let mut found = Vec::new();
    while let Some(event) = stream.next().await {
        found.push(event.map(|event| event.data).map_err(|error| error.to_string()));
    }
    assert!(stream.next().await.is_none());
    found
}

async fn all_items(mut stream: ItemStream<i64>) -> Vec<Result<i64, String>> {
    let mut found = Vec::new();
    while let Some(item) = stream.next().await {
        found.push(item.map_err(|error| error.to_string()));
    }
    found
}

#[tokio::test]
async fn status_and_headers_come_first_then_each_piece_when_it_arrives() {
    let (go, wait) = mpsc::channel::<()>();
    let wait = std::sync::Mutex::new(wait);
    let url = hostile(move |_, _, stream| {
        begin(stream);
        say(stream, "first");
        let _ = wait.lock().unwrap().recv();
        say(stream, "second");
    });
    let mut response = call(&client(&url)).stream().await.unwrap();
    assert_eq!((response.status(), response.header::<u8>("x-id")), (StatusCode::OK, Some(7)));
    assert_eq!(response.next().await.unwrap().unwrap().as_ref(), b"first");
    go.send(()).unwrap();
    let mut body = response.into_inner();
    assert_eq!(body.next().await.unwrap().unwrap().as_ref(), b"second");
    assert!(body.next().await.is_none() && body.next().await.is_none());
}

#[tokio::test]
async fn any_size_is_read_without_holding_it() {
    let url = hostile(|_, _, stream| {
        endless(stream, "200 OK", "x");
    });
    let limited = builder(&url).body_limit(Some(10)).build().unwrap();
    let mut body = limited.request_raw(Method::GET, "/").stream().await.unwrap().into_inner();
    let mut size = 0;
    while size < 100 << 20 {
        size += body.next().await.unwrap().unwrap().len();
    }
}

#[tokio::test]
async fn a_failure_is_what_it_is_without_a_stream() {
    let recorder = Recorder::answering(&["404 Not Found\n\n{\"message\": \"gone\"}"]);
    let error = call(&client(&recorder.url)).stream().await.unwrap_err();
    assert_eq!(error.to_string(), "getThings: 404 Not Found: gone");

    let again = Recorder::answering(&["503 x", "200 OK\n\nbody"]);
    let policy = RetryPolicy::new().with_backoff(Duration::from_millis(1), Duration::from_millis(1));
    let retrying = Client::builder(&again.url).retries(policy).build().unwrap();
    let mut body = String::new();
    call(&retrying).stream().await.unwrap().read_to_string(&mut body).await.unwrap();
    assert_eq!(body, "body");

    let recorder = Recorder::answering(&["204 No Content"]);
    assert!(call(&client(&recorder.url)).stream().await.unwrap().next().await.is_none());
}

#[tokio::test]
async fn what_breaks_off_ends_the_stream_with_an_error() {
    let url = hostile(|_, _, stream| {
        say(stream, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
    });
    let mut body = call(&client(&url)).stream().await.unwrap().into_inner();
    assert_eq!(body.next().await.unwrap().unwrap().as_ref(), b"half");
    let error = body.next().await.unwrap().unwrap_err();
    assert_eq!(error.to_string(), "getThings: the body of the response could not be received");
    assert_eq!((error.status(), error.header::<u8>("x-id")), (Some(StatusCode::OK), None));
    assert!(body.next().await.is_none());

    let mut text = String::new();
    let error = call(&client(&url)).stream().await.unwrap().read_to_string(&mut text).await.unwrap_err();
    assert!(error.downcast::<Error>().unwrap().status() == Some(StatusCode::OK));
}

#[tokio::test]
async fn half_an_item_is_none() {
    let url = hostile(|_, _, stream| {
        say(stream, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n1\n23");
    });
    let found = all_items(items(&client(&url), decode::json_lines).await.unwrap().into_inner()).await;
    let broken = "getThings: the body of the response could not be received".to_owned();
    assert_eq!(found, [Ok(1), Err(broken)]);
}

#[tokio::test]
async fn after_an_event_that_is_too_large_comes_none() {
    let long = "x".repeat(100);
    let answer = format!("200 OK\n\ndata: 1\n\ndata: {long}\n\ndata: 2\n\n");
    let recorder = Recorder::answering(&[&answer]);
    let limited = builder(&recorder.url).body_limit(Some(50)).build().unwrap();
    let mut stream = events(&limited).await.unwrap().into_inner().reconnecting();
    assert_eq!(stream.next().await.unwrap().unwrap().data, 1);
    let error = stream.next().await.unwrap().unwrap_err();
    assert!(error.is_too_large() && error.attempts() == 1, "{error:?}");
    assert!(stream.next().await.is_none() && recorder.sent().len() == 1);
}

#[tokio::test]
async fn silence_and_time_are_limited() {
    let url = hostile(|_, _, stream| {
        begin(stream);
        say(stream, "data: 1\n\n");
        hold(stream);
    });
    let short = Duration::from_millis(300);
    for limited in [builder(&url).idle_timeout(short), builder(&url).timeout(short).idle_timeout(Duration::MAX)] {
        let mut stream = timeless(events(&limited.build().unwrap())).await.unwrap();
        assert_eq!(timeless(stream.next()).await.unwrap().unwrap().data, 1);
        assert!(stream.next().await.unwrap().unwrap_err().is_timeout());
        assert!(stream.next().await.is_none());
    }
}

#[tokio::test]
async fn the_time_of_an_attempt_ends_with_the_head_of_a_stream_and_that_of_the_call_does_not() {
    let url = hostile(|_, _, stream| {
        endless(stream, "200 OK", "x");
    });
    let (short, long) = (Duration::from_millis(200), Duration::from_millis(600));
    let limited = builder(&url).attempt_timeout(short).timeout(long).build().unwrap();
    let begun = Instant::now();
    let mut stream = timeless(call(&limited).stream()).await.unwrap().into_inner();
    // This server is never idle.
    let error = loop {
        match stream.next().await.unwrap() {
            Ok(piece) => assert!(!piece.is_empty()),
            Err(error) => break error,
        }
    };
    assert!(error.is_timeout() && begun.elapsed() >= long, "{error:?} after {:?}", begun.elapsed());
    assert_eq!(error.source().unwrap().to_string(), "the limit of `timeout` has passed");
    assert!(stream.next().await.is_none());
}

#[tokio::test]
async fn an_event_of_an_endless_stream_comes_when_it_arrives() {
    let url = hostile(|_, _, stream| {
        begin(stream);
        say(stream, ": hello\nid: a\nevent: add\ndata: 5\n\ndata: 6\n");
        hold(stream);
    });
    let mut stream = events(&client(&url)).await.unwrap().into_inner();
    let first = stream.next().await.unwrap().unwrap();
    assert_eq!((first.event.as_str(), first.id.as_deref(), first.data), ("add", Some("a"), 5));
    let more = tokio::time::timeout(Duration::from_millis(100), stream.next()).await;
    assert!(more.is_err(), "an incomplete event is dropped");
}

#[tokio::test]
async fn an_event_that_cannot_be_decoded_is_an_error_and_the_next_one_follows() {
    let recorder = Recorder::answering(&["200 OK\n\ndata: 1\n\ndata: x\n\ndata: 3\n\ndata: [DONE]\n\ndata: 4\n\n"]);
    let found = all(events(&client(&recorder.url)).await.unwrap().into_inner()).await;
    assert_eq!((found.first(), found.get(2), found.len()), (Some(&Ok(1)), Some(&Ok(3)), 3), "{found:?}");
    let failed = found.get(1).and_then(|event| event.as_ref().err()).unwrap();
    assert!(failed.starts_with("getThings: 200 OK, but the event could not be decoded: "), "{failed}");

    let texts: Call<EventStream<String>> =
        Call::new(client(&recorder.url).request(&STREAMED), decode::text_events, decode::empty);
    assert_eq!(all(texts.await.unwrap().into_inner()).await.len(), 3);
}

#[tokio::test]
async fn an_item_that_describes_a_failure_is_that_failure() {
    let recorder = Recorder::answering(&["200 OK\nContent-Type: text/event-stream\n\n\
         data: {\"error\": {\"message\": \"overloaded\"}}\n\n\
         event: error\ndata: try later\n\n\
         event: ping\ndata: x\n\n\
         data: {}\n\n"]);
    let found = all(events(&client(&recorder.url)).await.unwrap().into_inner()).await;
    let found: Vec<String> = found.into_iter().map(Result::unwrap_err).collect();
    let expected = "expected integer, found object at line 1 column 1";
    assert_eq!(found.len(), 4);
    assert_eq!(
        found[0],
        format!("getThings: 200 OK: overloaded (the event does not match its documented type: {expected})")
    );
    assert!(
        found[1]
            .starts_with("getThings: 200 OK: try later (the event does not match its documented type: event `error`: "),
        "{}",
        found[1]
    );
    assert!(found[2].starts_with("getThings: 200 OK, but the event could not be decoded: event `ping`: "), "{found:?}");
    assert!(
        found[3].starts_with(&format!("getThings: 200 OK, but the event could not be decoded: {expected}; ")),
        "{found:?}"
    );

    let recorder = Recorder::answering(&["200 OK\nContent-Type: application/x-ndjson\n\n1\n{\"error\": \"gone\"}\nx"]);
    let client = client(&recorder.url);
    let found = all_items(items(&client, decode::json_lines).await.unwrap().into_inner()).await;
    assert!(found[0] == Ok(1) && found[1].as_ref().unwrap_err().starts_with("getThings: 200 OK: gone (the line "));
    let broken = found[2].as_ref().unwrap_err();
    assert!(broken.contains("but the line could not be decoded: ") && !broken.contains("not JSON"), "{broken}");
}

#[tokio::test]
async fn an_event_can_be_read_as_an_object() {
    let text = "200 OK\n\nevent: \"a\"\nid: 7\ndata: {\"x\": 1}\n\ndata: \"b\"\ndata\n\n";
    let recorder = Recorder::answering(&[text]);
    for (decoder, expected) in [
        (decode::event_objects as decode::Decoder<EventStream<JsonValue>>, [json!({"x": 1}), json!("b")]),
        (decode::text_event_objects, [json!("{\"x\": 1}"), json!("\"b\"\n")]),
    ] {
        let call: Call<EventStream<JsonValue>> =
            Call::new(client(&recorder.url).request(&STREAMED), decoder, decode::empty);
        let [first, second] = expected;
        let found = all(call.await.unwrap().into_inner()).await;
        assert_eq!(
            found,
            [Ok(json!({"event": "\"a\"", "id": "7", "data": first})), Ok(json!({"id": "7", "data": second})),]
        );
    }
}

#[tokio::test]
async fn an_event_larger_than_the_limit_ends_the_stream() {
    let url = hostile(|_, _, stream| {
        endless(stream, "200 OK", "data: 1\n\ndata: ");
    });
    let limited = builder(&url).body_limit(Some(1 << 20)).build().unwrap();
    let mut stream = events(&limited).await.unwrap().into_inner();
    assert_eq!(stream.next().await.unwrap().unwrap().data, 1);
    assert!(stream.next().await.unwrap().unwrap_err().is_too_large());
    assert!(stream.next().await.is_none());
    let mut stream = items(&limited, decode::json_lines).await.unwrap().into_inner();
    assert!(stream.next().await.unwrap().is_err());
}

#[tokio::test]
async fn a_stream_connects_again_where_it_was() {
    let recorder = Recorder::answering(&[
        "200 OK\n\nretry: 1\nid: a\ndata: 1\n\ndata: lost",
        "200 OK\n\ndata: 2\n\nid: b\ndata: 3\n\n",
        "204 No Content",
    ]);
    let stream = events(&client(&recorder.url)).await.unwrap().into_inner().reconnecting();
    assert_eq!(all(stream).await, [Ok(1), Ok(2), Ok(3)]);
    let sent = recorder.sent();
    let ids: Vec<Option<&str>> = sent.iter().map(|sent| sent.header("last-event-id")).collect();
    // Connecting after 204 would never end.
    assert_eq!(ids, [None, Some("a"), Some("b")]);

    let silent = Recorder::answering(&["200 OK\n\nretry: 1\n\n"]);
    assert!(all(events(&client(&silent.url)).await.unwrap().into_inner().reconnecting()).await.is_empty());
    assert_eq!(silent.sent().len(), 11);

    let failing = Recorder::answering(&["200 OK\n\nretry: 1\ndata: 1\n\n", "403 Forbidden"]);
    let mut stream = events(&client(&failing.url)).await.unwrap().into_inner().reconnecting();
    assert!(stream.next().await.unwrap().is_ok());
    assert_eq!(stream.next().await.unwrap().unwrap_err().status(), Some(StatusCode::FORBIDDEN));
    assert!(stream.next().await.is_none());
}

#[tokio::test]
async fn an_event_that_breaks_off_is_asked_for_again() {
    let recorder = Recorder::answering(&[
        "200 OK\n\nretry: 1\nid: a\ndata: 1\n\nid: b\ndata: 2",
        "200 OK\n\nid: b\ndata: 2\n\n",
        "204 No Content",
    ]);
    let stream = events(&client(&recorder.url)).await.unwrap().into_inner().reconnecting();
    assert_eq!(all(stream).await, [Ok(1), Ok(2)]);
    let sent = recorder.sent();
    let ids: Vec<Option<&str>> = sent.iter().map(|sent| sent.header("last-event-id")).collect();
    assert_eq!(ids, [None, Some("a"), Some("b")]);
}

#[cfg(feature = "reqwest-013")]
#[tokio::test(start_paused = true)]
async fn connecting_again_is_part_of_the_time_of_the_call() {
    let limit = Duration::from_millis(500);
    // Immediately, after idle time, and never, as the server requests. The shortest pause is 10 ms.
    for (retry, connections) in [("0", 51), ("200", 3), ("18446744073709551615", 1)] {
        let (sent, arrived) = mpsc::sync_channel(51);
        let server = builder("http://things.test").intercept(move |_, _| {
            sent.try_send(()).unwrap();
            std::future::ready(Ok(http::Response::new(format!("retry: {retry}\ndata: 1\n\n")).into()))
        });
        let begin = tokio::time::Instant::now();
        let call = events(&server.build().unwrap()).with_timeout(limit);
        let mut stream = call.await.unwrap().into_inner().reconnecting();
        let error = loop {
            match stream.next().await.unwrap() {
                Ok(event) => assert_eq!(event.data, 1),
                Err(error) => break error,
            }
        };
        assert!(error.is_timeout(), "{error}");
        assert!(stream.next().await.is_none());
        assert_eq!((begin.elapsed(), arrived.try_iter().count()), (limit, connections), "{retry}");
    }
}

#[tokio::test]
async fn a_line_that_is_no_json_is_no_value() {
    let recorder = Recorder::answering(&["200 OK\nContent-Type: application/x-ndjson\n\n{\"a\":1}\nxx\n{\"a\":"]);
    let mut lines = body(&client(&recorder.url)).await.json_lines::<JsonValue>();
    assert_eq!(lines.next().await.unwrap().unwrap(), json!({"a": 1}));
    assert!(lines.next().await.unwrap().is_err());
    assert!(lines.next().await.unwrap().is_err());
    assert!(lines.next().await.is_none());
}

#[tokio::test]
async fn items_are_lines_or_a_sequence() {
    let lines = Recorder::answering(&["200 OK\n\n1\r\n\n 2 \nx\n3"]);
    let found = all_items(items(&client(&lines.url), decode::json_lines).await.unwrap().into_inner()).await;
    assert_eq!((found.first(), found.get(1), found.get(3), found.len()), (Some(&Ok(1)), Some(&Ok(2)), Some(&Ok(3)), 4));
    let sequence = Recorder::answering(&["200 OK\n\n\x1e1\n\x1e\x1e\n2\n\n\x1e3\n"]);
    let found = all_items(items(&client(&sequence.url), decode::json_sequence).await.unwrap().into_inner()).await;
    assert_eq!(found, [Ok(1), Ok(2), Ok(3)]);
}

/// The body of a call whose document does not describe events or items.
async fn body(client: &Client) -> ByteStream {
    call(client).stream().await.unwrap().into_inner()
}

#[tokio::test]
async fn any_body_can_be_read_as_events() {
    let text = "200 OK\n\nid: a\nevent: add\ndata: x\n\ndata: 1\ndata: \"\n\ndata: [DONE]\n\ndata: 2\n\n";
    let recorder = Recorder::answering(&[text]);
    let mut stream = body(&client(&recorder.url)).await.text_events();
    let first = stream.next().await.unwrap().unwrap();
    assert_eq!((first.event.as_str(), first.id.as_deref(), first.data.as_str()), ("add", Some("a"), "x"));
    let second = stream.next().await.unwrap().unwrap();
    assert_eq!((second.event.as_str(), second.id.as_deref(), second.data.as_str()), ("message", Some("a"), "1\n\""));
    assert!(stream.next().await.is_none());

    let recorder = Recorder::answering(&["200 OK\n\nretry: 1\nid: a\ndata: 1\n\ndata: x\n\n", "204 No Content"]);
    let found = all(body(&client(&recorder.url)).await.events::<i64>().reconnecting()).await;
    assert!(matches!(found.as_slice(), [Ok(1), Err(_)]), "{found:?}");
    assert_eq!(recorder.sent()[1].header("last-event-id"), Some("a"));

    let recorder = Recorder::answering(&["200 OK\n\nskipdata: 1\n\n"]);
    let mut begun = body(&client(&recorder.url)).await;
    begun.read_exact(&mut [0; 4]).await.unwrap();
    assert_eq!(all(begun.events::<i64>()).await, [Ok(1)]);
}

#[tokio::test]
async fn any_body_can_be_read_as_items() {
    let lines = Recorder::answering(&["200 OK\n\n1\r\n\n 2 \nx\n3"]);
    let found = all_items(body(&client(&lines.url)).await.json_lines()).await;
    assert!(matches!(found.as_slice(), [Ok(1), Ok(2), Err(_), Ok(3)]), "{found:?}");
    let sequence = Recorder::answering(&["200 OK\n\n\x1e1\n\x1e2\n"]);
    assert_eq!(all_items(body(&client(&sequence.url)).await.json_sequence()).await, [Ok(1), Ok(2)]);
}

#[tokio::test]
async fn events_and_items_of_any_body_have_the_usual_limits() {
    let recorder = Recorder::answering(&[&format!("200 OK\n\ndata: {}\n\n", "1".repeat(100))]);
    let limited = builder(&recorder.url).body_limit(Some(50)).build().unwrap();
    let mut stream = body(&limited).await.text_events();
    assert!(stream.next().await.unwrap().unwrap_err().is_too_large());
    assert!(stream.next().await.is_none());
    let found = body(&limited).await.json_lines::<i64>().next().await;
    assert!(found.unwrap().unwrap_err().is_too_large());

    let url = hostile(|_, _, stream| {
        begin(stream);
        hold(stream);
    });
    let silent = builder(&url).idle_timeout(Duration::from_millis(100)).build().unwrap();
    assert!(timeless(body(&silent)).await.text_events().next().await.unwrap().unwrap_err().is_timeout());
}

#[tokio::test]
async fn any_body_can_be_had_as_a_whole() {
    let recorder = Recorder::answering(&["200 OK\nX-Id: 7\n\n{\"name\": 5}", "404 Not Found\n\ngone"]);
    let typed = |client: &Client| -> Call<i64> { Call::new(client.request(&GET), decode::json, decode::empty) };
    let response = typed(&client(&recorder.url)).stream().collect().await.unwrap();
    assert_eq!((response.status(), response.header::<u8>("x-id")), (StatusCode::OK, Some(7)));
    assert_eq!(response.as_ref(), b"{\"name\": 5}");
    let error = typed(&client(&recorder.url)).stream().collect().await.unwrap_err();
    assert_eq!(error.to_string(), "getThings: 404 Not Found: gone");

    let recorder = Recorder::answering(&["200 OK\n\n{\"name\": 5}"]);
    let read = events(&client(&recorder.url)).stream().collect_as::<JsonValue>().await.unwrap();
    assert_eq!(read["name"], 5);
    let error = typed(&client(&recorder.url)).stream().collect_as::<Vec<i64>>().await.unwrap_err();
    assert!(error.is_decode() && error.raw_body().is_some_and(|body| body.starts_with(b"{")), "{error}");
    let limited = builder(&recorder.url).body_limit(Some(5)).build().unwrap();
    assert!(typed(&limited).stream().collect().await.unwrap_err().is_too_large());

    let url = hostile(|number, _, stream| {
        let length = if number == 0 { 9 } else { 4 };
        say(stream, &format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\nbody"));
    });
    let policy = RetryPolicy::new().with_backoff(Duration::from_millis(1), Duration::from_millis(1));
    let retrying = Client::builder(&url).retries(policy).build().unwrap();
    assert_eq!(typed(&retrying).stream().collect().await.unwrap().as_ref(), b"body");
}

#[test]
fn streams_go_to_other_threads_and_show_nothing() {
    fn is_stream<T: Stream + Send + Unpin + 'static>() {}
    is_stream::<ByteStream>();
    is_stream::<EventStream<JsonValue>>();
    is_stream::<ItemStream<JsonValue>>();
    fn is_plain<T: Clone + Send + Sync>() {}
    is_plain::<Event<JsonValue>>();
}
