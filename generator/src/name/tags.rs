//! Part of `name`: what the names of tags have around the word that they are about.
//!
//! In: tags. Out: the same without the words up to a version, and without what a class of a framework has behind its name.
//!
//! Invariant: what a tag loses depends on itself alone, but for one: a name that two tags could have then is that of neither.

use super::apart::{apart, nth};
use super::ident::snake;
use super::is_among;
use super::methods::ends_of_words;
use crate::ir::Api;
use crate::never::never;

/// What each tag is called after.
pub(super) fn short_names(api: &Api) -> Vec<&str> {
    let wanted: Vec<Vec<&str>> =
        api.tags.iter().map(|tag| shorter(&tag.name).chain([tag.name.as_str()]).collect()).collect();
    let snakes: Vec<Vec<String>> = wanted.iter().map(|names| names.iter().map(|name| snake(name)).collect()).collect();
    let places = apart(&snakes);
    wanted.into_iter().zip(places).map(|(names, place)| nth(names, place)).collect()
}

/// The name of a tag in short, where there is one.
pub(super) fn short(tag: &str) -> Option<&str> {
    shorter(tag).next()
}

/// What a tag may be called in short, the shortest first: `users` and `users-v2` of `users-v2-controller`.
fn shorter(tag: &str) -> impl Iterator<Item = &str> {
    // What is behind a version is what the tag is about, unless it only says what a class is.
    let rest = without_version(tag).filter(|rest| !matches!(snake(rest).as_str(), "controller" | "api"));
    let class = without_role(rest.unwrap_or(tag));
    class.and_then(without_version_behind).into_iter().chain(class.or(rest))
}

/// What an API is like, and not what it is about: `OpenAPI` is no API of its own.
const KINDS: &str = "admin custom data external graph internal legacy main open partner private public rest self web";

/// `owner` of `owner-controller`, `Pet` of `PetApi` and `PetService`. A tag of several words, `Customer Service`, is about a service.
fn without_role(tag: &str) -> Option<&str> {
    let (end, start) = ends_of_words(tag).last()?;
    let is_class = tag.chars().all(|character| character.is_ascii_alphanumeric());
    let is_role = match tag.get(start..)?.to_ascii_lowercase().as_str() {
        "controller" | "api" => true,
        "endpoint" | "resource" | "service" => is_class,
        _ => false,
    };
    let rest = tag.get(..end)?.trim_end_matches(|sign: char| !sign.is_alphanumeric());
    let name = snake(rest);
    let is_kind = name.rsplit('_').next().is_some_and(|last| last.is_empty() || is_among(last, &[KINDS]));
    (is_role && !is_kind && rest.starts_with(|first: char| first.is_ascii_alphabetic())).then_some(rest)
}

/// `Service` of `MessagingV1Service`.
fn without_version(tag: &str) -> Option<&str> {
    let rest = tag.strip_prefix(front_of(tag)?)?.trim_start_matches(|sign: char| !sign.is_alphanumeric());
    rest.starts_with(|first: char| first.is_ascii_alphabetic()).then_some(rest)
}

/// `users` of `users-v2`.
fn without_version_behind(tag: &str) -> Option<&str> {
    let (end, start) = ends_of_words(tag).last()?;
    let rest = tag.get(..end)?.trim_end_matches(|sign: char| !sign.is_alphanumeric());
    let is_word = rest.starts_with(|first: char| first.is_ascii_alphabetic());
    tag.get(start..).filter(|last| is_word && is_version(last)).map(|_| rest)
}

/// The words up to a version, where more follow: `MessagingV1` of `MessagingV1Service`, `v1` of `v1-company`.
fn front_of(tag: &str) -> Option<&str> {
    let mut begin = 0;
    let version = ends_of_words(tag).find(|(end, start)| {
        let word = tag.get(begin..*end).unwrap_or_else(|| never!("", "`{tag}` has no word at {begin}"));
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
    use crate::ir::{Docs, Tag};

    fn api(tags: &[&str]) -> Api {
        let tag = |name: &&str| Tag { name: (*name).to_owned(), docs: Docs::default(), implied: false };
        Api { tags: tags.iter().map(tag).collect(), ..Api::default() }
    }

    #[test]
    fn what_is_left_is_a_name_of_its_own() {
        let names = |tags: &[&str]| short_names(&api(tags)).join(" ");
        assert_eq!(names(&["MessagingV1Service", "MessagingV1Channel", "Health"]), "Service Channel Health");
        assert_eq!(names(&["Api20100401Call", "v1-company", "v10 vat"]), "Call company vat");
        assert_eq!(names(&["v1-pets", "v2-pets", "v2-toys"]), "v1-pets v2-pets toys");
        assert_eq!(names(&["ChatV1User", "ChatV1", "User", "ChatV1Room"]), "ChatV1User ChatV1 User Room");
        let whole = ["ProductList", "PetsV1", "IPv4Address", "V1", "v1-2", "Pets"];
        assert_eq!(short_names(&api(&whole)), whole);
    }

    #[test]
    fn what_a_class_has_behind_its_name_goes() {
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
