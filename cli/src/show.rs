//! Output that commands share.

use clientwright::diagnostic::Findings;
use clientwright::project::Project;

/// Returns `1 error`, `2 errors`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// Returns an error if a diagnostic is an error. Its text has all diagnostics, the number of errors, the command that explains the first
/// one, and `undone`, the action that was not performed.
pub(crate) fn refuse_errors(findings: &Findings, project: &Project, undone: &str) -> Result<(), String> {
    let Some(first) = findings.diagnostics.iter().find(|diagnostic| diagnostic.is_error()) else { return Ok(()) };
    let explain = format!("\nfor an explanation: {} {}\n", project.command_line("explain"), first.code);
    Err(format!("{findings}{explain}{}; {undone}", counted(findings.errors(), "error")))
}
