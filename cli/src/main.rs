//! The command `clientwright`; the library has its implementation.

use std::process::ExitCode;

use clap::Parser;
use clientwright_cli::Command;

/// Generation makes many small allocations: with glibc's allocator, large documents take 50 % longer.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Generate idiomatic Rust clients from OpenAPI documents
#[derive(Parser)]
#[command(name = "clientwright", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

fn main() -> ExitCode {
    clientwright_cli::run(Arguments::parse().command)
}
