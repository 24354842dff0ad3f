//! The command `clientwright`: see the library.

use std::process::ExitCode;

use clap::Parser;
use clientwright_cli::Command;

/// Generating makes and drops a great many small things: with glibc's allocator, a large document takes half as long again.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Generates Rust clients that read as if written by hand from API documents.
#[derive(Parser)]
#[command(name = "clientwright", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

fn main() -> ExitCode {
    clientwright_cli::run(Arguments::parse().command)
}
