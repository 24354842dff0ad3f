//! Every fixture is a test: its IR, files and diagnostics are compared with snapshots.
//!
//! A fixture without snapshots fails, and so does a snapshot without a fixture. `cargo xtask snapshot` shows all
//! differences, `cargo xtask snapshot --accept` accepts them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use clientwright::diagnostic::codes::ALL;
use clientwright::diagnostic::{Diagnostic, DiagnosticKind as Finding, any_error};
use libtest_mimic::{Arguments, Failed, Trial};
use workspace_tests::{
    Fixture, Kind, NORMALIZE_CODES, files, fixtures, layout, ratchet, rendered, root, rust, specs, tree_text,
};

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = vec![
        Trial::test("no_snapshot_is_stale", no_snapshot_is_stale),
        Trial::test("every_code_is_shown", every_code_is_shown),
        Trial::test("the_figures_are_recorded", the_figures_are_recorded),
    ];
    for kind in Kind::ALL {
        for fixture in fixtures(kind) {
            let name = format!("{}::{}", kind.folder(), fixture.name);
            trials.push(Trial::test(name, move || check(&fixture)));
        }
    }
    libtest_mimic::run(&arguments, trials).exit();
}

fn check(fixture: &Fixture) -> Result<(), Failed> {
    let generation = fixture.generate();
    let said = rendered(&generation.diagnostics, &fixture.document);
    let errors = any_error(&generation.diagnostics);
    match fixture.kind {
        Kind::Ok => demand(generation.diagnostics.is_empty(), &format!("something is said about it:\n{said}"))?,
        Kind::Unsupported => {
            demand(!errors, &format!("it is refused:\n{said}"))?;
            demand(!generation.diagnostics.is_empty(), "nothing is said about it")?;
        }
        Kind::Invalid => {
            demand(errors, &format!("it is not refused; what is said:\n{said}"))?;
            demand(generation.apis.is_empty() && generation.root.is_none(), "there are files in spite of errors")?;
        }
    }
    for diagnostic in &generation.diagnostics {
        well_formed(diagnostic, &said)?;
    }
    for generated in &generation.apis {
        let faults = rust::faults(&generated.files);
        demand(faults.is_empty(), &faults.join("\n"))?;
        snapshot(fixture, "ir", &layout::layout(&format!("{:?}", generated.api)));
        snapshot(fixture, "files", &tree_text(&files(&generation)));
    }
    if fixture.kind != Kind::Ok {
        snapshot(fixture, "diagnostics", &said);
    }
    Ok(())
}

/// Checks that a diagnostic is not a bug, names its place, and has a registered code.
fn well_formed(diagnostic: &Diagnostic, said: &str) -> Result<(), Failed> {
    demand(diagnostic.kind != Finding::Bug, &format!("a bug of the generator:\n{said}"))?;
    demand(ALL.iter().any(|(code, _)| *code == diagnostic.code), &format!("no such code: {}", diagnostic.code))?;
    demand(!diagnostic.message.ends_with('.'), &format!("a message that ends with a period: {}", diagnostic.message))?;
    demand(said.contains(&format!("[{}]", diagnostic.code)), &format!("{} is not shown:\n{said}", diagnostic.code))
}

fn demand(holds: bool, otherwise: &str) -> Result<(), Failed> {
    if holds { Ok(()) } else { Err(otherwise.into()) }
}

fn snapshot(fixture: &Fixture, what: &str, text: &str) {
    let settings = settings(folder().join(fixture.kind.folder()));
    settings.bind(|| insta::assert_snapshot!(format!("{}.{what}", fixture.name), text));
}

fn settings(folder: PathBuf) -> insta::Settings {
    let mut settings = insta::Settings::new();
    settings.set_snapshot_path(folder);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings
}

fn folder() -> PathBuf {
    root().join("tests/snapshots")
}

/// Returns the snapshots of a fixture.
fn wanted(fixture: &Fixture) -> Vec<PathBuf> {
    let parts: &[&str] = match fixture.kind {
        Kind::Ok => &["ir", "files"],
        Kind::Unsupported => &["ir", "files", "diagnostics"],
        Kind::Invalid => &["diagnostics"],
    };
    let path = |what: &&str| folder().join(fixture.kind.folder()).join(format!("{}.{what}.snap", fixture.name));
    parts.iter().map(path).collect()
}

/// No snapshot is stale. Each fixture's own test finds missing snapshots.
fn no_snapshot_is_stale() -> Result<(), Failed> {
    let wanted: BTreeSet<PathBuf> =
        Kind::ALL.into_iter().flat_map(fixtures).flat_map(|fixture| wanted(&fixture)).collect();
    let stale: Vec<String> = Kind::ALL
        .into_iter()
        .flat_map(|kind| snapshots(&folder().join(kind.folder())))
        .filter(|path| !wanted.contains(path))
        .map(|path| path.display().to_string())
        .collect();
    demand(stale.is_empty(), &format!("no fixture has these snapshots any more; delete them:\n{}", stale.join("\n")))
}

fn snapshots(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.filter_map(Result::ok).map(|entry| entry.path());
    let nested = paths.flat_map(|path| if path.is_dir() { snapshots(&path) } else { vec![path] });
    nested.filter(|path| path.extension().is_some_and(|extension| extension == "snap")).collect()
}

/// The codes that generation of a document cannot cause: they concern files, documents that would fill the disk, or
/// bugs of the generator.
const NO_FIXTURE: [&str; 4] = ["generated-code", "panic", "project", "unreadable"];

/// Returns `true` if something other than a generator fixture shows the code.
fn elsewhere(code: &str) -> bool {
    NO_FIXTURE.contains(&code) || NORMALIZE_CODES.contains(&code)
}

/// The figures of our own documents are as recorded, neither worse nor better.
fn the_figures_are_recorded() -> Result<(), Failed> {
    let mut documents: Vec<_> = specs().into_iter().map(|document| ("specs", document)).collect();
    for kind in [Kind::Ok, Kind::Unsupported] {
        documents.extend(fixtures(kind).into_iter().map(|fixture| (kind.folder(), fixture.document)));
    }
    let text = ratchet::text(&documents);
    let unexpected = text.lines().find(|line| {
        let is_whole = line.starts_with("specs") || line.starts_with("ok");
        is_whole && !line.contains(" unsupported 0,")
    });
    demand(unexpected.is_none(), &format!("not all of it is generated: {unexpected:?}"))?;
    settings(folder()).bind(|| insta::assert_snapshot!("figures", text));
    Ok(())
}

/// Every code that the generator reports has a fixture.
fn every_code_is_shown() -> Result<(), Failed> {
    let all = Kind::ALL.into_iter().flat_map(fixtures);
    let shown: BTreeSet<&str> =
        all.flat_map(|fixture| fixture.generate().diagnostics).map(|diagnostic| diagnostic.code.0).collect();
    let missing: Vec<&str> =
        ALL.iter().map(|(code, _)| code.0).filter(|code| !shown.contains(code) && !elsewhere(code)).collect();
    let needless: Vec<&str> = NO_FIXTURE.into_iter().filter(|code| shown.contains(code)).collect();
    demand(missing.is_empty(), &format!("no fixture shows these codes: {missing:?}"))?;
    demand(needless.is_empty(), &format!("fixtures do show these codes: {needless:?}"))
}
