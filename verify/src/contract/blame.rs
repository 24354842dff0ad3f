//! Whose fault it is if it is not the client's: that of Prism, which makes up answers, or of the document.
//!
//! In come calls with whole answers, out go verdicts with reasons. Invariant: nothing is blamed on anybody but what a validator that knows nothing of
//! this project confirms on the document as it was before it was served, at the very place where the client stopped; and a request never is, but where
//! it is plain that it was taken for another operation's.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use clientwright::ir::{Api, MediaType, StatusMatch};
use clientwright_normalizer::structure::media::essence;
use serde_json::Value;

use super::results::{ApiResult, Call, Verdict};
use crate::judge::{Contradiction, Judge};

/// What a document says of its operations, by their ids.
#[derive(Default)]
pub(crate) struct Known(BTreeMap<String, Operation>);

/// What a document says of an operation.
#[derive(Default)]
struct Operation {
    /// All that a server has to tell it from others: the method and the path without the names in it (OpenAPI 3.0.3 §4.7.8.1), and without what is no
    /// path.
    route: String,
    /// Its parameters' names, in lower case.
    parameters: BTreeSet<String>,
    answers: Vec<Answer>,
}

/// One documented response.
struct Answer {
    status: StatusMatch,
    /// Its media types, each with the place of its schema.
    schemas: Vec<(String, String)>,
}

impl Known {
    /// The operations of an API.
    pub(crate) fn of(api: &Api) -> Self {
        let operations = api.operations.iter().map(|operation| {
            let answers = operation.responses.iter().map(|response| {
                let of = |media: &MediaType| (essence(&media.name), media.origin.key("schema").as_str().to_owned());
                Answer { status: response.status, schemas: response.media_types.iter().map(of).collect() }
            });
            let answers = answers.collect();
            let names = operation.parameters.iter().map(|parameter| parameter.wire_name.to_lowercase());
            let route = format!("{:?} {}", operation.method, route(&operation.path));
            (operation.id.clone(), Operation { route, parameters: names.collect(), answers })
        });
        Self(operations.collect())
    }

    /// The response that a status means: its code is closer than its hundred, and that closer than `default`.
    fn meant(&self, call: &Call, status: u16) -> Option<&Answer> {
        let answers = &self.0.get(&call.operation)?.answers;
        let hundred = u8::try_from(status / 100).ok()?;
        let wanted = [StatusMatch::Code(status), StatusMatch::Range(hundred), StatusMatch::Default];
        wanted.iter().find_map(|wanted| answers.iter().find(|answer| answer.status == *wanted))
    }

    /// Whether nothing but a switch of protocols is a success of an operation.
    fn only_switches(&self, call: &Call) -> bool {
        let answers = self.0.get(&call.operation).map(|operation| operation.answers.as_slice()).unwrap_or_default();
        let succeeds = |answer: &Answer| answer.status.is_success() || answer.status == StatusMatch::Default;
        answers.iter().any(|answer| answer.status == StatusMatch::Code(101)) && !answers.iter().any(succeeds)
    }

    /// Another operation of the same route.
    fn sharing(&self, call: &Call) -> Option<&str> {
        let own = self.0.get(&call.operation)?;
        let mut others = self.0.iter().filter(|(id, other)| **id != call.operation && other.route == own.route);
        others.next().map(|(id, _)| id.as_str())
    }

    /// The operation that the server took another for: it has the same route, and all that is objected to are parameters of its alone.
    fn taken_for(&self, call: &Call) -> Option<&str> {
        let own = self.0.get(&call.operation)?;
        let names: Option<Vec<String>> = call.details.iter().map(|detail| parameter(detail)).collect();
        let names = names.filter(|names| !names.is_empty())?;
        let others = self.0.iter().filter(|(id, other)| **id != call.operation && other.route == own.route);
        let has_all = |other: &Operation| {
            names.iter().all(|name| other.parameters.contains(name) && !own.parameters.contains(name))
        };
        others.filter(|(_, other)| has_all(other)).map(|(id, _)| id.as_str()).next()
    }
}

/// A path as servers tell it from others.
fn route(path: &str) -> String {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let mut route = String::new();
    for (index, part) in path.split('{').enumerate() {
        match part.split_once('}') {
            Some((_, rest)) if index > 0 => route.extend(["{}", rest]),
            _ => route.push_str(part),
        }
    }
    route
}

/// The parameter that a violation is about: `request.path.id: must be integer`.
fn parameter(detail: &str) -> Option<String> {
    let (place, _) = detail.split_once(": ")?;
    let place = place.strip_prefix("request.").unwrap_or(place);
    let (location, name) = place.split_once('.')?;
    ["path", "query", "header"].contains(&location).then(|| name.to_lowercase())
}

/// Gives the calls that are not the client's fault another verdict, and a reason.
pub(crate) fn explain(outcome: &mut ApiResult, known: &Known, document: &Value) {
    let mut judge = Judge::new(document);
    let written = AuthorsValues { document, found: OnceCell::new() };
    for call in outcome.calls.iter_mut().filter(|call| !call.is_fine()) {
        if let Some((verdict, reason)) = fault(call, known, &mut judge, &written) {
            call.verdict = verdict;
            call.reason = reason;
        }
    }
}

fn fault(call: &Call, known: &Known, judge: &mut Judge<'_>, written: &AuthorsValues<'_>) -> Option<(Verdict, String)> {
    let status = call.status()?;
    if call.verdict == Verdict::Violation && call.details.is_empty() && status == 101 && known.only_switches(call) {
        let reason = "it can only succeed by a switch of protocols (101), after which there is no HTTP any more";
        return Some((Verdict::Documents, reason.to_owned()));
    }
    if call.verdict == Verdict::Violation
        && let Some(other) = known.taken_for(call)
    {
        let reason = format!("no server can tell its path from that of `{other}` (OpenAPI 3.0.3 §4.7.8.1)");
        return Some((Verdict::Documents, reason));
    }
    if !matches!(call.verdict, Verdict::Contradiction | Verdict::Undecodable) {
        return None;
    }
    let Some((schema, body)) = judged(call, known, status) else { return own_objection(call) };
    let found = judge.contradictions(schema, &body).into_iter().find(|found| {
        call.understood
            || call.stopped.is_empty()
            || is_on_the_way(&call.stopped, &as_path(&body, &found.at), found.is_choice)
    });
    match found {
        Some(found) => {
            let (verdict, reason) = contradiction(&found, schema, &body, judge, written);
            match known.sharing(call).filter(|_| verdict == Verdict::Servers) {
                Some(other) => {
                    let reason = format!(
                        "no server can tell its path from that of `{other}`, which may have answered: {reason}"
                    );
                    Some((Verdict::Documents, reason))
                }
                None => Some((verdict, reason)),
            }
        }
        None => own_objection(call),
    }
}

/// The place of the schema of an answer, and the answer.
fn judged<'k>(call: &Call, known: &'k Known, status: u16) -> Option<(&'k str, Value)> {
    let media = essence(&call.header("content-type")?);
    let answer = known.meant(call, status)?;
    let named = answer.schemas.iter().find(|(name, _)| *name == media);
    let (_, schema) = named.or(answer.schemas.first().filter(|_| answer.schemas.len() == 1))?;
    Some((schema, serde_json::from_str(&call.body).ok()?))
}

/// Who contradicts the document: its author, or the server.
fn contradiction(
    found: &Contradiction,
    schema: &str,
    body: &Value,
    judge: &Judge<'_>,
    written: &AuthorsValues<'_>,
) -> (Verdict, String) {
    let Contradiction { at, missing, is_choice: _, what } = found;
    let place = as_path(body, at);
    let place = if place.is_empty() { "its root".to_owned() } else { format!("`{place}`") };
    if missing.as_ref().is_some_and(|missing| !judge.describes(schema, at, missing)) {
        return (Verdict::Documents, format!("no schema describes what is required at {place}: {what}"));
    }
    if written.holds(body, at) {
        return (Verdict::Documents, format!("an example in the document contradicts it at {place}: {what}"));
    }
    (Verdict::Servers, format!("the server's answer contradicts the document at {place}: {what}"))
}

/// A response that the client decodes and only the server reports as invalid: the server generated it.
fn own_objection(call: &Call) -> Option<(Verdict, String)> {
    let detail = call.details.first().filter(|_| call.understood && call.verdict == Verdict::Contradiction)?;
    Some((Verdict::Servers, format!("the client understands the answer, to which the server objects itself: {detail}")))
}

/// Whether a contradiction is at the place where the client stopped; or around it, if it is a choice that went wrong. `stopped` begins with the path of
/// that place, if it is not the root.
fn is_on_the_way(stopped: &str, contradiction: &str, is_choice: bool) -> bool {
    let before = stopped.split_once(": ").map(|(before, _)| before);
    // A problem of the root stands there without a path; paths have blanks in quotes only.
    let place = before.filter(|text| !text.contains(' ') || text.contains("[\"")).unwrap_or_default();
    let goes_on = |rest: &str| rest.starts_with(['.', '[']);
    let is_around = contradiction.is_empty() || place.strip_prefix(contradiction).is_some_and(goes_on);
    place == contradiction || is_choice && is_around
}

/// A place in a value as the client writes it: `data[3].state`.
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

/// The values that the author of a document wrote: examples and defaults.
struct AuthorsValues<'d> {
    document: &'d Value,
    found: OnceCell<BTreeSet<String>>,
}

impl AuthorsValues<'_> {
    /// Whether the author wrote the value at a place, or one that it is part of.
    fn holds(&self, body: &Value, at: &str) -> bool {
        // A server makes no `null` of itself.
        if at.is_empty() && body.is_null() {
            return true;
        }
        let found = self.found.get_or_init(|| written(self.document));
        let mut at = at;
        loop {
            let here = body.pointer(at).filter(|value| is_telling(value));
            if here.is_some_and(|value| found.contains(&value.to_string())) {
                return true;
            }
            match at.rsplit_once('/') {
                Some((outer, _)) => at = outer,
                None => return false,
            }
        }
    }
}

/// Whether a value is none that a server makes up for any document.
fn is_telling(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(_) => false,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty() && text != "string",
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
    }
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
    use serde_json::json;

    /// What is said of a call that is answered with `body`, where the document allows objects with a required text `name` that contain
    /// each other, and gives an example of one that has another `kind` than a number.
    fn said(verdict: Verdict, stopped: &str, body: &Value) -> Option<(Verdict, String)> {
        let schema = json!({
            "type": "object", "required": ["name"],
            "properties": { "name": { "type": "string" }, "inner": { "$ref": "#/s" }, "kind": { "type": "integer", "example": "ten" } },
        });
        let document = json!({ "s": schema });
        let schemas = vec![("application/json".to_owned(), "/s".to_owned())];
        let answers = vec![Answer { status: StatusMatch::Range(2), schemas }];
        let known = Known(BTreeMap::from([("list".to_owned(), Operation { answers, ..Operation::default() })]));
        let mut call = Call::example("list", "full", verdict);
        call.answer =
            json!({ "line": "HTTP/1.1 200 OK", "headers": ["Content-Type: application/json; charset=utf-8"] });
        call.body = body.to_string();
        call.understood = stopped.is_empty();
        call.stopped = stopped.to_owned();
        let written = AuthorsValues { document: &document, found: OnceCell::new() };
        fault(&call, &known, &mut Judge::new(&document), &written)
    }

    #[test]
    fn an_answer_that_contradicts_its_schema_where_the_client_stopped_is_the_servers_fault() {
        let body = json!({ "name": "a", "inner": {} });
        let (verdict, reason) = said(Verdict::Undecodable, "inner: missing required property \"name\"", &body).unwrap();
        assert_eq!(verdict, Verdict::Servers);
        assert!(reason.contains("`inner`") && reason.contains("name"), "{reason}");
        assert_eq!(said(Verdict::Contradiction, "", &body).unwrap().0, Verdict::Servers);
    }

    #[test]
    fn what_the_client_does_not_understand_of_a_right_answer_stays_its_fault() {
        assert_eq!(said(Verdict::Undecodable, "name: expected number", &json!({ "name": "a" })), None);
        let wrong_elsewhere = json!({ "name": "a", "inner": {}, "kind": 1 });
        assert_eq!(said(Verdict::Undecodable, "kind: expected string", &wrong_elsewhere), None);
        assert_eq!(said(Verdict::Undecodable, "inner2: expected string", &wrong_elsewhere), None);
        assert_eq!(said(Verdict::Violation, "", &wrong_elsewhere), None);
        assert_eq!(said(Verdict::Contradiction, "name: expected number", &json!({ "name": "a" })), None);
    }

    #[test]
    fn what_the_server_alone_objects_to_in_its_answer_is_its_fault() {
        let (verdict, reason) = said(Verdict::Contradiction, "", &json!({ "name": "a" })).unwrap();
        assert_eq!(verdict, Verdict::Servers);
        assert!(reason.contains("request: no"), "{reason}");
    }

    #[test]
    fn an_example_that_contradicts_its_schema_is_the_documents_fault() {
        let found = said(Verdict::Undecodable, "kind: expected integer", &json!({ "name": "a", "kind": "ten" }));
        assert_eq!(found.unwrap().0, Verdict::Documents);
    }

    #[test]
    fn an_operation_that_only_switches_protocols_cannot_succeed() {
        let call = |status: u16| {
            let mut call = Call::example("list", "full", Verdict::Violation);
            call.details.clear();
            call.answer = json!({ "line": format!("HTTP/1.1 {status} X") });
            call
        };
        let said = |call: &Call, statuses: &[u16]| {
            let answers = statuses.iter().map(|code| Answer { status: StatusMatch::Code(*code), schemas: Vec::new() });
            let operation = Operation { answers: answers.collect(), ..Operation::default() };
            let known = Known(BTreeMap::from([("list".to_owned(), operation)]));
            let written = AuthorsValues { document: &Value::Null, found: OnceCell::new() };
            fault(call, &known, &mut Judge::new(&Value::Null), &written).map(|(verdict, _)| verdict)
        };
        assert_eq!(said(&call(101), &[101, 404]), Some(Verdict::Documents));
        assert_eq!(said(&call(101), &[101, 200]), None);
        assert_eq!(said(&call(404), &[101, 404]), None);
    }

    #[test]
    fn an_operation_whose_path_is_that_of_another_is_told_by_the_parameters_that_are_objected_to() {
        let operation = |path: &str, name: &str| Operation {
            route: route(path),
            parameters: BTreeSet::from([name.to_owned()]),
            answers: Vec::new(),
        };
        let known = Known(BTreeMap::from([
            ("list".to_owned(), operation("/a/{number}", "number")),
            ("other".to_owned(), operation("/a/{Id}#part", "id")),
            ("another".to_owned(), operation("/a/{Id}/b", "id")),
        ]));
        let taken = |details: &[&str]| {
            let mut call = Call::example("list", "full", Verdict::Violation);
            call.details = details.iter().map(|detail| (*detail).to_owned()).collect();
            known.taken_for(&call).map(str::to_owned)
        };
        assert_eq!(taken(&["path.id: no", "request.path.id: no"]).as_deref(), Some("other"));
        for own in [&["path.number: no"][..], &["path.id: no", "body.a: no"], &["path.b: no"], &[]] {
            assert_eq!(taken(own), None);
        }
        assert_eq!(known.sharing(&Call::example("list", "full", Verdict::Undecodable)), Some("other"));
        assert_eq!(known.sharing(&Call::example("another", "full", Verdict::Undecodable)), None);
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
