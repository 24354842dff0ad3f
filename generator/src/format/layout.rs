//! Part of `format`: the tokens of an item → its lines.
//!
//! In: tokens, and the declaration that they are in. Out: lines with indentation. Invariant: the lines are those of prettyplease, which
//! lays out everything that needs several lines; in an `impl` block, a blank line follows each function.

use std::iter::repeat_n;
use std::panic::{AssertUnwindSafe, catch_unwind};

use clientwright_normalizer::diagnostic::shortened;
use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::quote;

use super::macros::{entries, inner, line, write_line};

/// The columns of a line, as in prettyplease.
const MARGIN: usize = 89;

/// The maximum number of columns of a struct expression on one line, as in prettyplease.
const STRUCT: usize = 35;

/// The declaration that tokens are in.
#[derive(Clone, Copy)]
pub(super) enum Inside {
    File,
    Impl,
    /// A function of an `impl` block.
    Method,
}

impl Inside {
    fn depth(self) -> usize {
        match self {
            Self::File => 0,
            Self::Impl => 1,
            Self::Method => 2,
        }
    }

    /// Lays out tokens with prettyplease. A panic of prettyplease on unknown syntax becomes an error.
    pub(super) fn unparse(self, tokens: &[TokenTree]) -> Result<String, String> {
        let tokens: TokenStream = tokens.iter().cloned().collect();
        let whole = match self {
            Self::File => tokens.clone(),
            Self::Impl => quote!(impl A { #tokens }),
            Self::Method => quote!(impl A { fn a() { #tokens } }),
        };
        let file = syn::parse2::<syn::File>(whole).map_err(|error| {
            let shown = shortened(&tokens.to_string(), 200);
            format!("the generated tokens are not a valid Rust file: {error} in: {shown}")
        })?;
        let text = catch_unwind(AssertUnwindSafe(|| prettyplease::unparse(&file)))
            .map_err(|_| "the generated tokens hold an item that cannot be laid out".to_owned())?;
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        Ok(lines.get(self.depth()..lines.len() - self.depth()).unwrap_or_default().concat())
    }
}

/// Splits tokens into items or statements: after a semicolon, or after braces without one.
pub(super) fn split(tokens: &[TokenTree]) -> impl Iterator<Item = &[TokenTree]> {
    tokens.chunk_by(|token, next| is(next, ';') || !is(token, ';') && !is_braces(token))
}

/// Writes tokens with `direct`, or else as prettyplease does. `None` if they are invalid.
fn piece(
    out: &mut String,
    tokens: &[TokenTree],
    inside: Inside,
    direct: fn(&mut String, &[TokenTree], Inside) -> Option<()>,
) -> Option<()> {
    let start = out.len();
    if direct(out, tokens, inside).is_none() {
        out.truncate(start);
        out.push_str(&inside.unparse(tokens).ok()?);
    }
    Some(())
}

/// Writes an item. `None` if prettyplease has to lay it out.
pub(super) fn item(out: &mut String, tokens: &[TokenTree], inside: Inside) -> Option<()> {
    let depth = inside.depth();
    let tokens = attributes(out, tokens, depth)?;
    let (last, head) = tokens.split_last()?;
    let Some(body) = braces(last) else { return short_item(out, tokens, depth).filter(|()| is(last, ';')) };
    let empty = TokenTree::from(Group::new(Delimiter::Brace, TokenStream::new()));
    piece(out, &[head, &[empty]].concat(), inside, |out, tokens, inside| one_line(out, tokens, inside.depth(), "\n"))?;
    if body.is_empty() {
        return Some(());
    }
    out.truncate(out.strip_suffix("}\n")?.len());
    out.push('\n');
    let kind = |token: &TokenTree| ["fn", "impl", "struct", "enum"].into_iter().find(|kind| is_word(token, kind));
    match (head.iter().find_map(kind)?, inside) {
        ("fn", Inside::Impl) => split(&body).try_for_each(|tokens| piece(out, tokens, Inside::Method, statement))?,
        ("impl", _) => methods(out, &body)?,
        ("struct" | "enum", _) => entries(&body).try_for_each(|entry| {
            let entry = attributes(out, entry, depth + 1)?;
            one_line(out, entry, depth + 1, ",\n")
        })?,
        _ => return None,
    }
    indent(out, depth);
    out.push_str("}\n");
    Some(())
}

/// Writes the attributes in front, a line each, and returns the rest. `None` if one is too long.
fn attributes<'t>(out: &mut String, mut tokens: &'t [TokenTree], depth: usize) -> Option<&'t [TokenTree]> {
    while let [hash, TokenTree::Group(group), rest @ ..] = tokens
        && is(hash, '#')
    {
        match inner(group).as_slice() {
            [name, _, TokenTree::Literal(text)] if is_word(name, "doc") => {
                let text = text.to_string();
                let number = text.trim_matches('"');
                // Other texts may need several lines.
                number.parse::<usize>().ok()?;
                indent(out, depth);
                out.extend(["///", number, "\n"]);
            }
            _ => one_line(out, tokens.get(..2)?, depth, "\n")?,
        }
        tokens = rest;
    }
    Some(tokens)
}

/// Writes an item without a body. Names and paths are never broken.
fn short_item(out: &mut String, tokens: &[TokenTree], depth: usize) -> Option<()> {
    if let [path @ .., names, _] = tokens
        && let Some(names) = braces(names)
    {
        let start = out.len();
        out.extend([&line(path), "{", &line(&names), "};\n"]);
        return (out.len() - start <= MARGIN + 1).then_some(());
    }
    let is_name =
        |token: &TokenTree| matches!(token, TokenTree::Ident(_)) || [':', '=', ';'].iter().any(|sign| is(token, *sign));
    one_line(out, tokens, depth, "\n").or_else(|| tokens.iter().all(is_name).then_some(()))
}

/// Writes the items of an `impl` block, with a blank line after each function.
fn methods(out: &mut String, tokens: &[TokenTree]) -> Option<()> {
    let mut is_after_function = false;
    for tokens in split(tokens) {
        if is_after_function {
            out.push('\n');
        }
        piece(out, tokens, Inside::Impl, item)?;
        is_after_function = tokens.last().is_some_and(is_braces);
    }
    Some(())
}

/// Writes a statement that is a struct expression, or fits on a line. `None` for others.
fn statement(out: &mut String, tokens: &[TokenTree], inside: Inside) -> Option<()> {
    let depth = inside.depth();
    let (last, path) = tokens.split_last()?;
    let Some(fields) = braces(last).filter(|fields| !fields.is_empty()) else {
        return one_line(out, tokens, depth, "\n");
    };
    let is_name = |token: &TokenTree| is(token, ':') || matches!(token, TokenTree::Ident(name) if !is_keyword(name));
    if path.is_empty() || !path.iter().all(is_name) {
        return None;
    }
    let start = out.len();
    one_line(out, path, depth, " {\n")?;
    for field in entries(&fields) {
        // No comma follows the base of a struct.
        let end = if is(field.first()?, '.') { "\n" } else { ",\n" };
        one_line(out, field, depth + 1, end)?;
    }
    indent(out, depth);
    out.push_str("}\n");
    // A short one may be on one line.
    let words = out.get(start..)?.split_whitespace();
    (words.map(str::len).sum::<usize>() > STRUCT).then_some(())
}

/// Writes tokens and the end of their line. `None` if they need several lines.
fn one_line(out: &mut String, tokens: &[TokenTree], depth: usize, end: &str) -> Option<()> {
    let start = out.len();
    indent(out, depth);
    let is_flat = write_line(out, tokens);
    out.push_str(end);
    (is_flat && out.len() - start <= MARGIN + 1).then_some(())
}

fn indent(out: &mut String, depth: usize) {
    out.extend(repeat_n("    ", depth));
}

fn is_braces(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
}

/// Returns the contents of braces.
fn braces(token: &TokenTree) -> Option<Vec<TokenTree>> {
    match token {
        TokenTree::Group(group) if is_braces(token) => Some(inner(group)),
        _ => None,
    }
}

fn is(token: &TokenTree, sign: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == sign)
}

fn is_word(token: &TokenTree, word: &str) -> bool {
    matches!(token, TokenTree::Ident(name) if name == word)
}

/// Returns `true` if braces after this word are a block.
fn is_keyword(word: &Ident) -> bool {
    ["async", "else", "loop", "match", "move", "unsafe"].iter().any(|keyword| word == keyword)
}
