//! `cargo xtask frameworks`: one small service, written in the frameworks that people write servers in, called through clients of the documents that
//! they publish.
//!
//! In: the services and flows of `verify/frameworks`. Out: a table of calls, and whose fault those are that are not right. What it writes lies in
//! `target/frameworks`. Invariant: it fails unless every call is right or is known not to be, for a reason that still holds; no server outlives it.

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

/// The folders that everything is in.
struct Folders {
    root: PathBuf,
    /// The services and flows, in the repository.
    files: PathBuf,
    /// What is installed, built and written.
    target: PathBuf,
}

/// Runs the flows, prints what came of them, and fails if anything is wrong that is not known to be.
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

/// Starts one service and runs its flow. The server is stopped on every way out of here.
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
