//! The scratch workspace: a package for each document, checked by one run of Cargo.
//!
//! In: generated crates. Out: the compiler's messages and the cost for each. Invariant: only the scratch folder is
//! written, and the dependencies of a crate are compiled before it is measured.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::files::{create, target, write};
use crate::measure::{self, Caps, Cost};
use crate::process::{cargo, done, run};
use crate::workspace::{touch, write_package, write_workspace};

/// The scratch workspace.
pub(crate) struct Scratch {
    root: PathBuf,
    /// The folder, with one folder for each package.
    pub(crate) folder: PathBuf,
}

/// The compiler's result for a package.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Checked {
    /// Whether the package compiles.
    pub(crate) compiles: bool,
    /// The number of errors, without denied warnings.
    pub(crate) errors: usize,
    /// The number of denied warnings.
    pub(crate) warnings: usize,
    /// The cost.
    pub(crate) cost: Cost,
    /// The first messages, as rendered.
    #[serde(skip)]
    pub(crate) said: Vec<String>,
}

/// A package with the same dependencies as all others.
const EMPTY: &str = "empty";

/// The maximum number of kept messages.
const KEPT: usize = 5;

impl Scratch {
    /// Creates the folder `name` below the repository's target folder.
    pub(crate) fn new(root: &Path, name: &str) -> Result<Self, String> {
        let folder = target(root).join(name);
        create(&folder.join("costs"))?;
        Ok(Self { root: root.to_owned(), folder })
    }

    /// Returns the folder of a document's package.
    pub(crate) fn package(&self, name: &str) -> PathBuf {
        self.folder.join("packages").join(name)
    }

    /// Returns the folder for costs.
    pub(crate) fn costs(&self) -> PathBuf {
        self.folder.join("costs")
    }

    /// Writes a package's manifest like that of a generated crate, with its lints.
    pub(crate) fn add_client(&self, name: &str) -> Result<(), String> {
        let features = format!(
            "default = [\"client\", \"serde\", {name:?}]\nclient = [\"clientwright-runtime/client\"]\nserde = [\"clientwright-runtime/serde\"]\n{name} = []\n"
        );
        self.add_package(&self.package(name), &package_name(name), &features, "")
    }

    /// Returns the folder of the program that tries the examples of a document.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.folder.join("examples").join(name)
    }

    /// Writes the manifest of the program for examples.
    pub(crate) fn add_program(&self, name: &str) -> Result<(), String> {
        let features = "default = [\"clientwright-runtime/serde\"]\n";
        self.add_package(&self.program(name), &program_name(name), features, "")
    }

    /// Writes the manifest of a program that calls the client of a document. The program uses the client's crate as
    /// `clients`.
    pub(crate) fn add_consumer(&self, name: &str, document: &str) -> Result<(), String> {
        let client = self.package(document).display().to_string();
        let dependencies = format!(
            "clients = {{ package = {:?}, path = {client:?} }}\nserde_json = \"1\"\n\
             tokio = {{ version = \"1\", features = [\"macros\", \"rt-multi-thread\", \"time\"] }}\n",
            package_name(document)
        );
        self.add_package(&self.program(name), &program_name(name), "default = []\n", &dependencies)
    }

    fn add_package(&self, folder: &Path, name: &str, features: &str, dependencies: &str) -> Result<(), String> {
        let runtime = self.root.join("runtime").display().to_string();
        let rest = format!(
            "[features]\n{features}\n\
             [dependencies]\nclientwright-runtime = {{ path = {runtime:?}, default-features = false }}\n{dependencies}\n\
             [lints.rust]\nmissing_docs = \"deny\"\nunsafe_code = \"forbid\"\n"
        );
        write_package(folder, name, &rest)
    }

    /// Writes the workspace around its packages, with the profiles of its manifest. Dependencies have the versions of the
    /// repository.
    pub(crate) fn finish(&self, names: &[&str], programs: &[&str], profile: &str) -> Result<(), String> {
        let empty = self.folder.join(EMPTY);
        self.add_package(
            &empty,
            EMPTY,
            "default = [\"clientwright-runtime/client\", \"clientwright-runtime/serde\"]\n",
            "",
        )?;
        write(&empty.join("src/lib.rs"), "//! Nothing but what generated crates depend on.\n")?;
        let clients = names.iter().map(|name| format!("packages/{name}"));
        let programs = programs.iter().map(|name| format!("examples/{name}"));
        let members: Vec<String> = clients.chain(programs).chain([EMPTY.to_owned()]).collect();
        write_workspace(&self.root, &self.folder, &members, profile)?;
        self.fetch()
    }

    /// Fetches the dependencies of the packages if they are missing, as in a new clone.
    fn fetch(&self) -> Result<(), String> {
        if run(&mut self.cargo(&["fetch"])).is_ok() {
            return Ok(());
        }
        eprintln!("fetching what generated crates depend on");
        let mut cargo = cargo(&self.folder, &self.folder.join("target"));
        done(cargo.arg("fetch").env("CARGO_TERM_QUIET", "false"), "what generated crates depend on")
    }

    /// Returns a Cargo command in the workspace, with warnings denied.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> Command {
        let mut cargo = cargo(&self.folder, &self.folder.join("target"));
        cargo.args(arguments).arg("--offline").env("RUSTFLAGS", "-D warnings").env("CARGO_INCREMENTAL", "0");
        cargo
    }

    /// Checks packages, several at a time. `progress` is called after each.
    pub(crate) fn check(
        &self,
        names: &[&str],
        jobs: usize,
        caps: Caps,
        progress: &mut dyn FnMut(&str, &Cost),
    ) -> Result<Vec<Checked>, String> {
        if names.is_empty() {
            return Ok(Vec::new());
        }
        eprintln!("checking what generated crates depend on");
        done(&mut self.cargo(&["check", "--package", EMPTY]), "what generated crates depend on")?;
        let jobs = jobs.to_string();
        let mut cargo =
            self.cargo(&["check", "--lib", "--examples", "--keep-going", "--message-format=json", "--jobs", &jobs]);
        for name in names {
            cargo.args(["--package", &package_name(name)]);
            measure::forget(&self.costs(), &crate_name(name));
            touch(&self.package(name).join("src/lib.rs"))?;
        }
        measure::wrap_rustc(&mut cargo, &self.costs(), caps)?;
        let mut results = vec![Checked::default(); names.len()];
        let mut child = cargo.stdout(Stdio::piped()).spawn().map_err(|error| format!("cargo: {error}"))?;
        for line in child.stdout.take().into_iter().flat_map(|stdout| BufReader::new(stdout).lines()) {
            let Ok(message) = serde_json::from_str::<Value>(&line.unwrap_or_default()) else { continue };
            let target = message.pointer("/target/name").and_then(Value::as_str).unwrap_or_default();
            let client = target.strip_suffix(&calls_name("")).unwrap_or(target);
            let index = names.iter().position(|name| crate_name(name) == client);
            let Some((result, name)) = index.and_then(|index| Some((results.get_mut(index)?, names.get(index)?)))
            else {
                continue;
            };
            result.take(&message);
            if result.compiles && client == target {
                progress(name, &measure::cost(&self.costs(), &crate_name(name)).unwrap_or_default());
            }
        }
        child.wait().map_err(|error| format!("cargo: {error}"))?;
        for (result, name) in results.iter_mut().zip(names) {
            let cost = measure::cost(&self.costs(), &crate_name(name));
            result.compiles &= cost.is_some() && result.errors == 0;
            result.cost = cost.unwrap_or_default();
        }
        Ok(results)
    }
}

impl Checked {
    /// Adds a message of Cargo about the package.
    fn take(&mut self, message: &Value) {
        let text = |pointer: &str| message.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        match text("/reason") {
            "compiler-artifact" => self.compiles = true,
            "compiler-message" => {
                let (level, code) = (text("/message/level"), text("/message/code/code"));
                let is_summary = code.is_empty()
                    && (text("/message/message").starts_with("aborting due to")
                        || text("/message/message").ends_with("emitted"));
                if !matches!(level, "error" | "warning" | "error: internal compiler error") || is_summary {
                    return;
                }
                // A denied warning is an error whose code is the name of a lint.
                if level == "warning" || !(code.is_empty() || is_error_code(code)) {
                    self.warnings += 1;
                } else {
                    self.errors += 1;
                }
                if self.said.len() < KEPT {
                    self.said.push(text("/message/rendered").to_owned());
                }
            }
            _ => {}
        }
    }
}

/// Returns `true` for `E0308`, but not for `unused_imports`.
fn is_error_code(code: &str) -> bool {
    code.strip_prefix('E').is_some_and(|digits| digits.bytes().all(|digit| digit.is_ascii_digit()))
}

/// Returns the name of a document's package, which differs from those of its dependencies.
pub(crate) fn package_name(name: &str) -> String {
    format!("corpus-{name}")
}

/// Returns the name of the package with the program for a document's examples.
pub(crate) fn program_name(name: &str) -> String {
    format!("examples-{name}")
}

/// Returns the crate name for a document.
pub(crate) fn crate_name(name: &str) -> String {
    format!("corpus_{name}")
}

/// Returns the name of the program with the calls in a crate's documentation.
pub(crate) fn calls_name(client: &str) -> String {
    format!("{client}_calls")
}

#[cfg(test)]
mod tests {
    use super::*;

    use serde_json::json;

    #[test]
    fn warnings_are_told_from_errors_though_they_are_denied() {
        let message = |level: &str, code: Value, text: &str| {
            let code = if code.is_null() { code } else { json!({ "code": code }) };
            json!({
                "reason": "compiler-message",
                "message": { "level": level, "code": code, "message": text, "rendered": text },
            })
        };
        let mut checked = Checked::default();
        checked.take(&message("error", json!("unused_imports"), "unused"));
        checked.take(&message("warning", json!("missing_docs"), "missing"));
        checked.take(&message("error", json!("E0308"), "mismatched"));
        checked.take(&message("error", Value::Null, "expected `;`"));
        checked.take(&message("error", Value::Null, "aborting due to 4 previous errors"));
        checked.take(&message("warning", Value::Null, "1 warning emitted"));
        checked.take(&message("failure-note", Value::Null, "some errors have explanations"));
        assert_eq!((checked.warnings, checked.errors, checked.said.len(), checked.compiles), (2, 2, 4, false));
        checked.take(&json!({ "reason": "compiler-artifact" }));
        assert!(checked.compiles);
    }
}
