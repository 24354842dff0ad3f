//! `cargo xtask bench`: the speed of the codec, of calls and of the command, in instructions and allocations.
//!
//! In: the release build, and documents. Out: a table, the record `docs/performance.json` and the page `docs/PERFORMANCE.md`. Valgrind
//! counts, so that two runs of one build agree, whatever else runs on the machine. Invariant: a figure is compared only with one from the
//! same compiler.

pub(crate) mod count;
mod page;
pub(crate) mod record;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use clientwright::project::module_name;
use count::Unit;
pub(crate) use page::render;
pub(crate) use record::Record;
use record::Row;

use crate::columns::table;
use crate::files::{at, empty, entries, read, stem, target, write};
use crate::pictures::pictures;
use crate::process::{cargo, done, run as output};

/// What to measure.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Documents to normalize and generate, beside those of the repository
    documents: Vec<PathBuf>,
    /// Write docs/performance.json and docs/PERFORMANCE.md
    #[arg(long)]
    record: bool,
    /// Fail if a figure is more than 3% worse than the recorded one
    #[arg(long)]
    check: bool,
    /// Build and measure another revision, too, and show what changed
    #[arg(long, value_name = "REV")]
    against: Option<String>,
}

/// The documents of the codec; see `verify/bench`.
const DOCUMENTS: [&str; 7] = ["issues", "shuffled", "points", "tags", "nodes", "measurements", "events"];
/// The fraction by which a figure may be worse.
const TOLERANCE: f64 = 0.03;

/// Measures, prints, and compares.
pub(crate) fn run(arguments: &Arguments) -> Result<bool, String> {
    let root = crate::root();
    let file = root.join("docs/performance.json");
    let documents = arguments.documents.iter().map(|path| path.canonicalize().map_err(at(path)));
    let documents = documents.collect::<Result<Vec<_>, _>>()?;
    let built = Build::new(&root, &target(&root))?;
    let mut record = Record { rustc: rustc()?, rows: built.measure(&root, &documents)?, times: String::new() };
    if arguments.record {
        record.times = output(&mut Command::new(built.program("clientwright-bench")))?;
        write(&file, &record.to_json()?)?;
        write(&root.join("docs/PERFORMANCE.md"), &render(&record))?;
        // The page shows a chart.
        pictures(&root)?.iter().try_for_each(|(path, picture)| write(path, picture))?;
    }
    let earlier = match &arguments.against {
        Some(revision) => Some(measure_revision(&root, revision, &documents)?),
        None if file.exists() => Some(serde_json::from_str(&read(&file)?).map_err(at(&file))?),
        None => None,
    };
    let Some(earlier) = earlier else {
        print!("{}", report(&record.rows, &[]));
        return Ok(true);
    };
    print!("{}", report(&record.rows, &earlier.rows));
    if earlier.rustc != record.rustc {
        println!("not compared: the record is of {}, this is {}", earlier.rustc, record.rustc);
        return Ok(true);
    }
    let worse = worse(&record.rows, &earlier.rows);
    for name in &worse {
        println!("worse by more than {:.0}%: {name}", TOLERANCE * 100.0);
    }
    Ok(!arguments.check || worse.is_empty())
}

/// Returns the names of the figures that are worse than before.
fn worse(rows: &[Row], earlier: &[Row]) -> Vec<String> {
    let is_worse = |row: &&Row| {
        row.same_in(earlier).is_some_and(|earlier| row.ours as f64 > earlier.ours as f64 * (1.0 + TOLERANCE))
    };
    rows.iter().filter(is_worse).map(Row::title).collect()
}

fn report(rows: &[Row], earlier: &[Row]) -> String {
    let ratio = |value: u64, base: Option<u64>| {
        base.map_or_else(|| "-".to_owned(), |base| format!("{:.3}", value as f64 / base.max(1) as f64))
    };
    let cells = rows.iter().map(|row| {
        let before = row.same_in(earlier).map(|earlier| earlier.ours);
        let rival = row.rival.map_or_else(|| "-".to_owned(), |rival| rival.to_string());
        vec![row.title(), row.ours.to_string(), rival, ratio(row.ours, row.rival), ratio(row.ours, before)]
    });
    table(&["", "ours", "beside", "ratio", "to before"], &cells.collect::<Vec<_>>())
}

fn rustc() -> Result<String, String> {
    Ok(output(Command::new("rustc").arg("--version"))?.trim().to_owned())
}

/// Builds and measures a revision, in `target/bench-count`.
fn measure_revision(root: &Path, revision: &str, documents: &[PathBuf]) -> Result<Record, String> {
    let folder = target(root).join("bench-count/revision");
    let git = |arguments: &[&OsStr]| output(Command::new("git").current_dir(root).arg("worktree").args(arguments));
    git(&["add".as_ref(), "--force".as_ref(), "--detach".as_ref(), folder.as_ref(), revision.as_ref()])?;
    let built = Build::new(&folder, &target(root).join("bench-count/target"));
    git(&["remove".as_ref(), "--force".as_ref(), folder.as_ref()])?;
    Ok(Record { rustc: rustc()?, rows: built?.measure(root, documents)?, times: String::new() })
}

/// The programs of a revision.
struct Build {
    folder: PathBuf,
    /// Whether the revision contains the program that measures the codec and calls.
    has_bench: bool,
}

impl Build {
    fn new(root: &Path, target: &Path) -> Result<Self, String> {
        let has_bench = root.join("verify/bench").exists();
        // Built separately: together they would share features, and `serde_json` is slower with the command's features.
        let packages = ["clientwright-cli"].into_iter().chain(has_bench.then_some("clientwright-bench"));
        for package in packages {
            let mut build = cargo(root, target);
            build.args(["build", "--release", "--locked", "--package", package]);
            done(&mut build, "the release build")?;
        }
        Ok(Self { folder: target.join("release"), has_bench })
    }

    fn program(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    }

    fn measure(&self, root: &Path, documents: &[PathBuf]) -> Result<Vec<Row>, String> {
        // Concurrently, because counts do not depend on other programs.
        let (codec, command) = thread::scope(|scope| {
            let codec = scope.spawn(|| {
                let mut rows = Vec::new();
                if self.has_bench {
                    self.measure_codec(&mut rows)?;
                    self.measure_calls(&mut rows)?;
                }
                Ok::<_, String>(rows)
            });
            let mut rows = Vec::new();
            let command = self.measure_command(root, documents, &mut rows).map(|()| rows);
            (codec.join(), command)
        });
        let mut rows = codec.map_err(|_| "the measurement panicked")??;
        rows.extend(command?);
        Ok(rows)
    }

    fn measure_codec(&self, rows: &mut Vec<Row>) -> Result<(), String> {
        let bench = self.program("clientwright-bench");
        for document in DOCUMENTS {
            for work in ["decode", "encode"] {
                let count = |work: &str| count::each(&bench, [work, document], [1, 3], Unit::Instructions);
                let (ours, rival) = (count(work)?, count(&format!("serde_json-{work}"))?);
                rows.push(Row::new("codec", format!("{work} {document}"), Unit::Instructions, ours, Some(rival)));
            }
        }
        Ok(())
    }

    fn measure_calls(&self, rows: &mut Vec<Row>) -> Result<(), String> {
        let bench = self.program("clientwright-bench");
        for unit in [Unit::Instructions, Unit::Allocations] {
            let count = |kind: &str| count::each(&bench, ["call", kind], [50, 250], unit);
            let by_hand = count("by-hand")?;
            for kind in ["alone", "limited"] {
                rows.push(Row::new("call", kind.to_owned(), unit, count(kind)?, Some(by_hand)));
            }
        }
        Ok(())
    }

    /// Normalizes and generates in a project under `target`, each time from scratch.
    fn measure_command(&self, root: &Path, documents: &[PathBuf], rows: &mut Vec<Row>) -> Result<(), String> {
        let project = target(root).join("bench-count/project");
        let mut command = |name: String, arguments: &[&str]| {
            let ours = count::whole(&self.program("clientwright"), arguments, &project)?;
            rows.push(Row::new("command", name, Unit::Instructions, ours, None));
            Ok::<_, String>(())
        };
        for document in documents {
            let name = module_name(&stem(document));
            let path = document.display().to_string();
            start(&project)?;
            command(format!("normalize {name}"), &["normalize", &path, "--as", &name])?;
            command(format!("codegen {name}"), &["codegen"])?;
        }
        start(&project)?;
        for path in entries(&root.join("specs"))? {
            write(&project.join("specs").join(path.file_name().unwrap_or_default()), &read(&path)?)?;
        }
        command("codegen of the repository".to_owned(), &["codegen"])
    }
}

/// Creates a project without documents.
pub(crate) fn start(project: &Path) -> Result<(), String> {
    empty(&project.join("specs"))?;
    empty(&project.join("generated"))?;
    write(&project.join("clientwright.toml"), "specs = \"specs\"\nclient = \"generated\"\n")?;
    let manifest = "[package]\nname = \"clients\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[features]\n";
    write(&project.join("generated/Cargo.toml"), manifest)
}
