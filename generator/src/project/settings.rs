//! Part of `project`: the file `clientwright.toml`, which marks a project's root and contains its settings.
//!
//! In: a folder of the project. Out: the [`Project`]. Invariant: every key has a default; errors have a location.

use std::fs;
use std::ops::Range;
use std::path::Path;

use clientwright_normalizer::Source;
use clientwright_normalizer::diagnostic::{Diagnostic, Findings, codes};
use clientwright_normalizer::pointer::Pointer;
use toml_edit::{Document, Item};

use super::Project;

/// The name of the file.
pub const SETTINGS: &str = "clientwright.toml";

impl Project {
    /// Finds the project of a folder: `from` or its nearest parent folder that contains [`SETTINGS`].
    ///
    /// All keys are optional:
    ///
    /// | key | meaning | default |
    /// |---|---|---|
    /// | `specs` | the folder of documents | `"specs"` |
    /// | `client` | the folder of the client crate | `"client"` |
    /// | `command` | the project's command, for headers and hints | `"clientwright"` |
    /// | `snapshot-tests` | the arguments of `cargo test` for its snapshot tests | `[]`, all tests |
    ///
    /// # Errors
    /// Returns an error if there is no such file or if it is invalid.
    pub fn find(from: &Path) -> Result<Self, Findings> {
        let root = Self::root_of(from).ok_or_else(|| {
            let message = format!("found no {SETTINGS} in {} or its parent folders", from.display());
            let help = format!("run `clientwright new`, or create an empty {SETTINGS} in the root of the project");
            vec![Diagnostic::invalid(codes::PROJECT, SETTINGS, Pointer::root(), message).with_help(help)]
        })?;
        let text = fs::read_to_string(root.join(SETTINGS)).map_err(|error| vec![fault(&error.to_string(), None)])?;
        Self::parse(root, &text)
            .map_err(|fault| Findings::new(vec![fault], vec![Source { name: SETTINGS.to_owned(), text: text.clone() }]))
    }

    /// Returns the root of a folder's project, if any.
    pub fn root_of(from: &Path) -> Option<&Path> {
        from.ancestors().find(|folder| folder.join(SETTINGS).is_file())
    }

    fn parse(root: &Path, text: &str) -> Result<Self, Diagnostic> {
        let document = Document::parse(text).map_err(|error| fault(error.message(), error.span()))?;
        let mut project = Self::new(root.join("specs"), root.join("client"));
        root.clone_into(&mut project.root);
        for (key, item) in document.iter() {
            match key {
                "specs" => project.specs = root.join(string(key, item)?),
                "client" => project.client = root.join(string(key, item)?),
                "command" => string(key, item)?.clone_into(&mut project.command),
                "snapshot-tests" => project.snapshot_tests = strings(key, item)?,
                _ => {
                    let help = "use one of `specs`, `client`, `command`, `snapshot-tests`";
                    return Err(fault(&format!("unknown key `{key}`"), item.span()).with_help(help));
                }
            }
        }
        Ok(project)
    }
}

fn string<'i>(key: &str, item: &'i Item) -> Result<&'i str, Diagnostic> {
    let wrong = || fault(&format!("`{key}` must be a string, found a TOML {}", item.type_name()), item.span());
    item.as_str().ok_or_else(wrong)
}

fn strings(key: &str, item: &Item) -> Result<Vec<String>, Diagnostic> {
    let wrong =
        || fault(&format!("`{key}` must be an array of strings, found a TOML {}", item.type_name()), item.span());
    let items = item.as_array().ok_or_else(wrong)?;
    items.iter().map(|item| item.as_str().map(str::to_owned).ok_or_else(wrong)).collect()
}

fn fault(message: &str, span: Option<Range<usize>>) -> Diagnostic {
    let mut fault = Diagnostic::invalid(codes::PROJECT, SETTINGS, Pointer::root(), message);
    fault.span = span;
    fault
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<Project, Diagnostic> {
        Project::parse(Path::new("/p"), text)
    }

    #[test]
    fn every_key_has_a_default() {
        let project = parsed("").unwrap();
        assert_eq!(project.specs, Path::new("/p/specs"));
        assert_eq!(project.client, Path::new("/p/client"));
        assert_eq!(project.command, "clientwright");
        assert!(project.snapshot_tests.is_empty());
    }

    #[test]
    fn keys_are_read() {
        let project =
            parsed("specs = 'a'\nclient = 'b/c'\ncommand = 'cargo xtask'\nsnapshot-tests = ['--test', 's']\n");
        let project = project.unwrap();
        assert_eq!(project.specs, Path::new("/p/a"));
        assert_eq!(project.client, Path::new("/p/b/c"));
        assert_eq!(project.command, "cargo xtask");
        assert_eq!(project.snapshot_tests, ["--test", "s"]);
    }

    #[test]
    fn errors_have_a_location() {
        for (text, message, span) in [
            ("spec = 'a'", "unknown key `spec`", 7..10),
            ("specs = 1", "`specs` must be a string, found a TOML integer", 8..9),
            ("snapshot-tests = [1]", "`snapshot-tests` must be an array of strings, found a TOML array", 17..20),
        ] {
            let fault = parsed(text).unwrap_err();
            assert_eq!((fault.message.as_str(), fault.span), (message, Some(span)));
        }
        assert!(parsed("specs =").unwrap_err().span.is_some());
    }
}
