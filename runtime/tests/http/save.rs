//! Downloads to files: interrupted, resumed, changed and refused ones.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::support::{Recorder, hostile};
use clientwright_runtime::codegen::{Operation, decode};
use clientwright_runtime::{ByteStream, Call, Client, RetryPolicy, SaveError};

const GET: Operation = Operation::get("getFile", "/file");
const POST: Operation = Operation::post("makeFile", "/file");
const ETAG: &str = "ETag: \"v1\"\n";

/// A folder of its own for each test, and the file in it.
fn file(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("save").join(test);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder.join("file")
}

/// The names and contents of all files in the folder of a file.
fn files(file: &Path) -> Vec<(String, String)> {
    let entries = fs::read_dir(file.parent().unwrap()).unwrap().map(Result::unwrap);
    entries.map(|entry| (entry.file_name().into_string().unwrap(), fs::read_to_string(entry.path()).unwrap())).collect()
}

/// Responds to each request with the next head and body, the last one repeatedly. Lines of heads end with `\n`. Returns
/// the URL and the received ranges.
fn answering(answers: &[(&str, &str)]) -> (String, Arc<Mutex<Vec<String>>>) {
    let ranges = Arc::new(Mutex::new(Vec::new()));
    let (seen, answers) = (Arc::clone(&ranges), answers.iter().map(|(head, body)| format!("{head}\n{body}")).collect());
    let answers: Vec<String> = answers;
    let url = hostile(move |number, head, stream: &mut TcpStream| {
        let lines = head.lines().filter(|line| line.to_lowercase().contains("range: "));
        seen.lock().unwrap().push(lines.map(str::to_lowercase).collect::<Vec<_>>().join(", "));
        let (head, body) = answers.get(number).or(answers.last()).unwrap().split_once("\n\n").unwrap();
        let head = head.replace('\n', "\r\n");
        let _ = write!(stream, "HTTP/1.1 {head}\r\nConnection: close\r\n\r\n{body}");
    });
    (url, ranges)
}

fn client(url: &str) -> Client {
    let retries = RetryPolicy::new().with_backoff(Duration::ZERO, Duration::ZERO);
    Client::builder(url).retries(retries).build().unwrap()
}

fn call(url: &str) -> Call<ByteStream, String> {
    Call::<(), _>::new(client(url).request(&GET), decode::empty, decode::text).stream()
}

/// What is saved with these responses, and the ranges that were requested. Afterwards, there is no other file.
async fn saved(test: &str, answers: &[(&str, &str)]) -> (Result<u64, SaveError<String>>, String, Vec<String>) {
    let path = file(test);
    fs::write(&path, "old").unwrap();
    let (url, ranges) = answering(answers);
    let result = call(&url).save(&path).await.map(clientwright_runtime::Response::into_inner);
    let mut files = files(&path);
    assert_eq!(files.len(), 1, "{files:?}");
    let ranges = ranges.lock().unwrap().clone();
    (result, files.remove(0).1, ranges)
}

#[tokio::test]
async fn a_body_replaces_a_file() {
    let path = file("a_body_replaces_a_file");
    fs::write(&path, "old").unwrap();
    let server = Recorder::answering(&["200 OK\nX-Id: 7\n\nthe body"]);
    let response = call(&server.url).save(&path).await.unwrap();
    assert_eq!((*response.body(), response.header("x-id")), (8, Some(7)));
    assert_eq!(files(&path), [("file".to_owned(), "the body".to_owned())]);

    let empty = call(&Recorder::start().url).save(&path).await.unwrap();
    assert_eq!((empty.into_inner(), fs::read_to_string(&path).unwrap()), (0, String::new()));
}

#[tokio::test]
async fn an_accepted_request_replaces_no_file() {
    let (result, content, ranges) = saved("accepted", &[("202 Accepted\nContent-Length: 0\n", "")]).await;
    assert!(matches!(result, Err(SaveError::File { .. })), "{result:?}");
    assert_eq!((content.as_str(), ranges.len()), ("old", 1));
}

#[tokio::test]
async fn only_the_missing_bytes_are_requested() {
    let begin = format!("200 OK\n{ETAG}Content-Length: 10\n");
    let answers = [
        (begin.as_str(), "01234"),
        ("206 Partial Content\nContent-Range: bytes 5-9/10\nContent-Length: 5\n", "567"),
        ("206 Partial Content\nContent-Range: bytes 8-9/10\nETag: \"v1\"\n", "89"),
    ];
    let (result, content, ranges) = saved("only_the_missing_bytes_are_requested", &answers).await;
    assert_eq!((result.unwrap(), content.as_str()), (10, "0123456789"));
    assert_eq!(ranges, ["", "range: bytes=5-, if-range: \"v1\"", "range: bytes=8-, if-range: \"v1\""]);
}

#[tokio::test]
async fn a_date_is_a_validator_if_it_is_older_than_the_response() {
    let modified = "Last-Modified: Wed, 01 May 2024 12:00:00 GMT\nContent-Length: 4\n";
    let rest = ("206 Partial Content\nContent-Range: bytes 2-3/4\n", "23");
    for (date, range) in [("01", "range: bytes=2-, if-range: wed, 01 may 2024 12:00:00 gmt"), ("00", "")] {
        let begin = format!("200 OK\nDate: Wed, 01 May 2024 12:00:{date} GMT\n{modified}");
        let whole = ("200 OK\nContent-Length: 4\n", "0123");
        let answers = [(begin.as_str(), "01"), if range.is_empty() { whole } else { rest }];
        let (result, content, ranges) = saved(&format!("a_date_is_a_validator_{date}"), &answers).await;
        assert_eq!((result.unwrap(), content.as_str(), ranges[1].as_str()), (4, "0123", range));
    }
}

#[tokio::test]
async fn without_a_strong_validator_or_a_length_the_download_begins_again() {
    let heads = [
        "ETag: W/\"v1\"\nContent-Length: 10\n",
        "Content-Length: 10\n",
        &format!("{ETAG}Transfer-Encoding: chunked\n"),
    ];
    for (number, head) in heads.iter().enumerate() {
        let body = if head.contains("chunked") { "5\r\n01234\r\n" } else { "01234" };
        let answers = [(&*format!("200 OK\n{head}"), body), ("200 OK\nContent-Length: 3\n", "new")];
        let (result, content, ranges) = saved(&format!("without_a_strong_validator_{number}"), &answers).await;
        assert_eq!((result.unwrap(), content.as_str()), (3, "new"));
        assert_eq!(ranges, ["", ""]);
    }
}

#[tokio::test]
async fn a_changed_content_is_read_from_its_beginning() {
    let begin = format!("200 OK\n{ETAG}Content-Length: 10\n");
    let changed = "200 OK\nETag: \"v2\"\nContent-Length: 6\n";
    let rest = ("206 Partial Content\nContent-Range: bytes 3-5/6\nETag: \"v2\"\n", "def");
    let answers = [(begin.as_str(), "01234"), (changed, "abc"), rest];
    let (result, content, ranges) = saved("a_changed_content", &answers).await;
    assert_eq!((result.unwrap(), content.as_str()), (6, "abcdef"));
    assert_eq!(ranges, ["", "range: bytes=5-, if-range: \"v1\"", "range: bytes=3-, if-range: \"v2\""]);
}

#[tokio::test]
async fn a_wrong_rest_is_an_error_that_names_the_file() {
    let begin = format!("200 OK\n{ETAG}Content-Length: 10\n");
    let rests = [
        ("Content-Range: bytes 4-9/10\n", "456789"),
        ("Content-Range: bytes 5-9/11\n", "56789"),
        ("Content-Range: bytes 5-8/10\n", "5678"),
        ("Content-Range: bytes 5-9/10\nETag: \"v2\"\n", "56789"),
        // Fewer bytes than announced, without an interruption.
        ("Content-Range: bytes 5-9/10\nContent-Length: 2\n", "56"),
        ("Content-Type: multipart/byteranges\n", ""),
    ];
    for (number, (head, body)) in rests.into_iter().enumerate() {
        let head = format!("206 Partial Content\n{head}");
        let answers = [(begin.as_str(), "01234"), (head.as_str(), body)];
        let (result, content, _) = saved(&format!("a_wrong_rest_{number}"), &answers).await;
        let error = result.unwrap_err().to_string();
        let expected = "the server did not resume with the missing bytes of the same content";
        assert!(error.ends_with(&format!("a_wrong_rest_{number}/file: {expected}")), "{error}");
        assert_eq!(content, "old");
    }
}

#[tokio::test]
async fn a_refused_rest_is_an_error_of_the_call() {
    let begin = format!("200 OK\n{ETAG}Content-Length: 10\n");
    let refused = ("416 Range Not Satisfiable\nContent-Length: 2\n", "no");
    let (result, content, _) = saved("a_refused_rest", &[(begin.as_str(), "01234"), refused]).await;
    let Err(SaveError::Call(error)) = result else { panic!("{result:?}") };
    assert_eq!((error.documented().map(String::as_str), content.as_str()), (Some("no"), "old"));
}

#[tokio::test]
async fn interruptions_are_limited_by_the_retry_policy() {
    let begin = format!("200 OK\n{ETAG}Content-Length: 10\n");
    let answers = [
        (begin.as_str(), "01"),
        ("206 Partial Content\nContent-Range: bytes 2-9/10\nContent-Length: 8\n", "2"),
        ("206 Partial Content\nContent-Range: bytes 3-9/10\nContent-Length: 7\n", "3"),
    ];
    let (result, content, ranges) = saved("interruptions_are_limited", &answers).await;
    assert!(matches!(&result, Err(SaveError::Interrupted(error)) if error.status().is_some()), "{result:?}");
    assert_eq!((content.as_str(), ranges.len()), ("old", 3));
}

#[tokio::test]
async fn what_is_not_safe_is_sent_once() {
    let path = file("what_is_not_safe");
    let (url, ranges) = answering(&[(&*format!("200 OK\n{ETAG}Content-Length: 10\n"), "01234")]);
    let call: Call<()> = Call::new(client(&url).request(&POST), decode::empty, decode::empty);
    let error = call.stream().save(&path).await.unwrap_err();
    assert!(matches!(error, SaveError::Interrupted(_)), "{error:?}");
    assert_eq!((ranges.lock().unwrap().len(), files(&path).len()), (1, 0));
}

#[tokio::test]
async fn a_failure_or_a_missing_folder_leaves_no_file() {
    let path = file("a_failure");
    let server = Recorder::answering(&["404 Not Found\n\ngone"]);
    let error = call(&server.url).save(&path).await.unwrap_err();
    assert!(matches!(&error, SaveError::Call(error) if error.documented().is_some()), "{error:?}");
    assert!(files(&path).is_empty());

    let server = Recorder::start();
    let missing = path.with_file_name("missing").join("file");
    let error = call(&server.url).save(&missing).await.unwrap_err();
    assert!(error.to_string().starts_with(&format!("{}: ", missing.display())), "{error}");
    assert!(server.sent().is_empty());
}

#[tokio::test]
async fn the_time_limit_includes_all_requests() {
    let path = file("the_time_limit");
    let url = hostile(|_, _, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\nConnection: close\r\n\r\n0");
        std::thread::sleep(Duration::from_millis(20));
    });
    let retries = RetryPolicy::new().with_attempts(u32::MAX).with_backoff(Duration::ZERO, Duration::ZERO);
    let client = Client::builder(&url).retries(retries).build().unwrap();
    let call: Call<()> = Call::new(client.request(&GET), decode::empty, decode::empty);
    let begin = Instant::now();
    let error = call.with_timeout(Duration::from_millis(300)).stream().save(&path).await.unwrap_err();
    assert!((300..5000).contains(&begin.elapsed().as_millis()), "{error:?} after {:?}", begin.elapsed());
    assert!(files(&path).is_empty());
}

#[tokio::test]
async fn dropping_a_download_deletes_its_file() {
    let path = file("dropping_a_download");
    let url = hostile(|_, _, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0");
        let _ = stream.read(&mut [0; 1]);
    });
    let call = call(&url);
    let download = call.save(&path);
    assert!(tokio::time::timeout(Duration::from_millis(300), download).await.is_err());
    assert!(files(&path).is_empty());
}

/// As with a link that is signed for another host.
#[tokio::test]
async fn a_redirect_to_another_origin_is_resumed() {
    let begin = format!("200 OK\n{ETAG}Content-Length: 10\n");
    let rest = ("206 Partial Content\nContent-Range: bytes 5-9/10\n", "56789");
    let (url, ranges) = answering(&[(begin.as_str(), "01234"), rest]);
    let server = Recorder::answering(&[&format!("302 Found\nLocation: {url}/signed")]);
    let path = file("a_redirect");
    assert_eq!(call(&server.url).save(&path).await.unwrap().into_inner(), 10);
    assert_eq!(fs::read_to_string(&path).unwrap(), "0123456789");
    assert_eq!(*ranges.lock().unwrap(), ["", "range: bytes=5-, if-range: \"v1\""]);
}
