//! The text of a file with its display name.

/// The text of one document with its display name.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Source {
    /// The name in diagnostics, such as `specs/lakefs_import.yaml`.
    pub name: String,
    /// The whole text.
    pub text: String,
}
