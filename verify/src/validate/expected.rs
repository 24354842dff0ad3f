//! Defaults that contradict their own schemas because their authors wrote them so: `verify/contract/validator/expected.toml`.
//!
//! In: the list. Out: whether a finding is on it, and what is on it for no reason. Invariant: an entry of a document that was
//! judged and has no such default is a fault.

use std::collections::BTreeMap;
use std::path::Path;

use toml_edit::Table;

use super::Finding;
use crate::exceptions;
use crate::files::{at, read};

/// The list: places by the name of their document.
pub(super) struct Expected {
    places: BTreeMap<String, Vec<String>>,
}

impl Expected {
    /// Reads the list.
    pub(super) fn read(path: &Path) -> Result<Self, String> {
        let text = read(path)?;
        Self::parse(&text).map_err(at(path))
    }

    fn parse(text: &str) -> Result<Self, String> {
        let mut places = BTreeMap::new();
        for entry in exceptions::entries(text, "default", &["document", "places", "reason"])? {
            let (name, listed) = listed(&entry)?;
            if places.insert(name.clone(), listed).is_some() {
                return Err(format!("`{name}` is listed twice"));
            }
        }
        Ok(Self { places })
    }

    /// Whether the default at a place of a document is expected to contradict its schema.
    pub(super) fn lists(&self, name: &str, place: &str) -> bool {
        self.places.get(name).is_some_and(|places| places.iter().any(|listed| listed == place))
    }

    /// What is listed and not needed; documents that were not judged are left alone.
    pub(super) fn unused(&self, names: &[&str], found: &[Finding]) -> Vec<String> {
        let judged = self.places.iter().filter(|(name, _)| names.contains(&name.as_str()));
        let listed = judged.flat_map(|(name, places)| places.iter().map(move |place| (name, place)));
        let is_needed = |name: &str, place: &str| {
            found.iter().any(|finding| finding.name == name && finding.place == place && finding.kind == "default")
        };
        let unused = listed.filter(|(name, place)| !is_needed(name, place));
        unused.map(|(name, place)| format!("{name}: the expectation at `{place}` is no longer needed")).collect()
    }
}

/// The document of an entry, and the places in it.
fn listed(entry: &Table) -> Result<(String, Vec<String>), String> {
    let name = exceptions::text_of(entry, "document")?;
    let places = entry.get("places").and_then(|item| item.as_array());
    let places = places.ok_or_else(|| format!("the entry of `{name}` has no list `places`"))?;
    let texts: Option<Vec<String>> = places.iter().map(|place| place.as_str().map(str::to_owned)).collect();
    texts.map(|places| (name.clone(), places)).ok_or_else(|| format!("a place of `{name}` is no text"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "[[default]]\ndocument = 'pets'\nplaces = ['/a/default', '/b/default']\nreason = 'so'\n";

    #[test]
    fn what_is_listed_is_expected_and_has_to_be_found() {
        let expected = Expected::parse(LIST).unwrap();
        assert!(expected.lists("pets", "/a/default") && !expected.lists("toys", "/a/default"));
        let found =
            Finding { name: "pets".into(), kind: "default".into(), place: "/a/default".into(), message: String::new() };
        let unused = expected.unused(&["pets"], &[found]);
        assert_eq!(unused, ["pets: the expectation at `/b/default` is no longer needed"]);
        assert!(expected.unused(&["toys"], &[]).is_empty());
    }

    #[test]
    fn entries_give_a_reason() {
        for wrong in ["[[default]]\ndocument = 'pets'\nplaces = []\n", "[[other]]\n", "[[default]]\nreason = ''\n"] {
            assert!(Expected::parse(wrong).is_err(), "{wrong}");
        }
    }
}
