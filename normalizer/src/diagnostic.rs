//! Diagnostics of all stages, and their rendering in rustc's style.
//!
//! In: facts found by a stage, each with its place in a source. Out: [`Diagnostic`] values, and through [`render`]
//! their text. Invariant: the three [`DiagnosticKind`]s are never mixed, and a diagnostic contains only a pointer or a
//! byte range, so that stages need not know the source.

pub mod codes;
mod render;

use std::fmt;

use crate::pointer::Pointer;
use crate::source::Source;
pub use crate::spans::{ByteRange, Highlight};
#[doc(hidden)]
pub use render::NodeLines;
pub use render::{placed, render};

/// The kind of a diagnostic, which determines who has to act.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[non_exhaustive]
pub enum DiagnosticKind {
    /// The document violates OpenAPI (or YAML, or JSON): an error.
    Invalid,
    /// The document is valid, but nothing is generated for this part: a warning; generation continues.
    Unsupported,
    /// A bug in Clientwright: an error.
    Bug,
}

/// The short kebab-case name of a diagnostic, listed in [`codes::ALL`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Code(pub &'static str);

impl fmt::Display for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

/// A message about one place in one source.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Diagnostic {
    /// The kind of a diagnostic, which determines who has to act.
    pub kind: DiagnosticKind,
    /// The short name of the diagnostic.
    pub code: Code,
    /// What is wrong, in one line, without a final period.
    pub message: String,
    /// The name of the source as displayed, the same as [`crate::source::Source::name`].
    pub file: String,
    /// The node that the diagnostic is about.
    pub pointer: Pointer,
    /// Whether the diagnostic points at the node's key or its value.
    pub place: Highlight,
    /// The bytes that the diagnostic is about, if no pointer leads to them (syntax errors).
    pub span: Option<ByteRange>,
    /// Other places that explain the diagnostic, each with a short text.
    pub notes: Vec<(Pointer, String)>,
    /// The help message, in one line.
    pub help: Option<String>,
}

macro_rules! constructors {
    ($($(#[$docs:meta])* $name:ident: $kind:ident;)+) => {$(
        $(#[$docs])*
        pub fn $name(code: Code, file: impl Into<String>, pointer: Pointer, message: impl Into<String>) -> Self {
            Self {
                kind: DiagnosticKind::$kind,
                code,
                message: message.into(),
                file: file.into(),
                pointer,
                place: Highlight::Value,
                span: None,
                notes: Vec::new(),
                help: None,
            }
        }
    )+};
}

impl Diagnostic {
    constructors! {
        /// The document violates OpenAPI at `pointer`.
        invalid: Invalid;

        /// The node at `pointer` is valid, but nothing is generated for it.
        unsupported: Unsupported;

        /// The generator contradicts itself at `pointer`.
        bug: Bug;
    }

    /// Attaches a help message.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Attaches a help message if there is one.
    #[must_use]
    pub fn with_help_if(self, help: Option<impl Into<String>>) -> Self {
        match help {
            Some(help) => self.with_help(help),
            None => self,
        }
    }

    /// Points at the key instead of the value.
    #[must_use]
    pub fn at_key(mut self) -> Self {
        self.place = Highlight::Key;
        self
    }

    /// Points at these bytes of the source instead of the node.
    #[must_use]
    pub fn with_span(mut self, span: ByteRange) -> Self {
        self.span = Some(span);
        self
    }

    /// Adds another place that explains the diagnostic.
    #[must_use]
    pub fn with_note(mut self, pointer: Pointer, text: impl Into<String>) -> Self {
        self.notes.push((pointer, text.into()));
        self
    }

    /// Returns `true` if generation must stop: for [`DiagnosticKind::Invalid`] and [`DiagnosticKind::Bug`].
    #[must_use]
    pub fn is_error(&self) -> bool {
        !matches!(self.kind, DiagnosticKind::Unsupported)
    }
}

/// Returns `true` if at least one of the diagnostics stops generation.
#[must_use]
pub fn any_error(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(Diagnostic::is_error)
}

/// Returns the first `length` characters of a string that a message quotes, followed by `…` if the string is longer.
#[must_use]
pub fn shortened(text: &str, length: usize) -> String {
    let start = format!("{text:.length$}");
    if start == text { start } else { start + "…" }
}

/// Diagnostics, and the sources that their excerpts come from.
///
/// `Display` renders them without colours.
#[derive(Clone, Default, PartialEq, Debug)]
#[non_exhaustive]
pub struct Findings {
    /// The diagnostics, in no particular order.
    pub diagnostics: Vec<Diagnostic>,
    /// The sources that were read.
    pub sources: Vec<Source>,
}

impl Findings {
    /// Creates findings from diagnostics about these sources.
    #[must_use]
    pub fn new(diagnostics: Vec<Diagnostic>, sources: Vec<Source>) -> Self {
        Self { diagnostics, sources }
    }

    /// Returns the number of diagnostics that are errors.
    #[must_use]
    pub fn errors(&self) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count()
    }
}

impl From<Vec<Diagnostic>> for Findings {
    fn from(diagnostics: Vec<Diagnostic>) -> Self {
        Self::new(diagnostics, Vec::new())
    }
}

impl From<Diagnostic> for Findings {
    fn from(diagnostic: Diagnostic) -> Self {
        vec![diagnostic].into()
    }
}

impl fmt::Display for Findings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&render(&self.diagnostics, &self.sources, false))
    }
}

impl std::error::Error for Findings {}
