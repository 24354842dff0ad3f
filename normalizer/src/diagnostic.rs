//! What every stage says when something is wrong: own data, and its rendering in rustc's style.
//!
//! In: facts found by a stage, each with its place in a source. Out: [`Diagnostic`] values, and through
//! [`render`] the text that a person reads. Invariant: the three [`DiagnosticKind`]s are never mixed, and a
//! diagnostic holds no position but a pointer or a byte range, so that stages need not know the source.

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
    /// The document is legal, this part of it is not generated: a warning; generation goes on.
    Unsupported,
    /// A mistake of ours: an error.
    Bug,
}

/// The short kebab-case name of a finding, listed in [`codes::ALL`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Code(pub &'static str);

impl fmt::Display for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

/// One finding in one source.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Diagnostic {
    /// The kind of a diagnostic, which determines who has to act.
    pub kind: DiagnosticKind,
    /// The finding's short name.
    pub code: Code,
    /// What is wrong, in one line, without a final period.
    pub message: String,
    /// The name of the source as it is shown, the same as [`crate::source::Source::name`].
    pub file: String,
    /// The node in question.
    pub pointer: Pointer,
    /// Whether the node's key or its value is meant.
    pub place: Highlight,
    /// The bytes in question, for findings that no pointer leads to (syntax errors).
    pub span: Option<ByteRange>,
    /// Other places that explain this one, each with a few words.
    pub notes: Vec<(Pointer, String)>,
    /// What to do about it, in one line.
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

        /// The node at `pointer` is legal and nothing is generated for it.
        unsupported: Unsupported;

        /// The generator contradicts itself at `pointer`.
        bug: Bug;
    }

    /// Says what to do about it.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// As [`Self::with_help`], if there is something to say.
    #[must_use]
    pub fn with_help_if(self, help: Option<impl Into<String>>) -> Self {
        match help {
            Some(help) => self.with_help(help),
            None => self,
        }
    }

    /// Means the key that the pointer ends in, not its value.
    #[must_use]
    pub fn at_key(mut self) -> Self {
        self.place = Highlight::Key;
        self
    }

    /// Means these bytes of the source, whatever the pointer says.
    #[must_use]
    pub fn with_span(mut self, span: ByteRange) -> Self {
        self.span = Some(span);
        self
    }

    /// Adds another place that explains this one.
    #[must_use]
    pub fn with_note(mut self, pointer: Pointer, text: impl Into<String>) -> Self {
        self.notes.push((pointer, text.into()));
        self
    }

    /// Whether generation must stop: true for [`DiagnosticKind::Invalid`] and [`DiagnosticKind::Bug`].
    #[must_use]
    pub fn is_error(&self) -> bool {
        !matches!(self.kind, DiagnosticKind::Unsupported)
    }
}

/// Whether generation must stop because of at least one of the findings.
#[must_use]
pub fn any_error(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(Diagnostic::is_error)
}

/// The first `length` characters of a string that a message quotes, and `…` if there are more.
#[must_use]
pub fn shortened(text: &str, length: usize) -> String {
    let start = format!("{text:.length$}");
    if start == text { start } else { start + "…" }
}

/// Diagnostics, and the sources that their excerpts come from.
///
/// `Display` renders them for people, without colours.
#[derive(Clone, Default, PartialEq, Debug)]
#[non_exhaustive]
pub struct Findings {
    /// The diagnostics, in no particular order.
    pub diagnostics: Vec<Diagnostic>,
    /// The sources that were read.
    pub sources: Vec<Source>,
}

impl Findings {
    /// Diagnostics about these sources.
    #[must_use]
    pub fn new(diagnostics: Vec<Diagnostic>, sources: Vec<Source>) -> Self {
        Self { diagnostics, sources }
    }

    /// How many diagnostics are errors.
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
