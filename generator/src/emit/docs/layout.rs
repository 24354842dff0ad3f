//! Documentation, last pass: lines. In comes one paragraph of rendered Markdown, out go its lines.
//!
//! Invariant: no line begins with something that a Markdown parser takes for the start of a block, so a paragraph stays
//! a paragraph. A paragraph whose lines all fit keeps them; otherwise it is filled anew.

/// Columns of a documentation line, container prefixes included.
pub(super) const WIDTH: usize = 110;

/// A space that no line may be broken at: in code spans and links.
pub(super) const FIRM_SPACE: char = '\u{1}';
/// A line break that is meant (CommonMark 0.31 §6.7).
pub(super) const HARD_BREAK: char = '\u{2}';

/// Lays out one paragraph; empty text gives no line.
pub(super) fn paragraph(text: &str, width: usize, lines: &mut Vec<String>) {
    let mut parts = text.split(HARD_BREAK).filter(|part| !part.trim().is_empty()).peekable();
    while let Some(part) = parts.next() {
        let first = lines.len();
        fill(part, width, lines);
        for line in lines.iter_mut().skip(first) {
            // A word may end in white space that no line is broken at.
            line.truncate(line.trim_end().len());
            finish_line(line);
        }
        if let (Some(_), Some(last)) = (parts.peek(), lines.last_mut()) {
            last.push('\\');
        }
    }
}

fn fill(text: &str, width: usize, lines: &mut Vec<String>) {
    let written = || text.split('\n').map(str::trim).filter(|line| !line.is_empty());
    if written().all(|line| fits(line, width)) {
        lines.extend(written().map(str::to_owned));
        return;
    }
    let mut line = String::new();
    let mut used = 0;
    for word in text.split([' ', '\n']).filter(|word| !word.trim().is_empty()) {
        let columns = word.chars().count();
        if !line.is_empty() {
            if used + 1 + columns > width && !looks_like_block(word) {
                lines.push(std::mem::take(&mut line));
                used = 0;
            } else {
                line.push(' ');
                used += 1;
            }
        }
        line.push_str(word);
        used += columns;
    }
    lines.extend((!line.is_empty()).then_some(line));
}

fn fits(line: &str, width: usize) -> bool {
    line.len() <= width || line.chars().count() <= width
}

/// Whether a line must rather grow too long than break before this word.
fn looks_like_block(word: &str) -> bool {
    word.starts_with(['#', '>', '=', '|', '+']) || word.chars().all(|c| "-*_:".contains(c)) || is_list_number(word)
}

/// Whether the text starts as an item of an ordered list does: up to nine digits, `.` or `)`, space or end (CommonMark
/// 0.31 §5.2).
pub(super) fn is_list_number(text: &str) -> bool {
    let after = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = text.len() - after.len();
    (1..=9).contains(&digits)
        && after.strip_prefix(['.', ')']).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

/// Whether a finished line begins a paragraph, not a block of another kind.
pub(super) fn is_prose(line: &str) -> bool {
    let block = ["```", "- ", "> ", "| "].iter().any(|start| line.starts_with(start));
    !block && line != "***" && !is_list_number(line)
}

/// Escapes a block start, and puts ordinary spaces in.
fn finish_line(line: &mut String) {
    if let Some(at) = block_start(line) {
        line.insert(at, '\\');
    }
    if line.contains(FIRM_SPACE) {
        *line = line.replace(FIRM_SPACE, " ");
    }
}

/// Where to put the backslash that keeps this line from starting a block.
fn block_start(line: &str) -> Option<usize> {
    let first = line.chars().next()?;
    if first.is_ascii_digit() {
        return is_list_number(line).then(|| line.bytes().take_while(u8::is_ascii_digit).count());
    }
    let after_run = line.trim_start_matches(first);
    let run_stands_alone = after_run.is_empty() || after_run.starts_with([' ', FIRM_SPACE]);
    let single = line.len() - after_run.len() == 1;
    let starts = match first {
        '>' | '|' => true,
        // Headings (§4.2); a longer run is none, and costs nothing to escape.
        '#' => run_stands_alone,
        // Bullets (§5.2), rules (§4.1), underlines of headings (§4.3), delimiter rows of tables (GFM §4.10).
        '-' => (single && run_stands_alone) || consists_of(line, "-:| "),
        '*' => (single && run_stands_alone) || consists_of(line, "* "),
        '+' => single && run_stands_alone,
        '=' | '_' => consists_of(line, "=_ "),
        ':' => consists_of(line, "-:| "),
        _ => false,
    };
    starts.then_some(0)
}

fn consists_of(line: &str, characters: &str) -> bool {
    line.chars().all(|c| characters.contains(c))
}
