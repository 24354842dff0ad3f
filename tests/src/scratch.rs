//! Packages below the target folder that hold generated clients, for tests that compile them.
//!
//! In: what was generated. Out: a package, and what cargo says about it. Invariant: packages share the workspace's target folder,
//! profiles and lock file, so that what they depend on is compiled already.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use clientwright::generate::{Document, Generation};
use clientwright::internal::manifest::features;
use clientwright::internal::write::{self, File};

use crate::root;

/// The modules of some documents.
#[must_use]
pub fn modules(documents: &[Document]) -> Vec<String> {
    documents.iter().map(|document| document.module.clone()).collect()
}

/// Writes a package of that name with what was generated, some lines in front of its `lib.rs`, and further files.
///
/// # Panics
/// If it cannot be written.
#[must_use]
pub fn package(name: &str, generation: &Generation, front: &str, further: &[File]) -> PathBuf {
    let krate = root().join("target").join(name);
    fs::create_dir_all(&krate).expect("a folder");
    let below_src = |file: &File| File { path: format!("src/{}", file.path), contents: file.contents.clone() };
    let mut files: Vec<File> = generation.apis.iter().flat_map(|api| api.files.iter().map(below_src)).collect();
    files.extend(generation.root.iter().map(|file| {
        // Attributes stand behind the header, by which a generated file is known.
        let (header, rest) = file.contents.split_once('\n').expect("a header");
        File { path: "src/lib.rs".to_owned(), contents: format!("{header}\n{front}{rest}") }
    }));
    files.push(File { path: "Cargo.toml".to_owned(), contents: manifest(name, generation) });
    files.extend_from_slice(further);
    let plan = write::plan(files, &krate, &["src".to_owned()]).expect("a plan");
    write::apply(&plan, &krate).expect("the files can be written");
    // What an earlier run wrote besides.
    plan.foreign.iter().for_each(|path| fs::remove_file(krate.join(path)).expect(path));
    fs::copy(root().join("Cargo.lock"), krate.join("Cargo.lock")).expect("the lock file");
    krate
}

/// The manifest, with the features of the APIs and the workspace's profiles.
fn manifest(name: &str, generation: &Generation) -> String {
    let runtime = root().join("runtime");
    let workspace = fs::read_to_string(root().join("Cargo.toml")).expect("the workspace's manifest");
    let workspace: toml_edit::DocumentMut = workspace.parse().expect("TOML");
    let mut profiles = toml_edit::DocumentMut::new();
    profiles.insert("profile", workspace.get("profile").cloned().unwrap_or_default());
    let apis = generation.apis.iter().map(|api| (api.api.module.as_str(), Some(api.tag_features.as_slice()))).collect();
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n[workspace]\n\n\
         [features]\n\n[dependencies]\nclientwright-runtime = {{ path = {:?} }}\n\n{profiles}",
        runtime.display().to_string()
    );
    features(&manifest, &apis, generation.apis.iter().any(|api| api.xml)).expect("features")
}

/// Calls cargo in a package.
///
/// # Panics
/// If it cannot be called.
#[must_use]
pub fn cargo(krate: &Path, arguments: &[&str], rustdoc_flags: &str) -> Output {
    let mut command = Command::new(env!("CARGO"));
    command
        .args(arguments)
        .current_dir(krate)
        .env("CARGO_TARGET_DIR", root().join("target"))
        .env("RUSTDOCFLAGS", rustdoc_flags);
    // What cargo set for the test is not meant for the cargo that it calls.
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("CARGO_PKG_") || name == "CARGO_MANIFEST_DIR")
    {
        command.env_remove(name);
    }
    command.output().expect("cargo runs")
}
