//! The examples of the generated crate: each API has one, each builds, and each prints its usage.
//!
//! In: the documents under `specs/` and the programs under `generated/examples/`. Requests of the programs are not
//! tested here. Invariant: no usage text shows a secret from the environment.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::OnceLock;

use serde_json::Value;
use workspace_tests::{root, specs};

const CARGO: &str = env!("CARGO");
const PACKAGE: &str = "data-platform-clients";

/// Parts of the names of environment variables with secrets.
const SECRETS: [&str; 7] = ["API_KEY", "JWT", "PRIVATE", "SECRET", "SESSION", "SOURCE_URL", "TOKEN"];

/// Returns the programs by name, built once for all tests.
fn programs() -> &'static BTreeMap<String, PathBuf> {
    static PROGRAMS: OnceLock<BTreeMap<String, PathBuf>> = OnceLock::new();
    PROGRAMS.get_or_init(|| {
        // All packages, so that the features are those of the workspace's tests.
        let arguments = ["build", "--workspace", "--examples", "--message-format", "json-render-diagnostics"];
        let output = Command::new(CARGO).args(arguments).current_dir(root()).output().expect("cargo runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let messages = String::from_utf8(output.stdout).expect("cargo writes UTF-8");
        messages.lines().filter_map(program).collect()
    })
}

/// Returns name and path of the example in a message of cargo.
fn program(message: &str) -> Option<(String, PathBuf)> {
    let message: Value = serde_json::from_str(message).expect("cargo writes JSON");
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let source = text(&message["target"]["src_path"])?;
    if message["target"]["kind"][0] != "example" || !source.starts_with(root().join("generated").to_str()?) {
        return None;
    }
    Some((text(&message["target"]["name"])?, text(&message["executable"])?.into()))
}

/// Runs a program in an environment without arguments.
fn run(program: &PathBuf, arguments: &[&str]) -> Output {
    let mut command = Command::new(program);
    command.args(arguments).env_clear();
    // Windows needs this variable for sockets.
    if let Some(folder) = std::env::var_os("SystemRoot") {
        command.env("SystemRoot", folder);
    }
    command.output().unwrap_or_else(|error| panic!("{}: {error}", program.display()))
}

#[test]
fn every_api_has_an_example() {
    let apis: Vec<String> = specs().into_iter().map(|document| document.module).collect();
    let programs: Vec<String> = programs().keys().cloned().collect();
    assert_eq!(programs, apis);
    let page = std::fs::read_to_string(root().join("docs/guide/examples.md")).expect("docs/guide/examples.md");
    for api in apis {
        let command = format!("cargo run --package {PACKAGE} --example {api} -- --help");
        assert!(page.contains(&command), "docs/guide/examples.md lacks `{command}`");
    }
}

#[test]
fn every_example_says_how_it_is_used() {
    for (name, program) in programs() {
        let output = run(program, &["--help"]);
        let text = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(0), "{name}");
        assert!(text.contains(&format!("Usage: {name}")), "{name}: {text}");
        assert!(output.stderr.is_empty(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn an_example_without_arguments_fails_and_says_how_it_is_used() {
    for (name, program) in programs() {
        let output = run(program, &[]);
        let text = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{name}");
        assert!(text.contains(&format!("Usage: {name}")), "{name}: {text}");
        assert!(output.stdout.is_empty(), "{name}: {}", String::from_utf8_lossy(&output.stdout));
    }
}

/// Returns the usage texts of a program and of its subcommands.
fn usage_texts(program: &PathBuf) -> String {
    let help = |arguments: &[&str]| String::from_utf8_lossy(&run(program, arguments).stdout).into_owned();
    let mut text = help(&["--help"]);
    let listed =
        text.split_once("Commands:\n").map(|(_, rest)| rest.split("\n\n").next().unwrap_or_default().to_owned());
    let commands = listed.iter().flat_map(|listed| listed.lines()).filter_map(|line| line.split_whitespace().next());
    for command in commands.filter(|command| *command != "help") {
        text.push_str(&help(&[command, "--help"]));
    }
    text
}

#[test]
fn no_usage_text_shows_a_secret() {
    for (name, program) in programs() {
        let text = usage_texts(program);
        // `[env: NAME=value]` shows the value of the variable, `[env: NAME]` does not.
        let variables = text.split("[env: ").skip(1).filter_map(|rest| rest.split(']').next());
        let secrets: Vec<&str> =
            variables.filter(|variable| SECRETS.iter().any(|part| variable.contains(part))).collect();
        assert!(!secrets.is_empty(), "{name} takes no secret from the environment");
        for secret in secrets {
            assert!(!secret.contains('='), "{name} shows {secret}");
        }
    }
}
