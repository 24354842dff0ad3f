//! One document: from the vendor's text to a generated crate and its figures. Runs in a separate process, so that its cost
//! can be measured, and a crash affects only this document.
//!
//! In: a file and a folder. Out: the crate's files, the normalized document with its ledger, and [`Made`] as JSON.
//! Invariant: `made.json` is written last, so that the remains of a crashed process are not mistaken for a result.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::examples::{Suite, suite};
use crate::survey::{self, Figures, Subject};
use clientwright::diagnostic::{Diagnostic, any_error, render};
use clientwright::generate::{Document, Generation, generate};
use clientwright::internal::manifest::features;
use clientwright::internal::write::{self, File};
use clientwright::normalize::{InputFile, Normalized, normalize_for};
use clientwright_normalizer::Source;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::calls;
use super::scratch::{calls_name, crate_name};
use crate::files::{self, at, create};
use crate::measure;

/// The result of a document.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Made {
    /// The vendor's version of the specification.
    pub(crate) version: String,
    /// The figures; `None` if the document has errors.
    pub(crate) figures: Option<Figures>,
    /// The rendered errors.
    pub(crate) diagnostics: String,
    /// The processor time of normalization.
    pub(crate) normalize_seconds: f64,
    /// The processor time of generation: from the normalized text to formatted files.
    pub(crate) generate_seconds: f64,
}

/// A document, and the locations of its results.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Job {
    /// The document.
    pub(crate) input: PathBuf,
    /// The overlay to apply.
    pub(crate) overlay: Option<PathBuf>,
    /// Whether the suggested overlay is applied, too.
    pub(crate) suggested: bool,
    /// The name of the module.
    pub(crate) name: String,
    /// The folder of the package.
    pub(crate) out: PathBuf,
    /// Whether only the crate is written, without figures.
    pub(crate) plain: bool,
    /// The folder for the program that tries the document's examples.
    pub(crate) examples: Option<PathBuf>,
}

impl Job {
    /// Returns the argument for the process.
    pub(crate) fn argument(&self) -> Result<String, String> {
        serde_json::to_string(self).map_err(|error| error.to_string())
    }
}

/// What to do.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// A [`Job`] in JSON
    job: String,
}

/// Returns the result from its file.
pub(crate) fn made(folder: &Path) -> Option<Made> {
    serde_json::from_str(&fs::read_to_string(folder.join("made.json")).ok()?).ok()
}

/// Processes one document.
pub(crate) fn run(arguments: &Arguments) -> Result<bool, String> {
    let job: Job = serde_json::from_str(&arguments.job).map_err(|error| error.to_string())?;
    let made = bring_in(&job).map_err(|error| format!("{}: {error}", job.name))?;
    let text = serde_json::to_string_pretty(&made).map_err(|error| error.to_string())?;
    files::write(&job.out.join("made.json"), &(text + "\n"))?;
    Ok(true)
}

fn bring_in(job: &Job) -> Result<Made, String> {
    let Job { input, overlay, suggested, name, out, plain, examples } = job;
    let written = if *plain { Value::Null } else { survey::written(input) };
    let mut made = Made { version: survey::version(&written), ..Made::default() };
    let mut overlays: Vec<_> = overlay.iter().map(|overlay| InputFile::at(overlay)).collect();
    let (mut normalized, seconds) = timed(|| normalize_for(&InputFile::at(input), &overlays));
    made.normalize_seconds = seconds;
    if let Ok(Normalized { suggestion: Some(suggestion), .. }) = &normalized
        && *suggested
    {
        let file = out.join(format!("{name}.overlay.yaml"));
        files::write(&file, suggestion)?;
        overlays.push(InputFile::at(&file));
        normalized = normalize_for(&InputFile::at(input), &overlays);
    }
    let Normalized { value, ledger, yaml, .. } = match normalized {
        Ok(normalized) => normalized,
        Err(failure) => {
            made.diagnostics = failure.to_string();
            return Ok(made);
        }
    };
    files::write(&out.join(format!("{name}.yaml")), &yaml)?;
    files::write(&out.join(format!("{name}.ledger.md")), &ledger.markdown(name))?;
    // Frees memory before generation.
    let value = if *plain { Value::Null } else { value };
    let source = Source { name: format!("{name}.yaml"), text: yaml };
    let document = Document::new(name.clone(), source);
    let modules = [name.clone()];
    let (generation, seconds) = timed(|| generate(std::slice::from_ref(&document), &modules, "cargo xtask codegen"));
    made.generate_seconds = seconds;
    if any_error(&generation.diagnostics) {
        let errors: Vec<Diagnostic> = generation.diagnostics.into_iter().filter(Diagnostic::is_error).collect();
        made.diagnostics = render(&errors, std::slice::from_ref(&document.source), false);
        return Ok(made);
    }
    if !plain {
        let subject = Subject { written: &written, ledger: &ledger, document: &value, generation: &generation };
        made.figures = survey::survey(subject);
    }
    let files = generation.apis.iter().flat_map(|api| &api.files).chain(&generation.root);
    write_sources(out, files)?;
    write_features(out, &generation)?;
    if !plain {
        write_calls(out, &document)?;
    }
    if let Some(folder) = examples {
        write_suite(folder, &document)?;
    }
    Ok(made)
}

/// Adds the features of tags and XML to the manifest, if the document has any.
fn write_features(out: &Path, generation: &Generation) -> Result<(), String> {
    let (apis, xml) = (&generation.apis, generation.apis.iter().any(|api| api.xml));
    if !xml && apis.iter().all(|api| api.tag_features.is_empty()) {
        return Ok(());
    }
    let apis: BTreeMap<&str, _> =
        apis.iter().map(|api| (api.api.module.as_str(), Some(api.tag_features.as_slice()))).collect();
    let manifest = out.join("Cargo.toml");
    let text = fs::read_to_string(&manifest).map_err(at(&manifest))?;
    files::write(&manifest, &features(&text, &apis, xml)?)
}

/// Writes the calls that the client's documentation shows.
fn write_calls(out: &Path, document: &Document) -> Result<(), String> {
    let client = crate_name(&document.module);
    let program = calls::program(document, &client).ok_or("the document cannot be read a second time")?;
    create(&out.join("examples"))?;
    files::write(&out.join("examples").join(format!("{}.rs", calls_name(&client))), &program)
}

/// Writes the program that tries the document's examples, and the examples.
fn write_suite(folder: &Path, document: &Document) -> Result<(), String> {
    let Suite { cases, left_out, files } =
        suite(document).map_err(|diagnostics| render(&diagnostics, std::slice::from_ref(&document.source), false))?;
    write_sources(folder, files.iter())?;
    let text = serde_json::to_string(&(cases, left_out)).map_err(|error| error.to_string())?;
    files::write(&folder.join("cases.json"), &text)
}

fn write_sources<'f>(out: &Path, files: impl Iterator<Item = &'f File>) -> Result<(), String> {
    let below_src = |file: &File| File { path: format!("src/{}", file.path), contents: file.contents.clone() };
    let plan = write::plan(files.map(below_src).collect(), out, &["src".to_owned()])?;
    write::apply(&plan, out)
}

/// Returns the result of a function and its CPU time in seconds, or elapsed time where CPU time is unavailable.
fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let (clock, before) = (Instant::now(), measure::own_cpu());
    let result = work();
    let taken = measure::own_cpu().zip(before).map(|(after, before)| after.saturating_sub(before));
    (result, taken.unwrap_or_else(|| clock.elapsed()).as_secs_f64())
}
