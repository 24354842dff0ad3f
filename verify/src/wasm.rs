//! `cargo xtask wasm`: the runtime and the generated clients in WebAssembly.
//!
//! Compiles them for `wasm32-unknown-unknown` with every set of features that makes a difference there, without a warning; then builds the
//! program in `verify/wasm`, binds it for Node.js and for browsers, and runs its cases against a mock server on the loopback interface.
//! Invariant: a case is right only if the program says so and the server was sent what it should be, and nothing else.

mod cases;
mod hosts;
mod server;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

use serde_json::Value;

use self::cases::{CASES, Case};
use self::hosts::Host;
use self::server::Mock;

use crate::files::at;

const TARGET: &str = "wasm32-unknown-unknown";

/// What is compiled: a package, and its features.
const COMPILED: [(&str, &str); 7] = [
    ("clientwright-runtime", ""),
    ("clientwright-runtime", "client"),
    ("clientwright-runtime", "client,test,tracing"),
    ("clientwright-runtime", "charset,rustls,serde"),
    (
        "clientwright-runtime",
        "http2,gzip,deflate,brotli,zstd,native-tls,reqwest-013,charset,rustls,serde,test,tracing,jiff-02,chrono-04,time-03",
    ),
    ("data-platform-clients", "serde,bytehouse,capydb_imports,lakefs_import,tidb_cloud_data_service,tidb_cloud_import"),
    (
        "data-platform-clients",
        "client,rustls,serde,test,bytehouse,capydb_imports,lakefs_import,tidb_cloud_data_service,tidb_cloud_import",
    ),
];

/// Where the program runs.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Run it in Chromium, too: that of the `PATH`, or one that is installed under target/ (Linux on x86-64)
    #[arg(long)]
    browser: bool,
}

/// Compiles and runs.
pub(crate) fn run(arguments: &Arguments) -> Result<bool, String> {
    let root = crate::root();
    // What is missing is said before anything is compiled.
    let mut hosts = vec![Host::node()?];
    have_target()?;
    if arguments.browser {
        hosts.push(Host::browser(&root)?);
    }
    for (package, features) in COMPILED {
        println!("{package} with {}", if features.is_empty() { "no features" } else { features });
        let mut clippy = cargo(&root, &["clippy", "--lib", "--no-default-features", "--target", TARGET]);
        clippy.args(["--package", package, "--features", features, "--", "--deny", "warnings"]);
        done(&mut clippy)?;
    }
    bind(&root)?;
    let mut are_right = true;
    for host in hosts {
        let cases: Vec<&Case> = CASES.iter().filter(|case| host.has(case)).collect();
        println!("\n{} cases in {}", cases.len(), host.version());
        let mock = Mock::start(&folder(&root).join("web")).map_err(|error| format!("the mock server: {error}"))?;
        let said = host.run(&root, &mock, &cases)?;
        are_right &= report(&mock, &cases, &said);
    }
    Ok(are_right)
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

/// Builds the program, and binds it for Node.js and for browsers: modules of JavaScript in `node` and `web` of the folder.
fn bind(root: &Path) -> Result<(), String> {
    let workspace = ["build", "--manifest-path", "verify/wasm/Cargo.toml"];
    done(cargo(root, &workspace).args(["--package", "program", "--target", TARGET]))?;
    done(cargo(root, &workspace).args(["--package", "bindgen"]))?;
    let built = folder(root);
    let bindgen = built.join("debug").join(format!("bindgen{}", env::consts::EXE_SUFFIX));
    done(Command::new(bindgen).arg(built.join(TARGET).join("debug/program.wasm")).arg(&built))?;
    let (page, served) = (root.join("verify/wasm/page.html"), built.join("web/page.html"));
    fs::copy(&page, served).map_err(at(&page)).map(drop)
}

/// Prints what became of each case of a host. Returns whether all are right.
fn report(mock: &Mock, cases: &[&Case], said: &[Value]) -> bool {
    let mut are_right = true;
    for case in cases {
        let told = said.iter().find(|told| told["name"] == case.name);
        let problem = match told.map(|told| &told["wrong"]) {
            None => Some("the program says nothing of it".to_owned()),
            Some(Value::Null) => mock.problem(case),
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
