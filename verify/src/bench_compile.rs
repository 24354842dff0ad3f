//! `cargo xtask bench-compile`: the cost of generating a client and compiling it, compared with other generators.
//!
//! In: documents. Out: a table with the processor time and memory of generation, and of the one compiler process that checks or
//! builds the generated crate. Files are written to `target/bench` and `target/peers`. Invariant: every crate is measured in
//! the same way, with Cargo's default profiles and the dependencies that its generator requires. Dependencies, linking, and
//! code that a consumer instantiates are not part of any figure.

mod contestant;
pub(crate) mod record;
mod untyped;

use std::path::PathBuf;
use std::process::Stdio;

use clientwright::project::module_name;
pub(crate) use contestant::OWN;
use contestant::{Contestant, Krate};
use record::Record;

use crate::columns::{megabytes, table};
use crate::corpus::scratch::Scratch;
use crate::files::{at, stem};
use crate::measure::{self, Caps, Cost};
use crate::process::cargo;
use crate::workspace::touch;

/// What to measure.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The documents, in YAML or JSON, of any version
    #[arg(required = true)]
    documents: Vec<PathBuf>,
    /// Measure progenitor, openapi-to-rust, oas3-gen and ploidy, too: they are installed into `target/peers`
    #[arg(long)]
    peers: bool,
    /// Write the compile cost to a file, too; `cargo xtask pictures` draws docs/compile-cost.json
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    /// How long one process may take
    #[arg(long, value_name = "SECONDS", default_value_t = 900)]
    seconds: u64,
    /// How much memory one process may ask for
    #[arg(long, value_name = "GIB", default_value_t = 12)]
    memory: u64,
}

/// The number of measurements of generation; the median counts.
const ROUNDS: usize = 3;

/// The modes of compilation, by Cargo's name.
const MODES: [(&str, &[&str]); 3] =
    [("check", &["check", "--lib"]), ("debug", &["build", "--lib"]), ("release", &["build", "--lib", "--release"])];

/// The result of one generator for one document.
struct Measured {
    document: String,
    generator: &'static str,
    /// The median cost of generation, and whether it succeeded.
    generation: Cost,
    /// The number of places in the generated crate that are any JSON value.
    untyped: usize,
    /// The cost of each mode; fewer if the crate could not be measured.
    builds: Vec<Cost>,
}

/// Measures and prints. Fails if one of our own crates does.
pub(crate) fn run(arguments: &Arguments) -> Result<bool, String> {
    let root = crate::root();
    let caps = Caps { seconds: arguments.seconds, bytes: arguments.memory << 30 };
    let scratch = Scratch::new(&root, "bench")?;
    let mut contestants = vec![Contestant::own(&root)?];
    if arguments.peers {
        contestants.extend(contestant::peers(&root)?);
    }
    Contestant::tidy(&scratch)?;
    let mut results = Vec::new();
    let mut record = Record::new()?;
    for document in &arguments.documents {
        let document = document.canonicalize().map_err(at(document))?;
        let name = module_name(&stem(&document));
        let mut recorded = record::Document::read(&document);
        for contestant in &contestants {
            eprintln!("{name}: {}", contestant.name);
            let krate = contestant.krate(&scratch, &name)?;
            let generation = generate(&scratch, contestant, &document, &krate, caps)?;
            let mut builds = Vec::new();
            if generation.fault.is_none() {
                builds = compile(&scratch, contestant, &krate, caps)?;
            }
            recorded.clients.push(record::Client::new(contestant, &builds));
            let untyped = untyped::count(&krate.folder.join("src"));
            results.push(Measured { document: name.clone(), generator: contestant.name, generation, untyped, builds });
        }
        record.documents.push(recorded);
    }
    Contestant::tidy(&scratch)?;
    print!("{}", report(&results));
    if let Some(file) = &arguments.record {
        record.write(file)?;
    }
    let ours = results.iter().filter(|result| result.generator == OWN);
    Ok(ours.into_iter().all(|ours| ours.builds.len() == MODES.len() && ours.builds.iter().all(|b| b.fault.is_none())))
}

/// Generates a crate several times, each time from scratch.
fn generate(
    scratch: &Scratch,
    contestant: &Contestant,
    document: &std::path::Path,
    krate: &Krate,
    caps: Caps,
) -> Result<Cost, String> {
    let mut costs = Vec::new();
    for round in 0..ROUNDS {
        contestant.clear(scratch, krate, round)?;
        let name = format!("generate-{}-{}", contestant.name, krate.name);
        measure::forget(&scratch.costs(), &name);
        let arguments = contestant.arguments(document, krate)?;
        let arguments: Vec<_> = arguments.iter().map(AsRef::as_ref).collect();
        let mut process = measure::program(&contestant.program, &arguments, &scratch.costs(), &name, caps)?;
        process.current_dir(&krate.folder).stdout(Stdio::null()).stderr(Stdio::null());
        process.status().map_err(|error| format!("{}: {error}", contestant.name))?;
        let cost = measure::cost(&scratch.costs(), &name);
        costs.push(cost.unwrap_or_else(|| Cost { fault: Some("not measured".to_owned()), ..Cost::default() }));
        if costs.iter().any(|cost| cost.fault.is_some()) {
            break;
        }
    }
    costs.sort_by(|one, other| {
        (one.fault.is_none(), one.wall_seconds)
            .partial_cmp(&(other.fault.is_none(), other.wall_seconds))
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    let middle = if costs.iter().any(|cost| cost.fault.is_some()) { 0 } else { costs.len() / 2 };
    Ok(costs.into_iter().nth(middle).unwrap_or_default())
}

/// Compiles a crate in each mode.
fn compile(scratch: &Scratch, contestant: &Contestant, krate: &Krate, caps: Caps) -> Result<Vec<Cost>, String> {
    let Some(compiled) = contestant.finish(scratch, krate)? else { return Ok(Vec::new()) };
    let mut costs = Vec::new();
    for (_, words) in MODES {
        let mut cargo = cargo(&compiled.workspace, &compiled.target);
        cargo.args(words).args(["--package", &compiled.package]).stderr(Stdio::null()).env("CARGO_INCREMENTAL", "0");
        let name = compiled.package.replace('-', "_");
        measure::forget(&scratch.costs(), &name);
        touch(&compiled.root_file)?;
        measure::wrap_rustc(&mut cargo, &scratch.costs(), caps)?;
        let status = cargo.status().map_err(|error| format!("cargo: {error}"))?;
        let mut cost = measure::cost(&scratch.costs(), &name).unwrap_or_default();
        if !status.success() && cost.fault.is_none() {
            cost.fault = Some("what it depends on does not compile".to_owned());
        }
        costs.push(cost);
    }
    Ok(costs)
}

/// Returns a line for each document and generator. Ratios are relative to our own crate of the same document.
fn report(results: &[Measured]) -> String {
    let mut header = vec!["document", "generator", "generate s", "MB", "any JSON"];
    for (mode, _) in MODES {
        header.extend([mode, "MB", "ratio"]);
    }
    let rows: Vec<Vec<String>> = results.iter().map(|result| row(result, results)).collect();
    format!(
        "{}generate: seconds on the clock, median of {ROUNDS}; any JSON: public fields and variants that are any \
         JSON value or object; {}: CPU seconds of the compiler on the generated crate alone\n",
        table(&header, &rows),
        MODES.map(|(mode, _)| mode).join(", "),
    )
}

fn row(result: &Measured, all: &[Measured]) -> Vec<String> {
    let ours = all.iter().find(|other| other.document == result.document && other.generator == OWN);
    let fails = || "fails".to_owned();
    let nothing = || "-".to_owned();
    let mut row = vec![result.document.clone(), result.generator.to_owned()];
    match &result.generation {
        Cost { fault: Some(_), .. } => row.extend([fails(), nothing(), nothing()]),
        cost => {
            row.extend([format!("{:.2}", cost.wall_seconds), megabytes(cost.peak_bytes), result.untyped.to_string()])
        }
    }
    for index in 0..MODES.len() {
        match result.builds.get(index) {
            None => row.extend([nothing(), nothing(), nothing()]),
            Some(Cost { fault: Some(_), .. }) => row.extend([fails(), nothing(), nothing()]),
            Some(cost) => {
                let ours = ours.and_then(|ours| ours.builds.get(index)).filter(|ours| ours.cpu_seconds > 0.0);
                let ratio = ours.map_or_else(nothing, |ours| format!("{:.1}", cost.cpu_seconds / ours.cpu_seconds));
                row.extend([format!("{:.2}", cost.cpu_seconds), megabytes(cost.peak_bytes), ratio]);
            }
        }
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_to_our_own_crate_of_the_same_document() {
        let cost = |cpu_seconds: f64| Cost { cpu_seconds, peak_bytes: 2_000_000, ..Cost::default() };
        let failed = || Cost { fault: Some("no".to_owned()), ..Cost::default() };
        let result = |document: &str, generator, builds| Measured {
            document: document.to_owned(),
            generator,
            generation: cost(0.0),
            untyped: 3,
            builds,
        };
        let results = [
            result("a", OWN, vec![cost(2.0), cost(4.0), cost(5.0)]),
            result("a", "other", vec![cost(3.0), failed(), cost(5.0)]),
            Measured { generation: failed(), ..result("a", "broken", Vec::new()) },
        ];
        let text = report(&results);
        let words = |line: usize| text.lines().nth(line).unwrap().split_whitespace().collect::<Vec<_>>();
        assert_eq!(
            words(2),
            ["a", "other", "0.00", "2", "3", "3.00", "2", "1.5", "fails", "-", "-", "5.00", "2", "1.0"]
        );
        assert_eq!(words(3), ["a", "broken", "fails", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-"]);
    }
}
