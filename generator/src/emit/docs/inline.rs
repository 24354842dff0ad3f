//! Documentation: from inlines to words. In: the inlines of one paragraph or table cell. Out: words of Markdown.
//!
//! Invariant: text stays text: every character that could be markup at its position is escaped.
//! Brackets are only written for links with an absolute destination.

use std::mem::take;

use super::layout::{End, Word};
use super::tree::{self, Inline, Span};
use super::{code, link};

/// Returns the words of a paragraph or table cell. Without `emphasis`, only code and links are marked.
pub(super) fn words(inlines: &[Inline], emphasis: bool) -> Vec<Word> {
    let mut writer = Writer { words: Vec::new(), word: String::new(), before: None, emphasis, in_link: false };
    writer.inlines(inlines);
    writer.end(End::Line);
    writer.words
}

struct Writer {
    words: Vec<Word>,
    word: String,
    /// The last written character; `None` at the start of a line.
    before: Option<char>,
    emphasis: bool,
    in_link: bool,
}

impl Writer {
    fn end(&mut self, end: End) {
        self.words.push(Word { text: take(&mut self.word), end });
    }

    /// Appends Markdown without line breaks inside.
    fn push(&mut self, markdown: &str) {
        if markdown.starts_with('`') && self.before == Some('`') {
            self.word.push(' ');
        }
        self.word.push_str(markdown);
        self.before = markdown.chars().next_back();
    }

    fn inlines(&mut self, inlines: &[Inline]) {
        for inline in inlines {
            match inline {
                Inline::Text(text) => self.text(text),
                Inline::Break => {
                    self.end(End::Break);
                    self.before = None;
                }
                Inline::Span(Span::Strong, children) => self.emphasis("**", children),
                Inline::Span(Span::Emphasis, children) => self.emphasis("*", children),
                Inline::Span(Span::Strike, children) => self.emphasis("~~", children),
                Inline::Span(Span::Code, children) => self.push(&code::span(&tree::text(children).replace('\n', " "))),
                Inline::Span(Span::Link(target), children) => self.link(target, children),
            }
        }
    }

    fn emphasis(&mut self, delimiter: &str, children: &[Inline]) {
        if !self.emphasis {
            return self.inlines(children);
        }
        self.push(delimiter);
        self.inlines(children);
        self.push(delimiter);
    }

    fn link(&mut self, target: &str, children: &[Inline]) {
        let text = tree::text(children);
        let shown = if text.trim().is_empty() { target } else { text.trim() };
        if shown == target || target.strip_prefix("mailto:") == Some(shown) {
            return self.push(&format!("<{shown}>"));
        }
        if self.word.ends_with('!') {
            // Not an image.
            self.word.insert(self.word.len() - 1, '\\');
        }
        self.push("[");
        self.in_link = true;
        self.inlines(children);
        self.in_link = false;
        self.push(&format!("]({})", link::in_parentheses(target)));
    }

    fn text(&mut self, text: &str) {
        let has_at = text.contains('@');
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            // Letters and digits are not markup, except a URL's scheme at their end.
            let letters = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
            let scheme =
                if rest.get(letters..).is_some_and(|rest| rest.starts_with("://")) { "https".len() } else { 0 };
            let (word, behind) = rest.split_at(letters.saturating_sub(scheme));
            if !word.is_empty() {
                self.push(word);
                rest = behind;
                continue;
            }
            if !self.in_link
                && let Some((length, markdown)) = link::bare_url(rest)
            {
                self.push(&markdown);
                (_, rest) = rest.split_at(length);
                continue;
            }
            let length = match c {
                '*' | '_' | '~' => rest.len() - rest.trim_start_matches(c).len(),
                '[' if is_empty_pair(rest) && !self.in_link => 2,
                _ => c.len_utf8(),
            };
            let (run, behind) = rest.split_at_checked(length).unwrap_or((rest, ""));
            let escape = self.needs_escape(run, behind, has_at);
            run.chars().for_each(|c| self.character(c, escape));
            rest = behind;
        }
    }

    fn character(&mut self, c: char, escape: bool) {
        match c {
            ' ' if !self.in_link => self.end(End::Space),
            '\n' if !self.in_link => self.end(End::Line),
            '\n' => self.word.push(' '),
            c if escape => self.word.extend(['\\', c]),
            c => self.word.push(c),
        }
        self.before = Some(c);
    }

    /// Returns `true` if the run of characters would be markup before the rest of the text.
    fn needs_escape(&self, run: &str, behind: &str, has_at: bool) -> bool {
        let next = behind.chars().next();
        let space_before = self.before.is_none_or(char::is_whitespace);
        let space_behind = next.is_some_and(char::is_whitespace);
        let word_before = self.before.is_some_and(char::is_alphanumeric);
        let word_behind = next.is_some_and(char::is_alphanumeric);
        match run {
            "`" | "[" | "]" => true,
            // A backslash may be at the end of a line, and before the angle bracket of a URL.
            "\\" => {
                let before_url = !self.in_link && link::bare_url(behind).is_some();
                space_behind || before_url || next.is_none_or(|c| c.is_ascii_punctuation())
            }
            "*" => !space_before || !space_behind,
            "~" => !space_before || !(space_behind || word_behind),
            // A tag, a comment or an address in angle brackets (§6.5, §6.6).
            "<" => !(space_behind || next.is_some_and(|next| !has_at && (next == '=' || next.is_ascii_digit()))),
            "&" => entity_length(behind) > 0,
            _ if run.starts_with('_') => !(word_before && word_behind),
            _ => run.starts_with(['*', '~']),
        }
    }
}

/// Returns `true` for `items[]`, a common notation for arrays, which is not a link unless followed by a destination.
fn is_empty_pair(text: &str) -> bool {
    text.strip_prefix("[]").and_then(|behind| behind.chars().next()).is_some_and(|next| !"([:".contains(next))
}

/// Returns the length of an entity after an ampersand (CommonMark 0.31 §2.5), or 0.
pub(super) fn entity_length(behind: &str) -> usize {
    let is_name = |c: &char| c.is_ascii_alphanumeric() || *c == '#';
    // No entity name is longer.
    let length = behind.chars().take(40).take_while(is_name).count();
    let ends = behind.get(length..).is_some_and(|rest| rest.starts_with(';'));
    if length > 0 && ends { length + 1 } else { 0 }
}
