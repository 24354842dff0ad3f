//! Part of `name`: what the names of tags have in front.
//!
//! In: tags. Out: the same without the words up to a version that most of them begin with.
//!
//! Invariant: a tag that would have the name of another one then keeps all of its own.

use std::collections::{BTreeMap, BTreeSet};

use super::ident::snake;
use super::methods::ends_of_words;
use crate::ir::{Api, Tag};

/// What each tag is called after.
pub(super) fn short_names(api: &Api) -> Vec<&str> {
    let front = common_front(api);
    let whole: BTreeSet<String> = api.tags.iter().map(|tag| snake(&tag.name)).collect();
    let names = api.tags.iter().map(|tag| tag.name.as_str());
    let is_free = |short: &&str| !whole.contains(&snake(short));
    names.map(|name| without_front(name, front).filter(is_free).unwrap_or(name)).collect()
}

/// The front that most tags have: `MessagingV1` of `MessagingV1Service`, `MessagingV1Channel` and `Health`. One tag alone has nothing in
/// common with others.
fn common_front(api: &Api) -> &str {
    let tags: Vec<&Tag> = api.tags.iter().filter(|tag| !tag.implied).collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for front in tags.iter().filter_map(|tag| front_of(&tag.name)) {
        *counts.entry(front).or_default() += 1;
    }
    let most = counts.into_iter().find(|(_, count)| *count > 1 && count * 2 > tags.len());
    most.map_or("", |(front, _)| front)
}

/// `Service` of `MessagingV1Service`.
fn without_front<'t>(tag: &'t str, front: &str) -> Option<&'t str> {
    let rest = tag.strip_prefix(front)?.trim_start_matches(|sign: char| !sign.is_alphanumeric());
    rest.starts_with(|first: char| first.is_ascii_alphabetic()).then_some(rest)
}

/// The words up to a version, where more follow: `MessagingV1` of `MessagingV1Service`, `v1` of `v1-company`.
fn front_of(tag: &str) -> Option<&str> {
    let mut begin = 0;
    let version = ends_of_words(tag).find(|(end, start)| {
        let word = tag.get(begin..*end).unwrap_or_default();
        begin = *start;
        is_version(word)
    });
    tag.get(..version?.0)
}

/// `V1`, `api20100401`
fn is_version(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    let number = word.strip_prefix("api").or(word.strip_prefix('v')).unwrap_or_default();
    !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::Docs;

    fn api(tags: &[&str]) -> Api {
        let tag = |name: &&str| Tag { name: (*name).to_owned(), docs: Docs::default(), implied: false };
        Api { tags: tags.iter().map(tag).collect(), ..Api::default() }
    }

    #[test]
    fn a_front_ends_with_a_version_and_most_tags_have_it() {
        let front = |tags: &[&str]| common_front(&api(tags)).to_owned();
        assert_eq!(front(&["MessagingV1Service", "MessagingV1Channel", "Health"]), "MessagingV1");
        assert_eq!(front(&["Api20100401Call", "Api20100401Message"]), "Api20100401");
        assert_eq!(front(&["v1-company", "v1-vat"]), "v1");
        assert_eq!(front(&["v1 pets", "v2 pets", "v2 toys"]), "v2");
        assert_eq!(front(&["v1 pets", "v2 pets"]), "");
        assert_eq!(front(&["MessagingV1Service"]), "");
        assert_eq!(front(&["ProductList", "ProductGroup"]), "");
        assert_eq!(front(&["PetsV1", "ToysV1"]), "");
        assert_eq!(front(&["IPv4Address", "IPv4Route"]), "");
    }

    #[test]
    fn what_is_left_is_a_name_of_its_own() {
        let tags = ["ChatV1Service", "ChatV1-channel", "ChatV1User", "ChatV1", "User", "ChatV1Room"];
        assert_eq!(short_names(&api(&tags)), ["Service", "channel", "ChatV1User", "ChatV1", "User", "Room"]);
        assert_eq!(without_front("ChatV10Room", "ChatV1"), None);
        assert_eq!(short_names(&api(&["Pets", "Toys"])), ["Pets", "Toys"]);
    }
}
