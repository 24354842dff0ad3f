//! The meaning of formats for the passes of `normalize`. The generator decides which Rust type a format has.
//!
//! In: a `format`, in any case. Out: the type of its values, and its registered name.

/// The formats of OpenAPI's registry and of frameworks, by the type of their values.
const TYPES: [(&str, &str); 3] = [
    (
        "integer",
        "bigint big-integer biginteger double-int int int8 int16 int32 int64 int128 integer long short uint uint8 uint16 \
        uint32 uint64 uint128",
    ),
    ("number", "decimal decimal128 double float unixtime"),
    (
        "string",
        "base64url binary byte date date-time duration email hostname ipv4 ipv6 password time uri uri-reference uuid",
    ),
];

/// Registered formats of strings, and their names in frameworks.
const WORDS: [(&str, &str); 3] =
    [("date-time", "datetime date_time iso-datetime google-datetime"), ("date", "naive-date"), ("uuid", "guid")];

/// Returns the type of a format's values; `None` if the format is unknown.
pub(crate) fn type_of(format: &str) -> Option<&'static str> {
    let format = registered(format).unwrap_or(format);
    TYPES.iter().find(|(_, names)| has(names, format)).map(|(kind, _)| *kind)
}

/// Returns the registered name of a format of strings with several names.
pub(crate) fn registered(format: &str) -> Option<&'static str> {
    let is_meant = |(name, words): &&(&str, &str)| has(name, format) || has(words, format);
    WORDS.iter().find(is_meant).map(|(name, _)| *name)
}

/// Returns the rest after the date at the beginning of a string (RFC 3339 §5.6); `None` if there is no date.
pub(crate) fn after_date(text: &str) -> Option<&str> {
    let (date, rest) = text.split_at_checked("0000-00-00".len())?;
    let is_right =
        |(index, byte): (usize, u8)| if matches!(index, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() };
    date.bytes().enumerate().all(is_right).then_some(rest)
}

/// Returns `true` if a text is a UUID (RFC 9562 §4), with or without hyphens and braces.
pub(crate) fn is_uuid(text: &str) -> bool {
    let digits = text.trim_start_matches("urn:uuid:").trim_matches(['{', '}']).replace('-', "");
    digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn has(names: &str, name: &str) -> bool {
    names.split(' ').any(|known| known.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_say_the_type_of_their_values() {
        for (expected, formats) in [
            (Some("integer"), "int8 Int32 uint long short biginteger"),
            (Some("number"), "float unixtime decimal"),
            (Some("string"), "time duration uuid Guid dateTime iso-datetime byte"),
            (None, "int33 phone nothing"),
        ] {
            for format in formats.split(' ') {
                assert_eq!(type_of(format), expected, "{format}");
            }
        }
        assert_eq!(
            ["dateTime", "GUID", "Date", "time"].map(registered),
            [Some("date-time"), Some("uuid"), Some("date"), None]
        );
    }
}
