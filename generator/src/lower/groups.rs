//! Pass of `lower`: operations without a tag, where they are many, are grouped by their paths.
//!
//! In: an API whose operations have the tags that the document gives them. Out: the same, with a tag for each group.
//!
//! Invariant: the document's own tags stay as they are.

use std::collections::BTreeSet;

use crate::ir::{Api, Docs, Tag, TagId};

/// So many operations are easily found in one list.
const LISTED: usize = 40;

/// Gives a tag to each operation that has none: the first segment of its path that tells it from others.
pub(super) fn group_untagged(api: &mut Api) {
    let untagged: Vec<usize> = (0..api.operations.len()).filter(|index| is_untagged(api, *index)).collect();
    let paths: Vec<Vec<String>> =
        untagged.iter().filter_map(|index| api.operations.get(*index)).map(|one| words(&one.path)).collect();
    let shared = shared(&paths);
    let groups: BTreeSet<&String> = paths.iter().filter_map(|words| words.get(shared)).collect();
    // Where nearly every path begins with a word of its own, groups would be no help.
    if untagged.len() <= LISTED || groups.len() * 2 > untagged.len() {
        return;
    }
    for (index, words) in untagged.into_iter().zip(&paths) {
        if let Some(word) = words.get(shared) {
            let tag = tag(api, word);
            api.operations.get_mut(index).into_iter().for_each(|operation| operation.tag = tag);
        }
    }
}

fn is_untagged(api: &Api, operation: usize) -> bool {
    let tag = api.operations.get(operation).and_then(|operation| api.tags.get(operation.tag.0));
    tag.is_some_and(|tag| tag.implied)
}

/// The segments of a path that say something: no variables, versions and the word `api`.
fn words(path: &str) -> Vec<String> {
    let segments = path.split('/').map(|segment| segment.split(['.', ':', '(']).next().unwrap_or_default());
    let is_version =
        |segment: &str| segment.trim_start_matches(['v', 'V']).starts_with(|first: char| first.is_ascii_digit());
    let says_something = |segment: &&str| {
        let is_word = segment.starts_with(|first: char| first.is_ascii_alphabetic());
        is_word && !is_version(segment) && !["api", "apis", "rest"].contains(segment)
    };
    segments.filter(says_something).map(str::to_owned).collect()
}

/// How many words all paths have in front; each has another one behind them.
fn shared(paths: &[Vec<String>]) -> usize {
    let Some((first, others)) = paths.split_first() else { return 0 };
    let alike =
        |count: &usize| others.iter().all(|words| words.len() > *count && words.get(..*count) == first.get(..*count));
    (0..first.len()).rev().find(alike).unwrap_or(0)
}

/// The tag of that name, added if there is none.
fn tag(api: &mut Api, name: &str) -> TagId {
    let known = api.tags.iter().position(|tag| !tag.implied && tag.name == name);
    TagId(known.unwrap_or_else(|| {
        let description = Some(format!("Operations on `{name}`, which have no tag."));
        api.tags.push(Tag { name: name.to_owned(), docs: Docs { description, ..Docs::default() }, implied: false });
        api.tags.len() - 1
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_what_its_words_say() {
        for (path, expected) in [
            ("/api/v1/pets/{petId}/toys", &["pets", "toys"][..]),
            ("/2010-04-01/Accounts/{Sid}/Calls.json", &["Accounts", "Calls"]),
            ("/v2beta/{name}:cancel", &[]),
            ("/videos/list", &["videos", "list"]),
            ("/Users('{id}')/messages", &["Users", "messages"]),
        ] {
            assert_eq!(words(path), expected, "{path}");
        }
    }

    #[test]
    fn what_all_paths_have_in_front_tells_nothing() {
        let paths = |texts: &[&str]| texts.iter().map(|path| words(path)).collect::<Vec<_>>();
        assert_eq!(shared(&paths(&["/a/b", "/a/c", "/a/b/d"])), 1);
        assert_eq!(shared(&paths(&["/a", "/a/c"])), 0);
        assert_eq!(shared(&paths(&["/a/b", "/c"])), 0);
        assert_eq!(shared(&paths(&["/{a}", "/b"])), 0);
        assert_eq!(shared(&[]), 0);
    }
}
