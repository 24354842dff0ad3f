//! Shared code for the wire tests: expected and received requests, tables of operations, and a server that checks digests.
//!
//! In: calls of the generated clients, only through their public API. Out: assertions about the requests. Invariant: expectations are
//! written by hand from the documents, independently of the generated code.

#![allow(dead_code, reason = "every test file uses a part of it")]

pub(crate) mod gate;
pub(crate) mod sent;
pub(crate) mod table;

use std::fmt::Debug;

use data_platform_clients::runtime::{Error, Response};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

pub(crate) use sent::Sent;

/// A text that no part of a request may contain unencoded.
pub(crate) const AWKWARD: &str = "a b/c%d&e+f=ü\"'?#;";
/// The percent-encoded text: RFC 6570 §3.2.1 permits only letters, digits, `-`, `.`, `_` and `~`.
pub(crate) const ENCODED: &str = "a%20b%2Fc%25d%26e%2Bf%3D%C3%BC%22%27%3F%23%3B";

/// Starts a server that sends the same response to every request.
pub(crate) async fn answering(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

/// Returns a response with a JSON body.
pub(crate) fn json(status: u16, body: &serde_json::Value) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(body)
}

/// Returns a response with a body of any media type.
pub(crate) fn raw(status: u16, media_type: &str, body: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_raw(body, media_type)
}

/// Returns all received requests, in order.
pub(crate) async fn arrived(server: &MockServer) -> Vec<Sent> {
    let requests = server.received_requests().await.expect("requests are recorded");
    requests.iter().map(Sent::of).collect()
}

/// Returns the only received request.
pub(crate) async fn only(server: &MockServer) -> Sent {
    let mut sent = arrived(server).await;
    assert_eq!(sent.len(), 1, "{sent:#?}");
    sent.remove(0)
}

/// Returns the failure of a call that must fail.
pub(crate) async fn failure<T: Debug, E>(call: impl IntoFuture<Output = Result<Response<T>, Error<E>>>) -> Error<E> {
    match call.await {
        Ok(answer) => panic!("expected a failure, found {answer:?}"),
        Err(error) => error,
    }
}

/// Fails if one of the texts contains a secret.
pub(crate) fn assert_hidden(secrets: &[&str], texts: &[String]) {
    for text in texts {
        for secret in secrets {
            assert!(!text.contains(secret), "`{secret}` shows in {text}");
        }
    }
}
