//! Adding a vendor's document to a project: written files, errors, and applied overlays.

use std::fs;
use std::path::Path;

use clientwright::internal::write::Change;
use clientwright::project::{Intake, IntakeReport, Project};
use tempfile::TempDir;

const VENDOR: &str = "swagger: '2.0'
info: {title: Pets, version: '1'}
host: pets.example.com
produces: [application/json]
paths:
  /pets:
    get:
      responses: {'200': {description: All., schema: {type: array, items: {type: string}}}}
";

const LOSSY: &str = "openapi: 3.0.3
info: {title: Pets, version: '1'}
paths: {}
components: {schemas: {Pet: {type: string, gadgetCount: 3}}}
";

/// The siblings of the reference are removed by a rule whose name is also a code.
const WORDS: &str = "openapi: 3.1.0
info: {title: Pets, version: '1'}
paths:
  /pets: {get: {responses: {'200': {$ref: '#/components/responses/Pet', description: Own words.}}}}
components:
  responses: {Pet: {description: A pet., content: {application/json: {schema: {properties: {}}}}}}
";

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    folder
}

fn overlay(title: &str) -> String {
    let actions = format!("actions: [{{target: $.info, update: {{title: {title}}}}}]");
    format!("overlay: 1.0.0\ninfo: {{title: t, version: '1'}}\n{actions}\n")
}

fn take_in(root: &Path, change: impl FnOnce(&mut Intake)) -> IntakeReport {
    let mut intake = Intake { input: root.join("vendor.yaml"), name: "pets".into(), ..Intake::default() };
    change(&mut intake);
    Project::new(root.join("specs"), root.join("client")).normalize(&intake)
}

fn specs(root: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(root.join("specs")) else { return Vec::new() };
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn document_and_ledger_are_written_once() {
    let folder = folder(&[("vendor.yaml", VENDOR)]);
    let report = take_in(folder.path(), |_| ());
    assert_eq!(report.findings.errors(), 0, "{}", report.findings);
    let both = |change| vec![("pets.ledger.md".to_owned(), change), ("pets.yaml".to_owned(), change)];
    assert_eq!(report.changes, both(Change::Created));
    let yaml = fs::read_to_string(folder.path().join("specs/pets.yaml")).expect("the document");
    assert!(yaml.starts_with("openapi: 3.0.3\n") && yaml.contains("operationId: listPets\n"), "{yaml}");
    let ledger = fs::read_to_string(folder.path().join("specs/pets.ledger.md")).expect("the ledger");
    assert!(ledger.contains("- vendor.yaml:7 `/paths/~1pets/get`: added the missing name"), "{ledger}");
    assert!(!ledger.contains(&folder.path().display().to_string()), "the ledger names a machine's path:\n{ledger}");
    assert_eq!(take_in(folder.path(), |_| ()).changes, both(Change::Unchanged));
}

#[test]
fn overlays_beside_the_document_always_apply() {
    let (first, second, third) = (overlay("First"), overlay("Second"), overlay("Third"));
    let folder = folder(&[
        ("vendor.yaml", VENDOR),
        ("specs/pets.b.overlay.yaml", &second),
        ("specs/pets.overlay.yaml", &first),
        ("specs/petshop.overlay.yaml", "not for us"),
        ("third.yaml", &third),
    ]);
    let title = || {
        let text = fs::read_to_string(folder.path().join("specs/pets.yaml")).expect("the document");
        text.lines().find_map(|line| line.trim().strip_prefix("title: ").map(str::to_owned))
    };
    let report = take_in(folder.path(), |_| ());
    assert_eq!(report.overlays, ["specs/pets.overlay.yaml", "specs/pets.b.overlay.yaml"], "{}", report.findings);
    assert_eq!(title().as_deref(), Some("Second"));
    take_in(folder.path(), |intake| intake.overlays.push(folder.path().join("third.yaml")));
    assert_eq!(title().as_deref(), Some("Third"));
    // A normalized document already includes its overlays.
    let again = take_in(folder.path(), |intake| intake.input = folder.path().join("specs/pets.yaml"));
    assert!(again.overlays.is_empty());
    assert_eq!(title().as_deref(), Some("Third"));
}

#[test]
fn nothing_is_written_if_there_is_any_error() {
    let broken = format!("{VENDOR}definitions: {{Pet: {{type: [object}}}}\n");
    let folder = folder(&[("vendor.yaml", &broken)]);
    let report = take_in(folder.path(), |_| ());
    assert_eq!(report.findings.errors(), 1);
    assert!(report.findings.to_string().contains("vendor.yaml:9:"), "{}", report.findings);
    assert!(specs(folder.path()).is_empty());
}

#[test]
fn references_do_not_leave_the_folder() {
    const SECRET: &str = "type: string\ndescription: a secret\n";
    let vendor = format!("{VENDOR}definitions: {{A: {{$ref: ../secret.yaml}}, B: {{$ref: link.yaml}}}}\n");
    let folder = folder(&[("vendor/vendor.yaml", &vendor), ("secret.yaml", SECRET)]);
    #[cfg(unix)]
    std::os::unix::fs::symlink("../secret.yaml", folder.path().join("vendor/link.yaml")).expect("a link");
    let input = folder.path().join("vendor/vendor.yaml");
    let written = |root: Option<&Path>| {
        let report = take_in(folder.path(), |intake| {
            intake.input.clone_from(&input);
            intake.root = root.map(Path::to_owned);
        });
        assert_eq!(report.findings.errors(), 0, "{}", report.findings);
        (fs::read_to_string(folder.path().join("specs/pets.yaml")).expect("the document"), report.ledger)
    };
    let (document, ledger) = written(None);
    assert!(!document.contains("a secret"), "{document}");
    assert!(ledger.entries.iter().any(|entry| entry.text.contains("`--root`")), "{ledger:?}");
    assert!(written(Some(folder.path())).0.contains("a secret"));
}

#[cfg(unix)]
#[test]
fn pipes_and_devices_are_not_read() {
    let vendor = format!("{VENDOR}definitions: {{A: {{$ref: pipe.yaml}}}}\n");
    let folder = folder(&[("vendor.yaml", &vendor)]);
    let made = std::process::Command::new("mkfifo").arg(folder.path().join("pipe.yaml")).status();
    assert!(made.is_ok_and(|status| status.success()));
    let report = take_in(folder.path(), |_| ());
    assert_eq!(report.findings.errors(), 0, "{}", report.findings);
    assert!(report.ledger.entries.iter().any(|entry| entry.text.contains("not a regular file")), "{:?}", report.ledger);
    let report = take_in(folder.path(), |intake| intake.input = "/dev/zero".into());
    assert!(report.findings.to_string().contains("not a regular file"), "{}", report.findings);
}

#[test]
fn strict_refuses_what_is_lossy() {
    let folder = folder(&[("vendor.yaml", LOSSY)]);
    let report = take_in(folder.path(), |intake| intake.strict = true);
    assert_eq!(report.findings.errors(), 1);
    assert!(report.findings.to_string().contains("invalid[lossy-step]: unknown-key"), "{}", report.findings);
    assert!(report.findings.to_string().contains("vendor.yaml:4:"), "{}", report.findings);
    assert!(specs(folder.path()).is_empty());
    assert_eq!(take_in(folder.path(), |_| ()).findings.errors(), 0);
}

#[test]
fn a_rule_that_is_called_like_a_code_is_not_one() {
    let folder = folder(&[("vendor.yaml", WORDS)]);
    let report = take_in(folder.path(), |intake| intake.strict = true);
    assert!(report.findings.to_string().contains("invalid[lossy-step]: reference-siblings"), "{}", report.findings);
}

#[test]
fn names_are_modules_and_stand_once() {
    let folder = folder(&[("vendor.yaml", VENDOR), ("specs/pets.json", "{}")]);
    for name in ["Pets", "my-pets", "mod", "../pets", ""] {
        assert_eq!(take_in(folder.path(), |intake| name.clone_into(&mut intake.name)).findings.errors(), 1, "{name}");
    }
    assert!(take_in(folder.path(), |_| ()).findings.to_string().contains("the same name as this file"));
    assert_eq!(specs(folder.path()), ["pets.json"]);
}

#[test]
fn a_name_that_is_no_modules_is_refused_with_one_that_is() {
    let folder = folder(&[("vendor.yaml", VENDOR)]);
    for (name, better) in
        [("box", "box_api"), ("My API", "my_api"), ("lib", "lib_api"), ("3d", "api_3d"), ("", "empty")]
    {
        let report = take_in(folder.path(), |intake| intake.name = name.to_owned());
        assert_eq!(report.findings.errors(), 1);
        assert!(report.findings.to_string().contains(&format!("use a name such as `{better}`")), "{}", report.findings);
    }
    assert_eq!(specs(folder.path()), Vec::<String>::new());
}
