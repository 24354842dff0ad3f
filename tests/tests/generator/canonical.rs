//! The documents under `specs/` are canonical: normalizing one again changes no byte.

use std::fs;
use std::path::Path;

use clientwright_normalizer::{load, normalize};

#[test]
fn writing_a_document_again_changes_no_byte() {
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs");
    let mut seen = 0;
    for entry in fs::read_dir(specs).expect("there is a folder `specs`") {
        let path = entry.expect("its entries can be read").path();
        if path.extension().is_some_and(|extension| extension == "lock") {
            continue;
        }
        let source = load::read(&path, &path.display().to_string()).expect("a document can be read");
        let value = load::parse(&source).expect("a document is YAML");
        let normalized = normalize::canonical(&source, value).expect("a document is OpenAPI 3.0");
        let written = normalize::to_yaml(&normalized);
        assert!(written == source.text, "{} is not canonical", source.name);
        seen += 1;
    }
    assert!(seen >= 5, "only {seen} documents");
}
