//! The figures of our own documents, one line for each: input, output and size.
//!
//! In: documents. Out: text for an exactly compared snapshot, so that a worse figure is seen in review, and a better one is
//! recorded. Invariant: one line is one document, so that a diff shows the affected documents.

use clientwright::generate::Document;
use clientwright::normalize::{Ledger, canonical};
use clientwright_normalizer::load;
use verify::survey::{Figures, Subject, survey};

use crate::one;

/// A figure that is summed up: its name and its accessor.
type Column = (&'static str, fn(&Figures) -> usize);

const COLUMNS: [Column; 8] = [
    ("operations", |figures| figures.operations),
    ("emitted", |figures| figures.emitted),
    ("unsupported", |figures| figures.unsupported.len()),
    ("schemas", |figures| figures.schemas),
    ("types", |figures| figures.types),
    ("untyped", |figures| figures.untyped.len()),
    ("files", |figures| figures.files),
    ("lines", |figures| figures.lines),
];

/// Returns the figures of a document.
///
/// # Panics
/// Panics if the document is not generated, or if one of its operations is lost.
#[must_use]
pub fn figures(document: &Document) -> Figures {
    let written = load::parse(&document.source).unwrap_or_else(|faults| panic!("{faults:#?}"));
    let canonical = canonical(&document.source, written.clone()).unwrap_or_else(|faults| panic!("{faults:#?}"));
    let generation = one(document);
    let subject =
        Subject { written: &written, ledger: &Ledger::default(), document: &canonical, generation: &generation };
    let figures = survey(subject).unwrap_or_else(|| panic!("{}: {:#?}", document.module, generation.diagnostics));
    assert!(figures.lost.is_empty(), "{}: lost without a word: {:?}", document.module, figures.lost);
    figures
}

/// Returns the figures of documents, each with its kind: a line of sums for each kind, then a line for each document.
#[must_use]
pub fn text(documents: &[(&str, Document)]) -> String {
    let figures: Vec<(&str, &str, Figures)> =
        documents.iter().map(|(kind, document)| (*kind, document.module.as_str(), figures(document))).collect();
    let mut kinds: Vec<&str> = figures.iter().map(|(kind, _, _)| *kind).collect();
    kinds.dedup();
    let mut text = String::new();
    for kind in kinds {
        let sum = |of: fn(&Figures) -> usize| {
            figures.iter().filter(|(other, _, _)| *other == kind).map(|(_, _, figures)| of(figures)).sum()
        };
        line(&mut text, &format!("{kind} (sum)"), &COLUMNS.map(|(_, of)| sum(of)));
    }
    for (kind, name, figures) in &figures {
        line(&mut text, &format!("{kind}/{name}"), &COLUMNS.map(|(_, of)| of(figures)));
    }
    text
}

fn line(text: &mut String, name: &str, numbers: &[usize; COLUMNS.len()]) {
    let numbers: Vec<String> =
        COLUMNS.iter().zip(numbers).map(|((name, _), number)| format!("{name} {number}")).collect();
    text.push_str(&format!("{name}: {}\n", numbers.join(", ")));
}
