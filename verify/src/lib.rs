//! Verification of the generator and its clients, and part of neither: contract programs and their judge, the corpus of real
//! documents, examples, the support matrix and benchmarks of compile time.
//!
//! In: documents, generated clients, servers. Out: tables and findings. Invariant: published crates do not depend on this crate.

pub mod audit;
mod bench;
mod bench_compile;
mod book;
mod browser;
mod columns;
mod contract;
pub mod contract_programs;
mod corpus;
mod diff_page;
pub mod examples;
mod files;
mod frameworks;
mod fuzz;
mod growth;
mod judge;
mod matrix;
mod measure;
mod mutants;
pub mod names;
mod npm;
mod pictures;
mod playground;
mod process;
pub mod programs;
mod real_auth;
mod schemas;
mod seeds;
mod server;
pub mod support;
pub mod survey;
mod validate;
mod venv;
mod verdicts;
mod wasm;
mod workspace;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Proves the generator and its clients.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Count the instructions and allocations of the codec, of calls, of normalizing and of generating
    Bench(bench::Arguments),
    /// Say what generating a document's client and compiling it costs, beside other generators
    BenchCompile(bench_compile::Arguments),
    /// Build the guide as a site
    Book(book::Arguments),
    /// Call every operation against an independent server that knows nothing but the document
    Contract(contract::Arguments),
    /// Normalize, generate and check each document of a folder, and say what it costs
    Corpus(corpus::Arguments),
    /// Bring one document of a corpus in: what `corpus` measures
    #[command(hide = true)]
    CorpusOne(corpus::bring_in::Arguments),
    /// Try the page of `diff --html` in Chromium
    DiffPage(diff_page::Arguments),
    /// Call services written in the usual web frameworks through clients of the documents that they publish
    Frameworks(frameworks::Arguments),
    /// Throw arbitrary texts at the normalizer, and arbitrary bytes at the codec
    Fuzz(fuzz::Arguments),
    /// Measure how the cost of normalizing and generating grows with the size of a document
    Growth(growth::Arguments),
    /// Write what is supported, as the fixtures show it
    Matrix(matrix::Arguments),
    /// Generate and compile documents with random changes of their structure
    Mutants(mutants::Arguments),
    /// Compare the names in successive versions of documents
    Names(names::Arguments),
    /// Draw the pictures of the documentation
    Pictures,
    /// Build the page that generates clients without an installation
    Playground(playground::Arguments),
    /// Compile whole programs with the clients of large visible APIs, and count their lines
    Programs(programs::Arguments),
    /// Prove digest, basic and bearer authentication against httpbin, Apache and lighttpd
    RealAuth(real_auth::Arguments),
    /// Decode and encode values of random schemas
    Schemas(seeds::Seeds),
    /// Normalize documents, and have an independent validator judge what comes out
    Validate(validate::Arguments),
    /// Compare the severities of `diff` with the verdicts of an independent tool
    Verdicts,
    /// Compile the runtime and the clients for WebAssembly, and call an API from there in Node.js
    Wasm(wasm::Arguments),
}

/// Runs the command in the process's arguments, and prints its error. Returns success if everything is right.
#[must_use]
pub fn main() -> ExitCode {
    if let Some(code) = measure::wrapper() {
        return code;
    }
    let result = match Arguments::parse().command {
        Command::Bench(arguments) => bench::run(&arguments),
        Command::BenchCompile(arguments) => bench_compile::run(&arguments),
        Command::Book(arguments) => book::run(&arguments),
        Command::Contract(arguments) => contract::run(&arguments),
        Command::Corpus(arguments) => corpus::run(&arguments),
        Command::CorpusOne(arguments) => corpus::bring_in::run(&arguments),
        Command::DiffPage(arguments) => diff_page::run(&arguments),
        Command::Frameworks(arguments) => frameworks::run(&arguments),
        Command::Fuzz(arguments) => fuzz::run(&arguments),
        Command::Growth(arguments) => growth::run(&arguments),
        Command::Matrix(arguments) => matrix::run(&arguments),
        Command::Mutants(arguments) => mutants::run(&arguments),
        Command::Names(arguments) => names::run(&arguments),
        Command::Pictures => pictures::run(),
        Command::Playground(arguments) => playground::run(&arguments),
        Command::Programs(arguments) => programs::run(&arguments),
        Command::RealAuth(arguments) => real_auth::run(&arguments),
        Command::Schemas(arguments) => schemas::run(&arguments),
        Command::Validate(arguments) => validate::run(&arguments),
        Command::Verdicts => verdicts::run(),
        Command::Wasm(arguments) => wasm::run(&arguments),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {}", error.trim_end());
            ExitCode::FAILURE
        }
    }
}

/// Parses the arguments of a verification command, without the program's name, and runs nothing.
///
/// # Errors
/// Returns an error if there is no such command, or if its arguments are invalid.
pub fn check<'a>(arguments: impl Iterator<Item = &'a str>) -> Result<(), clap::Error> {
    Arguments::try_parse_from(["cargo xtask"].into_iter().chain(arguments)).map(|_| ())
}

/// Returns the named items, or all if no name is given.
fn named<T>(all: Vec<T>, name: impl Fn(&T) -> &str, wanted: &[String]) -> Result<Vec<T>, String> {
    let is_known = |wanted: &&String| all.iter().any(|one| name(one) == *wanted);
    if let Some(unknown) = wanted.iter().find(|wanted| !is_known(wanted)) {
        let known: Vec<&str> = all.iter().map(name).collect();
        return Err(format!("`{unknown}` is unknown; there are: {}", known.join(", ")));
    }
    let is_wanted = |one: &T| wanted.is_empty() || wanted.iter().any(|wanted| name(one) == wanted);
    Ok(all.into_iter().filter(is_wanted).collect())
}

/// Returns the root of the repository.
fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().map(PathBuf::from).unwrap_or(here)
}
