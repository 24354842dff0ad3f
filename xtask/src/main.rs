//! `cargo xtask`: the commands of `clientwright` and of the package `verify`, which is built on demand.

use std::env;
use std::ffi::OsString;
use std::process::{Command, ExitCode};

use clap::Parser;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Generate and verify the clients of this repository
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version)]
#[command(
    after_help = "Verification commands: bench, bench-compile, book, contract, corpus, diff-page, frameworks, fuzz, growth, matrix, names, pictures, playground, programs, real-auth, validate, verdicts, wasm"
)]
enum Arguments {
    #[command(flatten)]
    Own(clientwright_cli::Command),
    #[command(external_subcommand)]
    Verify(Vec<OsString>),
}

fn main() -> ExitCode {
    match Arguments::parse() {
        Arguments::Own(command) => clientwright_cli::run(command),
        Arguments::Verify(arguments) => verify(&arguments),
    }
}

fn verify(arguments: &[OsString]) -> ExitCode {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let run = Command::new(cargo).args(["run", "--quiet", "--package", "verify", "--"]).args(arguments).status();
    if run.is_ok_and(|status| status.success()) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
