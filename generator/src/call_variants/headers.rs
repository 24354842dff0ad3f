//! Part of `call_variants`: the documented headers of the responses to an operation.
//!
//! In: the responses of an operation. Out: each header once, with the responses that it comes with.
//!
//! Invariant: every header of the IR is listed.

use indexmap::IndexMap;

use super::split;
use crate::ir::{Response, ResponseHeader, StatusMatch};

/// A header of one or more of the responses to an operation.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct AnswerHeader {
    /// The header, with its first description.
    pub header: ResponseHeader,
    /// The responses that have it; empty if all that mean success do.
    pub statuses: Vec<StatusMatch>,
}

/// The headers of all responses, in the document's order. Names of headers have no case (RFC 9110 §5.1).
pub(crate) fn answer_headers(responses: &[Response]) -> Vec<AnswerHeader> {
    let mut headers: IndexMap<String, AnswerHeader> = IndexMap::new();
    for response in responses {
        for header in &response.headers {
            let new = || AnswerHeader { header: header.clone(), statuses: Vec::new() };
            let AnswerHeader { header: known, statuses } =
                headers.entry(header.wire_name.to_ascii_lowercase()).or_insert_with(new);
            known.value = known.value.or(header.value);
            if known.docs.description.is_none() {
                known.docs.description.clone_from(&header.docs.description);
            }
            statuses.push(response.status);
        }
    }
    let (successes, _) = split(responses);
    for header in headers.values_mut() {
        if !successes.is_empty() && successes.iter().all(|success| header.statuses.contains(&success.status)) {
            header.statuses.clear();
        }
    }
    headers.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::{Docs, HeaderValue};
    use clientwright_normalizer::pointer::Pointer;

    fn response(status: StatusMatch, headers: &[(&str, Option<&str>)]) -> Response {
        let header = |(name, description): &(&str, Option<&str>)| ResponseHeader {
            wire_name: (*name).to_owned(),
            value: description.map(|_| HeaderValue::Integer),
            docs: Docs { description: description.map(str::to_owned), ..Docs::default() },
        };
        Response {
            status,
            media_types: Vec::new(),
            headers: headers.iter().map(header).collect(),
            docs: Docs::default(),
            origin: Pointer::root(),
        }
    }

    fn told(responses: &[Response]) -> Vec<(String, Option<String>, Vec<StatusMatch>)> {
        let headers = answer_headers(responses).into_iter();
        headers.map(|header| (header.header.wire_name, header.header.docs.description, header.statuses)).collect()
    }

    #[test]
    fn a_header_is_told_once_and_with_its_answers_unless_all_successes_have_it() {
        let (ok, created, slow) = (StatusMatch::Code(200), StatusMatch::Code(201), StatusMatch::Code(429));
        let responses = [
            response(ok, &[("ETag", None), ("Location", None)]),
            response(created, &[("etag", Some("Its version."))]),
            response(slow, &[("Retry-After", Some("When."))]),
        ];
        let expected = [
            ("ETag".to_owned(), Some("Its version.".to_owned()), vec![]),
            ("Location".to_owned(), None, vec![ok]),
            ("Retry-After".to_owned(), Some("When.".to_owned()), vec![slow]),
        ];
        assert_eq!(told(&responses), expected);
    }

    #[test]
    fn an_answer_by_default_is_a_success_where_there_is_no_other() {
        assert_eq!(told(&[response(StatusMatch::Default, &[("A", None)])]), [("A".to_owned(), None, vec![])]);
        let failure = StatusMatch::Range(4);
        let responses = [response(StatusMatch::Code(204), &[]), response(failure, &[("A", None)])];
        assert_eq!(told(&responses), [("A".to_owned(), None, vec![failure])]);
    }
}
