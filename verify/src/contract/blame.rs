//! The causes of failed calls other than the client: Prism, which generates responses, or the document.
//!
//! In: calls with whole responses. Out: verdicts with reasons. Invariant: a response is blamed only if a validator that is independent of
//! this project confirms it on the original document, at the place where the client stopped. A request is blamed only if the server
//! evidently confused its operation with another.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use clientwright::ir::{Api, Operation, StatusMatch};
use clientwright_contract::Verdict;
use clientwright_normalizer::structure::media::essence;
use clientwright_normalizer::structure::template::{Piece, pieces};
use serde_json::Value;

use super::prism::is_telling;
use super::results::{ApiResult, Call, Excuse};
use crate::contract_programs::meant;
use crate::judge::{Contradiction, Judge};

/// Excuses the calls that are not the client's fault.
pub(crate) fn explain(outcome: &mut ApiResult, api: &Api, document: &Value) {
    let mut explainer = Explainer::new(api, document);
    for call in outcome.calls.iter_mut().filter(|call| !call.is_fine()) {
        call.excuse = explainer.excuse(call);
    }
}

/// A document and its operations.
struct Explainer<'d> {
    api: &'d Api,
    document: &'d Value,
    judge: Judge<'d>,
    /// The values that the document's author wrote: examples and defaults.
    written: OnceCell<BTreeSet<String>>,
}

impl<'d> Explainer<'d> {
    fn new(api: &'d Api, document: &'d Value) -> Self {
        Self { api, document, judge: Judge::new(document), written: OnceCell::new() }
    }

    fn excuse(&mut self, call: &Call) -> Option<Excuse> {
        let status = call.status()?;
        let operation = self.api.operations.iter().find(|operation| operation.id == call.operation)?;
        match &call.verdict {
            Verdict::Violation(_, details) if details.is_empty() && status == 101 && only_switches(operation) => {
                let reason =
                    "it can only succeed by a switch of protocols (101), after which there is no HTTP any more";
                return Some(Excuse::Document(reason.to_owned()));
            }
            Verdict::Violation(..) => {
                let other = &self.taken_for(call, operation)?.id;
                let reason = format!("no server can tell its path from that of `{other}` (OpenAPI 3.0.3 §4.7.8.1)");
                return Some(Excuse::Document(reason));
            }
            Verdict::Contradiction(..) | Verdict::Undecodable(_) => {}
            Verdict::Passed | Verdict::Failed(_) => return None,
        }
        let Some((schema, body)) = judged(call, operation, status) else { return own_objection(call) };
        let found = self.judge.contradictions(&schema, &body).into_iter().find(|found| {
            call.understood
                || call.stopped.is_empty()
                || is_on_the_way(&call.stopped, &as_path(&body, &found.at), found.is_choice)
        });
        let Some(found) = found else { return own_objection(call) };
        match (self.contradiction(&found, &schema, &body), self.sharing(operation).next()) {
            (Excuse::Server(reason), Some(Operation { id, .. })) => Some(Excuse::Document(format!(
                "no server can tell its path from that of `{id}`, which may have answered: {reason}"
            ))),
            (excuse, _) => Some(excuse),
        }
    }

    /// Returns the operations that a server cannot distinguish from this one. They have the same method, and the same path ignoring
    /// parameter names (OpenAPI 3.0.3 §4.7.8.1), query and fragment.
    fn sharing(&self, own: &'d Operation) -> impl Iterator<Item = &'d Operation> {
        let is_same = |other: &Operation| other.method == own.method && route(&other.path) == route(&own.path);
        self.api.operations.iter().filter(move |other| other.id != own.id && is_same(other))
    }

    /// Returns the operation that the server confused with this one: it has the same route, and all objections concern parameters that only
    /// it has.
    fn taken_for(&self, call: &Call, own: &'d Operation) -> Option<&'d Operation> {
        let names: Option<Vec<String>> = call.verdict.details().iter().map(|detail| parameter(detail)).collect();
        let names = names.filter(|names| !names.is_empty())?;
        let has = |operation: &Operation, name: &String| {
            operation.parameters.iter().any(|parameter| parameter.wire_name.to_lowercase() == *name)
        };
        self.sharing(own).find(|other| names.iter().all(|name| has(other, name) && !has(own, name)))
    }

    /// Returns who contradicts the document: its author, or the server.
    fn contradiction(&self, found: &Contradiction, schema: &str, body: &Value) -> Excuse {
        let Contradiction { at, missing, is_choice: _, what } = found;
        let place = as_path(body, at);
        let place = if place.is_empty() { "its root".to_owned() } else { format!("`{place}`") };
        if missing.as_ref().is_some_and(|missing| !self.judge.describes(schema, at, missing)) {
            return Excuse::Document(format!("no schema describes what is required at {place}: {what}"));
        }
        if self.is_written(body, at) {
            return Excuse::Document(format!("an example in the document contradicts it at {place}: {what}"));
        }
        Excuse::Server(format!("the server's answer contradicts the document at {place}: {what}"))
    }

    /// Returns `true` if the author wrote the value at a place, or one that contains it.
    fn is_written(&self, body: &Value, at: &str) -> bool {
        // A server does not generate `null`.
        if at.is_empty() && body.is_null() {
            return true;
        }
        let written = self.written.get_or_init(|| written(self.document));
        let ends = at.match_indices('/').map(|(end, _)| end).chain([at.len()]);
        let mut around = ends.filter_map(|end| body.pointer(at.get(..end)?)).filter(|value| is_telling(value));
        around.any(|value| written.contains(&value.to_string()))
    }
}

/// Returns `true` if switching protocols is the only success of an operation.
fn only_switches(operation: &Operation) -> bool {
    let mut statuses = operation.responses.iter().map(|response| response.status);
    let switches = statuses.clone().any(|status| status == StatusMatch::Code(101));
    switches && !statuses.any(|status| status.is_success() || status == StatusMatch::Default)
}

/// Returns the place of a response's schema, and the response.
fn judged(call: &Call, operation: &Operation, status: u16) -> Option<(String, Value)> {
    let media = essence(call.answer.as_ref()?.header("content-type")?);
    let answers = &meant(operation, status)?.media_types;
    let named = answers.iter().find(|answer| essence(&answer.name) == media);
    let answer = named.or(answers.first().filter(|_| answers.len() == 1))?;
    Some((answer.origin.key("schema").to_string(), serde_json::from_str(&call.body).ok()?))
}

/// Excuses a response that the client decodes and that only the server, which generated it, reports as invalid.
fn own_objection(call: &Call) -> Option<Excuse> {
    let Verdict::Contradiction(_, details) = &call.verdict else { return None };
    let detail = details.first().filter(|_| call.understood)?;
    Some(Excuse::Server(format!("the client understands the answer, to which the server objects itself: {detail}")))
}

/// Returns a path as servers distinguish it from others.
fn route(path: &str) -> String {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let pieces = pieces(path).into_iter().map(|piece| match piece {
        Piece::Text(text) => text,
        Piece::Parameter(_) => "{}",
    });
    pieces.collect()
}

/// Returns the parameter that a violation concerns: `request.path.id: must be integer`.
fn parameter(detail: &str) -> Option<String> {
    let (place, _) = detail.split_once(": ")?;
    let place = place.strip_prefix("request.").unwrap_or(place);
    let (location, name) = place.split_once('.')?;
    ["path", "query", "header"].contains(&location).then(|| name.to_lowercase())
}

/// Returns `true` if a contradiction is at the place where the client stopped, or around it for a failed choice. `stopped` starts with the
/// path of that place, unless it is the root.
fn is_on_the_way(stopped: &str, contradiction: &str, is_choice: bool) -> bool {
    let before = stopped.split_once(": ").map(|(before, _)| before);
    // A problem of the root has no path; paths contain spaces only in quotes.
    let place = before.filter(|text| !text.contains(' ') || text.contains("[\"")).unwrap_or_default();
    let goes_on = |rest: &str| rest.starts_with(['.', '[']);
    let is_around = contradiction.is_empty() || place.strip_prefix(contradiction).is_some_and(goes_on);
    place == contradiction || is_choice && is_around
}

/// Formats a place in a value like the client: `data[3].state`.
fn as_path(value: &Value, at: &str) -> String {
    let mut path = String::new();
    let mut here = Some(value);
    for token in at.split('/').skip(1) {
        let key = token.replace("~1", "/").replace("~0", "~");
        let is_index = here.is_some_and(Value::is_array);
        let plain = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '@' | '$'));
        match (is_index, plain) {
            (true, _) => path.push_str(&format!("[{key}]")),
            (false, true) if path.is_empty() => path.push_str(&key),
            (false, true) => path.push_str(&format!(".{key}")),
            (false, false) => path.push_str(&format!("[{key:?}]")),
        }
        here = match here {
            Some(Value::Array(items)) => key.parse().ok().and_then(|index: usize| items.get(index)),
            Some(Value::Object(members)) => members.get(&key),
            _ => None,
        };
    }
    path
}

fn written(document: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut waiting: Vec<(bool, &Value)> = vec![(false, document)];
    while let Some((is_data, value)) = waiting.pop() {
        if is_data && is_telling(value) {
            found.insert(value.to_string());
        }
        match value {
            Value::Object(members) => waiting.extend(
                members
                    .iter()
                    .map(|(key, value)| (is_data || ["default", "example", "examples"].contains(&key.as_str()), value)),
            ),
            Value::Array(items) => waiting.extend(items.iter().map(|value| (is_data, value))),
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use clientwright::generate::{Document, read_api};
    use clientwright_contract::Message;
    use clientwright_normalizer::Source;
    use serde_json::json;

    /// Returns a document with operations, and its API.
    fn read(paths: Value, schema: Value) -> (Api, Value) {
        let info = json!({ "title": "t", "version": "v" });
        let components = json!({ "schemas": { "s": schema } });
        let document = json!({ "openapi": "3.0.3", "info": info, "paths": paths, "components": components });
        let source = Source { name: "t.json".to_owned(), text: document.to_string() };
        (read_api(&Document::new("t", source)).unwrap().0, document)
    }

    /// Returns the excuse for a call with the response `body`. The document allows objects that contain each other, with a required string
    /// `name`; its example for the integer `kind` is a string.
    fn said(verdict: Verdict, stopped: &str, body: &Value) -> Option<Excuse> {
        let own = json!({ "$ref": "#/components/schemas/s" });
        let schema = json!({
            "type": "object", "required": ["name"],
            "properties": { "name": { "type": "string" }, "inner": own, "kind": { "type": "integer", "example": "ten" } },
        });
        let answer = json!({ "description": "", "content": { "application/json": { "schema": own } } });
        let paths = json!({ "/": { "get": { "operationId": "list", "responses": { "2XX": answer } } } });
        let (api, document) = read(paths, schema);
        let mut call = Call::example("list", "full", verdict);
        let made = call.made();
        let headers = vec!["Content-Type: application/json; charset=utf-8".to_owned()];
        made.answer = Some(Message { line: "HTTP/1.1 200 OK".to_owned(), headers, body: String::new() });
        made.body = body.to_string();
        made.understood = stopped.is_empty();
        made.stopped = stopped.to_owned();
        Explainer::new(&api, &document).excuse(&call)
    }

    fn undecodable() -> Verdict {
        Verdict::Undecodable("no".to_owned())
    }

    fn contradiction() -> Verdict {
        Verdict::Contradiction("no".to_owned(), vec!["request: no".to_owned()])
    }

    #[test]
    fn an_answer_that_contradicts_its_schema_where_the_client_stopped_is_the_servers_fault() {
        let body = json!({ "name": "a", "inner": {} });
        let excuse = said(undecodable(), "inner: missing required property \"name\"", &body);
        let Some(Excuse::Server(reason)) = excuse else { panic!("{excuse:?}") };
        assert!(reason.contains("`inner`") && reason.contains("name"), "{reason}");
        assert!(matches!(said(contradiction(), "", &body), Some(Excuse::Server(_))));
    }

    #[test]
    fn what_the_client_does_not_understand_of_a_right_answer_stays_its_fault() {
        assert_eq!(said(undecodable(), "name: expected number", &json!({ "name": "a" })), None);
        let wrong_elsewhere = json!({ "name": "a", "inner": {}, "kind": 1 });
        assert_eq!(said(undecodable(), "kind: expected string", &wrong_elsewhere), None);
        assert_eq!(said(undecodable(), "inner2: expected string", &wrong_elsewhere), None);
        assert_eq!(said(Call::violation(), "", &wrong_elsewhere), None);
        assert_eq!(said(contradiction(), "name: expected number", &json!({ "name": "a" })), None);
    }

    #[test]
    fn what_the_server_alone_objects_to_in_its_answer_is_its_fault() {
        let excuse = said(contradiction(), "", &json!({ "name": "a" }));
        let Some(Excuse::Server(reason)) = excuse else { panic!("{excuse:?}") };
        assert!(reason.contains("request: no"), "{reason}");
    }

    #[test]
    fn an_example_that_contradicts_its_schema_is_the_documents_fault() {
        let found = said(undecodable(), "kind: expected integer", &json!({ "name": "a", "kind": "ten" }));
        assert!(matches!(found, Some(Excuse::Document(_))), "{found:?}");
    }

    #[test]
    fn an_operation_that_only_switches_protocols_cannot_succeed() {
        let call = |status: u16| {
            let mut call = Call::example("list", "full", Verdict::Violation("no".to_owned(), Vec::new()));
            call.made().answer = Some(Message { line: format!("HTTP/1.1 {status} X"), ..Message::default() });
            call
        };
        let said = |call: &Call, statuses: &[u16]| {
            let answers = statuses.iter().map(|code| (code.to_string(), json!({ "description": "" })));
            let answers: serde_json::Map<String, Value> = answers.collect();
            let (api, document) =
                read(json!({ "/": { "get": { "operationId": "list", "responses": answers } } }), json!({}));
            Explainer::new(&api, &document).excuse(call).is_some()
        };
        assert!(said(&call(101), &[101, 404]));
        assert!(!said(&call(101), &[101, 200]));
        assert!(!said(&call(404), &[101, 404]));
    }

    #[test]
    fn an_operation_whose_path_is_that_of_another_is_told_by_the_parameters_that_are_objected_to() {
        let operation = |id: &str, name: &str| {
            let parameters = json!([{ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }]);
            json!({ "get": { "operationId": id, "parameters": parameters, "responses": { "204": { "description": "" } } } })
        };
        let paths = json!({
            "/a/{number}": operation("list", "number"),
            "/a/{Id}#part": operation("other", "Id"),
            "/a/{Id}/b": operation("another", "Id"),
        });
        let (api, document) = read(paths, json!({}));
        let explainer = Explainer::new(&api, &document);
        let named = |id: &str| api.operations.iter().find(|operation| operation.id == id).unwrap();
        let taken = |details: &[&str]| {
            let details = details.iter().map(|detail| (*detail).to_owned()).collect();
            let call = Call::example("list", "full", Verdict::Violation("no".to_owned(), details));
            explainer.taken_for(&call, named("list")).map(|other| other.id.as_str())
        };
        assert_eq!(taken(&["path.id: no", "request.path.id: no"]), Some("other"));
        for own in [&["path.number: no"][..], &["path.id: no", "body.a: no"], &["path.b: no"], &[]] {
            assert_eq!(taken(own), None);
        }
        assert_eq!(explainer.sharing(named("list")).next().map(|other| other.id.as_str()), Some("other"));
        assert!(explainer.sharing(named("another")).next().is_none());
        assert_eq!(route("/a/{b}:{c}/d}?e={f}"), "/a/{}:{}/d}");
    }

    #[test]
    fn places_are_written_as_the_client_writes_them() {
        let value = json!({ "a": [{ "b c": { "0": [] } }] });
        assert_eq!(as_path(&value, "/a/0/b c/0/1"), "a[0][\"b c\"].0[1]");
        assert_eq!(as_path(&value, ""), "");
        assert!(is_on_the_way("a[0].b: no", "a[0].b", false) && !is_on_the_way("a: no", "a.b", false));
        assert!(is_on_the_way("a[0].b: no", "a[0]", true) && !is_on_the_way("a[0].b: no", "a[0]", false));
        assert!(is_on_the_way("a: no", "", true) && !is_on_the_way("a: no", "", false));
        assert!(is_on_the_way("missing required property \"a b\" at line 1", "", false));
        assert!(!is_on_the_way("a[0]: no", "a[01]", true));
    }
}
