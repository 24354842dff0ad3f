//! Pass of `lower`: groups operations without a tag by their paths, if there are many.
//!
//! In: an API whose operations have the document's tags. Out: the same, with a tag for each group. A tag that is only a
//! version does not count.
//!
//! Invariant: the document's other tags are unchanged.

use std::collections::BTreeSet;

use super::tags::tag;
use crate::ir::{Api, Docs, Operation, TagId};
use clientwright_normalizer::words::is_prefix;

/// The maximum number of operations without groups.
const LISTED: usize = 40;

/// Gives each operation without a tag a tag named after the first path segment that differs between such operations.
pub(super) fn group_untagged(api: &mut Api) {
    let is_free = |id: TagId| api.tags.get(id.0).is_some_and(|tag| tag.implied || is_prefix(&tag.name));
    let path = |operation: &Operation| is_free(operation.tag).then(|| words(&operation.path));
    let all: Vec<Option<Vec<String>>> = api.operations.iter().map(path).collect();
    let paths: Vec<&[String]> = all.iter().flatten().map(Vec::as_slice).collect();
    let shared = shared(&paths);
    let groups: BTreeSet<&String> = paths.iter().filter_map(|words| words.get(shared)).collect();
    // If nearly every path starts with a different word, groups would not help.
    if paths.len() <= LISTED || groups.len() * 2 > paths.len() {
        return;
    }
    let named = api.tags.iter().map(|tag| (!tag.implied).then(|| tag.name.clone()));
    let mut ids = named.zip((0..).map(TagId)).collect();
    for (operation, path) in api.operations.iter_mut().zip(&all) {
        if let Some(word) = path.as_ref().and_then(|words| words.get(shared)) {
            let docs = || Docs { description: Some(format!("Operations on `{word}`.")), ..Docs::default() };
            operation.tag = tag(&mut api.tags, &mut ids, Some(word), docs);
        }
    }
}

/// Returns the meaningful segments of a path: without variables, versions and the word `api`.
fn words(path: &str) -> Vec<String> {
    let end = |segment: &str| segment.find(['.', ':', '(', '?', '#']).unwrap_or(segment.len());
    let segments = path.split('/').map(|segment| segment.split_at(end(segment)).0);
    let says_something = |segment: &&str| {
        let is_word = segment.starts_with(|first: char| first.is_ascii_alphabetic());
        is_word && !is_prefix(segment) && !matches!(*segment, "apis" | "rest")
    };
    segments.filter(says_something).map(str::to_owned).collect()
}

/// Returns the number of leading words that all paths share and that are followed by another word in each.
fn shared(paths: &[&[String]]) -> usize {
    let Some((first, others)) = paths.split_first() else { return 0 };
    let alike =
        |count: &usize| others.iter().all(|words| words.len() > *count && words.get(..*count) == first.get(..*count));
    (0..first.len()).rev().find(alike).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use clientwright_normalizer::Source;
    use serde_json::json;

    use super::*;
    use crate::generate::{Document, read_api};

    #[test]
    fn words_of_paths_are_found() {
        for (path, expected) in [
            ("/api/v1/pets/{petId}/toys", &["pets", "toys"][..]),
            ("/2010-04-01/Accounts/{Sid}/Calls.json", &["Accounts", "Calls"]),
            ("/v2beta/{name}:cancel", &[]),
            ("/videos/list?draft=true", &["videos", "list"]),
            ("/Users('{id}')/messages", &["Users", "messages"]),
        ] {
            assert_eq!(words(path), expected, "{path}");
        }
    }

    #[test]
    fn a_version_counts_as_no_tag() {
        for (tag, expected) in [("v4", &["toys", "pets"][..]), ("Shop", &["Shop"])] {
            let path = |number: usize| {
                let place = if number == 0 { "toys" } else { "pets" };
                let responses = json!({"204": {"description": "d"}});
                let operation = json!({"operationId": format!("a{number}"), "tags": [tag], "responses": responses});
                (format!("/v4/{place}/{number}"), json!({"get": operation}))
            };
            let paths: serde_json::Map<_, _> = (0..=LISTED).map(path).collect();
            let document = json!({"openapi": "3.0.3", "info": {"title": "t", "version": "v"}, "paths": paths});
            let source = Source { name: "t.json".to_owned(), text: document.to_string() };
            let (api, _) = read_api(&Document::new("t", source)).unwrap();
            let used: BTreeSet<TagId> = api.operations.iter().map(|operation| operation.tag).collect();
            let names: Vec<_> = used.iter().map(|tag| &*api.tags[tag.0].name).collect();
            assert_eq!(names, expected, "{tag}");
        }
    }

    #[test]
    fn common_prefixes_are_ignored() {
        let shared = |texts: &[&str]| {
            let paths: Vec<Vec<String>> = texts.iter().map(|path| words(path)).collect();
            shared(&paths.iter().map(Vec::as_slice).collect::<Vec<_>>())
        };
        assert_eq!(shared(&["/a/b", "/a/c", "/a/b/d"]), 1);
        assert_eq!(shared(&["/a", "/a/c"]), 0);
        assert_eq!(shared(&["/a/b", "/c"]), 0);
        assert_eq!(shared(&["/{a}", "/b"]), 0);
        assert_eq!(shared(&[]), 0);
    }
}
