//! The programs: a scratch workspace with one package for each document, built at once.
//!
//! In come documents, out go executables. Invariant: nothing outside of the scratch folder and the folder for what is built is written.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::contract_programs::{self, CONTRACT_VALUE};
use crate::files::{at, create, target, write};
use clientwright::diagnostic::{Diagnostic, render};
use clientwright::generate::{Document, read_api};
use clientwright::internal::generate::objections;
use clientwright::ir::{Operation, StatusMatch};
use clientwright::normalize::{InputFile, normalize_for};
use clientwright::project::{Mode, Project, module_name};
use clientwright_normalizer::load;
use serde_json::Value;

use super::blame::Known;

/// The program of the negative contract.
pub(crate) const NEGATIVE: &str = "negative";

/// What tells a program that it may ask for a fresh server.
pub(crate) const FRESH_SERVERS: &str = "--fresh-servers";

/// What every package says of itself.
const PACKAGE: &str = "version = \"0.0.0\"\nedition = \"2024\"\npublish = false\n";

/// The documents to prove, and where their programs are built.
pub(crate) struct Workspace {
    root: PathBuf,
    /// The scratch folder: one package for each subject, and what is served beside it.
    pub(crate) folder: PathBuf,
    members: Vec<String>,
    /// The documents.
    pub(crate) subjects: Vec<Subject>,
}

/// One document.
pub(crate) struct Subject {
    /// The module's name.
    pub(crate) name: String,
    /// Its operations, each with the number of responses that the document gives it.
    pub(crate) operations: BTreeMap<String, usize>,
    /// How many operations are not generated.
    pub(crate) unsupported: usize,
    /// How what is served differs from the document.
    pub(crate) differences: Vec<String>,
    /// What it says of its operations.
    pub(crate) known: Known,
    /// The document as it is written, normalized.
    pub(crate) document: Value,
    /// Whether it has requests that are wrong on purpose.
    pub(crate) has_negative_contract: bool,
}

/// The programs by the names of their packages.
pub(crate) struct Built {
    programs: BTreeMap<String, PathBuf>,
}

/// Where the client of a document is: a path dependency, as its line in a manifest, and the path of its module.
struct Client {
    dependency: String,
    module: String,
}

impl Workspace {
    /// The documents of the repository, or those of them that are named.
    pub(crate) fn of_specs(root: &Path, only: &[String]) -> Result<Self, String> {
        let project = Project::find(root).map_err(|findings| findings.to_string())?;
        let documents = project.documents().map_err(|faults| render(&faults, &[], false))?;
        if let Some(unknown) = only.iter().find(|wanted| !documents.iter().any(|(name, _)| name == *wanted)) {
            let known: Vec<&str> = documents.iter().map(|(name, _)| name.as_str()).collect();
            return Err(format!("there is no document named `{unknown}`; there are: {}", known.join(", ")));
        }
        let mut workspace = Self::empty(root, "apis")?;
        for (name, path) in documents.iter().filter(|(name, _)| only.is_empty() || only.contains(name)) {
            let client = Client {
                dependency: dependency("data-platform-clients", &root.join("generated"), &[name]),
                module: format!("data_platform_clients::{name}"),
            };
            workspace.add(name, path, &client, true)?;
        }
        workspace.add_package(NEGATIVE, "", &[("main.rs", NEGATIVE_MAIN)])?;
        Ok(workspace)
    }

    /// A vendor's document of any version, which lies anywhere: what is normalized of it, and its client, are written into the scratch folder, too.
    pub(crate) fn of_document(root: &Path, file: &Path) -> Result<Self, String> {
        let name = module_name(&file.file_stem().unwrap_or_default().to_string_lossy());
        let mut workspace = Self::empty(root, &format!("spec-{name}"))?;
        let (specs, client) = (workspace.folder.join("specs"), workspace.folder.join("client"));
        // Packages of one name in folders of one name would be one for Cargo, in whatever workspace.
        let package = format!("client-{name}");
        let document = bring_in(root, file, &name, &package, &specs, &client)?;
        workspace.members.push("client".to_owned());
        let client =
            Client { dependency: dependency(&package, &client, &[&name]), module: format!("client_{name}::{name}") };
        workspace.add(&name, &document, &client, false)?;
        Ok(workspace)
    }

    fn empty(root: &Path, name: &str) -> Result<Self, String> {
        let folder = target(root).join("contract").join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(at(&folder))?;
        }
        create(&folder)?;
        Ok(Self { root: root.to_owned(), folder, members: Vec::new(), subjects: Vec::new() })
    }

    /// Writes the program of a document and what Prism is to serve.
    fn add(&mut self, name: &str, path: &Path, client: &Client, has_negative_contract: bool) -> Result<(), String> {
        let shown = path.strip_prefix(&self.root).unwrap_or(path).display().to_string();
        let source = load::read(path, &shown).map_err(|fault| render(&[fault], &[], false))?;
        let failed = |faults: Vec<Diagnostic>| render(&faults, std::slice::from_ref(&source), false);
        let document = Document { module: name.to_owned(), source: source.clone() };
        let served = contract_programs::mock_document_for(&document).map_err(failed)?;
        let program = contract_programs::program_for(&document, &client.module).map_err(failed)?;
        // What the generator says of the document has been said when its client was generated.
        let own: Vec<_> = program.diagnostics.into_iter().filter(|found| found.code == CONTRACT_VALUE).collect();
        eprint!("{}", failed(own));
        let (api, _) = read_api(&document).map_err(failed)?;
        let main = program_main(name);
        let sources = [("main.rs", main.as_str()), (program.file.path.as_str(), program.file.contents.as_str())];
        self.add_package(name, &client.dependency, &sources)?;
        write(&self.folder.join(name).join("document.json"), &served.document.to_string())?;
        write(&self.folder.join(name).join("document.changes"), &(served.changes.join("\n") + "\n"))?;
        let operations = api.operations.iter().map(|operation| (operation.id.clone(), answers(operation)));
        self.subjects.push(Subject {
            name: name.to_owned(),
            operations: operations.collect(),
            unsupported: api.accounting.unsupported_operations,
            differences: served.changes,
            known: Known::of(&api),
            document: load::parse(&source).map_err(failed)?,
            has_negative_contract,
        });
        Ok(())
    }

    fn add_package(&mut self, name: &str, client: &str, sources: &[(&str, &str)]) -> Result<(), String> {
        let folder = self.folder.join(name);
        create(&folder.join("src"))?;
        let harness = dependency("clientwright-contract", &self.root.join("verify/contract"), &[]);
        let runtime = dependency("clientwright-runtime", &self.root.join("runtime"), &["client"]);
        let tokio = "tokio = { version = \"1\", features = [\"macros\", \"rt\"] }\n";
        let manifest = format!(
            "[package]\nname = \"contract-{name}\"\n{PACKAGE}\n[dependencies]\n{harness}{runtime}{tokio}{client}"
        );
        write(&folder.join("Cargo.toml"), &manifest)?;
        for (path, text) in sources {
            write(&folder.join("src").join(path), text)?;
        }
        self.members.push(name.to_owned());
        Ok(())
    }

    /// Builds all programs.
    pub(crate) fn build(&self) -> Result<Built, String> {
        let members: Vec<String> = self.members.iter().map(|member| format!("{member:?}")).collect();
        let manifest = format!(
            "[workspace]\nresolver = \"3\"\nmembers = [{}]\n\n[profile.dev]\ndebug = false\n",
            members.join(", ")
        );
        write(&self.folder.join("Cargo.toml"), &manifest)?;
        Ok(Built { programs: compiled(&self.root, &self.folder)? })
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
    let normalized = normalize_for(&InputFile::at(file), &[], &objections).map_err(|failure| failure.to_string())?;
    let document = specs.join(format!("{name}.yaml"));
    create(specs)?;
    create(&client.join("src"))?;
    write(&document, &normalized.yaml)?;
    write(&specs.join(format!("{name}.ledger.md")), &normalized.ledger.markdown(name))?;
    let runtime = dependency("clientwright-runtime", &root.join("runtime"), &["client"]);
    write(&client.join("Cargo.toml"), &format!("[package]\nname = {package:?}\n{PACKAGE}\n[dependencies]\n{runtime}"))?;
    let report = Project::new(specs, client).codegen(&[], Mode::Write);
    eprint!("{}", report.findings);
    if report.findings.errors() > 0 {
        return Err(format!("no client can be generated of {}", file.display()));
    }
    Ok(document)
}

impl Built {
    /// The program of a document.
    pub(crate) fn program(&self, name: &str) -> Result<PathBuf, String> {
        let package = format!("contract-{name}");
        self.programs.get(&package).cloned().ok_or_else(|| format!("cargo built no program {package}"))
    }
}

/// The program of a document, around the module that calls its operations.
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

/// The whole program of the negative contract.
const NEGATIVE_MAIN: &str = "\
fn main() -> std::process::ExitCode {
    clientwright_contract::negative::main()
}
";

/// How many responses an operation may be answered with; `101 Switching Protocols` and its like are not answers (RFC 9110 §15.2).
fn answers(operation: &Operation) -> usize {
    let interim = |status| matches!(status, StatusMatch::Code(100..=199) | StatusMatch::Range(1));
    operation.responses.iter().filter(|response| !interim(response.status)).count()
}

/// Builds all programs of the workspace in a folder, and gives them by their names. Everything that they depend on is what the repository
/// depends on, in the same versions.
pub(crate) fn compiled(root: &Path, folder: &Path) -> Result<BTreeMap<String, PathBuf>, String> {
    let lock = root.join("Cargo.lock");
    fs::copy(&lock, folder.join("Cargo.lock")).map_err(at(&lock))?;
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["build", "--offline", "--quiet", "--message-format=json-render-diagnostics", "--target-dir"]);
    cargo.arg(target(root)).current_dir(folder).stdin(Stdio::null()).stderr(Stdio::inherit());
    let output = cargo.output().map_err(|error| format!("cargo: {error}"))?;
    if !output.status.success() {
        return Err(format!("the programs in {} do not compile", folder.display()));
    }
    Ok(executables(&String::from_utf8_lossy(&output.stdout)))
}

/// The executables by name, as Cargo reports them.
fn executables(messages: &str) -> BTreeMap<String, PathBuf> {
    let parsed = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let programs = parsed.filter_map(|message| {
        let path = message.get("executable")?.as_str()?;
        let name = message.pointer("/target/name")?.as_str()?;
        Some((name.to_owned(), PathBuf::from(path)))
    });
    programs.collect()
}

/// A line of a manifest. TLS, serde and the APIs that are not called are left out: they take time to compile.
pub(crate) fn dependency(name: &str, path: &Path, features: &[&str]) -> String {
    let path = path.display().to_string();
    format!("{name} = {{ path = {path:?}, default-features = false, features = {features:?} }}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn executables_are_found_among_cargos_messages() {
        let messages = "{\"reason\":\"compiler-artifact\",\"target\":{\"name\":\"lib\"},\"executable\":null}\n\
            {\"reason\":\"compiler-artifact\",\"target\":{\"name\":\"contract-a\"},\"executable\":\"/t/contract-a\"}\nnoise\n";
        assert_eq!(executables(messages), BTreeMap::from([("contract-a".to_owned(), PathBuf::from("/t/contract-a"))]));
    }

    #[test]
    fn a_dependency_is_toml() {
        let line = dependency("client", Path::new("C:\\x y"), &["a"]);
        let parsed: toml_edit::DocumentMut = line.parse().unwrap();
        assert_eq!(parsed["client"]["path"].as_str(), Some("C:\\x y"));
    }
}
