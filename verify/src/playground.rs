//! `cargo xtask playground`: normalizer and generator in WebAssembly, as a page.
//!
//! In: `playground/`. Out: a site in `target/playground/site`, which needs only a file server. `verify/playground/prove.cjs` tests it in
//! Chromium, also with documents of a corpus; the project that it downloads is compiled with the checkout's runtime.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use clientwright_cli::internal::{SCRIPT_HASH, STYLE_HASH};

use zip::ZipArchive;

use crate::files::{at, empty, entries, read, target, write};
use crate::process::{cargo, done};
use crate::{browser, wasm};

/// The stack in bytes: documents may be nested deeply.
const STACK: usize = 16 << 20;

/// The name of the program for Cargo and `wasm-bindgen`.
const PROGRAM: &str = "clientwright_playground";

/// Files of the example project, by kind.
const EXPECTED: [&str; 7] = [
    "Cargo.toml", "README.md", "client/Cargo.toml", "client/src/example/notes.rs", "specs/example.yaml",
    "specs/example.ledger.md", "specs/example.names.lock",
];

/// What is done with the site.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Try it in Chromium, too: that of the `PATH`, or one that is installed under target/ (Linux on x86-64)
    #[arg(long)]
    browser: bool,
    /// Serve it on this machine until the command is stopped
    #[arg(long)]
    serve: bool,
    /// The folder of real documents to try, if it exists
    #[arg(long, default_value = "../shared/corpus")]
    corpus: PathBuf,
}

/// Builds the site, and tests or serves it.
pub(crate) fn run(arguments: &Arguments) -> Result<bool, String> {
    let root = crate::root();
    let folder = root.join("target/playground");
    let site = folder.join("site");
    build(&root, &folder, &site)?;
    println!("{}", site.join("index.html").display());
    if arguments.browser && !is_right(&root, &folder, &site, arguments)? {
        return Ok(false);
    }
    if arguments.serve {
        done(Command::new("node").arg(root.join("verify/playground/serve.cjs")).arg(&site), "the server")?;
    }
    Ok(true)
}

/// Compiles and binds the program, and copies the files of the page next to it.
fn build(root: &Path, folder: &Path, site: &Path) -> Result<(), String> {
    wasm::have_target()?;
    let mut rustc =
        wasm::cargo(root, &["rustc", "--package", "clientwright-playground", "--lib", "--profile", "playground"]);
    rustc.args(["--crate-type", "cdylib", "--target", wasm::TARGET, "--"]);
    done(rustc.arg(format!("-Clink-arg=-zstack-size={STACK}")), "the program")?;
    let program = target(root).join(wasm::TARGET).join("playground").join(format!("{PROGRAM}.wasm"));
    wasm::bind(root, &program, folder)?;
    empty(site)?;
    for source in [folder.join("web"), root.join("playground/site")] {
        for file in entries(&source)? {
            fs::copy(&file, site.join(file.file_name().unwrap_or_default())).map_err(at(&file))?;
        }
    }
    let page = site.join("index.html");
    write(&page, &read(&page)?.replace("{{script}}", SCRIPT_HASH).replace("{{style}}", STYLE_HASH))
}

/// Tests the site, and compiles the project that was downloaded from it.
fn is_right(root: &Path, folder: &Path, site: &Path, arguments: &Arguments) -> Result<bool, String> {
    let (program, libraries) = browser::find(root)?;
    let downloads = folder.join("downloads");
    let mut node = Command::new("node");
    node.arg(root.join("verify/playground/prove.cjs"))
        .args([folder, site, &downloads, &root.join(&arguments.corpus)])
        .arg(program)
        .args(libraries);
    if !browser::is_right(&mut node)? {
        return Ok(false);
    }
    let archive = fs::File::open(downloads.join("example.zip")).map_err(at(&downloads))?;
    let extracted = ZipArchive::new(archive).and_then(|mut archive| archive.extract(&downloads));
    extracted.map_err(at(&downloads))?;
    let project = downloads.join("example");
    let missing = EXPECTED.iter().find(|path| !project.join(path).is_file());
    missing.map_or(Ok(()), |path| Err(format!("the archive lacks {path}")))?;
    let manifest = project.join("Cargo.toml");
    let local = format!("{{ path = {:?},", root.join("runtime"));
    write(
        &manifest,
        &read(&manifest)?.replace("clientwright-runtime = {", &format!("clientwright-runtime = {local}")),
    )?;
    // The repository's versions of dependencies, which are already downloaded.
    fs::copy(root.join("Cargo.lock"), project.join("Cargo.lock")).map_err(at(&project))?;
    let mut clippy = cargo(&project, &target(root));
    clippy.args(["clippy", "--quiet", "--offline", "--package", "example-client", "--lib", "--", "-Dwarnings"]);
    Ok(done(&mut clippy, "the project").is_ok())
}
