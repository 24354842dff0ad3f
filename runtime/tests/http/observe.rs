//! Events of observers.

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::support::{Recorder, builder, hostile};
use clientwright_runtime::codegen::{Operation, decode};
use clientwright_runtime::{Call, Client, ClientBuilder, Credential, RequestEvent, RequestStage, RetryPolicy};
use http::Method;

const GET: Operation = Operation::get("getThing", "/things/{id}").security(&[&["token"]]);

/// Lines about the events of a client.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn of(&self, builder: ClientBuilder) -> Client {
        let log = self.clone();
        builder.observe(move |event| log.write(event)).build().unwrap()
    }

    fn write(&self, event: &RequestEvent<'_>) {
        let stage = match event.stage {
            RequestStage::Sending { .. } => "sending".to_owned(),
            RequestStage::Received { status, request_id, duration, .. } => {
                assert!(duration > Duration::ZERO && duration < Duration::from_secs(60));
                format!("{} {}", status.as_u16(), request_id.unwrap_or("-"))
            }
            RequestStage::Failed { error, .. } if error.is_connect() => "no connection".to_owned(),
            RequestStage::Failed { error, .. } => format!("failed, timeout: {}", error.is_timeout()),
            RequestStage::Retrying { pause, .. } => format!("pause of {pause:?}"),
            _ => "?".to_owned(),
        };
        self.0.lock().unwrap().push(format!("{}.{} {stage}", event.attempt, event.request));
    }

    fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

fn get(client: &Client) -> Call<()> {
    Call::new(client.request(&GET).path("id", "s3cr3t-1"), decode::empty, decode::empty)
}

fn at_once() -> RetryPolicy {
    RetryPolicy::new().with_backoff(Duration::ZERO, Duration::ZERO)
}

#[tokio::test]
async fn a_request_is_told_before_and_after() {
    let recorder = Recorder::answering(&["200 OK\nX-Request-Id: abc-1"]);
    let origin = recorder.url.clone();
    let client = builder(&recorder.url).observe(move |event| {
        assert_eq!((event.operation, event.path_template), (Some("getThing"), Some("/things/{id}")));
        assert_eq!((event.method, event.origin), (&Method::GET, origin.as_str()));
    });
    let log = Log::default();
    get(&log.of(client)).await.unwrap();
    assert_eq!(log.lines(), ["1.1 sending", "1.1 200 abc-1"]);
}

#[tokio::test]
async fn each_request_on_the_wire_is_told() {
    let other = Recorder::answering(&["200 OK\nX-Correlation-Id: other"]);
    let elsewhere = format!("307 Temporary Redirect\nLocation: {}/s3cr3t?s3cr3t", other.url);
    let challenge =
        "401 Unauthorized\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\", algorithm=SHA-256";
    let recorder = Recorder::answering(&[
        "503 Service Unavailable\nRequest-Id: busy",
        challenge,
        "302 Found\nLocation: /b",
        &elsewhere,
    ]);
    let log = Log::default();
    let origins = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&origins);
    let client = builder(&recorder.url)
        .retries(at_once())
        .auth(Credential::digest("token", "user".to_owned(), "s3cr3t-word".to_owned()))
        .observe(move |event| seen.lock().unwrap().push(event.origin.to_owned()));
    get(&log.of(client)).await.unwrap();
    let lines = log.lines();
    assert_eq!(lines[..3], ["1.1 sending", "1.1 503 busy", "1.1 pause of 0ns"]);
    assert_eq!(lines[3..5], ["2.2 sending", "2.2 401 -"]);
    assert_eq!(*lines.last().unwrap(), format!("2.{} 200 other", recorder.sent().len() + 1));
    let sendings = lines.iter().filter(|line| line.ends_with("sending")).count();
    assert_eq!(sendings, recorder.sent().len() + other.sent().len());
    let origins = origins.lock().unwrap();
    assert_eq!(origins.iter().filter(|origin| **origin == other.url).count(), 2);
    assert_eq!(origins.iter().filter(|origin| **origin == recorder.url).count(), lines.len() - 2);
}

#[tokio::test]
async fn failures_and_pauses_are_told() {
    let unreachable = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let log = Log::default();
    let client = log.of(builder(&format!("http://{unreachable}")).retries(at_once().with_attempts(2)));
    get(&client).await.unwrap_err();
    assert_eq!(
        log.lines(),
        ["1.1 sending", "1.1 no connection", "1.1 pause of 0ns", "2.2 sending", "2.2 no connection"]
    );

    let broken = hostile(|_, _, stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nX-Request-Id: b\r\n\r\n12").unwrap();
    });
    let log = Log::default();
    get(&log.of(builder(&broken))).await.unwrap_err();
    assert_eq!(log.lines(), ["1.1 sending", "1.1 200 b", "1.1 failed, timeout: false"]);

    let silent = hostile(|_, _, _| std::thread::sleep(Duration::from_secs(60)));
    let log = Log::default();
    get(&log.of(builder(&silent).idle_timeout(Duration::from_millis(50)))).await.unwrap_err();
    assert_eq!(log.lines(), ["1.1 sending", "1.1 failed, timeout: true"]);
}

/// Makes calls with secrets in every position, to a server that repeats them in its request IDs. The last status is
/// 400.
async fn call_with_secrets(client: impl Fn(ClientBuilder) -> Client) -> Recorder {
    let elsewhere = Recorder::start();
    let target = format!("303 See Other\nLocation: {}/s3cr3t?s3cr3t\nX-Request-Id: s3cr3t-token", elsewhere.url);
    let recorder = Recorder::answering(&[&target, "400 Bad Request\nX-Request-Id: a s3cr3t-key b\n\n\"s3cr3t\""]);
    let secrets = builder(&recorder.url)
        .auth(Credential::bearer("token", "s3cr3t-token".to_owned()))
        .auth(Credential::query("key", "s3cr3t-name", "s3cr3t-key".to_owned()))
        .auth(Credential::cookie("cookie", "id", "s3cr3t-cookie".to_owned()))
        .header("X-Plain", "s3cr3t");
    let client = client(secrets);
    const SEND: Operation = Operation::put("putThing", "/things/{id}").security(&[&["token", "key", "cookie"]]);
    let send = || client.request(&SEND).path("id", "s3cr3t").query("q", "s3cr3t").json("s3cr3t");
    Call::<()>::new(send(), decode::empty, decode::empty).await.unwrap();
    Call::<()>::new(send(), decode::empty, decode::empty).await.unwrap_err();
    let raw = client.request_raw(Method::GET, "/hooks/s3cr3t?s3cr3t").security(&[&["key"]]);
    raw.send().await.unwrap_err();
    recorder
}

#[tokio::test]
async fn no_event_has_a_secret() {
    let shown = Arc::new(Mutex::new(String::new()));
    let recorder = call_with_secrets(|builder| {
        let shown = Arc::clone(&shown);
        builder.observe(move |event| *shown.lock().unwrap() += &format!("{event:?}\n")).build().unwrap()
    })
    .await;
    assert_eq!(recorder.sent().len(), 3);
    let shown = shown.lock().unwrap();
    assert!(!shown.contains("s3cr3t"), "{shown}");
    assert_eq!(shown.lines().count(), 8);
    assert_eq!(shown.matches("request_id: Some(\"[redacted]\")").count(), 1, "{shown}");
    assert_eq!(shown.matches("request_id: Some(\"a [redacted] b\")").count(), 2, "{shown}");
    assert_eq!(shown.matches("operation: None, method: GET, path_template: None").count(), 2, "{shown}");
}

#[tokio::test]
async fn an_identifier_has_an_end() {
    let recorder =
        Recorder::answering(&[&format!("200 OK\nX-Request-Id: {}", "x".repeat(5000)), "200 OK\nX-Request-Id: é"]);
    let log = Log::default();
    let client = log.of(builder(&recorder.url));
    get(&client).await.unwrap();
    get(&client).await.unwrap();
    let lines = log.lines();
    assert_eq!(lines[1], format!("1.1 200 {}", "x".repeat(128)));
    assert_eq!(lines[3], "1.1 200 -");
}

#[tokio::test]
async fn an_observer_that_panics_ends_its_call_and_nothing_else() {
    let recorder = Recorder::start();
    let is_first = Arc::new(Mutex::new(true));
    let client = builder(&recorder.url).observe(move |_| {
        let was_first = std::mem::replace(&mut *is_first.lock().unwrap(), false);
        assert!(!was_first, "on purpose");
    });
    let client = client.build().unwrap();
    let other = client.clone();
    assert!(tokio::spawn(async move { get(&other).await }).await.unwrap_err().is_panic());
    get(&client).await.unwrap();
}

#[cfg(feature = "tracing")]
mod traces {
    use std::fmt::{self, Write as _};
    use std::sync::LazyLock;
    use std::sync::atomic::{AtomicU64, Ordering};

    use tracing::field::{Field, Visit};
    use tracing::level_filters::LevelFilter;
    use tracing::span::{Attributes, Id, Record};
    use tracing::{Dispatch, Event, Metadata, Subscriber};

    use super::*;

    /// Records all spans and events.
    #[derive(Clone, Default)]
    struct Notes(Arc<Mutex<String>>, Arc<AtomicU64>);

    /// Fields as text.
    struct Fields<'t>(&'t mut String);

    impl Visit for Fields<'_> {
        fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
            if field.name() != "duration" && field.name() != "server.port" && field.name() != "origin" {
                write!(self.0, " {}={value:?}", field.name()).unwrap();
            }
        }
    }

    impl Notes {
        fn add(&self, line: &str, record: impl FnOnce(&mut Fields<'_>)) {
            let mut text = self.0.lock().unwrap();
            text.push_str(line);
            record(&mut Fields(&mut text));
            text.push('\n');
        }
    }

    impl Subscriber for Notes {
        fn enabled(&self, metadata: &Metadata<'_>) -> bool {
            metadata.target() == "clientwright"
        }

        fn new_span(&self, span: &Attributes<'_>) -> Id {
            self.add(&format!("{} span {}", span.metadata().level(), span.metadata().name()), |fields| {
                span.record(fields);
            });
            Id::from_u64(self.1.fetch_add(1, Ordering::SeqCst) + 1)
        }

        fn record(&self, _: &Id, values: &Record<'_>) {
            self.add("record", |fields| values.record(fields));
        }

        fn record_follows_from(&self, _: &Id, _: &Id) {}

        fn event(&self, event: &Event<'_>) {
            self.add(&event.metadata().level().to_string(), |fields| event.record(fields));
        }

        fn enter(&self, _: &Id) {}

        fn exit(&self, _: &Id) {}
    }

    /// A subscriber without interest in any event.
    struct Silent;

    impl Subscriber for Silent {
        fn enabled(&self, _: &Metadata<'_>) -> bool {
            false
        }

        fn max_level_hint(&self) -> Option<LevelFilter> {
            Some(LevelFilter::OFF)
        }

        fn new_span(&self, _: &Attributes<'_>) -> Id {
            unreachable!("no span is enabled")
        }

        fn record(&self, _: &Id, _: &Record<'_>) {}

        fn record_follows_from(&self, _: &Id, _: &Id) {}

        fn event(&self, _: &Event<'_>) {}

        fn enter(&self, _: &Id) {}

        fn exit(&self, _: &Id) {}
    }

    /// A second subscriber, for the runtime of the program. With a single one, `tracing` asks the subscriber of the
    /// thread that first reaches an event for its interest, and caches the result for all threads. Here, that may be
    /// the thread of another test. With two, it asks both.
    static SECOND: LazyLock<Dispatch> = LazyLock::new(|| Dispatch::new(Silent));

    async fn notes_of(call: impl AsyncFnOnce()) -> String {
        LazyLock::force(&SECOND);
        let notes = Notes::default();
        let guard = tracing::subscriber::set_default(notes.clone());
        call().await;
        drop(guard);
        let text = notes.0.lock().unwrap();
        text.clone()
    }

    #[tokio::test]
    async fn a_call_is_a_span_and_its_requests_are_events() {
        let recorder = Recorder::answering(&["503 Service Unavailable", "404 Not Found\nX-Request-Id: r1"]);
        let client = builder(&recorder.url).retries(at_once()).build().unwrap();
        let notes = notes_of(async || {
            get(&client).await.unwrap_err();
        })
        .await;
        let expected = [
            "INFO span call otel.kind=\"client\" operation=\"getThing\" http.request.method=\"GET\" url.template=\"/things/{id}\" \
             server.address=\"127.0.0.1\"",
            "record otel.name=\"GET /things/{id}\"",
            "DEBUG message=sending http.request.method=\"GET\" http.request.resend_count=0 attempt=1",
            "DEBUG message=received http.response.status_code=503 http.request.resend_count=0 attempt=1",
            "WARN message=retrying attempt=1 pause=0.0",
            "DEBUG message=sending http.request.method=\"GET\" http.request.resend_count=1 attempt=2",
            "DEBUG message=received http.response.status_code=404 http.request.resend_count=1 attempt=2 request_id=\"r1\"",
            "record http.response.status_code=404",
            "record error.type=\"404\"",
        ];
        assert_eq!(notes.lines().collect::<Vec<_>>(), expected);
    }

    #[tokio::test]
    async fn failures_have_a_kind() {
        let unreachable = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let client = builder(&format!("http://{unreachable}")).build().unwrap();
        let notes = notes_of(async || {
            get(&client).await.unwrap_err();
        })
        .await;
        assert!(
            notes.contains("WARN message=failed http.request.resend_count=0 error.type=\"connect\" attempt=1"),
            "{notes}"
        );
        assert!(notes.ends_with("record error.type=\"connect\"\n"), "{notes}");
    }

    #[tokio::test]
    async fn no_span_has_a_secret() {
        let notes = notes_of(async || {
            call_with_secrets(|builder| builder.build().unwrap()).await;
        })
        .await;
        assert_eq!(notes.matches("span").count(), 3);
        assert!(!notes.contains("s3cr3t"), "{notes}");
    }
}
