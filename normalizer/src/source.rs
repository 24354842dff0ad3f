//! The text of a file, with the name that people see.

/// The text of one document under the name that people know it by.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Source {
    /// The name as it is shown in diagnostics, such as `specs/lakefs_import.yaml`.
    pub name: String,
    /// The whole text.
    pub text: String,
}
