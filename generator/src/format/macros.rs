//! The runtime's item macros, one entry per line. prettyplease keeps a macro's body as one run of tokens, so these are
//! laid out from their tokens here.

use proc_macro2::{Delimiter, Group, Spacing, TokenTree};
use syn::{ItemMacro, MacroDelimiter};

use super::WIDTH;

/// Whether the macro is laid out here: `path!(…);` that is no `macro_rules!`.
pub(super) fn is_ours(item: &ItemMacro) -> bool {
    item.ident.is_none() && item.attrs.is_empty() && matches!(item.mac.delimiter, MacroDelimiter::Paren(_))
}

/// The first word inside the brackets, if it is a name.
pub(super) fn subject(item: &ItemMacro) -> Option<String> {
    match item.mac.tokens.clone().into_iter().next() {
        Some(TokenTree::Ident(ident)) => Some(ident.to_string()),
        _ => None,
    }
}

/// `path!(head { entry, … });` with one entry per line, or `path!(a, b);`, broken only if it is too long.
pub(super) fn call(item: &ItemMacro) -> String {
    let path: Vec<_> = item.mac.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    let leading = if item.mac.path.leading_colon.is_some() { "::" } else { "" };
    let name = format!("{leading}{}!", path.join("::"));
    let mut tokens: Vec<TokenTree> = item.mac.tokens.clone().into_iter().collect();
    match tokens.last() {
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
            let body = body(group);
            tokens.pop();
            let head = line(&tokens);
            let gap = if head.is_empty() { "" } else { " " };
            if body.is_empty() {
                return format!("{name}({head}{gap}{{}});");
            }
            format!("{name}({head}{gap}{{\n{body}}});")
        }
        _ => {
            let flat = format!("{name}({});", line(&tokens));
            if flat.chars().count() <= WIDTH {
                return flat;
            }
            let arguments: String = entries(&tokens).iter().map(|entry| format!("    {},\n", line(entry))).collect();
            format!("{name}(\n{arguments});")
        }
    }
}

/// The entries of a braced body, each on its line.
fn body(group: &Group) -> String {
    let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
    entries(&tokens).iter().map(|entry| format!("    {},\n", broken(entry))).collect()
}

/// One entry; what is too long for a line continues before each `|` or `&`.
fn broken(entry: &[TokenTree]) -> String {
    let flat = line(entry);
    if flat.chars().count() + 5 <= WIDTH {
        return flat;
    }
    let mut parts: Vec<Vec<TokenTree>> = vec![Vec::new()];
    for token in entry {
        let breaks = matches!(token, TokenTree::Punct(punct) if matches!(punct.as_char(), '|' | '&'));
        if breaks {
            parts.push(Vec::new());
        }
        if let Some(part) = parts.last_mut() {
            part.push(token.clone());
        }
    }
    parts.iter().map(|part| line(part)).collect::<Vec<_>>().join("\n        ")
}

/// Splits at commas that stand outside of brackets, angle brackets included.
fn entries(tokens: &[TokenTree]) -> Vec<Vec<TokenTree>> {
    let mut entries = Vec::new();
    let mut current: Vec<TokenTree> = Vec::new();
    let mut angles = 0_usize;
    for token in tokens {
        if let TokenTree::Punct(punct) = token {
            let after_arrow_body = matches!(current.last(), Some(TokenTree::Punct(before))
                if matches!(before.as_char(), '=' | '-') && before.spacing() == Spacing::Joint);
            match punct.as_char() {
                '<' => angles += 1,
                '>' if !after_arrow_body => angles = angles.saturating_sub(1),
                ',' if angles == 0 => {
                    entries.push(std::mem::take(&mut current));
                    continue;
                }
                _ => {}
            }
        }
        current.push(token.clone());
    }
    if !current.is_empty() {
        entries.push(current);
    }
    entries
}

/// Tokens in one line, spaced as a person would.
fn line(tokens: &[TokenTree]) -> String {
    let words = words(tokens);
    let mut out = String::new();
    let mut previous: Option<&Word> = None;
    for word in &words {
        if previous.is_some_and(|previous| spaced(previous, word)) {
            out.push(' ');
        }
        out.push_str(&word.text);
        previous = Some(word);
    }
    out
}

/// A token, or several that belong together such as `=>` and `..=`.
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
    /// A `-` that belongs to the literal after it.
    Sign,
}

fn words(tokens: &[TokenTree]) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut joint = false;
    for token in tokens {
        let (text, sort) = match token {
            TokenTree::Ident(ident) => (ident.to_string(), Sort::Name),
            TokenTree::Literal(literal) => (literal.to_string(), Sort::Literal),
            TokenTree::Group(group) => (bracketed(group), Sort::Group(group.delimiter() == Delimiter::Brace)),
            TokenTree::Punct(punct) => {
                let character = punct.as_char();
                let was_joint = std::mem::replace(&mut joint, punct.spacing() == Spacing::Joint);
                match words.last_mut() {
                    Some(last)
                        if was_joint
                            && last.sort == Sort::Operator
                            && OPERATORS.contains(&format!("{}{character}", last.text).as_str()) =>
                    {
                        last.text.push(character);
                        continue;
                    }
                    last => {
                        let after_value =
                            last.is_some_and(|last| matches!(last.sort, Sort::Name | Sort::Literal | Sort::Group(_)));
                        let sort = if character == '-' && !after_value { Sort::Sign } else { Sort::Operator };
                        (character.to_string(), sort)
                    }
                }
            }
        };
        // A lifetime's quote is a token of its own.
        match words.last_mut() {
            Some(last) if last.text == "'" => {
                last.text.push_str(&text);
                last.sort = Sort::Name;
            }
            _ => words.push(Word { text, sort }),
        }
    }
    words
}

/// Operators of several characters; others, such as `>>` and `?,`, are several operators.
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

/// Whether a space stands between the two words.
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
