//! Diagnostics together with the sources that they are about.

use std::fmt;

use super::{Diagnostic, render};
use crate::source::Source;

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

    /// Whether there is no diagnostic.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.diagnostics.is_empty()
    }

    /// How many diagnostics are errors.
    #[must_use]
    pub fn errors(&self) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count()
    }

    /// How many diagnostics are warnings.
    #[must_use]
    pub fn warnings(&self) -> usize {
        self.diagnostics.len() - self.errors()
    }
}

impl From<Vec<Diagnostic>> for Findings {
    fn from(diagnostics: Vec<Diagnostic>) -> Self {
        Self::new(diagnostics, Vec::new())
    }
}

impl fmt::Display for Findings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&render(&self.diagnostics, &self.sources, false))
    }
}

impl std::error::Error for Findings {}
