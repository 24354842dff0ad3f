//! A flow: the document that a server publishes → its client → a program that calls the server through it.
//!
//! In: a running service, and `flow.rs` of its folder. Out: the result of each call. Invariant: the document is used as published, without
//! an overlay.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clientwright_runtime::Client;
use clientwright_runtime::http::Method;

use super::Folders;
use super::catalog::Framework;
use super::results::Outcome;
use crate::contract::programs::bring_in;
use crate::files::{at, create, empty};
use crate::workspace::{WITHOUT_DEBUG, compiled, write_package, write_workspace};

/// The module of every client, so that all flows use the same name.
const MODULE: &str = "workshop";

/// Returns the document that a server publishes.
pub(super) fn fetch(server: &str, path: &str) -> Result<Vec<u8>, String> {
    let failed = |error: &dyn std::fmt::Display| format!("{server}{path}: {error}");
    let client = Client::builder(server).build().map_err(|error| failed(&error))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| failed(&error))?;
    let response = runtime.block_on(client.request_raw(Method::GET, path).send()).map_err(|error| failed(&error))?;
    Ok(response.into_inner().to_vec())
}

/// Generates the client of a document, and builds the framework's flow with it.
pub(super) fn build(folders: &Folders, framework: &Framework, document: &Path) -> Result<PathBuf, String> {
    let folder = folders.target.join(framework.name).join("client");
    empty(&folder)?;
    let client = folder.join("client");
    let package = format!("client-{}", framework.name);
    bring_in(&folders.root, document, MODULE, &package, &folder.join("specs"), &client)?;
    let program = folder.join("flow");
    create(&program.join("src"))?;
    for (from, to) in [(format!("{}/flow.rs", framework.name), "main.rs"), ("support.rs".to_owned(), "support.rs")] {
        let from = folders.files.join(from);
        fs::copy(&from, program.join("src").join(to)).map_err(at(&from))?;
    }
    let name = format!("flow-{}", framework.name);
    // Every flow uses its client as `client`.
    let client = format!(
        "client = {{ package = {package:?}, path = {:?}, default-features = false, features = [{MODULE:?}] }}\n",
        client.display().to_string()
    );
    let tokio = "tokio = { version = \"1\", features = [\"macros\", \"rt\"] }\n";
    write_package(&program, &name, &format!("[dependencies]\n{tokio}{client}"))?;
    let members = ["client", "flow"].map(str::to_owned);
    write_workspace(&folders.root, &folder, &members, WITHOUT_DEBUG)?;
    let mut built = compiled(&folders.root, &folder)?;
    built.remove(&name).ok_or_else(|| format!("cargo built no program {name}"))
}

/// Runs the program and reads its reports about calls.
pub(super) fn run(name: &'static str, program: &Path, server: &str) -> Result<Outcome, String> {
    let failed = at(program);
    let mut child = Command::new(program);
    child.arg(server).stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = child.spawn().map_err(failed)?;
    let mut said = String::new();
    if let Some(mut output) = child.stdout.take() {
        output.read_to_string(&mut said).map_err(failed)?;
    }
    let status = child.wait().map_err(failed)?;
    if !status.success() {
        return Err(format!("the flow ended before its last call ({status})\n{said}"));
    }
    Outcome::read(name, &said)
}
