//! The generators that are compared: this one, and those of others, pinned to a version.
//!
//! In: a document and a folder. Out: the call that generates a crate there, and the crate made ready for Cargo. Invariant: each
//! is called as its own manual says, with what it does by default, and its crate gets the dependencies that it asks for.

use std::fs;
use std::path::{Path, PathBuf};

use toml_edit::{DocumentMut, Item, Table};

use crate::corpus::bring_in::Job;
use crate::corpus::scratch::{self, Scratch};
use crate::files::{at, create, empty, target, write};
use crate::process::{cargo, done};

/// This generator's name in the table.
pub(crate) const OWN: &str = "clientwright";

/// The folder of what was generated to be measured, and is not needed.
const ASIDE: &str = "aside";

/// A generator.
pub(crate) struct Contestant {
    /// What it is called.
    pub(crate) name: &'static str,
    /// Its version.
    pub(crate) version: &'static str,
    /// What is run.
    pub(crate) program: PathBuf,
    /// Its arguments; see [`PEERS`]. Ours has others.
    arguments: &'static [&'static str],
}

/// Where a crate belongs.
pub(crate) struct Krate {
    /// The name of the document's module.
    pub(crate) name: String,
    /// Its folder.
    pub(crate) folder: PathBuf,
}

/// A crate as Cargo takes it.
pub(crate) struct Compiled {
    /// The folder that Cargo is called in.
    pub(crate) workspace: PathBuf,
    /// Where it puts what it builds.
    pub(crate) target: PathBuf,
    /// The package.
    pub(crate) package: String,
    /// The crate's root, which is touched so that it is compiled.
    pub(crate) root_file: PathBuf,
}

/// The others: name, package with version, program, and its arguments. `@DOCUMENT@` stands for the document, `@FOLDER@` for the folder of the
/// crate and `@PACKAGE@` for its name.
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

/// The one that gives no manifest, but what is to be in it.
const WITHOUT_MANIFEST: &str = "openapi-to-rust";

/// The other generators, installed if they are not there. openapi-generator is not among them: it needs Java.
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
    /// This generator, in a release build.
    pub(crate) fn own(root: &Path) -> Result<Self, String> {
        let target = target(root);
        let mut cargo = cargo(root, &target);
        cargo.args(["build", "--release", "--package", "verify"]);
        done(&mut cargo, "this program in a release build")?;
        let program = target.join("release/verify").with_extension(std::env::consts::EXE_EXTENSION);
        Ok(Self { name: OWN, version: env!("CARGO_PKG_VERSION"), program, arguments: &[] })
    }

    /// The folder of its generated crate for a document.
    pub(crate) fn krate(&self, scratch: &Scratch, name: &str) -> Result<Krate, String> {
        let folder = match self.name {
            OWN => scratch.package(name),
            other => scratch.folder.join(other).join(name),
        };
        create(&folder)?;
        Ok(Krate { name: name.to_owned(), folder })
    }

    /// Removes what was put aside.
    pub(crate) fn tidy(scratch: &Scratch) -> Result<(), String> {
        empty(&scratch.folder.join(ASIDE))
    }

    /// Puts what was generated before aside, into a folder of that number. It is not removed: a file system that has just
    /// removed many files may be slow to make others, which is at the cost of who writes many.
    pub(crate) fn clear(&self, scratch: &Scratch, krate: &Krate, number: usize) -> Result<(), String> {
        let aside = scratch.folder.join(ASIDE);
        create(&aside)?;
        fs::rename(&krate.folder, aside.join(format!("{}-{}-{number}", self.name, krate.name)))
            .map_err(at(&krate.folder))?;
        create(&krate.folder)?;
        if self.name == OWN { scratch.add_client(&krate.name) } else { Ok(()) }
    }

    /// Its command-line arguments, run in the crate's folder.
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

    /// Makes a generated crate ready for Cargo. `None` if there is no crate.
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

/// A manifest as that of a workspace of its own, and the name of its package.
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
