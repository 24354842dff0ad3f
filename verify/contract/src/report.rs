//! The report: one line of JSON for each call, so that whoever started the program can read it as it comes.
//!
//! In come verdicts, out go lines. Invariant: every call has its line, and the last line says that there are no more, which a program that was cut short
//! cannot say.

use std::io::{self, Write};

use serde_json::{Value, json};

use crate::exchange::Exchange;
use crate::judge::{Made, Verdict};

/// The line of one call, with the messages as they were sent. `made` is what the client made of it, if a client was asked.
pub(crate) fn line(
    operation: &str,
    form: &str,
    verdict: &Verdict,
    made: Option<&Made>,
    exchange: Option<&Exchange>,
) -> Value {
    let (outcome, message, details): (_, &str, &[String]) = match verdict {
        Verdict::Passed => ("passed", "", &[]),
        Verdict::Violation(message, details) => ("violation", message, details),
        Verdict::Contradiction(message, details) => ("contradiction", message, details),
        Verdict::Undecodable(message) => ("undecodable", message, &[]),
        Verdict::Failed(message) => ("failed", message, &[]),
    };
    // Whoever asks whether an answer is what its schema says needs the whole of it.
    let body = exchange.filter(|_| *verdict != Verdict::Passed).and_then(Exchange::answer_text);
    json!({
        "operation": operation,
        "form": form,
        "outcome": outcome,
        "message": message,
        "details": details,
        "stopped": made.map(Made::stopped),
        "understood": made.is_some_and(Made::is_understood),
        "body": body,
        "request": exchange.map(Exchange::request_shown),
        "answer": exchange.map(Exchange::answer_shown),
    })
}

/// The last line: how many calls there were.
pub(crate) fn last_line(calls: usize) -> Value {
    json!({ "calls": calls })
}

/// The line that asks for a fresh server, because the one that there is has not answered the last call.
pub(crate) fn asks_for_a_server() -> Value {
    json!({ "wants": "server" })
}

/// Prints a line at once. If nobody reads any more, there is nobody to tell.
pub(crate) fn print(line: &Value) {
    let mut out = io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_what_was_sent_and_what_is_wrong_with_it() {
        let exchange =
            Exchange { request: b"GET / HTTP/1.1\r\n\r\n".to_vec(), answer: b"HTTP/1.1 200 OK\r\n\r\n".to_vec() };
        let passed = line("list", "full", &Verdict::Passed, None, Some(&exchange));
        assert_eq!((&passed["outcome"], &passed["request"]["line"]), (&json!("passed"), &json!("GET / HTTP/1.1")));
        let verdict = Verdict::Violation("no".to_owned(), vec!["request.query: required".to_owned()]);
        let made = Made::Undecodable { what: "no".to_owned(), why: "a: expected string".to_owned() };
        let violation = line("list", "full", &verdict, Some(&made), Some(&exchange));
        assert_eq!((&violation["stopped"], &violation["understood"]), (&json!("a: expected string"), &json!(false)));
        assert_eq!(violation["details"], json!(["request.query: required"]));
        assert_eq!(violation["request"]["line"], "GET / HTTP/1.1");
        assert_eq!(line("list", "full", &Verdict::Failed("x".to_owned()), None, None)["request"], Value::Null);
    }
}
