//! A property of a JSON body that is already written.
//!
//! In: the body, and the path of names to the property. Out: the property, or the body with a new value for it.
//! Invariant: all other values keep their notation, including numbers. Keys are in alphabetical order.

use std::collections::BTreeMap;

use crate::types::UnknownJson;
use crate::wire::{self, Encode};

type Members = BTreeMap<String, UnknownJson>;

/// Returns the JSON of a property, if it exists.
pub(super) fn get(json: &[u8], path: &[&str]) -> Option<String> {
    let [name, rest @ ..] = path else { return std::str::from_utf8(json).ok().map(str::to_owned) };
    let members: Members = wire::from_slice(json).ok()?;
    get(members.get(*name)?.as_str().as_bytes(), rest)
}

/// Returns the object with a value for a property. Parents that are absent or `null` become objects; `None` if a parent
/// is anything else.
pub(super) fn set(json: &[u8], path: &[&str], value: &dyn Encode) -> Option<String> {
    let [name, rest @ ..] = path else { return Some(wire::to_string(value)) };
    let mut members: Members = wire::from_slice(json).ok()?;
    let known = members.get(*name).map(UnknownJson::as_str).filter(|json| *json != "null");
    let inner = set(known.unwrap_or("{}").as_bytes(), rest, value)?;
    members.insert((*name).to_owned(), UnknownJson::__new(&inner));
    Some(wire::to_string(&members))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(json: &str, path: &[&str], value: &str) -> Option<String> {
        set(json.as_bytes(), path, &value)
    }

    #[test]
    fn the_rest_stays_as_it_is() {
        let body = r#"{"limit":1.10,"page":{"size":12345678901234567890123,"after":"a"}}"#;
        let next = r#"{"limit":1.10,"page":{"after":"b","size":12345678901234567890123}}"#;
        assert_eq!(with(body, &["page", "after"], "b").as_deref(), Some(next));
        assert_eq!(get(body.as_bytes(), &["page", "after"]).as_deref(), Some("\"a\""));
        assert_eq!(get(body.as_bytes(), &["page", "before"]), None);
    }

    #[test]
    fn objects_on_the_way_are_made() {
        for body in ["{}", r#"{"page":null}"#, r#"{"page":{}}"#] {
            assert_eq!(with(body, &["page", "after"], "b").as_deref(), Some(r#"{"page":{"after":"b"}}"#));
        }
        for body in ["[]", "", r#"{"page":1}"#, r#"{"page":[]}"#] {
            assert_eq!(with(body, &["page", "after"], "b"), None);
        }
    }
}
