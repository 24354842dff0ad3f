//! The features of the generated crate's `Cargo.toml`.
//!
//! In: the text of the manifest, the names of the APIs and the features of their tags. Out: the text with one empty feature per API and one
//! per tag, all of them in `default`. If an API has XML bodies, the feature `xml` is added. Invariant: everything else in the manifest is
//! unchanged, byte for byte.

use std::collections::{BTreeMap, BTreeSet};

use toml_edit::{Array, DocumentMut, Item, Table, TableLike, Value, value};

/// The features of the tags of an API; empty without tag features. `None` keeps the present features, because they are unknown.
type TagFeatures<'a> = Option<&'a [String]>;

/// Features, each with the features that it enables.
type Features = BTreeMap<String, Vec<String>>;

/// Sets the features of APIs. Each API has an empty feature. If its tags have features, there is one per tag, which enables the API's
/// feature, and one that enables all tags. `default` contains the APIs and keeps its other entries.
///
/// Features of this form without an API belong to removed APIs and tags. They are removed, also from `default`.
///
/// # Errors
/// Returns an error, in one line, if the text is not TOML, if `features` are not arrays of strings, or if the feature of an API or of a tag
/// has the name of another feature.
pub fn features(cargo_toml: &str, apis: &BTreeMap<&str, TagFeatures<'_>>, xml: bool) -> Result<String, String> {
    let mut document: DocumentMut =
        cargo_toml.parse().map_err(|error| format!("the manifest is not valid TOML: {error}"))?;
    let table = document.entry("features").or_insert_with(|| Item::Table(Table::new()));
    let table = table.as_table_like_mut().ok_or("`features` of the manifest must be a table")?;
    let old = api_features(table)?;
    let (mut wanted, mut in_default) = (Features::new(), BTreeSet::new());
    for (api, tags) in apis {
        let own = own_features(api, *tags, &old);
        let all = all_tags(api);
        in_default.insert(if own.contains_key(&all) { all } else { (*api).to_owned() });
        wanted.extend(own);
    }
    for name in wanted.keys() {
        if name == "default" || xml && name == XML || (table.contains_key(name) && !old.contains_key(name)) {
            return Err(format!(
                "`{name}` is the feature of an API or of a tag; rename the other feature with this name"
            ));
        }
    }
    if xml {
        in_default.insert(XML.to_owned());
        table.entry(XML).or_insert_with(|| value(Array::from_iter([RUNTIME_XML])));
    }
    set_default(table, &old, &in_default)?;
    for (gone, _) in old.iter().filter(|(name, _)| !wanted.contains_key(*name)) {
        table.remove(gone);
    }
    for (name, list) in wanted.iter().filter(|(name, list)| old.get(*name) != Some(*list)) {
        table.insert(name, value(list.iter().collect::<Array>()));
    }
    sort(table, &wanted);
    Ok(document.to_string())
}

/// The feature for XML bodies, and the runtime's feature that it enables.
const XML: &str = "xml";
const RUNTIME_XML: &str = "clientwright-runtime/xml";

/// Returns the name of the feature that enables all tags of an API.
fn all_tags(api: &str) -> String {
    format!("{api}-all")
}

/// Returns the features of an API.
fn own_features(api: &str, tags: TagFeatures<'_>, old: &Features) -> Features {
    let mut own = Features::from([(api.to_owned(), Vec::new())]);
    match tags {
        Some([]) => {}
        Some(tags) => {
            own.extend(tags.iter().map(|tag| (tag.clone(), vec![api.to_owned()])));
            // A tag named `all` is always compiled together with all other tags.
            let others = tags.iter().filter(|tag| **tag != all_tags(api)).cloned();
            own.insert(all_tags(api), others.collect());
        }
        None => {
            let known = old.iter().filter(|(name, _)| name.split_once('-').is_some_and(|(of, _)| of == api));
            own.extend(known.map(|(name, list)| (name.clone(), list.clone())));
        }
    }
    own
}

/// Returns the features that look like features of APIs and tags.
fn api_features(table: &dyn TableLike) -> Result<Features, String> {
    let mut features = Features::new();
    for (name, item) in table.iter() {
        let list = item.as_array().ok_or_else(|| format!("the feature `{name}` of the manifest must be an array"))?;
        features.insert(name.to_owned(), list.iter().filter_map(Value::as_str).map(str::to_owned).collect());
    }
    features.remove("default");
    let apis: BTreeSet<String> =
        features.iter().filter(|(_, list)| list.is_empty()).map(|(name, _)| name.clone()).collect();
    features.retain(|name, list| {
        let is_of_tags = |api: &str| {
            apis.contains(api)
                && (list == &[api] || *name == all_tags(api) && list.iter().all(|tag| tag.starts_with(api)))
        };
        list.is_empty() || name.split_once('-').is_some_and(|(api, _)| is_of_tags(api))
    });
    Ok(features)
}

/// Sets `default`. Its other entries stay in front, in their order. A list with the right names is unchanged.
fn set_default(table: &mut dyn TableLike, old: &Features, apis: &BTreeSet<String>) -> Result<(), String> {
    let item = table.entry("default").or_insert_with(|| value(Array::new()));
    let list = item.as_array_mut().ok_or("the feature `default` of the manifest must be an array")?;
    let present: Vec<String> = list.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    let others = present.iter().filter(|name| !old.contains_key(*name) && !apis.contains(*name));
    let wanted: Vec<String> = others.chain(apis).cloned().collect();
    if present.len() == wanted.len() && BTreeSet::from_iter(&present) == BTreeSet::from_iter(&wanted) {
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

/// Moves the features of APIs, sorted, to the end; all others keep their order.
fn sort(table: &mut dyn TableLike, apis: &Features) {
    let mut names: Vec<String> =
        table.iter().map(|(name, _)| name.to_owned()).filter(|name| apis.contains_key(name)).collect();
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

    /// Sets the features of APIs whose tags have no features.
    fn plain(cargo_toml: &str, apis: &[&str]) -> Result<String, String> {
        features(cargo_toml, &apis.iter().map(|api| (*api, Some(&[][..]))).collect(), false)
    }

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
        assert_eq!(plain(MANIFEST, &["b_api", "a_api"]).unwrap(), MANIFEST);
    }

    #[test]
    fn apis_are_added_and_removed() {
        let expected = MANIFEST
            .replace("[\"serde\", \"b_api\", \"a_api\"]", "[\"serde\", \"a_api\", \"c_api\"]")
            .replace("b_api = []", "c_api = []");
        let changed = plain(MANIFEST, &["c_api", "a_api"]).unwrap();
        assert_eq!(changed, expected);
        assert_eq!(plain(&changed, &["a_api", "c_api"]).unwrap(), changed);
        assert_eq!(plain(&changed, &["a_api", "b_api"]).unwrap().matches("b_api").count(), 2);
    }

    #[test]
    fn new_features_are_sorted_and_comments_kept() {
        let changed = plain(MANIFEST, &["a_api", "b_api", "aa_api"]).unwrap();
        assert!(
            changed.contains("# The first one.\na_api = []\naa_api = []\nb_api = []\n\n[dependencies]"),
            "{changed}"
        );
        assert!(changed.contains("# Interop.\nserde = "), "{changed}");
    }

    #[test]
    fn missing_features_are_added() {
        let changed = plain("[package]\nname = \"x\"\n", &["b", "a"]).unwrap();
        assert_eq!(changed, "[package]\nname = \"x\"\n\n[features]\ndefault = [\"a\", \"b\"]\na = []\nb = []\n");
        assert_eq!(plain(&changed, &[]).unwrap(), "[package]\nname = \"x\"\n\n[features]\ndefault = []\n");
    }

    #[test]
    fn multi_line_lists_are_kept() {
        let manifest = "[features]\ndefault = [\n    \"serde\",\n    \"a\",\n]\nserde = [\"x\"]\na = []\n";
        let changed = plain(manifest, &["a", "b"]).unwrap();
        assert_eq!(changed, manifest.replace("    \"a\",\n", "    \"a\",\n    \"b\",\n") + "b = []\n");
    }

    #[test]
    fn invalid_manifests_are_errors() {
        assert!(plain("a = ", &[]).is_err());
        assert!(plain("features = 1\n", &[]).is_err());
        assert!(plain("[features]\na = 1\n", &[]).is_err());
        assert!(plain(MANIFEST, &["serde"]).is_err());
        assert!(plain(MANIFEST, &["default"]).is_err());
    }

    #[test]
    fn tags_have_features_that_enable_their_api() {
        let tags = ["b_api-pets".to_owned(), "b_api-users".to_owned()];
        let with = |text: &str, tags| {
            features(text, &BTreeMap::from([("a_api", Some(&[][..])), ("b_api", tags)]), false).unwrap()
        };
        let changed = with(MANIFEST, Some(&tags));
        let expected = MANIFEST.replace("\"b_api\", \"a_api\"]", "\"a_api\", \"b_api-all\"]").replace(
            "b_api = []\n",
            "b_api = []\nb_api-all = [\"b_api-pets\", \"b_api-users\"]\nb_api-pets = [\"b_api\"]\nb_api-users = [\"b_api\"]\n",
        );
        assert_eq!(changed, expected);
        assert_eq!(with(&changed, None), changed);
        let one = with(&changed, tags.get(..1));
        assert!(one.contains("b_api-all = [\"b_api-pets\"]") && !one.contains("users"), "{one}");
        assert_eq!(with(&changed, Some(&[])), MANIFEST.replace("\"b_api\", \"a_api\"]", "\"a_api\", \"b_api\"]"));
    }

    #[test]
    fn xml_is_a_feature_by_default() {
        let apis = BTreeMap::from([("a_api", Some(&[][..])), ("b_api", None)]);
        let changed = features(MANIFEST, &apis, true).unwrap();
        assert!(changed.contains("default = [\"serde\", \"a_api\", \"b_api\", \"xml\"]"), "{changed}");
        assert!(changed.contains("xml = [\"clientwright-runtime/xml\"]"), "{changed}");
        assert_eq!(features(&changed, &apis, true).unwrap(), changed);
        assert!(features(MANIFEST, &BTreeMap::from([("xml", None)]), true).is_err());
    }

    #[test]
    fn features_of_the_maintainer_are_kept() {
        let manifest = MANIFEST
            .replace("b_api = []\n", "b_api = []\nb_api-mine = [\"b_api\", \"serde\"]\nserde-x = [\"serde\"]\n");
        let changed = plain(&manifest, &["a_api", "b_api"]).unwrap();
        assert!(changed.contains("b_api-mine") && changed.contains("serde-x"), "{changed}");
    }
}
