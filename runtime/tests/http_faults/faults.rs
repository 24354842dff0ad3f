//! The faults.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use crate::support::endless;

/// A fault of a server.
pub(crate) struct Fault {
    /// The section of the page.
    pub(crate) group: &'static str,
    /// A description of the fault.
    pub(crate) name: &'static str,
    /// The server, which receives the number of the request and its head.
    pub(crate) server: Server,
    /// Whether the client has a Digest credential instead of a token.
    pub(crate) has_digest: bool,
}

type Server = fn(usize, &str, &mut TcpStream);

const CONNECTION: &str = "Connection and head";
const BODY: &str = "Body";
const CONTENT: &str = "Content";
const STATUS: &str = "Status";
const REDIRECT: &str = "Redirects and challenges";

const fn fault(group: &'static str, name: &'static str, server: Server) -> Fault {
    Fault { group, name, server, has_digest: false }
}

const fn digest(name: &'static str, server: Server) -> Fault {
    Fault { group: REDIRECT, name, server, has_digest: true }
}

/// Writes the lines of a head with HTTP line ends, and a body unchanged.
fn say(stream: &mut TcpStream, head: &str, body: impl AsRef<[u8]>) {
    let _ = stream.write_all(head.replace('\n', "\r\n").as_bytes());
    let _ = stream.write_all(body.as_ref());
}

/// Sends a status and JSON.
fn json(stream: &mut TcpStream, status: &str, body: impl AsRef<[u8]>) {
    let head = format!(
        "HTTP/1.1 {status}\nContent-Type: application/json\nConnection: close\nContent-Length: {}\n\n",
        body.as_ref().len()
    );
    say(stream, &head, body);
}

fn ok(stream: &mut TcpStream) {
    json(stream, "200 OK", r#"{"ok":true}"#);
}

/// Keeps a connection open and idle until the peer closes it.
fn hold(stream: &mut TcpStream) {
    let _ = stream.read(&mut [0; 1]);
}

/// Resets a connection (RST).
fn reset(stream: &TcpStream) {
    let _ = stream.shutdown(Shutdown::Both);
}

/// Writes a text repeatedly until the peer closes the connection.
fn forever(stream: &mut TcpStream, text: &str, pause: Duration) {
    while stream.write_all(text.as_bytes()).is_ok() {
        std::thread::sleep(pause);
    }
}

const CHALLENGE: &str =
    "HTTP/1.1 401 Unauthorized\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\nConnection: close\n";
const NO_PAUSE: Duration = Duration::ZERO;

pub(crate) const FAULTS: &[Fault] = &[
    fault(CONNECTION, "closes the connection without a response", |_, _, stream| reset(stream)),
    fault(CONNECTION, "closes the first connection and responds on the second", |number, _, stream| {
        if number == 0 { reset(stream) } else { ok(stream) }
    }),
    fault(CONNECTION, "never responds", |_, _, stream| hold(stream)),
    fault(CONNECTION, "ends within the status line", |_, _, stream| say(stream, "HTTP/1.1 20", "")),
    fault(CONNECTION, "ends within the headers", |_, _, stream| say(stream, "HTTP/1.1 200 OK\nContent-Ty", "")),
    fault(CONNECTION, "is idle within the headers", |_, _, stream| {
        say(stream, "HTTP/1.1 200 OK\nContent-Type: app", "");
        hold(stream);
    }),
    fault(CONNECTION, "speaks another protocol", |_, _, stream| say(stream, "SSH-2.0-OpenSSH_9.9\n", "")),
    fault(CONNECTION, "writes no status line", |_, _, stream| say(stream, "{\"ok\":true}", "")),
    fault(CONNECTION, "writes a non-numeric status", |_, _, stream| say(stream, "HTTP/1.1 OK 200\n\n", "")),
    fault(CONNECTION, "writes the status 99", |_, _, stream| say(stream, "HTTP/1.1 99 Low\n\n", "")),
    fault(CONNECTION, "writes the status 999", |_, _, stream| json(stream, "999 High", "{}")),
    fault(CONNECTION, "sends an endless header", |_, _, stream| {
        say(stream, "HTTP/1.1 200 OK\nX-Long: ", "");
        forever(stream, &"x".repeat(9999), NO_PAUSE);
    }),
    fault(CONNECTION, "sends endless headers", |_, _, stream| {
        say(stream, "HTTP/1.1 200 OK\n", "");
        forever(stream, "X-Many: x\r\n", NO_PAUSE);
    }),
    fault(CONNECTION, "trickles an endless head", |_, _, stream| {
        say(stream, "HTTP/1.1 200 OK\n", "");
        forever(stream, "X-Slow: x\r\n", Duration::from_millis(200));
    }),
    fault(CONNECTION, "writes control characters in a header", |_, _, stream| {
        say(stream, "HTTP/1.1 200 OK\nX-Bell: \x07\x1b[2J\nContent-Length: 2\nConnection: close\n\n", "{}");
    }),
    fault(CONNECTION, "writes a null character in a header", |_, _, stream| {
        say(stream, "HTTP/1.1 200 OK\nX-Null: a\0b\nContent-Length: 2\nConnection: close\n\n", "{}");
    }),
    fault(CONNECTION, "writes a header name with a space", |_, _, stream| {
        say(stream, "HTTP/1.1 200 OK\nX Space: a\nContent-Length: 2\nConnection: close\n\n", "{}");
    }),
    fault(CONNECTION, "sends 100 Continue 1,000 times before it responds", |_, _, stream| {
        say(stream, &"HTTP/1.1 100 Continue\n\n".repeat(1000), "");
        ok(stream);
    }),
    fault(CONNECTION, "sends 103 Early Hints 10,000 times before it responds", |_, _, stream| {
        say(stream, &"HTTP/1.1 103 Early Hints\nLink: </a>\n\n".repeat(10_000), "");
        ok(stream);
    }),
    fault(
        CONNECTION,
        "sends 103 Early Hints at full speed, and responds to the second request",
        |number, _, stream| {
            if number > 0 {
                return ok(stream);
            }
            // Longer than the idle limit. Then the buffered data keeps the client busy for a while.
            let (start, hints) = (Instant::now(), "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n".repeat(1000));
            while start.elapsed() < Duration::from_secs(4) && stream.write_all(hints.as_bytes()).is_ok() {}
            hold(stream);
        },
    ),
    fault(CONNECTION, "trickles endless 103 Early Hints", |_, _, stream| {
        forever(stream, "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", Duration::from_millis(100));
    }),
    fault(CONNECTION, "switches protocols without a request for it", |_, _, stream| {
        say(stream, "HTTP/1.1 101 Switching Protocols\nUpgrade: x\nConnection: upgrade\n\n", "{}");
        hold(stream);
    }),
    fault(CONNECTION, "speaks HTTP/1.0 and closes", |_, _, stream| say(stream, "HTTP/1.0 200 OK\n\n", "{}")),
    fault(CONNECTION, "ends lines with a line feed only", |_, _, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\nContent-Length: 2\nConnection: close\n\n{}");
    }),
    fault(BODY, "ends before the announced length", |_, _, stream| {
        say(stream, "HTTP/1.1 200 OK\nContent-Length: 100\n\n", "{\"ok\"");
    }),
    fault(BODY, "is idle before the announced length", |_, _, stream| {
        say(stream, "HTTP/1.1 200 OK\nContent-Length: 100\n\n", "{\"ok\"");
        hold(stream);
    }),
    fault(BODY, "sends more than the announced length", |_, _, stream| {
        say(stream, "HTTP/1.1 200 OK\nContent-Length: 2\n\n", "{}{\"more\":true}");
    }),
    fault(BODY, "announces a negative length", |_, _, stream| {
        say(stream, "HTTP/1.1 200 OK\nContent-Length: -1\n\n", "{}");
    }),
    fault(BODY, "announces a non-numeric length", |_, _, stream| {
        say(stream, "HTTP/1.1 200 OK\nContent-Length: two\n\n", "{}");
    }),
    fault(BODY, "announces two lengths", |_, _, stream| {
        say(stream, "HTTP/1.1 200 OK\nContent-Length: 2\nContent-Length: 100\n\n", "{}");
    }),
    fault(BODY, "announces a length beyond any memory", |_, _, stream| {
        say(stream, "HTTP/1.1 200 OK\nContent-Length: 9223372036854775807\n\n", "{}");
        hold(stream);
    }),
    fault(BODY, "announces a length and chunks", |_, _, stream| {
        say(stream, "HTTP/1.1 200 OK\nContent-Length: 1\nTransfer-Encoding: chunked\n\n2\n{}\n0\n\n", "");
    }),
    fault(BODY, "writes a chunk with a non-numeric size", |_, _, stream| {
        say(stream, "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\nzz\n{}\n0\n\n", "");
    }),
    fault(BODY, "ends within a chunk", |_, _, stream| {
        say(stream, "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\nff\n{}", "");
    }),
    fault(BODY, "ends after a chunk that is not the last", |_, _, stream| {
        say(stream, "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n2\n{}\n", "");
    }),
    fault(BODY, "sends an endless chunk extension", |_, _, stream| {
        say(stream, "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n2;", "");
        forever(stream, &"x".repeat(9999), NO_PAUSE);
    }),
    fault(BODY, "trickles a body within the time limit", |_, _, stream| {
        say(stream, "HTTP/1.1 200 OK\nConnection: close\n\n", "");
        for piece in ["{", "\"ok\"", ":", "true", "}"] {
            let _ = stream.write_all(piece.as_bytes());
            std::thread::sleep(Duration::from_millis(50));
        }
    }),
    fault(BODY, "trickles an endless body", |_, _, stream| {
        say(stream, "HTTP/1.1 200 OK\nConnection: close\n\n[", "");
        forever(stream, "1,", Duration::from_millis(500));
    }),
    fault(BODY, "sends a success with an endless body", |_, _, stream| {
        endless(stream, "200 OK", "[");
    }),
    fault(BODY, "sends a failure with an endless body", |_, _, stream| {
        endless(stream, "404 Not Found", "{\"message\": \"gone\", \"text\": \"");
    }),
    fault(BODY, "sends a transient failure with an endless body", |_, _, stream| {
        endless(stream, "503 Service Unavailable", "{\"message\": \"later\", \"text\": \"");
    }),
    fault(BODY, "sends 204 with a body", |_, _, stream| {
        say(stream, "HTTP/1.1 204 No Content\nContent-Length: 11\nConnection: close\n\n", "{\"ok\":true}");
    }),
    fault(BODY, "sends 304 with a body", |_, _, stream| {
        say(stream, "HTTP/1.1 304 Not Modified\nContent-Length: 11\nConnection: close\n\n", "{\"ok\":true}");
    }),
    fault(BODY, "sends 205 with an endless body", |_, _, stream| {
        endless(stream, "205 Reset Content", "[");
    }),
    fault(CONTENT, "sends nothing", |_, _, stream| json(stream, "200 OK", "")),
    fault(CONTENT, "sends HTML as a success", |_, _, stream| {
        say(
            stream,
            "HTTP/1.1 200 OK\nContent-Type: text/html\nConnection: close\n\n",
            "<html><body>Sign in</body></html>",
        );
    }),
    fault(CONTENT, "declares JSON as text/html", |_, _, stream| {
        say(stream, "HTTP/1.1 200 OK\nContent-Type: text/html\nConnection: close\n\n", "{\"ok\":true}");
    }),
    fault(CONTENT, "sends no media type", |_, _, stream| {
        say(stream, "HTTP/1.1 200 OK\nConnection: close\n\n", "{\"ok\":true}");
    }),
    fault(CONTENT, "sends an invalid media type", |_, _, stream| {
        say(stream, "HTTP/1.1 200 OK\nContent-Type: ;;/\nConnection: close\n\n", "{\"ok\":true}");
    }),
    fault(CONTENT, "sends truncated JSON", |_, _, stream| json(stream, "200 OK", "{\"ok\":tr")),
    fault(CONTENT, "sends two JSON values", |_, _, stream| json(stream, "200 OK", "{}{}")),
    fault(CONTENT, "sends JSON with 100,000 levels", |_, _, stream| {
        json(stream, "200 OK", "[".repeat(100_000));
    }),
    fault(CONTENT, "sends invalid UTF-8", |_, _, stream| json(stream, "200 OK", b"\"\xff\xfe\"")),
    fault(CONTENT, "sends half a surrogate pair", |_, _, stream| json(stream, "200 OK", "\"\\ud800\"")),
    fault(CONTENT, "sends a number with 100,000 digits", |_, _, stream| json(stream, "200 OK", "9".repeat(100_000))),
    fault(CONTENT, "sends a property twice", |_, _, stream| json(stream, "200 OK", "{\"a\":1,\"a\":2}")),
    fault(CONTENT, "sends NaN", |_, _, stream| json(stream, "200 OK", "NaN")),
    fault(CONTENT, "declares an unknown encoding", |_, _, stream| {
        say(
            stream,
            "HTTP/1.1 200 OK\nContent-Type: text/plain; charset=klingon\nConnection: close\n\n",
            "{\"ok\":true}",
        );
    }),
    fault(CONTENT, "repeats a credential in a failure", |_, head, stream| {
        let token = head.lines().find_map(|line| line.strip_prefix("authorization: ")).unwrap_or_default();
        json(stream, "403 Forbidden", format!("{{\"message\": \"{token} is unknown\"}}"));
    }),
    fault(CONTENT, "writes control characters in a message", |_, _, stream| {
        json(stream, "400 Bad Request", "{\"message\": \"a\\u001b[2J\\nb\"}");
    }),
    fault(CONTENT, "writes a message of 1 MB", |_, _, stream| {
        json(stream, "400 Bad Request", format!("{{\"message\": \"{}\"}}", "long ".repeat(200_000)));
    }),
    fault(STATUS, "returns 500", |_, _, stream| json(stream, "500 Internal Server Error", "{}")),
    fault(STATUS, "returns 500 and then 200", |number, _, stream| {
        if number == 0 { json(stream, "500 Internal Server Error", "{}") } else { ok(stream) }
    }),
    fault(STATUS, "returns 503 with a `Retry-After` of zero", |_, _, stream| {
        json(stream, "503 Service Unavailable\nRetry-After: 0", "{}");
    }),
    fault(STATUS, "returns 429 with a `Retry-After` of a day", |_, _, stream| {
        json(stream, "429 Too Many Requests\nRetry-After: 86400", "{}");
    }),
    fault(STATUS, "returns 429 with a `Retry-After` in 1970", |_, _, stream| {
        json(stream, "429 Too Many Requests\nRetry-After: Thu, 01 Jan 1970 00:00:00 GMT", "{}");
    }),
    fault(STATUS, "returns 429 with an invalid `Retry-After`", |_, _, stream| {
        json(stream, "429 Too Many Requests\nRetry-After: soon", "{}");
    }),
    fault(STATUS, "returns 429 with a `Retry-After` beyond any integer", |_, _, stream| {
        json(stream, "429 Too Many Requests\nRetry-After: 99999999999999999999999", "{}");
    }),
    fault(STATUS, "returns 420 without a body", |_, _, stream| json(stream, "420 x", "")),
    fault(STATUS, "returns 402", |_, _, stream| json(stream, "402 Payment Required", "{\"error\":\"pay\"}")),
    fault(REDIRECT, "redirects to itself", |_, _, stream| {
        json(stream, "302 Found\nLocation: /thing", "");
    }),
    fault(REDIRECT, "redirects to itself with the method unchanged", |_, _, stream| {
        json(stream, "307 Temporary Redirect\nLocation: /thing", "");
    }),
    fault(REDIRECT, "redirects to ever longer URLs", |_, head, stream| {
        let path = head.split(' ').nth(1).unwrap_or("/").to_owned();
        json(stream, &format!("302 Found\nLocation: {path}{path}"), "");
    }),
    fault(REDIRECT, "redirects without a URL", |_, _, stream| json(stream, "302 Found", "")),
    fault(REDIRECT, "redirects to an invalid URL", |_, _, stream| {
        json(stream, "302 Found\nLocation: http://[::1", "");
    }),
    fault(REDIRECT, "redirects to a file", |_, _, stream| json(stream, "302 Found\nLocation: file:///etc/passwd", "")),
    fault(REDIRECT, "redirects to a URL with a password", |_, _, stream| {
        json(stream, "302 Found\nLocation: http://user:password@127.0.0.1/", "");
    }),
    fault(REDIRECT, "redirects to an unreachable server", |_, _, stream| {
        json(stream, "303 See Other\nLocation: http://127.0.0.1:1/", "");
    }),
    fault(REDIRECT, "redirects with an endless body", |number, _, stream| {
        if number == 0 {
            endless(stream, "302 Found\nLocation: /other", "x");
        } else {
            ok(stream);
        }
    }),
    fault(REDIRECT, "returns 401", |_, _, stream| json(stream, "401 Unauthorized", "{\"message\": \"no\"}")),
    fault(REDIRECT, "returns 401 with an endless body", |_, _, stream| {
        endless(stream, "401 Unauthorized", "{\"message\": \"no\", \"text\": \"");
    }),
    digest("challenges every request", |_, _, stream| {
        say(stream, CHALLENGE, "Content-Length: 0\r\n\r\n");
    }),
    digest("challenges every request with another nonce and `stale`", |number, _, stream| {
        let nonce = format!("nonce=\"{number}\", stale=true");
        say(stream, &CHALLENGE.replace("nonce=\"n\"", &nonce), "Content-Length: 0\r\n\r\n");
    }),
    digest("challenges with an endless body, and then responds", |number, _, stream| {
        if number == 0 {
            let head = CHALLENGE.trim_end().trim_start_matches("HTTP/1.1 ");
            endless(stream, head, "x");
        } else {
            ok(stream);
        }
    }),
    digest("challenges with a malformed header", |_, _, stream| {
        say(
            stream,
            "HTTP/1.1 401 x\nWWW-Authenticate: Digest realm=\"r, nonce=,,,\nConnection: close\nContent-Length: 0\n\n",
            "",
        );
    }),
    digest("challenges with an unknown algorithm", |_, _, stream| {
        say(stream, &CHALLENGE.replace("qop=", "algorithm=ROT13, qop="), "Content-Length: 0\r\n\r\n");
    }),
];
