//! The client is up to date with the documents.

use std::path::Path;

use clientwright::project::{Mode, Project};

#[test]
fn client_is_fresh() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let project = Project::find(folder).unwrap_or_else(|findings| panic!("{findings}"));
    let report = project.codegen(&[], Mode::Check);
    assert_eq!(report.findings.errors(), 0, "{}", report.findings);
    let (stale, command) = (report.changes, project.command_line("codegen"));
    assert!(
        stale.is_empty(),
        "run `{command}`; it would change {stale:#?}"
    );
}
