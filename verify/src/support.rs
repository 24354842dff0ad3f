//! The support matrix: the effect of each keyword of OpenAPI 3.0.3, as the fixtures show it. No stage of the pipeline.
//!
//! In: fixtures, and what the normalizer did with its own. Out: a page of Markdown, and the keywords that no fixture shows.
//! Invariant: a keyword counts as supported because a document that uses it is generated without a diagnostic, and as unsupported
//! because a diagnostic at its place says so; only what is ignored on purpose is listed by hand (`IGNORED`).

mod usage;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value;

use self::usage::{Keyword, KeywordUse};
use clientwright::generate::{Document, read_api};
use clientwright_normalizer::diagnostic::{Diagnostic, DiagnosticKind};
use clientwright_normalizer::normalize::Ledger;
use clientwright_normalizer::{load, normalize};

use crate::files::{entries, stem};
use crate::validate::{Fixture, fixtures};

/// A document that shows something.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Its name for people: the folder of its kind, and the stem of its file.
    pub name: String,
    /// It as the generator takes it.
    pub document: Document,
}

/// What the normalizer did with a document.
#[derive(Clone, Debug)]
pub struct Normalizing {
    /// The group, which is a version or a pass, and the document's name: `3.1/const`.
    pub name: String,
    /// The steps; for a document that is refused, the codes of its diagnostics.
    pub outcome: Result<Ledger, BTreeSet<String>>,
}

/// The page, and what keeps it from being complete.
#[derive(Clone, Debug, Default)]
pub struct Matrix {
    /// Markdown.
    pub text: String,
    /// Keywords without a fixture, and invalid or obsolete entries of `IGNORED`.
    pub faults: Vec<String>,
}

/// Keywords that have no effect on what is generated and of which nothing is said, each with the reason. No keyword stands for
/// all of an object.
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
    ("`components`", "links", "see a response"),
    ("a response", "links", "sequences of calls are up to the caller"),
    ("a link", "", "see a response"),
    ("a security scheme", "openIdConnectUrl", TOKENS),
    ("`flows`", "implicit", TOKENS),
    ("an implicit flow", "", TOKENS),
    ("an authorization code flow", "authorizationUrl", TOKENS),
];

const TOKENS: &str = "the caller provides the token";

/// What the fixtures say of one keyword, or of an object as a whole.
#[derive(Debug, Default)]
struct Evidence {
    /// Documents that use it and are generated without a diagnostic.
    whole: BTreeSet<String>,
    /// Codes that were reported at its place, each with the documents.
    codes: BTreeMap<String, BTreeSet<String>>,
    /// Codes that were reported of what it is a part of. They tell something only of a keyword that is nowhere else.
    around: BTreeMap<String, BTreeSet<String>>,
}

impl Evidence {
    fn conclude(&mut self) {
        if self.whole.is_empty() && self.codes.is_empty() {
            self.codes = std::mem::take(&mut self.around);
        }
    }
}

/// Reads a folder of fixtures: `ok` and `unsupported` for the generator, and below `normalize` a folder for each group, with
/// documents, or folders that hold an `openapi.yaml`; `X.overlay.yaml` beside a document is applied to it.
///
/// # Errors
/// One line, if a file cannot be read.
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

/// Writes the page.
#[must_use]
pub fn matrix(fixtures: &[Shown], normalizing: &[Normalizing]) -> Matrix {
    let evidence = evidence(fixtures);
    let mut matrix = Matrix { text: HEADER.to_owned(), faults: Vec::new() };
    let keywords = usage::keywords();
    let mut object = "";
    for keyword in &keywords {
        if keyword.object != object {
            object = keyword.object;
            let _ = write!(matrix.text, "\n### {}\n\n", title(object));
            if let Some(whole) = evidence.get(&(object, None)).filter(|whole| !whole.codes.is_empty()) {
                let _ = write!(matrix.text, "Reported for the whole object: {}.\n\n", codes(whole));
            }
            matrix.text.push_str("| keyword | status | reported as | fixtures |\n|---|---|---|---|\n");
        }
        row(&mut matrix, *keyword, evidence.get(&(object, Some(keyword.name))));
    }
    for (object, name, _) in IGNORED {
        if !keywords.iter().any(|keyword| keyword.object == object && (name.is_empty() || keyword.name == name)) {
            matrix.faults.push(format!("`{name}` of {object} is listed as ignored, and there is no such keyword"));
        }
    }
    rules(&mut matrix.text, normalizing);
    matrix
}

const HEADER: &str = "\
# Supported keywords

The effect of each keyword of OpenAPI on a client, for maintainers of a client. Derived from the fixtures under `tests/fixtures`.

Written by `cargo xtask matrix`; do not edit.

## Keywords of OpenAPI 3.0.3

| status | meaning |
|---|---|
| supported | generated without a diagnostic |
| in part | some uses are not generated, and each is reported under the given code |
| unsupported | every use is reported |
| ignored | no effect on the client, deliberately |
";

fn title(object: &str) -> &str {
    object.strip_prefix("a ").or_else(|| object.strip_prefix("an ")).unwrap_or(object)
}

fn row(matrix: &mut Matrix, keyword: Keyword, evidence: Option<&Evidence>) {
    let Keyword { object, name } = keyword;
    let none = Evidence::default();
    let evidence = evidence.unwrap_or(&none);
    let ignored =
        IGNORED.iter().find(|(other, ignored, _)| *other == object && (ignored.is_empty() || *ignored == name));
    let status = match ignored {
        Some((_, _, why)) => format!("ignored: {why}"),
        None if evidence.codes.is_empty() => "supported".to_owned(),
        None if evidence.whole.is_empty() => "unsupported".to_owned(),
        None => "in part".to_owned(),
    };
    if ignored.is_none() && evidence.whole.is_empty() && evidence.codes.is_empty() {
        matrix.faults.push(format!("no fixture shows `{name}` of {object}"));
    }
    let shown: Vec<&String> = evidence.whole.iter().chain(evidence.codes.values().flatten()).collect();
    let mut distinct: Vec<String> = Vec::new();
    for name in shown {
        let name = format!("`{name}`");
        if !distinct.contains(&name) {
            distinct.push(name);
        }
    }
    // Those that show it alone would be best; the first ones have to do.
    distinct.truncate(2);
    let _ = writeln!(matrix.text, "| `{name}` | {status} | {} | {} |", codes(evidence), distinct.join(", "));
}

fn codes(evidence: &Evidence) -> String {
    evidence.codes.keys().map(|code| format!("`{code}`")).collect::<Vec<_>>().join(", ")
}

/// What the fixtures show of each keyword.
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

/// The subject of a finding: the innermost keyword or object around it. If an object is a keyword's value, the keyword.
fn nearest<'u>(uses: &'u [KeywordUse], diagnostic: &Diagnostic) -> Option<&'u KeywordUse> {
    let around = uses.iter().filter(|one| below(diagnostic.pointer.as_str(), one.at.as_str()));
    around.max_by_key(|one| (one.at.as_str().len(), one.keyword.is_some()))
}

/// What is said of the value of a keyword is said of all that is in it; likewise of a media type, of which nothing is generated
/// if it cannot be sent or read.
fn parts<'u>(
    uses: &'u [KeywordUse],
    nearest: &KeywordUse,
    diagnostic: &Diagnostic,
) -> impl Iterator<Item = &'u KeywordUse> {
    let is_whole = nearest.at == diagnostic.pointer && (nearest.keyword.is_some() || nearest.object == "a media type");
    let at = nearest.at.clone();
    uses.iter().filter(move |one| is_whole && one.at != at && below(one.at.as_str(), at.as_str()))
}

/// Whether a place is at or in another.
fn below(inner: &str, outer: &str) -> bool {
    inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// What the normalizer does, group by group.
fn rules(text: &mut String, normalizing: &[Normalizing]) {
    text.push_str(
        "\n## Other versions, several files and mistakes\n\n\
         The steps of `cargo xtask normalize` for its fixtures under `tests/fixtures/normalize`:\n\n\
         | kind | meaning |\n|---|---|\n\
         | lossy | the normalized document lost information |\n\
         | interpreted | a mistake was repaired, or a meaning was assumed |\n\
         | contradictory | examples of the document contradict its schemas |\n\
         | proposed | nothing was changed; an overlay can state what names suggest |\n\
         | equivalent | rewritten with the same meaning |\n\
         | refused | nothing was written; a diagnostic names the mistake |\n",
    );
    let mut groups: BTreeMap<&str, BTreeMap<(String, String), BTreeSet<&str>>> = BTreeMap::new();
    for one in normalizing {
        let (group, name) = one.name.split_once('/').unwrap_or(("", &one.name));
        let rules = groups.entry(group).or_default();
        match &one.outcome {
            Ok(ledger) => {
                for entry in &ledger.entries {
                    let kind = format!("{:?}", entry.kind).to_ascii_lowercase();
                    rules.entry((entry.rule.to_owned(), kind)).or_default().insert(name);
                }
            }
            Err(codes) => {
                for code in codes {
                    rules.entry((code.clone(), "refused".to_owned())).or_default().insert(name);
                }
            }
        }
    }
    for (group, rules) in groups {
        let _ = write!(text, "\n### {group}\n\n| rule or code | kind | fixtures |\n|---|---|---|\n");
        for ((rule, kind), names) in rules {
            let names: Vec<String> = names.iter().take(3).map(|name| format!("`{name}`")).collect();
            let _ = writeln!(text, "| `{rule}` | {kind} | {} |", names.join(", "));
        }
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
        assert!(text.contains("| `maxLength` | supported |  | `ok/a` |"), "{text}");
        assert!(text.contains("| `not` | unsupported | `ignored-not` | `unsupported/b` |"), "{text}");
        assert!(text.contains("| `termsOfService` | ignored: "), "{text}");
        assert!(faults.contains(&"no fixture shows `oneOf` of a schema".to_owned()));
        assert!(!faults.iter().any(|fault| fault.contains("maxLength") || fault.contains("ignored")), "{faults:?}");
    }

    #[test]
    fn what_normalizing_did_is_told_by_group() {
        let refused = Err(BTreeSet::from(["dynamic-reference".to_owned()]));
        let normalizing = [Normalizing { name: "3.1/dynamic".to_owned(), outcome: refused }];
        let Matrix { text, .. } = matrix(&[], &normalizing);
        assert!(text.contains("### 3.1\n") && text.contains("| `dynamic-reference` | refused | `dynamic` |"), "{text}");
    }
}
