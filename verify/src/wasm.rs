//! `cargo xtask wasm`: the runtime and the generated clients in WebAssembly.
//!
//! Compiles them for `wasm32-unknown-unknown` with every set of features that makes a difference there, without a warning. Then builds the
//! program in `verify/wasm` and binds it for Node.js and for browsers, where `verify/wasm/prove.cjs` runs its cases against a mock server.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::browser;
use crate::files::target;
use crate::process::{self, done, run as output};

pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// The compiled packages, with their features.
const COMPILED: [(&str, &str); 5] = [
    ("clientwright-runtime", ""),
    ("clientwright-runtime", "client"),
    (
        "clientwright-runtime",
        "http2,gzip,deflate,brotli,zstd,native-tls,reqwest-013,blocking,charset,rustls,serde,test,tracing,jiff-02,chrono-04,time-03,xml",
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
    // Missing programs are reported before anything is compiled.
    output(Command::new("node").arg("--version"))
        .map_err(|error| format!("{error}; the program runs in Node.js 20 or newer"))?;
    have_target()?;
    let browser = if arguments.browser { Some(browser::find(&root)?) } else { None };
    for (package, features) in COMPILED {
        println!("{package} with {}", if features.is_empty() { "no features" } else { features });
        let mut clippy = cargo(&root, &["clippy", "--lib", "--no-default-features", "--target", TARGET]);
        clippy.args(["--package", package, "--features", features, "--", "--deny", "warnings"]);
        done(&mut clippy, package)?;
    }
    build(&root)?;
    let mut are_right = true;
    for host in [Some(("node".into(), None)), browser].into_iter().flatten() {
        let (program, libraries): (PathBuf, Option<PathBuf>) = host;
        let mut node = Command::new("node");
        node.arg(root.join("verify/wasm/prove.cjs")).arg(folder(&root)).arg(program).args(libraries);
        are_right &= browser::is_right(&mut node)?;
    }
    Ok(are_right)
}

/// Makes sure that the toolchain has the target.
pub(crate) fn have_target() -> Result<(), String> {
    let sysroot = output(Command::new("rustc").args(["--print", "sysroot"]))?;
    if Path::new(sysroot.trim()).join("lib/rustlib").join(TARGET).is_dir() {
        return Ok(());
    }
    println!("the target {TARGET} is missing; `rustup target add {TARGET}` adds it");
    let added = output(Command::new("rustup").args(["target", "add", TARGET]));
    added.map(drop).map_err(|error| format!("the target {TARGET} is missing, and was not added: {error}"))
}

/// Returns a Cargo command.
pub(crate) fn cargo(root: &Path, arguments: &[&str]) -> Command {
    let mut cargo = process::cargo(root, &target(root));
    cargo.args(arguments).args(["--quiet", "--locked"]);
    cargo
}

/// Returns the folder for the bound program.
fn folder(root: &Path) -> PathBuf {
    root.join("target/wasm")
}

const WORKSPACE: [&str; 3] = ["build", "--manifest-path", "verify/wasm/Cargo.toml"];

/// Builds the program and binds it.
fn build(root: &Path) -> Result<(), String> {
    done(cargo(root, &WORKSPACE).args(["--package", "program", "--target", TARGET]), "the program")?;
    bind(root, &target(root).join(TARGET).join("debug/program.wasm"), &folder(root))
}

/// Binds a program for Node.js and for browsers: JavaScript modules in `node` and `web` of a folder.
pub(crate) fn bind(root: &Path, program: &Path, output: &Path) -> Result<(), String> {
    done(cargo(root, &WORKSPACE).args(["--package", "bindgen"]), "what binds it")?;
    let bindgen = target(root).join("debug").join(format!("bindgen{}", env::consts::EXE_SUFFIX));
    done(Command::new(bindgen).arg(program).arg(output), "binding the program")
}
