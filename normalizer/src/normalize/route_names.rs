//! Part of `normalize`: names of operations that their paths say, where those show neither a collection nor one of its items.
//!
//! In: a method and a path. Out: a name as a person would write it. Invariant: the name depends on nothing else but on whether the path is
//! that of a collection, or ends in the middle of a key.

use super::names::{Resource, Routes, is_prefix, is_word, pascal, trimmed, upper};
use super::verbs::{is_action, is_phrase};
use crate::structure::template::{Piece, pieces};

/// The name of an operation that is about a part of an item, `GET /users/{id}/avatar` → `getUserAvatar`; that does something with one,
/// `POST /orders/{id}/cancel` → `cancelOrder`; or whose path says what it does, `GET /getPathways` → `getPathways`. `None` for any other.
pub(super) fn spoken_operation_id(method: &str, path: &str, routes: &Routes<'_>) -> Option<String> {
    let path = trimmed(path)?;
    let mut parts = routes.parts(path)?;
    parts.iter_mut().for_each(|part| part.word = part.word.trim_start_matches('$'));
    if parts.iter().any(|part| !is_word(part.word) || !part.key.is_empty() && routes.is_part_of_key(part.to)) {
        return None;
    }
    let (last, before) = parts.split_last()?;
    if last.key.is_empty()
        && let Some(name) = said(method, last.word, before, routes.has_items(path))
    {
        return Some(name);
    }
    if !path.contains('{') {
        return None;
    }
    let verb = if method == "put" { "update" } else { method };
    Some(format!("{verb}{}{}", before.iter().map(Resource::spoken).collect::<String>(), last.spoken()))
}

/// What the last segment of a path says is done.
fn said(method: &str, last: &str, before: &[Resource<'_>], has_items: bool) -> Option<String> {
    let words = words(last);
    let (verb, more) = words.split_first().filter(|_| !has_items)?;
    match before {
        [] if !more.is_empty() && is_phrase(verb, method) => Some(camel(&words)),
        [.., item] if !item.key.is_empty() && is_action(verb, method) => {
            let spoken: String = before.iter().map(Resource::spoken).collect();
            // `payment_intents.increment_authorization`
            let whole = || before.iter().map(|part| pascal(part.word)).collect::<String>();
            let phrase: String = words.iter().map(|word| upper(word)).collect();
            if more.is_empty() {
                return Some(format!("{verb}{spoken}"));
            }
            (method == "post" && is_phrase(verb, method)).then(|| lower(&whole()) + &phrase)
        }
        _ => None,
    }
}

/// Whether an operation's name says its method and its path, and nothing else: `PostOrdersOrderCancel` of `POST /v1/orders/{order}/cancel`.
/// A name without the method is one where the path has no parameters.
pub(super) fn says_only_path(id: &str, method: &str, path: &str) -> bool {
    let id = words(id).join("_");
    let without = [id.strip_prefix(method), id.strip_suffix(method), Some(id.as_str()).filter(|_| path.contains('{'))];
    without.into_iter().flatten().any(|id| below_prefixes(path).any(|path| repeats(id, path)))
}

/// Whether an operation's name is the key of a database, which says nothing: `58d8bcb7a9e6240e200cff24`, or a UUID.
pub(super) fn is_key(id: &str) -> bool {
    let digits = id.bytes().filter(u8::is_ascii_digit).count();
    let is_hex = id.bytes().all(|one| one.is_ascii_hexdigit() || one == b'-');
    is_hex && digits > 0 && id.len() >= 16
}

/// A path, and what is left of it behind each of the segments in front that say nothing.
fn below_prefixes(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(path), |path| {
        let (front, _) = path.strip_prefix('/')?.split_once('/')?;
        path.get(front.len() + 1..).filter(|_| is_prefix(front))
    })
}

/// Whether words, with underscores between them, are those of a path, with or without `by` before its parameters. A name with more words,
/// `domain_names` of `/domainnames`, says more.
fn repeats(id: &str, path: &str) -> bool {
    let mut rest = id;
    for piece in pieces(path) {
        let (fillers, text): (&[&str], _) = match piece {
            Piece::Text(text) => (&[""], text),
            Piece::Parameter(name) => (&["", "by", "and"], name),
        };
        let words = words(text);
        let behind = |filler: &&str| {
            let mut said = std::iter::once(*filler).chain(words.iter().map(String::as_str));
            said.try_fold(rest, |rest, word| rest.trim_start_matches('_').strip_prefix(word))
        };
        let Some(behind) = fillers.iter().find_map(behind) else { return false };
        rest = behind;
    }
    rest.trim_matches('_').is_empty() && !id.trim_matches('_').is_empty()
}

/// The words of a name, in lower case.
fn words(name: &str) -> Vec<String> {
    let mut apart = String::new();
    let mut after_lower = false;
    for one in name.chars() {
        if after_lower && one.is_uppercase() {
            apart.push(' ');
        }
        after_lower = one.is_alphanumeric() && !one.is_uppercase();
        apart.extend(one.to_lowercase());
    }
    apart.split(|one: char| !one.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn camel(words: &[String]) -> String {
    lower(&words.iter().map(|word| upper(word)).collect::<String>())
}

/// The name with a lower case letter at its beginning.
fn lower(name: &str) -> String {
    let mut characters = name.chars();
    characters.next().into_iter().flat_map(char::to_lowercase).chain(characters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_items_and_what_is_done_with_them() {
        let routes = Routes::of(
            [("/orders/{id}/notes/{note}", true), ("/a/{b}/{c}", true), ("/export/{id}", true), ("/orders/{id}", true)]
                .into_iter(),
        );
        for (method, path, expected) in [
            ("get", "/users/{id}/avatar", Some("getUserAvatar")),
            ("put", "/api/v1/users/{id}/profile/avatar.json", Some("updateUserProfileAvatar")),
            ("delete", "/users/{id}/permissions/", Some("deleteUserPermissions")),
            ("post", "/users/{id}/avatar", Some("postUserAvatar")),
            ("post", "/users/{id}", Some("postUser")),
            ("post", "/orders/{id}/cancel", Some("cancelOrder")),
            ("put", "/orders/{id}/items/{item}/cancel", Some("cancelOrderItem")),
            ("delete", "/orders/{id}/lock", Some("deleteOrderLock")),
            ("get", "/charts/{id}/export", Some("exportChart")),
            ("get", "/charts/{id}/cancel", Some("getChartCancel")),
            ("put", "/charts/{id}/schedule", Some("updateChartSchedule")),
            (
                "post",
                "/v1/payment_intents/{intent}/increment_authorization",
                Some("paymentIntentsIncrementAuthorization"),
            ),
            ("post", "/users/{id}/check-ins", Some("postUserCheckIns")),
            ("get", "/getPathways", Some("getPathways")),
            ("post", "/api/create-order", Some("createOrder")),
            ("get", "/test-runs", None),
            ("get", "/{tenant}/status", Some("getStatus")),
            ("get", "/v{version}/users/{id}/avatar", Some("getUserAvatar")),
            ("get", "/a/{b}/names", None),
            ("get", "/a/{b}/{c}/names/$count", Some("getANamesCount")),
            ("get", "/orders/{id}/{other}/names", None),
            ("get", "/users/{id}/a:b", None),
            ("get", "/users/me", None),
            ("get", "/{a}", None),
        ] {
            assert_eq!(spoken_operation_id(method, path, &routes).as_deref(), expected, "{method} {path}");
        }
    }

    #[test]
    fn a_key_is_no_name() {
        let keys = ["58d8bcb7a9e6240e200cff24", "0f8fad5b-d9cb-469f-a165-70867728950e", "1234567890123456"];
        assert!(keys.iter().all(|id| is_key(id)));
        let names = ["feedface", "decade2020", "get_0f8fad5bd9cb469fa165", "deadfacedeadfacedead", ""];
        assert!(!names.iter().any(|id| is_key(id)));
    }

    #[test]
    fn a_name_that_says_its_path_is_none() {
        let post = "/v1/payment_intents/{intent}/increment_authorization";
        for (id, method, path, expected) in [
            ("PostPaymentIntentsIntentIncrementAuthorization", "post", post, true),
            ("post_v1_payment_intents_by_intent_increment_authorization", "post", post, true),
            ("V1PaymentIntents{intent}IncrementAuthorizationPOST", "post", post, true),
            ("payment_intents_intent_increment_authorization", "post", post, true),
            ("paymentIntentsIncrementAuthorization", "post", post, false),
            ("GetPaymentIntentsIntentIncrementAuthorization", "post", post, false),
            ("get_api_v1_users", "get", "/api/v1/users/", true),
            ("get_v1_users", "get", "/api/v1/users", true),
            ("get_users_a_and_b", "get", "/users/{a}/{b}", true),
            ("GetDomainNames", "get", "/domainnames", false),
            ("getEventlogs", "get", "/eventLogs", true),
            ("users", "get", "/users", false),
            ("getUsersList", "get", "/users", false),
            ("getUser", "get", "/users/{id}", false),
            ("get", "get", "/", false),
        ] {
            assert_eq!(says_only_path(id, method, path), expected, "{id}");
        }
    }
}
