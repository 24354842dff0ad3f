//! Defaults that contradict their schemas in the vendor's document: `verify/contract/validator/expected.yaml`.
//!
//! In: the list. Out: whether a finding is listed, and unneeded entries. Invariant: an entry of a validated document without
//! such a default is an error.

use serde::Deserialize;

use super::Finding;
use crate::files::Reason;

/// The list.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Expected {
    defaults: Vec<Entry>,
}

/// The defaults of a document, and the reason for accepting them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    document: String,
    places: Vec<String>,
    #[serde(rename = "reason")]
    _reason: Reason,
}

impl Expected {
    /// Returns the listed places, each with its document.
    fn places(&self) -> impl Iterator<Item = (&str, &str)> {
        self.defaults
            .iter()
            .flat_map(|entry| entry.places.iter().map(|place| (entry.document.as_str(), place.as_str())))
    }

    /// Returns `true` if the default at a place of a document is expected to contradict its schema.
    pub(super) fn lists(&self, name: &str, place: &str) -> bool {
        self.places().any(|listed| listed == (name, place))
    }

    /// Returns unneeded entries; documents that were not validated are skipped.
    pub(super) fn unused(&self, names: &[&str], found: &[Finding]) -> Vec<String> {
        let is_needed = |(name, place): &(&str, &str)| {
            found.iter().any(|finding| finding.name == *name && finding.place == *place && finding.kind == "default")
        };
        let unused = self.places().filter(|place| names.contains(&place.0) && !is_needed(place));
        unused.map(|(name, place)| format!("{name}: the expectation at `{place}` is no longer needed")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn parsed(list: serde_json::Value) -> Result<Expected, serde_json::Error> {
        serde_json::from_value(json!({ "defaults": list }))
    }

    #[test]
    fn what_is_listed_is_expected_and_has_to_be_found() {
        let expected =
            parsed(json!([{ "document": "pets", "places": ["/a/default", "/b/default"], "reason": "so" }])).unwrap();
        assert!(expected.lists("pets", "/a/default") && !expected.lists("toys", "/a/default"));
        let found =
            Finding { name: "pets".into(), kind: "default".into(), place: "/a/default".into(), message: String::new() };
        let unused = expected.unused(&["pets"], &[found]);
        assert_eq!(unused, ["pets: the expectation at `/b/default` is no longer needed"]);
        assert!(expected.unused(&["toys"], &[]).is_empty());
    }

    #[test]
    fn entries_give_a_reason() {
        assert!(parsed(json!([{ "document": "pets", "places": [] }])).is_err());
        assert!(parsed(json!([{ "document": "pets", "places": [], "reason": "so", "other": 1 }])).is_err());
    }
}
