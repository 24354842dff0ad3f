//! Part of `diff`: the documents of both versions.
//!
//! In: Git revisions, files or folders. Out: documents by module name. Invariant: an unreadable document is an error, and never "no
//! change".

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use clientwright::Source;
use clientwright::generate::Document;
use clientwright::normalize::{InputFile, Origins};
use clientwright::project::{Project, document_name, ledger_name, lock_name, module_name};
use clientwright_normalizer::{limits::both, load};

/// The branches that changes are merged into, in order of preference.
const MAIN: [&str; 5] = ["origin/HEAD", "origin/main", "origin/master", "main", "master"];

/// A version of a document.
pub(super) struct Version {
    pub(super) document: Document,
    /// The entries of its ledger, without equivalent rewrites and without lines of the vendor's document.
    pub(super) ledger: BTreeSet<String>,
    /// The origins of its nodes, if it was normalized for the comparison.
    pub(super) origins: Option<Origins>,
}

impl Version {
    fn new(document: Document, ledger: &str) -> Self {
        let (reviewed, _) = ledger.split_once("\n## Equivalent\n").unwrap_or((ledger, ""));
        let entries = reviewed.lines().filter_map(|line| line.strip_prefix("- "));
        let without_place = |entry: &str| match entry.rsplit_once(" (") {
            // It represents all places of a rule, whose number is irrelevant.
            Some((text, count)) if count.ends_with(" places)") => {
                text.split_once(": ").map_or(text, |(_, rest)| rest).to_owned()
            }
            _ => entry.split_once(" `").map_or(entry.to_owned(), |(_, rest)| format!("`{rest}")),
        };
        let ledger = entries.map(without_place).collect();
        Self { document, ledger, origins: None }
    }
}

/// Documents by module name.
pub(super) type Versions = BTreeMap<String, Version>;

/// Returns the commit to compare a project with: a revision, or the commit where the current branch left the main
/// branch.
pub(super) fn base(root: &Path, revision: Option<&str>) -> Result<String, String> {
    let Some(revision) = revision else { return merge_base(root) };
    commit(root, revision).ok_or_else(|| {
        format!(
            "error: `{revision}` is not a Git revision\n  = help: pass a commit, branch or tag, or two files or folders"
        )
    })
}

/// Returns the documents of a project at a commit and in the working directory.
pub(super) fn in_project(project: &Project, base: &str) -> Result<(Versions, Versions), String> {
    let root = project.root();
    let folder = project.shown_specs();
    let listed = git(root, &["ls-tree", "--name-only", "-z", base, "--", &format!("{folder}/")])?;
    let mut old = Versions::new();
    for path in listed.split('\0') {
        let Some(module) = document_name(Path::new(path)) else { continue };
        let mut document = document(module.clone(), path, at_revision(root, base, path)?);
        let beside = |file: &str| {
            let path = format!("{folder}/{file}");
            let text = listed.split('\0').any(|listed| listed == path).then(|| at_revision(root, base, &path));
            Ok::<_, String>(text.transpose()?.map(|text| Source { text, name: path }))
        };
        document.lock = beside(&lock_name(&module))?;
        let ledger = beside(&ledger_name(&module))?.map(|ledger| ledger.text).unwrap_or_default();
        old.insert(module, Version::new(document, &ledger));
    }
    let mut new = Versions::new();
    for (module, path) in project.documents().map_err(|faults| shown(faults.into()))? {
        let name = format!("{folder}/{}", path.file_name().unwrap_or_default().to_string_lossy());
        let read = |path: &Path, name: &str| load::read(path, name).map_err(|fault| shown(fault.into()));
        let mut document = Document::new(module.clone(), read(&path, &name)?);
        let beside = |file: String| {
            let path = path.with_file_name(&file);
            path.exists().then(|| read(&path, &format!("{folder}/{file}"))).transpose()
        };
        document.lock = beside(lock_name(&module))?;
        let ledger = beside(ledger_name(&module))?.map(|ledger| ledger.text).unwrap_or_default();
        new.insert(module, Version::new(document, &ledger));
    }
    Ok((old, new))
}

/// Returns the paths of generated files that changed since a commit, below the client's `src`.
pub(super) fn changed_files(project: &Project, base: &str) -> Result<Vec<String>, String> {
    let folder = format!("{}/src/", project.shown_client());
    let known = git(project.root(), &["diff", "--name-only", "--relative", "-z", base, "--", &folder])?;
    let new = git(project.root(), &["ls-files", "--others", "--exclude-standard", "-z", "--", &folder])?;
    let files = known.split('\0').chain(new.split('\0')).filter_map(|path| path.strip_prefix(&folder));
    Ok(files.map(str::to_owned).collect())
}

/// Returns a file of the project at a commit.
pub(super) fn at_revision(root: &Path, commit: &str, path: &str) -> Result<String, String> {
    git(root, &["show", &format!("{commit}:./{path}")])
}

/// Normalizes and returns the documents of two files, which are versions of one document, or of two folders.
pub(super) fn between_paths(old: &Path, new: &Path) -> Result<(Versions, Versions), String> {
    let read: &(dyn Fn(&Path) -> Result<Versions, String> + Sync) = match (old.is_dir(), new.is_dir()) {
        (true, true) => &folder,
        (false, false) => &|path| normalized(module(new), &InputFile::at(path)).map(|document| [document].into()),
        _ => return Err("error: a file cannot be compared with a folder".to_owned()),
    };
    let (old, new) = both(|| read(old), || read(new));
    Ok((old?, new?))
}

fn folder(folder: &Path) -> Result<Versions, String> {
    let entries = std::fs::read_dir(folder).and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect());
    let entries: Vec<PathBuf> = entries.map_err(|error| format!("error: cannot read {}: {error}", folder.display()))?;
    let documents = entries.iter().filter_map(|path| Some((module_name(&document_name(path)?), path)));
    documents.map(|(module, path)| normalized(module, &InputFile::at(path))).collect()
}

/// Returns the module name of a file.
pub(super) fn module(path: &Path) -> String {
    module_name(&path.file_stem().unwrap_or_default().to_string_lossy())
}

/// Returns a version and its module name.
pub(super) fn normalized(module: String, input: &InputFile) -> Result<(String, Version), String> {
    let (document, ledger, origins) = Document::normalized(module.clone(), input).map_err(shown)?;
    let version = Version::new(document, &ledger.markdown(&module));
    Ok((module, Version { origins: Some(origins), ..version }))
}

fn document(module: String, name: &str, text: String) -> Document {
    Document::new(module, Source { name: name.to_owned(), text })
}

fn shown(findings: clientwright::diagnostic::Findings) -> String {
    findings.to_string()
}

/// Returns the commit where the current branch left the main branch.
fn merge_base(root: &Path) -> Result<String, String> {
    let main = MAIN.iter().find(|branch| commit(root, branch).is_some()).ok_or(
        "error: found no branch `main` or `master`, and no `origin`\n  = help: pass the revision to compare with",
    )?;
    Ok(git(root, &["merge-base", "HEAD", main])?.trim().to_owned())
}

fn commit(root: &Path, revision: &str) -> Option<String> {
    let revision = format!("{revision}^{{commit}}");
    git(root, &["rev-parse", "--verify", "--quiet", "--end-of-options", &revision])
        .ok()
        .map(|hash| hash.trim().to_owned())
}

fn git(root: &Path, arguments: &[&str]) -> Result<String, String> {
    let output = Command::new("git").arg("-C").arg(root).args(arguments).output();
    let output = output.map_err(|error| format!("error: cannot run git: {error}"))?;
    if !output.status.success() {
        return Err(format!("error: git {}: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr).trim()));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("error: git {}: the output is not UTF-8", arguments.join(" ")))
}
