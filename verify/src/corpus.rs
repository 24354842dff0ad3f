//! `cargo xtask corpus`: normalizes, generates and compiles a folder of real documents, and prints a table of the results.
//!
//! In: a folder. Out: figures, and everything that is wrong. Files are written to `target/corpus`. Invariant: it fails unless
//! every document passes without an error or a warning and each of its operations is generated or reported.

pub(crate) mod bring_in;
mod calls;
pub(crate) mod documents;
mod examples;
mod page;
mod report;
pub(crate) mod scratch;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Instant, SystemTime, UNIX_EPOCH};
use std::{fs, iter};

use bring_in::Made;
use clap::{Args as _, FromArgMatches as _};
use documents::{Found, documents, drawn};
use examples::Tried;
use scratch::{Checked, Scratch};
use serde::{Deserialize, Serialize};

use crate::files::{at, stem};
use crate::measure::{self, Caps, Cost};
use crate::survey::Figures;
use crate::workspace::WITHOUT_DEBUG;

/// What to measure.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The folder: each document in it, in YAML or JSON, of any version
    folder: PathBuf,
    /// Look into the folders below, too
    #[arg(long)]
    nested: bool,
    /// Draw so many documents by chance
    #[arg(long, value_name = "N")]
    sample: Option<usize>,
    /// What decides which ones; by default, the time
    #[arg(long, value_name = "NUMBER", requires = "sample")]
    seed: Option<u64>,
    /// Only these documents, by the name of their file or module
    #[arg(long, value_name = "NAME", num_args = 1..)]
    only: Vec<String>,
    /// Check what is generated with the compiler (the default)
    #[arg(long, overrides_with = "no_check")]
    check: bool,
    /// Only normalize and generate
    #[arg(long)]
    no_check: bool,
    /// Apply what `normalize --suggest-overlay` proposes: pages of lists, and what examples say
    #[arg(long)]
    suggested: bool,
    /// Decode each example into its generated type, encode it again, and compare
    #[arg(long)]
    examples: bool,
    /// How many documents are worked on at a time
    #[arg(long, value_name = "N", default_value_t = 1)]
    jobs: usize,
    /// How long generating a document, or checking its crate, may take
    #[arg(long, value_name = "SECONDS", default_value_t = 600)]
    seconds: u64,
    /// How much memory each may ask for
    #[arg(long, value_name = "GIB", default_value_t = 12)]
    memory: u64,
    /// Write the figures as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write the sums, and everything that is not generated or untyped, as a page in Markdown
    #[arg(long, value_name = "FILE")]
    page: Option<PathBuf>,
}

impl Arguments {
    /// Returns the arguments for the documents in a folder, with these options.
    pub(crate) fn of(folder: &Path, options: &[&str]) -> Result<Self, String> {
        let command = Self::augment_args(clap::Command::new("corpus").no_binary_name(true));
        let matches = command.try_get_matches_from(options.iter().map(AsRef::as_ref).chain([folder.as_os_str()]));
        matches.and_then(|matches| Self::from_arg_matches(&matches)).map_err(|error| error.to_string())
    }
}

/// The result of one document.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Record {
    /// The name of the module.
    name: String,
    /// The result of generation; `None` if its process died.
    made: Option<Made>,
    /// The cost of generation.
    generation: Cost,
    /// The compiler's result, if the crate was checked.
    checked: Option<Checked>,
    /// The results of the examples, if they were tried.
    tried: Option<Tried>,
}

impl Record {
    fn figures(&self) -> Option<&Figures> {
        self.made.as_ref()?.figures.as_ref()
    }

    /// Returns the result in a few words.
    fn result(&self) -> &'static str {
        match (self.figures(), &self.checked) {
            (None, _) => "not generated",
            (Some(figures), _) if !figures.lost.is_empty() => "lost operations",
            (_, Some(checked)) if !checked.compiles && checked.errors == 0 && checked.warnings > 0 => "warnings",
            (_, Some(checked)) if !checked.compiles => "does not compile",
            (_, Some(checked)) if checked.warnings > 0 => "warnings",
            _ if self.tried.as_ref().is_some_and(|tried| !tried.is_clean()) => "examples",
            _ => "ok",
        }
    }

    fn is_clean(&self) -> bool {
        self.result() == "ok"
    }

    fn costs(&self) -> impl Iterator<Item = &Cost> {
        iter::once(&self.generation).chain(self.checked.iter().map(|checked| &checked.cost))
    }
}

/// Options for processing documents.
#[derive(Clone, Copy)]
struct Jobs {
    /// The number of documents at a time.
    count: usize,
    caps: Caps,
    /// Whether the suggested overlay is applied.
    suggested: bool,
    /// Whether examples are tried, too.
    examples: bool,
}

/// Measures, prints the results, and fails if anything is wrong.
pub(crate) fn run(arguments: &Arguments) -> Result<bool, String> {
    let start = Instant::now();
    let caps = Caps { seconds: arguments.seconds, bytes: arguments.memory << 30 };
    let mut found = documents(&arguments.folder, arguments.nested, &arguments.only)?;
    if let Some(count) = arguments.sample {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let seed = arguments.seed.unwrap_or(now);
        eprintln!("{count} of {} documents by --seed {seed}", found.len());
        found = drawn(found, count, seed);
    }
    let scratch = Scratch::new(&crate::root(), "corpus")?;
    let Arguments { suggested, examples, .. } = *arguments;
    let jobs = Jobs { count: arguments.jobs.max(1), caps, suggested, examples };
    let mut records = generate_all(&scratch, &found, jobs)?;
    write_workspace(&scratch, &records, arguments.examples)?;
    if !arguments.no_check {
        check_all(&scratch, &mut records, jobs)?;
    }
    if arguments.examples {
        examples::try_all(&scratch, &mut records, jobs)?;
    }
    let write = |file: &Path, text: String| fs::write(file, text).map_err(at(file));
    if let Some(file) = &arguments.json {
        write(file, serde_json::to_string_pretty(&records).map_err(|error| error.to_string())? + "\n")?;
    }
    if let Some(file) = &arguments.page {
        let folder = arguments.folder.display();
        let nested = if arguments.nested { " --nested" } else { "" };
        let command = format!("cargo xtask corpus {folder}{nested} --no-check --page {}", file.display());
        write(file, page::page(&records, &command))?;
    }
    print!("{}\n{}", report::figures(&records), report::details(&records));
    if arguments.examples {
        print!("\n{}\n{}", report::examples(&records), report::findings(&records));
    }
    eprintln!("{} documents: {:.1} s", records.len(), start.elapsed().as_secs_f64());
    Ok(records.iter().all(Record::is_clean))
}

/// Generates the clients of the named documents in a folder, as packages of a scratch workspace. `NAME.overlay.yaml` in the folder
/// `overlays` is applied to a document. Returns the names of the modules.
pub(crate) fn generate_clients(
    scratch: &Scratch,
    folder: &Path,
    overlays: &Path,
    only: &[String],
) -> Result<Vec<String>, String> {
    let caps = Caps { seconds: 600, bytes: 12 << 30 };
    let mut found = documents(folder, false, only)?;
    for one in &mut found {
        let name = format!("{}.overlay.yaml", stem(&one.path));
        one.overlay = Some(overlays.join(name)).filter(|overlay| overlay.is_file());
    }
    let records = generate_all(scratch, &found, Jobs { count: 2, caps, suggested: false, examples: false })?;
    match records.iter().find(|record| generated(std::slice::from_ref(record)).is_empty()) {
        Some(record) => Err(format!("{} is not generated: {}", record.name, report::details(&records).trim_end())),
        None => Ok(generated(&records)),
    }
}

/// Generates all documents, several at a time, each in a separate process.
fn generate_all(scratch: &Scratch, found: &[Found], jobs: Jobs) -> Result<Vec<Record>, String> {
    let (next, finished) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let work = || {
        let mut done = Vec::new();
        while let Some(one) = found.get(next.fetch_add(1, Ordering::Relaxed)) {
            let record = generate_one(scratch, one, jobs)?;
            let count = 1 + finished.fetch_add(1, Ordering::Relaxed);
            eprintln!("generated {} ({count} of {}): {:.1} s", one.name, found.len(), record.generation.wall_seconds);
            done.push(record);
        }
        Ok::<_, String>(done)
    };
    let outcomes: Vec<_> = thread::scope(|scope| {
        let workers: Vec<_> = (0..jobs.count.min(found.len())).map(|_| scope.spawn(work)).collect();
        workers.into_iter().map(|worker| worker.join().unwrap_or_else(|_| Err("a worker died".to_owned()))).collect()
    });
    let mut records = Vec::new();
    for outcome in outcomes {
        records.extend(outcome?);
    }
    records.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(records)
}

fn generate_one(scratch: &Scratch, found: &Found, jobs: Jobs) -> Result<Record, String> {
    let Found { name, path, overlay } = found;
    let folder = scratch.package(name);
    scratch.add_client(name)?;
    // If the process dies, an earlier result must not be mistaken for its result.
    let _ = fs::remove_file(folder.join("made.json"));
    if jobs.examples {
        scratch.add_program(name)?;
    }
    let job = bring_in::Job {
        input: path.clone(),
        overlay: overlay.clone(),
        suggested: jobs.suggested,
        name: name.clone(),
        out: folder.clone(),
        plain: false,
        examples: jobs.examples.then(|| scratch.program(name)),
    };
    let measurement = format!("generate-{name}");
    measure::forget(&scratch.costs(), &measurement);
    let job = job.argument()?;
    let arguments = ["corpus-one".as_ref(), job.as_ref()];
    let mut process = measure::program(&measure::this()?, &arguments, &scratch.costs(), &measurement, jobs.caps)?;
    process.status().map_err(|error| format!("{name}: {error}"))?;
    let generation = measure::cost(&scratch.costs(), &measurement).unwrap_or_default();
    let made = bring_in::made(&folder).filter(|_| generation.fault.is_none());
    Ok(Record { name: name.clone(), made, generation, ..Record::default() })
}

/// Returns the names of the generated crates.
fn generated(records: &[Record]) -> Vec<String> {
    records.iter().filter(|record| record.figures().is_some()).map(|record| record.name.clone()).collect()
}

fn write_workspace(scratch: &Scratch, records: &[Record], examples: bool) -> Result<(), String> {
    let names = generated(records);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let programs = if examples { names.as_slice() } else { &[] };
    scratch.finish(&names, programs, WITHOUT_DEBUG)
}

/// Checks the generated crates.
fn check_all(scratch: &Scratch, records: &mut [Record], jobs: Jobs) -> Result<(), String> {
    let names = generated(records);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut count = 0;
    let mut progress = |name: &str, cost: &Cost| {
        count += 1;
        eprintln!("checked {name} ({count} of {}): {:.1} s", names.len(), cost.wall_seconds);
    };
    let checked = scratch.check(&names, jobs.count, jobs.caps, &mut progress)?;
    for record in records.iter_mut() {
        let index = names.iter().position(|name| *name == record.name);
        record.checked = index.and_then(|index| checked.get(index)).cloned();
    }
    Ok(())
}
