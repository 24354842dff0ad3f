//! What README and `docs/MAINTAINERS.md` show is what happens.

use std::fs;

use clientwright::diagnostic::any_error;
use clientwright::normalize::normalize_files;
use data_platform_clients::lakefs_import::types::ImportStatus;
use data_platform_clients::runtime::wire;
use workspace_tests::{document, files, one, root, tree_text};

/// A response whose time is a number.
const BODY: &str = r#"{"completed": true, "update_time": 1714521600}"#;

fn page(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The block of code that begins with this line.
fn block(page: &str, first: &str) -> String {
    let blocks = page.split("```").filter_map(|block| block.split_once('\n'));
    let found = blocks.map(|(_, text)| text).find(|text| text.starts_with(first));
    found.unwrap_or_else(|| panic!("no block begins with `{first}`")).to_owned()
}

#[test]
fn the_readme_shows_generated_code() {
    let readme = page("README.md");
    let text = format!("openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\n{}", block(&readme, "paths:"));
    let generated = tree_text(&files(&one(&document("client", text))));
    let shown = block(&readme, "/// Returns the progress") + &block(&readme, "let response");
    for line in shown.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("println!")) {
        assert!(generated.contains(line), "`{line}` is not in\n{generated}");
    }
}

#[test]
fn an_overlay_corrects_the_document() {
    let page = page("docs/MAINTAINERS.md");
    let error = wire::from_slice::<ImportStatus>(BODY.as_bytes()).expect_err("no string");
    let shown = block(&page, "importStatus: 200 OK").lines().collect::<Vec<_>>().join(" ");
    assert!(shown.contains(&format!("could not be decoded: {error}; ")), "{shown}");
    let folder = tempfile::tempdir().expect("a folder");
    let overlay = folder.path().join("lakefs_import.overlay.yaml");
    fs::write(&overlay, block(&page, "overlay: 1.1.0")).expect("a file");
    let corrected = normalize_files(&root().join("specs/lakefs_import.yaml"), &[overlay]).expect("a document");
    let generated = one(&document("lakefs_import", corrected.yaml));
    assert!(!any_error(&generated.diagnostics));
    let files = generated.apis.into_iter().flat_map(|api| api.files);
    let status = files.into_iter().find(|file| file.path.ends_with("import_status.rs")).expect("the type");
    assert!(status.contents.contains("pub update_time: i64"), "{}", status.contents);
}
