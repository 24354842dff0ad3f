//! Documentation: lines. In: the words of one paragraph. Out: its lines.
//!
//! Invariant: no line starts like a Markdown block, so a paragraph stays
//! a paragraph. The author's line breaks are kept if all lines fit; otherwise lines are filled anew.

/// The width of a documentation line, including container prefixes.
pub(super) const WIDTH: usize = 110;

/// Markdown without line breaks inside. It may be empty, and may contain spaces.
pub(super) struct Word {
    pub(super) text: String,
    pub(super) end: End,
}

/// The separator after a word.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Space,
    /// A line break in the source.
    Line,
    /// A hard line break (CommonMark 0.31 §6.7).
    Break,
}

/// Returns the words of a paragraph that has no markup.
pub(super) fn words(paragraph: &str) -> Vec<Word> {
    let mut words = Vec::new();
    for line in paragraph.split('\n') {
        words.extend(line.split(' ').map(|word| Word { text: word.to_owned(), end: End::Space }));
        words.last_mut().into_iter().for_each(|word| word.end = End::Line);
    }
    words
}

/// Formats one paragraph; empty without visible text. Two breaks in a row end a paragraph in HTML.
pub(super) fn paragraph(words: &[Word], width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut empty = false;
    for part in words.split_inclusive(|word| word.end == End::Break) {
        let part = fill(part, width);
        match lines.last_mut() {
            Some(_) if part.is_empty() => empty = true,
            Some(_) if empty => lines.push(String::new()),
            Some(last) => last.push('\\'),
            None => {}
        }
        empty &= part.is_empty();
        lines.extend(part);
    }
    lines
}

fn fill(part: &[Word], width: usize) -> Vec<String> {
    let written = part.split_inclusive(|word| word.end == End::Line).map(join);
    let mut lines: Vec<String> = written.filter(|line| !line.is_empty()).collect();
    if lines.iter().any(|line| line.chars().count() > width) {
        lines = refill(part, width);
    }
    for line in &mut lines {
        // A word may end in white space without a line break.
        line.truncate(line.trim_end().len());
        if let Some(at) = block_start(line) {
            line.insert(at, '\\');
        }
    }
    lines
}

fn refill(part: &[Word], width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in part.iter().map(|word| word.text.as_str()).filter(|word| !word.trim().is_empty()) {
        let columns = word.chars().count();
        let breaks = used > 0 && used + 1 + columns > width && block_start(word).is_none();
        match lines.last_mut() {
            Some(line) if !breaks => {
                line.extend((used > 0).then_some(' '));
                line.push_str(word);
                used += usize::from(used > 0) + columns;
            }
            _ => {
                lines.push(word.to_owned());
                used = columns;
            }
        }
    }
    lines
}

/// Joins the words of one line.
pub(super) fn join(words: &[Word]) -> String {
    let words: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    words.join(" ").trim().to_owned()
}

/// Returns `true` if the text starts like a numbered item: at most nine digits, `.` or `)`, space or end (CommonMark §5.2).
fn is_list_number(text: &str) -> bool {
    let after = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = text.len() - after.len();
    (1..=9).contains(&digits)
        && after.strip_prefix(['.', ')']).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

/// Returns `true` if a finished line starts a paragraph, not a block of another kind.
pub(super) fn is_prose(line: &str) -> bool {
    let block = ["```", "- ", "> ", "| "].iter().any(|start| line.starts_with(start));
    !block && line != "***" && !is_list_number(line)
}

/// Returns the position of the backslash that keeps a line from starting a block. Only the first word matters.
fn block_start(line: &str) -> Option<usize> {
    let first = line.chars().next()?;
    if first.is_ascii_digit() {
        return is_list_number(line).then(|| line.bytes().take_while(u8::is_ascii_digit).count());
    }
    let after_run = line.trim_start_matches(first);
    let run_stands_alone = after_run.is_empty() || after_run.starts_with(' ');
    let is_bullet = run_stands_alone && line.len() - after_run.len() == 1;
    let consists_of = |characters: &str| line.chars().all(|c| characters.contains(c));
    let starts = match first {
        '>' | '|' => true,
        // Headings (§4.2); a longer run is not a heading, and can be escaped as well.
        '#' => run_stands_alone,
        // Bullets (§5.2), rules (§4.1), underlines of headings (§4.3), delimiter rows of tables (GFM §4.10).
        '-' => is_bullet || consists_of("-:| "),
        '*' => is_bullet || consists_of("* "),
        '+' => is_bullet,
        '=' | '_' => consists_of("=_ "),
        ':' => consists_of("-:| "),
        _ => false,
    };
    starts.then_some(0)
}
