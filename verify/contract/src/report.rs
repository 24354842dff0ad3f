//! The report: one line of JSON for each call, so that whoever started the program can read it as it comes.
//!
//! In come verdicts, out go lines. Invariant: every call has its line, and the last line says that there are no more, which a program that was cut short
//! cannot say.

use std::io::{self, Write};

use serde::{Deserialize, Serialize};

use crate::exchange::{Exchange, Message};
use crate::judge::{Made, Verdict};

/// A line that a program prints.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Line {
    /// A call that was made.
    Call(Box<Call>),
    /// The program wants a fresh server, because the one that there is has not answered the last call. It goes on when its input has a line more.
    WantsServer,
    /// There are no more calls than so many.
    End(usize),
}

/// A call, what came of it, and the messages as they were sent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// The operation.
    pub operation: String,
    /// What was sent, or asked for.
    pub form: String,
    /// What is to be said of it.
    pub verdict: Verdict,
    /// Where the client stopped to understand the answer, and why; empty if it says nothing of it.
    pub stopped: String,
    /// Whether the client has the body that the document gives the answer.
    pub understood: bool,
    /// The first request, if one was sent.
    pub request: Option<Message>,
    /// The answer to it.
    pub answer: Option<Message>,
    /// The whole body of the answer, if the call did not pass: whoever asks whether an answer is what its schema says needs all of it.
    pub body: String,
}

impl Call {
    /// A call with what went over the wire. `made` is what the client made of it, if a client was asked.
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

/// Prints a line at once, and ignores a closed pipe.
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
