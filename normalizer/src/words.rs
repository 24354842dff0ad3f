//! The words of names and paths: verbs, singular and plural, and what says nothing.
//!
//! In: a word, or a segment of a path. Out: what it says. Invariant: a word that as often says to what something is done, or what
//! something is like, such as `open`, `report` or `request`, is not a verb.

use std::sync::LazyLock;

use foldhash::HashSet;

use crate::memo::Memo;
use crate::spelling::is_among;

/// The verbs.
static VERBS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let verbs = "abort accept acknowledge activate add advance analyze apply approve archive assign attach authenticate authorize \
        bind block boot buy calculate cancel capture change check clear clone close compare compile complete configure \
        confirm connect copy count create deactivate deauthorize decline decrypt delete deliver deprovision describe \
        destroy detach disable disconnect dismiss download duplicate edit enable encrypt enroll ensure evaluate execute \
        export extend fetch finalize find finish follow fork fulfill generate get has hide ignore import increment initiate \
        insert inspect install interrupt invalidate invite is join kill launch leave link list lock login logout lookup make mark merge \
        migrate modify move mute notify parse patch pause pay post promote provision publish purge put query reactivate \
        read reboot rebuild recover reencrypt refresh refund regenerate register reimage reindex reissue reject reload \
        remove rename renew reorder replace requeue rerequest rerun resend reset resize resolve restart restore resume \
        retrieve retry reverse revert revoke rotate run save schedule search send set show shutdown signin signout \
        signup split start stop store submit subscribe suspend swap sync synchronize terminate test toggle transfer \
        trigger unarchive unassign unbind unblock undelete unenroll unfollow uninstall unlink unlock unmute unpause unpin \
        unpublish unsubscribe untag update upgrade upload upsert validate verify view void watch withdraw";
    verbs.split(' ').collect()
});

/// Whether a word in lower case says what is done: `cancel`.
#[must_use]
pub fn is_verb(word: &str) -> bool {
    VERBS.contains(word)
}

/// Verbs that are as often a noun at the end of a path, and say there what is done to an item by `POST` alone.
const POSTED: &str = "archive block clone copy execute export fork import link lock lookup mute query refund run schedule search \
    split swap test transfer trigger upgrade upload void watch";

/// Verbs that are written as one word or as two, and are a noun in front of others: `login-attempts`.
const SESSIONS: &str = "login logout signin signout signup";

/// Verbs that are more often a noun there.
const NOUNS: &str = "change count post store";

/// Verbs that say what is read, at the beginning of a path.
const READING: &str = "calculate evaluate fetch find generate get has is list parse resolve retrieve validate verify";

/// Verbs that are more often a part of a noun at the beginning of a path: `check-ins`.
const ATTRIBUTES: &str = "check download invite pay read";

/// Verbs that say no more than a method does.
const METHOD_VERBS: &str = "describe get list patch put set show view";

/// Whether a word in lower case says what is done to the thing that is named before it: `cancel` of `orderCancel`, but not `post` of
/// `likePost`. Rails calls a list `index`.
#[must_use]
pub fn is_deed(word: &str) -> bool {
    matches!(word, "index" | "search")
        || is_verb(word) && ![POSTED, NOUNS, SESSIONS].iter().any(|words| is_among(words, word))
}

/// Whether it is a verb that says more than a method does.
fn says_more(word: &str) -> bool {
    is_verb(word) && !is_among(METHOD_VERBS, word) && !is_among(NOUNS, word)
}

/// Whether a word at the end of a path says what the method does: `cancel` of `POST /orders/{id}/cancel`.
#[must_use]
pub fn is_action(word: &str, method: &str) -> bool {
    match method {
        "post" => says_more(word),
        "put" | "patch" => says_more(word) && !is_among(POSTED, word),
        "get" => matches!(word, "download" | "export" | "search"),
        "delete" => is_session(word),
        _ => false,
    }
}

/// Whether a word says what is done to the words behind it: `get` of `/getPathways`, but not `test` of `/test-runs`.
#[must_use]
pub fn is_phrase(word: &str, method: &str) -> bool {
    match method {
        "get" => is_among(READING, word) || matches!(word, "create" | "delete" | "remove"),
        "delete" => is_among("clear delete destroy purge remove revoke", word),
        _ => {
            matches!(word, "get" | "set")
                || says_more(word) && ![POSTED, ATTRIBUTES, SESSIONS].iter().any(|words| is_among(words, word))
        }
    }
}

/// Whether a word is about logging in or out.
pub(crate) fn is_session(word: &str) -> bool {
    is_among(SESSIONS, word)
}

/// Whether a verb in front of other words is as often a noun: `test` of `test-runs`.
pub(crate) fn is_noun_in_front(word: &str) -> bool {
    is_among(POSTED, word) || is_session(word)
}

/// Plurals that are one thing: `getSettings`.
const ONE_THING: &str = "analytics capabilities credentials details insights limits metrics options preferences properties settings \
    statistics stats totals";

/// Whether a word is several things: `users`, but not `user`, `status` or `settings`.
#[must_use]
pub fn is_several(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    let last = word.rsplit(['-', '_']).next().unwrap_or_default();
    (singular(&word) != word || last == "series") && !is_among(ONE_THING, last)
}

/// Whether a segment in front of a path says nothing about an operation: `api`, `v3`, `v{version}`, `public-api`.
#[must_use]
pub fn is_prefix(segment: &str) -> bool {
    let kind = segment.split_once(['-', '_']).and_then(|(one, other)| match (one, other) {
        ("api", kind) | (kind, "api") => Some(kind),
        _ => None,
    });
    let is_kind = |kind| is_among("external internal private public rest web", kind);
    segment.eq_ignore_ascii_case("api") || is_version(segment) || kind.is_some_and(is_kind)
}

/// Whether a segment is a version: `v3`, `v{version}`.
#[must_use]
pub fn is_version(segment: &str) -> bool {
    let version = segment.strip_prefix(['v', 'V']).unwrap_or_default();
    version.starts_with(|first: char| first.is_ascii_digit()) || parameter(version).is_some()
}

/// Words that end with an s and are no plural.
const SINGULARS_IN_S: &str = "aws css dns does exists fs gps has hls https is mms sms tls";

thread_local! {
    /// The words of paths repeat, and the rules of English are slow.
    static SINGULARS: Memo<String> = Memo::default();
}

/// The singular of an English noun: `pet` of `pets`.
#[must_use]
pub fn singular(word: &str) -> String {
    SINGULARS.with(|known| known.get(word, by_rules))
}

fn last(word: &str) -> String {
    word.rsplit(['-', '_', ' ']).next().unwrap_or_default().to_ascii_lowercase()
}

fn by_rules(word: &str) -> String {
    let last = last(word);
    // `metadatum` is not used.
    let is_singular = ["data", "series", "sis"].iter().any(|end| last.ends_with(end));
    let stays = is_singular || is_among(SINGULARS_IN_S, &last);
    if stays { word.to_owned() } else { pluralizer::pluralize(word, 1, false) }
}

/// Words that are no nouns at the end of a path: `/used_by`, `/next`.
const NO_NOUNS: &str = "all available by current for from in latest me next of on per previous self to";

/// The plural of an English noun: `pets` of `pet`.
#[must_use]
pub fn plural(word: &str) -> String {
    let last = last(word);
    // `saved`, but not `feed` and `sled`.
    let is_participle = last.len() > 4 && last.ends_with("ed") && !last.ends_with("eed");
    if is_participle || is_among(NO_NOUNS, &last) { word.to_owned() } else { pluralizer::pluralize(word, 2, false) }
}

/// The name of a segment that is one parameter.
#[must_use]
pub fn parameter(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}').filter(|name| !name.contains(['{', '}']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbs_are_found() {
        assert!(
            [POSTED, SESSIONS, NOUNS, READING, ATTRIBUTES, METHOD_VERBS]
                .into_iter()
                .flat_map(|words| words.split(' '))
                .all(is_verb)
        );
        assert!(["pets", "open", "report", "Get", ""].iter().all(|word| !is_verb(word)));
    }
    #[test]
    fn only_nouns_have_a_plural() {
        for (word, expected) in [
            ("pet", "pets"),
            ("used_by", "used_by"),
            ("next", "next"),
            ("available", "available"),
            ("key_pair", "key_pairs"),
            ("is_saved", "is_saved"),
        ] {
            assert_eq!(plural(word), expected);
        }
    }

    #[test]
    fn segments_that_say_nothing_are_known() {
        assert!(["api", "V2", "v1beta1", "v{version}", "api-public", "rest_api"].iter().all(|one| is_prefix(one)));
        assert!(["api-keys", "v", "vat", "{version}", "rest", "v{a}b"].iter().all(|one| !is_prefix(one)));
    }
}
