//! Stage `format`: tokens → text that reads as if somebody had typed it.
//!
//! In: the tokens of one file and its header. Out: the file's text, ending in one newline. Invariant: layout is
//! decided here, in-process, item by item on the syntax tree, so no text inside a string or a comment can be taken for
//! code, and no installed rustfmt decides what a diff looks like.

mod macros;

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use proc_macro2::TokenStream;
use syn::{Attribute, Item, ItemImpl, Visibility};

/// The columns that a line should not go beyond, where there is a choice.
const WIDTH: usize = 100;

/// Tokens that are no Rust file: always a mistake of the generator.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FormatFailure {
    message: String,
}

impl FormatFailure {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into() }
    }
}

impl fmt::Display for FormatFailure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the generated tokens are no Rust file: {}", self.message)
    }
}

impl std::error::Error for FormatFailure {}

/// Lays out one file: the header's lines, then the items with one blank line between them.
///
/// Consecutive one-line `use`, `mod` or `const` items of the same sort and without docs stay together, and so does a
/// macro with the type right above it that it names.
///
/// # Errors
/// If the tokens do not parse as a Rust file.
pub fn format(header: &str, tokens: TokenStream) -> Result<String, FormatFailure> {
    // A copy shares the tokens; it is only needed for the message.
    let mut file = syn::parse2::<syn::File>(tokens.clone())
        .map_err(|error| FormatFailure::new(format!("{error} in: {}", excerpt(&tokens))))?;
    drop(tokens);
    let items = std::mem::take(&mut file.items);
    let mut out = String::new();
    if !header.trim().is_empty() {
        out.push_str(header.trim_end());
        out.push('\n');
    }
    let attributes = unparse(&file)?;
    if !attributes.trim().is_empty() {
        separate(&mut out);
        out.push_str(attributes.trim_end());
        out.push('\n');
    }
    let mut previous: Option<ItemShape> = None;
    for item in items {
        let shape = ItemShape::of(&item);
        if !previous.is_some_and(|previous| previous.keeps_together(&shape)) {
            separate(&mut out);
        }
        let text = self::item(item)?;
        out.push_str(text.trim_end());
        out.push('\n');
        previous = Some(ItemShape { one_line: text.trim_end().lines().count() == 1, ..shape });
    }
    Ok(out)
}

/// A blank line before what follows, except at the very top.
fn separate(out: &mut String) {
    if !out.is_empty() {
        out.push('\n');
    }
}

/// What decides whether two neighbouring items stand together.
struct ItemShape {
    sort: Sort,
    plain: bool,
    one_line: bool,
    /// The type that the item defines, or the first word inside a macro's brackets.
    subject: Option<String>,
}

#[derive(PartialEq, Eq)]
enum Sort {
    Use { public: bool },
    Mod { public: bool },
    Const,
    Type,
    Macro,
    Other,
}

impl ItemShape {
    fn of(item: &Item) -> Self {
        let (sort, attributes, subject): (_, &[Attribute], _) = match item {
            Item::Use(item) => (Sort::Use { public: is_public(&item.vis) }, &item.attrs, None),
            Item::Mod(item) => (Sort::Mod { public: is_public(&item.vis) }, &item.attrs, None),
            Item::Const(item) => (Sort::Const, &item.attrs, None),
            Item::Struct(item) => (Sort::Type, &[], Some(item.ident.to_string())),
            Item::Enum(item) => (Sort::Type, &[], Some(item.ident.to_string())),
            Item::Macro(item) => (Sort::Macro, &item.attrs, macros::subject(item)),
            _ => (Sort::Other, &[], None),
        };
        Self { sort, plain: attributes.is_empty(), one_line: true, subject }
    }

    fn keeps_together(&self, next: &Self) -> bool {
        let same_one_liners = self.sort == next.sort
            && matches!(self.sort, Sort::Use { .. } | Sort::Mod { .. } | Sort::Const)
            && self.one_line
            && self.plain
            && next.plain;
        let names_the_type_above = self.sort == Sort::Type
            && next.sort == Sort::Macro
            && next.plain
            && self.subject.is_some()
            && self.subject == next.subject;
        same_one_liners || names_the_type_above
    }
}

fn is_public(visibility: &Visibility) -> bool {
    !matches!(visibility, Visibility::Inherited)
}

fn item(item: Item) -> Result<String, FormatFailure> {
    match item {
        Item::Impl(block) if block.items.len() > 1 => impl_block(block),
        Item::Macro(item) if macros::is_ours(&item) => {
            let text = macros::call(&item);
            let attributes = outer_attributes(item.attrs)?;
            Ok(format!("{attributes}{text}"))
        }
        other => unparse(&file_of(other)),
    }
}

/// An `impl` block with a blank line between its items: its frame and each of its items are laid out on their own.
fn impl_block(mut block: ItemImpl) -> Result<String, FormatFailure> {
    let members = std::mem::take(&mut block.items);
    let frame = unparse(&file_of(Item::Impl(block)))?;
    let Some(opening) = frame.trim_end().strip_suffix("{}") else {
        return Err(FormatFailure::new(format!("an `impl` block without braces: {frame}")));
    };
    let alone: ItemImpl = syn::parse_str("impl Alone {}").map_err(|error| FormatFailure::new(error.to_string()))?;
    let mut alone = file_of(Item::Impl(alone));
    let mut out = format!("{opening}{{\n");
    for (position, member) in members.into_iter().enumerate() {
        if position > 0 {
            out.push('\n');
        }
        if let Some(Item::Impl(block)) = alone.items.first_mut() {
            block.items = vec![member];
        }
        let text = unparse(&alone)?;
        let inner = text.strip_prefix("impl Alone {\n").and_then(|text| text.trim_end().strip_suffix('}'));
        let Some(inner) = inner else {
            return Err(FormatFailure::new(format!("an item that does not stand alone: {text}")));
        };
        out.push_str(inner);
    }
    out.push_str("}\n");
    Ok(out)
}

/// Attributes and docs as they stand before an item.
fn outer_attributes(attrs: Vec<Attribute>) -> Result<String, FormatFailure> {
    if attrs.is_empty() {
        return Ok(String::new());
    }
    let mut carrier: syn::ItemStruct =
        syn::parse_str("struct Alone;").map_err(|error| FormatFailure::new(error.to_string()))?;
    carrier.attrs = attrs;
    let text = unparse(&file_of(Item::Struct(carrier)))?;
    Ok(text.trim_end().strip_suffix("struct Alone;").unwrap_or_default().to_owned())
}

fn file_of(item: Item) -> syn::File {
    syn::File { shebang: None, attrs: Vec::new(), items: vec![item], frontmatter: None }
}

/// prettyplease panics on syntax that it does not know; for the caller that is a failure like any other.
fn unparse(file: &syn::File) -> Result<String, FormatFailure> {
    catch_unwind(AssertUnwindSafe(|| prettyplease::unparse(file)))
        .map_err(|_| FormatFailure::new("an item that cannot be laid out"))
}

/// The beginning of the tokens, for an error message.
fn excerpt(tokens: &TokenStream) -> String {
    let text = tokens.to_string();
    match text.char_indices().nth(200) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

#[cfg(test)]
mod tests;
