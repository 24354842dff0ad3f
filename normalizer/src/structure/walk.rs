//! One walk over a document: where it is, and what it found.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic, codes};
use crate::pointer::Pointer;
use crate::spelling;

/// One walk over a document.
pub(super) struct Walk<'v> {
    pub(super) file: &'v str,
    /// Where the walk begins.
    pub(super) root: &'v Pointer,
    /// The key that the first node is under.
    pub(super) name: &'v str,
    /// Whether the parts of the first node are left to others.
    pub(super) is_shallow: bool,
    pub(super) path: Vec<PathStep<'v>>,
    pub(super) found: Vec<Diagnostic>,
    /// References with ignored keys beside them, by those keys.
    pub(super) siblings: BTreeMap<String, Vec<Pointer>>,
}

/// A step down; a [`Pointer`] is made only for a finding.
#[derive(Clone, Copy)]
pub(super) enum PathStep<'v> {
    Key(&'v str),
    Index(usize),
}

impl<'v> Walk<'v> {
    pub(super) fn new(file: &'v str, root: &'v Pointer) -> Self {
        let (path, found, siblings) = Default::default();
        Self { file, root, name: "", is_shallow: false, path, found, siblings }
    }

    pub(super) fn pointer(&self) -> Pointer {
        let mut pointer = self.root.clone();
        for step in &self.path {
            match step {
                PathStep::Key(key) => pointer.push(key),
                PathStep::Index(index) => pointer.push(&index.to_string()),
            }
        }
        pointer
    }

    /// A value of the member `key`, at `at`, that is not among its choices.
    pub(super) fn bad_choice(&mut self, at: Pointer, key: &str, found: &str, choices: &[&str], context: &str) {
        let message = format!("`{key}` must be `{}`{context}, found `{found}`", choices.join("` or `"));
        let meant = spelling::did_you_mean(found, choices.iter().copied());
        let of_other_version = match (key, found) {
            ("type", "null") => Some("`null` as a type is a feature of OpenAPI 3.1; in 3.0 use `nullable: true`"),
            ("type", "file") => Some("`file` is a type of Swagger 2.0; in 3.0 use `type: string` and `format: binary`"),
            _ => None,
        };
        self.invalid(codes::BAD_VALUE, at, message, meant.as_deref().or(of_other_version));
    }

    /// A legal member `key`, at `at`, that has no effect.
    pub(super) fn ignored(&mut self, at: Pointer, key: &str, reason: &str) {
        self.unsupported(codes::IGNORED_FIELD, at, format!("`{key}` has no effect: {reason}"), None);
    }

    /// A violation by this node.
    pub(super) fn invalid_here(&mut self, code: Code, message: impl Into<String>, help: Option<&str>) {
        let finding = Diagnostic::invalid(code, self.file, self.pointer(), message).with_help_if(help);
        // What is missing has no place of its own; the key of what lacks it is one line, its value may be many.
        self.found.push(if code == codes::MISSING_FIELD { finding.at_key() } else { finding });
    }

    /// A violation by the member `key` of this node.
    pub(super) fn invalid_key(&mut self, code: Code, key: &str, message: impl Into<String>, help: Option<&str>) {
        let at = self.pointer().key(key);
        self.found.push(Diagnostic::invalid(code, self.file, at, message).at_key().with_help_if(help));
    }

    /// A violation by the value at `at`.
    pub(super) fn invalid(&mut self, code: Code, at: Pointer, message: impl Into<String>, help: Option<&str>) {
        self.found.push(Diagnostic::invalid(code, self.file, at, message).with_help_if(help));
    }

    /// Something legal that is not generated.
    pub(super) fn unsupported(&mut self, code: Code, at: Pointer, message: String, help: Option<&str>) {
        self.found.push(Diagnostic::unsupported(code, self.file, at, message).at_key().with_help_if(help));
    }

    /// The last key of the way down.
    pub(super) fn own_key(&self) -> String {
        let key = self.path.iter().rev().find_map(|step| match step {
            PathStep::Key(key) => Some(*key),
            PathStep::Index(_) => None,
        });
        key.unwrap_or(self.name).to_owned()
    }

    pub(super) fn finish(mut self) -> Vec<Diagnostic> {
        for (keys, places) in std::mem::take(&mut self.siblings) {
            let Some((first, rest)) = places.split_first() else { continue };
            let more =
                if rest.is_empty() { String::new() } else { format!(", here and in {} other places", rest.len()) };
            let message = format!("OpenAPI 3.0 ignores siblings of `$ref`: {keys}{more}");
            let help = Some("move the reference into `allOf`, or remove its siblings");
            self.unsupported(codes::REFERENCE_SIBLINGS, first.clone(), message, help);
        }
        self.found
    }
}
