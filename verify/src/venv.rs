//! Python environments under `target/`. In: a file of pinned requirements. Out: the folder of the environment.
//!
//! Invariant: no version is resolved, nothing outside of `target/` changes, and an environment is recreated when its
//! requirements have changed.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::files::{empty, once};
use crate::process::run;

/// Returns the environment at `folder` with all packages pinned in `requirements`; `what` describes them in messages.
pub(crate) fn installed(requirements: &Path, folder: &Path, what: &str) -> Result<PathBuf, String> {
    let (python, stamp) = (folder.join("bin/python"), folder.join("installed-requirements.txt"));
    if run(Command::new(&python).arg("--version")).is_err() {
        // The environment is missing, or Python has moved.
        empty(folder)?;
    }
    once(requirements, &stamp, || {
        eprintln!("installing {what} into {}", folder.display());
        run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(folder))
            .map_err(|error| format!("{what} needs Python 3.10 or newer with its module venv: {error}"))?;
        let mut pip = Command::new(python);
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
        pip.args(["--require-hashes", "--no-deps", "--only-binary", ":all:", "--requirement"]).arg(requirements);
        run(&mut pip).map(drop)
    })?;
    Ok(folder.to_owned())
}
