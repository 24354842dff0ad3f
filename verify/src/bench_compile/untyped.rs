//! Part of `bench-compile`: the number of places in a generated crate that are any JSON value.
//!
//! In: a folder of Rust files. Out: a count. Invariant: one rule counts the code of all generators, using only the names of types;
//! places that the document itself leaves open are included for all generators.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Fields, File, Item, UseTree, Visibility};

/// Returns the number of public fields and variants below a folder whose type is, or contains, any JSON value or object, directly
/// or by an alias. Unreadable and invalid files are skipped, because the compiler reports them.
pub(crate) fn count(folder: &Path) -> usize {
    let mut files = Vec::new();
    read(folder, &mut files);
    in_files(&files)
}

fn read(folder: &Path, files: &mut Vec<File>) {
    for path in fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok).map(|entry| entry.path()) {
        if path.is_dir() {
            read(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.extend(fs::read_to_string(&path).ok().and_then(|text| syn::parse_file(&text).ok()));
        }
    }
}

fn in_files(files: &[File]) -> usize {
    let mut known = Known { aliases: BTreeSet::new() };
    files.iter().for_each(|file| known.learn(&file.items));
    files.iter().map(|file| known.in_items(&file.items)).sum()
}

/// The names for any JSON value.
struct Known {
    aliases: BTreeSet<String>,
}

impl Known {
    /// Adds aliases of any JSON value.
    fn learn(&mut self, items: &[Item]) {
        let short = is_short(items);
        for item in items {
            match item {
                Item::Type(alias) if self.is_any(&alias.ty, short) => {
                    self.aliases.insert(alias.ident.to_string());
                }
                Item::Mod(item) => self.learn(item.content.as_ref().map_or(&[], |(_, items)| items)),
                _ => {}
            }
        }
    }

    fn in_items(&self, items: &[Item]) -> usize {
        let short = is_short(items);
        let in_fields = |fields: &Fields, all: bool| -> usize {
            let counted = fields.iter().filter(|field| all || matches!(field.vis, Visibility::Public(_)));
            counted.filter(|field| self.is_any(&field.ty, short)).count()
        };
        let counts = items.iter().map(|item| match item {
            Item::Struct(item) => in_fields(&item.fields, false),
            Item::Enum(item) => item.variants.iter().map(|variant| in_fields(&variant.fields, true)).sum(),
            Item::Mod(item) => item.content.as_ref().map_or(0, |(_, items)| self.in_items(items)),
            _ => 0,
        });
        counts.sum()
    }

    /// Returns `true` if a type contains any JSON value: `serde_json::Value`, this project's own names, or an alias.
    fn is_any(&self, ty: &impl ToTokens, short: bool) -> bool {
        let mut words = Vec::new();
        flatten(ty.to_token_stream(), &mut words);
        words.iter().enumerate().any(|(index, word)| match word.as_str() {
            "JsonValue" | "JsonObject" => true,
            "Value" => {
                let is_path = index.checked_sub(1).and_then(|at| words.get(at)).is_some_and(|before| before == ":");
                let of = index.checked_sub(3).and_then(|at| words.get(at));
                if is_path { of.is_some_and(|of| of == "serde_json") } else { short }
            }
            other => self.aliases.contains(other),
        })
    }
}

/// Returns `true` if `Value` alone means `serde_json::Value`.
fn is_short(items: &[Item]) -> bool {
    items.iter().any(|item| matches!(item, Item::Use(used) if imports_value(&used.tree, false)))
}

/// Returns `true` if a `use` imports `serde_json::Value` as `Value`.
fn imports_value(tree: &UseTree, below: bool) -> bool {
    match tree {
        UseTree::Path(path) => imports_value(&path.tree, path.ident == "serde_json"),
        UseTree::Name(name) => below && name.ident == "Value",
        UseTree::Group(group) => group.items.iter().any(|tree| imports_value(tree, below)),
        UseTree::Rename(_) | UseTree::Glob(_) => false,
    }
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
            ("pub type A = Map<String, serde_json::Value>;", 0),
            ("pub struct B { pub a: Option<crate::A>, pub b: C } pub type A = Map<String, serde_json::Value>;", 1),
            ("use serde_json::{Map, Value}; pub struct A { pub a: Value, pub b: other::Value }", 1),
            ("use crate::Value; pub struct A { pub a: Value }", 0),
            ("mod inner { use serde_json::Value; pub struct A(pub Value, pub u8); }", 1),
            ("pub fn a(b: serde_json::Value) {}", 0),
        ];
        for (text, expected) in counted {
            assert_eq!(in_files(&[syn::parse_file(text).unwrap()]), expected, "{text}");
        }
    }
}
