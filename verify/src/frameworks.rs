//! `cargo xtask frameworks`: one small service, written in common server frameworks, called through clients that are generated from the
//! published documents.
//!
//! In: the services and flows of `verify/frameworks`. Out: a table of calls, and the causes of wrong ones. Files are written to
//! `target/frameworks`. Invariant: it fails unless every call is right or has a known fault that still occurs; no server outlives it.

mod catalog;
mod flow;
mod install;
mod results;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use catalog::{FRAMEWORKS, Framework};
use install::Installed;
use results::Outcome;

use crate::files::{at, create, empty, target};
use crate::server::{self, Server};

/// Which frameworks.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The frameworks to try, by the folder of their service; all if none is named
    names: Vec<String>,
}

/// The folders of sources and results.
struct Folders {
    root: PathBuf,
    /// The services and flows, in the repository.
    files: PathBuf,
    /// Installed, built and written files.
    target: PathBuf,
}

/// Runs the flows, prints the results, and fails if any fault is unknown.
pub(crate) fn run(arguments: &Arguments) -> Result<bool, String> {
    let start = Instant::now();
    let root = crate::root();
    let folders = Folders { files: root.join("verify/frameworks"), target: target(&root).join("frameworks"), root };
    let wanted = crate::named(FRAMEWORKS.iter().collect(), |framework| framework.name, &arguments.names)?;
    let mut outcomes = Vec::new();
    let mut faults = Vec::new();
    for framework in wanted {
        match prove_one(&folders, framework) {
            Ok(outcome) => outcomes.push(outcome),
            Err(fault) => faults.push(format!("{}: {}", framework.name, fault.trim_end())),
        }
    }
    print!("{}", results::remarks(&outcomes));
    print!("{}", results::table(&outcomes));
    println!("{:.1} s", start.elapsed().as_secs_f64());
    for fault in &faults {
        eprintln!("error: {fault}");
    }
    Ok(faults.is_empty() && outcomes.iter().all(Outcome::is_expected))
}

/// Starts one service and runs its flow. The server is stopped on every return.
fn prove_one(folders: &Folders, framework: &Framework) -> Result<Outcome, String> {
    let folder = folders.target.join(framework.name);
    create(&folder)?;
    let document = folder.join("document.json");
    let installed = install::installed(folders, framework)?;
    let server = start(framework, &installed, &folder)?;
    let text = flow::fetch(&server.url(), framework.document)?;
    fs::write(&document, text).map_err(at(&document))?;
    let program = flow::build(folders, framework, &document)?;
    flow::run(framework.name, &program, &server.url())
}

/// Starts a service in an empty folder.
fn start(framework: &Framework, installed: &Installed, folder: &Path) -> Result<Server, String> {
    let folder = folder.join("run");
    empty(&folder)?;
    let port = server::free_port()?;
    for arguments in framework.prepare {
        crate::process::run(installed.command(arguments, port).current_dir(&folder))?;
    }
    Server::start(framework.name, &installed.command(framework.start, port), &folder, port)
}
