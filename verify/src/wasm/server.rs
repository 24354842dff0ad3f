//! The mock server of the cases: what it answers to each, and what it was sent.
//!
//! In: requests whose path begins with the name of a case. Out: answers, and a record. It listens on two ports, which are two origins.

use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use std::{fs, thread};

use super::cases::Case;

/// The headers that are recorded.
const RECORDED: [&str; 7] = ["accept", "authorization", "content-length", "content-type", "cookie", "x-key", "x-name"];
/// The recorded entry for a client that disconnected.
const GONE: &str = "gone";
/// The maximum size of a request's head, in bytes.
const LONGEST: usize = 64 << 10;
/// How long a client may take, in all and for each read and write.
const PATIENCE: Duration = Duration::from_secs(10);
/// How much of a body is recorded as it is, in bytes.
const SHORT: usize = 200;

const RUNNING: &str = r#"{"completed":false,"update_time":"2026-05-04T03:02:01Z","ingested_objects":7}"#;
const COMPLETED: &str = r#"{"completed":true,"update_time":"2026-05-04T03:02:01Z","ingested_objects":7}"#;
/// [`RUNNING`], compressed by gzip.
const COMPRESSED: &[u8] = include_bytes!("running.json.gz");

/// A running server. It ends with the process.
pub(super) struct Mock {
    pub(super) url: String,
    record: Record,
}

/// What a browser says of all cases is recorded as this one, and files of its page are asked for as that one.
const REPORT: &str = "report";
const PAGE: &str = "page";

/// What was sent, with the name of the case.
type Record = Arc<Mutex<Vec<(String, String)>>>;

impl Mock {
    /// Starts a server, which has the files of `page`.
    pub(super) fn start(page: &Path) -> io::Result<Self> {
        let record = Record::default();
        let place = |elsewhere| Place { elsewhere, page: page.to_owned() };
        let elsewhere = listen("elsewhere: ", place(String::new()), &record)?;
        let url = listen("", place(elsewhere), &record)?;
        Ok(Self { url, record })
    }

    /// What a browser has said of all cases.
    pub(super) fn said(&self) -> Option<String> {
        locked(&self.record).iter().find(|(name, _)| name == REPORT).map(|(_, said)| said.clone())
    }

    /// What of a case was not sent as it should be. Some of it is only seen after a while.
    pub(super) fn problem(&self, case: &Case) -> Option<String> {
        let start = Instant::now();
        loop {
            let record = locked(&self.record);
            let mut sent: Vec<&str> =
                record.iter().filter(|(name, _)| name == case.name).map(|(_, sent)| sent.as_str()).collect();
            // When it is seen is chance.
            sent.sort_by_key(|sent| *sent == GONE);
            if sent == case.sent {
                return None;
            }
            if start.elapsed() > PATIENCE {
                return Some(format!("the server was sent\n{sent:#?}\ninstead of\n{:#?}", case.sent));
            }
            drop(record);
            thread::sleep(Duration::from_millis(20));
        }
    }
}

fn locked(record: &Record) -> MutexGuard<'_, Vec<(String, String)>> {
    record.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Listens on a port of its own, and returns its URL.
fn listen(prefix: &'static str, place: Place, record: &Record) -> io::Result<String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let url = format!("http://{}", listener.local_addr()?);
    let (place, record) = (Arc::new(place), Arc::clone(record));
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (place, record) = (Arc::clone(&place), Arc::clone(&record));
            // A connection that breaks is seen in the record, or not at all.
            thread::spawn(move || serve(stream, prefix, &place, &record));
        }
    });
    Ok(url)
}

/// What a server knows.
struct Place {
    /// The other origin.
    elsewhere: String,
    /// The files for a browser.
    page: PathBuf,
}

fn serve(mut stream: TcpStream, prefix: &str, place: &Place, record: &Record) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let (head, body) = read(&mut stream)?;
    let mut lines = head.split("\r\n");
    let mut words = lines.next().unwrap_or_default().split(' ');
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let (case, path) = target.trim_start_matches('/').split_once('/').unwrap_or_default();
    if case == PAGE {
        return file(&mut stream, &place.page, path);
    }
    if case == REPORT {
        locked(record).push((case.to_owned(), String::from_utf8_lossy(&body).into_owned()));
        return whole(&mut stream, "204 No Content", b"");
    }
    let mut sent = format!("{prefix}{method} /{path}");
    let mut headers: Vec<(String, &str)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim()))
        .filter(|(name, _)| RECORDED.contains(&name.as_str()))
        .collect();
    headers.sort();
    for (name, value) in headers {
        // The rest is another one each time.
        let value = if value.starts_with("Digest ") { "Digest" } else { value };
        sent += &format!(" {name}={value}");
    }
    match body.len() {
        0 => {}
        length if length > SHORT => sent += &format!(" {length} bytes"),
        _ => sent += &format!(" {}", String::from_utf8_lossy(&body)),
    }
    let number = {
        let mut record = locked(record);
        record.push((case.to_owned(), sent));
        record.iter().filter(|(name, _)| name == case).count()
    };
    let is_gone = answer(&mut stream, case, path, number, &place.elsewhere).is_err();
    if is_gone {
        locked(record).push((case.to_owned(), GONE.to_owned()));
    }
    Ok(())
}

/// Head and body of a request.
fn read(stream: &mut TcpStream) -> io::Result<(String, Vec<u8>)> {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") && head.len() < LONGEST {
        stream.read_exact(&mut byte)?;
        head.extend(byte);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let length = head
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let length = length.and_then(|(_, value)| value.trim().parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    Ok((head, body))
}

/// Answers the request of that number. An error is that nobody listens any more.
fn answer(stream: &mut TcpStream, case: &str, path: &str, number: usize, elsewhere: &str) -> io::Result<()> {
    let json = "200 OK\r\nContent-Type: application/json";
    match (case, number) {
        ("post", _) => whole(stream, "202 Accepted\r\nContent-Type: application/json", br#"{"id":"i1"}"#),
        ("get", _) => whole(stream, &format!("{json}\r\nX-Served-By: café"), RUNNING.as_bytes()),
        ("failure", _) => {
            whole(stream, "404 Not Found\r\nContent-Type: application/json", br#"{"message":"no such import"}"#)
        }
        ("digest", 1) => {
            let challenge = r#"WWW-Authenticate: Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256"#;
            whole(stream, &format!("401 Unauthorized\r\n{challenge}"), b"")
        }
        ("compressed", _) => whole(stream, &format!("{json}\r\nContent-Encoding: gzip"), COMPRESSED),
        ("retry", 1) => whole(stream, "503 Service Unavailable\r\nRetry-After: 1", b""),
        ("wait", 3) => whole(stream, json, COMPLETED.as_bytes()),
        ("events", _) => {
            begin(stream, "200 OK\r\nContent-Type: text/event-stream")?;
            stream.write_all(b"event: tick\ndata: {\"number\": 1}\n\n")?;
            thread::sleep(Duration::from_millis(400));
            stream.write_all(b"id: e2\ndata: {\"number\": 2}\n\ndata: [DONE]\n\n")
        }
        ("dropped", _) => {
            endless(stream, "200 OK\r\nContent-Type: text/event-stream", b"data: {}\n\n", Duration::from_millis(20))
        }
        ("endless", _) => endless(stream, json, &[b' '; 1 << 14], Duration::ZERO),
        ("time-limit", _) => listened_to(stream),
        ("silence", _) => {
            begin(stream, json)?;
            stream.write_all(b"{")?;
            listened_to(stream)
        }
        ("long-limits", _) => {
            thread::sleep(Duration::from_millis(300));
            whole(stream, "200 OK", b"slow")
        }
        ("redirect", 1) => whole(stream, "307 Temporary Redirect\r\nLocation: /redirect/moved", b""),
        ("redirect-away" | "browser-redirect" | "browser-secret", _) if path != "moved" => {
            whole(stream, &format!("302 Found\r\nLocation: {elsewhere}/{case}/moved"), b"")
        }
        _ => whole(stream, json, RUNNING.as_bytes()),
    }
}

/// A file of the page.
fn file(stream: &mut TcpStream, page: &Path, path: &str) -> io::Result<()> {
    let name = path.split('?').next().unwrap_or_default();
    let media_type = match name {
        "page.html" => "text/html; charset=utf-8",
        "program.js" => "text/javascript",
        "program_bg.wasm" => "application/wasm",
        _ => return whole(stream, "404 Not Found", b""),
    };
    whole(stream, &format!("200 OK\r\nContent-Type: {media_type}"), &fs::read(page.join(name))?)
}

/// An answer with a length.
fn whole(stream: &mut TcpStream, head: &str, body: &[u8]) -> io::Result<()> {
    begin(stream, &format!("{head}\r\nContent-Length: {}", body.len()))?;
    stream.write_all(body)
}

/// An answer whose body ends with the connection.
fn begin(stream: &mut TcpStream, head: &str) -> io::Result<()> {
    stream
        .write_all(format!("HTTP/1.1 {head}\r\nConnection: close\r\nAccess-Control-Allow-Origin: *\r\n\r\n").as_bytes())
}

/// Writes until nobody listens.
fn endless(stream: &mut TcpStream, head: &str, piece: &[u8], pause: Duration) -> io::Result<()> {
    stream.set_write_timeout(Some(PATIENCE))?;
    begin(stream, head)?;
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        stream.write_all(piece)?;
        thread::sleep(pause);
    }
    Ok(())
}

/// Waits until nobody listens. That somebody still does is success, since nothing has gone wrong for the server.
fn listened_to(stream: &mut TcpStream) -> io::Result<()> {
    match stream.read(&mut [0]) {
        Ok(0) => Err(io::ErrorKind::ConnectionAborted.into()),
        Err(error) if !matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => Err(error),
        _ => Ok(()),
    }
}
