//! The results of a corpus, as a page of the docs.
//!
//! In: records. Out: Markdown. Invariant: equal documents give equal pages, so costs are not included.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::Record;
use crate::survey::{Figures, Named};

/// The beginning of the page.
const HEADER: &str = "\
# Real documents

Results for a directory of real documents, for readers who want to know how much of a document is generated. *emitted*: operations with a
method. *omitted*: operations without a method, each named in a diagnostic. *lost*: operations that are neither. *untyped places*: places
that accept any JSON value although their schema is more specific.
";

/// Returns the sums by version, then each operation that is not generated and each untyped place.
pub(super) fn page(records: &[Record], command: &str) -> String {
    let mut text = format!("{HEADER}\nWritten by `{command}`; do not edit.\n\n");
    text.push_str(
        "| version | documents | generated | operations | emitted | omitted | lost | types | untyped places |\n",
    );
    text.push_str("|---|---:|---:|---:|---:|---:|---:|---:|---:|\n");
    let mut by_version: BTreeMap<String, Vec<&Record>> = BTreeMap::new();
    for record in records {
        let version = record.made.as_ref().map_or("none", |made| made.version.as_str());
        let family: Vec<&str> = version.split('.').take(2).collect();
        by_version.entry(family.join(".")).or_default().push(record);
    }
    for (version, records) in &by_version {
        row(&mut text, version, records);
    }
    row(&mut text, "all", &records.iter().collect::<Vec<_>>());
    let failed: Vec<&Record> = records.iter().filter(|record| record.figures().is_none()).collect();
    list(&mut text, "Rejected documents", failed.iter().map(|record| (&record.name, String::new())));
    named(&mut text, "Omitted operations", records, |figures| &figures.unsupported);
    named(&mut text, "Untyped places", records, |figures| &figures.untyped);
    text
}

fn row(text: &mut String, version: &str, records: &[&Record]) {
    let made: Vec<&Figures> = records.iter().filter_map(|record| record.figures()).collect();
    let sum = |of: fn(&Figures) -> usize| made.iter().map(|figures| of(figures)).sum::<usize>();
    let _ = writeln!(
        text,
        "| {version} | {} | {} | {} | {} | {} | {} | {} | {} |",
        records.len(),
        made.len(),
        sum(|figures| figures.operations),
        sum(|figures| figures.emitted),
        sum(|figures| figures.unsupported.len()),
        sum(|figures| figures.lost.len()),
        sum(|figures| figures.types),
        sum(|figures| figures.untyped.len()),
    );
}

fn named(text: &mut String, title: &str, records: &[Record], of: fn(&Figures) -> &Vec<Named>) {
    let all = records.iter().filter_map(|record| Some((&record.name, record.figures()?)));
    let lines = all.flat_map(|(name, figures)| of(figures).iter().map(move |named| (name, line(named))));
    list(text, title, lines);
}

fn line(Named { what, reasons }: &Named) -> String {
    format!(" `{what}`: {}", reasons.join("; "))
}

fn list<'r>(text: &mut String, title: &str, lines: impl Iterator<Item = (&'r String, String)>) {
    let lines: Vec<_> = lines.collect();
    if lines.is_empty() {
        return;
    }
    let _ = write!(text, "\n## {title}\n\n");
    for (name, line) in lines {
        let _ = writeln!(text, "- {name}{line}");
    }
}
