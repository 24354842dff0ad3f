//! The displayed results: a table, and everything that is wrong.
//!
//! In: outcomes. Out: text. Invariant: excused calls are counted visibly.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::iter;

use clientwright_contract::{Message, Verdict};

use super::negative;
use super::results::{ApiResult, Call, Excuse};
use crate::columns;

/// The columns.
const COLUMNS: [&str; 12] = [
    "", "operations", "required", "full", "responses", "calls", "refused on purpose", "violations", "undecodable",
    "server's fault", "document's fault", "excluded",
];

/// Returns one line for each API, and the sums.
pub(crate) fn table(outcomes: &[ApiResult]) -> String {
    let rows: Vec<[usize; COLUMNS.len() - 1]> = outcomes.iter().map(row).collect();
    let sums = std::array::from_fn(|column| rows.iter().filter_map(|row| row.get(column)).sum());
    let all = Some(("all", &sums)).filter(|_| rows.len() > 1);
    let named = outcomes.iter().map(|outcome| outcome.name.as_str()).zip(&rows).chain(all);
    let cells = named.map(|(name, row)| iter::once(name.to_owned()).chain(row.iter().map(usize::to_string)).collect());
    columns::table(&COLUMNS, &cells.collect::<Vec<_>>())
}

fn row(outcome: &ApiResult) -> [usize; COLUMNS.len() - 1] {
    let count = |wanted: &dyn Fn(&Call) -> bool| outcome.calls.iter().filter(|call| wanted(call)).count();
    let is_open = |call: &Call| call.excuse.is_none() && call.verdict != Verdict::Passed;
    let is_undecodable = |call: &Call| matches!(call.verdict, Verdict::Undecodable(_));
    [
        outcome.operations.len(),
        outcome.covered("required"),
        outcome.covered("full"),
        outcome.covered("response"),
        count(&|call| call.form != negative::FORM),
        count(&|call| call.form == negative::FORM),
        // A call without a response proves as little as one with an objection.
        count(&|call| is_open(call) && !is_undecodable(call)) + outcome.missing().len(),
        count(&|call| is_open(call) && is_undecodable(call)),
        count(&|call| matches!(call.excuse, Some(Excuse::Server(_)))),
        count(&|call| matches!(call.excuse, Some(Excuse::Document(_)))),
        count(&|call| call.excuse == Some(Excuse::Excluded)),
    ]
}

/// Returns the differences of the served document, the missing calls, and the objections.
pub(crate) fn objections(outcome: &ApiResult) -> String {
    let mut text = String::new();
    for (what, places) in grouped(&outcome.differences) {
        let others = if places.len() > 1 { format!(" (and {} more)", places.len() - 1) } else { String::new() };
        let _ = writeln!(text, "{}: served: {}{others} {what}", outcome.name, places.first().unwrap_or(&""));
    }
    if outcome.unsupported > 0 {
        let _ = writeln!(text, "{}: {} operations are not generated", outcome.name, outcome.unsupported);
    }
    let mut explained: BTreeMap<_, Vec<&str>> = BTreeMap::new();
    for call in &outcome.calls {
        let (kind, reason) = match &call.excuse {
            Some(Excuse::Server(reason)) => ("server's fault", reason),
            Some(Excuse::Document(reason)) => ("document's fault", reason),
            _ => continue,
        };
        explained.entry((kind, &call.operation, reason)).or_default().push(&call.form);
    }
    for ((kind, operation, reason), forms) in explained {
        let _ = writeln!(text, "{kind}: {}: {operation} ({}): {reason}", outcome.name, forms.join(", "));
    }
    for missing in outcome.missing() {
        let _ = writeln!(text, "incomplete: {}: {missing}", outcome.name);
    }
    for call in outcome.calls.iter().filter(|call| !call.is_fine()) {
        objection(&mut text, &outcome.name, call);
    }
    text
}

/// Returns the places of each kind of difference: a difference is a JSON pointer and an action.
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
        Verdict::Undecodable(_) => "undecodable",
        Verdict::Failed(_) => "failed",
        _ => "violation",
    };
    let _ = writeln!(text, "{kind}: {api}: {} ({})\n  {}", call.operation, call.form, call.verdict.message());
    for detail in call.verdict.details() {
        let _ = writeln!(text, "    {detail}");
    }
    for (what, message) in [("sent", &call.request), ("answered", &call.answer)] {
        let Some(Message { line, headers, body }) = message.as_ref().filter(|message| !message.line.is_empty()) else {
            continue;
        };
        let _ = writeln!(text, "  {what}: {line}");
        for line in headers.iter().chain(Some(body).filter(|body| !body.is_empty())) {
            let _ = writeln!(text, "    {line}");
        }
    }
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(verdict: Verdict) -> ApiResult {
        let mut call = Call::example("list", "full", verdict);
        let line = "GET /things HTTP/1.1".to_owned();
        call.made().request = Some(Message { line, headers: vec!["a: b".to_owned()], body: "{}".to_owned() });
        ApiResult { name: "api".to_owned(), calls: vec![call], ..ApiResult::default() }
    }

    #[test]
    fn numbers_stand_under_their_columns() {
        let text = table(&[outcome(Call::violation()), outcome(Verdict::Undecodable("no".to_owned()))]);
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
        let excuse = || Some(Excuse::Server("it answers nonsense".to_owned()));
        let mut outcome = outcome(Call::violation());
        outcome.calls[0].excuse = excuse();
        let mut again = Call::example("list", "required", Call::violation());
        again.excuse = excuse();
        outcome.calls.push(again);
        assert_eq!(objections(&outcome), "server's fault: api: list (full, required): it answers nonsense\n");
        assert!(table(&[outcome]).lines().last().unwrap().trim_end().ends_with("2                 0         0"));
    }

    #[test]
    fn an_objection_shows_the_request_as_sent() {
        let text = objections(&outcome(Call::violation()));
        let wanted =
            "violation: api: list (full)\n  no\n    request: no\n  sent: GET /things HTTP/1.1\n    a: b\n    {}\n\n";
        assert_eq!(text, wanted);
        assert_eq!(objections(&outcome(Verdict::Passed)), "");
        let mut excluded = outcome(Call::violation());
        excluded.calls[0].excuse = Some(Excuse::Excluded);
        assert_eq!(objections(&excluded), "");
    }
}
