//! Pass of `normalize`: keys of `content` that are not media types.
//!
//! In: an OpenAPI 3 document. Out: the document with media types as keys: `application/json` for `json` and for a missing media type,
//! `multipart/form-data` and `application/x-www-form-urlencoded` for misspellings such as `multipart/data`. A key with several media types
//! is split. Invariant: existing media types are not overwritten.

use serde_json::{Map, Value, json};

use super::pass::{Entry, Interpreted, Record};

use crate::json::{Members, count_nodes, object_at};
use crate::limits::{Budget, MAX_COPIED};
use crate::pointer::Pointer;
use crate::spelling::is_among;
use crate::structure::grammar::{Kind, is_extension};
use crate::structure::slots::{Slot, Versions};

const JSON: &str = "application/json";

/// Common words for a media type.
const WORDS: [(&str, &str); 8] = [
    ("", "*/*"),
    ("*", "*/*"),
    ("json", JSON),
    ("applicationjson", JSON),
    ("xml", "application/xml"),
    ("applicationxml", "application/xml"),
    ("html", "text/html"),
    ("csv", "text/csv"),
];

/// The words in media types of forms, and their misspellings. `mixed` and `related` are not forms.
const FORM_WORDS: &str = "application data encoded form formdata multipart text url urlencode urlencoded www x";

/// The section in which media types have names (OpenAPI 3.2 §4.7).
const MEDIA_TYPES: &str = "/components/mediaTypes";

/// The maximum number of media types that are read from one key.
const MOST: usize = 8;

/// Returns the maps of media types that have such keys or references.
fn find(document: &Value) -> Vec<Pointer> {
    let mut found = Vec::new();
    let visit = |node: &Value, slot: Slot, at: &Pointer| {
        let members = node.as_object().filter(|_| slot == Slot::Map(Kind::MediaType) && at.as_str() != MEDIA_TYPES);
        if members.is_some_and(|content| content.iter().any(|(key, media)| slip(key, media).is_some())) {
            found.push(at.clone());
        }
        true
    };
    Slot::walk_all(document, Versions::OpenApi3, visit);
    found
}

/// Returns `true` if a schema is in the place of its media type.
fn is_forgotten(key: &str, media: &Value) -> bool {
    key == "schema" && media.as_object().is_some_and(|schema| !schema.contains_key("schema"))
}

/// Returns the media types that a key means; `None` if it is a valid media type or cannot be interpreted.
fn meant(key: &str) -> Option<Vec<String>> {
    let word = key.trim().to_ascii_lowercase();
    if let Some((_, meant)) = WORDS.iter().find(|(written, _)| *written == word) {
        return Some(vec![(*meant).to_owned()]);
    }
    let parts: Vec<&str> = key.split(',').collect();
    // A parameter of a media type may contain a comma.
    if key.contains('"') || parts.len() > MOST {
        return None;
    }
    let meant = |part: &str| {
        let (name, parameters) = part.split_at(part.find(';').unwrap_or(part.len()));
        Some(form(name).map(str::to_owned).or_else(|| pair(name))? + parameters.trim_end())
    };
    let meant: Option<Vec<String>> = parts.into_iter().map(meant).collect();
    meant.filter(|meant| meant.len() > 1 || meant.iter().any(|meant| meant != key.trim()))
}

/// Returns the media type of a form for a misspelling such as `multipart/data` or `x-www-form-urlencoded`.
fn form(name: &str) -> Option<&'static str> {
    let name = name.trim().to_ascii_lowercase();
    let words: Vec<&str> = name.split(['/', '-', '_', '.', ' ']).filter(|word| !word.is_empty()).collect();
    let has = |one: &str| words.contains(&one);
    let is_multipart = has("multipart") || has("formdata") || has("form") && has("data");
    let is_encoded = has("urlencoded") || has("urlencode") || has("encoded") || has("www") && has("form");
    let meant = match (is_multipart, is_encoded) {
        (true, false) => "multipart/form-data",
        (false, true) => "application/x-www-form-urlencoded",
        _ => return None,
    };
    let is_slip = name != meant && words.iter().all(|word| is_among(FORM_WORDS, word));
    is_slip.then_some(meant)
}

/// Returns a media type without spaces in its name.
fn pair(name: &str) -> Option<String> {
    let (kind, subtype) = name.split_once('/')?;
    let is_pair = !is_extension(name) && !kind.trim().is_empty() && !subtype.trim().is_empty();
    is_pair.then(|| name.chars().filter(|c| !c.is_whitespace()).collect())
}

/// Returns the media types for a member of `content`, and the text for the ledger; `None` if the key is correct.
fn slip(key: &str, media: &Value) -> Option<(Vec<String>, String)> {
    if is_forgotten(key, media) {
        return Some((
            vec![JSON.to_owned()],
            "assumed `application/json` for a schema without a media type".to_owned(),
        ));
    }
    let meant = meant(key)?;
    let text = format!("renamed the media type `{key}` to `{}`", meant.join("` and `"));
    Some((meant, text))
}

/// Corrects the keys of media types.
pub(super) fn repair(document: &mut Value, record: &mut Record) {
    let copies = Budget::of(MAX_COPIED);
    // Innermost first, so that the pointers to the others stay valid.
    for at in find(document).into_iter().rev() {
        if let Some(content) = object_at(document, &at) {
            *content = named(content, &at, &copies, record);
        }
    }
}

/// Returns the map at `at` with corrected keys. `copies`: the number of values that may still be copied.
fn named(content: &Members, at: &Pointer, copies: &Budget, record: &mut Record) -> Members {
    let mut new = Map::with_capacity(content.len());
    for (key, media) in content {
        let (names, text) = slip(key, media).unwrap_or_default();
        let is_free = |name: &&String| *name == key || !content.contains_key(*name) && !new.contains_key(*name);
        let names: Vec<String> = names.iter().filter(is_free).cloned().collect();
        let Some((first, others)) = names.split_first() else {
            new.insert(key.clone(), media.clone());
            continue;
        };
        let is_schema = is_forgotten(key, media);
        let before = at.key(key);
        let place = |name: &String| if is_schema { at.key(name).key("schema") } else { at.key(name) };
        let media = if is_schema { json!({ "schema": media }) } else { media.clone() };
        record.provenance.push(place(first), before.clone());
        record.add_counted(Entry::new(("media-type", Interpreted), before.clone(), at.key(first), text));
        new.insert(first.clone(), media.clone());
        for other in others {
            if copies.spend(count_nodes(&media)) {
                record.provenance.bring(place(other), before.clone());
                new.insert(other.clone(), media.clone());
            }
        }
    }
    new
}

#[cfg(test)]
mod tests {
    use super::meant;

    #[test]
    fn slips_for_the_media_types_of_forms() {
        let (multipart, encoded) = ("multipart/form-data", "application/x-www-form-urlencoded");
        for (key, expected) in [
            ("multipart/data", multipart),
            ("form-data", multipart),
            ("multipart", multipart),
            ("multipart/formdata", multipart),
            ("Application/Form-Data", multipart),
            ("multipart/form_data; boundary=x", "multipart/form-data; boundary=x"),
            ("application/multipart/form-data", multipart),
            ("x-www-form-urlencoded", encoded),
            ("application/www-form-urlencoded", encoded),
            ("application/x-www-form-url-encoded", encoded),
            ("application/x-form-urlencoded", encoded),
            ("application/x-www-form", encoded),
        ] {
            assert_eq!(meant(key), Some(vec![expected.to_owned()]), "{key}");
        }
        assert_eq!(meant("form-data, urlencoded"), Some(vec![multipart.to_owned(), encoded.to_owned()]));
        for key in [
            multipart, encoded, "Multipart/Form-Data", "multipart/mixed", "multipart/related; type=a", "multipart/*",
            "application/form", "application/octet-stream", "multipart/form-urlencoded", "x-note", "x-a/b",
        ] {
            assert_eq!(meant(key), None, "{key}");
        }
    }
}
