//! The compared generators: this one, and others pinned to a version.
//!
//! In: a document and a folder. Out: the command that generates a crate there, and the crate prepared for Cargo. Invariant: each generator
//! is called according to its manual, with its defaults, and its crate gets the dependencies that it requires.

use std::fs;
use std::path::{Path, PathBuf};

use toml_edit::{DocumentMut, Item, Table};

use crate::corpus::bring_in::Job;
use crate::corpus::scratch::{self, Scratch};
use crate::files::{at, create, empty, target, write};
use crate::process::{cargo, done};

/// The name of this generator in the table.
pub(crate) const OWN: &str = "clientwright";

/// The folder for generated files that are no longer needed.
const ASIDE: &str = "aside";

/// A generator.
pub(crate) struct Contestant {
    /// The name.
    pub(crate) name: &'static str,
    /// The version.
    pub(crate) version: &'static str,
    /// The executable.
    pub(crate) program: PathBuf,
    /// The arguments; see [`PEERS`]. Empty for this generator.
    arguments: &'static [&'static str],
}

/// The location of a crate.
pub(crate) struct Krate {
    /// The name of the document's module.
    pub(crate) name: String,
    /// The folder.
    pub(crate) folder: PathBuf,
}

/// A crate prepared for Cargo.
pub(crate) struct Compiled {
    /// The folder in which Cargo is called.
    pub(crate) workspace: PathBuf,
    /// Cargo's target folder.
    pub(crate) target: PathBuf,
    /// The package.
    pub(crate) package: String,
    /// The crate's root file, which is touched so that the crate is compiled.
    pub(crate) root_file: PathBuf,
}

/// The other generators: name, package with version, executable, and arguments. `@DOCUMENT@` stands for the document, `@FOLDER@` for the
/// folder of the crate and `@PACKAGE@` for its name.
const PEERS: [(&str, &str, &str, &[&str]); 4] = [
    (
        "progenitor",
        "cargo-progenitor@0.15.1",
        "cargo-progenitor",
        &["progenitor", "--input", "@DOCUMENT@", "--output", "@FOLDER@", "--name", "@PACKAGE@", "--version", "0.1.0"],
    ),
    (WITHOUT_MANIFEST, "openapi-to-rust@0.23.0", "openapi-to-rust", &["generate", "@DOCUMENT@"]),
    (
        "oas3-gen",
        "oas3-gen@0.29.0",
        "oas3-gen",
        &["generate", "client-mod", "-i", "@DOCUMENT@", "-o", "@FOLDER@", "--workspace"],
    ),
    ("ploidy", "ploidy@0.15.0", "ploidy", &["generate", "rust", "@DOCUMENT@", "-o", "@FOLDER@", "--name", "@PACKAGE@"]),
];

/// The generator that writes no manifest, only a list of dependencies.
const WITHOUT_MANIFEST: &str = "openapi-to-rust";

/// Returns the other generators, installed if missing. openapi-generator is not included, because it needs Java.
pub(crate) fn peers(root: &Path) -> Result<Vec<Contestant>, String> {
    let folder = target(root).join("peers");
    let mut peers = Vec::new();
    for (name, package, program, arguments) in PEERS {
        let program = folder.join("bin").join(program).with_extension(std::env::consts::EXE_EXTENSION);
        if !program.exists() {
            eprintln!("installing {package}");
            let mut cargo = cargo(root, &folder.join("build"));
            cargo.args(["install", "--locked", "--root"]).arg(&folder).arg(package);
            done(&mut cargo, package)?;
        }
        let version = package.split_once('@').map_or("", |(_, version)| version);
        peers.push(Contestant { name, version, program, arguments });
    }
    Ok(peers)
}

impl Contestant {
    /// Returns this generator, in a release build.
    pub(crate) fn own(root: &Path) -> Result<Self, String> {
        let target = target(root);
        let mut cargo = cargo(root, &target);
        cargo.args(["build", "--release", "--package", "verify"]);
        done(&mut cargo, "this program in a release build")?;
        let program = target.join("release/verify").with_extension(std::env::consts::EXE_EXTENSION);
        Ok(Self { name: OWN, version: env!("CARGO_PKG_VERSION"), program, arguments: &[] })
    }

    /// Returns the location of the generated crate for a document.
    pub(crate) fn krate(&self, scratch: &Scratch, name: &str) -> Result<Krate, String> {
        let folder = match self.name {
            OWN => scratch.package(name),
            other => scratch.folder.join(other).join(name),
        };
        create(&folder)?;
        Ok(Krate { name: name.to_owned(), folder })
    }

    /// Removes the files that were moved aside.
    pub(crate) fn tidy(scratch: &Scratch) -> Result<(), String> {
        empty(&scratch.folder.join(ASIDE))
    }

    /// Moves previously generated files aside, into a folder with this number. They are not removed yet: a file system may be slow after
    /// removing many files, which would distort the measurement.
    pub(crate) fn clear(&self, scratch: &Scratch, krate: &Krate, number: usize) -> Result<(), String> {
        let aside = scratch.folder.join(ASIDE);
        create(&aside)?;
        fs::rename(&krate.folder, aside.join(format!("{}-{}-{number}", self.name, krate.name)))
            .map_err(at(&krate.folder))?;
        create(&krate.folder)?;
        if self.name == OWN { scratch.add_client(&krate.name) } else { Ok(()) }
    }

    /// Returns the command-line arguments, for a run in the crate's folder.
    pub(crate) fn arguments(&self, document: &Path, krate: &Krate) -> Result<Vec<String>, String> {
        if self.name == OWN {
            let (input, name, out) = (document.to_owned(), krate.name.clone(), krate.folder.clone());
            let job = Job { input, overlay: None, suggested: false, name, out, plain: true, examples: None };
            return Ok(vec!["corpus-one".to_owned(), job.argument()?]);
        }
        let (document, folder) = (document.to_string_lossy(), krate.folder.to_string_lossy());
        let fill = |argument: &&str| match *argument {
            "@DOCUMENT@" => document.clone().into_owned(),
            "@FOLDER@" => folder.clone().into_owned(),
            "@PACKAGE@" => package(&krate.name),
            other => other.to_owned(),
        };
        Ok(self.arguments.iter().map(fill).collect())
    }

    /// Prepares a generated crate for Cargo. `None` if there is no crate.
    pub(crate) fn finish(&self, scratch: &Scratch, krate: &Krate) -> Result<Option<Compiled>, String> {
        let target = scratch.folder.join("target").join(self.name);
        let root_file = krate.folder.join("src/lib.rs");
        if self.name == OWN {
            scratch.finish(&[&krate.name], &[], "")?;
            let package = scratch::package_name(&krate.name);
            let compiled = Compiled { workspace: scratch.folder.clone(), target, package, root_file };
            return Ok(compiled.root_file.exists().then_some(compiled));
        }
        let manifest = krate.folder.join("Cargo.toml");
        if self.name == WITHOUT_MANIFEST {
            let needed = fs::read_to_string(krate.folder.join("src/generated/REQUIRED_DEPS.toml")).unwrap_or_default();
            let package = package(&krate.name);
            let text = format!("[package]\nname = {package:?}\nversion = \"0.1.0\"\nedition = \"2024\"\n\n{needed}");
            write(&manifest, &text)?;
            write(&root_file, "pub mod generated;\n")?;
        }
        let Ok(text) = fs::read_to_string(&manifest) else { return Ok(None) };
        let (text, package) = alone(&text).map_err(at(&manifest))?;
        write(&manifest, &text)?;
        let compiled = Compiled { workspace: krate.folder.clone(), target, package, root_file };
        Ok(compiled.root_file.exists().then_some(compiled))
    }
}

/// Returns a manifest with its own workspace, and the name of its package.
fn alone(manifest: &str) -> Result<(String, String), String> {
    let mut manifest: DocumentMut = manifest.parse().map_err(|error| format!("{error}"))?;
    let package = manifest.get("package").and_then(|package| package.get("name")).and_then(Item::as_str);
    let package = package.ok_or("it names no package")?.to_owned();
    if !manifest.contains_key("workspace") {
        manifest.insert("workspace", Item::Table(Table::new()));
    }
    Ok((manifest.to_string(), package))
}

fn package(name: &str) -> String {
    format!("bench-{}", name.replace('_', "-").trim_end_matches('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generated_crate_is_a_workspace_of_its_own() {
        let (text, package) = alone("[package]\nname = \"pets\"\n").unwrap();
        assert_eq!(package, "pets");
        assert!(text.contains("[workspace]"), "{text}");
        assert_eq!(alone(&text).unwrap().0, text);
        assert!(alone("[workspace]\n").is_err());
    }
}
