//! `cargo xtask validate`: checks the output of `normalize` with an independent validator.
//!
//! In: the documents under `specs/`, every fixture of the normalizer, and named documents of any version. Each is normalized into
//! `target/validator`; openapi-spec-validator checks its structure, PyYAML parses it again, and operations are counted before and after.
//! Out: every finding. Invariant: a finding is an error, except for defaults that `verify/contract/validator/expected.yaml` lists; an
//! unneeded entry there is an error, too.

mod expected;

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::ScopedJoinHandle;
use std::time::Instant;
use std::{fs, thread};

use clientwright::normalize::{Normalized, normalize_files};
use serde_json::{Value, json};

use crate::files::{at, data, empty, entries, stem, write};
use crate::venv;
use expected::Expected;

/// What to validate.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Further documents, of any version; their stems are their names
    files: Vec<PathBuf>,
}

/// A document to validate.
struct Subject {
    name: String,
    input: PathBuf,
    overlays: Vec<PathBuf>,
    /// Whether the document may be invalid, as some fixtures are.
    may_fail: bool,
}

/// A finding about a document.
struct Finding {
    name: String,
    kind: String,
    place: String,
    message: String,
}

/// Normalizes and validates, prints the findings, and fails if anything is wrong.
pub(crate) fn run(arguments: &Arguments) -> Result<bool, String> {
    match validate(arguments)? {
        0 => Ok(true),
        faults => Err(format!("{faults} findings")),
    }
}

fn validate(arguments: &Arguments) -> Result<usize, String> {
    let start = Instant::now();
    let root = crate::root();
    let files = root.join("verify/contract/validator");
    let folder = root.join("target/validator");
    let expected: Expected = data(&files.join("expected.yaml"))?;
    let environment = venv::installed(&files.join("requirements.txt"), &folder.join("venv"), "openapi-spec-validator")?;
    let mut subjects = documents(&root.join("specs"))?;
    let of_fixture = |Fixture { name, input, overlays }| Subject {
        name: format!("fixtures/{name}"),
        input,
        overlays,
        may_fail: true,
    };
    subjects.extend(fixtures(&root.join("tests/fixtures/normalize"))?.into_iter().map(of_fixture));
    subjects.extend(arguments.files.iter().map(|file| Subject {
        name: stem(file).replace('-', "_"),
        input: file.clone(),
        overlays: Vec::new(),
        may_fail: false,
    }));
    distinct(&subjects)?;
    let out = folder.join("documents");
    empty(&out)?;
    // Large documents come first, so that all parts take the same time.
    subjects.sort_by_cached_key(|subject| Reverse(fs::metadata(&subject.input).map_or(0, |file| file.len())));
    let parts = thread::available_parallelism().map_or(1, NonZero::get);
    let part = |index: usize| {
        let list = folder.join(format!("documents.{index}.json"));
        let part = Part { subjects: subjects.iter().skip(index).step_by(parts), out: &out, list };
        part.judged(&environment.join("bin/python"), &files.join("validate.py"))
    };
    let judged = thread::scope(|scope| {
        let threads: Vec<_> = (0..parts).map(|index| scope.spawn(move || part(index))).collect();
        let join = |thread: ScopedJoinHandle<'_, _>| thread.join().map_err(|_| "a part of the documents panicked")?;
        threads.into_iter().map(join).collect::<Result<Vec<Judged>, String>>()
    });
    let mut all = Judged::default();
    for Judged { jobs, found, done, refused } in judged? {
        all.jobs.extend(jobs);
        all.found.extend(found);
        all.done.extend(done);
        all.refused += refused;
    }
    let faults = all.refused + report(&expected, &all.jobs, &all.found, &all.done);
    println!("{} documents: {:.1} s", all.jobs.len(), start.elapsed().as_secs_f64());
    Ok(faults)
}

/// A part of the documents, with the folder for the validator's input.
struct Part<'v, S> {
    subjects: S,
    out: &'v Path,
    list: PathBuf,
}

/// The findings about documents.
#[derive(Default)]
struct Judged {
    jobs: Vec<Value>,
    found: Vec<Finding>,
    done: BTreeMap<String, String>,
    /// The number of documents that could not be normalized.
    refused: usize,
}

impl<'v, S: Iterator<Item = &'v Subject>> Part<'v, S> {
    fn judged(self, python: &Path, script: &Path) -> Result<Judged, String> {
        let mut judged = Judged::default();
        for subject in self.subjects {
            match prepare(subject, self.out)? {
                Ok(job) => judged.jobs.push(job),
                Err(_) if subject.may_fail => {}
                Err(failure) => {
                    eprintln!("{failure}");
                    judged.refused += 1;
                }
            }
        }
        write(&self.list, &Value::from(judged.jobs.clone()).to_string())?;
        (judged.found, judged.done) = judge(python, script, &self.list)?;
        Ok(judged)
    }
}

/// Checks that names are unique, because they are file names.
fn distinct(subjects: &[Subject]) -> Result<(), String> {
    let mut seen = BTreeMap::new();
    for Subject { name, input, .. } in subjects {
        if let Some(other) = seen.insert(name, input) {
            return Err(format!("{} and {} would both be called `{name}`", other.display(), input.display()));
        }
    }
    Ok(())
}

/// Normalizes a document and writes the validator's input; returns the errors of an invalid document.
fn prepare(subject: &Subject, out: &Path) -> Result<Result<Value, String>, String> {
    let Normalized { value, ledger, yaml, .. } = match normalize_files(&subject.input, &subject.overlays) {
        Ok(normalized) => normalized,
        Err(failure) => return Ok(Err(failure.to_string())),
    };
    let path = |ending: &str| out.join(format!("{}.{ending}", subject.name));
    let entry = |rule: &str, before: &str, text: &str| json!({"rule": rule, "before": before, "text": text});
    let entries: Vec<Value> =
        ledger.entries.iter().map(|one| entry(one.rule, one.before.as_str(), &one.text)).collect();
    write(&path("yaml"), &yaml)?;
    write(&path("json"), &value.to_string())?;
    write(&path("ledger.json"), &Value::from(entries).to_string())?;
    Ok(Ok(json!({
        "name": subject.name,
        "original": subject.input,
        "yaml": path("yaml"),
        "json": path("json"),
        "ledger": path("ledger.json"),
        // Overlays add and remove operations on purpose.
        "account": subject.overlays.is_empty(),
    })))
}

/// Runs the validator on all documents. Returns its findings, and its counts for each document that it read to the end.
fn judge(python: &Path, script: &Path, list: &Path) -> Result<(Vec<Finding>, BTreeMap<String, String>), String> {
    let mut command = Command::new(python);
    command.arg(script).arg(list).stdin(Stdio::null()).stderr(Stdio::inherit());
    let output = command.output().map_err(at(python))?;
    if !output.status.success() {
        return Err(format!("the validator failed ({})", output.status));
    }
    let (mut found, mut done) = (Vec::new(), BTreeMap::new());
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let line: Value =
            serde_json::from_str(line).map_err(|error| format!("the validator said `{line}`: {error}"))?;
        let text = |key: &str| line.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let finding =
            Finding { name: text("name"), kind: text("kind"), place: text("place"), message: text("message") };
        if finding.kind == "done" {
            done.insert(finding.name, finding.message);
        } else {
            found.push(finding);
        }
    }
    Ok((found, done))
}

/// Prints the results, and counts the errors.
fn report(expected: &Expected, jobs: &[Value], found: &[Finding], done: &BTreeMap<String, String>) -> usize {
    let names: Vec<&str> = jobs.iter().filter_map(|job| job.get("name").and_then(Value::as_str)).collect();
    let mut faults = 0;
    for finding in found {
        let Finding { name, kind, place, message } = finding;
        let is_expected = kind == "default" && expected.lists(name, place);
        let word = if is_expected { "expected" } else { "error" };
        println!("{word}: {name}: {kind} at `{place}`: {message}");
        faults += usize::from(!is_expected);
    }
    for name in names.iter().filter(|name| !done.contains_key(**name)) {
        println!("error: {name}: not judged to its end");
        faults += 1;
    }
    for unused in expected.unused(&names, found) {
        println!("error: {unused}");
        faults += 1;
    }
    for (name, count) in done.iter().filter(|(name, _)| !name.contains('/')) {
        println!("{name}: {count}");
    }
    faults
}

/// Returns the documents of a folder, without overlays.
fn documents(folder: &Path) -> Result<Vec<Subject>, String> {
    let files = entries(folder)?.into_iter().filter(|path| {
        let name = file_name(path);
        name.ends_with(".yaml") && !name.ends_with(".overlay.yaml")
    });
    let subject = |input: PathBuf| {
        let name = format!("specs/{}", stem(&input));
        Subject { name, input, overlays: Vec::new(), may_fail: false }
    };
    Ok(files.map(subject).collect())
}

/// A fixture of the normalizer.
pub(crate) struct Fixture {
    /// The group, and the name in the group.
    pub(crate) name: String,
    pub(crate) input: PathBuf,
    pub(crate) overlays: Vec<PathBuf>,
}

/// Returns the fixtures of the normalizer in groups: files, and folders with an `openapi.yaml`; `X.overlay.yaml` is applied to the document
/// `X`.
pub(crate) fn fixtures(folder: &Path) -> Result<Vec<Fixture>, String> {
    let mut found = Vec::new();
    for group in entries(folder)? {
        for path in entries(&group)?.into_iter().filter(|path| !stem(path).ends_with(".overlay")) {
            let input = if path.is_dir() { path.join("openapi.yaml") } else { path.clone() };
            let overlay = input.with_file_name(format!("{}.overlay.yaml", stem(&input)));
            let overlays = Some(overlay).filter(|overlay| overlay.exists()).into_iter().collect();
            found.push(Fixture { name: format!("{}/{}", file_name(&group), stem(&path)), input, overlays });
        }
    }
    Ok(found)
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
