//! Part of `diff`: the changes as text, Markdown and JSON.
//!
//! In: the differences of each API. Out: text. Invariant: text of documents cannot end a line, a code span or a comment, and shows no
//! hidden characters.

use clientwright::diagnostic::Diagnostic;
use clientwright::diff::{Differences, ItemChange, Severity, VersionBump, WireChange};
use clientwright_normalizer::hidden::is_hidden;
use clientwright_normalizer::limits::both;
use clientwright_normalizer::pointer::Pointer;
use serde_json::{Value, json};

use super::excerpt::Text;
use super::versions::Version;
use crate::show::counted;

/// The maximum number of operations named in a line.
pub(super) const NAMED: usize = 3;

/// The maximum number of public items listed in a text.
const LISTED: usize = 20;

/// The severities, the most severe one first.
pub(super) const SEVERITIES: [Severity; 4] =
    [Severity::Breaking, Severity::Risky, Severity::Compatible, Severity::Documentation];

/// The changes of all APIs.
pub(super) struct Report<'d> {
    pub(super) apis: Vec<Api<'d>>,
}

/// The changes of an API.
pub(super) struct Api<'d> {
    pub(super) module: &'d str,
    pub(super) differences: Differences,
    /// The places of each change of messages, in both documents.
    pub(super) places: Vec<[Option<String>; 2]>,
    pub(super) texts: [Option<Text<'d>>; 2],
    /// Whether the documents were normalized, so that their lines differ from the vendor's files.
    pub(super) is_normalized: bool,
    /// The ledger entries that only the old version has, and those that only the new version has.
    ledger: [Vec<&'d str>; 2],
    /// The generated files that changed, with the causes.
    files: Vec<(&'d str, Cause)>,
}

/// The cause of a change of a generated file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Cause {
    /// The document or an overlay.
    Document,
    /// The generator alone.
    Generator,
}

impl<'d> Api<'d> {
    pub(super) fn new(
        module: &'d str,
        versions: [Option<&'d Version>; 2],
        files: Vec<&'d str>,
        differences: Differences,
    ) -> Self {
        let texts = versions.map(|version| Some(Text::of(&version?.document)));
        let [old, new] =
            [0, 1].map(|side| (versions.get(side).copied().flatten(), texts.get(side).and_then(Option::as_ref)));
        let of_old = || differences.wire.iter().map(|change| place(old, &change.old)).collect::<Vec<_>>();
        let of_new = || differences.wire.iter().map(|change| place(new, &change.new)).collect::<Vec<_>>();
        let (old, new) = both(of_old, of_new);
        let places = old.into_iter().zip(new).map(|(old, new)| [old, new]).collect();
        let ledger = |these: usize, others: usize| {
            let other = versions.get(others).copied().flatten();
            let is_new = |line: &&String| !other.is_some_and(|version| version.ledger.contains(*line));
            let own = versions.get(these).copied().flatten().into_iter().flat_map(|version| &version.ledger);
            own.filter(is_new).map(String::as_str).collect()
        };
        let cause = |path: &str| if differences.files.contains(path) { Cause::Document } else { Cause::Generator };
        let files = files.into_iter().map(|path| (path, cause(path))).collect();
        let is_normalized = versions.iter().flatten().any(|version| version.origins.is_some());
        Self { module, places, texts, is_normalized, ledger: [ledger(0, 1), ledger(1, 0)], files, differences }
    }

    /// Returns `true` if nothing changed.
    pub(super) fn is_empty(&self) -> bool {
        self.differences.is_empty() && self.files.is_empty() && self.ledger.iter().all(Vec::is_empty)
    }

    /// Returns the changes of a severity, each with its places.
    fn changes(&self, severity: Severity) -> impl Iterator<Item = (&WireChange, &[Option<String>; 2])> {
        self.differences.wire.iter().zip(&self.places).filter(move |(change, _)| change.severity == severity)
    }

    /// Returns `2 breaking, 1 compatible; next version of the client: major`.
    pub(super) fn summary(&self) -> String {
        let Differences { wire, bump, .. } = &self.differences;
        format!("{}; next version of the client: {}", counts(wire), self::bump(*bump))
    }

    /// Returns the public items that changed, the removed ones first, as lines of a diff.
    fn items(&self) -> Vec<String> {
        let mut lines: Vec<(u8, String)> = self.differences.items.iter().map(item).collect();
        lines.sort();
        lines.into_iter().map(|(_, line)| line).collect()
    }

    /// Returns the added and removed warnings and ledger entries, and the causes of changes of generated files.
    pub(super) fn notes(&self) -> impl Iterator<Item = String> {
        let warning = |one: &Diagnostic| format!("{} ({})", one.message, one.pointer);
        let Differences { introduced, resolved, .. } = &self.differences;
        let [old, new] = &self.ledger;
        let lines = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
        let all = [
            ("new warning", introduced.iter().map(warning).collect()),
            ("resolved warning", resolved.iter().map(warning).collect()),
            ("new in the ledger", lines(new)),
            ("no longer in the ledger", lines(old)),
        ];
        let notes = all.into_iter().flat_map(|(kind, notes)| notes.into_iter().map(move |note| (kind, note)));
        notes.chain(self.causes()).map(|(kind, note)| safe(&format!("{kind}: {note}")))
    }
}

impl Api<'_> {
    fn causes(&self) -> impl Iterator<Item = (&'static str, String)> {
        [Cause::Document, Cause::Generator].into_iter().filter_map(|cause| {
            let count = self.files.iter().filter(|(_, own)| *own == cause).count();
            (count > 0).then(|| (cause.title(), counted(count, "file")))
        })
    }
}

impl Cause {
    fn title(self) -> &'static str {
        match self {
            Self::Document => "changed by the document or an overlay",
            Self::Generator => "changed by the generator alone",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::Generator => "generator",
        }
    }
}

/// Returns the number of changes of APIs, the most severe change, and the command that prints all of them.
pub(super) fn brief(apis: &str, changes: &[WireChange], command: &str) -> String {
    let Some(severest) = changes.iter().rev().max_by_key(|change| change.severity) else { return String::new() };
    let (counts, severity) = (counts(changes), name(severest.severity));
    format!("{apis}: {counts}\n  {severity:10}  {}\n  all changes: {command}\n", line(severest, str::to_owned))
}

/// Returns `2 breaking, 1 compatible`.
fn counts(changes: &[WireChange]) -> String {
    let count = |severity| changes.iter().filter(|change| change.severity == severity).count();
    let counts = SEVERITIES.map(|severity| (count(severity), name(severity))).into_iter();
    let counts: Vec<String> =
        counts.filter(|(count, _)| *count > 0).map(|(count, name)| format!("{count} {name}")).collect();
    if counts.is_empty() { "same messages".to_owned() } else { counts.join(", ") }
}

impl Report<'_> {
    /// Returns the text for a terminal.
    pub(super) fn text(&self) -> String {
        let mut lines = Vec::new();
        for api in &self.apis {
            lines.push(format!("{}: {}", api.module, api.summary()));
            for severity in SEVERITIES.into_iter().filter(|severity| *severity != Severity::Documentation) {
                for (change, places) in api.changes(severity) {
                    let mut places: Vec<&str> = places.iter().flatten().map(String::as_str).collect();
                    places.dedup();
                    lines.push(format!("  {:10}  {}", name(severity), line(change, str::to_owned)));
                    lines.push(format!("              {}", places.join(" → ")));
                }
            }
            let items = api.items();
            lines.extend(items.iter().take(LISTED).map(|item| format!("  {item}")));
            if items.len() > LISTED {
                lines.push(format!("  and {} more", counted(items.len() - LISTED, "public item")));
            }
            lines.extend(api.notes().map(|note| format!("  {note}")));
        }
        lines.into_iter().map(|line| line + "\n").collect()
    }

    /// Returns the text for a pull request: breaking and risky changes first, everything else folded.
    pub(super) fn markdown(&self) -> String {
        let mut text = String::new();
        for api in &self.apis {
            text.push_str(&format!("### `{}`: {}\n\n", api.module, api.summary()));
            let bullets = |severity: Severity| {
                let bullet = |(change, places): (&WireChange, &[Option<String>; 2])| {
                    let place = places.iter().flatten().next_back().map(|place| span(place)).unwrap_or_default();
                    format!("- **{}**: {} ({place})\n", name(severity), line(change, span))
                };
                api.changes(severity).map(bullet).collect::<String>()
            };
            let [breaking, risky, compatible, words] = SEVERITIES.map(bullets);
            text.extend([breaking, risky, "\n".to_owned()]);
            fold(&mut text, "Compatible changes", &compatible);
            fold(&mut text, "Documentation", &words);
            let items = api.items();
            if !items.is_empty() {
                fold(&mut text, &counted(items.len(), "public item"), &format!("```diff\n{}\n```\n", items.join("\n")));
            }
            let notes: String = api.notes().map(|note| format!("- {}\n", span(&note))).collect();
            fold(&mut text, "Warnings, ledger and files", &notes);
        }
        text
    }

    /// Returns an entry of a changelog for each API.
    pub(super) fn changelog(&self) -> String {
        let mut text = String::new();
        for api in &self.apis {
            text.push_str(&format!("## `{}`\n\n", api.module));
            for severity in SEVERITIES.into_iter().filter(|severity| *severity != Severity::Documentation) {
                let lines = api.changes(severity).map(|(change, _)| format!("- {}\n", line(change, span)));
                section(&mut text, &format!("Messages, {}", name(severity)), &lines.collect::<String>());
            }
            let items = api.items().into_iter().map(|item| {
                let (sign, item) = item.split_once(' ').unwrap_or_default();
                let verb = if sign == "-" {
                    "removed"
                } else if sign == "+" {
                    "added"
                } else {
                    "changed"
                };
                format!("- {verb} {}\n", span(item))
            });
            section(&mut text, "Public items", &items.collect::<String>());
        }
        text
    }

    /// Returns the changes as JSON.
    pub(super) fn json(&self) -> Value {
        let wire = |(change, [old, new]): (&WireChange, &[Option<String>; 2])| {
            json!({
                "severity": name(change.severity),
                "withOldServer": name(change.with_old_server),
                "message": change.message,
                "old": change.old.as_ref().map(Pointer::as_str),
                "new": change.new.as_ref().map(Pointer::as_str),
                "oldPlace": old,
                "newPlace": new,
                "operations": change.operations,
            })
        };
        let item = |change: &ItemChange| json!({ "item": change.item, "old": change.old, "new": change.new, "breaking": change.is_breaking });
        let warning =
            |one: &Diagnostic| json!({ "code": one.code.0, "message": one.message, "at": one.pointer.as_str() });
        let file = |(path, cause): &(&str, Cause)| json!({ "path": path, "cause": cause.name() });
        let api = |api: &Api<'_>| {
            let Differences { items, bump, introduced, resolved, .. } = &api.differences;
            let [old_lines, new_lines] = &api.ledger;
            let changes: Vec<Value> = api.differences.wire.iter().zip(&api.places).map(wire).collect();
            json!({
                "api": api.module,
                "bump": self::bump(*bump),
                "messages": changes,
                "items": items.iter().map(item).collect::<Vec<_>>(),
                "newWarnings": introduced.iter().map(warning).collect::<Vec<_>>(),
                "resolvedWarnings": resolved.iter().map(warning).collect::<Vec<_>>(),
                "files": api.files.iter().map(file).collect::<Vec<_>>(),
                "newLedgerLines": new_lines,
                "resolvedLedgerLines": old_lines,
            })
        };
        self.apis.iter().map(api).collect()
    }
}

/// Adds a folded section, unless it is empty.
fn fold(text: &mut String, title: &str, body: &str) {
    if !body.is_empty() {
        text.push_str(&format!("<details><summary>{title}</summary>\n\n{body}\n</details>\n\n"));
    }
}

/// Adds a section, unless it is empty.
fn section(text: &mut String, title: &str, body: &str) {
    if !body.is_empty() {
        text.push_str(&format!("### {title}\n\n{body}\n"));
    }
}

/// Returns the place of a node: file, line and pointer, in the vendor's document if it was normalized.
fn place((version, text): (Option<&Version>, Option<&Text<'_>>), node: &Option<Pointer>) -> Option<String> {
    let (version, text, node) = (version?, text?, node.as_ref()?);
    let shown = || format!("{}:{} {node}", text.name, text.nodes.first(node));
    Some(safe(&version.origins.as_ref().map_or_else(shown, |origins| origins.place(node))))
}

/// Returns a change with the operations that it affects, whose names are quoted by `quote`.
fn line(change: &WireChange, quote: fn(&str) -> String) -> String {
    let operations = match change.operations.as_slice() {
        [] => String::new(),
        [first, others @ ..] if others.len() >= NAMED => format!("{} and {} others: ", quote(first), others.len()),
        named => format!("{}: ", named.iter().map(|one| quote(one)).collect::<Vec<_>>().join(", ")),
    };
    let is_worse = change.with_old_server > change.severity && change.with_old_server >= Severity::Risky;
    let reverse = if is_worse { format!(" (old server: {})", name(change.with_old_server)) } else { String::new() };
    safe(&format!("{operations}{}{reverse}", change.message))
}

/// Returns text as a code span of Markdown.
fn span(text: &str) -> String {
    format!("`{}`", text.replace('`', "'"))
}

/// Returns a public item as a line of a diff, and the rank of its kind.
fn item(change: &ItemChange) -> (u8, String) {
    let signature = |text: &str| if text.is_empty() { String::new() } else { format!(": {text}") };
    let (rank, line) = match (&change.old, &change.new) {
        (Some(old), Some(new)) => (1, format!("! {}: {old} → {new}", change.item)),
        (Some(old), None) => (0, format!("- {}{}", change.item, signature(old))),
        (None, new) => (2, format!("+ {}{}", change.item, signature(new.as_deref().unwrap_or_default()))),
    };
    (rank, safe(&line))
}

/// Returns text of a document that is safe on one line of a terminal and of Markdown.
fn safe(text: &str) -> String {
    let visible = text.chars().map(|c| if is_hidden(c) { char::REPLACEMENT_CHARACTER } else { c });
    visible.collect::<String>().replace("<!--", "<\u{fffd}--").replace("```", "'''")
}

pub(super) fn name(severity: Severity) -> &'static str {
    match severity {
        Severity::Breaking => "breaking",
        Severity::Risky => "risky",
        Severity::Compatible => "compatible",
        Severity::Documentation => "documentation",
    }
}

fn bump(bump: VersionBump) -> &'static str {
    match bump {
        VersionBump::Major => "major",
        VersionBump::Minor => "minor",
        VersionBump::Patch => "patch",
        VersionBump::None => "none",
    }
}
