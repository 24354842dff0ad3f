//! Part of `v31`: one object while rules change it.
//!
//! Invariant: every change that takes a member elsewhere goes through here, so that it can be traced.

use std::ops::{Deref, DerefMut};

use serde_json::Value;

use super::convert::Convert;
use super::track::Local;
use crate::json::{Members, array_entry, is_true, rename, text};
use crate::pointer::Pointer;

/// An object, and where its members were.
pub(super) struct Node<'c> {
    pub(super) convert: &'c mut Convert,
    pub(super) members: Members,
    /// Where something was → where it is, relative to the object.
    moved: Local,
}

/// What is done to the object is recorded at its place.
impl Deref for Node<'_> {
    type Target = Convert;

    fn deref(&self) -> &Convert {
        self.convert
    }
}

impl DerefMut for Node<'_> {
    fn deref_mut(&mut self) -> &mut Convert {
        self.convert
    }
}

impl<'c> Node<'c> {
    pub(super) fn new(convert: &'c mut Convert, members: Members) -> Self {
        Self { convert, members, moved: Local::new() }
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.members.contains_key(key)
    }

    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        self.members.get(key)
    }

    pub(super) fn text(&self, key: &str) -> Option<&str> {
        text(&self.members, key)
    }

    pub(super) fn list(&self, key: &str) -> Option<&Vec<Value>> {
        self.get(key).and_then(Value::as_array)
    }

    pub(super) fn is_true(&self, key: &str) -> bool {
        is_true(&self.members, key)
    }

    /// Sets a member; a new one comes last.
    pub(super) fn set(&mut self, key: &str, value: impl Into<Value>) {
        self.members.insert(key.to_owned(), value.into());
    }

    /// Takes a member away, the others stay in order.
    pub(super) fn take(&mut self, key: &str) -> Option<Value> {
        self.members.shift_remove(key)
    }

    /// Puts `value` under `to` where `from` is, which goes. `false` if `from` is not there or `to` is taken.
    pub(super) fn replace(&mut self, from: &str, to: &str, value: Value) -> bool {
        let done = self.rename(from, to);
        if done {
            self.set(to, value);
        }
        done
    }

    /// Renames a member in place. `false` if it is not there or the name is taken.
    pub(super) fn rename(&mut self, from: &str, to: &str) -> bool {
        let done = rename(&mut self.members, from, to);
        if done {
            self.moves(&local(&[from]), &local(&[to]));
        }
        done
    }

    /// Adds a schema to those that a value has to satisfy. Returns `false` if `allOf` is not an array.
    pub(super) fn add_all_of(&mut self, from: &str, schema: Value) -> bool {
        let Some(all) = array_entry(&mut self.members, "allOf") else { return false };
        let to = local(&["allOf", &all.len().to_string()]);
        all.push(schema);
        self.moves(from, &to);
        true
    }

    /// The key that a member had before any rule.
    pub(super) fn first_key(&self, key: &str) -> String {
        let is = local(&[key]);
        let was = self.moved.iter().find(|(_, to)| **to == is).map(|(from, _)| from.trim_start_matches('/'));
        was.filter(|from| !from.contains(['/', '~'])).unwrap_or(key).to_owned()
    }

    /// Says that what is at `from` goes to `to`; both are relative to the object.
    pub(super) fn moves(&mut self, from: &str, to: &str) {
        if from == to {
            return;
        }
        let mut origin = Some(from.to_owned());
        for (was, is) in &mut self.moved {
            if is == from {
                origin = None;
                to.clone_into(is);
            } else if let Some(rest) = is.strip_prefix(from).filter(|rest| rest.starts_with('/')) {
                *is = format!("{to}{rest}");
            } else if let Some(rest) = from.strip_prefix(is.as_str()).filter(|rest| rest.starts_with('/'))
                && origin.is_some()
            {
                origin = Some(format!("{was}{rest}"));
            }
        }
        if let Some(origin) = origin {
            self.moved.insert(origin, to.to_owned());
        }
    }

    /// As [`Node::moves`], for what no rule has moved before, in constant time.
    pub(super) fn moves_first(&mut self, from: String, to: String) {
        if from != to {
            self.moved.insert(from, to);
        }
    }

    pub(super) fn finish(self) -> (Members, Local) {
        (self.members, self.moved)
    }
}

/// The pointer of these keys, relative to an object.
pub(super) fn local(keys: &[&str]) -> String {
    keys.iter().fold(Pointer::root(), |pointer, key| pointer.key(key)).to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn moves_add_up() {
        let Value::Object(members) = json!({"prefixItems": [1], "a": 2}) else { unreachable!() };
        let mut convert = Convert::default();
        let mut node = Node::new(&mut convert, members);
        assert!(node.rename("prefixItems", "items"));
        node.moves("/items", "/anyOf/1/items");
        node.moves("/anyOf/1/items/0", "/x");
        assert!(!node.rename("a", "items"));
        let (members, moved) = node.finish();
        assert_eq!(Value::Object(members).to_string(), r#"{"items":[1],"a":2}"#);
        let moved: Vec<_> = moved.into_iter().collect();
        assert_eq!(
            moved,
            [("/prefixItems".to_owned(), "/anyOf/1/items".to_owned()), ("/prefixItems/0".to_owned(), "/x".to_owned())]
        );
    }
}
