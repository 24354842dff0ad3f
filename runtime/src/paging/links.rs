//! URLs of pages, and the parts of the header `Link` (RFC 8288 §3) that pagination needs.

use http::HeaderMap;
use http::header::LINK;

/// The target of the link with relation `next`. Non-ASCII characters, which are not valid in a URL, are read as UTF-8.
pub(super) fn next(headers: &HeaderMap) -> Option<String> {
    let mut values = headers.get_all(LINK).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
    values.find_map(|value| target_of_next(&value).map(str::to_owned))
}

/// The query of the URL of a page. The rest of the URL is ignored: a server behind a proxy may not know its own host
/// and path, and credentials must not follow a link elsewhere.
pub(super) fn query(url: &str) -> Option<&str> {
    let without_fragment = url.split('#').next()?;
    without_fragment.split_once('?').map(|(_, query)| query)
}

/// The target of the first link of a header line with the relation `next`.
fn target_of_next(mut text: &str) -> Option<&str> {
    loop {
        let (target, rest) = text.split_once('<')?.1.split_once('>')?;
        let (parameters, rest) = split_outside_quotes(rest, ',');
        if is_next(parameters) {
            return Some(target);
        }
        text = rest;
    }
}

/// Whether parameters contain `rel=next` for the page itself. Only the first `rel` counts (§3.3); a link with an
/// `anchor` belongs to another resource (§3.2).
fn is_next(mut parameters: &str) -> bool {
    let mut relation = None;
    while !parameters.is_empty() {
        let (parameter, rest) = split_outside_quotes(parameters, ';');
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        match name.trim().to_ascii_lowercase().as_str() {
            "anchor" => return false,
            "rel" => relation = relation.or(Some(value.trim().trim_matches('"'))),
            _ => {}
        }
        parameters = rest;
    }
    relation.is_some_and(|names| names.split_ascii_whitespace().any(|name| name.eq_ignore_ascii_case("next")))
}

/// The text before and after the first `separator` outside of a quoted string (RFC 9110 §5.6.4).
fn split_outside_quotes(text: &str, separator: char) -> (&str, &str) {
    let (mut is_quoted, mut is_escaped) = (false, false);
    for (index, character) in text.char_indices() {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' if is_quoted => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            _ if character == separator && !is_quoted => {
                let (before, after) = text.split_at(index);
                return (before, after.strip_prefix(separator).unwrap_or(after));
            }
            _ => {}
        }
    }
    (text, "")
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn next_of(lines: &[&str]) -> Option<String> {
        let lines = lines.iter().map(|line| (LINK, HeaderValue::from_bytes(line.as_bytes()).unwrap()));
        next(&lines.collect()).map(|url| query(&url).unwrap_or_default().to_owned())
    }

    #[test]
    fn the_relation_decides() {
        let found = |line: &str| next_of(&[line]);
        assert_eq!(found("<https://a.example/x?page=2>; rel=\"next\""), Some("page=2".to_owned()));
        assert_eq!(found("</x?page=1>; rel=prev, <?page=3&q=a>; rel=next"), Some("page=3&q=a".to_owned()));
        assert_eq!(
            found("<?a>; title=\"<?b>; rel=next, \\\"\"; rel=last, <?c>; rel=\"last Next\""),
            Some("c".to_owned())
        );
        assert_eq!(found("<?a#b>;REL=next;rel=prev"), Some("a".to_owned()));
        for none in ["", "x", "<", "<?a>", "<?a>; rel=prev; rel=next", "<?a>; rel=\"nextpage\""] {
            assert_eq!(found(none), None, "{none}");
        }
        assert_eq!(found("</x>; rel=next"), Some(String::new()));
        assert_eq!(found("<?q=ü>; title=\"nächste\"; rel=next"), Some("q=ü".to_owned()));
        assert_eq!(found("<?a>; rel=next; anchor=\"/other\""), None);
        assert_eq!(next_of(&["<?a>; rel=prev", "<?b>; rel=next"]), Some("b".to_owned()));
    }
}
