//! One exchange on the wire.
//!
//! In: the bytes of a request and its response. Out: their parts, and the server's objections. Invariant: no value of an `Authorization`
//! header leaves this module.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The prefix of the types of all problems that Prism reports.
const PROBLEM: &str = "https://stoplight.io/prism/errors#";
/// The header in which Prism lists violations of the document, whatever it responds.
const VIOLATIONS: &str = "sl-violations";
/// The maximum length of a displayed body.
const SHOWN: usize = 4000;

/// A request and its response as bytes.
#[derive(Clone, Debug, Default)]
pub struct Exchange {
    /// The bytes that the client sent.
    pub request: Vec<u8>,
    /// The bytes that the server sent.
    pub answer: Vec<u8>,
}

/// A server's objection.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// The message, in one line.
    pub message: String,
    /// The violations with their places.
    pub details: Vec<String>,
    /// Whether all violations are in the response, which the server generated.
    pub of_answer: bool,
}

impl Exchange {
    /// Returns the status of the response, if any.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        Message::of(&self.answer).0.status()
    }

    /// Returns the server's objection, if any.
    #[must_use]
    pub fn problem(&self) -> Option<Problem> {
        let (answer, body) = Message::of(&self.answer);
        let listed = answer.header(VIOLATIONS).map(violations).unwrap_or_default();
        if let Some(problem) = own_problem(&answer, body) {
            return Some(Problem { details: merged(problem.details, listed), ..problem });
        }
        let of_answer = !listed.iter().any(|one| is_of_request(one));
        let what = if of_answer { "its own answer" } else { "the request" };
        let message = || format!("Prism: {what} violates the document");
        (!listed.is_empty()).then(|| Problem { message: message(), details: listed, of_answer })
    }

    /// Returns the whole body of the response, if it is text.
    pub(crate) fn answer_text(&self) -> Option<String> {
        String::from_utf8(Message::of(&self.answer).1.to_vec()).ok()
    }
}

/// An HTTP/1.1 message (RFC 9112 §2.1) for display, parsed where possible.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// The first line.
    pub line: String,
    /// The headers: `name: value`.
    pub headers: Vec<String>,
    /// The beginning of the body.
    pub body: String,
}

impl Message {
    /// Splits a message into its head and its body.
    fn of(bytes: &[u8]) -> (Self, &[u8]) {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
        let parts = end.and_then(|end| Some((bytes.get(..end)?, bytes.get(end + 4..)?)));
        let (head, body) = parts.unwrap_or((bytes, &[]));
        let head = String::from_utf8_lossy(head);
        let mut lines = head.split("\r\n");
        let line = lines.next().unwrap_or_default().to_owned();
        let headers = lines.filter_map(|line| line.split_once(':'));
        let headers = headers.map(|(name, value)| format!("{name}: {}", value.trim())).collect();
        (Self { line, headers, body: String::new() }, body)
    }

    /// Returns a message for display: without credentials, and with only the beginning of the body.
    pub(crate) fn shown(bytes: &[u8]) -> Self {
        let (mut message, body) = Self::of(bytes);
        for header in &mut message.headers {
            if let Some((name, value)) =
                header.split_once(": ").filter(|(name, _)| name.eq_ignore_ascii_case("authorization"))
            {
                *header = format!("{name}: {}", redacted(value));
            }
        }
        message.body = clipped(&String::from_utf8_lossy(body));
        message
    }

    /// Returns the status of a response.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.line.split(' ').nth(1)?.parse().ok()
    }

    /// Returns the value of a header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter().filter_map(|header| header.split_once(": "));
        headers.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

/// Returns the problem that Prism sends if the document has no matching response (RFC 9457).
fn own_problem(answer: &Message, body: &[u8]) -> Option<Problem> {
    if !answer.header("content-type")?.starts_with("application/problem+json") {
        return None;
    }
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    let kind = text("type").strip_prefix(PROBLEM)?;
    let message = format!("Prism: {kind}: {} ({})", text("title"), text("detail"));
    let validation = body.get("validation").and_then(Value::as_array);
    let details = validation.into_iter().flatten().map(violation).collect();
    Some(Problem { message, details, of_answer: false })
}

/// Returns the violations in the header, without warnings. Prism truncates a list that is too long for a header, which is then invalid
/// JSON.
fn violations(header: &str) -> Vec<String> {
    let Ok(Value::Array(listed)) = serde_json::from_str(header) else { return vec![clipped(header)] };
    let errors = listed.iter().filter(|one| one.get("severity").and_then(Value::as_str) == Some("Error"));
    errors.map(violation).collect()
}

/// Returns `true` if a violation is in the request. In a truncated list, violations of the request come first.
fn is_of_request(violation: &str) -> bool {
    violation.starts_with("request") || violation.contains("[{\"location\":[\"request\"")
}

/// Formats a violation: `request.body.name: must be string`.
fn violation(one: &Value) -> String {
    let location = one.get("location").and_then(Value::as_array);
    let parts = location.into_iter().flatten().map(|part| match part {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    });
    let message = one.get("message").and_then(Value::as_str).unwrap_or("(no message)");
    format!("{}: {message}", parts.collect::<Vec<_>>().join("."))
}

/// Merges both lists without duplicates: violations in the problem omit the prefix for the request.
fn merged(mut details: Vec<String>, listed: Vec<String>) -> Vec<String> {
    details.retain(|detail| !listed.iter().any(|one| one.ends_with(detail.as_str())));
    details.extend(listed);
    details
}

/// Redacts credentials, except their scheme.
fn redacted(credentials: &str) -> String {
    let scheme = credentials.split_once(' ').map(|(scheme, _)| scheme);
    scheme.map_or_else(|| "[redacted]".to_owned(), |scheme| format!("{scheme} [redacted]"))
}

fn clipped(text: &str) -> String {
    match text.char_indices().nth(SHOWN).and_then(|(end, _)| text.get(..end)) {
        Some(start) => format!("{start}… ({} bytes)", text.len()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(answer: &str) -> Exchange {
        Exchange { request: Vec::new(), answer: answer.as_bytes().to_vec() }
    }

    #[test]
    fn an_answer_without_objection() {
        let exchange = answered("HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\n\r\n{\"message\":\"no\"}");
        assert_eq!((exchange.status(), exchange.problem()), (Some(404), None));
    }

    #[test]
    fn a_problem_of_prism_is_one_even_though_the_document_has_problems_of_its_own() {
        let own = "HTTP/1.1 404 Not Found\r\ncontent-type: application/problem+json\r\n\r\n\
            {\"type\":\"https://stoplight.io/prism/errors#NO_PATH_MATCHED_ERROR\",\"title\":\"Route not resolved\",\"detail\":\"/x\"}";
        let problem = answered(own).problem().unwrap();
        assert_eq!(problem.message, "Prism: NO_PATH_MATCHED_ERROR: Route not resolved (/x)");
        let documented = own.replace("https://stoplight.io/prism/errors#", "https://example.com/");
        assert_eq!(answered(&documented).problem(), None);
    }

    #[test]
    fn violations_are_listed_once_and_with_their_place() {
        let list = r#"[{"location":["request","body","a",0],"severity":"Error","code":"type","message":"must be string"},{"location":["request"],"severity":"Warning","message":"old"}]"#;
        let header = format!("HTTP/1.1 400 Bad Request\r\nsl-violations: {list}\r\n\r\n{{}}");
        assert_eq!(answered(&header).problem().unwrap().details, ["request.body.a.0: must be string"]);
        let both = format!(
            "HTTP/1.1 422 Unprocessable Entity\r\nsl-violations: {list}\r\ncontent-type: application/problem+json\r\n\r\n\
            {{\"type\":\"https://stoplight.io/prism/errors#UNPROCESSABLE_ENTITY\",\"validation\":[{{\"location\":[\"body\",\"a\",0],\"message\":\"must be string\"}}]}}"
        );
        assert_eq!(answered(&both).problem().unwrap().details, ["request.body.a.0: must be string"]);
    }

    #[test]
    fn warnings_alone_are_no_objection_but_a_list_that_was_cut_off_is() {
        let warning = r#"[{"location":["request"],"severity":"Warning","message":"old"}]"#;
        assert_eq!(answered(&format!("HTTP/1.1 200 OK\r\nsl-violations: {warning}\r\n\r\n")).problem(), None);
        let cut = "HTTP/1.1 200 OK\r\nsl-violations: Too many violations! [{\"loc\r\n\r\n";
        assert!(answered(cut).problem().is_some());
    }

    #[test]
    fn violations_of_the_answer_alone_are_told_apart() {
        let of = |list: &str| answered(&format!("HTTP/1.1 200 OK\r\nsl-violations: {list}\r\n\r\n")).problem().unwrap();
        let one = |place: &str| format!(r#"{{"location":["{place}"],"severity":"Error","message":"no"}}"#);
        assert!(of(&format!("[{}]", one("response"))).of_answer);
        assert!(!of(&format!("[{},{}]", one("request"), one("response"))).of_answer);
        assert!(!of(&format!("Too many violations! [{},", one("request"))).of_answer);
        assert!(of(&format!("Too many violations! [{},", one("response"))).of_answer);
    }

    #[test]
    fn a_request_is_shown_without_its_credentials() {
        let request = "POST /a%2Fb?c=d HTTP/1.1\r\nAuthorization: Basic c2VjcmV0\r\nX-Trace: 1\r\n\r\n{\"a\":1}";
        let exchange = Exchange { request: request.as_bytes().to_vec(), answer: Vec::new() };
        let shown = Message::shown(&exchange.request);
        assert_eq!(shown.line, "POST /a%2Fb?c=d HTTP/1.1");
        assert_eq!(shown.headers, ["Authorization: Basic [redacted]", "X-Trace: 1"]);
        assert_eq!(shown.body, "{\"a\":1}");
        assert_eq!(exchange.status(), None);
    }

    #[test]
    fn a_credential_without_a_scheme_is_hidden_whole() {
        assert_eq!(redacted("secret"), "[redacted]");
        assert_eq!(clipped(&"ü".repeat(SHOWN + 1)).len(), SHOWN * 2 + "… (8002 bytes)".len());
    }
}
