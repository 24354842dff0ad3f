//! Part of `project`: adds a vendor's document to the project, as `cargo xtask normalize` does.
//!
//! In: the document and its name. Out: `NAME.yaml` and `NAME.ledger.md` in the folder of documents, and an [`IntakeReport`].
//! Invariant: if there is any error, no file is written; an unchanged file is not rewritten.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::{EXTENSIONS, Project, is_module, ledger_name, module_name};
use crate::write::{self, Change, File};
use clientwright_normalizer::diagnostic::{Diagnostic, Findings, codes};
use clientwright_normalizer::load;
use clientwright_normalizer::normalize::{EntryKind, InputFile, Ledger, Normalized, beside, normalize_for};

/// A vendor's document to normalize.
#[derive(Clone, Debug, Default)]
pub struct Intake {
    /// The path of the document.
    pub input: PathBuf,
    /// The name in the project: file stem and module name.
    pub name: String,
    /// Additional overlays. They apply after the overlays next to the document: `NAME.overlay.yaml`, then `NAME.*.overlay.yaml`
    /// sorted by name.
    pub overlays: Vec<PathBuf>,
    /// Whether lossy steps are errors.
    pub strict: bool,
    /// The folder that contains all files of the document, if it is not the input's own folder. References to other folders are errors.
    pub root: Option<PathBuf>,
}

/// The result of normalization.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct IntakeReport {
    /// The changes of the document.
    pub ledger: Ledger,
    /// The applied overlays, as displayed.
    pub overlays: Vec<String>,
    /// The files and their changes, by path in the folder of documents; empty if no file was written.
    pub changes: Vec<(String, Change)>,
    /// An overlay that follows the document's own examples where they contradict its schemas, as YAML.
    pub suggestion: Option<String>,
    /// All errors; if there are any, no file was written.
    pub findings: Findings,
    /// The duration of the pipeline.
    pub elapsed: Duration,
}

impl Project {
    /// Normalizes a vendor's document and writes it, with its ledger, to the folder of documents.
    ///
    /// For example from an xtask:
    ///
    /// ```no_run
    /// use clientwright::project::{Intake, Project};
    ///
    /// let intake = Intake { input: "vendor/openapi.json".into(), name: "pets".into(), ..Intake::default() };
    /// let report = Project::new("specs", "client").normalize(&intake);
    /// eprint!("{}", report.findings);
    /// print!("{}", report.ledger.summary());
    /// assert_eq!(report.findings.errors(), 0);
    /// ```
    #[must_use]
    pub fn normalize(&self, intake: &Intake) -> IntakeReport {
        let start = Instant::now();
        let mut report = IntakeReport::default();
        if let Err(failure) = self.normalize_into(intake, &mut report) {
            report.findings = failure;
        }
        report.elapsed = start.elapsed();
        report
    }

    fn normalize_into(&self, intake: &Intake, report: &mut IntakeReport) -> Result<(), Findings> {
        self.check_name(&intake.name)?;
        let overlays = self.overlays(intake)?;
        report.overlays = overlays.iter().map(|overlay| overlay.shown.clone()).collect();
        let mut input = InputFile::at(&intake.input);
        input.root.clone_from(&intake.root);
        let Normalized { ledger, yaml, suggestion, .. } = normalize_for(&input, &overlays)?;
        if intake.strict {
            let rejected_steps = rejected_steps(&ledger, &input);
            if !rejected_steps.diagnostics.is_empty() {
                report.ledger = ledger;
                return Err(rejected_steps);
            }
        }
        let name = &intake.name;
        let files = vec![
            File { path: ledger_name(name), contents: ledger.markdown(name) },
            File { path: format!("{name}.yaml"), contents: yaml },
        ];
        report.ledger = ledger;
        let plan = write::plan(files, &self.specs, &[]).map_err(|error| self.failed(&self.specs, error))?;
        write::apply(&plan, &self.specs).map_err(|error| self.failed(&self.specs, error))?;
        report.changes = plan.changes;
        report.suggestion = suggestion;
        Ok(())
    }

    fn check_name(&self, name: &str) -> Result<(), Vec<Diagnostic>> {
        if !is_module(name) {
            let fault = self.fault(&self.specs, &format!("`{name}` must be a valid module name"));
            return Err(vec![fault.with_help(format!("use a name such as `{}`", module_name(name)))]);
        }
        // Two documents with the same name would be the same module.
        let others = EXTENSIONS.iter().filter(|ending| **ending != "yaml");
        let taken = others.map(|ending| self.specs.join(format!("{name}.{ending}"))).find(|path| path.exists());
        taken.map_or(Ok(()), |path| {
            let why = "the normalized document would have the same name as this file";
            Err(vec![self.fault(&path, why).with_help("move the vendor's document to another folder")])
        })
    }

    /// Returns the overlays next to the project's document, then the requested ones, each once.
    fn overlays(&self, intake: &Intake) -> Result<Vec<InputFile>, Vec<Diagnostic>> {
        let own = self.specs.join(format!("{}.yaml", intake.name));
        // A normalized document already includes its overlays.
        let same =
            matches!((fs::canonicalize(&own), fs::canonicalize(&intake.input)), (Ok(own), Ok(input)) if own == input);
        let mut found = if same { Vec::new() } else { self.own_overlays(&intake.name)? };
        found.extend(intake.overlays.iter().map(|path| InputFile::at(path)));
        let mut seen = BTreeSet::new();
        found.retain(|overlay| fs::canonicalize(&overlay.path).map_or(true, |path| seen.insert(path)));
        Ok(found)
    }

    fn own_overlays(&self, name: &str) -> Result<Vec<InputFile>, Vec<Diagnostic>> {
        if !self.specs.exists() {
            return Ok(Vec::new());
        }
        let mut found: Vec<(bool, PathBuf)> = Vec::new();
        for path in self.entries()? {
            let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let rest = file.strip_prefix(name).and_then(|rest| rest.strip_prefix('.')).unwrap_or_default();
            let is_overlay = |ending: &&str| {
                let stem = rest.strip_suffix(*ending).and_then(|stem| stem.strip_suffix('.'));
                stem.is_some_and(|stem| stem == "overlay" || stem.ends_with(".overlay"))
            };
            if EXTENSIONS.iter().any(is_overlay) {
                found.push((!rest.starts_with("overlay."), path));
            }
        }
        found.sort();
        let shown = |(_, path): (bool, PathBuf)| {
            let mut file = InputFile::at(&path);
            file.shown = self.shown(&path);
            file
        };
        Ok(found.into_iter().map(shown).collect())
    }
}

/// Returns the steps that `strict` rejects, each with its place.
fn rejected_steps(ledger: &Ledger, input: &InputFile) -> Findings {
    let mut failure = Findings::default();
    let folder = input.path.parent().unwrap_or(Path::new(""));
    for entry in ledger.entries.iter().filter(|entry| entry.kind == EntryKind::Lossy) {
        let shown = beside(&input.shown, &entry.file);
        // A removed part is reported with the code of its error.
        let (code, message) = match entry.code {
            Some(code) => (code, entry.text.clone()),
            None => (codes::LOSSY_STEP, format!("{}: {}", entry.rule, entry.text)),
        };
        let finding = Diagnostic::invalid(code, shown.as_str(), entry.before.clone(), message)
            .at_key()
            .with_help("change the document with an overlay, or normalize it without `--strict`");
        failure.diagnostics.push(finding);
        if failure.sources.iter().all(|source| source.name != shown)
            && let Ok(source) = load::read(&folder.join(&entry.file), &shown)
        {
            failure.sources.push(source);
        }
    }
    failure
}
