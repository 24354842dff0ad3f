//! `cargo xtask contract`: every operation of every API, called through the public client, against a server that knows nothing but the document.
//!
//! In come documents, out goes a table and every violation. What it writes lies in `target/contract`. Invariant: it fails unless every operation was
//! called in every form and neither server nor client had anything to object, and no server outlives it.

mod blame;
mod exclusions;
mod prism;
pub(crate) mod programs;
mod results;
mod table;

use std::path::PathBuf;
use std::time::Instant;

use exclusions::Exclusions;
use prism::Prism;
use programs::{Built, Subject, Workspace};
use results::ApiResult;

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

/// Proves, prints what came of it, and fails if anything is wrong.
pub(crate) fn run(arguments: &Arguments) -> Result<bool, String> {
    let start = Instant::now();
    let root = crate::root();
    let prism = Prism::installed(&root)?;
    let workspace = match &arguments.spec {
        Some(file) => Workspace::of_document(&root, file)?,
        None => Workspace::of_specs(&root, &arguments.apis)?,
    };
    let exclusions = match arguments.spec {
        Some(_) => Exclusions::default(),
        None => Exclusions::read(&root.join("verify/contract/exclusions.toml"))?,
    };
    let built = workspace.build()?;
    let mut outcomes = Vec::new();
    let mut faults = Vec::new();
    for subject in &workspace.subjects {
        match prove_one(&prism, &workspace, subject, &built) {
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

/// Serves one document and runs its programs. The server is stopped on every way out of here.
fn prove_one(prism: &Prism, workspace: &Workspace, subject: &Subject, built: &Built) -> Result<ApiResult, String> {
    let folder = workspace.folder.join(&subject.name);
    let mut server = prism.serve(&folder.join("document.json"), &folder.join("prism.log"))?;
    let address = server.address().to_owned();
    let mut renew = || server.renew();
    let mut outcome = ApiResult::new(subject);
    let program = built.program(&subject.name)?;
    outcome.run(&program, &[&address, programs::FRESH_SERVERS], &folder.join("calls.jsonl"), &mut renew)?;
    blame::explain(&mut outcome, &subject.known, &subject.document);
    if subject.has_negative_contract {
        let arguments = [address.as_str(), &subject.name];
        outcome.run(&built.program(programs::NEGATIVE)?, &arguments, &folder.join("negative.jsonl"), &mut renew)?;
    }
    Ok(outcome)
}
