//! The features of the generated crate's `Cargo.toml`.
//!
//! In: the text of the manifest and the names of the APIs. Out: the text with one empty feature per API, all of them in
//! `default`. Invariant: everything else in the manifest is unchanged, byte for byte.

use std::collections::BTreeSet;

use toml_edit::{Array, DocumentMut, Item, Table, TableLike, Value, value};

/// Sets the API features: one empty feature per API, sorted; `default` contains them and its other entries.
///
/// Other features with an empty list belong to removed APIs. They are removed, also from `default`.
///
/// # Errors
/// Returns an error, in one line, if the text is not TOML, `features` are not arrays of strings, or an API has the name of another feature.
pub(crate) fn features(cargo_toml: &str, apis: &[&str]) -> Result<String, String> {
    let mut document: DocumentMut =
        cargo_toml.parse().map_err(|error| format!("the manifest is not valid TOML: {error}"))?;
    let apis: BTreeSet<&str> = apis.iter().copied().collect();
    let table = document.entry("features").or_insert_with(|| Item::Table(Table::new()));
    let table = table.as_table_like_mut().ok_or("`features` of the manifest must be a table")?;
    let old = api_features(table)?;
    for api in &apis {
        if *api == "default" || (table.contains_key(api) && !old.contains(*api)) {
            return Err(format!("the API `{api}` must not have the name of another feature"));
        }
    }
    set_default(table, &old, &apis)?;
    for gone in old.iter().filter(|name| !apis.contains(name.as_str())) {
        table.remove(gone);
    }
    for api in &apis {
        table.entry(api).or_insert_with(|| value(Array::new()));
    }
    sort(table, &apis);
    Ok(document.to_string())
}

/// Returns the features with an empty list.
fn api_features(table: &dyn TableLike) -> Result<BTreeSet<String>, String> {
    let mut names = BTreeSet::new();
    for (name, item) in table.iter() {
        let list = item.as_array().ok_or_else(|| format!("the feature `{name}` of the manifest must be an array"))?;
        if list.is_empty() && name != "default" {
            names.insert(name.to_owned());
        }
    }
    Ok(names)
}

/// Sets `default`. The other entries stay in front, in their order. A list with the right names is unchanged.
fn set_default(table: &mut dyn TableLike, old: &BTreeSet<String>, apis: &BTreeSet<&str>) -> Result<(), String> {
    let item = table.entry("default").or_insert_with(|| value(Array::new()));
    let list = item.as_array_mut().ok_or("the feature `default` of the manifest must be an array")?;
    let present: Vec<String> = list.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    let others = present.iter().filter(|name| !old.contains(*name) && !apis.contains(name.as_str()));
    let wanted: Vec<String> = others.cloned().chain(apis.iter().map(|api| (*api).to_owned())).collect();
    let as_set = |names: &[String]| names.iter().cloned().collect::<BTreeSet<_>>();
    if present.len() == wanted.len() && as_set(&present) == as_set(&wanted) {
        return Ok(());
    }
    let is_multiline = list.to_string().contains('\n');
    list.clear();
    for name in wanted {
        if is_multiline {
            list.push_formatted(Value::from(name).decorated("\n    ", ""));
        } else {
            list.push(name);
        }
    }
    if is_multiline {
        list.set_trailing("\n");
        list.set_trailing_comma(true);
    }
    Ok(())
}

/// Moves the API features, sorted, behind all others, which keep their order.
fn sort(table: &mut dyn TableLike, apis: &BTreeSet<&str>) {
    let mut names: Vec<String> =
        table.iter().map(|(name, _)| name.to_owned()).filter(|name| apis.contains(name.as_str())).collect();
    if names.is_sorted() {
        return;
    }
    names.sort();
    // Removed and inserted again, each with the comment above it.
    for name in names {
        let key = table.key(&name).cloned();
        let Some(item) = table.remove(&name) else { continue };
        table.insert(&name, item);
        if let (Some(mut new), Some(old)) = (table.key_mut(&name), key) {
            *new.leaf_decor_mut() = old.leaf_decor().clone();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: &str = r#"# A comment.
[package]
name = "clients" # another

[features]
default = ["serde", "b_api", "a_api"]
# Interop.
serde = ["runtime/serde"]
# The first one.
a_api = []
b_api = []

[dependencies]
runtime = {version="1",  default-features = false}
"#;

    #[test]
    fn correct_manifests_are_unchanged() {
        assert_eq!(features(MANIFEST, &["b_api", "a_api"]).unwrap(), MANIFEST);
    }

    #[test]
    fn apis_are_added_and_removed() {
        let expected = MANIFEST
            .replace("[\"serde\", \"b_api\", \"a_api\"]", "[\"serde\", \"a_api\", \"c_api\"]")
            .replace("b_api = []", "c_api = []");
        let changed = features(MANIFEST, &["c_api", "a_api"]).unwrap();
        assert_eq!(changed, expected);
        assert_eq!(features(&changed, &["a_api", "c_api"]).unwrap(), changed);
        assert_eq!(features(&changed, &["a_api", "b_api"]).unwrap().matches("b_api").count(), 2);
    }

    #[test]
    fn new_features_are_sorted_and_comments_kept() {
        let changed = features(MANIFEST, &["a_api", "b_api", "aa_api"]).unwrap();
        assert!(
            changed.contains("# The first one.\na_api = []\naa_api = []\nb_api = []\n\n[dependencies]"),
            "{changed}"
        );
        assert!(changed.contains("# Interop.\nserde = "), "{changed}");
    }

    #[test]
    fn missing_features_are_added() {
        let changed = features("[package]\nname = \"x\"\n", &["b", "a"]).unwrap();
        assert_eq!(changed, "[package]\nname = \"x\"\n\n[features]\ndefault = [\"a\", \"b\"]\na = []\nb = []\n");
        assert_eq!(features(&changed, &[]).unwrap(), "[package]\nname = \"x\"\n\n[features]\ndefault = []\n");
    }

    #[test]
    fn multi_line_lists_are_kept() {
        let manifest = "[features]\ndefault = [\n    \"serde\",\n    \"a\",\n]\nserde = [\"x\"]\na = []\n";
        let changed = features(manifest, &["a", "b"]).unwrap();
        assert_eq!(changed, manifest.replace("    \"a\",\n", "    \"a\",\n    \"b\",\n") + "b = []\n");
    }

    #[test]
    fn invalid_manifests_are_errors() {
        assert!(features("a = ", &[]).is_err());
        assert!(features("features = 1\n", &[]).is_err());
        assert!(features("[features]\na = 1\n", &[]).is_err());
        assert!(features(MANIFEST, &["serde"]).is_err());
        assert!(features(MANIFEST, &["default"]).is_err());
    }
}
