//! Commands that run to their end, and Cargo among them.
//!
//! In: a command. Out: what it printed, or whether it succeeded. Invariant: an error names the program and what it said.

use std::env;
use std::path::Path;
use std::process::{Command, Stdio};

/// Runs a command to its end. What it printed is the result, or part of the error.
pub(crate) fn run(command: &mut Command) -> Result<String, String> {
    let name = command.get_program().display().to_string();
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("{name}: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(text);
    }
    Err(format!("{name} failed ({}):\n{text}{}", output.status, String::from_utf8_lossy(&output.stderr)))
}

/// Runs a command to its end. What it wrote to the standard error is the result, or part of the error.
pub(crate) fn errors(command: &mut Command) -> Result<String, String> {
    let name = command.get_program().display().to_string();
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("{name}: {error}"))?;
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() { Ok(text) } else { Err(format!("{name} failed ({}):\n{text}", output.status)) }
}

/// Runs a command to its end, which says itself how far it is. `what` is what fails with it.
pub(crate) fn done(command: &mut Command, what: &str) -> Result<(), String> {
    let name = command.get_program().display().to_string();
    let status = command.status().map_err(|error| format!("{what}: {name}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{what}: {name} failed ({status})")) }
}

/// Cargo in a workspace outside of the repository's, with a target folder of its own.
pub(crate) fn cargo(folder: &Path, target: &Path) -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(folder).stdin(Stdio::null()).env("CARGO_TARGET_DIR", target).env("CARGO_TERM_QUIET", "true");
    // What Cargo set for this program is not meant for the Cargo that it calls.
    for (name, _) in env::vars().filter(|(name, _)| name.starts_with("CARGO_PKG_") || name == "CARGO_MANIFEST_DIR") {
        cargo.env_remove(name);
    }
    cargo
}
