//! The compile time of a crate of 1,000 object types, with the codec's macros and with serde's derive.
//!
//! ```text
//! cargo run -p clientwright-runtime --release --example compile_cost [types]
//! ```
//!
//! Both crates are generated into a temporary directory and have the same structs (3 to 14 fields, nested) with
//! `Debug`, `Clone`, `PartialEq` and serde's traits. Their dependencies are built first. Then only the crate is
//! compiled twice per profile; the result is the lower CPU time, or the elapsed time on systems other than Linux.
#![allow(clippy::print_stdout, reason = "it is a command")]

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;
use std::{env, fs};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let types = env::args().nth(1).map_or(Ok(1000), |argument| argument.parse())?;
    let root = env::temp_dir().join(format!("compile_cost_{}", std::process::id()));
    let ours = write_crate(&root, "macros", &runtime_dependency(), &source(types, macros))?;
    let theirs =
        write_crate(&root, "derive", "serde = { version = \"1\", features = [\"derive\"] }", &source(types, derive))?;

    println!("{types} object types, CPU seconds for the crate alone\n");
    println!("| profile | macros | serde derive | ratio |\n|---|---|---|---|");
    for profile in [&["check"][..], &["build"], &["build", "--release"]] {
        let (ours, theirs) = (measure(&ours, profile)?, measure(&theirs, profile)?);
        println!("| {} | {ours:.2} | {theirs:.2} | {:.2} |", profile.join(" "), ours / theirs);
    }
    fs::remove_dir_all(root)?;
    Ok(())
}

fn runtime_dependency() -> String {
    let runtime = env!("CARGO_MANIFEST_DIR");
    format!("clientwright-runtime = {{ path = {runtime:?}, default-features = false, features = [\"serde\"] }}")
}

fn write_crate(root: &Path, name: &str, dependency: &str, source: &str) -> Result<PathBuf> {
    let directory = root.join(name);
    fs::create_dir_all(directory.join("src"))?;
    let manifest = format!(
        "[package]\nname = {name:?}\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n{dependency}\n\n[workspace]\n"
    );
    fs::write(directory.join("Cargo.toml"), manifest)?;
    fs::write(directory.join("src/lib.rs"), source)?;
    // The same versions as in this workspace, for the required packages.
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
    if lock.exists() {
        fs::copy(lock, directory.join("Cargo.lock"))?;
    }
    Ok(directory)
}

/// Least CPU time of two compilations of the crate without its dependencies.
fn measure(directory: &Path, arguments: &[&str]) -> Result<f64> {
    let source = directory.join("src/lib.rs");
    let text = fs::read_to_string(&source)?;
    let mut least = f64::INFINITY;
    for round in 0..=2 {
        // Cargo looks at the time stamp. Incremental compilation, which would then skip the work, is off.
        fs::write(&source, &text)?;
        let (clock, cpu) = (Instant::now(), children_cpu());
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.args(arguments).current_dir(directory).env("CARGO_INCREMENTAL", "0").env_remove("CARGO_TARGET_DIR");
        let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status()?;
        if !status.success() {
            return Err(format!("cargo {} failed in {}", arguments.join(" "), directory.display()).into());
        }
        let seconds = match (cpu, children_cpu()) {
            (Some(before), Some(after)) => after - before,
            _ => clock.elapsed().as_secs_f64(),
        };
        if round > 0 {
            least = least.min(seconds);
        }
    }
    Ok(least)
}

/// CPU seconds of all ended child processes: fields 16 and 17 of proc_pid_stat(5), in hundredths of a second.
fn children_cpu() -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace().skip(13);
    let (user, system) = (fields.next()?.parse::<f64>().ok()?, fields.next()?.parse::<f64>().ok()?);
    Some((user + system) / 100.0)
}

struct Field {
    key: String,
    name: String,
    type_: String,
    optional: bool,
}

/// The same pseudo-random structs for both crates.
fn source(types: usize, codec: fn(&str, &[Field], &mut String) -> std::fmt::Result) -> String {
    let mut source = String::from("//! Generated.\n#![allow(dead_code)]\n");
    let mut state = 7_usize;
    let mut random = move |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    for number in 0..types {
        let fields: Vec<Field> = (0..3 + random(12))
            .map(|field| {
                // Families of ten types, some recursive: unlimited nesting is more than rustc supports.
                let other = format!("Type{}", (number / 10 * 10 + random(10)).min(types - 1));
                let (type_, optional) = match random(12) {
                    0..3 => ("String".to_owned(), false),
                    3 => ("i64".to_owned(), false),
                    4 => ("bool".to_owned(), false),
                    5 => ("f64".to_owned(), false),
                    6 => ("Option<String>".to_owned(), true),
                    7 => ("Option<i32>".to_owned(), true),
                    8 => ("Vec<String>".to_owned(), false),
                    9 => ("Option<std::collections::BTreeMap<String, String>>".to_owned(), true),
                    10 => (format!("Vec<{other}>"), false),
                    _ => (format!("Option<Box<{other}>>"), true),
                };
                Field { key: format!("fieldNumber{field}"), name: format!("field_number_{field}"), type_, optional }
            })
            .collect();
        // Writing to a string does not fail.
        let _ = codec(&format!("Type{number}"), &fields, &mut source);
    }
    source
}

fn macros(name: &str, fields: &[Field], source: &mut String) -> std::fmt::Result {
    writeln!(source, "/// A type.\n#[derive(Clone, PartialEq)]\n#[non_exhaustive]\npub struct {name} {{")?;
    for Field { name, type_, .. } in fields {
        writeln!(source, "    /// A field.\n    pub {name}: {type_},")?;
    }
    writeln!(source, "}}\nclientwright_runtime::codegen::object!({name} {{")?;
    for Field { key, name, optional, .. } in fields {
        writeln!(source, "    {key:?} => {name}{},", if *optional { "?" } else { "" })?;
    }
    writeln!(source, "}});")
}

fn derive(name: &str, fields: &[Field], source: &mut String) -> std::fmt::Result {
    writeln!(source, "/// A type.\n#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]")?;
    writeln!(source, "#[serde(rename_all = \"camelCase\")]\n#[non_exhaustive]\npub struct {name} {{")?;
    for Field { name, type_, optional, .. } in fields {
        let skip = if *optional { "    #[serde(skip_serializing_if = \"Option::is_none\")]\n" } else { "" };
        writeln!(source, "    /// A field.\n{skip}    pub {name}: {type_},")?;
    }
    writeln!(source, "}}")
}
