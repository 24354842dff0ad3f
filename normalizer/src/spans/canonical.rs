//! Values and positions of text in the layout of `normalize`, several times as fast as a general YAML parser.

use std::borrow::Cow;

use serde_json::{Map, Number, Value, json};

use super::tree::{Kind, Spans, Tree};
use super::yaml::quoted_length;
use crate::limits::MAX_WRITTEN_DEPTH;
use crate::yaml::{MAX_KEY, is_block, number, text};

/// The maximum indentation of arrays and objects that `normalize` writes.
const MAX_INDENT: usize = 2 * MAX_WRITTEN_DEPTH;

/// The maximum length of an item's index in a pointer, in bytes.
const MAX_INDEX: usize = 21;

/// Returns the value of a text and its positions. `None` if the text has another layout, if an object has a duplicate key, or if the
/// pointer to a node may be longer than `room` bytes.
pub(crate) fn read(text: &str, room: usize) -> Option<(Value, Spans)> {
    let mut reader = Reader { text, position: 0, tree: Tree::default() };
    let value = reader.collection(0, room)?;
    (reader.position == text.len()).then(|| (value, reader.tree.finish()))
}

struct Reader<'t> {
    text: &'t str,
    position: usize,
    tree: Tree,
}

impl<'t> Reader<'t> {
    /// Returns the rest of the line, which must end with a line break.
    fn line(&self) -> Option<&'t str> {
        Some(self.rest()?.split_once('\n')?.0)
    }

    fn rest(&self) -> Option<&'t str> {
        self.text.get(self.position..)
    }

    /// Skips the indentation if the line has exactly this one. Returns `true` if so.
    fn enter(&mut self, indent: usize) -> bool {
        let line = self.text.as_bytes().get(self.position..).unwrap_or_default();
        let width = line.iter().take(indent + 1).take_while(|byte| **byte == b' ').count();
        let enters = width == indent && !matches!(line.get(indent), None | Some(b'\n'));
        self.position += if enters { indent } else { 0 };
        enters
    }

    /// Reads an array or object that begins in this line, up to the line after it.
    fn collection(&mut self, indent: usize, room: usize) -> Option<Value> {
        if indent > MAX_INDENT {
            return None;
        }
        let is_array = self.rest()?.starts_with("- ");
        self.tree.add(self.position..self.position, if is_array { Kind::Sequence } else { Kind::Mapping });
        let (mut items, mut members) = (Vec::new(), Vec::new());
        loop {
            if is_array {
                items.push(self.item(indent, room.checked_sub(MAX_INDEX)?)?);
            } else {
                members.push(self.member(indent, room)?);
            }
            if !self.enter(indent) {
                break;
            }
        }
        self.tree.close(self.position - 1)?;
        if is_array {
            items.shrink_to_fit();
            return Some(Value::Array(items));
        }
        let count = members.len();
        let object = Map::from_iter(members);
        (object.len() == count).then_some(Value::Object(object))
    }

    fn item(&mut self, indent: usize, room: usize) -> Option<Value> {
        let item = self.line()?.strip_prefix("- ")?;
        self.position += "- ".len();
        let is_collection = item.starts_with("- ") || key_length(item).is_some();
        if is_collection { self.collection(indent + 2, room) } else { self.scalar(item, indent + 2) }
    }

    fn member(&mut self, indent: usize, room: usize) -> Option<(String, Value)> {
        let line = self.line()?;
        let length = key_length(line).filter(|length| *length <= MAX_KEY)?;
        let (written, value) = line.split_at_checked(length)?;
        let key = string(written)?;
        // In a pointer, `~` and `/` take two bytes.
        let room = room.checked_sub(1 + 2 * length)?;
        self.tree.key(&key, self.position..self.position + length);
        self.position += length + 2;
        if let Some(value) = value.strip_prefix(": ") {
            return Some((key, self.scalar(value, indent + 2)?));
        }
        let value = if self.enter(indent + 2) { self.collection(indent + 2, room) } else { None };
        Some((key, value?))
    }

    /// Reads a value from `line`, the rest of the current line, or a block that begins there.
    fn scalar(&mut self, line: &'t str, indent: usize) -> Option<Value> {
        let span = self.position..self.position + line.len();
        let (value, kind) = match line {
            "|" | "|-" => return self.block(line == "|", indent),
            "{}" => (json!({}), Kind::Mapping),
            "[]" => (json!([]), Kind::Sequence),
            "null" => (Value::Null, Kind::Scalar),
            "true" | "false" => (Value::Bool(line == "true"), Kind::Scalar),
            _ => match as_number(line) {
                Some(number) => (Value::Number(number), Kind::Scalar),
                None => (Value::String(string(line)?), Kind::Scalar),
            },
        };
        self.position = span.end + 1;
        self.tree.add(span, kind);
        if kind != Kind::Scalar {
            self.tree.close(self.position - 1)?;
        }
        Some(value)
    }

    /// Reads a block, beginning at its indicator.
    fn block(&mut self, keeps_break: bool, indent: usize) -> Option<Value> {
        let (mut block, pad) = (String::new(), " ".repeat(indent));
        self.position += self.line()?.len() + 1;
        let first_line = self.position;
        while let Some(line) = self.line() {
            let Some(content) = line.strip_prefix(&pad).or(line.is_empty().then_some("")) else { break };
            block.extend([content, "\n"]);
            self.position += line.len() + 1;
        }
        if !keeps_break {
            block.pop();
        }
        let blank_lines = block.len() - block.trim_start_matches('\n').len();
        self.tree.add(first_line + blank_lines + indent..self.position - 1, Kind::Scalar);
        // `normalize` would write this block in the same style.
        let is_same = is_block(&block) && block.ends_with('\n') == keeps_break;
        is_same.then_some(Value::String(block))
    }
}

/// Returns the length in bytes of the key at the beginning of a line.
fn key_length(line: &str) -> Option<usize> {
    let plain = || line.bytes().zip(line.bytes().skip(1)).position(|pair| pair == (b':', b' '));
    let length = quoted_length(line).or_else(plain).or(line.len().checked_sub(1))?;
    line.get(length..).is_some_and(|rest| rest == ":" || rest.starts_with(": ")).then_some(length)
}

fn as_number(written: &str) -> Option<Number> {
    if !written.starts_with(|first: char| first == '-' || first.is_ascii_digit()) {
        return None;
    }
    serde_json::from_str(written).ok().filter(|read: &Number| number(&read.to_string()) == written)
}

/// Parses a string.
fn string(written: &str) -> Option<String> {
    let read = match written.as_bytes() {
        [b'\'', .., b'\''] => Cow::Owned(written.get(1..written.len() - 1)?.replace("''", "'")),
        [b'"', ..] => Cow::Owned(serde_json::from_str(written).ok()?),
        _ => Cow::Borrowed(written),
    };
    let again = text(&read);
    match read {
        _ if again != written => None,
        Cow::Owned(read) => Some(read),
        Cow::Borrowed(_) => Some(again),
    }
}
