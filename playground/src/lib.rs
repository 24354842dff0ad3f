//! Clientwright as a page: the normalizer and the generator in WebAssembly.
//!
//! In: the texts of documents. Out: JSON for `site/page.js`, which creates elements from it. Invariant: text of a document is never
//! interpreted as HTML, and nothing is read or sent.

mod archive;
mod docs;
mod highlight;
mod methods;

use std::collections::BTreeMap;
use std::slice;

use clientwright::Source;
use clientwright::diagnostic::{Diagnostic, Findings, NodeLines, codes};
use clientwright::generate::{Document, generate};
use clientwright::normalize::{Ledger, normalize_text};
use clientwright::project::module_name;
use clientwright_cli::internal::{EXAMPLE, page};
use clientwright_normalizer::hidden::is_hidden;
use clientwright_normalizer::pointer::Pointer;
use serde_json::{Value, json};
#[cfg(target_family = "wasm")]
use wasm_bindgen::prelude::wasm_bindgen;

use archive::{File, archive, project};
use methods::{Method, methods};

/// The command in the first line of generated files.
const COMMAND: &str = "clientwright codegen";

/// The client of the latest document.
#[cfg_attr(target_family = "wasm", wasm_bindgen)]
#[derive(Default)]
pub struct Playground {
    name: String,
    files: Vec<File>,
    methods: Vec<Method>,
}

#[cfg_attr(target_family = "wasm", wasm_bindgen)]
impl Playground {
    /// Creates a playground without a client.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the example of `clientwright new`.
    #[must_use]
    pub fn example(&self) -> String {
        EXAMPLE.to_owned()
    }

    /// Normalizes a document and generates its client: the files of a project with the document's name. `file` is the name of the document.
    ///
    /// Returns the findings as JSON, together with the line of the first error, or else with the ledger, the files and the methods.
    pub fn open(&mut self, file: &str, text: String) -> String {
        *self = Self::default();
        let source = Source { name: file.to_owned(), text };
        let shown = self
            .generate(&source)
            .unwrap_or_else(|findings| json!({ "findings": shown(&findings), "line": line(&findings, &source) }));
        shown.to_string()
    }

    /// Returns lines of a file as JSON. Each is an array that alternates between kinds and texts.
    #[must_use]
    pub fn lines(&self, file: usize, from: usize, to: usize) -> String {
        self.files.get(file).map_or_else(String::new, |file| json!(file.lines(from, to)).to_string())
    }

    /// Returns the signature and the documentation of a method, as JSON.
    #[must_use]
    pub fn method(&self, index: usize) -> String {
        let method = self.methods.get(index).and_then(|method| Some((method, self.files.get(method.file)?)));
        method.map_or_else(String::new, |(method, file)| method.described(&file.text).to_string())
    }

    /// Returns the page of `clientwright diff --html`; `None` if nothing changed.
    ///
    /// # Errors
    /// Returns the findings of a document that cannot be compared, as text.
    pub fn compare(&self, old_file: &str, old: String, new_file: &str, new: String) -> Result<Option<String>, String> {
        let source = |name: &str, text| Source { name: name.to_owned(), text };
        page(&source(old_file, old), &source(new_file, new))
    }

    /// Returns the name of the project.
    #[must_use]
    pub fn name(&self) -> String {
        self.name.clone()
    }

    /// Returns the project as a ZIP archive.
    ///
    /// # Errors
    /// Returns an error if the archive would exceed a limit of its format.
    pub fn archive(&self) -> Result<Vec<u8>, String> {
        archive(&self.name, &self.files).map_err(|error| error.to_string())
    }
}

impl Playground {
    fn generate(&mut self, source: &Source) -> Result<Value, Findings> {
        let stem = source.name.rsplit_once('.').map_or(source.name.as_str(), |(stem, _)| stem);
        let module = module_name(stem);
        let normalized = normalize_text(source, &[])?;
        let document = Source { name: format!("specs/{module}.yaml"), text: normalized.yaml };
        let generation = generate(&[Document::new(&module, document.clone())], slice::from_ref(&module), COMMAND);
        let findings = Findings::new(generation.diagnostics, vec![document]);
        let (Some(api), Some(root)) = (generation.apis.into_iter().next(), generation.root) else {
            return Err(findings);
        };
        let counts = json!({ "operations": api.api.operations.len(), "types": api.types });
        let warnings = shown(&findings);
        let document = findings.sources.into_iter().next().map(|source| source.text).unwrap_or_default();
        let markdown = normalized.ledger.markdown(&module);
        let ledger = ledger(&normalized.ledger, &markdown);
        self.files = project(&source.name, &module, api, root, [document, markdown])
            .map_err(|error| Diagnostic::bug(codes::PROJECT, &source.name, Pointer::root(), error))?;
        self.methods = methods(&self.files);
        self.name = module;
        Ok(json!({
            "module": self.name,
            "findings": warnings,
            "ledger": ledger,
            "counts": counts,
            "files": self.files.iter().map(|file| json!([file.path, file.text.lines().count()])).collect::<Vec<_>>(),
            "methods": self.methods.iter().map(Method::listed).collect::<Vec<_>>(),
        }))
    }
}

/// Returns the numbers of errors and warnings, and all findings as text.
fn shown(findings: &Findings) -> Value {
    let errors = findings.errors();
    json!({ "errors": errors, "warnings": findings.diagnostics.len() - errors, "text": findings.to_string() })
}

/// Returns the line of the first finding in the vendor's document, if there is one.
fn line(findings: &Findings, source: &Source) -> Option<usize> {
    let found = findings.diagnostics.iter().find(|found| found.file == source.name)?;
    Some(match &found.span {
        Some(span) => 1 + source.text.bytes().take(span.start).filter(|byte| *byte == b'\n').count(),
        None => NodeLines::of(source).first(&found.pointer),
    })
}

/// Returns the sections of a ledger, each with its meaning and its entries by rule. `markdown` is the same ledger.
fn ledger(ledger: &Ledger, markdown: &str) -> Value {
    let sections = markdown.split("\n## ").skip(1).map(|section| {
        let mut lines = section.lines().filter(|line| !line.is_empty());
        let (title, meaning) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
        let mut rules: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
        for entry in ledger.entries.iter().filter(|entry| format!("{:?}", entry.kind) == title) {
            let place = json!([entry.line, visible(entry.before.as_str()), visible(&entry.text)]);
            rules.entry(entry.rule).or_default().push(place);
        }
        json!({ "title": title, "meaning": meaning, "rules": rules })
    });
    json!({ "summary": ledger.summary().lines().next(), "sections": sections.collect::<Vec<_>>() })
}

/// Returns text with hidden characters replaced, which could change the order of other characters.
fn visible(text: &str) -> String {
    let shown = |c: char| if is_hidden(c) && !matches!(c, '\n' | '\t') { char::REPLACEMENT_CHARACTER } else { c };
    text.chars().map(shown).collect()
}

#[cfg(test)]
mod tests;
