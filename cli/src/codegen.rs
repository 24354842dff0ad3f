//! `codegen`: the project's documents → its client crate.

use clientwright::project::{ApiReport, Change, Mode, Project, Report};

use crate::Outcome;
use crate::diff;
use crate::show::{self, counted};
use crate::stamp::Stamp;

/// The arguments of `codegen`.
#[derive(clap::Args)]
pub struct Arguments {
    /// APIs to generate, by document name [default: all]
    apis: Vec<String>,
    /// Do not write files; list stale, missing and extra files, and fail if there are any
    #[arg(long)]
    check: bool,
    /// Derive locked names anew: those at and below the given JSON pointers, or all
    #[arg(long, num_args = 0.., value_name = "POINTER", conflicts_with = "check")]
    rename: Option<Vec<String>>,
}

/// Generates and prints the result. Returns `false` if a check found differences.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let mut project = crate::project()?;
    if let Some(pointers) = &arguments.rename {
        if let Some(wrong) = pointers.iter().find(|pointer| !pointer.starts_with('/')) {
            return Err(format!(
                "error: `{wrong}` is not a JSON pointer\n  = help: copy it from the end of a line in {}/*.names.lock",
                project.shown_specs()
            ));
        }
        project = project.rename(pointers.clone());
    }
    let mode = if arguments.check { Mode::Check } else { Mode::Write };
    let stamp = if arguments.check { None } else { Stamp::new(&project, &arguments.apis) };
    if let Some(warnings) = stamp.as_ref().and_then(Stamp::unchanged) {
        eprint!("{warnings}");
        println!("nothing has changed since the last run");
        return Ok(true);
    }
    let report = project.codegen(&arguments.apis, mode);
    show::refuse_errors(&report.findings, &project, "nothing was written")?;
    let warnings = &report.text;
    eprint!("{warnings}");
    if let Some(stamp) = stamp.filter(|_| report.foreign.is_empty()) {
        stamp.save(warnings);
    }
    print_apis(&report, mode);
    println!("{}: {:.3} s", counted(report.apis.len(), "API"), report.elapsed.as_secs_f64());
    let client = project.shown_client();
    for path in &report.foreign {
        eprintln!("warning: {client}/{path} was not generated and is left unchanged; move it elsewhere");
    }
    let clean = report.changes.is_empty() && report.locks.is_empty() && report.foreign.is_empty();
    if mode == Mode::Write {
        print!("{}", diff::brief(&project));
    }
    if mode == Mode::Write || clean {
        return Ok(true);
    }
    eprintln!("the client crate is out of date:");
    for (path, change) in &report.changes {
        eprintln!("  {:7} {client}/{path}", state(*change));
    }
    for (path, change) in &report.locks {
        eprintln!("  {:7} {path}", state(*change));
    }
    for path in &report.foreign {
        eprintln!("  extra   {client}/{path}");
    }
    eprintln!("run: {}", update(&project, arguments));
    Ok(false)
}

/// The maximum number of listed removed names of an API.
const SHOWN: usize = 20;

fn print_apis(report: &Report, mode: Mode) {
    let width = report.apis.iter().map(|api| api.module.len()).max().unwrap_or(0);
    for api in &report.apis {
        println!("{:width$}  {}", api.module, line(api, mode));
        for name in api.removed_names.iter().take(SHOWN) {
            println!("{:width$}  unlocked {name}", "");
        }
        if let more @ 1.. = api.removed_names.len().saturating_sub(SHOWN) {
            println!("{:width$}  and {more} more lines of {}.names.lock", "", api.module);
        }
    }
}

fn line(api: &ApiReport, mode: Mode) -> String {
    let unsupported = match api.unsupported_operations {
        0 => String::new(),
        count => format!(" ({count} unsupported)"),
    };
    let verb = if mode == Mode::Write { "written" } else { "to write" };
    format!(
        "{:4} operations{unsupported}, {:4} types; files: {} {verb}, {} unchanged, {} {}; {:.3} s",
        api.operations,
        api.types,
        api.written,
        api.unchanged,
        api.removed,
        if mode == Mode::Write { "removed" } else { "to remove" },
        api.elapsed.as_secs_f64(),
    )
}

/// Returns the state of a file, as a check lists it.
fn state(change: Change) -> &'static str {
    match change {
        Change::Created => "missing",
        Change::Updated => "stale",
        Change::Removed => "extra",
        Change::Unchanged => "",
    }
}

/// Returns the command that brings the client crate up to date.
fn update(project: &Project, arguments: &Arguments) -> String {
    let mut words = vec![project.command_line("codegen")];
    words.extend(arguments.apis.iter().cloned());
    words.join(" ")
}
