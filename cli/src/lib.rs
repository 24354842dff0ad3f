//! The commands of `clientwright`, for its own binary and for a project's `cargo xtask`.
//!
//! In: arguments and the folder that the process works in. Out: files, and what people read. Invariant: what a command does is
//! in the libraries; here arguments are read and results printed.

mod codegen;
pub mod explain;
mod new;
mod normalize;
mod show;
mod snapshot;

use std::env;
use std::process::ExitCode;

use clap::Subcommand;
use clientwright::project::Project;

/// A command with its arguments.
#[derive(Subcommand)]
#[non_exhaustive]
pub enum Command {
    /// Make a project: a document, its client crate, and what keeps them together
    New(new::Arguments),
    /// Generate the clients of the project's documents
    Codegen(codegen::Arguments),
    /// Say what a diagnostic means and what to do
    Explain(explain::Arguments),
    /// Bring a vendor's document into the project
    Normalize(normalize::Arguments),
    /// Run the snapshot tests and show what differs
    Snapshot(snapshot::Arguments),
}

/// Runs a command, prints what came of it, and tells whether it succeeded.
#[must_use]
pub fn run(command: Command) -> ExitCode {
    let result = match command {
        Command::New(arguments) => new::run(&arguments),
        Command::Codegen(arguments) => codegen::run(&arguments),
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

/// What came of a command: whether everything is as it should be, or what people read instead.
type Outcome = Result<bool, String>;

/// The project that the working directory belongs to.
fn project() -> Result<Project, String> {
    let here = env::current_dir().map_err(|error| error.to_string())?;
    Project::find(&here).map_err(|findings| findings.to_string())
}
