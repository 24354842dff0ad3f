//! Part of `format`: the runtime's item macros, one entry per line; prettyplease does not format macros.

use proc_macro2::{Delimiter, Group, Spacing, TokenTree};
use quote::ToTokens;
use syn::{ItemMacro, MacroDelimiter};

use super::WIDTH;

/// Returns `true` if this module formats the macro: `path!(…);`, but not `macro_rules!`.
pub(super) fn is_runtime_macro(item: &ItemMacro) -> bool {
    item.ident.is_none() && item.attrs.is_empty() && matches!(item.mac.delimiter, MacroDelimiter::Paren(_))
}

/// Returns the first word inside the brackets, if it is a name.
pub(super) fn subject(item: &ItemMacro) -> Option<String> {
    match item.mac.tokens.clone().into_iter().next() {
        Some(TokenTree::Ident(ident)) => Some(ident.to_string()),
        _ => None,
    }
}

/// Formats `path!(head { entry, … });` with one entry per line, or `path!(a, b);`, broken only if it is too long.
pub(super) fn call(item: &ItemMacro) -> String {
    let name = item.mac.path.to_token_stream().to_string().replace(' ', "");
    let tokens: Vec<TokenTree> = item.mac.tokens.clone().into_iter().collect();
    if let Some((TokenTree::Group(group), head)) = tokens.split_last()
        && group.delimiter() == Delimiter::Brace
    {
        let body: Vec<TokenTree> = group.stream().into_iter().collect();
        let start = if body.is_empty() { "" } else { "\n" };
        let head = line(head);
        let gap = if head.is_empty() { "" } else { " " };
        return format!("{name}!({head}{gap}{{{start}{}}});", indented(&body, broken));
    }
    let flat = format!("{name}!({});", line(&tokens));
    if flat.chars().count() <= WIDTH { flat } else { format!("{name}!(\n{});", indented(&tokens, line)) }
}

/// Writes each entry on a separate line.
fn indented(tokens: &[TokenTree], lay_out: fn(&[TokenTree]) -> String) -> String {
    entries(tokens).map(|entry| format!("    {},\n", lay_out(entry))).collect()
}

/// Writes one entry; an entry that is too long for a line is broken before each `|` or `&`.
fn broken(entry: &[TokenTree]) -> String {
    let flat = line(entry);
    if flat.chars().count() + 5 <= WIDTH {
        return flat;
    }
    let breaks = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if matches!(punct.as_char(), '|' | '&'));
    entry.chunk_by(|_, next| !breaks(next)).map(line).collect::<Vec<_>>().join("\n        ")
}

/// Splits at commas outside of brackets, including angle brackets.
pub(crate) fn entries(tokens: &[TokenTree]) -> impl Iterator<Item = &[TokenTree]> {
    let (mut angles, mut in_arrow) = (0_usize, false);
    let is_separator = move |token: &TokenTree| {
        let TokenTree::Punct(punct) = token else {
            in_arrow = false;
            return false;
        };
        match punct.as_char() {
            '<' => angles += 1,
            '>' if !in_arrow => angles = angles.saturating_sub(1),
            _ => {}
        }
        in_arrow = matches!(punct.as_char(), '=' | '-') && punct.spacing() == Spacing::Joint;
        punct.as_char() == ',' && angles == 0
    };
    tokens.split(is_separator).filter(|entry| !entry.is_empty())
}

/// Writes tokens in one line, with the usual spacing.
pub(crate) fn line(tokens: &[TokenTree]) -> String {
    let mut out = String::new();
    let mut previous: Option<Word> = None;
    for word in words(tokens) {
        out.extend(previous.filter(|previous| spaced(previous, &word)).map(|_| ' '));
        out.push_str(&word.text);
        previous = Some(word);
    }
    out
}

/// A token, or several that form one operator such as `=>` and `..=`.
struct Word {
    text: String,
    sort: Sort,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Name,
    Literal,
    Operator,
    /// A bracketed group; `true` for braces.
    Group(bool),
    /// A `-` that belongs to the following literal.
    Sign,
}

fn words(tokens: &[TokenTree]) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut joint = false;
    let mut tokens = tokens;
    while let [token, rest @ ..] = tokens {
        tokens = rest;
        let after_value = words.last().is_some_and(|last| !matches!(last.sort, Sort::Operator | Sort::Sign));
        let sort = match token {
            TokenTree::Ident(_) => Sort::Name,
            TokenTree::Literal(_) => Sort::Literal,
            TokenTree::Group(group) => Sort::Group(group.delimiter() == Delimiter::Brace),
            TokenTree::Punct(punct) if punct.as_char() == '-' && !after_value => Sort::Sign,
            TokenTree::Punct(_) => Sort::Operator,
        };
        let text = if let TokenTree::Group(group) = token { bracketed(group) } else { token.to_string() };
        if let (false, "|", [TokenTree::Ident(argument), TokenTree::Punct(_), body @ ..]) =
            (after_value, text.as_str(), rest)
        {
            // The head of a closure.
            words.push(Word { text: format!("|{argument}|"), sort: Sort::Name });
            tokens = body;
            continue;
        }
        match words.last_mut() {
            // The quote of a lifetime is a separate token.
            Some(last) if last.text == "'" => *last = Word { text: format!("'{text}"), sort: Sort::Name },
            Some(last) if joint && OPERATORS.contains(&format!("{}{text}", last.text).as_str()) => last.text += &text,
            _ => words.push(Word { text, sort }),
        }
        joint = matches!(token, TokenTree::Punct(punct) if punct.spacing() == Spacing::Joint);
    }
    words
}

/// Operators of several characters; other sequences, such as `>>` and `?,`, are separate operators.
const OPERATORS: [&str; 9] = ["=>", "->", "..", "..=", "::", "==", "!=", "&&", "||"];

fn bracketed(group: &Group) -> String {
    let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
    let inner = line(&tokens);
    let (open, close) = match group.delimiter() {
        Delimiter::Parenthesis => ("(", ")"),
        Delimiter::Bracket => ("[", "]"),
        Delimiter::Brace if inner.is_empty() => ("{", "}"),
        Delimiter::Brace => ("{ ", " }"),
        Delimiter::None => ("", ""),
    };
    format!("{open}{inner}{close}")
}

/// Returns `true` if the two words are separated by a space.
fn spaced(left: &Word, right: &Word) -> bool {
    let tight_after = ["<", "::", ".", "..", "..=", "!", "&"].contains(&left.text.as_str());
    let tight_before = ["<", ">", "::", ".", "..", "..=", "!", "?", ",", ";", ":"].contains(&right.text.as_str());
    match (left.sort, right.sort) {
        (Sort::Sign, _) => false,
        // `.. => rest` and `"a" & "b"` keep their spaces; `400..=499` and `&str` have none.
        (Sort::Operator, _) if left.text == ".." && right.text == "=>" => true,
        (Sort::Operator, Sort::Literal) if left.text == "&" => true,
        (Sort::Operator, _) if tight_after => false,
        (_, Sort::Operator) if tight_before => right.text == ".." && left.text == ",",
        (Sort::Name, Sort::Group(braces)) => braces,
        _ => true,
    }
}
