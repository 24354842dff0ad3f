//! What people see: a table, and everything that is wrong.
//!
//! In come outcomes, out goes text. Invariant: what is excused is counted, so that it can be seen.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::Value;

use super::results::{ApiResult, Call, NEGATIVE, Verdict};

/// The columns after the name.
const COLUMNS: [&str; 11] = [
    "operations", "required", "full", "responses", "calls", "refused on purpose", "violations", "undecodable",
    "server's fault", "document's fault", "excluded",
];

/// One line for each API, and the sums.
pub(crate) fn table(outcomes: &[ApiResult]) -> String {
    let rows: Vec<[usize; COLUMNS.len()]> = outcomes.iter().map(row).collect();
    let width = outcomes.iter().map(|outcome| outcome.name.len()).max().unwrap_or(0).max("all".len());
    let mut text = format!("{:width$}", "");
    for column in COLUMNS {
        let _ = write!(text, "  {column}");
    }
    text.push('\n');
    for (outcome, row) in outcomes.iter().zip(&rows) {
        line(&mut text, width, &outcome.name, row);
    }
    if rows.len() > 1 {
        let mut sums = [0; COLUMNS.len()];
        for row in &rows {
            for (sum, number) in sums.iter_mut().zip(row) {
                *sum += number;
            }
        }
        line(&mut text, width, "all", &sums);
    }
    text
}

fn line(text: &mut String, width: usize, name: &str, row: &[usize; COLUMNS.len()]) {
    let _ = write!(text, "{name:width$}");
    for (column, number) in COLUMNS.iter().zip(row) {
        let _ = write!(text, "  {number:>width$}", width = column.len());
    }
    text.push('\n');
}

fn row(outcome: &ApiResult) -> [usize; COLUMNS.len()] {
    let count = |wanted: &dyn Fn(&Call) -> bool| outcome.calls.iter().filter(|call| wanted(call)).count();
    [
        outcome.operations.len(),
        outcome.covered("required"),
        outcome.covered("full"),
        outcome.covered("response"),
        count(&|call| call.form != NEGATIVE),
        count(&|call| call.form == NEGATIVE),
        // A call without an answer proves as little as one that was objected to.
        count(&|call| matches!(call.verdict, Verdict::Violation | Verdict::Contradiction | Verdict::Failed))
            + outcome.missing().len(),
        count(&|call| call.verdict == Verdict::Undecodable),
        count(&|call| call.verdict == Verdict::Servers),
        count(&|call| call.verdict == Verdict::Documents),
        count(&|call| call.verdict == Verdict::Excluded),
    ]
}

/// How the served document differs from the written one, what was not called, and what was objected to.
pub(crate) fn objections(outcome: &ApiResult) -> String {
    let mut text = String::new();
    for (what, places) in grouped(&outcome.differences) {
        let others = if places.len() > 1 { format!(" (and {} more)", places.len() - 1) } else { String::new() };
        let _ = writeln!(text, "{}: served: {}{others} {what}", outcome.name, places.first().unwrap_or(&""));
    }
    if outcome.unsupported > 0 {
        let _ = writeln!(text, "{}: {} operations are not generated", outcome.name, outcome.unsupported);
    }
    for (kind, verdict) in [("server's fault", Verdict::Servers), ("document's fault", Verdict::Documents)] {
        for ((operation, reason), forms) in explained(outcome, verdict) {
            let _ = writeln!(text, "{kind}: {}: {operation} ({}): {reason}", outcome.name, forms.join(", "));
        }
    }
    for missing in outcome.missing() {
        let _ = writeln!(text, "incomplete: {}: {missing}", outcome.name);
    }
    for call in outcome.calls.iter().filter(|call| !call.is_fine()) {
        objection(&mut text, &outcome.name, call);
    }
    text
}

/// What is not the client's fault: the forms of calls by operation and reason.
fn explained(outcome: &ApiResult, verdict: Verdict) -> BTreeMap<(&str, &str), Vec<&str>> {
    let mut groups: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for call in outcome.calls.iter().filter(|call| call.verdict == verdict) {
        groups.entry((&call.operation, &call.reason)).or_default().push(&call.form);
    }
    groups
}

/// The places of each kind of difference: a difference is a JSON pointer and what is done there.
fn grouped(differences: &[String]) -> BTreeMap<&str, Vec<&str>> {
    let mut groups: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for difference in differences {
        let (place, what) = difference.split_once(' ').unwrap_or(("", difference));
        groups.entry(what).or_default().push(place);
    }
    groups
}

fn objection(text: &mut String, api: &str, call: &Call) {
    let kind = match call.verdict {
        Verdict::Undecodable => "undecodable",
        Verdict::Failed => "failed",
        _ => "violation",
    };
    let _ = writeln!(text, "{kind}: {api}: {} ({})\n  {}", call.operation, call.form, call.message);
    for detail in &call.details {
        let _ = writeln!(text, "    {detail}");
    }
    message(text, "sent", &call.request);
    message(text, "answered", &call.answer);
    text.push('\n');
}

fn message(text: &mut String, what: &str, message: &Value) {
    let part = |key: &str| message.get(key).and_then(Value::as_str).unwrap_or_default();
    if part("line").is_empty() {
        return;
    }
    let _ = writeln!(text, "  {what}: {}", part("line"));
    let headers = message.get("headers").and_then(Value::as_array).into_iter().flatten();
    for header in headers.filter_map(Value::as_str) {
        let _ = writeln!(text, "    {header}");
    }
    if !part("body").is_empty() {
        let _ = writeln!(text, "    {}", part("body"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use serde_json::json;

    fn outcome(verdict: Verdict) -> ApiResult {
        let mut call = Call::example("list", "full", verdict);
        call.request = json!({ "line": "GET /things HTTP/1.1", "headers": ["a: b"], "body": "{}" });
        ApiResult { name: "api".to_owned(), calls: vec![call], ..ApiResult::default() }
    }

    #[test]
    fn numbers_stand_under_their_columns() {
        let text = table(&[outcome(Verdict::Violation), outcome(Verdict::Undecodable)]);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 4);
        assert!(lines.iter().all(|line| line.len() == lines[0].len()), "{text}");
        let sums: Vec<&str> = lines[3].split_whitespace().collect();
        assert_eq!(sums, ["all", "0", "0", "0", "0", "2", "0", "1", "1", "0", "0", "0"]);
    }

    #[test]
    fn differences_of_a_kind_are_told_together() {
        let differences =
            ["/servers is taken out", "/a gets an example", "/b gets an example"].map(str::to_owned).to_vec();
        let text = objections(&ApiResult { name: "api".to_owned(), differences, ..ApiResult::default() });
        assert_eq!(text, "api: served: /a (and 1 more) gets an example\napi: served: /servers is taken out\n");
    }

    #[test]
    fn what_is_not_the_clients_fault_is_told_in_a_line_and_counted() {
        let mut outcome = outcome(Verdict::Servers);
        outcome.calls[0].reason = "it answers nonsense".to_owned();
        let mut again = Call::example("list", "required", Verdict::Servers);
        again.reason = "it answers nonsense".to_owned();
        outcome.calls.push(again);
        assert_eq!(objections(&outcome), "server's fault: api: list (full, required): it answers nonsense\n");
        assert!(table(&[outcome]).lines().last().unwrap().trim_end().ends_with("2                 0         0"));
    }

    #[test]
    fn an_objection_shows_the_request_as_sent() {
        let text = objections(&outcome(Verdict::Violation));
        let wanted =
            "violation: api: list (full)\n  no\n    request: no\n  sent: GET /things HTTP/1.1\n    a: b\n    {}\n\n";
        assert_eq!(text, wanted);
        assert_eq!(objections(&outcome(Verdict::Passed)), "");
        assert_eq!(objections(&outcome(Verdict::Excluded)), "");
    }
}
