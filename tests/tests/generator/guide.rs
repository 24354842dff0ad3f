//! The guide in `docs/`: its example API is generated from its document.

use clientwright::project::{Mode, Project};
use workspace_tests::root;

#[test]
fn the_client_of_the_examples_is_current() {
    let folder = root().join("tests/pets");
    let report = Project::find(&folder).expect("a project").codegen(&[], Mode::Check);
    assert_eq!(report.findings.errors(), 0, "run `cargo xtask codegen` in tests/pets: {}", report.findings);
}
