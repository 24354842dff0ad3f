//! Stage `format`: draft → formatted text.
//!
//! In: the draft of one file and its header. Out: the file's text, ending in one newline. Invariant: the layout
//! depends on the syntax tree alone, not on text in strings or comments, nor on an installed rustfmt.

pub(crate) mod macros;

use std::panic::{AssertUnwindSafe, catch_unwind};

use clientwright_normalizer::diagnostic::shortened;
use syn::{Item, Visibility};

use crate::emit::Draft;
use crate::never::never;

/// The columns that a line should not exceed.
const WIDTH: usize = 100;

/// Formats one file: the header's lines, then the items with one blank line between them.
///
/// One-line `use`, `mod` or `const` items without docs stay together, as do a macro call and the type above that it names.
///
/// # Errors
/// Returns an error if the tokens are not a valid Rust file, which is a bug of the generator.
pub fn format(header: &str, draft: Draft) -> Result<String, String> {
    let Draft { tokens, docs } = draft;
    // A copy shares the tokens; it is only needed for the message.
    let mut file = syn::parse2::<syn::File>(tokens.clone()).map_err(|error| {
        format!("the generated tokens are not a valid Rust file: {error} in: {}", shortened(&tokens.to_string(), 200))
    })?;
    drop(tokens);
    let items = std::mem::take(&mut file.items);
    let mut out = String::new();
    for part in [header, &unparse(&file)?] {
        if !part.trim().is_empty() {
            push(&mut out, part, &docs, false);
        }
    }
    let (mut sort_above, mut type_above) = (None, None);
    for item in items {
        let (sort, subject) = (sort(&item), subject(&item));
        let is_type = matches!(item, Item::Struct(_) | Item::Enum(_));
        let stays = sort.is_some() && sort == sort_above || !is_type && subject.is_some() && subject == type_above;
        let text = self::item(item)?;
        push(&mut out, &text, &docs, stays);
        sort_above = sort.filter(|_| text.trim_end().lines().count() == 1);
        type_above = subject.filter(|_| is_type);
    }
    Ok(out)
}

/// Adds a part with its doc comments, after a blank line unless it is the first or `stays` with the previous part.
fn push(out: &mut String, part: &str, docs: &[Vec<String>], stays: bool) {
    if !out.is_empty() && !stays {
        out.push('\n');
    }
    for line in part.trim_end().lines() {
        let Some((opening, number)) = doc_comment(line) else {
            out.extend([line, "\n"]);
            continue;
        };
        let missing = || never!(&[][..], "there is no doc comment {number}");
        let lines = docs.get(number).map_or_else(missing, Vec::as_slice);
        // Line breaks in a description do not end the comment.
        for text in lines.iter().flat_map(|line| line.split('\n')) {
            out.extend([opening, if text.is_empty() { "" } else { " " }, text, "\n"]);
        }
    }
}

/// Returns the opening and the number of a doc comment's placeholder, such as `///0`.
fn doc_comment(line: &str) -> Option<(&str, usize)> {
    let number = line.trim_start().strip_prefix("//")?.strip_prefix(['/', '!'])?;
    Some((line.strip_suffix(number)?, number.parse().ok()?))
}

/// Returns the kind of an item without docs, which stays together with others of its kind.
fn sort(item: &Item) -> Option<&'static str> {
    let (sort, attributes) = match item {
        Item::Use(item) => (if is_public(&item.vis) { "pub use" } else { "use" }, &item.attrs),
        Item::Mod(item) => (if is_public(&item.vis) { "pub mod" } else { "mod" }, &item.attrs),
        Item::Const(item) => ("const", &item.attrs),
        _ => return None,
    };
    attributes.is_empty().then_some(sort)
}

fn is_public(visibility: &Visibility) -> bool {
    !matches!(visibility, Visibility::Inherited)
}

/// Returns the type that an item defines, or the first word inside a macro's brackets.
fn subject(item: &Item) -> Option<String> {
    match item {
        Item::Struct(item) => Some(item.ident.to_string()),
        Item::Enum(item) => Some(item.ident.to_string()),
        Item::Macro(item) if item.attrs.is_empty() => macros::subject(item),
        _ => None,
    }
}

fn item(item: Item) -> Result<String, String> {
    match item {
        Item::Impl(_) => impl_block(item),
        Item::Macro(item) if macros::is_runtime_macro(&item) => Ok(macros::call(&item)),
        other => unparse(&file_of(other)),
    }
}

/// Formats an `impl` block with a blank line between its functions. A function ends at a brace with one indentation: strings have no
/// line ends, and doc comments are placeholders.
fn impl_block(block: Item) -> Result<String, String> {
    let text = unparse(&file_of(block))?;
    let ends_function =
        |line: &str| line.ends_with('}') && line.strip_prefix("    ").is_some_and(|inner| !inner.starts_with(' '));
    let lines = text.lines().flat_map(|line| [line, if ends_function(line) { "\n\n" } else { "\n" }]);
    Ok(lines.collect::<String>().replace("}\n\n}\n", "}\n}\n"))
}

fn file_of(item: Item) -> syn::File {
    syn::File { shebang: None, attrs: Vec::new(), items: vec![item], frontmatter: None }
}

/// Formats a file. A panic of prettyplease on unknown syntax becomes an error.
fn unparse(file: &syn::File) -> Result<String, String> {
    catch_unwind(AssertUnwindSafe(|| prettyplease::unparse(file)))
        .map_err(|_| "the generated tokens hold an item that cannot be laid out".to_owned())
}

#[cfg(test)]
mod tests;
