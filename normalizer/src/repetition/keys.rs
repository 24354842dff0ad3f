//! Part of `repetition`: the objects under `x-pagination` and `x-polling`, key by key.
//!
//! In: JSON. Out: the parsed values, and each fault with its place. Invariant: no key is ignored silently.

use serde_json::Value;

use crate::certain::Certain;
use crate::json::{self, Members};
use crate::pointer::Pointer;
use crate::structure::grammar::is_extension;

/// The names of properties on the path from a body to a part of it, on the wire. Empty for the body itself.
pub type Path = Vec<String>;

/// The faults of a key, each with its place.
pub(super) type Faults = Vec<(Pointer, String)>;

/// An object being parsed.
pub(super) struct Keys<'v, 'f> {
    members: &'v Members,
    at: Pointer,
    faults: &'f mut Faults,
}

impl<'v, 'f> Keys<'v, 'f> {
    /// Reads an object; any other value is a fault. A key that is not `known` is a fault.
    pub(super) fn new(value: &'v Value, at: &Pointer, faults: &'f mut Faults, known: &[&str]) -> Option<Self> {
        let own = at.last().certain("the key is in an operation");
        let Some(members) = value.as_object() else {
            faults.push((at.clone(), format!("`{own}` must be an object")));
            return None;
        };
        for name in members.keys().filter(|name| !known.contains(&name.as_str()) && !is_extension(name)) {
            let known: Vec<String> = known.iter().map(|known| format!("`{known}`")).collect();
            faults.push((at.key(name), format!("`{own}` has no key `{name}`; it has {}", known.join(", "))));
        }
        Some(Self { members, at: at.clone(), faults })
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.members.contains_key(key)
    }

    /// Returns the one of these keys that is present. None or several is a fault.
    pub(super) fn only(&mut self, keys: &[&'static str], fault: &str) -> Option<&'static str> {
        let only = json::only(keys.iter().copied().filter(|key| self.has(key)));
        if only.is_none() {
            self.fault("", fault);
        }
        only
    }

    /// Reports a fault of the object, or of the value of one of its keys.
    pub(super) fn fault(&mut self, key: &str, what: &str) {
        let at = self.at.key_or_self(key);
        self.faults.push((at.clone(), format!("`{}` {what}", at.last().certain("the key is in an operation"))));
    }

    pub(super) fn object(&mut self, key: &str, known: &[&str]) -> Option<Keys<'v, '_>> {
        Keys::new(self.members.get(key)?, &self.at.key(key), self.faults, known)
    }

    pub(super) fn string(&mut self, key: &str) -> Option<String> {
        let found = json::text(self.members, key).filter(|text| !text.is_empty());
        if found.is_none() && self.has(key) {
            self.fault(key, "must be a string");
        } else if found.is_none() {
            self.fault("", &format!("has no `{key}`"));
        }
        found.map(str::to_owned)
    }

    /// Parses an optional member. `fault` is reported if `read` returns `None`.
    pub(super) fn optional<T>(&mut self, key: &str, read: impl FnOnce(&Value) -> Option<T>, fault: &str) -> Option<T> {
        let found = read(self.members.get(key)?);
        if found.is_none() {
            self.fault(key, fault);
        }
        found
    }

    pub(super) fn is_true(&mut self, key: &str) -> bool {
        let is_true = json::is_true(self.members, key);
        if !is_true {
            self.fault(key, "takes `true`");
        }
        is_true
    }

    /// Parses a path: names joined by dots, or a JSON pointer (RFC 6901), which begins with a slash.
    pub(super) fn path(&mut self, key: &str) -> Option<Path> {
        let text = self.string(key)?;
        if !text.starts_with('/') {
            return Some(text.split('.').map(str::to_owned).collect());
        }
        let pointer = Pointer::parse(&text);
        if pointer.is_none() {
            self.fault(key, "is not a JSON pointer");
        }
        pointer.map(|pointer| pointer.segments().collect())
    }

    /// Returns states as JSON text, strings without quotes.
    pub(super) fn states(&mut self, key: &str) -> Vec<String> {
        self.optional(key, json::scalars, "must be an array of strings, booleans or integers").unwrap_or_default()
    }
}

/// Returns a path as written in a document.
pub(super) fn path_text(path: &[String]) -> String {
    path.join(".")
}
