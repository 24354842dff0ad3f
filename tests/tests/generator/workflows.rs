//! The workflows of this repository and of new projects: which actions they use, and what they may do.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use workspace_tests::root;

/// The files of a folder of the repository.
fn files(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join(folder)).unwrap_or_else(|error| panic!("{folder}: {error}"));
    entries.map(|entry| entry.expect("an entry").path()).collect()
}

fn yaml(path: &PathBuf) -> Value {
    let text = fs::read_to_string(path).expect("a file");
    serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// All actions and reusable workflows that a value uses.
fn uses(value: &Value) -> Vec<&str> {
    match value {
        Value::Array(items) => items.iter().flat_map(uses).collect(),
        Value::Object(entries) => {
            let own = entries.get("uses").and_then(Value::as_str);
            own.into_iter().chain(entries.values().flat_map(uses)).collect()
        }
        _ => Vec::new(),
    }
}

#[test]
fn workflows_pin_their_actions_and_only_read() {
    let template = root().join("cli/templates/ci.yml");
    assert!(uses(&yaml(&template)).iter().any(|action| action.starts_with("Swatinem/rust-cache@")), "no cache");
    for path in files(".github/workflows").into_iter().chain([template]) {
        let workflow = yaml(&path);
        assert_eq!(workflow["permissions"], serde_json::json!({"contents": "read"}), "{}", path.display());
        for action in uses(&workflow) {
            let commit = action.split_once('@').map_or("", |(_, commit)| commit);
            let is_pinned = commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
            assert!(is_pinned || action.starts_with("./"), "{}: {action} names no commit", path.display());
        }
    }
}

#[test]
fn workflows_run_scripts_that_exist() {
    for path in files(".github/workflows") {
        let text = fs::read_to_string(&path).expect("a workflow");
        for script in text.lines().filter_map(|line| line.trim().strip_prefix("- run: .ci/")) {
            let script = script.split(' ').next().unwrap_or_default();
            assert!(root().join(".ci").join(script).is_file(), "{}: .ci/{script}", path.display());
        }
    }
}

#[test]
fn issue_forms_have_what_github_requires() {
    for path in files(".github/ISSUE_TEMPLATE") {
        let form = yaml(&path);
        for key in ["name", "description", "body"] {
            assert!(!form[key].is_null(), "{}: no `{key}`", path.display());
        }
        for field in form["body"].as_array().expect("a list") {
            assert!(field["id"].is_string() && field["attributes"]["label"].is_string(), "{}: {field}", path.display());
        }
    }
}
