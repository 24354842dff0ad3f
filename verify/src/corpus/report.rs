//! The displayed results of a corpus: a table, followed by everything that is wrong.
//!
//! In: records. Out: text. Invariant: equal documents give equal text, except for costs.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::Record;
use super::examples::{Blame, Finding, Tried};
use crate::columns::table;
use crate::measure::Cost;
use crate::survey::Figures;

/// A column of numbers.
struct Column {
    header: &'static str,
    of: fn(&Record) -> Option<f64>,
    /// The function that combines the numbers of two documents.
    total: fn(f64, f64) -> f64,
    decimals: usize,
}

const fn sum(header: &'static str, decimals: usize, of: fn(&Record) -> Option<f64>) -> Column {
    Column { header, of, total: |one, other| one + other, decimals }
}

const fn largest(header: &'static str, of: fn(&Record) -> Option<f64>) -> Column {
    Column { header, of, total: f64::max, decimals: 0 }
}

/// The columns between the document's name with its version, and the result; costs are CPU seconds and megabytes.
const COLUMNS: [Column; 16] = [
    sum("operations", 0, |record| count(record, |figures| figures.operations)),
    sum("emitted", 0, |record| count(record, |figures| figures.emitted)),
    sum("unsupported", 0, |record| count(record, |figures| figures.unsupported.len())),
    sum("schemas", 0, |record| count(record, |figures| figures.schemas)),
    sum("types", 0, |record| count(record, |figures| figures.types)),
    sum("branches", 0, |record| count(record, |figures| figures.branches)),
    sum("numbered", 0, |record| count(record, |figures| figures.numbered)),
    sum("untyped", 0, |record| count(record, |figures| figures.untyped.len())),
    sum("lines", 0, |record| count(record, |figures| figures.lines)),
    largest("largest", |record| count(record, |figures| figures.largest.0)),
    sum("normalize s", 2, |record| record.made.as_ref().map(|made| made.normalize_seconds)),
    sum("generate s", 2, |record| record.made.as_ref().map(|made| made.generate_seconds)),
    largest("MB", |record| Some(megabytes(&record.generation))),
    sum("check s", 2, |record| record.checked.as_ref().map(|checked| checked.cost.cpu_seconds)),
    largest("MB", |record| record.checked.as_ref().map(|checked| megabytes(&checked.cost))),
    sum("warnings", 0, |record| record.checked.as_ref().map(|checked| checked.warnings as f64)),
];

fn count(record: &Record, of: fn(&Figures) -> usize) -> Option<f64> {
    record.figures().map(|figures| of(figures) as f64)
}

fn megabytes(cost: &Cost) -> f64 {
    (cost.peak_bytes / 1_000_000) as f64
}

/// Returns one line for each document, and sums.
pub(crate) fn figures(records: &[Record]) -> String {
    let row = |name: &str, version: &str, records: &[Record], result: String| -> Vec<String> {
        let cells = COLUMNS.iter().map(|Column { of, total, decimals, .. }| {
            let number = records.iter().filter_map(of).reduce(total);
            number.map_or_else(|| "-".to_owned(), |number| format!("{number:.decimals$}"))
        });
        let (name, version) = (name.to_owned(), version.to_owned());
        [name, version].into_iter().chain(cells).chain([result]).collect()
    };
    let mut rows: Vec<Vec<String>> = Vec::new();
    for record in records {
        let version = record.made.as_ref().map_or("-", |made| made.version.as_str());
        rows.push(row(&record.name, version, std::slice::from_ref(record), record.result().to_owned()));
    }
    if records.len() > 1 {
        let clean = records.iter().filter(|record| record.is_clean()).count();
        rows.push(row("all", "", records, format!("{clean}/{}", records.len())));
    }
    let headers = COLUMNS.iter().map(|column| column.header);
    let headers: Vec<&str> = ["document", "version"].into_iter().chain(headers).chain(["result"]).collect();
    table(&headers, &rows)
}

/// Returns omitted operations, untyped places and errors by document.
pub(crate) fn details(records: &[Record]) -> String {
    let mut text = String::new();
    for record in records {
        detail(&mut text, record);
    }
    let uncapped: BTreeSet<&String> = records.iter().flat_map(Record::costs).flat_map(|cost| &cost.uncapped).collect();
    for what in uncapped {
        let _ = writeln!(text, "not capped: {what}");
    }
    text
}

/// Returns the results of examples: one line for each document with examples, and sums.
pub(crate) fn examples(records: &[Record]) -> String {
    let row = |name: &str, tried: &[&Tried]| {
        let sum = |of: &dyn Fn(&Tried) -> usize| tried.iter().map(|tried| of(tried)).sum::<usize>().to_string();
        let kind = |kind: Blame| sum(&|tried| tried.findings.iter().filter(|finding| finding.kind == kind).count());
        vec![
            name.to_owned(),
            sum(&|tried| tried.examples),
            sum(&Tried::same),
            kind(Blame::Contradicts),
            kind(Blame::Ours),
            sum(&|tried| tried.left_out),
        ]
    };
    let tried = || records.iter().filter_map(|record| Some((record.name.as_str(), record.tried.as_ref()?)));
    let has_some = |tried: &Tried| tried.examples + tried.left_out > 0 || tried.fault.is_some();
    let mut rows: Vec<_> =
        tried().filter(|(_, tried)| has_some(tried)).map(|(name, tried)| row(name, &[tried])).collect();
    rows.push(row("all", &tried().map(|(_, tried)| tried).collect::<Vec<_>>()));
    table(&["document", "examples", "same", "contradicting", "ours", "left out"], &rows)
}

/// Returns the examples that changed.
pub(crate) fn findings(records: &[Record]) -> String {
    let mut text = String::new();
    for (name, tried) in records.iter().filter_map(|record| Some((&record.name, record.tried.as_ref()?))) {
        if let Some(fault) = &tried.fault {
            let _ = writeln!(text, "NOT TRIED: {name}: {}", fault.trim_end());
        }
        for Finding { kind, at, happened, contradiction } in &tried.findings {
            let _ = match kind {
                Blame::Ours => writeln!(text, "OURS: {name}: {at}: {happened}"),
                Blame::Contradicts => {
                    let why = contradiction.as_deref().unwrap_or_default();
                    writeln!(text, "contradicts its schema: {name}: {at}: {why} ({happened})")
                }
            };
        }
    }
    text
}

fn detail(text: &mut String, record: &Record) {
    let name = &record.name;
    if let Some(figures) = record.figures() {
        for (kind, list) in [("unsupported", &figures.unsupported), ("untyped", &figures.untyped)] {
            for named in list {
                let _ = writeln!(text, "{kind}: {name}: {}: {}", named.what, named.reasons.join("; "));
            }
        }
        for lost in &figures.lost {
            let _ = writeln!(text, "LOST: {name}: {lost}: neither generated nor named");
        }
    }
    match &record.made {
        Some(made) if made.figures.is_none() => {
            let _ = writeln!(text, "NOT GENERATED: {name}:\n{}", made.diagnostics.trim_end());
        }
        None => {
            let why = record.generation.fault.as_deref().unwrap_or("it left no result");
            let _ = writeln!(text, "NOT GENERATED: {name}: the process did not live to say why: {why}");
        }
        Some(_) => {}
    }
    let Some(checked) = &record.checked else { return };
    let why = checked.cost.fault.as_deref().unwrap_or_default();
    match record.result() {
        "does not compile" => {
            let _ = writeln!(text, "DOES NOT COMPILE: {name}: {} errors {why}", checked.errors);
        }
        "warnings" => {
            let _ = writeln!(text, "WARNINGS: {name}: {}", checked.warnings);
        }
        _ => {}
    }
    for said in &checked.said {
        let _ = writeln!(text, "{}", said.trim_end());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::bring_in::Made;
    use crate::corpus::scratch::Checked;
    use crate::survey::Named;

    fn record(name: &str) -> Record {
        let unsupported = vec![Named { what: "GET /a".to_owned(), reasons: vec!["why".to_owned()] }];
        let figures = Figures { operations: 2, emitted: 1, unsupported, ..Figures::default() };
        let made = Made { version: "3.1.0".to_owned(), figures: Some(figures), ..Made::default() };
        let checked = Checked { compiles: true, ..Checked::default() };
        Record { name: name.to_owned(), made: Some(made), checked: Some(checked), ..Record::default() }
    }

    #[test]
    fn numbers_stand_under_their_columns() {
        let text = figures(&[record("a"), record("b")]);
        let words = |line: usize| text.lines().nth(line).unwrap().split_whitespace().collect::<Vec<_>>();
        assert_eq!(words(1)[..5], ["a", "3.1.0", "2", "1", "1"]);
        assert_eq!(words(3)[..4], ["all", "4", "2", "2"]);
        assert_eq!(words(3).last(), Some(&"2/2"));
    }

    #[test]
    fn whatever_is_wrong_is_named() {
        let mut lost = record("lost");
        if let Some(figures) = lost.made.as_mut().and_then(|made| made.figures.as_mut()) {
            figures.lost.push("PUT /a".to_owned());
        }
        let mut broken = record("broken");
        broken.checked = Some(Checked { errors: 1, said: vec!["error: no".to_owned()], ..Checked::default() });
        let mut warned = record("warned");
        warned.checked = Some(Checked { compiles: true, warnings: 1, ..Checked::default() });
        let dead = Record { name: "dead".to_owned(), ..Record::default() };
        let refused = Record { made: Some(Made::default()), ..dead.clone() };
        for bad in [&lost, &broken, &warned, &dead, &refused] {
            assert!(!bad.is_clean(), "{bad:?}");
        }
        let text = details(&[record("fine"), lost, broken, dead]);
        assert_eq!(
            text,
            "unsupported: fine: GET /a: why\nunsupported: lost: GET /a: why\nLOST: lost: PUT /a: neither generated nor named\n\
             unsupported: broken: GET /a: why\nDOES NOT COMPILE: broken: 1 errors \nerror: no\n\
             NOT GENERATED: dead: the process did not live to say why: it left no result\n"
        );
    }

    #[test]
    fn examples_are_counted_and_those_that_changed_are_named() {
        let finding = |kind: Blame, contradiction: Option<&str>| Finding {
            kind,
            at: "/e".to_owned(),
            happened: "expected string".to_owned(),
            contradiction: contradiction.map(str::to_owned),
        };
        let mut excused = record("excused");
        let found = vec![finding(Blame::Contradicts, Some("1 is no string"))];
        excused.tried = Some(Tried { examples: 3, left_out: 1, findings: found, fault: None });
        let mut wrong = record("wrong");
        wrong.tried = Some(Tried { examples: 2, findings: vec![finding(Blame::Ours, None)], ..Tried::default() });
        let mut broken = record("broken");
        broken.tried = Some(Tried { fault: Some("no compiler".to_owned()), ..Tried::default() });
        assert!(excused.is_clean() && !wrong.is_clean() && !broken.is_clean());
        let records = [excused, wrong, broken];
        let text = examples(&records);
        let words = |line: usize| text.lines().nth(line).unwrap().split_whitespace().collect::<Vec<_>>();
        assert_eq!(words(1), ["excused", "3", "2", "1", "0", "1"]);
        assert_eq!(words(4), ["all", "5", "3", "1", "1", "1"]);
        assert_eq!(
            findings(&records),
            "contradicts its schema: excused: /e: 1 is no string (expected string)\nOURS: wrong: /e: expected string\n\
             NOT TRIED: broken: no compiler\n"
        );
    }
}
