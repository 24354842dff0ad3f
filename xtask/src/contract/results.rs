//! What came of the calls: the lines that the programs print.
//!
//! In come programs, out go calls with their verdicts. Invariant: a program that does not say that it reached its end counts as failed, and so does an
//! operation that was not called in every form.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::programs::Subject;

/// The form of the calls that the negative contract makes.
pub(crate) const NEGATIVE: &str = "negative";

/// What came of one API.
#[derive(Default)]
pub(crate) struct Outcome {
    /// The name of its document.
    pub(crate) name: String,
    /// Its operations, each with the number of responses that the document gives it.
    pub(crate) operations: BTreeMap<String, usize>,
    /// How many operations the generator left out and named.
    pub(crate) unsupported: usize,
    /// How the document differs from what was served.
    pub(crate) differences: Vec<String>,
    /// The calls.
    pub(crate) calls: Vec<Call>,
}

/// A call, and what is to be said of it.
pub(crate) struct Call {
    pub(crate) operation: String,
    pub(crate) form: String,
    pub(crate) verdict: Verdict,
    /// What is wrong, in one line, and in its details.
    pub(crate) message: String,
    pub(crate) details: Vec<String>,
    /// The messages as they were sent, null if none was.
    pub(crate) request: Value,
    pub(crate) answer: Value,
}

/// What is to be said of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Passed,
    Violation,
    Undecodable,
    Failed,
    /// Not passed, but listed as Prism's fault.
    Excluded,
}

impl Outcome {
    /// An outcome without calls.
    pub(crate) fn new(subject: &Subject) -> Self {
        Self {
            name: subject.name.clone(),
            operations: subject.operations.clone(),
            unsupported: subject.unsupported,
            differences: subject.differences.clone(),
            calls: Vec::new(),
        }
    }

    /// Runs a program and takes what it reports, which is kept in `log`, too.
    pub(crate) fn run(&mut self, program: &Path, arguments: &[&str], log: &Path) -> Result<(), String> {
        let failed = |error: std::io::Error| format!("{}: {error}", program.display());
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::null()).stderr(Stdio::inherit());
        let output = command.output().map_err(failed)?;
        fs::write(log, &output.stdout).map_err(|error| format!("{}: {error}", log.display()))?;
        let calls = read(&String::from_utf8_lossy(&output.stdout));
        let calls = calls.map_err(|why| format!("{} ({}): {why}", program.display(), output.status))?;
        if calls.is_empty() {
            return Err(format!("{}: no calls for {}", program.display(), self.name));
        }
        self.calls.extend(calls);
        Ok(())
    }

    /// Whether all is well.
    pub(crate) fn is_clean(&self) -> bool {
        self.calls.iter().all(Call::is_fine) && self.missing().is_empty()
    }

    /// How many operations were called in a form (`required`, `full`, `response`).
    pub(crate) fn covered(&self, form: &str) -> usize {
        self.operations.keys().filter(|operation| self.forms(operation).contains(form)).count()
    }

    /// The forms of calls that the operations lack, one line for each.
    pub(crate) fn missing(&self) -> Vec<String> {
        let mut missing = Vec::new();
        for (operation, responses) in &self.operations {
            let forms = self.forms(operation);
            for form in ["required", "full"].into_iter().filter(|form| !forms.contains(*form)) {
                missing.push(format!("{operation} was not called in the form `{form}`"));
            }
            let asked = forms.iter().filter(|form| form.starts_with("response ")).count();
            if asked < *responses {
                missing.push(format!("{operation} was asked for {asked} of {responses} documented responses"));
            }
        }
        missing
    }

    /// The forms in which an operation was called; `response` stands for any of its responses.
    fn forms(&self, operation: &str) -> BTreeSet<&str> {
        let own = self.calls.iter().filter(|call| is_of(&call.operation, operation));
        own.flat_map(|call| [call.form.as_str(), call.form.split(' ').next().unwrap_or_default()]).collect()
    }
}

/// Whether a call is one of the operation's: it has its name, or its name and what tells it from the operation's first call, such as a media type.
fn is_of(call: &str, operation: &str) -> bool {
    call.strip_prefix(operation).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

impl Call {
    /// Whether there is nothing to report.
    pub(crate) fn is_fine(&self) -> bool {
        matches!(self.verdict, Verdict::Passed | Verdict::Excluded)
    }

    fn of(line: &Value) -> Option<Self> {
        let text = |key: &str| line.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let verdict = match text("outcome").as_str() {
            "passed" => Verdict::Passed,
            "violation" => Verdict::Violation,
            "undecodable" => Verdict::Undecodable,
            "failed" => Verdict::Failed,
            _ => return None,
        };
        let details = line.get("details").and_then(Value::as_array).into_iter().flatten();
        Some(Self {
            operation: text("operation"),
            form: text("form"),
            verdict,
            message: text("message"),
            details: details.filter_map(Value::as_str).map(str::to_owned).collect(),
            request: line.get("request").cloned().unwrap_or_default(),
            answer: line.get("answer").cloned().unwrap_or_default(),
        })
    }
}

/// Reads what a program printed: a line for each call, and the last one with their number.
fn read(text: &str) -> Result<Vec<Call>, String> {
    let mut calls = Vec::new();
    let mut announced = None;
    for line in text.lines() {
        let parsed: Value = serde_json::from_str(line).map_err(|error| format!("{error} in the line {line:?}"))?;
        match (Call::of(&parsed), parsed.get("calls").and_then(Value::as_u64)) {
            (Some(call), _) => calls.push(call),
            (None, Some(count)) => announced = usize::try_from(count).ok(),
            (None, None) => return Err(format!("a line that says nothing: {line:?}")),
        }
    }
    match announced {
        Some(count) if count == calls.len() => Ok(calls),
        Some(count) => Err(format!("{count} calls were announced, {} reported", calls.len())),
        None => Err(format!("it ended before its time, after {} calls", calls.len())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Call {
        /// A call for a test.
        pub(crate) fn example(operation: &str, form: &str, verdict: Verdict) -> Self {
            Self {
                operation: operation.to_owned(),
                form: form.to_owned(),
                verdict,
                message: "no".to_owned(),
                details: vec!["request: no".to_owned()],
                request: Value::Null,
                answer: Value::Null,
            }
        }
    }

    fn outcome(calls: &[(&str, &str)]) -> Outcome {
        let calls = calls.iter().map(|(operation, form)| Call::example(operation, form, Verdict::Passed));
        let operations = BTreeMap::from([("list".to_owned(), 2)]);
        Outcome { operations, calls: calls.collect(), ..Outcome::default() }
    }

    #[test]
    fn a_report_is_complete_or_an_error() {
        let call =
            r#"{"operation":"list","form":"full","outcome":"violation","message":"m","details":["d"],"request":null}"#;
        let calls = read(&format!("{call}\n{{\"calls\":1}}\n")).unwrap();
        assert_eq!(
            (calls[0].operation.as_str(), calls[0].verdict, calls[0].details.len()),
            ("list", Verdict::Violation, 1)
        );
        for wrong in [call.to_owned(), format!("{call}\n{{\"calls\":2}}"), "{}".to_owned(), "panicked".to_owned()] {
            assert!(read(&wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn every_operation_needs_every_form() {
        let all = [("list", "required"), ("list", "full"), ("list", "response 200"), ("list", "response 404")];
        assert!(outcome(&all).is_clean());
        assert_eq!(outcome(&all).covered("response"), 1);
        for left_out in 0..all.len() {
            let mut some = all.to_vec();
            some.remove(left_out);
            // Another operation with a longer name is not this one.
            some.push(("lists", all[left_out].1));
            assert!(!outcome(&some).is_clean(), "without {:?}", all[left_out]);
        }
        let mut of_a_variant = all;
        of_a_variant[1].0 = "list text/csv";
        assert!(outcome(&of_a_variant).is_clean());
    }
}
