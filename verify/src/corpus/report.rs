//! What people see of a corpus: a table, and below it everything that is not as it should be.
//!
//! In come records, out goes text. Invariant: but for the columns of costs it is the same for the same documents.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::Record;
use super::examples::{Blame, Finding, Tried};
use crate::columns::{megabytes, table};
use crate::measure::Cost;

/// The columns; costs are CPU seconds and megabytes.
const COLUMNS: [&str; 19] = [
    "document", "version", "operations", "emitted", "unsupported", "schemas", "types", "branches", "numbered",
    "untyped", "lines", "largest", "normalize s", "generate s", "MB", "check s", "MB", "warnings", "result",
];

/// One line for each document, and sums.
pub(crate) fn figures(records: &[Record]) -> String {
    let mut rows: Vec<Vec<String>> = records.iter().map(row).collect();
    if records.len() > 1 {
        rows.push(sums(records));
    }
    table(&COLUMNS, &rows)
}

fn row(record: &Record) -> Vec<String> {
    let made = record.made.as_ref();
    let figures = made.and_then(|made| made.figures.as_ref());
    let count = |of: &dyn Fn(&crate::survey::Figures) -> usize| {
        figures.map_or_else(|| "-".to_owned(), |figures| of(figures).to_string())
    };
    let seconds = |of: Option<f64>| of.map_or_else(|| "-".to_owned(), |seconds| format!("{seconds:.2}"));
    let peak = |cost: Option<&Cost>| cost.map_or_else(|| "-".to_owned(), |cost| megabytes(cost.peak_bytes));
    let check = record.checked.as_ref();
    vec![
        record.name.clone(),
        made.map_or_else(|| "-".to_owned(), |made| made.version.clone()),
        count(&|figures| figures.operations),
        count(&|figures| figures.emitted),
        count(&|figures| figures.unsupported.len()),
        count(&|figures| figures.schemas),
        count(&|figures| figures.types),
        count(&|figures| figures.branches),
        count(&|figures| figures.numbered),
        count(&|figures| figures.untyped.len()),
        count(&|figures| figures.lines),
        count(&|figures| figures.largest.0),
        seconds(made.map(|made| made.normalize_seconds)),
        seconds(made.map(|made| made.generate_seconds)),
        peak(Some(&record.generation)),
        seconds(check.map(|check| check.cost.cpu_seconds)),
        peak(check.map(|check| &check.cost)),
        check.map_or_else(|| "-".to_owned(), |check| check.warnings.to_string()),
        record.result().to_owned(),
    ]
}

fn sums(records: &[Record]) -> Vec<String> {
    let figures = || records.iter().filter_map(|record| record.made.as_ref()?.figures.as_ref());
    let made = || records.iter().filter_map(|record| record.made.as_ref());
    let checked = || records.iter().filter_map(|record| record.checked.as_ref());
    let total = |of: &dyn Fn(&crate::survey::Figures) -> usize| figures().map(of).sum::<usize>().to_string();
    let peak = |costs: &mut dyn Iterator<Item = &Cost>| megabytes(costs.map(|cost| cost.peak_bytes).max().unwrap_or(0));
    let clean = records.iter().filter(|record| record.is_clean()).count();
    vec![
        "all".to_owned(),
        String::new(),
        total(&|figures| figures.operations),
        total(&|figures| figures.emitted),
        total(&|figures| figures.unsupported.len()),
        total(&|figures| figures.schemas),
        total(&|figures| figures.types),
        total(&|figures| figures.branches),
        total(&|figures| figures.numbered),
        total(&|figures| figures.untyped.len()),
        total(&|figures| figures.lines),
        figures().map(|figures| figures.largest.0).max().unwrap_or(0).to_string(),
        format!("{:.2}", made().map(|made| made.normalize_seconds).sum::<f64>()),
        format!("{:.2}", made().map(|made| made.generate_seconds).sum::<f64>()),
        peak(&mut records.iter().map(|record| &record.generation)),
        format!("{:.2}", checked().map(|check| check.cost.cpu_seconds).fold(0.0, |all, one| all + one)),
        peak(&mut checked().map(|check| &check.cost)),
        checked().map(|check| check.warnings).sum::<usize>().to_string(),
        format!("{clean}/{}", records.len()),
    ]
}

/// What is not generated, what is untyped and what is wrong, document by document.
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

/// What became of examples: one line for each document that has some, and sums.
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

/// The examples that do not come back as they were.
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
    if let Some(figures) = record.made.as_ref().and_then(|made| made.figures.as_ref()) {
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
    use crate::survey::{Figures, Named};

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
