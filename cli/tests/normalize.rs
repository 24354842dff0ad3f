//! `clientwright normalize` outside of a project.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn clientwright(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_clientwright")).args(arguments).current_dir(folder).output().unwrap()
}

#[test]
fn an_output_folder_needs_no_project() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("pets.yaml"), "openapi: 3.1.0\ninfo: {title: Pets, version: '1'}\npaths: {}\n")
        .unwrap();
    let refused = clientwright(folder.path(), &["normalize", "pets.yaml", "--as", "pets"]);
    assert!(!refused.status.success() && String::from_utf8_lossy(&refused.stderr).contains("clientwright.toml"));
    let done = clientwright(folder.path(), &["normalize", "pets.yaml", "--as", "pets", "--out", "a/b"]);
    assert!(done.status.success(), "{done:?}");
    let said = String::from_utf8(done.stdout).unwrap();
    assert!(said.contains("created   a/b/pets.yaml") && !said.contains("next:"), "{said}");
    assert!(fs::read_to_string(folder.path().join("a/b/pets.yaml")).unwrap().starts_with("openapi: 3.0.3\n"));
    fs::write(folder.path().join("clientwright.toml"), "wrong = 1\n").unwrap();
    let broken = clientwright(folder.path(), &["normalize", "pets.yaml", "--as", "pets", "--out", "a"]);
    assert!(!broken.status.success(), "an invalid project is reported");
}

#[test]
fn the_name_is_the_stem_of_the_file_by_default() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("My-Pets.yaml"), "openapi: 3.1.0\ninfo: {title: Pets, version: '1'}\npaths: {}\n")
        .unwrap();
    let done = clientwright(folder.path(), &["normalize", "My-Pets.yaml", "--out", "a"]);
    assert!(done.status.success(), "{done:?}");
    assert!(folder.path().join("a/my_pets.yaml").is_file() && folder.path().join("a/my_pets.ledger.md").is_file());
}
