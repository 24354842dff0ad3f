//! Positions in JSON text: a scanner of its own, since JSON may hold what a YAML parser refuses (tabs, escaped
//! surrogate pairs). It is iterative and judges nothing beyond what it needs to keep its place.

use super::{Content, Node, Spans, Tree};

/// The positions in `text` from a byte on, or `None` if it is not JSON.
pub(super) fn spans(text: &str, start: usize) -> Option<Spans> {
    let mut scanner = Scanner { text, position: start, tree: Tree::default() };
    scanner.run()?;
    Some(Spans { nodes: scanner.tree.nodes, second_document: None })
}

struct Scanner<'t> {
    text: &'t str,
    position: usize,
    tree: Tree,
}

impl Scanner<'_> {
    fn run(&mut self) -> Option<()> {
        loop {
            self.skip_space();
            let start = self.position;
            let content = match self.peek() {
                None => return (self.tree.open.is_empty() && !self.tree.nodes.is_empty()).then_some(()),
                Some(b'}' | b']') => {
                    self.position += 1;
                    self.tree.close()?.span.end = self.position;
                    continue;
                }
                Some(b',') if !self.tree.open.is_empty() => {
                    self.position += 1;
                    continue;
                }
                Some(b'"') if self.tree.wants_key() => {
                    self.key()?;
                    continue;
                }
                Some(b'{') => Content::Mapping(Vec::new()),
                Some(b'[') => Content::Sequence(Vec::new()),
                Some(_) => Content::Scalar,
            };
            match (&content, self.peek()) {
                (Content::Scalar, Some(b'"')) => self.string()?,
                (Content::Scalar, _) => self.word()?,
                _ => self.position += 1,
            }
            let is_second_root = self.tree.open.is_empty() && !self.tree.nodes.is_empty();
            if is_second_root || self.tree.wants_key() {
                return None;
            }
            self.tree.add(Node { span: start..self.position, content, tag: None, anchored: false });
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

    fn key(&mut self) -> Option<()> {
        let start = self.position;
        self.string()?;
        let span = start..self.position;
        let key = serde_json::from_str(self.text.get(span.clone())?).ok()?;
        self.skip_space();
        if self.peek()? != b':' {
            return None;
        }
        self.position += 1;
        self.tree.key(key, span);
        Some(())
    }

    /// Goes behind the quoted string that begins here.
    fn string(&mut self) -> Option<()> {
        self.position += 1;
        while self.peek()? != b'"' {
            self.position += if self.peek()? == b'\\' { 2 } else { 1 };
        }
        self.position += 1;
        Some(())
    }

    /// Goes behind the number, `true`, `false` or `null` that begins here.
    fn word(&mut self) -> Option<()> {
        let start = self.position;
        while matches!(self.peek(), Some(b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'+' | b'-' | b'.')) {
            self.position += 1;
        }
        (self.position > start).then_some(())
    }
}
