//! `diff`: two versions of documents → the changes for servers, clients and callers.

mod bump;
mod excerpt;
mod html;
mod report;
mod versions;

use std::collections::BTreeSet;
use std::path::PathBuf;

use clientwright::Source;
use clientwright::diff::{Severity, compare, messages};
use clientwright::normalize::InputFile;
use clientwright::project::Project;
use clientwright_normalizer::limits::both;
use clientwright_normalizer::load;

use crate::{Outcome, show};
pub use html::{SCRIPT_HASH, STYLE_HASH};
use report::{Api, Report};
use versions::{Version, Versions, base, between_paths, changed_files, in_project, module, normalized};

/// The arguments of `diff`.
#[derive(clap::Args)]
pub struct Arguments {
    /// The old version: a Git revision of the project's documents, or a file or folder if NEW is given [default: where the current branch left
    /// the main branch]
    old: Option<String>,
    /// The new version: a file or folder, of any version that `normalize` reads [default: the project's documents]
    new: Option<PathBuf>,
    /// The format of the output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// The same as `--format html`
    #[arg(long, conflicts_with = "format")]
    html: bool,
    /// The same as `--format changelog`
    #[arg(long, conflicts_with_all = ["format", "html"])]
    changelog: bool,
    /// Increase the version of the client crate accordingly
    #[arg(long, conflicts_with = "new")]
    bump: bool,
    /// Fail if a change is at least this severe for old clients
    #[arg(long, value_enum, value_name = "SEVERITY")]
    fail_on: Option<Limit>,
}

/// The format of the output.
#[derive(Clone, Copy, clap::ValueEnum)]
enum Format {
    /// For a terminal
    Text,
    /// For a pull request
    Markdown,
    /// An entry for a changelog
    Changelog,
    /// A page with the lines of both documents and a filter
    Html,
    /// For programs
    Json,
}

/// The severity that is a failure.
#[derive(Clone, Copy, clap::ValueEnum)]
enum Limit {
    /// Valid requests are rejected, or responses lose their documented types
    Breaking,
    /// Programs that rely on more than the types may fail
    Risky,
}

/// Compares and prints the changes, if there are any. Returns `false` if a change reaches the limit.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let (mut project, mut commit, mut files) = (None, String::new(), Vec::new());
    let (old, new) = match (&arguments.old, &arguments.new) {
        (Some(old), Some(new)) => between_paths(old.as_ref(), new)?,
        (revision, _) => {
            let project = project.insert(crate::project()?);
            commit = base(project.root(), revision.as_deref())?;
            files = changed_files(project, &commit)?;
            in_project(project, &commit)?
        }
    };
    let report = compared(&old, &new, &files)?;
    let format = match (arguments.html, arguments.changelog) {
        (true, _) => Format::Html,
        (_, true) => Format::Changelog,
        _ => arguments.format,
    };
    match format {
        Format::Text => print!("{}", report.text()),
        Format::Markdown => print!("{}", report.markdown()),
        Format::Changelog => print!("{}", report.changelog()),
        Format::Html => print!("{}", report.html()),
        Format::Json => println!("{:#}", report.json()),
    }
    let bump = report.apis.iter().map(|api| api.differences.bump).max();
    if let (true, Some(project), Some(bump)) = (arguments.bump, &project, bump) {
        let version = bump::increase(project, &commit, bump)?;
        eprintln!("{}/Cargo.toml: version {version}", project.shown_client());
    }
    let limit = arguments.fail_on.map(|limit| match limit {
        Limit::Breaking => Severity::Breaking,
        Limit::Risky => Severity::Risky,
    });
    let severest = report.apis.iter().filter_map(|api| api.differences.severity()).max();
    let is_failure = limit.is_some_and(|limit| severest >= Some(limit));
    if is_failure {
        let count = report.apis.iter().flat_map(|api| &api.differences.wire).filter(|one| Some(one.severity) >= limit);
        eprintln!("reached the limit of `--fail-on`: {}", show::counted(count.count(), "change"));
    }
    Ok(!is_failure)
}

/// Returns the changes of a project's messages since its branch left the main branch, in three lines. Empty if nothing changed, or if there
/// is no such commit. Public items are omitted, because comparing them requires generating again.
pub(crate) fn brief(project: &Project) -> String {
    let versions = base(project.root(), None).and_then(|commit| in_project(project, &commit));
    let Ok((old, new)) = versions else { return String::new() };
    let (mut modules, mut changes) = (Vec::new(), Vec::new());
    for (module, new) in &new {
        let Some(old) = old.get(module) else { continue };
        let [old, new] = [&old.document.source, &new.document.source];
        if old.text == new.text {
            continue;
        }
        if let (Ok(old), Ok(new)) = (load::parse(old), load::parse(new)) {
            changes.extend(messages(&old, &new));
            modules.push(module.as_str());
        }
    }
    report::brief(&modules.join(", "), &changes, &project.command_line("diff"))
}

/// Returns the page of `diff --html` for two versions of a document. `None` if nothing changed.
pub fn page(old: &Source, new: &Source) -> Result<Option<String>, String> {
    let read = |source: &Source| {
        let mut input = InputFile::at(source.name.as_ref());
        input.text = Some(source.text.clone());
        normalized(module(new.name.as_ref()), &input).map(|version| Versions::from([version]))
    };
    let (old, new) = both(|| read(old), || read(new));
    let (old, new) = (old?, new?);
    let report = compared(&old, &new, &[])?;
    Ok((!report.apis.is_empty()).then(|| report.html()))
}

/// Compares documents by module name. `files` are the generated files that changed.
fn compared<'d>(old: &'d Versions, new: &'d Versions, files: &'d [String]) -> Result<Report<'d>, String> {
    let mut apis = Vec::new();
    let modules: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    for module in modules {
        let (old, new) = (old.get(module), new.get(module));
        let texts = |version: &'d Version| {
            let Version { document, ledger, .. } = version;
            (&document.source.text, document.lock.as_ref().map(|lock| &lock.text), ledger)
        };
        let in_module = |path: &&String| path.strip_prefix(module.as_str()).is_some_and(|rest| rest.starts_with('/'));
        let files: Vec<&str> = files.iter().filter(in_module).map(String::as_str).collect();
        if files.is_empty() && old.map(texts) == new.map(texts) {
            continue;
        }
        let document = |version: &'d Version| &version.document;
        let differences = compare(old.map(document), new.map(document));
        let differences = differences.map_err(|findings| format!("{findings}error: {module} cannot be compared"))?;
        let api = Api::new(module, [old, new], files, differences);
        if !api.is_empty() {
            apis.push(api);
        }
    }
    Ok(Report { apis })
}
