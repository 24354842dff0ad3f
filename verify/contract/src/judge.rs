//! The verdict on one call.
//!
//! In: the form of a call, the client's outcome, and the exchanges. Out: a verdict. Invariant: a call passes only if the server has no
//! objection, the response is the requested one, and the client decoded it.

use std::fmt;

use clientwright_runtime::{Error, Response};
use serde::{Deserialize, Serialize};

use crate::exchange::Exchange;

/// The form of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// The call sends only required values; any success passes.
    Required,
    /// The call sends all possible values; any success passes.
    Full,
    /// The call requests one documented response by `Prefer: code=…` (Prism's interpretation of RFC 7240).
    Response {
        /// The requested status.
        status: u16,
        /// Whether the document declares a body for this response, which the client has to decode.
        body: bool,
    },
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Required => f.write_str("required"),
            Self::Full => f.write_str("full"),
            Self::Response { status, .. } => write!(f, "response {status}"),
        }
    }
}

/// The client's outcome of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Made {
    /// A success, decoded.
    Success,
    /// A success whose body could not be decoded.
    Undecodable {
        /// A short description.
        what: String,
        /// The place and the reason.
        why: String,
    },
    /// A failure response.
    Failure {
        /// Whether its body has the documented type.
        documented: bool,
    },
    /// No response, with the reason.
    Nothing(String),
}

impl Made {
    /// Returns the place where decoding stopped, and the reason; empty if decoding succeeded or the client reports no place.
    pub(crate) fn stopped(&self) -> &str {
        match self {
            Self::Undecodable { why, .. } => why,
            _ => "",
        }
    }

    /// Returns `true` if the client decoded the documented body.
    pub(crate) fn is_understood(&self) -> bool {
        matches!(self, Self::Success | Self::Failure { documented: true })
    }

    /// Converts an outcome to one without its types.
    pub(crate) fn of<T, E>(outcome: &Result<Response<T>, Error<E>>) -> Self {
        match outcome {
            Ok(_) => Self::Success,
            Err(error @ Error::Decode(body)) => {
                let why = std::error::Error::source(&**body).map(ToString::to_string).unwrap_or_default();
                Self::Undecodable { what: error.to_string(), why }
            }
            Err(Error::Status(error)) => Self::Failure { documented: error.documented().is_some() },
            Err(error @ Error::Transport(transport)) => {
                let why = std::error::Error::source(transport).map(ToString::to_string).unwrap_or_default();
                Self::Nothing(format!("{error}: {why}"))
            }
            Err(error) => Self::Nothing(error.to_string()),
        }
    }
}

/// The verdict on a call.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Verdict {
    /// The call passed.
    #[default]
    Passed,
    /// Server and client disagree about the document: a message, and the violations with their places.
    Violation(String, Vec<String>),
    /// The server objects to its own response: a message, and the violations with their places.
    Contradiction(String, Vec<String>),
    /// The client cannot decode a documented response.
    Undecodable(String),
    /// There is no response to judge.
    Failed(String),
}

impl Verdict {
    /// Returns the message, in one line.
    #[must_use]
    pub fn message(&self) -> &str {
        match self {
            Self::Passed => "",
            Self::Violation(message, _) | Self::Contradiction(message, _) => message,
            Self::Undecodable(message) | Self::Failed(message) => message,
        }
    }

    /// Returns the violations with their places.
    #[must_use]
    pub fn details(&self) -> &[String] {
        match self {
            Self::Violation(_, details) | Self::Contradiction(_, details) => details,
            _ => &[],
        }
    }
}

/// Judges a call.
pub(crate) fn judge(form: Form, made: &Made, exchanges: &[Exchange]) -> Verdict {
    let Some(exchange) = exchanges.first() else { return no_answer(made) };
    if let Some(problem) = exchange.problem() {
        let verdict = if problem.of_answer { Verdict::Contradiction } else { Verdict::Violation };
        return verdict(problem.message, problem.details);
    }
    let Some(status) = exchange.status() else { return no_answer(made) };
    // A requested redirect; its target is not part of the document.
    let redirect = (300..400).contains(&status);
    if exchanges.len() > 1 && !redirect {
        return violation(format!("the client sent {} requests for one call", exchanges.len()));
    }
    match form {
        Form::Required | Form::Full if (200..400).contains(&status) => {}
        Form::Required | Form::Full => return violation(format!("answered with {status} instead of a success")),
        Form::Response { status: wanted, .. } if wanted == status => {}
        Form::Response { status: wanted, .. } => {
            return violation(format!("answered with {status} instead of {wanted}"));
        }
    }
    if redirect { Verdict::Passed } else { understood(form, made, status) }
}

/// Judges whether the client decoded a response as documented.
fn understood(form: Form, made: &Made, status: u16) -> Verdict {
    let success = (200..300).contains(&status);
    match made {
        Made::Success if success => Verdict::Passed,
        Made::Failure { documented: true } if !success => Verdict::Passed,
        // If the document declares no body for this status, there is nothing to decode.
        Made::Failure { .. } if !success && !matches!(form, Form::Response { body: true, .. }) => Verdict::Passed,
        Made::Failure { .. } if !success => {
            Verdict::Undecodable(format!("the body of {status} is not the documented error body to the client"))
        }
        Made::Undecodable { what, why } => Verdict::Undecodable(format!("{what}: {why}")),
        Made::Nothing(why) => Verdict::Failed(why.clone()),
        Made::Success | Made::Failure { .. } => {
            violation(format!("the client took {status} for the opposite of what it is"))
        }
    }
}

fn no_answer(made: &Made) -> Verdict {
    match made {
        Made::Nothing(why) => Verdict::Failed(why.clone()),
        _ => Verdict::Failed("the client has an answer that no server gave".to_owned()),
    }
}

fn violation(message: String) -> Verdict {
    Verdict::Violation(message, Vec::new())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULL: Form = Form::Full;
    const NOT_FOUND: Form = Form::Response { status: 404, body: true };
    const NO_BODY: Form = Form::Response { status: 404, body: false };

    fn answered(head: &str) -> Vec<Exchange> {
        vec![Exchange { request: Vec::new(), answer: format!("HTTP/1.1 {head}\r\n\r\n").into_bytes() }]
    }

    #[test]
    fn what_was_asked_for_and_understood_passes() {
        assert_eq!(judge(FULL, &Made::Success, &answered("204 No Content")), Verdict::Passed);
        let documented = Made::Failure { documented: true };
        assert_eq!(judge(NOT_FOUND, &documented, &answered("404 Not Found")), Verdict::Passed);
        let undocumented = Made::Failure { documented: false };
        assert_eq!(judge(NO_BODY, &undocumented, &answered("404 Not Found")), Verdict::Passed);
        let moved = Form::Response { status: 302, body: false };
        let gone = Made::Nothing("no connection".to_owned());
        let followed = [answered("302 Found"), answered("404 Not Found\r\nsl-violations: []")].concat();
        assert_eq!(judge(moved, &gone, &followed), Verdict::Passed);
    }

    #[test]
    fn an_objection_counts_whatever_the_client_makes_of_it() {
        let head = "200 OK\r\nsl-violations: [{\"location\":[\"request\"],\"severity\":\"Error\",\"message\":\"no\"}]";
        assert!(
            matches!(judge(FULL, &Made::Success, &answered(head)), Verdict::Violation(_, details) if details == ["request: no"])
        );
    }

    #[test]
    fn an_objection_of_the_server_to_its_own_answer_is_one_of_its_own() {
        let head = "200 OK\r\nsl-violations: [{\"location\":[\"response\"],\"severity\":\"Error\",\"message\":\"no\"}]";
        assert!(matches!(judge(FULL, &Made::Success, &answered(head)), Verdict::Contradiction(..)));
    }

    #[test]
    fn another_status_than_asked_for_is_a_violation() {
        let documented = Made::Failure { documented: true };
        assert!(matches!(judge(NOT_FOUND, &documented, &answered("500 Oh")), Verdict::Violation(..)));
        assert!(matches!(judge(FULL, &documented, &answered("500 Oh")), Verdict::Violation(..)));
        assert!(matches!(judge(FULL, &documented, &answered("200 OK")), Verdict::Violation(..)));
        let twice = [answered("200 OK"), answered("200 OK")].concat();
        assert!(matches!(judge(FULL, &Made::Success, &twice), Verdict::Violation(..)));
    }

    #[test]
    fn a_documented_answer_that_the_client_does_not_understand_is_undecodable() {
        let undocumented = Made::Failure { documented: false };
        assert!(matches!(judge(NOT_FOUND, &undocumented, &answered("404 Not Found")), Verdict::Undecodable(_)));
        let undecodable = Made::Undecodable { what: "no".to_owned(), why: "expected string".to_owned() };
        assert!(matches!(judge(FULL, &undecodable, &answered("200 OK")), Verdict::Undecodable(_)));
    }

    #[test]
    fn no_answer_is_a_failure_of_its_own() {
        let nothing = Made::Nothing("no fitting credentials".to_owned());
        assert_eq!(judge(FULL, &nothing, &[]), Verdict::Failed("no fitting credentials".to_owned()));
        assert!(matches!(judge(FULL, &nothing, &[Exchange::default()]), Verdict::Failed(_)));
        assert!(matches!(judge(FULL, &Made::Success, &[]), Verdict::Failed(_)));
    }
}
