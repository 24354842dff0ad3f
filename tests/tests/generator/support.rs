//! The support matrix is complete, and `docs/SUPPORT.md` agrees with the fixtures.

use std::fs;

use verify::support::{matrix, read};
use workspace_tests::root;

#[test]
fn every_keyword_is_shown_and_the_page_is_fresh() {
    let (fixtures, normalizing) = read(&root().join("tests/fixtures")).expect("the fixtures can be read");
    let matrix = matrix(&fixtures, &normalizing);
    assert!(matrix.faults.is_empty(), "the matrix is not complete:\n{}", matrix.faults.join("\n"));
    let page = fs::read_to_string(root().join("docs/SUPPORT.md")).unwrap_or_default();
    assert!(page == matrix.text, "docs/SUPPORT.md is not as the fixtures show; run: cargo xtask matrix");
}
