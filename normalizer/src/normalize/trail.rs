//! Part of `normalize`: the mapping from nodes of the result to their source files.
//!
//! In: the moves of each pass. Out: for a node before or after any pass, its place in a file, and its final place.
//! Invariant: unlisted nodes stayed in their places; before all passes, the document is the input, file 0.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use foldhash::{HashMap, HashSet};
use serde_json::Value;

use crate::certain::Certain;
use crate::pointer::Pointer;

/// A node of a file; by default the root of the input.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct SourceLocation {
    /// The file, by its index in [`super::files::Files`].
    pub(crate) file: usize,
    /// The node in it.
    pub(crate) pointer: Pointer,
}

impl SourceLocation {
    /// Returns the member or item `key` of this node.
    pub(crate) fn key(&self, key: &str) -> Self {
        Self { file: self.file, pointer: self.pointer.key(key) }
    }
}

/// The place of a node before a pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    /// The file that the pass added; `None` if the node is in the input of the pass.
    pub(crate) file: Option<usize>,
    /// The pointer to the node in that file or input.
    pub(crate) pointer: Pointer,
}

impl From<Pointer> for Origin {
    fn from(pointer: Pointer) -> Self {
        Self { file: None, pointer }
    }
}

impl From<SourceLocation> for Origin {
    fn from(SourceLocation { file, pointer }: SourceLocation) -> Self {
        Self { file: Some(file), pointer }
    }
}

impl Origin {
    /// Returns the origin of a node inside this one.
    pub(crate) fn below(&self, step: impl FnOnce(&Pointer) -> Pointer) -> Self {
        Self { file: self.file, pointer: step(&self.pointer) }
    }
}

/// The moves of a pass: the origins of nodes that were moved, each with its descendants. Unlisted nodes stayed in their
/// places.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Provenance {
    /// The origins, by the place after the pass.
    origins: BTreeMap<Pointer, Origin>,
    /// The current place of each node, by the place before the pass; if there are several places, the last one
    /// recorded.
    forward: HashMap<Pointer, Pointer>,
    /// The inverse of `forward`.
    reached: BTreeMap<Pointer, BTreeSet<Pointer>>,
}

impl Provenance {
    /// Records the origin of the node at `after`.
    pub(crate) fn push(&mut self, after: Pointer, origin: impl Into<Origin>) {
        let origin = origin.into();
        if origin.file.is_none() {
            self.lead(origin.pointer.clone(), after.clone());
        }
        self.origins.insert(after, origin);
    }

    /// Records the current place of a node.
    fn lead(&mut self, before: Pointer, after: Pointer) {
        let earlier = self.forward.insert(before.clone(), after.clone());
        if let Some(others) = earlier.and_then(|earlier| self.reached.get_mut(&earlier)) {
            others.remove(&before);
        }
        self.reached.entry(after).or_default().insert(before);
    }

    /// Records an origin as [`Provenance::push`] does; if a node has several places, the first one recorded counts.
    pub(crate) fn push_first(&mut self, after: Pointer, before: Pointer) {
        if !self.forward.contains_key(&before) {
            self.lead(before.clone(), after.clone());
        }
        self.bring(after, before);
    }

    /// Records that the node at `after` is a new copy of the node at `origin`, which stays in place.
    pub(crate) fn bring(&mut self, after: Pointer, origin: impl Into<Origin>) {
        self.origins.insert(after, origin.into());
    }

    /// Records that the node at `to` is a new copy of the node at `from`, with its descendants.
    pub(crate) fn copy(&mut self, from: &Pointer, to: &Pointer) {
        for place in at_or_below(&self.origins, from) {
            if let Some(rest) = place.as_str().strip_prefix(from.as_str()) {
                self.bring(append(to, rest), self.origin(&place));
            }
        }
    }

    /// Records that the node at `from` is now at `to`, with its descendants.
    pub(crate) fn relocate(&mut self, from: &Pointer, to: &Pointer) {
        let origin = self.origin(from);
        for place in at_or_below(&self.origins, from) {
            if let Some((rest, origin)) = place.below(from).zip(self.origins.remove(&place)) {
                self.push(to.join(&rest), origin);
            }
        }
        self.push(to.clone(), origin);
    }

    /// Returns the places after the pass that have an origin.
    pub(crate) fn places(&self) -> impl Iterator<Item = &Pointer> {
        self.origins.keys()
    }

    /// Returns the places before the pass of all moved nodes.
    pub(crate) fn moved(&self) -> impl Iterator<Item = &Pointer> {
        self.reached.values().flatten()
    }

    /// Records that the node at `after` was removed.
    pub(crate) fn forget(&mut self, after: &Pointer) {
        self.forget_origins(after);
        let Some(parent) = after.parent() else { return };
        for place in at_or_below(&self.reached, after) {
            let gone = self.reached.remove(&place).unwrap_or_default();
            gone.iter().for_each(|before| drop(self.forward.remove(before)));
        }
        self.lead(after.clone(), parent);
    }

    /// Removes the origins of the node at `after` and its descendants.
    fn forget_origins(&mut self, after: &Pointer) {
        for place in at_or_below(&self.origins, after) {
            self.origins.remove(&place);
        }
    }

    /// Removes a node of the document, and records that. Returns `false` if there is no such node.
    pub(crate) fn remove(&mut self, document: &mut Value, at: &Pointer) -> bool {
        let Some((parent, key)) = at.parent().zip(at.last()) else { return false };
        parent.get_mut(document).is_some_and(|holder| self.remove_parts(holder, &parent, &[key]))
    }

    /// Removes members or items of the node at `at`, and records that. Returns `false` if they do not exist.
    pub(crate) fn remove_parts(&mut self, node: &mut Value, at: &Pointer, keys: &[String]) -> bool {
        match node {
            Value::Object(members) => {
                keys.iter().for_each(|key| self.forget(&at.key(key)));
                let (gone, before): (HashSet<&String>, usize) = (keys.iter().collect(), members.len());
                members.retain(|key, _| !gone.contains(key));
                members.len() < before
            }
            Value::Array(items) => {
                let indexes: BTreeSet<usize> = keys.iter().filter_map(|key| key.parse().ok()).collect();
                self.remove_items(items, &indexes, at)
            }
            _ => false,
        }
    }

    /// Removes items from the array at `list`, and records the moves of later items. Returns `false` if they do not exist.
    pub(crate) fn remove_items(&mut self, items: &mut Vec<Value>, gone: &BTreeSet<usize>, list: &Pointer) -> bool {
        let length = items.len();
        self.move_up(length, gone, list);
        let mut index = 0..;
        items.retain(|_| index.next().is_none_or(|index| !gone.contains(&index)));
        items.len() < length
    }

    /// Records the removal of items from the array at `list` with `length` items.
    pub(crate) fn move_up(&mut self, length: usize, gone: &BTreeSet<usize>, list: &Pointer) {
        let first = gone.first().copied().unwrap_or(length);
        let mut place = first;
        for index in first..length {
            let item = list.index(index);
            if gone.contains(&index) {
                self.forget_origins(&item);
            } else {
                self.relocate(&item, &list.index(place));
                place += 1;
            }
        }
    }

    /// Returns the origin of the node at `after`.
    pub(crate) fn origin(&self, after: &Pointer) -> Origin {
        match longest(after.as_str(), |prefix| self.origins.get(prefix)) {
            Some((origin, rest)) => origin.below(|pointer| append(pointer, rest)),
            None => after.clone().into(),
        }
    }

    /// Returns the previous place of the node at `after`, in a document that is one file.
    pub(crate) fn before(&self, after: &Pointer) -> Pointer {
        self.origin(after).pointer
    }

    /// Returns the current place of the node that was at `before`.
    pub(crate) fn after(&self, before: &Pointer) -> Pointer {
        let found = longest(before.as_str(), |prefix| self.forward.get(prefix));
        found.map_or_else(|| before.clone(), |(after, rest)| append(after, rest))
    }
}

/// Returns the keys of a map that are at or below a place.
fn at_or_below<V>(map: &BTreeMap<Pointer, V>, place: &Pointer) -> Vec<Pointer> {
    // In lexical order, `0` follows `/`.
    let end = format!("{place}0");
    let range = map.range::<str, _>((Bound::Included(place.as_str()), Bound::Excluded(end.as_str())));
    range.map(|(key, _)| key).filter(|key| key.is_at_or_below(place)).cloned().collect()
}

/// Returns the result of `get` for the longest prefix of a pointer's text, and the rest of the text.
fn longest<'m, 'p, V>(text: &'p str, get: impl Fn(&str) -> Option<&'m V>) -> Option<(&'m V, &'p str)> {
    let mut end = text.len();
    loop {
        let (prefix, rest) = text.split_at_checked(end)?;
        if let Some(found) = get(prefix) {
            return Some((found, rest));
        }
        end = prefix.rfind('/')?;
    }
}

/// Returns `rest`, the text of a pointer, appended to `prefix`.
fn append(prefix: &Pointer, rest: &str) -> Pointer {
    Pointer::parse(&format!("{prefix}{rest}")).certain("it is made of pointers")
}

/// The moves of all passes so far.
#[derive(Default)]
pub(crate) struct Trail {
    layers: Vec<Provenance>,
}

impl Trail {
    /// Adds the moves of the next pass.
    pub(crate) fn push(&mut self, layer: Provenance) {
        self.layers.push(layer);
    }

    /// Returns the number of passes.
    pub(crate) fn len(&self) -> usize {
        self.layers.len()
    }

    /// Returns the source location of a node after all passes so far.
    pub(crate) fn place(&self, pointer: &Pointer) -> SourceLocation {
        self.source(self.len(), pointer.clone().into())
    }

    /// Returns the source location of a node after the first `passes` passes, or of a place in a file.
    pub(crate) fn source(&self, passes: usize, mut origin: Origin) -> SourceLocation {
        let mut layers = self.layers.iter().take(passes).rev();
        while origin.file.is_none()
            && let Some(layer) = layers.next()
        {
            origin = layer.origin(&origin.pointer);
        }
        SourceLocation { file: origin.file.unwrap_or_default(), pointer: origin.pointer }
    }

    /// Returns the place after the first `passes` passes of a node in the final document; `None` if it was added later.
    pub(crate) fn earlier(&self, passes: usize, pointer: &Pointer) -> Option<Pointer> {
        let mut layers = self.layers.iter().skip(passes).rev();
        layers.try_fold(pointer.clone(), |pointer, layer| {
            let origin = layer.origin(&pointer);
            origin.file.is_none().then_some(origin.pointer)
        })
    }

    /// Returns the place in the final document of a node after the first `passes` passes.
    pub(crate) fn end(&self, passes: usize, pointer: &Pointer) -> Pointer {
        self.layers.iter().skip(passes).fold(pointer.clone(), |pointer, layer| layer.after(&pointer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pointer(text: &str) -> Pointer {
        Pointer::parse(text).unwrap()
    }

    #[test]
    fn the_longest_prefix_decides() {
        let mut provenance = Provenance::default();
        provenance.push(pointer("/components/schemas"), pointer("/definitions"));
        provenance.push(pointer("/components/schemas/B"), pointer("/definitions/A~1B"));
        assert_eq!(provenance.before(&pointer("/components/schemas/B/type")), pointer("/definitions/A~1B/type"));
        assert_eq!(provenance.before(&pointer("/components/schemas/C")), pointer("/definitions/C"));
        assert_eq!(provenance.before(&pointer("/components/schemasX")), pointer("/components/schemasX"));
        assert_eq!(provenance.after(&pointer("/definitions/A~1B")), pointer("/components/schemas/B"));
        assert_eq!(provenance.after(&pointer("/paths/~1a")), pointer("/paths/~1a"));
    }

    #[test]
    fn layers_lead_back_and_forth() {
        let mut bundle = Provenance::default();
        bundle.push(pointer("/definitions/Pet"), SourceLocation { file: 1, pointer: pointer("/Pet") });
        let mut provenance = Provenance::default();
        provenance.push(pointer("/components/schemas"), pointer("/definitions"));
        let mut trail = Trail::default();
        trail.push(bundle);
        trail.push(provenance);
        let place = trail.place(&pointer("/components/schemas/Pet/type"));
        assert_eq!(place, SourceLocation { file: 1, pointer: pointer("/Pet/type") });
        let own = trail.place(&pointer("/components/schemas/Dog"));
        assert_eq!(own, SourceLocation { file: 0, pointer: pointer("/definitions/Dog") });
        assert_eq!(trail.end(1, &pointer("/definitions/Pet/type")), pointer("/components/schemas/Pet/type"));
        assert_eq!(trail.end(2, &pointer("/definitions")), pointer("/definitions"));
        assert_eq!(trail.place(&pointer("/info")), SourceLocation { file: 0, pointer: pointer("/info") });
    }
}
