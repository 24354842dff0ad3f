//! The nodes of a document with their positions, and how they are put together.

use std::ops::Range;
use std::sync::OnceLock;

use Content::*;

/// A range of bytes in a source text.
pub type ByteRange = Range<usize>;

/// The positions of all nodes of one document.
#[derive(Default)]
pub(crate) struct Spans {
    /// All nodes in the order of the text.
    pub(crate) nodes: Vec<SpannedNode>,
    /// The start of a second YAML document, if there is one.
    pub(crate) second_document: Option<usize>,
}

/// One node of the document.
pub(crate) struct SpannedNode {
    /// The value's bytes.
    pub(crate) span: ByteRange,
    /// The bytes of its key, if it is a member of an object.
    pub(crate) key: Option<ByteRange>,
    /// What is inside.
    pub(crate) content: Content,
    /// The YAML tag, written out.
    pub(crate) tag: Option<Box<str>>,
    /// Whether the node carries a YAML anchor.
    pub(crate) anchored: bool,
}

/// What a node holds; children are indices into [`Spans::nodes`].
pub(crate) enum Content {
    Scalar,
    Sequence(Vec<usize>),
    Mapping(Box<MemberSpans>),
    Alias(Option<usize>),
}

/// The members of an object in the order of the text: each key with its value.
#[derive(Default)]
pub(crate) struct MemberSpans {
    pub(super) members: Vec<(String, usize)>,
    /// Their indices in the order of the keys, made for the first search.
    order: OnceLock<Vec<usize>>,
}

impl MemberSpans {
    /// The value of a key, ignoring merged objects; if it is there several times, the one that has so many before it.
    pub(super) fn own(&self, key: &str, nth: usize) -> Option<usize> {
        let key_of = |index: &usize| self.members.get(*index).map(|(key, _)| key.as_str());
        let order = self.order.get_or_init(|| {
            let mut order: Vec<usize> = (0..self.members.len()).collect();
            order.sort_by_key(key_of);
            order
        });
        let first = order.partition_point(|index| key_of(index) < Some(key));
        let (known, value) = self.members.get(*order.get(first + nth)?)?;
        (known == key).then_some(*value)
    }
}

/// The nodes of a document while it is read.
#[derive(Default)]
pub(super) struct Tree {
    pub(super) nodes: Vec<SpannedNode>,
    /// The arrays and objects that are still open, each with the key that the next value of an object belongs to.
    pub(super) open: Vec<(usize, Option<(String, ByteRange)>)>,
}

impl Tree {
    /// Whether an object is open and waits for a key.
    pub(super) fn wants_key(&self) -> bool {
        let Some((index, key)) = self.open.last() else { return false };
        key.is_none() && matches!(self.nodes.get(*index), Some(SpannedNode { content: Mapping(_), .. }))
    }

    pub(super) fn key(&mut self, key: String, span: ByteRange) {
        if let Some(open) = self.open.last_mut() {
            open.1 = Some((key, span));
        }
    }

    /// Adds a node to the array or object that is open, and opens it if it is one itself.
    pub(super) fn add(&mut self, span: ByteRange, content: Content) -> usize {
        let index = self.nodes.len();
        let opens = matches!(content, Sequence(_) | Mapping(_));
        let mut node = SpannedNode { span, key: None, content, tag: None, anchored: false };
        if let Some((parent, key)) = self.open.last_mut() {
            match self.nodes.get_mut(*parent).map(|parent| &mut parent.content) {
                Some(Mapping(members)) => match key.take() {
                    Some((key, span)) => {
                        node.key = Some(span);
                        members.members.push((key, index));
                    }
                    // An array or object as a key: it takes the key's turn under no name that a pointer could have.
                    None => *key = Some(("\u{0}".to_owned(), 0..0)),
                },
                Some(Sequence(items)) => items.push(index),
                Some(Scalar | Alias(_)) | None => {}
            }
        }
        self.nodes.push(node);
        if opens {
            self.open.push((index, None));
        }
        index
    }

    /// Closes the innermost array or object.
    pub(super) fn close(&mut self) -> Option<&mut SpannedNode> {
        let (index, _) = self.open.pop()?;
        self.nodes.get_mut(index)
    }
}
