//! Positions in JSON text: a scanner of its own, since JSON may hold what a YAML parser refuses (tabs, escaped
//! surrogate pairs). It is iterative and judges nothing beyond what it needs to keep its place.

use super::{ByteRange, Content, Member, Node, Spans};

/// The positions in `text`, or `None` if it is not JSON.
pub(super) fn spans(text: &str) -> Option<Spans> {
    let mut scanner = Scanner { text, position: 0, nodes: Vec::new(), open: Vec::new() };
    scanner.run()?;
    Some(Spans { nodes: scanner.nodes, ..Spans::default() })
}

struct Scanner<'t> {
    text: &'t str,
    position: usize,
    nodes: Vec<Node>,
    /// The containers that are still open, each with the key that the next value of an object belongs to.
    open: Vec<(usize, Option<(String, ByteRange)>)>,
}

impl Scanner<'_> {
    fn run(&mut self) -> Option<()> {
        loop {
            self.skip_space();
            match self.peek() {
                None => return (self.open.is_empty() && !self.nodes.is_empty()).then_some(()),
                Some(b'}' | b']') => self.close()?,
                Some(b',') if !self.open.is_empty() => self.position += 1,
                Some(b'"') if self.wants_key() => self.key()?,
                Some(b'{') => self.container(Content::Mapping(Vec::new()))?,
                Some(b'[') => self.container(Content::Sequence(Vec::new()))?,
                Some(b'"') => {
                    let span = self.string()?;
                    self.add(span, Content::Scalar)?;
                }
                Some(_) => {
                    let span = self.word()?;
                    self.add(span, Content::Scalar)?;
                }
            }
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.position).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.position += 1;
        }
    }

    fn wants_key(&self) -> bool {
        let Some((index, key)) = self.open.last() else { return false };
        key.is_none() && matches!(self.nodes.get(*index), Some(Node { content: Content::Mapping(_), .. }))
    }

    fn key(&mut self) -> Option<()> {
        let span = self.string()?;
        let key = serde_json::from_str(self.text.get(span.clone())?).ok()?;
        self.skip_space();
        if self.peek()? != b':' {
            return None;
        }
        self.position += 1;
        self.open.last_mut()?.1 = Some((key, span));
        Some(())
    }

    /// The span of the quoted text that begins here.
    fn string(&mut self) -> Option<ByteRange> {
        let start = self.position;
        self.position += 1;
        loop {
            match self.peek()? {
                b'"' => break,
                b'\\' => self.position += 2,
                _ => self.position += 1,
            }
        }
        self.position += 1;
        Some(start..self.position)
    }

    /// The span of the number, `true`, `false` or `null` that begins here.
    fn word(&mut self) -> Option<ByteRange> {
        let start = self.position;
        while matches!(self.peek(), Some(b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'+' | b'-' | b'.')) {
            self.position += 1;
        }
        (self.position > start).then_some(start..self.position)
    }

    fn container(&mut self, content: Content) -> Option<()> {
        let index = self.add(self.position..self.position + 1, content)?;
        self.open.push((index, None));
        self.position += 1;
        Some(())
    }

    fn close(&mut self) -> Option<()> {
        let (index, _) = self.open.pop()?;
        self.position += 1;
        self.nodes.get_mut(index)?.span.end = self.position;
        Some(())
    }

    /// Adds a node to the container that is open. A second root is no JSON.
    fn add(&mut self, span: ByteRange, content: Content) -> Option<usize> {
        let index = self.nodes.len();
        self.nodes.push(Node { span, content, tag: None, anchored: false });
        let Some((parent, key)) = self.open.last_mut() else { return (index == 0).then_some(index) };
        match &mut self.nodes.get_mut(*parent)?.content {
            Content::Mapping(members) => {
                let (key, span) = key.take()?;
                members.push(Member { key, span, value: index });
            }
            Content::Sequence(items) => items.push(index),
            Content::Scalar | Content::Alias(_) => return None,
        }
        Some(index)
    }
}
