//! Positions in JSON text. A separate scanner is needed, since a YAML parser rejects some JSON (tabs, escaped surrogate
//! pairs). It is iterative and validates only what it needs.

use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Deserializer;

use super::tree::Kind::*;
use super::tree::{Spans, Tree};
use crate::certain::Certain;

/// Returns the positions in `text` from a byte on; `None` if it is not JSON.
pub(super) fn spans(text: &str, start: usize) -> Option<Spans> {
    let mut scanner = Scanner { text, position: start, tree: Tree::default() };
    scanner.run()?;
    Some(scanner.tree.finish())
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
            let kind = match self.peek() {
                None => return (!self.tree.is_open() && self.tree.spans.len() > 0).then_some(()),
                Some(b'}' | b']') => {
                    self.position += 1;
                    self.tree.close(self.position)?;
                    continue;
                }
                Some(b',') if self.tree.is_open() => {
                    self.position += 1;
                    continue;
                }
                Some(b'"') if self.tree.wants_key() => {
                    self.key()?;
                    continue;
                }
                Some(b'{') => Mapping,
                Some(b'[') => Sequence,
                Some(_) => Scalar,
            };
            match kind {
                Scalar => drop(self.read::<IgnoredAny>()?),
                _ => self.position += 1,
            }
            let is_second_root = !self.tree.is_open() && self.tree.spans.len() > 0;
            if is_second_root || self.tree.wants_key() {
                return None;
            }
            self.tree.add(start..self.position, kind);
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.position).copied()
    }

    /// Skips space, and comments, although JSON has none.
    fn skip_space(&mut self) {
        while let Some(byte) = self.peek() {
            self.position = match byte {
                b' ' | b'\t' | b'\r' | b'\n' => self.position + 1,
                b'/' => match comment(self.text, self.position) {
                    end if end > self.position + 1 => end,
                    _ => return,
                },
                _ => return,
            };
        }
    }

    fn key(&mut self) -> Option<()> {
        let start = self.position;
        let key: String = self.read()?;
        let span = start..self.position;
        self.skip_space();
        if self.peek()? != b':' {
            return None;
        }
        self.position += 1;
        self.tree.key(&key, span);
        Some(())
    }

    /// Reads the string, number, `true`, `false` or `null` that begins here.
    fn read<T: DeserializeOwned>(&mut self) -> Option<T> {
        let mut values = Deserializer::from_str(self.text.get(self.position..)?).into_iter();
        let value = values.next()?.ok()?;
        self.position += values.byte_offset();
        Some(value)
    }
}

/// Returns the end of the comment that begins at `start`; the next byte if there is no comment.
pub(crate) fn comment(text: &str, start: usize) -> usize {
    let rest = text.get(start..).certain("a comment begins at a character");
    let length = if rest.starts_with("//") {
        rest.find('\n').unwrap_or(rest.len())
    } else if rest.starts_with("/*") {
        rest.find("*/").map_or(rest.len(), |end| end + 2)
    } else {
        1
    };
    start + length
}
