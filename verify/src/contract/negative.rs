//! The negative contract: deliberately invalid requests, to which the server must object (`verify/contract/negative.yaml`).
//!
//! In: an API and its server. Out: verdicts. Invariant: the requests of each API start with valid ones, and the place of the server's
//! objection is compared, too.

use std::collections::BTreeMap;
use std::path::Path;

use clientwright_contract::{Call, Contract, Exchange, Verdict};
use clientwright_runtime::http::Method;
use clientwright_runtime::wire::Encode;
use clientwright_runtime::{Client, Credential, JsonValue};
use serde::Deserialize;

use crate::files::data;

/// The name of the form of these calls in the report.
pub(crate) const FORM: &str = "negative";

/// A request that is created without the generated client.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    title: String,
    method: String,
    path: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    body: Option<JsonValue>,
    #[serde(default)]
    anonymous: bool,
    /// Text that the server's objection must contain; `None` for a valid request.
    objection: Option<String>,
}

/// Sends the requests of an API to the server at an address.
pub(crate) fn run(root: &Path, api: &str, address: &str) -> Result<Vec<Call>, String> {
    let mut cases: BTreeMap<String, Vec<Case>> = data(&root.join("verify/contract/negative.yaml"))?;
    let cases = cases.remove(api).ok_or_else(|| format!("{api} has no requests in negative.yaml"))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| error.to_string())?.block_on(send(&cases, address))
}

async fn send(cases: &[Case], address: &str) -> Result<Vec<Call>, String> {
    let contract = Contract::at(address.to_owned()).await.map_err(|error| format!("the recording proxy: {error}"))?;
    // All schemes that Prism checks for these APIs accept a bearer token.
    let client = Client::builder(contract.base_url()).auth(Credential::bearer("token", FORM.to_owned()));
    let client = client.transport(Contract::transport).retries(Contract::retries()).build();
    let client = client.map_err(|error| error.to_string())?;
    let mut calls = Vec::new();
    for Case { title, method, path, headers, body, anonymous, objection } in cases {
        let method = Method::from_bytes(method.as_bytes()).map_err(|error| format!("{title}: {error}"))?;
        let mut request = client.request_raw(method, path);
        if !anonymous {
            request = request.security(&[&["token"]]);
        }
        for (name, value) in headers {
            request = request.header(name, value);
        }
        if let Some(body) = body {
            request = request.json(body as &dyn Encode);
        }
        // The client's outcome is irrelevant.
        drop(request.send().await);
        let exchanges = contract.recorded();
        let verdict = verdict(objection.as_deref(), exchanges.first());
        calls.push(Call::new(title, FORM, verdict, None, exchanges.first()));
    }
    Ok(calls)
}

/// Judges whether the server objected as expected.
fn verdict(expected: Option<&str>, exchange: Option<&Exchange>) -> Verdict {
    let Some((exchange, status)) = exchange.and_then(|exchange| Some((exchange, exchange.status()?))) else {
        return Verdict::Failed("no answer".to_owned());
    };
    let (message, details) = match (expected, exchange.problem()) {
        (None, None) if status < 400 => return Verdict::Passed,
        (None, None) => (format!("a request that is right was answered with {status}"), Vec::new()),
        (None, Some(problem)) => {
            (format!("Prism objects to a request that is right: {}", problem.message), problem.details)
        }
        (Some(_), None) => (format!("Prism did not object but answered {status}"), Vec::new()),
        (Some(wanted), Some(problem)) => {
            let said = problem.message.contains(wanted) || problem.details.iter().any(|detail| detail.contains(wanted));
            if said && (400..500).contains(&status) {
                return Verdict::Passed;
            }
            let other = format!("objects to something else than `{wanted}`: {}", problem.message);
            (format!("Prism answered {status} and {other}"), problem.details)
        }
    };
    Verdict::Violation(message, details)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(head: &str) -> Exchange {
        Exchange { request: Vec::new(), answer: format!("HTTP/1.1 {head}\r\n\r\n").into_bytes() }
    }

    #[test]
    fn every_api_has_right_and_wrong_requests() {
        let root = crate::root();
        let apis: BTreeMap<String, Vec<Case>> = data(&root.join("verify/contract/negative.yaml")).unwrap();
        let documents = std::fs::read_dir(root.join("specs")).unwrap().map(|entry| entry.unwrap().path());
        let documents = documents.filter(|path| path.extension().is_some_and(|ending| ending == "yaml"));
        assert!(documents.into_iter().all(|path| apis.contains_key(path.file_stem().unwrap().to_str().unwrap())));
        for (api, cases) in &apis {
            assert!(cases.iter().filter(|case| case.objection.is_none()).count() >= 1, "{api}");
            assert!(cases.iter().filter(|case| case.objection.is_some()).count() >= 4, "{api}");
        }
    }

    #[test]
    fn only_the_objection_that_was_provoked_counts() {
        let objection = "422 No\r\nsl-violations: [{\"location\":[\"request\",\"query\"],\"severity\":\"Error\",\"message\":\"must have required property 'id'\"}]";
        assert_eq!(verdict(Some("'id'"), Some(&answered(objection))), Verdict::Passed);
        assert_eq!(verdict(None, Some(&answered("200 OK"))), Verdict::Passed);
        let wrong = [
            (Some("'name'"), objection),
            (None, objection),
            (Some("'id'"), "200 OK"),
            (Some("'id'"), "422 No"),
            (None, "422 No"),
        ];
        for (expected, head) in wrong {
            assert!(matches!(verdict(expected, Some(&answered(head))), Verdict::Violation(..)), "{expected:?} {head}");
        }
        assert!(matches!(verdict(None, None), Verdict::Failed(_)));
        assert!(matches!(verdict(None, Some(&Exchange::default())), Verdict::Failed(_)));
    }
}
