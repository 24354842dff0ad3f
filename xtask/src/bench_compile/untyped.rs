//! Part of `bench-compile`: how many places of a generated crate are any JSON value.
//!
//! In comes a folder of Rust. Out comes a count. Invariant: every generator's code is counted by the same rule, which only looks at
//! what types are called; what the document itself leaves open is among the places, for all of them alike.

use std::fs;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Fields, Item, UseTree, Visibility};

/// The public fields, the variants and the aliases below a folder whose type is, or holds, any JSON value or any JSON object.
/// Files that cannot be read or are no Rust count nothing: the compiler says so.
pub(crate) fn count(folder: &Path) -> usize {
    let Ok(entries) = fs::read_dir(folder) else { return 0 };
    let counts = entries.filter_map(Result::ok).map(|entry| {
        let path = entry.path();
        if path.is_dir() {
            return count(&path);
        }
        let is_rust = path.extension().is_some_and(|extension| extension == "rs");
        let text = if is_rust { fs::read_to_string(&path).unwrap_or_default() } else { String::new() };
        in_text(&text)
    });
    counts.sum()
}

fn in_text(text: &str) -> usize {
    syn::parse_file(text).map_or(0, |file| in_items(&file.items))
}

fn in_items(items: &[Item]) -> usize {
    let short = items.iter().any(|item| matches!(item, Item::Use(used) if imports_value(&used.tree, false)));
    let is_any = |ty: &dyn ToTokens| usize::from(is_any(ty.to_token_stream(), short));
    let in_fields = |fields: &Fields, all: bool| -> usize {
        let counted = fields.iter().filter(|field| all || matches!(field.vis, Visibility::Public(_)));
        counted.map(|field| is_any(&field.ty)).sum()
    };
    let counts = items.iter().map(|item| match item {
        Item::Struct(item) => in_fields(&item.fields, false),
        Item::Enum(item) => item.variants.iter().map(|variant| in_fields(&variant.fields, true)).sum(),
        Item::Type(item) => is_any(&item.ty),
        Item::Mod(item) => item.content.as_ref().map_or(0, |(_, items)| in_items(items)),
        _ => 0,
    });
    counts.sum()
}

/// Whether a `use` brings in `serde_json::Value` by its last name.
fn imports_value(tree: &UseTree, below: bool) -> bool {
    match tree {
        UseTree::Path(path) => imports_value(&path.tree, path.ident == "serde_json"),
        UseTree::Name(name) => below && name.ident == "Value",
        UseTree::Group(group) => group.items.iter().any(|tree| imports_value(tree, below)),
        UseTree::Rename(_) | UseTree::Glob(_) => false,
    }
}

/// Whether a type names one of the names of any JSON value: `serde_json::Value`, or this project's own.
fn is_any(ty: TokenStream, short: bool) -> bool {
    let mut words = Vec::new();
    flatten(ty, &mut words);
    words.iter().enumerate().any(|(index, word)| match word.as_str() {
        "JsonValue" | "JsonObject" => true,
        "Value" => {
            let is_path = index.checked_sub(1).and_then(|before| words.get(before)).is_some_and(|before| before == ":");
            let of = index.checked_sub(3).and_then(|before| words.get(before));
            if is_path { of.is_some_and(|of| of == "serde_json") } else { short }
        }
        _ => false,
    })
}

fn flatten(tokens: TokenStream, words: &mut Vec<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => flatten(group.stream(), words),
            other => words.push(other.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_by_the_names_of_any_json_value() {
        let counted = [
            ("pub struct A { pub a: serde_json::Value, pub b: Option<::x::serde_json::Value>, pub c: String }", 2),
            ("pub struct A { pub a: JsonObject, pub b: Vec<JsonValue>, call: JsonValue }", 2),
            ("pub enum A { B(serde_json::Value), C { d: Map<String, serde_json::Value> }, E }", 2),
            ("pub type A = std::collections::HashMap<String, serde_json::Value>;", 1),
            ("use serde_json::{Map, Value}; pub struct A { pub a: Value, pub b: other::Value }", 1),
            ("use crate::Value; pub struct A { pub a: Value }", 0),
            ("mod inner { use serde_json::Value; pub struct A(pub Value, pub u8); }", 1),
            ("pub fn a(b: serde_json::Value) {}", 0),
            ("this is no Rust", 0),
        ];
        for (text, expected) in counted {
            assert_eq!(in_text(text), expected, "{text}");
        }
    }
}
