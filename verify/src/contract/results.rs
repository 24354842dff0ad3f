//! The results of calls: the lines that the programs print.
//!
//! In: programs. Out: calls with their verdicts. Invariant: a program that does not report its end counts as failed, and so does an
//! operation that was not called in every form.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::ops::Deref;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use clientwright_contract::{Line, Verdict};

use crate::files::at;

/// The results of one API.
#[derive(Default)]
pub(crate) struct ApiResult {
    /// The name of the document.
    pub(crate) name: String,
    /// The operations, each with its number of documented responses.
    pub(crate) operations: BTreeMap<String, usize>,
    /// The number of operations that are not generated, each with a diagnostic.
    pub(crate) unsupported: usize,
    /// The differences between the document and the served one.
    pub(crate) differences: Vec<String>,
    /// The calls.
    pub(crate) calls: Vec<Call>,
}

/// A call, and its excuse if it did not pass.
#[derive(Default)]
pub(crate) struct Call {
    made: clientwright_contract::Call,
    pub(crate) excuse: Option<Excuse>,
}

/// The excuse for a call, with the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Excuse {
    /// The call is listed as Prism's fault.
    Excluded,
    /// The server's fault.
    Server(String),
    /// The document's fault.
    Document(String),
}

impl Deref for Call {
    type Target = clientwright_contract::Call;

    fn deref(&self) -> &Self::Target {
        &self.made
    }
}

impl ApiResult {
    /// Runs a program and adds its results, which are also written to `log`. `renew` replaces a server that does not respond, and returns
    /// how the old one ended.
    pub(crate) fn run(
        &mut self,
        program: &Path,
        arguments: &[&str],
        log: &Path,
        renew: &mut dyn FnMut() -> Result<String, String>,
    ) -> Result<(), String> {
        let failed = at(program);
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        let mut child = command.spawn().map_err(failed)?;
        let said = attend(&mut child, renew);
        // Later output is not read.
        drop((child.stdin.take(), child.stdout.take()));
        let status = child.wait().map_err(failed)?;
        let Said { text, ends } = said.map_err(failed)?;
        fs::write(log, &text).map_err(at(log))?;
        let calls = read(&text, &ends).map_err(|why| format!("{} ({status}): {why}", program.display()))?;
        self.add(calls)
    }

    /// Adds calls; an empty list is an error.
    pub(crate) fn add(&mut self, calls: Vec<clientwright_contract::Call>) -> Result<(), String> {
        if calls.is_empty() {
            return Err(format!("no calls for {}", self.name));
        }
        self.calls.extend(calls.into_iter().map(|made| Call { made, excuse: None }));
        Ok(())
    }

    /// Returns `true` if nothing is wrong.
    pub(crate) fn is_clean(&self) -> bool {
        self.calls.iter().all(Call::is_fine) && self.missing().is_empty()
    }

    /// Returns the number of operations that were called in a form (`required`, `full`, `response`).
    pub(crate) fn covered(&self, form: &str) -> usize {
        self.operations.keys().filter(|operation| self.forms(operation).contains(form)).count()
    }

    /// Returns the missing forms of calls, one line for each.
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

    /// Returns the forms in which an operation was called; `response` stands for any of its responses.
    fn forms(&self, operation: &str) -> BTreeSet<&str> {
        let own = self.calls.iter().filter(|call| is_of(&call.operation, operation));
        own.flat_map(|call| [call.form.as_str(), call.form.split(' ').next().unwrap_or_default()]).collect()
    }
}

/// Returns `true` if a call is of the operation: it has its name, or its name followed by a distinction such as a media type.
fn is_of(call: &str, operation: &str) -> bool {
    call.strip_prefix(operation).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

impl Call {
    /// Returns `true` if there is nothing to report.
    pub(crate) fn is_fine(&self) -> bool {
        self.verdict == Verdict::Passed || self.excuse.is_some()
    }

    /// Returns the status of the response, if any.
    pub(crate) fn status(&self) -> Option<u16> {
        self.answer.as_ref()?.status()
    }
}

/// The maximum number of servers that one program may wear out.
const SERVERS: usize = 100;

/// The output of a program, and how the servers that it wore out ended.
struct Said {
    text: String,
    ends: Vec<String>,
}

/// Reads the output of a program to its end, and replaces its server on request.
fn attend(child: &mut Child, renew: &mut dyn FnMut() -> Result<String, String>) -> std::io::Result<Said> {
    let mut said = Said { text: String::new(), ends: Vec::new() };
    let Some(stdout) = child.stdout.take() else { return Ok(said) };
    for line in BufReader::new(stdout).split(b'\n') {
        let line = String::from_utf8_lossy(&line?).into_owned();
        let wants_server = matches!(serde_json::from_str(&line), Ok(Line::WantsServer));
        said.text.push_str(&line);
        said.text.push('\n');
        if wants_server {
            let end = if said.ends.len() < SERVERS { renew() } else { Err("it is not started again".to_owned()) };
            if end.is_err() {
                // Without an input, the program continues with the old server.
                child.stdin = None;
            }
            if let Some(input) = &mut child.stdin {
                input.write_all(b"\n").and_then(|()| input.flush())?;
            }
            said.ends.push(end.unwrap_or_else(|why| why));
        }
    }
    Ok(said)
}

/// Parses the output of a program: a line for each call, and a last line with their number. `ends` describes how each replaced server
/// ended, which is reported with the call that caused it.
fn read(text: &str, ends: &[String]) -> Result<Vec<clientwright_contract::Call>, String> {
    let mut calls: Vec<clientwright_contract::Call> = Vec::new();
    let mut ends = ends.iter();
    let mut announced = None;
    for line in text.lines() {
        match serde_json::from_str(line).map_err(|error| format!("{error} in the line {line:?}"))? {
            Line::Call(call) => calls.push(*call),
            Line::WantsServer => {
                // A server that has to be replaced has not responded.
                if let Some(Verdict::Failed(why)) = calls.last_mut().map(|call| &mut call.verdict) {
                    why.extend(ends.next().map(|end| format!("; {end}")));
                }
            }
            Line::End(count) => announced = Some(count),
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
        /// Returns a call for a test.
        pub(crate) fn example(operation: &str, form: &str, verdict: Verdict) -> Self {
            let (operation, form) = (operation.to_owned(), form.to_owned());
            let made = clientwright_contract::Call { operation, form, verdict, ..Default::default() };
            Self { made, excuse: None }
        }

        /// Returns the report of the call, to be changed by a test.
        pub(crate) fn made(&mut self) -> &mut clientwright_contract::Call {
            &mut self.made
        }

        /// Returns a violation for a test.
        pub(crate) fn violation() -> Verdict {
            Verdict::Violation("no".to_owned(), vec!["request: no".to_owned()])
        }
    }

    fn outcome(calls: &[(&str, &str)]) -> ApiResult {
        let calls = calls.iter().map(|(operation, form)| Call::example(operation, form, Verdict::Passed));
        let operations = BTreeMap::from([("list".to_owned(), 2)]);
        ApiResult { operations, calls: calls.collect(), ..ApiResult::default() }
    }

    #[test]
    fn a_report_is_complete_or_an_error() {
        let line = |line: &Line| serde_json::to_string(line).unwrap();
        let failed = Verdict::Failed("no".to_owned());
        let call = line(&Line::Call(Box::new(Call::example("list", "full", failed).made)));
        let end = |count: usize| line(&Line::End(count));
        let calls = read(&format!("{call}\n{}\n", end(1)), &[]).unwrap();
        assert_eq!((calls[0].operation.as_str(), calls[0].verdict.message()), ("list", "no"));
        for wrong in [call.clone(), format!("{call}\n{}", end(2)), "{}".to_owned(), "panicked".to_owned()] {
            assert!(read(&wrong, &[]).is_err(), "{wrong}");
        }
        let worn_out = format!("{call}\n{}\n{call}\n{}\n", line(&Line::WantsServer), end(2));
        let calls = read(&worn_out, &["it ended".to_owned()]).unwrap();
        assert_eq!((calls[0].verdict.message(), calls[1].verdict.message()), ("no; it ended", "no"));
    }

    #[test]
    fn every_operation_needs_every_form() {
        let all = [("list", "required"), ("list", "full"), ("list", "response 200"), ("list", "response 404")];
        assert!(outcome(&all).is_clean());
        assert_eq!(outcome(&all).covered("response"), 1);
        for left_out in 0..all.len() {
            let mut some = all.to_vec();
            some.remove(left_out);
            // Another operation whose name is longer does not count.
            some.push(("lists", all[left_out].1));
            assert!(!outcome(&some).is_clean(), "without {:?}", all[left_out]);
        }
        let mut of_a_variant = all;
        of_a_variant[1].0 = "list text/csv";
        assert!(outcome(&of_a_variant).is_clean());
    }
}
