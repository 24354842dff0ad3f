//! What the README shows is what happens.

use std::fs;

use clientwright::diagnostic::any_error;
use clientwright::normalize::normalize_files;
use data_platform_clients::lakefs_import::types::ImportStatus;
use data_platform_clients::runtime::wire;
use workspace_tests::{document, one, root};

/// An answer whose time is a number.
const BODY: &str = r#"{"completed": true, "update_time": 1714521600}"#;

/// The block of code that begins with this line.
fn block(readme: &str, first: &str) -> String {
    let blocks = readme.split("```").filter_map(|block| block.split_once('\n'));
    let found = blocks.map(|(_, text)| text).find(|text| text.starts_with(first));
    found.unwrap_or_else(|| panic!("README.md shows no block that begins with `{first}`")).to_owned()
}

#[test]
fn an_overlay_corrects_the_document() {
    let readme = fs::read_to_string(root().join("README.md")).expect("README.md");
    let error = wire::from_slice::<ImportStatus>(BODY.as_bytes()).expect_err("no string");
    let shown = block(&readme, "importStatus: 200 OK").lines().collect::<Vec<_>>().join(" ");
    assert!(shown.contains(&format!("could not be decoded: {error}; ")), "{shown}");
    let folder = tempfile::tempdir().expect("a folder");
    let overlay = folder.path().join("lakefs_import.overlay.yaml");
    fs::write(&overlay, block(&readme, "overlay: 1.1.0")).expect("a file");
    let corrected = normalize_files(&root().join("specs/lakefs_import.yaml"), &[overlay]).expect("a document");
    let generated = one(&document("lakefs_import", corrected.yaml));
    assert!(!any_error(&generated.diagnostics));
    let files = generated.apis.into_iter().flat_map(|api| api.files);
    let status = files.into_iter().find(|file| file.path.ends_with("import_status.rs")).expect("the type");
    assert!(status.contents.contains("pub update_time: i64"), "{}", status.contents);
}
