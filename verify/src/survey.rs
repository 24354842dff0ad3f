//! Figures on the input and output of the pipeline; not a stage.
//!
//! In: the vendor's document, its normalization, and its generation. Out: [`Figures`], and a line for each operation that
//! is not generated. Invariant: operations are counted in the documents themselves, so that a stage that silently loses
//! one is detected.

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

/// The input of a survey.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The vendor's document, in any version; of several files, the root.
    pub written: &'a Value,
    /// The changes by normalization.
    pub ledger: &'a Ledger,
    /// The canonical document.
    pub document: &'a Value,
    /// The result of generation from the canonical document.
    pub generation: &'a Generation,
}

/// The figures of one document.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// The vendor's version of the specification.
    pub version: String,
    /// The number of operations in the vendor's document.
    pub operations: usize,
    /// The number of generated operations.
    pub emitted: usize,
    /// The operations that are not generated, with all reported reasons.
    pub unsupported: Vec<Named>,
    /// The operations that are neither generated nor reported: a bug of the generator.
    pub lost: Vec<String>,
    /// The number of component schemas in the canonical document.
    pub schemas: usize,
    /// The number of named types.
    pub types: usize,
    /// The number of branches of unions.
    pub branches: usize,
    /// The number of branches without a distinguishing feature, which are named by a number.
    pub numbered: usize,
    /// The places that are any JSON value although their schemas are more precise.
    pub untyped: Vec<Named>,
    /// The number of generated files.
    pub files: usize,
    /// The number of lines in generated files.
    pub lines: usize,
    /// The number of lines of the largest file, and its path below the crate's `src`.
    pub largest: (usize, String),
    /// The number of diagnostics of the canonical document, by code.
    pub diagnostics: BTreeMap<String, usize>,
    /// The number of ledger entries by kind: lossy, interpreted, equivalent.
    pub ledger: [usize; 3],
}

/// An item with the reasons for listing it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Named {
    /// `GET /pets`, or a JSON pointer.
    pub what: String,
    /// The reasons.
    pub reasons: Vec<String>,
}

/// Counts. Returns `None` if nothing was generated because the document has errors.
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

/// Reads a vendor's document before normalization, for [`Subject::written`]. Normalization reports its faults; an
/// unreadable document is empty.
#[must_use]
pub fn written(path: &Path) -> Value {
    let value = load::read(path, "").ok().and_then(|source| load::parse_leniently(&source).ok());
    value.map(|loaded| loaded.value).unwrap_or_default()
}

/// Returns the version field of a vendor's document.
#[must_use]
pub fn version(written: &Value) -> String {
    let version = written.get("openapi").or_else(|| written.get("swagger"));
    match version {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

/// Returns the number of branches of unions, and how many are named by a number.
fn branches(api: &Api) -> (usize, usize) {
    let names = name(api, &call_variants(api));
    let used = api.types.iter().filter(|(_, ty)| matches!(ty.shape, Shape::Union(_)) && (ty.read || ty.sent));
    let unions: Vec<&[String]> = used.map(|(id, _)| names.members(id)).collect();
    let numbered = unions.iter().flat_map(|members| members.iter().filter(|name| is_numbered(name, members)));
    (unions.iter().map(|members| members.len()).sum(), numbered.count())
}

/// Returns `true` for `Variant2`, or a name that differs from another branch's only by a suffix: `Object_`, `Object2`.
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

/// An operation and its location.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Site {
    path: String,
    /// The method, in capitals.
    method: String,
    at: Pointer,
    id: Option<String>,
}

impl Site {
    fn shown(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// Returns the number of operations of a document of any version.
pub(crate) fn operation_count(document: &Value) -> usize {
    operations(document).len()
}

/// Returns the operations of a document of any version, in document order. `query` and `additionalOperations` exist since
/// 3.2 (§4.9).
fn operations(document: &Value) -> Vec<Site> {
    let mut sites = Vec::new();
    let paths = document.get("paths").and_then(Value::as_object);
    // Keys `x-…` are extensions (§4.7.8 of 3.0).
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

/// Operations that are not generated.
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

/// Returns the operations of the canonical document that are not generated. A diagnostic names each by its place or its
/// id.
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

/// Returns the vendor's operations that are missing from the canonical document. The ledger shows which were dropped and
/// which were moved.
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

/// Returns `true` if a change of a node concerns the operation, or the path that it belongs to.
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
