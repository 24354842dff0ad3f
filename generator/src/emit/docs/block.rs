//! Documentation, block pass: paragraphs, lists, quotes, code, tables. In come the events of a CommonMark parser, out
//! go lines.
//!
//! Invariant: every line carries the prefixes of the containers it is in, so nothing is a lazy continuation; blocks are
//! parted by blank lines except inside of tight lists; code is always fenced and has a language that rustdoc does not
//! run. Containers deeper than [`MAX_DEPTH`] are flattened, which bounds what a line can grow by.

use pulldown_cmark::{Alignment, BlockQuoteKind, CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};

use super::html::{self, Html};
use super::inline::{self, Inline, Mark};
use super::layout::{self, HARD_BREAK};
use super::link;

/// Containers inside of one another that keep their form.
const MAX_DEPTH: usize = 6;
/// Columns that text has left in a deep container.
const MIN_WIDTH: usize = 40;
/// The biggest number that can mark an item (CommonMark 0.31 §5.2).
const MAX_NUMBER: u64 = 999_999_999;

/// Languages of code that rustdoc colours or shows, and never runs. Everything else is shown as `text`: rustdoc runs
/// what has no language, and words such as `should_panic` or `edition2024` count as Rust.
const LANGUAGES: &[&str] = &[
    "bash",
    "c",
    "console",
    "cpp",
    "csharp",
    "css",
    "csv",
    "curl",
    "diff",
    "dockerfile",
    "go",
    "graphql",
    "hcl",
    "html",
    "http",
    "ini",
    "java",
    "javascript",
    "js",
    "json",
    "json5",
    "jsonc",
    "jsonl",
    "kotlin",
    "markdown",
    "php",
    "powershell",
    "properties",
    "protobuf",
    "python",
    "regex",
    "ruby",
    "scala",
    "sh",
    "shell",
    "sql",
    "swift",
    "text",
    "toml",
    "ts",
    "typescript",
    "xml",
    "yaml",
    "yml",
    "zsh",
];

/// The language to write for the info string of a fence.
pub(super) fn language(info: &str) -> &'static str {
    let word = info.split([' ', ',', '\t', '{']).next().unwrap_or_default();
    LANGUAGES.iter().find(|known| known.eq_ignore_ascii_case(word)).copied().unwrap_or("text")
}

/// Fences code, and gives it line by line; code without visible text gives nothing.
pub(super) fn push_code(code: &str, language: &str, mut line: impl FnMut(&str)) {
    if code.trim().is_empty() {
        return;
    }
    let fence = "`".repeat((inline::longest_run(code, '`') + 1).max(3));
    line(&format!("{fence}{language}"));
    code.trim_end().trim_start_matches('\n').split('\n').for_each(|code| line(code.trim_end()));
    line(&fence);
}

/// The text as lines of Markdown that rustdoc accepts.
pub(super) fn lines(text: &str) -> Vec<String> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_GFM;
    let mut writer = Writer { html: Html::of(text), ..Writer::default() };
    for event in Parser::new_ext(text, options) {
        writer.event(event);
    }
    writer.finish_paragraph(false);
    writer.lines
}

/// What stands between two blocks depends on what they are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Text that is an item of a tight list, or begins it.
    Tight,
    Code,
    Item {
        list: usize,
        loose: bool,
    },
    Other,
}

/// A container whose lines have a prefix.
struct Container {
    kind: Kind,
    /// Prefix of the first line.
    first: String,
    /// Prefix of the other lines.
    rest: String,
    begun: bool,
    /// The last block in it.
    last: Option<Kind>,
}

/// What the parser, or HTML, has opened and not closed yet.
enum Frame {
    Quote { flat: bool },
    List { id: usize, number: Option<u64>, loose: bool, html: bool },
    Item { flat: bool, html: bool },
}

#[derive(Default)]
struct Table {
    alignments: Vec<Alignment>,
    rows: Vec<Vec<String>>,
}

/// Where the text goes that comes next.
#[derive(Default)]
enum Place {
    #[default]
    Paragraph,
    /// Cannot be broken into paragraphs.
    Heading,
    Cell(Table),
    Code {
        language: &'static str,
        code: String,
    },
    Html(String),
}

/// Writes blocks; [`html`] drives it too.
#[derive(Default)]
pub(super) struct Writer {
    lines: Vec<String>,
    containers: Vec<Container>,
    frames: Vec<Frame>,
    lists: usize,
    last: Option<Kind>,
    place: Place,
    pub(super) inline: Inline,
    pub(super) html: Html,
}

impl Writer {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => match &mut self.place {
                Place::Code { code, .. } => code.push_str(&text),
                _ => html::text(self, &text),
            },
            Event::Code(code) => match self.html.code_mut() {
                Some(open) => open.push_str(&code),
                None => self.inline.code(&code),
            },
            Event::Html(text) => match &mut self.place {
                Place::Html(block) => block.push_str(&text),
                _ => html::text(self, &text),
            },
            Event::InlineHtml(tag) => html::tag(self, &tag),
            Event::SoftBreak => match self.html.code_mut() {
                Some(open) => open.push(' '),
                None => self.inline.soft_break(),
            },
            Event::HardBreak => self.hard_break(),
            Event::Rule => {
                self.begin(Kind::Other);
                self.line("***");
            }
            // Of extensions that are not asked for.
            Event::InlineMath(text) | Event::DisplayMath(text) | Event::FootnoteReference(text) => {
                html::text(self, &text);
            }
            Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph => self.loosen(),
            Tag::Heading { .. } => {
                self.finish_paragraph(false);
                self.place = Place::Heading;
                self.inline.open(Mark::Strong);
            }
            Tag::BlockQuote(kind) => self.start_quote(kind),
            Tag::List(number) => self.start_list(number, false),
            Tag::Item => self.start_item(false),
            Tag::CodeBlock(kind) => {
                self.finish_paragraph(true);
                let language = match &kind {
                    CodeBlockKind::Fenced(info) => language(info),
                    CodeBlockKind::Indented => "text",
                };
                self.place = Place::Code { language, code: String::new() };
            }
            Tag::HtmlBlock => {
                self.finish_paragraph(true);
                self.place = Place::Html(String::new());
            }
            Tag::Table(alignments) => {
                self.finish_paragraph(true);
                self.place = Place::Cell(Table { alignments, rows: Vec::new() });
            }
            Tag::TableHead | Tag::TableRow => {
                if let Place::Cell(table) = &mut self.place {
                    table.rows.push(Vec::new());
                }
            }
            Tag::Strong => self.inline.open(Mark::Strong),
            Tag::Emphasis => self.inline.open(Mark::Emphasis),
            Tag::Strikethrough => self.inline.open(Mark::Strike),
            Tag::Link { link_type: LinkType::Email, dest_url, .. } => {
                self.inline.open_link(link::target(&format!("mailto:{dest_url}")));
            }
            // An image would be fetched by whoever reads the documentation.
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => self.inline.open_link(link::target(&dest_url)),
            // Of extensions that are not asked for, or without effect.
            Tag::TableCell
            | Tag::FootnoteDefinition(_)
            | Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition
            | Tag::Superscript
            | Tag::Subscript
            | Tag::MetadataBlock(_) => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph => {
                self.finish_paragraph(false);
                self.close_html_frames();
            }
            TagEnd::Heading(_) => {
                html::close_code(self);
                self.inline.close(Mark::Strong);
                self.place = Place::Paragraph;
                self.finish_paragraph(false);
            }
            TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item => {
                self.finish_paragraph(true);
                self.close_html_frames();
                self.close_frame();
            }
            TagEnd::CodeBlock => self.end_code(),
            TagEnd::HtmlBlock => {
                if let Place::Html(block) = std::mem::take(&mut self.place) {
                    html::block(self, &block);
                }
                self.finish_paragraph(false);
                self.close_html_frames();
            }
            TagEnd::TableCell => self.end_cell(),
            TagEnd::Table => self.end_table(),
            TagEnd::Strong => self.inline.close(Mark::Strong),
            TagEnd::Emphasis => self.inline.close(Mark::Emphasis),
            TagEnd::Strikethrough => self.inline.close(Mark::Strike),
            TagEnd::Link | TagEnd::Image => self.inline.close_link(),
            _ => {}
        }
    }

    fn hard_break(&mut self) {
        if self.can_break() {
            html::close_code(self);
            self.inline.hard_break();
        } else {
            html::text(self, " ");
        }
    }

    /// Whether paragraphs and lists can be here.
    pub(super) fn can_break(&self) -> bool {
        matches!(self.place, Place::Paragraph) && !self.inline.in_link()
    }

    /// Ends the paragraph if there is one. `tight`: it was not marked as one, being the text of an item in a tight
    /// list.
    pub(super) fn finish_paragraph(&mut self, tight: bool) {
        html::close_code(self);
        let text = self.inline.take();
        let kind = if tight { Kind::Tight } else { Kind::Other };
        let prefix: usize = self.containers.iter().map(|container| container.rest.chars().count()).sum();
        let width = layout::WIDTH.saturating_sub(prefix).max(MIN_WIDTH);
        for paragraph in split_paragraphs(&text) {
            let mut lines = Vec::new();
            layout::paragraph(&paragraph, width, &mut lines);
            if !lines.is_empty() {
                self.begin(kind);
            }
            lines.iter().for_each(|line| self.line(line));
        }
    }

    /// Parts the block that is about to begin from the one before it, in the innermost container that has both.
    fn begin(&mut self, kind: Kind) {
        let begun = self.containers.iter().take_while(|container| container.begun).count();
        let mut inner = kind;
        for container in self.containers.iter_mut().skip(begun).rev() {
            container.last = Some(inner);
            inner = container.kind;
        }
        let last = match begun.checked_sub(1).and_then(|at| self.containers.get_mut(at)) {
            Some(container) => container.last.replace(inner),
            None => self.last.replace(inner),
        };
        let tight = match (last, inner) {
            (None, _) => true,
            (Some(Kind::Item { list, .. }), Kind::Item { list: same, loose }) => list == same && !loose,
            (Some(Kind::Tight), Kind::Item { .. } | Kind::Code) => true,
            _ => false,
        };
        if !tight {
            let prefix: String = self.containers.iter().take(begun).map(|container| container.rest.as_str()).collect();
            self.lines.push(prefix.trim_end().to_owned());
        }
    }

    /// One line of the block that has begun.
    fn line(&mut self, text: &str) {
        let mut line = String::new();
        for container in &mut self.containers {
            line.push_str(if container.begun { &container.rest } else { &container.first });
            container.begun = true;
        }
        line.push_str(text);
        line.truncate(line.trim_end().len());
        self.lines.push(line);
    }

    fn start_quote(&mut self, kind: Option<BlockQuoteKind>) {
        self.finish_paragraph(true);
        let flat = !self.push_container(Kind::Other, "> ".to_owned(), "> ".to_owned());
        self.frames.push(Frame::Quote { flat });
        let alert = match kind {
            None => return,
            Some(BlockQuoteKind::Note) => "Note:",
            Some(BlockQuoteKind::Tip) => "Tip:",
            Some(BlockQuoteKind::Important) => "Important:",
            Some(BlockQuoteKind::Warning) => "Warning:",
            Some(BlockQuoteKind::Caution) => "Caution:",
        };
        self.inline.open(Mark::Strong);
        self.inline.text(alert);
        self.inline.close(Mark::Strong);
        self.inline.text(" ");
    }

    pub(super) fn start_list(&mut self, number: Option<u64>, html: bool) {
        self.finish_paragraph(matches!(self.frames.last(), Some(Frame::Item { .. })));
        self.lists += 1;
        self.frames.push(Frame::List { id: self.lists, number, loose: false, html });
    }

    pub(super) fn start_item(&mut self, html: bool) {
        self.finish_paragraph(true);
        let (kind, marker) = match self.frames.last_mut() {
            Some(Frame::List { id, number, loose, .. }) => {
                let marker = number.map_or("- ".to_owned(), |number| format!("{}. ", number.min(MAX_NUMBER)));
                *number = number.map(|number| number.saturating_add(1));
                (Kind::Item { list: *id, loose: *loose }, marker)
            }
            _ => (Kind::Other, "- ".to_owned()),
        };
        let indentation = " ".repeat(marker.len());
        let flat = !self.push_container(kind, marker, indentation);
        self.frames.push(Frame::Item { flat, html });
    }

    /// Says whether there was room for it.
    fn push_container(&mut self, kind: Kind, first: String, rest: String) -> bool {
        let room = self.containers.len() < MAX_DEPTH;
        if room {
            self.containers.push(Container { kind, first, rest, begun: false, last: None });
        }
        room
    }

    /// A paragraph right inside of an item makes its list a loose one (CommonMark 0.31 §5.3).
    fn loosen(&mut self) {
        if let [.., Frame::List { loose, .. }, Frame::Item { .. }] = self.frames.as_mut_slice() {
            *loose = true;
        }
    }

    fn close_frame(&mut self) {
        if let Some(Frame::Quote { flat: false } | Frame::Item { flat: false, .. }) = self.frames.pop() {
            self.containers.pop();
        }
    }

    /// Closes the innermost list or item if HTML opened it; says whether it did.
    pub(super) fn close_html_frame(&mut self, item: bool) -> bool {
        let open = match self.frames.last() {
            Some(Frame::Item { html, .. }) => *html && item,
            Some(Frame::List { html, .. }) => *html && !item,
            _ => false,
        };
        if open {
            self.finish_paragraph(true);
            self.close_frame();
        }
        open
    }

    pub(super) fn in_html_list(&self) -> bool {
        matches!(self.frames.last(), Some(Frame::List { html: true, .. }))
    }

    fn close_html_frames(&mut self) {
        while self.close_html_frame(true) || self.close_html_frame(false) {}
    }

    /// A block of code.
    pub(super) fn code(&mut self, language: &str, code: &str) {
        self.finish_paragraph(true);
        let mut lines = Vec::new();
        push_code(code, language, |line| lines.push(line.to_owned()));
        if !lines.is_empty() {
            self.begin(Kind::Code);
        }
        lines.iter().for_each(|line| self.line(line));
    }

    fn end_code(&mut self) {
        if let Place::Code { language, code } = std::mem::take(&mut self.place) {
            self.code(language, &code);
        }
    }

    fn end_cell(&mut self) {
        html::close_code(self);
        let text = self.inline.take();
        if let Place::Cell(Table { rows, .. }) = &mut self.place {
            let cell = text.replace(|c: char| c.is_control(), " ");
            rows.last_mut().into_iter().for_each(|row| row.push(cell.trim().replace('|', "\\|")));
        }
    }

    fn end_table(&mut self) {
        let Place::Cell(Table { alignments, rows }) = std::mem::take(&mut self.place) else {
            return;
        };
        let rule = alignments.iter().map(|alignment| match alignment {
            Alignment::None => "---",
            Alignment::Left => ":--",
            Alignment::Center => ":-:",
            Alignment::Right => "--:",
        });
        let rule = format!("| {} |", rule.collect::<Vec<_>>().join(" | "));
        self.begin(Kind::Other);
        for (at, row) in rows.iter().enumerate() {
            self.line(&format!("| {} |", row.join(" | ")));
            if at == 0 {
                self.line(&rule);
            }
        }
    }
}

/// Two line breaks with nothing between are what HTML has for a new paragraph.
fn split_paragraphs(text: &str) -> Vec<String> {
    let mut paragraphs = vec![String::new()];
    for part in text.split(HARD_BREAK) {
        match paragraphs.last_mut() {
            Some(last) if part.trim().is_empty() && !last.is_empty() => paragraphs.push(String::new()),
            Some(last) => {
                if !last.is_empty() {
                    last.push(HARD_BREAK);
                }
                last.push_str(part);
            }
            None => {}
        }
    }
    paragraphs
}
