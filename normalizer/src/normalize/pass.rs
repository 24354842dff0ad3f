//! Part of `normalize`: what every pass takes and gives.
//!
//! A pass turns one document into another and says what it did. Its pointers are its own: `before` leads into what it got,
//! `after` into what it gave. Chaining passes chains their [`Moves`], so that in the end every entry and every fault leads
//! into the document as the vendor wrote it.

use std::collections::HashMap;

use serde_json::Value;

use crate::diagnostic::Code;
use crate::pointer::Pointer;

/// What a pass gives.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Passed {
    /// The document after the pass.
    pub(crate) value: Value,
    /// Where nodes came from that did not stay in their place.
    pub(crate) moves: Moves,
    /// What was interpreted, lost or noteworthy.
    pub(crate) entries: Vec<Entry>,
}

/// What a pass did at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The rule's short name, kebab-case.
    pub(crate) rule: &'static str,
    /// The node in what the pass got.
    pub(crate) before: Pointer,
    /// The node in what the pass gave; the nearest one that is left, if the node is gone.
    pub(crate) after: Pointer,
    /// What was done, in one line.
    pub(crate) text: String,
    /// What it means.
    pub(crate) weight: Weight,
}

/// What an entry means for whoever reads the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// The same in other words; nothing to decide.
    Same,
    /// The author's meaning was interpreted or a mistake mended.
    Interpreted,
    /// The result says less than the document did.
    Lossy,
}

/// What keeps a pass from going on: the author's meaning is not certain.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fault {
    /// Which kind, from the registry of diagnostics.
    pub(crate) code: Code,
    /// The node in what the pass got.
    pub(crate) at: Pointer,
    /// What is wrong.
    pub(crate) message: String,
    /// What to do.
    pub(crate) help: Option<String>,
}

/// Where nodes came from that did not stay in their place. What is not listed stayed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Moves {
    /// (after, before), each a node with all that is in it, in the order in which they were moved.
    moved: Vec<(Pointer, Pointer)>,
    /// The same by `after`; the last one counts.
    index: HashMap<Pointer, Pointer>,
}

impl Moves {
    /// Says that what is at `after` was at `before`.
    pub(crate) fn push(&mut self, after: Pointer, before: Pointer) {
        self.index.insert(after.clone(), before.clone());
        self.moved.push((after, before));
    }

    /// All moves, each as (after, before).
    pub(crate) fn iter(&self) -> impl Iterator<Item = &(Pointer, Pointer)> {
        self.moved.iter()
    }

    /// Where a node of the result was before: by the longest listed prefix.
    pub(crate) fn before(&self, after: &Pointer) -> Pointer {
        let (found, rest) = longest(&self.index, after);
        found.map_or_else(|| after.clone(), |before| append(before, rest))
    }

    /// Where a node is in the result: by the longest listed prefix. The pipeline asks [`super::trail`].
    #[cfg(test)]
    pub(crate) fn after(&self, before: &Pointer) -> Pointer {
        let forward: HashMap<Pointer, Pointer> =
            self.moved.iter().map(|(after, before)| (before.clone(), after.clone())).collect();
        let (found, rest) = longest(&forward, before);
        found.map_or_else(|| before.clone(), |after| append(after, rest))
    }
}

/// The entry of the longest prefix of `pointer`, and what is left of the pointer below it.
pub(super) fn longest<'m, 'p, V>(map: &'m HashMap<Pointer, V>, pointer: &'p Pointer) -> (Option<&'m V>, &'p str) {
    if map.is_empty() {
        return (None, "");
    }
    let mut prefix = Some(pointer.clone());
    while let Some(current) = prefix {
        if let Some(found) = map.get(&current) {
            let rest = pointer.as_str().get(current.as_str().len()..).unwrap_or_default();
            return (Some(found), rest);
        }
        prefix = current.parent();
    }
    (None, "")
}

/// `rest`, the text of a pointer, below `prefix`.
pub(super) fn append(prefix: &Pointer, rest: &str) -> Pointer {
    if rest.is_empty() {
        return prefix.clone();
    }
    Pointer::parse(&format!("{prefix}{rest}")).unwrap_or_else(|| prefix.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_prefix_decides() {
        let pointer = |text: &str| Pointer::parse(text).unwrap();
        let mut moves = Moves::default();
        moves.push(pointer("/components/schemas"), pointer("/definitions"));
        moves.push(pointer("/components/schemas/B"), pointer("/definitions/A~1B"));
        assert_eq!(moves.before(&pointer("/components/schemas/B/type")), pointer("/definitions/A~1B/type"));
        assert_eq!(moves.before(&pointer("/components/schemas/C")), pointer("/definitions/C"));
        assert_eq!(moves.before(&pointer("/components/schemasX")), pointer("/components/schemasX"));
        assert_eq!(moves.after(&pointer("/definitions/A~1B")), pointer("/components/schemas/B"));
        assert_eq!(moves.after(&pointer("/paths/~1a")), pointer("/paths/~1a"));
    }
}
