//! Python environments under `target/`. In: a file of pinned requirements. Out: the folder of the environment.
//!
//! Invariant: nothing is resolved at that time, nothing outside of `target/` changes, and an environment is made anew whenever
//! its requirements have changed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::files::at;

/// The environment at `folder` with all that `requirements` pins; `what` says in words what is installed.
pub(crate) fn installed(requirements: &Path, folder: &Path, what: &str) -> Result<PathBuf, String> {
    let wanted = fs::read(requirements).map_err(at(requirements))?;
    let python = folder.join("bin/python");
    // Written when all is installed.
    let stamp = folder.join("installed-requirements.txt");
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted)
        && run(Command::new(&python).arg("--version")).is_ok()
    {
        return Ok(folder.to_owned());
    }
    eprintln!("installing {what} into {}", folder.display());
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(folder))
        .map_err(|error| format!("{what} needs Python 3.10 or newer with its module venv: {error}"))?;
    let mut pip = Command::new(python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
    run(pip.args(["--require-hashes", "--no-deps", "--only-binary", ":all:", "--requirement"]).arg(requirements))?;
    fs::write(&stamp, wanted).map_err(at(&stamp))?;
    Ok(folder.to_owned())
}

/// Runs a command to its end. What it printed is the result, or part of the error.
pub(crate) fn run(command: &mut Command) -> Result<String, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("{name}: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(text);
    }
    Err(format!("{name} failed ({}):\n{text}{}", output.status, String::from_utf8_lossy(&output.stderr)))
}
