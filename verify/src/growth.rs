//! `cargo xtask growth`: measures how the cost of the command grows with the size of a document.
//!
//! In: families of documents, see [`shapes`]. Out: a table, and costs that grow faster than the document. Valgrind counts instructions, so
//! that two runs of one build agree. Invariant: a family whose cost more than doubles when its document doubles fails the run.

mod shapes;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use shapes::{SHAPES, Shape};

use crate::bench::{count, start};
use crate::columns::table;
use crate::files::{empty, read, target, write};
use crate::measure::{self, Caps};
use crate::process::{self, cargo, done};

/// What to measure.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Only the families with these words in their names
    names: Vec<String>,
    /// The program to measure, by default the release build
    #[arg(long)]
    program: Option<PathBuf>,
    /// Only normalize
    #[arg(long)]
    normalize: bool,
}

/// The maximum factor of the cost when the size doubles.
const LIMIT: f64 = 2.3;
/// The maximum memory per byte of a document: real documents need up to 41 bytes; lists of tiny mistakes, each with a ledger entry, need
/// most.
const MEMORY: f64 = 400.0;
/// The limits of one command, far above those of linear work.
const CAPS: Caps = Caps { seconds: 20, bytes: 8 << 30 };

/// Measures, prints, and compares.
pub(crate) fn run(arguments: &Arguments) -> Result<bool, String> {
    let root = crate::root();
    let program = match &arguments.program {
        Some(program) => program.clone(),
        None => built(&root)?,
    };
    let scratch = Scratch { folder: target(&root).join("growth"), program };
    let shapes = SHAPES.iter().filter(|shape| {
        arguments.names.is_empty() || arguments.names.iter().any(|name| shape.name.contains(name.as_str()))
    });
    let steps: &[&str] = if arguments.normalize { &["normalize"] } else { &["normalize", "codegen"] };
    let (mut rows, mut faults) = (Vec::new(), Vec::new());
    for shape in shapes {
        eprintln!("{}", shape.name);
        match scratch.grown(shape, steps) {
            Ok(figures) => {
                faults.extend(
                    figures
                        .iter()
                        .filter(|figure| figure.is_too_much())
                        .map(|figure| format!("{}: {}", shape.name, figure.name)),
                );
                let cells = figures.iter().map(|figure| format!("{:.2}", figure.value));
                rows.push([shape.name.to_owned()].into_iter().chain(cells).collect::<Vec<_>>());
            }
            Err(error) => faults.push(format!("{}: {error}", shape.name)),
        }
    }
    let header: Vec<&str> = [""].into_iter().chain(steps.iter().copied()).chain(["specs", "memory"]).collect();
    print!("{}", table(&header, &rows));
    for fault in &faults {
        println!("too much: {fault}");
    }
    Ok(faults.is_empty())
}

fn built(root: &Path) -> Result<PathBuf, String> {
    let folder = target(root);
    let mut build = cargo(root, &folder);
    done(build.args(["build", "--release", "--locked", "--package", "clientwright-cli"]), "the release build")?;
    Ok(folder.join("release/clientwright").with_extension(std::env::consts::EXE_EXTENSION))
}

/// One figure of a family.
struct Figure {
    name: &'static str,
    value: f64,
    limit: f64,
}

impl Figure {
    fn is_too_much(&self) -> bool {
        self.value > self.limit
    }
}

/// The costs of the commands on one document: their input sizes in bytes and instructions, the peak memory in bytes, and the size of the
/// normalized document without indentation.
struct Costs {
    read: [u64; 2],
    instructions: Vec<u64>,
    memory: u64,
    normalized: u64,
}

struct Scratch {
    folder: PathBuf,
    program: PathBuf,
}

impl Scratch {
    /// Returns the factors by which costs grow when a command's input doubles, after subtracting the fixed costs.
    ///
    /// A nested document is indented when it is normalized, so `codegen` reads more than twice as much if it is twice as deep.
    fn grown(&self, shape: &Shape, steps: &[&'static str]) -> Result<Vec<Figure>, String> {
        let costs = [shape.count / 16, shape.count, shape.count * 2]
            .map(|count| self.costs(shape.name, &(shape.document)(count).to_string(), steps));
        let [least, small, large] = costs;
        let costs = [least?, small?, large?];
        // Without a growing input, there is nothing to compare.
        let figure = |name, cost: &dyn Fn(&Costs) -> u64, read: &dyn Fn(&Costs) -> u64| {
            let [cost, read] = [cost, read].map(|of| growth(costs.each_ref().map(of)));
            Figure { name, value: if read > 0.0 { 2.0 * cost / read } else { 0.0 }, limit: LIMIT }
        };
        let mut figures: Vec<_> = (0..steps.len())
            .map(|step| figure(steps[step], &|costs| costs.instructions[step], &|costs| costs.read[step]))
            .collect();
        figures.push(figure("specs", &|costs| costs.normalized, &|costs| costs.read[0]));
        let [least, _, large] = &costs;
        let memory = large.memory.saturating_sub(least.memory) as f64 / (large.read[0] - least.read[0]) as f64;
        figures.push(Figure { name: "memory", value: memory, limit: MEMORY });
        Ok(figures)
    }

    fn costs(&self, name: &str, text: &str, steps: &[&str]) -> Result<Costs, String> {
        let project = self.folder.join("project");
        start(&project)?;
        let file = self.folder.join("documents").join(format!("{}.json", name.replace([' ', '`', '$', '.'], "_")));
        write(&file, text)?;
        let path = file.display().to_string();
        let arguments =
            |step: &str| if step == "normalize" { vec!["normalize", &path, "--as", "a"] } else { vec!["codegen"] };
        let mut costs = Costs { read: [text.len() as u64, 0], instructions: Vec::new(), memory: 0, normalized: 0 };
        for step in steps {
            let arguments = arguments(step);
            let natively: Vec<&OsStr> = arguments.iter().map(OsStr::new).collect();
            let mut native = measure::program(&self.program, &natively, &self.folder, "native", CAPS)?;
            process::errors(native.current_dir(&project)).map_err(|error| format!("{step}: {error}"))?;
            let peak = measure::cost(&self.folder, "native").map_or(0, |cost| cost.peak_bytes);
            costs.memory = costs.memory.max(if *step == "normalize" { peak } else { 0 });
            // Files that are up to date would not be written again.
            empty(&project.join("generated/src"))?;
            costs.instructions.push(count::whole(&self.program, &arguments, &project)?);
        }
        let normalized = read(&project.join("specs/a.yaml"))?;
        costs.read[1] = normalized.len() as u64;
        costs.normalized = normalized.lines().map(|line| line.trim_start().len() as u64).sum();
        Ok(costs)
    }
}

/// Returns the ratio of the largest of three costs to the middle one, both minus the smallest.
fn growth([least, small, large]: [u64; 3]) -> f64 {
    large.saturating_sub(least) as f64 / small.saturating_sub(least).max(1) as f64
}
