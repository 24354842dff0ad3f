//! The test of the scratch crate of `wire_streams.rs`: each server sends its script, and then keeps the connection open.

use clientwright_runtime::{EventStream, File, Maybe};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use wire_streams::stream_switches::{self, types as switched};
use wire_streams::streams::{Client, types};

/// Returns the URL of a server that sends a text and never ends. The request goes to the channel.
async fn serving(said: String) -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (told, tell) = std::sync::mpsc::channel();
    tokio::spawn(async move {
        let (mut connection, _) = listener.accept().await.unwrap();
        let mut request = String::new();
        while !is_whole(&request) {
            let mut piece = vec![0; 4096];
            let length = connection.read(&mut piece).await.unwrap();
            request.push_str(&String::from_utf8_lossy(&piece[..length]));
        }
        told.send(request).unwrap();
        connection.write_all(format!("HTTP/1.1 200 OK\r\nConnection: close\r\n{said}").as_bytes()).await.unwrap();
        std::future::pending::<()>().await;
    });
    (url, tokio::task::spawn_blocking(move || tell.recv().unwrap()))
}

/// Returns `true` if a request has its whole body.
fn is_whole(request: &str) -> bool {
    let Some((head, body)) = request.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
    length.is_none_or(|length: usize| body.len() >= length)
}

/// Returns a client of a server that sends a text and never ends.
async fn saying(body: &'static str) -> (Client, JoinHandle<String>) {
    let (url, request) = serving(format!("\r\n{body}")).await;
    (Client::builder(&url).build().unwrap(), request)
}

async fn first<T>(events: &mut EventStream<T>) -> (String, Option<String>, T) {
    let event = events.next().await.unwrap().unwrap();
    (event.event, event.id, event.data)
}

#[tokio::test]
async fn json_in_data_is_decoded_when_it_arrives() {
    let (client, request) = saying("data: {\"delta\": \"a\"}\n\ndata: {\"delta\":\ndata: \"b\"}\n\ndata: {").await;
    let mut events = client.chat_as_event_stream(types::Question::new("x")).await.unwrap().into_inner();
    assert_eq!(first(&mut events).await.2.delta, "a");
    assert_eq!(first(&mut events).await.2.delta, "b");
    let request = request.await.unwrap().to_ascii_lowercase();
    assert!(request.starts_with("post /chat ") && request.contains("accept: text/event-stream\r\n"), "{request}");

    let (client, _) = saying("event: notice\nid: 7\ndata: {\"level\": 2, \"source\": {\"name\": \"x\"}}\n\n").await;
    let (event, id, data) = first(&mut client.read_notices().await.unwrap().into_inner()).await;
    assert_eq!((event.as_str(), id.as_deref(), data.level), ("notice", Some("7"), Some(2)));
    assert_eq!(data.source.unwrap().name.as_deref(), Some("x"));
}

#[tokio::test]
async fn text_in_data_stays_text() {
    let (client, _) = saying("data: {\"delta\": 1}\n\n").await;
    assert_eq!(first(&mut client.read_messages().await.unwrap().into_inner()).await.2, "{\"delta\": 1}");
}

#[tokio::test]
async fn kinds_of_events_are_a_union() {
    let body = "event: removed\ndata: {\"at\": \"2020-01-01T00:00:00Z\"}\n\nevent: added\ndata: {\"value\": 1.5}\n\n\
                event: other\ndata: {}\n\ndata: [DONE]\n\n";
    let (client, _) = saying(body).await;
    let mut events = client.read_changes().await.unwrap().into_inner();
    assert!(matches!(first(&mut events).await.2, types::Change::Removed(removed) if removed.data.at.as_str() == "2020-01-01T00:00:00Z"));
    assert!(matches!(first(&mut events).await.2, types::Change::Added(added) if added.data.value == 1.5));
    assert!(matches!(first(&mut events).await.2, types::Change::Unknown(_)));
    assert!(events.next().await.is_none());

    let body = "event: tick\ndata: \"quoted\"\n\nevent: alarm\ndata: {\"value\":\ndata: 2}\n\nevent: alarm\ndata: {\n\nevent: tick\n\n";
    let (client, _) = saying(body).await;
    let mut events = client.read_ticks().await.unwrap().into_inner();
    let tick = first(&mut events).await.2;
    assert!(matches!(&tick, types::ReadTicksResponse::Tick(tick) if tick.data.as_deref() == Some("\"quoted\"")), "{tick:?}");
    let alarm = first(&mut events).await.2;
    assert!(matches!(&alarm, types::ReadTicksResponse::Alarm(alarm) if alarm.data.value == 2.0), "{alarm:?}");
    // Invalid data affects only one event.
    events.next().await.unwrap().unwrap_err();
}

#[tokio::test]
async fn items_are_decoded_when_they_arrive() {
    let (client, _) = saying("{\"value\": 1}\n{\"value\": 2}\n{").await;
    let mut items = client.read_measurements().await.unwrap().into_inner();
    assert_eq!(items.next().await.unwrap().unwrap().value, 1.0);
    assert_eq!(items.next().await.unwrap().unwrap().value, 2.0);
    let (client, _) = saying("\u{1e}{\"value\": 3}\n\u{1e}").await;
    let mut items = client.read_measurements_as_json_seq().await.unwrap().into_inner();
    assert_eq!(items.next().await.unwrap().unwrap().value, 3.0);
}

/// Returns the value of `stream` in the body of a call that a server answers with a reply, or with events; empty if it is
/// absent.
macro_rules! sent {
    ($said:expr, |$client:ident| $call:expr) => {{
        let (url, request) = serving(format!("Content-Length: {}\r\n\r\n{}", $said.len(), $said)).await;
        let $client = stream_switches::Client::builder(&url).build().unwrap();
        let _ = $call.await.unwrap();
        let request = request.await.unwrap();
        let rest = request.split_once("\"stream\":").or(request.split_once("name=\"stream\"\r\n\r\n"));
        let value: String = rest.map_or("", |(_, rest)| rest).chars().take_while(|char| char.is_alphabetic()).collect();
        value
    }};
}

#[tokio::test]
async fn each_method_sends_its_own_switch() {
    let (reply, parts) = ("{\"text\": \"a\"}", "data: {\"delta\": \"a\"}\n\ndata: [DONE]\n\n");
    let question = || switched::ChatRequest::new("x");
    assert_eq!(sent!(reply, |client| client.chat(question())), "");
    assert_eq!(sent!(reply, |client| client.chat(question().stream(true))), "");
    assert_eq!(sent!(parts, |client| client.chat_as_event_stream(question())), "true");
    assert_eq!(sent!(parts, |client| client.chat_as_event_stream(question().stream(Maybe::Null))), "true");
    assert_eq!(sent!(reply, |client| client.draft(question())), "");
    assert_eq!(sent!(reply, |client| client.draft(question().stream(true))), "true");

    assert_eq!(sent!(reply, |client| client.complete(switched::CompleteBody::new("x", true))), "false");
    assert_eq!(sent!(parts, |client| client.complete_as_event_stream(switched::CompleteBody::new("x", false))), "true");
    assert_eq!(sent!(reply, |client| client.generate().body(switched::GenerateBody::new())), "false");
    assert_eq!(sent!(reply, |client| client.generate_as_ndjson().body(switched::GenerateBody::new())), "true");

    assert_eq!(sent!(reply, |client| client.describe(switched::TextTask::new("x"))), "false");
    assert_eq!(sent!(parts, |client| client.describe_as_event_stream(switched::TextTask::new("x"))), "true");
    assert_eq!(sent!(parts, |client| client.describe_as_event_stream(switched::ImageTask::new("x", false))), "true");
    assert_eq!(sent!(parts, |client| client.describe_as_event_stream(switched::SoundTask::new("x"))), "");

    let file = || switched::TranscribeBody::new(File::text("x"));
    assert_eq!(sent!("a", |client| client.transcribe(file().stream(true))), "false");
    assert_eq!(sent!(parts, |client| client.transcribe_as_event_stream(file())), "true");
    assert_eq!(sent!(parts, |client| client.follow(switched::FollowRequestInput::new())), "true");
}

#[tokio::test]
async fn a_sentinel_ends_the_stream_and_is_no_variant() {
    let (url, _request) = serving("\r\ndata: {\"delta\": \"a\"}\n\ndata: [DONE]\n\n".to_owned()).await;
    let client = stream_switches::Client::builder(&url).build().unwrap();
    let mut events = client.chat_as_event_stream(switched::ChatRequest::new("x")).await.unwrap().into_inner();
    let part: switched::Part = first(&mut events).await.2;
    assert_eq!(part.delta, "a");
    assert!(events.next().await.is_none());
}
