//! Calls and streams without async.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use crate::support::{Recorder, builder, client, hostile};
use clientwright_runtime::codegen::{self, Operation, decode};
use clientwright_runtime::error::ErrorKind;
use clientwright_runtime::{BlockOn as _, Call, Client, Credential, EventStream, PageError, Pages, WaitError};

const GET: Operation = Operation::get("getThings", "/things").security(&[&["token"]]);

#[derive(Clone, PartialEq)]
struct Things {
    things: Option<Vec<String>>,
    next: Option<String>,
}
codegen::object!(Things { "things" => things?, "next" => next? });

/// A call with optional parameters, pages and a state.
#[derive(Clone)]
struct List {
    call: Call<Things, String>,
}
codegen::call!(List => Things, String);
codegen::pages!(List => Things, String, String {
    items(|page| page.things.as_mut()),
    token("token", |page| Some(page.next.as_ref()?)),
});
codegen::wait!(List => Things, String { state(|job| Some(job.next.as_ref()?)), success(&["done"]) });

fn list(client: &Client) -> List {
    List { call: Call::new(client.request(&GET), decode::json, decode::text) }
}

fn get(client: &Client) -> Call<String> {
    Call::new(client.request(&GET), decode::text, decode::empty)
}

#[test]
fn calls_return_what_they_return_in_async_code() {
    let server = Recorder::answering(&["200 OK\n\n{\"things\": [\"a\"]}", "404 Not Found\n\ngone"]);
    let client = server.client(&[Credential::bearer("token", "t0psecret".to_owned())]);
    let found = list(&client).with_header("X-Trace", "7").block_on().unwrap();
    assert_eq!(found.things.as_deref(), Some(&["a".to_owned()][..]));
    let sent = server.only();
    assert_eq!((sent.header("x-trace"), sent.header("authorization")), (Some("7"), Some("Bearer t0psecret")));

    let error = list(&client).block_on().unwrap_err();
    assert_eq!((error.kind(), error.documented().map(String::as_str)), (ErrorKind::NotFound, Some("gone")));
    assert!(!format!("{error:?}").contains("t0psecret"));
}

#[test]
fn time_limits_hold() {
    let url = hostile(|_, _, stream| drop(stream.read(&mut [0; 1])));
    let error = get(&client(&url, &[])).with_timeout(Duration::from_millis(50)).block_on().unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
}

/// Answers requests on each connection as long as it stays open; returns the URL and the number of connections.
fn keeping_alive() -> (String, Arc<AtomicUsize>) {
    let connections = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&connections);
    let url = hostile(move |_, _, stream| {
        counted.fetch_add(1, Ordering::Relaxed);
        let mut request = [0; 4096];
        while stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").is_ok()
            && stream.read(&mut request).is_ok_and(|length| length > 0)
        {}
    });
    (url, connections)
}

#[test]
fn connections_are_kept_between_calls_and_across_threads() {
    let (url, connections) = keeping_alive();
    let client = client(&url, &[]);
    for _ in 0..5 {
        assert_eq!(get(&client).block_on().unwrap().body(), "ok");
        // The connection is returned to the pool while no call runs.
        thread::sleep(Duration::from_millis(10));
        let of_thread = client.clone();
        thread::spawn(move || drop(get(&of_thread).block_on().unwrap())).join().unwrap();
        thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(connections.load(Ordering::Relaxed), 1);
}

#[test]
fn a_connection_that_the_server_closes_between_calls_is_noticed() {
    let url = hostile(|_, _, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    });
    let client = client(&url, &[]);
    for _ in 0..3 {
        assert_eq!(get(&client).block_on().unwrap().body(), "ok");
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn concurrent_calls_do_not_wait_for_each_other() {
    const THREADS: usize = 4;
    // Nothing is answered until all requests have arrived.
    let barrier = std::sync::Barrier::new(THREADS);
    let url = hostile(move |number, _, stream| {
        barrier.wait();
        let _ = write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\n{number}");
    });
    let client = builder(&url).timeout(Duration::from_secs(20)).build().unwrap();
    let bodies: BTreeSet<String> = thread::scope(|scope| {
        let calls: Vec<_> =
            (0..THREADS).map(|_| scope.spawn(|| get(&client).block_on().unwrap().into_inner())).collect();
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    });
    assert_eq!(bodies.len(), THREADS);
}

fn pages(answers: &[&str]) -> (Recorder, Pages<Things, String, String>) {
    let answers: Vec<String> = answers.iter().map(|answer| format!("200 OK\n\n{answer}")).collect();
    let server = Recorder::answering(&answers.iter().map(String::as_str).collect::<Vec<_>>());
    let pages = list(&server.client(&[])).pages();
    (server, pages)
}

const PAGES: [&str; 2] = [r#"{"things": ["a", "b"], "next": "2"}"#, r#"{"things": ["c"]}"#];

#[test]
fn lists_are_iterators() {
    let (server, found) = pages(&PAGES);
    let items: Vec<String> = found.items().into_iter().collect::<Result<_, _>>().unwrap();
    assert_eq!(items, ["a", "b", "c"]);
    assert_eq!(server.sent().len(), 2);

    let counts: Vec<usize> =
        pages(&PAGES).1.into_iter().map(|page| page.unwrap().things.iter().flatten().count()).collect();
    assert_eq!(counts, [2, 1]);
    assert_eq!(pages(&PAGES).1.items().up_to(2).block_on().unwrap(), ["a", "b"]);

    // Only the pages that are used are fetched, and the place is known.
    let (server, mut found) = pages(&PAGES);
    found.next().block_on().unwrap().unwrap();
    assert_eq!((server.sent().len(), found.position()), (1, Some("2")));
}

#[test]
fn jobs_are_awaited() {
    let answers = ["200 OK\n\n{\"next\": \"running\"}", "200 OK\n\n{\"next\": \"done\"}"];
    let server = Recorder::answering(&answers);
    let mut seen = 0;
    let wait = list(&server.client(&[])).wait().every(Duration::from_millis(10)).on_progress(|_| seen += 1);
    assert_eq!(wait.block_on().unwrap().next.as_deref(), Some("done"));
    assert_eq!((seen, server.sent().len()), (1, 2));
}

#[test]
fn streams_are_iterators_and_dropping_one_closes_the_connection() {
    let (closed, is_closed) = mpsc::channel();
    let url = hostile(move |_, _, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\ndata: 2\n\n");
        let _ = closed.send(stream.read(&mut [0; 1]));
    });
    let client = client(&url, &[]);
    const EVENTS: Operation = GET.streamed();
    let call: Call<EventStream<i64>> = Call::new(client.request(&EVENTS), decode::events, decode::empty);
    let mut events = call.block_on().unwrap().into_inner().into_iter();
    assert_eq!(events.by_ref().take(2).map(|event| event.unwrap().data).collect::<Vec<_>>(), [1, 2]);
    assert!(is_closed.try_recv().is_err());
    drop(events);
    assert_eq!(is_closed.recv_timeout(Duration::from_secs(20)).unwrap().unwrap(), 0);
}

#[test]
fn bytes_are_a_reader() {
    let server = Recorder::answering(&["200 OK\n\nthe body"]);
    let stream = || get(&server.client(&[])).stream().block_on().unwrap().into_inner();
    let mut text = String::new();
    stream().into_iter().read_to_string(&mut text).unwrap();
    assert_eq!(text, "the body");
    let pieces: Vec<u8> = stream().into_iter().flat_map(Result::unwrap).collect();
    assert_eq!(pieces, b"the body");
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("blocking");
    assert_eq!(*get(&server.client(&[])).stream().save(&path).block_on().unwrap(), 8);
    assert_eq!(std::fs::read(&path).unwrap(), b"the body");
    let lines: Vec<String> =
        stream().json_lines::<String>().into_iter().map(|item| item.unwrap_err().to_string()).collect();
    assert_eq!(lines.len(), 1, "{lines:?}");
}

const REFUSED: &str =
    "blocking call: cannot block inside an async runtime; use `.await`, or `Handle::block_on` in `spawn_blocking`";

#[tokio::test]
async fn inside_a_runtime_is_an_error() {
    let server = Recorder::start();
    let client = server.client(&[]);
    let error = get(&client).block_on().unwrap_err();
    assert_eq!((error.kind(), error.to_string()), (ErrorKind::Request, REFUSED.to_owned()));
    let WaitError::Call(error) = list(&client).wait().block_on().unwrap_err() else { panic!("no call") };
    assert!(error.is_request());
    let PageError::Call(error) = list(&client).items().up_to(1).block_on().unwrap_err() else { panic!("no call") };
    assert!(error.is_request());
    let found: Vec<String> = list(&client).items().into_iter().map(|item| item.unwrap_err().to_string()).collect();
    assert_eq!(found, [REFUSED]);
    assert!(server.sent().is_empty());

    let body = get(&client).stream().await.unwrap().into_inner();
    assert_eq!(body.into_iter().read_to_end(&mut Vec::new()).unwrap_err().to_string(), REFUSED);
}

#[tokio::test]
async fn a_blocking_thread_of_a_runtime_uses_its_handle() {
    let server = Recorder::start();
    let call = list(&server.client(&[])).stream();
    let blocking = move || {
        assert!(call.clone().block_on().unwrap_err().is_request());
        tokio::runtime::Handle::current().block_on(call.send()).unwrap().status()
    };
    assert_eq!(tokio::task::spawn_blocking(blocking).await.unwrap(), 204);
}

#[test]
fn blocking_inside_a_blocking_call_is_an_error() {
    let server = Recorder::answering(&["200 OK\n\n{\"next\": \"running\"}", "200 OK\n\n{\"next\": \"done\"}"]);
    let client = server.client(&[]);
    let mut inner = None;
    let wait = list(&client).wait().every(Duration::from_millis(10));
    wait.on_progress(|_| inner = get(&client).block_on().err()).block_on().unwrap();
    assert_eq!(inner.unwrap().to_string(), REFUSED);
}
