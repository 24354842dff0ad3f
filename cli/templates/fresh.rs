//! The client is up to date with the documents. The command has to be installed, see README.md.

use std::process::Command;

#[test]
fn client_is_fresh() {
    let mut check = Command::new("clientwright");
    check
        .args(["codegen", "--check"])
        .current_dir(env!("CARGO_MANIFEST_DIR"));
    let output = check
        .output()
        .unwrap_or_else(|error| panic!("clientwright: {error}; README.md says how to install it"));
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
