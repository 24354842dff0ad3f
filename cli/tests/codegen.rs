//! `codegen` as a process: what it does if nothing has changed.

use std::fs;
use std::path::Path;
use std::process::Command;

const DOCUMENT: &str = "openapi: 3.0.3
info: {title: Pets, version: 1.0.0}
paths:
  /pets:
    get:
      operationId: listPets
      responses: {'200': {description: Pets., content: {application/json: {schema: {type: array, items: {type: string}}}}}}
";
const UNCHANGED: &str = "nothing has changed since the last run\n";

/// What `codegen` prints.
fn codegen(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_clientwright"));
    let output =
        command.arg("codegen").args(arguments).current_dir(folder).env_remove("CARGO_TARGET_DIR").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A project with a target folder, as Cargo makes it.
fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in [
        ("clientwright.toml", ""),
        ("specs/pets.yaml", DOCUMENT),
        ("client/Cargo.toml", "[package]\nname = \"client\"\n\n[features]\n"),
        ("target/CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55"),
    ] {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

#[test]
fn a_second_run_generates_only_if_something_has_changed() {
    let folder = project();
    let path = |name: &str| folder.path().join(name);
    assert_ne!(codegen(folder.path(), &[]), UNCHANGED);
    assert_eq!(codegen(folder.path(), &[]), UNCHANGED);
    // Another choice of APIs is another run, and a check always generates.
    assert_ne!(codegen(folder.path(), &["pets"]), UNCHANGED);
    assert_ne!(codegen(folder.path(), &["--check"]), UNCHANGED);
    assert_eq!(codegen(folder.path(), &[]), UNCHANGED);

    let generated = path("client/src/pets/mod.rs");
    let text = fs::read_to_string(&generated).unwrap();
    let changes: [(&str, &dyn Fn()); 6] = [
        ("an edited file", &|| fs::write(&generated, "// Edited.\n").unwrap()),
        ("a removed file", &|| fs::remove_file(&generated).unwrap()),
        ("a changed document", &|| fs::write(path("specs/pets.yaml"), DOCUMENT.replace("listPets", "list")).unwrap()),
        ("a new document", &|| fs::write(path("specs/more.yaml"), DOCUMENT).unwrap()),
        ("a changed setting", &|| fs::write(path("clientwright.toml"), "command = \"make\"\n").unwrap()),
        ("a changed manifest", &|| {
            fs::write(path("client/Cargo.toml"), "[package]\nname = \"c\"\n\n[features]\n").unwrap()
        }),
    ];
    for (what, change) in changes {
        change();
        assert_ne!(codegen(folder.path(), &[]), UNCHANGED, "{what}");
        assert_eq!(codegen(folder.path(), &[]), UNCHANGED, "{what}");
    }
    assert_ne!(fs::read_to_string(&generated).unwrap(), text, "the command's name is in the header");
}

#[test]
fn a_damaged_stamp_or_a_missing_target_folder_means_generating() {
    let folder = project();
    codegen(folder.path(), &[]);
    let stamps = fs::read_dir(folder.path().join("target/clientwright")).unwrap();
    for stamp in stamps {
        fs::write(stamp.unwrap().path(), "0\n").unwrap();
    }
    assert_ne!(codegen(folder.path(), &[]), UNCHANGED);
    fs::remove_dir_all(folder.path().join("target")).unwrap();
    assert_ne!(codegen(folder.path(), &[]), UNCHANGED);
    assert_ne!(codegen(folder.path(), &[]), UNCHANGED);
    assert!(!folder.path().join("target").exists());
}

/// Returns whether `codegen` succeeds, and what it says about it.
fn attempt(folder: &Path, arguments: &[&str]) -> (bool, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_clientwright"));
    let output = command.arg("codegen").args(arguments).current_dir(folder).output().unwrap();
    (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn locked_names_stay_and_can_be_edited() {
    let folder = project();
    let path = |name: &str| folder.path().join(name);
    let lock = path("specs/pets.names.lock");
    let operations = || fs::read_to_string(path("client/src/pets/operations.rs")).unwrap();
    codegen(folder.path(), &[]);
    let line = "method list_pets /paths/~1pets/get\n";
    assert!(fs::read_to_string(&lock).unwrap().contains(line));

    // An edited line, the line derived anew, and a missing line.
    let text = fs::read_to_string(&lock).unwrap();
    fs::write(&lock, text.replace(line, "method all /paths/~1pets/get\n")).unwrap();
    codegen(folder.path(), &[]);
    assert!(operations().contains("pub fn all(&self)"));
    codegen(folder.path(), &["--rename", "/paths/~1pets"]);
    assert!(operations().contains("pub fn list_pets(&self)"));
    codegen(folder.path(), &["--rename"]);
    fs::write(&lock, text.replace(line, "")).unwrap();
    let (fresh, said) = attempt(folder.path(), &["--check"]);
    assert!(!fresh && said.contains("  stale   specs/pets.names.lock\n"), "{said}");
    codegen(folder.path(), &[]);

    // A new operation that would have the name.
    let (head, paths) = DOCUMENT.split_once("paths:\n").unwrap();
    let other = paths.replace("/pets", "/all-pets").replace("listPets", "list_pets");
    fs::write(path("specs/pets.yaml"), format!("{head}paths:\n{other}{paths}")).unwrap();
    codegen(folder.path(), &[]);
    let text = fs::read_to_string(&lock).unwrap();
    assert!(text.contains(line) && text.contains(" list_pets_2 /paths/~1all-pets/get\n"), "{text}");

    // Lines that are not needed any more are removed and printed.
    fs::write(path("specs/pets.yaml"), DOCUMENT).unwrap();
    let said = codegen(folder.path(), &[]);
    assert!(said.contains("unlocked request ListPets2 /paths/~1all-pets/get\n"), "{said}");

    // As many as can be read.
    let operation =
        |index| paths.replace("/pets", &format!("/p{index}")).replace("listPets", &format!("listPets{index}"));
    let many: String = (0..30).map(operation).collect();
    fs::write(path("specs/pets.yaml"), format!("{head}paths:\n{many}")).unwrap();
    codegen(folder.path(), &[]);
    fs::write(path("specs/pets.yaml"), DOCUMENT).unwrap();
    let said = codegen(folder.path(), &[]);
    assert_eq!(said.matches("  unlocked ").count(), 20, "{said}");
    assert!(said.contains(" more lines of pets.names.lock\n"), "{said}");
}

#[test]
fn a_wrong_line_of_a_lock_has_its_place_in_the_error() {
    let folder = project();
    let lock = folder.path().join("specs/pets.names.lock");
    codegen(folder.path(), &[]);
    let text = fs::read_to_string(&lock).unwrap();
    for (wrong, why) in [
        ("method list-pets /paths/~1pets/get", "`list-pets` is not an ASCII identifier, or is a keyword"),
        ("method fn /paths/~1pets/get", "`fn` is not an ASCII identifier, or is a keyword"),
        ("method clone /paths/~1pets/get", "`clone` is reserved"),
        ("method List /paths/~1pets/get", "the name of a method must begin with a lower case letter, found `List`"),
        ("request list /paths/~1pets/get", "the name of a request must begin with an upper case letter, found `list`"),
        ("<<<<<<< HEAD", "expected a kind, a name and a place"),
        ("list_pets /paths/~1pets get", "unknown kind of item `list_pets`"),
        ("method list /paths/~1pets/get", "this place has another name above"),
    ] {
        fs::write(&lock, format!("{text}{wrong}\n")).unwrap();
        let (done, said) = attempt(folder.path(), &[]);
        let place = format!("specs/pets.names.lock:{}", text.lines().count() + 1);
        assert!(!done && said.contains(why) && said.contains(&place), "{said}");
        assert_eq!(fs::read_to_string(&lock).unwrap(), format!("{text}{wrong}\n"));
    }
    fs::write(&lock, &text).unwrap();
    let (done, said) = attempt(folder.path(), &["--rename", "/paths/~1dogs"]);
    assert!(!done && said.contains("no locked name is at or below `/paths/~1dogs`"), "{said}");
    let (done, said) = attempt(folder.path(), &["--rename", "pets"]);
    assert!(!done && said.contains("`pets` is not a JSON pointer"), "{said}");
}
