//! A change somewhere in a document renames nothing elsewhere.
//!
//! `PROPTEST_CASES=20000 cargo test --release --package workspace-tests --test names_stay` tries more.

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

/// The names in a document of any version; `None` if it is not generated.
fn named(document: &Value) -> Option<Places> {
    let source = Source { name: String::from("a.json"), text: document.to_string() };
    places(&normalize_text(&source, &[]).ok()?.value).ok()
}

#[test]
fn one_edit_renames_nothing_elsewhere() {
    let specs = specs().into_iter().filter_map(|document| value(&document.source.text));
    let donors: Vec<Value> = specs.chain(all_documents()).collect();
    let documents: Vec<(&Value, Places)> = donors.iter().filter_map(|one| Some((one, named(one)?))).collect();
    let (compared, claimed) = (Cell::new(0_usize), Cell::new(0_usize));
    let edited = (any::<Index>(), edits(1));
    let run = TestRunner::new(config(2000)).run(&edited, |(index, edits): (Index, Vec<Edit>)| {
        let (document, before) = index.get(&documents);
        let Some(after) = named(&damaged(document, &donors, &edits)) else { return Ok(()) };
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
    // Two places that want one name cannot both have it, whatever else holds; that has to be rare.
    assert!(compared > 1000 && claimed * 1000 < compared, "{claimed} of {compared}");
}
