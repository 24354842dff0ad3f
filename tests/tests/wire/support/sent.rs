//! A request: as a test wants it, or as it arrived. In: a test's hand or the server's record. Out: one shape that can be compared as a whole, so that a
//! header or a query parameter too many is as wrong as one that is missing.

use std::collections::BTreeMap;

use serde_json::Value;

/// What the transport writes for itself.
const TRANSPORT: [&str; 3] = ["host", "user-agent", "content-length"];

/// A request without what the transport adds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sent {
    pub(crate) method: String,
    /// Percent-encoded, as on the wire.
    pub(crate) path: String,
    /// Percent-encoded, in order; empty if the request has no query.
    pub(crate) query: String,
    /// Names in lower case. A header that came twice has its values joined by ` | `.
    pub(crate) headers: BTreeMap<String, String>,
    /// Null if the request has no body.
    pub(crate) body: Value,
}

impl Sent {
    /// A request that asks for JSON.
    pub(crate) fn new(method: &str, path: impl Into<String>) -> Self {
        let headers = BTreeMap::from([("accept".to_owned(), "application/json".to_owned())]);
        Self { method: method.to_owned(), path: path.into(), query: String::new(), headers, body: Value::Null }
    }

    /// With a query.
    pub(crate) fn query(self, query: impl Into<String>) -> Self {
        Self { query: query.into(), ..self }
    }

    /// With a header, or another value for one.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.insert(name.to_owned(), value.to_owned());
        self
    }

    /// With a JSON body.
    pub(crate) fn body(self, body: Value) -> Self {
        Self { body, ..self }.header("content-type", "application/json")
    }

    /// What arrived. Digests are checked by whoever receives them; here stands only that there is one.
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

    /// The names of what is sent beside the path: `query limit`, `header x-y`, `body name`.
    pub(crate) fn parts(&self) -> Vec<String> {
        let pairs = self.query.split('&').filter_map(|pair| pair.split_once('='));
        let query = pairs.map(|(name, _)| format!("query {name}"));
        let headers = self.headers.keys().map(|name| format!("header {name}"));
        let body = self.body.as_object().into_iter().flatten().map(|(name, _)| format!("body {name}"));
        query.chain(headers).chain(body).collect()
    }

    /// One header's value.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }
}
