//! `codegen`: the project's documents → its client crate.

use clientwright::project::{ApiReport, Change, Mode, Project, Report};

use crate::Outcome;
use crate::show::{self, counted};

/// What to generate.
#[derive(clap::Args)]
pub struct Arguments {
    /// The APIs to generate, by the name of their document; all if none is named
    apis: Vec<String>,
    /// Change nothing; list every file that is stale, missing or extra, and fail if there is one
    #[arg(long)]
    check: bool,
}

/// Generates, prints what came of it, and fails if anything is wrong.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let project = crate::project()?;
    let mode = if arguments.check { Mode::Check } else { Mode::Write };
    let report = project.codegen(&arguments.apis, mode);
    show::refuse_errors(&report.findings, &project, "nothing was written")?;
    eprint!("{}", report.findings);
    print_apis(&report, mode);
    println!("{}: {:.3} s", counted(report.apis.len(), "API"), report.elapsed.as_secs_f64());
    let client = project.shown_client();
    for path in &report.foreign {
        eprintln!("warning: {client}/{path} was not generated and is left alone; move it elsewhere");
    }
    let clean = report.changes.is_empty() && report.foreign.is_empty();
    if mode == Mode::Write || clean {
        return Ok(true);
    }
    eprintln!("the client crate is not what its documents say:");
    for (path, change) in &report.changes {
        eprintln!("  {:7} {client}/{path}", state(*change));
    }
    for path in &report.foreign {
        eprintln!("  extra   {client}/{path}");
    }
    eprintln!("run: {}", repair(&project, arguments));
    Ok(false)
}

fn print_apis(report: &Report, mode: Mode) {
    let width = report.apis.iter().map(|api| api.module.len()).max().unwrap_or(0);
    for api in &report.apis {
        println!("{:width$}  {}", api.module, line(api, mode));
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

/// What is wrong with a file, in the words of a check.
fn state(change: Change) -> &'static str {
    match change {
        Change::Created => "missing",
        Change::Updated => "stale",
        Change::Removed => "extra",
        Change::Unchanged => "",
    }
}

/// The command that repairs what a check found.
fn repair(project: &Project, arguments: &Arguments) -> String {
    let mut words = vec![project.called("codegen")];
    words.extend(arguments.apis.iter().cloned());
    words.join(" ")
}
