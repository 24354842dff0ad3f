//! Part of `lower`: responses.
//!
//! In: the `responses` of an operation. Out: the responses of the IR, in document order with `default` last.
//!
//! Invariant: no response is dropped: bodies that cannot be decoded are bytes.

use serde_json::Value;

use super::context::{Context, owner};
use super::media::Rules;
use super::{notes, scalar};
use crate::ir::{Response, ResponseHeader, Role, Section, StatusMatch, Text, successes};
use crate::resolve::Node;
use crate::schema_keywords::{Keywords, SchemaType};
use clientwright_normalizer::diagnostic::codes;
use clientwright_normalizer::pointer::Pointer;

/// Headers of any response: HTTP headers (RFC 9110 §6.6, §7.6, §8, §12.5.5; RFC 9112 §6.1), and headers of proxies and browser security.
const OF_TRANSPORT: &str = "accept-ranges age alt-svc connection content-encoding content-length content-security-policy date \
    expect-ct keep-alive nel pragma referrer-policy report-to server set-cookie strict-transport-security transfer-encoding \
    vary via x-aspnet-version x-cache x-content-type-options x-dns-prefetch-control x-download-options x-frame-options \
    x-permitted-cross-domain-policies x-powered-by x-robots-tag x-xss-protection";

impl<'d> Context<'d> {
    /// Returns the responses of an operation, webhook or callback; the latter two may have none, and have no streams.
    pub(super) fn responses(&mut self, operation: &str, responses: &Node<'d>, is_incoming: bool) -> Vec<Response> {
        let places = responses.clone().members().filter_map(|(key, place)| Some((status(key)?, place)));
        let default = responses.get("default").map(|place| (StatusMatch::Default, place));
        let statuses: Vec<_> = places.chain(default).collect();
        if statuses.is_empty() && !is_incoming {
            // At least one response is required (OpenAPI 3.0.3 §4.7.16).
            self.invalid(
                codes::NO_RESPONSE,
                &responses.at,
                format!("the operation `{operation}` must have a response"),
            );
        }
        let mut lowered: Vec<Response> = Vec::new();
        for (status, place) in statuses {
            // `default` is a success if there is no other.
            let is_success = status.is_success() || status == StatusMatch::Default && successes(&lowered).is_empty();
            let rules = if is_success && !is_incoming { Rules::Success } else { Rules::Response };
            lowered.push(self.response(operation, status, &place, rules));
        }
        self.check_protocol(operation, &lowered, &responses.at);
        lowered
    }

    /// Reports an operation whose only success switches to another protocol (RFC 9110 §15.2.2).
    fn check_protocol(&mut self, operation: &str, responses: &[Response], at: &Pointer) {
        let switches = responses.iter().any(|response| response.status == StatusMatch::Code(101));
        if switches && successes(responses).is_empty() {
            let message = format!(
                "the operation `{operation}` switches to another protocol (101), which is not supported: calls return an error"
            );
            self.unsupported(codes::PROTOCOL_SWITCH, &at.key("101"), message);
        }
    }

    fn response(&mut self, operation: &str, status: StatusMatch, place: &Node<'d>, rules: Rules) -> Response {
        // A response with a broken reference still has a status; its body is unknown.
        let unknown = || Node { item: &Value::Null, at: place.at.clone() };
        let found = self.resolved(place, "responses").unwrap_or_else(unknown);
        let owner = |index| owner(found.component(), Section::Responses, operation, Role::Response(status, index));
        let media_types = self.media_types(rules, &found, owner);
        // Links describe useful next operations; nothing is generated for them.
        let headers = found.key("headers").members();
        let headers = headers.filter_map(|(name, place)| self.response_header(name, &place)).collect();
        Response { status, media_types, headers, docs: notes::docs(found.item) }
    }

    /// Returns a header that is useful to callers. `Content-Type` follows from the media type (OpenAPI 3.0.3 §4.7.17.1), and CORS headers
    /// are for browsers (Fetch §3.3.3). Servers, proxies and CDNs add transport headers to any response; documents generated from
    /// recorded responses list them without a description.
    fn response_header(&mut self, name: &str, place: &Node<'d>) -> Option<ResponseHeader> {
        let lower = name.to_ascii_lowercase();
        if lower == "content-type" || lower.starts_with("access-control-") {
            return None;
        }
        let found = self.resolved(place, "headers")?;
        let value = self.header_schema(&found).and_then(value);
        self.follow_examples(&found);
        let docs = notes::docs(found.item);
        let is_of_transport = OF_TRANSPORT.split(' ').any(|listed| listed == lower) || lower.starts_with("cf-");
        let is_shown = docs.description.is_some() || !is_of_transport;
        is_shown.then(|| ResponseHeader { wire_name: name.to_owned(), value, docs })
    }
}

/// Returns the status codes for a key of `responses` (OpenAPI 3.0.3 §4.7.16), except `default`.
fn status(key: &str) -> Option<StatusMatch> {
    if let Some(hundred) = key.strip_suffix("XX") {
        return hundred.parse().ok().filter(|hundred| (1..=5).contains(hundred)).map(StatusMatch::Range);
    }
    key.parse().ok().filter(|code| (100..=599).contains(code)).map(StatusMatch::Code)
}

/// Returns the type of a header value in a few words, if its own schema specifies it.
fn value(schema: &Value) -> Option<&'static str> {
    let Keywords { kind, format, .. } = Keywords::of(schema);
    let kind = kind?;
    Some(match scalar::text(format) {
        _ if kind != SchemaType::String => kind.text(),
        Text::DateTime => "date and time",
        Text::Date => "date",
        Text::Time => "time",
        Text::Duration => "duration",
        Text::Decimal => "number",
        Text::Uuid => "UUID",
        Text::Plain | Text::Base64 | Text::File => "string",
    })
}
