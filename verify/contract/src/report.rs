//! The report: one line of JSON for each call, which the parent process can read immediately.
//!
//! In: verdicts. Out: lines. Invariant: every call has a line, and the last line marks the end, so that a truncated report is detected.

use std::io::{self, Write};

use serde::{Deserialize, Serialize};

use crate::exchange::{Exchange, Message};
use crate::judge::{Made, Verdict};

/// A line that a program prints.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Line {
    /// A call and its verdict.
    Call(Box<Call>),
    /// A request for a new server, because the present one has not responded to the last call. The program continues after reading a line.
    WantsServer,
    /// The end, with the number of calls.
    End(usize),
}

/// A call, its verdict, and its messages.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// The operation.
    pub operation: String,
    /// The form of the call.
    pub form: String,
    /// The verdict on the call.
    pub verdict: Verdict,
    /// The place where decoding stopped, and the reason; empty if the client reports none.
    pub stopped: String,
    /// Whether the client decoded the documented body.
    pub understood: bool,
    /// The first request, if any was sent.
    pub request: Option<Message>,
    /// The response to the first request.
    pub answer: Option<Message>,
    /// The whole body of the response if the call did not pass, to validate it against its schema.
    pub body: String,
}

impl Call {
    /// Creates a call with the first exchange. `made` is the client's outcome, if a client was involved.
    #[must_use]
    pub fn new(
        operation: &str,
        form: &str,
        verdict: Verdict,
        made: Option<&Made>,
        exchange: Option<&Exchange>,
    ) -> Self {
        let body = exchange.filter(|_| verdict != Verdict::Passed).and_then(Exchange::answer_text);
        Self {
            operation: operation.to_owned(),
            form: form.to_owned(),
            verdict,
            stopped: made.map(Made::stopped).unwrap_or_default().to_owned(),
            understood: made.is_some_and(Made::is_understood),
            request: exchange.map(|exchange| Message::shown(&exchange.request)),
            answer: exchange.map(|exchange| Message::shown(&exchange.answer)),
            body: body.unwrap_or_default(),
        }
    }
}

/// Prints a line and flushes it, ignoring a closed pipe.
pub(crate) fn print(line: &Line) {
    let mut out = io::stdout().lock();
    let text = serde_json::to_string(line).unwrap_or_default();
    let _ = writeln!(out, "{text}").and_then(|()| out.flush());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_what_was_sent_and_what_is_wrong_with_it() {
        let exchange =
            Exchange { request: b"GET / HTTP/1.1\r\n\r\n".to_vec(), answer: b"HTTP/1.1 200 OK\r\n\r\n".to_vec() };
        let verdict = Verdict::Violation("no".to_owned(), vec!["request.query: required".to_owned()]);
        let made = Made::Undecodable { what: "no".to_owned(), why: "a: expected string".to_owned() };
        let violation = Call::new("list", "full", verdict, Some(&made), Some(&exchange));
        assert_eq!((violation.stopped.as_str(), violation.understood), ("a: expected string", false));
        assert_eq!(violation.verdict.details(), ["request.query: required"]);
        assert_eq!(violation.request.as_ref().unwrap().line, "GET / HTTP/1.1");
        let line = Line::Call(Box::new(violation));
        assert_eq!(serde_json::from_str::<Line>(&serde_json::to_string(&line).unwrap()).unwrap(), line);
        assert_eq!(Call::new("list", "full", Verdict::Failed("x".to_owned()), None, None).request, None);
    }
}
