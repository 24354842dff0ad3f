//! `cargo xtask fuzz`: runs the targets of `fuzz/` for a limited time, seeded with the fixtures.
//!
//! In: a target and a duration. Out: the output of libFuzzer. It runs on stable Rust without a sanitizer, because there is no
//! unsafe code. Invariant: seeds are created from `tests/fixtures` each time, so that nothing is committed twice; inputs that
//! libFuzzer keeps are in `fuzz/corpus`, which is not committed.

use std::env;
use std::path::Path;
use std::process::Command;

use clientwright_normalizer::{Source, load};

use crate::corpus::documents::all_documents;
use crate::files::{create, read, write};
use crate::process::done;

/// The time limit for a document. Most take a millisecond.
const SECONDS_PER_INPUT: u32 = 20;

/// What to fuzz.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// `normalize` or `codec`; both, one after the other, if none is named
    #[arg(value_parser = ["normalize", "codec"])]
    target: Option<String>,
    /// How long each target runs
    #[arg(long, default_value_t = 60)]
    seconds: u32,
    /// Install cargo-fuzz under `target/tools` if it is missing
    #[arg(long)]
    install: bool,
}

/// Creates the seeds, builds and runs the targets, and fails if one of them finds anything.
pub(crate) fn run(arguments: &Arguments) -> Result<bool, String> {
    let root = crate::root();
    let path = tools(&root, arguments.install)?;
    let targets = match &arguments.target {
        Some(target) => vec![target.as_str()],
        None => vec!["normalize", "codec"],
    };
    for target in targets {
        seed(&root, target)?;
        let mut command = Command::new("cargo");
        command.args(["fuzz", "run", "--sanitizer", "none", target, "--"]);
        command.arg(format!("-max_total_time={}", arguments.seconds)).arg(format!("-timeout={SECONDS_PER_INPUT}"));
        command.args(["-max_len=20000", "-print_final_stats=1"]);
        command.current_dir(&root).env("PATH", &path).env("CARGO_TARGET_DIR", root.join("target/fuzz"));
        done(&mut command, &format!("{target}, with what it found in fuzz/artifacts/{target}"))?;
    }
    Ok(true)
}

/// Returns the `PATH` with cargo-fuzz in it.
fn tools(root: &Path, install: bool) -> Result<std::ffi::OsString, String> {
    let folder = root.join("target/tools");
    let mut places = vec![folder.join("bin")];
    places.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    let name = format!("cargo-fuzz{}", env::consts::EXE_SUFFIX);
    if !places.iter().any(|place| place.join(&name).is_file()) {
        if !install {
            return Err(String::from("cargo-fuzz is missing: `cargo xtask fuzz --install` installs it under target/"));
        }
        let mut command = Command::new("cargo");
        done(command.args(["install", "cargo-fuzz", "--locked", "--root"]).arg(&folder), "cargo-fuzz")?;
    }
    env::join_paths(places).map_err(|error| error.to_string())
}

/// Writes every fixture into the target's corpus: unchanged, or as JSON for the codec.
fn seed(root: &Path, target: &str) -> Result<(), String> {
    let folder = root.join("fuzz/corpus").join(target);
    create(&folder)?;
    for (index, file) in all_documents(&root.join("tests/fixtures"))?.iter().enumerate() {
        let text = read(file)?;
        let seed = if target == "codec" {
            // A fixture that cannot be converted to JSON is no seed for the codec.
            let Ok(value) = load::parse(&Source { name: file.display().to_string(), text }) else { continue };
            value.to_string()
        } else {
            text
        };
        let path = folder.join(format!("seed-{index:04}"));
        write(&path, &seed)?;
    }
    Ok(())
}
