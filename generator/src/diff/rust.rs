//! Part of `diff`: the public items of generated files.
//!
//! In: the files of an API. Out: its public items with their signatures, and the differences between two lists. Invariant: names are paths
//! as callers write them: types are in `types`, methods in their types.

use std::collections::{BTreeMap, BTreeSet};

use clientwright_normalizer::diagnostic::shortened;
use clientwright_normalizer::limits::in_parallel;
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, Fields, ImplItem, Item, Visibility};

use crate::format::macros;
use crate::write::File;

/// The maximum length of a displayed signature.
const SHOWN: usize = 500;

/// The signatures of an API's public items.
type Items = BTreeMap<String, Signature>;

/// The signature of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Signature {
    text: String,
    /// Whether adding the item breaks callers: a variant of an exhaustive enum.
    breaks: bool,
    /// Whether the item is a type alias.
    is_alias: bool,
}

/// A difference between the public items of two versions of a client.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ItemChange {
    /// The path of the item in the crate.
    pub item: String,
    /// The old signature, if the item existed.
    pub old: Option<String>,
    /// The new signature, if the item still exists.
    pub new: Option<String>,
    /// Whether the change breaks callers.
    pub is_breaking: bool,
    /// The changes of messages at the item's place in the document, as indices in [`Differences::wire`](super::Differences::wire).
    pub changes: Vec<usize>,
}

/// The part of a version that has to be increased (<https://semver.org>).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum VersionBump {
    /// The files are identical.
    None,
    /// No public item changed.
    Patch,
    /// Items were added.
    Minor,
    /// Items were removed or changed.
    Major,
}

/// Compares the public items of two versions of an API's files.
pub(super) fn items(known: &BTreeSet<&File>, current: &BTreeSet<&File>) -> (Vec<ItemChange>, VersionBump) {
    let (mut before, mut after) = (public(known.difference(current)), public(current.difference(known)));
    if after.values().any(|signature| signature.is_alias) {
        // An alias may refer to a type in any file.
        let same = public(known.intersection(current));
        before.extend(same.clone());
        after.extend(same);
    }
    let aliases = Aliases::of(&after);
    let stays = |item: &str, signature: &Signature| {
        let same = |other: &Signature| {
            other.text == signature.text || aliases.replaced(&signature.text) == aliases.replaced(&other.text)
        };
        after.get(item).is_some_and(same) || aliases.target(item).is_some_and(|item| after.get(&item).is_some_and(same))
    };
    let all: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let change = |item: &String| {
        let sides = [before.get(item), after.get(item)];
        let is_breaking = match sides {
            [Some(signature), _] if stays(item, signature) => return None,
            // Variants of a new enum are compatible.
            [None, Some(new)] => {
                new.breaks && before.contains_key(item.rsplit_once("::").map_or("", |(owner, _)| owner))
            }
            _ => true,
        };
        let [old, new] = sides.map(|side| side.map(|side| shortened(&side.text, SHOWN)));
        Some(ItemChange { item: item.clone(), old, new, is_breaking, changes: Vec::new() })
    };
    let mut changes: Vec<ItemChange> = all.into_iter().filter_map(change).collect();
    changes.sort_by_key(|change| change.old.is_none());
    let bump = match changes.as_slice() {
        [] if known == current => VersionBump::None,
        [] => VersionBump::Patch,
        changes if changes.iter().any(|change| change.is_breaking) => VersionBump::Major,
        _ => VersionBump::Minor,
    };
    (without_parts(changes), bump)
}

/// Removes the parts of types that were added or removed as a whole.
fn without_parts(mut changes: Vec<ItemChange>) -> Vec<ItemChange> {
    let whole = changes.iter().filter(|change| change.old.is_none() || change.new.is_none());
    let whole: BTreeSet<String> = whole.map(|change| change.item.clone()).collect();
    changes.retain(|change| !owners(&change.item).any(|owner| whole.contains(owner)));
    changes
}

/// Returns the paths of the modules and types that an item belongs to.
pub(super) fn owners(item: &str) -> impl DoubleEndedIterator<Item = &str> {
    item.match_indices([':', '.', ' ']).filter_map(|(end, _)| item.get(..end))
}

fn public<'f>(files: impl Iterator<Item = &'f &'f File>) -> Items {
    let of_file = |file: &&&File| {
        let mut items = Items::new();
        // Generated files are valid Rust; anything else has no items.
        if let Ok(parsed) = syn::parse_file(&file.contents) {
            parsed.items.into_iter().for_each(|item| add(&mut items, &module(&file.path), item));
        }
        items
    };
    in_parallel(&files.collect::<Vec<_>>(), of_file).into_iter().flatten().collect()
}

/// The type aliases of a client: target paths by the alias's path, and target names by the alias's name. An alias and its target are
/// interchangeable.
struct Aliases<'i>(BTreeMap<&'i str, String>, BTreeMap<&'i str, &'i str>);

impl<'i> Aliases<'i> {
    fn of(items: &'i Items) -> Self {
        let (mut paths, mut names) = (BTreeMap::new(), BTreeMap::new());
        for (item, signature) in items.iter().filter(|(_, signature)| signature.is_alias) {
            let (module, name) = item.rsplit_once("::").unwrap_or_default();
            let module =
                if signature.text.contains("::") { item.split("::").next().unwrap_or_default() } else { module };
            let target = format!("{module}::{}", signature.text);
            if items.contains_key(&target) {
                paths.insert(item.as_str(), target);
                names.insert(name, signature.text.as_str());
            }
        }
        Self(paths, names)
    }

    /// Returns the path of an item in the target of an alias.
    fn target(&self, item: &str) -> Option<String> {
        let mut owners = owners(item).chain([item]);
        owners.find_map(|owner| Some(format!("{}{}", self.0.get(owner)?, item.strip_prefix(owner)?)))
    }

    /// Returns a signature with aliases replaced by their types.
    fn replaced(&self, text: &str) -> String {
        let is_letter = |c: char| c.is_alphanumeric() || c == '_';
        let words = text.split_inclusive(|c| !is_letter(c)).flat_map(|part| {
            let (word, rest) = part.split_at(part.trim_end_matches(|c| !is_letter(c)).len());
            [self.1.get(word).copied().unwrap_or(word), rest]
        });
        words.collect()
    }
}

/// Returns the module that exports the items of a file: a folder's module exports the items of its files.
fn module(path: &str) -> String {
    let parts: Vec<&str> = path.trim_end_matches(".rs").split('/').collect();
    match parts.as_slice() {
        [api] | [api, "mod" | "client"] => (*api).to_owned(),
        [api, module, ..] => format!("{api}::{module}"),
        [] => String::new(),
    }
}

fn add(items: &mut Items, module: &str, item: Item) {
    let is_alias = matches!(item, Item::Type(_));
    let mut put = |name: String, text: String, breaks: bool| {
        items.insert(format!("{module}::{name}"), Signature { text, breaks, is_alias });
    };
    match item {
        Item::Struct(item) if is_public(&item.vis) => {
            let name = item.ident.to_string();
            put(name.clone(), format!("{}struct{}", properties(&item.attrs), text(&item.generics)), false);
            for field in item.fields.iter().filter(|field| is_public(&field.vis)) {
                put(format!("{name}.{}", text(&field.ident)), text(&field.ty), false);
            }
        }
        Item::Enum(item) if is_public(&item.vis) => {
            let name = item.ident.to_string();
            let properties = properties(&item.attrs);
            let breaks = !properties.contains("non_exhaustive");
            put(name.clone(), format!("{properties}enum{}", text(&item.generics)), false);
            for variant in &item.variants {
                let fields = if let Fields::Unit = variant.fields { String::new() } else { text(&variant.fields) };
                put(format!("{name}::{}", variant.ident), fields, breaks);
            }
        }
        Item::Type(item) if is_public(&item.vis) => put(item.ident.to_string(), text(&item.ty), false),
        Item::Const(item) if is_public(&item.vis) => put(item.ident.to_string(), text(&item.ty), false),
        Item::Fn(item) if is_public(&item.vis) => put(item.sig.ident.to_string(), text(&item.sig), false),
        Item::Impl(block) => {
            let owner = text(&block.self_ty).replace("<'_>", "");
            if let Some((implemented, _)) = &block.trait_ {
                put(format!("{owner}: {}", text(implemented)), String::new(), false);
            }
            for item in block.items {
                if let ImplItem::Fn(method) = item
                    && is_public(&method.vis)
                {
                    put(format!("{owner}::{}", method.sig.ident), text(&method.sig), false);
                }
            }
        }
        Item::Macro(item) => {
            let name = item.mac.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
            // The macros that only implement items that are declared in the same file.
            let codecs = ["client", "enum", "modules", "object", "responses", "union"];
            if !codecs.iter().any(|kind| name.ends_with(kind)) {
                for (entry, signature) in entries(item.mac.tokens) {
                    // `Shape::size(copy i64)` and `Shape::Circle(boxed Circle)`
                    match (name.as_str(), entry.strip_suffix(')').and_then(|entry| entry.split_once('('))) {
                        ("shared_fields", Some((method, ty))) => put(format!("{method}()"), ty.to_owned(), false),
                        ("from_payloads", Some((variant, ty))) => {
                            let (union, _) = variant.rsplit_once("::").unwrap_or_default();
                            put(format!("{union}: From<{}>", ty.trim_start_matches("boxed ")), String::new(), false);
                        }
                        _ => put(format!("{entry} ({name})"), signature, false),
                    }
                }
            }
        }
        _ => {}
    }
}

/// Returns the entries of a macro's input, each prefixed with its type's name, and the part after `=>`. Message texts are not part of a
/// signature, nor are the parts in braces of `List => Pets, Pet, Error { … }`.
fn entries(tokens: TokenStream) -> Vec<(String, String)> {
    let mut trees = tokens.into_iter();
    let subject = trees.next().map(|first| first.to_string()).unwrap_or_default();
    let rest: Vec<TokenTree> = trees.collect();
    if let [TokenTree::Punct(first), _, types @ ..] = rest.as_slice()
        && first.as_char() == '='
    {
        let is_brace =
            |tree: &TokenTree| matches!(tree, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
        let types = types.split(is_brace).next().unwrap_or_default();
        return vec![(subject, macros::line(types))];
    }
    let inner = match rest.as_slice() {
        [TokenTree::Group(group)] if group.delimiter() == Delimiter::Brace => group.stream().into_iter().collect(),
        _ => rest,
    };
    // Variants with shared fields are separate items.
    let is_list = |part: &[TokenTree]| matches!(part.first(), Some(TokenTree::Ident(first)) if first == "in");
    let parts = macros::entries(&inner).filter(|part| !is_list(part));
    let entry = |part: &[TokenTree]| {
        let text = macros::line(part);
        let (entry, signature) = text.split_once("=>").unwrap_or((&text, ""));
        let entry = [subject.as_str(), entry.trim()].join("::");
        let signature = if signature.contains('"') { "" } else { signature.trim() };
        (entry.trim_end_matches("::").to_owned(), signature.to_owned())
    };
    [(subject.clone(), String::new())].into_iter().chain(parts.map(entry)).collect()
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// Returns the attributes that callers depend on: derived traits and `non_exhaustive`.
fn properties(attributes: &[Attribute]) -> String {
    let relevant =
        attributes.iter().filter(|one| one.path().is_ident("derive") || one.path().is_ident("non_exhaustive"));
    relevant.map(|one| format!("{} ", text(&one.meta))).collect()
}

/// Returns tokens as text with the usual spaces.
fn text(tokens: &impl ToTokens) -> String {
    let tokens: Vec<TokenTree> = tokens.to_token_stream().into_iter().collect();
    macros::line(&tokens).replace(",)", ")")
}
