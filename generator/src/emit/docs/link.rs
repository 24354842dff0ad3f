//! Documentation: link destinations. In: destinations and bare URLs as written. Out: those that rustdoc can use.
//!
//! Invariant: a destination is absolute, `http`, `https` or `mailto`. Others are scripts, relative to another page,
//! or would be interpreted as Rust items.

use super::{clean, code};

/// Returns the destination in Markdown, or `None` if only the text of the link is kept.
pub(super) fn target(destination: &str) -> Option<String> {
    let lower = destination.to_ascii_lowercase();
    let web = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://"));
    let fits = match web {
        Some(host) => !host.trim().is_empty(),
        // rustdoc interprets an address without a dot as the path of an item.
        None => lower.starts_with("mailto:") && lower.contains('@') && lower.contains('.'),
    };
    fits.then(|| encode(destination))
}

/// Percent-encodes characters that are invalid in a Markdown destination (RFC 3986 §2.1).
fn encode(destination: &str) -> String {
    let mut encoded = String::with_capacity(destination.len());
    for c in clean::line(destination).trim().chars() {
        match c {
            '<' | '>' | '"' | '\\' | '`' | '{' | '}' | '|' | '^' => encoded.push_str(&format!("%{:02X}", u32::from(c))),
            c if c.is_whitespace() => encoded.push_str("%20"),
            c => encoded.push(c),
        }
    }
    encoded
}

/// Returns the destination as written between parentheses.
pub(super) fn in_parentheses(target: &str) -> String {
    let target = target.replace('(', "%28").replace(')', "%29");
    // An entity needs a semicolon.
    if target.contains(';') { target.replace('&', "&amp;") } else { target }
}

/// Returns the length of a bare URL at the start of the text, and its Markdown. A URL with placeholders, such as
/// `https://{region}.example.com`, is not a valid link and becomes code.
pub(super) fn bare_url(text: &str) -> Option<(usize, String)> {
    let is_start = |scheme: &&str| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    let (scheme, rest) =
        text.split_at_checked(["https://", "http://"].iter().find(|scheme| is_start(scheme))?.len())?;
    let rest = rest.get(..url_length(rest)).filter(|rest| rest.contains(|c: char| c.is_ascii_alphanumeric()));
    let Some(rest) = rest else {
        // Escaped, so that the following text is not taken for its host.
        return Some((scheme.len(), scheme.replace(':', "\\:")));
    };
    let url = text.get(..scheme.len() + rest.len())?;
    let (host, _) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let has_host = host.starts_with(|c: char| c.is_ascii_alphanumeric())
        && host.chars().all(|c| c.is_ascii_alphanumeric() || "-._:".contains(c));
    let is_fixed = !rest.contains(['{', '}', '[', ']', '|', '\\', '^', '*']);
    Some((url.len(), if has_host && is_fixed { format!("<{url}>") } else { code::span(url) }))
}

/// Returns the length of the URL without closing punctuation, and without unbalanced closing brackets.
fn url_length(text: &str) -> usize {
    let mut depth = 0_usize;
    let part_of_url = |c: &char| {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth == 0 => return false,
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
        c.is_ascii_graphic() && !"<>\"`".contains(*c)
    };
    let length = text.chars().take_while(part_of_url).count();
    text.get(..length)
        .map_or(0, |url| url.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_', '~', '\\']).len())
}
