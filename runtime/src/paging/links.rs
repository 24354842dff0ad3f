//! URLs of pages, and the parts of the header `Link` (RFC 8288 §3) that pagination needs.

use http::HeaderMap;
use http::header::LINK;
use percent_encoding::percent_decode_str;

use crate::exchange::url;
use crate::header::outside_quotes;
use crate::request::Request;

/// Returns the target of the link with relation `next`. Non-ASCII characters, which are not valid in a URL, are read as UTF-8.
pub(super) fn next(headers: &HeaderMap) -> Option<String> {
    let mut values = headers.get_all(LINK).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
    values.find_map(|value| target_of_next(&value).map(str::to_owned))
}

/// Changes a request to the page at `link`. Returns the selector of the page, or the reason why it cannot be requested.
///
/// Credentials must not follow a link to another server, so scheme and host are kept. A server behind a proxy may not
/// know the beginning of its own path, so the path is kept if it has the same end. A foreign server cannot choose a
/// path.
pub(super) fn follow(request: &mut Request, link: &str, is_foreign: bool) -> Result<String, &'static str> {
    let before = url(&request.parts).map_err(|_| "the URL of the page is invalid")?;
    let next = before.join(link).map_err(|_| "the URL of the next page is invalid")?;
    let (known, path) = (segments(before.path()), segments(next.path()));
    let own = segments(request.parts.described.path).len();
    if request.parts.target.is_none() && known.iter().zip(&path).take(own).all(|(known, segment)| known == segment) {
        next.query().ok_or("the URL of the next page has no query")?;
    } else if is_foreign || next.authority() != before.authority() {
        return Err("the URL of the next page has another path on another host");
    } else {
        request.parts.target = Some(next.path().to_owned());
    }
    Ok(request.set_whole_query(next.query().unwrap_or_default()))
}

/// Returns the decoded segments of a path, beginning with the last.
fn segments(path: &str) -> Vec<String> {
    let path = percent_decode_str(path).decode_utf8_lossy();
    path.trim_matches('/').rsplit('/').map(str::to_owned).collect()
}

/// Returns the target of the first link of a header line with the relation `next`.
fn target_of_next(mut text: &str) -> Option<&str> {
    loop {
        let (target, rest) = text.split_once('<')?.1.split_once('>')?;
        let (parameters, rest) = rest.split_once(outside_quotes(',')).unwrap_or((rest, ""));
        if is_next(parameters) {
            return Some(target);
        }
        text = rest;
    }
}

/// Returns `true` if parameters contain `rel=next` for the page itself. Only the first `rel` counts (§3.3); a link with
/// an `anchor` belongs to another resource (§3.2).
fn is_next(parameters: &str) -> bool {
    let mut relation = None;
    for parameter in parameters.split(outside_quotes(';')) {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        match name.trim().to_ascii_lowercase().as_str() {
            "anchor" => return false,
            "rel" => relation = relation.or(Some(value.trim().trim_matches('"'))),
            _ => {}
        }
    }
    relation.is_some_and(|names| names.split_ascii_whitespace().any(|name| name.eq_ignore_ascii_case("next")))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn next_of(lines: &[&str]) -> Option<String> {
        let lines = lines.iter().map(|line| (LINK, HeaderValue::from_bytes(line.as_bytes()).unwrap()));
        next(&lines.collect())
    }

    #[test]
    fn the_relation_decides() {
        let found = |line: &str| next_of(&[line]);
        assert_eq!(found("<https://a.example/x?page=2>; rel=\"next\""), Some("https://a.example/x?page=2".to_owned()));
        assert_eq!(found("</x?page=1>; rel=prev, <?page=3&q=a>; rel=next"), Some("?page=3&q=a".to_owned()));
        assert_eq!(
            found("<?a>; title=\"<?b>; rel=next, \\\"\"; rel=last, <?c>; rel=\"last Next\""),
            Some("?c".to_owned())
        );
        assert_eq!(found("<?a#b>;REL=next;rel=prev"), Some("?a#b".to_owned()));
        for none in ["", "x", "<", "<?a>", "<?a>; rel=prev; rel=next", "<?a>; rel=\"nextpage\""] {
            assert_eq!(found(none), None, "{none}");
        }
        assert_eq!(found("</x>; rel=next"), Some("/x".to_owned()));
        assert_eq!(found("<?q=ü>; title=\"nächste\"; rel=next"), Some("?q=ü".to_owned()));
        assert_eq!(found("<?a>; rel=next; anchor=\"/other\""), None);
        assert_eq!(next_of(&["<?a>; rel=prev", "<?b>; rel=next"]), Some("?b".to_owned()));
    }
}
