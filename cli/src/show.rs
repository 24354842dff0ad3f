//! What several commands print alike.

use clientwright::diagnostic::Findings;
use clientwright::project::Project;

/// `1 error`, `2 errors`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// Diagnostics with errors among them, how many errors there are, and how to look one up.
pub(crate) fn failure(findings: &Findings, project: &Project) -> String {
    let first = findings.diagnostics.iter().find(|diagnostic| diagnostic.is_error());
    let explain = first.map(|error| format!("\nfor an explanation: {} {}\n", project.called("explain"), error.code));
    format!("{findings}{}{}; ", explain.unwrap_or_default(), counted(findings.errors(), "error"))
}
