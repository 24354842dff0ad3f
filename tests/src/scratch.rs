//! Packages below the target folder with generated clients, for tests that compile them.
//!
//! In: a generation. Out: a package, and cargo's output for it. Invariant: packages share the workspace's target folder, profiles
//! and lock file, so that their dependencies are already compiled.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use clientwright::generate::{Document, Generation};
use clientwright::internal::manifest::features;
use clientwright::internal::write::{self, File};

use crate::root;

/// Returns the modules of some documents.
#[must_use]
pub fn modules(documents: &[Document]) -> Vec<String> {
    documents.iter().map(|document| document.module.clone()).collect()
}

/// Writes a package of that name with generated files, some lines at the start of its `lib.rs`, and further files.
///
/// # Panics
/// Panics if it cannot be written.
#[must_use]
pub fn package(name: &str, generation: &Generation, front: &str, further: &[File]) -> PathBuf {
    let krate = root().join("target").join(name);
    fs::create_dir_all(&krate).expect("a folder");
    let below_src = |file: &File| File { path: format!("src/{}", file.path), contents: file.contents.clone() };
    let mut files: Vec<File> = generation.apis.iter().flat_map(|api| api.files.iter().map(below_src)).collect();
    files.extend(generation.root.iter().map(|file| {
        // Attributes come after the header, which identifies a generated file.
        let (header, rest) = file.contents.split_once('\n').expect("a header");
        File { path: "src/lib.rs".to_owned(), contents: format!("{header}\n{front}{rest}") }
    }));
    files.push(File { path: "Cargo.toml".to_owned(), contents: manifest_of(name, generation) });
    files.extend_from_slice(further);
    let plan = write::plan(files, &krate, &["src".to_owned()]).expect("a plan");
    write::apply(&plan, &krate).expect("the files can be written");
    // Files of an earlier run.
    plan.foreign.iter().for_each(|path| fs::remove_file(krate.join(path)).expect(path));
    fs::copy(root().join("Cargo.lock"), krate.join("Cargo.lock")).expect("the lock file");
    krate
}

/// Returns the manifest of a client, with the features of its APIs.
fn manifest_of(name: &str, generation: &Generation) -> String {
    let manifest =
        manifest(name, &format!("[features]\n\n[dependencies]\n{}", dependency("clientwright-runtime", "runtime")));
    with_features(&manifest, generation)
}

/// Adds the features of generated APIs to a manifest.
///
/// # Panics
/// Panics if the manifest is not TOML.
#[must_use]
pub fn with_features(manifest: &str, generation: &Generation) -> String {
    let apis = generation.apis.iter().map(|api| (api.api.module.as_str(), Some(api.tag_features.as_slice()))).collect();
    features(manifest, &apis, generation.apis.iter().any(|api| api.xml)).expect("features")
}

/// Returns the manifest of a package in a separate workspace, with the profiles of the repository.
///
/// # Panics
/// Panics if the manifest of the repository cannot be read.
#[must_use]
pub fn manifest(name: &str, tables: &str) -> String {
    let workspace = fs::read_to_string(root().join("Cargo.toml")).expect("the workspace's manifest");
    let workspace: toml_edit::DocumentMut = workspace.parse().expect("TOML");
    let mut profiles = toml_edit::DocumentMut::new();
    profiles.insert("profile", workspace.get("profile").cloned().unwrap_or_default());
    format!(
        "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n[workspace]\n\n\
         {tables}\n{profiles}"
    )
}

/// Returns a line of a manifest: a dependency in a folder of the repository.
#[must_use]
pub fn dependency(name: &str, folder: &str) -> String {
    format!("{name} = {{ path = {:?} }}\n", root().join(folder).display().to_string())
}

/// Runs cargo in a package. All dependencies are fetched before the first run: until then, Cargo has only fetched those of the tests.
///
/// # Panics
/// Panics if it cannot be run, or if dependencies cannot be fetched.
#[must_use]
pub fn cargo(krate: &Path, arguments: &[&str], rustdoc_flags: &str) -> Output {
    static FETCHED: LazyLock<Output> = LazyLock::new(|| output(command(&root()).args(["fetch", "--locked"])));
    assert!(FETCHED.status.success(), "{}", String::from_utf8_lossy(&FETCHED.stderr));
    output(command(krate).arg("--offline").args(arguments).env("RUSTDOCFLAGS", rustdoc_flags))
}

fn output(command: &mut Command) -> Output {
    command.output().expect("cargo runs")
}

/// Returns a cargo command in a folder, with the target folder of the repository.
fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.current_dir(folder).env("CARGO_TARGET_DIR", root().join("target"));
    // What cargo set for the test is not meant for the cargo that it calls.
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("CARGO_PKG_") || name == "CARGO_MANIFEST_DIR")
    {
        command.env_remove(name);
    }
    command
}
