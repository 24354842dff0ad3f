//! Breaking changes of documents: one consumer is compiled with the client of a document before and after each change of
//! `semver/changes.yaml`, and `docs/SEMVER.md` shows the results.
//!
//! `UPDATE_SEMVER=1 cargo test --package workspace-tests --test compile semver` writes the page.

use std::collections::BTreeSet;
use std::fs;

use clientwright::Source;
use clientwright::diff::{VersionBump, compare};
use clientwright::generate::generate;
use clientwright::internal::write::File;
use serde::Deserialize;
use serde_json::{Value, json};
use workspace_tests::{document, holder, one, root, scratch};

const BEFORE: &str = include_str!("../../semver/before.yaml");
const CHANGES: &str = include_str!("../../semver/changes.yaml");
const CONSUMER: &str = include_str!("../../semver/consumer.rs");

/// A change of the document.
#[derive(Deserialize)]
struct Change {
    /// The row of the page, which several changes may share.
    change: String,
    /// The case of the row.
    #[serde(default)]
    case: String,
    breaks: bool,
    /// The instructions for callers.
    #[serde(default)]
    instead: String,
    #[serde(default)]
    edits: Vec<Edit>,
    /// The number of additional operations without a tag.
    #[serde(default)]
    untagged: usize,
}

/// An operation of JSON Patch (RFC 6902 §4).
#[derive(Deserialize)]
#[serde(tag = "op", rename_all = "lowercase")]
enum Edit {
    Add { path: String, value: Value },
    Replace { path: String, value: Value },
    Remove { path: String },
}

fn changes() -> Vec<Change> {
    serde_yaml::from_str(CHANGES).expect("changes")
}

#[test]
#[ignore = "second tier: cargo test --workspace --tests -- --include-ignored"]
fn callers_compile_or_not_as_the_page_says() {
    let changes = changes();
    let before: Value = serde_yaml::from_str(BEFORE).expect("a document");
    let after = changes.iter().enumerate().flat_map(|(index, change)| {
        let places = [Place::Behind, Place::InFront].into_iter();
        places.map(|place| (module(index, place), edited(&before, change, place))).collect::<Vec<_>>()
    });
    let mut all: Vec<(String, Value)> = std::iter::once(("before".to_owned(), before.clone())).chain(after).collect();
    // A change that adds nothing to an object is not a separate case. Compared as text, because values are equal regardless of order.
    let text = |document: &Value| document.to_string();
    all.dedup_by(|(_, one), (_, other)| text(one) == text(other));
    let all = all.into_iter();
    let lock = lock(&before);
    let documents: Vec<_> = all
        .map(|(module, value)| {
            let mut document = document(&module, value.to_string());
            document.lock = Some(lock.clone());
            document
        })
        .collect();
    let modules = scratch::modules(&documents);
    let generation = generate(&documents, &modules, "cargo xtask codegen");
    assert!(generation.root.is_some(), "{:#?}", generation.diagnostics);
    let consumer = File { path: "src/consumer.rs".to_owned(), contents: CONSUMER.to_owned() };
    let programs =
        modules.iter().map(|module| File { path: format!("src/bin/{module}.rs"), contents: program(module) });
    let krate = scratch::package("semver", &generation, "", &programs.chain([consumer]).collect::<Vec<_>>());
    let arguments = ["check", "--all-features", "--bins", "--keep-going", "--message-format=json"];
    let output = scratch::cargo(&krate, &arguments, "");
    let failed = failed(&String::from_utf8_lossy(&output.stdout));
    assert!(failed.iter().all(|target| modules.contains(target)), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(!failed.contains("before"), "the consumer does not compile: see {}", krate.display());
    for (index, change) in changes.iter().enumerate() {
        for place in [Place::Behind, Place::InFront] {
            let module = module(index, place);
            let is_compiled = modules.contains(&module);
            assert!(
                !is_compiled || failed.contains(&module) == change.breaks,
                "{module}: {} {}",
                change.change,
                change.case
            );
        }
    }
}

/// Returns the lock of names of a document.
fn lock(before: &Value) -> Source {
    let generation = one(&document("before", before.to_string()));
    Source { name: "before.names.lock".to_owned(), text: generation.apis[0].lock.clone() }
}

/// Changes that are major by the public items, although the consumer compiles, because it names neither sent types nor the type of a call.
const MAJOR_BY_ITEMS: [&str; 3] = [
    "Add the first `readOnly` property of a schema, required or not",
    "Add the first `writeOnly` property of a schema",
    "Add the first body of a failure",
];

#[test]
fn public_items_show_what_breaks_callers() {
    let before: Value = serde_yaml::from_str(BEFORE).expect("a document");
    let version = |value: &Value| document("before", value.to_string());
    let mut wrong = Vec::new();
    for change in changes() {
        let after = version(&edited(&before, &change, Place::Behind));
        let differences = compare(Some(&version(&before)), Some(&after)).expect("both documents are valid");
        let is_major = change.breaks || MAJOR_BY_ITEMS.contains(&change.change.as_str());
        if (differences.bump == VersionBump::Major) != is_major {
            let breaking = differences.items.iter().filter(|change| change.is_breaking);
            let items: Vec<String> = breaking.map(|change| format!("  {change:?}")).collect();
            wrong.push(format!("{} {}\n{}", change.change, change.case, items.join("\n")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The place of an addition in an object.
#[derive(Clone, Copy)]
enum Place {
    Behind,
    InFront,
}

fn module(index: usize, place: Place) -> String {
    match place {
        Place::Behind => format!("change_{index:02}"),
        Place::InFront => format!("change_{index:02}_in_front"),
    }
}

/// Returns the consumer of one client.
fn program(module: &str) -> String {
    format!(
        "use semver::{module} as api;\n\n#[path = \"../consumer.rs\"]\nmod consumer;\n\nfn main() {{\n    let _ = consumer::run;\n}}\n"
    )
}

/// Returns the targets that do not compile.
fn failed(messages: &str) -> BTreeSet<String> {
    let messages = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let errors = messages.filter(|message| message["message"]["level"] == "error");
    errors.filter_map(|message| Some(message["target"]["name"].as_str()?.to_owned())).collect()
}

fn edited(document: &Value, change: &Change, place: Place) -> Value {
    let mut document = document.clone();
    for index in 0..change.untagged {
        let operation = json!({"operationId": format!("getKennel{index}"), "responses": {"204": {"description": "d"}}});
        add(&mut document["paths"], format!("/kennels/{index}"), json!({ "get": operation }), place);
    }
    for edit in &change.edits {
        match edit {
            Edit::Add { path, value } => {
                let (holder, key) = holder(&mut document, path);
                match holder {
                    Value::Array(items) => items.insert(key.parse().expect("an index"), value.clone()),
                    holder => add(holder, key, value.clone(), place),
                }
            }
            Edit::Replace { path, value } => *document.pointer_mut(path).expect(path) = value.clone(),
            Edit::Remove { path } => {
                let (holder, key) = holder(&mut document, path);
                match holder {
                    Value::Array(items) => drop(items.remove(key.parse().expect("an index"))),
                    holder => drop(holder.as_object_mut().expect(path).remove(&key)),
                }
            }
        }
    }
    document
}

fn add(holder: &mut Value, key: String, value: Value, place: Place) {
    let object = holder.as_object_mut().expect("an object");
    match place {
        Place::Behind => drop(object.insert(key, value)),
        Place::InFront => drop(object.shift_insert(0, key, value)),
    }
}

#[test]
fn the_page_is_current() {
    let path = root().join("docs/SEMVER.md");
    let page = page(&changes());
    if std::env::var_os("UPDATE_SEMVER").is_some() {
        fs::write(&path, &page).expect("the page");
    }
    let current = fs::read_to_string(&path).unwrap_or_default();
    assert!(current == page, "{} is stale: UPDATE_SEMVER=1 writes it", path.display());
}

fn page(changes: &[Change]) -> String {
    let row = |change: &Change| match change.breaks {
        true => format!("| {} | {} |\n", change.change, change.instead),
        false => format!("| {} |\n", change.change),
    };
    let rows = |breaks: bool| {
        let mut rows: Vec<String> = changes.iter().filter(|change| change.breaks == breaks).map(row).collect();
        rows.dedup();
        rows.concat()
    };
    format!(
        "# Breaking changes\n\n\
         Which changes of a document break callers of its client. `tests/tests/compile/semver.rs` writes this page. It compiles\n\
         `tests/semver/consumer.rs` against the clients of a document before and after each change in `tests/semver/changes.yaml`. [NAMES.md](NAMES.md)\n\
         explains how names are derived.\n\n\
         The consumer follows three rules:\n\n\
         - It uses constructors and setters, and has an arm `_` in each `match`.\n\
         - It refers to each type by the name of its own place, not by the name of an identical type elsewhere.\n\
         - It does not write out types that are sent. The first `readOnly` or `writeOnly` property of `Pet` splits `Pet` into `Pet` and `PetInput`.\n\n\
         ## Compatible changes\n\n| change |\n|---|\n{}\n## Incompatible changes\n\n| change | what a caller does |\n|---|---|\n{}",
        rows(false),
        rows(true)
    )
}
