//! Stage `call_variants`: the ways to call an operation, by media types and status codes. Between `lower` and `name`.
//!
//! In: an operation. Out: its calls, one for each type that the caller can receive; and its response headers.
//!
//! Invariant: the caller's type for each status is decided here; `name` and `emit` read it.

use indexmap::{IndexMap, IndexSet};

use crate::ir::{
    Api, Body, Docs, MediaKind, MediaType, Operation, Response, ResponseHeader, Shape, StatusMatch, StreamKind, Text,
    TypeId, TypeRef, Types, failures, keep_equal, main_json, successes,
};
use clientwright_normalizer::structure::media::without_parameters;

/// The ways to call one operation.
pub struct CallVariants {
    /// The call with the operation's own name, then the others.
    pub variants: Vec<CallVariant>,
    /// The payload of failures, shared by all calls.
    pub failure: ResponsePayload,
    /// The statuses of failures with this payload: `404`, or `4` for `4XX`; empty if all failures have the payload.
    pub failure_statuses: Vec<u16>,
    /// The index of the first operation with the same failures by status, if several operations share them.
    pub shared_failure: Option<usize>,
}

/// One way to call an operation.
#[derive(Clone)]
pub struct CallVariant {
    /// The difference from the operation's first call.
    pub distinction: Distinction,
    /// The media types of the `Accept` header, best first; empty for no header.
    pub accept: Vec<String>,
    /// The media types of a success that other calls decode, and that this call could mistake for its own.
    pub excluded: Vec<String>,
    /// Further media types of a success that the caller may request by a header, also text or bytes.
    pub further: Vec<String>,
    /// The request body.
    pub sends: Option<SentBody>,
    /// The payload of a success.
    pub success: ResponsePayload,
}

/// A body in the form that a call sends.
#[derive(Clone)]
pub struct SentBody {
    /// The selected media type of the body.
    pub media_type: MediaType,
    /// The media types that the caller chooses from, if the document lists too many for one call each.
    pub choices: Vec<String>,
    /// The equivalent media types, which are not sent.
    pub equivalent: Vec<String>,
}

/// The difference between a call of an operation and the first call.
#[derive(Clone, Debug)]
pub enum Distinction {
    /// This is the first call.
    None,
    /// It accepts this media type.
    Accepts(String),
    /// It sends this media type.
    Sends(String),
}

/// The payload of responses.
#[derive(Clone, Debug, PartialEq)]
pub enum ResponsePayload {
    /// No body.
    Empty,
    /// The same body for all status codes.
    One(Payload),
    /// The body depends on the status code.
    ByStatus(Vec<StatusPayload>),
}

/// The payload of a response with one status code.
#[derive(Clone, Debug, PartialEq)]
pub struct StatusPayload {
    /// The status codes.
    pub status: StatusMatch,
    /// The required media type of the response. A later entry without one matches all others.
    pub media_type: Option<String>,
    /// The body, if any.
    pub payload: Option<Payload>,
    /// The documentation.
    pub docs: Docs,
}

/// A body as the caller sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Payload {
    /// The kind of the bytes.
    pub kind: MediaKind,
    /// The type of the JSON, of the form, or of a stream item; `None` for plain text and bytes.
    pub used: Option<TypeRef>,
}

impl CallVariants {
    /// Returns the XML payloads of requests and responses.
    pub(crate) fn xml(&self) -> Vec<Payload> {
        self.xml_of(&self.variants)
    }

    /// Returns the XML payloads of these variants.
    pub(crate) fn xml_of(&self, variants: &[CallVariant]) -> Vec<Payload> {
        let sent = variants.iter().filter_map(|variant| variant.sends.as_ref());
        let sent = sent.map(|body| Payload::of(&body.media_type));
        let responses = variants.iter().map(|variant| &variant.success).chain([&self.failure]);
        let payloads = sent.chain(responses.flat_map(ResponsePayload::payloads));
        payloads.filter(|payload| payload.kind == MediaKind::Xml).collect()
    }
}

impl ResponsePayload {
    /// Returns the payloads of all statuses.
    pub(crate) fn payloads(&self) -> Vec<Payload> {
        match self {
            Self::Empty => Vec::new(),
            Self::One(payload) => vec![*payload],
            Self::ByStatus(statuses) => statuses.iter().filter_map(|one| one.payload).collect(),
        }
    }

    /// Returns the payloads of failures. A failure is read whole, so a documented stream, such as a shared `default`, is text.
    fn whole(mut self) -> Self {
        let payloads: Vec<&mut Payload> = match &mut self {
            Self::Empty => Vec::new(),
            Self::One(payload) => vec![payload],
            Self::ByStatus(statuses) => statuses.iter_mut().filter_map(|one| one.payload.as_mut()).collect(),
        };
        for payload in payloads.into_iter().filter(|payload| matches!(payload.kind, MediaKind::Stream(_))) {
            *payload = Payload { kind: MediaKind::Text, used: None };
        }
        self
    }
}

impl Payload {
    /// Returns the payload of a media type.
    pub fn of(media_type: &MediaType) -> Self {
        let kind = media_type.kind;
        let is_plain = matches!(kind, MediaKind::Text | MediaKind::Binary | MediaKind::Stream(StreamKind::TextEvents));
        Self { kind, used: (!is_plain).then_some(media_type.ty) }
    }
}

/// Determines the calls of each operation.
pub fn call_variants(api: &Api) -> Vec<CallVariants> {
    let mut calls: Vec<_> = api.operations.iter().map(|operation| variants(operation, &api.types)).collect();
    share_failures(&mut calls);
    calls
}

/// Finds the operations with the same failures by status. The first keeps the documentation that is equal in all of them.
fn share_failures(calls: &mut [CallVariants]) {
    let mut groups: IndexMap<Vec<_>, Vec<(usize, &mut CallVariants)>> = IndexMap::new();
    for (index, call) in calls.iter_mut().enumerate() {
        if let ResponsePayload::ByStatus(statuses) = &call.failure {
            let key = statuses.iter().map(|one| (one.status, one.media_type.clone(), one.payload)).collect();
            groups.entry(key).or_default().push((index, call));
        }
    }
    for mut group in groups.into_values() {
        let [(first, kept), others @ ..] = &mut *group else { continue };
        kept.shared_failure = (!others.is_empty()).then_some(*first);
        for (_, other) in others {
            other.shared_failure = Some(*first);
            if let (ResponsePayload::ByStatus(kept), ResponsePayload::ByStatus(other)) =
                (&mut kept.failure, &other.failure)
            {
                kept.iter_mut().zip(other).for_each(|(one, other)| keep_equal(&mut one.docs, &other.docs));
            }
        }
    }
}

fn variants(operation: &Operation, types: &Types) -> CallVariants {
    let successes = successes(&operation.responses);
    let failures = failures(&operation.responses);
    let failure = failure_payload(types, &failures).whole();
    let mut bodies = operation.body.as_ref().map(|body| bodies(body, types)).unwrap_or_default().into_iter();
    let reply = reply(operation, types, &successes);
    // Without media types, the empty name does not match any.
    let preferred = chosen_names(types, &successes, reply).first().copied().unwrap_or_default();
    let [further, excluded] = beside(&successes, preferred, types);
    let first = CallVariant {
        distinction: Distinction::None,
        accept: accept(types, &successes, &failures, reply),
        excluded,
        further,
        sends: bodies.next(),
        success: response_payload(types, &successes, reply),
    };
    let others = other_payloads(&successes, types, reply).into_iter().map(|media_type| {
        let [further, excluded] = beside(&successes, &media_type, types);
        CallVariant {
            success: response_payload(types, &successes, Some(&media_type)),
            excluded,
            further,
            accept: vec![media_type.clone()],
            distinction: Distinction::Accepts(media_type),
            ..first.clone()
        }
    });
    let bodies = bodies.map(|body| {
        let name = if body.choices.is_empty() { body.media_type.name.clone() } else { "*/*".to_owned() };
        CallVariant { distinction: Distinction::Sends(name), sends: Some(body), ..first.clone() }
    });
    let variants = [first.clone()].into_iter().chain(others).chain(bodies).collect();
    let failure_statuses = statuses(&failures, &failure);
    CallVariants { variants, failure, failure_statuses, shared_failure: None }
}

/// Returns the media type of the reply in an operation whose body selects between a reply and a stream.
fn reply<'o>(operation: &Operation, types: &Types, successes: &[&'o Response]) -> Option<&'o str> {
    let is_switched = |object: TypeId| types[object].shape.fields().iter().any(|field| field.switch);
    let selects = operation.has_stream() && operation.sent_types(types).any(is_switched);
    successes.iter().find_map(|response| response.json()).filter(|_| selects).map(|json| json.name.as_str())
}

/// Returns the statuses of failures with one payload; empty for `default`, or if each status has its own payload.
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

/// Returns the payload of failures. Calls do not select a media type for failures, so all JSON bodies are decoded.
fn failure_payload(types: &Types, failures: &[&Response]) -> ResponsePayload {
    if failures.iter().all(|response| further_json(response).is_empty()) {
        return response_payload(types, failures, None);
    }
    by_status(failures.iter().flat_map(|response| {
        let chosen = plain_json(response).map(Payload::of).or(payload(types, response, None));
        let one = status_payload(response, chosen);
        let further = further_json(response).into_iter().map(|(name, payload)| StatusPayload {
            media_type: Some(name.to_owned()),
            ..status_payload(response, Some(payload))
        });
        further.chain([one]).collect::<Vec<_>>()
    }))
}

/// Returns the first JSON media type of a response, preferably without parameters.
fn plain_json(response: &Response) -> Option<&MediaType> {
    let first = response.json()?;
    let is_plain = |one: &&MediaType| {
        one.kind == MediaKind::Json && one.name.eq_ignore_ascii_case(without_parameters(&first.name))
    };
    response.media_types.iter().find(is_plain).or(Some(first))
}

/// Returns the JSON media types of a response whose body differs from the first choice. A media type keeps its parameters and comes first
/// if nothing else distinguishes it.
fn further_json(response: &Response) -> IndexMap<&str, Payload> {
    let mut distinct: IndexMap<&str, Payload> = IndexMap::new();
    let Some(first) = plain_json(response) else { return distinct };
    let mut media_types: Vec<_> = response.media_types.iter().filter(|one| one.kind == MediaKind::Json).collect();
    media_types.sort_by_key(|one| one.name.contains(';'));
    for media_type in media_types {
        let (essence, payload) = (without_parameters(&media_type.name), Payload::of(media_type));
        if essence.contains('*') || payload == Payload::of(first) {
            continue;
        }
        let is_known = distinct.get(essence).is_some_and(|known| *known != payload);
        let is_taken = is_known || essence.eq_ignore_ascii_case(without_parameters(&first.name));
        distinct.entry(if is_taken { &media_type.name } else { essence }).or_insert(payload);
    }
    distinct.sort_by(|one, _, other, _| other.contains(';').cmp(&one.contains(';')));
    distinct
}

/// Returns the payload of responses, given a preferred media type.
fn response_payload(types: &Types, responses: &[&Response], preferred: Option<&str>) -> ResponsePayload {
    let payloads: Vec<Option<Payload>> = responses.iter().map(|response| payload(types, response, preferred)).collect();
    let mut bodies = payloads.iter().flatten();
    let Some(first) = bodies.next() else {
        return ResponsePayload::Empty;
    };
    let success = responses.iter().any(|response| response.status.is_success() || response.status.is_redirect());
    let same = bodies.all(|other| other == first);
    let is_stream = matches!(first.kind, MediaKind::Stream(_));
    // A failure without a body needs no enum: the body is absent. A stream without a body has no items.
    if same && (!success || is_stream || payloads.iter().all(Option::is_some)) {
        return ResponsePayload::One(*first);
    }
    by_status(responses.iter().zip(payloads).map(|(response, payload)| status_payload(response, payload)))
}

fn status_payload(response: &Response, payload: Option<Payload>) -> StatusPayload {
    StatusPayload { status: response.status, media_type: None, payload, docs: response.docs.clone() }
}

/// Sorts codes before ranges, and `default` last: the first match decides.
fn by_status(statuses: impl Iterator<Item = StatusPayload>) -> ResponsePayload {
    let mut by_status: Vec<StatusPayload> = statuses.collect();
    by_status.sort_by_key(|response| response.status);
    ResponsePayload::ByStatus(by_status)
}

/// Returns the payload of one response: the preferred media type, else JSON, else the first. In a success, text, bytes and
/// streams take precedence over JSON without a schema.
fn payload(types: &Types, response: &Response, preferred: Option<&str>) -> Option<Payload> {
    let media_types = &response.media_types;
    let by_name = preferred.and_then(|name| media_types.iter().find(|media_type| media_type.name == name));
    let is_any = |one: &MediaType| *types.shape(one.ty) == Shape::Any;
    let is_said = |one: &&MediaType| match one.kind {
        MediaKind::Text => !is_any(one),
        kind => matches!(kind, MediaKind::Binary | MediaKind::Stream(_)) && !one.name.contains('*'),
    };
    // FastAPI lists JSON without a schema alongside the media type that the author wrote.
    let yields = |_: &&MediaType| response.status.is_success() && response.json().is_some_and(is_any);
    let said = || media_types.iter().find(is_said).filter(yields);
    by_name.or_else(said).or(response.json()).or(media_types.first()).map(Payload::of)
}

/// Returns the media types of successes whose type differs from the first choice.
fn other_payloads(successes: &[&Response], types: &Types, preferred: Option<&str>) -> IndexSet<String> {
    let mut names = IndexSet::new();
    for response in successes {
        let mut seen: Vec<Payload> = payload(types, response, preferred).into_iter().collect();
        for media_type in &response.media_types {
            let payload = Payload::of(media_type);
            // Frameworks list `text/plain` alongside JSON for every response.
            let is_json =
                is_plain_text(media_type) && response.json().is_some_and(|json| is_same(types, json.ty, media_type.ty));
            if !seen.contains(&payload) && !is_json {
                seen.push(payload);
                names.insert(media_type.name.clone());
            }
        }
    }
    names
}

/// Returns [`CallVariant::further`] and [`CallVariant::excluded`] of a call for a media type of the successes. A call that decodes JSON
/// excludes streams; if it decodes any JSON value, it also excludes bytes, and text except `text/plain`.
fn beside(successes: &[&Response], preferred: &str, types: &Types) -> [Vec<String>; 2] {
    let all = || successes.iter().flat_map(|response| &response.media_types).filter(|one| !one.name.contains('*'));
    let Some(chosen) = all().find(|one| one.name == preferred) else { return Default::default() };
    let is_plain = |one: &MediaType| matches!(one.kind, MediaKind::Text | MediaKind::Binary);
    let (essence, is_any) = (without_parameters(preferred), *types.shape(chosen.ty) == Shape::Any);
    let is_excluded = |one: &&MediaType| match chosen.kind {
        MediaKind::Json => matches!(one.kind, MediaKind::Stream(_)) || is_any && is_plain(one) && !is_plain_text(one),
        // `application/octet-stream` covers any content.
        _ => is_plain(chosen) && essence != "application/octet-stream",
    };
    let further = all().filter(|one| is_plain(chosen) && one.kind == chosen.kind).map(|one| one.name.as_str());
    let excluded = all().filter(|one| one.kind != chosen.kind).filter(is_excluded);
    let excluded = excluded.map(|one| without_parameters(&one.name)).filter(|name| *name != essence);
    let named =
        |names: IndexSet<&str>| names.into_iter().filter(|name| *name != preferred).map(str::to_owned).collect();
    [named(further.collect()), named(excluded.collect())]
}

/// The maximum number of binary media types with one call each; with more, the caller passes the media type.
const RAW: usize = 4;

/// Returns the media types of a body, ignoring charsets; media types with the same type may differ in meaning (patches). Those equivalent
/// to JSON are sent as JSON, which comes first; without JSON, those equivalent to a form are sent as that form. Many binary media types
/// share one call, which lists them.
fn bodies(body: &Body, types: &Types) -> Vec<SentBody> {
    let mut distinct: IndexMap<String, &MediaType> = IndexMap::new();
    for media_type in &body.media_types {
        distinct.entry(without_charset(&media_type.name)).or_insert(media_type);
    }
    let is_raw = |media_type: &MediaType| media_type.kind == MediaKind::Binary && !media_type.named_by_caller;
    let raw: Vec<String> = distinct.values().filter(|one| is_raw(one)).map(|one| one.name.clone()).collect();
    let mut bodies: IndexMap<&str, SentBody> = IndexMap::new();
    for media_type in distinct.values().copied() {
        if raw.len() > RAW && is_raw(media_type) {
            let media_type = MediaType { named_by_caller: true, ..media_type.clone() };
            bodies.entry("*/*").or_insert(SentBody { media_type, choices: raw.clone(), equivalent: Vec::new() });
            continue;
        }
        let sent = canonical_media_type(types, &distinct, media_type);
        let alone = || SentBody { media_type: sent.clone(), choices: Vec::new(), equivalent: Vec::new() };
        let body = bodies.entry(&sent.name).or_insert_with(alone);
        if sent != media_type {
            body.equivalent.push(media_type.name.clone());
        }
    }
    let mut bodies: Vec<SentBody> = bodies.into_values().collect();
    let main = main_json(&body.media_types).map(|json| json.name.as_str());
    bodies.sort_by_key(|body| Some(body.media_type.name.as_str()) != main);
    bodies
}

/// Returns the media type that is sent in place of this one: an equivalent media type, or itself.
fn canonical_media_type<'b>(
    types: &Types,
    all: &IndexMap<String, &'b MediaType>,
    media_type: &'b MediaType,
) -> &'b MediaType {
    let named = |name: &str| all.get(name).copied();
    let form = || all.values().copied().find(|one| one.kind == MediaKind::Form);
    let main = named("application/json").or_else(|| named("text/json")).or_else(form);
    if let Some(main) = main.filter(|main| is_equivalent(types, media_type, main)) {
        return main;
    }
    // `text/xml` is an alias (RFC 7303 §9.2).
    let xml = named("application/xml").filter(|_| without_charset(&media_type.name) == "text/xml");
    xml.filter(|xml| Payload::of(xml) == Payload::of(media_type)).unwrap_or(media_type)
}

/// Returns `true` if a body is equivalent to JSON or a form in another format. For JSON: JSON under another name, a JSON Patch with a
/// schema, `text/plain` that is not a string, or a form without files. For a form: a multipart body without files.
fn is_equivalent(types: &Types, media_type: &MediaType, main: &MediaType) -> bool {
    let is_plain = || media_type.encodings.is_empty() && main.encodings.is_empty();
    let has_form = match (media_type.kind, main.kind) {
        (MediaKind::Json, MediaKind::Json) => match without_charset(&media_type.name).as_str() {
            // Frameworks list this media type for every JSON body.
            "application/json-patch+json" => *types.shape(main.ty) != Shape::Any,
            // Other patches derive their meaning from the name (RFC 7396 §1); parameters may be a version.
            name => media_type == main || !name.contains("patch") && !name.contains(';'),
        },
        (MediaKind::Form | MediaKind::Multipart, MediaKind::Json) => !holds_bytes(types, media_type.ty),
        (MediaKind::Text, MediaKind::Json) => is_plain_text(media_type) && !is_text(types, main.ty),
        (MediaKind::Form, MediaKind::Form) => media_type == main,
        (MediaKind::Multipart, MediaKind::Form) => !holds_bytes(types, media_type.ty) && is_plain(),
        _ => false,
    };
    has_form && is_same(types, media_type.ty, main.ty)
}

/// Returns `true` if two media types have the same type. Inline strings have separate types but count as the same.
fn is_same(types: &Types, one: TypeRef, other: TypeRef) -> bool {
    let end = |used: TypeRef| TypeRef { ty: types.end(used), ..used };
    end(one) == end(other) || is_text(types, one) && is_text(types, other)
}

fn is_text(types: &Types, used: TypeRef) -> bool {
    *types.shape(used) == Shape::Text(Text::Plain)
}

/// Returns `true` if a property of a body is bytes or a list of bytes, which only a form can send as files.
fn holds_bytes(types: &Types, used: TypeRef) -> bool {
    let is_bytes = |used: &TypeRef| {
        let item = match types.shape(*used) {
            Shape::Array(item) => item,
            _ => used,
        };
        types.resolved(*item).is_binary()
    };
    types.shape(used).type_refs().iter().any(is_bytes)
}

fn is_plain_text(media_type: &MediaType) -> bool {
    without_charset(&media_type.name) == "text/plain"
}

/// Normalizes a media type for comparison: in lower case, without white space and charset.
fn without_charset(name: &str) -> String {
    let name = name.to_ascii_lowercase();
    let parts = name.split(';').map(str::trim).filter(|part| !part.starts_with("charset="));
    parts.collect::<Vec<_>>().join(";")
}

/// Returns the value of `Accept`: first the media types of successes with the chosen payload, then the media types of failures. A server
/// may otherwise withhold the error body (RFC 9110 §12.5.1). Of media types that differ only by charset, the shortest is listed.
fn accept(types: &Types, successes: &[&Response], failures: &[&Response], preferred: Option<&str>) -> Vec<String> {
    let offered = |name: &str| successes.iter().flat_map(|response| &response.media_types).any(|one| one.name == name);
    let further = failures.iter().flat_map(|response| further_json(response).into_keys());
    let failures: IndexSet<&str> = chosen_names(types, failures, None).into_iter().chain(further).collect();
    let failures = failures.into_iter().filter(|name| !offered(name));
    let mut names: IndexMap<String, &str> = IndexMap::new();
    for name in chosen_names(types, successes, preferred).into_iter().chain(failures) {
        let known = names.entry(without_charset(name)).or_insert(name);
        if name.len() < known.len() {
            *known = name;
        }
    }
    let mut names: Vec<String> = names.into_values().map(str::to_owned).collect();
    if names.len() > ACCEPTED {
        names.truncate(ACCEPTED);
        names.push("*/*".to_owned());
    }
    names
}

/// The maximum number of media types listed in `Accept`; beyond it, any other is accepted, too. Servers limit the size of headers.
const ACCEPTED: usize = 20;

/// Returns the distinct media types of responses that have the same payload as the first choice.
fn chosen_names<'r>(types: &Types, responses: &[&'r Response], preferred: Option<&str>) -> IndexSet<&'r str> {
    let chosen = responses.iter().flat_map(|response| {
        let chosen = payload(types, response, preferred);
        response.media_types.iter().filter(move |media_type| Some(Payload::of(media_type)) == chosen)
    });
    chosen.map(|media_type| media_type.name.as_str()).collect()
}

/// A header of one or more responses of an operation.
pub(crate) struct SharedHeader {
    /// The header, with its first description.
    pub header: ResponseHeader,
    /// The responses with the header; empty if all successes have it.
    pub statuses: Vec<StatusMatch>,
}

/// Returns the headers of all responses, in document order. Header names are case-insensitive (RFC 9110 §5.1).
pub(crate) fn response_headers(responses: &[Response]) -> Vec<SharedHeader> {
    let mut headers: IndexMap<String, SharedHeader> = IndexMap::new();
    for response in responses {
        for header in &response.headers {
            let new = || SharedHeader { header: header.clone(), statuses: Vec::new() };
            let SharedHeader { header: known, statuses } =
                headers.entry(header.wire_name.to_ascii_lowercase()).or_insert_with(new);
            known.value = known.value.or(header.value);
            if known.docs.description.is_none() {
                known.docs.description.clone_from(&header.docs.description);
            }
            statuses.push(response.status);
        }
    }
    let successes = successes(responses);
    for header in headers.values_mut() {
        if !successes.is_empty() && successes.iter().all(|success| header.statuses.contains(&success.status)) {
            header.statuses.clear();
        }
    }
    headers.into_values().collect()
}

#[cfg(test)]
mod tests;
