//! A server that records requests exactly as they arrive, so that tests can inspect bytes that a parsing server would
//! normalize.

#![allow(dead_code, reason = "every test file uses a part of it")]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use clientwright_runtime::codegen::Operation;
use clientwright_runtime::{Client, ClientBuilder, Credential, Request, RetryPolicy};

/// A request as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    /// Method, target and version.
    pub(crate) line: String,
    /// Names in lower case, unchanged values.
    pub(crate) headers: Vec<(String, String)>,
    /// The content.
    pub(crate) body: String,
}

impl Sent {
    /// The request target: path and query.
    pub(crate) fn target(&self) -> &str {
        self.line.split(' ').nth(1).unwrap()
    }

    /// The method.
    pub(crate) fn method(&self) -> &str {
        self.line.split(' ').next().unwrap()
    }

    /// All values of a header.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        self.headers.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str()).collect()
    }

    /// The single value of a header, if it exists; there must not be two.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let values = self.all(name);
        assert!(values.len() <= 1, "{name} sent {} times", values.len());
        values.first().copied()
    }
}

/// The server.
pub(crate) struct Recorder {
    /// Its base URL, without a slash at the end.
    pub(crate) url: String,
    sent: Arc<Mutex<Vec<Sent>>>,
}

impl Recorder {
    /// Answers every request with 204.
    pub(crate) fn start() -> Self {
        Self::answering(&["204 No Content"])
    }

    /// Returns the responses in order, the last one repeatedly. A response is its status line without the version,
    /// header lines, and, after an empty line, the body; lines end with `
    /// `. `{host}` stands for the host of the request.
    pub(crate) fn answering(answers: &[&str]) -> Self {
        let answers: Vec<String> = answers.iter().map(|answer| (*answer).to_owned()).collect();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let sent = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&sent);
        std::thread::spawn(move || {
            for (number, stream) in listener.incoming().enumerate() {
                let answer = answers.get(number).or(answers.last()).unwrap();
                // A connection that was closed before a request arrived does not matter.
                let _ = serve(stream.unwrap(), answer, &seen);
            }
        });
        Self { url, sent }
    }

    /// All requests that have arrived.
    pub(crate) fn sent(&self) -> Vec<Sent> {
        self.sent.lock().unwrap().clone()
    }

    /// The only request that has arrived.
    pub(crate) fn only(&self) -> Sent {
        let sent = self.sent();
        assert_eq!(sent.len(), 1, "{sent:#?}");
        sent.into_iter().next().unwrap()
    }

    /// A client of this server.
    pub(crate) fn client(&self, credentials: &[Credential]) -> Client {
        client(&self.url, credentials)
    }
}

/// An operation that a test makes: generated ones are constants.
pub(crate) fn leaked(operation: Operation) -> &'static Operation {
    Box::leak(Box::new(operation))
}

/// Starts a client of the server at `url` that sends each request once.
pub(crate) fn builder(url: &str) -> ClientBuilder {
    Client::builder(url).retries(RetryPolicy::never())
}

/// A client of the server at `url`.
pub(crate) fn client(url: &str, credentials: &[Credential]) -> Client {
    credentials.iter().cloned().fold(builder(url), ClientBuilder::auth).build().unwrap()
}

/// Sends a request to a fresh recorder and returns the request that arrived.
pub(crate) async fn record(build: impl FnOnce(Client) -> Request) -> Sent {
    let recorder = Recorder::start();
    build(recorder.client(&[])).send().await.unwrap();
    recorder.only()
}

/// Builds a request that must fail before anything is sent; returns the error's text.
pub(crate) async fn refused(build: impl FnOnce(Client) -> Request) -> String {
    let recorder = Recorder::start();
    let error = build(recorder.client(&[])).send().await.unwrap_err();
    assert!(error.is_request(), "{error:?}");
    assert!(recorder.sent().is_empty());
    error.to_string()
}

/// A hostile server: `answer` writes anything to each connection after the head of a request has arrived, and receives
/// the number of the connection and the head. Returns the server's base URL.
pub(crate) fn hostile(answer: impl Fn(usize, &str, &mut TcpStream) + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let answer = Arc::new(answer);
    std::thread::spawn(move || {
        for (number, stream) in listener.incoming().enumerate() {
            let (answer, mut stream) = (Arc::clone(&answer), stream.unwrap());
            std::thread::spawn(move || {
                if let Some(head) = head(&mut stream) {
                    answer(number, &head, &mut stream);
                }
            });
        }
    });
    url
}

/// Awaits a server while tokio's clock stands still, so that a slow machine does not exceed time limits. A paused clock
/// advances automatically, except while a blocking task runs.
pub(crate) async fn timeless<T>(future: impl IntoFuture<Output = T>) -> T {
    let (end, wait) = std::sync::mpsc::channel::<()>();
    drop(tokio::task::spawn_blocking(move || wait.recv()));
    tokio::time::pause();
    let output = future.await;
    tokio::time::resume();
    drop(end);
    output
}

/// Writes a head and then an endless body, in chunks (RFC 9112 §7.1), until the peer closes the connection. Returns the
/// number of bytes.
pub(crate) fn endless(stream: &mut TcpStream, head: &str, begin: &str) -> usize {
    let head = format!("HTTP/1.1 {}\r\nTransfer-Encoding: chunked\r\n\r\n", head.replace('\n', "\r\n"));
    let mut written = 0;
    let mut chunk = format!("{:x}\r\n{begin}\r\n", begin.len()).into_bytes();
    if begin.is_empty() || stream.write_all(head.as_bytes()).is_err() {
        return written;
    }
    while stream.write_all(&chunk).is_ok() {
        written += chunk.len();
        chunk = format!("4000\r\n{}\r\n", "x".repeat(0x4000)).into_bytes();
    }
    written
}

/// The head of a request.
fn head(stream: &mut TcpStream) -> Option<String> {
    until(stream, b"\r\n\r\n")
}

/// A body in the chunked transfer coding (RFC 9112 §7.1).
fn chunks(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let length = usize::from_str_radix(until(stream, b"\r\n")?.trim_end(), 16).ok()?;
        let mut chunk = vec![0; length + 2];
        stream.read_exact(&mut chunk).ok()?;
        if length == 0 {
            return Some(body);
        }
        body.extend_from_slice(&chunk[..length]);
    }
}

fn until(stream: &mut TcpStream, end: &[u8]) -> Option<String> {
    let mut bytes = Vec::new();
    let mut byte = [0; 1];
    while !bytes.ends_with(end) {
        if stream.read(&mut byte).ok()? == 0 {
            return None;
        }
        bytes.push(byte[0]);
    }
    String::from_utf8(bytes).ok()
}

fn serve(mut stream: TcpStream, answer: &str, seen: &Mutex<Vec<Sent>>) -> Option<()> {
    let head = head(&mut stream)?;
    let mut lines = head.trim_end().split("\r\n");
    let line = lines.next()?.to_owned();
    let headers: Vec<(String, String)> = lines
        .map(|line| line.split_once(':').unwrap())
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim_start().to_owned()))
        .collect();
    let header = |wanted| headers.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
    let body = if header("transfer-encoding") == Some("chunked") {
        chunks(&mut stream)?
    } else {
        let mut body = vec![0; header("content-length").map_or(0, |length| length.parse().unwrap())];
        stream.read_exact(&mut body).ok()?;
        body
    };
    let answer = answer.replace("{host}", header("host").unwrap_or_default());
    seen.lock().unwrap().push(Sent { line, headers, body: String::from_utf8(body).unwrap() });
    let (head, body) = answer.split_once("\n\n").unwrap_or((&answer, ""));
    let head = head.replace('\n', "\r\n");
    let answer = format!("HTTP/1.1 {head}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    stream.write_all(answer.as_bytes()).ok()
}
