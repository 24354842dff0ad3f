//! The meaning of keys in error bodies.
//!
//! In: a key. Out: its [`Role`] and its rank in it. Invariant: keys are compared without case, without `_`, `-` and
//! other punctuation, and without a namespace such as `hydra:`. Other keys are recognized by their parts: a known key
//! with a prefix such as `error`, or the ending `message`, `errors`, `violations` or `code`.

/// The meaning of a value by its key. Roles of text come first, in the order in which single words are preferred.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    /// A human-readable error message.
    Message,
    /// Details of the error, as text or as objects.
    Detail,
    /// Details of the error, or the description of a resource.
    Description,
    /// An error message, or an object that describes the error.
    Error,
    /// An error message, or the title of a resource.
    Title,
    /// An error code for programs.
    Code,
    /// Errors: each key may be the name of a field.
    Errors,
    /// An object or array that may contain an error. A string is not a message.
    Wrapper,
    /// The value that an error refers to.
    Place,
    /// Another attribute of errors.
    About,
    /// Never human-readable.
    Hidden,
}

impl Role {
    /// Returns `true` if arrays and objects under such a key are searched for errors.
    pub(super) fn is_container(self) -> bool {
        matches!(self, Self::Message | Self::Detail | Self::Error | Self::Errors | Self::Wrapper)
    }
}

/// The known keys, the most informative first. `title` and `detail` are from RFC 9457 §3.1, `error_description` from
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
/// Prefixes of known keys: `error_description`, `exceptionDetail`, `odata.error`.
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
/// The maximum length of a known key, in bytes.
const LONGEST: usize = 40;

/// Returns the role of a key, and its rank: the lowest is the most informative. `None` for a key without a role.
pub(super) fn role(key: &str) -> Option<(Role, usize)> {
    let key = plain(key)?;
    if let Some(known) = in_table(&key) {
        return Some(known);
    }
    let rest = PREFIXES.iter().find_map(|prefix| in_table(key.strip_prefix(prefix)?));
    if let Some((role, rank)) = rest {
        // With such a prefix, `title` and `description` do not belong to a resource.
        let role = match role {
            Role::Title => Role::Message,
            Role::Description => Role::Detail,
            other => other,
        };
        return Some((role, rank + 100));
    }
    SUFFIXES.iter().find(|(_, suffix)| key.ends_with(suffix)).map(|(role, _)| (*role, 200))
}

/// Returns `true` if a key in messages by field is not the name of a field.
pub(super) fn is_unnamed(key: &str) -> bool {
    UNNAMED.contains(&key) || matches!(role(key), Some((Role::Errors, _)))
}

/// Returns `true` if an object with this key is a resource rather than an error.
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

/// Returns the letters and digits of a key, in lower case, without a namespace. `None` for a key that is certainly
/// unknown.
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
