//! The contract programs compile: those of the documents under `specs/` and of all fixtures.
//!
//! One scratch crate below the target folder contains the clients and the programs that call them, so that cargo runs
//! once. It shares the target folder, and with it the compiled dependencies.

use std::fs;
use std::path::PathBuf;

use clientwright::generate::{Document, Generation, generate};
use clientwright::internal::write::{self, File};
use verify::contract_programs::program_for;
use workspace_tests::{Kind, fixtures, root, scratch, specs};

/// The crate's name. Programs use it as the name of the client's crate.
const CLIENT: &str = "contract_programs";

#[test]
#[ignore = "second tier: cargo test --workspace --tests -- --include-ignored"]
fn every_program_compiles() {
    let krate = scratch_crate();
    let output = scratch::cargo(&krate, &["check", "--message-format=short"], "");
    let said = String::from_utf8_lossy(&output.stderr);
    let status = output.status;
    assert!(status.success(), "the programs in {} are not accepted ({status}):\n{}", krate.display(), cause(&said));
}

/// Returns the errors in cargo's output, or the whole output without errors: a long log would be truncated after its
/// warnings.
fn cause(said: &str) -> String {
    let errors: Vec<&str> = said.lines().filter(|line| line.contains("error")).take(50).collect();
    if errors.is_empty() { said.to_owned() } else { errors.join("\n") }
}

/// Returns the documents under `specs/` and the fixtures that are generated, at least in part.
fn documents() -> Vec<Document> {
    let fixtures = [Kind::Ok, Kind::Unsupported].into_iter().flat_map(fixtures).map(|fixture| fixture.document);
    specs().into_iter().chain(fixtures).collect()
}

fn scratch_crate() -> PathBuf {
    let krate = root().join("target").join(CLIENT);
    fs::create_dir_all(&krate).expect("a folder");
    let documents = documents();
    let modules = scratch::modules(&documents);
    let generation = generate(&documents, &modules, "cargo xtask codegen");
    let client = generation.root.as_ref().expect("all of them are generated");
    let programs = documents.iter().map(|document| {
        let program = program_for(document, &format!("{CLIENT}::{}", document.module));
        program.unwrap_or_else(|errors| panic!("{}: {errors:#?}", document.module)).file
    });
    let programs: Vec<File> = programs.map(|file| File { path: format!("programs/{}", file.path), ..file }).collect();
    let modules_of_programs: String = modules.iter().map(|module| format!("    pub mod {module};\n")).collect();
    let contents = format!(
        "{}\nextern crate self as {CLIENT};\n\n/// The programs.\npub mod programs {{\n{modules_of_programs}}}\n",
        client.contents
    );
    let mut files = vec![
        File { path: "src/lib.rs".to_owned(), contents },
        File { path: "Cargo.toml".to_owned(), contents: manifest(&generation) },
    ];
    let clients = generation.apis.iter().flat_map(|api| &api.files);
    files.extend(clients.chain(&programs).map(below_src));
    let plan = write::plan(files, &krate, &["src".to_owned()]).expect("a plan");
    write::apply(&plan, &krate).expect("the files can be written");
    fs::copy(root().join("Cargo.lock"), krate.join("Cargo.lock")).expect("the lock file");
    krate
}

fn below_src(file: &File) -> File {
    File { path: format!("src/{}", file.path), contents: file.contents.clone() }
}

/// Returns the manifest, with the features of the APIs.
fn manifest(generation: &Generation) -> String {
    let [contract, runtime] = [("clientwright-contract", "verify/contract"), ("clientwright-runtime", "runtime")]
        .map(|(name, folder)| scratch::dependency(name, folder));
    let manifest = scratch::manifest(CLIENT, &format!("[features]\n\n[dependencies]\n{contract}{runtime}"));
    scratch::with_features(&manifest, generation)
}
