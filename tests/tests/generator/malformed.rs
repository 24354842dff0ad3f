//! No document makes the generator panic: the result is correct output, or a diagnostic with its place.
//!
//! Documents are damaged at random, and taken to extremes.

use std::panic::{AssertUnwindSafe, catch_unwind};

use clientwright::diagnostic::{Diagnostic, DiagnosticKind as Finding, any_error};
use clientwright::generate::Document;
use clientwright_normalizer::limits::on_stack;
use clientwright_normalizer::load;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::Value;
use workspace_tests::damage::{config, damaged, damaged_text, edits, random_text, text_edits};
use workspace_tests::{Kind, document, fixtures, one, rendered, rust, specs};

/// Generates a document and judges the result.
fn judge(document: &Document, seed: &str) {
    let text = &document.source.text;
    let shown = || text.chars().take(4000).collect::<String>();
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        let generation = one(document);
        let said = rendered(&generation.diagnostics, document);
        (generation, said)
    }));
    let Ok((generation, said)) = outcome else { panic!("{seed}: a panic; the document:\n{}", shown()) };
    for diagnostic in &generation.diagnostics {
        assert!(is_located(diagnostic, document), "{seed}: {diagnostic:?} has no place in\n{}", shown());
        assert_ne!(diagnostic.kind, Finding::Bug, "{seed}: {said}\n{}", shown());
        assert!(said.contains(&format!("[{}]", diagnostic.code)), "{seed}: {diagnostic:?} is not shown:\n{said}");
    }
    assert_eq!(generation.root.is_none(), any_error(&generation.diagnostics), "{seed}: {said}");
    for api in &generation.apis {
        let faults = rust::faults(&api.files);
        assert!(faults.is_empty(), "{seed}: {}\n{}", faults.join("\n"), shown());
    }
}

/// Returns `true` if the span is in the text, and the pointer leads to a node, or to the parent of a missing one.
fn is_located(diagnostic: &Diagnostic, document: &Document) -> bool {
    if diagnostic.file != document.source.name {
        return false;
    }
    match &diagnostic.span {
        Some(span) => span.start <= span.end && document.source.text.get(span.clone()).is_some(),
        None => match load::parse(&document.source) {
            Ok(value) => value.pointer(diagnostic.pointer.as_str()).is_some(),
            // The parser locates errors of a text that cannot be read as a whole.
            Err(_) => true,
        },
    }
}

/// Returns small documents that together use all features.
fn seeds() -> Vec<Document> {
    let fixtures = [Kind::Ok, Kind::Unsupported].into_iter().flat_map(fixtures);
    let small = fixtures.filter(|fixture| fixture.document.source.text.len() < 8000);
    small.map(|fixture| fixture.document).collect()
}

fn values(documents: &[Document]) -> Vec<Value> {
    let value = |document: &Document| load::parse(&document.source).expect("a document that is right");
    documents.iter().map(value).collect()
}

/// Returns a document as YAML or as JSON.
fn written(value: &Value, as_json: bool) -> String {
    if as_json { value.to_string() } else { serde_yaml::to_string(value).unwrap_or_else(|_| value.to_string()) }
}

fn judge_text(text: String) {
    judge(&document("damaged", text), "damaged");
}

#[test]
fn damaged_structure() {
    let seeds = values(&seeds());
    proptest!(config(3000), |(seed: Index, edits in edits(3), as_json: bool)| {
        judge_text(written(&damaged(seed.get(&seeds), &seeds, &edits), as_json));
    });
}

#[test]
fn damaged_text_of_a_document() {
    let seeds = seeds();
    proptest!(config(2000), |(seed: Index, edits in text_edits(4))| {
        judge_text(damaged_text(&seed.get(&seeds).source.text, &edits));
    });
}

#[test]
fn random_texts() {
    proptest!(config(3000), |(text in random_text())| judge_text(text));
}

#[test]
fn damaged_specs() {
    let specs = values(&specs());
    proptest!(config(40), |(seed: Index, edits in edits(1))| {
        judge_text(written(&damaged(seed.get(&specs), &specs, &edits), false));
    });
}

/// One error causes no further ones: after one key is misspelt, only that key is reported.
#[test]
fn one_mistake_is_one_error() {
    for (right, wrong) in [("operationId:", "operationid:"), ("required:", "requried:"), ("in: query", "in: querry")] {
        let text = "openapi: 3.0.3
info: {title: One, version: 1.0.0}
paths:
  /a:
    get:
      operationId: a
      parameters:
      - {name: x, in: query, schema: {type: object, required: [y], properties: {y: {type: string}}}}
      responses: {'204': {description: Done.}}
";
        assert!(text.contains(right));
        let document = document("mistake", text.replace(right, wrong));
        let generation = one(&document);
        let errors = generation.diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count();
        assert_eq!(errors, 1, "{wrong}: {}", rendered(&generation.diagnostics, &document));
    }
}

fn with_schema(schema: &str) -> Document {
    document(
        "extreme",
        format!(
            "openapi: 3.0.3\ninfo: {{title: Extreme, version: 1.0.0}}\npaths: {{}}\ncomponents:\n  schemas:\n    Thing: {schema}\n"
        ),
    )
}

#[test]
fn a_hundred_levels_are_generated() {
    let schema = (0..95).fold("{type: string}".to_owned(), |inner, _| format!("{{type: array, items: {inner}}}"));
    let document = with_schema(&schema);
    let generation = one(&document);
    assert!(generation.diagnostics.is_empty(), "{}", rendered(&generation.diagnostics, &document));
    on_stack(|| judge(&document, "a hundred levels")).unwrap();
}

#[test]
fn a_hundred_thousand_levels_are_refused() {
    const LEVELS: usize = 100_000;
    let flow = |open: &str, close: &str| with_schema(&format!("{}{}", open.repeat(LEVELS), close.repeat(LEVELS)));
    let block: String = (0..3000).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
    let compact = format!("{}a\n", "- ".repeat(LEVELS));
    let json = format!("{{\"openapi\": {}1{}}}", "[".repeat(LEVELS), "]".repeat(LEVELS));
    for (what, document) in [
        ("flow lists", flow("[", "]")),
        ("flow mappings", flow("{a: ", "}")),
        ("unclosed lists", flow("[", "")),
        ("block mappings", document("extreme", block)),
        ("compact lists", document("extreme", compact)),
        ("complex keys", document("extreme", "? ".repeat(LEVELS))),
        ("JSON", document("extreme", json)),
        ("quotes", with_schema(&format!("{}{}", "'".repeat(LEVELS), "\""))),
        ("aliases", with_schema(&"&a ".repeat(LEVELS))),
    ] {
        let generation = one(&document);
        assert!(any_error(&generation.diagnostics), "{what} are not refused");
        let said = rendered(&generation.diagnostics, &document);
        assert!(said.len() < 20_000, "{what}: {} bytes are said", said.len());
    }
}

/// Depth that is not visible in the text: references that lead deeper and deeper.
#[test]
fn deep_chains_of_references_do_no_harm() {
    for shape in [
        "{$ref: '#/components/schemas/N'}",
        "{allOf: [{$ref: '#/components/schemas/N'}]}",
        "{type: array, items: {$ref: '#/components/schemas/N'}}",
        "{type: object, required: [x], properties: {x: {$ref: '#/components/schemas/N'}}}",
        "{oneOf: [{type: string}, {$ref: '#/components/schemas/N'}]}",
    ] {
        let mut text =
            "openapi: 3.0.3\ninfo: {title: Chain, version: 1.0.0}\npaths: {}\ncomponents:\n  schemas:\n".to_owned();
        for index in 0..2000 {
            let next = shape.replace("/N'", &format!("/S{}'", index + 1));
            text.push_str(&format!("    S{index}: {next}\n"));
        }
        text.push_str("    S2000: {type: string}\n");
        judge(&document("chain", text), shape);
    }
}

#[test]
#[ignore = "second tier: cargo test --workspace --tests -- --include-ignored"]
fn ten_megabytes_of_text() {
    let long = "x".repeat(10_000_000);
    let schema = with_schema(&format!("{{type: string, description: {long}}}"));
    let generation = one(&schema);
    assert!(generation.diagnostics.is_empty());
    let lines = "word word word\\n".repeat(100_000);
    judge(&with_schema(&format!("{{type: string, description: \"{lines}\"}}")), "many lines");
    let refused = with_schema(&format!("{{type: {long}}}"));
    let generation = one(&refused);
    assert!(any_error(&generation.diagnostics));
    let said = rendered(&generation.diagnostics, &refused);
    assert!(said.len() < 20_000, "{} bytes are said about one word", said.len());
}

#[test]
fn many_properties_and_many_values() {
    let properties: String = (0..5000).map(|index| format!("p{index}: {{type: string}}, ")).collect();
    judge(&with_schema(&format!("{{type: object, properties: {{{properties}}}}}")), "properties");
    let values: String = (0..5000).map(|index| format!("v{index}, ")).collect();
    judge(&with_schema(&format!("{{type: string, enum: [{values}]}}")), "values");
}

/// Bytes that are not text are distinguished from text that is not YAML.
#[test]
fn bytes_that_are_no_text() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, bytes) in [
        ("latin1", b"openapi: 3.0.3\ninfo: {title: Gr\xf6\xdfe}\n".to_vec()),
        ("utf16", "openapi: 3.0.3\n".encode_utf16().flat_map(u16::to_le_bytes).chain([0xff]).collect()),
        ("zip", b"PK\x03\x04\x14\x00\xff\xfe".to_vec()),
        ("zeros", vec![0; 1000]),
        ("surrogate", b"openapi: \xed\xa0\x80\n".to_vec()),
    ] {
        let path = folder.path().join(format!("{name}.yaml"));
        std::fs::write(&path, bytes).expect("a file");
        match clientwright_normalizer::load::read(&path, &format!("specs/{name}.yaml")) {
            Err(fault) => {
                assert!(fault.is_error() && fault.file == format!("specs/{name}.yaml"), "{fault:?}");
                assert!(fault.help.is_some(), "{fault:?}");
            }
            Ok(source) => judge(&Document::new(name, source), name),
        }
    }
}
