//! The workflows of this repository and of new projects: their actions and permissions.

use std::env;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;
use workspace_tests::root;

/// Returns the files of a folder of the repository.
fn files(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join(folder)).unwrap_or_else(|error| panic!("{folder}: {error}"));
    entries.map(|entry| entry.expect("an entry").path()).collect()
}

fn yaml(path: &PathBuf) -> Value {
    let text = fs::read_to_string(path).expect("a file");
    serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Returns all actions and reusable workflows that a value uses.
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

/// Returns the workflows of new projects.
fn templates() -> [PathBuf; 2] {
    ["ci.yml", "update.yml"].map(|name| root().join("cli/templates").join(name))
}

/// Returns the script of a named step in a new project's workflow.
fn script(template: &str, name: &str) -> String {
    let workflow = yaml(&root().join("cli/templates").join(template));
    let jobs = workflow["jobs"].as_object().expect("jobs");
    let mut steps = jobs.values().filter_map(|job| job["steps"].as_array()).flatten();
    let step = steps.find(|step| step["name"] == name).unwrap_or_else(|| panic!("{template} has no step {name}"));
    step["run"].as_str().expect("a script").replace("{{module}}", "pets")
}

/// A folder with a fake `gh`, which appends its arguments and `comment.md` to `calls`, or prints `known` for lists.
struct GitHub(TempDir);

impl GitHub {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let gh = "#!/bin/bash
cd \"$RUNNER_TEMP\"
case \"$*\" in
  *--paginate* | 'pr list '*) cat known ;;
  *) echo \"$@\" >> calls; if [ -f comment.md ]; then cat comment.md >> calls; fi ;;
esac
";
        fs::create_dir(folder.path().join("bin")).expect("a folder");
        let path = folder.path().join("bin/gh");
        fs::write(&path, gh).expect("a script");
        fs::set_permissions(path, Permissions::from_mode(0o755)).expect("a script");
        Self(folder)
    }

    /// Runs a step like GitHub, and returns the calls of `gh`.
    fn run(&self, script: &str, folder: &Path, known: &str, diff: &str) -> String {
        let path = |name: &str| self.0.path().join(name);
        fs::write(path("known"), known).expect("a file");
        fs::write(path("diff.md"), diff).expect("a file");
        fs::write(path("calls"), "").expect("a file");
        let output = Command::new("bash")
            .args(["-e", "-c", script])
            .current_dir(folder)
            .env("PATH", format!("{}:{}", path("bin").display(), env::var("PATH").unwrap_or_default()))
            .env("RUNNER_TEMP", self.0.path())
            .env("GITHUB_REPOSITORY", "acme/pets")
            .env("NUMBER", "7")
            .output()
            .expect("bash");
        assert!(output.status.success(), "{output:?}");
        fs::read_to_string(path("calls")).expect("a file")
    }
}

#[test]
fn a_pull_request_has_one_comment() {
    let github = GitHub::new();
    let script = script("ci.yml", "Comment");
    let here = root();
    let mark = "<!-- clientwright diff -->\n";
    let first = github.run(&script, &here, "", "changes\n");
    assert_eq!(
        first,
        format!("api --silent repos/acme/pets/issues/7/comments --field body=@comment.md\n{mark}changes\n")
    );
    let patch = "api --silent --method PATCH repos/acme/pets/issues/comments/12 --field body=@comment.md\n";
    assert_eq!(github.run(&script, &here, "12\n", "more\n"), format!("{patch}{mark}more\n"));
    assert_eq!(github.run(&script, &here, "12\n", ""), format!("{patch}{mark}The API does not change.\n"));
    assert_eq!(github.run(&script, &here, "", ""), "");
}

#[test]
fn an_update_is_one_pull_request() {
    let github = GitHub::new();
    let script = script("update.yml", "Pull request");
    let folder = tempfile::tempdir().expect("a folder");
    let project = folder.path().join("project");
    let git = |arguments: &[&str]| {
        let own = ["-c", "user.name=a", "-c", "user.email=a@example.com"];
        let output = Command::new("git").args(own).args(arguments).current_dir(&project).output().expect("git");
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    for part in ["specs", "client"] {
        fs::create_dir_all(project.join(part)).expect("a folder");
        fs::write(project.join(part).join("file"), "old").expect("a file");
    }
    git(&["init", "--quiet", "--initial-branch=main"]);
    git(&["init", "--quiet", "--bare", "../origin.git"]);
    git(&["remote", "add", "origin", "../origin.git"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message", "first"]);
    assert_eq!(github.run(&script, &project, "", "changes"), "", "nothing changed");
    for (known, called) in [("", "pr create --head clientwright/update --title Update pets"), ("3\n", "pr edit 3")] {
        git(&["switch", "--quiet", "main"]);
        fs::write(project.join("specs/file"), format!("new {known}")).expect("a file");
        fs::write(project.join("client/new"), "new").expect("a file");
        let calls = github.run(&script, &project, known, "changes");
        assert!(calls.starts_with(called) && calls.contains("--body-file"), "{calls}");
        let log = git(&["log", "--format=%s", "--name-only", "origin/clientwright/update"]);
        let log: Vec<&str> = log.lines().filter(|line| !line.is_empty()).take(4).collect();
        assert_eq!(log, ["Generate pets", "client/new", "Update the document of pets", "specs/file"]);
    }
}

#[test]
fn workflows_pin_their_actions_and_only_read() {
    for template in templates() {
        assert!(uses(&yaml(&template)).iter().any(|action| action.starts_with("Swatinem/rust-cache@")), "no cache");
    }
    for path in files(".github/workflows").into_iter().chain(templates()) {
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
