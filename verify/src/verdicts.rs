//! `cargo xtask verdicts`: compares the severities of `diff` with the verdicts of openapi-diff.
//!
//! In: the changes of schemas in `tests/diff`, each in a request and in a response. Out: the changes for which the verdicts differ. Invariant:
//! `verify/verdicts/argued.yaml` lists each difference with its reason, and no others.

use std::collections::BTreeMap;
use std::fmt;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use clientwright::diff::Severity;
use clientwright::internal::diff::messages;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::files::{at, data, read};
use crate::npm;

/// Two versions of a schema.
#[derive(Deserialize)]
struct Change {
    change: String,
    old: Value,
    new: Value,
}

/// A change for which the verdicts differ, with the reason.
#[derive(Deserialize)]
struct Argued {
    change: String,
    r#in: Direction,
    why: String,
}

/// The direction of the message that has a schema.
#[derive(Clone, Copy, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "lowercase")]
enum Direction {
    Request,
    Response,
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if *self == Self::Request { "request" } else { "response" })
    }
}

/// Compares all verdicts, and prints those that differ. Fails if a difference has no reason in the list.
pub(crate) fn run() -> Result<bool, String> {
    let root = crate::root();
    let folder = root.join("verify/verdicts");
    npm::install(&folder)?;
    let changes: Vec<Change> = list(&root.join("tests/diff/schemas.yaml"))?;
    let base: Value = data(&root.join("tests/diff/document.yaml"))?;
    let argued: Vec<Argued> = list(&folder.join("argued.yaml"))?;
    let cases: Vec<(&Change, Direction)> =
        changes.iter().flat_map(|change| [(change, Direction::Request), (change, Direction::Response)]).collect();
    let pairs: Vec<[Value; 2]> = cases
        .iter()
        .map(|(change, at)| [&change.old, &change.new].map(|schema| document(&base, schema, *at)))
        .collect();
    let theirs = judged(&folder, &pairs)?;
    let (mut agreed, mut without_rule) = (0, 0);
    let mut differing: BTreeMap<(&str, Direction), (Option<Severity>, &str)> = BTreeMap::new();
    for (((change, at), [old, new]), theirs) in cases.iter().zip(&pairs).zip(theirs.lines()) {
        let ours = messages(old, new).iter().map(|change| change.severity).max();
        match theirs {
            "none" if ours.is_some() => without_rule += 1,
            _ if (theirs == "breaking") == (ours == Some(Severity::Breaking)) => agreed += 1,
            _ => drop(differing.insert((&change.change, *at), (ours, theirs))),
        }
    }
    let reason = |change: &str, at| argued.iter().find(|one| one.change == change && one.r#in == at);
    for ((change, at), (ours, theirs)) in &differing {
        let ours = ours.map_or("no change".to_owned(), |ours| format!("{ours:?}").to_lowercase());
        let why = reason(change, *at).map_or("NOT ARGUED", |argued| &argued.why);
        println!("{change} ({at}): openapi-diff {theirs}, Clientwright {ours}: {why}");
    }
    println!("{agreed} of {} verdicts agree; openapi-diff has no rule for {without_rule}", cases.len());
    let needless = argued.iter().filter(|one| !differing.contains_key(&(one.change.as_str(), one.r#in)));
    for one in needless.clone() {
        println!("{} ({}) is argued, but does not differ", one.change, one.r#in);
    }
    Ok(needless.count() == 0 && differing.keys().all(|(change, at)| reason(change, *at).is_some()))
}

fn list<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>, String> {
    serde_yaml::from_str(&read(path)?).map_err(at(path))
}

/// Returns the document with a schema in one direction.
fn document(base: &Value, schema: &Value, at: Direction) -> Value {
    let content = json!({ "application/json": { "schema": schema } });
    let item = match at {
        Direction::Request => {
            json!({ "put": { "requestBody": { "content": content }, "responses": { "204": { "description": "d" } } } })
        }
        Direction::Response => {
            json!({ "get": { "responses": { "200": { "description": "d", "content": content } } } })
        }
    };
    let mut document = base.clone();
    document["paths"]["/new"] = item;
    document
}

/// Runs openapi-diff on pairs of documents. Returns a line for each.
fn judged(folder: &Path, pairs: &[[Value; 2]]) -> Result<String, String> {
    let failed = |error: std::io::Error| format!("cannot run Node.js: {error}");
    let mut command = Command::new("node");
    let mut node = command
        .arg("judge.cjs")
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    let lines: String = pairs.iter().map(|pair| json!(pair).to_string() + "\n").collect();
    if let Some(mut input) = node.stdin.take() {
        input.write_all(lines.as_bytes()).map_err(failed)?;
    }
    let output = node.wait_with_output().map_err(failed)?;
    if !output.status.success() {
        return Err("openapi-diff failed".to_owned());
    }
    String::from_utf8(output.stdout).map_err(|error| error.to_string())
}
