//! Every fixture of the normalizer is a test: its output and ledger, or its diagnostics, are compared with snapshots.
//!
//! A fixture is a file under `fixtures/normalize/<group>/` or, if it has several files, a folder there with an
//! `openapi.yaml`. `X.overlay.yaml` is applied to `X.yaml`. In the group `strict`, lossy steps are errors. `cargo xtask
//! snapshot` shows all differences, `cargo xtask snapshot --accept` accepts them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use clientwright::diagnostic::DiagnosticKind;
use clientwright::normalize::{Normalized, normalize_files, normalize_text};
use clientwright::project::{Intake, Project};
use clientwright_normalizer::diagnostic::Findings;
use clientwright_normalizer::{Source, load};
use libtest_mimic::{Arguments, Failed, Trial};
use workspace_tests::{NORMALIZE_CODES, root};

/// Paths are displayed as given: relative to the folder of this crate, where cargo runs its tests.
const FIXTURES: &str = "fixtures/normalize";

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = vec![
        Trial::test("no_snapshot_is_stale", no_snapshot_is_stale),
        Trial::test("every_code_is_shown", every_code_is_shown),
    ];
    for fixture in fixtures() {
        trials.push(Trial::test(fixture.name.clone(), move || check(&fixture)));
    }
    libtest_mimic::run(&arguments, trials).exit();
}

/// A document to normalize.
#[derive(Clone, Debug)]
struct Fixture {
    /// The group and the rule: `repair/missing_type`.
    name: String,
    input: PathBuf,
    overlays: Vec<PathBuf>,
}

impl Fixture {
    fn normalize(&self) -> Result<Normalized, Findings> {
        normalize_files(&self.input, &self.overlays)
    }

    /// Returns the diagnostics of `--strict`; `None` without any.
    fn strict(&self) -> Option<String> {
        let folder = tempfile::tempdir().expect("a folder");
        let project = Project::new(folder.path().join("specs"), folder.path().join("client"));
        let intake = Intake { input: self.input.clone(), name: "fixture".into(), strict: true, ..Intake::default() };
        let report = project.normalize(&intake);
        (report.findings.errors() > 0).then(|| report.findings.to_string())
    }
}

fn fixtures() -> Vec<Fixture> {
    let mut fixtures = Vec::new();
    for group in entries(Path::new(FIXTURES)) {
        let group_name = file_name(&group);
        for path in entries(&group) {
            let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
            let (input, overlay) = if path.is_dir() {
                (path.join("openapi.yaml"), path.join("openapi.overlay.yaml"))
            } else if stem.contains('.') {
                continue;
            } else {
                (path.clone(), path.with_file_name(format!("{stem}.overlay.yaml")))
            };
            let overlays = Some(overlay).filter(|path| path.exists()).into_iter().collect();
            fixtures.push(Fixture { name: format!("{group_name}/{stem}"), input, overlays });
        }
    }
    fixtures
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn check(fixture: &Fixture) -> Result<(), Failed> {
    if fixture.name.starts_with("strict/")
        && let Some(refused) = fixture.strict()
    {
        snapshot(fixture, "diagnostics", &refused);
        return stale(fixture, "output");
    }
    match fixture.normalize() {
        Ok(normalized) => {
            canonical(fixture, &normalized)?;
            snapshot(fixture, "output", &normalized.yaml);
            snapshot(fixture, "ledger", &normalized.ledger.markdown("fixture"));
            suggestion(fixture, &normalized)?;
            stale(fixture, "diagnostics")
        }
        Err(failure) => {
            for diagnostic in &failure.diagnostics {
                demand(diagnostic.kind != DiagnosticKind::Bug, &format!("a bug of the normalizer:\n{failure}"))?;
                demand(!diagnostic.message.ends_with('.'), &format!("ends with a period: {}", diagnostic.message))?;
            }
            snapshot(fixture, "diagnostics", &failure.to_string());
            stale(fixture, "output")
        }
    }
}

/// The suggested overlay can be applied, and leaves only contradictions without a suggestion.
fn suggestion(fixture: &Fixture, normalized: &Normalized) -> Result<(), Failed> {
    let Some(suggestion) = &normalized.suggestion else { return stale(fixture, "suggestion") };
    snapshot(fixture, "suggestion", suggestion);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("suggested.overlay.yaml");
    fs::write(&path, suggestion).expect("a file");
    let overlays = [fixture.overlays.as_slice(), &[path]].concat();
    let followed =
        normalize_files(&fixture.input, &overlays).map_err(|failure| format!("cannot be applied:\n{failure}"))?;
    demand(followed.suggestion.is_none(), &format!("still suggested:\n{:?}", followed.suggestion))
}

/// Normalizing the output changes no byte and adds no entry.
fn canonical(fixture: &Fixture, normalized: &Normalized) -> Result<(), Failed> {
    let source = Source { name: format!("{}.yaml", fixture.name), text: normalized.yaml.clone() };
    let read =
        load::parse(&source).map_err(|found| format!("the output cannot be read: {found:?}\n{}", source.text))?;
    demand(read == normalized.value, "reading the output gives another value")?;
    let again = normalize_text(&source, &[]).map_err(|failure| format!("the output is refused:\n{failure}"))?;
    demand(again.yaml == normalized.yaml, &format!("normalizing the output changes it:\n{}", again.yaml))?;
    let left = again.ledger.summary();
    demand(again.ledger.is_empty(), &format!("something is left to do in the output:\n{left}"))
}

fn demand(holds: bool, otherwise: &str) -> Result<(), Failed> {
    if holds { Ok(()) } else { Err(otherwise.into()) }
}

fn folder() -> PathBuf {
    root().join("tests/snapshots/normalize")
}

fn snapshot_path(fixture: &Fixture, what: &str) -> PathBuf {
    folder().join(format!("{}.{what}.snap", fixture.name))
}

/// Fails if a snapshot of another outcome exists.
fn stale(fixture: &Fixture, what: &str) -> Result<(), Failed> {
    let path = snapshot_path(fixture, what);
    demand(!path.exists(), &format!("delete {}: it is not what comes of the fixture any more", path.display()))
}

fn snapshot(fixture: &Fixture, what: &str, text: &str) {
    let (group, rule) = fixture.name.split_once('/').expect("a group");
    let mut settings = insta::Settings::new();
    settings.set_snapshot_path(folder().join(group));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(format!("{rule}.{what}"), text));
}

fn no_snapshot_is_stale() -> Result<(), Failed> {
    let names: BTreeSet<String> = fixtures().into_iter().map(|fixture| fixture.name).collect();
    let mut stale = Vec::new();
    for group in entries(&folder()) {
        for path in entries(&group).into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "snap")) {
            let rule = file_name(&path).split('.').next().unwrap_or_default().to_owned();
            if !names.contains(&format!("{}/{rule}", file_name(&group))) {
                stale.push(path.display().to_string());
            }
        }
    }
    demand(stale.is_empty(), &format!("no fixture has these snapshots any more; delete them:\n{}", stale.join("\n")))
}

/// Every code that only the normalizer reports has a fixture.
fn every_code_is_shown() -> Result<(), Failed> {
    let failures = fixtures().into_iter().filter_map(|fixture| fixture.normalize().err());
    let shown: BTreeSet<&str> =
        failures.flat_map(|failure| failure.diagnostics).map(|diagnostic| diagnostic.code.0).collect();
    let strict = fixtures().into_iter().filter(|fixture| fixture.name.starts_with("strict/"));
    let refused: String = strict.filter_map(|fixture| fixture.strict()).collect();
    let is_shown = |code: &str| shown.contains(code) || refused.contains(&format!("[{code}]"));
    let missing: Vec<&&str> = NORMALIZE_CODES.iter().filter(|code| !is_shown(code)).collect();
    demand(missing.is_empty(), &format!("no fixture shows these codes: {missing:?}"))
}
