//! The memory that hostile servers and large bodies need. A separate program, because the operating system measures
//! whole processes.

#![cfg(test)]
#![cfg(target_os = "linux")]

#[path = "http/support.rs"]
mod support;

use std::io::{Read, Write};

use clientwright_runtime::codegen::{Operation, decode};
use clientwright_runtime::{Body, Call, Client, JsonValue};
use support::{builder, endless, hostile};

const GET: Operation = Operation::get("getThing", "/things/1");
const PUT: Operation = Operation::put("putThing", "/");
const LENGTH: usize = 100 << 20;
const GIB: u64 = 1 << 30;

/// The peak memory of this program since the last [`reset`], in KiB.
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Resets the measurement (proc(5), `clear_refs`).
fn reset() {
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
}

/// A server with a JSON body of 100 MiB and its length, or with an endless body.
fn large(status: &'static str, is_announced: bool) -> String {
    hostile(move |_, _, stream| {
        if !is_announced {
            endless(stream, status, r#"{"message": "large", "text": ""#);
            return;
        }
        let begin = r#"{"message": "large", "list": ["#;
        let length = begin.len() + LENGTH;
        let _ = write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {length}\r\n\r\n{begin}");
        let piece = r#"{"a":1},"#.repeat(1024);
        for _ in 0..LENGTH / piece.len() {
            if stream.write_all(piece.as_bytes()).is_err() {
                return;
            }
        }
    })
}

/// The memory of a call, in KiB.
async fn cost<E: std::fmt::Debug>(url: &str, failure: decode::Decoder<E>) -> usize {
    let client = builder(url).build().unwrap();
    let call = |client: &Client| -> Call<(), E> { Call::new(client.request(&GET), decode::empty, failure) };
    reset();
    let before = peak();
    let error = call(&client).await.unwrap_err();
    assert!(error.is_too_large() || error.message() == Some("large"), "{error:?}");
    peak().saturating_sub(before)
}

/// A server with an endless body, four bytes of which are 128 KiB: blocks of one repeated byte (RFC 8878 §3.1.1.2).
#[cfg(feature = "zstd")]
fn bomb() -> String {
    hostile(|_, _, stream| {
        let _ = write!(stream, "HTTP/1.1 200 OK\r\nContent-Encoding: zstd\r\nConnection: close\r\n\r\n");
        let _ = stream.write_all(&[0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x38]);
        let blocks = [0x02, 0x00, 0x10, b'a'].repeat(1024);
        while stream.write_all(&blocks).is_ok() {}
    })
}

/// A single test, so that no other test runs concurrently.
#[tokio::test]
#[ignore = "second tier: cargo test --workspace --tests -- --include-ignored"]
async fn memory_does_not_grow_with_what_is_sent() {
    answers().await;
    streams().await;
}

/// Request and response bodies of 1 GiB.
async fn streams() {
    let url = hostile(|_, head, stream| {
        let length = GIB.to_string();
        let is_whole = head.to_ascii_lowercase().contains(&format!("content-length: {length}\r\n"));
        let received = std::io::copy(&mut Read::by_ref(stream).take(GIB), &mut std::io::sink());
        if is_whole && received.is_ok_and(|received| received == GIB) {
            let _ = write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n");
            let _ = std::io::copy(&mut std::io::repeat(b'x').take(GIB), stream);
        }
    });
    let path = std::env::temp_dir().join(format!("clientwright-{}-gibibyte", std::process::id()));
    let file = std::fs::File::create(&path).unwrap();
    // The file has no blocks on the disk.
    file.set_len(GIB).unwrap();
    let body = Body::open(&path).unwrap();
    let client = builder(&url).build().unwrap();
    reset();
    let before = peak();
    let request = client.request(&PUT).bytes("application/octet-stream", body);
    let answer = request.stream().await;
    std::fs::remove_file(&path).unwrap();
    let received = tokio::io::copy(&mut answer.unwrap().into_inner(), &mut tokio::io::sink()).await.unwrap();
    assert_eq!(received, GIB);
    let found = peak().saturating_sub(before);
    assert!(found < 8 * 1024, "1 GiB both ways cost {found} KiB");
}

async fn answers() {
    // One-time initialization is not part of any cost.
    cost(&large("500 Internal Server Error", false), decode::empty).await;
    let mib = 1024;
    for announced in [true, false] {
        let url = large("500 Internal Server Error", announced);
        let found = cost(&url, decode::empty).await;
        assert!(found < 4 * mib, "a failure without a documented body cost {found} KiB");
        let found = cost(&url, decode::json::<JsonValue>).await;
        // Without a length, it is read up to the limit of 32 MiB.
        let limit = if announced { 4 * mib } else { 48 * mib };
        assert!(found < limit, "a failure with a documented body cost {found} KiB, announced: {announced}");
        let found = cost(&large("200 OK", announced), decode::empty).await;
        assert!(found < limit, "a success cost {found} KiB, announced: {announced}");
    }
    #[cfg(feature = "zstd")]
    {
        let found = cost(&bomb(), decode::empty).await;
        assert!(found < 48 * mib, "a compressed success without end cost {found} KiB");
    }
}
