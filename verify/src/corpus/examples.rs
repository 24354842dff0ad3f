//! The examples of each document: decoded into their generated types, encoded again, and compared.
//!
//! In: the programs that were written next to the clients. Out: the result of each example. Invariant: a validator that is
//! independent of this project ([`crate::judge`]) decides whether an example contradicts its schema. A valid example that
//! is changed by decoding and encoding is our fault.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::examples::{Case, differences};
use clientwright_normalizer::pointer::Pointer;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::scratch::{Scratch, program_name};
use super::{Jobs, Record, generated};
use crate::files::{at, data, read};
use crate::judge::Judge;
use crate::measure;

/// The results of a document's examples.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Tried {
    /// The number of tried examples.
    pub(crate) examples: usize,
    /// The number of examples that are elsewhere or are not JSON.
    pub(crate) left_out: usize,
    /// The examples that changed.
    pub(crate) findings: Vec<Finding>,
    /// The reason why examples were not tried, or not all of them.
    pub(crate) fault: Option<String>,
}

/// An example that was changed by decoding and encoding.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Finding {
    /// The cause.
    pub(crate) kind: Blame,
    /// The JSON pointer of the example.
    pub(crate) at: String,
    /// The change, or the error.
    pub(crate) happened: String,
    /// The contradiction between the example and its schema, if any.
    pub(crate) contradiction: Option<String>,
}

/// The cause of a changed example.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Blame {
    /// The document: the example contradicts its schema.
    Contradicts,
    /// This project.
    Ours,
}

impl Tried {
    /// Returns the number of unchanged examples.
    pub(crate) fn same(&self) -> usize {
        self.examples.saturating_sub(self.findings.len())
    }

    /// Returns `true` if this project caused no change.
    pub(crate) fn is_clean(&self) -> bool {
        self.fault.is_none() && self.findings.iter().all(|finding| finding.kind == Blame::Contradicts)
    }
}

/// Tries the examples of all documents, one document at a time, starting with the fastest to compile.
pub(super) fn try_all(scratch: &Scratch, records: &mut [Record], jobs: Jobs) -> Result<(), String> {
    let names = generated(records);
    let size =
        |name: &str| fs::metadata(scratch.package(name).join(format!("{name}.yaml"))).map_or(0, |file| file.len());
    let mut order: Vec<&mut Record> = records.iter_mut().filter(|record| names.contains(&record.name)).collect();
    order.sort_by_key(|record| size(&record.name));
    for record in order {
        let tried = try_one(scratch, &record.name, jobs);
        let tried = tried.unwrap_or_else(|fault| Tried { fault: Some(fault), ..Tried::default() });
        eprintln!("tried {}: {} examples", record.name, tried.examples);
        record.tried = Some(tried);
    }
    Ok(())
}

fn try_one(scratch: &Scratch, name: &str, jobs: Jobs) -> Result<Tried, String> {
    let folder = scratch.program(name);
    let text = read(&folder.join("cases.json"))?;
    let (cases, left_out): (Vec<Case>, usize) = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let mut tried = Tried { examples: cases.len(), left_out, ..Tried::default() };
    if cases.is_empty() {
        return Ok(tried);
    }
    let mut cargo = scratch.cargo(&["build", "--package", &program_name(name), "--jobs", &jobs.count.to_string()]);
    measure::wrap_rustc(&mut cargo, &scratch.costs(), jobs.caps)?;
    let built = cargo.stderr(Stdio::piped()).output().map_err(|error| format!("cargo: {error}"))?;
    if !built.status.success() {
        let said = String::from_utf8_lossy(&built.stderr);
        return Err(format!("the program does not compile:\n{}", said.lines().take(40).collect::<Vec<_>>().join("\n")));
    }
    let program = scratch.folder.join("target/debug").join(program_name(name));
    let answers = ask(&program, &folder, &cases)?;
    let document = data(&scratch.package(name).join(format!("{name}.yaml")))?;
    let mut judge = Judge::new(&document);
    for (case, answer) in cases.iter().zip(&answers) {
        tried.findings.extend(finding(&document, &mut judge, case, answer));
    }
    if answers.len() < cases.len() {
        let at = cases.get(answers.len()).map_or("", |case| case.at.as_str());
        tried.fault = Some(format!("the program did not live to answer for {at}"));
    }
    Ok(tried)
}

/// Returns the program's output, with a line for each example until it ended.
fn ask(program: &Path, folder: &Path, cases: &[Case]) -> Result<Vec<String>, String> {
    let input = folder.join("cases.txt");
    let failed = at(&input);
    let mut file = File::create(&input).map_err(failed)?;
    for case in cases {
        writeln!(file, "{} {}", case.trip, case.value).map_err(failed)?;
    }
    let input = File::open(&input).map_err(failed)?;
    let output = Command::new(program).stdin(input).stderr(Stdio::inherit()).output();
    let output = output.map_err(at(program))?;
    Ok(String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect())
}

/// Returns the finding about an example; `None` if it is unchanged.
fn finding(document: &Value, judge: &mut Judge<'_>, case: &Case, answer: &str) -> Option<Finding> {
    let schema = Pointer::parse(&case.schema).unwrap_or_default();
    let happened = match answer.split_once(' ') {
        Some(("ok", after)) => match serde_json::from_str::<Value>(after) {
            Ok(after) => {
                let found = differences(document, &schema, &case.value, &after);
                if found.is_empty() {
                    return None;
                }
                found.join("; ")
            }
            Err(error) => format!("what is encoded is no JSON: {error}"),
        },
        Some((_, message)) => message.to_owned(),
        None => format!("an answer that means nothing: {answer}"),
    };
    let contradiction = judge.contradiction(&case.schema, &case.value);
    let kind = if contradiction.is_some() { Blame::Contradicts } else { Blame::Ours };
    Some(Finding { kind, at: case.at.clone(), happened, contradiction })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn kind(answer: &str) -> Option<Blame> {
        kind_of(&json!({ "a": "x" }), answer)
    }

    fn kind_of(value: &Value, answer: &str) -> Option<Blame> {
        let document = json!({ "s": { "required": ["a"], "properties": { "a": { "type": "string" } } } });
        let case = Case { at: "/e".to_owned(), schema: "/s".to_owned(), trip: 0, value: value.clone() };
        finding(&document, &mut Judge::new(&document), &case, answer).map(|finding| finding.kind)
    }

    #[test]
    fn whose_fault_it_is_depends_on_the_example() {
        assert_eq!(kind("ok {\"a\": \"x\"}"), None);
        for wrong in ["ok {}", "ok {\"a\": 1}", "ok {", "error a: expected number", "", "what"] {
            assert_eq!(kind(wrong), Some(Blame::Ours), "{wrong}");
        }
        assert_eq!(kind_of(&json!({}), "error missing required property"), Some(Blame::Contradicts));
    }
}
