//! Part of `contract`: texts of the formats that validators know (OpenAPI 3.0.3 §4.4, JSON Schema Validation §7.3).
//!
//! In: the name of a format. Out: strings of it, and whether a string is of it.
//!
//! Invariant: stricter than any validator: what is called valid here is valid everywhere.

use std::net::{Ipv4Addr, Ipv6Addr};

/// Texts of a format, the plainest first; `turn` makes them differ. `None` for a format that means nothing here.
pub(super) fn texts(format: &str, turn: usize) -> Option<Vec<String>> {
    let second = turn % 60;
    let texts = match format {
        "date" => vec![format!("2024-02-{:02}", 29 - turn % 28)],
        "time" => vec![format!("12:34:{second:02}Z")],
        "date-time" => {
            vec![format!("2024-02-29T12:34:{second:02}Z"), format!("2024-02-29T12:34:{second:02}.250+02:00")]
        }
        "duration" => vec![format!("P{}D", turn + 1)],
        "email" | "idn-email" => vec![format!("user{turn}@example.com"), format!("u{turn}@example.com")],
        "hostname" | "idn-hostname" => vec![format!("host{turn}.example.com"), format!("h{turn}")],
        "ipv4" => vec![format!("192.0.2.{}", turn % 250 + 1), format!("1.1.1.{}", turn % 10)],
        "ipv6" => vec![format!("2001:db8::{:x}", turn + 1), format!("::{:x}", turn + 1)],
        "uri" | "url" | "uri-reference" | "iri" | "iri-reference" => {
            vec![format!("https://example.com/path/{turn}?key=value"), format!("https://a.example/{turn}")]
        }
        "uri-template" => vec![format!("https://example.com/{{name}}/{turn}")],
        "uuid" => vec![format!("123e4567-e89b-42d3-a456-{turn:012x}")],
        "byte" => vec![format!("dGV4dA{:02}", turn % 100), format!("AA{:02}", turn % 100)],
        "json-pointer" => vec![format!("/key/{turn}")],
        "relative-json-pointer" => vec![format!("{turn}/key")],
        "regex" => vec![format!("^a{{{turn}}}$")],
        _ => return None,
    };
    Some(texts)
}

/// Whether a string is of a format; any string is of an unknown one.
pub(super) fn holds(format: &str, text: &str) -> bool {
    match format {
        "date" => is_date(text),
        "date-time" => is_date_time(text),
        "time" => is_time(text),
        "email" => is_email(text),
        "hostname" => is_hostname(text),
        "ipv4" => text.parse::<Ipv4Addr>().is_ok(),
        "ipv6" => text.parse::<Ipv6Addr>().is_ok(),
        "uri" | "url" | "iri" => is_uri(text),
        "uuid" => is_uuid(text),
        "byte" => is_base64(text),
        // Examples of these are rare, and what is made here is known to be right.
        "duration"
        | "idn-email"
        | "idn-hostname"
        | "uri-reference"
        | "iri-reference"
        | "uri-template"
        | "json-pointer"
        | "relative-json-pointer"
        | "regex" => texts(format, 0).is_some_and(|own| {
            let shape = |text: &str| text.replace(|found: char| found.is_ascii_digit(), "");
            own.iter().any(|own| shape(own) == shape(text))
        }),
        _ => true,
    }
}

/// A number of exactly so many digits in a range.
fn is_number(text: &str, digits: usize, range: std::ops::RangeInclusive<u32>) -> bool {
    let plain = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    plain && text.parse().is_ok_and(|number| range.contains(&number))
}

/// RFC 3339 §5.6, `full-date`.
fn is_date(text: &str) -> bool {
    let mut parts = text.split('-');
    let (Some(year), Some(month), Some(day), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let year_number: u32 = year.parse().unwrap_or(0);
    let leap = year_number.is_multiple_of(4) && (!year_number.is_multiple_of(100) || year_number.is_multiple_of(400));
    let days = match month {
        "02" => 28 + u32::from(leap),
        "04" | "06" | "09" | "11" => 30,
        _ => 31,
    };
    is_number(year, 4, 1..=9999) && is_number(month, 2, 1..=12) && is_number(day, 2, 1..=days)
}

/// RFC 3339 §5.6, `full-time`; leap seconds are left to those who need them.
fn is_time(text: &str) -> bool {
    let (clock, offset) = match text.strip_suffix('Z') {
        Some(clock) => (clock, None),
        None => match text.rfind(['+', '-']).and_then(|at| Some((text.get(..at)?, text.get(at + 1..)?))) {
            Some((clock, offset)) => (clock, Some(offset)),
            None => return false,
        },
    };
    let (whole, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let parts: Vec<&str> = whole.split(':').collect();
    let [hour, minute, second] = parts.as_slice() else { return false };
    let offset_holds = offset.is_none_or(|offset| {
        offset.split_once(':').is_some_and(|(hour, minute)| is_number(hour, 2, 0..=23) && is_number(minute, 2, 0..=59))
    });
    is_number(hour, 2, 0..=23)
        && is_number(minute, 2, 0..=59)
        && is_number(second, 2, 0..=59)
        && !fraction.is_empty()
        && fraction.bytes().all(|byte| byte.is_ascii_digit())
        && offset_holds
}

fn is_date_time(text: &str) -> bool {
    text.split_once('T').is_some_and(|(date, time)| is_date(date) && is_time(time))
}

fn is_email(text: &str) -> bool {
    let Some((user, host)) = text.split_once('@') else { return false };
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-+".contains(&byte);
    !user.is_empty() && user.len() <= 64 && user.split('.').all(|part| !part.is_empty() && part.bytes().all(plain)) && {
        is_hostname(host) && host.contains('.')
    }
}

/// RFC 1123 §2.1
fn is_hostname(text: &str) -> bool {
    let label = |label: &str| {
        let plain = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        plain && (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-')
    };
    text.len() <= 253 && text.split('.').all(label)
}

/// RFC 3986 §3, of the sort that has an authority or at least a scheme and characters that need no second look.
fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let scheme_holds = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    let host = rest.strip_prefix("//").map(|rest| rest.split(['/', '?', '#']).next().unwrap_or_default());
    let host_holds = host.is_some_and(|host| {
        let (name, port) = host.split_once(':').unwrap_or((host, "0"));
        is_hostname(name) && is_port(port)
    });
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/?#:&=+,;@!$*()".contains(&byte);
    scheme_holds && host_holds && rest.bytes().all(plain) && rest.matches('#').count() < 2
}

fn is_port(text: &str) -> bool {
    text.parse::<u16>().is_ok()
}

fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    lengths == [8, 4, 4, 4, 12] && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// RFC 4648 §4
fn is_base64(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/';
    text.len().is_multiple_of(4) && text.len() - body.len() <= 2 && body.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORMATS: [&str; 24] = [
        "date", "time", "date-time", "duration", "email", "idn-email", "hostname", "idn-hostname", "ipv4", "ipv6",
        "uri", "url", "uri-reference", "iri", "iri-reference", "uri-template", "uuid", "byte", "json-pointer",
        "relative-json-pointer", "regex", "password", "binary", "anything",
    ];

    #[test]
    fn what_is_made_holds() {
        for format in FORMATS {
            for turn in 0..30 {
                for text in texts(format, turn).unwrap_or_default() {
                    assert!(holds(format, &text), "{format}: {text}");
                }
            }
        }
    }

    #[test]
    fn what_is_made_differs() {
        for format in FORMATS {
            if let (Some(one), Some(other)) = (texts(format, 0), texts(format, 1)) {
                assert_ne!(one, other, "{format}");
            }
        }
    }

    #[test]
    fn what_is_wrong_does_not_hold() {
        let wrong = [
            ("date", "2024-02-30"),
            ("date", "2023-02-29"),
            ("date", "24-1-1"),
            ("date-time", "2024-02-29 12:34:56Z"),
            ("date-time", "2024-02-29T12:34:56"),
            ("date-time", "2024-02-29T25:34:56Z"),
            ("email", "nobody"),
            ("email", "a b@example.com"),
            ("hostname", "-a"),
            ("hostname", "a..b"),
            ("ipv4", "1.2.3"),
            ("ipv6", "1.2.3.4"),
            ("uri", "/relative"),
            ("uri", "https://a b"),
            ("uuid", "123e4567e89b42d3a456426614174000"),
            ("byte", "abc"),
            ("byte", "a*=="),
        ];
        for (format, text) in wrong {
            assert!(!holds(format, text), "{format}: {text}");
        }
    }
}
