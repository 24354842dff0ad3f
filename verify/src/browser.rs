//! A browser for pages.
//!
//! In: the `PATH`, or a pinned package of Node.js. Out: the Chromium executable. Invariant: nothing outside of `target/` is changed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::files::{at, create};
use crate::npm;
use crate::process::run as output;

/// The names of Chromium's executable.
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome-headless-shell"];
/// Unpacks Chromium and its libraries into the temporary folder, and prints the location.
const UNPACK: &str =
    "import('@sparticuz/chromium').then(async ({ default: chromium }) => console.log(await chromium.executablePath()))";

/// The status of a program whose browser did not end (`UNENDED` of `verify/browser/driver.cjs`).
const UNENDED: i32 = 75;

/// Runs a program that checks a page, and once more if its browser did not end: a browser may stop responding, whatever the page. If that
/// happens twice, the page is considered wrong.
pub(crate) fn is_right(node: &mut Command) -> Result<bool, String> {
    let mut status = || node.status().map_err(|error| format!("node: {error}"));
    let first = status()?;
    if first.code() != Some(UNENDED) {
        return Ok(first.success());
    }
    eprintln!("the browser is started again");
    Ok(status()?.success())
}

/// Returns the system's browser, or one that is installed from its lock file, with its libraries.
pub(crate) fn find(root: &Path) -> Result<(PathBuf, Option<PathBuf>), String> {
    let is_there = |name: &&&str| output(Command::new(name).arg("--version")).is_ok();
    if let Some(name) = BROWSERS.iter().find(is_there) {
        return Ok((name.into(), None));
    }
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        return Err(format!("no browser: none of {} is on the PATH", BROWSERS.join(", ")));
    }
    let (files, folder) = (root.join("verify/browser"), root.join("target/browser"));
    let temporary = folder.join("unpacked");
    create(&temporary)?;
    for name in ["package.json", "package-lock.json", ".npmrc"] {
        let file = files.join(name);
        fs::copy(&file, folder.join(name)).map_err(at(&file))?;
    }
    npm::install(&folder)?;
    let mut node = Command::new("node");
    // With this variable, the package assumes AWS Lambda, where it uses its own libraries.
    node.args(["--eval", UNPACK])
        .current_dir(&folder)
        .env("AWS_LAMBDA_JS_RUNTIME", "nodejs20.x")
        .env("TMPDIR", &temporary);
    let program = output(&mut node).map_err(|error| format!("Chromium could not be unpacked: {error}"))?;
    Ok((program.trim().into(), Some(temporary.join("al2023/lib"))))
}
