//! The programs: a scratch workspace with one package for each document, built together.
//!
//! In: documents. Out: executables. Invariant: only the scratch folder and the folder for build results are written.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::contract_programs::{self, CONTRACT_VALUE};
use crate::files::{create, empty, stem, target, write};
use crate::workspace::{WITHOUT_DEBUG, compiled, dependency, write_package, write_workspace};
use clientwright::diagnostic::{Diagnostic, render};
use clientwright::generate::{Document, read_api};
use clientwright::ir::{Api, Operation, StatusMatch};
use clientwright::normalize::{InputFile, normalize_for};
use clientwright::project::{Mode, Project, lock_name, module_name};
use clientwright_normalizer::{load, normalize};
use serde_json::Value;

use super::prism;
use super::results::ApiResult;

/// The argument that allows a program to request a new server.
pub(crate) const FRESH_SERVERS: &str = "--fresh-servers";

/// The documents under test, and the workspace of their programs.
pub(crate) struct Workspace {
    root: PathBuf,
    /// The scratch folder, with one package and the served document for each subject.
    pub(crate) folder: PathBuf,
    members: Vec<String>,
    /// The documents.
    pub(crate) subjects: Vec<Subject>,
}

/// One document.
pub(crate) struct Subject {
    /// The results of its calls, initially empty.
    pub(crate) result: ApiResult,
    /// The API in the generator's IR.
    pub(crate) api: Api,
    /// The normalized document, without changes for Prism.
    pub(crate) document: Value,
    /// Whether the document has deliberately invalid requests.
    pub(crate) has_negative_contract: bool,
}

/// The client of a document: its package, the package's folder, and the path of its module.
struct Client {
    package: String,
    path: PathBuf,
    module: String,
}

impl Workspace {
    /// Creates a workspace for the documents of the repository, or only the named ones.
    pub(crate) fn of_specs(root: &Path, only: &[String]) -> Result<Self, String> {
        let project = Project::find(root).map_err(|findings| findings.to_string())?;
        let documents = project.documents().map_err(|faults| render(&faults, &[], false))?;
        let mut workspace = Self::empty(root, "apis")?;
        for (name, path) in &crate::named(documents, |(name, _)| name, only)? {
            let client = Client {
                package: "data-platform-clients".to_owned(),
                path: root.join("generated"),
                module: format!("data_platform_clients::{name}"),
            };
            workspace.add(name, path, &client, true)?;
        }
        Ok(workspace)
    }

    /// Creates a workspace for a vendor's document of any version. The normalized document and its client are written to the scratch
    /// folder, too.
    pub(crate) fn of_document(root: &Path, file: &Path) -> Result<Self, String> {
        let name = module_name(&stem(file));
        let mut workspace = Self::empty(root, &format!("spec-{name}"))?;
        let (specs, client) = (workspace.folder.join("specs"), workspace.folder.join("client"));
        // Cargo would confuse packages with equal names in folders with equal names, even in different workspaces.
        let package = format!("client-{name}");
        let document = bring_in(root, file, &name, &package, &specs, &client)?;
        workspace.members.push("client".to_owned());
        let client = Client { package, path: client, module: format!("client_{name}::{name}") };
        workspace.add(&name, &document, &client, false)?;
        Ok(workspace)
    }

    fn empty(root: &Path, name: &str) -> Result<Self, String> {
        let folder = target(root).join("contract").join(name);
        empty(&folder)?;
        Ok(Self { root: root.to_owned(), folder, members: Vec::new(), subjects: Vec::new() })
    }

    /// Writes the program of a document and the document for Prism.
    fn add(&mut self, name: &str, path: &Path, client: &Client, has_negative_contract: bool) -> Result<(), String> {
        let shown = path.strip_prefix(&self.root).unwrap_or(path).display().to_string();
        let source = load::read(path, &shown).map_err(|fault| render(&[fault], &[], false))?;
        let failed = |faults: Vec<Diagnostic>| render(&faults, std::slice::from_ref(&source), false);
        let mut document = Document::new(name, source.clone());
        // The client has the names of its lock.
        let lock = path.with_file_name(lock_name(name));
        if lock.exists() {
            let read = load::read(&lock, &lock.display().to_string());
            document.lock = Some(read.map_err(|fault| render(&[fault], &[], false))?);
        }
        let canonical = load::parse(&source).map_err(failed)?;
        let served = prism::served(&normalize::canonical(&source, canonical.clone()).map_err(failed)?);
        let program = contract_programs::program_for(&document, &client.module).map_err(failed)?;
        // The generator's diagnostics were already reported when the client was generated.
        let own: Vec<_> = program.diagnostics.into_iter().filter(|found| found.code == CONTRACT_VALUE).collect();
        eprint!("{}", failed(own));
        let (api, _) = read_api(&document).map_err(failed)?;
        let main = program_main(name);
        let sources = [("main.rs", main.as_str()), (program.file.path.as_str(), program.file.contents.as_str())];
        let feature = if api.tag_features { format!("{name}-all") } else { name.to_owned() };
        self.add_package(name, &dependency(&client.package, &client.path, &[&feature]), &sources)?;
        write(&self.folder.join(name).join("document.json"), &served.document.to_string())?;
        write(&self.folder.join(name).join("document.changes"), &(served.changes.join("\n") + "\n"))?;
        let operations = api.operations.iter().map(|operation| (operation.id.clone(), answers(operation)));
        let result = ApiResult {
            name: name.to_owned(),
            operations: operations.collect(),
            unsupported: api.unsupported_operations,
            differences: served.changes,
            calls: Vec::new(),
        };
        self.subjects.push(Subject { result, api, document: canonical, has_negative_contract });
        Ok(())
    }

    fn add_package(&mut self, name: &str, client: &str, sources: &[(&str, &str)]) -> Result<(), String> {
        let folder = self.folder.join(name);
        let harness = dependency("clientwright-contract", &self.root.join("verify/contract"), &[]);
        let runtime = dependency("clientwright-runtime", &self.root.join("runtime"), &["client"]);
        let tokio = "tokio = { version = \"1\", features = [\"macros\", \"rt\"] }\n";
        let dependencies = format!("[dependencies]\n{harness}{runtime}{tokio}{client}");
        write_package(&folder, &format!("contract-{name}"), &dependencies)?;
        for (path, text) in sources {
            write(&folder.join("src").join(path), text)?;
        }
        self.members.push(name.to_owned());
        Ok(())
    }

    /// Builds all programs, and returns them by package name.
    pub(crate) fn build(&self) -> Result<BTreeMap<String, PathBuf>, String> {
        write_workspace(&self.root, &self.folder, &self.members, WITHOUT_DEBUG)?;
        compiled(&self.root, &self.folder)
    }
}

/// Normalizes a document into the folder `specs`, and generates its client as a package in the folder `client`.
pub(crate) fn bring_in(
    root: &Path,
    file: &Path,
    name: &str,
    package: &str,
    specs: &Path,
    client: &Path,
) -> Result<PathBuf, String> {
    let normalized = normalize_for(&InputFile::at(file), &[]).map_err(|failure| failure.to_string())?;
    let document = specs.join(format!("{name}.yaml"));
    create(specs)?;
    write(&document, &normalized.yaml)?;
    write(&specs.join(format!("{name}.ledger.md")), &normalized.ledger.markdown(name))?;
    let runtime = dependency("clientwright-runtime", &root.join("runtime"), &["client"]);
    write_package(client, package, &format!("[dependencies]\n{runtime}"))?;
    let report = Project::new(specs, client).codegen(&[], Mode::Write);
    eprint!("{}", report.findings);
    if report.findings.errors() > 0 {
        return Err(format!("no client can be generated of {}", file.display()));
    }
    Ok(document)
}

/// Returns the main file of a program, around the module that calls the operations.
fn program_main(module: &str) -> String {
    format!(
        "\
mod {module};

#[tokio::main(flavor = \"current_thread\")]
async fn main() -> std::process::ExitCode {{
    let mut contract = clientwright_contract::Contract::start().await;
    {module}::run(&mut contract).await;
    contract.finish()
}}
"
    )
}

/// Returns the number of responses of an operation; `101 Switching Protocols` and other 1XX are not final responses (RFC 9110 §15.2).
fn answers(operation: &Operation) -> usize {
    let interim = |status| matches!(status, StatusMatch::Code(100..=199) | StatusMatch::Range(1));
    operation.responses.iter().filter(|response| !interim(response.status)).count()
}
