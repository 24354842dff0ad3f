//! JSON pointers (RFC 6901), which all stages use to address nodes of a document.
//!
//! In: the keys and indices on a path. Out: text such as `/paths/~1pets/get`. Invariant: a [`Pointer`] is always well
//! formed; only this module escapes and unescapes.

use std::borrow::{Borrow, Cow};
use std::fmt;

use percent_encoding::percent_decode_str;
use serde_json::Value;

/// A pointer to a node in a JSON document (RFC 6901 §3).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Pointer(String);

impl Pointer {
    /// Returns the pointer to the whole document: the empty pointer.
    #[must_use]
    pub fn root() -> Self {
        Self::default()
    }

    /// Returns the pointer to the node that these keys lead to from here.
    #[must_use]
    pub fn descend(&self, keys: &[&str]) -> Self {
        let length = keys.iter().map(|key| 1 + key.len()).sum::<usize>();
        let mut text = String::with_capacity(self.0.len() + length);
        text.push_str(&self.0);
        let mut node = Self(text);
        keys.iter().for_each(|key| node.push(key));
        node
    }

    /// Returns the pointer to the member `key` of the whole document.
    pub(crate) fn top(key: &str) -> Self {
        Self::root().key(key)
    }

    /// Returns the pointer to the member `key` of this object. `~` and `/` are escaped (RFC 6901 §3).
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        self.descend(&[key])
    }

    /// Returns the pointer to the member `key` of this object; to the object itself if the key is empty.
    pub(crate) fn key_or_self(&self, key: &str) -> Self {
        if key.is_empty() { self.clone() } else { self.key(key) }
    }

    /// Returns the pointer to the node at `below` in this one.
    #[must_use]
    pub fn join(&self, below: &Self) -> Self {
        Self(format!("{self}{below}"))
    }

    /// Returns the pointer to the item `index` of this array, counted from 0.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        self.key(&index.to_string())
    }

    /// Parses a pointer.
    ///
    /// Returns `None` if the text is neither empty nor begins with `/`, or if a `~` is not followed by `0` or `1`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if !text.is_empty() && !text.starts_with('/') {
            return None;
        }
        let well_escaped = text.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']));
        well_escaped.then(|| Self(text.to_owned()))
    }

    /// Parses a pointer from the fragment of a reference, after the `#` (RFC 6901 §6), and decodes percent-escapes.
    #[must_use]
    pub fn from_fragment(fragment: &str) -> Option<Self> {
        Self::parse(&percent_decode_str(fragment).decode_utf8().ok()?)
    }

    /// Returns the unescaped keys from the root down to the node.
    pub fn segments(&self) -> impl Iterator<Item = String> {
        self.keys().map(Cow::into_owned)
    }

    fn keys(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.0.split('/').skip(1).map(unescape)
    }

    /// Returns the node at this pointer in a document; `None` if there is no such node. Unlike [`Value::pointer`], copies only escaped
    /// keys.
    #[must_use]
    pub fn get<'v>(&self, document: &'v Value) -> Option<&'v Value> {
        self.keys().try_fold(document, |node, key| child(node, &key))
    }

    /// Returns the node at this pointer for modification.
    pub(crate) fn get_mut<'v>(&self, document: &'v mut Value) -> Option<&'v mut Value> {
        document.pointer_mut(&self.0)
    }

    /// Returns the pointer to the parent object or array; `None` for the root.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let (parent, _) = self.0.rsplit_once('/')?;
        Some(Self(parent.to_owned()))
    }

    /// Returns the unescaped last key; `None` for the root.
    #[must_use]
    pub fn last(&self) -> Option<String> {
        self.0.rsplit_once('/').map(|(_, last)| unescape(last).into_owned())
    }

    /// Returns the pointer's text, escaped.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the number of keys from the root to the node.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.0.bytes().filter(|byte| *byte == b'/').count()
    }

    /// Returns `true` if this is `above`, or a node in it.
    #[must_use]
    pub fn is_at_or_below(&self, above: &Self) -> bool {
        let rest = self.0.strip_prefix(&above.0);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Returns the rest of this pointer below `above`; `None` if it is `above` itself or elsewhere.
    pub(crate) fn below(&self, above: &Self) -> Option<Self> {
        let rest = self.0.strip_prefix(&above.0).filter(|rest| rest.starts_with('/'))?;
        Some(Self(rest.to_owned()))
    }

    /// Truncates the pointer to an earlier length in bytes.
    pub(crate) fn truncate(&mut self, length: usize) {
        if self.0.as_bytes().get(length) == Some(&b'/') {
            self.0.truncate(length);
        }
    }

    /// Appends a key in place.
    pub fn push(&mut self, key: &str) {
        self.0.push('/');
        if !key.bytes().any(|byte| matches!(byte, b'~' | b'/')) {
            return self.0.push_str(key);
        }
        for character in key.chars() {
            match character {
                '~' => self.0.push_str("~0"),
                '/' => self.0.push_str("~1"),
                other => self.0.push(other),
            }
        }
    }

    /// Appends a key as [`Self::push`] does; returns the length to truncate to.
    pub(crate) fn enter(&mut self, key: &str) -> usize {
        let length = self.0.len();
        self.push(key);
        length
    }
}

/// Allows lookups in maps of pointers by a part of a pointer's text.
impl Borrow<str> for Pointer {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Returns the member or item of a node for one key of a pointer (RFC 6901 §4).
pub(crate) fn child<'v>(node: &'v Value, key: &str) -> Option<&'v Value> {
    match node {
        Value::Object(members) => members.get(key),
        Value::Array(items) => items.get(index(key)?),
        _ => None,
    }
}

/// Parses the index of an item, which has neither a sign nor leading zeros.
fn index(key: &str) -> Option<usize> {
    let is_index = key == "0" || key.starts_with(|first: char| matches!(first, '1'..='9'));
    key.parse().ok().filter(|_| is_index)
}

/// Unescapes a key (RFC 6901 §4): `~1` first, then `~0`, so that `~01` becomes `~1` and not `/`.
fn unescape(segment: &str) -> Cow<'_, str> {
    if segment.contains('~') {
        Cow::Owned(segment.replace("~1", "/").replace("~0", "~"))
    } else {
        Cow::Borrowed(segment)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_and_unescapes() {
        let pointer = Pointer::top("paths").key("/a~b/{c}").index(3).key("~1");
        assert_eq!(pointer.as_str(), "/paths/~1a~0b~1{c}/3/~01");
        let segments: Vec<_> = pointer.segments().collect();
        assert_eq!(segments, ["paths", "/a~b/{c}", "3", "~1"]);
        assert_eq!(Pointer::parse(pointer.as_str()), Some(pointer));
    }

    #[test]
    fn the_root_is_empty() {
        assert_eq!(Pointer::root().as_str(), "");
        assert_eq!(Pointer::root().segments().count(), 0);
        assert_eq!(Pointer::root().parent(), None);
        assert_eq!(Pointer::root().last(), None);
    }

    #[test]
    fn an_empty_key_is_a_key() {
        let pointer = Pointer::top("");
        assert_eq!(pointer.as_str(), "/");
        assert_eq!(pointer.segments().collect::<Vec<_>>(), [""]);
        assert_eq!(pointer.parent(), Some(Pointer::root()));
    }

    #[test]
    fn refuses_malformed_text() {
        for text in ["a", "#/a", "/~", "/~2", "/a~", "/~0~"] {
            assert_eq!(Pointer::parse(text), None, "{text}");
        }
    }
}
