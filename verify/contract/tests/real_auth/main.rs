//! Authentication against independent servers: httpbin, Apache's `mod_auth_digest`, and lighttpd's `mod_auth`.
//!
//! `cargo xtask real-auth` starts them and runs these tests, with the feature `real-auth`. In: the servers' addresses, from environment
//! variables. A proxy in between counts the requests and their statuses. Coverage by server:
//!
//! | | algorithms | query, body | nonces |
//! |---|---|---|---|
//! | httpbin | MD5, SHA-256 | neither: see `httpbin::a_query_is_more_than_httpbin_can_check` | stale after some requests (`stale_after`), counted in a cookie |
//! | Apache | MD5 | both | live for a second, or for one request with `nextnonce`; counts checked |
//! | lighttpd | SHA-256, also alongside MD5 | both | live longer than a test |
//!
//! Invariant: every number of requests is counted outside of the client.
#![cfg(test)]

mod apache;
mod counter;
mod httpbin;
mod lighttpd;

use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::io::Write;

use clientwright_runtime::codegen::Operation;
use clientwright_runtime::http::Method;
use clientwright_runtime::{Client, Credential, Error, Request, RetryPolicy};
use tokio::task::JoinSet;

use counter::{Counter, Exchange};

const USER: &str = "user";
const PASSWORD: &str = "open sesame";
/// A user whose name and password contain characters that are easily broken by quoting, hashing or decoding.
const AWKWARD: (&str, &str) = ("jörg", "pä:ß wört/&%+\"\\");

/// Any path of the servers that run `verify/contract/auth/echo.sh`.
const GET: Operation = Operation::get("get", "/{area}/{name}").security(&[&["scheme"]]);
const POST: Operation = Operation::post("post", "/{area}/{name}").security(&[&["scheme"]]);

/// Challenging values of a path parameter, a query parameter and a body.
const NAME: &str = "a/b c&d%e+f\"g'ü?h#i;j=k";
const QUERY: &str = "1 & 2/3=%+\"ü#;:@?";

/// Returns the address of a server, by the name of its environment variable.
fn server(variable: &str) -> String {
    std::env::var(variable).unwrap_or_else(|_| panic!("{variable} is not set; run `cargo xtask real-auth`"))
}

fn client(url: &str, credential: Credential) -> Client {
    // Without retries, so that only requests for authentication are counted.
    Client::builder(url).auth(credential).retries(RetryPolicy::never()).build().unwrap()
}

fn digest(user: &str, password: &str) -> Credential {
    Credential::digest("scheme", user.to_owned(), password.to_owned())
}

fn basic(user: &str, password: &str) -> Credential {
    Credential::basic("scheme", user.to_owned(), password.to_owned())
}

fn bearer(token: &str) -> Credential {
    Credential::bearer("scheme", token.to_owned())
}

/// Returns a request with challenging characters in its URL; every second request has a body.
fn awkward_request(client: &Client, area: &str, number: usize) -> Request {
    let operation = if number.is_multiple_of(2) { &GET } else { &POST };
    let request = client.request(operation).path("area", area).path("name", NAME);
    let request = request.query("q", QUERY).query("number", &(number as i64));
    if number.is_multiple_of(2) { request } else { request.text("text/plain", &body(number)) }
}

fn body(number: usize) -> String {
    format!("body {number}: ü\r\n").repeat(200)
}

/// Checks that an `awkward_request` reached the script behind the authentication unchanged, as `user`.
fn check_echo(text: &[u8], number: usize, user: &str) {
    let text = std::str::from_utf8(text).unwrap();
    let mut parts = text.splitn(4, '\n');
    let mut part = || parts.next().unwrap();
    let get = number.is_multiple_of(2);
    assert_eq!(part(), if get { "GET" } else { "POST" });
    assert_eq!(part(), user);
    assert_eq!(part(), format!("q=1%20%26%202%2F3%3D%25%2B%22%C3%BC%23%3B%3A%40%3F&number={number}"));
    assert_eq!(part(), if get { String::new() } else { body(number) });
}

/// Sends awkward requests one after the other.
async fn in_a_row(client: &Client, area: &str, numbers: std::ops::Range<usize>, user: &str) {
    for number in numbers {
        let response = awkward_request(client, area, number).send().await.unwrap();
        check_echo(response.body(), number, user);
    }
}

/// Sends awkward requests concurrently; all of them must succeed.
async fn side_by_side(client: &Client, area: &'static str, how_many: usize, user: &'static str) {
    let mut calls = JoinSet::new();
    for number in 0..how_many {
        let client = client.clone();
        calls.spawn(async move {
            let response = awkward_request(&client, area, number).send().await.unwrap();
            check_echo(response.body(), number, user);
        });
    }
    while let Some(call) = calls.join_next().await {
        call.unwrap();
    }
}

/// Makes a call that is rejected with one clear error without a secret. Returns its exchanges.
async fn refused(counter: &Counter, request: Request, secret: &str) -> Vec<Exchange> {
    let before = counter.exchanges().len();
    let error: Error = request.send().await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(401));
    assert!(error.to_string().contains(": 401 Unauthorized"), "{error}");
    assert!(!format!("{error} {error:?}").contains(secret), "{error:?}");
    counter.exchanges().split_off(before)
}

/// Returns the statuses: `[401, 200, 200]` and so on.
fn statuses(exchanges: &[Exchange]) -> Vec<u16> {
    exchanges.iter().map(|exchange| exchange.status).collect()
}

/// Returns the number of responses with this status.
fn count(exchanges: &[Exchange], status: u16) -> usize {
    exchanges.iter().filter(|exchange| exchange.status == status).count()
}

/// Checks that no pair of nonce and count was sent twice, and returns the nonces.
fn nonces(exchanges: &[Exchange]) -> BTreeSet<String> {
    let mut pairs = BTreeSet::new();
    for sent in exchanges.iter().filter_map(|exchange| exchange.authorization.as_ref()) {
        let pair = (counter::parameter(sent, "nonce"), counter::parameter(sent, "nc"));
        assert!(pairs.insert(pair), "the same count was sent twice for a nonce");
    }
    pairs.into_iter().map(|(nonce, _)| nonce).collect()
}

/// Prints one line of the record that `cargo xtask real-auth` shows.
fn report(what: &str, counter: &Counter) {
    let exchanges = counter.exchanges();
    let line = format!("{what}: {} requests, {} of them answered 401\n", exchanges.len(), count(&exchanges, 401));
    let Some(file) = std::env::var_os("REAL_AUTH_REPORT") else {
        print!("{line}");
        return;
    };
    let mut file = OpenOptions::new().create(true).append(true).open(file).unwrap();
    file.write_all(line.as_bytes()).unwrap();
}

/// Checks that `how_many` sequential and as many concurrent requests take one challenge.
async fn one_challenge_serves_many(server: &str, area: &'static str, how_many: usize) -> Counter {
    let counter = Counter::start(server).await;
    let client = client(counter.url(), digest(USER, PASSWORD));
    in_a_row(&client, area, 0..how_many, USER).await;
    side_by_side(&client, area, how_many, USER).await;
    let exchanges = counter.exchanges();
    let mut expected = vec![200; 2 * how_many + 1];
    expected[0] = 401;
    assert_eq!(statuses(&exchanges), expected);
    assert_eq!(nonces(&exchanges).len(), 1);
    counter
}

/// Checks a client without a challenge that sends many requests at once: each may be challenged, none may fail.
async fn a_cold_start(server: &str, area: &'static str, how_many: usize) -> Counter {
    let counter = Counter::start(server).await;
    let client = client(counter.url(), digest(USER, PASSWORD));
    side_by_side(&client, area, how_many, USER).await;
    side_by_side(&client, area, how_many, USER).await;
    let exchanges = counter.exchanges();
    nonces(&exchanges);
    assert_eq!(count(&exchanges, 200), 2 * how_many);
    assert!(count(&exchanges, 401) <= how_many, "{:?}", statuses(&exchanges));
    counter
}

/// Checks a wrong password or user: one challenge, one attempt, then an error. The next call is another attempt, without a loop.
async fn wrong_credentials(server: &str, area: &'static str) -> Counter {
    let counter = Counter::start(server).await;
    for (user, password) in [(USER, "wrong-secret"), ("someone", PASSWORD), ("", "")] {
        let client = client(counter.url(), digest(user, password));
        for number in 0..2 {
            let request = awkward_request(&client, area, number);
            let secret = if password.is_empty() { "open sesame" } else { password };
            assert_eq!(statuses(&refused(&counter, request, secret).await), [401, 401]);
        }
    }
    counter
}

/// Checks that many concurrent requests with the wrong password all end.
async fn wrong_credentials_side_by_side(server: &str, area: &'static str, how_many: usize) -> Counter {
    let counter = Counter::start(server).await;
    let client = client(counter.url(), digest(USER, "wrong-secret"));
    let mut calls = JoinSet::new();
    for number in 0..how_many {
        calls.spawn(awkward_request(&client, area, number).send());
    }
    while let Some(call) = calls.join_next().await {
        assert_eq!(call.unwrap().unwrap_err().status().map(|status| status.as_u16()), Some(401));
    }
    assert_eq!(statuses(&counter.exchanges()), vec![401; 2 * how_many]);
    counter
}

/// Repeats the requests without the proxy, on persistent connections.
async fn on_open_connections(server: &str, area: &'static str, how_many: usize) {
    let client = client(server, digest(USER, PASSWORD));
    side_by_side(&client, area, how_many, USER).await;
    in_a_row(&client, area, 0..how_many, USER).await;
}

/// Returns a raw request that requires the client's credentials.
fn raw(client: &Client, path: &str) -> Request {
    client.request_raw(Method::GET, path).security(&[&["scheme"]])
}
