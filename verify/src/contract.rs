//! `cargo xtask contract`: calls every operation of every API through the public client, against a server that knows only the document.
//!
//! In: documents. Out: a table and every violation. Files are written to `target/contract`. Invariant: it fails unless every operation was
//! called in every form without an objection by server or client, and no server outlives it.

mod blame;
mod negative;
mod prism;
pub(crate) mod programs;
mod results;
mod table;

use std::collections::BTreeMap;
use std::mem;
use std::path::{Path, PathBuf};
use std::time::Instant;

use prism::{Exclusions, Prism};
use programs::{Subject, Workspace};
use results::ApiResult;

use crate::files::data;

/// What to prove.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The APIs to prove, by the name of their document; all if none is named
    #[arg(conflicts_with = "spec")]
    apis: Vec<String>,
    /// Prove a document of your own, in a scratch folder; the repository stays as it is
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
}

/// Runs the contract tests, prints the results, and fails if anything is wrong.
pub(crate) fn run(arguments: &Arguments) -> Result<bool, String> {
    let start = Instant::now();
    let root = crate::root();
    let prism = Prism::installed(&root)?;
    let mut workspace = match &arguments.spec {
        Some(file) => Workspace::of_document(&root, file)?,
        None => Workspace::of_specs(&root, &arguments.apis)?,
    };
    let exclusions = match arguments.spec {
        Some(_) => Exclusions::default(),
        None => data(&root.join("verify/contract/prism/exclusions.yaml"))?,
    };
    let built = workspace.build()?;
    let mut outcomes = Vec::new();
    let mut faults = Vec::new();
    for subject in mem::take(&mut workspace.subjects) {
        match prove_one(&prism, &workspace.folder, subject, &built) {
            Ok(outcome) => outcomes.push(outcome),
            Err(fault) => faults.push(fault),
        }
    }
    faults.extend(exclusions.apply(&mut outcomes));
    for outcome in &outcomes {
        print!("{}", table::objections(outcome));
    }
    print!("{}", table::table(&outcomes));
    let calls: usize = outcomes.iter().map(|outcome| outcome.calls.len()).sum();
    println!("{calls} calls: {:.1} s", start.elapsed().as_secs_f64());
    for fault in &faults {
        eprintln!("error: {fault}");
    }
    Ok(faults.is_empty() && outcomes.iter().all(ApiResult::is_clean))
}

/// Serves one document and runs its programs. The server is stopped on every return.
fn prove_one(
    prism: &Prism,
    folder: &Path,
    subject: Subject,
    built: &BTreeMap<String, PathBuf>,
) -> Result<ApiResult, String> {
    let Subject { mut result, api, document, has_negative_contract } = subject;
    let folder = folder.join(&result.name);
    let mut server = prism.serve(&folder)?;
    let address = server.address();
    let package = format!("contract-{}", result.name);
    let program = built.get(&package).ok_or_else(|| format!("cargo built no program {package}"))?;
    let arguments = [address.as_str(), programs::FRESH_SERVERS];
    result.run(program, &arguments, &folder.join("calls.jsonl"), &mut || server.renew())?;
    blame::explain(&mut result, &api, &document);
    if has_negative_contract {
        result.add(negative::run(&crate::root(), &result.name, &address)?)?;
    }
    Ok(result)
}
