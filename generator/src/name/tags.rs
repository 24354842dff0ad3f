//! Part of `name`: removes affixes from the names of tags.
//!
//! In: tags. Out: their names in `snake_case`, without the words up to a version, and without framework suffixes.
//!
//! Invariant: a tag's name depends only on the tag, except that if two tags compete for a name, neither gets it.

use super::ident::{begins, snake};
use super::is_among;
use super::methods::words;
use super::short::{Candidate, short_names_of};
use crate::ir::{Api, Tag};
use clientwright_normalizer::words::is_prefix;

/// Words that qualify `API` and are not a topic: the topic of `OpenAPI` is not `open`.
const KINDS: &str = "admin custom data external graph internal legacy main open partner private public self web";

/// Returns the name of each tag.
pub(super) fn short_names(api: &Api) -> Vec<String> {
    let names = |tag: &Tag| {
        let whole = words(&tag.name).join("_");
        let set = tag.docs.rust_name.as_deref().map(snake);
        let names = [short_tag(&tag.name), without_role(&tag.name).join("_"), whole];
        set.into_iter().chain(names).map(Candidate::strong).collect()
    };
    let chosen = short_names_of(api.tags.iter().map(names).collect());
    // A tag of only signs has no words, but still needs a name.
    chosen.into_iter().zip(&api.tags).map(|(name, tag)| if name.is_empty() { tag.name.clone() } else { name }).collect()
}

/// Returns the short name of a tag: `owner` for `owner-controller`, `pet` for `PetApi`, `PetService` and `PetsV1`, `bot` for `botv2`.
pub(super) fn short_tag(tag: &str) -> String {
    let all = without_role(tag);
    let mut rest = all.as_slice();
    while let [before @ .., last] = rest
        && is_version(last)
        && is_topic(before)
    {
        rest = before;
    }
    let version = rest.iter().rposition(|word| is_version(word));
    let rest = version.and_then(|at| rest.get(at + 1..)).filter(|rest| is_topic(rest)).unwrap_or(rest);
    let name = rest.join("_");
    // `ipv4` is not a version of `ip`.
    let plain = name.trim_end_matches(|last: char| last.is_ascii_digit());
    let topic =
        plain.strip_suffix('v').filter(|topic| plain.len() < name.len() && topic.len() > 2 && !topic.ends_with('_'));
    topic.map_or_else(|| name.clone(), str::to_owned)
}

/// Returns a tag without an explanation in parentheses.
pub(super) fn gloss_free(tag: &str) -> &str {
    tag.split_once(" (").map_or(tag, |(tag, _)| tag)
}

/// Returns the words of a tag without its explanation and the role of its class. In a tag of several words, such as `Customer Service`, a
/// role is part of the topic.
fn without_role(tag: &str) -> Vec<String> {
    let tag = gloss_free(tag);
    let mut all = words(tag).to_vec();
    let is_class = tag.chars().all(|sign| sign.is_ascii_alphanumeric()) && !all.iter().any(|word| is_version(word));
    let count = all.len();
    while let [before @ .., last] = all.as_slice()
        && is_topic(before)
        && before.last().is_some_and(|topic| !is_among(topic, &[KINDS]))
        && match last.as_str() {
            "controller" | "api" => true,
            "endpoint" | "operations" | "resource" | "service" => is_class,
            "rest" => all.len() < count,
            _ => false,
        }
    {
        all.pop();
    }
    all
}

/// Returns `true` if words can be a name.
fn is_topic(words: &[String]) -> bool {
    words.first().is_some_and(|first| begins(first, char::is_ascii_alphabetic) && !is_prefix(first))
}

/// Returns `true` for `v1` and `api20100401`.
pub(super) fn is_version(word: &str) -> bool {
    let number = word.strip_prefix("api").or(word.strip_prefix('v')).unwrap_or_default();
    begins(number, char::is_ascii_digit)
}

/// Returns `true` for a version or a number.
pub(super) fn is_number(word: &str) -> bool {
    is_version(word) || word.bytes().all(|digit| digit.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::{Docs, Tag};

    fn api(tags: &[&str]) -> Api {
        let tag = |name: &&str| Tag { name: (*name).to_owned(), docs: Docs::default(), implied: false };
        Api { tags: tags.iter().map(tag).collect(), ..Api::default() }
    }

    #[test]
    fn affixes_are_removed() {
        let names = |tags: &[&str]| short_names(&api(tags)).join(" ");
        assert_eq!(names(&["MessagingV1Service", "MessagingV1Channel", "Health"]), "service channel health");
        assert_eq!(names(&["Api20100401Call", "v1-company", "v10 vat"]), "call company vat");
        assert_eq!(names(&["v1-pets", "v2-pets", "v2-toys"]), "v1_pets v2_pets toys");
        assert_eq!(names(&["ChatV1User", "User", "ChatV1Room"]), "chat_v1_user user room");
        assert_eq!(names(&["owner-controller", "PetApi", "BookService", "Cat API"]), "owner pet book cat");
        assert_eq!(names(&["FileResource", "FooEndpoint", "MailV1Service", "SetRestApi"]), "file foo service set");
        assert_eq!(names(&["BoolOperations", "Bulk operations"]), "bool bulk_operations");
        assert_eq!(names(&["users-v2-controller", "PetsV1Api", "toys-v1", "botv2"]), "users pets toys bot");
        assert_eq!(names(&["users-v1-controller", "users-v2-controller"]), "users_v1 users_v2");
        assert_eq!(names(&["PetApi", "PetController"]), "pet_api pet_controller");
        assert_eq!(names(&["Ledger (all books)", "*"]), "ledger star");
        let whole = [
            "product_list", "ipv4_address", "v1", "pets", "customer service", "web-service", "open_api", "Public API",
            "API", "apis",
        ];
        assert_eq!(
            names(&whole),
            "product_list ipv4_address v1 pets customer_service web_service open_api public_api api apis"
        );
    }
}
