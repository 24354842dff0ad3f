//! The meaning of keys in error bodies.
//!
//! In: a key. Out: its [`Role`] and its rank in it. Invariant: keys are compared without case, without `_`, `-` and
//! other punctuation, and without a namespace such as `hydra:`. Keys that no table has are covered by classes: those
//! with `error` or the like in front of a known key, and those that end with `message`, `errors`, `violations` or
//! `code`.

/// The meaning of a value by its key. Roles of text come first, in the order in which single words are preferred.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    /// What went wrong, for people.
    Message,
    /// What exactly went wrong, as text or as objects.
    Detail,
    /// What exactly went wrong, or a string of a resource.
    Description,
    /// What went wrong, or an object about that.
    Error,
    /// What went wrong, or a string of a resource.
    Title,
    /// What went wrong, for programs.
    Code,
    /// Errors: each key in it may be the name of a field.
    Errors,
    /// An object or array that may have an error in it. A string is not a message.
    Wrapper,
    /// Which value an error is about.
    Place,
    /// Something else that errors have.
    About,
    /// Not human-readable in any position.
    Hidden,
}

impl Role {
    /// Whether errors are looked for in arrays and objects with such a key.
    pub(super) fn is_container(self) -> bool {
        matches!(self, Self::Message | Self::Detail | Self::Error | Self::Errors | Self::Wrapper)
    }
}

/// The known keys, the most telling first. `title` and `detail` are those of RFC 9457 §3.1, `error_description` that of
/// RFC 6749 §5.2.
const KEYS: [(Role, &str); 15] = [
    (Role::Message, "message msg faultstring"),
    (Role::Detail, "detail details exceptionmessage explanation"),
    (Role::Description, "description desc reason hint"),
    (Role::Error, "error err fault exception cause causedby rootcause problem"),
    (Role::Title, "title summary brief info text"),
    (Role::Code, "code issue"),
    (Role::Errors, "errors messages issues problems failures faults exceptions causes constraints modelstate"),
    (Role::Errors, "invalidparams invalidparameters invalidfields"),
    (Role::Wrapper, "data result status body response payload output extra extensions embedded meta metadata"),
    (Role::Wrapper, "elements validation fields children"),
    (Role::Place, "loc field fieldname property propertypath propertyname attribute parameter parametername param"),
    (Role::Place, "pointer instancepath datapath path element key name source location target header"),
    (Role::About, "id type kind status statustext success ok instance url uri link href help docs value severity more"),
    (Role::About, "timestamp time date file line"),
    (Role::Hidden, "stack stacktrace trace traceback backtrace requestbody rejectedvalue attemptedvalue"),
];
/// Words in front of a known key: `error_description`, `exceptionDetail`, `odata.error`.
const PREFIXES: [&str; 10] =
    ["error", "err", "exception", "fault", "problem", "failure", "validation", "status", "response", "odata"];
/// Suffixes of keys: `responseMessage`, `non_field_errors`.
const SUFFIXES: [(Role, &str); 6] = [
    (Role::Message, "message"),
    (Role::Message, "msg"),
    (Role::Errors, "errors"),
    (Role::Errors, "messages"),
    (Role::Errors, "violations"),
    (Role::Code, "code"),
];
/// Keys in messages by field that are not the name of a field.
const UNNAMED: [&str; 6] = ["", "*", "__all__", "_schema", "base", "children"];
/// The longest key that may be known, in bytes.
const LONGEST: usize = 40;

/// The role of a key, and its rank: the lowest is the most informative. `None` for a key without a role.
pub(super) fn role(key: &str) -> Option<(Role, usize)> {
    let key = plain(key)?;
    if let Some(known) = in_table(&key) {
        return Some(known);
    }
    let rest = PREFIXES.iter().find_map(|prefix| in_table(key.strip_prefix(prefix)?));
    if let Some((role, rank)) = rest {
        // In front of `title` and `description`, it says that they are no resource's.
        let role = match role {
            Role::Title => Role::Message,
            Role::Description => Role::Detail,
            other => other,
        };
        return Some((role, rank + 100));
    }
    SUFFIXES.iter().find(|(_, suffix)| key.ends_with(suffix)).map(|(role, _)| (*role, 200))
}

/// Whether a key in messages by field is not the name of a field.
pub(super) fn is_unnamed(key: &str) -> bool {
    UNNAMED.contains(&key) || matches!(role(key), Some((Role::Errors, _)))
}

/// Whether an object with this key is a resource rather than an error.
pub(super) fn is_id(key: &str) -> bool {
    plain(key).is_some_and(|key| matches!(key.as_str(), "id" | "uuid" | "guid"))
}

fn in_table(key: &str) -> Option<(Role, usize)> {
    let mut ranks = 0..;
    KEYS.iter().find_map(|(role, keys)| {
        let rank = ranks.by_ref().zip(keys.split(' ')).find(|(_, known)| *known == key)?.0;
        Some((*role, rank))
    })
}

/// The letters and digits of a key, in lower case, without a namespace. `None` for a key that is certainly unknown.
fn plain(key: &str) -> Option<String> {
    let name = key.rsplit(':').next().filter(|name| name.len() <= LONGEST && name.is_ascii())?;
    Some(name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_known_in_any_notation() {
        for (keys, expected) in [
            (
                "message Message MESSAGE error_message errorMessage Error-Message errMsg ns2:message responseMessage",
                Role::Message,
            ),
            ("errorSummary error_title", Role::Message),
            ("hydra:description reason", Role::Description),
            ("error_description exceptionDetail exception_detail ErrorDetails", Role::Detail),
            ("hydra:title summary", Role::Title),
            ("Error odata.error root_cause validationError", Role::Error),
            (
                "errors _errors non_field_errors fieldErrors validation_errors errorMessages parameterViolations",
                Role::Errors,
            ),
            ("invalid-params ModelState errorCauses", Role::Errors),
            ("_embedded ResponseStatus data", Role::Wrapper),
            ("errorCode faultcode resultCode", Role::Code),
            ("loc propertyPath property_path field_name", Role::Place),
            ("stackTrace stack_trace", Role::Hidden),
        ] {
            for key in keys.split(' ') {
                assert_eq!(role(key).map(|(role, _)| role), Some(expected), "{key}");
            }
        }
        for key in ["", "request_data", "price", "näme", "user", "messageId", "x".repeat(9000).as_str()] {
            assert_eq!(role(key), None, "{key}");
        }
    }
}
