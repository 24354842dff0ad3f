//! The results of calls. In: the lines that a flow prints. Out: a table, and a remark for each wrong call.
//!
//! A line consists of `right`, `known` or `wrong`, the cause if known, the call and the reason, separated by tabs. Invariant: any other
//! line is an error.

use std::fmt::Write as _;

use crate::columns;

/// The results of a framework's flow.
pub(super) struct Outcome {
    name: &'static str,
    right: usize,
    wrong: Vec<Wrong>,
}

/// A call that is wrong.
struct Wrong {
    /// The cause; `None` if the failure is not a known one.
    fault: Option<Fault>,
    call: String,
    reason: String,
}

/// The cause of a failure.
#[derive(Clone, Copy, PartialEq)]
enum Fault {
    Ours,
    Document,
    Server,
}

impl Outcome {
    /// Parses the output of a flow.
    pub(super) fn read(name: &'static str, lines: &str) -> Result<Self, String> {
        let mut outcome = Self { name, right: 0, wrong: Vec::new() };
        for line in lines.lines() {
            let parts: Vec<&str> = line.split('\t').collect();
            let (fault, call, reason) = match *parts.as_slice() {
                ["right", _] => {
                    outcome.right += 1;
                    continue;
                }
                ["known", "ours", call, reason] => (Some(Fault::Ours), call, reason),
                ["known", "document", call, reason] => (Some(Fault::Document), call, reason),
                ["known", "server", call, reason] => (Some(Fault::Server), call, reason),
                ["wrong", call, reason] => (None, call, reason),
                _ => return Err(format!("the flow prints a line that says nothing of a call: {line}")),
            };
            outcome.wrong.push(Wrong { fault, call: call.to_owned(), reason: reason.to_owned() });
        }
        Ok(outcome)
    }

    /// Returns `true` if all failures are known ones.
    pub(super) fn is_expected(&self) -> bool {
        self.wrong.iter().all(|wrong| wrong.fault.is_some())
    }

    fn row(&self) -> Vec<String> {
        let of = |fault: Fault| self.wrong.iter().filter(|wrong| wrong.fault == Some(fault)).count();
        let figures = [
            self.right + self.wrong.len(),
            self.right,
            self.wrong.len(),
            of(Fault::Ours),
            of(Fault::Document),
            of(Fault::Server),
        ];
        let figures = figures.iter().map(ToString::to_string);
        std::iter::once(self.name.to_owned()).chain(figures).collect()
    }
}

/// Returns a line for each wrong call.
pub(super) fn remarks(outcomes: &[Outcome]) -> String {
    let mut text = String::new();
    for outcome in outcomes {
        for Wrong { fault, call, reason } in &outcome.wrong {
            let whose = match fault {
                None => "WRONG",
                Some(Fault::Ours) => "ours",
                Some(Fault::Document) => "document's fault",
                Some(Fault::Server) => "server's fault",
            };
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{whose}: {}: {call}: {reason}", outcome.name);
        }
    }
    text
}

/// Returns the table.
pub(super) fn table(outcomes: &[Outcome]) -> String {
    let rows: Vec<Vec<String>> = outcomes.iter().map(Outcome::row).collect();
    columns::table(&["framework", "calls", "right", "not right", "ours", "document's", "server's"], &rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_become_figures() {
        let outcome =
            Outcome::read("a", "right\tlist\nknown\tours\tcreate\tno message\nknown\tserver\tread\tx\n").unwrap();
        assert_eq!(outcome.row().join(" "), "a 3 1 2 1 0 1");
        assert!(outcome.is_expected());
        assert_eq!(remarks(&[outcome]), "ours: a: create: no message\nserver's fault: a: read: x\n");
    }

    #[test]
    fn an_unknown_failure_fails_the_run() {
        assert!(!Outcome::read("a", "wrong\tlist\t404\n").unwrap().is_expected());
        assert!(Outcome::read("a", "all is well\n").is_err());
    }
}
