//! What several commands print alike.

use clientwright::diagnostic::Findings;
use clientwright::project::Project;

/// `1 error`, `2 errors`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// Fails if there are errors among the diagnostics: with all of them, how many are errors, how to look one up, and what was not done.
pub(crate) fn refuse_errors(findings: &Findings, project: &Project, undone: &str) -> Result<(), String> {
    let Some(first) = findings.diagnostics.iter().find(|diagnostic| diagnostic.is_error()) else { return Ok(()) };
    let explain = format!("\nfor an explanation: {} {}\n", project.called("explain"), first.code);
    Err(format!("{findings}{explain}{}; {undone}", counted(findings.errors(), "error")))
}
