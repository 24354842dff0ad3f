//! A crate whose build script generates its clients into `OUT_DIR`, as documented for `Project::build`.
//!
//! A scratch crate shares the target folder, and with it the compiled dependencies.

use std::fs;
use std::path::Path;
use std::process::Output;

use workspace_tests::{root, scratch};

const BUILD: &str = r#"fn main() {
    println!("cargo::rerun-if-changed=specs");
    let report = clientwright::project::Project::new("specs", std::env::var("OUT_DIR").unwrap()).build();
    assert_eq!(report.findings.errors(), 0, "{}", report.findings);
}
"#;

const LIBRARY: &str = r#"#![recursion_limit = "4096"]
include!(concat!(env!("OUT_DIR"), "/clients/mod.rs"));

pub fn greeting(client: &greeter::Client) -> clientwright_runtime::Call<greeter::types::Greeting> {
    client.greetings().greet()
}
"#;

const DOCUMENT: &str = "\
openapi: 3.0.3
info: { title: Greeter, version: '1' }
paths:
  /greeting:
    get:
      operationId: greet
      tags: [greetings]
      responses:
        '200':
          description: A greeting.
          content: { application/json: { schema: { $ref: '#/components/schemas/Greeting' } } }
components:
  schemas:
    Greeting: { type: object, required: [text], properties: { text: { type: string } } }
";

#[test]
#[ignore = "second tier: cargo test --workspace --tests -- --include-ignored"]
fn a_build_script_generates_into_out_dir() {
    let krate = root().join("target/build_script");
    write(&krate, "Cargo.toml", &manifest());
    write(&krate, "build.rs", BUILD);
    write(&krate, "src/lib.rs", LIBRARY);
    write(&krate, "specs/greeter.yaml", DOCUMENT);
    fs::copy(root().join("Cargo.lock"), krate.join("Cargo.lock")).unwrap();
    let checked = check(&krate);
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));

    write(&krate, "specs/greeter.yaml", &DOCUMENT.replace("info:", "inof:"));
    let checked = check(&krate);
    let said = String::from_utf8_lossy(&checked.stderr);
    assert!(!checked.status.success() && said.contains("specs/greeter.yaml:2:1"), "{said}");
}

fn check(krate: &Path) -> Output {
    scratch::cargo(krate, &["check"], "")
}

/// Dependencies are built like those of the workspace.
fn manifest() -> String {
    let runtime = scratch::dependency("clientwright-runtime", "runtime");
    let generator = scratch::dependency("clientwright", "generator");
    let tables = format!("[dependencies]\n{runtime}\n[build-dependencies]\n{generator}");
    scratch::manifest("build_script", &tables)
}

fn write(krate: &Path, path: &str, text: &str) {
    let path = krate.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}
