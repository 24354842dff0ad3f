//! The negative contract: requests that are made wrong on purpose, and to which the server must object.
//!
//! In comes the name of an API, out go verdicts: it shows that the check of the other requests can fail. Invariant: each API begins with requests that are
//! right, so that what is refused is refused for the one thing that is wrong with it, and where the server places the objection is compared, too.

use std::env;
use std::process::ExitCode;

use clientwright_runtime::reqwest::Method;
use clientwright_runtime::wire::Encode;
use clientwright_runtime::{Client, Credential, JsonValue, Request};
use serde_json::json;

use crate::contract::{Contract, give_up};
use crate::exchange::Exchange;
use crate::judge::Verdict;

/// What the report calls the form of these calls.
const FORM: &str = "negative";

/// What the server has to say to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expected {
    /// Nothing: the request is right.
    Nothing,
    /// An objection whose message or place holds this text.
    Objection(&'static str),
}

use Expected::{Nothing, Objection};

/// A request, put together without the generated client.
struct Case {
    title: &'static str,
    method: Method,
    path_and_query: &'static str,
    headers: Vec<(&'static str, &'static str)>,
    body: Option<JsonValue>,
    authenticated: bool,
    expected: Expected,
}

/// A case with credentials and nothing but method and path.
fn case(title: &'static str, method: Method, path_and_query: &'static str, expected: Expected) -> Case {
    Case { title, method, path_and_query, headers: Vec::new(), body: None, authenticated: true, expected }
}

impl Case {
    fn headers(mut self, headers: &[(&'static str, &'static str)]) -> Self {
        self.headers.extend_from_slice(headers);
        self
    }

    fn body(mut self, body: JsonValue) -> Self {
        self.body = Some(body);
        self
    }

    fn anonymous(mut self) -> Self {
        self.authenticated = false;
        self
    }

    fn request(&self, client: &Client) -> Request {
        let mut request = client.request_raw(self.method.clone(), self.path_and_query);
        if self.authenticated {
            request = request.security(&[&["token"]]);
        }
        for (name, value) in &self.headers {
            request = request.header(name, *value);
        }
        match &self.body {
            Some(body) => request.json(body as &dyn Encode),
            None => request,
        }
    }
}

/// The program: its arguments are the server and the name of an API.
#[must_use]
pub fn main() -> ExitCode {
    let Some(api) = env::args().nth(2) else { give_up("usage: <program> <host:port of the server> <API>") };
    match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime.block_on(run(&api)),
        Err(error) => give_up(&error.to_string()),
    }
}

async fn run(api: &str) -> ExitCode {
    let mut contract = Contract::start().await;
    // Every scheme that Prism checks for these APIs takes a bearer token.
    let credential = Credential::bearer("token", "negative".to_owned());
    let client = Client::builder(contract.base_url())
        .auth(credential)
        .transport(Contract::transport)
        .retries(Contract::retries())
        .build();
    let client = match client {
        Ok(client) => client,
        Err(error) => give_up(&error.to_string()),
    };
    for case in cases(api) {
        drop(contract.recorded());
        // What the client makes of it does not matter here.
        drop(case.request(&client).send().await);
        let exchanges = contract.recorded();
        contract.say(case.title, FORM, &verdict(case.expected, exchanges.first()), None, &exchanges);
    }
    contract.finish()
}

/// Whether the server said what it had to say.
fn verdict(expected: Expected, exchange: Option<&Exchange>) -> Verdict {
    let Some((exchange, status)) = exchange.and_then(|exchange| Some((exchange, exchange.status()?))) else {
        return Verdict::Failed("no answer".to_owned());
    };
    match (expected, exchange.problem()) {
        (Nothing, None) if status < 400 => Verdict::Passed,
        (Nothing, None) => {
            Verdict::Violation(format!("a request that is right was answered with {status}"), Vec::new())
        }
        (Nothing, Some(problem)) => Verdict::Violation(
            format!("Prism objects to a request that is right: {}", problem.message),
            problem.details,
        ),
        (Objection(_), None) => Verdict::Violation(format!("Prism did not object but answered {status}"), Vec::new()),
        (Objection(wanted), Some(problem)) => {
            let said = problem.message.contains(wanted) || problem.details.iter().any(|detail| detail.contains(wanted));
            if said && (400..500).contains(&status) {
                return Verdict::Passed;
            }
            let message =
                format!("Prism answered {status} and objects to something else than `{wanted}`: {}", problem.message);
            Verdict::Violation(message, problem.details)
        }
    }
}

/// The cases of an API; none if there are none for it.
fn cases(api: &str) -> Vec<Case> {
    match api {
        "bytehouse" => bytehouse(),
        "capydb_imports" => capydb_imports(),
        "lakefs_import" => lakefs_import(),
        "tidb_cloud_data_service" => tidb_cloud_data_service(),
        "tidb_cloud_import" => tidb_cloud_import(),
        _ => Vec::new(),
    }
}

fn bytehouse() -> Vec<Case> {
    const SUBSCRIPTION: &str = "/v1/metadata/subscription";
    let headers = [("X-Account-ID", "2100042608"), ("X-User-ID", "1")];
    let token = [("X-Bytehouse-Token", "token")];
    vec![
        case("three headers", Method::POST, SUBSCRIPTION, Nothing).headers(&headers).headers(&token),
        case("a required header is missing", Method::POST, SUBSCRIPTION, Objection("'x-bytehouse-token'"))
            .headers(&headers),
        case("an object as body", Method::POST, "/v1/databases", Nothing).body(json!({ "name": "sales" })),
        case("a required field is missing", Method::POST, "/v1/databases", Objection("'name'")).body(json!({})),
        case("a list as body", Method::POST, "/v1/databases", Objection("object")).body(json!(["sales"])),
        case("a number in the query", Method::GET, "/v1/databases?limit=5", Nothing),
        case("a word for a number", Method::GET, "/v1/databases?limit=five", Objection("integer")),
        case("no credentials", Method::GET, "/v1/databases", Objection("security")).anonymous(),
        case("a method that the path does not have", Method::PUT, "/v1/databases", Objection("NO_METHOD_MATCHED")),
    ]
}

fn capydb_imports() -> Vec<Case> {
    const PREFLIGHT: &str = "/v1/projects/p/imports/preflight";
    let body = json!({ "source_url": "postgres://db.example.com/shop" });
    vec![
        case("an object as body", Method::POST, PREFLIGHT, Nothing).body(body.clone()),
        case("no body", Method::POST, PREFLIGHT, Objection("Body parameter is required")),
        case("a required field is missing", Method::POST, PREFLIGHT, Objection("'source_url'")).body(json!({})),
        case("a number for a text", Method::POST, PREFLIGHT, Objection("source_url")).body(json!({ "source_url": 1 })),
        case("no credentials", Method::POST, PREFLIGHT, Objection("security")).body(body).anonymous(),
        case("an unknown path", Method::POST, "/v1/projects/p/exports", Objection("NO_PATH_MATCHED")).body(json!({})),
    ]
}

fn lakefs_import() -> Vec<Case> {
    const IMPORT: &str = "/repositories/r/branches/b/import";
    let place = json!({ "type": "object", "path": "s3://bucket/key", "destination": "key" });
    let unknown = json!({ "type": "table", "path": "s3://bucket/key", "destination": "key" });
    let body = |place| json!({ "paths": [place], "commit": { "message": "Import" } });
    vec![
        case("an id in the query", Method::GET, "/repositories/r/branches/b/import?id=1", Nothing),
        case("a required part of the query is missing", Method::GET, IMPORT, Objection("'id'")),
        case("an import", Method::POST, IMPORT, Nothing).body(body(place.clone())),
        case("a value that the enum does not have", Method::POST, IMPORT, Objection("type")).body(body(unknown)),
        case("a required object is missing", Method::POST, IMPORT, Objection("'commit'"))
            .body(json!({ "paths": [place] })),
        case("no credentials", Method::POST, IMPORT, Objection("security")).body(body(place)).anonymous(),
        case(
            "a slash in a name",
            Method::GET,
            "/repositories/r/s/branches/b/import?id=1",
            Objection("NO_PATH_MATCHED"),
        ),
    ]
}

/// Served without its security, because Prism cannot check digest: then it objects to any credentials.
fn tidb_cloud_data_service() -> Vec<Case> {
    const NAME: &str = "displayName";
    let cases = vec![
        case("a page of the documented size", Method::GET, "/dataApps?pageSize=100", Nothing),
        case("a page that is too large", Method::GET, "/dataApps?pageSize=101", Objection("<= 100")),
        case("a word for a number", Method::GET, "/dataApps?pageSize=all", Objection("integer")),
        case("a Data App", Method::POST, "/dataApps", Nothing).body(json!({ NAME: "Shop" })),
        case("a required field is missing", Method::POST, "/dataApps", Objection(NAME)).body(json!({})),
        case("a list for a text", Method::POST, "/dataApps", Objection(NAME)).body(json!({ NAME: [] })),
        case("an unknown path", Method::GET, "/dataapps", Objection("NO_PATH_MATCHED")),
    ];
    cases.into_iter().map(Case::anonymous).collect()
}

/// Served without its security, like the other API of this vendor.
fn tidb_cloud_import() -> Vec<Case> {
    const IMPORTS: &str = "/api/internal/projects/1/clusters/2/imports";
    let body = |format: &str| json!({ "type": "LOCAL", "data_format": format, "file_name": "orders.csv" });
    let cases = vec![
        case("a page", Method::GET, "/api/internal/projects/1/clusters/2/imports?page=1", Nothing),
        case(
            "a word for a number",
            Method::GET,
            "/api/internal/projects/1/clusters/2/imports?page=one",
            Objection("integer"),
        ),
        case("an import", Method::POST, IMPORTS, Nothing).body(body("CSV")),
        case("a value that the enum does not have", Method::POST, IMPORTS, Objection("data_format")).body(body("XLS")),
        case("a required field is missing", Method::POST, IMPORTS, Objection("'type'"))
            .body(json!({ "data_format": "CSV" })),
        case("no body", Method::POST, IMPORTS, Objection("Body parameter is required")),
        case("another media type", Method::POST, IMPORTS, Objection("Supported content types"))
            .body(body("CSV"))
            .headers(&[("Content-Type", "text/csv")]),
    ];
    cases.into_iter().map(Case::anonymous).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const APIS: [&str; 5] =
        ["bytehouse", "capydb_imports", "lakefs_import", "tidb_cloud_data_service", "tidb_cloud_import"];

    fn answered(head: &str) -> Exchange {
        Exchange { request: Vec::new(), answer: format!("HTTP/1.1 {head}\r\n\r\n").into_bytes() }
    }

    #[test]
    fn every_api_has_right_and_wrong_requests() {
        for api in APIS {
            let cases = cases(api);
            assert!(cases.iter().filter(|case| case.expected == Nothing).count() >= 1, "{api}");
            assert!(cases.iter().filter(|case| case.expected != Nothing).count() >= 4, "{api}");
        }
        assert!(cases("another").is_empty());
    }

    #[test]
    fn only_the_objection_that_was_provoked_counts() {
        let objection = "422 No\r\nsl-violations: [{\"location\":[\"request\",\"query\"],\"severity\":\"Error\",\"message\":\"must have required property 'id'\"}]";
        assert_eq!(verdict(Objection("'id'"), Some(&answered(objection))), Verdict::Passed);
        assert_eq!(verdict(Nothing, Some(&answered("200 OK"))), Verdict::Passed);
        let wrong = [
            (Objection("'name'"), objection),
            (Nothing, objection),
            (Objection("'id'"), "200 OK"),
            (Objection("'id'"), "422 No"),
            (Nothing, "422 No"),
        ];
        for (expected, head) in wrong {
            assert!(matches!(verdict(expected, Some(&answered(head))), Verdict::Violation(..)), "{expected:?} {head}");
        }
        assert!(matches!(verdict(Nothing, None), Verdict::Failed(_)));
        assert!(matches!(verdict(Nothing, Some(&Exchange::default())), Verdict::Failed(_)));
    }
}
