//! Part of `new`: the source of Clientwright's crates for the project.
//!
//! In: the option `--runtime`. Out: the keys of each dependency in the project's manifest. Invariant: a path leads to a checkout.

use std::fs;
use std::path::{self, Component, Path, PathBuf};

use toml_edit::Value;

/// The version of all published crates, which are released together.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The crate that a project depends on, and the crate of the command, with their folders in a checkout.
const CRATES: [(&str, &str); 2] = [("clientwright-runtime", "runtime"), ("clientwright-cli", "cli")];

/// The parts of a Git URL that select a commit, with their keys in a manifest: as in `Cargo.lock`.
const REFERENCES: [(&str, &str); 4] = [("#", "rev"), ("?rev=", "rev"), ("?tag=", "tag"), ("?branch=", "branch")];

/// A registry, a checkout or a Git repository: the keys of a dependency in addition to its version.
#[derive(Default)]
pub(crate) struct Source(Vec<(&'static str, String)>);

impl Source {
    /// Returns the source for a project in the folder `project`, as given by `--runtime`. Without the option, it is the checkout that
    /// contains the crate at `built`, or else the registry.
    pub(crate) fn new(option: Option<&str>, project: &Path, built: &Path) -> Result<Self, String> {
        let Some(given) = option else {
            return checkout(built).map_or(Ok(Self(Vec::new())), |root| Self::path(root, project));
        };
        if given.contains("://") {
            return Ok(Self::git(given));
        }
        let expected = || {
            let crates = CRATES.map(|(name, folder)| format!("`{name}` in `{folder}/`")).join(" and ");
            format!(
                "error: `{given}` is not a checkout of Clientwright: expected the packages {crates}\n  \
                 = help: pass the folder of a clone, or a Git URL such as `https://HOST/REPOSITORY` or `https://HOST/REPOSITORY#REV`"
            )
        };
        checkout(Path::new(given)).ok_or_else(expected).and_then(|root| Self::path(root, project))
    }

    /// Returns a path source, as `cargo add --path` does: the path is relative to the project if both paths are
    /// relative.
    fn path(root: &Path, project: &Path) -> Result<Self, String> {
        let levels = project.components();
        let path = if root.is_relative() && levels.clone().all(|level| matches!(level, Component::Normal(_))) {
            levels.map(|_| "..").collect::<PathBuf>().join(root)
        } else {
            path::absolute(root).map_err(|error| format!("error: {}: {error}", root.display()))?
        };
        let unsupported = || format!("error: {}: expected a path in UTF-8, which a manifest requires", path.display());
        path.to_str().map(|path| Self(vec![("path", path.to_owned())])).ok_or_else(unsupported)
    }

    fn git(url: &str) -> Self {
        let reference = REFERENCES.iter().find_map(|(mark, key)| Some((url.split_once(mark)?, *key)));
        Self(match reference {
            Some(((url, name), key)) => vec![("git", url.to_owned()), (key, name.to_owned())],
            None => vec![("git", url.to_owned())],
        })
    }

    /// Fills in the keys of the dependency and the command that installs `clientwright`: `{{source}}` and `{{install}}`.
    pub(crate) fn fill(&self, template: &str) -> String {
        let [(_, runtime), _] = CRATES;
        let keys = self.0.iter().map(|(key, value)| {
            let value = if *key == "path" { format!("{value}/{runtime}") } else { value.clone() };
            format!(", {key} = {}", Value::from(value))
        });
        template.replace("{{source}}", &keys.collect::<String>()).replace("{{install}}", &self.install())
    }

    /// Returns the shell command that installs `clientwright` from this source.
    fn install(&self) -> String {
        let [_, (cli, folder)] = CRATES;
        let options = self.0.iter().map(|(key, value)| match *key {
            "path" => format!(" --path {}", quoted(&format!("{value}/{folder}"))),
            key => format!(" --{key} {}", quoted(value)),
        });
        let options: String = options.collect();
        match self.0.first() {
            None => format!("cargo install {cli} --version {VERSION} --locked"),
            Some(("path", _)) => format!("cargo install{options} --locked"),
            Some(_) => format!("cargo install {cli}{options} --locked"),
        }
    }

    /// Returns a note about the source, and the change to make once the crates are published. `None` for the registry.
    pub(crate) fn note(&self, project: &Path) -> Option<String> {
        let (_, place) = self.0.first()?;
        let keys: Vec<String> = self.0.iter().map(|(key, _)| format!("`{key}`")).collect();
        let (keys, manifest) = (keys.join(" and "), project.join("Cargo.toml"));
        Some(format!(
            "the crates of Clientwright are taken from {place}; once they are on crates.io, remove {keys} from {}",
            manifest.display()
        ))
    }
}

/// Returns a word quoted for a shell.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-:@=+".contains(c);
    if word.chars().all(is_plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

/// Returns the root of the checkout at a path, which is the root or one of its packages.
fn checkout(path: &Path) -> Option<&Path> {
    let is_package = |folder: &Path, name: &str| {
        let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
        manifest.lines().any(|line| line == format!("name = \"{name}\""))
    };
    let is_root = |root: &&Path| CRATES.iter().all(|(name, folder)| is_package(&root.join(folder), name));
    let roots = [Some(path), path.parent()].into_iter().flatten();
    roots.filter(|_| path.join("Cargo.toml").is_file()).find(is_root)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUILT: &str = env!("CARGO_MANIFEST_DIR");

    /// Returns the manifest line of the runtime, or the error.
    fn line(option: Option<&str>, project: &str, built: &Path) -> Result<String, String> {
        let source = Source::new(option, Path::new(project), built)?;
        Ok(source.fill("runtime{{source}}"))
    }

    #[test]
    fn without_the_option_it_is_the_checkout_or_the_registry() {
        let root = Path::new(BUILT).parent().unwrap();
        let path = Value::from(format!("{}/runtime", root.display()));
        assert_eq!(line(None, "pets", Path::new(BUILT)).unwrap(), format!("runtime, path = {path}"));
        let registry = tempfile::tempdir().unwrap();
        let installed = registry.path().join("clientwright-cli-0.1.0");
        fs::create_dir(&installed).unwrap();
        fs::write(installed.join("Cargo.toml"), "[package]\nname = \"clientwright-cli\"\n").unwrap();
        assert_eq!(line(None, "pets", &installed).unwrap(), "runtime");
        let install = Source::new(None, Path::new("pets"), &installed).unwrap().install();
        assert_eq!(install, format!("cargo install clientwright-cli --version {VERSION} --locked"));
        assert_eq!(line(None, "pets", &registry.path().join("gone")).unwrap(), "runtime");
        assert!(Source::new(None, Path::new("pets"), &installed).unwrap().note(Path::new("pets")).is_none());
    }

    #[test]
    fn a_url_is_a_git_repository() {
        for (url, keys) in [
            ("https://h/r", "git = \"https://h/r\""),
            ("ssh://git@h/r.git#0a1b", "git = \"ssh://git@h/r.git\", rev = \"0a1b\""),
            ("https://h/r?rev=0a1b", "git = \"https://h/r\", rev = \"0a1b\""),
            ("https://h/r?branch=main", "git = \"https://h/r\", branch = \"main\""),
            ("file:///r?tag=v1", "git = \"file:///r\", tag = \"v1\""),
        ] {
            assert_eq!(line(Some(url), "pets", Path::new(BUILT)).unwrap(), format!("runtime, {keys}"));
        }
        let install = Source::git("https://h/r?branch=a b").install();
        assert_eq!(install, "cargo install clientwright-cli --git https://h/r --branch 'a b' --locked");
        let note = Source::git("https://h/r#0a1b").note(Path::new("pets")).unwrap();
        assert!(note.contains("from https://h/r;") && note.contains("remove `git` and `rev` from pets"), "{note}");
    }

    #[test]
    fn a_path_is_a_checkout_or_one_of_its_packages() {
        let root = Path::new(BUILT).parent().unwrap();
        let path = |given: &Path, project: &Path| {
            let source = Source::new(given.to_str(), project, Path::new("gone")).unwrap();
            PathBuf::from(&source.0[0].1)
        };
        assert_eq!(path(root, Path::new("pets")), root);
        let there = Source::new(Some(".."), Path::new("pets"), Path::new("gone")).unwrap();
        assert_eq!(there.install(), "cargo install --path ../../cli --locked");
        assert_eq!(path(&root.join("runtime"), Path::new("pets")), root);
        // Tests run in the folder of their package.
        for (given, project, found) in
            [("..", "pets", "../.."), ("..", "a/pets", "../../.."), ("../runtime", "pets", "../..")]
        {
            assert_eq!(path(Path::new(given), Path::new(project)), Path::new(found), "{given} {project}");
        }
        assert!(path(Path::new(".."), &root.join("pets")).is_absolute());
    }

    #[test]
    fn another_path_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let (empty, missing) = (folder.path().to_str().unwrap(), folder.path().join("gone"));
        for path in [empty, missing.to_str().unwrap(), "src", "gone", "git@host:owner/repository.git", ""] {
            let said = line(Some(path), "pets", Path::new(BUILT)).unwrap_err();
            assert!(said.starts_with(&format!("error: `{path}` is not a checkout of Clientwright")), "{said}");
            assert!(said.contains("`clientwright-runtime` in `runtime/`") && said.contains("= help: pass"), "{said}");
        }
    }
}
