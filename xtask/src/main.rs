//! The maintainer's commands. Everything that they do is in the library `clientwright`; here arguments are read and
//! results printed.

mod bench_compile;
mod codegen;
mod columns;
mod contract;
mod corpus;
mod fuzz;
mod judge;
mod matrix;
mod measure;
mod normalize;
mod real_auth;
mod snapshot;
mod validate;
mod venv;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Generating makes and drops a great many small things: with glibc's allocator, a large document takes half as long again.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Generates and guards the clients of this repository.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Generate the clients of the documents under `specs/`
    Codegen(codegen::Arguments),
    /// Say what generating a document's client and compiling it costs, beside other generators
    BenchCompile(bench_compile::Arguments),
    /// Call every operation against an independent server that knows nothing but the document
    Contract(contract::Arguments),
    /// Throw arbitrary texts at the normalizer, and arbitrary bytes at the codec
    Fuzz(fuzz::Arguments),
    /// Normalize, generate and check each document of a folder, and say what it costs
    Corpus(corpus::Arguments),
    /// Bring one document of a corpus in: what `corpus` measures
    #[command(hide = true)]
    CorpusOne(corpus::bring_in::Arguments),
    /// Write what is supported, as the fixtures show it
    Matrix(matrix::Arguments),
    /// Prove digest, basic and bearer authentication against httpbin, Apache and lighttpd
    RealAuth(real_auth::Arguments),
    /// Bring a vendor's document into `specs/`
    Normalize(normalize::Arguments),
    /// Run the snapshot tests and show what differs
    Snapshot(snapshot::Arguments),
    /// Normalize documents, and have an independent validator judge what comes out
    Validate(validate::Arguments),
}

fn main() -> ExitCode {
    if let Some(code) = measure::wrapper() {
        return code;
    }
    match Arguments::parse().command {
        Command::Codegen(arguments) => codegen::run(&arguments),
        Command::BenchCompile(arguments) => bench_compile::run(&arguments),
        Command::Contract(arguments) => contract::run(&arguments),
        Command::Fuzz(arguments) => fuzz::run(&arguments),
        Command::Corpus(arguments) => corpus::run(&arguments),
        Command::CorpusOne(arguments) => corpus::bring_in::run(&arguments),
        Command::Matrix(arguments) => matrix::run(&arguments),
        Command::RealAuth(arguments) => real_auth::run(&arguments),
        Command::Normalize(arguments) => normalize::run(arguments),
        Command::Snapshot(arguments) => snapshot::run(&arguments),
        Command::Validate(arguments) => validate::run(&arguments),
    }
}

/// The root of the repository: where this crate's folder lies.
fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().map(PathBuf::from).unwrap_or(here)
}
