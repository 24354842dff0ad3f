//! Stage `call_variants`: the ways to call an operation, by media types and status codes. Between `lower` and `name`.
//!
//! In: an operation. Out: its calls, one for each type that media types give the caller; and its response headers.
//!
//! Invariant: `name` and `emit` decide nothing about responses; they read it here.

use indexmap::{IndexMap, IndexSet};

use crate::ir::{
    Body, Docs, MediaKind, MediaType, Operation, Response, ResponseHeader, StatusMatch, TypeRef, answers_redirects,
    is_success,
};

/// The ways to call one operation.
#[derive(Clone, Debug, PartialEq)]
pub struct CallVariants {
    /// The call that bears the operation's own name, then the others.
    pub variants: Vec<CallVariant>,
    /// What a failure carries, the same for all.
    pub failure: ResponsePayload,
    /// The statuses of the failures that carry it, `404`, or `4` for `4XX`; none, if it is that of all.
    pub failure_statuses: Vec<u16>,
    /// Whether a redirect is the success that the operation is for.
    pub answers_redirects: bool,
}

/// One way to call an operation.
#[derive(Clone, Debug, PartialEq)]
pub struct CallVariant {
    /// How it differs from the operation's first call.
    pub distinction: Distinction,
    /// The media types of its `Accept` header, best first; empty: there is none.
    pub accept: Vec<String>,
    /// Which of the body's media types it sends.
    pub sends: Option<MediaType>,
    /// The media types of which the caller names one, if the document lists so many that they are one call.
    pub choices: Vec<String>,
    /// What a success carries.
    pub success: ResponsePayload,
}

/// How a call of an operation differs from its first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Distinction {
    /// It is the first.
    None,
    /// It asks for this media type.
    Accepts(String),
    /// It sends this media type.
    Sends(String),
}

/// What a response carries.
#[derive(Clone, Debug, PartialEq)]
pub enum ResponsePayload {
    /// No body.
    Empty,
    /// The same body for all status codes.
    One(Payload),
    /// It depends on the status code.
    ByStatus(Vec<StatusPayload>),
}

/// What a response with one status code carries.
#[derive(Clone, Debug, PartialEq)]
pub struct StatusPayload {
    /// The codes.
    pub status: StatusMatch,
    /// The body, if there is one.
    pub payload: Option<Payload>,
    /// Its documentation.
    pub docs: Docs,
}

/// A body as the caller sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payload {
    /// JSON of this type.
    Json(TypeRef),
    /// A form with the properties of this type.
    Form(TypeRef),
    /// Parts that are the properties of this type.
    Multipart(TypeRef),
    /// Text as it is.
    Text,
    /// Bytes as they are.
    Binary,
}

impl Payload {
    /// The payload of a media type.
    pub fn of(media_type: &MediaType) -> Self {
        match media_type.kind {
            MediaKind::Json => Self::Json(media_type.ty),
            MediaKind::Form => Self::Form(media_type.ty),
            MediaKind::Multipart => Self::Multipart(media_type.ty),
            MediaKind::Text => Self::Text,
            MediaKind::Binary => Self::Binary,
        }
    }

    /// The type, if it has one of its own, where it is used.
    pub fn typed(self) -> Option<TypeRef> {
        match self {
            Self::Json(used) | Self::Form(used) | Self::Multipart(used) => Some(used),
            Self::Text | Self::Binary => None,
        }
    }
}

/// Works out the calls of an operation.
pub fn call_variants(operation: &Operation) -> CallVariants {
    let (successes, failures) = split(&operation.responses);
    let failure = response_payload(&failures, None);
    let mut bodies = operation.body.as_ref().map(bodies).unwrap_or_default().into_iter();
    let (sends, choices) = bodies.next().unzip();
    let first = CallVariant {
        distinction: Distinction::None,
        accept: accept(&successes, &failures),
        sends,
        choices: choices.unwrap_or_default(),
        success: response_payload(&successes, None),
    };
    let answers = other_answers(&successes).into_iter().map(|media_type| CallVariant {
        success: response_payload(&successes, Some(&media_type)),
        accept: vec![media_type.clone()],
        distinction: Distinction::Accepts(media_type),
        ..first.clone()
    });
    let bodies = bodies.map(|(media_type, choices)| CallVariant {
        distinction: Distinction::Sends(if choices.is_empty() { media_type.name.clone() } else { "*/*".to_owned() }),
        sends: Some(media_type),
        choices,
        ..first.clone()
    });
    let variants = [first.clone()].into_iter().chain(answers).chain(bodies).collect();
    let failure_statuses = statuses(&failures, &failure);
    CallVariants { variants, failure, failure_statuses, answers_redirects: answers_redirects(&operation.responses) }
}

/// The statuses of failures with one payload; none for those of `default`, or where each status has a payload of its own.
fn statuses(failures: &[&Response], carried: &ResponsePayload) -> Vec<u16> {
    let is_one = matches!(carried, ResponsePayload::One(_));
    let carrying = failures.iter().filter(|response| is_one && !response.media_types.is_empty());
    let statuses: Option<Vec<u16>> = carrying
        .map(|response| match response.status {
            StatusMatch::Code(code) => Some(code),
            StatusMatch::Range(hundred) => Some(u16::from(hundred)),
            StatusMatch::Default => None,
        })
        .collect();
    statuses.unwrap_or_default()
}

/// The responses that mean success and the others. `default` means success only where nothing else does.
fn split(responses: &[Response]) -> (Vec<&Response>, Vec<&Response>) {
    let (mut successes, failures): (Vec<&Response>, Vec<&Response>) =
        responses.iter().partition(|response| is_success(responses, response.status));
    if successes.is_empty() {
        successes.extend(responses.iter().filter(|response| response.status == StatusMatch::Default));
    }
    (successes, failures)
}

/// What some responses carry, where one media type is preferred.
fn response_payload(responses: &[&Response], preferred: Option<&str>) -> ResponsePayload {
    let payloads: Vec<Option<Payload>> = responses.iter().map(|response| payload(response, preferred)).collect();
    let mut bodies = payloads.iter().flatten();
    let Some(first) = bodies.next() else {
        return ResponsePayload::Empty;
    };
    let success = responses.iter().any(|response| response.status.is_success() || response.status.is_redirect());
    let same = bodies.all(|other| other == first);
    // A failure without a body is no reason for an enum: its body is simply not there.
    if same && (!success || payloads.iter().all(Option::is_some)) {
        return ResponsePayload::One(*first);
    }
    let by_status = responses.iter().zip(payloads).map(|(response, payload)| StatusPayload {
        status: response.status,
        payload,
        docs: response.docs.clone(),
    });
    let mut by_status: Vec<_> = by_status.collect();
    // A code comes before its hundred, and `default` last: the first match decides.
    by_status.sort_by_key(|response| match response.status {
        StatusMatch::Code(_) => 0,
        StatusMatch::Range(_) => 1,
        StatusMatch::Default => 2,
    });
    ResponsePayload::ByStatus(by_status)
}

/// What one response carries: the preferred media type, else JSON, else the first.
fn payload(response: &Response, preferred: Option<&str>) -> Option<Payload> {
    let media_types = &response.media_types;
    let by_name = preferred.and_then(|name| media_types.iter().find(|media_type| media_type.name == name));
    let json = || media_types.iter().find(|media_type| media_type.kind == MediaKind::Json);
    by_name.or_else(json).or(media_types.first()).map(Payload::of)
}

/// The media types of successes that give the caller another type than the first choice does.
fn other_answers(successes: &[&Response]) -> IndexSet<String> {
    let mut names = IndexSet::new();
    for response in successes {
        let mut seen: Vec<Payload> = payload(response, None).into_iter().collect();
        for media_type in &response.media_types {
            let payload = Payload::of(media_type);
            if !seen.contains(&payload) {
                seen.push(payload);
                names.insert(media_type.name.clone());
            }
        }
    }
    names
}

/// The media types of bytes that are a call each, at most: of more, the caller names one.
const RAW: usize = 4;

/// The media types of a body, character sets aside; those of one type may differ in meaning (patches). Many that are only bytes
/// are one, with the names of all.
fn bodies(body: &Body) -> Vec<(MediaType, Vec<String>)> {
    let mut distinct: IndexMap<String, &MediaType> = IndexMap::new();
    for media_type in &body.media_types {
        distinct.entry(without_charset(&media_type.name)).or_insert(media_type);
    }
    let is_raw = |media_type: &MediaType| Payload::of(media_type) == Payload::Binary && !media_type.named_by_caller;
    let raw: Vec<String> = distinct.values().filter(|one| is_raw(one)).map(|one| one.name.clone()).collect();
    let mut bodies: Vec<(MediaType, Vec<String>)> = Vec::new();
    for media_type in distinct.into_values().cloned() {
        if raw.len() <= RAW || !is_raw(&media_type) {
            bodies.push((media_type, Vec::new()));
        } else if raw.first() == Some(&media_type.name) {
            bodies.push((MediaType { named_by_caller: true, ..media_type }, raw.clone()));
        }
    }
    bodies
}

/// A media type as it is compared: in lower case, without white space and without its character set.
fn without_charset(name: &str) -> String {
    let name = name.to_ascii_lowercase();
    let parts = name.split(';').map(str::trim).filter(|part| !part.starts_with("charset="));
    parts.collect::<Vec<_>>().join(";")
}

/// The `Accept` header: the media types of the successes that give the same payload as the first choice, then those that only
/// failures have, without which a server may withhold the documented error body (RFC 9110 §12.5.1).
fn accept(successes: &[&Response], failures: &[&Response]) -> Vec<String> {
    let offered = |name: &str| successes.iter().flat_map(|response| &response.media_types).any(|one| one.name == name);
    let failures = chosen_names(failures).into_iter().filter(|name| !offered(name));
    chosen_names(successes).into_iter().chain(failures).map(str::to_owned).collect()
}

/// The media types of some responses that give the same payload as each one's first choice, each once.
fn chosen_names<'r>(responses: &[&'r Response]) -> IndexSet<&'r str> {
    let chosen = responses.iter().flat_map(|response| {
        let chosen = payload(response, None);
        response.media_types.iter().filter(move |media_type| Some(Payload::of(media_type)) == chosen)
    });
    chosen.map(|media_type| media_type.name.as_str()).collect()
}

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
mod tests;
