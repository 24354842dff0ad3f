//! A table of operations. In: for each operation a call, the expected request and the response. Out: assertions, and the covered
//! operations. Invariant: a table is complete only if it covers exactly the operations of its document.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::sync::Arc;

use data_platform_clients::runtime::{Error, Response};
use serde_json::Value;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::gate::Gate;
use super::sent::Sent;

/// A response of the server, and its expected decoded value.
#[derive(Clone)]
pub(crate) struct Reply {
    status: u16,
    template: ResponseTemplate,
    decoded: Value,
}

impl Reply {
    /// A JSON response whose properties are all known.
    pub(crate) fn json(status: u16, body: Value) -> Self {
        Self { status, template: ResponseTemplate::new(status).set_body_json(&body), decoded: body }
    }

    /// A response without a body.
    pub(crate) fn empty(status: u16) -> Self {
        Self { status, template: ResponseTemplate::new(status), decoded: Value::Null }
    }

    /// A text response that is not JSON.
    pub(crate) fn text(status: u16, media_type: &str, text: &str) -> Self {
        let template = ResponseTemplate::new(status).set_body_raw(text, media_type);
        Self { status, template, decoded: Value::String(text.to_owned()) }
    }
}

/// The operations of one API, against one server.
pub(crate) struct Table {
    server: MockServer,
    gate: Option<Arc<Gate>>,
    /// The covered operations, each with all parts that were sent: `query limit`, `header x-y`, `body name`.
    covered: BTreeMap<String, BTreeSet<String>>,
    refusing: BTreeSet<String>,
}

impl Table {
    /// Creates a table with a server that requires no authentication.
    pub(crate) async fn open() -> Self {
        Self::behind(None).await
    }

    /// Creates a table with a server that checks the digest of every request.
    pub(crate) async fn gated(gate: Arc<Gate>) -> Self {
        Self::behind(Some(gate)).await
    }

    async fn behind(gate: Option<Arc<Gate>>) -> Self {
        let server = MockServer::start().await;
        Self { server, gate, covered: BTreeMap::new(), refusing: BTreeSet::new() }
    }

    /// Returns the base URL.
    pub(crate) fn url(&self) -> String {
        self.server.uri()
    }

    /// Makes the call, which must send exactly `wanted`, and must decode the response to its expected value.
    pub(crate) async fn call<T, E, C>(&mut self, operation: &str, wanted: Sent, reply: Reply, call: C) -> T
    where
        T: serde::Serialize,
        E: Debug,
        C: IntoFuture<Output = Result<Response<T>, Error<E>>>,
    {
        self.server.reset().await;
        match &self.gate {
            Some(gate) => Mock::given(any()).respond_with(gate.before(reply.template)).mount(&self.server).await,
            None => Mock::given(any()).respond_with(reply.template).mount(&self.server).await,
        }
        let answered = call.await.unwrap_or_else(|error| panic!("{operation}: {error:?}"));
        let requests = self.server.received_requests().await.expect("requests are recorded");
        let (last, challenged) = requests.split_last().expect("a request");
        let unasked = challenged.iter().filter(|request| request.headers.contains_key("authorization")).count();
        let parts = wanted.parts();
        assert_eq!((Sent::of(last), unasked), (wanted, 0), "{operation}");
        assert!(challenged.is_empty() || self.gate.is_some(), "{operation}: sent {} times", requests.len());
        assert_eq!(answered.status().as_u16(), reply.status, "{operation}");
        let decoded = serde_json::to_value(answered.body()).expect("a body that can be serialized");
        assert_eq!(decoded, reply.decoded, "{operation}");
        self.covered.entry(operation.to_owned()).or_default().extend(parts);
        answered.into_inner()
    }

    /// Makes calls with a path parameter that would address another resource: none may be sent.
    pub(crate) async fn refuses<T, E, C, const N: usize>(&mut self, operation: &str, calls: [C; N])
    where
        T: Debug,
        C: IntoFuture<Output = Result<Response<T>, Error<E>>>,
    {
        self.server.reset().await;
        for (place, call) in calls.into_iter().enumerate() {
            let error = super::failure(call).await;
            assert!(error.is_request(), "{operation}, {place}: {error}");
            assert_eq!(error.operation(), operation);
            assert!(error.to_string().contains("the path parameter `"), "{operation}, {place}: {error}");
        }
        assert_eq!(self.server.received_requests().await.map(|requests| requests.len()), Some(0), "{operation}");
        self.refusing.insert(operation.to_owned());
    }

    /// Compares the covered parts with the document: its operations, their parameters, and the properties of their bodies.
    pub(crate) fn close(self, module: &str) {
        let document = read(module);
        let (mut operations, mut texts) = (BTreeSet::new(), BTreeSet::new());
        for (path, item) in object(&document["paths"]) {
            for (method, operation) in object(item).iter().filter(|(method, _)| METHODS.contains(&method.as_str())) {
                let id = operation["operationId"].as_str().unwrap_or_else(|| panic!("{method} {path}: no operationId"));
                operations.insert(id);
                let covered = self.covered.get(id).unwrap_or_else(|| panic!("{module}: {id} has no line"));
                let missing: Vec<_> = parts(&document, operation).difference(covered).cloned().collect();
                assert!(missing.is_empty(), "{module}: {id} never sent {missing:?}");
                if has_text_in_path(&document, operation) {
                    texts.insert(id);
                }
            }
        }
        assert_eq!(self.covered.keys().collect::<Vec<_>>(), operations.iter().collect::<Vec<_>>(), "{module}");
        let refusing: BTreeSet<&str> = self.refusing.iter().map(String::as_str).collect();
        assert_eq!(refusing, texts, "operations of {module} with a text in their path");
        if let Some(gate) = self.gate {
            gate.assert_no_fault();
        }
    }
}

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Returns a document under `specs/`.
pub(crate) fn read(module: &str) -> Value {
    let path = workspace_tests::root().join("specs").join(format!("{module}.yaml"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_yaml::from_str(&text).expect("YAML")
}

fn object(value: &Value) -> &serde_json::Map<String, Value> {
    value.as_object().expect("an object")
}

/// Returns the target of a reference, or the value itself.
fn resolved<'d>(document: &'d Value, value: &'d Value) -> &'d Value {
    match value["$ref"].as_str() {
        Some(reference) => document.pointer(reference.trim_start_matches('#')).expect("a component"),
        None => value,
    }
}

fn parameters<'d>(document: &'d Value, operation: &'d Value) -> impl Iterator<Item = &'d Value> {
    let parameters = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
    parameters.iter().map(move |parameter| resolved(document, parameter))
}

/// Returns all parts that an operation can send except the path, named like [`Sent::parts`].
fn parts(document: &Value, operation: &Value) -> BTreeSet<String> {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let given = parameters(document, operation).filter(|parameter| parameter["in"] != "path").map(|parameter| {
        let name = text(&parameter["name"]);
        let place = text(&parameter["in"]);
        if place == "header" { format!("header {}", name.to_ascii_lowercase()) } else { format!("{place} {name}") }
    });
    let body = resolved(document, &operation["requestBody"]["content"]["application/json"]["schema"]);
    let properties = body["properties"].as_object().into_iter().flatten().map(|(name, _)| format!("body {name}"));
    given.chain(properties).collect()
}

/// Returns `true` if a path parameter accepts any text. Quoted integers and UUIDs cannot leave their segment.
fn has_text_in_path(document: &Value, operation: &Value) -> bool {
    parameters(document, operation).any(|parameter| {
        let schema = &parameter["schema"];
        parameter["in"] == "path" && schema["type"] == "string" && schema["format"].is_null()
    })
}
