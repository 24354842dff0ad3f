//! Generated clients read streams from a server that never ends them, and request streams: the fixtures `streams` and `stream_switches`,
//! in a scratch crate with its own test.

use std::fs;

use clientwright::generate::generate;
use workspace_tests::{Kind, fixtures, root, scratch};

/// The dependencies of the scratch crate's test besides the client.
const TOKIO: &str =
    "\n[dev-dependencies]\ntokio = { version = \"1\", features = [\"macros\", \"net\", \"rt\", \"io-util\"] }\n";

#[test]
#[ignore = "second tier: cargo test --workspace --tests -- --include-ignored"]
fn a_generated_client_reads_streams_as_they_arrive() {
    let is_used = |name: &str| ["streams", "stream_switches"].contains(&name);
    let used = fixtures(Kind::Ok).into_iter().filter(|fixture| is_used(&fixture.name));
    let documents: Vec<_> = used.map(|fixture| fixture.document).collect();
    let generation = generate(&documents, &scratch::modules(&documents), "cargo xtask codegen");
    let krate = scratch::package("wire_streams", &generation, "", &[]);
    let manifest = fs::read_to_string(krate.join("Cargo.toml")).unwrap();
    fs::write(krate.join("Cargo.toml"), manifest.replacen("\n[dependencies]", &format!("{TOKIO}\n[dependencies]"), 1))
        .unwrap();
    fs::create_dir_all(krate.join("tests")).unwrap();
    fs::copy(root().join("tests/tests/compile/streams/program.rs"), krate.join("tests/program.rs")).unwrap();
    let tested = scratch::cargo(&krate, &["test", "--all-features", "--test", "program"], "");
    let said = String::from_utf8_lossy(&tested.stdout) + String::from_utf8_lossy(&tested.stderr);
    assert!(tested.status.success() && said.contains("6 passed"), "{said}");
}
