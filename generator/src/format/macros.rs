//! Part of `format`: the runtime's item macros, one entry per line; prettyplease does not format macros.

use proc_macro2::{Delimiter, Group, Spacing, TokenTree};

use super::WIDTH;

/// Splits `path!(…);` without attributes into the path and the tokens in the brackets. `None` for other items.
fn parts(item: &[TokenTree]) -> Option<(&[TokenTree], Vec<TokenTree>)> {
    let [path @ .., TokenTree::Punct(bang), TokenTree::Group(group), _] = item else { return None };
    let is_call = matches!(path, [TokenTree::Ident(_), ..]) && bang.as_char() == '!';
    (is_call && group.delimiter() == Delimiter::Parenthesis).then(|| (path, inner(group)))
}

/// Returns the first word inside the brackets, if it is a name.
pub(super) fn subject(item: &[TokenTree]) -> Option<String> {
    match parts(item)?.1.first()? {
        TokenTree::Ident(ident) => Some(ident.to_string()),
        _ => None,
    }
}

/// Formats `path!(head { entry, … });` with one entry per line, or `path!(a, b);`, broken only if it is too long. `None` for other items.
pub(super) fn call(item: &[TokenTree]) -> Option<String> {
    let (path, tokens) = parts(item)?;
    let name = line(path);
    if let Some((TokenTree::Group(group), head)) = tokens.split_last()
        && group.delimiter() == Delimiter::Brace
    {
        let body = inner(group);
        let start = if body.is_empty() { "" } else { "\n" };
        let head = line(head);
        let gap = if head.is_empty() { "" } else { " " };
        return Some(format!("{name}!({head}{gap}{{{start}{}}});\n", indented(&body, broken)));
    }
    let flat = format!("{name}!({});\n", line(&tokens));
    if flat.chars().count() <= WIDTH + 1 {
        return Some(flat);
    }
    Some(format!("{name}!(\n{});\n", indented(&tokens, line)))
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

/// Returns tokens in one line, with the usual spacing.
pub(crate) fn line(tokens: &[TokenTree]) -> String {
    let mut out = String::new();
    write_line(&mut out, tokens);
    out
}

/// Writes tokens in one line. Returns `true` if prettyplease would do the same unless they are too long: there are no blocks, closures,
/// macros or bounds.
pub(super) fn write_line(out: &mut String, mut tokens: &[TokenTree]) -> bool {
    let (mut is_flat, mut previous) = (true, None);
    loop {
        let start = out.len();
        let after_value = previous.is_some_and(|(sort, _)| !matches!(sort, Sort::Operator | Sort::Sign));
        let Some(((sort, is_simple), rest)) = write_word(out, tokens, after_value) else { return is_flat };
        let mut word = (sort, start);
        if let Some((before, from)) = previous {
            let (left, right) = (out.get(from..start).unwrap_or_default(), out.get(start..).unwrap_or_default());
            let is_macro = left == "!" && matches!(sort, Sort::Group(_));
            is_flat &= !is_macro;
            if spaced((before, left), (sort, right)) {
                out.insert(start, ' ');
                word.1 += 1;
            }
        }
        is_flat &= is_simple;
        (previous, tokens) = (Some(word), rest);
    }
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

/// Writes a token, or several that form one word such as `=>` and `'a`. Returns its sort, whether it is simple, and the other tokens; `None`
/// without tokens.
fn write_word<'t>(
    out: &mut String,
    tokens: &'t [TokenTree],
    after_value: bool,
) -> Option<((Sort, bool), &'t [TokenTree])> {
    let (token, mut rest) = tokens.split_first()?;
    let TokenTree::Punct(punct) = token else {
        let word = match token {
            TokenTree::Group(group) => (Sort::Group(group.delimiter() == Delimiter::Brace), write_group(out, group)),
            TokenTree::Ident(name) => {
                out.push_str(&name.to_string());
                (Sort::Name, name != "where")
            }
            _ => {
                out.push_str(&token.to_string());
                (Sort::Literal, true)
            }
        };
        return Some((word, rest));
    };
    out.push(punct.as_char());
    match (punct.as_char(), rest) {
        // The quote of a lifetime is a separate token.
        ('\'', [TokenTree::Ident(name), after @ ..]) => {
            out.push_str(&name.to_string());
            return Some(((Sort::Name, true), after));
        }
        // The head of a closure.
        ('|', [TokenTree::Ident(argument), TokenTree::Punct(_), after @ ..]) if !after_value => {
            out.extend([&argument.to_string(), "|"]);
            return Some(((Sort::Name, false), after));
        }
        ('-', _) if !after_value => return Some(((Sort::Sign, true), rest)),
        _ => {}
    }
    let (mut last, mut length) = (punct, 1);
    while let [TokenTree::Punct(next), after @ ..] = rest
        && last.spacing() == Spacing::Joint
    {
        out.push(next.as_char());
        length += 1;
        let is_operator = out.get(out.len() - length..).is_some_and(|text| OPERATORS.contains(&text));
        if !is_operator {
            out.pop();
            break;
        }
        (last, rest) = (next, after);
    }
    Some(((Sort::Operator, punct.as_char() != '|'), rest))
}

/// Operators of several characters; other sequences, such as `>>` and `?,`, are separate operators.
const OPERATORS: [&str; 9] = ["=>", "->", "..", "..=", "::", "==", "!=", "&&", "||"];

/// Returns the tokens of a group.
pub(super) fn inner(group: &Group) -> Vec<TokenTree> {
    group.stream().into_iter().collect()
}

/// Writes a group. Returns `true` if it is simple.
fn write_group(out: &mut String, group: &Group) -> bool {
    let tokens = inner(group);
    let (open, close) = match group.delimiter() {
        Delimiter::Parenthesis => ("(", ")"),
        Delimiter::Bracket => ("[", "]"),
        Delimiter::Brace if tokens.is_empty() => ("{", "}"),
        Delimiter::Brace => ("{ ", " }"),
        Delimiter::None => ("", ""),
    };
    out.push_str(open);
    let is_flat = write_line(out, &tokens);
    out.push_str(close);
    is_flat && (tokens.is_empty() || group.delimiter() != Delimiter::Brace)
}

/// Returns `true` if the two words are separated by a space.
fn spaced((left_sort, left): (Sort, &str), (right_sort, right): (Sort, &str)) -> bool {
    let tight_after = || ["<", "::", ".", "..", "..=", "!", "&", "#"].contains(&left);
    let tight_before = || ["<", ">", "::", ".", "..", "..=", "!", "?", ",", ";", ":"].contains(&right);
    match (left_sort, right_sort) {
        (Sort::Sign, _) => false,
        // `.. => rest` and `"a" & "b"` keep their spaces; `400..=499` and `&str` have none.
        (Sort::Operator, _) if left == ".." && right == "=>" => true,
        (Sort::Operator, Sort::Literal) if left == "&" => true,
        (Sort::Operator, _) if tight_after() => false,
        (Sort::Operator, Sort::Group(false)) if left == ">" => false,
        (_, Sort::Operator) if tight_before() => right == ".." && left == ",",
        // A tuple, not the scope of a visibility.
        (Sort::Name, Sort::Group(false)) if left == "pub" => right.contains(','),
        (Sort::Name, Sort::Group(braces)) => braces,
        _ => true,
    }
}
