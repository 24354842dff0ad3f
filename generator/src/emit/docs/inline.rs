//! Documentation, inline pass: one paragraph or table cell. In come text, code, links and emphasis, out goes Markdown.
//!
//! Invariant: what was text stays text. Every character of it that could mean something at its place is escaped; a
//! delimiter that would not be read as one is left out; brackets are written for links with an absolute destination
//! only.

use super::clean;
use super::layout::{FIRM_SPACE, HARD_BREAK};
use super::link;

/// Emphasis in the ways that rustdoc knows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Strong,
    Emphasis,
    Strike,
}

impl Mark {
    const ALL: [Self; 3] = [Self::Strong, Self::Emphasis, Self::Strike];

    /// Stands for the delimiter until the paragraph is complete: only then is it known whether the delimiter has
    /// effect.
    const fn opening(self) -> char {
        match self {
            Self::Strong => '\u{3}',
            Self::Emphasis => '\u{4}',
            Self::Strike => '\u{5}',
        }
    }

    const fn closing(self) -> char {
        match self {
            Self::Strong => '\u{6}',
            Self::Emphasis => '\u{7}',
            Self::Strike => '\u{8}',
        }
    }

    const fn delimiter(self) -> &'static str {
        match self {
            Self::Strong => "**",
            Self::Emphasis => "*",
            Self::Strike => "~~",
        }
    }
}

fn is_mark(c: char) -> bool {
    ('\u{3}'..='\u{8}').contains(&c)
}

/// A link being written.
struct Link {
    target: String,
    /// Where its `[` is.
    start: usize,
    /// Its text without markup.
    text: String,
}

/// One paragraph being written.
#[derive(Default)]
pub(super) struct Inline {
    done: String,
    /// Text that is not escaped yet: what comes after it decides how.
    text: String,
    /// How many of each mark are open; only the outermost is written.
    open: [usize; 3],
    link: Option<Link>,
    /// Links inside of the open one, and links that are not written.
    ignored_links: usize,
}

impl Inline {
    pub(super) fn text(&mut self, text: &str) {
        clean::push_line(&mut self.text, text);
    }

    pub(super) fn in_link(&self) -> bool {
        self.link.is_some()
    }

    pub(super) fn soft_break(&mut self) {
        self.text.push('\n');
    }

    pub(super) fn hard_break(&mut self) {
        if self.in_link() {
            self.text.push(' ');
        } else {
            self.flush();
            self.done.push(HARD_BREAK);
        }
    }

    pub(super) fn code(&mut self, code: &str) {
        let mut clean = String::with_capacity(code.len());
        clean::push_line(&mut clean, code);
        if clean.trim().is_empty() {
            self.text.push(' ');
            return;
        }
        self.flush();
        if self.last_visible() == Some('`') {
            self.done.push(FIRM_SPACE);
        }
        let span = code_span(&clean);
        self.done.push_str(&span.replace(' ', FIRM_SPACE.encode_utf8(&mut [0; 4])));
        if let Some(link) = &mut self.link {
            link.text.push_str(&span);
        }
    }

    pub(super) fn open(&mut self, mark: Mark) {
        self.flush();
        if self.depth(mark) == 0 {
            self.done.push(mark.opening());
        }
        self.set_depth(mark, self.depth(mark) + 1);
    }

    pub(super) fn close(&mut self, mark: Mark) {
        self.flush();
        match self.depth(mark) {
            0 => return,
            1 => {
                // HTML allows space before the end of emphasis, Markdown does not.
                let content = self.done.trim_end_matches([' ', '\n']).len();
                let space = self.done.split_off(content);
                self.done.push(mark.closing());
                self.done.push_str(&space);
            }
            _ => {}
        }
        self.set_depth(mark, self.depth(mark) - 1);
    }

    fn depth(&self, mark: Mark) -> usize {
        let [strong, emphasis, strike] = self.open;
        match mark {
            Mark::Strong => strong,
            Mark::Emphasis => emphasis,
            Mark::Strike => strike,
        }
    }

    fn set_depth(&mut self, mark: Mark, depth: usize) {
        let [strong, emphasis, strike] = &mut self.open;
        *match mark {
            Mark::Strong => strong,
            Mark::Emphasis => emphasis,
            Mark::Strike => strike,
        } = depth;
    }

    /// Begins a link; with no target, and inside of another link, only its text will be there.
    pub(super) fn open_link(&mut self, target: Option<String>) {
        let (Some(target), None) = (target, &self.link) else {
            self.ignored_links += 1;
            return;
        };
        self.flush();
        if self.last_visible() == Some('!') {
            // Not the start of an image. The last visible character may have marks behind it.
            let at = self.done.rfind('!').unwrap_or_default();
            self.done.insert(at, '\\');
        }
        self.link = Some(Link { target, start: self.done.len(), text: String::new() });
        self.done.push('[');
    }

    pub(super) fn close_link(&mut self) {
        if self.ignored_links > 0 {
            self.ignored_links -= 1;
            return;
        }
        self.flush();
        let Some(Link { target, start, text }) = self.link.take() else {
            return;
        };
        let shown = text.trim();
        if shown.is_empty() || shown == target || link::is_simple_address(shown, &target) {
            self.done.truncate(start);
            self.done.push_str(&format!("<{}>", if shown.is_empty() { &target } else { shown }));
        } else {
            self.done.push_str(&format!("]({})", link::in_parentheses(&target)));
        }
    }

    /// The paragraph, which is empty afterwards.
    pub(super) fn take(&mut self) -> String {
        self.ignored_links = 0;
        self.close_link();
        self.flush();
        self.open = [0; 3];
        place_marks(&std::mem::take(&mut self.done))
    }

    fn flush(&mut self) {
        let text = std::mem::take(&mut self.text);
        if let Some(link) = &mut self.link {
            link.text.push_str(&text);
            let before = self.done.len();
            Escaper { before: self.done.chars().next_back(), in_link: true, strike: true }.write(&text, &mut self.done);
            let firm = self.done.split_off(before).replace([' ', '\n'], FIRM_SPACE.encode_utf8(&mut [0; 4]));
            self.done.push_str(&firm);
        } else if !text.is_empty() {
            let strike = self.depth(Mark::Strike) > 0;
            Escaper { before: self.done.chars().next_back(), in_link: false, strike }.write(&text, &mut self.done);
        }
    }

    fn last_visible(&self) -> Option<char> {
        self.done.chars().rev().find(|c| !is_mark(*c))
    }
}

/// Clean text as a code span: more backticks around it than are in it, and the space that the parser takes away
/// (CommonMark 0.31 §6.1).
pub(super) fn code_span(text: &str) -> String {
    let fence = "`".repeat(longest_run(text, '`') + 1);
    let spaces = text.starts_with(' ') && text.ends_with(' ') && !text.trim().is_empty();
    let padded = text.starts_with('`') || text.ends_with('`') || spaces;
    let padding = if padded { " " } else { "" };
    format!("{fence}{padding}{text}{padding}{fence}")
}

/// Length of the longest run of `wanted`.
pub(super) fn longest_run(text: &str, wanted: char) -> usize {
    let mut longest = 0;
    let mut run = 0;
    for c in text.chars() {
        run = if c == wanted { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

/// Writes delimiters where the marks are, unless one of a pair would be read as text (CommonMark 0.31 §6.2: flanking).
fn place_marks(marked: &str) -> String {
    if !marked.contains(is_mark) {
        return marked.to_owned();
    }
    // Of every mark in order: its delimiter, empty where it has no effect.
    let mut delimiters: Vec<&str> = Vec::new();
    let mut open: Vec<Opened> = Vec::new();
    let mut visible = 0_usize;
    let mut before = ' ';
    let mut chars = marked.chars().peekable();
    while let Some(c) = chars.next() {
        let after = chars.peek().copied().unwrap_or(' ');
        if let Some(mark) = Mark::ALL.into_iter().find(|mark| mark.opening() == c) {
            open.push(Opened { mark, slot: delimiters.len(), effective: flanks(before, after), visible });
            delimiters.push("");
        } else if let Some(mark) = Mark::ALL.into_iter().find(|mark| mark.closing() == c) {
            let partner = open.pop_if(|opened| opened.mark == mark);
            let written =
                partner.filter(|opened| opened.effective && opened.visible < visible && flanks(after, before));
            if let Some(slot) = written.as_ref().and_then(|opened| delimiters.get_mut(opened.slot)) {
                *slot = mark.delimiter();
            }
            delimiters.push(written.map_or("", |_| mark.delimiter()));
        } else {
            visible += usize::from(!is_space(c));
        }
        before = c;
    }
    let mut delimiters = delimiters.into_iter();
    let mut text = String::with_capacity(marked.len());
    for c in marked.chars() {
        if is_mark(c) {
            text.push_str(delimiters.next().unwrap_or_default());
        } else {
            text.push(c);
        }
    }
    text
}

/// An opening mark that waits for its closing one.
struct Opened {
    mark: Mark,
    /// Its place among the delimiters.
    slot: usize,
    effective: bool,
    /// How many visible characters came before.
    visible: usize,
}

/// Whether a delimiter between these two characters is one for the text on the inner side.
fn flanks(outside: char, inside: char) -> bool {
    let punctuation = |c: char| c.is_ascii_punctuation() || is_mark(c);
    // Beyond ASCII it depends on Unicode tables whether a character is punctuation: the answer must fit either way.
    let maybe_punctuation = !inside.is_alphanumeric();
    !is_space(inside) && (!maybe_punctuation || is_space(outside) || punctuation(outside))
}

fn is_space(c: char) -> bool {
    c.is_whitespace() || c == HARD_BREAK || c == FIRM_SPACE
}

/// Turns text into Markdown that means this text.
struct Escaper {
    /// The character before what is being written; `None` at the start of a paragraph.
    before: Option<char>,
    in_link: bool,
    /// Inside of struck text a single `~` could end it.
    strike: bool,
}

impl Escaper {
    fn write(mut self, text: &str, to: &mut String) {
        let has_at = text.contains('@');
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let run = match c {
                '*' | '_' | '~' => rest.len() - rest.trim_start_matches(c).len(),
                _ => c.len_utf8(),
            };
            if let Some(taken) = self.write_url(rest, to) {
                rest = rest.get(taken..).unwrap_or_default();
                self.before = Some('>');
                continue;
            }
            let (this, after) = rest.split_at_checked(run).unwrap_or((rest, ""));
            if c == '[' && after.starts_with(']') && self.is_empty_pair(after) {
                to.push_str("[]");
                rest = after.get(1..).unwrap_or_default();
                self.before = Some(']');
                continue;
            }
            let escape = self.needs_escape(c, run, after, has_at);
            for c in this.chars() {
                if escape {
                    to.push('\\');
                }
                to.push(c);
            }
            self.before = Some(c);
            rest = after;
        }
    }

    /// Writes a bare URL at the start of `rest`, and says how much of it that was.
    fn write_url(&self, rest: &str, to: &mut String) -> Option<usize> {
        if self.in_link || !rest.starts_with(['h', 'H']) {
            return None;
        }
        let (scheme, url) = link::bare_url(rest)?;
        match url {
            // A scheme alone; escaped, lest what follows be taken for its host.
            None => {
                let name = scheme.trim_end_matches("://");
                to.push_str(name);
                to.push_str("\\://");
                Some(scheme.len())
            }
            Some(link::Bare::Url(url)) => {
                to.push_str(&format!("<{url}>"));
                Some(url.len())
            }
            Some(link::Bare::Template(url)) => {
                if to.ends_with('`') {
                    to.push(FIRM_SPACE);
                }
                to.push_str(&format!("`{url}`"));
                Some(url.len())
            }
        }
    }

    /// `items[]`, the way that many an API names a list, is no link unless something follows that makes it one.
    fn is_empty_pair(&self, after: &str) -> bool {
        !self.in_link && after.get(1..).and_then(|rest| rest.chars().next()).is_some_and(|next| !"([:".contains(next))
    }

    fn needs_escape(&self, c: char, run: usize, after: &str, has_at: bool) -> bool {
        let next = after.chars().next();
        let space_before = self.before.is_none_or(char::is_whitespace);
        let space_after = next.is_some_and(char::is_whitespace);
        match c {
            '`' | '[' | ']' => true,
            // It may come to stand at the end of a line, and before the angle bracket that a URL gets.
            '\\' => {
                next.is_none_or(|next| next.is_ascii_punctuation() || next.is_whitespace())
                    || link::bare_url(after).is_some()
            }
            '*' => run > 1 || !space_before || !space_after,
            '_' => !(self.before.is_some_and(char::is_alphanumeric) && next.is_some_and(char::is_alphanumeric)),
            '~' => run > 1 || self.strike || !space_before || !(space_after || next.is_some_and(char::is_alphanumeric)),
            // A tag, a comment or an address between angle brackets (§6.5, §6.6).
            '<' => !(space_after || next.is_some_and(|next| !has_at && (next == '=' || next.is_ascii_digit()))),
            '&' => is_entity(after),
            _ => false,
        }
    }
}

/// Whether this, after an ampersand, makes an entity (CommonMark 0.31 §2.5); their names are shorter than this looks.
fn is_entity(after: &str) -> bool {
    let name = |c: &char| c.is_ascii_alphanumeric() || *c == '#';
    let length = after.chars().take(40).take_while(name).count();
    length > 0 && after.get(length..).is_some_and(|rest| rest.starts_with(';'))
}
