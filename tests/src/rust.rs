//! Generated files as Rust: rules that hold for each of them.
//!
//! In: generated files. Out: their faults, one line each. Invariant: the syntax tree is judged, never the text.

use std::collections::{BTreeMap, BTreeSet};

use clientwright::internal::write::File;
use proc_macro2::{TokenStream, TokenTree};
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};
use syn::visit::{self, Visit};

/// Returns the faults in the files of one API.
#[must_use]
pub fn faults(files: &[File]) -> Vec<String> {
    let mut faults = Vec::new();
    let mut paths = BTreeSet::new();
    for file in files {
        if !paths.insert(file.path.to_lowercase()) {
            faults.push(format!("{}: two files of that name", file.path));
        }
        match syn::parse_file(&file.contents) {
            Ok(tree) => {
                let mut judge = Judge { path: &file.path, scopes: BTreeMap::new(), faults: &mut faults };
                judge.file(&tree);
            }
            Err(error) => faults.push(format!("{}: {error}", file.path)),
        }
    }
    faults.extend(modules(files));
    faults
}

/// Checks that every file is a module of another one, or a part that a module includes. Every module must have a file:
/// `name.rs` or, for a folder, `name/mod.rs`.
fn modules(files: &[File]) -> Vec<String> {
    let there: BTreeSet<String> = files.iter().map(|file| file.path.clone()).collect();
    let mut wanted = BTreeSet::new();
    for file in files {
        let Some((parent, name)) = file.path.rsplit_once('/') else { continue };
        if !name.starts_with("mod.") {
            continue;
        }
        let Ok(tree) = syn::parse_file(&file.contents) else { continue };
        for item in &tree.items {
            let declared = match item {
                syn::Item::Mod(module) => vec![module.ident.clone()],
                syn::Item::Macro(item) => declared_modules(&item.mac),
                _ => Vec::new(),
            };
            for name in declared {
                let as_folder = format!("{parent}/{name}/mod.rs");
                wanted.insert(if there.contains(&as_folder) { as_folder } else { format!("{parent}/{name}.rs") });
            }
            if let syn::Item::Macro(included) = item
                && included.mac.path.is_ident("include")
                && let Ok(part) = included.mac.parse_body::<syn::LitStr>()
            {
                wanted.insert(format!("{parent}/{}", part.value()));
            }
        }
    }
    let is_root = |path: &&String| path.split('/').count() == 2 && path.ends_with("/mod.rs");
    let missing = wanted.difference(&there).map(|path| format!("{path}: a module without a file"));
    let extra =
        there.difference(&wanted).filter(|path| !is_root(path)).map(|path| format!("{path}: no module includes it"));
    missing.chain(extra).collect()
}

/// Returns the modules that `client_modules!` or `modules!` declares; empty for another macro. Each is the first word of
/// its entry.
fn declared_modules(call: &syn::Macro) -> Vec<syn::Ident> {
    let name = call.path.segments.last().map(|name| name.ident.to_string()).unwrap_or_default();
    let mut tokens = call.tokens.clone();
    match name.as_str() {
        "client_modules" => {}
        "modules" => match tokens.into_iter().last() {
            Some(TokenTree::Group(entries)) => tokens = entries.stream(),
            _ => return Vec::new(),
        },
        _ => return Vec::new(),
    }
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let entries = tokens.split(|token| matches!(token, TokenTree::Punct(comma) if comma.as_char() == ','));
    let modules = entries.filter_map(|entry| match entry.first() {
        Some(TokenTree::Ident(module)) => Some(module.clone()),
        _ => None,
    });
    modules.collect()
}

/// Returns `true` if rustc's `non_camel_case_types` accepts the name: no small letter at the start, and an underscore only
/// between characters without case.
fn is_camel_case(name: &str) -> bool {
    let name = name.trim_matches('_');
    let letters: Vec<char> = name.chars().collect();
    let cased = |letter: char| letter.is_ascii_alphabetic();
    !name.starts_with(|first: char| first.is_ascii_lowercase())
        && !name.contains("__")
        && letters.windows(2).all(|pair| !matches!(pair, [one, '_'] | ['_', one] if cased(*one)))
}

/// Returns `true` if rustc's `non_snake_case` accepts the name.
fn is_snake_case(name: &str) -> bool {
    let name = name.trim_start_matches("r#").trim_matches('_');
    !name.contains("__") && !name.chars().any(|letter| letter.is_ascii_uppercase())
}

/// Walks one file.
struct Judge<'a> {
    path: &'a str,
    /// The names in each scope: `types`, `values`, `fields of X`.
    scopes: BTreeMap<String, BTreeSet<String>>,
    faults: &'a mut Vec<String>,
}

impl Judge<'_> {
    fn file(&mut self, tree: &syn::File) {
        self.docs("the file", &tree.attrs);
        self.visit_file(tree);
    }

    fn fault(&mut self, what: &str) {
        self.faults.push(format!("{}: {what}", self.path));
    }

    fn takes(&mut self, scope: &str, name: &syn::Ident) {
        let name = name.to_string();
        // Modules and functions are imported, too.
        let is_type = scope == "types" && name.trim_matches('_').starts_with(|first: char| first.is_ascii_uppercase());
        if is_type || scope.starts_with("variants ") {
            if !is_camel_case(&name) {
                self.fault(&format!("{scope}: `{name}` is not in upper camel case"));
            }
        } else if scope != "values" && !is_snake_case(&name) {
            self.fault(&format!("{scope}: `{name}` is not in snake case"));
        }
        if !self.scopes.entry(scope.to_owned()).or_default().insert(name.clone()) {
            self.fault(&format!("{scope}: two named `{name}`"));
        }
    }

    /// Checks that a doc comment contains nothing that rustdoc would compile.
    fn docs(&mut self, what: &str, attributes: &[syn::Attribute]) {
        let text = doc_text(attributes);
        for event in Parser::new_ext(&text, Options::all()) {
            let Event::Start(Tag::CodeBlock(kind)) = event else { continue };
            let is_harmless = match &kind {
                CodeBlockKind::Indented => false,
                CodeBlockKind::Fenced(info) => matches!(&**info, "ignore" | "text" | "json" | "yaml"),
            };
            if !is_harmless {
                self.fault(&format!("{what}: a code block that rustdoc would compile: {kind:?}"));
            }
        }
    }

    fn use_tree(&mut self, tree: &syn::UseTree) {
        match tree {
            syn::UseTree::Name(name) => self.takes("types", &name.ident),
            syn::UseTree::Rename(rename) => self.takes("types", &rename.rename),
            syn::UseTree::Path(path) => self.use_tree(&path.tree),
            syn::UseTree::Group(group) => group.items.iter().for_each(|tree| self.use_tree(tree)),
            // An index of very many types exports its files with globs.
            syn::UseTree::Glob(_) if self.path.contains("/types/mod.") => {}
            syn::UseTree::Glob(_) => self.fault("a glob import"),
        }
    }

    fn self_type(item: &syn::ItemImpl) -> String {
        match &*item.self_ty {
            syn::Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default(),
            _ => String::new(),
        }
    }
}

impl<'ast> Visit<'ast> for Judge<'_> {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        let attributes: &[syn::Attribute] = match item {
            syn::Item::Struct(item) => {
                self.takes("types", &item.ident);
                let scope = format!("fields of {}", item.ident);
                item.fields.iter().filter_map(|field| field.ident.as_ref()).for_each(|name| self.takes(&scope, name));
                &item.attrs
            }
            syn::Item::Enum(item) => {
                self.takes("types", &item.ident);
                let scope = format!("variants of {}", item.ident);
                item.variants.iter().for_each(|variant| self.takes(&scope, &variant.ident));
                &item.attrs
            }
            syn::Item::Type(item) => {
                self.takes("types", &item.ident);
                &item.attrs
            }
            syn::Item::Mod(item) => {
                self.takes("types", &item.ident);
                &item.attrs
            }
            syn::Item::Use(item) => {
                self.use_tree(&item.tree);
                &item.attrs
            }
            syn::Item::Fn(item) => {
                self.takes("values", &item.sig.ident);
                &item.attrs
            }
            syn::Item::Const(item) => {
                self.takes("values", &item.ident);
                &item.attrs
            }
            syn::Item::Static(item) => {
                self.takes("values", &item.ident);
                &item.attrs
            }
            syn::Item::Impl(item) => {
                let scope = format!("methods of {}", Self::self_type(item));
                for inner in &item.items {
                    if let syn::ImplItem::Fn(method) = inner {
                        self.takes(&scope, &method.sig.ident);
                    }
                }
                &item.attrs
            }
            syn::Item::Macro(item) => {
                declared_modules(&item.mac).iter().for_each(|module| self.takes("types", module));
                self.path_of_macro(&item.mac.path);
                &item.attrs
            }
            _ => {
                self.fault("an item of an unexpected kind");
                &[]
            }
        };
        self.docs("an item", attributes);
        visit::visit_item(self, item);
    }

    fn visit_signature(&mut self, signature: &'ast syn::Signature) {
        let mut names = BTreeSet::new();
        for argument in &signature.inputs {
            if let syn::FnArg::Typed(typed) = argument
                && let syn::Pat::Ident(pattern) = &*typed.pat
            {
                if !names.insert(pattern.ident.to_string()) {
                    self.fault(&format!("{}: two arguments named `{}`", signature.ident, pattern.ident));
                }
                if !is_snake_case(&pattern.ident.to_string()) {
                    self.fault(&format!("{}: the argument `{}`", signature.ident, pattern.ident));
                }
            }
        }
        visit::visit_signature(self, signature);
    }

    /// The contents of a body do not matter outside.
    fn visit_block(&mut self, _: &'ast syn::Block) {}

    fn visit_field(&mut self, field: &'ast syn::Field) {
        self.docs("a field", &field.attrs);
        visit::visit_field(self, field);
    }

    fn visit_variant(&mut self, variant: &'ast syn::Variant) {
        self.docs("a variant", &variant.attrs);
        visit::visit_variant(self, variant);
    }

    fn visit_impl_item_fn(&mut self, method: &'ast syn::ImplItemFn) {
        self.docs(&format!("{}()", method.sig.ident), &method.attrs);
        visit::visit_impl_item_fn(self, method);
    }
}

impl Judge<'_> {
    /// Checks that only the runtime's macros are called, and that only parts of a large index are included ([`modules`]
    /// checks these).
    fn path_of_macro(&mut self, path: &syn::Path) {
        if path.is_ident("include") && self.path.ends_with("/types/mod.rs") {
            return;
        }
        let first = path.segments.first().map(|first| first.ident.to_string()).unwrap_or_default();
        if first != "codegen" && first != "clientwright_runtime" {
            self.fault(&format!("a macro of somebody else: {first}"));
        }
    }
}

/// Returns the text of a doc comment like rustdoc: without the space at the start of each line.
#[must_use]
pub fn doc_text(attributes: &[syn::Attribute]) -> String {
    let line = |attribute: &syn::Attribute| {
        let syn::Meta::NameValue(pair) = &attribute.meta else { return None };
        let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) = &pair.value else { return None };
        attribute.path().is_ident("doc").then(|| text.value())
    };
    let lines: Vec<String> = attributes.iter().filter_map(line).collect();
    let lines: Vec<&str> = lines.iter().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();
    lines.join("\n")
}

/// Returns every identifier in a file, wherever it occurs, except in strings and doc comments.
///
/// # Panics
/// Panics if the file is not Rust.
#[must_use]
pub fn identifiers(file: &File) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let tokens: TokenStream = file.contents.parse().expect("the file is Rust");
    collect(tokens, &mut found);
    found
}

fn collect(tokens: TokenStream, found: &mut BTreeSet<String>) {
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => {
                found.insert(ident.to_string());
            }
            TokenTree::Group(group) => collect(group.stream(), found),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

/// Returns the lines of all doc comments of a file, without the space at the start of each.
///
/// # Panics
/// Panics if the file is not Rust.
#[must_use]
pub fn doc_lines(file: &File) -> Vec<String> {
    struct Docs(Vec<String>);
    impl<'ast> Visit<'ast> for Docs {
        fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
            self.0.extend(doc_text(std::slice::from_ref(attribute)).lines().map(str::to_owned));
        }
    }
    let mut docs = Docs(Vec::new());
    docs.visit_file(&syn::parse_file(&file.contents).expect("the file is Rust"));
    docs.0
}
