//! The documents of a folder, and what each one's module is called.
//!
//! In comes a folder. Out come documents by name. Invariant: names are modules' names and no two are the same.

use std::fs;
use std::path::{Path, PathBuf};

use clientwright::project::module_name;

/// The endings of documents.
const ENDINGS: [&str; 3] = ["yaml", "yml", "json"];

/// A document of the corpus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// The name of its module.
    pub(crate) name: String,
    /// Where it lies.
    pub(crate) path: PathBuf,
}

/// The documents of a folder by name, or those of them that are named, by file or by module. Overlays are none.
pub(crate) fn documents(folder: &Path, only: &[String]) -> Result<Vec<Found>, String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| format!("{}: {error}", folder.display()))?.path();
        let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        if path.is_file() && ENDINGS.contains(&ending.as_str()) && !stem(&path).ends_with(".overlay") {
            paths.push(path);
        }
    }
    let mut found: Vec<Found> = paths.into_iter().map(|path| Found { name: module_name(&stem(&path)), path }).collect();
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

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
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
            let found = documents(&folder, &only)?;
            Ok::<_, String>(found.into_iter().map(|found| found.name).collect::<Vec<_>>())
        };
        assert_eq!(names(&[]).unwrap(), ["box_api", "my_api"]);
        assert_eq!(names(&["my-API"]).unwrap(), ["my_api"]);
        assert_eq!(names(&["box_api"]).unwrap(), ["box_api"]);
        assert!(names(&["box.overlay"]).is_err());
        fs::write(folder.join("my_api.yaml"), "").unwrap();
        assert!(names(&[]).is_err());
        fs::remove_dir_all(&folder).unwrap();
    }
}
