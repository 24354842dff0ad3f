//! The words in names and paths: verbs, singular and plural, and generic words.
//!
//! In: a word, or a segment of a path. Out: its meaning. Invariant: a word that is equally common as a noun or an adjective, such as
//! `open`, `report` or `request`, is not a verb.

use std::sync::LazyLock;

use foldhash::HashSet;

use crate::spelling::is_among;

static VERBS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let verbs = "abort accept acknowledge activate add advance analyze apply approve archive assign attach authenticate authorize bind \
        block boot buy calculate cancel capture change check clear clone close compare compile complete configure confirm \
        connect copy count create deactivate deauthorize decline decrypt delete deliver deprovision describe destroy detach \
        disable disconnect dismiss download duplicate edit enable encrypt enroll ensure evaluate execute export extend fetch \
        finalize find finish follow fork fulfill generate get has hide ignore import increment initiate insert inspect install \
        interrupt invalidate invite is join kill launch leave link list listen lock login logout lookup make mark merge migrate \
        modify move mute notify observe parse patch pause pay post promote provision publish purge put query reactivate read \
        reboot rebuild recover reencrypt refresh refund regenerate register reimage reindex reissue reject reload remove rename \
        renew reorder replace requeue rerequest rerun resend reset resize resolve restart restore resume retrieve retry reverse \
        revert revoke rollback rotate run save schedule search send set show shutdown signin signout signup snooze speak split \
        start stop store stream submit subscribe suspend swap sync synchronize terminate test toggle transcribe transfer trigger \
        unarchive unassign unbind unblock undelete unenroll unfollow uninstall unlink unlock unmute unpause unpin unpublish \
        unsubscribe untag update upgrade upload upsert validate verify view void watch withdraw write";
    verbs.split(' ').collect()
});

/// Returns `true` if a word in lower case is a verb: `cancel`.
#[must_use]
pub fn is_verb(word: &str) -> bool {
    VERBS.contains(word)
}

/// Verbs that are equally common as nouns at the end of a path, and are actions there only with `POST`.
const POSTED: &str = "archive block clone copy execute export fork import link lock lookup mute query refund run schedule search \
    split stream swap test transfer trigger upgrade upload void watch";

/// Verbs that are written as one word or as two, and are nouns in front of others: `login-attempts`.
const SESSIONS: &str = "login logout signin signout signup";

/// Verbs that are more often nouns at the end of a path.
const NOUNS: &str = "change count post store";

/// Verbs that name what is read, at the beginning of a path.
const READING: &str = "calculate evaluate fetch find generate get has is list parse resolve retrieve validate verify";

/// Verbs that are more often part of a noun at the beginning of a path: `check-ins`.
const ATTRIBUTES: &str = "check download invite pay read";

/// Verbs that add nothing to a method.
const METHOD_VERBS: &str = "describe get list patch put set show view";

/// Returns `true` if a word in lower case is an action on the preceding thing: `cancel` in `orderCancel`, but not `post` in `likePost`. In
/// Rails, `index` is a list.
#[must_use]
pub fn is_deed(word: &str) -> bool {
    matches!(word, "index" | "search")
        || is_verb(word) && ![POSTED, NOUNS, SESSIONS].iter().any(|words| is_among(words, word))
}

/// Returns `true` if a word is a verb that adds something to a method.
fn says_more(word: &str) -> bool {
    is_verb(word) && !is_among(METHOD_VERBS, word) && !is_among(NOUNS, word)
}

/// Returns `true` if a word at the end of a path is the action of the method: `cancel` in `POST /orders/{id}/cancel`.
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

/// Returns `true` if a word is an action on the words after it: `get` in `/getPathways`, but not `test` in
/// `/test-runs`.
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

/// Returns `true` if a word is about logging in or out.
pub(crate) fn is_session(word: &str) -> bool {
    is_among(SESSIONS, word)
}

/// Returns `true` if a verb in front of other words is equally common as a noun: `test` in `test-runs`.
pub(crate) fn is_noun_in_front(word: &str) -> bool {
    is_among(POSTED, word) || is_session(word)
}

/// Plurals with a singular meaning: `getSettings`.
const ONE_THING: &str = "analytics capabilities credentials details insights limits metrics options preferences properties settings \
    statistics stats totals";

/// Returns `true` if a word means several things: `users`, but not `user`, `status` or `settings`.
#[must_use]
pub fn is_several(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    let last = word.rsplit(['-', '_']).next().unwrap_or_default();
    (singular(&word) != word || last == "series") && !is_among(ONE_THING, last)
}

/// Returns `true` if a leading segment of a path is generic: `api`, `v3`, `v{version}`, `public-api`.
#[must_use]
pub fn is_prefix(segment: &str) -> bool {
    let kind = segment.split_once(['-', '_']).and_then(|(one, other)| match (one, other) {
        ("api", kind) | (kind, "api") => Some(kind),
        _ => None,
    });
    let is_kind = |kind| is_among("external internal private public rest web", kind);
    segment.eq_ignore_ascii_case("api") || is_version(segment) || kind.is_some_and(is_kind)
}

/// Returns `true` if a segment is a version: `v3`, `v{version}`.
#[must_use]
pub fn is_version(segment: &str) -> bool {
    let version = segment.strip_prefix(['v', 'V']).unwrap_or_default();
    version.starts_with(|first: char| first.is_ascii_digit()) || parameter(version).is_some()
}

/// Words that end in s but are not plurals.
const SINGULARS_IN_S: &str = "aws css dns does exists fs gas gps has hls https mms s sms tls";

/// The ends of plurals and of their singulars, or one end for both. The first one that fits a word applies.
static ENDS: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
    let ends = "analytics,audio,clothing,data,equipment,health,information,mail,media,news,series,software,species,staff,traffic,\
        abuses abuse,aliases alias,alias,analyses analysis,apis api,caches cache,canvases canvas,canvas,children child,cookies cookie,\
        criteria criterion,diagnoses diagnosis,emojis emoji,feet foot,halves half,indices index,leaves leaf,loci locus,\
        matrices matrix,men man,menus menu,movies movie,people person,quizzes quiz,shelves shelf,skus sku,vertices vertex,\
        wikis wiki,ays ay,eys ey,oys oy,uys uy,ies y,ches ch,shes sh,sses ss,xes x,buses bus,nuses nus,puses pus,ruses rus,\
        tuses tus,is,ss,us,s ";
    ends.split(',').map(|ends| ends.split_once(' ').unwrap_or((ends, ends))).collect()
});

/// Returns the last of the words, which are in `kebab-case` or in `snake_case`.
fn last(words: &str) -> String {
    words.rsplit(['-', '_', ' ']).next().unwrap_or_default().to_ascii_lowercase()
}

/// Returns a word with the other end. What both ends begin with keeps its case.
fn inflected(word: &str, order: impl Fn((&'static str, &'static str)) -> (&'static str, &'static str)) -> String {
    let last = last(word);
    let found = ENDS.iter().map(|ends| order(*ends)).find(|(end, _)| last.ends_with(end));
    let Some((end, other)) = found.filter(|_| !is_among(SINGULARS_IN_S, &last)) else { return word.to_owned() };
    let shared = end.bytes().zip(other.bytes()).take_while(|(one, two)| one == two).count();
    word.split_at(word.len() - end.len() + shared).0.to_owned() + other.split_at(shared).1
}

/// Returns the singular of an English noun: `pet` for `pets`.
#[must_use]
pub fn singular(word: &str) -> String {
    inflected(word, |ends| ends)
}

/// Words that are not nouns at the end of a path: `/used_by`, `/next`.
const NO_NOUNS: &str = "all available by current for from in latest me next of on per previous self to";

/// Returns the plural of an English noun: `pets` for `pet`.
#[must_use]
pub fn plural(word: &str) -> String {
    let last = last(word);
    // `saved`, but not `feed` and `sled`.
    let is_participle = last.len() > 4 && last.ends_with("ed") && !last.ends_with("eed");
    let stays = is_participle || is_among(NO_NOUNS, &last) || singular(word) != word;
    if stays { word.to_owned() } else { inflected(word, |(several, one)| (one, several)) }
}

/// Returns the name in a segment that is a single parameter.
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
    fn nouns_have_two_numbers() {
        for (one, several) in [
            ("pet", "pets"),
            ("Day", "Days"),
            ("policy", "policies"),
            ("address", "addresses"),
            ("status", "statuses"),
            ("house", "houses"),
            ("database", "databases"),
            ("archive", "archives"),
            ("batch", "batches"),
            ("cache", "caches"),
            ("realtimeApi", "realtimeApis"),
            ("user_alias", "user_aliases"),
            ("Salesperson", "Salespeople"),
            ("child", "children"),
            ("sku", "skus"),
            ("analysis", "analyses"),
        ] {
            assert_eq!((singular(several), plural(one)), (one.to_owned(), several.to_owned()));
            assert_eq!((singular(one), plural(several)), (one.to_owned(), several.to_owned()));
        }
        for word in ["series", "metadata", "news", "tls", "chassis", "redis", "analytics"] {
            assert_eq!((singular(word), plural(word)), (word.to_owned(), word.to_owned()));
        }
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
