//! The README shows actual behavior.

use std::fs;

use workspace_tests::{document, files, one, root, tree_text};

/// Returns the code block that starts with this line.
fn block(page: &str, first: &str) -> String {
    let blocks = page.split("```").filter_map(|block| block.split_once('\n'));
    let found = blocks.map(|(_, text)| text).find(|text| text.starts_with(first));
    found.unwrap_or_else(|| panic!("no block begins with `{first}`")).to_owned()
}

#[test]
fn the_readme_shows_generated_code() {
    let readme = fs::read_to_string(root().join("README.md")).expect("a README");
    let text = format!("openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\n{}", block(&readme, "paths:"));
    let generated = tree_text(&files(&one(&document("client", text))));
    let shown = block(&readme, "/// Returns the progress") + &block(&readme, "let response");
    for line in shown.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("println!")) {
        assert!(generated.contains(line), "`{line}` is not in\n{generated}");
    }
}
