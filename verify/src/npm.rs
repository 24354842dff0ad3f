//! Node.js packages. In: a folder with a lock file. Out: the same with the packages of the lock file in `node_modules`.
//!
//! Invariant: no version is resolved, no script of a package runs, and everything is reinstalled when the lock file has changed.

use std::path::Path;
use std::process::Command;

use crate::files::once;
use crate::process;

/// Installs the packages of a folder's lock file, unless they are already installed.
pub(crate) fn install(folder: &Path) -> Result<(), String> {
    let (lock, stamp) = (folder.join("package-lock.json"), folder.join("node_modules/.installed-from.json"));
    once(&lock, &stamp, || {
        eprintln!("installing packages of Node.js into {}", folder.display());
        run(folder, &["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
    })
}

/// Runs `npm` in a folder.
pub(crate) fn run(folder: &Path, arguments: &[&str]) -> Result<(), String> {
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    process::run(Command::new(npm).args(arguments).arg("--loglevel=error").current_dir(folder)).map(drop)
}
