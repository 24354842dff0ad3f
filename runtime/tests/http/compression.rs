//! Compressed responses.

use std::io::Write;
use std::net::TcpStream;
use std::sync::{Arc, Mutex};

use crate::support::{builder, hostile};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use clientwright_runtime::codegen::{Operation, decode};
use clientwright_runtime::{Call, CallOptions, Client, Error};
use http::Method;

const GET: Operation = Operation::get("getThing", "/things/1").accept("application/json");
/// The length of the string that all compressed bodies hold, as JSON.
const LENGTH: usize = 262_144;

/// A coding, the feature that decodes it, whether it is enabled, and a body.
type Coding = (&'static str, &'static str, bool, Vec<u8>);

fn codings() -> [Coding; 4] {
    [
        ("gzip", "gzip", cfg!(feature = "gzip"), gzip()),
        ("deflate", "deflate", cfg!(feature = "deflate"), deflate()),
        ("br", "brotli", cfg!(feature = "brotli"), STANDARD.decode("WwEAhF9KJKwUuSwQmHs/IA==").unwrap()),
        ("zstd", "zstd", cfg!(feature = "zstd"), zstd()),
    ]
}

/// A text in base64, whose middle is a run of the letter A.
fn unpacked(begin: &str, run: usize, end: &str) -> Vec<u8> {
    STANDARD.decode(format!("{begin}{}{end}", "A".repeat(run))).unwrap()
}

/// RFC 1952.
fn gzip() -> Vec<u8> {
    unpacked("H4sIAAAAAAACA+3BsQAAAAACMJfM8pfoj2FbCg", 336, "BwMgDoWMICAAQA")
}

/// RFC 1950.
fn deflate() -> Vec<u8> {
    unpacked("eNrtwbEAAAAAAjCXzPKX6I9hWwo", 337, "cDLU3BcB")
}

/// RFC 8878 §3.1.1: a frame with a window of 128 KiB; quotation marks in raw blocks, and all between in blocks of one repeated byte.
fn zstd() -> Vec<u8> {
    let mut frame = vec![0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x38];
    let mut block = |is_last: u32, kind: u32, size: u32, byte: u8| {
        frame.extend_from_slice(&(size << 3 | kind << 1 | is_last).to_le_bytes()[..3]);
        frame.push(byte);
    };
    block(0, 0, 1, b'"');
    block(0, 1, 131_072, b'a');
    block(0, 1, 131_072, b'a');
    block(1, 0, 1, b'"');
    frame
}

/// Answers with a body in a coding.
fn answer(stream: &mut TcpStream, status: &str, coding: &str, body: &[u8]) {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Encoding: {coding}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    // The client may have disconnected.
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
}

/// A client of a server that answers with a body in a coding.
fn client(status: &'static str, coding: &'static str, body: Vec<u8>) -> Client {
    let url = hostile(move |_, _, stream| answer(stream, status, coding, &body));
    builder(&url).build().unwrap()
}

fn text(client: &Client) -> Call<String> {
    Call::new(client.request(&GET), decode::json, decode::empty)
}

#[tokio::test]
async fn each_feature_announces_its_coding_and_decodes_it() {
    for (coding, feature, is_on, body) in codings() {
        let heads = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&heads);
        let url = hostile(move |_, head, stream| {
            seen.lock().unwrap().push(head.to_ascii_lowercase());
            answer(stream, "200 OK", coding, &body);
        });
        let result = text(&builder(&url).build().unwrap()).await;
        let head = heads.lock().unwrap().pop().unwrap();
        let asked = head.lines().find(|line| line.starts_with("accept-encoding:")).unwrap_or_default();
        let is_announced = asked.split([':', ',']).any(|name| name.trim() == coding);
        assert_eq!(is_announced, is_on, "{asked}");
        if is_on {
            let response = result.unwrap();
            assert_eq!(response.len(), LENGTH);
            assert_eq!(response.header::<String>("content-encoding"), None);
        } else {
            let error = result.unwrap_err();
            assert!(error.is_decode(), "{error:?}");
            let told =
                format!("with `{coding}`, which requires the feature `{feature}` of the crate `clientwright-runtime`");
            assert!(error.to_string().ends_with(&told), "{error}");
        }
    }
}

/// The `reqwest` of the tests has gzip and deflate, as another crate of a program may enable.
#[tokio::test]
async fn what_another_crate_switches_on_announces_nothing_here() {
    let recorder = crate::support::Recorder::start();
    reqwest::get(&recorder.url).await.unwrap();
    recorder.client(&[]).request_raw(Method::GET, "/").send().await.unwrap();
    let sent = recorder.sent();
    assert!(sent[0].header("accept-encoding").unwrap().contains("gzip"));
    let ours = sent[1].header("accept-encoding").unwrap_or_default();
    assert_eq!(ours.contains("gzip"), cfg!(feature = "gzip"));
    assert_eq!(ours.contains("deflate"), cfg!(feature = "deflate"));
}

/// The length of a HEAD response and the bytes of a range are those of the content.
#[tokio::test]
async fn heads_and_ranges_announce_no_coding() {
    let recorder = crate::support::Recorder::start();
    let client = recorder.client(&[]);
    let range = |request: clientwright_runtime::Request| request.header("Range", &"bytes=0-9");
    client.request_raw(Method::HEAD, "/").send().await.unwrap();
    range(client.request_raw(Method::GET, "/")).send().await.unwrap();
    range(client.request_raw(Method::GET, "/")).header("Accept-Encoding", &"gzip").send().await.unwrap();
    let codings: Vec<_> =
        recorder.sent().iter().map(|sent| sent.header("accept-encoding").map(str::to_owned)).collect();
    let none = codings_are_on().then(|| "identity".to_owned());
    assert_eq!(codings, [none.clone(), none, Some("gzip".to_owned())]);
}

fn codings_are_on() -> bool {
    codings().iter().any(|(_, _, is_on, _)| *is_on)
}

/// Some servers send the name of a charset or of a transfer coding.
#[tokio::test]
async fn what_is_no_coding_does_not_matter() {
    for coding in ["utf-8", "none", "aws-chunked", "application/json", "amz-1.0", "en", "compress"] {
        assert_eq!(*text(&client("200 OK", coding, b"\"plain\"".to_vec())).await.unwrap(), "plain", "{coding}");
    }
}

#[tokio::test]
async fn the_limit_counts_after_decompression() {
    for (coding, _, _, body) in codings().into_iter().filter(|(_, _, is_on, _)| *is_on) {
        assert!(body.len() < 1000);
        let client = client("200 OK", coding, body);
        let limit = |bytes| CallOptions::new().with_body_limit(Some(bytes));
        let error = text(&client).with_options(limit(LENGTH)).await.unwrap_err();
        assert!(error.is_too_large(), "{coding}: {error:?}");
        assert_eq!(text(&client).with_options(limit(LENGTH + 2)).await.unwrap().len(), LENGTH, "{coding}");
    }
}

#[tokio::test]
async fn any_body_that_is_read_is_decoded_or_an_error() {
    let client = client("200 OK", "compress", b"\x1f\x9d\x90".to_vec());
    let bytes: Error = Call::<Bytes>::new(client.request(&GET), decode::bytes, decode::empty).await.unwrap_err();
    assert!(bytes.to_string().ends_with("compressed with `compress`, which this client cannot decode"), "{bytes}");
    assert_eq!(bytes.raw_body().unwrap().as_ref(), b"\x1f\x9d\x90");
    let text: Error = Call::<String>::new(client.request(&GET), decode::text, decode::empty).await.unwrap_err();
    assert!(text.to_string().contains("`compress`"), "{text}");
    assert!(client.request_raw(Method::GET, "/").send().await.unwrap_err().is_decode());
    let stream = Call::<()>::new(client.request(&GET), decode::empty, decode::empty).stream().await;
    assert!(stream.unwrap_err().is_decode());
    // The body is not read, so it need not be decoded.
    Call::<()>::new(client.request(&GET), decode::empty, decode::empty).await.unwrap();
}

#[tokio::test]
async fn who_asks_for_a_coding_gets_it() {
    let client = client("200 OK", "compress", b"\x1f\x9d\x90".to_vec());
    let call = Call::<Bytes>::new(client.request(&GET), decode::bytes, decode::empty);
    let response = call.with_header("Accept-Encoding", "compress").await.unwrap();
    assert_eq!(response.body().as_ref(), b"\x1f\x9d\x90");
    assert_eq!(response.header::<String>("content-encoding").as_deref(), Some("compress"));
}

#[tokio::test]
async fn failures_are_decoded_too() {
    for (coding, _, is_on, body) in codings() {
        let error = text(&client("400 Bad Request", coding, body)).await.unwrap_err();
        assert_eq!(error.status().unwrap(), 400);
        assert_eq!(error.message().is_some_and(|message| message.contains("aaaa")), is_on, "{coding}: {error:?}");
        assert_eq!(error.to_string().contains(&format!("compressed with `{coding}`")), !is_on, "{error}");
    }
}

/// The content of a body as text.
async fn content(client: &Client) -> Result<String, Error> {
    let call = Call::<String>::new(client.request(&GET), decode::text, decode::empty);
    call.await.map(clientwright_runtime::Response::into_inner)
}

#[tokio::test]
async fn what_is_said_to_be_compressed_may_be_empty() {
    for (coding, ..) in codings() {
        let coded = format!("Content-Encoding: {coding}\r\nConnection: close\r\n");
        let heads = [
            format!("HTTP/1.1 200 OK\r\n{coded}Content-Length: 0\r\n\r\n"),
            format!("HTTP/1.1 200 OK\r\n{coded}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
            format!("HTTP/1.1 200 OK\r\n{coded}\r\n"),
            format!("HTTP/1.1 204 No Content\r\n{coded}\r\n"),
        ];
        for head in heads {
            let url = hostile(move |_, _, stream| {
                let _ = stream.write_all(head.as_bytes());
            });
            let client = builder(&url).build().unwrap();
            assert_eq!(content(&client).await.unwrap(), "", "{coding}");
            assert!(client.request_raw(Method::GET, "/").send().await.unwrap().is_empty());
        }
        // The response has the headers of a GET.
        let client = client("200 OK", coding, gzip());
        let response = client.request_raw(Method::HEAD, "/").send().await.unwrap();
        assert_eq!(response.header::<String>("content-encoding").as_deref(), Some(coding));
        assert_eq!(response.header::<usize>("content-length"), Some(gzip().len()));
        let error = self::client("304 Not Modified", coding, Vec::new()).request_raw(Method::GET, "/").send().await;
        assert_eq!(error.unwrap_err().to_string(), "GET /: 304 Not Modified");
    }
}

#[cfg(feature = "gzip")]
#[tokio::test]
async fn a_body_of_several_members_is_whole() {
    let both = [gzip(), gzip()].concat();
    assert_eq!(content(&client("200 OK", "gzip", both.clone())).await.unwrap().len(), 2 * (LENGTH + 2));
    // Regardless of the pieces.
    for size in [1, gzip().len(), gzip().len() + 1] {
        let both = both.clone();
        let url = hostile(move |_, _, stream| {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n");
            for piece in both.chunks(size) {
                let _ = stream.write_all(piece);
                std::thread::sleep(std::time::Duration::from_micros(100));
            }
        });
        assert_eq!(content(&builder(&url).build().unwrap()).await.unwrap().len(), 2 * (LENGTH + 2), "{size}");
    }
}

/// `reqwest` alone would read only the first member, without an error.
#[cfg(all(feature = "gzip", feature = "reqwest-013"))]
#[tokio::test]
async fn whatever_the_transport_says_bodies_are_decoded_here() {
    let url = hostile(|_, _, stream| answer(stream, "200 OK", "gzip", &[gzip(), gzip()].concat()));
    for change in [reqwest::ClientBuilder::no_gzip, |builder: reqwest::ClientBuilder| builder.gzip(true)] {
        let client = builder(&url).transport(change).build().unwrap();
        assert_eq!(content(&client).await.unwrap().len(), 2 * (LENGTH + 2));
    }
}

#[tokio::test]
async fn what_follows_the_end_is_no_secret() {
    for (coding, _, _, body) in codings().into_iter().filter(|(_, _, is_on, _)| *is_on) {
        for rest in [&b"garbage"[..], &body[..body.len() - 1]] {
            let error = content(&client("200 OK", coding, [&body, rest].concat())).await.unwrap_err();
            assert!(matches!(error, Error::Transport(_)), "{coding}: {error:?}");
        }
    }
}

#[tokio::test]
async fn a_coding_has_several_names_and_forms() {
    let raw = deflate()[2..deflate().len() - 4].to_vec();
    let mut bodies = vec![("GZIP", gzip()), ("x-gzip", gzip()), ("deflate", raw), ("identity", b"\"plain\"".to_vec())];
    bodies.extend([("Deflate", deflate()), ("identity, gzip", gzip()), ("gzip\r\nContent-Encoding: identity", gzip())]);
    for (coding, body) in bodies {
        let is_on = match coding.to_ascii_lowercase() {
            name if name.contains("gzip") => cfg!(feature = "gzip"),
            name if name == "deflate" => cfg!(feature = "deflate"),
            _ => true,
        };
        assert_eq!(text(&client("200 OK", coding, body)).await.is_ok(), is_on, "{coding}");
    }
    let twice = STANDARD.decode("H4sIAAAAAAACA5Pv5mAAASbmYC3N8z5+oUwMptOj7rMDhQAryW+sGwAAAA==").unwrap();
    let result = text(&client("200 OK", "gzip, gzip", twice)).await;
    if cfg!(feature = "gzip") {
        assert_eq!(result.unwrap().into_inner(), "twice");
    } else {
        assert!(
            result.unwrap_err().to_string().contains("compressed with `gzip, gzip`, which requires the feature `gzip`")
        );
    }
}

/// RFC 9659 §3: servers must not ask for more memory than that.
#[cfg(feature = "zstd")]
#[tokio::test]
async fn a_window_has_a_limit() {
    for (window, is_read) in [(0x68, true), (0x70, false)] {
        let mut frame = zstd();
        frame[5] = window;
        assert_eq!(content(&client("200 OK", "zstd", frame)).await.is_ok(), is_read, "{window}");
    }
}

#[tokio::test]
async fn what_cannot_be_decompressed_is_an_error() {
    for (coding, _, is_on, body) in codings() {
        for broken in [body[..body.len() / 2].to_vec(), b"\"plain\"".to_vec()] {
            let error = text(&client("200 OK", coding, broken)).await.unwrap_err();
            assert_eq!(matches!(error, Error::Transport(_)), is_on, "{coding}: {error:?}");
            assert_eq!(error.status().unwrap(), 200);
        }
    }
}
