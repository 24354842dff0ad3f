//! `cargo xtask programs`: whole programs for large visible APIs, compiled with the clients of their documents, and how long they are.
//!
//! In: `verify/programs`, and a folder of real documents. Out: the programs, compiled, and the table of `docs/PROGRAMS.md`. What it writes
//! beside that page lies in `target/programs`. Invariant: lines are counted by one rule.

mod page;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;

pub use page::{lines_of_code, table, with_table};

use crate::corpus;
use crate::corpus::scratch::{self, Scratch, program_name};

/// A program.
pub struct Program {
    /// The name of its file in `verify/programs`, without `.rs`.
    pub name: &'static str,
    /// The document of its client, by the name of its file in the corpus.
    pub document: &'static str,
    /// What it does.
    pub task: &'static str,
}

/// All programs, in the order of the table.
pub const PROGRAMS: [Program; 7] = [
    Program { name: "chat", document: "openai", task: "a chat in which the model calls a tool" },
    Program {
        name: "issues",
        document: "github-octokit",
        task: "create an issue, and list the open ones over all pages",
    },
    Program { name: "customer", document: "stripe", task: "create a customer with nested options" },
    Program { name: "message", document: "discord", task: "a message with an embed and a file" },
    Program { name: "import", document: "lakefs", task: "import objects, and wait for the commit" },
    Program { name: "job", document: "nomad", task: "register a job, and wait until its evaluation has ended" },
    Program { name: "search", document: "qdrant", task: "create a collection, put points, and search with a filter" },
];

/// The page with the table.
const PAGE: &str = "docs/PROGRAMS.md";

/// What to compile.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The programs; all if none is named
    names: Vec<String>,
    /// The folder of real documents
    #[arg(long, value_name = "FOLDER", default_value = "../shared/corpus")]
    corpus: PathBuf,
}

/// Compiles the programs, and writes the table.
pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    match compile(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", error.trim_end());
            ExitCode::FAILURE
        }
    }
}

fn compile(arguments: &Arguments) -> Result<(), String> {
    let start = Instant::now();
    let root = crate::root();
    let programs = wanted(&arguments.names)?;
    if !arguments.corpus.is_dir() {
        let folder = arguments.corpus.display();
        return Err(format!("there is no folder {folder}; `--corpus` says where the documents of the programs are"));
    }
    let scratch = Scratch::new(&root, "programs")?;
    ours(&root, &scratch, &programs, &arguments.corpus)?;
    print!("{}", write_table(&root)?);
    eprintln!("{} programs: {:.1} s", programs.len(), start.elapsed().as_secs_f64());
    Ok(())
}

/// The programs that are named, or all.
fn wanted(names: &[String]) -> Result<Vec<&'static Program>, String> {
    if let Some(unknown) = names.iter().find(|name| PROGRAMS.iter().all(|known| known.name != **name)) {
        let known: Vec<&str> = PROGRAMS.iter().map(|program| program.name).collect();
        return Err(format!("there is no program `{unknown}`; there are: {}", known.join(", ")));
    }
    let is_wanted = |program: &&Program| names.is_empty() || names.iter().any(|name| name == program.name);
    Ok(PROGRAMS.iter().filter(is_wanted).collect())
}

/// Generates the clients, and builds the programs with them.
fn ours(root: &Path, scratch: &Scratch, programs: &[&Program], corpus: &Path) -> Result<(), String> {
    let documents: Vec<String> = programs.iter().map(|program| program.document.to_owned()).collect();
    let modules = corpus::generate_clients(scratch, corpus, &documents)?;
    let mut cargo = scratch.cargo(&["build"]);
    for program in programs {
        scratch.add_consumer(program.name, &clientwright::project::module_name(program.document))?;
        let from = root.join("verify/programs").join(program.name).with_extension("rs");
        let text = fs::read_to_string(&from).map_err(|error| format!("{}: {error}", from.display()))?;
        scratch::write(&scratch.program(program.name).join("src/main.rs"), &text)?;
        cargo.args(["--package", &program_name(program.name)]);
    }
    let modules: Vec<&str> = modules.iter().map(String::as_str).collect();
    let names: Vec<&str> = programs.iter().map(|program| program.name).collect();
    scratch.finish(&modules, &names, "\n[profile.dev]\ndebug = false\n")?;
    succeeds(&mut cargo, "the programs")
}

/// Calls Cargo, which says how far it is.
fn succeeds(cargo: &mut Command, what: &str) -> Result<(), String> {
    let status = cargo.env("CARGO_TERM_QUIET", "false").status().map_err(|error| format!("cargo: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{what} do not compile")) }
}

/// Writes the table into its page, and gives it.
fn write_table(root: &Path) -> Result<String, String> {
    let table = table(&root.join("verify/programs"))?;
    let path = root.join(PAGE);
    let page = fs::read_to_string(&path).map_err(|error| format!("{PAGE}: {error}"))?;
    scratch::write(&path, &with_table(&page, &table))?;
    Ok(table)
}
