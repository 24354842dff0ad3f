//! Commands that run to their end, including Cargo.
//!
//! In: a command. Out: its output, or whether it succeeded. Invariant: an error contains the program's name and its
//! output.

use std::env;
use std::path::Path;
use std::process::{Command, Stdio};

/// Runs a command to its end. Its output is the result, or part of the error.
pub(crate) fn run(command: &mut Command) -> Result<String, String> {
    let name = command.get_program().display().to_string();
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("{name}: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(text);
    }
    Err(format!("{name} failed ({}):\n{text}{}", output.status, String::from_utf8_lossy(&output.stderr)))
}

/// Runs a command to its end. Its standard error is the result, or part of the error.
pub(crate) fn errors(command: &mut Command) -> Result<String, String> {
    let name = command.get_program().display().to_string();
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("{name}: {error}"))?;
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() { Ok(text) } else { Err(format!("{name} failed ({}):\n{text}", output.status)) }
}

/// Runs a command to its end, with its output shown. `what` describes the command in errors.
pub(crate) fn done(command: &mut Command, what: &str) -> Result<(), String> {
    let name = command.get_program().display().to_string();
    let status = command.status().map_err(|error| format!("{what}: {name}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{what}: {name} failed ({status})")) }
}

/// Returns a Cargo command in a workspace outside of the repository's, with its own target folder.
pub(crate) fn cargo(folder: &Path, target: &Path) -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(folder).stdin(Stdio::null()).env("CARGO_TARGET_DIR", target).env("CARGO_TERM_QUIET", "true");
    // Variables that Cargo set for this program must not reach the called Cargo.
    for (name, _) in env::vars().filter(|(name, _)| name.starts_with("CARGO_PKG_") || name == "CARGO_MANIFEST_DIR") {
        cargo.env_remove(name);
    }
    cargo
}
