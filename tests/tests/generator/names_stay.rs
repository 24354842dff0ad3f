//! A change of a document renames nothing that is locked.
//!
//! `PROPTEST_CASES=20000 cargo test --release --package workspace-tests --test generator names_stay` tries more than the second tier.

use std::cell::Cell;

use clientwright::normalize::normalize_text;
use clientwright_normalizer::Source;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::TestRunner;
use serde_json::Value;
use verify::names::{Places, compare, places};
use workspace_tests::damage::{Edit, all_documents, config, damaged, edits, value};
use workspace_tests::specs;

/// Returns the names in a document of any version, with the lock of another one, and its new lock; `None` if it is not generated.
fn named(document: &Value, lock: Option<&str>) -> Option<(Places, String)> {
    let source = Source { name: String::from("a.json"), text: document.to_string() };
    places(&normalize_text(&source, &[]).ok()?.value, lock).ok()
}

#[test]
fn one_edit_renames_nothing() {
    let specs = specs().into_iter().filter_map(|document| value(&document.source.text));
    let donors: Vec<Value> = specs.chain(all_documents()).collect();
    let documents: Vec<_> = donors.iter().filter_map(|one| Some((one, named(one, None)?))).collect();
    let compared = Cell::new(0_usize);
    let edited = (any::<Index>(), edits(1));
    let run = TestRunner::new(config(2000)).run(&edited, |(index, edits): (Index, Vec<Edit>)| {
        let (document, (before, lock)) = index.get(&documents);
        let Some((after, _)) = named(&damaged(document, &donors, &edits), Some(lock)) else { return Ok(()) };
        compared.set(compared.get() + before.keys().filter(|place| after.contains_key(*place)).count());
        let renamed = compare(before, &after);
        prop_assert!(renamed.is_empty(), "{edits:?}: {renamed:#?}");
        Ok(())
    });
    println!("{} names compared", compared.get());
    run.unwrap();
    assert!(compared.get() > 1000);
}
