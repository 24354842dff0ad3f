//! Part of `v31`: where each node came from, where it went, and what is to be said about it.
//!
//! The conversion goes through an intermediate document, in which everything that is moved into a component or copied
//! already stands in its new place. All addresses while converting are addresses in that document ("mid"). This module
//! leads from there back to what the pass got and on to what it gives.
//!
//! Invariant: an address costs time by its own length, however many nodes have moved.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::normalize::pass::{Entry, Moves, Passed, Weight};
use crate::pointer::Pointer;

/// Moves inside of one object: where a node was, relative to the object, and where it is.
pub(super) type Local = BTreeMap<String, String>;

/// Deeper than any move inside of one object.
const LONGEST_LOCAL: usize = 4;

#[derive(Debug, Default)]
pub(super) struct Track {
    /// Mid → before.
    origins: BTreeMap<String, String>,
    /// The moves inside of an object, by its address in mid.
    locals: BTreeMap<String, Local>,
    notes: Vec<Note>,
    /// Where in `notes` each note is that counts.
    counted: BTreeMap<&'static str, usize>,
}

#[derive(Debug)]
struct Note {
    rule: &'static str,
    /// The node in mid.
    mid: String,
    text: String,
    weight: Weight,
    count: usize,
}

impl Track {
    /// Says that the node `mid` of the intermediate document was at `before` (or is a copy of it).
    pub(super) fn came_from(&mut self, mid: &str, before: &str) {
        self.origins.insert(mid.to_owned(), before.to_owned());
    }

    /// Says what moved inside of the object `mid`.
    pub(super) fn moved_inside(&mut self, mid: &str, local: Local) {
        let local: Local = local.into_iter().filter(|(from, to)| from != to).collect();
        if !local.is_empty() {
            self.locals.insert(mid.to_owned(), local);
        }
    }

    /// Says that all that moved inside of the object `mid` is back in its place.
    pub(super) fn nothing_moved_inside(&mut self, mid: &str) {
        self.locals.remove(mid);
    }

    /// Something worth an entry of its own.
    pub(super) fn note(&mut self, rule: &'static str, weight: Weight, mid: String, text: String) {
        self.notes.push(Note { rule, mid, text, weight, count: 1 });
    }

    /// Something that may occur hundreds of times: one entry at the first place, with the count.
    pub(super) fn count(
        &mut self,
        rule: &'static str,
        weight: Weight,
        text: &'static str,
        mid: impl FnOnce() -> String,
    ) {
        match self.counted.get(text).and_then(|index| self.notes.get_mut(*index)) {
            Some(note) => note.count += 1,
            None => {
                self.counted.insert(text, self.notes.len());
                self.note(rule, weight, mid(), text.to_owned());
            }
        }
    }

    /// Where a node of mid was in what the pass got.
    pub(super) fn before(&self, mid: &str) -> String {
        let mut prefix = mid;
        loop {
            if let Some(origin) = self.origins.get(prefix) {
                return format!("{origin}{}", mid.get(prefix.len()..).unwrap_or_default());
            }
            match prefix.rfind('/') {
                Some(end) => prefix = prefix.get(..end).unwrap_or_default(),
                None => return mid.to_owned(),
            }
        }
    }

    /// Where a node of mid is in what the pass gives.
    pub(super) fn after(&self, mid: &str) -> String {
        let mut after = String::new();
        let mut done = 0;
        while let Some(rest) = mid.get(done..).filter(|rest| !rest.is_empty()) {
            let step = self.locals.get(mid.get(..done).unwrap_or_default()).and_then(|local| local_step(local, rest));
            let length = match step {
                Some((length, to)) => {
                    after.push_str(to);
                    length
                }
                None => {
                    let length = end_of_segment(rest, 1);
                    after.push_str(rest.get(..length).unwrap_or_default());
                    length
                }
            };
            done += length;
        }
        after
    }

    /// The moves and entries, and the document as it was converted.
    pub(super) fn finish(self, value: Value) -> Passed {
        let mut moves = Moves::default();
        for (mid, before) in &self.origins {
            push(&mut moves, &value, &self.after(mid), before);
        }
        for (object, local) in &self.locals {
            for from in local.keys() {
                let mid = format!("{object}{from}");
                push(&mut moves, &value, &self.after(&mid), &self.before(&mid));
            }
        }
        let entries = self.notes.iter().filter_map(|note| self.entry(note, &value)).collect();
        Passed { value, moves, entries }
    }

    fn entry(&self, note: &Note, value: &Value) -> Option<Entry> {
        let before = Pointer::parse(&self.before(&note.mid))?;
        let mut after = Pointer::parse(&self.after(&note.mid))?;
        while value.pointer(after.as_str()).is_none() {
            after = after.parent()?;
        }
        let text = match note.count {
            1 => note.text.clone(),
            count => format!("{} ({count} places)", note.text),
        };
        Some(Entry { rule: note.rule, before, after, text, weight: note.weight })
    }
}

/// What is gone needs no address.
fn push(moves: &mut Moves, value: &Value, after: &str, before: &str) {
    if let (Some(after), Some(before)) = (Pointer::parse(after), Pointer::parse(before))
        && value.pointer(after.as_str()).is_some()
    {
        moves.push(after, before);
    }
}

/// The longest local move that `rest` begins with: how long its beginning is, and what stands for it.
fn local_step<'l>(local: &'l Local, rest: &str) -> Option<(usize, &'l str)> {
    (1..=LONGEST_LOCAL).rev().find_map(|segments| {
        let end = end_of_segment(rest, segments);
        let to = local.get(rest.get(..end)?)?;
        Some((end, to.as_str()))
    })
}

/// The length of the first `segments` segments of a pointer.
fn end_of_segment(pointer: &str, segments: usize) -> usize {
    let mut slashes = pointer.match_indices('/').skip(segments);
    slashes.next().map_or(pointer.len(), |(at, _)| at)
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
        track.came_from("/components/schemas/C", "/paths/~1a/get");
        track.moved_inside("/components/schemas/C", local(&[("/anyOf/1", "/allOf/0"), ("/anyOf/1/x", "/x")]));
        track.moved_inside("/components/schemas/C/anyOf/1", local(&[("/const", "/enum/0")]));
        assert_eq!(track.after("/components/schemas/C/anyOf/1/const"), "/components/schemas/C/allOf/0/enum/0");
        assert_eq!(track.after("/components/schemas/C/anyOf/1/x/y"), "/components/schemas/C/x/y");
        assert_eq!(track.after("/components/schemas/C/anyOf/0"), "/components/schemas/C/anyOf/0");
        assert_eq!(track.before("/components/schemas/C/anyOf/1/const"), "/paths/~1a/get/anyOf/1/const");
        assert_eq!(track.before("/components/schemas/CC"), "/components/schemas/CC");
    }
}
