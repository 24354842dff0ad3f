//! What came of the calls: the lines that the programs print.
//!
//! In come programs, out go calls with their verdicts. Invariant: a program that does not say that it reached its end counts as failed, and so does an
//! operation that was not called in every form.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use super::programs::Subject;
use crate::files::at;

/// The form of the calls that the negative contract makes.
pub(crate) const NEGATIVE: &str = "negative";

/// What came of one API.
#[derive(Default)]
pub(crate) struct ApiResult {
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
    /// The whole body of the answer, if the call did not pass.
    pub(crate) body: String,
    /// Where the client stopped to understand the answer, and why; empty if it says nothing of it.
    pub(crate) stopped: String,
    /// Whether the client has the body that the document gives the answer.
    pub(crate) understood: bool,
    /// Why it is not the client's fault, if it is not.
    pub(crate) reason: String,
}

/// What is to be said of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Passed,
    Violation,
    /// The server says that its own answer is not what the document says.
    Contradiction,
    Undecodable,
    Failed,
    /// Not passed, but listed as Prism's fault.
    Excluded,
    /// Not passed, and the server's fault.
    Servers,
    /// Not passed, and the document's fault.
    Documents,
}

impl ApiResult {
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

    /// Runs a program and takes what it reports, which is kept in `log`, too. `renew` gives a fresh server in place of one that has not answered, and
    /// says what became of that one.
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
        // Whatever it says after this, nobody listens.
        drop((child.stdin.take(), child.stdout.take()));
        let status = child.wait().map_err(failed)?;
        let Said { text, ends } = said.map_err(failed)?;
        fs::write(log, &text).map_err(at(log))?;
        let calls = read(&text, &ends).map_err(|why| format!("{} ({status}): {why}", program.display()))?;
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
        matches!(self.verdict, Verdict::Passed | Verdict::Excluded | Verdict::Servers | Verdict::Documents)
    }

    /// The status of the answer, if there was one.
    pub(crate) fn status(&self) -> Option<u16> {
        self.answer.get("line")?.as_str()?.split(' ').nth(1)?.parse().ok()
    }

    /// A header of the answer.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        let mut headers =
            self.answer.get("headers")?.as_array()?.iter().filter_map(|header| header.as_str()?.split_once(": "));
        headers.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned())
    }

    fn of(line: &Value) -> Option<Self> {
        let text = |key: &str| line.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let verdict = match text("outcome").as_str() {
            "passed" => Verdict::Passed,
            "violation" => Verdict::Violation,
            "contradiction" => Verdict::Contradiction,
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
            body: text("body"),
            stopped: text("stopped"),
            understood: line.get("understood") == Some(&Value::Bool(true)),
            reason: String::new(),
        })
    }
}

/// So many servers may be worn out by one program.
const SERVERS: usize = 100;

/// What a program printed, and what became of the servers that it wore out.
struct Said {
    text: String,
    ends: Vec<String>,
}

/// Listens to a program until it has nothing more to say, and gives it a fresh server when it wants one.
fn attend(child: &mut Child, renew: &mut dyn FnMut() -> Result<String, String>) -> std::io::Result<Said> {
    let mut said = Said { text: String::new(), ends: Vec::new() };
    let Some(stdout) = child.stdout.take() else { return Ok(said) };
    for line in BufReader::new(stdout).split(b'\n') {
        let line = String::from_utf8_lossy(&line?).into_owned();
        let wants_server = line == WANTS_SERVER;
        said.text.push_str(&line);
        said.text.push('\n');
        if wants_server {
            let end = if said.ends.len() < SERVERS { renew() } else { Err("it is not started again".to_owned()) };
            if end.is_err() {
                // Without an input the program does without.
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

/// What a program prints that wants a fresh server.
const WANTS_SERVER: &str = "{\"wants\":\"server\"}";

/// Reads what a program printed: a line for each call, and the last one with their number. `ends` says what became of each server that it wore out,
/// which is told with the call that did it.
fn read(text: &str, ends: &[String]) -> Result<Vec<Call>, String> {
    let mut calls: Vec<Call> = Vec::new();
    let mut ends = ends.iter();
    let mut announced = None;
    for line in text.lines() {
        let parsed: Value = serde_json::from_str(line).map_err(|error| format!("{error} in the line {line:?}"))?;
        if line == WANTS_SERVER {
            if let Some(call) = calls.last_mut() {
                call.details.extend(ends.next().cloned());
            }
            continue;
        }
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
                body: String::new(),
                stopped: String::new(),
                understood: false,
                reason: String::new(),
            }
        }
    }

    fn outcome(calls: &[(&str, &str)]) -> ApiResult {
        let calls = calls.iter().map(|(operation, form)| Call::example(operation, form, Verdict::Passed));
        let operations = BTreeMap::from([("list".to_owned(), 2)]);
        ApiResult { operations, calls: calls.collect(), ..ApiResult::default() }
    }

    #[test]
    fn a_report_is_complete_or_an_error() {
        let call =
            r#"{"operation":"list","form":"full","outcome":"violation","message":"m","details":["d"],"request":null}"#;
        let calls = read(&format!("{call}\n{{\"calls\":1}}\n"), &[]).unwrap();
        assert_eq!(
            (calls[0].operation.as_str(), calls[0].verdict, calls[0].details.len()),
            ("list", Verdict::Violation, 1)
        );
        for wrong in [call.to_owned(), format!("{call}\n{{\"calls\":2}}"), "{}".to_owned(), "panicked".to_owned()] {
            assert!(read(&wrong, &[]).is_err(), "{wrong}");
        }
        let worn_out = format!("{call}\n{WANTS_SERVER}\n{call}\n{{\"calls\":2}}\n");
        let calls = read(&worn_out, &["it ended".to_owned()]).unwrap();
        assert_eq!((calls[0].details.len(), calls[1].details.len()), (2, 1));
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
