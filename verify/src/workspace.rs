//! Cargo workspaces under `target/`: packages, and the programs that are built from them.
//!
//! In: packages. Out: manifests and executables. Invariant: only the workspace's folder and the folder for build results are written, and
//! all dependencies have the versions of the repository.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::SystemTime;

use serde_json::Value;

use crate::files::{at, create, target, write};
use crate::process::cargo;

/// Writes the manifest of a package: its name, followed by `rest`.
pub(crate) fn write_package(folder: &Path, name: &str, rest: &str) -> Result<(), String> {
    create(&folder.join("src"))?;
    let package = format!("[package]\nname = {name:?}\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n");
    write(&folder.join("Cargo.toml"), &format!("{package}\n{rest}"))
}

/// Writes the workspace around its packages, with its profiles.
pub(crate) fn write_workspace(root: &Path, folder: &Path, members: &[String], profile: &str) -> Result<(), String> {
    let manifest = format!("[workspace]\nresolver = \"3\"\nmembers = {members:?}\n{profile}");
    write(&folder.join("Cargo.toml"), &manifest)?;
    let lock = root.join("Cargo.lock");
    fs::copy(&lock, folder.join("Cargo.lock")).map(drop).map_err(at(&lock))
}

/// The profile of programs without debug information.
pub(crate) const WITHOUT_DEBUG: &str = "\n[profile.dev]\ndebug = false\n";

/// Returns a dependency in a manifest. TLS, serde and unused APIs are disabled to save compile time.
pub(crate) fn dependency(name: &str, path: &Path, features: &[&str]) -> String {
    let path = path.display().to_string();
    format!("{name} = {{ path = {path:?}, default-features = false, features = {features:?} }}\n")
}

/// Builds all programs of a workspace, and returns them by name.
pub(crate) fn compiled(root: &Path, folder: &Path) -> Result<BTreeMap<String, PathBuf>, String> {
    let mut cargo = cargo(folder, &target(root));
    cargo.args(["build", "--offline", "--message-format=json-render-diagnostics"]).stderr(Stdio::inherit());
    let output = cargo.output().map_err(|error| format!("cargo: {error}"))?;
    if !output.status.success() {
        return Err(format!("the programs in {} do not compile", folder.display()));
    }
    Ok(executables(&String::from_utf8_lossy(&output.stdout)))
}

/// Returns the executables by name, from Cargo's messages.
fn executables(messages: &str) -> BTreeMap<String, PathBuf> {
    let parsed = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let programs = parsed.filter_map(|message| {
        let path = message.get("executable")?.as_str()?;
        let name = message.pointer("/target/name")?.as_str()?;
        Some((name.to_owned(), PathBuf::from(path)))
    });
    programs.collect()
}

/// Touches a crate's file, so that Cargo compiles and measures the crate again.
pub(crate) fn touch(path: &Path) -> Result<(), String> {
    let file = File::options().append(true).open(path);
    let touched = file.and_then(|file| file.set_modified(SystemTime::now()));
    touched.map_err(at(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn executables_are_found_among_cargos_messages() {
        let messages = "{\"reason\":\"compiler-artifact\",\"target\":{\"name\":\"lib\"},\"executable\":null}\n\
            {\"reason\":\"compiler-artifact\",\"target\":{\"name\":\"contract-a\"},\"executable\":\"/t/contract-a\"}\nnoise\n";
        assert_eq!(executables(messages), BTreeMap::from([("contract-a".to_owned(), PathBuf::from("/t/contract-a"))]));
    }

    #[test]
    fn a_dependency_is_toml() {
        let line = dependency("client", Path::new("C:\\x y"), &["a"]);
        let parsed: toml_edit::DocumentMut = line.parse().unwrap();
        assert_eq!(parsed["client"]["path"].as_str(), Some("C:\\x y"));
    }
}
