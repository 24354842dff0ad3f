//! The nodes of a document with their positions, and the builder of this tree.

use std::collections::BTreeMap;
use std::iter;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use foldhash::HashMap;

use Kind::*;

/// A range of bytes in a source text.
pub type ByteRange = Range<usize>;

/// The positions of all nodes of one document.
///
/// Nodes are numbered in the order of the text. Since a large document has a million nodes, rare attributes are stored
/// separately.
#[derive(Debug, Default)]
pub(crate) struct Spans {
    nodes: Vec<Node>,
    /// The names of all members, concatenated.
    names: String,
    /// The items of arrays, and the members of objects sorted by name, computed on first use.
    sorted: Mutex<HashMap<usize, Vec<usize>>>,
    /// The attributes of YAML nodes, by node.
    pub(crate) marks: BTreeMap<usize, Marks>,
    /// The start of a second YAML document, if there is one.
    pub(crate) second_document: Option<usize>,
}

#[derive(Debug)]
struct Node {
    kind: Kind,
    /// The bytes of the value.
    span: Bytes,
    /// The bytes of the key and of its name in [`Spans::names`], if the node is a member of an object.
    key: Option<(Bytes, Bytes)>,
    /// The parent array or object; the node itself at the top.
    parent: u32,
    /// The first node after the descendants.
    end: u32,
}

#[derive(Clone, Copy, Debug)]
struct Bytes(u32, u32);

impl From<ByteRange> for Bytes {
    fn from(range: ByteRange) -> Self {
        Self(short(range.start), short(range.end))
    }
}

impl From<Bytes> for ByteRange {
    fn from(Bytes(start, end): Bytes) -> Self {
        start as usize..end as usize
    }
}

/// Converts an offset; files have at most [`MAX_BYTES`](crate::limits::MAX_BYTES), which fits 32 bits.
fn short(byte: usize) -> u32 {
    u32::try_from(byte).unwrap_or(u32::MAX)
}

/// The kind of a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Scalar,
    Sequence,
    Mapping,
    Alias,
}

/// The tag and anchor of a YAML node, and the target of an alias.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    /// The expanded tag.
    pub(crate) tag: Option<String>,
    /// Whether the node has an anchor.
    pub(crate) anchored: bool,
    /// The anchored node of an alias.
    pub(crate) target: Option<usize>,
}

impl Spans {
    /// Returns the number of known nodes.
    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(super) fn kind(&self, node: usize) -> Option<Kind> {
        Some(self.nodes.get(node)?.kind)
    }

    /// Returns the bytes of a node's value.
    pub(crate) fn span(&self, node: usize) -> Option<ByteRange> {
        Some(self.nodes.get(node)?.span.into())
    }

    /// Returns the bytes of a member's key.
    pub(crate) fn key(&self, node: usize) -> Option<ByteRange> {
        Some(self.nodes.get(node)?.key?.0.into())
    }

    fn name(&self, node: usize) -> Option<&str> {
        self.names.get(ByteRange::from(self.nodes.get(node)?.key?.1))
    }

    /// Returns the array or object that contains a node.
    pub(super) fn parent(&self, node: usize) -> Option<usize> {
        Some(self.nodes.get(node)?.parent as usize).filter(|parent| *parent < node)
    }

    /// Returns `true` if a node is inside the array or object `outer`.
    pub(crate) fn is_inside(&self, inner: usize, outer: usize) -> bool {
        outer < inner && self.end(outer).is_some_and(|end| inner < end)
    }

    fn end(&self, node: usize) -> Option<usize> {
        Some(self.nodes.get(node)?.end as usize)
    }

    /// Searches the items of an array, or the members of an object sorted by name. An array or object that is a key is among these, without
    /// a name.
    fn search<T>(&self, parent: usize, find: impl FnOnce(&[usize]) -> Option<T>) -> Option<T> {
        let mut sorted = self.sorted.lock().unwrap_or_else(PoisonError::into_inner);
        let children = sorted.entry(parent).or_insert_with(|| {
            let children = iter::successors(Some(parent + 1), |child| self.end(*child));
            let mut children: Vec<usize> = children.take_while(|child| self.is_inside(*child, parent)).collect();
            children.sort_by_key(|child| self.name(*child));
            children
        });
        find(children)
    }

    /// Returns the item with an index.
    pub(super) fn item(&self, array: usize, index: usize) -> Option<usize> {
        self.search(array, |items| items.get(index).copied())
    }

    /// Returns the member with a name, ignoring merged objects. If there are duplicates, `nth` selects one, counted
    /// from 0.
    pub(super) fn own(&self, object: usize, name: &str, nth: usize) -> Option<usize> {
        self.search(object, |members| {
            let first = members.partition_point(|member| self.name(*member) < Some(name));
            members.get(first + nth).copied().filter(|member| self.name(*member) == Some(name))
        })
    }

    /// Returns a member's name or an item's index, as in a pointer.
    pub(super) fn segment(&self, node: usize) -> Option<String> {
        let index = || self.search(self.parent(node)?, |items| Some(items.binary_search(&node).ok()?.to_string()));
        self.name(node).map(str::to_owned).or_else(index)
    }
}

/// The nodes of a document during parsing.
#[derive(Default)]
pub(super) struct Tree {
    pub(super) spans: Spans,
    /// The open arrays and objects, each with the key for the next value of an object.
    open: Vec<(usize, Option<(Bytes, Bytes)>)>,
}

impl Tree {
    /// Returns `true` if an array or object is open.
    pub(super) fn is_open(&self) -> bool {
        !self.open.is_empty()
    }

    /// Returns `true` if the innermost open collection is an object that expects a key.
    pub(super) fn wants_key(&self) -> bool {
        self.open.last().is_some_and(|(index, key)| key.is_none() && self.spans.kind(*index) == Some(Mapping))
    }

    pub(super) fn key(&mut self, name: &str, span: ByteRange) {
        if let Some((_, key)) = self.open.last_mut() {
            let start = self.spans.names.len();
            self.spans.names.push_str(name);
            *key = Some((span.into(), (start..self.spans.names.len()).into()));
        }
    }

    /// Adds a node to the innermost open array or object, and opens it if it is one itself.
    pub(super) fn add(&mut self, span: ByteRange, kind: Kind) -> usize {
        let index = self.spans.len();
        let is_complex_key = self.wants_key();
        let (parent, key) = self.open.last_mut().map_or((index, None), |(parent, key)| (*parent, key.take()));
        if is_complex_key {
            // It takes the place of a key, with a name that no pointer can have.
            self.key("\u{0}", 0..0);
        }
        self.spans.nodes.push(Node { kind, span: span.into(), key, parent: short(parent), end: short(index + 1) });
        if matches!(kind, Sequence | Mapping) {
            self.open.push((index, None));
        }
        index
    }

    /// Returns the start of the innermost array or object.
    pub(super) fn start(&self) -> Option<usize> {
        Some(self.spans.span(self.open.last()?.0)?.start)
    }

    /// Closes the innermost array or object, which ends before a byte.
    pub(super) fn close(&mut self, end: usize) -> Option<()> {
        let (index, _) = self.open.pop()?;
        let next = short(self.spans.len());
        let node = self.spans.nodes.get_mut(index)?;
        node.span.1 = short(end);
        node.end = next;
        Some(())
    }

    /// Returns the positions up to the end of parsing.
    pub(super) fn finish(mut self) -> Spans {
        while let Some(start) = self.start() {
            self.close(start);
        }
        self.spans
    }
}
