//! Part of `normalize`: what is done, in the words of names and paths.
//!
//! In: a word in lower case. Out: whether it says what is done. Invariant: a word that as often says to what it is done, or what something
//! is like, such as `open`, `report` or `request`, is none.

/// The verbs, in the order of the alphabet.
const VERBS: &[&str] = &[
    "abort", "accept", "acknowledge", "activate", "add", "apply", "approve", "archive", "assign", "attach",
    "authenticate", "bind", "block", "boot", "buy", "calculate", "cancel", "capture", "change", "check", "clear",
    "clone", "close", "compile", "complete", "configure", "confirm", "connect", "copy", "count", "create",
    "deactivate", "deauthorize", "decline", "delete", "deliver", "describe", "destroy", "detach", "disable",
    "disconnect", "dismiss", "download", "duplicate", "edit", "enable", "evaluate", "execute", "export", "extend",
    "fetch", "finalize", "find", "finish", "follow", "fork", "fulfill", "generate", "get", "hide", "import",
    "increment", "initiate", "insert", "install", "invalidate", "invite", "join", "launch", "leave", "link", "list",
    "lock", "login", "logout", "mark", "merge", "migrate", "modify", "move", "mute", "notify", "parse", "patch",
    "pause", "pay", "post", "provision", "publish", "purge", "put", "query", "reactivate", "read", "reboot", "rebuild",
    "recover", "refresh", "refund", "regenerate", "register", "reject", "reload", "remove", "rename", "renew",
    "reorder", "replace", "rerun", "resend", "reset", "resize", "resolve", "restart", "restore", "resume", "retrieve",
    "retry", "reverse", "revert", "revoke", "rotate", "run", "save", "schedule", "search", "send", "set", "show",
    "shutdown", "signin", "signout", "signup", "split", "start", "stop", "store", "submit", "subscribe", "suspend",
    "swap", "sync", "synchronize", "terminate", "test", "toggle", "transfer", "trigger", "unarchive", "unassign",
    "unbind", "unblock", "undelete", "unfollow", "uninstall", "unlink", "unlock", "unmute", "unpin", "unpublish",
    "unsubscribe", "untag", "update", "upgrade", "upload", "upsert", "validate", "verify", "view", "void", "watch",
    "withdraw",
];

/// Whether a word in lower case says what is done: `cancel`.
#[must_use]
pub fn is_verb(word: &str) -> bool {
    VERBS.binary_search(&word).is_ok()
}

/// Verbs that are as often a noun at the end of a path, and say there what is done to an item by `POST` alone.
const POSTED: &[&str] = &[
    "archive", "block", "clone", "copy", "execute", "export", "fork", "import", "link", "lock", "mute", "query",
    "refund", "run", "schedule", "search", "split", "swap", "test", "transfer", "trigger", "upgrade", "upload", "void",
    "watch",
];

/// Verbs that are written as one word or as two, and are a noun in front of others: `login-attempts`.
const SESSIONS: &[&str] = &["login", "logout", "signin", "signout", "signup"];

/// Verbs that are more often a noun there.
const NOUNS: &[&str] = &["change", "count", "post", "store"];

/// Verbs that say what is read, at the beginning of a path.
const READING: &[&str] = &[
    "calculate", "evaluate", "fetch", "find", "generate", "get", "list", "parse", "resolve", "retrieve", "validate",
    "verify",
];

/// Verbs that are more often a part of a noun at the beginning of a path: `check-ins`.
const ATTRIBUTES: &[&str] = &["check", "download", "invite", "pay", "read"];

/// Verbs that say no more than a method does.
const METHOD_VERBS: &[&str] = &["describe", "get", "list", "patch", "put", "set", "show", "view"];

/// Whether a word in lower case says what is done to the thing that is named before it: `cancel` of `orderCancel`, but not `post` of
/// `likePost`. Rails calls a list `index`.
#[must_use]
pub fn is_deed(word: &str) -> bool {
    matches!(word, "index" | "search")
        || is_verb(word) && ![POSTED, NOUNS, SESSIONS].iter().any(|words| words.contains(&word))
}

/// Whether it is a verb that says more than a method does.
fn says_more(word: &str) -> bool {
    is_verb(word) && !METHOD_VERBS.contains(&word) && !NOUNS.contains(&word)
}

/// Whether a word at the end of a path says what the method does: `cancel` of `POST /orders/{id}/cancel`.
pub(super) fn is_action(word: &str, method: &str) -> bool {
    match method {
        "post" => says_more(word),
        "put" | "patch" => says_more(word) && !POSTED.contains(&word),
        "get" => matches!(word, "download" | "export" | "search"),
        "delete" => is_session(word),
        _ => false,
    }
}

/// Whether a word says what is done to the words behind it: `get` of `/getPathways`, but not `test` of `/test-runs`.
pub(super) fn is_phrase(word: &str, method: &str) -> bool {
    match method {
        "get" => READING.contains(&word) || matches!(word, "create" | "delete" | "remove"),
        "delete" => matches!(word, "clear" | "delete" | "destroy" | "purge" | "remove" | "revoke"),
        _ => {
            matches!(word, "get" | "set")
                || says_more(word) && ![POSTED, ATTRIBUTES, SESSIONS].iter().any(|words| words.contains(&word))
        }
    }
}

/// Whether a word says that a user comes or goes.
pub(super) fn is_session(word: &str) -> bool {
    SESSIONS.contains(&word)
}

/// Whether a verb in front of other words is as often a noun: `test` of `test-runs`.
pub(super) fn is_noun_in_front(word: &str) -> bool {
    POSTED.contains(&word) || is_session(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbs_are_found() {
        assert!(VERBS.is_sorted());
        assert!(VERBS.iter().all(|verb| is_verb(verb)));
        assert!(
            [POSTED, SESSIONS, NOUNS, READING, ATTRIBUTES, METHOD_VERBS]
                .into_iter()
                .flatten()
                .all(|verb| is_verb(verb))
        );
        assert!(["pets", "open", "report", "Get", ""].iter().all(|word| !is_verb(word)));
    }
}
