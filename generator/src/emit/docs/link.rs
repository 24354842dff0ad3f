//! Documentation: where links may lead. In come destinations and bare URLs as written, out go those that a page of
//! documentation can use.
//!
//! Invariant: a destination is absolute, `http`, `https` or `mailto`. Everything else would be looked up among Rust
//! items by rustdoc, points into a page that is not this one, or is a script.

use super::clean;

/// The destination as Markdown may hold it, or nothing if the link is to be its text only.
pub(super) fn target(destination: &str) -> Option<String> {
    let lower = destination.get(..8).unwrap_or(destination).to_ascii_lowercase();
    let web = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://"));
    let fits = match web {
        Some(host) => !host.is_empty() || destination.len() > "https://".len(),
        // rustdoc takes an address without a dot for the path of an item.
        None => lower.starts_with("mailto:") && destination.contains('@') && destination.contains('.'),
    };
    fits.then(|| encode(destination))
}

/// The target as it stands between parentheses.
pub(super) fn in_parentheses(target: &str) -> String {
    let target = target.replace('(', "%28").replace(')', "%29");
    // An entity needs a semicolon.
    if target.contains(';') { target.replace('&', "&amp;") } else { target }
}

/// Percent-encodes what Markdown would not read as part of a destination, with or without angle brackets (RFC 3986
/// §2.1).
fn encode(destination: &str) -> String {
    let mut encoded = String::with_capacity(destination.len());
    for c in destination.trim().chars().filter(|c| !clean::is_hidden(*c)) {
        match c {
            '<' | '>' | '"' | '\\' | '`' | '{' | '}' | '|' | '^' => encoded.push_str(&format!("%{:02X}", u32::from(c))),
            c if c.is_whitespace() => encoded.push_str("%20"),
            c => encoded.push(c),
        }
    }
    encoded
}

/// Whether the target is a mail to this address, and the address can stand between angle brackets by itself (CommonMark
/// 0.31 §6.5).
pub(super) fn is_simple_address(address: &str, target: &str) -> bool {
    target.strip_prefix("mailto:") == Some(address)
        && address.chars().all(|c| c.is_ascii_alphanumeric() || "@.-_+".contains(c))
}

/// A URL that stands in prose.
pub(super) enum Bare<'t> {
    /// Can be made a link.
    Url(&'t str),
    /// Leads nowhere: it has placeholders, such as `https://{region}.example.com`.
    Template(&'t str),
}

/// The URL at the start of the text, after its scheme; `None` in place of the URL if nothing but the scheme is there.
pub(super) fn bare_url(text: &str) -> Option<(&str, Option<Bare<'_>>)> {
    let end = if text.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("https://")) { 8 } else { 7 };
    let (scheme, rest) = text.split_at_checked(end)?;
    if !scheme.eq_ignore_ascii_case("https://") && !scheme.eq_ignore_ascii_case("http://") {
        return None;
    }
    let part_of_url = |c: &char| c.is_ascii_graphic() && !matches!(c, '<' | '>' | '"' | '`');
    let length = trim_sentence(&rest.chars().take_while(part_of_url).collect::<String>());
    let Some(rest) = rest.get(..length).filter(|rest| rest.contains(|c: char| c.is_ascii_alphanumeric())) else {
        return Some((scheme, None));
    };
    let url = text.get(..end + length)?;
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let has_host = host.starts_with(|c: char| c.is_ascii_alphanumeric())
        && host.chars().all(|c| c.is_ascii_alphanumeric() || "-._:".contains(c));
    let fixed = !rest.contains(['{', '}', '[', ']', '|', '\\', '^', '*']);
    Some((scheme, Some(if has_host && fixed { Bare::Url(url) } else { Bare::Template(url) })))
}

/// Length without what belongs to the sentence around: closing punctuation, and brackets that were not opened inside.
fn trim_sentence(url: &str) -> usize {
    let count = |wanted: char| url.chars().filter(|c| *c == wanted).count();
    let mut surplus = [
        (')', count(')').saturating_sub(count('('))),
        (']', count(']').saturating_sub(count('['))),
        ('}', count('}').saturating_sub(count('{'))),
    ];
    let mut length = url.len();
    for c in url.chars().rev() {
        let unopened = surplus.iter_mut().find(|(bracket, left)| *bracket == c && *left > 0);
        match unopened {
            Some((_, left)) => *left -= 1,
            None if ".,;:!?'*_~\\".contains(c) => {}
            None => break,
        }
        length -= 1;
    }
    length
}
