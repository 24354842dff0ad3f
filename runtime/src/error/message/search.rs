//! The search for messages in JSON.
//!
//! In: an error body. Out: its message. Invariant: any body is accepted, and the work is bounded by [`DEPTH`] and by
//! the limits of [`Found`].
//!
//! An object is read in one of two ways: as an *envelope*, whose keys have known roles ([`keys`]), or as messages *by
//! field*, whose keys are names of fields. Messages by field are found in `errors` and similar keys, in objects that
//! contain only arrays of strings, and in bodies of sentences under unknown keys.

use std::borrow::Cow;

use super::found::{Found, connected, for_people, is_sentence, is_status};
use super::json::Json;
use super::keys::{self, Role};

/// The maximum depth of messages.
const DEPTH: u32 = 12;
/// The maximum length of a place, in bytes.
const PLACE: usize = 200;
/// The keys of the text in a localized message: `{"lang": "en", "value": "not found"}`, `{"en": "not found"}`.
const LOCALIZED: [&str; 6] = ["value", "text", "#text", "content", "en", "en-US"];

/// The members of an object, in their order.
type Members = [(String, Json)];

/// A value and the role of its key.
type Known<'v> = (Role, &'v Json);

/// The part of the body that contains a value.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    /// The body.
    Body,
    /// A part of the body that may also be a resource.
    Wrapper,
    /// An error.
    Error,
    /// Several errors, possibly by field.
    Errors,
}

/// The position of a value in the body.
#[derive(Clone, Copy)]
struct Scope<'p> {
    part: Part,
    /// The value of the request that the error refers to; empty if unknown.
    place: &'p str,
    /// The remaining depth of the search.
    depth: u32,
    /// Whether the value is an object in an array.
    is_item: bool,
}

/// Returns the message of an error body.
pub(super) fn message(body: &Json) -> Option<String> {
    let mut found = Found::default();
    visit(&mut found, body, Scope { part: Part::Body, place: "", depth: DEPTH, is_item: false });
    found.into_message()
}

fn visit(found: &mut Found, value: &Json, scope: Scope<'_>) {
    let Some(depth) = scope.depth.checked_sub(1).filter(|_| !found.is_full()) else { return };
    let scope = Scope { depth, is_item: false, ..scope };
    match value {
        Json::String(text) => string(found, text, scope),
        Json::Array(items) => array(found, items, scope),
        Json::Object(members) if is_by_field(members, scope) => by_field(found, members, scope),
        Json::Object(members) => envelope(found, members, scope),
        _ => {}
    }
}

/// Adds a string that is not the value of a known key, or is JSON itself.
fn string(found: &mut Found, text: &str, scope: Scope<'_>) {
    if let Some(value) = json(text) {
        return visit(found, &value, scope);
    }
    let Some(text) = for_people(text).filter(|_| scope.part != Part::Wrapper) else { return };
    if scope.place.is_empty() && is_status(text) {
        found.add_word(text);
    } else {
        found.add_detail(scope.place, text);
    }
}

fn array(found: &mut Found, items: &[Json], scope: Scope<'_>) {
    for (index, item) in items.iter().enumerate() {
        let Json::Object(members) = item else {
            visit(found, item, scope);
            continue;
        };
        let scope = Scope { is_item: true, ..scope };
        if is_by_field(members, scope) {
            let is_only = items.len() == 1 && scope.place.is_empty();
            let index = if is_only { String::new() } else { index.to_string() };
            by_field(found, members, Scope { place: &joined(scope.place, &index), ..scope });
        } else {
            envelope(found, members, scope);
        }
    }
}

/// Adds messages by field: `{"name": ["must not be empty"]}`, at any depth.
fn by_field(found: &mut Found, members: &Members, scope: Scope<'_>) {
    for (key, value) in members {
        let is_told = match (value, role(key)) {
            (_, Some(Role::Hidden)) => false,
            // A field may have this name, but then its text is not a single word.
            (Json::String(text), Some(Role::About | Role::Code)) => is_sentence(text),
            _ => true,
        };
        if is_told {
            let place = if keys::is_unnamed(key) { Cow::Borrowed(scope.place) } else { joined(scope.place, key) };
            visit(found, value, Scope { part: Part::Errors, place: &place, ..scope });
        }
    }
}

/// Adds the messages of an object whose keys have known roles.
fn envelope(found: &mut Found, members: &Members, scope: Scope<'_>) {
    let known = known(members);
    let own_place = if scope.is_item { place_of(&known) } else { None };
    let place = joined(scope.place, own_place.as_deref().unwrap_or_default());
    // A wrapper with its own text repeats the wrapped error, or is a resource.
    if scope.part != Part::Wrapper || scope.is_item || found.is_empty() {
        let is_error = matches!(scope.part, Part::Error | Part::Errors) || is_about_error(members, &known);
        add_texts(found, &texts(&known, is_error), Scope { place: &place, ..scope });
    }
    for (role, value) in &known {
        let part = match role {
            Role::Message | Role::Detail | Role::Error => Part::Error,
            Role::Errors => Part::Errors,
            Role::Wrapper => Part::Wrapper,
            _ => continue,
        };
        if part == Part::Errors || text(*role, value).is_none() {
            visit(found, value, Scope { part, place: &place, ..scope });
        }
    }
    // Under any name: `{"itemNotFound": {"message": "no such server"}}`.
    if let ([(_, value)], true) = (members, known.is_empty()) {
        visit(found, value, Scope { part: Part::Wrapper, place: &place, ..scope });
    }
}

/// Adds the texts of an object: general text and details. A single word is used only as a fallback.
fn add_texts(found: &mut Found, texts: &[(Role, &str)], scope: Scope<'_>) {
    let sentence = |roles: &[Role]| {
        let mut texts = texts.iter().filter(|(role, _)| roles.contains(role)).map(|(_, text)| *text);
        texts.find(|text| is_sentence(text) && !is_status(text))
    };
    let general = sentence(&[Role::Message, Role::Error, Role::Title]);
    let detail = sentence(&[Role::Detail, Role::Description]);
    let word =
        texts.iter().find(|(role, text)| (*role == Role::Message || !scope.place.is_empty()) && !is_status(text));
    let message = match (general, detail) {
        (Some(general), Some(detail)) => Cow::Owned(connected(general, detail)),
        (Some(text), None) | (None, Some(text)) => Cow::Borrowed(text),
        (None, None) => match word {
            Some((_, word)) => Cow::Borrowed(*word),
            None => return texts.iter().for_each(|(_, text)| found.add_word(text)),
        },
    };
    if scope.is_item || !scope.place.is_empty() {
        found.add_detail(scope.place, &message);
    } else {
        found.add_general(&message);
    }
}

/// Returns the texts of an object, the most informative first. `is_error` is false if they may belong to a resource.
fn texts<'v>(known: &[Known<'v>], is_error: bool) -> Vec<(Role, &'v str)> {
    let texts = known.iter().filter(|(role, _)| match role {
        Role::Message | Role::Detail | Role::Error => true,
        Role::Description | Role::Title | Role::Code => is_error,
        _ => false,
    });
    let is_number = |text: &str| text.chars().all(|character| character.is_ascii_digit());
    texts
        .filter_map(|(role, value)| Some((*role, for_people(text(*role, value)?)?)))
        .filter(|(_, text)| !is_number(text))
        .collect()
}

/// Returns the text of a known key: a string, or a localized message.
fn text(role: Role, value: &Json) -> Option<&str> {
    match value {
        Json::String(text) => json(text).is_none().then_some(text),
        Json::Object(members) if matches!(role, Role::Message | Role::Description | Role::Title) => {
            LOCALIZED.iter().find_map(|key| match members.iter().find(|(known, _)| known == key)? {
                (_, Json::String(text)) => Some(text.as_ref()),
                _ => None,
            })
        }
        _ => None,
    }
}

/// Returns the members with known keys, the most informative first.
fn known(members: &Members) -> Vec<Known<'_>> {
    let known = members.iter().filter_map(|(key, value)| Some((keys::role(key)?, value)));
    let mut known: Vec<_> = known.collect();
    known.sort_by_key(|(rank, _)| *rank);
    known.into_iter().map(|((role, _), value)| (role, value)).collect()
}

fn role(key: &str) -> Option<Role> {
    keys::role(key).map(|(role, _)| role)
}

/// Returns `true` if an object is an error rather than a resource: it has no ID, and most of its keys are keys of
/// errors.
fn is_about_error(members: &Members, known: &[Known<'_>]) -> bool {
    let of_errors = known.iter().filter(|(role, _)| *role != Role::Place).count();
    of_errors * 2 > members.len() && !members.iter().any(|(key, _)| keys::is_id(key))
}

/// Returns `true` if an object has the text of an error.
fn has_message(members: &Members) -> bool {
    let known = known(members);
    !texts(&known, is_about_error(members, &known)).is_empty()
}

/// Returns `true` if the keys of an object are names of fields.
fn is_by_field(members: &Members, scope: Scope<'_>) -> bool {
    // A field may have the name of a wrapper, but a wrapper contains no sentences: `{"status": ["Select a valid
    // choice."]}`.
    let is_field = |(key, value): &(String, Json)| match role(key) {
        Some(Role::Wrapper) => matches!(value, Json::Array(items) if items.iter().any(is_said)),
        role => !role.is_some_and(Role::is_container),
    };
    if members.iter().any(is_field) && is_nothing_but_texts(members, scope.depth) {
        return true;
    }
    match scope.part {
        Part::Body => !members.is_empty() && is_nothing_but_sentences(members),
        Part::Wrapper => false,
        Part::Errors if !scope.is_item => !is_one_error(members, scope.place),
        Part::Error | Part::Errors => is_nothing_but_sentences(members),
    }
}

fn is_said(value: &Json) -> bool {
    matches!(value, Json::String(text) if is_sentence(text))
}

/// Returns `true` if a single error replaces an expected list of errors.
fn is_one_error(members: &Members, place: &str) -> bool {
    let has = |wanted: Role, is_told: fn(&str) -> bool| {
        members
            .iter()
            .any(|(key, value)| matches!(value, Json::String(text) if is_told(text)) && role(key) == Some(wanted))
    };
    match members {
        [(key, Json::String(_))] if place.is_empty() => role(key).is_some_and(Role::is_container),
        _ if place.is_empty() => has(Role::Message, |_| true),
        // The complete text about one field.
        _ => has_message(members) || has(Role::Code, |text| !is_sentence(text)),
    }
}

/// Returns `true` if no key of an object has a known role, but each value is a sentence.
fn is_nothing_but_sentences(members: &Members) -> bool {
    members.iter().all(|(key, value)| is_said(value) && role(key).is_none_or(|role| role > Role::Code))
}

/// Returns `true` if an object contains only arrays of strings or of errors, at any depth.
fn is_nothing_but_texts(members: &Members, depth: u32) -> bool {
    !members.is_empty() && members.iter().all(|(_, value)| has_texts(value, depth))
}

fn has_texts(value: &Json, depth: u32) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    let is_text = |item: &Json| match item {
        Json::String(_) => true,
        Json::Object(members) => members.is_empty() || is_nothing_but_texts(members, depth) || has_message(members),
        _ => false,
    };
    match value {
        Json::Array(items) => !items.is_empty() && items.iter().all(is_text),
        Json::Object(members) => is_nothing_but_texts(members, depth),
        _ => false,
    }
}

/// Returns the value of the request that an error refers to.
fn place_of(known: &[Known<'_>]) -> Option<String> {
    known.iter().filter(|(role, _)| *role == Role::Place).find_map(|(_, value)| match value {
        Json::Object(members) => members.iter().find_map(|(key, value)| {
            role(key).filter(|role| *role == Role::Place)?;
            place(value)
        }),
        value => place(value),
    })
}

/// Returns a place given as a string, or as an array of keys: `["body", "tags", 0]` is `body.tags.0`.
fn place(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => {
            let text = text.trim();
            // The name of an error or a link to its documentation.
            let is_none = ["Error", "Exception"].iter().any(|end| text.ends_with(end)) || text.contains("://");
            (!text.is_empty() && !is_none).then(|| text.to_owned())
        }
        Json::Array(keys) => {
            let keys = keys.iter().take(PLACE).filter_map(|key| match key {
                Json::String(name) => Some(name.clone()),
                Json::Integer(index) => Some(index.to_string()),
                // Some validators describe a key by an object: `{"key": "name"}`.
                Json::Object(members) => match members.iter().find(|(name, _)| name == "key")? {
                    (_, Json::String(name)) => Some(name.clone()),
                    _ => None,
                },
                _ => None,
            });
            let keys: Vec<_> = keys.collect();
            (!keys.is_empty()).then(|| keys.join("."))
        }
        _ => None,
    }
}

/// Returns a place within a place. If it is too long, the inner place is omitted.
fn joined<'p>(outer: &'p str, inner: &str) -> Cow<'p, str> {
    let is_whole = inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with(['.', '[', '/']));
    if inner.is_empty() || outer.len() + inner.len() > PLACE {
        Cow::Borrowed(outer)
    } else if outer.is_empty() || is_whole {
        Cow::Owned(inner.to_owned())
    } else {
        Cow::Owned(format!("{outer}.{inner}"))
    }
}

/// Returns the JSON in a string: some servers write an error as JSON into a string of another.
fn json(text: &str) -> Option<Json> {
    let is_json = text.trim_start().starts_with(['{', '[']);
    is_json.then(|| Json::whole(text))?
}
