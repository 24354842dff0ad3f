//! Packages of Node.js. In: a folder with a lock file. Out: the same with all that the lock file names in `node_modules`.
//!
//! Invariant: nothing is resolved at that time, no script of a package runs, and everything is installed anew whenever the lock file has
//! changed.

use std::path::Path;
use std::process::Command;

use crate::files::once;
use crate::process;

/// Installs what the lock file of a folder names, unless that has been done.
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
