//! `normalize`: a vendor's document → `NAME.yaml` among the project's documents, and its ledger.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use clientwright::project::{Change, Intake, IntakeReport, Project, module_name};

use crate::{Outcome, show};

/// The arguments of `normalize`.
#[derive(clap::Args)]
pub struct Arguments {
    /// Vendor's document: Swagger 2.0 or OpenAPI 3.0 to 3.2, in YAML or JSON
    input: PathBuf,
    /// The name of the document: the stem of its file under `specs/`, and the module's name; defaults to the stem of the input file,
    /// as a module's name
    #[arg(long = "as", value_name = "NAME")]
    name: Option<String>,
    /// An overlay to apply after `specs/NAME.overlay.yaml` and `specs/NAME.*.overlay.yaml`, which always apply
    #[arg(long = "overlay", value_name = "FILE")]
    overlays: Vec<PathBuf>,
    /// Reject lossy steps
    #[arg(long)]
    strict: bool,
    /// Folder that contains all files of the document; references to other folders are not followed [default: the document's folder]
    #[arg(long, value_name = "FOLDER")]
    root: Option<PathBuf>,
    /// Write an overlay to review: fixes for schemas that the document's examples contradict, and pagination
    #[arg(long, value_name = "FILE")]
    suggest_overlay: Option<PathBuf>,
    /// Write to this folder and read overlays from it; works outside of a project
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
}

/// Normalizes and prints the changes.
pub(crate) fn run(arguments: Arguments) -> Outcome {
    let Arguments { input, name, overlays, strict, root, suggest_overlay, out } = arguments;
    let name = name.unwrap_or_else(|| module_name(&input.file_stem().unwrap_or_default().to_string_lossy()));
    let is_in_project = is_in_project();
    let project = match out {
        None => crate::project()?,
        Some(folder) if is_in_project => crate::project()?.specs(folder),
        Some(folder) => Project::new("specs", "client").specs(folder),
    };
    let report = project.normalize(&Intake { input, name: name.clone(), overlays, strict, root });
    show::refuse_errors(&report.findings, &project, "nothing was written")?;
    eprint!("{}", report.findings);
    print!("{}", report.ledger.summary());
    print_files(&report, &project.shown_specs());
    let mut next = format!("{} {name}", project.command_line("codegen"));
    if let Some(path) = suggest_overlay {
        match report.suggestion {
            None => println!("nothing to suggest"),
            Some(overlay) => {
                fs::write(&path, overlay).map_err(|error| format!("cannot write {}: {error}", path.display()))?;
                println!("suggested {}: review it, then apply it", path.display());
                let file = path.file_name().unwrap_or_default().to_string_lossy();
                let is_own = file.starts_with(&format!("{name}.")) && file.ends_with(".overlay.yaml");
                let always_applies = is_own && path.parent() == Some(Path::new(&project.shown_specs()));
                next = format!("{} {}", project.command_line("normalize"), with_overlay(always_applies));
            }
        }
    }
    if is_in_project {
        println!("next: {next}");
    }
    Ok(true)
}

/// Returns the arguments of this command that apply the suggested overlay. An overlay that always applies needs no argument.
fn with_overlay(always_applies: bool) -> String {
    let arguments = env::args_os().map(|argument| argument.to_string_lossy().into_owned());
    let mut own = arguments.skip_while(|argument| argument != "normalize").skip(1);
    let mut next = Vec::new();
    while let Some(argument) = own.next() {
        match argument.strip_prefix("--suggest-overlay") {
            None => next.push(argument),
            Some("") if always_applies => drop(own.next()),
            Some(_) if always_applies => {}
            Some(file) => next.push(format!("--overlay{file}")),
        }
    }
    let quoted =
        next.into_iter().map(|text| if text.contains(char::is_whitespace) { format!("'{text}'") } else { text });
    quoted.collect::<Vec<_>>().join(" ")
}

/// Returns `true` if the working directory belongs to a project.
fn is_in_project() -> bool {
    env::current_dir().is_ok_and(|here| Project::root_of(&here).is_some())
}

fn print_files(report: &IntakeReport, folder: &str) {
    for overlay in &report.overlays {
        println!("applied   {overlay}");
    }
    for (path, change) in &report.changes {
        let state = match change {
            Change::Created => "created",
            Change::Updated => "updated",
            Change::Removed => "removed",
            Change::Unchanged => "unchanged",
        };
        println!("{state:9} {folder}/{path}");
    }
    println!("{:.3} s", report.elapsed.as_secs_f64());
}
