//! `cargo xtask wasm`: the runtime and the generated clients in WebAssembly.
//!
//! Compiles them for `wasm32-unknown-unknown` with every set of features that makes a difference there, without a warning; then builds the
//! program in `verify/wasm`, binds it for Node.js, and runs its cases against a mock server on the loopback interface. Invariant: a case is
//! right only if the program says so and the server was sent what it should be, and nothing else.

mod cases;
mod server;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use serde_json::Value;

use self::cases::CASES;
use self::server::Mock;
use crate::server::at;

const TARGET: &str = "wasm32-unknown-unknown";

/// What is compiled: a package, and its features.
const COMPILED: [(&str, &str); 7] = [
    ("clientwright-runtime", ""),
    ("clientwright-runtime", "client"),
    ("clientwright-runtime", "client,test,tracing"),
    ("clientwright-runtime", "charset,rustls,serde"),
    (
        "clientwright-runtime",
        "gzip,deflate,brotli,zstd,native-tls,reqwest-013,charset,rustls,serde,test,tracing,jiff-02,chrono-04,time-03",
    ),
    ("data-platform-clients", "serde,bytehouse,capydb_imports,lakefs_import,tidb_cloud_data_service,tidb_cloud_import"),
    (
        "data-platform-clients",
        "client,rustls,serde,test,bytehouse,capydb_imports,lakefs_import,tidb_cloud_data_service,tidb_cloud_import",
    ),
];

/// How long all cases may take, and the process after them to end.
const PATIENCE: Duration = Duration::from_secs(60);

/// Nothing can be chosen.
#[derive(clap::Args)]
pub(crate) struct Arguments {}

/// Compiles and runs.
pub(crate) fn run(_: &Arguments) -> ExitCode {
    match prove() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {}", error.trim_end());
            ExitCode::FAILURE
        }
    }
}

fn prove() -> Result<bool, String> {
    let root = crate::root();
    // What is missing is said before anything is compiled.
    let node = Command::new("node").arg("--version").output();
    let node = node.map_err(|error| format!("node: {error}; the program runs in Node.js 20 or newer"))?;
    have_target()?;
    for (package, features) in COMPILED {
        println!("{package} with {}", if features.is_empty() { "no features" } else { features });
        let mut clippy = cargo(&root, &["clippy", "--lib", "--no-default-features", "--target", TARGET]);
        clippy.args(["--package", package, "--features", features, "--", "--deny", "warnings"]);
        done(&mut clippy)?;
    }
    let module = bound(&root)?;
    println!("{} cases in Node.js {}", CASES.len(), String::from_utf8_lossy(&node.stdout).trim());
    let mock = Mock::start().map_err(|error| format!("the mock server: {error}"))?;
    let said = called(&root, &module, &mock.url)?;
    Ok(report(&mock, &said))
}

/// Makes sure that the toolchain has the target.
fn have_target() -> Result<(), String> {
    let mut rustc = Command::new("rustc");
    let output = rustc.args(["--print", "sysroot"]).output().map_err(|error| format!("rustc: {error}"))?;
    let sysroot = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
    if sysroot.join("lib/rustlib").join(TARGET).is_dir() {
        return Ok(());
    }
    println!("the target {TARGET} is missing; `rustup target add {TARGET}` adds it");
    let added = Command::new("rustup").args(["target", "add", TARGET]).status();
    match added {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("the target {TARGET} is missing, and rustup did not add it: {status}")),
        Err(error) => Err(format!("the target {TARGET} is missing, and there is no rustup to add it: {error}")),
    }
}

/// A command of Cargo, whose output has a folder of its own.
fn cargo(root: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).args(["--quiet", "--locked"]).current_dir(root).stdin(Stdio::null());
    command.env("CARGO_TARGET_DIR", folder(root));
    command
}

fn folder(root: &Path) -> PathBuf {
    root.join("target/wasm")
}

fn done(command: &mut Command) -> Result<(), String> {
    let status = command.status().map_err(|error| format!("{}: {error}", command.get_program().display()))?;
    if status.success() { Ok(()) } else { Err(format!("{command:?} failed")) }
}

/// Builds the program, and binds it for Node.js: a module of JavaScript.
fn bound(root: &Path) -> Result<PathBuf, String> {
    let workspace = ["build", "--manifest-path", "verify/wasm/Cargo.toml"];
    done(cargo(root, &workspace).args(["--package", "program", "--target", TARGET]))?;
    done(cargo(root, &workspace).args(["--package", "bindgen"]))?;
    let (built, module) = (folder(root), folder(root).join("node"));
    let bindgen = built.join("debug").join(format!("bindgen{}", env::consts::EXE_SUFFIX));
    done(Command::new(bindgen).arg(built.join(TARGET).join("debug/program.wasm")).arg(&module))?;
    Ok(module.join("program.js"))
}

/// Runs the cases, and gives what the program says of each.
fn called(root: &Path, module: &Path, url: &str) -> Result<Vec<Value>, String> {
    let log = folder(root).join("node/output.log");
    let output = fs::File::create(&log).map_err(at(&log))?;
    let mut node = Command::new("node");
    node.arg(root.join("verify/wasm/run.cjs")).arg(module).arg(url).args(CASES.iter().map(|case| case.name));
    let mut child = node.stdin(Stdio::null()).stdout(output).spawn().map_err(|error| format!("node: {error}"))?;
    let start = Instant::now();
    let status = loop {
        match child.try_wait().map_err(|error| format!("node: {error}"))? {
            Some(status) => break status.to_string(),
            None if start.elapsed() < PATIENCE => thread::sleep(Duration::from_millis(50)),
            None => {
                let _ = child.kill();
                let _ = child.wait();
                break format!("it did not end in {} s", PATIENCE.as_secs());
            }
        }
    };
    let text = fs::read_to_string(&log).map_err(at(&log))?;
    if status != "exit status: 0" {
        return Err(format!("node: {status}\n{text}"));
    }
    Ok(text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect())
}

/// Prints what became of each case. Returns whether all are right.
fn report(mock: &Mock, said: &[Value]) -> bool {
    let mut are_right = true;
    for case in CASES {
        let told = said.iter().find(|told| told["name"] == case.name);
        let problem = match told.map(|told| &told["wrong"]) {
            None => Some("the program says nothing of it".to_owned()),
            Some(Value::Null) => mock.problem(&case),
            Some(wrong) => Some(wrong.as_str().map_or_else(|| wrong.to_string(), str::to_owned)),
        };
        match problem {
            None => println!("ok      {:<17} {}", case.name, case.shows),
            Some(problem) => {
                println!("FAILED  {:<17} {}\n        {problem}", case.name, case.shows);
                are_right = false;
            }
        }
    }
    are_right
}
