//! Bodies that are not in memory: the sent content, and the outcome if they are not replayable.

use std::io::{Cursor, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::support::{Recorder, builder, hostile};
use clientwright_runtime::codegen::{Operation, sent_object};
use clientwright_runtime::{Body, CallOptions, Client, Credential, File, Request, RetryPolicy};

const PUT: Operation = Operation::put("putThing", "/thing").security(&[&["digest"]]);

#[derive(Clone)]
struct Form {
    text: String,
    first: File,
    second: File,
}
sent_object!(Form {
    "text" => text,
    "first" => first,
    "second" => second,
});

/// A file with this content, for the duration of the test.
struct Temporary(PathBuf);

impl Temporary {
    fn new(name: &str, content: &str) -> Self {
        let path = std::env::temp_dir().join(format!("clientwright-{}-{name}", std::process::id()));
        std::fs::write(&path, content).unwrap();
        Self(path)
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn put(client: &Client, body: impl Into<Body>) -> Request {
    client.request(&PUT).bytes("text/plain", body)
}

fn reader(text: &str) -> Body {
    Body::reader(Cursor::new(text.to_owned().into_bytes()), text.len() as u64)
}

fn retrying(url: &str) -> Client {
    let quick = RetryPolicy::new().with_backoff(Duration::from_millis(1), Duration::from_millis(1));
    Client::builder(url).retries(quick).build().unwrap()
}

#[tokio::test]
async fn a_file_and_a_reader_arrive_with_their_length() {
    let long = "0123456789".repeat(30_000);
    for text in ["", "short", &long] {
        let file = Temporary::new("whole", text);
        for body in [Body::open(file.path()).unwrap(), reader(text), Body::from(text), text.to_owned().into()] {
            let recorder = Recorder::start();
            assert_eq!(body.length(), Some(text.len() as u64));
            put(&recorder.client(&[]), body).send().await.unwrap();
            let sent = recorder.only();
            assert_eq!(sent.header("content-length"), Some(text.len().to_string().as_str()));
            assert!(sent.header("transfer-encoding").is_none() && sent.body == text);
        }
    }
}

#[tokio::test]
async fn parts_of_all_kinds_make_one_body() {
    let file = Temporary::new("part.txt", "of the disk");
    let second = File::new(reader("of a reader")).name("r.bin").content_type("image/png");
    let form = Form { text: "t".to_owned(), first: File::open(file.path()).unwrap(), second };
    let recorder = Recorder::start();
    recorder.client(&[]).request(&PUT).multipart(&form).send().await.unwrap();
    let sent = recorder.only();
    let boundary = sent.header("content-type").unwrap().split_once("boundary=").unwrap().1.to_owned();
    let name = file.path().file_name().unwrap().to_str().unwrap();
    let head = |name: &str| format!("--B\r\nContent-Disposition: form-data; name=\"{name}\"");
    let expected = [
        format!("{}\r\n\r\nt\r\n", head("text")),
        format!(
            "{}; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\nof the disk\r\n",
            head("first")
        ),
        format!("{}; filename=\"r.bin\"\r\nContent-Type: image/png\r\n\r\nof a reader\r\n", head("second")),
        "--B--\r\n".to_owned(),
    ];
    assert_eq!(sent.body.replace(&boundary, "B"), expected.concat());
    assert_eq!(sent.header("content-length"), Some(sent.body.len().to_string().as_str()));
}

#[tokio::test]
async fn a_file_is_sent_again_and_a_reader_is_not() {
    let answers = ["503 x", "503 x", "204 x"];
    let file = Temporary::new("again", "content");
    let recorder = Recorder::answering(&answers);
    assert!(put(&retrying(&recorder.url), Body::open(file.path()).unwrap()).send().await.is_ok());
    assert!(recorder.sent().iter().all(|sent| sent.body == "content") && recorder.sent().len() == 3);

    let recorder = Recorder::answering(&answers);
    let error = put(&retrying(&recorder.url), reader("content")).send().await.unwrap_err();
    assert_eq!((error.attempts(), recorder.sent().len()), (1, 1), "{error:?}");
    // The reader has not been read.
    let unread = put(&retrying("http://127.0.0.1:1"), reader("content"));
    assert_eq!(unread.send().await.unwrap_err().attempts(), 3);
}

#[tokio::test]
async fn a_reader_is_sent_once_and_says_so() {
    let challenge = "401 x\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"";
    let digest = Credential::digest("digest", "u".to_owned(), "p".to_owned());
    for (answer, status) in [(challenge, 401), ("307 x\nLocation: /other", 307)] {
        let recorder = Recorder::answering(&[answer, "204 x"]);
        let error = put(&recorder.client(std::slice::from_ref(&digest)), reader("content")).send().await.unwrap_err();
        assert_eq!((error.status().map(|status| status.as_u16()), recorder.sent().len()), (Some(status), 1));
        assert!(
            error.to_string().ends_with("(not retried: its body is a reader, which can be read only once)"),
            "{error}"
        );
    }
    let recorder = Recorder::start();
    let request = put(&recorder.client(&[]), reader("content"));
    assert!(request.clone().send().await.is_ok());
    let error = request.send().await.unwrap_err();
    assert!(error.is_request() && recorder.sent().len() == 1);
    assert_eq!(error.to_string(), "putThing: the body is a reader that has already been read");
}

#[tokio::test]
async fn a_reader_without_length_is_sent_in_chunks() {
    for text in ["", "short", &"0123456789".repeat(30_000)] {
        let body = Body::reader_without_length(Cursor::new(text.to_owned().into_bytes()));
        assert_eq!((body.length(), format!("{body:?}")), (None, "Body(unknown length)".to_owned()));
        let recorder = Recorder::start();
        put(&recorder.client(&[]), body).send().await.unwrap();
        let sent = recorder.only();
        assert_eq!((sent.header("transfer-encoding"), sent.header("content-length")), (Some("chunked"), None));
        assert_eq!(sent.body, text);
    }
}

#[tokio::test]
async fn progress_is_reported_for_each_attempt() {
    let text = "0123456789".repeat(30_000);
    let length = text.len() as u64;
    let file = Temporary::new("progress", &text);
    let form = Form { text: "t".to_owned(), first: File::open(file.path()).unwrap(), second: File::from("x") };
    let recorder = Recorder::answering(&["503 x", "204 x"]);
    let client = retrying(&recorder.url);
    let bodies = [
        (put(&client, Body::open(file.path()).unwrap()), Some(length), 2),
        (client.request(&PUT).multipart(&form), None, 1),
        (put(&client, "short"), Some(5), 1),
        (put(&client, Body::reader_without_length(Cursor::new(text.clone()))), None, 1),
    ];
    for (request, expected, attempts) in bodies {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let listener = {
            let seen = seen.clone();
            move |sent, total| seen.lock().unwrap().push((sent, total))
        };
        request.options(CallOptions::new().with_upload_progress(listener)).send().await.unwrap();
        let seen = seen.lock().unwrap();
        let ends = seen.windows(2).filter(|pair| pair[1].0 <= pair[0].0).count() + 1;
        let (last, total) = *seen.last().unwrap();
        assert_eq!(ends, attempts, "{seen:?}");
        assert!(expected.is_none_or(|length| (last, total) == (length, expected)) && last >= 5, "{seen:?}");
    }
}

#[tokio::test]
async fn a_length_that_lies_is_an_error() {
    let url = hostile(|_, _, stream| {
        let _ = stream.read_to_end(&mut Vec::new());
        let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n");
    });
    let client = builder(&url).build().unwrap();
    let less = Body::reader(Cursor::new(b"content".to_vec()), 8);
    let more = Body::reader(Cursor::new(b"content and more".to_vec()), 7);
    let file = Temporary::new("shrunk", "content");
    let shrunk = Body::open(file.path()).unwrap();
    std::fs::write(file.path(), "").unwrap();
    let gone = Temporary::new("gone", "content");
    let missing = Body::open(gone.path()).unwrap();
    drop(gone);
    let touched = Temporary::new("touched", "content");
    let changed = Body::open(touched.path()).unwrap();
    std::fs::File::open(touched.path()).unwrap().set_modified(std::time::UNIX_EPOCH).unwrap();
    for (body, reason) in [
        (less, "it is shorter than its announced length"),
        (more, "it is longer than its announced length"),
        (shrunk, "its file has changed"),
        (changed, "its file has changed"),
        (missing, "No such file or directory (os error 2)"),
    ] {
        let error = put(&client, body).send().await.unwrap_err();
        assert!(error.is_request(), "{error:?}");
        assert_eq!(error.to_string(), format!("putThing: the body cannot be sent: {reason}"));
    }
}

#[tokio::test]
async fn a_slow_upload_is_no_silence() {
    struct Slow(tokio::time::Interval, u8);

    impl tokio::io::AsyncRead for Slow {
        fn poll_read(
            mut self: std::pin::Pin<&mut Self>,
            context: &mut std::task::Context<'_>,
            buffer: &mut tokio::io::ReadBuf<'_>,
        ) -> std::task::Poll<std::io::Result<()>> {
            std::task::ready!(self.0.poll_tick(context));
            self.1 += 1;
            buffer.put_slice(b"x");
            std::task::Poll::Ready(Ok(()))
        }
    }

    let recorder = Recorder::start();
    let client = builder(&recorder.url).idle_timeout(Duration::from_millis(500)).build().unwrap();
    let slow = Slow(tokio::time::interval(Duration::from_millis(150)), 0);
    let slow = Body::reader(tokio::io::AsyncReadExt::take(slow, 6), 6);
    assert!(put(&client, slow).send().await.is_ok());
    assert_eq!(recorder.only().body, "xxxxxx");
    let stuck = Body::reader(Slow(tokio::time::interval(Duration::from_secs(60)), 0), 6);
    assert!(put(&client, stuck).send().await.unwrap_err().is_timeout());
}

#[test]
fn what_is_no_file_is_refused_and_nothing_is_shown() {
    assert_eq!(Body::open("/nowhere/at all").unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(File::open(std::env::temp_dir()).unwrap_err().kind(), ErrorKind::InvalidInput);
    let file = Temporary::new("secret-name", "secret");
    let body = Body::open(file.path()).unwrap();
    assert_eq!(format!("{body:?} {:?}", File::from(body.clone())), "Body(6 bytes) File(6 bytes)");
    assert_eq!(body, Body::open(file.path()).unwrap());
    assert_ne!(body, Body::from("secret"));
    let reader = reader("secret");
    assert!(reader == reader.clone() && reader != self::reader("secret"));
}
