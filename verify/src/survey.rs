//! What went into the pipeline and what came out of it, counted: no stage, but the account of all of them.
//!
//! In: a document as its vendor wrote it, what normalizing made of it, and what generating gave. Out: [`Figures`], and a
//! line for each operation that is not generated. Invariant: operations are counted on the documents themselves, so that a
//! stage that loses one silently is found out.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::audit;
use clientwright::generate::{GeneratedApi, Generation};
use clientwright::internal::call_variants::call_variants;
use clientwright::internal::name::name;
use clientwright::ir::{Api, Shape};
use clientwright_normalizer::diagnostic::Diagnostic;
use clientwright_normalizer::load;
use clientwright_normalizer::normalize::{Entry, EntryKind, Ledger};
use clientwright_normalizer::pointer::Pointer;
use clientwright_normalizer::structure::extensions::ADDITIONAL_OPERATIONS;
use clientwright_normalizer::structure::grammar::METHODS;

/// What is surveyed.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The document as its vendor wrote it, in any version; of several files the one that leads to the others.
    pub written: &'a Value,
    /// What was done to it.
    pub ledger: &'a Ledger,
    /// The canonical document.
    pub document: &'a Value,
    /// What was generated from that alone.
    pub generation: &'a Generation,
}

/// The account of one document.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// The version that the vendor wrote it in.
    pub version: String,
    /// The operations that the vendor's document holds.
    pub operations: usize,
    /// The operations that are generated.
    pub emitted: usize,
    /// The operations that are not, each with every reason that was given.
    pub unsupported: Vec<Named>,
    /// The operations that are neither generated nor named: a mistake of the generator.
    pub lost: Vec<String>,
    /// Component schemas of the canonical document.
    pub schemas: usize,
    /// Types that are items of their own.
    pub types: usize,
    /// Branches of unions.
    pub branches: usize,
    /// Branches that nothing tells apart, so that they are called by a number.
    pub numbered: usize,
    /// Places that are any JSON value, although their schemas say more.
    pub untyped: Vec<Named>,
    /// Generated files.
    pub files: usize,
    /// Lines of generated files.
    pub lines: usize,
    /// Lines of the largest file, and its path below the crate's `src`.
    pub largest: (usize, String),
    /// What was said about the canonical document: how often each code.
    pub diagnostics: BTreeMap<String, usize>,
    /// What was done to the document, by kind: lossy, interpreted, the same.
    pub ledger: [usize; 3],
}

/// Something, and what is to be said about it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Named {
    /// `GET /pets`, or a JSON pointer.
    pub what: String,
    /// Why it is listed.
    pub reasons: Vec<String>,
}

/// Counts. `None` if nothing was generated, because the document has errors.
#[must_use]
pub fn survey(subject: Subject<'_>) -> Option<Figures> {
    let Subject { written, ledger, document, generation } = subject;
    let generated = generation.apis.first()?;
    let canonical = operations(document);
    let Refused { mut unsupported, mut lost } = refused(&canonical, generated, &generation.diagnostics);
    let gone = gone(written, &canonical, ledger);
    let operations = canonical.len() + gone.unsupported.len() + gone.lost.len();
    unsupported.extend(gone.unsupported);
    lost.extend(gone.lost);
    let schemas = document.pointer("/components/schemas").and_then(Value::as_object).map_or(0, serde_json::Map::len);
    let untyped = audit::untyped(&generated.api, document).into_iter();
    let untyped = untyped.map(|one| Named { what: one.pointer.to_string(), reasons: vec![one.reason] });
    let (branches, numbered) = branches(&generated.api);
    let lines = |text: &str| text.lines().count();
    let largest = generated.files.iter().map(|file| (lines(&file.contents), &file.path));
    let largest = largest.max_by(|(one, path), (other, further)| (one, further).cmp(&(other, path)));
    Some(Figures {
        version: version(written),
        operations,
        emitted: generated.api.operations.len(),
        unsupported,
        lost,
        schemas,
        types: generated.types,
        branches,
        numbered,
        untyped: untyped.collect(),
        files: generated.files.len(),
        lines: generated.files.iter().map(|file| lines(&file.contents)).sum(),
        largest: largest.map(|(lines, path)| (lines, path.clone())).unwrap_or_default(),
        diagnostics: counted(&generation.diagnostics),
        ledger: [EntryKind::Lossy, EntryKind::Interpreted, EntryKind::Equivalent].map(|kind| ledger.count(kind)),
    })
}

/// A vendor's document before anything is done to it, for [`Subject::written`]. What is wrong with it, normalizing says;
/// where it cannot be read at all, it holds nothing.
#[must_use]
pub fn written(path: &Path) -> Value {
    let value = load::read(path, "").ok().and_then(|source| load::parse_leniently(&source).ok());
    value.map(|loaded| loaded.value).unwrap_or_default()
}

/// What a vendor's document says of its version.
#[must_use]
pub fn version(written: &Value) -> String {
    let version = written.get("openapi").or_else(|| written.get("swagger"));
    match version {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

/// How many branches unions have, and how many of those are called by a number.
fn branches(api: &Api) -> (usize, usize) {
    let names = name(api, &call_variants(api));
    let used = api.types.iter().filter(|(_, ty)| matches!(ty.shape, Shape::Union(_)) && (ty.read || ty.sent));
    let unions: Vec<&[String]> = used.map(|(id, _)| names.members(id)).collect();
    let numbered = unions.iter().flat_map(|members| members.iter().filter(|name| is_numbered(name, members)));
    (unions.iter().map(|members| members.len()).sum(), numbered.count())
}

/// `Variant2`, or a name that differs from another branch's only by a suffix: `Object_`, `Object2`.
fn is_numbered(name: &str, members: &[String]) -> bool {
    let word = name.trim_end_matches(|last: char| last == '_' || last.is_ascii_digit());
    word.len() < name.len() && (word == "Variant" || members.iter().any(|other| other == word))
}

fn counted(diagnostics: &[Diagnostic]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for diagnostic in diagnostics {
        *counts.entry(diagnostic.code.to_string()).or_insert(0) += 1;
    }
    counts
}

/// An operation where it is written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Site {
    path: String,
    /// In capitals.
    method: String,
    at: Pointer,
    id: Option<String>,
}

impl Site {
    fn shown(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// The number of operations of a document of any version.
pub(crate) fn operation_count(document: &Value) -> usize {
    operations(document).len()
}

/// The operations of a document of any version, in its order. `query` and `additionalOperations` are of 3.2 (§4.9).
fn operations(document: &Value) -> Vec<Site> {
    let mut sites = Vec::new();
    let paths = document.get("paths").and_then(Value::as_object);
    // `x-…` are extensions (§4.7.8 of 3.0).
    for (path, item) in paths.into_iter().flatten().filter(|(path, _)| !path.starts_with("x-")) {
        let at = Pointer::root().key("paths").key(path);
        let mut add = |key: &str, at: Pointer, operation: &Value| {
            if operation.is_object() {
                let id = operation.get("operationId").and_then(Value::as_str).map(str::to_owned);
                sites.push(Site { path: path.clone(), method: key.to_uppercase(), at, id });
            }
        };
        for (key, value) in item.as_object().into_iter().flatten() {
            if key == "query" || METHODS.contains(&key.as_str()) {
                add(key, at.key(key), value);
            }
            if key == "additionalOperations" || key == ADDITIONAL_OPERATIONS {
                let at = at.key(key);
                value.as_object().into_iter().flatten().for_each(|(key, value)| add(key, at.key(key), value));
            }
        }
    }
    sites
}

/// Operations that did not come out.
#[derive(Debug, Default)]
struct Refused {
    unsupported: Vec<Named>,
    lost: Vec<String>,
}

impl Refused {
    fn add(&mut self, site: &Site, reasons: BTreeSet<String>) {
        if reasons.is_empty() {
            self.lost.push(site.shown());
        } else {
            self.unsupported.push(Named { what: site.shown(), reasons: reasons.into_iter().collect() });
        }
    }
}

/// What is in the canonical document and not generated. It is named by a diagnostic at its place, or by its id.
fn refused(canonical: &[Site], generated: &GeneratedApi, diagnostics: &[Diagnostic]) -> Refused {
    let emitted = generated.api.operations.iter();
    let emitted: BTreeSet<_> = emitted.map(|one| (one.path.as_str(), one.method.key().to_uppercase())).collect();
    let mut refused = Refused::default();
    for site in canonical.iter().filter(|site| !emitted.contains(&(site.path.as_str(), site.method.clone()))) {
        let id = site.id.as_ref().map(|id| format!("`{id}`"));
        let names = |diagnostic: &&Diagnostic| {
            within(&diagnostic.pointer, &site.at) || id.as_ref().is_some_and(|id| diagnostic.message.contains(id))
        };
        let reasons = diagnostics.iter().filter(names);
        let reasons = reasons.map(|diagnostic| format!("{}: {}", diagnostic.code, diagnostic.message));
        refused.add(site, reasons.collect());
    }
    refused
}

/// What the vendor wrote and the canonical document does not hold. The ledger tells what was dropped, and what only has
/// another place now.
fn gone(written: &Value, canonical: &[Site], ledger: &Ledger) -> Refused {
    let kept: BTreeSet<_> = canonical.iter().map(|site| (&site.path, &site.method)).collect();
    let mut gone = Refused::default();
    for site in operations(written).iter().filter(|site| !kept.contains(&(&site.path, &site.method))) {
        let about: Vec<&Entry> = ledger.entries.iter().filter(|entry| touches(&entry.before, &site.at)).collect();
        let is_moved = !about.is_empty() && about.iter().all(|entry| entry.kind != EntryKind::Lossy);
        if !is_moved {
            let lossy = about.iter().filter(|entry| entry.kind == EntryKind::Lossy);
            gone.add(site, lossy.map(|entry| format!("{}: {}", entry.rule, entry.text)).collect());
        }
    }
    gone
}

/// Whether what was done to a node was done to the operation, or to the path that it belongs to.
fn touches(node: &Pointer, operation: &Pointer) -> bool {
    let paths = Pointer::root().key("paths");
    within(operation, node) && node.as_str().len() > paths.as_str().len()
}

fn within(inner: &Pointer, outer: &Pointer) -> bool {
    let rest = inner.as_str().strip_prefix(outer.as_str());
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests;
