//! `cargo xtask programs`: whole programs for large visible APIs, compiled with the clients of their documents, and their lengths.
//!
//! In: `verify/programs`, and a folder of real documents. Out: the programs, compiled, and the table of `docs/PROGRAMS.md`. Other files
//! are written to `target/programs`. Invariant: one rule counts the lines of our programs and of those with other libraries.

mod page;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

pub use page::{lines_of_code, table, with_table};
use serde_json::Value;

use crate::corpus;
use crate::corpus::scratch::{Scratch, program_name};
use crate::files::{read, write};
use crate::process::{cargo, done, run as output};
use crate::venv;
use crate::workspace::WITHOUT_DEBUG;

/// A program.
pub struct Program {
    /// The name of its file in `verify/programs`, without `.rs`.
    pub name: &'static str,
    /// The document of its client, by the name of its file in the corpus.
    pub document: &'static str,
    /// The task of the program.
    pub task: &'static str,
    /// The same program with the usual library.
    pub peer: Peer,
}

/// The same program with another library.
pub struct Peer {
    /// The name of the library, with its version.
    pub library: &'static str,
    /// The file below `verify/programs/peers`.
    pub file: &'static str,
    /// The library's own examples for parts of the program, if its package has any.
    pub examples: &'static [Example],
}

/// An example in a library's package.
pub struct Example {
    /// The file in the package.
    pub path: &'static str,
    /// The number of lines of code.
    pub lines: usize,
}

/// All programs, in the order of the table.
pub const PROGRAMS: [Program; 8] = [
    Program {
        name: "chat",
        document: "openai",
        task: "a chat in which the model calls a tool",
        peer: Peer { library: "async-openai 0.43.0", file: "chat/src/main.rs", examples: &[] },
    },
    Program {
        name: "issues",
        document: "github-octokit",
        task: "create an issue, and list the open ones over all pages",
        peer: Peer {
            library: "octocrab 0.54.9",
            file: "issues/src/main.rs",
            examples: &[
                Example { path: "examples/create_issue_with_sub_issues.rs", lines: 29 },
                Example { path: "examples/paging_results.rs", lines: 21 },
            ],
        },
    },
    Program {
        name: "customer",
        document: "stripe",
        task: "create a customer with nested options",
        peer: Peer { library: "async-stripe 1.0.0-rc.10", file: "customer/src/main.rs", examples: &[] },
    },
    Program {
        name: "message",
        document: "discord",
        task: "a message with an embed and a file",
        peer: Peer { library: "serenity 0.12.5", file: "message/src/main.rs", examples: &[] },
    },
    Program {
        name: "import",
        document: "lakefs",
        task: "import objects, and wait for the commit",
        peer: Peer { library: "lakefs 0.16.0 (Python)", file: "import.py", examples: &[] },
    },
    Program {
        name: "job",
        document: "nomad",
        task: "register a job, and wait until its evaluation has ended",
        peer: Peer { library: "python-nomad 2.1.0 (Python)", file: "job.py", examples: &[] },
    },
    Program {
        name: "search",
        document: "qdrant",
        task: "create a collection, put points, and search with a filter",
        peer: Peer {
            library: "qdrant-client 1.20.0",
            file: "search/src/main.rs",
            examples: &[Example { path: "examples/query.rs", lines: 53 }],
        },
    },
    Program {
        name: "storage",
        document: "box",
        task: "upload a file, share it by a link, and download it",
        peer: Peer { library: "boxsdk 10.18.0 (Python)", file: "storage.py", examples: &[] },
    },
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
    /// Compile the same programs with other libraries, too: these are fetched by Cargo
    #[arg(long)]
    peers: bool,
}

/// Compiles the programs, and writes the table.
pub(crate) fn run(arguments: &Arguments) -> Result<bool, String> {
    let start = Instant::now();
    let root = crate::root();
    let programs = crate::named(PROGRAMS.iter().collect(), |program| program.name, &arguments.names)?;
    if !arguments.corpus.is_dir() {
        let folder = arguments.corpus.display();
        return Err(format!("there is no folder {folder}; `--corpus` says where the documents of the programs are"));
    }
    let scratch = Scratch::new(&root, "programs")?;
    ours(&root, &scratch, &programs, &arguments.corpus)?;
    if arguments.peers {
        peers(&root, &scratch)?;
    }
    print!("{}", write_table(&root)?);
    eprintln!("{} programs: {:.1} s", programs.len(), start.elapsed().as_secs_f64());
    Ok(true)
}

/// Generates the clients, and builds the programs with them.
fn ours(root: &Path, scratch: &Scratch, programs: &[&Program], corpus: &Path) -> Result<(), String> {
    let documents: Vec<String> = programs.iter().map(|program| program.document.to_owned()).collect();
    let modules = corpus::generate_clients(scratch, corpus, &root.join("verify/programs/overlays"), &documents)?;
    let mut cargo = scratch.cargo(&["build"]);
    for program in programs {
        scratch.add_consumer(program.name, &clientwright::project::module_name(program.document))?;
        let from = root.join("verify/programs").join(program.name).with_extension("rs");
        let text = read(&from)?;
        write(&scratch.program(program.name).join("src/main.rs"), &text)?;
        cargo.args(["--package", &program_name(program.name)]);
    }
    let modules: Vec<&str> = modules.iter().map(String::as_str).collect();
    let names: Vec<&str> = programs.iter().map(|program| program.name).collect();
    scratch.finish(&modules, &names, WITHOUT_DEBUG)?;
    done(cargo.env("CARGO_TERM_QUIET", "false"), "the programs")
}

/// Checks the programs with other libraries: in Rust, in a workspace with its own lock file; in Python, by mypy.
fn peers(root: &Path, scratch: &Scratch) -> Result<(), String> {
    let (folder, target) = (root.join("verify/programs/peers"), scratch.folder.join("peers"));
    let mut cargo = cargo(&folder, &target);
    cargo.args(["check", "--workspace", "--locked"]).env("CARGO_TERM_QUIET", "false");
    done(&mut cargo, "the programs with other libraries")?;
    let python = venv::installed(&folder.join("requirements.txt"), &target.join("venv"), "the libraries for Python")?;
    let in_python = PROGRAMS.iter().map(|program| program.peer.file).filter(|file| file.ends_with(".py"));
    for file in in_python {
        let mut mypy = Command::new(python.join("bin/mypy"));
        mypy.args(["--check-untyped-defs", "--follow-untyped-imports", "--cache-dir"]).arg(target.join("mypy"));
        eprint!("{file}: {}", output(mypy.arg(folder.join(file)))?);
    }
    own_examples(&folder, &target)
}

/// Counts the lines of the examples in the libraries' packages.
fn own_examples(folder: &Path, target: &Path) -> Result<(), String> {
    let mut cargo = cargo(folder, target);
    let metadata = output(cargo.args(["metadata", "--format-version=1", "--locked"]))?;
    let metadata: Value = serde_json::from_str(&metadata).map_err(|error| format!("cargo metadata: {error}"))?;
    let packages = metadata.get("packages").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    for peer in PROGRAMS.iter().map(|program| &program.peer) {
        let text = |package: &Value, key: &str| package.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let is_it =
            |package: &&Value| format!("{} {}", text(package, "name"), text(package, "version")) == peer.library;
        for Example { path, lines } in peer.examples {
            let manifest = packages.iter().find(is_it).map(|package| text(package, "manifest_path"));
            let manifest = manifest.ok_or_else(|| format!("{} is not in the lock file", peer.library))?;
            let found = page::count(&Path::new(&manifest).with_file_name(path))?;
            eprintln!("{}: {path}: {found} lines", peer.library);
            if found != *lines {
                return Err(format!("{}: {path} has {found} lines, not {lines}", peer.library));
            }
        }
    }
    Ok(())
}

/// Writes the table into its page, and returns it.
fn write_table(root: &Path) -> Result<String, String> {
    let table = table(&root.join("verify/programs"))?;
    let path = root.join(PAGE);
    let page = fs::read_to_string(&path).map_err(|error| format!("{PAGE}: {error}"))?;
    write(&path, &with_table(&page, &table))?;
    Ok(table)
}
