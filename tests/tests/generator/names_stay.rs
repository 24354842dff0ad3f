//! A change somewhere in a document renames nothing elsewhere.
//!
//! `PROPTEST_CASES=20000 cargo test --release --package workspace-tests --test generator names_stay` tries more than the second tier.

use std::cell::Cell;

use clientwright::normalize::normalize_text;
use clientwright_normalizer::Source;
use clientwright_normalizer::diagnostic::codes;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::TestRunner;
use serde_json::Value;
use verify::names::{Places, compare, places};
use workspace_tests::damage::{Edit, all_documents, config, damaged, edits, value};
use workspace_tests::specs;

/// The names in a document of any version, and how many paginations and pollings were left out; `None` if it is not generated.
fn named(document: &Value) -> Option<(Places, usize)> {
    let source = Source { name: String::from("a.json"), text: document.to_string() };
    let normalized = normalize_text(&source, &[]).ok()?;
    let untrue = normalized
        .ledger
        .entries
        .iter()
        .filter(|entry| matches!(entry.code, Some(codes::PAGINATION | codes::POLLING)))
        .count();
    Some((places(&normalized.value).ok()?, untrue))
}

#[test]
fn one_edit_renames_nothing_elsewhere() {
    let specs = specs().into_iter().filter_map(|document| value(&document.source.text));
    let donors: Vec<Value> = specs.chain(all_documents()).collect();
    let documents: Vec<(&Value, (Places, usize))> = donors.iter().filter_map(|one| Some((one, named(one)?))).collect();
    let (compared, claimed) = (Cell::new(0_usize), Cell::new(0_usize));
    let edited = (any::<Index>(), edits(1));
    let run = TestRunner::new(config(2000)).run(&edited, |(index, edits): (Index, Vec<Edit>)| {
        let (document, (before, untrue)) = index.get(&documents);
        // An operation that loses its pagination or polling loses the methods that its parameters are kept apart from.
        let is_as_true = |(_, now): &(Places, usize)| now == untrue;
        let Some((after, _)) = named(&damaged(document, &donors, &edits)).filter(is_as_true) else { return Ok(()) };
        compared.set(compared.get() + before.keys().filter(|place| after.contains_key(*place)).count());
        let renamed = compare(before, &after);
        claimed.set(claimed.get() + renamed.iter().filter(|one| one.is_claimed).count());
        let unclaimed: Vec<_> = renamed.into_iter().filter(|one| !one.is_claimed).collect();
        prop_assert!(unclaimed.is_empty(), "{edits:?}: {unclaimed:#?}");
        Ok(())
    });
    let (compared, claimed) = (compared.get(), claimed.get());
    println!("{compared} names compared, {claimed} claimed by two");
    run.unwrap();
    // Two places that want one name cannot both have it, whatever else holds. That has to be rare; a small sample has some by chance.
    assert!(compared > 1000 && claimed < 10 + compared / 1000, "{claimed} of {compared}");
}
