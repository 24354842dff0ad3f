//! A proxy that counts requests. In: one request per connection. Out: the server's response, and a record of both.
//!
//! It sends `Connection: close` to the server, so that one connection is one exchange and bytes can be copied unchanged. It can keep the
//! server's cookies and send them back like a browser; the client under test has no cookies.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// One request and its response.
#[derive(Clone)]
pub(crate) struct Exchange {
    pub(crate) status: u16,
    /// The request's `Authorization`.
    pub(crate) authorization: Option<String>,
    /// The response's `WWW-Authenticate` fields, one per line.
    pub(crate) challenges: String,
}

/// The proxy, which ends when it is dropped.
pub(crate) struct Counter {
    url: String,
    record: Arc<Mutex<Vec<Exchange>>>,
    task: JoinHandle<()>,
}

type Cookies = Option<Arc<Mutex<BTreeMap<String, String>>>>;

impl Counter {
    /// Starts a proxy for the server at `upstream`, `http://host:port`.
    pub(crate) async fn start(upstream: &str) -> Self {
        Self::with(upstream, None).await
    }

    /// Starts a proxy that keeps cookies for the client.
    pub(crate) async fn keeping_cookies(upstream: &str) -> Self {
        Self::with(upstream, Some(Arc::default())).await
    }

    async fn with(upstream: &str, cookies: Cookies) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let upstream = upstream.strip_prefix("http://").unwrap().trim_end_matches('/').to_owned();
        let record: Arc<Mutex<Vec<Exchange>>> = Arc::default();
        let log = Arc::clone(&record);
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(exchange(client, upstream.clone(), Arc::clone(&log), cookies.clone()));
            }
        });
        Self { url, record, task }
    }

    /// Returns the URL of the proxy.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Returns the exchanges so far, in the order of responses.
    pub(crate) fn exchanges(&self) -> Vec<Exchange> {
        self.record.lock().unwrap().clone()
    }
}

impl Drop for Counter {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn exchange(
    mut client: TcpStream,
    upstream: String,
    record: Arc<Mutex<Vec<Exchange>>>,
    cookies: Cookies,
) -> io::Result<()> {
    let (head, body) = read_request(&mut client).await?;
    let mut request = String::new();
    for line in head.lines().filter(|line| !is(line, "connection")) {
        request.push_str(line);
        request.push_str("\r\n");
    }
    request.push_str("Connection: close\r\n");
    if let Some(jar) = &cookies {
        let pairs: Vec<String> = jar.lock().unwrap().iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !pairs.is_empty() {
            request.push_str(&format!("Cookie: {}\r\n", pairs.join("; ")));
        }
    }
    request.push_str("\r\n");

    let mut server = TcpStream::connect(upstream).await?;
    server.write_all(request.as_bytes()).await?;
    server.write_all(&body).await?;
    let mut answer = Vec::new();
    server.read_to_end(&mut answer).await?;

    let end = find(&answer, b"\r\n\r\n").unwrap_or(answer.len());
    let text = String::from_utf8_lossy(&answer[..end]).into_owned();
    let status = text.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    if let Some(jar) = &cookies {
        for cookie in fields(&text, "set-cookie") {
            let pair = cookie.split(';').next().unwrap_or_default();
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            jar.lock().unwrap().insert(name.to_owned(), value.to_owned());
        }
    }
    let authorization = fields(&head, "authorization").into_iter().next();
    let challenges = fields(&text, "www-authenticate").join("\n");
    // Recorded before the client can see the response, so that a finished call is always counted.
    record.lock().unwrap().push(Exchange { status, authorization, challenges });
    client.write_all(&answer).await?;
    client.shutdown().await
}

/// Reads the head, and the body according to `Content-Length`.
async fn read_request(client: &mut TcpStream) -> io::Result<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = find(&bytes, b"\r\n\r\n") {
            break end;
        }
        if client.read_buf(&mut bytes).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    };
    let mut body = bytes.split_off(end + 4);
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let length = fields(&head, "content-length").first().map_or(0, |length| length.parse().unwrap());
    while body.len() < length {
        if client.read_buf(&mut body).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok((head, body))
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

fn is(line: &str, name: &str) -> bool {
    line.split_once(':').is_some_and(|(known, _)| known.eq_ignore_ascii_case(name))
}

fn fields(head: &str, name: &str) -> Vec<String> {
    let values = head.lines().filter(|line| is(line, name)).filter_map(|line| line.split_once(':'));
    values.map(|(_, value)| value.trim().to_owned()).collect()
}

/// Returns the parameter `name` of a `Digest` field whose values contain no comma; empty if it is missing.
pub(crate) fn parameter(field: &str, name: &str) -> String {
    let field = field.strip_prefix("Digest ").unwrap_or_default();
    let found = field.split(", ").find_map(|part| part.strip_prefix(name)?.strip_prefix('='));
    found.unwrap_or_default().trim_matches('"').to_owned()
}
