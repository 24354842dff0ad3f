//! Part of `normalize`: the ledger of the changes to a document.
//!
//! In: the entries of each pass, and the mapping back to the files. Out: [`Ledger`], as a summary for the terminal and
//! as Markdown. Invariant: the same input gives the same text, without time, version or local paths.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use foldhash::HashSet;

use super::files::Files;
use super::pass::{self, Contradictory, EntryKind, Equivalent, Interpreted, Lossy, Proposed};
use super::trail::Trail;
use crate::diagnostic::Code;
use crate::hidden::is_hidden;
use crate::pointer::Pointer;

/// A kind with the name of one change, its title, its meaning, and the number of places per rule in the summary.
type Section = (EntryKind, &'static str, &'static str, &'static str, usize);

const SECTIONS: [Section; 5] = [
    (Lossy, "lossy step", "Lossy", "The normalized document lost information here.", 40),
    (Interpreted, "assumption", "Interpreted", "A mistake was repaired, or a meaning was assumed.", 4),
    (
        Contradictory,
        "contradictory example",
        "Contradictory",
        "The document's own examples contradict its schemas, and servers usually match the examples. \
         `normalize --suggest-overlay FILE` writes an overlay that follows them.",
        4,
    ),
    (
        Proposed,
        "proposal",
        "Proposed",
        "Nothing was changed. Names suggest a fact that only people can confirm; \
         `normalize --suggest-overlay FILE` writes an overlay that states it.",
        4,
    ),
    (
        Equivalent,
        "equivalent rewrite",
        "Equivalent",
        "Rewritten for OpenAPI 3.0 with the same meaning; no review needed.",
        4,
    ),
];

/// The changes, in the order in which they were made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ledger {
    /// The changes.
    pub entries: Vec<Entry>,
}

/// One change by `normalize`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// The short kebab-case name of the rule.
    pub rule: &'static str,
    /// The code of the fault, if the entry is about one; the rule then has the same name.
    pub code: Option<Code>,
    /// The kind of the change.
    pub kind: EntryKind,
    /// The source file, by its path from the input's folder.
    pub file: String,
    /// The line in that file, counted from 1.
    pub line: usize,
    /// The column in bytes, counted from 1, if the file has only one line.
    pub column: Option<usize>,
    /// The node in that file.
    pub before: Pointer,
    /// The node in the normalized document, or its nearest remaining ancestor.
    pub after: Pointer,
    /// What was done, in one line.
    pub text: String,
}

impl Entry {
    /// Returns the file, the line, and the column if there is one.
    fn place(&self) -> String {
        let column = self.column.map(|column| format!(":{column}")).unwrap_or_default();
        format!("{}:{}{column}", self.file, self.line)
    }
}

impl Ledger {
    /// Creates the ledger. Each entry comes with the number of passes after which its `after` is valid.
    pub(super) fn of(entries: Vec<(usize, pass::Entry)>, trail: &Trail, files: &Files) -> Self {
        let entry = |(passes, entry): (usize, pass::Entry)| {
            let pass::Entry { rule, fault, before, after, text, kind } = entry;
            let before = trail.source(passes.saturating_sub(1), before);
            let (line, column) = files.get(before.file).position(&before.pointer);
            Entry {
                rule,
                code: fault.map(|fault| fault.code),
                kind,
                file: files.get(before.file).relative.clone(),
                line,
                column,
                before: before.pointer,
                after: trail.end(passes, &after),
                text: one_line(&text),
            }
        };
        let mut entries: Vec<Entry> = entries.into_iter().map(entry).collect();
        // A pass that runs again may repeat an entry.
        let mut seen = HashSet::default();
        let said = |entry: &Entry| (entry.rule, entry.file.clone(), entry.before.clone(), entry.text.clone());
        entries.retain(|entry| seen.insert(said(entry)));
        Self { entries }
    }

    /// Returns `true` if nothing was changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.iter().all(|entry| matches!(entry.kind, Contradictory | Proposed))
    }

    /// Returns the number of entries of this kind.
    #[must_use]
    pub fn count(&self, kind: EntryKind) -> usize {
        self.entries.iter().filter(|entry| entry.kind == kind).count()
    }

    /// Returns the summary for the terminal: counts, then each rule with its first places, the most severe first.
    #[must_use]
    pub fn summary(&self) -> String {
        let mut out = format!("{}\n", self.counts());
        for ((_, _, title, _, shown), groups) in self.sections() {
            let _ = writeln!(out, "{}:", title.to_lowercase());
            for (rule, entries) in groups {
                let _ = writeln!(out, "  {rule} ({})", entries.len());
                for entry in entries.iter().take(shown) {
                    let before = one_line(root(&entry.before));
                    let _ = writeln!(out, "    {} {before}: {}", entry.place(), entry.text);
                }
                if entries.len() > shown {
                    let _ = writeln!(out, "    and {} more", entries.len() - shown);
                }
            }
        }
        out
    }

    /// Returns the ledger of the document `name` as Markdown: one line for each change, grouped by kind and rule.
    #[must_use]
    pub fn markdown(&self, name: &str) -> String {
        let mut out = format!(
            "# Ledger of `{name}`\n\nEvery change that `normalize` made on the way to `{name}.yaml`. Generated; do not edit.\n\n{}.\n",
            self.counts()
        );
        for ((_, _, title, meaning, _), groups) in self.sections() {
            let _ = write!(out, "\n## {title}\n\n{meaning}\n");
            for (rule, entries) in groups {
                let _ = write!(out, "\n### {rule} ({})\n\n", entries.len());
                for entry in entries {
                    let became = if entry.after == entry.before {
                        String::new()
                    } else {
                        format!(" → {}", code(&entry.after))
                    };
                    let place = format!("{} {}", entry.place(), code(&entry.before));
                    let _ = writeln!(out, "- {place}{became}: {}", entry.text);
                }
            }
        }
        out
    }

    fn counts(&self) -> String {
        if self.entries.is_empty() {
            return "No changes".to_owned();
        }
        let count = |(kind, step, ..): Section| match (kind, self.count(kind)) {
            (Lossy, 0) => Some("Nothing lost".to_owned()),
            (_, 0) => None,
            (_, 1) => Some(format!("1 {step}")),
            (_, count) => Some(format!("{count} {step}s")),
        };
        SECTIONS.into_iter().filter_map(count).collect::<Vec<_>>().join(", ")
    }

    /// Returns the sections that have entries, grouped by rule: rules sorted by name, entries by line.
    fn sections(&self) -> impl Iterator<Item = (Section, BTreeMap<&'static str, Vec<&Entry>>)> {
        let sections = SECTIONS.into_iter().map(|section| {
            let mut groups: BTreeMap<&'static str, Vec<&Entry>> = BTreeMap::new();
            for entry in self.entries.iter().filter(|entry| entry.kind == section.0) {
                groups.entry(entry.rule).or_default().push(entry);
            }
            for entries in groups.values_mut() {
                entries.sort_by_key(|entry| (&entry.file, entry.line, entry.column));
            }
            (section, groups)
        });
        sections.filter(|(_, groups)| !groups.is_empty())
    }
}

fn root(pointer: &Pointer) -> &str {
    if pointer.as_str().is_empty() { "/" } else { pointer.as_str() }
}

/// Returns a pointer as inline code, even if it contains backticks.
fn code(pointer: &Pointer) -> String {
    let text = one_line(root(pointer));
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}

/// Returns text that may quote the document as one line without hidden characters.
fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_control() || c.is_whitespace()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ").replace(is_hidden, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(rule: &'static str, kind: EntryKind, line: usize, before: &str, after: &str) -> Entry {
        let pointer = |text| Pointer::parse(text).unwrap();
        let text = format!("{rule} was done");
        let (before, after) = (pointer(before), pointer(after));
        Entry { rule, code: None, kind, file: "a.yaml".into(), line, column: None, before, after, text }
    }

    #[test]
    fn entries_are_grouped_by_kind_and_rule() {
        let mut entries: Vec<Entry> = (1..=6).map(|line| entry("b-rule", Interpreted, line, "/b", "/b")).collect();
        entries.push(entry("a-rule", Interpreted, 7, "/a`", "/c"));
        entries.push(entry("lost", Lossy, 9, "", ""));
        let ledger = Ledger { entries };
        let summary = "1 lossy step, 7 assumptions
lossy:
  lost (1)
    a.yaml:9 /: lost was done
interpreted:
  a-rule (1)
    a.yaml:7 /a`: a-rule was done
  b-rule (6)
    a.yaml:1 /b: b-rule was done
    a.yaml:2 /b: b-rule was done
    a.yaml:3 /b: b-rule was done
    a.yaml:4 /b: b-rule was done
    and 2 more
";
        assert_eq!(ledger.summary(), summary);
        let markdown = ledger.markdown("pets");
        assert!(markdown.starts_with("# Ledger of `pets`\n"));
        assert!(markdown.contains("### a-rule (1)\n\n- a.yaml:7 `` /a` `` → `/c`: a-rule was done\n"), "{markdown}");
        assert!(markdown.contains("- a.yaml:6 `/b`: b-rule was done\n"));
        assert!(Ledger::default().markdown("pets").ends_with("No changes.\n"));
    }

    #[test]
    fn no_hidden_character_reaches_a_terminal() {
        let entries = vec![entry("rule", Interpreted, 1, "/a\u{1b}[2J\u{202e}b\ncargo::error=x", "")];
        let ledger = Ledger { entries };
        assert!(
            ledger.summary().contains("    a.yaml:1 /a [2Jb cargo::error=x: rule was done\n"),
            "{}",
            ledger.summary()
        );
        for text in [ledger.summary(), ledger.markdown("pets")] {
            assert!(!text.contains(|c| c != '\n' && is_hidden(c)), "{text:?}");
        }
    }
}
