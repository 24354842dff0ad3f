//! The support matrix: the effect of each keyword of OpenAPI 3.0.3, according to the fixtures. Not a stage of the pipeline.
//!
//! In: fixtures, and the normalizer's results for its own fixtures. Out: a page of Markdown, and the keywords without a fixture.
//! Invariant: a keyword is supported if a document with it is generated without a diagnostic, and unsupported if there is a
//! diagnostic at its place. Only keywords that are ignored on purpose are listed by hand (`IGNORED`).

mod effects;
mod usage;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value;

use self::effects::{CONVERTED, EFFECTS, STYLES};
use self::usage::{Keyword, KeywordUse};
use clientwright::generate::{Document, read_api};
use clientwright_normalizer::diagnostic::{Diagnostic, DiagnosticKind};
use clientwright_normalizer::normalize::Ledger;
use clientwright_normalizer::{load, normalize};

use crate::files::{entries, stem};
use crate::validate::{Fixture, fixtures};

/// A document as a fixture.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The display name: the folder of its kind, and the stem of its file.
    pub name: String,
    /// The document for the generator.
    pub document: Document,
}

/// The normalizer's result for a document.
#[derive(Clone, Debug)]
pub struct Normalizing {
    /// The group, which is a version or a pass, and the document's name: `3.1/const`.
    pub name: String,
    /// The ledger; for an invalid document, the codes of its diagnostics.
    pub outcome: Result<Ledger, BTreeSet<String>>,
}

/// The page, and the faults that keep it from being complete.
#[derive(Clone, Debug, Default)]
pub struct Matrix {
    /// Markdown.
    pub text: String,
    /// Keywords without a fixture, and invalid or obsolete entries of `IGNORED`.
    pub faults: Vec<String>,
}

/// Keywords without an effect on generated code and without a diagnostic, each with the reason. An object is not listed as a
/// whole.
const IGNORED: [(&str, &str, &str); 22] = [
    ("`info`", "termsOfService", "a legal matter without effect on code"),
    ("`info`", "contact", "see the document"),
    ("`info`", "license", "the licence of the document, not of the client"),
    ("a contact", "", "see `info`"),
    ("a licence", "", "see `info`"),
    ("a path item", "summary", "nothing is generated for a path as a whole"),
    ("a path item", "description", "nothing is generated for a path as a whole"),
    ("external documentation", "description", "the link is enough"),
    ("a media type", "example", "bodies are documented by their types"),
    ("a media type", "examples", "bodies are documented by their types"),
    ("a header", "required", "headers are read by name and may be absent"),
    ("a header", "explode", "headers are read as text"),
    ("a header", "example", "headers are read as text"),
    ("a header", "examples", "headers are read as text"),
    ("an example", "externalValue", "nothing is fetched"),
    ("`components`", "links", "see `links` of a response"),
    ("a response", "links", "sequences of calls are up to the caller"),
    ("a link", "", "see `links` of a response"),
    ("a security scheme", "openIdConnectUrl", TOKENS),
    ("`flows`", "implicit", TOKENS),
    ("an implicit flow", "", TOKENS),
    ("an authorization code flow", "authorizationUrl", TOKENS),
];

const TOKENS: &str = "the caller provides the token";

/// The evidence for one keyword, or for an object as a whole.
#[derive(Debug, Default)]
struct Evidence {
    /// Documents with it that are generated without a diagnostic.
    whole: BTreeSet<String>,
    /// Codes that were reported at its place, each with the documents.
    codes: BTreeMap<String, BTreeSet<String>>,
    /// Codes that were reported for a surrounding node. They count only for a keyword that occurs nowhere else.
    around: BTreeMap<String, BTreeSet<String>>,
}

impl Evidence {
    fn conclude(&mut self) {
        if self.whole.is_empty() && self.codes.is_empty() {
            self.codes = std::mem::take(&mut self.around);
        }
    }
}

/// Reads a folder of fixtures: `ok` and `unsupported` for the generator, and below `normalize` a folder for each group. A group
/// contains documents, or folders that contain an `openapi.yaml`; `X.overlay.yaml` is applied to the document `X`.
///
/// # Errors
/// Returns an error, in one line, if a file cannot be read.
pub fn read(folder: &Path) -> Result<(Vec<Shown>, Vec<Normalizing>), String> {
    let mut shown = Vec::new();
    for kind in ["ok", "unsupported"] {
        for path in entries(&folder.join(kind))? {
            let module = stem(&path);
            let name = format!("{kind}/{module}");
            let source = load::read(&path, &name).map_err(|fault| fault.message)?;
            shown.push(Shown { name, document: Document::new(module, source) });
        }
    }
    let mut normalizing = Vec::new();
    for Fixture { name, input, overlays } in fixtures(&folder.join("normalize"))? {
        let outcome = match normalize::normalize_files(&input, &overlays) {
            Ok(normalized) => Ok(normalized.ledger),
            Err(failure) => Err(failure.diagnostics.iter().map(|found| found.code.to_string()).collect()),
        };
        normalizing.push(Normalizing { name, outcome });
    }
    Ok((shown, normalizing))
}

/// Renders the page.
#[must_use]
pub fn matrix(fixtures: &[Shown], normalizing: &[Normalizing]) -> Matrix {
    let evidence = evidence(fixtures);
    let mut matrix = Matrix { text: HEADER.to_owned(), faults: Vec::new() };
    let keywords = usage::keywords();
    for object in keywords.chunk_by(|one, next| one.object == next.object) {
        let name = object.first().map_or("", |keyword| keyword.object);
        let _ = write!(matrix.text, "\n### {}\n\n", title(name));
        if let Some(whole) = evidence.get(&(name, None)).filter(|whole| !whole.codes.is_empty()) {
            let _ = write!(matrix.text, "Reported for the whole object: {}.\n\n", codes(whole));
        }
        // Keywords with the same status and effect share a row.
        let mut rows: Vec<(String, Vec<&str>)> = Vec::new();
        for keyword in object {
            let row = status(&mut matrix, *keyword, evidence.get(&(name, Some(keyword.name))));
            match rows.iter_mut().find(|(known, _)| *known == row) {
                Some((_, names)) => names.push(keyword.name),
                None => rows.push((row, vec![keyword.name])),
            }
        }
        matrix.text.push_str("| keyword | status | effect |\n|---|---|---|\n");
        for (row, names) in rows {
            let _ = writeln!(matrix.text, "| {} | {row} |", spans(names));
        }
    }
    matrix.text.push_str(&format!("\n{STYLES}"));
    for (heading, rows) in CONVERTED {
        let _ = write!(matrix.text, "\n## {heading}\n\n| keyword | effect |\n|---|---|\n");
        for (names, effect) in *rows {
            let _ = writeln!(matrix.text, "| {} | {effect} |", spans(names.split('|')));
        }
    }
    rules(&mut matrix.text, normalizing);
    matrix.faults.extend(stale(&keywords));
    matrix
}

/// Returns the faults of the lists by hand: unknown keywords, and keywords of later versions that are missing.
fn stale(keywords: &[Keyword]) -> Vec<String> {
    let effects = EFFECTS.iter().flat_map(|(object, names, _)| names.split(' ').map(move |name| (*object, name)));
    let listed = effects.chain(IGNORED.iter().map(|(object, name, _)| (*object, *name)));
    let is_known = |object: &str, name: &str| {
        keywords.iter().any(|keyword| keyword.object == object && (name.is_empty() || keyword.name == name))
    };
    let unknown = listed.filter(|(object, name)| !is_known(object, name));
    let unknown = unknown.map(|(object, name)| format!("`{name}` of {object} is listed, and there is no such keyword"));
    let converted: BTreeSet<&str> =
        CONVERTED.iter().flat_map(|(_, rows)| *rows).flat_map(|(names, _)| names.split('|')).collect();
    let later = usage::later().into_iter().filter(|name| !name.starts_with("x-") && !converted.contains(name));
    unknown.chain(later.map(|name| format!("`{name}` of a later version is not in `CONVERTED`"))).collect()
}

const HEADER: &str = "\
# Supported keywords

Search this page for a keyword: what it does in a client, or that it has no effect. Clients read OpenAPI 3.0.3;
`normalize` converts [3.1 and JSON Schema](#keywords-of-json-schema-2020-12-and-openapi-31),
[3.2](#keywords-of-openapi-32) and [Swagger 2.0](#keywords-of-swagger-20). [Extension keys](EXTENSIONS.md) have their own page.

Written by `cargo xtask matrix` from the fixtures under `tests/fixtures`; do not edit.

## Keywords of OpenAPI 3.0.3

| status | meaning |
|---|---|
| supported | generated without a diagnostic |
| in part | some uses are not generated, and each is reported under a [code](DIAGNOSTICS.md) |
| unsupported | every use is reported |
| ignored | no effect on the client, deliberately |
";

fn title(object: &str) -> &str {
    object.strip_prefix("a ").or_else(|| object.strip_prefix("an ")).unwrap_or(object)
}

/// Formats names as code.
fn spans<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// Returns the status of a keyword and its effect, as the last two columns of its row.
fn status(matrix: &mut Matrix, Keyword { object, name }: Keyword, evidence: Option<&Evidence>) -> String {
    let none = Evidence::default();
    let evidence = evidence.unwrap_or(&none);
    let ignored =
        IGNORED.iter().find(|(other, ignored, _)| *other == object && (ignored.is_empty() || *ignored == name));
    let effect = EFFECTS.iter().find(|(other, names, _)| *other == object && names.split(' ').any(|one| one == name));
    let effect = effect.map(|(.., effect)| (*effect).to_owned());
    if ignored.is_none() && evidence.whole.is_empty() && evidence.codes.is_empty() {
        matrix.faults.push(format!("no fixture shows `{name}` of {object}"));
    }
    match ignored {
        Some((_, _, why)) => format!("ignored | {why}"),
        None if evidence.codes.is_empty() => format!("supported | {}", effect.unwrap_or_default()),
        None if evidence.whole.is_empty() => format!("unsupported | reported: {}", codes(evidence)),
        None => {
            let effect = effect.map_or(String::new(), |effect| effect + "; ");
            format!("in part | {effect}reported: {}", codes(evidence))
        }
    }
}

fn codes(evidence: &Evidence) -> String {
    spans(evidence.codes.keys().map(String::as_str))
}

/// Returns the evidence for each keyword.
fn evidence(fixtures: &[Shown]) -> BTreeMap<(&'static str, Option<&'static str>), Evidence> {
    let mut evidence: BTreeMap<_, Evidence> = BTreeMap::new();
    for fixture in fixtures {
        let Some(document) = canonical(&fixture.document) else { continue };
        let uses = usage::uses(&document);
        let Ok((_, diagnostics)) = read_api(&fixture.document) else { continue };
        if diagnostics.is_empty() {
            for one in &uses {
                evidence.entry((one.object, one.keyword)).or_default().whole.insert(fixture.name.clone());
            }
        }
        for diagnostic in diagnostics.iter().filter(|diagnostic| diagnostic.kind == DiagnosticKind::Unsupported) {
            let Some(nearest) = nearest(&uses, diagnostic) else { continue };
            let reported = |codes: &mut BTreeMap<String, BTreeSet<String>>| {
                codes.entry(diagnostic.code.to_string()).or_default().insert(fixture.name.clone());
            };
            reported(&mut evidence.entry((nearest.object, nearest.keyword)).or_default().codes);
            for one in parts(&uses, nearest, diagnostic) {
                reported(&mut evidence.entry((one.object, one.keyword)).or_default().around);
            }
        }
    }
    evidence.values_mut().for_each(Evidence::conclude);
    evidence
}

fn canonical(document: &Document) -> Option<Value> {
    let value = load::parse(&document.source).ok()?;
    normalize::canonical(&document.source, value).ok()
}

/// Returns the subject of a diagnostic: the innermost keyword or object around it. If an object is a keyword's value, the
/// keyword.
fn nearest<'u>(uses: &'u [KeywordUse], diagnostic: &Diagnostic) -> Option<&'u KeywordUse> {
    let around = uses.iter().filter(|one| below(diagnostic.pointer.as_str(), one.at.as_str()));
    around.max_by_key(|one| (one.at.as_str().len(), one.keyword.is_some()))
}

/// Returns the uses inside a subject: a diagnostic about a keyword's value applies to all of its contents. The same holds for a
/// media type, of which nothing is generated if it cannot be sent or read.
fn parts<'u>(
    uses: &'u [KeywordUse],
    nearest: &KeywordUse,
    diagnostic: &Diagnostic,
) -> impl Iterator<Item = &'u KeywordUse> {
    let is_whole = nearest.at == diagnostic.pointer && (nearest.keyword.is_some() || nearest.object == "a media type");
    let at = nearest.at.clone();
    uses.iter().filter(move |one| is_whole && one.at != at && below(one.at.as_str(), at.as_str()))
}

/// Returns `true` if a place is equal to or inside another.
fn below(inner: &str, outer: &str) -> bool {
    inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The kinds of ledger entries and their meanings.
const KINDS: [(&str, &str); 6] = [
    ("lossy", "the normalized document lost information"),
    ("interpreted", "a mistake was repaired, or a meaning was assumed"),
    ("contradictory", "examples of the document contradict its schemas"),
    ("proposed", "nothing was changed; an overlay can state what names suggest"),
    ("equivalent", "rewritten with the same meaning"),
    ("refused", "nothing was written; a diagnostic has this code"),
];

/// Writes the normalizer's rules, by kind.
fn rules(text: &mut String, normalizing: &[Normalizing]) {
    let mut rules: BTreeSet<(String, &str)> = BTreeSet::new();
    for Normalizing { outcome, .. } in normalizing {
        match outcome {
            Ok(ledger) => rules
                .extend(ledger.entries.iter().map(|entry| (format!("{:?}", entry.kind).to_lowercase(), entry.rule))),
            Err(codes) => rules.extend(codes.iter().map(|code| ("refused".to_owned(), code.as_str()))),
        }
    }
    text.push_str(
        "\n## Steps of normalization\n\nThe rules that the [ledger](maintain/fix.md#reading-the-ledger) names.\n\n\
         | kind | meaning | rules |\n|---|---|---|\n",
    );
    let is_known = |kind: &str| KINDS.iter().any(|(known, _)| *known == kind);
    assert!(rules.iter().all(|(kind, _)| is_known(kind)), "each kind of step has a row");
    for (kind, meaning) in KINDS {
        let names = rules.iter().filter(|(of, _)| of == kind).map(|(_, rule)| *rule);
        let _ = writeln!(text, "| {kind} | {meaning} | {} |", spans(names));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clientwright_normalizer::Source;

    fn shown(name: &str, rest: &str) -> Shown {
        let text = format!("openapi: 3.0.3\ninfo: {{title: t, version: v}}\npaths: {{}}\n{rest}\n");
        let source = Source { name: name.to_owned(), text };
        Shown { name: name.to_owned(), document: Document::new("t", source) }
    }

    #[test]
    fn a_status_follows_from_what_fixtures_show() {
        let fixtures = [
            shown("ok/a", "components: {schemas: {A: {type: string, maxLength: 3}}}"),
            shown("unsupported/b", "components: {schemas: {A: {type: string, not: {type: string}}}}"),
        ];
        let Matrix { text, faults } = matrix(&fixtures, &[]);
        assert!(text.contains("| `not` | unsupported | reported: `ignored-not` |"), "{text}");
        assert!(text.contains("| `termsOfService` | ignored | "), "{text}");
        assert!(faults.contains(&"no fixture shows `oneOf` of a schema".to_owned()));
        assert!(!faults.iter().any(|fault| fault.contains("maxLength") || fault.contains("ignored")), "{faults:?}");
    }

    #[test]
    fn what_normalizing_did_is_listed_by_kind() {
        let refused = Err(BTreeSet::from(["dynamic-reference".to_owned()]));
        let normalizing = [Normalizing { name: "3.1/dynamic".to_owned(), outcome: refused }];
        let Matrix { text, .. } = matrix(&[], &normalizing);
        assert!(text.contains("has this code | `dynamic-reference` |"), "{text}");
    }
}
