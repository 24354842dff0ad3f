//! No document makes the normalizer panic, hang or contradict itself. The documents are the fixtures with random damage, to structure and
//! text, as one file (Swagger 2.0 and OpenAPI 3.0, 3.1 and 3.2), as several, and to overlays. Documents that still normalize are canonical,
//! and valid ones are lowered. A hang or a stack overflow ends the run.
//!
//! `PROPTEST_CASES=100000 cargo test --release --package workspace-tests --test generator normalize_mutations` tries more than the second
//! tier.

use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;
use std::{fs, process, thread};

use clientwright::diagnostic::DiagnosticKind;
use clientwright::normalize::{
    InputFile, Normalized, canonical, normalize_files, normalize_for, normalize_text, to_yaml,
};
use clientwright_normalizer::Source;
use clientwright_normalizer::diagnostic::{Diagnostic, Findings, any_error, codes, render};
use clientwright_normalizer::load::parse;
use clientwright_normalizer::structure;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::Value;
use workspace_tests::damage::{
    Edit, TextEdit, all_documents, config, damaged, damaged_text, edits, normalizer_documents, normalizer_texts,
    text_edits, value,
};
use workspace_tests::{document, one, root};

/// A document with an example of each feature.
const DOCUMENT: &str = include_str!("normalize_mutations.yaml");

/// The time after which it must be a hang, even on the slowest machine.
const HANG: Duration = Duration::from_secs(120);

/// Normalizes, and checks that the output is canonical, or that the error has a reason other than a bug.
fn check(shown: &str, normalize: impl FnOnce() -> Result<Normalized, Findings>) -> Result<Normalized, Findings> {
    let watch = Watch::over(shown);
    let outcome = normalize();
    match &outcome {
        Ok(normalized) => {
            let output = Source { name: String::from("output.yaml"), text: normalized.yaml.clone() };
            assert_eq!(parse(&output).as_ref(), Ok(&normalized.value), "{shown}");
            match normalize_text(&output, &[]) {
                Ok(again) => {
                    assert_eq!(again.yaml, normalized.yaml, "not canonical:\n{shown}");
                    let left = again.ledger.summary();
                    assert!(again.ledger.is_empty(), "something is left to do: {left}\n{shown}");
                }
                Err(failure) => panic!("the output is refused:\n{failure}\nof:\n{shown}"),
            }
        }
        Err(failure) => {
            assert!(!failure.diagnostics.is_empty(), "refused without a word:\n{shown}");
            assert!(
                failure.diagnostics.iter().all(|found| found.kind != DiagnosticKind::Bug),
                "{failure}\nof:\n{shown}"
            );
        }
    }
    drop(watch);
    outcome
}

fn check_text(text: &str) -> Result<Normalized, Findings> {
    let source = Source { name: String::from("damaged.yaml"), text: text.to_owned() };
    check(text, || normalize_text(&source, &[]))
}

/// Returns `true` if a document has usable content, even if parts are invalid.
fn says_something(document: &Value) -> bool {
    let has = |key: &str| document.get(key).is_some_and(Value::is_object);
    let has_version = document.get("openapi").is_some() || document.get("swagger").is_some();
    has("paths") || has("webhooks") || has_version && has("components")
}

/// Returns `true` if the error is unbounded growth.
fn is_endless(failure: &Findings) -> bool {
    failure.diagnostics.iter().any(|found| [codes::EXPANSION, codes::TOO_DEEP].contains(&found.code))
}

/// A watchdog that ends the whole run if the normalizer hangs, because a test cannot be stopped otherwise. Most documents take a
/// millisecond.
struct Watch(#[expect(dead_code, reason = "the thread waits until it is dropped")] mpsc::Sender<()>);

impl Watch {
    fn over(shown: &str) -> Self {
        let (sender, receiver) = mpsc::channel::<()>();
        let shown = shown.to_owned();
        thread::spawn(move || {
            if receiver.recv_timeout(HANG) == Err(mpsc::RecvTimeoutError::Timeout) {
                eprintln!("the normalizer hangs on:\n{shown}");
                process::abort();
            }
        });
        Self(sender)
    }
}

/// A broken reference leaves an empty map of paths, which stays on every run.
#[test]
fn an_empty_map_of_paths_is_canonical() {
    let text = r##"{"swagger": "2.0", "info": {"title": "a", "version": "1"}, "paths": {}, "x-ms-paths": {"$ref": "#/paths"}}"##;
    let source = Source { name: String::from("a.json"), text: text.to_owned() };
    assert!(check(text, || normalize_text(&source, &[])).is_ok());
}

#[test]
fn damaged_documents_are_no_trouble() {
    let documents = normalizer_documents();
    for version in ["2.0", "3.0", "3.1", "3.2"] {
        let says = |document: &&Value| {
            let text = document.get("openapi").or(document.get("swagger")).and_then(Value::as_str);
            text.is_some_and(|text| text.starts_with(version))
        };
        assert!(documents.iter().filter(says).count() > 3, "hardly any fixture of {version}");
    }
    proptest!(config(1500), |(seed: Index, edits in edits(6))| {
        let damaged = damaged(seed.get(&documents), &documents, &edits);
        let text = damaged.to_string();
        match check_text(&text) {
            Ok(Normalized { suggestion: Some(suggestion), .. }) => {
                let source = |text: &str| Source { name: String::from("a.yaml"), text: text.to_owned() };
                let followed = normalize_text(&source(&text), &[source(&suggestion)]);
                assert!(followed.is_ok(), "the suggestion cannot be applied: {followed:?}\n{suggestion}\nto:\n{damaged}");
            }
            Ok(_) => {}
            Err(failure) => assert!(!says_something(&damaged) || is_endless(&failure), "{failure}\nof:\n{damaged}"),
        }
    });
}

/// `codegen` accepts any output of `normalize`.
#[test]
fn damaged_documents_are_generated() {
    let documents = all_documents();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("damaged.json");
    proptest!(config(1000), |(seed: Index, edits in edits(6))| {
        let damaged = damaged(seed.get(&documents), &documents, &edits);
        let text = damaged.to_string();
        fs::write(&path, &text).expect("a file");
        let outcome = check(&text, || normalize_for(&InputFile::at(&path), &[]));
        match outcome {
            Ok(normalized) => {
                let generation = one(&document("damaged", normalized.yaml));
                assert!(!any_error(&generation.diagnostics), "{:?}\nof:\n{damaged}", generation.diagnostics);
            }
            Err(failure) => assert!(!says_something(&damaged) || is_endless(&failure), "{failure}\nof:\n{damaged}"),
        }
    });
}

#[test]
fn damaged_texts_are_no_trouble() {
    let mut texts = normalizer_texts();
    // The same as JSON, which has other errors.
    let json: Vec<String> = texts.iter().filter_map(|text| Some(format!("{:#}", value(text)?))).collect();
    texts.extend(json);
    proptest!(config(1500), |(seed: Index, edits in text_edits(4))| {
        let _ = check_text(&damaged_text(seed.get::<String>(&texts), &edits));
    });
}

/// Returns damage to the structure of a text, or to the text itself.
fn either() -> impl Strategy<Value = (Vec<Edit>, Vec<TextEdit>)> {
    prop_oneof![
        4 => edits(6).prop_map(|edits| (edits, Vec::new())),
        1 => text_edits(4).prop_map(|edits| (Vec::new(), edits)),
    ]
}

fn damaged_either(text: &str, donors: &[Value], (edits, text_edits): &(Vec<Edit>, Vec<TextEdit>)) -> String {
    match value(text) {
        Some(document) if !edits.is_empty() => damaged(&document, donors, edits).to_string(),
        _ => damaged_text(text, text_edits),
    }
}

#[test]
fn damaged_overlays_are_no_trouble() {
    let fixtures = root().join("tests/fixtures/normalize/overlay");
    let mut pairs = Vec::new();
    for path in paths(&fixtures) {
        let overlay = path.with_extension("overlay.yaml");
        if let (true, Ok(document), Ok(overlay)) =
            (overlay.exists(), fs::read_to_string(&path), fs::read_to_string(&overlay))
        {
            pairs.push((document, overlay));
        }
    }
    assert!(pairs.len() > 5, "only {} overlays", pairs.len());
    let donors: Vec<Value> = pairs.iter().flat_map(|(one, other)| [value(one), value(other)]).flatten().collect();
    let source = |name: &str, text: &str| Source { name: name.to_owned(), text: text.to_owned() };
    proptest!(config(750), |(seed: Index, damage in either())| {
        let (document, overlay) = seed.get(&pairs);
        let document = source("damaged.yaml", document);
        let overlay = source("overlay.yaml", &damaged_either(overlay, &donors, &damage));
        let shown = format!("{}\n---\n{}", document.text, overlay.text);
        let _ = check(&shown, || normalize_text(&document, std::slice::from_ref(&overlay)));
    });
}

#[test]
fn damaged_files_are_no_trouble() {
    let bundles: Vec<PathBuf> =
        paths(&root().join("tests/fixtures/normalize/bundle")).into_iter().filter(|path| path.is_dir()).collect();
    assert!(bundles.len() > 3, "only {} fixtures of several files", bundles.len());
    proptest!(config(500), |(seed: Index, damage in vec((any::<Index>(), either()), 1..=3))| {
        let bundle = seed.get(&bundles);
        let mut files = Vec::new();
        below(bundle, bundle, &mut files);
        let donors: Vec<Value> = files.iter().filter_map(|(_, text)| value(text)).collect();
        for (file, damage) in &damage {
            let (_, text) = file.get_mut(&mut files);
            *text = damaged_either(text, &donors, damage);
        }
        check_files(&files);
    });
}

fn check_files(files: &[(String, String)]) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut shown = String::new();
    for (path, text) in files {
        let file = folder.path().join(path);
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        fs::write(&file, text).expect("a file");
        shown.push_str(&format!("{path}:\n{text}\n"));
    }
    let _ = check(&shown, || normalize_files(&folder.path().join("openapi.yaml"), &[]));
}

/// Collects the files below a folder: paths relative to `top`, and texts.
fn below(top: &Path, folder: &Path, found: &mut Vec<(String, String)>) {
    for path in paths(folder) {
        if path.is_dir() {
            below(top, &path, found);
        } else {
            let relative = path.strip_prefix(top).expect("below it").to_string_lossy().into_owned();
            found.push((relative, fs::read_to_string(&path).expect("a fixture")));
        }
    }
}

fn paths(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).expect("fixtures").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths
}

/// Returns all diagnostics of the front stages.
fn front(source: &Source) -> Vec<Diagnostic> {
    let value = match parse(source) {
        Ok(value) => value,
        Err(found) => return found,
    };
    let yaml = to_yaml(&value);
    let again = parse(&Source { name: source.name.clone(), text: yaml.clone() });
    assert_eq!(again.as_ref(), Ok(&value), "{yaml}");
    let normalized = match canonical(source, value) {
        Ok(normalized) => normalized,
        Err(found) => return found,
    };
    structure::examine(&source.name, &normalized)
}

#[test]
fn stages_agree_on_what_is_sound() {
    proptest!(config(4000), |(edits in text_edits(4), as_json: bool)| {
        let name = if as_json { "a.json" } else { "a.yaml" };
        let source = Source { name: name.to_owned(), text: damaged_text(DOCUMENT, &edits) };
        let found = front(&source);
        let rendered = render(&found, &[source], false);
        assert_eq!(found.is_empty(), rendered.is_empty());
    });
}

#[test]
fn the_undamaged_document_is_correct() {
    let source = Source { name: "a.yaml".to_owned(), text: DOCUMENT.to_owned() };
    let found = front(&source);
    assert!(!any_error(&found), "{}", render(&found, &[source], false));
    assert_eq!(to_yaml(&parse(&Source { name: "a.yaml".to_owned(), text: DOCUMENT.to_owned() }).unwrap()), DOCUMENT);
}
