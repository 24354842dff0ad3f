//! Rust code → lines of coloured parts.
//!
//! In: the text of a file. Out: lines that alternate between kinds and texts; an empty kind has no colour. Invariant: the texts of all
//! lines are the file, except for hidden characters, which are replaced.

use ra_ap_rustc_lexer::{FrontmatterAllowed, LiteralKind, TokenKind, tokenize};

use crate::visible;

/// The reserved words of Rust (Reference, §2.1).
const KEYWORDS: [&str; 37] = [
    "as", "async", "await", "break", "const", "continue", "crate", "dyn", "else", "enum", "extern", "false", "fn",
    "for", "if", "impl", "in", "let", "loop", "match", "mod", "move", "mut", "pub", "ref", "return", "self", "Self",
    "static", "struct", "super", "trait", "true", "type", "use", "where", "while",
];

/// Returns the lines of code.
pub(crate) fn highlighted(code: &str) -> Vec<Vec<String>> {
    let mut lines = vec![Vec::new()];
    let mut rest = code;
    for token in tokenize(code, FrontmatterAllowed::No) {
        let (text, after) = rest.split_at(token.len as usize);
        let kind = kind(token.kind, text, after);
        for (index, part) in text.split('\n').enumerate() {
            if index > 0 {
                lines.push(Vec::new());
            }
            if let (false, Some(line)) = (part.is_empty(), lines.last_mut()) {
                add(line, kind, part);
            }
        }
        rest = after;
    }
    lines.pop_if(|line| line.is_empty());
    lines
}

/// Adds a part; merges it with the previous one if both have the same kind.
fn add(line: &mut Vec<String>, kind: &str, part: &str) {
    let part = visible(part);
    match line.as_mut_slice() {
        [.., last, text] if last == kind => text.push_str(&part),
        _ => line.extend([kind.to_owned(), part]),
    }
}

/// Returns the kind of a token, which is the name of a class in `site/page.css`.
fn kind(token: TokenKind, text: &str, after: &str) -> &'static str {
    match token {
        TokenKind::LineComment { doc_style: Some(_) } | TokenKind::BlockComment { doc_style: Some(_), .. } => "docs",
        TokenKind::LineComment { .. } | TokenKind::BlockComment { .. } => "comment",
        TokenKind::Literal { kind: LiteralKind::Int { .. } | LiteralKind::Float { .. }, .. } => "number",
        TokenKind::Literal { .. } => "string",
        TokenKind::Lifetime { .. } => "lifetime",
        TokenKind::Ident if KEYWORDS.contains(&text) => "keyword",
        TokenKind::Ident if text.starts_with(|first: char| first.is_ascii_uppercase()) => "type",
        TokenKind::Ident if after.starts_with(['(', '!']) => "function",
        _ => "",
    }
}
