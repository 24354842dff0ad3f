//! The commands of `clientwright`, for its own binary and for a project's `cargo xtask`.
//!
//! In: arguments and the working directory. Out: files and printed output. Invariant: the libraries do the work; this crate reads arguments
//! and prints results.

#[macro_use]
mod print;

mod codegen;
mod diff;
pub mod explain;
mod new;
mod normalize;
mod show;
mod snapshot;
mod source;
mod stamp;

/// Parts of commands that the playground uses. They change without notice.
#[doc(hidden)]
pub mod internal {
    pub use crate::diff::{SCRIPT_HASH, STYLE_HASH, page};
    pub use crate::new::{EXAMPLE, files};
}

use std::env;
use std::process::ExitCode;

use clap::Subcommand;
use clientwright::project::Project;

/// A command with its arguments.
#[derive(Subcommand)]
#[non_exhaustive]
pub enum Command {
    /// Create a new project
    New(new::Arguments),
    /// Generate the clients of the project
    Codegen(codegen::Arguments),
    /// Show what a change of documents means for servers, clients and callers
    Diff(diff::Arguments),
    /// Explain a diagnostic
    Explain(explain::Arguments),
    /// Add or update a vendor's document
    Normalize(normalize::Arguments),
    /// Run the snapshot tests and show the differences
    Snapshot(snapshot::Arguments),
}

/// Runs a command and prints its result. Returns the exit code of the process.
#[must_use]
pub fn run(command: Command) -> ExitCode {
    let result = match command {
        Command::New(arguments) => new::run(&arguments),
        Command::Codegen(arguments) => codegen::run(&arguments),
        Command::Diff(arguments) => diff::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Normalize(arguments) => normalize::run(arguments),
        Command::Snapshot(arguments) => snapshot::run(&arguments),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{}", error.trim_end());
            ExitCode::FAILURE
        }
    }
}

/// Whether a command succeeded, or the error to print.
type Outcome = Result<bool, String>;

/// Finds the project of the working directory.
fn project() -> Result<Project, String> {
    let here = env::current_dir().map_err(|error| error.to_string())?;
    Project::find(&here).map_err(|findings| findings.to_string())
}
