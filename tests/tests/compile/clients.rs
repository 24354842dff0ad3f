//! The clients of all fixtures compile without a warning of rustc, clippy or rustdoc.
//!
//! One scratch crate below the target folder contains one module for each fixture, so that cargo runs once. It shares the
//! target folder, and with it the compiled dependencies.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use clientwright::generate::{Document, generate};
use clientwright::normalize::{InputFile, normalize_for};
use proptest::prelude::{Strategy as _, any};
use proptest::sample::Index;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use workspace_tests::damage::{all_documents, config, damaged, edits};
use workspace_tests::{Kind, document, fixtures, many_types, scratch};

const ROOT: &str = "#![deny(warnings, missing_docs)]\n";

#[test]
#[ignore = "second tier: cargo test --workspace --tests -- --include-ignored"]
fn whatever_is_generated_compiles_without_a_warning() {
    let krate = scratch_crate();
    let krate = &krate;
    let command = if has_clippy() { "clippy" } else { "check" };
    let checked = scratch::cargo(krate, &[command, "--all-features", "--message-format=short"], "");
    succeeded(krate, &checked, "the generated code");
    // The feature that compiles most of the generated code; it implies `decode-all`.
    let feature = "clientwright-runtime/test";
    let arguments = ["check", "--all-features", "--features", feature, "--message-format=short"];
    let checked = scratch::cargo(krate, &arguments, "");
    succeeded(krate, &checked, "the generated code with placeholder values");
    let documented =
        scratch::cargo(krate, &["doc", "--all-features", "--no-deps", "--message-format=short"], "-Dwarnings");
    succeeded(krate, &documented, "the documentation of the generated code");
}

#[test]
#[ignore = "second tier: cargo test --workspace --tests -- --include-ignored"]
fn each_tag_compiles_alone() {
    let fixture = fixtures(Kind::Ok).into_iter().find(|fixture| fixture.name == "tag_features").expect("a fixture");
    let generation = fixture.generate();
    let krate = scratch::package("tag_features", &generation, ROOT, &[]);
    let features = generation.apis.iter().flat_map(|api| &api.tag_features);
    let features: Vec<&str> = features.map(String::as_str).chain(["tag_features"]).collect();
    assert_eq!(features.len(), 8, "{features:?}");
    for feature in features {
        let checked = scratch::cargo(&krate, &["check", "--no-default-features", "--features", feature], "");
        succeeded(&krate, &checked, feature);
    }
}

/// Returns each fixture as a module, and some documents that are too large for files.
fn documents() -> Vec<Document> {
    let fixtures = [Kind::Ok, Kind::Unsupported].into_iter().flat_map(fixtures);
    let mut documents: Vec<Document> = fixtures.map(|fixture| fixture.document).collect();
    documents.push(document("a_hundred_levels", a_hundred_levels()));
    documents.push(document("folders", folders()));
    documents.push(document("a_long_chain", a_long_chain()));
    documents.push(document("many_tags", many_tags()));
    documents.push(document("many_types", many_types(1500)));
    documents.extend(damaged_documents());
    documents
}

/// Returns documents with random damage, normalized: 30, or `PROPTEST_CASES`.
fn damaged_documents() -> Vec<Document> {
    let documents = all_documents();
    let config = config(30);
    let cases = config.cases;
    let mut runner = TestRunner::new(config);
    let damage = (any::<Index>(), edits(6));
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("damaged.json");
    let mut normalized = Vec::new();
    for case in 0..cases {
        let (seed, edits) = damage.new_tree(&mut runner).expect("edits").current();
        fs::write(&path, damaged(seed.get(&documents), &documents, &edits).to_string()).expect("a file");
        // Some damaged documents cannot be normalized.
        if let Ok(one) = normalize_for(&InputFile::at(&path), &[]) {
            normalized.push(document(&format!("damaged_{case}"), one.yaml));
        }
    }
    normalized
}

/// Returns a document with so many tags that their accessors are in the tags' files; one tag is named like the client.
fn many_tags() -> String {
    let names = (0..120).map(|tag| format!("T{tag}")).chain(["Client".to_owned()]);
    let paths: String = names
        .map(|tag| format!("  /{tag}: {{get: {{operationId: get{tag}, tags: [{tag}], responses: {{'204': {{description: d}}}}}}}}\n"))
        .collect();
    format!("openapi: 3.0.3\ninfo: {{title: Tags, version: 1.0.0}}\npaths:\n{paths}")
}

/// Returns a document whose chain of types exceeds rustc's default recursion limit (E0320).
fn a_long_chain() -> String {
    let links: String = (0..300)
        .map(|link| {
            format!(
                "    T{link}: {{type: object, properties: {{next: {{$ref: '#/components/schemas/T{}'}}}}}}\n",
                link + 1
            )
        })
        .collect();
    format!(
        "openapi: 3.0.3\ninfo: {{title: Chain, version: 1.0.0}}\npaths: {{}}\ncomponents:\n  schemas:\n{links}    T300: {{type: string, enum: [end]}}\n"
    )
}

/// Returns a document that is laid out in folders:
/// - a tag with eighty operations, one of them named like the tag;
/// - a component with thirty inline types, one of them named like the component;
/// - eighty webhooks, and more types than an index lists.
fn folders() -> String {
    let operation = |id: &str| {
        let parameter = "{name: x, in: query, schema: {$ref: '#/components/schemas/E1'}}";
        let body = "content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}";
        let answers = format!(
            "{{'200': {{description: d, {body}}}, '202': {{description: d}}, '404': {{description: d, {body}}}}}"
        );
        format!(
            "  /{id}:\n    put: {{operationId: {id}, tags: [Things], parameters: [{parameter}], responses: {answers}}}\n"
        )
    };
    let operations: String = (0..80).map(|index| operation(&format!("get{index}"))).collect();
    let inline: String = (0..30)
        .map(|index| {
            format!("        p{index}: {{type: object, properties: {{other: {{$ref: '#/components/schemas/E2'}}}}}}\n")
        })
        .collect();
    let webhooks: String = (0..80)
        .map(|index| {
            let body = "content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}";
            format!("  hook{index}: {{post: {{requestBody: {{{body}}}, responses: {{'204': {{description: d}}}}}}}}\n")
        })
        .collect();
    let enums: String = (0..1000).map(|index| format!("    E{index}: {{type: string, enum: [a]}}\n")).collect();
    format!(
        "openapi: 3.0.3\ninfo: {{title: Folders, version: 1.0.0}}\npaths:\n{operations}{}components:\n  schemas:\n{enums}    \
         Thing:\n      type: object\n      properties:\n        thing: {{type: array, items: {{type: object, properties: \
         {{x: {{$ref: '#/components/schemas/Thing'}}}}}}}}\n{inline}x-webhooks:\n{webhooks}",
        operation("things")
    )
}

/// Returns a document with deeply nested objects and lists.
fn a_hundred_levels() -> String {
    // Each level of the schema takes three levels of the document.
    let objects = (0..30).fold("{type: string}".to_owned(), |inner, level| {
        format!("{{type: object, properties: {{l{level}: {inner}}}}}")
    });
    let lists = (0..90).fold("{type: string}".to_owned(), |inner, _| format!("{{type: array, items: {inner}}}"));
    format!(
        "openapi: 3.0.3\ninfo: {{title: Deep, version: 1.0.0}}\npaths: {{}}\ncomponents:\n  schemas:\n    Objects: {objects}\n    Lists: {lists}\n"
    )
}

fn scratch_crate() -> PathBuf {
    let documents = documents();
    let generation = generate(&documents, &scratch::modules(&documents), "cargo xtask codegen");
    assert!(generation.root.is_some(), "{:#?}", generation.diagnostics);
    scratch::package("fixtures", &generation, ROOT, &[])
}

fn has_clippy() -> bool {
    Command::new(env!("CARGO")).args(["clippy", "--version"]).output().is_ok_and(|output| output.status.success())
}

fn succeeded(krate: &Path, output: &Output, what: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{what} in {} is not accepted:\n{said}", krate.display());
}
