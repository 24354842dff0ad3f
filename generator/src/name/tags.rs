//! Part of `name`: removes affixes from the names of tags.
//!
//! In: tags. Out: their names without the words up to a version, and without framework suffixes.
//!
//! Invariant: a tag's name depends only on the tag, except that a name that two tags could have goes to neither.

use super::ident::{begins, snake};
use super::is_among;
use super::methods::ends_of_words;
use super::short::short_snakes_of;
use crate::ir::Api;
use crate::never::never;

/// Returns the name of each tag.
pub(super) fn short_names(api: &Api) -> Vec<&str> {
    let wanted = api.tags.iter().map(|tag| shorter(&tag.name).chain([tag.name.as_str()]).collect());
    short_snakes_of(wanted.collect())
}

/// Returns the short name of a tag, if there is one.
pub(super) fn short(tag: &str) -> Option<&str> {
    shorter(tag).next()
}

/// Returns the candidate short names of a tag, shortest first: `users` and `users-v2` for `users-v2-controller`.
fn shorter(tag: &str) -> impl Iterator<Item = &str> {
    // The part after a version is the topic of the tag, unless it is only the kind of a class.
    let rest = without_version(tag).filter(|rest| !matches!(snake(rest).as_str(), "controller" | "api"));
    let class = without_role(rest.unwrap_or(tag));
    class.and_then(without_version_behind).into_iter().chain(class.or(rest))
}

/// Qualities of an API that are not its topic: `OpenAPI` is not an API's name.
const KINDS: &str = "admin custom data external graph internal legacy main open partner private public rest self web";

/// Returns `owner` for `owner-controller`, `Pet` for `PetApi` and `PetService`. A tag of several words, `Customer Service`, is about a
/// service.
fn without_role(tag: &str) -> Option<&str> {
    let (rest, last) = without_last(tag)?;
    let is_class = tag.chars().all(|character| character.is_ascii_alphanumeric());
    let is_role = match last.to_ascii_lowercase().as_str() {
        "controller" | "api" => true,
        "endpoint" | "resource" | "service" => is_class,
        _ => false,
    };
    let name = snake(rest);
    let is_kind = name.rsplit('_').next().is_some_and(|last| last.is_empty() || is_among(last, &[KINDS]));
    (is_role && !is_kind).then_some(rest)
}

/// Returns `Service` for `MessagingV1Service`.
fn without_version(tag: &str) -> Option<&str> {
    let rest = tag.strip_prefix(front_of(tag)?)?.trim_start_matches(|sign: char| !sign.is_alphanumeric());
    begins(rest, char::is_ascii_alphabetic).then_some(rest)
}

/// Returns `users` for `users-v2`.
fn without_version_behind(tag: &str) -> Option<&str> {
    without_last(tag).filter(|(_, last)| is_version(last)).map(|(rest, _)| rest)
}

/// Returns the words before the last one, if they start with a letter, and the last one.
fn without_last(tag: &str) -> Option<(&str, &str)> {
    let (end, start) = ends_of_words(tag).last()?;
    let rest = tag.get(..end)?.trim_end_matches(|sign: char| !sign.is_alphanumeric());
    Some((rest, tag.get(start..)?)).filter(|_| begins(rest, char::is_ascii_alphabetic))
}

/// Returns the words up to a version, if more follow: `MessagingV1` for `MessagingV1Service`, `v1` for `v1-company`.
fn front_of(tag: &str) -> Option<&str> {
    let mut begin = 0;
    let version = ends_of_words(tag).find(|(end, start)| {
        let word = tag.get(begin..*end).unwrap_or_else(|| never!("", "`{tag}` has no word at {begin}"));
        begin = *start;
        is_version(word)
    });
    tag.get(..version?.0)
}

/// Returns `true` for `V1` and `api20100401`.
fn is_version(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    let number = word.strip_prefix("api").or(word.strip_prefix('v')).unwrap_or_default();
    !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit())
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
    fn short_names_are_valid_names() {
        let names = |tags: &[&str]| short_names(&api(tags)).join(" ");
        assert_eq!(names(&["MessagingV1Service", "MessagingV1Channel", "Health"]), "Service Channel Health");
        assert_eq!(names(&["Api20100401Call", "v1-company", "v10 vat"]), "Call company vat");
        assert_eq!(names(&["v1-pets", "v2-pets", "v2-toys"]), "v1-pets v2-pets toys");
        assert_eq!(names(&["ChatV1User", "ChatV1", "User", "ChatV1Room"]), "ChatV1User ChatV1 User Room");
        let whole = ["ProductList", "PetsV1", "IPv4Address", "V1", "v1-2", "Pets"];
        assert_eq!(short_names(&api(&whole)), whole);
    }

    #[test]
    fn class_suffixes_are_removed() {
        let names = |tags: &[&str]| short_names(&api(tags)).join(" ");
        assert_eq!(names(&["owner-controller", "PetApi", "BookService", "Cat API"]), "owner Pet Book Cat");
        assert_eq!(names(&["FileResource", "FooEndpoint", "MailV1Service"]), "File Foo Service");
        let two = ["PetApi", "PetController", "toy-api", "toy"];
        assert_eq!(short_names(&api(&two)), two);
        assert_eq!(names(&["users-v2-controller", "PetsV1Api", "toys-v1"]), "users Pets toys-v1");
        assert_eq!(names(&["users-v1-controller", "users-v2-controller"]), "users-v1 users-v2");
        let whole = [
            "Customer Service", "web-service", "OpenAPI", "Public API", "EventsRestApi", "API", "apis", "TypeApi",
            "1-api",
        ];
        assert_eq!(short_names(&api(&whole)), whole);
    }
}
