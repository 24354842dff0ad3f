//! A request, expected or received. In: a test's expectation or the server's record. Out: one form that can be compared as a whole, so that
//! an additional header or query parameter is as wrong as a missing one.

use std::collections::BTreeMap;

use serde_json::Value;

/// The headers that the transport adds.
const TRANSPORT: [&str; 3] = ["host", "user-agent", "content-length"];

/// A request without the transport's headers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sent {
    pub(crate) method: String,
    /// The path, percent-encoded as on the wire.
    pub(crate) path: String,
    /// The query, percent-encoded and in order; empty if the request has none.
    pub(crate) query: String,
    /// The headers, with names in lower case. The values of a repeated header are joined by ` | `.
    pub(crate) headers: BTreeMap<String, String>,
    /// The body; null if the request has none.
    pub(crate) body: Value,
}

impl Sent {
    /// Creates a request that accepts JSON.
    pub(crate) fn new(method: &str, path: impl Into<String>) -> Self {
        let headers = BTreeMap::from([("accept".to_owned(), "application/json".to_owned())]);
        Self { method: method.to_owned(), path: path.into(), query: String::new(), headers, body: Value::Null }
    }

    /// Sets the query.
    pub(crate) fn query(self, query: impl Into<String>) -> Self {
        Self { query: query.into(), ..self }
    }

    /// Adds or replaces a header.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Sets a JSON body.
    pub(crate) fn body(self, body: Value) -> Self {
        Self { body, ..self }.header("content-type", "application/json")
    }

    /// Converts a received request. The server checks digests; here only their presence is kept.
    pub(crate) fn of(request: &wiremock::Request) -> Self {
        let mut headers: BTreeMap<String, String> = BTreeMap::new();
        for (name, value) in &request.headers {
            let text = String::from_utf8_lossy(value.as_bytes()).into_owned();
            let text = if text.starts_with("Digest ") { "Digest".to_owned() } else { text };
            if !TRANSPORT.contains(&name.as_str()) {
                let known = headers.remove(name.as_str());
                headers.insert(name.to_string(), known.map_or(text.clone(), |known| format!("{known} | {text}")));
            }
        }
        let body = match request.body.as_slice() {
            [] => Value::Null,
            body => serde_json::from_slice(body).expect("a JSON body"),
        };
        Self {
            method: request.method.to_string(),
            path: request.url.path().to_owned(),
            query: request.url.query().unwrap_or_default().to_owned(),
            headers,
            body,
        }
    }

    /// Returns the names of the sent parts except the path: `query limit`, `header x-y`, `body name`.
    pub(crate) fn parts(&self) -> Vec<String> {
        let pairs = self.query.split('&').filter_map(|pair| pair.split_once('='));
        let query = pairs.map(|(name, _)| format!("query {name}"));
        let headers = self.headers.keys().map(|name| format!("header {name}"));
        let body = self.body.as_object().into_iter().flatten().map(|(name, _)| format!("body {name}"));
        query.chain(headers).chain(body).collect()
    }

    /// Returns the value of a header.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }
}
