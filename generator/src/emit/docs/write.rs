//! Documentation: from blocks to lines. In: the tree. Out: lines of Markdown.
//!
//! Invariant: every line has the prefixes of its containers, so there are no lazy continuations; blocks are
//! separated by blank lines except inside tight lists; code is always fenced.

use pulldown_cmark::Alignment;

use super::layout::Word;
use super::tree::{self, Block, Inline, Item};
use super::{check, code, inline, layout};

/// The minimum width of text in nested containers.
const MIN_WIDTH: usize = 40;

/// Writes the blocks in lines of `width` columns, unless a word is longer. A `tight` list has fewer blank lines.
pub(super) fn lines(blocks: &[Block], width: usize, tight: bool) -> Vec<String> {
    let mut groups: Vec<Vec<String>> = Vec::new();
    let mut after_text = false;
    for block in blocks {
        let lines = block_lines(block, width);
        if lines.is_empty() {
            continue;
        }
        let joins = tight && after_text && matches!(block, Block::List { .. } | Block::Code { .. });
        match groups.last_mut().filter(|_| joins) {
            Some(group) => group.extend(lines),
            None => groups.push(lines),
        }
        after_text = matches!(block, Block::Paragraph(_));
    }
    groups.join(&String::new())
}

fn block_lines(block: &Block, width: usize) -> Vec<String> {
    match block {
        Block::Paragraph(inlines) => paragraph(inlines, |words| layout::paragraph(words, width.max(MIN_WIDTH))),
        Block::Code { language, code } => code::block(code, language),
        Block::Quote(blocks) => prefixed("> ", "> ", &lines(blocks, width.saturating_sub(2), false)),
        Block::List { tight, items } => list(*tight, items, width),
        Block::Table { alignments, rows } => table(alignments, rows),
        Block::Rule => vec!["***".to_owned()],
    }
}

/// Writes a paragraph. Emphasis is dropped where the parser would treat a delimiter as text (CommonMark 0.31 §6.2), which HTML can cause.
fn paragraph(inlines: &[Inline], lay_out: impl Fn(&[Word]) -> Vec<String>) -> Vec<String> {
    let lines = lay_out(&inline::words(inlines, true));
    let plain = inlines.iter().all(|inline| matches!(inline, Inline::Text(_)));
    if plain || check::shows(&lines, &tree::text(inlines)) { lines } else { lay_out(&inline::words(inlines, false)) }
}

fn list(tight: bool, items: &[Item], width: usize) -> Vec<String> {
    let items = items.iter().map(|Item { marker, blocks }| {
        let lines = lines(blocks, width.saturating_sub(marker.len()), tight);
        prefixed(marker, &" ".repeat(marker.len()), &lines)
    });
    let items: Vec<Vec<String>> = items.filter(|lines| !lines.is_empty()).collect();
    if tight { items.concat() } else { items.join(&String::new()) }
}

/// Puts one prefix before the first line, and another one before all others.
pub(super) fn prefixed(first: &str, others: &str, lines: &[String]) -> Vec<String> {
    let prefixes = std::iter::once(first).chain(std::iter::repeat(others));
    prefixes.zip(lines).map(|(prefix, line)| format!("{prefix}{line}").trim_end().to_owned()).collect()
}

fn table(alignments: &[Alignment], rows: &[Vec<Vec<Inline>>]) -> Vec<String> {
    let rule = alignments.iter().map(|alignment| match alignment {
        Alignment::None => "---",
        Alignment::Left => ":--",
        Alignment::Center => ":-:",
        Alignment::Right => "--:",
    });
    let cell =
        |inlines: &Vec<Inline>| paragraph(inlines, |words| vec![layout::join(words)]).concat().replace('|', "\\|");
    let row = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
    let mut lines: Vec<String> = rows.iter().map(|cells| row(cells.iter().map(cell).collect())).collect();
    lines.insert(1.min(lines.len()), row(rule.map(str::to_owned).collect()));
    lines
}
