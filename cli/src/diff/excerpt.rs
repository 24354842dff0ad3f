//! Part of `diff`: the lines of both documents around a change.
//!
//! In: the lines of both documents, and a change. Out: the lines of each document to show. Invariant: an excerpt has a bounded number of
//! lines, and finding it takes time proportional to that number.

use std::iter;
use std::ops::Range;

use clientwright::diagnostic::NodeLines;
use clientwright::diff::WireChange;
use clientwright::generate::Document;
use clientwright_normalizer::pointer::Pointer;
use similar::{Algorithm, DiffOp, capture_diff_slices, group_diff_ops};

/// The number of lines around a changed one.
const CONTEXT: usize = 3;

/// The number of compared lines around a node, so that the lines of the excerpt are matched.
const MARGIN: usize = 20;

/// The maximum number of compared lines of a node.
const COMPARED: usize = 200;

/// The maximum number of lines of an excerpt.
const SHOWN: usize = 40;

/// The maximum number of a node's neighbours to look up in the other document.
const NEIGHBOURS: usize = 100;

/// The lines of a document.
pub(super) struct Text<'d> {
    pub(super) name: &'d str,
    pub(super) nodes: NodeLines<'d>,
    lines: Vec<&'d str>,
}

/// The lines of an excerpt.
pub(super) struct Excerpt<'d> {
    pub(super) lines: Vec<Line<'d>>,
    /// The number of further lines.
    pub(super) omitted: usize,
}

/// A line of an excerpt.
pub(super) struct Line<'d> {
    pub(super) number: usize,
    pub(super) text: &'d str,
    /// Whether only this document has it.
    pub(super) is_changed: bool,
}

impl<'d> Text<'d> {
    pub(super) fn of(document: &'d Document) -> Self {
        let source = &document.source;
        Self { name: &source.name, nodes: NodeLines::of(source), lines: source.text.lines().collect() }
    }

    /// Returns the compared lines of a node and around it.
    fn around(&self, node: &Range<usize>) -> Side<'d> {
        let end = (node.end + MARGIN).min(node.start + COMPARED).min(self.lines.len() + 1);
        let start = node.start.saturating_sub(MARGIN).clamp(1, end);
        let lines = self.lines.get(start - 1..end - 1).unwrap_or_default().to_vec();
        let shown = node.start.saturating_sub(CONTEXT)..node.end + CONTEXT;
        Side { start, lines, shown, omitted: node.end.saturating_sub(end) }
    }

    fn line(&self, number: usize) -> Option<&'d str> {
        self.lines.get(number - 1).copied()
    }

    /// Returns the number of the line with a text, ignoring indentation.
    fn find(&self, lines: &Range<usize>, text: &str) -> Option<usize> {
        lines.clone().find(|number| self.line(*number).is_some_and(|line| line.trim() == text))
    }

    /// Returns the place for a node that only another document has: after the nearest node before it.
    fn gap(&self, other: &Text<'_>, node: &Pointer) -> Range<usize> {
        let all = |node: &Pointer| self.nodes.all(node);
        let before = iter::successors(other.nodes.before(node), |node| other.nodes.before(node));
        let before = before.take(NEIGHBOURS).find_map(|node| Some(all(&node)?.end));
        let parent = node.parent();
        let line = before.or_else(|| Some(all(parent.as_ref()?)?.start + 1));
        line.map_or_else(|| parent.map_or(1..1, |parent| self.gap(other, &parent)), |line| line..line)
    }
}

/// The compared lines of a document.
#[derive(Default)]
struct Side<'d> {
    /// The number of the first line.
    start: usize,
    lines: Vec<&'d str>,
    /// The numbers of the lines that may be shown.
    shown: Range<usize>,
    /// The number of further lines of the node.
    omitted: usize,
}

/// Returns the lines of two versions of a document at a change.
pub(super) fn excerpts<'d>(texts: &[Option<Text<'d>>; 2], change: &WireChange) -> [Excerpt<'d>; 2] {
    let (old, new) = (place(texts, change, false), place(texts, change, true));
    let sides = [old, new].map(|place| place.map(|(text, lines)| text.around(&lines)).unwrap_or_default());
    let [old, new] = &sides;
    let ops = capture_diff_slices(Algorithm::Myers, &old.lines, &new.lines);
    let near = group_diff_ops(ops.clone(), CONTEXT).concat();
    let mut excerpts = shown(&sides, &near);
    if excerpts.iter().flat_map(|excerpt| &excerpt.lines).all(|line| !line.is_changed) {
        excerpts = shown(&sides, &ops);
    }
    unindent(&mut excerpts);
    excerpts
}

/// Returns the lines of a change in the old or in the new document, or the place for a node that only the other one
/// has.
fn place<'t, 'd>(
    texts: &'t [Option<Text<'d>>; 2],
    change: &WireChange,
    is_new: bool,
) -> Option<(&'t Text<'d>, Range<usize>)> {
    let ([text, other], [node, missing]) = match (texts, is_new) {
        ([old, new], false) => ([old, new], [&change.old, &change.new]),
        ([old, new], true) => ([new, old], [&change.new, &change.old]),
    };
    let text = text.as_ref()?;
    let lines = node.as_ref().and_then(|node| text.nodes.all(node));
    let Some(lines) = lines else { return Some((text, text.gap(other.as_ref()?, missing.as_ref()?))) };
    let value = || {
        // The place of a changed value is its list of values.
        let is_value = node.as_ref()?.last()? == "enum";
        let item = format!("- {}", change.message.rsplit('`').nth(1).filter(|_| is_value)?);
        let in_other = || {
            let (other, missing) = (other.as_ref()?, missing.as_ref()?);
            let all = other.nodes.all(missing)?;
            let at = other.find(&all, &item)?;
            let mut before = (all.start..at).rev().take(NEIGHBOURS);
            let before = before.find_map(|number| text.find(&lines, other.line(number)?.trim()));
            before.map(|line| line + 1..line + 1)
        };
        text.find(&lines, &item).map(|line| line..line + 1).or_else(in_other)
    };
    Some((text, value().unwrap_or(lines)))
}

fn shown<'d>(sides: &[Side<'d>; 2], ops: &[DiffOp]) -> [Excerpt<'d>; 2] {
    let mut excerpts = sides.each_ref().map(|side| Excerpt { lines: Vec::new(), omitted: side.omitted });
    for op in ops {
        let is_changed = !matches!(op, DiffOp::Equal { .. });
        for ((excerpt, side), range) in excerpts.iter_mut().zip(sides).zip([op.old_range(), op.new_range()]) {
            for (number, text) in (side.start..).zip(&side.lines).skip(range.start).take(range.len()) {
                if side.shown.contains(&number) {
                    excerpt.add(Line { number, text, is_changed });
                }
            }
        }
    }
    excerpts
}

impl<'d> Excerpt<'d> {
    fn add(&mut self, line: Line<'d>) {
        if self.lines.len() < SHOWN {
            self.lines.push(line);
        } else {
            self.omitted += 1;
        }
    }
}

/// Removes the common indentation of all lines.
fn unindent(excerpts: &mut [Excerpt<'_>]) {
    let mut lines: Vec<&mut Line<'_>> = excerpts.iter_mut().flat_map(|excerpt| &mut excerpt.lines).collect();
    let filled = lines.iter().filter(|line| !line.text.trim().is_empty());
    let shared = filled.map(|line| line.text.len() - line.text.trim_start_matches(' ').len()).min().unwrap_or(0);
    lines.iter_mut().for_each(|line| line.text = line.text.get(shared..).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use clientwright::Source;
    use clientwright::diff::compare;

    use super::*;

    /// Returns the excerpts of the first change between two documents with these schemas.
    fn shown(old: &str, new: &str) -> [String; 2] {
        let start = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n";
        let document = |text: &str| {
            let source = Source { name: "t.yaml".to_owned(), text: format!("{start}{text}") };
            Document::new("t", source)
        };
        let documents = [document(old), document(new)];
        let [old, new] = &documents;
        let changes = compare(Some(old), Some(new)).unwrap().wire;
        let texts = documents.each_ref().map(|document| Some(Text::of(document)));
        excerpts(&texts, &changes[0]).map(|excerpt| {
            let line =
                |line: &Line<'_>| format!("{}{}{}\n", line.number, if line.is_changed { "!" } else { " " }, line.text);
            excerpt.lines.iter().map(line).collect::<String>() + &format!("+{}", excerpt.omitted)
        })
    }

    #[test]
    fn lines_stand_beside_their_counterparts() {
        let old = "    A: {type: string}\n    C: {type: string}\n";
        let [old, new] = shown(old, &old.replace("    C:", "    B:\n      type: string\n    C:"));
        assert_eq!(old, "4 components:\n5   schemas:\n6     A: {type: string}\n7     C: {type: string}\n+0");
        let lines = "6     A: {type: string}\n7!    B:\n8!      type: string\n9     C: {type: string}\n";
        assert_eq!(new, format!("4 components:\n5   schemas:\n{lines}+0"));
    }

    #[test]
    fn long_nodes_are_cut() {
        let values: String = (0..500).map(|number| format!("      - v{number}\n")).collect();
        let long = format!("    B:\n      type: string\n      enum:\n{values}");
        let a = "    A: {type: string}\n";
        let [old, new] = shown(a, &format!("{a}{long}"));
        assert!(old.ends_with("6     A: {type: string}\n+0"), "{old}");
        assert_eq!(new.lines().count(), SHOWN + 1);
        assert!(new.ends_with("+466"), "{new}");
    }
}
