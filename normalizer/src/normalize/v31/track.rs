//! Part of `v31`: where each node came from and where it went, and the entries about it.
//!
//! While converting, all addresses are those of an intermediate document ("mid"), in which everything that moves to a
//! component or is copied stands in its new place. This module leads from there to what the pass got and gives.
//!
//! Invariant: the time that an address takes depends on its own length, however many nodes have moved.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::certain::Certain;
use crate::normalize::pass::{Record, nearest};
use crate::normalize::trail::{longest, moved};
use crate::pointer::Pointer;

/// Moves inside of one object: where a node was, relative to the object, and where it is.
pub(super) type Local = BTreeMap<String, String>;

#[derive(Default)]
pub(super) struct Track {
    /// Mid → before.
    origins: BTreeMap<Pointer, Pointer>,
    /// The moves inside of an object, by its address in mid.
    locals: BTreeMap<Pointer, Local>,
    /// What is done, with the addresses in mid.
    pub(super) record: Record,
}

impl Track {
    /// Says that the node `mid` of the intermediate document was at `before` (or is a copy of it).
    pub(super) fn came_from(&mut self, mid: Pointer, before: Pointer) {
        self.origins.insert(mid, before);
    }

    /// Says what moved inside of the object `mid`; nothing, if it is all back in its place.
    pub(super) fn moved_inside(&mut self, mid: &Pointer, local: Local) {
        let local: Local = local.into_iter().filter(|(from, to)| from != to).collect();
        if local.is_empty() {
            self.locals.remove(mid);
        } else {
            self.locals.insert(mid.clone(), local);
        }
    }

    /// Where a node of mid was in what the pass got.
    pub(super) fn before(&self, mid: &Pointer) -> Pointer {
        moved(mid, |prefix| self.origins.get(prefix)).unwrap_or_else(|| mid.clone())
    }

    /// Where a node of mid is in the document after the pass: from the inside out, as objects were converted.
    pub(super) fn after(&self, mid: &Pointer) -> Pointer {
        let mut after = mid.to_string();
        let mut around = Some(mid.clone());
        while let Some(object) = around {
            let rest = after.get(object.as_str().len()..).certain("only what is behind the object has moved");
            let local = self.locals.get(&object);
            if let Some((to, rest)) = local.and_then(|local| longest(rest, |prefix| local.get(prefix))) {
                after = format!("{object}{to}{rest}");
            }
            around = object.parent();
        }
        Pointer::parse(&after).certain("it is made of pointers")
    }

    /// The record in which `value`, the converted document, has the addresses after the pass.
    pub(super) fn finish(mut self, value: &Value) -> Record {
        let mut record = std::mem::take(&mut self.record);
        for entry in &mut record.entries {
            if entry.fault.is_none() {
                entry.before = self.before(&entry.after).into();
            }
            entry.after = nearest(value, self.after(&entry.after));
        }
        let moved_inside = |(object, local): (&Pointer, &Local)| {
            local.keys().filter_map(|from| Pointer::parse(&format!("{object}{from}"))).collect::<Vec<_>>()
        };
        for mid in self.origins.keys().cloned().chain(self.locals.iter().flat_map(moved_inside)) {
            let after = self.after(&mid);
            // What is gone needs no address.
            if after.get(value).is_some() {
                record.provenance.push(after, self.before(&mid));
            }
        }
        record
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_followed_through_nested_moves() {
        let mut track = Track::default();
        let local = |pairs: &[(&str, &str)]| {
            pairs.iter().map(|(from, to)| ((*from).to_owned(), (*to).to_owned())).collect::<Local>()
        };
        let pointer = |text: &str| Pointer::parse(text).unwrap();
        track.came_from(pointer("/components/schemas/C"), pointer("/paths/~1a/get"));
        track.moved_inside(&pointer("/components/schemas/C"), local(&[("/anyOf/1", "/allOf/0"), ("/anyOf/1/x", "/x")]));
        track.moved_inside(&pointer("/components/schemas/C/anyOf/1"), local(&[("/const", "/enum/0")]));
        assert_eq!(
            track.after(&pointer("/components/schemas/C/anyOf/1/const")),
            pointer("/components/schemas/C/allOf/0/enum/0")
        );
        assert_eq!(track.after(&pointer("/components/schemas/C/anyOf/1/x/y")), pointer("/components/schemas/C/x/y"));
        assert_eq!(track.after(&pointer("/components/schemas/C/anyOf/0")), pointer("/components/schemas/C/anyOf/0"));
        assert_eq!(
            track.before(&pointer("/components/schemas/C/anyOf/1/const")),
            pointer("/paths/~1a/get/anyOf/1/const")
        );
        assert_eq!(track.before(&pointer("/components/schemas/CC")), pointer("/components/schemas/CC"));
    }
}
