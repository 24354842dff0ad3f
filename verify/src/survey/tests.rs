//! Every operation is accounted for.

use super::*;
use clientwright::generate::{Document, generate};
use clientwright_normalizer::normalize::normalize_text;
use clientwright_normalizer::{Source, load};

fn figures(text: &str) -> Figures {
    let written = load::parse(&Source { name: "t.yaml".to_owned(), text: text.to_owned() }).unwrap();
    let normalized = normalize_text(&Source { name: "t.yaml".to_owned(), text: text.to_owned() }, &[]).unwrap();
    let source = Source { name: "t.yaml".to_owned(), text: normalized.yaml };
    let generation = generate(&[Document::new("t", source)], &["t".to_owned()], "clientwright codegen");
    assert!(generation.root.is_some(), "{:#?}", generation.diagnostics);
    let Some(figures) = survey(Subject {
        written: &written,
        ledger: &normalized.ledger,
        document: &normalized.value,
        generation: &generation,
    }) else {
        panic!("nothing was generated");
    };
    figures
}

const DONE: &str = "responses: {'204': {description: Done.}}";
/// A required parameter for which no operation is generated.
const XML: &str = "{name: x, in: query, required: true, content: {application/xml: {schema: {type: object}}}}";

#[test]
fn what_is_generated_is_counted() {
    let figures = figures(&format!(
        "openapi: 3.0.1\ninfo: {{title: t, version: v}}\npaths:\n  /a:\n    get: {{operationId: a, {DONE}}}\n    \
         put: {{operationId: b, {DONE}}}\ncomponents: {{schemas: {{A: {{type: object, properties: {{a: {{type: string}}}}}}}}}}\n"
    ));
    assert_eq!((figures.operations, figures.emitted, figures.schemas, figures.types), (2, 2, 1, 1));
    assert_eq!(figures.version, "3.0.1");
    assert_eq!((figures.unsupported.len(), figures.lost.len()), (0, 0));
    assert_eq!(figures.largest.1, "t/operations.rs");
    assert!(figures.lines > figures.largest.0 && figures.files == 5, "{figures:?}");
}

#[test]
fn branches_that_nothing_tells_apart_are_counted() {
    let object = |property: &str| {
        let inner = format!("{{type: object, properties: {{{property}: {{type: string}}}}}}");
        format!("{{type: object, properties: {{a: {{type: object, properties: {{b: {inner}}}}}}}}}")
    };
    let (one, other) = (object("c"), object("d"));
    let figures = figures(&format!(
        "openapi: 3.0.3\ninfo: {{title: t, version: v}}\npaths: {{}}\ncomponents:\n  schemas:\n    \
         A: {{oneOf: [{{type: string}}, {one}, {other}]}}\n"
    ));
    assert_eq!((figures.branches, figures.numbered), (3, 2));
}

#[test]
fn what_is_not_generated_is_named_with_its_reason() {
    let figures = figures(&format!(
        "openapi: 3.0.3\ninfo: {{title: t, version: v}}\npaths:\n  /a:\n    get: {{operationId: a, parameters: [{XML}], {DONE}}}\n    \
         put: {{operationId: b, {DONE}}}\n"
    ));
    assert_eq!((figures.operations, figures.emitted), (2, 1));
    let [Named { what, reasons }] = figures.unsupported.as_slice() else { panic!("{figures:?}") };
    assert_eq!(what, "GET /a");
    assert!(reasons[0].starts_with("unsupported-parameter-content: "), "{reasons:?}");
}

#[test]
fn what_the_normalizer_drops_is_named_by_its_ledger() {
    let figures = figures(&format!(
        "openapi: 3.2.0\ninfo: {{title: t, version: v}}\npaths:\n  /a:\n    query: {{operationId: a, {DONE}}}\n    \
         get: {{operationId: b, {DONE}}}\n    additionalOperations:\n      COPY: {{operationId: c, {DONE}}}\n      \
         NO METHOD: {{operationId: d, {DONE}}}\n"
    ));
    assert_eq!((figures.operations, figures.emitted), (4, 3));
    let named: Vec<&str> = figures.unsupported.iter().map(|named| named.what.as_str()).collect();
    assert_eq!(named, ["NO METHOD /a"]);
    assert_eq!(figures.lost, [""; 0]);
}

#[test]
fn what_is_lost_without_a_word_is_found_out() {
    let document = |paths: &str| {
        let text = format!("openapi: 3.0.3\ninfo: {{title: t, version: v}}\npaths:\n  {paths}\n");
        Source { name: "t.yaml".to_owned(), text }
    };
    let source = document(&format!("/a: {{get: {{operationId: a, {DONE}}}}}"));
    let written = load::parse(&document(&format!("/a: {{get: {{{DONE}}}, put: {{{DONE}}}}}"))).unwrap();
    let value = load::parse(&source).unwrap();
    let generation = generate(&[Document::new("t", source)], &["t".to_owned()], "clientwright codegen");
    let subject = Subject { written: &written, ledger: &Ledger::default(), document: &value, generation: &generation };
    let Some(figures) = survey(subject) else { panic!("nothing was generated") };
    assert_eq!((figures.operations, figures.emitted), (2, 1));
    assert_eq!(figures.lost, ["PUT /a"]);
    // A simulated stage that drops an operation of the canonical document.
    let subject = Subject { document: &written, ..subject };
    assert_eq!(survey(subject).map(|figures| figures.lost), Some(vec!["PUT /a".to_owned()]));
}
