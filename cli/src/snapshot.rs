//! `snapshot`: the insta snapshots of the project's tests, without `cargo-insta`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

use clientwright::project::Project;

use crate::Outcome;
use crate::show::counted;

/// The extension of a snapshot that differs.
const PENDING: &str = ".snap.new";

/// The arguments of `snapshot`.
#[derive(clap::Args)]
pub struct Arguments {
    /// Accept the new snapshots
    #[arg(long)]
    accept: bool,
}

/// Runs the tests, shows the differences, and accepts them with `--accept`.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    snapshots(&crate::project()?, arguments).map_err(|error| format!("error: {error}"))
}

fn snapshots(project: &Project, arguments: &Arguments) -> io::Result<bool> {
    let root = project.root();
    for stale in pending(root)? {
        fs::remove_file(stale)?;
    }
    let passed = run_tests(project, "new")?;
    let pending = pending(root)?;
    for new in &pending {
        show(root, new)?;
    }
    if arguments.accept && !pending.is_empty() {
        let passed = run_tests(project, "always")?;
        for new in &pending {
            fs::remove_file(new)?;
        }
        println!("{} accepted", counted(pending.len(), "snapshot"));
        return Ok(passed);
    }
    if !pending.is_empty() {
        println!(
            "{} differ; to accept: {} --accept",
            counted(pending.len(), "snapshot"),
            project.command_line("snapshot")
        );
    } else if passed {
        println!("all snapshots are up to date");
    }
    Ok(passed && pending.is_empty())
}

/// Runs the snapshot tests. With `new`, a snapshot that differs is written next to the old one; with `always`, it replaces the old one. Neither
/// fails the test.
fn run_tests(project: &Project, update: &str) -> io::Result<bool> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["test", "--quiet", "--no-fail-fast"])
        .args(project.snapshot_tests())
        .current_dir(project.root())
        .env("INSTA_UPDATE", update)
        .env("INSTA_FORCE_PASS", "1")
        .status()?;
    Ok(status.success())
}

/// Returns all snapshots that differ, sorted by path. Skips `target`.
fn pending(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() && !path.ends_with("target") {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(PENDING) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Prints the difference between a snapshot and the test's output.
fn show(root: &Path, new: &Path) -> io::Result<()> {
    let old = accepted(new);
    let before = if old.exists() { contents(&fs::read_to_string(&old)?).to_owned() } else { String::new() };
    let after = fs::read_to_string(new)?;
    let diff = similar::TextDiff::from_lines(before.as_str(), contents(&after));
    let shown = old.strip_prefix(root).unwrap_or(&old).display();
    println!("{}", diff.unified_diff().header(&format!("{shown}"), &format!("{shown} (now)")));
    Ok(())
}

/// Returns a snapshot without its header.
fn contents(text: &str) -> &str {
    let body = text.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n"));
    body.map_or(text, |(_, contents)| contents)
}

/// Returns `x.snap` for `x.snap.new`.
fn accepted(new: &Path) -> PathBuf {
    new.with_extension("")
}
