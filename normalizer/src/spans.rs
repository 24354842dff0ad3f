//! The positions of nodes in the text: JSON pointer → byte ranges of key and value.
//!
//! In: the text of a source. Out: [`Spans`], computed when a position is needed (serde keeps none), or while reading the layout of `yaml`.
//! Invariant: ranges are on character boundaries. After the position parser stops, a lookup falls back to the nearest known node.

mod canonical;
mod json;
mod tree;
mod yaml;

pub(crate) use canonical::read as read_canonical;
pub(crate) use json::comment;
pub use tree::ByteRange;
pub(crate) use tree::Spans;

use std::iter;

use crate::certain::Certain;
use crate::limits::{self, MAX_BRACKETS, MAX_STEPS};
use crate::pointer::Pointer;
use tree::Kind::*;

/// The highlighted part of a `key: value` pair.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[non_exhaustive]
pub enum Highlight {
    /// The key that the pointer ends in.
    Key,
    /// The value that the pointer leads to.
    Value,
}

impl Spans {
    /// Returns the positions of all nodes of `text`, which is YAML or JSON.
    pub(crate) fn of(text: &str) -> Self {
        let body = text.trim_start_matches('\u{feff}');
        let offset = text.len() - body.len();
        let is_json = body.trim_start().starts_with(['{', '[']);
        let known =
            if is_json { json::spans(text, offset) } else { canonical::read(text, usize::MAX).map(|(_, spans)| spans) };
        known.unwrap_or_else(|| match limits::flow_nesting(text) {
            0..=MAX_BRACKETS => Self::of_yaml(text, offset),
            _ => Self::default(),
        })
    }

    /// Returns the bytes of the node's key or value. If there is no such node, returns the key of the nearest node
    /// above it; `None` only if not even the document's root is known.
    pub(crate) fn find(&self, pointer: &Pointer, place: Highlight) -> Option<ByteRange> {
        let mut index = self.resolve(0)?;
        let mut key: Option<ByteRange> = None;
        for segment in pointer.segments() {
            let Some(child) = self.child(index, &segment) else { return key.or_else(|| self.span(index)) };
            key = self.key(child).or_else(|| self.span(child));
            index = child;
        }
        match (place, key) {
            (Highlight::Key, Some(key)) => Some(key),
            // An empty value (`key:` and nothing after it) is highlighted at its key.
            (_, key) => self.span(index).filter(|span| !span.is_empty()).or(key),
        }
    }

    /// Returns the bytes of a node with its key, if it is known.
    pub(crate) fn whole(&self, pointer: &Pointer) -> Option<ByteRange> {
        let index = self.index(pointer)?;
        let span = self.span(index)?;
        Some(self.key(index).map_or(span.start, |key| key.start)..span.end)
    }

    /// Returns the node before a node in the same array or object.
    pub(crate) fn before(&self, pointer: &Pointer) -> Option<Pointer> {
        let (above, index) = (pointer.parent()?, self.index(pointer)?);
        let parent = self.parent(index);
        // The preceding node is the wanted one, or is inside of it.
        let mut nodes = iter::successors(index.checked_sub(1), |node| self.parent(*node));
        Some(above.key(&self.segment(nodes.find(|node| self.parent(*node) == parent)?)?))
    }

    fn index(&self, pointer: &Pointer) -> Option<usize> {
        let index = pointer.segments().try_fold(0, |index, segment| self.child(index, &segment))?;
        (index < self.len()).then_some(index)
    }

    /// Returns `true` if the node itself is known.
    #[cfg(test)]
    pub(crate) fn knows(&self, pointer: &Pointer) -> bool {
        self.index(pointer).is_some()
    }

    /// Returns the source of a node of `text`, which these positions belong to.
    pub(crate) fn written<'t>(&self, text: &'t str, pointer: &Pointer) -> Option<&'t str> {
        text.get(self.find(pointer, Highlight::Value)?).map(str::trim)
    }

    /// Returns the bytes of the second of two equal keys at `pointer`.
    pub(crate) fn second_key(&self, pointer: &Pointer) -> Option<ByteRange> {
        let (parent, key) = (pointer.parent()?, pointer.last()?);
        self.key(self.own(self.resolve(self.index(&parent)?)?, &key, 1)?)
    }

    /// Returns the pointer to a node, not through an alias.
    pub(crate) fn pointer_to(&self, node: usize) -> Pointer {
        let nodes: Vec<String> =
            iter::successors(Some(node), |node| self.parent(*node)).map_while(|node| self.segment(node)).collect();
        nodes.iter().rev().fold(Pointer::root(), |pointer, segment| pointer.key(segment))
    }

    /// Returns a member or item of a node. A member may come from a merged object.
    fn child(&self, index: usize, segment: &str) -> Option<usize> {
        let index = self.resolve(index)?;
        match self.kind(index)? {
            Mapping => self.own(index, segment, 0).or_else(|| self.merged(index, segment)),
            Sequence => self.item(index, segment.parse().ok()?),
            Scalar | Alias => None,
        }
    }

    /// Returns a member from a merged object (YAML's merge key); earlier objects take precedence.
    fn merged(&self, object: usize, key: &str) -> Option<usize> {
        let mut open = vec![self.own(object, "<<", 0)?];
        for _ in 0..MAX_STEPS {
            let index = self.resolve(open.pop()?)?;
            match self.kind(index)? {
                Mapping => match self.own(index, key, 0) {
                    Some(found) => return Some(found),
                    None => open.extend(self.own(index, "<<", 0)),
                },
                Sequence => open.extend((0..MAX_STEPS).rev().filter_map(|nth| self.item(index, nth))),
                Scalar | Alias => {}
            }
        }
        None
    }

    /// Follows an alias to the anchored node. Returns `None` for an alias inside its own anchor.
    fn resolve(&self, mut index: usize) -> Option<usize> {
        for _ in 0..MAX_STEPS {
            match self.kind(index)? {
                Alias => index = self.marks.get(&index)?.target?,
                _ => return Some(index),
            }
        }
        None
    }
}

/// Returns the byte, or the nearest earlier character boundary, within the text.
pub(crate) fn boundary(text: &str, byte: usize) -> usize {
    (0..=byte.min(text.len())).rev().find(|byte| text.is_char_boundary(*byte)).unwrap_or(0)
}

/// An index of the line breaks of a text, for looking up the lines of many bytes.
pub(crate) struct LineBreaks(Vec<usize>);

impl LineBreaks {
    pub(crate) fn of(text: &str) -> Self {
        Self(text.match_indices('\n').map(|(at, _)| at).collect())
    }

    /// Returns the number of the line that contains a byte, counted from 1.
    pub(crate) fn line(&self, byte: usize) -> usize {
        1 + self.0.partition_point(|at| *at < byte)
    }

    /// Returns the bytes of the line that contains a byte, without its line break. `length` is the length of the text
    /// in bytes.
    pub(crate) fn around(&self, byte: usize, length: usize) -> ByteRange {
        let (before, after) = self.0.split_at(self.0.partition_point(|at| *at < byte));
        before.last().map_or(0, |at| at + 1)..after.first().copied().unwrap_or(length)
    }
}

/// Converts character indices to byte offsets.
///
/// saphyr counts characters (and CRLF as two), renderers and slices need bytes.
pub(crate) struct CharOffsets<'t> {
    text: &'t str,
    /// Whether character indices equal byte offsets.
    is_ascii: bool,
    /// The last character that was found, and its byte: the next lookup is close to it.
    last: (usize, usize),
}

impl<'t> CharOffsets<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Self { text, is_ascii: text.is_ascii(), last: (0, 0) }
    }

    /// Returns the byte offset of the character with this index; the text's length if there is no such character.
    pub(crate) fn byte(&mut self, character: usize) -> usize {
        if self.is_ascii {
            return character.min(self.text.len());
        }
        let (known, byte) = self.last;
        let (before, after) = self.text.split_at_checked(byte).certain("a character begins there");
        let found = match character.checked_sub(known) {
            Some(ahead) => after.char_indices().nth(ahead).map(|(further, _)| byte + further),
            None => before.char_indices().nth_back(known - character - 1).map(|(at, _)| at),
        };
        // An index beyond the end has no character.
        self.last = found.map_or(self.last, |byte| (character, byte));
        found.unwrap_or(self.text.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at<'t>(text: &'t str, pointer: &str, place: Highlight) -> &'t str {
        let span = Spans::of(text).find(&Pointer::parse(pointer).unwrap(), place).unwrap();
        &text[span]
    }

    #[test]
    fn characters_become_bytes() {
        let text = "aü😀\r\n\u{feff}z";
        let mut offsets = CharOffsets::new(text);
        let bytes: Vec<_> = (0..9).map(|index| offsets.byte(index)).collect();
        assert_eq!(bytes, [0, 1, 3, 7, 8, 9, 12, 13, 13]);
        let long = "ü".repeat(1000);
        let mut offsets = CharOffsets::new(&long);
        assert!((0..1000).chain((0..1000).rev()).all(|index| offsets.byte(index) == 2 * index));
        assert_eq!(CharOffsets::new("abc").byte(2), 2);
        assert_eq!(CharOffsets::new("abc").byte(9), 3);
    }

    #[test]
    fn finds_keys_and_values_in_yaml() {
        let text = "ü: {ö: \"ä\", 'x y': 12}\nb:\n  - 😀\n  - c: |\n      text\n      more\nlast: end\n";
        assert_eq!(at(text, "/ü", Highlight::Key), "ü");
        assert_eq!(at(text, "/ü/ö", Highlight::Key), "ö");
        assert_eq!(at(text, "/ü/ö", Highlight::Value), "\"ä\"");
        assert_eq!(at(text, "/ü/x y", Highlight::Key), "'x y'");
        assert_eq!(at(text, "/ü/x y", Highlight::Value), "12");
        assert_eq!(at(text, "/ü", Highlight::Value), "{ö: \"ä\", 'x y': 12}");
        assert_eq!(at(text, "/b/0", Highlight::Value), "😀");
        assert_eq!(at(text, "/b/0", Highlight::Key), "😀");
        assert_eq!(at(text, "/b/1/c", Highlight::Key), "c");
        assert!(at(text, "/b/1/c", Highlight::Value).ends_with("more"));
        assert_eq!(at(text, "/last", Highlight::Value), "end");
    }

    #[test]
    fn counts_crlf_and_bom() {
        let text = "\u{feff}a: 1\r\nü: 2\r\nb:\r\n  c: 3\r\n";
        assert_eq!(at(text, "/a", Highlight::Value), "1");
        assert_eq!(at(text, "/ü", Highlight::Key), "ü");
        assert_eq!(at(text, "/b/c", Highlight::Value), "3");
        let json = "\u{feff}{\r\n\t\"ü\": [1, {\"\\ud83d\\ude00\": true}]\r\n}";
        assert_eq!(at(json, "/ü/0", Highlight::Value), "1");
        assert_eq!(at(json, "/ü/1/😀", Highlight::Key), "\"\\ud83d\\ude00\"");
        assert_eq!(at(json, "/ü/1/😀", Highlight::Value), "true");
    }

    #[test]
    fn a_missing_node_is_shown_at_the_nearest_one() {
        let text = "a:\n  b: 1\nc:\n";
        assert_eq!(at(text, "/a/x/y", Highlight::Value), "a");
        assert_eq!(at(text, "/a/b/z", Highlight::Key), "b");
        assert_eq!(at(text, "/c", Highlight::Value), "c");
    }

    #[test]
    fn a_node_is_found_with_its_key_and_the_node_before_it() {
        let text = "a:\n  b: 1\n  c:\n  - d: 2\n  - 3\ne: 4\n";
        let spans = Spans::of(text);
        let whole = |pointer| Some(text[spans.whole(&Pointer::parse(pointer)?)?].trim_end());
        assert_eq!(whole("/a/c"), Some("c:\n  - d: 2\n  - 3"));
        assert_eq!(whole("/a/c/1"), Some("3"));
        assert_eq!(whole("/a/x"), None);
        let before = |pointer| Some(spans.before(&Pointer::parse(pointer)?)?.to_string());
        assert_eq!(before("/a/c").as_deref(), Some("/a/b"));
        assert_eq!(before("/a/c/1").as_deref(), Some("/a/c/0"));
        assert_eq!(before("/e").as_deref(), Some("/a"));
        assert_eq!([before("/a/b"), before("/a/c/0"), before("/x"), before("")], [const { None }; 4]);
    }

    #[test]
    fn aliases_lead_to_their_anchor() {
        let text = "a: &x\n  k: [1, 2]\nb: *x\nc:\n  <<: *x\n";
        assert_eq!(at(text, "/b/k/1", Highlight::Value), "2");
        assert_eq!(at("a: &a [*a]", "/a/0/0/0", Highlight::Value), "*a");
    }

    /// As in the API document of Docker Engine.
    #[test]
    fn quoted_lines_need_no_indentation() {
        let text = "o:\n  a: \"two\n  lines \\\" é\"\n  b: 'x ''\r\n\ty'\n  ü: 1\nz: end\n";
        assert_eq!(at(text, "/o/a", Highlight::Value), "\"two\n  lines \\\" é\"");
        assert_eq!(at(text, "/o/b", Highlight::Value), "'x ''\r\n\ty'");
        assert_eq!(at(text, "/o/ü", Highlight::Key), "ü");
        assert_eq!(at(text, "/z", Highlight::Value), "end");
        let many = "a: 'x\n'\n".repeat(300) + "z: end\n";
        assert_eq!(at(&many, "/z", Highlight::Value), "end");
    }

    #[test]
    fn merged_members_are_where_they_come_from() {
        let text = "a: &a {k: 1}\nb: &b\n  <<: *a\n  k: 2\n  l: 3\nc: {<<: [*a, *b], m: 4}\nd: &d {<<: *d}\n";
        assert_eq!(at(text, "/b/k", Highlight::Value), "2");
        assert_eq!(at(text, "/c/k", Highlight::Value), "1");
        assert_eq!(at(text, "/c/l", Highlight::Value), "3");
        assert_eq!(at(text, "/c/m", Highlight::Value), "4");
        assert_eq!(at(text, "/d/k", Highlight::Key), "d");
    }

    /// saphyr stops at the bracket in the key's column, and at a line in brackets that is indented less.
    #[test]
    fn brackets_need_no_indentation() {
        let text = "ü:\n  list: {\n    a: 1\r\n\r\n  }\n  'k': &x [one, two: 2]\n  m: [\n1, {\n  v: 3}\n  ]\nz: *x\n? b\n: !t {c: yes}\n";
        assert_eq!(at(text, "/ü/k", Highlight::Key), "'k'");
        assert_eq!(at(text, "/ü/k/1/two", Highlight::Key), "two");
        assert_eq!(at(text, "/ü/k/1/two", Highlight::Value), "2");
        assert_eq!(at(text, "/ü/m/1/v", Highlight::Value), "3");
        assert_eq!(at(text, "/z", Highlight::Key), "z");
        assert_eq!(at(text, "/z/1/two", Highlight::Value), "2");
        assert_eq!(at(text, "/b/c", Highlight::Value), "yes");
        assert_eq!(at(text, "/b/d", Highlight::Value), "b");
    }

    #[test]
    fn tabs_hyphens_and_comments_stand_where_the_other_parser_takes_them() {
        for first in ["a: {\n\tb: 1}", "a: [-]", "a: [-, 1]", "a: {b: -}", "a: 'b'# c", "a: [b]# c"] {
            assert_eq!(at(&format!("{first}\nz: end\n"), "/z", Highlight::Value), "end", "{first}");
        }
    }

    #[test]
    fn tells_the_second_of_two_keys() {
        let text = "a:\n  k: 1\n  k: 2\n";
        let span = Spans::of(text).second_key(&Pointer::parse("/a/k").unwrap()).unwrap();
        assert_eq!(span, 12..13);
    }

    #[test]
    fn broken_text_is_covered_as_far_as_it_goes() {
        let text = "a: 1\nb:\n  c: [1, 2\nd: 3\n";
        assert_eq!(at(text, "/a", Highlight::Value), "1");
        assert_eq!(at(text, "/b/c/0", Highlight::Value), "1");
        assert_eq!(Spans::of("").find(&Pointer::root(), Highlight::Value), None);
    }
}
