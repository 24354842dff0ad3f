//! The derived `Debug` of plain data, laid out for reading and comparison.
//!
//! In: the output of `{:?}`. Out: the same on lines of limited length, without fields that have no content (`None`,
//! `false`, an empty list). Invariant: nothing else is left out.

/// The maximum width of a line.
const WIDTH: usize = 120;

/// Lays out the output of `{:?}`.
#[must_use]
pub fn layout(debug: &str) -> String {
    let mut parser = Parser { rest: debug };
    let nodes = parser.nodes();
    let mut text = String::new();
    for node in &nodes {
        node.write(0, 0, &mut text);
    }
    text.push('\n');
    text
}

/// A piece of the output: some words, and the contents of the brackets after them.
#[derive(Debug, Default)]
struct Node {
    words: String,
    group: Option<(char, Vec<Node>)>,
}

struct Parser<'a> {
    rest: &'a str,
}

impl Parser<'_> {
    /// Returns the nodes up to the closing bracket.
    fn nodes(&mut self) -> Vec<Node> {
        let mut nodes = Vec::new();
        let mut node = Node::default();
        while let Some(next) = self.rest.chars().next() {
            match next {
                '"' => {
                    let text = self.text();
                    node.words.push_str(&text);
                    continue;
                }
                '{' | '[' | '(' => {
                    self.skip(next);
                    node.group = Some((next, self.nodes()));
                    continue;
                }
                '}' | ']' | ')' => {
                    self.skip(next);
                    break;
                }
                ',' => nodes.push(std::mem::take(&mut node)),
                ' ' if node.words.is_empty() => {}
                other => node.words.push(other),
            }
            self.skip(next);
        }
        if !node.words.is_empty() || node.group.is_some() {
            nodes.push(node);
        }
        nodes.retain(|node| !node.says_nothing());
        nodes
    }

    /// Returns a text with its quotes.
    fn text(&mut self) -> String {
        let mut escaped = false;
        let end = self.rest.char_indices().skip(1).find(|(_, character)| {
            let ends = *character == '"' && !escaped;
            escaped = *character == '\\' && !escaped;
            ends
        });
        let end = end.map_or(self.rest.len(), |(index, _)| index + 1);
        let (text, rest) = self.rest.split_at(end);
        self.rest = rest;
        text.to_owned()
    }

    fn skip(&mut self, character: char) {
        self.rest = self.rest.get(character.len_utf8()..).unwrap_or_default();
    }
}

impl Node {
    /// Returns `true` for a field without content.
    fn says_nothing(&self) -> bool {
        let words = self.words.trim_end();
        match &self.group {
            None => [": None", ": false", "xml: Null"].iter().any(|nothing| words.ends_with(nothing)),
            Some((_, children)) => {
                let is_field = words.ends_with(": ") || words.ends_with(':');
                let is_empty_struct = [": Docs", ": Bounds"].iter().any(|empty| words.ends_with(empty));
                children.is_empty() && (is_field || is_empty_struct)
            }
        }
    }

    fn write(&self, depth: usize, indent: usize, text: &mut String) {
        let flat = self.flat();
        if flat.chars().count() + indent <= WIDTH || self.group.is_none() {
            text.push_str(&flat);
            return;
        }
        let Some((open, children)) = &self.group else { return };
        text.push_str(&self.before(*open));
        text.push(*open);
        let indent = (depth + 1) * 2;
        for child in children {
            text.push('\n');
            text.push_str(&" ".repeat(indent));
            child.write(depth + 1, indent + 1, text);
            text.push(',');
        }
        text.push('\n');
        text.push_str(&" ".repeat(depth * 2));
        text.push(closing(*open));
    }

    /// Returns the words before a bracket, with a space if needed.
    fn before(&self, open: char) -> String {
        let words = self.words.trim_end();
        let is_name = words.ends_with(|last: char| last.is_alphanumeric());
        let space = if words.ends_with(':') || (is_name && open == '{') { " " } else { "" };
        format!("{words}{space}")
    }

    fn flat(&self) -> String {
        let Some((open, children)) = &self.group else { return self.words.trim_end().to_owned() };
        let inner: Vec<String> = children.iter().map(Self::flat).collect();
        let space = if *open == '{' && !children.is_empty() { " " } else { "" };
        format!("{}{open}{space}{}{space}{}", self.before(*open), inner.join(", "), closing(*open))
    }
}

fn closing(open: char) -> char {
    match open {
        '{' => '}',
        '[' => ']',
        _ => ')',
    }
}
