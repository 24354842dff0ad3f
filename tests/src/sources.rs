//! The project's own sources, for the tests of ARCHITECTURE.md and the pages for contributors.
//!
//! In: a folder of a crate. Out: its files as text and as syntax, without tests. Invariant: covers exactly the files that `git`
//! tracks in that folder; nothing is compiled.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::visit::{self, Visit};

use crate::root;

/// A source file that is not a test.
pub struct SourceFile {
    /// The path below the root of the repository.
    pub path: String,
    /// The text.
    pub text: String,
    /// The items, except those under `#[cfg(test)]`.
    pub items: Vec<syn::Item>,
}

/// Returns the source files below a folder of the repository, sorted by path.
///
/// # Panics
/// Panics if a file cannot be read or is not Rust.
#[must_use]
pub fn sources(folder: &str) -> Vec<SourceFile> {
    let mut paths = Vec::new();
    collect(&root().join(folder), &mut paths);
    paths.sort();
    assert!(!paths.is_empty(), "{folder} holds no source");
    paths.iter().map(|path| source(path)).collect()
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.expect("an entry of a folder").path();
        let stem = path.file_stem().unwrap_or_default().to_os_string();
        if stem == "tests" {
            continue;
        }
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            paths.push(path);
        }
    }
}

fn source(path: &Path) -> SourceFile {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let below = path.strip_prefix(root()).unwrap_or(path);
    SourceFile::new(&below.display().to_string().replace('\\', "/"), text)
}

impl SourceFile {
    /// Creates a file with that path below the root.
    ///
    /// # Panics
    /// Panics if the text is not Rust.
    #[must_use]
    pub fn new(path: &str, text: String) -> Self {
        let file = syn::parse_file(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
        let items = file.items.into_iter().filter(|item| !is_test(item)).collect();
        Self { path: path.to_owned(), text, items }
    }

    /// Returns the path of the file's module: `crate::emit::docs` for `generator/src/emit/docs.rs`.
    #[must_use]
    pub fn module(&self) -> Vec<String> {
        let below = self.path.split_once("/src/").map_or(self.path.as_str(), |(_, below)| below);
        let module = below.trim_end_matches(".rs").split('/').filter(|part| !["lib", "main", "mod"].contains(part));
        std::iter::once("crate").chain(module).map(str::to_owned).collect()
    }
}

fn is_test(item: &syn::Item) -> bool {
    let syn::Item::Mod(module) = item else { return false };
    module.attrs.iter().any(|attribute| {
        attribute.path().is_ident("cfg") && attribute.parse_args::<syn::Ident>().is_ok_and(|name| name == "test")
    })
}

/// Returns the paths in a file: `serde_json::Value`, and `crate::ir::Api` for `use crate::ir::Api` and for `super::Api` in the
/// module `ir`.
#[must_use]
pub fn paths(file: &SourceFile) -> BTreeSet<Vec<String>> {
    let mut found = Paths { module: file.module(), is_exported: false, found: BTreeSet::new() };
    for item in &file.items {
        found.visit_item(item);
    }
    found.found
}

struct Paths {
    /// The path of the module that is visited.
    module: Vec<String>,
    /// Whether an exported macro is visited, whose `$crate` refers to the crate that uses the macro.
    is_exported: bool,
    found: BTreeSet<Vec<String>>,
}

impl Paths {
    /// Adds a path, with `self` and `super` resolved.
    fn add(&mut self, path: &[String]) {
        let is_relative = |part: &&String| ["self", "super"].contains(&part.as_str());
        let relative = path.iter().take_while(is_relative).count();
        if relative == 0 {
            self.found.insert(path.to_vec());
            return;
        }
        let up = path.iter().take(relative).filter(|part| *part == "super").count();
        let kept = self.module.len().saturating_sub(up).max(1);
        self.found.insert(self.module[..kept].iter().chain(&path[relative..]).cloned().collect());
    }

    fn tree(&mut self, tree: &syn::UseTree, before: &[String]) {
        let with = |ident: &syn::Ident| before.iter().cloned().chain([ident.to_string()]).collect::<Vec<_>>();
        match tree {
            syn::UseTree::Path(path) => self.tree(&path.tree, &with(&path.ident)),
            syn::UseTree::Name(name) => self.add(&with(&name.ident)),
            syn::UseTree::Rename(name) => self.add(&with(&name.ident)),
            syn::UseTree::Glob(_) => self.add(before),
            syn::UseTree::Group(group) => group.items.iter().for_each(|tree| self.tree(tree, before)),
        }
    }

    /// Adds the paths in the arguments of a macro, which are not parsed yet.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let (mut colons, mut is_variable) = (0, false);
        for token in tokens {
            if let TokenTree::Punct(punct) = &token
                && punct.as_char() == ':'
            {
                colons += 1;
                continue;
            }
            if !matches!(token, TokenTree::Ident(_)) || colons != 2 {
                self.end(&mut path);
            }
            colons = 0;
            let after_dollar = std::mem::take(&mut is_variable);
            match token {
                TokenTree::Ident(ident) if after_dollar && (ident != "crate" || self.is_exported) => {
                    path.push(format!("${ident}"));
                }
                TokenTree::Ident(ident) => path.push(ident.to_string()),
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Punct(punct) => is_variable = punct.as_char() == '$',
                TokenTree::Literal(_) => {}
            }
        }
        self.end(&mut path);
    }

    /// Adds a completed path, if it is one.
    fn end(&mut self, path: &mut Vec<String>) {
        if path.len() > 1 {
            self.add(path);
        }
        path.clear();
    }
}

impl<'ast> Visit<'ast> for Paths {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.tree(&item.tree, &[]);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.add(&path.segments.iter().map(|segment| segment.ident.to_string()).collect::<Vec<_>>());
        visit::visit_path(self, path);
    }

    /// `pub(crate)` names no item.
    fn visit_vis_restricted(&mut self, _: &'ast syn::VisRestricted) {}

    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        self.module.push(module.ident.to_string());
        visit::visit_item_mod(self, module);
        self.module.pop();
    }

    fn visit_item_macro(&mut self, item: &'ast syn::ItemMacro) {
        self.is_exported = is_exported(item);
        visit::visit_item_macro(self, item);
        self.is_exported = false;
    }

    fn visit_macro(&mut self, invocation: &'ast syn::Macro) {
        // Paths in `quote!` are paths of the generated code.
        if !invocation.path.is_ident("quote") {
            self.tokens(invocation.tokens.clone());
        }
    }
}

fn is_exported(item: &syn::ItemMacro) -> bool {
    item.attrs.iter().any(|attribute| attribute.path().is_ident("macro_export"))
}

/// Returns the files of a crate that each of its files names: by `use`, or by a path in its code. Paths in an exported macro count
/// for the crate that uses the macro.
#[must_use]
pub fn imports(files: &[SourceFile]) -> BTreeMap<String, BTreeSet<String>> {
    let modules: BTreeMap<Vec<String>, &str> = files.iter().map(|file| (file.module(), file.path.as_str())).collect();
    let of_file = |file: &SourceFile| {
        let paths = paths(file).into_iter().filter_map(|path| absolute(path, &file.module(), &modules));
        let named = paths.filter_map(|path| (1..=path.len()).rev().find_map(|length| modules.get(&path[..length])));
        named.filter(|named| **named != file.path).map(|named| (*named).to_owned()).collect()
    };
    files.iter().map(|file| (file.path.clone(), of_file(file))).collect()
}

/// Returns the path from the root of the crate, if it is in the crate: `crate::auth::digest` for `digest` in `auth`. Macros are
/// exported at the root, wherever they are defined.
fn absolute(path: Vec<String>, module: &[String], modules: &BTreeMap<Vec<String>, &str>) -> Option<Vec<String>> {
    let first = path.first()?;
    let is_macro = path.len() == 2 && path[1].starts_with("__");
    if first == "crate" {
        return (!is_macro).then_some(path);
    }
    let child: Vec<String> = module.iter().chain([first]).cloned().collect();
    modules.contains_key(&child).then(|| module.iter().cloned().chain(path).collect())
}

/// Returns the groups of several files in which each file names all others, directly or indirectly.
#[must_use]
pub fn cycles(imports: &BTreeMap<String, BTreeSet<String>>) -> BTreeSet<Vec<String>> {
    let reached: BTreeMap<&String, BTreeSet<&String>> =
        imports.keys().map(|file| (file, reached(file, imports))).collect();
    let of_file = |file: &&String| -> Vec<String> {
        reached[file].iter().filter(|other| reached[**other].contains(file)).map(|other| (*other).clone()).collect()
    };
    reached.keys().map(of_file).filter(|cycle| cycle.len() > 1).collect()
}

/// Returns the files that a file names, directly or indirectly.
fn reached<'i>(start: &'i String, imports: &'i BTreeMap<String, BTreeSet<String>>) -> BTreeSet<&'i String> {
    let (mut reached, mut next) = (BTreeSet::new(), vec![start]);
    while let Some(file) = next.pop() {
        next.extend(imports[file].iter().filter(|named| reached.insert(*named)));
    }
    reached
}

/// Returns the functions of a file that have more than `limit` lines, with their lengths. The file is formatted by rustfmt, so that
/// a function ends with a brace at the indentation of its start.
#[must_use]
pub fn long_functions(text: &str, limit: usize) -> Vec<(String, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        // A trait may declare functions without a body.
        let Some(name) = function_name(line).filter(|_| !line.ends_with(';')) else { continue };
        let indent = &line[..line.len() - line.trim_start().len()];
        let end = format!("{indent}}}");
        let length = lines[index..].iter().position(|line| **line == end).map_or(1, |offset| offset + 1);
        if length > limit {
            found.push((name, length));
        }
    }
    found
}

/// Returns the name of the function that a line starts to define.
#[must_use]
pub fn function_name(line: &str) -> Option<String> {
    let mut words = line.trim_start().split(' ').peekable();
    while words.next_if(|word| matches!(*word, "const" | "async" | "unsafe") || word.starts_with("pub")).is_some() {}
    (words.next() == Some("fn")).then(|| words.next().unwrap_or_default())?.split(['(', '<']).next().map(str::to_owned)
}

/// Returns the functions in the arms of an exported `macro_rules!` that are not marked `#[inline]`. Each crate that uses such a
/// macro compiles its functions again; a macro without export is compiled once, in its crate.
#[must_use]
pub fn macro_functions_without_inline(file: &SourceFile) -> Vec<String> {
    let mut found = Vec::new();
    for item in &file.items {
        if let syn::Item::Macro(item) = item
            && item.mac.path.is_ident("macro_rules")
            && is_exported(item)
        {
            let name = item.ident.as_ref().map(ToString::to_string).unwrap_or_default();
            without_inline(item.mac.tokens.clone(), &name, &mut found);
        }
    }
    found
}

fn without_inline(tokens: TokenStream, of: &str, found: &mut Vec<String>) {
    let mut is_inline = false;
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket => {
                is_inline |= group.stream().to_string().starts_with("inline");
            }
            TokenTree::Group(group) => {
                without_inline(group.stream(), of, found);
                is_inline &= group.delimiter() == Delimiter::Parenthesis;
            }
            TokenTree::Punct(punct) if punct.as_char() == ';' => is_inline = false,
            TokenTree::Ident(word) if word == "fn" => {
                if let Some(TokenTree::Ident(name)) = tokens.peek()
                    && !is_inline
                {
                    found.push(format!("{of}!: {name}"));
                }
            }
            _ => {}
        }
    }
}

/// Returns the words of a string constant in a file.
#[must_use]
pub fn words_of(file: &SourceFile, name: &str) -> BTreeSet<String> {
    let constant = file.items.iter().find_map(|item| match item {
        syn::Item::Const(item) if item.ident == name => Some(&*item.expr),
        _ => None,
    });
    match constant.unwrap_or_else(|| panic!("{} has no constant {name}", file.path)) {
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => {
            text.value().split_whitespace().map(str::to_owned).collect()
        }
        _ => panic!("{name} is not a string"),
    }
}
