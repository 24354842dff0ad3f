//! The whole pipeline on a folder of documents and a crate, as `cargo xtask codegen` runs it.
//!
//! In: the locations of the documents and the crate. Out: a [`Report`].
//!
//! Invariant: either everything is written or, if there is any error, nothing.

mod intake;
mod settings;

use std::collections::BTreeMap;
use std::fmt::Display;
use std::fs;
use std::mem;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::generate::{Document, Generation, generate, included_root};
use crate::manifest;
use crate::name::is_reserved_file;
pub use crate::write::Change;
use crate::write::{self, File, Plan};
use clientwright_normalizer::diagnostic::{Diagnostic, Findings, any_error, codes};
use clientwright_normalizer::limits::both;
use clientwright_normalizer::normalize::InputFile;
use clientwright_normalizer::pointer::Pointer;
use clientwright_normalizer::{Source, load};
pub use intake::{Intake, IntakeReport};
pub use settings::SETTINGS;

/// The result of a step.
type Result<T> = std::result::Result<T, Vec<Diagnostic>>;

/// The folder of [`Project::build`] below the output folder.
const BUILD_FOLDER: &str = "clients";

/// Names of modules that the crate already has.
const RESERVED: [&str; 3] = ["lib", "main", "runtime"];

/// The extensions of documents. Other files in the folder (overlays, ledgers) are not read.
const EXTENSIONS: [&str; 3] = ["yaml", "yml", "json"];

/// A folder of documents and the crate that is generated from them.
#[derive(Clone, Debug)]
pub struct Project {
    /// The folder to which displayed paths are relative.
    root: PathBuf,
    specs: PathBuf,
    client: PathBuf,
    command: String,
    snapshot_tests: Vec<String>,
    renamed: Option<Vec<String>>,
}

/// Whether files are written or only compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mode {
    /// Write files that changed.
    Write,
    /// Do not write files; only report changes.
    Check,
}

/// The result of generation.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Report {
    /// One entry per API, sorted by name.
    pub apis: Vec<ApiReport>,
    /// All stale, missing or extra files, by path in the crate; with [`Mode::Write`], the state before writing.
    pub changes: Vec<(String, Change)>,
    /// The locks of names that differ, by displayed path, like [`changes`](Self::changes).
    pub locks: Vec<(String, Change)>,
    /// Files among the generated ones without the mark of generated files. They are never changed.
    pub foreign: Vec<String>,
    /// All diagnostics; if there is any error, no file was written.
    pub findings: Findings,
    /// The findings as [`Display`] shows them.
    pub text: String,
    /// The duration of the pipeline.
    pub elapsed: Duration,
}

/// The result of generating one API.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ApiReport {
    /// The module name.
    pub module: String,
    /// The number of generated operations.
    pub operations: usize,
    /// The number of operations that are not generated, each with a diagnostic.
    pub unsupported_operations: usize,
    /// The number of generated types.
    pub types: usize,
    /// The number of new and changed files.
    pub written: usize,
    /// The number of unchanged files.
    pub unchanged: usize,
    /// The number of files that are no longer needed.
    pub removed: usize,
    /// The lines that the lock of names no longer needs.
    pub removed_names: Vec<String>,
    /// The duration from text to formatted files.
    pub elapsed: Duration,
}

impl Project {
    /// Creates a project with its documents in the folder `specs`, and its crate, including `Cargo.toml`, in the folder `client`.
    pub fn new(specs: impl Into<PathBuf>, client: impl Into<PathBuf>) -> Self {
        let specs = specs.into();
        let root = specs.parent().map(Path::to_owned).unwrap_or_default();
        let command = "clientwright".to_owned();
        Self { root, specs, client: client.into(), command, snapshot_tests: Vec::new(), renamed: None }
    }

    /// Sets the command of the project, for the headers of generated files and for hints; `clientwright` by default.
    #[must_use]
    pub fn command(mut self, command: impl Into<String>) -> Self {
        self.command = command.into();
        self
    }

    /// Sets the folder of documents.
    #[must_use]
    pub fn specs(mut self, specs: impl Into<PathBuf>) -> Self {
        self.specs = specs.into();
        self
    }

    /// Derives names at and below these JSON pointers from the document, even if they are locked; all names if there are no pointers.
    #[must_use]
    pub fn rename(mut self, pointers: Vec<String>) -> Self {
        self.renamed = Some(pointers);
        self
    }

    /// Returns the root of the project.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Returns the folder of the client crate.
    pub fn client(&self) -> &Path {
        &self.client
    }

    /// Returns the display path of the folder of documents.
    pub fn shown_specs(&self) -> String {
        self.shown(&self.specs)
    }

    /// Returns the display path of the client crate.
    pub fn shown_client(&self) -> String {
        self.shown(&self.client)
    }

    /// Returns a command of the project, such as `cargo xtask codegen`.
    pub fn command_line(&self, command: &str) -> String {
        format!("{} {command}", self.command)
    }

    /// Returns the arguments of `cargo test` for the project's snapshot tests.
    pub fn snapshot_tests(&self) -> &[String] {
        &self.snapshot_tests
    }

    /// Generates the modules named in `only`, or all if `only` is empty.
    #[must_use]
    pub fn codegen(&self, only: &[String], mode: Mode) -> Report {
        self.run(only, mode, |generation, modules| {
            let mut files = vec![self.manifest(generation, modules)?];
            files.extend(generation.root.take().map(|file| below("src", file)));
            let locks =
                generation.apis.iter().map(|api| File { path: lock_name(&api.api.module), contents: api.lock.clone() });
            let locks = write::plan(locks.collect(), &self.specs, &[]);
            Ok((self.plan(generation, "src", files, only)?, locks.map_err(|error| self.failed(&self.specs, error))?))
        })
    }

    /// Generates all modules in a build script. The files are written to `clients/` in the project's client folder, which is `OUT_DIR`
    /// here; `clients/mod.rs` declares the modules. The crate's root includes that file:
    ///
    /// ```ignore
    /// // build.rs
    /// fn main() {
    ///     println!("cargo::rerun-if-changed=specs");
    ///     let report = clientwright::project::Project::new("specs", std::env::var("OUT_DIR").unwrap()).build();
    ///     assert_eq!(report.findings.errors(), 0, "{}", report.findings);
    /// }
    ///
    /// // src/lib.rs
    /// #![recursion_limit = "4096"]
    /// include!(concat!(env!("OUT_DIR"), "/clients/mod.rs"));
    /// ```
    ///
    /// The crate depends on `clientwright-runtime`, and in `[build-dependencies]` on `clientwright`.
    #[must_use]
    pub fn build(&self) -> Report {
        self.run(&[], Mode::Write, |generation, modules| {
            let root = below(BUILD_FOLDER, included_root(modules, &self.command_line("codegen")));
            // A build script writes only below `OUT_DIR`.
            Ok((self.plan(generation, BUILD_FOLDER, vec![root], &[])?, Plan::default()))
        })
    }

    /// Generates modules, plans the changes of files and locks, applies them depending on `mode`, and reports.
    fn run(
        &self,
        only: &[String],
        mode: Mode,
        plan: impl FnOnce(&mut Generation, &[String]) -> Result<(Plan, Plan)>,
    ) -> Report {
        let start = Instant::now();
        let mut sources = Vec::new();
        let (diagnostics, generated) = match self.generation(only, &mut sources) {
            Ok((mut generation, modules)) => (mem::take(&mut generation.diagnostics), Some((generation, modules))),
            Err(errors) => (errors, None),
        };
        let mut findings = Findings::new(diagnostics, sources);
        let write = || {
            let Some((mut generation, modules)) = generated else { return Ok(Report::default()) };
            let (plan, locks) = plan(&mut generation, &modules)?;
            if mode == Mode::Write {
                for (plan, folder) in [(&plan, &self.client), (&locks, &self.specs)] {
                    let written = write::apply(plan, folder);
                    written.map_err(|error| self.failed(folder, error))?;
                }
            }
            let locks = differences(&locks).map(|(path, change)| (self.shown(&self.specs.join(path)), change));
            Ok(Report { locks: locks.collect(), ..Report::new(&generation, &plan) })
        };
        // Both at once, because looking up line numbers takes as long as writing files.
        let (mut text, written) = both(|| findings.to_string(), write);
        let report = written.unwrap_or_else(|errors| {
            findings.diagnostics = errors;
            text = findings.to_string();
            Report::default()
        });
        Report { findings, text, elapsed: start.elapsed(), ..report }
    }

    /// Returns the generated modules named in `only`, or all, and the names of all modules of the crate.
    fn generation(&self, only: &[String], sources: &mut Vec<Source>) -> Result<(Generation, Vec<String>)> {
        let found = self.documents()?;
        let mut modules: Vec<String> = found.iter().map(|(module, _)| module.clone()).collect();
        self.check_names(only, &modules)?;
        self.check_renamed(&modules)?;
        // A document that was never generated has no module yet.
        let is_generated = |module: &String| self.client.join("src").join(module).exists();
        modules.retain(|module| only.is_empty() || only.contains(module) || is_generated(module));
        let (mut documents, mut faults) = (Vec::new(), Vec::new());
        for (module, path) in found.into_iter().filter(|(module, _)| only.is_empty() || only.contains(module)) {
            let read = load::read(&path, &self.shown(&path));
            match read.and_then(|source| Ok(Document { lock: self.lock(&module)?, ..Document::new(module, source) })) {
                Ok(document) => documents.push(document),
                Err(fault) => faults.push(fault),
            }
        }
        let generation = generate(&documents, &modules, &self.command_line("codegen"));
        sources.extend(documents.into_iter().map(|document| document.source));
        if !faults.is_empty() || any_error(&generation.diagnostics) {
            faults.extend(generation.diagnostics);
            return Err(faults);
        }
        Ok((generation, modules))
    }

    /// Checks that a lock contains each place whose names are to be derived anew.
    fn check_renamed(&self, modules: &[String]) -> Result<()> {
        let read = |module: &String| fs::read_to_string(self.specs.join(lock_name(module))).ok();
        let locks: Vec<String> = modules.iter().filter_map(read).collect();
        let has = |lock: &String, pointer: &str| lock.lines().any(|line| is_locked_below(line, pointer));
        let unknown = self.renamed.iter().flatten().filter(|pointer| !locks.iter().any(|lock| has(lock, pointer)));
        let fault = |pointer: &String| {
            let message = format!("no locked name is at or below `{}`", pointer.escape_debug());
            self.fault(&self.specs, &message).with_help("copy the place from the end of a line of a lock")
        };
        let faults: Vec<Diagnostic> = unknown.map(fault).collect();
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    /// Returns the lock of an API's names, without those to be derived anew; `None` if there is no lock yet.
    fn lock(&self, module: &str) -> std::result::Result<Option<Source>, Diagnostic> {
        let path = self.specs.join(lock_name(module));
        if !path.exists() {
            return Ok(None);
        }
        let mut source = load::read(&path, &self.shown(&path))?;
        if let Some(renamed) = &self.renamed {
            source.text = without(&source.text, renamed);
        }
        Ok(Some(source))
    }

    /// Returns the documents of the folder with their module names, sorted by name.
    ///
    /// # Errors
    ///
    /// Returns an error if the folder cannot be read, or if its documents cannot be the modules of one crate.
    pub fn documents(&self) -> std::result::Result<Vec<(String, PathBuf)>, Vec<Diagnostic>> {
        let files = self.entries()?.into_iter().filter(|path| path.is_file());
        let mut found: Vec<_> = files.filter_map(|path| Some((document_name(&path)?, path))).collect();
        found.sort();
        let repeated = found.chunk_by(|(one, _), (other, _)| one == other).flat_map(|same| same.iter().skip(1));
        let mut faults: Vec<Diagnostic> =
            repeated.map(|(_, path)| self.fault(path, "documents must have different names")).collect();
        faults.extend(found.iter().filter(|(module, _)| !is_module(module)).map(|(module, path)| {
            self.fault(path, "the file name must be a valid module name")
                .with_help(format!("use a name such as `{}`", module_name(module)))
        }));
        if faults.is_empty() { Ok(found) } else { Err(faults) }
    }

    /// Returns the entries of the folder of documents.
    fn entries(&self) -> Result<Vec<PathBuf>> {
        let entries = fs::read_dir(&self.specs).and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect());
        entries.map_err(|error| self.failed(&self.specs, error))
    }

    fn check_names(&self, only: &[String], modules: &[String]) -> Result<()> {
        let unknown = only.iter().filter(|wanted| !modules.contains(wanted));
        let faults: Vec<Diagnostic> = unknown
            .map(|wanted| {
                let message = format!("unknown document `{wanted}`");
                self.fault(&self.specs, &message).with_help(format!("use one of {}", modules.join(", ")))
            })
            .collect();
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    /// Plans the changes of the generated modules in `folder` of the crate, and of further files.
    fn plan(&self, generation: &mut Generation, folder: &str, mut files: Vec<File>, only: &[String]) -> Result<Plan> {
        let modules = generation.apis.iter_mut().flat_map(|api| mem::take(&mut api.files));
        files.extend(modules.map(|file| below(folder, file)));
        let owned: Vec<String> = match only {
            [] => vec![folder.to_owned()],
            some => some.iter().map(|module| format!("{folder}/{module}")).collect(),
        };
        let plan = write::plan(files, &self.client, &owned);
        plan.map_err(|error| self.failed(&self.client, error))
    }

    /// Returns the crate's manifest with the features of APIs; everything else is unchanged.
    fn manifest(&self, generation: &Generation, modules: &[String]) -> Result<File> {
        let path = self.client.join("Cargo.toml");
        let text = fs::read_to_string(&path).map_err(|error| self.failed(&path, error))?;
        let mut apis: BTreeMap<&str, _> = modules.iter().map(|module| (module.as_str(), None)).collect();
        apis.extend(generation.apis.iter().map(|one| (one.api.module.as_str(), Some(one.tag_features.as_slice()))));
        let contents = manifest::features(&text, &apis, generation.apis.iter().any(|one| one.xml))
            .map_err(|error| self.failed(&path, error))?;
        Ok(File { path: "Cargo.toml".to_owned(), contents })
    }

    fn failed(&self, path: &Path, why: impl Display) -> Vec<Diagnostic> {
        vec![self.fault(path, &why.to_string())]
    }

    fn fault(&self, path: &Path, why: &str) -> Diagnostic {
        Diagnostic::invalid(codes::PROJECT, self.shown(path), Pointer::root(), why)
    }

    /// Returns the display path: relative to the project's parent folder, with `/` on every platform.
    fn shown(&self, path: &Path) -> String {
        InputFile::at(path.strip_prefix(&self.root).unwrap_or(path)).shown
    }
}

fn below(folder: &str, file: File) -> File {
    File { path: format!("{folder}/{}", file.path), ..file }
}

/// Returns the name of the file with an API's lock of names, which is next to its document.
pub fn lock_name(module: &str) -> String {
    format!("{module}.names.lock")
}

/// Returns the name of the file with an API's ledger, which is next to its document.
pub fn ledger_name(module: &str) -> String {
    format!("{module}.ledger.md")
}

/// Returns the lines of a lock that are not at or below one of the pointers.
fn without(lock: &str, pointers: &[String]) -> String {
    let is_kept = |line: &&str| !pointers.is_empty() && !pointers.iter().any(|pointer| is_locked_below(line, pointer));
    lock.lines().filter(is_kept).flat_map(|line| [line, "\n"]).collect()
}

/// Returns `true` if a line of a lock has a place at or below a pointer.
fn is_locked_below(line: &str, pointer: &str) -> bool {
    let place = line.splitn(3, ' ').nth(2).filter(|_| !line.starts_with('#'));
    let rest = place.and_then(|place| place.strip_prefix(pointer));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '#']))
}

/// Returns the files that differ.
fn differences(plan: &Plan) -> impl Iterator<Item = (String, Change)> {
    plan.changes.iter().filter(|(_, change)| *change != Change::Unchanged).cloned()
}

/// Returns `true` if a name is a valid module name.
fn is_module(name: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let plain = name.starts_with(|first: char| first.is_ascii_lowercase()) && name.chars().all(is_plain);
    plain && syn::parse_str::<syn::Ident>(name).is_ok() && !RESERVED.contains(&name) && !is_reserved_file(name)
}

/// Returns the name of a document: the file stem. `None` if the file is not a document: `x.overlay.yaml` and `x.ledger.md` are next to `x.yaml`.
pub fn document_name(path: &Path) -> Option<String> {
    let extension = path.extension()?.to_str()?;
    let stem = path.file_stem()?.to_str().unwrap_or_default();
    (EXTENSIONS.contains(&extension) && !stem.contains('.')).then(|| stem.to_owned())
}

/// Converts any string, such as a file stem, to a module name: `my-API` to `my_api`, `box` to `box_api`.
pub fn module_name(text: &str) -> String {
    let plain = crate::name::module(text);
    if is_module(&plain) { plain } else { format!("{plain}_api") }
}

impl Report {
    fn new(generation: &Generation, plan: &Plan) -> Self {
        let apis = generation.apis.iter().map(|generated| {
            let api = &generated.api;
            let is_own = |path: &str| path.split('/').nth(1) == Some(api.module.as_str());
            let count = |wanted: &[Change]| {
                let own = plan.changes.iter().filter(|(path, _)| is_own(path));
                own.filter(|(_, change)| wanted.contains(change)).count()
            };
            ApiReport {
                module: api.module.clone(),
                operations: api.operations.len(),
                unsupported_operations: api.unsupported_operations,
                types: generated.types,
                written: count(&[Change::Created, Change::Updated]),
                unchanged: count(&[Change::Unchanged]),
                removed: count(&[Change::Removed]),
                removed_names: generated.removed_names.clone(),
                elapsed: generated.elapsed,
            }
        });
        Self {
            apis: apis.collect(),
            changes: differences(plan).collect(),
            foreign: plan.foreign.clone(),
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_becomes_a_module_name() {
        for (text, name) in [
            ("lakefs", "lakefs"),
            ("My-API v2", "my_api_v2"),
            ("api.example.com", "api_example_com"),
            ("box", "box_api"),
            ("mod", "mod_api"),
            ("CON", "con_api"),
            ("com1", "com1_api"),
            ("2fa", "api_2fa"),
            ("ü", "u"),
            ("", "empty"),
            ("_", "underscore"),
        ] {
            assert_eq!(module_name(text), name);
            assert!(is_module(name), "{name}");
        }
    }
}
