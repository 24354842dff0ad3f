//! The documents of a folder, and the names of their modules.
//!
//! In: a folder. Out: documents by name. Invariant: names are valid module names and unique.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clientwright::project::module_name;

use crate::files::{entries, stem};

/// The extensions of documents.
const ENDINGS: [&str; 3] = ["yaml", "yml", "json"];

/// A document of the corpus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// The name of the module.
    pub(crate) name: String,
    /// The path.
    pub(crate) path: PathBuf,
    /// The overlay to apply, if any.
    pub(crate) overlay: Option<PathBuf>,
}

/// Returns the documents of a folder by name, or only those named by file or module; overlays are skipped. With `nested`,
/// includes the folders below, whose names become part of the module's name, with a number if needed.
pub(crate) fn documents(folder: &Path, nested: bool, only: &[String]) -> Result<Vec<Found>, String> {
    let mut paths = Vec::new();
    list(folder, nested, &mut paths)?;
    paths.retain(|path| !stem(path).ends_with(".overlay"));
    paths.sort();
    let mut names = BTreeSet::new();
    let mut named = |path: PathBuf| {
        let below = path.strip_prefix(folder).unwrap_or(&path).with_extension("");
        let mut name = module_name(&if nested { below.to_string_lossy().into_owned() } else { stem(&path) });
        while nested && !names.insert(name.clone()) {
            name.push_str("_2");
        }
        Found { name, path, overlay: None }
    };
    let mut found: Vec<Found> = paths.into_iter().map(&mut named).collect();
    found.sort_by(|one, other| (&one.name, &one.path).cmp(&(&other.name, &other.path)));
    let is_named = |found: &Found, name: &String| found.name == *name || stem(&found.path) == *name;
    if let Some(unknown) = only.iter().find(|name| !found.iter().any(|found| is_named(found, name))) {
        return Err(format!("there is no document named `{unknown}` in {}", folder.display()));
    }
    found.retain(|found| only.is_empty() || only.iter().any(|name| is_named(found, name)));
    if found.is_empty() {
        return Err(format!("there is no document in {}", folder.display()));
    }
    match found.windows(2).find(|pair| matches!(pair, [one, other] if one.name == other.name)) {
        Some([one, other]) => {
            Err(format!("{} and {} would be the same module", one.path.display(), other.path.display()))
        }
        _ => Ok(found),
    }
}

/// Returns all documents of a folder and of folders below it, sorted by path; overlays count as documents.
pub(crate) fn all_documents(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let mut paths = Vec::new();
    list(folder, true, &mut paths)?;
    paths.sort();
    Ok(paths)
}

fn list(folder: &Path, nested: bool, paths: &mut Vec<PathBuf>) -> Result<(), String> {
    for path in entries(folder)? {
        let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        if path.is_dir() {
            if nested {
                list(&path, nested, paths)?;
            }
        } else if path.is_file() && ENDINGS.contains(&ending.as_str()) {
            paths.push(path);
        }
    }
    Ok(())
}

/// Returns a random sample of the documents.
pub(crate) fn drawn(mut found: Vec<Found>, count: usize, seed: u64) -> Vec<Found> {
    fastrand::Rng::with_seed(seed).shuffle(&mut found);
    found.truncate(count);
    found.sort_by(|one, other| one.name.cmp(&other.name));
    found
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_documents_of_a_folder_are_found_by_either_name() {
        let folder = std::env::temp_dir().join(format!("clientwright-documents-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        for file in ["my-API.json", "box.yaml", "box.overlay.yaml", "INDEX.tsv"] {
            fs::write(folder.join(file), "").unwrap();
        }
        let names = |only: &[&str]| {
            let only: Vec<String> = only.iter().map(|name| (*name).to_owned()).collect();
            let found = documents(&folder, false, &only)?;
            Ok::<_, String>(found.into_iter().map(|found| found.name).collect::<Vec<_>>())
        };
        assert_eq!(names(&[]).unwrap(), ["box_api", "my_api"]);
        assert_eq!(names(&["my-API"]).unwrap(), ["my_api"]);
        assert_eq!(names(&["box_api"]).unwrap(), ["box_api"]);
        assert!(names(&["box.overlay"]).is_err());
        fs::write(folder.join("my_api.yaml"), "").unwrap();
        assert!(names(&[]).is_err());
        fs::create_dir_all(folder.join("v2")).unwrap();
        fs::write(folder.join("v2/box.json"), "").unwrap();
        let nested = documents(&folder, true, &[]).unwrap();
        let names: Vec<&str> = nested.iter().map(|found| found.name.as_str()).collect();
        assert_eq!(names, ["box_api", "my_api", "my_api_2", "v2_box"]);
        let some = drawn(nested.clone(), 2, 7);
        assert_eq!((some.len(), &some), (2, &drawn(nested, 2, 7)));
        fs::remove_dir_all(&folder).unwrap();
    }
}
